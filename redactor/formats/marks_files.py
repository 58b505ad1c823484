"""Files that a reviewer marked, and those that are to have our marks, opened where files are read: in a process of its own.

What comes back is values: a content with its marks, places, or the bytes of a file that is written and never opened here.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from typing import Any

from ..cleartext import ClearText
from ..content import Content
from ..model import Action, Hidden, Span
from . import marks_docx, marks_pdf, marks_xfdf
from ._apart import answer_apart, read_apart
from ._format import Reading, damaged
from .marks import Marking, Proposed
from .marks_words import Placed, places_of

APART = "marks:"
"""Before the name of what the other process is asked for."""
_HEAD = struct.Struct(">Q")


def read_pdf(data: bytes, mode: str, xfdf: bytes = b"") -> tuple[Content, list[Marking]]:
    """The content of a PDF file without the annotations that `mode` takes away, and its marks, or those of an XFDF file, placed
    in the flat text of that content. Raises HeldError."""
    return _marks("pdf", data, mode=mode, xfdf=base64.b64encode(xfdf).decode())


def read_docx(data: bytes, mode: str) -> tuple[Content, list[Marking]]:
    """The same of a Word file, without its highlights where `mode` says so. Raises HeldError."""
    return _marks("docx", data, mode=mode)


def pdf_named(xfdf: bytes) -> str:
    """The name (never a path) of the PDF file that an XFDF file is about, "" if it says none. Personal text. Raises HeldError."""
    return "".join(entry.text.reveal() for entry in read_apart(APART + "named", _asked({}) + xfdf).hidden)


def find_places(data: bytes, text: str, proposals: Sequence[Proposed]) -> tuple[list[Placed], list[str]]:
    """Where on the pages of a PDF file each proposal stands, and the ids of those that have no sure place. `text` is the flat
    text that was read of it. Raises HeldError."""
    asked = _asked({"text": text, "spans": [[p.span.start, p.span.end] for p in proposals]})
    found = [json.loads(entry.text.reveal()) for entry in read_apart(APART + "places", asked + data).hidden]
    there = [Placed(proposals[n], page, tuple((a, b, c, d) for a, b, c, d in rects)) for n, page, rects in found]
    sure = {one.proposed.id for one in there}
    return there, [p.id for p in proposals if p.id not in sure]


def annotated(data: bytes, placed: Sequence[Placed]) -> bytes:
    """A PDF file with every proposal as an annotation. Raises HeldError."""
    return _file("annotated", data, [asdict(one) for one in placed])[0]


def commented(data: bytes, proposals: Sequence[Proposed]) -> tuple[bytes, list[str]]:
    """A Word file with every proposal as a comment, and the ids of those where none can stand. Raises HeldError."""
    return _file("commented", data, [asdict(one) for one in proposals])


def _marks(name: str, data: bytes, **asked: str) -> tuple[Content, list[Marking]]:
    reading = read_apart(APART + name, _asked(asked) + data)
    try:
        return reading.content, [_marking(json.loads(entry.text.reveal())) for entry in reading.hidden]
    except (ValueError, TypeError, KeyError):
        raise damaged() from None


def _file(name: str, data: bytes, asked: object) -> tuple[bytes, list[str]]:
    answer = answer_apart(APART + name, _asked(asked) + data)
    try:
        return base64.b64decode(answer["file"]), [str(one) for one in answer["lost"]]
    except (ValueError, TypeError, KeyError):
        raise damaged() from None


def _asked(what: object) -> bytes:
    head = json.dumps(what).encode()
    return _HEAD.pack(len(head)) + head


def _marking(said: dict[str, Any]) -> Marking:
    spans = tuple(Span(start, end) for start, end in said["spans"])
    return Marking(**{**said, "spans": spans, "reason": ClearText(said["reason"])})


# --- in the other process ------------------------------------------------------------------------------------------------


def reader(name: str) -> Callable[[bytes], Reading | dict[str, Any]]:
    """What answers there to this name."""
    does = _DOES[name.removeprefix(APART)]

    def read(whole: bytes) -> Reading | dict[str, Any]:
        end = _HEAD.size + _HEAD.unpack_from(whole)[0]
        return does(json.loads(whole[_HEAD.size : end]), whole[end:])

    return read


def _pdf(asked: Any, data: bytes) -> Reading:
    return _marked(*marks_pdf.read_marks(data, asked["mode"], base64.b64decode(asked["xfdf"])))


def _docx(asked: Any, data: bytes) -> Reading:
    return _marked(*marks_docx.read_marks(data, asked["mode"]))


def _named(_asked: Any, data: bytes) -> Reading:
    return Reading(Content(()), (Hidden("name", ClearText(marks_xfdf.file_named(data))),))


def _places(asked: Any, data: bytes) -> Reading:
    found = places_of(data, asked["text"], [Span(start, end) for start, end in asked["spans"]])
    return Reading(Content(()), tuple(Hidden("place", ClearText(json.dumps(one))) for one in found))


def _annotated(asked: Any, data: bytes) -> dict[str, Any]:
    placed = [Placed(_proposed(one["proposed"]), one["page"], tuple(map(tuple, one["places"]))) for one in asked]
    return {"file": base64.b64encode(marks_pdf.annotated(data, placed)).decode(), "lost": []}


def _commented(asked: Any, data: bytes) -> dict[str, Any]:
    made, lost = marks_docx.annotated(data, [_proposed(one) for one in asked])
    return {"file": base64.b64encode(made).decode(), "lost": lost}


def _proposed(one: dict[str, Any]) -> Proposed:
    return Proposed(one["id"], Span(**one["span"]), Action(one["action"]), one["reason"])


def _marked(content: Content, marks: Sequence[Marking]) -> Reading:
    return Reading(content, tuple(Hidden("mark", ClearText(json.dumps(_words(mark)))) for mark in marks))


def _words(mark: Marking) -> dict[str, Any]:
    plain = {each.name: getattr(mark, each.name) for each in fields(mark)}
    return plain | {"reason": mark.reason.reveal(), "spans": [[span.start, span.end] for span in mark.spans]}


_DOES: dict[str, Callable[[Any, bytes], Reading | dict[str, Any]]] = {
    "pdf": _pdf,
    "docx": _docx,
    "named": _named,
    "places": _places,
    "annotated": _annotated,
    "commented": _commented,
}
