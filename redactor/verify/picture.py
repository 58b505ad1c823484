"""Every place of a picture copy where words can stand: its pixels, and whatever a PNG file can hold beside them.

The file must be pixels and nothing else: one frame, three colours of 8 bits, no transparency, no chunk beside those of the
pixels, no byte after them. Does not catch: what no engine reads (see `eyes`); patterns in pixels that are no letters, such as a
watermark; faces.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from .eyes import readings
from .places import Extract, UnreadableError, Vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_PIXELS = 80_000_000
_MORE = "the picture holds more than its pixels"


def picture_places(data: bytes, _known: Vocabulary) -> Extract:
    """What can be read in a PNG copy. Raises UnreadableError if it is not pixels alone, or a code is left in it."""
    width, height = _pixels_alone(data)
    pixels = _decoded(data, width, height)
    if _has_code(pixels):
        raise UnreadableError("a QR code or barcode is left in the picture")
    return Extract(tuple(text for text in readings(pixels) if text.strip()))


def _pixels_alone(data: bytes) -> tuple[int, int]:
    """Width and height of a file that holds the header, the pixels and the end, each whole, in this order, and nothing more."""
    if not data.startswith(_SIGNATURE):
        raise UnreadableError("the picture is no PNG file")
    chunks: list[tuple[bytes, bytes]] = []
    at = len(_SIGNATURE)
    while at < len(data):
        try:
            (size,) = struct.unpack_from(">I", data, at)
            (check,) = struct.unpack_from(">I", data, at + 8 + size)
        except struct.error:
            raise UnreadableError(_MORE if chunks[-1:] and chunks[-1][0] == b"IEND" else "the picture is cut short") from None
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        if zlib.crc32(kind + body) != check:
            raise UnreadableError("the picture is damaged")
        chunks.append((kind, body))
        at += 12 + size
    kinds = [kind for kind, _ in chunks]
    if len(kinds) < 3 or kinds != [b"IHDR", *[b"IDAT"] * (len(kinds) - 2), b"IEND"] or chunks[-1][1]:
        raise UnreadableError(_MORE)
    width, height, *rest = struct.unpack(">IIBBBBB", chunks[0][1])
    if rest != [8, 2, 0, 0, 0] or not 0 < width * height <= MAX_PIXELS:
        raise UnreadableError("the picture is not plain pixels of 8 bits in three colours")
    stream = zlib.decompressobj()
    size = height * (1 + 3 * width)
    try:
        rows = stream.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"), size + 1)
    except zlib.error:
        raise UnreadableError("the picture is damaged") from None
    if len(rows) != size or stream.unused_data or stream.unconsumed_tail or not stream.eof:
        raise UnreadableError(_MORE)
    return width, height


def _decoded(data: bytes, width: int, height: int) -> NDArray[np.uint8]:
    import io

    import numpy as np
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
            pixels = np.asarray(picture.convert("RGB"), dtype=np.uint8)
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError):
        raise UnreadableError("the picture cannot be opened") from None
    if pixels.shape != (height, width, 3):
        raise UnreadableError("the picture cannot be opened")
    return pixels


def _has_code(pixels: NDArray[np.uint8]) -> bool:
    import zxingcpp

    return any(zxingcpp.read_barcodes(view, return_errors=True) for view in (pixels, pixels[::2, ::2]))
