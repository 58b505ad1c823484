"""Where a fact's subject is looked for: sentences, table rows and blocks of a document's flat text.

A line end in flat text is a real one (readers unwrap prose), so it ends a unit too.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|Nos|Insp|Supt|Det|Sgt|Ch|Cllr|Rev|Hon|Jr|Sr|vs|etc|e\.g|i\.e|Tel|mob|ref|"
    r"para|p|pp|c|cf|Ltd|Co|"
    r"a\.m|p\.m|approx|dob|D\.O\.B)|\b[A-Z])\.$",
    re.I,
)
_END = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9])")


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, line or table row: its span in the flat text and the number of the block it stands in."""

    start: int
    end: int
    block: int
    row: bool


class ScopesOf(Mapping[str, "Scopes"]):
    """The units of every text, divided when they are asked for and for as long as no other text's are."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._last: tuple[str, Scopes] | None = None

    def __getitem__(self, key: str) -> Scopes:
        if self._last is None or self._last[0] != key:
            self._last = key, Scopes(self._texts[key])
        return self._last[1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


class Scopes:
    """The units of one flat text in order, and which one holds an offset."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.units: list[Unit] = []
        block = 0
        at = 0
        for line in text.split("\n"):
            if not line.strip():
                block += 1
            elif line.lstrip().startswith("|"):
                self.units.append(Unit(at, at + len(line), block, True))
            else:
                begin = 0
                for match in _END.finditer(line):
                    if _ABBREVIATION.search(line[begin : match.end()].rstrip("\"'”’)]")):
                        continue
                    self.units.append(Unit(at + begin, at + match.end(), block, False))
                    begin = match.end()
                if line[begin:].strip():
                    self.units.append(Unit(at + begin, at + len(line), block, False))
            at += len(line) + 1
        self._starts = [u.start for u in self.units]

    def index(self, offset: int) -> int:
        """The number of the unit that holds the character at `offset` (or the one before it), -1 in an empty text."""
        return max(0, bisect.bisect_right(self._starts, offset) - 1) if self.units else -1

    def sentence_initial(self, offset: int) -> bool:
        """Whether the word at `offset` opens its sentence, line, cell or quotation."""
        unit = self.units[self.index(offset)]
        lead = self.text[unit.start : offset]
        return (
            not re.search(r"\w", lead)
            or bool(re.search(r"(?:^|[|:–—])\s*[\"'“‘(\[*_]*$|[\"“]$|\n\W*$", lead))
            or bool(re.search(r"(?<!\b\w)[.!?]\s+[\"'“‘]?$", lead))
            or bool(re.fullmatch(r"\W*(?:\d+(?:\.\d+)*\.?|\([a-z]+\)|[a-z]\))\s+", lead))
        )
