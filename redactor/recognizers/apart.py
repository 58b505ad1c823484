"""A person of an institution is two things: "Ola Rusk of Harnsea Borough Council" is no council of that name.

Without this the institution, which stays, would carry the person's name into the copy. Does not help where no name model sees
the person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ..model import Finding, Kind, Span

SURE = 0.6  # a model less sure of a name than this may have taken a part of the institution for one
_LINK = re.compile(r"['’]?,?\s+(?:of|from|at|for|with|in)\s+(?:the\s+|The\s+)?")
_EDGE = " \n\t,;:.()|-–—’'"
_BODIES = frozenset({Kind.ORGANISATION, Kind.SCHOOL, Kind.WORK, Kind.PLACE})


def apart(found: Iterable[Finding], text: str) -> set[Finding]:
    """The findings, each institution without a person named before its "of"."""
    rows = set(found)
    people = [
        f.span for f in rows if f.kind is Kind.NAME and f.score >= SURE and len(text[f.span.start : f.span.end].split()) > 1
    ]
    return {_without(f, people, text) if f.kind in _BODIES else f for f in rows}


def _without(body: Finding, people: list[Span], text: str) -> Finding:
    cuts = [
        link.end()
        for p in people
        if body.span.start <= p.start
        and p.end < body.span.end
        and (link := _LINK.match(text, p.end))
        and link.end() < body.span.end
    ]
    return replace(body, span=Span(max(cuts), body.span.end)) if cuts else body


def beside_names(found: Iterable[Finding], text: str) -> set[Finding]:
    """The findings, those of the tagger without a name at one of their ends: "the niece of Ola Rusk" is "the niece of" and a
    person, of whom it is decided elsewhere whether the name stays."""
    rows = set(found)
    names = [f.span for f in rows if f.kind in (Kind.NAME, Kind.INITIALS, Kind.ALIAS) and f.score >= SURE]
    return {bare for f in rows if (bare := _bare(f, names, text) if f.recognizer == "tagger" else f)}


def _bare(fact: Finding, names: Iterable[Span], text: str) -> Finding | None:
    start, end = fact.span.start, fact.span.end
    for name in sorted(names):
        if name.overlaps(Span(start, end)):
            start, end = (name.end, end) if name.start - start < end - name.end else (start, name.start)
        if start >= end:
            return None
    if possessive := re.match(r"['’]s\b", text[start:end]):
        start += possessive.end()
    said = text[start:end]
    span = Span(start + len(said) - len(said.lstrip(_EDGE)), end - len(said) + len(said.rstrip(_EDGE)))
    return replace(fact, span=span) if re.search(r"\w{3}", text[span.start : span.end]) and span.start < span.end else None
