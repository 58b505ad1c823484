"""Initials by which staff sign a log: those of a rota ("Staff: AB / CD nights"), and those after an entry's last sentence.

Whose they are need not be known. Not found: letters that a log uses without a rota and never signs with.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex  # type: ignore[import-untyped]

from ..model import Kind
from .base import Found

_ROTA = regex.compile(
    r"(?m)\b(?:Staff(?: on(?: duty| shift)?)?|On duty|On shift|Rota|Shift|Days|Nights):[ \t]*(?P<list>[^\n]{2,160})$"
)
_ONE = regex.compile(r"(?:^|[/,;&+]|\band\b)[ \t]*(?P<name>\p{Lu}{2,3})\b(?!['’.])")
_SIGNED = regex.compile(r"(?m)(?<=[^\n]{12}[.!?][\"”')]?[ \t]+)(?P<name>\p{Lu}{2,3})(?=\.?[ \t]*$|\])")
_REMARK = regex.compile(r"(?<=[\[(][^\]\n]{5,160}[.!?][ \t]+)(?P<name>\p{Lu}{2,3})(?=:[ \t])")
NO_INITIALS = frozenset(
    "AM PM OK NB PS CC RE FW PTO TBC TBA NFA END EU UK USA NHS FAO NO YES ETA DOB CSE".split()
)  # what else stands there


def find(text: str) -> Iterator[Found]:
    """Every appearance of letters that staff of this text sign with."""
    listed = {m["name"] for rota in _ROTA.finditer(text) for m in _ONE.finditer(rota["list"])}
    signed = {m["name"] for pattern in (_SIGNED, _REMARK) for m in pattern.finditer(text)} - NO_INITIALS
    rota = listed if len(listed) > 1 else set()  # two vouch for each other, "PM" among them
    for letters in sorted(rota | signed):
        clock = r"(?<!(?<!\d)\d{1,2}(?:[:.]\d\d)?[ \t]?)" if letters in ("AM", "PM") else ""
        for match in regex.finditer(rf"(?<![\p{{L}}\d'’&.-]){clock}{letters}(?![\p{{L}}\d'’&-])", text):
            yield Found(match.start(), match.end(), Kind.INITIALS, 0.6, "staff", ("signs",))
