"""Whether the shipped tagger knows a person's role: a small head on its frozen layers, held against hands it did not learn from.

    python training/roles.py                                             hands held back, one after the other
    python training/roles.py --gold FOLDER ... --judged FILE             and names of gold; FILE: benchmarks.roles --json

Nothing in the product uses it; README.md ("Roles") has the figures and why. It reads layers 2, 4 and 6 of tagger.onnx as it is
shipped, eight bits and all, at each name, and learns from the filled passages alone which letter of TEXT.md the person has, X for
towns and bodies. The encoder itself learnt its work from these passages, but from no role. Gold is scored, never learnt from.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import numpy as np  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402
import torch  # noqa: E402
from fill import Filled, Filler, bank, pieces  # noqa: E402
from noise import noisy  # noqa: E402
from passages import ROLES, Part, Slot, read  # noqa: E402
from torch import Tensor, nn  # noqa: E402

from redactor import gold as golds  # noqa: E402
from redactor.recognizers.pieces import Cutter  # noqa: E402

AUTHORS = "birch cedar d rowan sorrel willow".split()  # every other hand is a voice of one author
SHIPPED = HERE.parent / "redactor/recognizers"
LAYERS = (1, 3, 5)
LONGEST = 158
LETTERS = ROLES + "X"
GROUPS = {"protected": "SCFW", "accused": "UV", "staff": "OR", "public figure": "G", "none": "X"}
GROUP_OF = [next(n for n, letters in enumerate(GROUPS.values()) if letter in letters) for letter in LETTERS]
SURE = (0.5, 0.7, 0.8, 0.9, 0.95)
SEEDS, FILLINGS, ROUNDS = (7, 11, 13), 8, 12


class Name(NamedTuple):
    """A name and what the layers make of it; `whose` is its passage or bundle and its person, `at` where it stands."""

    hand: str
    whose: tuple[object, ...]
    letter: str
    states: np.ndarray
    at: tuple[str, int] = ("", 0)
    clean: bool = True


class Told(Filler):
    """Tags every name with its person beside its kind."""

    def _write(self, parts: Sequence[Part], fact: str | None, out: Filled) -> None:
        for part in parts:
            if isinstance(part, Slot) and part.person:
                out.add(self._person(part.person).written(part.name, self._rng), fact, f"name:{part.person}")
            else:
                super()._write([part], fact, out)


class Layers:
    """The shipped model with its layers as outputs."""

    def __init__(self) -> None:
        model = onnx.load(str(SHIPPED / "tagger.onnx"))
        self._names = [f"/model/layers.{n}/after/LayerNormalization_output_0" for n in LAYERS]
        model.graph.output.extend(onnx.helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, None) for n in self._names)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(model.SerializeToString(), options)
        self._cutter = Cutter(SHIPPED / "tagger_words.txt")

    def read(self, text: str) -> Iterator[tuple[int, int, np.ndarray]]:
        """Start and end of each piece of a paragraph and its states; what is longer than a pass is read in several."""
        cut = self._cutter.cut(text)
        for at in range(0, len(cut.ids), LONGEST):
            part = slice(at, at + LONGEST)
            feed = {
                "ids": np.array([[self._cutter.first, *cut.ids[part], self._cutter.last]]),
                "shapes": np.array([[0, *cut.shapes[part], 0]]),
            }
            states = np.concatenate([rows[0][1:-1] for rows in self._session.run(self._names, feed)], -1)
            yield from ((a, b, row) for (a, b), row in zip(cut.spans[part], states.astype(np.float16), strict=True))


def learnt(layers: Layers, fillings: int) -> list[Name]:
    """Every name of every filling of text/; the first is without noise and without facts of other passages."""
    every = read(HERE / "text")
    stock, found = bank(every), []
    for filling in range(fillings):
        for passage in every:
            rng = random.Random(f"{filling}:{passage.file}:{passage.number}")
            filled = Told(rng, stock=stock if filling else None).fill(passage)
            for piece in [noisy(p, rng) for p in pieces(filled, rng)] if filling else [filled]:
                rows = [(piece.entities[a], row) for a, _, row in layers.read(piece.text)]
                for tag, run in groupby(rows, key=lambda r: r[0]):
                    if tag == "stays" or (tag or "").startswith("name:"):
                        person = "X" if tag == "stays" else str(tag)[5:]
                        states = np.mean([row for _, row in run], 0)
                        author = passage.file.split("-")[0]
                        hand, whose = author if author in AUTHORS else "voices", (passage.file, passage.number, person)
                        found.append(Name(hand, whose, person[0], states, clean=not filling))
    return found


def written(layers: Layers, folder: Path) -> Iterator[Name]:
    """Every name of a gold, read by paragraphs."""
    for row in golds.load(folder):
        told: list[tuple[int, int, np.ndarray]] = []
        for part in re.finditer(r"(?s)\S.*?(?=\n\s*\n|\Z)", row["text"]):
            told += [(a + part.start(), b + part.start(), states) for a, b, states in layers.read(part[0])]
        for m in row["mentions"]:
            own = [states for a, b, states in told if a < m["end"] and m["start"] < b]
            if own and m["k"] in ("name", "initials", "alias")[: 1 if m["p"][0] == "X" else 3]:
                yield Name(folder.stem, (row["bundle"], m["p"]), m["p"][0], np.mean(own, 0), (row["doc"], m["start"]))


def head(names: Sequence[Name], seeds: Sequence[int]) -> Callable[[Tensor], Tensor]:
    """Log-probabilities of the letters from states: the mean of a net of one hidden layer for each seed."""
    given, wanted = matrix(names), letters(names)
    middle, spread = given.mean(0), given.std(0) + 1e-3
    nets = [_net((given - middle) / spread, wanted, seed) for seed in seeds]
    return lambda states: torch.stack([net((states - middle) / spread).log_softmax(-1) for net in nets]).mean(0).log_softmax(-1)


def _net(given: Tensor, wanted: Tensor, seed: int) -> nn.Module:
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Dropout(0.2), nn.Linear(given.shape[1], 128), nn.GELU(), nn.Dropout(0.3), nn.Linear(128, len(LETTERS)))
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.02)
    steps = ROUNDS * (len(given) // 128 + 1)
    falls = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: max(0.0, 1 - step / steps))
    for _ in range(ROUNDS):
        for batch in torch.randperm(len(given)).split(128):
            loss = nn.functional.cross_entropy(net(given[batch]), wanted[batch], label_smoothing=0.02)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            falls.step()
    return net.eval().requires_grad_(False)


def matrix(names: Sequence[Name]) -> Tensor:
    """Their states."""
    return torch.tensor(np.stack([n.states for n in names])).float()


def letters(names: Sequence[Name]) -> Tensor:
    """Their letters as numbers."""
    return torch.tensor([LETTERS.index(n.letter) for n in names])


def grouped(odds: Tensor) -> Tensor:
    """Probabilities of `GROUPS` from log-probabilities of letters."""
    return torch.zeros(len(odds), len(GROUPS)).index_add_(1, torch.tensor(GROUP_OF), odds.exp())


def by_person(names: Sequence[Name], odds: Tensor) -> tuple[list[list[int]], Tensor, Tensor]:
    """The names of each person, the mean of what is said of them, and the person's letter."""
    own: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for at, name in enumerate(names):
        if name.letter != "X":
            own[name.whose].append(at)
    rows = list(own.values())
    said = torch.stack([odds[row].mean(0) for row in rows]).log_softmax(-1)
    return rows, said, torch.tensor([LETTERS.index(names[row[0]].letter) for row in rows])


def table(title: str, odds: Tensor, wanted: Tensor) -> None:
    """By letter and by group: how many are found, and how often one is right where given, at all and from a probability on."""
    right = torch.tensor(GROUP_OF)[wanted]
    best, sure = odds.argmax(-1), grouped(odds).argmax(-1)
    print(f"\n{title}: {len(wanted)}, letter right {_share(best == wanted)}, group right {_share(sure == right)}\n")
    print(f"| | of | found | right | {' | '.join(f'right from {t}' for t in SURE)} |{chr(10)}{'|---' * (4 + len(SURE))}|")
    for names, said, given, truth in ((LETTERS, odds.exp(), best, wanted), (GROUPS, grouped(odds), sure, right)):
        for number, name in enumerate(names):
            is_it, is_said = truth == number, given == number
            from_ = [is_it[said[:, number] >= t] for t in SURE]
            told = (f"{_share(rows)} of {len(rows)}" for rows in from_)
            print(f"| {name} | {int(is_it.sum())} | {_share(is_said[is_it])} | {_share(is_it[is_said])} | {' | '.join(told)} |")


def _share(rows: Tensor) -> str:
    return f"{float(rows.float().mean()):.3f}" if len(rows) else "-"


def beside_rules(names: Sequence[Name], odds: Tensor, file: Path) -> None:
    """What the head says of persons whom the rules of people/ know nothing of, and of those whom they let be named."""
    judged = {
        (t["bundle"], t["letter"], *map(tuple, t["places"][:1])): t
        for told in json.loads(file.read_text()).values()
        for t in told
    }
    rows, said, wanted = by_person(names, odds)
    first = {row[0]: n for n, row in enumerate(rows)}
    of = {n: judged.get((str(names[at].whose[0]), names[at].letter, names[at].at)) for at, n in first.items()}
    unknown = [n for n, told in of.items() if told and told["role"] == "unknown"]
    table("Persons unknown to the rules", said[unknown], wanted[unknown])
    protected = grouped(odds)[:, 0]
    print("\n| one name at least reads as protected from | to be masked somewhere | named by office throughout |\n|---|---|---|")
    for sure in SURE:
        counts = {True: [0, 0], False: [0, 0]}
        for n, told in of.items():
            if told and told["role"] == "public_figure":
                counts[told["office_only"]][0] += bool((protected[rows[n]] >= sure).any())
                counts[told["office_only"]][1] += 1
        print(f"| {sure} | {counts[False][0]} of {counts[False][1]} | {counts[True][0]} of {counts[True][1]} |")


def main() -> None:
    """The one command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--gold", type=Path, nargs="+", default=[], help="folders of gold, or .jsonl, to score on")
    options.add_argument("--judged", type=Path, help="what benchmarks.roles --json wrote of the same sets")
    chosen = options.parse_args()
    torch.set_num_threads(1)
    layers = Layers()
    names = learnt(layers, FILLINGS)
    held: list[tuple[Name, Tensor]] = []
    hands = sorted({n.hand for n in names})
    print("| hand held back | names | letter right | group right |\n|---|---|---|---|")
    for hand in hands:
        apart = [n for n in names if n.hand == hand and n.clean]
        odds = head([n for n in names if n.hand != hand], SEEDS[:1])(matrix(apart))
        wanted, group = letters(apart), torch.tensor(GROUP_OF)[letters(apart)]
        shares = (_share(odds.argmax(-1) == wanted), _share(grouped(odds).argmax(-1) == group))
        print(f"| {hand} | {len(apart)} | {' | '.join(shares)} |", flush=True)
        held += zip(apart, odds, strict=True)
    apart, odds = [n for n, _ in held], torch.stack([o for _, o in held])
    table("Names of hands held back", odds, letters(apart))
    figures = grouped(odds)[letters(apart) == LETTERS.index("G"), 0]
    private = ", ".join(f"{int((figures >= t).sum())} from {t}" for t in SURE)
    print(f"\nOf {len(figures)} names of public figures held back read as protected: {private}")
    if chosen.gold:
        found = [n for folder in chosen.gold for n in written(layers, folder)]
        odds = head(names, SEEDS)(matrix(found))
        table("Names of gold", odds, letters(found))
        table("Persons of gold", *by_person(found, odds)[1:])
        if chosen.judged:
            beside_rules(found, odds, chosen.judged)


if __name__ == "__main__":
    main()
