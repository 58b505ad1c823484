"""A picture file → its frames as plain RGB pixels, the way a viewer shows them. What it carries beside pixels is told apart.

Does not look into: private chunks, bytes after the picture, thumbnails, colour profiles, pixels that are wholly transparent.
None of them is ever carried over, and words in them are not learnt.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..cleartext import ClearText
from ..errors import HeldError
from ..model import Hidden
from ._format import damaged, unsafe

if TYPE_CHECKING:
    from PIL.Image import Image

    from ._ocr import Pixels

MAX_PIXELS = 80_000_000  # one frame: an A3 page at 500 dots an inch, 240 MB as RGB
MAX_SIDE = 20_000
MAX_FRAMES = 300  # pages of a TIFF file
MAX_MOVES = 24  # frames of a picture that moves
_KINDS = ("PNG", "JPEG", "TIFF", "GIF", "WEBP", "BMP")
_FAULTS = (
    *(OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError, OverflowError, ArithmeticError),
    struct.error,
)
"""What Pillow raises over files that lie about themselves."""


def frames(data: bytes) -> Iterator[Pixels]:
    """Each page of a file, each frame that differs from the one before it. Raises HeldError."""
    import numpy as np
    from PIL import Image, ImageSequence

    last: Pixels | None = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they speak of the file
        try:
            with Image.open(io.BytesIO(data), formats=_KINDS) as picture:
                _check(picture)
                for number, frame in enumerate(ImageSequence.Iterator(picture)):
                    if number and picture.format == "MPO":
                        break  # a depth map or a second view of the same photograph
                    if frame.width * frame.height > MAX_PIXELS or max(frame.size) > MAX_SIDE:
                        raise _huge()
                    pixels = _rgb(frame)
                    if last is None or not np.array_equal(pixels, last):
                        yield pixels
                    last = pixels
        except Image.DecompressionBombError:
            raise _huge() from None
        except _FAULTS:
            raise damaged() from None


def _check(picture: Image) -> None:
    if picture.width * picture.height > MAX_PIXELS or max(picture.size) > MAX_SIDE:
        raise _huge()
    count = getattr(picture, "n_frames", 1)
    if picture.format != "MPO" and count > (MAX_FRAMES if picture.format == "TIFF" else MAX_MOVES):
        if picture.format == "TIFF":
            raise HeldError(f"the file has more than {MAX_FRAMES} pages", "Split it into smaller documents.")
        raise HeldError("the picture is a film", "Save the frames that matter as pictures of their own.")


def _huge() -> HeldError:
    return unsafe("the picture is far larger than a page")


def _rgb(frame: Image) -> Pixels:
    """As shown on white paper: turned as its camera says, colours in 8 bits, transparent places white."""
    import numpy as np
    from PIL import Image as Pillow
    from PIL import ImageOps

    shown: Image = ImageOps.exif_transpose(frame) or frame
    if shown.mode.startswith(("I", "F")):  # 16 and 32 bits: from the darkest to the lightest that occurs
        grey = np.asarray(shown, dtype=np.float64)
        low, high = float(np.nanmin(grey)), float(np.nanmax(grey))
        scaled = np.nan_to_num((grey - low) / ((high - low) or 1.0)) * 255
        shown = Pillow.fromarray(scaled.astype(np.uint8))
    if shown.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in shown.info:
        shown = shown.convert("RGBA")
        paper = Pillow.new("RGBA", shown.size, (255, 255, 255, 255))
        shown = Pillow.alpha_composite(paper, shown)
    return np.asarray(shown.convert("RGB"), dtype=np.uint8)


def beside(data: bytes) -> list[Hidden]:
    """The words a picture file carries in its properties: text chunks, EXIF, XMP, comments."""
    from PIL import ExifTags, Image

    found: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=_KINDS) as picture:
                _check(picture)  # asking a PNG for its properties decodes it
                exif = picture.getexif()
                found += _texts({**picture.info, **getattr(picture, "text", {})})
                found += _texts(dict(exif))
                for part in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
                    found += _texts(dict(exif.get_ifd(part)))
        except (*_FAULTS, Image.DecompressionBombError):
            pass  # what cannot be read is dropped like the rest
    return [Hidden("picture property", ClearText(text)) for text in dict.fromkeys(found)]


def _texts(values: dict[Any, Any]) -> list[str]:
    """Values that read as words, and the names a file gave them."""
    out = []
    for key, value in values.items():
        text = value.decode("utf-8", "ignore") if isinstance(value, bytes) and len(value) < 65536 else value
        if isinstance(text, str) and key not in ("icc_profile", "photoshop"):
            text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
            if any(map(str.isalpha, text)):
                out.append(text[:2000])
    return out
