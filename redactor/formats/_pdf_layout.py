"""The rows and tables of all pages → content: running headers, notes, headings, lists, paragraphs that go on over the page end.

Does not tell: headings set like the text around them, a list without marks, a note whose letters are as large as the text's; a
paragraph that ends with its line at the foot of a page and has no full stop goes on with the next page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ..cleartext import ClearText
from ..content import Block, BlockKind, Cell, Content, Table
from ._layout import ENDS, ITEM
from ._pdf_rows import Grid, Part, Row
from ._runs import SOFT, Runs
from .text import unbroken

EDGE = 0.12  # of a page's height, at its top and foot: where running headers and footers stand
_NUMBER = re.compile(r"\W*(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*|\W*[ivxlc]{1,6}\W*", re.IGNORECASE)
_NOTE = re.compile(r"\[?(\d{1,3})\]?[.)]?\s*(?=\S)")
_DEEPER = 60  # points: an item set in by more stands in another column
_ITEM_NUMBER = 40  # a list item's number is short


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page: its parts in reading order and its height in points."""

    parts: list[Part]
    height: float


def laid_out(leaves: Sequence[Leaf]) -> Content:
    """The content of a document's pages."""
    running = _running(leaves)
    headers, footers = _shown(leaves, running)
    rows = [part for leaf in leaves for part in leaf.parts if isinstance(part, Row)]
    scale = _Scale(rows)
    body: list[list[Row] | Grid] = []
    notes: list[list[Row]] = []
    for leaf in leaves:
        parts = [part for part in leaf.parts if not (isinstance(part, Row) and id(part) in running)]
        askew = [[part] for part in parts if isinstance(part, Row) and part.askew]
        main, foot = _notes([part for part in parts if not (isinstance(part, Row) and part.askew)], leaf.height, scale)
        body = _together(body, list(_grouped(main, scale)), scale)
        body[max(len(body) - 1, 0) : max(len(body) - 1, 0)] = askew  # before the last, which may go on over the page end
        notes += foot
    maker = _Maker(rows, scale, {m[1] for note in notes if (m := _NOTE.match(_plain(note[0])))})
    blocks: list[Block | Table] = [maker.block(group, BlockKind.HEADER) for group in headers]
    blocks += [maker.table(part) if isinstance(part, Grid) else maker.block(part) for part in body]
    blocks = _levelled(blocks, [None] * len(headers) + [None if isinstance(p, Grid) else p[0].box.left for p in body])
    blocks += [maker.block(note, BlockKind.NOTE) for note in notes]
    blocks += [maker.block(group, BlockKind.FOOTER) for group in footers]
    return Content(tuple(block for block in blocks if not isinstance(block, Block) or block.text))


class _Scale:
    """What is usual in a document: the size of its letters, the step from row to row, the sizes of its headings."""

    def __init__(self, rows: Sequence[Row]) -> None:
        sizes: Counter[float] = Counter()
        for row in rows:
            sizes[round(row.size * 2) / 2] += len(row.text)
        self.size = sizes.most_common(1)[0][0] if sizes else 10.0
        steps = [
            b.base - a.base
            for a, b in pairwise(rows)
            if abs(a.size - self.size) < 0.6 and abs(b.size - a.size) < 0.6 and 0.8 * a.size < b.base - a.base < 2.6 * a.size
        ]
        self.step = median(steps) / self.size if steps else 1.2
        larger = sorted({size for size in sizes if size > 1.12 * self.size}, reverse=True)
        self.levels = {size: min(at, 5) for at, size in enumerate(larger, 1)}

    def level(self, row: Row) -> int:
        """The heading level of a row's letters, 0 for those of the text."""
        return self.levels.get(round(row.size * 2) / 2, 0)


def _plain(row: Row) -> str:
    return row.text.strip()


def _signature(row: Row) -> str:
    return re.sub(r"\d+", "#", " ".join(row.text.split()).casefold())


def _running(leaves: Sequence[Leaf]) -> set[int]:
    """The rows (by id) at the edge of a page that others repeat there, numbers aside, and page numbers."""
    edges = [[row for row in leaf.parts if isinstance(row, Row) and _at_edge(row, leaf.height)] for leaf in leaves]
    seen = Counter(key for rows in edges for key in {(_signature(row), row.base < 200) for row in rows})
    least = max(2, round(0.3 * len(leaves))) if len(leaves) > 2 else 2
    out = set()
    for rows in edges:
        for row in rows:
            if _NUMBER.fullmatch(_plain(row)) or (len(leaves) > 1 and seen[_signature(row), row.base < 200] >= min(least, 4)):
                out.add(id(row))
    return out


def _at_edge(row: Row, height: float) -> bool:
    return row.box.bottom < EDGE * height or row.box.top > (1 - EDGE) * height


def _shown(leaves: Sequence[Leaf], running: set[int]) -> tuple[list[list[Row]], list[list[Row]]]:
    """Running headers and footers, each distinct one once; page numbers are dropped."""
    found: tuple[dict[str, Row], dict[str, Row]] = ({}, {})
    for leaf in leaves:
        for row in leaf.parts:
            if isinstance(row, Row) and id(row) in running and not _NUMBER.fullmatch(_plain(row)):
                found[row.base > leaf.height / 2].setdefault(_signature(row), row)
    return [[row] for row in found[0].values()], [[row] for row in found[1].values()]


def _notes(parts: list[Part], height: float, scale: _Scale) -> tuple[list[Part], list[list[Row]]]:
    """The parts of a page without the notes at its foot: small rows below all others, the first of which begins with a number."""
    at = len(parts)
    while at and isinstance(row := parts[at - 1], Row) and row.size < 0.93 * scale.size and _low(row, height):
        at -= 1
    while at < len(parts) and not (isinstance(row := parts[at], Row) and _NOTE.match(_plain(row))):
        at += 1
    notes: list[list[Row]] = []
    for row in parts[at:]:
        assert isinstance(row, Row)
        if _NOTE.match(_plain(row)) and (not notes or row.box.left <= notes[-1][0].box.left + row.size):
            notes.append([row])
        else:
            notes[-1].append(row)
    return parts[:at], notes


def _low(row: Row, height: float) -> bool:
    """Whether a row may be a note's: low on the page, or marked as our own copies mark notes."""
    return row.base > 0.35 * height or bool(re.match(r"\[\d", _plain(row)))


def _grouped(parts: Sequence[Part], scale: _Scale) -> Iterator[list[Row] | Grid]:
    """The rows of one page in paragraphs."""
    rows = [part for part in parts if isinstance(part, Row)]
    group: list[Row] = []
    for part in parts:
        if isinstance(part, Row) and group and _goes_on(group[-1], part, rows, scale):
            group.append(part)
            continue
        if group:
            yield group
            group = []
        if isinstance(part, Grid):
            yield part
        else:
            group = [part]
    if group:
        yield group


def _goes_on(before: Row, row: Row, rows: Sequence[Row], scale: _Scale) -> bool:
    """Whether a row is of the same paragraph as the one before it in reading order."""
    a, b = before.box, row.box
    size = max(before.size, row.size)
    if before.alone or row.alone:
        return False
    if not 0.85 < row.size / max(before.size, 0.1) < 1.18 or ITEM.match(row.text + " "):
        return False
    cut_word = re.search(r"[^\W\d_]-$", before.text) is not None and row.text[:1].islower()
    if row.base <= before.base + 0.3 * size:  # the head of the next column
        return not ENDS.search(before.text) and (row.text[:1].islower() or _full(before, row, rows))
    if row.base - before.base > max(scale.step * 1.28, 1.15) * size or not (b.left < a.right and a.left < b.right):
        return False
    if scale.level(before) and scale.level(before) == scale.level(row):
        return True
    if before.bold != row.bold and (before.bold and not ENDS.search(before.text) and row.text[:1].isupper()):
        return False
    indented = b.left > a.left + 0.8 * size and bool(ENDS.search(before.text)) and not ITEM.match(before.text)
    return (cut_word or _full(before, row, rows)) and not indented


def _full(before: Row, row: Row, rows: Sequence[Row]) -> bool:
    """Whether the next row's first word would not have fitted behind the one before: so the row ended by itself."""
    margin = max((o.box.right for o in rows if o.box.left < before.box.right and o.box.right > before.box.left), default=0.0)
    word = row.text.split(maxsplit=1)[0] if row.text.strip() else ""
    letter = (row.box.right - row.box.left) / max(len(row.text), 1)
    return before.box.right + (len(word) + 1) * letter > margin - 0.5 * before.size


def _together(body: list[list[Row] | Grid], groups: list[list[Row] | Grid], scale: _Scale) -> list[list[Row] | Grid]:
    """The groups of one more page behind those so far: paragraphs and tables that go on over the page or column end are one."""
    out = list(body)
    for number, group in enumerate(groups):
        last = out[-1] if out else None
        if isinstance(last, Grid) and isinstance(group, Grid) and _continues(last, group):
            out[-1] = Grid(group.box, last.cells + group.cells[_repeated(last, group) :], last.head)
        elif number == 0 and isinstance(last, list) and isinstance(group, list) and _crosses(last, group, scale):
            out[-1] = last + group
        else:
            out.append(group)
    return out


def _continues(above: Grid, below: Grid) -> bool:
    """Whether a table is the rest of the one before it: as wide, of as many columns, at the head of a page or column."""
    columns = [sum(over for _, over, _ in grid.cells[row]) for grid, row in ((above, -1), (below, 0))]
    alike = abs((above.box.right - above.box.left) - (below.box.right - below.box.left)) < 4
    return columns[0] == columns[1] and alike and below.box.top < above.box.bottom - 1


def _repeated(above: Grid, below: Grid) -> int:
    """1 where the first row of the rest repeats the heads of the columns."""

    def texts(grid: Grid) -> list[str]:
        return [" ".join(row.text for row in rows) for rows, _, _ in grid.cells[0]]

    return int(texts(above) == texts(below))


def _crosses(last: list[Row], first: list[Row], scale: _Scale) -> bool:
    """Whether a paragraph goes on over the page end."""
    before, row = last[-1], first[0]
    alike = 0.9 < row.size / max(before.size, 0.1) < 1.1 and scale.level(before) == 0 and before.bold == row.bold
    if not alike or ENDS.search(before.text) or ITEM.match(row.text + " "):
        return False
    return row.text[:1].islower() or before.text.rstrip().endswith(("-", ",")) or _full(before, row, [*last, *first])


class _Maker:
    """Makes blocks of rows. `notes`: the numbers of the document's notes; a raised number is one's mark, or no mark."""

    def __init__(self, rows: Sequence[Row], scale: _Scale, notes: set[str]) -> None:
        words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(row.text for row in rows).casefold())
        self.words, self.scale, self.notes = frozenset(words), scale, notes

    def block(self, rows: Sequence[Row], kind: BlockKind = BlockKind.PARAGRAPH) -> Block:
        """The block that these rows make; its kind is told by its look unless it is given."""
        runs = Runs()
        for number, row in enumerate(rows):
            if number:
                runs.add(SOFT)
            for at, (text, styles, raised) in enumerate(row.runs):
                mark = text.strip()
                if raised and mark in self.notes and (number or at):
                    text = f"[{mark}]" + " " * text.endswith(" ")
                runs.add(text, styles)
        block = runs.rejoined(lambda text: unbroken(text, self.words)).block(kind, collapse=True)
        text = block.text.reveal()
        if kind is BlockKind.NOTE:
            match = _NOTE.match(text)
            return _without(block, match.end(), match[1]) if match else block
        if kind is not BlockKind.PARAGRAPH:
            return replace(block, marks=())
        level = self._heading(rows, text)
        if level:
            return replace(
                block, kind=BlockKind.HEADING, level=level, marks=tuple(m for m in block.marks if m.end - m.start < len(text))
            )
        item = ITEM.match(text)
        if item and item.end() < _ITEM_NUMBER:
            return replace(_without(block, item.end(), item[1]), kind=BlockKind.ITEM)
        return block

    def _heading(self, rows: Sequence[Row], text: str) -> int:
        words = len(text.split())
        level = max((self.scale.level(row) for row in rows), default=0)
        if level and words <= 30 and any(char.isalpha() for char in text):
            return level
        short = len(rows) <= 2 and words <= 12 and not text.endswith((".", ",", ";", ":", "]"))
        if short and all(row.bold for row in rows) and any(char.isalpha() for char in text):
            return min(max(self.scale.levels.values(), default=0) + 1, 6)
        return 0

    def table(self, grid: Grid) -> Table:
        """A table with its cells' paragraphs."""
        lines = []
        for y, line in enumerate(grid.cells):
            cells = []
            for rows, over, under in line:
                groups = [group for group in _grouped(rows, self.scale) if not isinstance(group, Grid)]
                blocks = [self.block(group) for group in groups]
                blocks = [replace(b, kind=BlockKind.PARAGRAPH, level=0) if b.kind is BlockKind.HEADING else b for b in blocks]
                cells.append(
                    Cell(tuple(blocks) or (Block(BlockKind.PARAGRAPH, ClearText("")),), grid.head and y == 0, over, under)
                )
            lines.append(tuple(cells))
        return Table(tuple(lines))


def _without(block: Block, count: int, number: str) -> Block:
    """The block without its first `count` letters, which were its number."""
    marks = tuple(replace(m, start=max(m.start - count, 0), end=m.end - count) for m in block.marks if m.end > count)
    return replace(block, text=ClearText(block.text.reveal()[count:]), marks=marks, number=ClearText(number))


def _levelled(blocks: list[Block | Table], lefts: Sequence[float | None]) -> list[Block | Table]:
    """List items with their depth, by how far each is set in from those around it."""
    out: list[Block | Table] = []
    steps: list[float] = []
    for block, left in zip(blocks, lefts, strict=True):
        if isinstance(block, Block) and block.kind is BlockKind.ITEM and left is not None:
            steps = [step for step in steps if step < left - 11 < step + _DEEPER]
            out.append(replace(block, level=min(len(steps), 8)))
            steps.append(left)
        else:
            steps = []
            out.append(block)
    return out
