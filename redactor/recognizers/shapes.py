"""The shape of a written name: its words, initials and particles, and the capitalised words that are no part of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import regex  # type: ignore[import-untyped]

from ..model import Kind
from .base import Found
from .tidy import name_spans
from .wordlists import words

# Capitalised words that are no part of a name though they stand where one might.
STOP = frozenset(word.title() for word in words("not_names"))
WORD = r"(?:(?:[OD]['’]|Mc|Mac|al-|el-)?\p{Lu}(?:\p{L}|['’](?=\p{L}{2}))*(?:-\p{Lu}\p{L}*)*)"  # one word of a name
INITIAL = r"(?:\p{Lu}\.?(?!\p{L}))"  # an initial
_PARTICLE = r"(?:(?:van|von|de|der|den|du|la|le|bin|binti|ibn|ul|ur|al|el|st|St\.?)[ ])?"
NAME = rf"(?:(?:{INITIAL}[ ]?)*{WORD}(?:[ ](?:{INITIAL}|{_PARTICLE}{WORD})){{0,3}})"

_VERB = regex.compile(r"I['’](?:Ll|Ve|M|D)$")  # "then I'll go"


def reach(match: Any, group: str | int = 0) -> tuple[int, int]:
    """A match's range, typed (the regex module ships no types)."""
    start, end = match.span(group)
    return start, end


def name_in(text: str, start: int, end: int, score: float, why: str, *attributes: str, kind: Kind = Kind.NAME) -> Iterator[Found]:
    """The name in a range, if its first word may be one, up to the first word that may not."""
    for a, b in name_spans(text, start, end):
        last = a
        for word in regex.finditer(r"\S+", text, pos=a, endpos=b):
            bare = word.group().strip(".,'’").title()
            if bare in STOP or _VERB.match(bare):
                break
            last = word.end()
        if last > a:
            for x, y in name_spans(text, a, last):
                yield Found(x, y, kind, score, why, attributes)
