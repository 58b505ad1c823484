"""Noise as documents have it: capitals, lost capitals, misreadings of a scan, hyphens at line ends, typing errors, lines broken.

Each works on characters with their tags, so that a tag stays with what it tags. Names of people in `chat` and `typo` forms come
from fill.py already.
"""

from __future__ import annotations

import random
import re

from fill import Filled

SCAN = {"l": "1", "O": "0", "o": "0", "I": "l", "S": "5", "e": "c", "h": "b", "rn": "m", "m": "rn", "cl": "d", "B": "8", "t": "f"}
SHARES = (("plain", 68), ("capitals", 5), ("small", 9), ("scan", 5), ("typing", 6), ("broken", 5), ("titles", 2))


def noisy(filled: Filled, rng: random.Random) -> Filled:
    """The text with at most one sort of noise."""
    names, weights = zip(*SHARES, strict=True)
    filled = _barred(filled, rng)
    return {
        "plain": lambda f, _: f,
        "capitals": lambda f, _: _cased(f, f.text.upper()),
        "small": lambda f, _: _cased(f, f.text.lower()),
        "titles": lambda f, _: _cased(f, f.text.title()),
        "scan": _scanned,
        "typing": _typed,
        "broken": _broken,
    }[rng.choices(names, weights)[0]](filled, rng)


def _barred(filled: Filled, rng: random.Random) -> Filled:
    """Rows of a table mostly with a bar at both ends, as the product's readers write them."""
    if " | " not in filled.text or rng.random() < 0.25:
        return filled
    out = Filled()
    for line in re.finditer(r"[^\n]*(?:\n|\Z)", filled.text):
        part = filled.part(*line.span())
        if " | " in part.text and not part.text.startswith("|"):
            end = "\n" if part.text.endswith("\n") else ""
            part = part.part(0, len(part.text) - len(end))
            out.add("| ", None, None)
            out = out.joined(part)
            out.add(" |" + end, None, None)
        else:
            out = out.joined(part)
    return out


def _cased(filled: Filled, text: str) -> Filled:
    return Filled(text, filled.facts, filled.entities) if len(text) == len(filled.text) else filled


def _changed(filled: Filled, edits: list[tuple[int, int, str]]) -> Filled:
    """Edits (start, end, words) in order; what is put in is tagged as what it stands for."""
    out, at = Filled(), 0
    for start, end, words in edits:
        if start < at:
            continue
        keep = filled.part(at, start)
        out = out.joined(keep)
        out.add(words, filled.facts[start], filled.entities[start])
        at = end
    rest = filled.part(at, len(filled.text))
    return out.joined(rest)


def _scanned(filled: Filled, rng: random.Random) -> Filled:
    edits = []
    for at in range(len(filled.text)):
        for size in (2, 1):
            seen = filled.text[at : at + size]
            if seen in SCAN and rng.random() < 0.015:
                edits.append((at, at + size, SCAN[seen]))
        if filled.text[at] == " " and rng.random() < 0.01:
            edits.append((at, at + 1, ""))
    return _changed(filled, edits)


def _typed(filled: Filled, rng: random.Random) -> Filled:
    edits = []
    for at in range(1, len(filled.text) - 1):
        if filled.text[at : at + 2].isalpha() and rng.random() < 0.012:
            a, b = filled.text[at : at + 2]
            edits.append((at, at + 2, rng.choice((b + a, a, a + b + b))))
    return _changed(filled, edits)


def _broken(filled: Filled, rng: random.Random) -> Filled:
    """Lines broken every 60 to 80 characters, some words parted by a hyphen."""
    edits, line = [], 0
    width = rng.randint(55, 80)
    for at, letter in enumerate(filled.text):
        line = 0 if letter == "\n" else line + 1
        if line >= width and letter == " ":
            edits.append((at, at + 1, "\n"))
            line = 0
        elif line >= width + 4 and filled.text[at - 2 : at + 3].isalpha() and rng.random() < 0.3:
            edits.append((at, at, "-\n"))
            line = 0
    return _changed(filled, edits)
