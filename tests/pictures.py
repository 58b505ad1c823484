"""Invented pages drawn as pictures, for every test that reads pixels."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

LINES = (
    "The panel heard that the clerk had left the surgery on",
    "Mill Lane in March and that the letters she wrote to the",
    "council were never found again.",
)


def drawn(
    lines: Sequence[str] = LINES, size: int = 24, ink: int = 0, paper: int = 255, width: int = 0, head: str = ""
) -> Image.Image:
    """Lines of text one under the other, black on white unless told otherwise; `head` above them, twice as large."""
    font = ImageFont.load_default(size)
    height = int(size * 1.5)
    top = size + (3 * size if head else 0)
    wide = width or int(max(font.getlength(line) for line in (*lines, head * 2))) + 4 * size
    picture = Image.new("RGB", (wide, top + height * len(lines) + size), (paper,) * 3)
    pen = ImageDraw.Draw(picture)
    pen.text((2 * size, size), head, font=ImageFont.load_default(2 * size), fill=(ink,) * 3)
    for number, line in enumerate(lines):
        pen.text((2 * size, top + number * height), line, font=font, fill=(ink,) * 3)
    return picture


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The picture as a file's bytes."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
