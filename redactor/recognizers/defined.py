"""Abbreviations that a text itself explains in ordinary words ("Licence holder (LH)", "SPOC  single point of contact"): nobody's
initials there.

Not seen: one that is explained in words with capitals alone, which may be somebody's names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import regex  # type: ignore[import-untyped]

from ..model import Finding, Kind

_SAID = r"\p{L}[\p{L}'’]*(?:[ -]\p{L}[\p{L}'’]*){1,6}"
_BEHIND = regex.compile(rf"(?P<said>{_SAID}) [(\[][\"“'‘]?(?P<letters>\p{{Lu}}{{2,6}})[\"”'’]?[)\]]")
_BEFORE = regex.compile(rf"(?<!\p{{L}})(?P<letters>\p{{Lu}}{{2,6}}) [(\[](?P<said>{_SAID})[)\]]")
_ROW = regex.compile(rf"(?m)^[ \t|*]*(?P<letters>\p{{Lu}}{{2,6}})(?:[ \t]*[|=:–-][ \t]*|[ ]{{2,}}|\t+)(?P<said>{_SAID})")
_KINDS = frozenset({Kind.NAME, Kind.ALIAS, Kind.INITIALS})


def explained(text: str, is_word: Callable[[str], bool]) -> frozenset[str]:
    """The abbreviations that the text explains. `is_word`: whether a word in small letters is English."""
    return frozenset(m["letters"] for m in _pairs(text) if _stands_for(m["letters"], m["said"], is_word))


def _pairs(text: str) -> Iterator[regex.Match[str]]:
    for pattern in (_BEHIND, _BEFORE, _ROW):
        yield from pattern.finditer(text, overlapped=True)


def _stands_for(letters: str, said: str, is_word: Callable[[str], bool]) -> bool:
    words = regex.split(r"[ -]", said)
    for part in (words[-len(letters) :], words[: len(letters)]):
        if "".join(word[0] for word in part).upper() == letters:
            return any(word.islower() for word in part) and all(is_word(word.lower()) for word in part if len(word) > 3)
    return False


def unexplained(found: set[Finding], text: str, is_word: Callable[[str], bool]) -> set[Finding]:
    """The findings without names and initials that are such abbreviations."""
    known = explained(text, is_word)
    return {f for f in found if f.kind not in _KINDS or text[f.span.start : f.span.end] not in known} if known else found
