"""Passages with slots and facts, read strictly as TEXT.md says: a bad slot or tag is an error with file and line.

A passage becomes a tree: plain words (str), `Slot`, `Fact` and `Choice`. Does not judge whether a fact is rightly marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROLES = "SCFWORUVG"
FORMS = "full given surname nick last_first initials initial_surname upper handle chat typo".split()
THINGS = """town village street estate park pub takeaway shop worship club home school college employer address postcode
    phone email ref plate dob date month_year weekday age org law report operation office""".split()
FACTS = "work school place kin health demographic distinctive date age alias".split()

_TOKEN = re.compile(r"\{[^{}\n]*\}|\[|\|[a-z_ ]+\]|<<|//|>>|\]|\n|[^{}\[\]|</>\n]+|.", re.S)
_PERSON = re.compile(rf"([{ROLES}]\d+)\.([a-z_]+)")


@dataclass(frozen=True)
class Slot:
    """`{S1.full}` (person "S1", name "full") or `{street}` (person "")."""

    name: str
    person: str = ""


@dataclass(frozen=True)
class Fact:
    """`[words|kind]`."""

    kind: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Choice:
    """`<<a//b//c>>`."""

    ways: tuple[tuple[Part, ...], ...]


Part = str | Slot | Fact | Choice


@dataclass(frozen=True)
class Passage:
    """One passage: its file's stem, its number in it, and its tree."""

    file: str
    number: int
    parts: tuple[Part, ...]


class BadTextError(ValueError):
    """A slot or tag that TEXT.md does not know."""


def read(folder: Path) -> list[Passage]:
    """Every passage of every .txt file, in order of file name. `BadTextError` lists all that is wrong."""
    found, faults = [], []
    for path in sorted(folder.glob("*.txt")):
        for number, (line, body) in enumerate(_bodies(path.read_text(encoding="utf-8"))):
            try:
                found.append(Passage(path.stem, number, _Parser(body, path.name, line).whole()))
            except BadTextError as error:
                faults.append(str(error))
    if faults:
        raise BadTextError("\n".join(faults))
    return found


def _bodies(text: str) -> Iterator[tuple[int, str]]:
    line = 1
    for block in re.split(r"(?m)^%%[ \t]*$", text):
        body, at = block, line
        line += block.count("\n")
        while (cut := re.match(r"\s*\n|#[^\n]*(?:\n|\Z)", body)) and cut.end():
            at += body[: cut.end()].count("\n")
            body = body[cut.end() :]
        if body.strip():
            yield at, body.rstrip()


class _Parser:
    def __init__(self, body: str, file: str, line: int) -> None:
        self._tokens = _TOKEN.findall(body)
        self._at, self._file, self._line = 0, file, line

    def whole(self) -> tuple[Part, ...]:
        parts, end = self._parts(frozenset())
        assert end is None
        return parts

    def _bad(self, what: str) -> BadTextError:
        return BadTextError(f"{self._file}:{self._line}: {what}")

    def _parts(self, ends: frozenset[str]) -> tuple[tuple[Part, ...], str | None]:
        """Parts up to a token of `ends` ("|]" stands for any fact's end), which is taken and returned."""
        parts: list[Part] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            closes = re.fullmatch(r"\|[a-z_ ]+\]", token)
            if token in ends or (closes and "|]" in ends):
                return tuple(parts), token
            if token == "\n":
                self._line += 1
                parts.append(token)
            elif token[0] == "{":
                parts.append(self._slot(token[1:-1]))
            elif token == "[":
                inner, end = self._parts(frozenset({"|]", "\n"}))
                if end is None or end == "\n":
                    raise self._bad("a [ without its |kind] on the same line")
                kind = end[1:-1].strip()
                if kind not in FACTS:
                    raise self._bad(f"no kind of fact: {kind}")
                if any(isinstance(p, Fact) for p in _all(inner)):
                    raise self._bad("a fact within a fact")
                parts.append(Fact(kind, inner))
            elif token == "<<":
                ways, end = [], "//"
                while end == "//":
                    way, end = self._parts(frozenset({"//", ">>"}))
                    ways.append(way)
                if end is None:
                    raise self._bad("<< without >>")
                parts.append(Choice(tuple(ways)))
            elif token in ("]", ">>", "{", "}") or closes:
                raise self._bad(f"{token} closes or opens nothing")
            else:
                parts.append(token)
        return tuple(parts), None

    def _slot(self, name: str) -> Slot:
        if name in THINGS:
            return Slot(name)
        person = _PERSON.fullmatch(name)
        if not person or person[2] not in FORMS:
            raise self._bad(f"no such slot: {name}")
        return Slot(person[2], person[1])


def _all(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        if isinstance(part, Choice):
            for way in part.ways:
                yield from _all(way)
        elif isinstance(part, Fact):
            yield from _all(part.parts)


def turns(passage: Passage) -> int:
    """How often a passage is filled in one round: one that has many ways comes two or three times."""
    return min(3, 1 + sum(isinstance(p, Choice) for p in passage.parts) // 3)


def facts(passage: Passage) -> list[Fact]:
    """Every fact marked in a passage, those of all alternatives."""
    return [p for p in _all(passage.parts) if isinstance(p, Fact)]


if __name__ == "__main__":  # python passages.py: counts for the data card
    from collections import Counter

    everything = read(Path(__file__).parent / "text")
    print(len(everything), "passages in", len({p.file for p in everything}), "files")
    print(sum(not facts(p) for p in everything), "without a fact")
    print(dict(Counter(f.kind for p in everything for f in facts(p)).most_common()))
