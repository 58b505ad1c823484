"""A letterhead on its way from the process that reads templates: as JSON values, and from them again.

What comes is looked at once more, by the same whitelist: a template that took its reader over gets no field, no link and no
picture into a copy that another template could not. Pictures come as pixels.
"""

from __future__ import annotations

import base64
import io
import re
import zlib
from typing import TYPE_CHECKING, Any

from ..errors import HeldError
from ._docx_numbers import W
from ._docx_story import R
from ._format import damaged
from ._letterhead_margin import DRAWN, FONT, KEPT, LOOKS, MAX_PIXELS, VALUE, Margin

if TYPE_CHECKING:
    from lxml import etree

    from .letterhead import Letterhead

    Element = etree._Element

_TAGS = KEPT | LOOKS | {"fldSimple", "pgSz", "pgMar"}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_TOLD = {  # attributes that are more than a measure or a word of Word's own
    f"{W}instr": re.compile("PAGE|NUMPAGES"), f"{W}ascii": FONT, f"{W}hAnsi": FONT, _SPACE: re.compile("preserve"),
    f"{R}embed": re.compile(r"picture\d+"), "uri": re.compile(r"http://schemas\.openxmlformats\.org/[\w/]+"),
}  # fmt: skip


def as_values(letterhead: Letterhead) -> dict[str, Any]:
    """A letterhead as JSON values."""
    margins = [
        [*place, _texts(margin.xml), {key: _pixels(data) for key, data in margin.pictures.items()}, list(margin.lines)]
        for place, margin in letterhead.margins.items()
    ]
    return {
        "margins": margins,
        "styles": {name: _texts(look) for name, look in letterhead.styles.items()},
        "defaults": _texts(letterhead.defaults),
        "page": _texts(letterhead.page),
        "first_page": letterhead.first_page,
    }


def of_values(said: dict[str, Any]) -> Letterhead:
    """The letterhead again. Raises HeldError for what is none, or holds what none has."""
    from .letterhead import Letterhead

    try:
        margins = {
            (_one_of(kind, "header", "footer"), _one_of(type_, "default", "first")): Margin(
                _checked(xml), {str(key): _png(*of) for key, of in pictures.items()}, tuple(map(str, lines))
            )
            for kind, type_, xml, pictures, lines in said["margins"]
        }
        styles = {str(name): _checked(look) for name, look in said["styles"].items()}
        return Letterhead(margins, styles, _checked(said["defaults"]), _checked(said["page"]), said["first_page"] is True)
    except (ValueError, TypeError, KeyError, AttributeError, zlib.error):
        raise damaged() from None


def _texts(parts: tuple[bytes, ...]) -> list[str]:
    return [part.decode("ascii") for part in parts]


def _one_of(said: object, *known: str) -> str:
    return known[known.index(str(said))]  # ValueError for anything else


def _checked(parts: list[str]) -> tuple[bytes, ...]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    found = []
    for part in parts:
        try:
            root = etree.fromstring(part.encode("ascii"), parser)
        except etree.XMLSyntaxError:
            raise damaged() from None
        for element in root.iter():
            _check(element)
        found.append(bytes(etree.tostring(root)))
    return tuple(found)


def _check(element: Element) -> None:
    """Raises HeldError for an element, attribute or text that no letterhead has."""
    tag = str(element.tag)
    known = tag.startswith(W) and tag.removeprefix(W) in _TAGS
    text = element.text or ""
    if not (known or tag.startswith(DRAWN)) or element.tail or (text and tag != f"{W}t" and not VALUE.fullmatch(text)):
        raise _foreign()
    for name, value in element.attrib.items():
        told = _TOLD.get(str(name), VALUE if re.fullmatch(rf"({re.escape(W)})?\w+", str(name)) else None)
        if told is None or not told.fullmatch(str(value)):
            raise _foreign()


def _foreign() -> HeldError:
    return HeldError("its header or footer is built to harm", "Make it anew")


def _pixels(png: bytes) -> list[Any]:
    """Width, height and the pixels, packed."""
    from PIL import Image

    with Image.open(io.BytesIO(png), formats=("PNG",)) as picture:
        return [*picture.size, base64.b64encode(zlib.compress(picture.convert("RGBA").tobytes())).decode()]


def _png(width: int, height: int, packed: str) -> bytes:
    from PIL import Image

    if not (0 < width * height <= MAX_PIXELS and width > 0):
        raise ValueError
    raw = zlib.decompressobj().decompress(base64.b64decode(packed), width * height * 4)
    out = io.BytesIO()
    Image.frombytes("RGBA", (width, height), raw).save(out, "PNG")
    return out.getvalue()
