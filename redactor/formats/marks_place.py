"""The same words in two texts of one document: as a page has them and as the flat text has them.

Both are compared without blanks, hyphens, rules and accents, for these are what layout changes. Where the same words stand in
several places the words around them decide; where those are alike as well, nothing is said rather than something likely.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from ._runs import SEEN

_AROUND = 400  # letters on each side that may tell two places apart
_SURE = 12  # letters that must agree around words of which the other text has another number
_MANY = 5_000  # places of one word in a document: more are not gone through
_DROPPED = frozenset("-|\xad‐‑‒–—•")


@dataclass(frozen=True, slots=True)
class Squashed:
    """A text without what layout changes; `origin`: where in the whole text each letter stands."""

    text: str = field(repr=False)
    origin: tuple[int, ...] = field(repr=False)


def squashed(text: str) -> Squashed:
    """The letters, digits and signs of a text, each with its place."""
    out: list[str] = []
    origin: list[int] = []
    for at, char in enumerate(text):
        if char.isspace() or char in _DROPPED:
            continue
        for seen in SEEN.get(ord(char), char):
            for letter in unicodedata.normalize("NFKD", seen):
                if not unicodedata.combining(letter) and not letter.isspace():
                    out.append(letter)
                    origin.append(at)
    return Squashed("".join(out), tuple(origin))


def counterpart(here: str, start: int, end: int, there: str, *, strict: bool = True) -> int | None:
    """Where in `there` the letters `start` to `end` of `here` stand; None where that is not sure. Both texts are squashed.

    `strict` False: the only place that has these words is theirs even if `here` has them more often (a header of each page).
    """
    needle = here[start:end]
    if not needle:
        return None
    places = _all(needle, there)
    if not places or len(places) > _MANY:
        return None
    if len(places) == 1 and (not strict or len(_all(needle, here)) == 1):
        return places[0]
    scores = sorted(((_agree(here, start, end, there, place), place) for place in places), reverse=True)
    best, place = scores[0]
    if best < _SURE or (len(scores) > 1 and scores[1][0] == best):
        return None
    return place


def _all(needle: str, text: str) -> list[int]:
    out: list[int] = []
    at = text.find(needle)
    while at >= 0 and len(out) <= _MANY:
        out.append(at)
        at = text.find(needle, at + 1)
    return out


def _agree(here: str, start: int, end: int, there: str, place: int) -> int:
    """How many letters before and behind agree; an end of either text agrees with nothing."""
    before = after = 0
    while (
        before < _AROUND and start - before > 0 and place - before > 0 and here[start - before - 1] == there[place - before - 1]
    ):
        before += 1
    end_there = place + end - start
    while (
        after < _AROUND
        and end + after < len(here)
        and end_there + after < len(there)
        and here[end + after] == there[end_there + after]
    ):
        after += 1
    return before + after
