"""Small counts of survivors in tables, told or left to be worked out (ICO anonymisation guidance: suppress, then a second cell).

Reads the rows of a flat text ("| a | b |"). Subtraction is tried within one row and one column; two tables laid side by side are
not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..model import Span
from .cues import data

_HIDDEN = re.compile(
    r"(?i)^(?:<\s?\d+|fewer than \w+|less than \w+|under \d+|\*+|[-–—]|x|\[?(?:suppressed|withheld|redacted)\]?)$"
)
_CAPTION = 100  # a longer line is prose that happens to stand before the table
_TOTAL = re.compile(r"(?i)^(?:grand |sub-?)?totals?\b|^all\b")
_OTHER = re.compile(
    r"(?i)\b(?:officers?|staff|complaints?|recommendations?|investigations?|allegations?|suspects?|defendants?|years?|no\.?|ref)\b"
)


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    span: Span

    @property
    def number(self) -> int | None:
        return int(self.text) if re.fullmatch(r"\d{1,6}", self.text) else None


def small_cells(text: str, limit: int) -> Iterator[tuple[Span, Span, str]]:
    """Cells of tables about survivors that tell a count from 1 to below `limit`, or hide one that a total gives away.

    Each as where it stands, which cell to hide, and "table" or "subtraction".
    """
    for caption, rows in _tables(text):
        heads = rows[0]
        of_survivors = (len(caption) < _CAPTION and _about(caption)) or any(_about(c.text) for c in heads)
        columns = [_column(rows, i) for i in range(1, len(heads))]
        for head, cells in zip(heads[1:], columns, strict=True):
            counts = of_survivors and not _OTHER.search(head.text) and cells and all(_counts(c) for c in cells)
            if counts:
                yield from ((c.span, c.span, "table") for c in cells if c.number is not None and 0 < c.number < limit)
                yield from _recoverable(cells, _TOTAL.match(rows[-1][0].text) is not None)
        if of_survivors and _TOTAL.match(heads[-1].text):
            for row in rows[1:]:
                if len(row) > 2 and all(_counts(c) for c in row[1:]):
                    yield from _recoverable(row[1:], True)


def _recoverable(cells: list[_Cell], total: bool) -> Iterator[tuple[Span, Span, str]]:
    """The one hidden cell beside a total that stands; the smallest of the others would have to go too."""
    hidden = [c for c in cells[:-1] if _HIDDEN.match(c.text)]
    if total and len(cells) > 2 and len(hidden) == 1 and cells[-1].number is not None:
        second = min((c for c in cells[:-1] if c.number is not None), key=lambda c: c.number or 0)
        yield hidden[0].span, second.span, "subtraction"


def _tables(text: str) -> Iterator[tuple[str, list[list[_Cell]]]]:
    """Every table with what stands right before it."""
    for block in re.finditer(r"(?m)(?:^\|.*\n?)+", text):
        rows = []
        for line in re.finditer(r"(?m)^\|(.*)\|\s*$", block[0]):
            cells = [
                _Cell(m[0].strip(), Span(block.start() + line.start(1) + m.start(), block.start() + line.start(1) + m.end()))
                for m in re.finditer(r"[^|]+", line[1])
            ]
            if not all(re.fullmatch(r":?-+:?", c.text) for c in cells):
                rows.append(cells)
        if len(rows) > 1:
            yield text[max(0, block.start() - 2 * _CAPTION) : block.start()].strip().rsplit("\n", 1)[-1], rows


def _column(rows: list[list[_Cell]], index: int) -> list[_Cell]:
    return [row[index] for row in rows[1:] if index < len(row)]


def _counts(cell: _Cell) -> bool:
    return cell.number is not None or _HIDDEN.match(cell.text) is not None


def _about(words: str) -> bool:
    return re.search(rf"(?i)\b{data()['words']['SURV']}\b", words) is not None
