"""Pictures and scans (PNG, JPEG, TIFF, GIF, WebP, BMP): read by their lines of text, copied as text in a new Word file.

The picture itself is never copied here: what no engine reads, a face or a handwritten name, would be published with it.
Does not catch: what `_ocr` does not read; tables (each row becomes a line); words hidden in transparent pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..content import Content
from ..errors import HeldError
from ..model import Hidden, Span
from ._apart import allow
from ._format import Format, Reading
from ._layout import paragraphs, rows
from ._ocr import Box, Line, Page, read_lines, tesseract
from ._paint import Painted, marked, paint
from ._pixels import beside, frames

if TYPE_CHECKING:
    from ._ocr import Pixels

READ = 0.965  # the mean score a page needs, two engines having read it; at 0.96 about one word in twenty is wrong, at 0.985 none
ALONE = 0.985  # the same where one engine reads alone: it is nearly as sure of a noisy page as of a clean one (0.99 and more)
POOR = 0.75  # a line below it counts as unread
MAX_POOR = 0.1  # the share of letters in such lines that a page may have
PAGE_SECONDS = 120  # of processor time a page may take; the worst one tried took a minute
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+", b"GIF87a", b"GIF89a")
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftypavif")


def is_picture(data: bytes, _suffix: str = "") -> bool:
    """Whether a file is a picture of a kind that is read. Raises HeldError for one that is not read (HEIC, AVIF, Photoshop)."""
    if data[4:12] in _HEIC or data.startswith(b"8BPS\x00"):
        raise HeldError("no reader for this kind of picture", "Save it as .png or .jpg.")
    return (
        data.startswith(_MAGIC)
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
        or (data[:2] == b"BM" and data[6:10] == b"\x00" * 4)
    )


def read(data: bytes) -> Reading:
    """The lines of text in each page or frame, as paragraphs. Raises HeldError for a page that cannot be read well enough."""
    hidden: dict[Hidden, None] = dict.fromkeys(beside(data))
    pages: list[Page] = []
    alone = not tesseract()
    for _, pixels, page in _pages(data):
        if poor(page, alone):
            raise HeldError(
                f"page {len(pages) + 1} cannot be read well enough",
                "Scan it again at 300 dots an inch, straight and dark enough, or type it out.",
            )
        pages.append(page)
        hidden |= dict.fromkeys(_second(page.lines))
        hidden |= dict.fromkeys(Hidden("barcode", ClearText(text)) for text, _ in found_codes(pixels) if text)
    if not any(page.lines for page in pages):
        raise HeldError("no text can be read in the picture", "Leave it out of the bundle, or describe it in a document.")
    blocks = tuple(block for block, _ in paragraphs([rows(page.lines) for page in pages]))
    return Reading(Content(blocks), tuple(hidden), ("read-from-pixels", *(["read-by-one-engine"] if alone else [])))


def paint_pages(
    data: bytes, content: Content, replaced: Mapping[Span, str], protected: Callable[[str], bool]
) -> Iterator[Painted]:
    """Each page of a picture as a new PNG file with what is masked painted over (see `_paint`). A page of which no line would
    stay is left out. `content` and `replaced` as for `_paint.marked`; `protected` tells whether a text names somebody masked."""

    def unsafe(line: Line) -> bool:
        return line.score < POOR or (bool(line.second) and protected(line.second))

    pages = {number: page for number, _, page in _pages(data)}
    wanted = dict(zip(pages, marked(list(pages.values()), content, replaced), strict=True))
    for number, pixels in enumerate(frames(data)):
        if number not in pages:
            continue
        page, page_rows = pages[number], wanted[number]
        painted = paint(pixels, page, page_rows, [box for _, box in found_codes(pixels)], unsafe)
        if painted is not None:
            yield painted


def _pages(data: bytes) -> Iterator[tuple[int, Pixels, Page]]:
    """The number of each page, its pixels and what was read of it.

    A picture that moves says the same in many frames: the first of them counts.
    """
    last: list[str] | None = None
    for number, pixels in enumerate(frames(data)):
        allow(PAGE_SECONDS)
        page = read_lines(pixels)
        texts = [line.text for line in page.lines]
        if texts != last:
            yield number, pixels, page
        last = texts


def poor(page: Page, alone: bool) -> bool:
    """Whether too much of a page is read with doubt to know whose names stand in it; `alone`: one engine read it."""
    letters = sum(len(line.text) for line in page.lines)
    doubtful = sum(len(line.text) for line in page.lines if line.score < POOR)
    return bool(letters) and (page.score < (ALONE if alone else READ) or doubtful > MAX_POOR * letters)


def _second(lines: tuple[Line, ...]) -> Iterator[Hidden]:
    """What the second engine read otherwise: a name that only it reads right is known so."""
    yield from (
        Hidden("second reading", ClearText(line.second))
        for line in lines
        if line.second and len(line.second) * 2 > len(line.text)
    )


def found_codes(pixels: Pixels) -> list[tuple[str, Box]]:
    """QR codes and barcodes: what each says ("" for one that is seen and not understood) and the rectangle around it."""
    import zxingcpp

    found = []
    for code in zxingcpp.read_barcodes(pixels, return_errors=True):
        corners = [code.position.top_left, code.position.top_right, code.position.bottom_right, code.position.bottom_left]
        across, down = [point.x for point in corners], [point.y for point in corners]
        box = Box(min(across), min(down), max(across) + 1, max(down) + 1)
        found.append((code.text if code.valid else "", box))
    return found


_ENDINGS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".webp", ".bmp")
PICTURE = Format("picture", "image/png", _ENDINGS, is_picture, read, copy_as="docx")
