"""Lines written in capitals, as logs and headings are, in the case a sentence would have; every character keeps its place.

Does not know a name that is also a word ("GRACE RANG"): it becomes the word, and only the search for known names finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import regex  # type: ignore[import-untyped]

_WORD = regex.compile(r"\p{Lu}[\p{Lu}'’]*")
_LEAST = 8  # capitals; a shorter line ("CC: DS") may be all abbreviations


def shouts(line: str) -> bool:
    """Whether a line is written in capitals."""
    letters = [c for c in line if c.isalpha()]
    return len(letters) > _LEAST and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def calm(text: str, word: Callable[[str], str]) -> str:
    """The text with each word of its lines in capitals as `word` writes it (or as it was, if that is of another length)."""

    def one(match: regex.Match[str]) -> str:
        changed = word(str(match[0]))
        return changed if len(changed) == len(match[0]) else str(match[0])

    return "\n".join(str(_WORD.sub(one, line)) if shouts(line) else line for line in text.split("\n"))


def shouted(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line written in capitals."""
    at = 0
    for line in text.split("\n"):
        if shouts(line):
            yield at, at + len(line)
        at += len(line) + 1


def as_prose(vocabulary: Callable[[str], bool]) -> Callable[[str], str]:
    """A way to write a word of a line in capitals for `calm`: small if it is an English word, else as a name."""

    @cache
    def written(word: str) -> str:
        small = word.lower()
        if len(word) < 3 or not word.isalpha():
            return word
        return small if vocabulary(small) else word.capitalize()

    return written


def vocabulary_of(pipeline: Any) -> Callable[[str], bool]:
    """Whether a word in small letters is English, by the tables of a spaCy pipeline's lemmatizer (WordNet); no tables: never."""
    if "lemmatizer" not in pipeline.pipe_names:
        return lambda _word: False
    tables = pipeline.get_pipe("lemmatizer").lookups
    index = tables.get_table("lemma_index", {}) if hasattr(tables, "get_table") else {}
    known = {word for words in index.values() for word in words}
    known |= {word for part in (tables.get_table("lemma_exc", {}) or {}).values() for word in part}
    rules = [(old, new) for part in (tables.get_table("lemma_rules", {}) or {}).values() for old, new in part]

    def is_word(small: str) -> bool:
        return small in known or any(small.endswith(old) and small[: len(small) - len(old)] + new in known for old, new in rules)

    return is_word
