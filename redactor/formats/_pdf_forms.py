"""Filled form fields of a PDF, drawn into its pages: what a reader sees in them is text of the page.

Only fields are drawn (annotations of subtype Widget, ISO 32000-1 §12.5.6.19); notes, stamps and marks stay annotations, which are
learnt from and dropped. A field that is hidden or never shown on screen is not drawn. Does not run scripts: a field that computes
its value shows the value it was saved with.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

import pikepdf

Rect = tuple[float, float, float, float]

_PUSH = 1 << 16  # of /Ff: a button that holds nothing (ISO 32000-1 table 226)
_UNSEEN = 0b100011  # invisible, hidden, no view: bits 1, 2 and 6 of /F (ISO 32000-1 table 165)


@dataclass(slots=True)
class Drawn:
    """A file with its fields drawn. `fields`: per page their rectangles (left, bottom, right, top, in the page's own space), each
    with "☒" or "☐" for a box to tick, "" for one to fill."""

    data: bytes
    fields: list[list[tuple[Rect, str]]] = field(default_factory=list)


def with_fields(data: bytes) -> Drawn:
    """The file with its visible fields drawn into the pages.

    A file without fields, or whose fields cannot be drawn, is returned as it is.
    """
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
            if not any(_fields(page) for page in document.pages):
                return Drawn(data)
            places = [[(_rect(one), _ticked(one)) for one in _fields(page)] for page in document.pages]
            kept = [_without_fields(document, page) for page in document.pages]
            document.generate_appearance_streams()
            document.flatten_annotations("screen")
            for page, others in zip(document.pages, kept, strict=True):
                if others:
                    page.obj.Annots = pikepdf.Array(others)
            drawn = io.BytesIO()
            document.save(drawn, deterministic_id=True)
            return Drawn(drawn.getvalue(), places)
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError):
        return Drawn(data)


def _fields(page: pikepdf.Page) -> list[Any]:
    """The fields that a reader of the page sees."""
    return [a for a in _annotations(page) if _is_field(a) and not int(a.get("/F", 0)) & _UNSEEN]


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
