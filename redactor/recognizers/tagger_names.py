"""The second name model: what the tagger says beside facts, of each word piece: part of a name, of a reference.

It costs nothing where the tagger reads for facts anyway: one pass gives both. Letters are small to it and how a word is
written stands beside, so that "JOY", "Joy" and "joy" are one word written in three ways. spaCy finds what it misses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from ..model import Kind
from .base import Found, TextRecognizer
from .tagger import ENTITIES, Tagger, packaged
from .tidy import WORD, joined, name_spans


@dataclass(frozen=True, slots=True)
class Label:
    """One label of one head (0 facts, 1 entities): the kind it stands for, its detail, and from which probability on."""

    head: int
    column: int
    kind: Kind
    detail: str
    least: float


NAME = Label(1, ENTITIES.index("name"), Kind.NAME, "", 0.15)
# References written as no pattern foresees, with the fewest digits of one; the other labels the patterns find better.
OTHERS = ((Label(1, ENTITIES.index("id"), Kind.ID, "reference", 0.6), 4),)


def find(tagger: Tagger, least: float, text: str) -> list[Found]:
    """Names from the probability `least` up, each with the best probability of its words as its score, and `OTHERS`."""
    found = [
        Found(a, b, Kind.NAME, round(min(score, 1.0), 3), "tagger_name", ("model",))
        for start, end, score in joined(text, _words(text, tagger, replace(NAME, least=least)))
        for a, b in name_spans(text, start, end)
    ]
    for label, digits in OTHERS:
        found += [
            Found(start, end, label.kind, round(min(score, 1.0), 3), f"tagger_{label.kind}", (label.detail, "model"))
            for start, end, score in joined(text, _words(text, tagger, label))
            if sum(c.isdigit() for c in text[start:end]) >= digits
        ]
    return found


def _words(text: str, tagger: Tagger, label: Label) -> Iterator[tuple[int, int, float]]:
    """Every word one of whose pieces may bear the label, with the best probability among them."""
    every = ((a, b, float(row[label.column])) for a, b, row in tagger.odds(text, label.head))
    rows = [row for row in every if row[2] >= label.least]
    at = 0
    for word in WORD.finditer(text) if rows else ():
        while at < len(rows) and rows[at][1] <= word.start():
            at += 1
        best = 0.0
        for start, _, odds in rows[at:]:
            if start >= word.end():
                break
            best = max(best, odds)
        if best:
            yield word.start(), word.end(), best


def tagger_names_recognizer(least: Mapping[str, float]) -> TextRecognizer:
    """Names and references of the tagger as a Presidio recognizer. `ModelFault` if it is missing or altered."""
    kinds = [Kind.NAME, *(label.kind for label, _ in OTHERS)]
    return TextRecognizer("tagger_names", kinds, partial(find, packaged(), least.get("name", NAME.least)))
