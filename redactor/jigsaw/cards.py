"""Intruder cards: what the copies say of one label, for the person who plays the motivated intruder (ICO anonymisation guidance).

Made from the copies alone. The search strings are to be used by hand, off this machine: nothing here looks anything up. A card
without facts does not mean that nobody can be found; an acquaintance knows more than any search tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..model import Span
from . import crowd
from .facts import estimates
from .page import Place
from .reading import Attribute, Reading

OTHER = "other"  # sentences about a label in which no rule knows a fact
_LEAST = 4  # words; a shorter phrase finds everybody
_SEARCHES = 12
_QUOTE = re.compile(r"[“\"]((?:[^”\"\s]+\s+){3,}[^”\"\s]+)[”\"]")
_UNTOLD = re.compile(r"\[[^\]\n]*\]['’]?s?|[.;:!?,()“”\"|]|\n")
# What a search engine could match, the most telling first; a band, a pronoun or a year alone is no query.
_SEARCHED = (
    "rare", "unique", "school_named", "work_named", "home_named", "venue_named", "address", "paternity", "pregnancy",
    "birth_order", "sibling_count", "demographic_rare", "school_rare", "work_only", "met", "appearance", "health", "care",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One fact on a card: where, and the sentence that says it (text of a publishable copy)."""

    place: Place
    sentence: str


@dataclass(frozen=True, slots=True)
class Card:
    """What the copies say of one label: facts by kind; how many people it could be (None: no place is told) and its rank by that
    (1: fewest, 0: no estimate); phrases to search for."""

    label: str
    facts: Mapping[str, tuple[Said, ...]]
    crowd: int | None
    rank: int
    searches: tuple[str, ...]


def cards_of(reading: Reading) -> list[Card]:
    """One card a label; those that could be the fewest people first, then those of which most is told, then by label."""
    people = estimates(reading)
    ranks = {label: n for n, (label, _) in enumerate(sorted(people.items(), key=lambda row: (row[1], row[0])), 1)}
    cards = []
    for label, sentences in _about(reading).items():
        told = reading.ledger.get(label, ())
        kinds: dict[str, list[Said]] = {}
        for fact in told:
            kinds.setdefault(fact.kind, []).append(Said(fact.place, _words(reading, fact.doc, fact.sentence)))
        known = {(fact.doc, fact.sentence) for fact in told}
        rest = [place for place in sentences if (place.doc, place.span) not in known]
        facts = {kind: tuple(items) for kind, items in sorted(kinds.items())}
        if rest:
            facts[OTHER] = tuple(Said(place, _words(reading, place.doc, place.span)) for place in rest)
        estimate = crowd.rounded(people[label]) if label in people else None
        quoted = (f'"{m[1].strip(" .,")}"' for p in sentences for m in _QUOTE.finditer(_words(reading, p.doc, p.span)))
        searches = tuple(dict.fromkeys([*quoted, *_searches(reading, told)]))[:_SEARCHES]
        cards.append(Card(label, facts, estimate, ranks.get(label, 0), searches))
    return sorted(cards, key=lambda card: (card.rank or len(ranks) + 1, -len(card.facts), card.label))


def _about(reading: Reading) -> dict[str, list[Place]]:
    """Every sentence in which a label stands or is meant."""
    found: dict[str, list[Place]] = {}
    for page in reading.pages:
        for s in page.sentences:
            for label in dict.fromkeys([*(label for label, _ in s.labels), *([s.owner] if s.owner else [])]):
                found.setdefault(label, []).append(Place(page.doc, s.paragraph, s.span))
    return found


def _words(reading: Reading, doc: str, span: Span) -> str:
    return " ".join(reading.page(doc).text[span.start : span.end].split())


def _searches(reading: Reading, told: Sequence[Attribute]) -> Iterator[str]:
    """What identifies, with the place, the year and the accused beside it."""
    places = [f'"{reading.words(f)}"' for f in told if f.kind == "place"]
    years = [m[0] for f in told if f.kind in ("year", "season", "date") and (m := re.search(r"(?:19|20)\d\d", reading.words(f)))]
    accused = next((f'"{m[0]}"' for page in reading.naming if (m := reading.cues.accused.search(page.text))), "")
    around = [*dict.fromkeys(places[:1]), *dict.fromkeys(years[:1])]
    for fact in sorted((f for f in told if f.kind in _SEARCHED), key=lambda f: _SEARCHED.index(f.kind)):
        if words := _own_words(reading.words(fact)):
            yield " ".join([f'"{words}"', *around])
        phrase = _phrase(reading, fact)
        if len(phrase.split()) >= _LEAST:
            yield f'"{phrase}"'
    if accused and places:
        yield " ".join([accused, *around])


def _own_words(words: str) -> str:
    """The words of a fact without labels and whose it is."""
    plain = " ".join(_UNTOLD.sub(" ", words).split())
    return re.sub(r"(?i)^(?:(?:she|he|they|her|his|their|is|was|were|has|had|an?|the) )+", "", plain)


def _phrase(reading: Reading, fact: Attribute) -> str:
    """The longest stretch of the copy's own words around a fact, without labels and punctuation."""
    text = reading.page(fact.doc).text
    start, end = fact.sentence.start, fact.sentence.end
    for cut in _UNTOLD.finditer(text, start, end):
        if cut.end() <= fact.span.start:
            start = cut.end()
        elif cut.start() >= fact.span.end:
            end = cut.start()
            break
    return " ".join(text[start:end].split()) if not _UNTOLD.search(text, start, end) else ""
