"""Dates, dates of birth and ages; and what a date's own sentence says it is the date of.

Does not know whose date it is. A context code is given only where the sentence says it in so many words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from ..model import Kind
from .base import Found
from .facts_rules import Sentences, run, run_fields, settle, word

KINDS = (Kind.DOB, Kind.AGE, Kind.DATE)
CODES = ("header", "law", "conviction", "publication", "office")
_BORN = re.compile(r"[\s)\]:|.–-]*(?:[Bb]orn|[Bb]irth|b\.)(?!\w)(?! to\b)")


@cache
def _context(code: str) -> re.Pattern[str]:
    return word("ctx_" + code)


def dates(text: str) -> list[Found]:
    """Facts of kinds dob, age and date, without overlaps, sorted by start."""
    sentences = Sentences(text)
    found = [*run(Kind.DOB, text, sentences), *run(Kind.AGE, text, sentences), *run_fields(KINDS, text)]
    found += [replace(f, attributes=f.attributes + _codes(text, sentences, f)) for f in run(Kind.DATE, text, sentences)]
    found = [replace(f, start=f.start) for f in _births(text, found)]
    return settle(_births(text, found))


def _births(text: str, found: list[Found]) -> Iterator[Found]:
    """A date that heads a table row or an entry telling of a birth ("19.06.96  Born at 33 weeks") is a date of birth."""
    birth = word("birth_row")
    for fact in found:
        first = text.rfind("\n", 0, fact.start) + 1
        last = text.find("\n", fact.end)
        row = text[first : last if last >= 0 else len(text)]
        opens = text[first : fact.start].strip()
        told = birth.search(row) if opens == "|" else not opens.strip("[(") and _BORN.match(text, fact.end)
        if fact.kind is Kind.DATE and told:
            yield replace(fact, kind=Kind.DOB, attributes=fact.attributes[:1], score=0.9, why="dob_row")
        else:
            yield fact


def _codes(text: str, sentences: Sentences, fact: Found) -> tuple[str, ...]:
    """The context codes of one date: at most one, the first that the date's line or clause states."""
    first = text.rfind("\n", 0, fact.start) + 1
    last = text.find("\n", fact.end)
    line = text[first : fact.start] + "\0" + text[fact.end : last if last >= 0 else len(text)]
    if _context("header").search(line):
        return ("ctx:header",)
    sentence = sentences.around(fact.start, fact.end)
    for code in CODES[1:]:
        if _context(code).search(sentence) and not word("ctx_private").search(sentence):
            return ("ctx:" + code,)
    return ()
