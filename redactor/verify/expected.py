"""Whether a copy holds the text it was made from.

Not caught: words added to the copy, paragraphs in another order (notes and page headers lie elsewhere in a file), list numbers
and note numbers (a program may draw them), punctuation, and up to one word in two hundred.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from .plain import plain

SHARE = 0.995
_WORD = re.compile(r"[^\W_]+")
_NOTE_REFERENCE = re.compile(r"\[\d{1,3}\]")
_LIST_NUMBER = re.compile(
    r"^[ \t|]*(?:[•▪◦·*-]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxlIVXL]{1,6})[.)]|\d{1,3}(?:\.\d{1,3})*)(?=\s)", re.M
)
_CHUNK = 60  # words compared at a time: keeps the work linear in the length of the text


def words(text: str) -> list[str]:
    """The words of a text, made plain, in order."""
    return _WORD.findall(_NOTE_REFERENCE.sub(" ", plain(text)))


def found_words(expected: str, visible: str) -> tuple[int, int]:
    """How many words of `expected` stand in `visible` in the order of their paragraph and as often, and how many there are."""
    chunks = list(_chunks(expected))
    wanted = Counter(word for chunk in chunks for word in chunk)
    there = words(visible)
    total = wanted.total()
    scarce = (wanted - Counter(there)).total()
    bearable = total * (1 - SHARE)
    stream = f" {' '.join(there)} "
    at = missing = 0
    for chunk in chunks:
        if missing > bearable:
            break
        needle = f" {' '.join(chunk)} "
        found = stream.find(needle, at)
        found = stream.find(needle) if found < 0 else found
        if found >= 0:
            at = found + len(needle) - 1
            continue
        window = stream[at : at + 2 * len(needle) + 200].split()
        match = SequenceMatcher(None, chunk, window, autojunk=False).get_matching_blocks()
        missing += len(chunk) - sum(block.size for block in match)
        at += len(" ".join(window[: max((block.b + block.size for block in match if block.size), default=0)]))
    return total - min(total, max(missing, scarce)), total


def _chunks(expected: str) -> Iterator[list[str]]:
    for line in _LIST_NUMBER.sub("", expected).splitlines():
        line_words = words(line)
        for start in range(0, len(line_words), _CHUNK):
            yield line_words[start : start + _CHUNK]
