"""Filled passages as numbers: word pieces, shapes, and for each piece the label of each head. -100 is not learnt from."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from fill import OPEN, Bank, Filled, Filler, pieces
from model import ENTITIES, FACTS
from noise import noisy
from passages import Passage
from torch import Tensor

from redactor.recognizers.pieces import Cutter

LONGEST = 160  # pieces in one example, [CLS] and [SEP] included
IGNORED = -100
HIDDEN = 0.08
JOINED = 0.35


@dataclass(frozen=True)
class Example:
    """One row: numbers and labels, marks of beginning and end included."""

    ids: list[int]
    shapes: list[int]
    facts: list[int]
    entities: list[int]


def examples(
    passages: Sequence[Passage], cutter: Cutter, seed: int, noise: bool = True, stock: Bank | None = None
) -> Iterator[Example]:
    """One filling of every passage, in the order of the passages. The same seed gives the same examples.

    With noise one piece in twelve is hidden from the model: it must read what stands around.
    """
    for turn, passage in enumerate(passages):
        rng = random.Random(f"{seed}:{turn}:{passage.file}:{passage.number}")
        filled = Filler(rng, stock=stock).fill(passage)
        if not noise:
            yield from rows(filled, cutter)
            continue
        if rng.random() < JOINED:  # a sentence stands in other company each time
            other = Filler(rng, stock=stock).fill(rng.choice(passages))
            line = rng.choice(list(re.finditer(r"[^\n]+", other.text)))
            pair = [filled, other.part(*line.span())]
            rng.shuffle(pair)
            gap = Filled()
            gap.add(rng.choice((" ", " ", "\n")), None, None)
            filled = pair[0].joined(gap).joined(pair[1])
        for piece in pieces(filled, rng):
            for row in rows(noisy(piece, rng), cutter):
                hidden = [cutter.mask if 0 < n < len(row.ids) - 1 and rng.random() < HIDDEN else i for n, i in enumerate(row.ids)]
                yield replace(row, ids=hidden)


def rows(filled: Filled, cutter: Cutter) -> Iterator[Example]:
    """A text as examples of at most `LONGEST` pieces; what is longer is cut."""
    cut = cutter.cut(filled.text)
    facts = [_label(filled.facts[a:b], FACTS) for a, b in cut.spans]
    entities = [_label(filled.entities[a:b], ENTITIES) for a, b in cut.spans]
    for at in range(0, len(cut.ids), LONGEST - 2):
        part = slice(at, at + LONGEST - 2)
        yield Example(
            [cutter.first, *cut.ids[part], cutter.last],
            [0, *cut.shapes[part], 0],
            [IGNORED, *facts[part], IGNORED],
            [IGNORED, *entities[part], IGNORED],
        )


def _label(tags: Sequence[str | None], kinds: Sequence[str]) -> int:
    tag = tags[0] if tags else None
    return IGNORED if tag == OPEN else kinds.index(tag or "")


def batches(rows_: Sequence[Example], pieces_a_batch: int, rng: random.Random) -> list[list[Example]]:
    """Rows of like length together, at most so many pieces a batch with the padding counted, in a drawn order."""
    out: list[list[Example]] = []
    batch: list[Example] = []
    for row in sorted(rows_, key=lambda r: (len(r.ids), rng.random())):
        if batch and (len(batch) + 1) * len(row.ids) > pieces_a_batch:
            out.append(batch)
            batch = []
        batch.append(row)
    out.append(batch)
    rng.shuffle(out)
    return out


def tensors(batch: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Ids, shapes, mask, facts, entities, padded to the longest row."""
    longest = max(len(r.ids) for r in batch)

    def padded(rows_: list[list[int]], filler: int) -> Tensor:
        return torch.tensor([r + [filler] * (longest - len(r)) for r in rows_])

    mask = padded([[1] * len(r.ids) for r in batch], 0).bool()[:, None, None, :]
    return (
        padded([r.ids for r in batch], 0),
        padded([r.shapes for r in batch], 0),
        mask,
        padded([r.facts for r in batch], IGNORED),
        padded([r.entities for r in batch], IGNORED),
    )
