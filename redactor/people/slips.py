"""Slips of the pen in a protected name that no model takes for one ("Desitny"): a letter more, less, other, or two swapped.

A word counts only where it is no English word, no listed name and part of nothing that stays. Not seen: a slip that makes a
word, or one in a name of four letters.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from rapidfuzz.distance import OSA

from ..lexicon import given_names, ordinary_words, plain, surnames
from ..model import Detection, Kind
from .drafts import Draft
from .link import tokens
from .search import FULL, Index, Match

_LEAST = 5  # letters of the name; shorter ones are too near to other words
_WORD = re.compile(r"(?<![\w@./’'-])[^\W\d_]{5,}(?![\w@/])(?!\.\w)")
_STAYS = frozenset({Kind.ORGANISATION, Kind.TOWN, Kind.PLACE, Kind.SCHOOL, Kind.WORK, Kind.HEALTH})


class Slips:
    """The protected names of a bundle, by what is left of them with any one letter dropped."""

    def __init__(self, drafts: Sequence[Draft], forms: Index) -> None:
        self._known = forms.sizes
        self._near: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for draft in drafts:
            if draft.nameable or draft.listed == "pseudonyms":
                continue
            names = {t for n in draft.names for part in (n.given[0], n.surname) for t in tokens(part)} | draft.lone
            for word in sorted(names):
                if len(word) >= _LEAST and word.isalpha():
                    for left in _less_one(word):
                        self._near[left].append((word, draft.id))

    def find(self, doc: str, text: str, detection: Detection, taken: Collection[int]) -> Iterator[Match]:
        """Words of one document that are such a name with a slip, where nothing else is known of them."""
        stays = [f.span for f in detection.findings if f.kind in _STAYS and f.recognizer != "spacy"]
        for match in _WORD.finditer(text):
            written = match.group()
            word = plain(written)
            capital = (written.istitle() or written.isupper()) and match.start() not in detection.wanting
            if not capital or match.start() in taken or self._known(word):
                continue
            if word in detection.english or word in ordinary_words() or word in given_names() or word in surnames():
                continue
            drafts = {
                draft: FULL
                for left in _less_one(word)
                for name, draft in self._near.get(left, ())
                if OSA.distance(word, name, score_cutoff=1) == 1
            }
            if drafts and not any(span.start <= match.start() < span.end for span in stays):
                yield Match(doc, match.start(), match.end(), (word,), drafts)


def _less_one(word: str) -> Iterator[str]:
    yield word
    yield from (word[:n] + word[n + 1 :] for n in range(len(word)))
