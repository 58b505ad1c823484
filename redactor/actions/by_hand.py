"""Words that a reviewer masks or keeps by hand, put among the decisions of a document.

What is kept by hand never frees a person of an order, a survivor, a child or their family: such words stay masked, and somebody
is asked. A place that a changed source no longer has is passed over, and counted as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ..decide import settle
from ..folding import whole_words
from ..model import Action, Decision, Span
from .kept import ZERO, Phrase

MASKED, KEPT = "R-REVIEW", "K-REVIEW"


def times(texts: Mapping[str, str], phrases: Sequence[Phrase]) -> dict[str, int]:
    """How often the words of each stand in the documents (id → flat text) it speaks of, by its number."""
    return {
        phrase.number: sum(1 for doc, text in texts.items() if phrase.doc in ("", doc) for _ in _places(text, phrase))
        for phrase in phrases
    }


def with_hand(doc: str, text: str, decisions: Sequence[Decision], phrases: Sequence[Phrase]) -> list[Decision]:
    """The decisions of one document with what reviewers said of its words; the later word counts."""
    found = list(decisions)
    for phrase in phrases:
        if phrase.doc in ("", doc):
            for span in _places(text, phrase):
                found = (
                    _masked(doc, span, found, phrase, text) if phrase.action is Action.MASK else _kept(doc, span, found, phrase)
                )
    return found


def _places(text: str, phrase: Phrase) -> Iterator[Span]:
    """Where the words stand: as whole words, whatever their case and the white space in them."""
    for match in whole_words(phrase.words.reveal()).finditer(text):
        if phrase.start in (-1, match.start()):
            yield Span(*match.span())


def _masked(doc: str, span: Span, found: list[Decision], phrase: Phrase, text: str) -> list[Decision]:
    if any(d.action is Action.MASK and d.span.holds(span) for d in found):
        return found
    inner = [d for d in found if d.action is Action.KEEP and d.span.overlaps(span)]
    mask = Decision(doc, span, phrase.kind, Action.MASK, MASKED, "reviewer", decider=phrase.decider, recognizer="reviewer")
    return settle([*(d for d in found if d not in inner), mask], text)


def _kept(doc: str, span: Span, found: list[Decision], phrase: Phrase) -> list[Decision]:
    over = [d for d in found if d.action is not Action.KEEP and d.span.overlaps(span)]
    if any(d.role in ZERO or d.reason.startswith("R-ORDER") for d in over):
        return [replace(d, asks=True) if d in over else d for d in found]
    kind = over[0].kind if over else phrase.kind
    keep = Decision(doc, span, kind, Action.KEEP, KEPT, "reviewer", decider=phrase.decider, recognizer="reviewer")
    rest = [d for d in found if not d.span.overlaps(span)]
    return sorted([*rest, keep], key=lambda d: d.span)
