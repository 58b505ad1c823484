"""Lines with their places on a page → blocks in reading order: columns, paragraphs, headings, list items.

Does not tell tables (the cells of a row become one line) and does not see columns parted by less than a letter's height.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from ..cleartext import ClearText
from ..content import NOTHING, Block, BlockKind
from ._ocr import Box, Line
from ._runs import clean
from .text import unbroken

ITEM = re.compile(r"([•▪‣●○-]|\(?\d{1,2}[.)]|\(?[a-z][.)]|\((?:i|ii|iii|iv|v|vi)\))\s+(?=\S)")
ENDS = re.compile(r"[.!?:;…][\"'”’)\]]*$")
_JOINED = re.compile(r"\b(?:Mrs?|Ms|Dr|by|of|to)(?=[A-Z][a-z])|(?<!\bMac)(?<!\bFitz)(?<!\bVan)(?<=[a-z]{3})(?=[A-Z][a-z]{2})")
_DIGITS = {"0": "o", "1": "l", "5": "s"}


def rows(lines: Sequence[Line]) -> list[Line]:
    """The lines in reading order, pieces that stand side by side in one row joined; those that run up the margin come last."""
    out: list[Line] = []
    for group in _cut([line for line in lines if not line.tall]):
        group.sort(key=lambda line: line.box.left)
        out.append(group[0])
        for line in group[1:]:
            out[-1] = _joined(out[-1], line)
    return out + sorted((line for line in lines if line.tall), key=lambda line: line.box.left)


def _joined(left: Line, right: Line) -> Line:
    a, b = left.box, right.box
    box = Box(min(a.left, b.left), min(a.top, b.top), max(a.right, b.right), max(a.bottom, b.bottom))
    second = f"{left.second or left.text} {right.second or right.text}" if left.second or right.second else ""
    return Line(f"{left.text} {right.text}", box, min(left.score, right.score), second)


def _cut(lines: list[Line]) -> Iterator[list[Line]]:
    """Rows of lines in reading order: the page cut at its blank bands and gutters, again and again (an XY cut).

    A gutter counts where at least three rows stand on each side of it: two words far apart in one row are no columns.
    """
    if not lines:
        return
    size = median(line.box.height for line in lines)
    for axis, gap in ((1, size * 0.9), (0, size), (1, 0.0)):
        parts = _split(lines, axis, gap)
        if len(parts) < 2:
            continue
        if axis == 0 and min(len(_split(part, 1, 0.0)) for part in parts) < 3:
            continue
        for part in parts:
            yield from _cut(part)
        return
    yield lines


def _split(lines: list[Line], axis: int, gap: float) -> list[list[Line]]:
    """Groups of lines parted by more than `gap` along an axis: 0 across, 1 down. Boxes are shrunk, for they overlap a little."""

    def span(line: Line) -> tuple[float, float]:
        shrink = line.box.height * 0.2 if axis else 0.0
        return line.box[axis] + shrink, line.box[axis + 2] - shrink

    parts: list[list[Line]] = []
    reach = float("-inf")
    for line in sorted(lines, key=lambda line: span(line)[0]):
        begin, end = span(line)
        if not parts or begin > reach + gap:
            parts.append([])
        parts[-1].append(line)
        reach = max(reach, end)
    return parts


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[tuple[Block, list[Line]]]:
    """Blocks made of the rows of each page, a paragraph that goes on over the page end in one; with the rows of each."""
    words = frozenset(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(row.text for page in pages for row in page).casefold()))
    groups: list[list[Line]] = []
    for page in pages:
        if not page:
            continue
        size = median(row.box.height for row in page)
        begin = len(groups)
        groups.append([page[0]])
        for before, row in pairwise(page):
            if _goes_on(before, row, size, _margin(page, before)):
                groups[-1].append(row)
            else:
                groups.append([row])
        if begin and not ENDS.search(groups[begin - 1][-1].text) and groups[begin][0].text[:1].islower():
            groups[begin - 1] += groups.pop(begin)
    usual = median([row.box.height for page in pages for row in page] or [1.0])
    return [(_block(group, usual, words), group) for group in groups]


def _goes_on(before: Line, row: Line, size: float, margin: float) -> bool:
    """Whether a row is of the same paragraph as the one before it in reading order."""
    a, b = before.box, row.box
    if before.tall or row.tall:
        return False
    if b.top < a.top:  # the head of the next column
        return not ENDS.search(before.text) and row.text[:1].islower()
    near = b.top - a.bottom < size * 0.7
    alike = 0.75 < b.height / max(a.height, 1.0) < 1.34
    full = a.right + (len(row.text.split(maxsplit=1)[0]) + 1) * _letter(row) > margin - size / 2
    return near and alike and full and not ITEM.match(row.text) and b.left < a.left + 3 * size


def _margin(page: Sequence[Line], row: Line) -> float:
    """How far to the right the rows of its column reach."""
    return max(other.box.right for other in page if other.box.left < row.box.right and other.box.right > row.box.left)


def _letter(row: Line) -> float:
    """The mean width of a letter of the row."""
    return (row.box.right - row.box.left) / max(len(row.text), 1)


def apart(text: str) -> str:
    """Blanks that an engine lost before a capital ("DorcasTarn"), and letters it took for digits within a word ("Dunv1dale"): a
    name written so is found by no search. Letters and digits keep their number."""
    text = re.sub(r"(?<=[a-z]{2})[015](?=[a-z]{2})", lambda digit: _DIGITS[digit.group()], text)
    return _JOINED.sub(lambda joint: joint.group() + " ", text)


def _block(group: list[Line], usual: float, words: frozenset[str]) -> Block:
    text = group[0].text
    for row in group[1:]:
        text += ("\n" if re.search(r"[^\W\d_]-$", text) else " ") + row.text
    text = apart(" ".join(unbroken(clean(text), words).split()))
    block = Block(BlockKind.PARAGRAPH, ClearText(text))
    item = ITEM.match(text)
    if item:
        return replace(block, kind=BlockKind.ITEM, text=ClearText(text[item.end() :]), number=ClearText(item[1]))
    height = median(row.box.height for row in group)
    if not group[0].tall and height > 1.35 * usual and len(text.split()) <= 14 and not text.endswith((".", ",")):
        return replace(block, kind=BlockKind.HEADING, level=1 if height > 1.8 * usual else 2, number=NOTHING)
    return block
