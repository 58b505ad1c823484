"""Numbers of one shape that open line after line of a log ("URN 5x5-09-22714"): references, whatever their system is called.

Not found: a shape that stands once or twice, and one of fewer than five digits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import regex  # type: ignore[import-untyped]

from ..model import Kind
from .base import Found, TextRecognizer

_TIMES = 3  # a shape must stand so often to be a numbering
_DIGITS = 5
_OPENING = regex.compile(
    r"^[ \t|]*(?:\p{Lu}[\p{L}.]{1,9}:?[ ])?(?P<serial>[\p{L}\d]{1,8}(?:[-/][\p{L}\d]{1,10}){1,3})(?![\w/-])", regex.MULTILINE
)
_DATE = regex.compile(r"\d{1,4}[-/](?:\d{1,2}|\p{L}{3,9})[-/]\d{2,4}")


def find(text: str) -> Iterator[Found]:
    """Findings of kind id."""
    shapes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for match in _OPENING.finditer(text):
        said = str(match["serial"])
        if sum(c.isdigit() for c in said) >= _DIGITS and not _DATE.fullmatch(said):
            shapes["".join("9" if c.isdigit() else c for c in said)].append(match.span("serial"))
    for spans in shapes.values():
        if len(spans) >= _TIMES:
            for start, end in spans:
                yield Found(start, end, Kind.ID, 0.8, "serial", ("reference", "labelled"))


def serial_recognizer() -> TextRecognizer:
    """The rule as a Presidio recognizer."""
    return TextRecognizer("serials", [Kind.ID], find)
