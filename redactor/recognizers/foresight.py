"""What a pattern says of the texts it can match in, and of the places, so that most are never tried: the same matches, sooner.

Loses nothing: all is read off the pattern itself, and one of which nothing can be said is tried everywhere. Letters are compared
as `re.IGNORECASE` does, to which a dotless "ı" is an "i" and a long "ſ" an "s"; what is not ASCII is always tried.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from re import _constants, _parser  # type: ignore[attr-defined,unused-ignore]
from typing import Any

import ahocorasick  # type: ignore[import-not-found,import-untyped,unused-ignore]  # a C module without stubs

sre: Any = _constants
_SHORTEST = 2  # a single letter stands in every text
_FOLDED = str.maketrans({"İ": "i", "ı": "i", "ſ": "s"})  # beside what lower() does; the test looks at every letter there is
_ASCII = "".join(map(chr, range(128)))
_ODD = tuple(map(ord, "İıſK"))  # not ASCII, and an ASCII letter to `re.IGNORECASE`
_CATEGORIES = {sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_WORD: r"\w", sre.CATEGORY_SPACE: r"\s"}
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_WORD = re.compile(r"\w+")
Parsed = Iterable[tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Foresight:
    """`words`: of each set the folded text must hold one. `first`: the ASCII characters a match may begin with, None if any;
    `opens`: it begins at the beginning of a word."""

    words: tuple[frozenset[str], ...] = ()
    first: frozenset[str] | None = None
    opens: bool = False

    @classmethod
    def of(cls, pattern: str) -> Foresight:
        """What is known of a pattern that is compiled with `re.I`.

        >>> seen = Foresight.of(r"\\b(?:her|his) only (?P<fact>sisters?|uncle)")
        >>> [sorted(words) for words in seen.words], sorted(seen.first), seen.opens
        ([['her', 'his'], [' only '], ['sister', 'uncle']], ['H', 'h'], True)
        """
        parsed = _parser.parse(pattern, re.I)
        words = tuple(words for words in _words(parsed) if min(map(len, words)) >= _SHORTEST)
        first, empty = _first(parsed, small=True)
        if empty or first is None:
            return cls(words)
        return cls(words, first, _at_boundary(parsed) and all(char.isalnum() or char == "_" for char in first))


class Outlook:
    """What a text holds of the words that several patterns need, and where in it each pattern may match."""

    def __init__(self, text: str, words: ahocorasick.Automaton) -> None:
        self._text = text
        self._held = frozenset(word for _, word in words.iter(folded(text))) if words else frozenset[str]()
        self._places: dict[str, list[int]] = defaultdict(list)
        self._openings: dict[str, list[int]] = defaultdict(list)
        for at, char in enumerate(text):
            self._places[char if char < "\x80" else ""].append(at)
        for match in _WORD.finditer(text):
            char = match[0][0]
            self._openings[char if char < "\x80" else ""].append(match.start())

    def matches(self, pattern: re.Pattern[str], seen: Foresight) -> Iterator[re.Match[str]]:
        """What `pattern.finditer` gives for the text."""
        if any(self._held.isdisjoint(words) for words in seen.words):
            return
        if seen.first is None:
            yield from pattern.finditer(self._text)
            return
        places = self._openings if seen.opens else self._places
        done = 0
        for at in sorted(at for char in ("", *seen.first) for at in places.get(char, ())):
            if at >= done and (match := pattern.match(self._text, at)):
                done = match.end()
                yield match


def automaton(seen: Iterable[Foresight]) -> ahocorasick.Automaton:
    """Finds the words that any of these need in one look at a text."""
    made = ahocorasick.Automaton()
    for word in {word for each in seen for words in each.words for word in words}:
        made.add_word(word, word)
    made.make_automaton()
    return made


def folded(text: str) -> str:
    """`text` with every letter that `re.IGNORECASE` takes for one of a-z as that letter."""
    return text.translate(_FOLDED).lower()


def _words(parsed: Parsed) -> Iterator[frozenset[str]]:
    """Sets of words of each of which every match, or what it looks at around itself, holds one."""
    run = ""
    for operation, what in parsed:
        if letter := _letter(operation, what):
            run += letter
            continue
        if operation is sre.AT:  # a boundary parts no letters
            continue
        if run:
            yield frozenset((run,))
        run = ""
        if operation is sre.SUBPATTERN:
            yield from _words(what[-1])
        elif operation is sre.ATOMIC_GROUP:
            yield from _words(what)
        elif operation is sre.ASSERT:
            yield from _words(what[1])
        elif operation in _REPEATS and what[0] > 0:
            yield from _words(what[2])
        elif operation is sre.BRANCH:
            ways = [min(_words(way), key=_commonness, default=frozenset[str]()) for way in what[1]]
            if all(ways):
                yield frozenset[str]().union(*ways)
    if run:
        yield frozenset((run,))


def _letter(operation: Any, what: Any) -> str:
    """The one ASCII character, folded, that this part of a pattern stands for; "" if it is anything else."""
    if operation is sre.LITERAL:
        return chr(what).lower() if what < 128 else ""
    if operation is sre.IN and all(kind is sre.LITERAL and code < 128 for kind, code in what):
        letters = {chr(code).lower() for _, code in what}
        return letters.pop() if len(letters) == 1 else ""
    return ""


def _commonness(words: frozenset[str]) -> float:
    return sum(20.0 ** -len(word) for word in words)


def _first(parsed: Parsed, *, small: bool) -> tuple[frozenset[str] | None, bool]:
    """The ASCII characters a match may begin with (None: any), and whether it may be empty; `small`: case does not matter."""
    found: frozenset[str] = frozenset()
    for operation, what in parsed:
        empty = False
        chars: frozenset[str] | None
        if operation in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            continue
        if operation is sre.SUBPATTERN:
            _, added, removed, inner = what
            chars, empty = _first(inner, small=bool((small or added & re.I) and not removed & re.I))
        elif operation in _REPEATS:
            chars, empty = _first(what[2], small=small)
            empty = empty or what[0] == 0
        elif operation is sre.BRANCH:
            ways = [_first(way, small=small) for way in what[1]]
            sets = [chars for chars, _ in ways if chars is not None]
            chars = frozenset[str]().union(*sets) if len(sets) == len(ways) else None
            empty = any(empty for _, empty in ways)
        else:
            chars = _one(operation, what, small=small)
        if chars is None:
            return None, False
        found |= chars
        if not empty:
            return found, False
    return found, True


def _one(operation: Any, what: Any, *, small: bool) -> frozenset[str] | None:
    """The ASCII characters that this part of a pattern, one character long, stands for; None: perhaps any."""
    parts: Parsed = [(operation, what)] if operation is sre.LITERAL else what if operation is sre.IN else [(None, None)]
    chars: set[str] = set()
    for kind, code in parts:
        if kind in (sre.LITERAL, sre.RANGE):
            low, high = code if kind is sre.RANGE else (code, code)
            if small and any(low <= odd <= high for odd in _ODD):
                return None
            chars |= set(_ASCII[low : high + 1])
        elif kind is sre.CATEGORY and code in _CATEGORIES:
            chars |= set(re.findall(_CATEGORIES[code], _ASCII))
        else:
            return None
    return frozenset(chars | {char.swapcase() for char in chars} if small else chars)


def _at_boundary(parsed: Parsed) -> bool:
    """Whether a match begins at the edge of a word."""
    for operation, what in parsed:
        if operation is sre.AT:
            return what is sre.AT_BOUNDARY
        if operation is sre.SUBPATTERN:
            return _at_boundary(what[-1])
        if operation is sre.BRANCH:
            return all(_at_boundary(way) for way in what[1])
        if operation not in (sre.ASSERT, sre.ASSERT_NOT):
            return False
    return False
