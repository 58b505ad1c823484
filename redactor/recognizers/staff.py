"""Initials by which staff sign: those of a rota ("Staff: AB / CD nights"), those after an entry's last sentence or a label of who
did it ("Typed by: AB"), and those of a vote.

Whose they are need not be known. Not found: letters that a log uses without a rota and never signs with.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex  # type: ignore[import-untyped]

from ..lexicon import abbreviations, plain
from ..model import Kind
from .base import Found
from .tidy import title_code

_ROTA = regex.compile(
    r"(?m)\b(?:Staff(?: on(?: duty| shift)?)?|On duty|On shift|Rota|Shift|Days|Nights):[ \t]*(?P<list>[^\n]{2,160})$"
)
_ONE = regex.compile(r"(?:^|[/,;&+]|\band\b)[ \t]*(?P<name>\p{Lu}{2,3})\b(?!['’.])")
_SIGNED = regex.compile(r"(?m)(?<=[^\n]{12}[.!?][\"”')]?[ \t]+)(?P<name>\p{Lu}{2,3})(?=\.?[ \t]*$|\])")
_REMARK = regex.compile(r"(?<=[\[(][^\]\n]{5,160}[.!?][ \t]+)(?P<name>\p{Lu}{2,3})(?=:[ \t])")
_HAND = regex.compile(  # "Rec'd: 28/02/22 by: JFW", "Minute clerk: JLe", "Initialled GB"
    r"(?:\b(?:[Bb]y|[Cc]lerk|[Tt]ypist|[Ii]nitials|[Cc]ompliance|[Cc]hecked|[Ee]ntered|[Aa]uthor)[ \t]*:|"
    r"\b[Ii]nitialled(?: by)?)[ \t]+(?P<name>\p{Lu}{2,3}|\p{Lu}{2}\p{Ll}|\p{Lu}\p{Ll}?\p{Lu})(?![\p{L}\d/])"
)
_VOTES = regex.compile(  # "For: JT, DF, WHD. Agst: BS", "Action: PG/HD"
    r"\b(?:For|Against|Agst|Abstain(?:ed|ing)|Apologies|Apols|Present|Action|Copies|Circulation)\.?:[ \t]*"
    r"(?P<list>\p{Lu}{2,3}(?:[ \t]*[,;/&][ \t]*\p{Lu}{2,3})*)(?![\p{L}\d])"
)
NO_INITIALS = frozenset(
    "AM PM OK NB PS CC RE FW PTO TBC TBA NFA END EU UK USA NHS FAO NO YES ETA DOB CSE".split()
)  # what else stands there


def find(text: str) -> Iterator[Found]:
    """Every appearance of letters that staff of this text sign with."""
    listed = {m["name"] for rota in _ROTA.finditer(text) for m in _ONE.finditer(rota["list"])}
    listed_so = {m["name"] for votes in _VOTES.finditer(text) for m in _ONE.finditer(votes["list"])}
    signed = {m["name"] for pattern in (_SIGNED, _REMARK, _HAND) for m in pattern.finditer(text)}
    signed = {
        name for name in signed | listed_so if not (name in NO_INITIALS or plain(name) in abbreviations() or title_code(name))
    }
    rota = listed if len(listed) > 1 else set()  # two vouch for each other, "PM" among them
    for letters in sorted(rota | signed):
        clock = r"(?<!(?<!\d)\d{1,2}(?:[:.]\d\d)?[ \t]?)" if letters in ("AM", "PM") else ""
        for match in regex.finditer(rf"(?<![\p{{L}}\d'’&.-]){clock}{letters}(?![\p{{L}}\d'’&-])", text):
            yield Found(match.start(), match.end(), Kind.INITIALS, 0.6, "staff", ("signs",))
