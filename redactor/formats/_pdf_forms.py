"""Filled form fields of a PDF, drawn into its pages: what a reader sees in them is text of the page.

Only fields are drawn (annotations of subtype Widget, ISO 32000-1 §12.5.6.19); notes, stamps and marks stay annotations, which are
learnt from and dropped. A field that is hidden or never shown on screen is not drawn. A field looks as its file says; where the
file leaves that to the reader's program its value is set here, in Helvetica. Does not run scripts: a field that computes its
value shows the value it was saved with. Does not draw XFA forms, values in other letters than Windows-1252 that the file does not
draw itself, and what runs out of a field at the size of small print: these are learnt from and dropped.
"""

from __future__ import annotations

import io
import textwrap
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from ..errors import HeldError

Rect = tuple[float, float, float, float]

_PUSH = 1 << 16  # of /Ff: a button that holds nothing (ISO 32000-1 table 226)
_COMB, _LINES, _PASSWORD = 1 << 24, 1 << 12, 1 << 13  # of /Ff of a text (table 228)
_WIDE = 5.75  # points: a letter of Helvetica at 10 points, on average and some more
_TALL = 12.0  # points: a line of it
_SCALES = (1.0, 1.2, 1.4, 1.7, 2.0, 2.4, 2.8, 3.4)  # how many times smaller than 10 points a value may be set
_UNSEEN = 0b100011  # invisible, hidden, no view: bits 1, 2 and 6 of /F (ISO 32000-1 table 165)


@dataclass(slots=True)
class Drawn:
    """A file with its fields drawn. `fields`: per page their rectangles (left, bottom, right, top, in the page's own space), each
    with "☒" or "☐" for a box to tick, "" for one to fill."""

    data: bytes
    fields: list[list[tuple[Rect, str]]] = field(default_factory=list)


def with_fields(data: bytes) -> Drawn:
    """The file with its visible fields drawn into the pages.

    A file without fields is returned as it is. Raises HeldError for one whose fields cannot be drawn: what a reader sees in them
    would be missing from the copy without a word.
    """
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
            if not any(_fields(page) for page in document.pages):
                return Drawn(data)
            places = [[(_rect(one), _ticked(one)) for one in _fields(page)] for page in document.pages]
            kept = [_without_fields(document, page) for page in document.pages]
            _dress(document)
            document.flatten_annotations("screen")
            for page, others in zip(document.pages, kept, strict=True):
                if others:
                    page.obj.Annots = pikepdf.Array(others)
            drawn = io.BytesIO()
            document.save(drawn, deterministic_id=True)
            return Drawn(drawn.getvalue(), places)
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError):
        raise HeldError(
            "its form fields cannot be drawn", "Print it to a new PDF file from the program it is filled in with"
        ) from None


def _fields(page: pikepdf.Page) -> list[Any]:
    """The fields that a reader of the page sees."""
    return [
        a
        for a in _annotations(page)
        if _is_field(a) and not int(a.get("/F", 0)) & _UNSEEN and isinstance(a.get("/Rect"), Array) and len(a.Rect) == 4
    ]


def _annotations(page: pikepdf.Page) -> list[Any]:
    found = page.obj.get("/Annots")
    return [a for a in found if isinstance(a, pikepdf.Dictionary)] if isinstance(found, pikepdf.Array) else []


def _is_field(annotation: Any) -> bool:
    return bool(annotation.get("/Subtype") == "/Widget")


def _without_fields(document: pikepdf.Pdf, page: pikepdf.Page) -> list[Any]:
    """Take every annotation but the visible fields off the page; these are returned, to be put back."""
    visible = _fields(page)
    others = [a for a in _annotations(page) if not _is_field(a)]
    if visible:
        page.obj.Annots = pikepdf.Array([a if a.is_indirect else document.make_indirect(a) for a in visible])
    elif "/Annots" in page.obj:
        del page.obj["/Annots"]
    return others


def _rect(one: Any) -> Rect:
    x0, y0, x1, y1 = (float(v) for v in one.Rect)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _ticked(one: Any) -> str:
    """What a box to tick shows, "" for any other field."""
    if _own(one, "/FT") != "/Btn" or int(_own(one, "/Ff") or 0) & _PUSH:
        return ""
    return "☐" if one.get("/AS", _own(one, "/V")) in (None, "/Off") else "☒"


def _own(one: Any, key: str) -> Any:
    """An entry of a field, or of the field it is a part of (ISO 32000-1 §12.7.3.1)."""
    for _ in range(8):
        if key in one or not isinstance(one.get("/Parent"), pikepdf.Dictionary):
            return one.get(key)
        one = one.Parent
    return None


def _dress(document: pikepdf.Pdf) -> None:
    """Give every visible field the look that a reader's program would give it."""
    form = document.Root.get("/AcroForm")
    always = isinstance(form, Dictionary) and bool(form.get("/NeedAppearances", False))
    if isinstance(form, Dictionary):
        form["/NeedAppearances"] = False  # else no field is drawn
    for page in document.pages:
        for one in _fields(page):
            _dress_one(document, one, always)


def _dress_one(document: pikepdf.Pdf, one: Any, always: bool) -> None:
    """`always`: the file asks that values be set anew."""
    kind, flags, looks = _own(one, "/FT"), int(_own(one, "/Ff") or 0), one.get("/AP")
    dressed = isinstance(looks, Dictionary) and isinstance(looks.get("/N"), pikepdf.Stream)
    text = kind == "/Tx"
    if (text and not flags & _PASSWORD) or kind == "/Ch":
        lines = _lines(one, bool(kind == "/Ch"))
        if lines and (always or not dressed or (text and flags & _COMB)):  # a comb parts each letter from the next
            _set(document, one, lines, bool(text and flags & _LINES))
    looks = one.get("/AP")
    if "/OC" in one and isinstance(looks, Dictionary) and isinstance(looks.get("/N"), pikepdf.Stream):
        looks.N["/OC"] = one["/OC"]  # a layer that is switched off is not drawn


def _lines(one: Any, choice: bool) -> list[str]:
    """The lines of a field's value as it is shown; none where it has none."""
    value = _own(one, "/V")
    values = list(value) if isinstance(value, Array) else [value]
    texts = [str(v) if isinstance(v, pikepdf.String) else _streamed(v) for v in values]
    if choice:
        shown = {str(pair[0]): str(pair[1]) for pair in _own(one, "/Opt") or [] if isinstance(pair, Array) and len(pair) == 2}
        texts = [shown.get(text, text) for text in texts]
    lines = [line for text in texts for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return [line for line in lines if line.strip()]


def _streamed(value: Any) -> str:
    return value.read_bytes().decode("cp1252", "replace") if isinstance(value, pikepdf.Stream) else ""


def _set(document: pikepdf.Pdf, one: Any, lines: list[str], wrap: bool = False) -> None:
    """Set lines as the look of a field, at most 10 points high, smaller where they would not fit; `wrap`: lines may be parted."""
    left, bottom, right, top = _rect(one)
    width, height = max(right - left, 1.0), max(top - bottom, 1.0)
    for scale in _SCALES:
        room = max(int(width * scale / _WIDE) - 1, 1)
        parts = [part for line in lines for part in textwrap.wrap(line, room)] if wrap else lines
        if max(map(len, parts)) <= room and len(parts) * _TALL <= height * scale:
            break
    try:
        coded = [part.encode("cp1252") for part in parts]
    except UnicodeEncodeError:
        return
    tall = height * scale
    first = tall - 10 if len(parts) > 1 else (tall - 7) / 2
    shown = b"".join(b"<%s> Tj 0 -12 Td " % line.hex().encode() for line in coded)
    look = document.make_stream(b"q BT /F 10 Tf 0 g 2 %.2f Td %s ET Q" % (first, shown))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    look.update(
        {
            "/Type": Name.XObject,
            "/Subtype": Name.Form,
            "/BBox": Array([0, 0, width * scale, tall]),
            "/Resources": Dictionary(Font=Dictionary(F=font)),
        }
    )
    one["/AP"] = Dictionary(N=document.make_indirect(look))
    if "/AS" in one:
        del one["/AS"]
