"""Abbreviations that a text itself explains in ordinary words ("Licence holder (LH)", "SPOC  single point of contact"): nobody's
initials there.

Not seen: one that is explained in words with capitals alone, which may be somebody's names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import regex  # type: ignore[import-untyped]

from ..model import Finding, Kind

_WORDS = regex.compile(r"\p{L}[\p{L}'’]*")
_BEHIND = regex.compile(r"(?<=\p{L} )[(\[][\"“'‘]?(?P<letters>\p{Lu}{2,6})[\"”'’]?[)\]]")
_BEFORE = regex.compile(r"(?<!\p{L})(?P<letters>\p{Lu}{2,6}) [(\[](?P<said>[^()\[\]\n]{5,80})[)\]]")
_ROW = regex.compile(r"(?m)^[ \t|*]*(?P<letters>\p{Lu}{2,6})(?:[ \t]*[|=:–-][ \t]*|[ ]{2,}|\t+)(?P<said>\p{L}[^\n|]{4,80})")
_FAR = 100  # characters
_KINDS = frozenset({Kind.NAME, Kind.ALIAS, Kind.INITIALS})


def explained(text: str, is_word: Callable[[str], bool]) -> frozenset[str]:
    """The abbreviations that the text explains. `is_word`: whether a word in small letters is English."""
    return frozenset(letters for letters, words in _pairs(text) if _stands_for(letters, words, is_word))


def _pairs(text: str) -> Iterator[tuple[str, list[str]]]:
    """Letters and as many words that they may stand for."""
    for match in _BEHIND.finditer(text):
        said = text[max(0, match.start() - _FAR) : match.start()].rpartition("\n")[2]
        yield match["letters"], _WORDS.findall(said)[-len(match["letters"]) :]
    for match in (*_BEFORE.finditer(text), *_ROW.finditer(text)):
        yield match["letters"], _WORDS.findall(match["said"])[: len(match["letters"])]


def _stands_for(letters: str, words: list[str], is_word: Callable[[str], bool]) -> bool:
    if "".join(word[0] for word in words).upper() != letters:
        return False
    return any(word.islower() for word in words) and all(is_word(word.lower()) for word in words if len(word) > 3)


def unexplained(found: set[Finding], text: str, is_word: Callable[[str], bool]) -> set[Finding]:
    """The findings without names and initials that are such abbreviations."""
    known = explained(text, is_word)
    return {f for f in found if f.kind not in _KINDS or text[f.span.start : f.span.end] not in known} if known else found
