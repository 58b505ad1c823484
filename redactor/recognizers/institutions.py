"""Institutions, offices, laws, reports, operations: what stays, so that its words are not taken for a person's.

Patterns stand in institutions.yaml. Does not say that an organisation is harmless: a survivor's employer is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import regex  # type: ignore[import-untyped]

from ..lexicon import given_names, plain
from ..model import Kind
from ..yamlfile import packaged
from .base import Found, TextRecognizer
from .capitals import calm
from .tidy import TITLE

_WORD = r"\p{Lu}[\p{L}&'’.-]*"
_LINK = r"(?:(?:and|of|the|for|in|on|to|&)\s){0,2}"
CAPITALISED = rf"(?:{_WORD}(?:[ ]{_LINK}{_WORD}){{0,5}}?)"
TRAILING = rf"(?:{_WORD}(?:[ ]{_LINK}{_WORD}){{0,7}})"
# Words that begin a sentence, not a name: "The", "In Calder Valley Police".
_LEAD = regex.compile(
    r"(?:(?:The|A|An|In|At|On|To|From|By|For|Of|With|And|But|If|When|While|After|Before|Since|As|Our|Your|His(?!\sMaj)|"
    r"Her(?!\sMaj)|Their|This|That|These|"
    r"Former|Then|Both|Each|Some|Any|No|Under|Dear|Re|Fw|Mr|Mrs|Ms|Miss|Dr|Contact|Ask|Tell|See|Read|Although|Because|It|He|"
    r"She|They|We|I)\s+)+"
)
# A person before the body: "Sgt Lane of ...". What has no "of" and two words is a person's name alone.
_BEARER = regex.compile(
    rf"{TITLE.pattern}[ ](?:\p{{Lu}}[\p{{L}}’'-]*[ ]){{1,3}}(?P<of>of|from|at|and)[ ](?:the[ ])?"
    rf"|{TITLE.pattern}[ ]\p{{Lu}}\p{{L}}+$"
)
# One of a firm: "Ms Lane of Lane & Moss LLP", "TIM LANE OF LANE AND MOSS LLP"
_PARTNER = regex.compile(
    rf"\b(?P<title>{TITLE.pattern}[ ])?(?P<given>\p{{Lu}}[\p{{L}}’'-]*)"
    rf"(?:[ ]\p{{Lu}}[\p{{L}}’'-]*){{0,2}}[ ](?i:of|from|at)[ ](?:the[ ])?",
    regex.V1,
)


@cache
def patterns() -> tuple[tuple[str, regex.Pattern[str]], ...]:
    """Detail code and compiled pattern, in the order of institutions.yaml, then the bodies known to everybody."""
    table = packaged(__package__, "institutions.yaml")
    rows = [(detail, _filled(pattern)) for detail, several in table.items() for pattern in several]
    rows.append(("national", _known()))
    return tuple((detail, regex.compile(rf"(?<![\p{{L}}\d])(?:{row})(?![\p{{L}}\d])", regex.V1)) for detail, row in rows)


def _known() -> str:
    """The names of bodies.txt as one pattern, the longest first."""
    text = (files(__package__) / "bodies.txt").read_text(encoding="utf-8")
    names = {line for line in text.splitlines() if line and not line.startswith("#")}
    return "|".join(regex.escape(name).replace("'", "['’]") for name in sorted(names, key=lambda name: (-len(name), name)))


def _filled(pattern: str) -> str:
    return pattern.replace("{C}", CAPITALISED).replace("{T}", TRAILING)


def find(text: str) -> Iterator[Found]:
    """Findings of kind organisation; the detail code comes first."""
    shown = calm(text, _title)
    for detail, pattern in patterns():
        for match in pattern.finditer(shown):
            start, end = match.span()
            lead = _LEAD.match(text, start, end)
            start = lead.end() if lead and lead.end() < end else start
            if (named := _BEARER.match(text, start, end)) and detail in ("force", "council", "court", "law"):
                if not named["of"]:
                    continue  # "Uncle Bill", "Mrs Order"
                start = named.end()  # "Sgt Lane of Calder Valley Police" holds a person and a force
            if detail == "company":
                partners = (m for m in _PARTNER.finditer(text, match.start(), end, overlapped=True))
                start = max([start, *(m.end() for m in partners if m["title"] or plain(m["given"]) in given_names())])
            yield Found(start, end, Kind.ORGANISATION, 0.8, f"institution_{detail}", (detail,))


def _title(word: str) -> str:
    """A word of a line in capitals as a heading writes it."""
    if word in ("OF", "AND", "FOR", "THE", "IN", "ON", "TO", "INTO"):
        return word.lower()
    return word.capitalize() if len(word) > 3 else word


def institution_recognizer() -> TextRecognizer:
    """The patterns as a Presidio recognizer."""
    return TextRecognizer("institutions", [Kind.ORGANISATION], find)
