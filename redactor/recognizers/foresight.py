"""What a pattern says of the texts it can match in, and of the places, so that most are never tried: the same matches, sooner.

Loses nothing: all is read off the pattern itself, and one of which nothing can be said is tried everywhere. Letters are compared
as `re.IGNORECASE` does, to which a dotless "ı" is an "i" and a long "ſ" an "s"; what is not ASCII is always tried.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from re import _constants, _parser  # type: ignore[attr-defined,unused-ignore]
from typing import Any

import ahocorasick  # type: ignore[import-not-found,import-untyped,unused-ignore]  # a C module without stubs

sre: Any = _constants
_SHORTEST = 2  # a single letter stands in every text
_FOLDED = str.maketrans({"İ": "i", "ı": "i", "ſ": "s"})  # beside what lower() does; the test looks at every letter there is
_ASCII = "".join(map(chr, range(128)))
_ODD = tuple(map(ord, "İıſK"))  # not ASCII, and an ASCII letter to `re.IGNORECASE`
_MANY = 20  # seconds of one first: to look at each costs what it saves
_ANY = "\uffff"  # for a second character: one that is not ASCII, or none
_CATEGORIES = {sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_WORD: r"\w", sre.CATEGORY_SPACE: r"\s"}
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_WORD = re.compile(r"\w+")
Parsed = Iterable[tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Foresight:
    """`words`: of each set the folded text must hold one. `first`: the two characters that a match may begin with, or one
    where the next may be anything; None if all may (what is not ASCII is always tried). `opens`: it begins at the beginning of a
    word."""

    words: tuple[frozenset[str], ...] = ()
    first: frozenset[str] | None = None
    opens: bool = False

    @classmethod
    def of(cls, pattern: str) -> Foresight:
        """What is known of a pattern that is compiled with `re.I`.

        >>> seen = Foresight.of(r"\\b(?:her|his) only (?P<fact>sisters?|uncle)")
        >>> [sorted(words) for words in seen.words], sorted(f for f in seen.first if f.isascii()), seen.opens
        ([['er', 'is'], [' only '], ['sister', 'uncle']], ['HE', 'HI', 'He', 'Hi', 'hE', 'hI', 'he', 'hi'], True)
        """
        parsed = _parser.parse(pattern, re.I)
        words = tuple(words for words in _words(parsed) if min(map(len, words)) >= _SHORTEST)
        first = _first(parsed)
        if first is None:
            return cls(words)
        return cls(words, first, _at_boundary(parsed) and all(char[0].isalnum() or char[0] == "_" for char in first))


class Outlook:
    """What a text holds of the words that several patterns need, and where in it each pattern may match."""

    def __init__(self, text: str, words: ahocorasick.Automaton) -> None:
        self._text = text
        self._held = frozenset(word for _, word in words.iter(folded(text))) if words else frozenset[str]()
        self._places = _index(text, range(len(text)))
        self._openings = _index(text, (match.start() for match in _WORD.finditer(text)))

    def may_hold(self, seen: Foresight) -> bool:
        """Whether the text has all words that a match needs."""
        return not any(self._held.isdisjoint(words) for words in seen.words)

    def matches(self, pattern: re.Pattern[str], seen: Foresight) -> Iterator[re.Match[str]]:
        """What `pattern.finditer` gives for the text."""
        if not self.may_hold(seen):
            return
        if seen.first is None:
            yield from pattern.finditer(self._text)
            return
        places = self._openings if seen.opens else self._places
        done = 0
        for at in sorted(chain(places.get("", ()), *(places[begin] for begin in places.keys() & seen.first))):
            if at >= done and (match := pattern.match(self._text, at)):
                done = match.end()
                yield match


def _index(text: str, places: Iterable[int]) -> dict[str, list[int]]:
    """Places by the first character there, by the first two, by the first and `_ANY` where the second is not ASCII or there is
    none; all whose first is not ASCII under ""."""
    found: dict[str, list[int]] = defaultdict(list)
    for at in places:
        first, second = text[at], text[at + 1 : at + 2]
        if first >= "\x80":
            found[""].append(at)
            continue
        found[first].append(at)
        found[first + (second if "" < second < "\x80" else _ANY)].append(at)
    return found


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


def _first(parsed: Parsed) -> frozenset[str] | None:
    """What a match may begin with (`Foresight.first`); None where it may be anything, or nothing."""
    begins = _begins(parsed, small=True)
    if begins is None or "" in begins:
        return None
    ones = {begin[0] for begin in begins if len(begin) == 1 or begin[1] == _ANY}
    ones |= {first for first, seconds in Counter(begin[0] for begin in begins).items() if seconds > _MANY}
    twos = {begin for begin in begins if begin[0] not in ones}
    return frozenset(ones | twos | {two[0] + _ANY for two in twos})


def _begins(parsed: Parsed, *, small: bool) -> frozenset[str] | None:
    """The first two characters of what this may match, fewer where it may end before, `_ANY` for a second that may be anything;
    None: anything. `small`: case does not matter."""
    found = frozenset({""})
    for operation, what in parsed:
        wider = _then(found, _part(operation, what, small=small))
        if wider is None:
            return None
        found = wider
        if all(len(begin) == 2 for begin in found):
            break
    return found


def _then(begins: frozenset[str], following: frozenset[str] | None) -> frozenset[str] | None:
    """What begins with one and goes on with the other."""
    if following is None and "" in begins:
        return None
    found: set[str] = {begin for begin in begins if len(begin) == 2}
    many = following is None or len(following) > _MANY
    for begin in begins - found:
        found |= {begin + _ANY} if begin and many else {(begin + more)[:2] for more in following or ()}
    return frozenset(found)


def _part(operation: Any, what: Any, *, small: bool) -> frozenset[str] | None:
    """The same of one part of a pattern."""
    if operation in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return frozenset({""})
    if operation is sre.SUBPATTERN:
        _, added, removed, inner = what
        return _begins(inner, small=bool((small or added & re.I) and not removed & re.I))
    if operation is sre.ATOMIC_GROUP:
        return _begins(what, small=small)
    if operation is sre.BRANCH:
        ways = [_begins(way, small=small) for way in what[1]]
        known = [way for way in ways if way is not None]
        return frozenset[str]().union(*known) if len(known) == len(ways) else None
    if operation in _REPEATS:
        least, most, inner = what
        once = _begins(inner, small=small)
        if once is None:
            return None
        twice = _then(once, once) if most > 1 else None
        return frozenset({""} if least == 0 else ()) | (once if least < 2 else frozenset[str]()) | (twice or frozenset[str]())
    return _one(operation, what, small=small)


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
