"""Marks in a PDF file: redaction and highlight annotations, and notes that begin `redact:` or `keep:`; read, and written.

What a mark covers is told by `marks_words`. Not read: marks on form fields, and what is drawn by hand (ink) without a note.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf

from ..content import Content, flatten
from ..model import Action
from . import pdf
from ._format import damaged, protected, unsafe
from ._pdf_text import Rect
from .marks import AUTHOR, MAX_MARKS, Marking, says
from .marks_place import squashed
from .marks_words import Placed, Shape, placed

MODES = ("marks", "none", "all")  # which annotations are taken away before the words are read
GREEN, RED = (0.0, 0.69, 0.31), (0.86, 0.0, 0.0)
_SORTS = {"/Redact": "redaction", "/Highlight": "highlight"}
_TEXTUAL = frozenset({"/Redact", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Text", "/Popup", "/Caret"})
_PART = frozenset({"/Widget", "/Link"})


def read_marks(data: bytes, mode: str, xfdf: bytes = b"") -> tuple[Content, list[Marking]]:
    """The content of a PDF file without the annotations that `mode` takes away, and its marks, or those of an XFDF file, placed
    in the flat text of that content. Raises HeldError."""
    from .marks_xfdf import shapes_of

    found, stripped = _taken(data, mode)
    shapes = shapes_of(xfdf) if xfdf else found
    content = pdf.read(stripped).content
    return content, list(placed(stripped, shapes, squashed(flatten(content).text.reveal())))


# --- annotations ---------------------------------------------------------------------------------------------------------


def _taken(data: bytes, mode: str) -> tuple[list[Shape], bytes]:
    """The marks of a file, and the file without the annotations that `mode` names."""
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
            shapes: list[Shape] = []
            for at, page in enumerate(document.pages):
                notes = [note for note in page.obj.get("/Annots") or [] if isinstance(note, pikepdf.Dictionary)]
                shapes += [shape for note in notes if (shape := _shape(at, note)) is not None]
                if len(shapes) > MAX_MARKS:
                    raise unsafe(f"it has more than {MAX_MARKS} marks")
                if mode != "none" and notes:
                    page.obj.Annots = pikepdf.Array([note for note in notes if not _goes(note, mode)])
            if mode == "none":
                return shapes, data
            out = io.BytesIO()
            document.save(out)
            return shapes, out.getvalue()
    except pikepdf.PasswordError:
        raise protected() from None
    except (pikepdf.PdfError, pikepdf.DataDecodingError, RuntimeError, ValueError, TypeError, KeyError, AttributeError):
        raise damaged() from None


def _goes(note: pikepdf.Dictionary, mode: str) -> bool:
    kind = str(note.get("/Subtype", ""))
    return kind not in _PART if mode == "all" else kind in _TEXTUAL or says(_said(note))


def _shape(at: int, note: pikepdf.Dictionary) -> Shape | None:
    """The mark that an annotation is; a reply speaks of the place of what it answers. None for what marks nothing."""
    kind, text = str(note.get("/Subtype", "")), _said(note)
    if kind in _PART or (kind not in _SORTS and not says(text)):
        return None
    about = note.get("/IRT")
    where = about if isinstance(about, pikepdf.Dictionary) else note
    return Shape(at, _SORTS.get(kind, "comment"), text, str(note.get("/T", "")), _green(note.get("/C")), tuple(_places(where)))


def _said(note: pikepdf.Dictionary) -> str:
    """The words of a note: plain, or what its rich text says."""
    plain = note.get("/Contents")
    if isinstance(plain, pikepdf.String) and str(plain).strip():
        return str(plain)[:20_000]
    rich = note.get("/RC")
    return re.sub(r"<[^<>]*>", " ", str(rich)[:20_000]) if isinstance(rich, pikepdf.String) else ""


def _places(note: pikepdf.Dictionary) -> Iterator[Rect]:
    """The rectangles around its quadrilaterals (in whatever order their corners are given), else its own."""
    points = [float(n) for n in note.get("/QuadPoints") or []]
    if len(points) >= 8:
        yield from around_quads(points)
    elif "/Rect" in note:
        left, bottom, right, top = (float(n) for n in note.Rect)
        yield min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def around_quads(points: Sequence[float]) -> Iterator[Rect]:
    """Eight numbers a quadrilateral → the rectangle around each. Numbers that are none of a page are left out."""
    for at in range(0, min(len(points), 80_000) - 7, 8):
        xs, ys = points[at : at + 8 : 2], points[at + 1 : at + 8 : 2]
        if all(math.isfinite(n) and abs(n) < 1e6 for n in (*xs, *ys)):
            yield min(xs), min(ys), max(xs), max(ys)


def _green(colour: Any) -> bool:
    """Whether a colour (grey, RGB or CMYK, 0 to 1) is a green."""
    parts = [float(n) for n in colour] if isinstance(colour, pikepdf.Array) else []
    if len(parts) == 4:
        parts = [(1 - n) * (1 - parts[3]) for n in parts[:3]]
    return len(parts) == 3 and is_green(*parts)


def is_green(red: float, green: float, blue: float) -> bool:
    """Whether a colour (0 to 1 each) is a green: more of it than of red and blue by a sixth."""
    return green > max(red, blue) + 1 / 6


# --- writing ------------------------------------------------------------------------------------------------------------


def quads(places: Sequence[Rect]) -> list[float]:
    """Rectangles as Acrobat writes quadrilaterals: top left, top right, bottom left, bottom right (not ISO 32000's order)."""
    return [round(n, 2) for left, bottom, right, top in places for n in (left, top, right, top, left, bottom, right, bottom)]


def around(places: Sequence[Rect]) -> Rect:
    """The rectangle around several."""
    lefts, bottoms, rights, tops = zip(*places, strict=True)
    return round(min(lefts), 2), round(min(bottoms), 2), round(max(rights), 2), round(max(tops), 2)


def annotated(data: bytes, proposals: Sequence[Placed]) -> bytes:
    """The file with every proposal as a redaction or (for what stays) a green highlight annotation, its note inside."""
    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
        for one in proposals:
            page = document.pages[one.page].obj
            if "/Annots" not in page:
                page.Annots = pikepdf.Array()
            page.Annots.append(document.make_indirect(_annotation(document, one)))
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def _annotation(document: pikepdf.Pdf, one: Placed) -> pikepdf.Dictionary:
    keeps = one.proposed.action is Action.KEEP
    colour = GREEN if keeps else RED
    box = around(one.places)
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Highlight if keeps else pikepdf.Name.Redact,
        Rect=list(box),
        QuadPoints=quads(one.places),
        C=list(colour),
        F=4,  # printed
        T=AUTHOR,
        NM=f"{AUTHOR}-{one.proposed.id}-{one.page + 1}",
        Contents=one.proposed.note,
    )
    if not keeps:
        note.IC = [0, 0, 0]
    note.AP = pikepdf.Dictionary(N=_look(document, one.places, box, colour, keeps))
    return note


def _look(document: pikepdf.Pdf, places: Sequence[Rect], box: Rect, colour: Sequence[float], keeps: bool) -> pikepdf.Stream:
    """How it is drawn where a program does not draw it by itself: an outline, or a colour through which the words are read."""
    paint = " ".join(f"{n:.2f}" for n in colour)
    rects = " ".join(f"{left:.2f} {bottom:.2f} {right - left:.2f} {top - bottom:.2f} re" for left, bottom, right, top in places)
    drawn = f"/G gs {paint} rg {rects} f" if keeps else f"{paint} RG 0.8 w {rects} S"
    stream = pikepdf.Stream(document, drawn.encode("ascii"))
    stream.Type, stream.Subtype, stream.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, list(box)
    state = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, BM=pikepdf.Name.Multiply, ca=0.5)
    stream.Resources = pikepdf.Dictionary(ExtGState=pikepdf.Dictionary(G=state))
    return stream
