"""Fields of a PDF form drawn on their pages, so that what was filled in is read as a reader of the form sees it.

A field looks as its file says; where the file leaves that to the reader's program its value is set here, in Helvetica. A
ticked box becomes "x", another nothing. Fields that nobody sees (hidden, not on screen) are not drawn. Does not catch: XFA
forms, values in other letters than Windows-1252 that the file does not draw itself, and what runs out of a field at the size of
small print; all stay hidden, learnt from and dropped.
"""

from __future__ import annotations

import io
import textwrap
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from ..errors import HeldError

_WIDE = 5.0  # points: a letter of Helvetica at 10 points, on average
_TALL = 12.0  # points: a line of it
_SCALES = (1.0, 1.2, 1.4, 1.7, 2.0, 2.4, 2.8, 3.4)  # how many times smaller than 10 points a value may be set
_PUSH, _COMB, _LINES, _PASSWORD = 1 << 16, 1 << 24, 1 << 12, 1 << 13  # field flags, ISO 32000-1, tables 226 and 228


def with_fields(data: bytes) -> bytes:
    """The file with the fields that are seen as part of their pages, all other annotations as they were; the same bytes where it
    has none. Raises HeldError where they cannot be drawn; a file that cannot be opened comes back as it is."""
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
            if not any(_is_field(note) for page in document.pages for note in _notes(page)):
                return data
            return _drawn(document)
    except pikepdf.PasswordError:
        return data
    except (pikepdf.PdfError, pikepdf.DataDecodingError, RuntimeError, ValueError, TypeError, KeyError, AttributeError):
        raise HeldError("its form fields cannot be drawn", "Print it into a new PDF file.") from None


def _notes(page: pikepdf.Page) -> list[Any]:
    notes = page.obj.get("/Annots")
    return [note for note in notes if isinstance(note, Dictionary)] if isinstance(notes, Array) else []


def _is_field(note: Any) -> bool:
    return bool(note.get("/Subtype") == "/Widget")


def _drawn(document: pikepdf.Pdf) -> bytes:
    form = document.Root.get("/AcroForm")
    always = False
    if isinstance(form, Dictionary):
        always = bool(form.get("/NeedAppearances", False))
        form["/NeedAppearances"] = False  # else nothing is drawn: what stands in for the reader's program is below
    others: list[list[Any]] = []
    for page in document.pages:
        notes = _notes(page)
        others.append([note for note in notes if not _is_field(note)])
        fields = [note for note in notes if _is_field(note) and isinstance(note.get("/Rect"), Array) and len(note.Rect) == 4]
        for field in fields:
            _dress(document, field, always)
        page.obj["/Annots"] = Array(fields)
    document.flatten_annotations("screen")
    for page, notes in zip(document.pages, others, strict=True):
        page.obj["/Annots"] = Array(notes)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _dress(document: pikepdf.Pdf, field: Any, always: bool) -> None:
    """Give a field the look it has; `always`: the file asks that values be set anew."""
    kind, flags = _inherited(field, "/FT"), _flags(field)
    looks = field.get("/AP")
    has_look = isinstance(looks, Dictionary) and isinstance(looks.get("/N"), pikepdf.Stream)
    if kind == "/Btn" and not flags & _PUSH:
        state = field.get("/AS", _inherited(field, "/V"))
        _set(document, field, [" " if state in (None, "/Off") else "x"])
    elif kind in ("/Tx", "/Ch") and (always or not has_look or (kind == "/Tx" and flags & _COMB)):
        lines = _lines(field, kind, flags)
        if lines:
            _set(document, field, lines, bool(kind == "/Tx" and flags & _LINES))
    if "/OC" in field and isinstance(field.get("/AP"), Dictionary):  # a layer may be switched off: the drawing goes with it
        look = field.AP.get("/N")
        if isinstance(look, pikepdf.Stream):
            look["/OC"] = field["/OC"]


def _inherited(field: Any, key: str) -> Any:
    for _ in range(20):
        if key in field:
            return field[key]
        field = field.get("/Parent")
        if not isinstance(field, Dictionary):
            return None
    return None


def _flags(field: Any) -> int:
    value = _inherited(field, "/Ff")
    return int(value) if isinstance(value, int) else 0


def _lines(field: Any, kind: Any, flags: int) -> list[str]:
    """The lines of a field's value; none where it has none, or is a password."""
    value = _inherited(field, "/V")
    values = list(value) if isinstance(value, Array) else [value]
    texts = [str(one) if isinstance(one, pikepdf.String) else _streamed(one) for one in values]
    if kind == "/Tx" and flags & _PASSWORD:
        return []
    if kind == "/Ch":
        shown = {
            str(pair[0]): str(pair[1]) for pair in _inherited(field, "/Opt") or [] if isinstance(pair, Array) and len(pair) == 2
        }
        texts = [shown.get(text, text) for text in texts]
    lines = [line for text in texts for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return [line for line in lines if line.strip()]


def _streamed(value: Any) -> str:
    return value.read_bytes().decode("cp1252", "replace") if isinstance(value, pikepdf.Stream) else ""


def _set(document: pikepdf.Pdf, field: Any, lines: list[str], wrap: bool = False) -> None:
    """Set lines as the look of a field, at most 10 points high, smaller where they would not fit; `wrap`: lines may be parted."""
    left, bottom, right, top = (float(side) for side in field.Rect)
    width, height = max(abs(right - left), 1.0), max(abs(top - bottom), 1.0)
    for scale in _SCALES:
        room = max(int(width * scale / (1.15 * _WIDE)) - 1, 1)
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
    field["/AP"] = Dictionary(N=document.make_indirect(look))
    if "/AS" in field:
        del field["/AS"]
