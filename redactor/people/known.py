"""Drafts by the words of their names, so that linking looks at the few that can fit and not at everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from ..lexicon import nicknames
from .drafts import Draft
from .names import Name, parts

_PREFIX = 3  # letters; no shorter word is short for another (names.same_given)


class Known:
    """Every draft but pseudonyms, found by word, by beginning of a word, or by likeness. Near constant time for each question."""

    def __init__(self, drafts: Iterable[Draft] = ()) -> None:
        self._by_word: dict[str, dict[int, Draft]] = defaultdict(dict)
        self._by_prefix: dict[str, dict[str, None]] = defaultdict(dict)
        self._by_letter: dict[str, dict[str, None]] = defaultdict(dict)
        for draft in drafts:
            self.add(draft)

    def add(self, draft: Draft) -> None:
        """Enter a draft under every word it is known by now; call again when it has learnt another."""
        if draft.listed == "pseudonyms":
            return
        words = {w for n in draft.names for w in (*n.given, n.surname)} | draft.lone
        for word in words | {half for w in words for half in parts(w)}:
            if draft.id not in self._by_word[word]:
                self._by_word[word][draft.id] = draft
                self._by_prefix[word[:_PREFIX]][word] = None
                self._by_letter[word[:1]][word] = None

    def called(self, words: Iterable[str]) -> list[Draft]:
        """The drafts that bear any of these words, in order of id."""
        found = {n: d for w in words for n, d in self._by_word.get(w, {}).items()}
        return [found[n] for n in sorted(found)]

    def fitting(self, name: Name) -> list[Draft]:
        """Every draft that `names.compatible` may find above 0: it shares a word, half a word or a nickname with the name."""
        own = [w for word in (*name.given, name.surname) for w in (word, *parts(word))]
        return self.called({w for word in own for w in (word, *nicknames().get(word, ()))})

    def beginning(self, word: str) -> list[Draft]:
        """Drafts with a word that begins with the same three letters, or is a nickname of this one or the other way round."""
        near = list(self._by_prefix.get(word[:_PREFIX], ())) if len(word) >= _PREFIX else []
        return self.called({*near, word, *nicknames().get(word, ()), *self._shorter(word)})

    def alike(self, word: str, least: float) -> list[Draft]:
        """Drafts with a word spelt like this one (Jaro-Winkler similarity, 0 to 1), the first letter the same."""
        choices = list(self._by_letter.get(word[:1], ()))
        return self.called(w for w, _, _ in process.extract(word, choices, scorer=JaroWinkler.similarity, score_cutoff=least))

    def _shorter(self, word: str) -> Iterator[str]:
        yield from (word[:n] for n in range(_PREFIX, len(word)) if word[:n] in self._by_word)
