"""Letters that number the headings of a text ("A. The facts", "B. Proceedings"): they are no initial of anybody.

A list of people under letters ("A. Khan", "B. Marsh", each alone in its line) is none, unless the text writes the word small too.
"""

from __future__ import annotations

import regex  # type: ignore[import-untyped]

_MARK = regex.compile(r"^[ \t]*(?P<letter>\p{Lu})[.)][ \t]+(?P<word>\p{Lu}[\p{L}'’-]+)(?P<rest>[^\n]*)$", regex.MULTILINE)
_TURN = regex.compile(r"^[ \t]*(?P<letter>[QA])[.:]?[ \t]+(?=\p{Lu})", regex.MULTILINE)
_SMALL = regex.compile(r"(?<!\p{L})\p{Ll}{3,}(?!\p{L})")


def outline(text: str) -> dict[int, int]:
    """Where a letter that numbers a heading stands → where the heading's words begin (characters)."""
    rows = [(m.start("letter"), m.start("word"), m["letter"], m["word"], m["rest"]) for m in _MARK.finditer(text)]
    letters = {letter for _, _, letter, _, _ in rows}
    if len(letters) < 2:
        return {}
    small = set(_SMALL.findall(text))
    run = all(chr(ord("A") + n) in letters for n in range(4))  # nobody lists people by the alphabet of their given names
    return {
        start: begins
        for start, begins, letter, word, rest in rows
        if letters & {chr(ord(letter) - 1), chr(ord(letter) + 1)}
        and (run or rest.lstrip()[:1].islower() or word.lower() in small)
    }


def questions(text: str) -> dict[int, int]:
    """Where the Q or A of a question or answer in a transcript stands → where its words begin; {} unless two of each do."""
    turns = list(_TURN.finditer(text))
    often = [turn["letter"] for turn in turns]
    return {t.start("letter"): t.end() for t in turns} if min(often.count("Q"), often.count("A")) > 1 else {}
