"""Lines drawn by chance in place of what the models read of a picture, so that thousands of pages go through what reads them."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from redactor import ocr

if TYPE_CHECKING:
    from redactor.ocr import Pixels


@contextmanager
def lines_by_chance() -> Iterator[None]:
    """Within this, no model is asked."""
    models, ocr.lines = ocr.lines, drawn_lines
    try:
        yield
    finally:
        ocr.lines = models


def drawn_lines(pixels: Pixels, largest: int, either_way_up: bool = False) -> list[ocr.Found]:  # noqa: ARG001
    """What the models could say of a picture: lines anywhere in it, of any size, aslant, sure or not; the same each time."""
    import numpy as np

    draw, (height, width) = random.Random(zlib.crc32(pixels.tobytes())), pixels.shape[:2]
    found, words = [], ["Ms", "harbour", "office.", "3", "March", "", "|", "\u0301", "\u202e", "ﬁ", "x" * 500]
    for _ in range(draw.choice((0, 1, 3, 9))):
        text = " ".join(draw.choices(words, k=draw.choice((1, 2, 9)))).strip() or "I"
        (left, right), (top, bottom) = (sorted(draw.uniform(0, side) for _ in "ab") for side in (width, height))
        bottom, slope = draw.choice((bottom, min(bottom, top + 12), top)), draw.choice((0, 0, 3, height))
        corners = np.array([(left, top), (right, top + slope), (right, bottom + slope), (left, bottom)], dtype=np.float32)
        found.append(ocr.Found(text, draw.choice((1.0, 0.99, 0.7, 0.0)), corners))
    return found
