"""The places of words on the pages of a PDF file: which words a mark covers, and where on a page words of the flat text stand.

Not placed: marks on a page that is a picture (its words have no places), and on words that the reader took from the picture of a
page because their letters lie.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from ..model import Span
from ._ocr import Box
from ._pdf_inside import Inside, inside
from ._pdf_objects import placer
from ._pdf_text import Letter, Rect, Word, sheet
from .marks import COVERED, HALF, NO_WORDS, REDACT, UNPLACED, Marking, Proposed, marking
from .marks_place import Squashed, counterpart, squashed

if TYPE_CHECKING:
    import pypdfium2

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Shape:
    """A mark as it lies in a file: `page` from 0, `places` in the page's own space (left, bottom, right, top)."""

    page: int
    sort: str
    text: str = field(repr=False)
    author: str = field(repr=False)
    green: bool
    places: tuple[Rect, ...]


@dataclass(frozen=True, slots=True)
class _Letters:
    """The letters that are seen on one page, as one squashed text; `at`: the letter behind each of its characters."""

    squashed: Squashed
    letters: tuple[Letter, ...]
    runs: tuple[range, ...]  # the words without signs, as ranges of letters
    unseen: tuple[Letter, ...]

    @staticmethod
    def of(words: Sequence[Word]) -> _Letters:
        seen = [word for word in words if not word.unseen]
        letters, runs = list[Letter](), list[range]()
        for word in seen:
            text = "".join(letter.text[:1] or " " for letter in word.letters)
            runs += [range(len(letters) + m.start(), len(letters) + m.end()) for m in re.finditer(r"[^\W_]+", text)]
            letters += word.letters
        whole = squashed("".join(letter.text[:1] or " " for letter in letters))
        hidden = tuple(letter for word in words if word.unseen for letter in word.letters)
        return _Letters(whole, tuple(letters), tuple(runs), hidden)


def placed(data: bytes, shapes: Sequence[Shape], flat: Squashed) -> Iterator[Marking]:
    """Each shape that is a mark, with the spans it covers or why it covers none."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    pages: dict[int, _Letters] = {}
    found = inside(data)
    try:
        for number, shape in enumerate(shapes, 1):
            mark = marking(number, shape.page + 1, shape.sort, shape.text, shape.author, shape.green)
            if mark is None:
                continue
            spans, trouble = tuple[Span, ...](), NO_WORDS
            if 0 <= shape.page < len(document):
                if shape.page not in pages:
                    pages = {shape.page: _page(document, shape.page, found)}  # marks come page by page; one is kept
                letters = pages[shape.page]
                spans, trouble = _covered(letters, _boxes(document, shape), flat, mark.act == REDACT)
            yield replace(mark, spans=spans, trouble=trouble)
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, at: int, found: Inside) -> _Letters:
    page = document[at]
    try:
        return _Letters.of(sheet(page, at in found.marked, found.redact.get(at, ())).words)
    finally:
        page.close()


def _boxes(document: pypdfium2.PdfDocument, shape: Shape) -> list[Box]:
    page = document[shape.page]
    try:
        place = placer(page)
        return [place(*rect) for rect in shape.places]
    finally:
        page.close()


def _in(letter: Letter, boxes: Sequence[Box]) -> bool:
    x, y = (letter.box.left + letter.box.right) / 2, (letter.box.top + letter.box.bottom) / 2
    return any(box.holds(x, y) for box in boxes)


def _covered(page: _Letters, boxes: Sequence[Box], flat: Squashed, mask: bool) -> tuple[tuple[Span, ...], str]:
    """The spans of the words of which at least half lies in the boxes, whole words always; or why there are none."""
    inside = {at for at, letter in enumerate(page.letters) if _in(letter, boxes)}
    touched = [run for run in page.runs if any(at in inside for at in run)]
    if not touched:
        return (), COVERED if any(_in(letter, boxes) for letter in page.unseen) else NO_WORDS
    chosen = [run for run in touched if sum(at in inside for at in run) >= _HALF * len(run)] or (touched if mask else [])
    if not chosen:
        return (), HALF
    spans: list[Span] = []
    lost = False
    for start, end in _stretches(chosen, inside):
        found, complete = _span(page, start, end, flat, mask)
        spans += found
        lost = lost or not complete
    return tuple(joined(spans)), UNPLACED if lost else ""


def _stretches(runs: Sequence[range], inside: set[int]) -> Iterator[tuple[int, int]]:
    """Words that follow each other, with the signs between them, as one stretch of letters."""
    start, end = runs[0].start, runs[0].stop
    for run in runs[1:]:
        if all(at in inside for at in range(end, run.start)):
            end = run.stop
        else:
            yield start, end
            start, end = run.start, run.stop
    yield start, end


def _span(page: _Letters, start: int, end: int, flat: Squashed, mask: bool) -> tuple[list[Span], bool]:
    """A stretch of letters in the flat text: whole where it stands together there, else word by word."""
    here = page.squashed
    first = _index(here, start)
    last = _index(here, end)
    place = counterpart(here.text, first, last, flat.text, strict=not mask)
    if place is not None:
        return [Span(flat.origin[place], flat.origin[place + last - first - 1] + 1)], True
    words = [run for run in page.runs if start <= run.start and run.stop <= end]
    if len(words) < 2:
        return [], False
    found = [_span(page, word.start, word.stop, flat, mask) for word in words]
    return [span for spans, _ in found for span in spans], all(complete for _, complete in found)


def _index(text: Squashed, letter: int) -> int:
    """The first character of a squashed text that stands for this letter or a later one."""
    return bisect_left(text.origin, letter)


def joined(spans: Sequence[Span]) -> list[Span]:
    """Spans in order; those that overlap or have one sign between them (a blank) are one."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end + 1:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out


@dataclass(frozen=True, slots=True)
class Placed:
    """A proposal with its places: `page` from 0, rectangles in the page's own space, one a line."""

    proposed: Proposed
    page: int
    places: tuple[Rect, ...]


def places_of(data: bytes, text: str, spans: Sequence[Span]) -> list[tuple[int, int, list[Rect]]]:
    """The places of spans of a PDF file's flat text: number of the span, page from 0, a rectangle a line. A span without a sure
    place has none; one that goes over a page end has several."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        found = inside(data)
        pages = [_page(document, at, found) for at in range(len(document))]
        here = squashed(text)
        there = "".join(page.squashed.text for page in pages)
        starts = list(accumulate((len(page.squashed.text) for page in pages), initial=0))[:-1]
        out: list[tuple[int, int, list[Rect]]] = []
        for number, span in enumerate(spans):
            chars = _found(span, here, there)
            for at in sorted({_page_at(starts, n) for n in chars}):
                page = pages[at]
                letters = sorted({page.squashed.origin[n - starts[at]] for n in chars if _page_at(starts, n) == at})
                out.append((number, at, list(_unplaced(document, at, _lines([page.letters[n] for n in letters])))))
        return out
    finally:
        document.close()


def _page_at(starts: Sequence[int], at: int) -> int:
    return bisect_right(starts, at) - 1


def _found(span: Span, here: Squashed, there: str) -> list[int]:
    """The characters of the pages' text that a span of the flat text stands on: together, or else piece by piece, all of them."""
    first, last = _index(here, span.start), _index(here, span.end)
    place = counterpart(here.text, first, last, there)
    if place is not None:
        return list(range(place, place + last - first))
    cuts = [first, *(n for n in range(first + 1, last) if here.origin[n] > here.origin[n - 1] + 1), last]
    found = [(counterpart(here.text, a, b, there), b - a) for a, b in pairwise(cuts)] if len(cuts) > 2 else [(None, 0)]
    return (
        [n for place, size in found if place is not None for n in range(place, place + size)]
        if all(place is not None for place, _ in found)
        else []
    )


def _lines(letters: Sequence[Letter]) -> list[Box]:
    """The rectangles around letters, one a line."""
    out: list[tuple[float, Box]] = []
    for letter in letters:
        box, size = letter.box, letter.look.size
        if out and abs(out[-1][0] - letter.base) < 0.5 * size and -size < box.left - out[-1][1].right < 3 * size:
            base, b = out[-1]
            out[-1] = (base, Box(min(b.left, box.left), min(b.top, box.top), max(b.right, box.right), max(b.bottom, box.bottom)))
        else:
            out.append((letter.base, box))
    return [box for _, box in out]


def _unplaced(document: pypdfium2.PdfDocument, at: int, boxes: Sequence[Box]) -> Iterator[Rect]:
    """Rectangles from the page's top left corner as shown → in the page's own space: `placer` the other way round."""
    from pypdfium2 import raw

    page = document[at]
    try:
        area = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page, area)
        left, bottom, right, top = area.left, area.bottom, area.right, area.top
        turn = page.get_rotation() % 360
    finally:
        page.close()
    for box in boxes:
        if turn == 90:
            yield box.top + left, box.left + bottom, box.bottom + left, box.right + bottom
        elif turn == 180:
            yield right - box.right, box.top + bottom, right - box.left, box.bottom + bottom
        elif turn == 270:
            yield right - box.bottom, top - box.right, right - box.top, top - box.left
        else:
            yield box.left + left, top - box.bottom, box.right + left, top - box.top
