"""A person of its own in each of 15 places of a PNG file: in pixels, in chunks, in a second frame, after the end."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps, ImageSequence, PngImagePlugin
from rapidfuzz import fuzz
from rapidocr import RapidOCR

from tests.planted import Planted, planted

SEEN = ("big", "small", "low_contrast", "white_on_black", "rotated90", "apng_frame")  # by a reader's eyes
PIXELS = (*SEEN, "alpha_zero", "qr")
CHUNKS = ("tEXt", "zTXt", "iTXt_xmp", "eXIf", "private", "after_iend", "text_author")
PLACES = PIXELS + CHUNKS
PLAIN = ("Minutes of the panel", "The council found that its letters were lost.", "Nobody was told.", "The file ends here.")


def planted_png() -> tuple[bytes, dict[str, Planted]]:
    """The file, and who is where."""
    many = list(planted(map(str, range(120))).values())  # every seventh, for neighbours differ by a letter and pixels are misread
    persons = dict(zip(PLACES, many[::7], strict=False))
    first, second = _first_frame(persons), Image.new("RGBA", (760, 480), "white")
    _write(second, 40, f"{persons['apng_frame'].name} came later.", 26)
    _write(second, 90, PLAIN[3], 26)
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", persons["tEXt"].name)
    info.add_text("Description", f"Minutes by {persons['zTXt'].name}", zip=True)
    info.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta><creator>{persons['iTXt_xmp'].name}</creator></x:xmpmeta>")
    info.add_text("Author", persons["text_author"].name)
    info.add(b"prVt", persons["private"].name.encode())
    exif = Image.Exif()
    exif[0x010E] = persons["eXIf"].name
    out = io.BytesIO()
    first.save(out, "PNG", pnginfo=info, exif=exif, save_all=True, append_images=[second], duration=500)
    return out.getvalue() + persons["after_iend"].name.encode(), persons


def _first_frame(persons: dict[str, Planted]) -> Image.Image:
    picture = Image.new("RGBA", (760, 480), "white")
    _write(picture, 12, PLAIN[0], 40)
    _write(picture, 72, f"{persons['big'].name} spoke first.", 34)
    _write(picture, 124, PLAIN[1], 24)
    _write(
        picture,
        162,
        f"{persons['small'].name} spoke next and said that nobody in the office had been told of the letters to the council.",
        13,
    )
    _write(picture, 196, f"{persons['low_contrast'].name} wrote to us.", 24, (205, 205, 205, 255))
    ImageDraw.Draw(picture).rectangle((0, 236, 700, 284), fill="black")
    _write(picture, 246, f"{persons['white_on_black'].name} left.", 24, (255, 255, 255, 255))
    _write(picture, 300, PLAIN[2], 24)
    _write(picture, 392, "The panel met again in the spring to hear what", 18)
    _write(picture, 416, "the council had done with the letters it was", 18)
    _write(picture, 440, "sent, and by whom they had been answered.", 18)
    note = Image.new("RGBA", (400, 36), "white")
    _write(note, 4, persons["rotated90"].name, 24)
    picture.paste(note.rotate(90, expand=True), (710, 20))
    _write(picture, 340, persons["alpha_zero"].name, 24)
    clear = Image.new("L", picture.size, 255)
    clear.paste(0, (0, 330, 480, 380))  # black letters on white, and all of it transparent
    picture.putalpha(clear)
    square = Image.fromarray(cv2.QRCodeEncoder.create().encode(persons["qr"].name)).convert("RGBA")
    picture.paste(square.resize((110, 110), Image.Resampling.NEAREST), (500, 350))
    return picture


def _write(picture: Image.Image, top: int, text: str, size: int, ink: tuple[int, int, int, int] = (0, 0, 0, 255)) -> None:
    ImageDraw.Draw(picture).text((24, top), text, font=ImageFont.load_default(size), fill=ink)


def frames(data: bytes) -> list[Image.Image]:
    """Each frame with what was transparent made visible: what a search in pixels must look at."""
    with Image.open(io.BytesIO(data)) as picture:
        return [Image.fromarray(np.asarray(frame)[:, :, :3]) for frame in ImageSequence.Iterator(picture)]


@cache
def _engine() -> Any:
    """Another set-up than the product's: it turns each line by itself."""
    return RapidOCR(params={"Global.log_level": "critical", "Global.text_score": 0.0, "Det.limit_type": "max"})


def words_in(data: bytes) -> list[str]:
    """What can be read in the pixels of each frame, as it lies, turned and with its contrast drawn out; in codes too."""
    texts: list[str] = []
    for frame in frames(data):
        for view in (frame, ImageOps.invert(ImageOps.autocontrast(frame)).rotate(90, expand=True)):
            texts += _engine()(np.asarray(view)).txts or ()
        texts += cv2.QRCodeDetectorAruco().detectAndDecodeMulti(np.asarray(frame))[1]
    return ["".join(filter(str.isalnum, text.casefold())) for text in texts]


def seen_in(texts: list[str], persons: dict[str, Planted]) -> dict[str, str]:
    """place → the name of its person that stands in these texts, with at most one letter in ten wrong."""
    return {
        place: token
        for place, person in persons.items()
        for token in (person.given, person.surname)
        if any(fuzz.partial_ratio(token.casefold(), text) > 88 for text in texts if len(text) > 5)
    }
