"""The words of one page → rows and tables in the order in which they are read.

Does not see columns parted by less than a letter's width.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from ._ocr import Box
from ._pdf_rows import Grid, Part, Row, askew, beside, labelled, pieces, within
from ._pdf_tables import Linked, aligned, grids
from ._pdf_text import Word


def reading_order(
    words: Sequence[Word], rules: Sequence[Box], extra: Sequence[Row] = (), fields: Sequence[Box] = ()
) -> list[Part]:
    """The rows and tables of a page in reading order. `extra`: rows that come from elsewhere (the picture); `fields`: form's."""
    level = [word for word in words if word.letters[0].look.turn in (0, 180)]
    turned = [word for word in words if word.letters[0].look.turn not in (0, 180)]
    parts: list[Part] = []
    rest = [*pieces(level), *extra]
    for xs, ys, linked in grids(rules):
        box = Box(xs[0] - 1, ys[0] - 1, xs[-1] + 1, ys[-1] + 1)
        inside = [row for row in rest if box.holds((row.box.left + row.box.right) / 2, (row.box.top + row.box.bottom) / 2)]
        grid = _filled(xs, ys, linked, pieces([w for w in level if within(w.box, box)], xs) + [r for r in inside if r in extra])
        if grid is not None:
            parts.append(grid)
            rest = [row for row in rest if row not in inside]
    parts += labelled(rest, fields) if fields else rest
    return [*cut(parts), *askew(turned)]


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
    prose = _columns(split, size)
    table = aligned(split, size, prose)
    bands = _split(parts, 1, size * 0.9)
    if table is not None:
        yield table
    elif prose:
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
            rows[0] = beside(rows[0], row)
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
            if _columns(split, size) or aligned(split, size, False) is not None:
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
