"""Words → rows: those that follow each other closely in one line, joined, with their emphasis and raised numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from ..content import Style
from ._ocr import Box
from ._pdf_text import Letter, Word
from ._runs import PLAIN

GAP = 1.2  # in letter sizes: a wider gap in a row parts two pieces
Run = tuple[str, frozenset[Style], bool]  # text, emphasis, whether it stands raised above its row


@dataclass(slots=True)
class Row:
    """One row of one column, or a piece of it: its text in runs, its rectangle, the line it stands on, the size of its letters.

    `askew`: it does not stand level; its place among the others says nothing. `alone`: it goes on in no other row.
    """

    runs: list[Run]
    box: Box
    base: float
    size: float
    askew: bool = False
    alone: bool = False

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(text for text, _, _ in self.runs)

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(Style.BOLD in styles for text, styles, _ in self.runs if text.strip())


@dataclass(slots=True)
class Grid:
    """A table: rows of cells, each its rows of text, columns and rows it covers; `head`: its first row heads the columns."""

    box: Box
    cells: list[list[tuple[list[Row], int, int]]] = field(default_factory=list)
    head: bool = False


Part = Row | Grid


def around(boxes: Sequence[Box]) -> Box:
    """The rectangle around several."""
    return Box(min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes))


def within(box: Box, outer: Box) -> bool:
    return outer.holds((box.left + box.right) / 2, (box.top + box.bottom) / 2)


def pieces(words: Sequence[Word], walls: Sequence[float] = ()) -> list[Row]:
    """Words that follow each other closely in one row, joined; never across a wall (a rule of a table)."""

    def walled(left: float, right: float) -> bool:
        return any(left - 0.5 <= wall <= right + 0.5 for wall in walls)

    groups: list[list[Word]] = []
    for word in words:
        before = groups[-1][-1] if groups else None
        if before is not None and _follows(before, word) and not walled(before.box.right, word.box.left):
            groups[-1].append(word)
        else:
            groups.append([word])
    rows = [_row(group) for group in groups]
    rows.sort(key=lambda row: (round(row.base), row.box.left))
    out: list[Row] = []
    for row in rows:  # what was drawn out of order and still abuts
        near = next(
            (
                o
                for o in reversed(out[-12:])
                if abs(o.base - row.base) < 0.2 * row.size
                and -0.25 * row.size < row.box.left - o.box.right < 0.6 * row.size
                and not walled(o.box.right, row.box.left)
            ),
            None,
        )
        if near is None:
            out.append(row)
        else:
            out[out.index(near)] = beside(near, row)
    return out


def _follows(before: Word, word: Word) -> bool:
    a, b = before.letters[-1], word.letters[0]
    size = max(a.look.size, b.look.size)
    gap = word.box.left - before.box.right
    return abs(a.base - b.base) < 0.5 * size and -0.3 * size < gap < GAP * size


def _row(words: Sequence[Word]) -> Row:
    letters = [letter for word in words for letter in word.letters]
    size = median(letter.look.size for letter in letters)
    full = [letter for letter in letters if letter.look.size > 0.8 * size] or letters
    base = median(letter.base for letter in full)
    runs: list[Run] = []

    def add(text: str, letter: Letter) -> None:
        raised = letter.look.size < 0.8 * size and letter.base < base - 0.12 * size
        key = (letter.look.styles, raised)
        if runs and runs[-1][1:] == key:
            runs[-1] = (runs[-1][0] + text, *key)
        else:
            runs.append((text, *key))

    for number, word in enumerate(words):
        if number:
            blank = word.box.left - words[number - 1].box.right > 0.05 * size or word.letters[0].parted
            if blank:
                runs[-1] = (runs[-1][0] + " ", *runs[-1][1:])
        for letter in word.letters:
            add(letter.text, letter)
    return Row(runs, around([letter.box for letter in full]), base, size)


def beside(left: Row, right: Row) -> Row:
    """Two pieces of one row as one."""
    gap = right.box.left - left.box.right
    between: list[Run] = [(" ", PLAIN, False)] if gap > 0.2 * min(left.size, right.size) else []
    return Row(left.runs + between + right.runs, around([left.box, right.box]), left.base, max(left.size, right.size))


def labelled(rows: Sequence[Row], fields: Sequence[Box]) -> list[Row]:
    """Rows with what a form's field holds joined to its label: the nearest row in the same line, before the field or, for a box
    to tick, behind it. A label and its field are one statement, never two columns."""
    left = list(rows)
    for box in sorted(fields, key=lambda box: (box.top, box.left)):
        inner = sorted((row for row in left if within(row.box, box)), key=lambda row: (row.base, row.box.left))
        if not inner:
            continue
        held = inner[0]
        for row in inner[1:]:
            if row.base - held.base > row.size / 2:  # another line of the field: `beside` would join words of the two
                held = replace(row, runs=[*held.runs, (" ", PLAIN, False), *row.runs])
            else:
                held = beside(held, row)
        held = replace(held, box=around([row.box for row in inner]))
        left = [row for row in left if all(row is not one for one in inner)]
        line = [row for row in left if row.box.top < box.bottom - 1 and row.box.bottom > box.top + 1]
        before = max((row for row in line if row.box.right <= box.left + 2), key=lambda row: row.box.right, default=None)
        behind = min((row for row in line if row.box.left >= box.right - 2), key=lambda row: row.box.left, default=None)
        ticks = held.text.strip() in ("☒", "☐")
        label = before if before is not None and not (ticks and _nearer(behind, before, box)) else behind if ticks else None
        if label is not None:
            left = [row for row in left if row is not label]
            first, second = (label, held) if label is before else (held, label)
            held = replace(beside(first, second), runs=[*first.runs, (" ", PLAIN, False), *second.runs])
        left.append(replace(held, alone=True))
    return left


def _nearer(behind: Row | None, before: Row, box: Box) -> bool:
    return behind is not None and behind.box.left - box.right < box.left - before.box.right


def askew(words: Sequence[Word]) -> Iterator[Row]:
    """Text that stands askew, as it was drawn."""
    group: list[Word] = []
    for word in words:
        if group and word.letters[0].look.turn != group[-1].letters[0].look.turn:
            yield replace(_row(group), askew=True)
            group = []
        group.append(word)
    if group:
        yield replace(_row(group), askew=True)
