"""Schools, homes, addresses, small places, venues and work; and short forms of a long name found in the same text.

Does not know a school or home by a lone name whose long form stands in another document: `short_forms` and `echoes` are
public so that the engine can carry the names of one document to the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache

from ..model import Kind
from .base import Found
from .facts_rules import Sentences, run, run_fields, settle, word

_COUNCIL = re.compile(r"(?:Council|Constabulary|Police)(?: in the | as |$)")
KINDS = (Kind.SCHOOL, Kind.PLACE, Kind.ADDRESS, Kind.WORK)
LONG_SCORE = 0.5
ECHO_SCORE = 0.6


@cache
def _word(name: str) -> re.Pattern[str]:
    return word(name)


def places(text: str, is_town: Callable[[str], bool]) -> list[Found]:
    """Facts of kinds school, place, address and work, without overlaps, sorted by start."""
    sentences = Sentences(text)
    found = [f for kind in KINDS for f in run(kind, text, sentences)]
    found += run_fields(KINDS, text)
    found = [f for f in found if not _known(text, f, is_town)]
    names = [(text[f.start : f.end], f) for f in found if f.score >= LONG_SCORE]
    return settle([*found, *(f for f in echoes(text, names) if not _known(text, f, is_town))])


def _known(text: str, fact: Found, is_town: Callable[[str], bool]) -> bool:
    """Whether the words are those of a town, or of an institution that stays, and no small place at all."""
    words = " ".join(text[fact.start : fact.end].split())
    if fact.why == "school_unit":  # beside a school's own words the unit is one, though police have units too
        return False
    if fact.kind is Kind.WORK and _COUNCIL.search(words):  # thousands work there
        return True
    return fact.kind in (Kind.PLACE, Kind.SCHOOL) and (is_town(words) or bool(_word("institution").fullmatch(words)))


def short_forms(name: str, kind: Kind) -> tuple[str, ...]:
    """The shorter ways a named school, home or venue is spoken of: its name without the word for what it is.

    >>> short_forms("Oakmere Comprehensive School", Kind.SCHOOL)
    ('Oakmere',)
    """
    bare = " ".join(name.split())
    while (cut := _word("type_word").sub("", bare)) != bare:
        bare = cut
    bare = _word("article").sub("", bare).strip(" ,")
    if kind is Kind.ADDRESS or bare == name or len(bare) < 4 or not bare[0].isupper() or _word("common_short").fullmatch(bare):
        return ()
    return (bare,)


def echoes(text: str, names: Iterable[tuple[str, Found]]) -> Iterator[Found]:
    """Further occurrences in `text` of long names (words, their finding) and of their short forms after a word of place."""
    for name, fact in dict(names).items():
        if fact.kind is not Kind.ADDRESS and name[:1].isupper() and " " in name:
            body = r"\s+".join(re.escape(w) for w in name.split())
            for match in re.finditer(rf"(?<!\w){body}(?!\w)", text):
                yield replace(fact, start=match.start(), end=match.end(), score=ECHO_SCORE, why="echo_long")
        if not _word("echo_type").search(name):
            continue
        for short in short_forms(name, fact.kind):
            yield from _short(text, short, fact)


def _short(text: str, short: str, fact: Found) -> Iterator[Found]:
    """A short form counts after a word of place or alone in a table cell, not followed by another name word."""
    body = r"\s+".join(re.escape(w) for w in short.split())
    cue = _word("place_cue").pattern
    forms = (
        rf"(?:{cue})\s+(?P<fact>{body})(?![\w-])(?!\s[A-Z])(?!['’]s\s[a-z])",
        rf"\|[ ]*(?P<fact>{body})[ ]*(?=\|)",
        rf"(?:{cue})\s+(?P<fact>(?i:the\s+{body}))(?![\w-])(?!\s[A-Z])",
        rf"(?P<fact>\bthe\s+{body})(?![\w-])(?!\s[A-Z])",
    )
    for form in forms:
        for match in re.finditer(form, text):
            start, end = match.span("fact")
            yield replace(fact, start=start, end=end, score=ECHO_SCORE, why="echo_short")
