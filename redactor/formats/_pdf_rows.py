"""The words of one page → rows and tables in the order in which they are read: ruled tables, columns, rows.

Does not see: tables whose rules are pictures, tables without rules whose rows stand far apart (their rows become lines), columns
parted by less than a letter's width.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from ..content import Style
from ._layout import ITEM
from ._ocr import Box
from ._pdf_text import Letter, Word
from ._runs import PLAIN

GAP = 1.2  # in letter sizes: a wider gap in a row parts two pieces
Run = tuple[str, frozenset[Style], bool]  # text, emphasis, whether it stands raised above its row


@dataclass(slots=True)
class Row:
    """One row of one column, or a piece of it: its text in runs, its rectangle, the line it stands on, the size of its letters.

    `askew`: it does not stand level; its place among the others says nothing.
    """

    runs: list[Run]
    box: Box
    base: float
    size: float
    askew: bool = False

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
    """A table: rows of cells, each its rows of text, columns and rows it covers; `head`: whether its first row heads the columns."""

    box: Box
    cells: list[list[tuple[list[Row], int, int]]] = field(default_factory=list)
    head: bool = False


Part = Row | Grid


def around(boxes: Sequence[Box]) -> Box:
    """The rectangle around several."""
    return Box(min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes))


def reading_order(words: Sequence[Word], rules: Sequence[Box], extra: Sequence[Row] = ()) -> list[Part]:
    """The rows and tables of a page in reading order. `extra`: rows that come from elsewhere (the picture)."""
    level = [word for word in words if word.letters[0].look.turn in (0, 180)]
    turned = [word for word in words if word.letters[0].look.turn not in (0, 180)]
    parts: list[Part] = []
    rest = [*pieces(level), *extra]
    for xs, ys, linked in grids(rules):
        box = Box(xs[0] - 1, ys[0] - 1, xs[-1] + 1, ys[-1] + 1)
        inside = [row for row in rest if box.holds((row.box.left + row.box.right) / 2, (row.box.top + row.box.bottom) / 2)]
        grid = _filled(xs, ys, linked, pieces([w for w in level if _within(w.box, box)], xs) + [r for r in inside if r in extra])
        if grid is not None:
            parts.append(grid)
            rest = [row for row in rest if row not in inside]
    parts += rest
    return [*cut(parts), *_running(turned)]


def _within(box: Box, outer: Box) -> bool:
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
            out[out.index(near)] = _beside(near, row)
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


def _beside(left: Row, right: Row) -> Row:
    """Two pieces of one row as one."""
    gap = right.box.left - left.box.right
    between: list[Run] = [(" ", PLAIN, False)] if gap > 0.2 * min(left.size, right.size) else []
    return Row(left.runs + between + right.runs, around([left.box, right.box]), left.base, max(left.size, right.size))


def _running(words: Sequence[Word]) -> Iterator[Row]:
    """Text that stands askew, as it was drawn."""
    group: list[Word] = []
    for word in words:
        if group and word.letters[0].look.turn != group[-1].letters[0].look.turn:
            yield replace(_row(group), askew=True)
            group = []
        group.append(word)
    if group:
        yield replace(_row(group), askew=True)


def cut(parts: list[Part]) -> Iterator[Part]:
    """Rows in reading order: the page cut at its gutters and blank bands, again and again (an XY cut).

    Gutters come first, over as many bands as they run through: a blank line in both columns must not cut them in two.
    """
    if len(parts) < 2:
        yield from parts
        return
    sizes = [part.size for part in parts if isinstance(part, Row)]
    size = median(sizes) if sizes else 10.0
    split = _split(parts, 0, size * 0.8)
    table = _aligned(split, size)
    bands = _split(parts, 1, size * 0.9)
    if table is not None:
        yield table
    elif _columns(split, size):
        for column in split:
            yield from cut(column)
    elif len(bands) > 1:
        for group in _through(bands, size):
            yield from cut(group)
    elif len(lines := _split(parts, 1, 0.0)) > 1:
        for line in lines:
            yield from cut(line)
    else:
        rows = sorted((part for part in parts if isinstance(part, Row)), key=lambda row: row.box.left)
        yield from (part for part in parts if isinstance(part, Grid))
        for row in rows[1:]:
            rows[0] = _beside(rows[0], row)
        yield from rows[:1]


def _through(bands: list[list[Part]], size: float) -> Iterator[list[Part]]:
    """The bands, those that one gutter runs through together."""
    at = 0
    while at < len(bands):
        last, union = at, list(bands[at])
        for number in range(at + 1, len(bands)):
            union = union + bands[number]
            split = _split(union, 0, size * 0.8)
            if len(split) < 2:
                break
            if _columns(split, size) or _aligned(split, size) is not None:
                last = number
        yield [part for band in bands[at : last + 1] for part in band]
        at = last + 1


def _split(parts: Sequence[Part], axis: int, gap: float) -> list[list[Part]]:
    """Groups parted by more than `gap` along an axis: 0 across, 1 down. Boxes are shrunk, for they overlap a little."""

    def span(part: Part) -> tuple[float, float]:
        shrink = part.box.height * 0.2 if axis and isinstance(part, Row) else 0.0
        return part.box[axis] + shrink, part.box[axis + 2] - shrink

    out: list[list[Part]] = []
    reach = float("-inf")
    for part in sorted(parts, key=lambda part: span(part)[0]):
        begin, end = span(part)
        if not out or begin > reach + gap:
            out.append([])
        out[-1].append(part)
        reach = max(reach, end)
    return out


def _columns(split: Sequence[Sequence[Part]], size: float) -> bool:
    """Columns of prose: three rows and more in each, most of which fill it; or tables and prose side by side."""
    if len(split) < 2:
        return False
    for column in split:
        rows = [part for part in column if isinstance(part, Row)]
        if len(_split(column, 1, 0.0)) < 3 and len(rows) == len(column):
            return False
        if rows and len(rows) == len(column):
            width = max(row.box.right for row in rows) - min(row.box.left for row in rows)
            if median(row.box.right - row.box.left for row in rows) < 0.6 * width or width < 5 * size:
                return False
    return True


def _aligned(split: Sequence[Sequence[Part]], size: float) -> Grid | None:
    """A table without rules: columns whose rows stand on the same lines and do not fill them. Lists are none."""
    if len(split) < 2 or any(isinstance(part, Grid) for column in split for part in column):
        return None
    columns = [sorted((p for p in column if isinstance(p, Row)), key=lambda row: row.base) for column in split]
    if all(ITEM.match(row.text + " x") for row in columns[0]) or len(columns[0]) < 3:
        return None
    bases = [row.base for row in columns[0]]
    for column in columns[1:]:
        shared = sum(any(abs(row.base - base) < 0.3 * size for base in bases) for row in column)
        if shared < 0.8 * len(column) or len(column) < 2:
            return None
    if any(a.base + 0.5 * size > b.base for column in columns for a, b in pairwise(column)):
        return None
    if _columns(split, size) and len(columns) < 3:
        return None
    grid = Grid(around([part.box for column in split for part in column]))
    for base in bases:
        grid.cells.append([([r for r in column if abs(r.base - base) < 0.3 * size], 1, 1) for column in columns])
    placed = sum(len(rows) for line in grid.cells for rows, _, _ in line)
    if placed < sum(map(len, columns)):
        return None
    grid.head = all(row.bold for rows, _, _ in grid.cells[0] for row in rows) and not all(r.bold for c in columns for r in c)
    return grid


Linked = Callable[[int, int, bool], bool]


def grids(rules: Sequence[Box]) -> list[tuple[list[float], list[float], Linked]]:
    """The tables that ruled lines make: column edges, row edges, and whether cell (row, column) is one with the next one across
    (or down). At least two columns and one row, or the lines are a frame or underline."""
    out = []
    for group in _touching(rules):
        across = [r for r in group if r.right - r.left >= r.bottom - r.top]
        down = [r for r in group if r.right - r.left < r.bottom - r.top]
        xs = _merged([(r.left + r.right) / 2 for r in down])
        ys = _merged([(r.top + r.bottom) / 2 for r in across])
        if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > 20_000:
            continue

        def linked(
            y: int,
            x: int,
            below: bool,
            across: list[Box] = across,
            down: list[Box] = down,
            xs: list[float] = xs,
            ys: list[float] = ys,
        ) -> bool:
            if below:
                at, middle = ys[y + 1], (xs[x] + xs[x + 1]) / 2
                return not any(abs((r.top + r.bottom) / 2 - at) < 3 and r.left - 1 <= middle <= r.right + 1 for r in across)
            at, middle = xs[x + 1], (ys[y] + ys[y + 1]) / 2
            return not any(abs((r.left + r.right) / 2 - at) < 3 and r.top - 1 <= middle <= r.bottom + 1 for r in down)

        out.append((xs, ys, linked))
    return out


def _touching(rules: Sequence[Box]) -> list[list[Box]]:
    groups: list[tuple[Box, list[Box]]] = []
    for rule in sorted(rules[:20_000], key=lambda r: (r.top, r.left)):
        mine = [rule]
        box = rule
        rest = []
        for other, members in groups:
            if box.left <= other.right + 2 and other.left <= box.right + 2 and box.top <= other.bottom + 2 and other.top <= box.bottom + 2:
                mine = members + mine
                box = around([box, other])
            else:
                rest.append((other, members))
        groups = [*rest, (box, mine)]
    return [members for _, members in sorted(groups, key=lambda g: g[0].top)]


def _merged(places: Sequence[float]) -> list[float]:
    out: list[float] = []
    for place in sorted(places):
        if not out or place - out[-1] > 3:
            out.append(place)
    return out


def _filled(xs: list[float], ys: list[float], linked: Linked, rows: Sequence[Row]) -> Grid | None:
    """The table with its text, cells without a rule between them as one; None where nothing stands in it."""
    wide, high = len(xs) - 1, len(ys) - 1
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for y in range(high):
        for x in range(wide):
            if (y, x) in owner:
                continue
            over, under = 1, 1
            while x + over < wide and linked(y, x + over - 1, False) and (y, x + over) not in owner:
                over += 1
            while y + under < high and all(linked(y + under - 1, x + n, True) for n in range(over)):
                under += 1
            owner |= {(y + b, x + a): (y, x) for b in range(under) for a in range(over)}
            spans[y, x] = (over, under)
    held: dict[tuple[int, int], list[Part]] = {key: [] for key in spans}
    for row in rows:
        x = sum(edge <= (row.box.left + row.box.right) / 2 for edge in xs[1:-1])
        y = sum(edge <= (row.box.top + row.box.bottom) / 2 for edge in ys[1:-1])
        held[owner[y, x]].append(row)
    if sum(bool(rows) for rows in held.values()) < 2 or len(spans) < 2:
        return None
    grid = Grid(Box(xs[0], ys[0], xs[-1], ys[-1]))
    for y in range(high):
        cells = [(k, spans[k]) for k in sorted(spans) if k[0] == y]
        grid.cells.append([([r for r in cut(held[k]) if isinstance(r, Row)], over, under) for k, (over, under) in cells])
    first = [row for rows_, _, _ in grid.cells[0] for row in rows_]
    rest = [row for line in grid.cells[1:] for rows_, _, _ in line for row in rows_]
    grid.head = bool(first) and all(row.bold for row in first) and not all(row.bold for row in rest)
    return grid
