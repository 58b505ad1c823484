"""Pictures and scans (PNG, JPEG, TIFF, GIF, WebP, BMP): read by their lines of text, copied as text in a new Word file.

The picture itself is never copied here: what no engine reads, a face or a handwritten name, would be published with it.
Does not catch: what `_ocr` does not read; tables (each row becomes a line); words hidden in transparent pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..content import Content
from ..errors import HeldError
from ..model import Hidden
from ._format import Format, Reading
from ._layout import paragraphs, rows
from ._ocr import Line, Page, read_lines
from ._pixels import beside, frames

if TYPE_CHECKING:
    from ._ocr import Pixels

READ = 0.9  # the mean score a page needs; at 0.9 about one word in twenty is wrong (benchmarks/formats.py)
POOR = 0.75  # a line below it counts as unread
MAX_POOR = 0.1  # the share of letters in such lines that a page may have
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
    pages = []
    hidden: dict[Hidden, None] = dict.fromkeys(beside(data))
    for number, pixels in enumerate(frames(data), 1):
        page = read_lines(pixels)
        if poor(page):
            raise HeldError(
                f"page {number} cannot be read well enough",
                "Scan it again at 300 dots an inch, straight and dark enough, or type it out.",
            )
        pages.append(page)
        hidden |= dict.fromkeys(_second(page.lines))
        hidden |= dict.fromkeys(Hidden("barcode", ClearText(text)) for text in codes(pixels) if text)
    if not any(page.lines for page in pages):
        raise HeldError("no text can be read in the picture", "Leave it out of the bundle, or describe it in a document.")
    read_rows = [rows(page.lines) for page in _differing(pages)]
    return Reading(Content(tuple(block for block, _ in paragraphs(read_rows))), tuple(hidden), ("read-from-pixels",))


def poor(page: Page) -> bool:
    """Whether too much of a page is read with doubt to know whose names stand in it."""
    letters = sum(len(line.text) for line in page.lines)
    doubtful = sum(len(line.text) for line in page.lines if line.score < POOR)
    return bool(letters) and (page.score < READ or doubtful > MAX_POOR * letters)


def _differing(pages: list[Page]) -> Iterator[Page]:
    """A picture that moves says the same in many frames."""
    last: list[str] = []
    for page in pages:
        texts = [line.text for line in page.lines]
        if texts != last:
            yield page
        last = texts


def _second(lines: tuple[Line, ...]) -> Iterator[Hidden]:
    """What the second engine read otherwise: a name that only it reads right is known so."""
    yield from (
        Hidden("second reading", ClearText(line.second))
        for line in lines
        if line.second and len(line.second) * 2 > len(line.text)
    )


def codes(pixels: Pixels) -> list[str]:
    """What QR codes and barcodes in a picture say, "" for one that is seen and not understood."""
    return [text for text, _ in found_codes(pixels)]


def found_codes(pixels: Pixels) -> list[tuple[str, tuple[float, float, float, float]]]:
    """QR codes and barcodes: what each says and the rectangle (left, top, right, bottom) around it in pixels."""
    import cv2

    found = []
    for detector in (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco()):
        ok, texts, quads, _ = detector.detectAndDecodeMulti(pixels)
        found += list(zip(texts, quads, strict=True)) if ok and quads is not None else []
    ok, texts, _kinds, quads = cv2.barcode.BarcodeDetector().detectAndDecodeWithType(pixels)
    found += list(zip(texts, quads, strict=True)) if ok and quads is not None else []
    return [
        (str(text), (float(q[:, 0].min()), float(q[:, 1].min()), float(q[:, 0].max()), float(q[:, 1].max()))) for text, q in found
    ]


_ENDINGS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".webp", ".bmp")
PICTURE = Format("picture", "image/png", _ENDINGS, is_picture, read, copy_as="docx")
