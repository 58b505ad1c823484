"""What a publication tells beside its words: the order of its labels, widths and pages, and what two keys have in common.

Nothing here decides: `benchmarks.intruder` counts, and says what is more than chance.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .hostile import texts
from .invented import Invented, Person

_HEX = re.compile(r"(?<![0-9a-fA-F])[0-9a-f]{12,}(?![0-9a-fA-F])")
_LABEL = re.compile(r"\[[^\[\]]*\]")


# What a publication shows


@dataclass(frozen=True)
class Shown:
    """A publication: the bundle it was made from, and every file in publishable/ by its path."""

    made: Invented
    files: Mapping[str, bytes]
    held: int = 0

    def copies(self) -> dict[str, bytes]:
        return {path: data for path, data in self.files.items() if path.startswith("documents/")}

    def entries(self) -> list[dict[str, Any]]:
        """What the manifest says of each copy."""
        found: list[dict[str, Any]] = json.loads(self.files["manifest.json"])["documents"]
        return found

    def records(self) -> Iterator[dict[str, Any]]:
        """The log, but for its last line, which signs it."""
        return map(json.loads, self.files["audit.jsonl"].splitlines()[:-1])

    def sources(self) -> dict[str, str]:
        """Path of a copy to the text of its source without anybody protected; documents are numbered by path."""
        return {e["path"]: "\n".join(self.made.papers[self.paper(e["id"])].rest) for e in self.entries() if "path" in e}

    def paper(self, doc: str) -> int:
        """Which paper of the bundle a document is: ids are in the order of the names of files, which may be somebody's."""
        paths = [paper.path for paper in self.made.papers]
        return paths.index(sorted(paths)[int(doc[1:]) - 1])

    def labels(self) -> dict[str, str]:
        """The label of each person, by the words beside which the register names them."""
        register = next((data.decode() for path, data in self.copies().items() if "register" in path), "")
        return {person.anchor: found[1] for person in self.made.people
                if (found := re.search(rf"The {person.anchor} file concerns (\[[^\]\n]*\])\.", register))}  # fmt: skip


def published(made: Invented, folder: Path) -> Shown:
    """Write a bundle into `folder` and publish it there, with a key of its own."""
    from redactor.actions import publish
    from redactor.keys import kept_in

    source = made.write(folder / "bundle")
    with kept_in(folder / "keys"):
        summary = publish([source], folder / "out", processes=1)[0]
    there = Path(summary.folder) / "publishable"
    files = {path.relative_to(there).as_posix(): path.read_bytes() for path in sorted(there.rglob("*")) if path.is_file()}
    return Shown(made, files, sum(document.state == "held" for document in summary.documents))


def telling(label: str) -> bool:
    """Whether a label has anything beside words and a number: a letter of its own may be an initial."""
    return bool(re.search(r"(?<![\w’'])[A-Za-z](?!\w)|[^\w\s’'\[\]-]", label))


# What order tells


@dataclass
class Ranks:
    """Kendall's S of groups of labels against some order, summed; by chance it is 0 with a known spread."""

    groups: int = 0
    score: int = 0
    spread: float = 0.0

    def add(self, numbers: Sequence[float], order: Sequence[Any]) -> None:
        """One group: its numbers, and what they may be in the order of (equal values are no order)."""
        n = len(numbers)
        if n < 3:
            return
        sign = [(order[i] > order[j]) - (order[i] < order[j]) for i in range(n) for j in range(i)]
        turn = [(numbers[i] > numbers[j]) - (numbers[i] < numbers[j]) for i in range(n) for j in range(i)]
        ties = [sum(other == value for other in order) for value in dict.fromkeys(order)]
        self.groups += 1
        self.score += sum(a * b for a, b in zip(sign, turn, strict=True))
        self.spread += (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18

    @property
    def p(self) -> float:
        """How likely a sum as far from 0 is by chance; 1 where there is none."""
        return math.erfc(abs(self.score) / math.sqrt(2 * self.spread)) if self.spread else 1.0

    def told(self) -> dict[str, float]:
        z = self.score / math.sqrt(self.spread) if self.spread else 0.0
        return {"groups": self.groups, "z": round(z, 2), "p": round(self.p, 4)}


ORDERS: dict[str, Callable[[Person, int, Sequence[str]], Any]] = {
    "appearance": lambda _, at, __: at,
    "alphabet of surnames": lambda person, _, __: person.surname.casefold(),
    "alphabet of given names": lambda person, _, __: person.given.casefold(),
    "case.yaml": lambda person, _, case: case.index(f"{person.given} {person.surname}"),
    "length of the name": lambda person, _, __: len(person.given) + len(person.surname),
}


def rank(shown: Shown, ranks: Mapping[str, Ranks]) -> None:
    """Hold the numbers of labels, and the order of the log's records of them, against every order of the people."""
    labels, case = shown.labels(), [entry["name"] for entry in yaml.safe_load(shown.made.case)["people"]]
    groups: dict[str, list[tuple[int, int, Person]]] = defaultdict(list)
    said = [json.loads(line) for line in shown.files["audit.jsonl"].splitlines()]
    logged = {record["label"]: at for at, record in enumerate(said) if record.get("event") == "label-assigned"}
    for at, person in enumerate(shown.made.people):
        found = re.fullmatch(r"\[(.*?) ?(\d+)\]", labels.get(person.anchor, ""))
        if found and person.listed:
            groups[found[1]].append((int(found[2]), at, person))
    everybody = [(logged[label], at, person) for at, person in enumerate(shown.made.people)
                 if person.listed and (label := labels.get(person.anchor, "")) in logged]  # fmt: skip
    for name, of in ORDERS.items():
        for group in groups.values():
            ranks[name].add([number for number, _, _ in group], [of(person, at, case) for _, at, person in group])
        ranks[f"log: {name}"].add([number for number, _, _ in everybody], [of(p, at, case) for _, at, p in everybody])


# What width tells, and what two keys have in common


def faceless(data: bytes, path: str) -> str:
    """What a reader sees of a copy, numbers of labels aside, and how wide these are; of a PDF its words and how many pages they
    fill. Where a paragraph of a PDF ends is read from how far the lines of its source run, and is left aside
    (docs/threat-model.md)."""
    from pdfminer.high_level import extract_pages, extract_text

    if data.startswith(b"%PDF"):
        unnumbered = re.sub(r"\n\d+\n+\f", "\n", extract_text(io.BytesIO(data)))
        pages = sum(1 for _ in extract_pages(io.BytesIO(data)))
        text = f"{pages} pages {' '.join(unnumbered.split())}"
    elif data.startswith(b"PK\x03\x04"):
        text = "\n".join(said for where, said in texts(path, data) if where.startswith("text of ") and "," not in where)
    else:
        text = re.sub(r"=\r?\n", "", data.decode()) if path.endswith(".eml") else data.decode()
    return _LABEL.sub(lambda label: re.sub(r"\d+", "0", label[0]), text)


def read_otherwise(one: Shown, two: Shown) -> set[int]:
    """Papers in which the models saw other things: a fact or a second name beside a longer name. What follows from that
    is no sign of how long a name is."""
    seen = [
        Counter((s.paper(r["doc"]), r["kind"], r["action"], r.get("role")) for r in s.records() if r.get("event") == "decision")
        for s in (one, two)
    ]
    return {paper for paper, *_ in (seen[0] - seen[1]) + (seen[1] - seen[0])}


def apart(one: Shown, two: Shown, aside: Collection[int] = ()) -> list[str]:
    """Copies that differ though only the names in their sources were longer: where a width, a break or a page tells the name."""
    first, second = (
        {(s.paper(e["id"]), e["path"].rpartition(".")[2]): faceless(s.files[e["path"]], e["path"]) for e in s.entries()
         if "path" in e} for s in (one, two)
    )  # fmt: skip
    return [
        f"{ending} {paper}"
        for paper, ending in sorted(first.keys() | second.keys())
        if paper not in aside and first.get((paper, ending)) != second.get((paper, ending))
    ]


def logs_apart(one: Shown, two: Shown, aside: Collection[int] = ()) -> list[str]:
    """Which records of the two logs differ: where the log tells how a name is written. Aside: what the key made, and which
    model saw a name and how surely, in steps, which is another for another name, as is what else models take for names.
    Where papers are left `aside`, so is what the log says of the whole bundle, and how many forms were looked for."""
    counted = [Counter[str](), Counter[str]()]
    for shown, tally in zip((one, two), counted, strict=True):
        for record in shown.records():
            if doc := record.get("doc"):
                paper = shown.paper(doc)
                tally.update([_unkeyed(record | {"doc": paper} | ({"probes": 0} if aside else {}))] if paper not in aside else [])
            elif not aside:
                tally.update([_unkeyed(record)])
    return sorted(json.loads(said)["event"] for said in ((counted[0] - counted[1]) + (counted[1] - counted[0])).elements())


def _unkeyed(record: dict[str, Any]) -> str:
    """A record without what its key, its time and its place in the log made of it."""
    keyed = "at index decision previous person question case digest path label labels score recognizer".split()
    return json.dumps({name: value for name, value in record.items() if name not in keyed}, sort_keys=True)


def shared(one: Shown, two: Shown) -> set[str]:
    """Digests, fingerprints and keys that two publications of a bundle have in common, the program's own and those of equal
    copies aside."""
    manifest = json.loads(one.files["manifest.json"])
    known = set(_HEX.findall(json.dumps([manifest["policy"], manifest["versions"]])))
    equal = set(one.copies().values()) & set(two.copies().values())
    known |= {entry["digest"] for s in (one, two) for entry in json.loads(s.files["manifest.json"])["documents"]
              if "path" in entry and s.files[entry["path"]] in equal}  # fmt: skip
    first, second = (set(_HEX.findall((s.files["manifest.json"] + s.files["audit.jsonl"]).decode())) for s in (one, two))
    models = set(_HEX.findall(one.files["audit.jsonl"].splitlines()[0].decode())) & second
    return {said for said in first & second if set(said) != {"0"}} - known - {m for m in models if _is_model(m, one)}


def _is_model(said: str, shown: Shown) -> bool:
    return any(said in model for model in json.loads(shown.files["audit.jsonl"].splitlines()[0])["models"])


def same_order(one: Shown, two: Shown, ranks: Ranks) -> None:
    """Hold the numbers of one publication's labels against those of another."""
    a, b = one.labels(), two.labels()
    groups: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for anchor in a.keys() & b.keys():
        x, y = (re.fullmatch(r"\[(.*?) ?(\d+)\]", said[anchor]) for said in (a, b))
        if x and y and x[1] == y[1]:
            groups[x[1]].append((int(x[2]), int(y[2])))
    for group in groups.values():
        ranks.add([x for x, _ in group], [y for _, y in group])
