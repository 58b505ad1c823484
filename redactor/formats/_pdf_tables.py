"""Tables: those whose rules are drawn, and those whose cells stand on common lines.

Does not see: rules that are pictures; tables without rules of two columns whose cells fill them, or whose rows stand far apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from ._layout import ITEM
from ._ocr import Box
from ._pdf_rows import Grid, Part, Row, around


def aligned(split: Sequence[Sequence[Part]], size: float, prose: bool) -> Grid | None:
    """A table without rules: columns whose rows stand on the same lines and do not fill them; no list, nor two columns of
    `prose`."""
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
    if prose and len(columns) < 3:
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

        out.append((xs, ys, _linker(xs, ys, across, down)))
    return out


def _linker(xs: Sequence[float], ys: Sequence[float], across: Sequence[Box], down: Sequence[Box]) -> Linked:
    def linked(y: int, x: int, below: bool) -> bool:
        if below:
            at, middle = ys[y + 1], (xs[x] + xs[x + 1]) / 2
            return not any(abs((r.top + r.bottom) / 2 - at) < 3 and r.left - 1 <= middle <= r.right + 1 for r in across)
        at, middle = xs[x + 1], (ys[y] + ys[y + 1]) / 2
        return not any(abs((r.left + r.right) / 2 - at) < 3 and r.top - 1 <= middle <= r.bottom + 1 for r in down)

    return linked


def _touching(rules: Sequence[Box]) -> list[list[Box]]:
    groups: list[tuple[Box, list[Box]]] = []
    for rule in sorted(rules[:20_000], key=lambda r: (r.top, r.left)):
        mine = [rule]
        box = rule
        rest = []
        for other, members in groups:
            if (
                box.left <= other.right + 2
                and other.left <= box.right + 2
                and box.top <= other.bottom + 2
                and other.top <= box.bottom + 2
            ):
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
