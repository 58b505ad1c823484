"""A picture's own copy, where the policy asks for one: its pixels anew, every line painted over in which anything is masked.

Painted too: lines read with doubt, lines that the second engine read as something protected, QR codes and barcodes. Does not
catch: faces, handwriting, badges, number plates, a view that tells the place, and any word that no engine sees. They stay as they
are: whoever asks for such copies must look at each of them.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..cleartext import ClearText
from ..content import Content, flatten
from ..errors import HeldError
from ..model import Span
from ._layout import paragraphs, rows
from ._ocr import Box, Line, Page, stand
from ._runs import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PIL import ImageDraw

    from ._ocr import Pixels

PAPER, INK, FRAME = (255, 255, 255), (0, 0, 0), (90, 90, 90)


class Painted(NamedTuple):
    """One page painted: a PNG file's bytes, and the text of the lines that stayed."""

    data: bytes
    kept: ClearText


class Row(NamedTuple):
    """One row of a page and the words that are put in its place; None if it stays as it is."""

    line: Line
    put: tuple[str, ...] | None


def marked(pages: Sequence[Page], content: Content, replaced: Mapping[Span, str]) -> list[list[Row]]:
    """The rows of each page and which of them must go. `content` is what was read of these pages, `replaced` the spans of its
    flat text that are masked or softened, and their words. Raises HeldError where rows and text do not fit each other."""
    laid = [rows(page.lines) for page in pages]
    flat = flatten(content)
    text = flat.text.reveal()
    starts = {piece.block: piece.start for piece in reversed(flat.pieces)}
    ends = {piece.block: piece.end for piece in flat.pieces}
    touched: dict[int, tuple[str, ...]] = {}
    for number, (_, group) in enumerate(paragraphs(laid)):
        begin, end = starts.get(number, 0), ends.get(number, 0)
        at = [place for place in range(begin, end) if text[place].isalnum()]  # hyphens and blanks differ, letters never do
        done = 0
        for row in group:
            size = sum(map(str.isalnum, clean(row.text)))
            first, last = (at[done], at[done + size - 1]) if size and done + size <= len(at) else (0, -1)
            put = [(span, words) for span, words in replaced.items() if span.start <= last and span.end > first]
            if put:
                touched[id(row)] = tuple(words for span, words in put if span.start >= first)
            done += size
        if done != len(at):
            raise HeldError(
                "the lines of the picture cannot be told apart", "Publish it with a policy that says `pictures: text`."
            )
    return [[Row(row, touched.get(id(row))) for row in page] for page in laid]


def paint(
    pixels: Pixels, page: Page, page_rows: Sequence[Row], codes: Sequence[Box], unsafe: Callable[[Line], bool]
) -> Painted | None:
    """The page with rows painted over, or None if no row would stay. `codes` are rectangles in the picture as it was stored;
    `unsafe` says of a row whether it must go for a reason of its own."""
    import numpy as np
    from PIL import Image, ImageDraw

    gone = [row for row in page_rows if row.put is not None or unsafe(row.line)]
    kept = [row.line.text for row in page_rows if row not in gone]
    if not kept:
        return None
    canvas = np.array(pixels)
    for box in codes:
        margin = 0.1 * max(box.right - box.left, box.height)
        top, bottom, left, right = (
            max(0, int(v)) for v in (box.top - margin, box.bottom + margin, box.left - margin, box.right + margin)
        )
        canvas[top:bottom, left:right] = 255
    picture = Image.fromarray(stand(canvas, page.turned, page.skew))
    pen = ImageDraw.Draw(picture)
    size = sorted(row.line.box.height for row in page_rows)[len(page_rows) // 2]
    for row in gone:
        box = _area(row.line, page_rows, page)
        pen.rectangle(box, fill=PAPER, outline=FRAME)
        _write(pen, ", ".join(dict.fromkeys(row.put or ())), box, size)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return Painted(out.getvalue(), ClearText("\n".join(kept)))


def _area(line: Line, page_rows: Sequence[Row], page: Page) -> Box:
    """The band to paint for a row: over its whole height and from its left neighbour to its right one, or the page's edges.

    Its width must not tell how long the row was: it is that of the page or of a column, whatever stood there.
    """
    box = line.box
    left, right = 0.0, page.width - 1.0
    for other, _ in page_rows:
        if other.box.top < box.bottom and other.box.bottom > box.top:
            if other.box.left >= box.right:
                right = min(right, other.box.left - 2)
            elif other.box.right <= box.left:
                left = max(left, other.box.right + 2)
    room = 0.12 * box.height
    return Box(left, max(0, box.top - room), max(right, box.right), min(page.height - 1.0, box.bottom + room))


def _write(pen: ImageDraw.ImageDraw, words: str, box: Box, size: float) -> None:
    """The words in the band, in letters of one size for the page, if they fit."""
    from PIL import ImageFont

    font = ImageFont.load_default(max(size * 0.75, 8))
    if words and font.getlength(words) < (box.right - box.left) * 0.9:
        middle = (box.top + box.bottom) / 2
        pen.text((box.left + size, middle), words, font=font, fill=INK, anchor="lm")
