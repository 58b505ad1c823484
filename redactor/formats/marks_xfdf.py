"""Marks as an XFDF file (ISO 19444-1): what Acrobat and others export and import beside a PDF file; read, and written.

Does not read: marks on form fields, and FDF, the older form that is no XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import HeldError
from ..model import Action
from ._format import unsafe
from .marks import AUTHOR, MAX_MARKS, says
from .marks_pdf import GREEN, RED, around, around_quads, is_green, quads
from .marks_words import Placed, Shape

if TYPE_CHECKING:
    from lxml import etree

    from ._pdf_text import Rect

NAMESPACE = "http://ns.adobe.com/xfdf/"
MAX_XFDF = 16 * 1024 * 1024  # bytes; twenty thousand marks take about 8 MiB
_SORTS = {"redact": "redaction", "highlight": "highlight"}
_NUMBER = re.compile(r"-?\d{1,7}(?:\.\d{1,20})?")


def no_xfdf() -> HeldError:
    """The file is no XFDF that can be read."""
    return HeldError("the file is not XFDF that can be read", "Export the comments of the PDF file as XFDF once more.")


def root_of(data: bytes) -> etree._Element:
    """The root of an XFDF file. A document type is refused: entities grow without end or fetch files; XFDF needs none."""
    from lxml import etree

    if len(data) > MAX_XFDF:
        raise unsafe("it is far larger than marks are")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise (unsafe("it declares XML entities") if b"<!ENTITY" in data.replace(b"\0", b"") else no_xfdf()) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise unsafe("it declares XML entities")
    if root.tag != f"{{{NAMESPACE}}}xfdf":
        raise no_xfdf()
    return root


def file_named(data: bytes) -> str:
    """The name (never a path) of the PDF file that an XFDF file is about, "" if it says none. Personal text."""
    found = root_of(data).find(f"{{{NAMESPACE}}}f")
    return re.split(r"[/\\]", found.get("href", ""))[-1] if found is not None else ""


def shapes_of(data: bytes) -> list[Shape]:
    """The marks of an XFDF file, in its order. A reply speaks of the place of what it answers. Raises HeldError."""
    root = root_of(data)
    notes = [e for e in root.iterfind(f"{{{NAMESPACE}}}annots/*") if isinstance(e.tag, str)]
    named = {name: note for note in notes if (name := note.get("name"))}
    out = []
    for note in notes:
        text, kind = _said(note), note.tag.rsplit("}", 1)[-1]
        if kind not in _SORTS and not says(text):
            continue
        page = note.get("page", "")
        about = named.get(note.get("inreplyto", ""), note)
        at = int(page) if re.fullmatch(r"\d{1,6}", page) else -1
        out.append(
            Shape(
                at, _SORTS.get(kind, "comment"), text, note.get("title", ""), _green(note.get("color", "")), tuple(_places(about))
            )
        )
    if len(out) > MAX_MARKS:
        raise unsafe(f"it has more than {MAX_MARKS} marks")
    return out


def _said(note: etree._Element) -> str:
    """The words of a note: plain, else its rich text."""
    plain = note.find(f"{{{NAMESPACE}}}contents")
    text = "".join(map(str, plain.itertext())) if plain is not None else ""
    if not text.strip():
        rich = note.find(f"{{{NAMESPACE}}}contents-richtext")
        text = " ".join(map(str, rich.itertext())) if rich is not None else ""
    return text.strip()[:20_000]


def _places(note: etree._Element) -> Iterator[Rect]:
    points = _numbers(note.get("coords", ""))
    if len(points) >= 8:
        yield from around_quads(points)
    elif len(rect := _numbers(note.get("rect", ""))) == 4:
        left, bottom, right, top = rect
        yield min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def _numbers(text: str) -> list[float]:
    """Numbers parted by commas; none at all where one of them is none."""
    parts = [part.strip() for part in re.split(r"[,;\s]+", text[:2_000_000].strip())]
    return [float(part) for part in parts] if all(map(_NUMBER.fullmatch, parts)) else []


def _green(colour: str) -> bool:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", colour):
        return False
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return is_green(red, green, blue)


def written(placed: Sequence[Placed], file_name: str) -> bytes:
    """Proposals as an XFDF file about the PDF file of this name."""
    from lxml import etree

    def tag(name: str) -> str:
        return f"{{{NAMESPACE}}}{name}"

    spaces: Any = {None: NAMESPACE}  # the stubs know no namespace without a prefix
    root = etree.Element(tag("xfdf"), nsmap=spaces)
    etree.SubElement(root, tag("f"), href=file_name)
    annots = etree.SubElement(root, tag("annots"))
    for one in placed:
        keeps = one.proposed.action is Action.KEEP
        note = etree.SubElement(annots, tag("highlight" if keeps else "redact"))
        note.set("page", str(one.page))
        note.set("rect", ",".join(map(str, around(one.places))))
        note.set("coords", ",".join(map(str, quads(one.places))))
        note.set("color", "#" + "".join(f"{round(n * 255):02X}" for n in (GREEN if keeps else RED)))
        note.set("flags", "print")
        note.set("name", f"{AUTHOR}-{one.proposed.id}-{one.page + 1}")
        note.set("title", AUTHOR)
        if not keeps:
            note.set("interior-color", "#000000")
        etree.SubElement(note, tag("contents")).text = one.proposed.note
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
