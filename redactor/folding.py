"""Words as they are compared: one case, no accents, one blank for whatever parts them; and where they stand in the text.

Verification folds by code of its own (verify/plain.py), on purpose: what is missed here is to be found there.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import ahocorasick  # type: ignore[import-not-found,import-untyped,unused-ignore]  # a C module without stubs

from .cleartext import ClearText
from .model import Span

_PARTING = frozenset("-‐‑‒–—―_+")
_DOT = re.compile(r"(?<=[^\W_])\.(?=[^\W_])")
_PART = re.compile(r"[^ ]+(?: [^ ]+)* ?")  # up to where two blanks stand, which become one
_ALIKE = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "’": "'", "‘": "'", "`": "'"}


@cache
def _fold(char: str) -> str:
    """One character as it is compared; "" for one that cannot be seen, a blank for one that parts words."""
    out = []
    for part in unicodedata.normalize("NFKD", char).casefold():
        category = unicodedata.category(part)
        if part in _PARTING or category.startswith("Z") or category == "Cc":
            out.append(" ")
        elif category not in ("Mn", "Me", "Cf"):
            out.append(_ALIKE.get(part, part))
    return "".join(out)


@dataclass(frozen=True, slots=True, repr=False)
class Folded:
    """A text folded, and the way back: `parts` begin at these offsets of the folded text, `sources` at these of the text, and
    within a part the two run side by side. Personal text: no repr."""

    text: str
    parts: tuple[int, ...]
    sources: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Where folded characters `start` to `end` (exclusive, not empty) stand in the text."""
        return Span(self._source(start), self._source(end - 1) + 1)

    def _source(self, at: int) -> int:
        part = bisect_right(self.parts, at) - 1
        return self.sources[part] + at - self.parts[part]


def folded(text: str) -> Folded:
    """The text as words are compared, with a way back. Linear in its length (characters)."""
    table = {ord(char): _fold(char) for char in set(text)}
    if all(len(part) == 1 for part in table.values()):  # nearly every text: each character is one character still
        return _joined(_PART.finditer(_DOT.sub(" ", text).translate(table)))
    out: list[str] = []
    parts: list[int] = []
    sources: list[int] = []
    blank = True
    following = -1
    for at, char in enumerate(text):
        dot = char == "." and text[at - 1 : at].isalnum() and text[at + 1 : at + 2].isalnum()
        for part in " " if dot else _fold(char):
            if part == " " and blank:
                continue
            blank = part == " "
            if at != following:
                parts.append(len(out))
                sources.append(at)
            out.append(part)
            following = at + 1
    return Folded("".join(out), tuple(parts), tuple(sources))


def _joined(found: Iterable[re.Match[str]]) -> Folded:
    out: list[str] = []
    parts: list[int] = []
    size = 0
    sources: list[int] = []
    for part in found:
        parts.append(size)
        sources.append(part.start())
        out.append(part[0])
        size += len(part[0])
    return Folded("".join(out), tuple(parts), tuple(sources))


class Finder:
    """Looks for many forms in one pass (Aho-Corasick, 1975): whole words, however they are parted, cased or accented."""

    def __init__(self, forms: Iterable[ClearText]) -> None:
        self._patterns: dict[str, set[str]] = {}
        for form in forms:
            written = form.reveal()
            if key := folded(written).text.strip():
                self._patterns.setdefault(key, set()).add(written)
                given, _, last = key.rpartition(" ")
                if given and last.isalpha() and "," not in key:
                    self._patterns.setdefault(f"{last}, {given}", set()).add(written)  # as registers write it
        self._automaton = ahocorasick.Automaton()
        for key in self._patterns:
            self._automaton.add_word(key, key)
        if self._patterns:
            self._automaton.make_automaton()

    def find(self, text: Folded) -> Iterator[tuple[str, Span]]:
        """Each form as it was given (personal text) and where it stands in the text; one within another is told too."""
        if not self._patterns:
            return
        words = text.text
        for last, key in self._automaton.iter(words):
            start, end = last + 1 - len(key), last + 1
            if not (words[start - 1 : start].isalnum() and start) and not words[end : end + 1].isalnum():
                for form in sorted(self._patterns[key]):
                    yield form, text.span(start, end)


def occurrences(form: ClearText, text: str) -> list[Span]:
    """Where one form stands in a text, in order."""
    return sorted(span for _, span in Finder([form]).find(folded(text)))


def whole_words(text: str, fold: bool = True) -> re.Pattern[str]:
    """A pattern for these words as whole words, whatever the white space between them; with `fold` in any case."""
    body = r"\s+".join(map(re.escape, text.split()))
    return re.compile(rf"(?<![^\W_]){body}(?![^\W_])", re.IGNORECASE if fold else re.NOFLAG)
