"""Lines written in one case alone, as logs, headings and messages are, in the case a sentence would have; every character
keeps its place.

Does not know a name that is also a word ("GRACE RANG", "grace rang"): only the search for known names finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import regex  # type: ignore[import-untyped]

from ..lexicon import given_names, ordinary_words, plain, surnames, titles
from .wordlists import words as listed

_WORD = regex.compile(r"\p{Lu}[\p{Lu}'’]*")
_LINE = regex.compile(r"[^\n]+|\n(?=\n)")
_SMALL = regex.compile(r"(?<![\p{L}\p{N}@._/'’-])\p{Ll}+(?:['’]\p{Ll}{3,})?(?![\p{L}\p{N}@_/'’])(?!\.\p{L})")
_CAPITAL = regex.compile(r"\p{Lu}")
_VOWEL = regex.compile(r"[aeiouyàáâãäåèéêëìíîïòóôõöøùúûüýŵŷăąęıő]")
_STARTS = regex.compile(r"[\s>*•–-]*(?:\d|\p{Ll}+ ?:|[*•–|-])")  # a bullet, a time, a speaker: a line of its own
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


def within_shouts(text: str, start: int, end: int) -> bool:
    """Whether a stretch of the text lies within one line written in capitals."""
    begin, stop = text.rfind("\n", 0, start) + 1, text.find("\n", start)
    stop = stop if stop >= 0 else len(text)
    return end <= stop and shouts(text[begin:stop])


@cache
def not_names() -> frozenset[str]:
    """Words that dictionaries lack and that are no names, plain form."""
    return frozenset(map(plain, (*listed("function_words"), *listed("small_words"))))


def wanting(text: str, vocabulary: Callable[[str], bool]) -> Iterator[int]:
    """Where a capital is wanting in lines that have none: at each word that is not English, or that a title or the word beside
    it makes a name.

    What has no vowel or fewer than three letters ("cvp", "dr") is an abbreviation, which a capital would make a name of. A line
    that goes on with the sentence of the line before is left alone, unless that has no capital either.
    """
    opens = True
    for line in _LINE.finditer(text):
        said = str(line[0])
        small = _SMALL.search(said) is not None and not _CAPITAL.search(said)
        if small and (opens or _STARTS.match(said)):
            yield from (int(line.start()) + at for at in _names(said, vocabulary))
        opens = not said.strip() or (small and opens) or said.rstrip()[-1] in '.:;!?|)]"”'


def _names(line: str, vocabulary: Callable[[str], bool]) -> Iterator[int]:
    """Where names begin in a line without capitals."""
    words = [(int(m.start()), int(m.end()), plain(str(m[0]))) for m in _SMALL.finditer(line)]
    strange = [len(word) > 2 and _VOWEL.search(word) is not None and not vocabulary(word) for _, _, word in words]
    for n, (at, _, word) in enumerate(words):
        if strange[n] or (len(word) > 2 and word not in not_names() and _made_name(line, words, strange, n)):
            yield at


def _made_name(line: str, words: list[tuple[int, int, str]], strange: list[bool], n: int) -> bool:
    """Whether an English word is a name by what stands beside it: "mrs bell", "wayne cutler", "rose kitto"."""

    def joined(left: int) -> bool:
        return line[words[left][1] : words[left + 1][0]] in (" ", ". ")

    word = words[n][2]
    if n and joined(n - 1):
        before = words[n - 1][2]
        if word in surnames() and (before in titles() or (strange[n - 1] and before in given_names())):
            return True
        if word in given_names() and before in titles() and titles()[before].family == "kin":
            return True
    if n + 1 < len(words) and joined(n) and strange[n + 1] and word in given_names():
        return word not in ordinary_words() or words[n + 1][2] not in given_names()  # "hope shazia is ok"
    return False


def as_prose(vocabulary: Callable[[str], bool]) -> Callable[[str], str]:
    """A way to write a word of a line in capitals for `calm`: small if it is an English word, else as a name."""

    @cache
    def written(word: str) -> str:
        small = word.lower()
        if len(word) < 3 or not word.isalpha() or not _VOWEL.search(small):
            return word  # "MFH": a capital alone would make a name of it
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
