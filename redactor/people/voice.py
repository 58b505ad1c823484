"""Who speaks in a document, to whom, and about whom: the protected person behind its "I", its "you" and its elided subjects.

A note that says "First told police 23 Jan 2006" means the one it is about; a letter that says "you left on 28 May" its reader.
Does not tell apart two people who speak by turns, and gives nobody where the head and the foot of a document name nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .scope import Scopes

Row = tuple[int, int, str, bool, bool]  # start, end, person, facts protected, name stays: as in `facts.Here`

_MANY_I = 4
_HEAD_UNITS = 14
_ABOUT = re.compile(
    r"\b(?:(?i:Child(?:'s name)?|Young person|Pupil|Subject|Patient|Participant|Detained(?: person)?|Detainee|Missing person|"
    r"(?:Full )?Name|Surname|Client|Witness|Interviewee|Complainant|Student|Service user|Resident|Tenant|Applicant|Claimant)"
    r"|Re|RE)\s*[:\-–]|\b(?i:(?:interview|meeting|session|visit|conversation|call) with|"
    r"(?:statement|interview|account|assessment|chronology|record|summary) (?:of|for|on|re))\s+(?:[A-Z][a-z]* ){0,2}$"
)
_STATEMENT = re.compile(r"\b(?:(?i:statement of)|I,|I am|My name is)\s+(?=\S)")
_SIGNED = re.compile(r"(?i)\b(?:signed|yours|from|name)\b[^\n|]{0,24}$")
_DEAR = re.compile(r"\b(?:Dear|To|Hi|Hello)\s*:?\s+(?:(?:Mr|Mrs|Miss|Ms|Mx|Dr)\.?\s+)?$")
_ANSWERS = re.compile(r"(?m)^A\.?[ \t:]")
_QUESTIONS = re.compile(r"(?m)^Q\.?[ \t:]")
_CALLED = re.compile(r"\b(?i:sworn|affirmed|called|evidence of|witness)\b")


@dataclass(frozen=True, slots=True)
class Voice:
    """Person ids, "" for nobody protected: who says "I", who is "you", and whom the document is about."""

    author: str = ""
    addressee: str = ""
    subject: str = ""


def voice(text: str, scopes: Scopes, mentions: Sequence[Row]) -> Voice:
    """The voice of one document, from its flat text and the mentions in it."""
    author = _author(text, mentions)
    return Voice(author, _addressee(text, mentions, author), _subject(text, scopes, mentions))


def _author(text: str, mentions: Sequence[Row]) -> str:
    """The protected person who writes in the first person: named at the head or the foot of a text full of "I"."""
    if len(re.findall(r"\bI\b", text)) < _MANY_I:
        return ""
    for statement in _STATEMENT.finditer(text[:1200]):
        near = [m for m in mentions if statement.end() - 2 <= m[0] <= statement.end() + 30]
        if near:
            return near[0][2] if near[0][3] else ""
    alone = [m for m in mentions if _has_line(text, m[0], m[1])]
    foot = [m for m in alone if m[0] > len(text) - 260]
    head = [m for m in alone if m[0] < 60]
    signed = [m for m in mentions if m[0] > len(text) - 260 and _SIGNED.search(text[max(0, m[0] - 40) : m[0]])]
    first = head[:1] or signed[:1] or foot[:1]
    return first[0][2] if first and first[0][3] else ""


def _has_line(text: str, start: int, end: int) -> bool:
    """Whether a mention has its line to itself, as in a letter's head or a signature."""
    line = text[text.rfind("\n", 0, start) + 1 : (text.find("\n", end) + len(text) + 1) % (len(text) + 1)]
    return sum(c.isalpha() for c in text[start:end]) >= 0.7 * sum(c.isalpha() for c in line)


def _addressee(text: str, mentions: Sequence[Row], author: str) -> str:
    """Whom a letter greets, where it greets one protected person alone; whom questions are put to in a transcript."""
    greeted = {m[2] if m[3] else "" for m in mentions if _DEAR.search(text[max(0, m[0] - 16) : m[0]])}
    greeted -= {author} if author else set()
    if len(greeted) == 1:
        return greeted.pop()
    if len(_QUESTIONS.findall(text)) > 2 and len(_ANSWERS.findall(text)) > 2:
        first = _QUESTIONS.search(text)
        before = [m for m in mentions if first and m[0] < first.start() and m[3]]
        called = [m for m in before if _CALLED.search(text[max(0, m[0] - 60) : m[1] + 40])]
        witness = called[-1:] or before[-1:]
        return witness[0][2] if witness else ""
    return ""


def _subject(text: str, scopes: Scopes, mentions: Sequence[Row]) -> str:
    """The protected person a form, note or minute is about: named in one of its first lines beside a field word."""
    for unit in scopes.units[:_HEAD_UNITS]:
        rows = [m for m in mentions if unit.start <= m[0] < unit.end and m[3]]
        if rows and _ABOUT.search(text[unit.start : rows[0][0]]):
            return rows[0][2]
    return ""
