"""Names of protected people in the names of copies: gone however they are glued, accented or cut ("DSouzaZoë", "marsh_j").

A file name accounts for nothing and is never worth holding a copy for: what may be a name goes, ordinary word or not. Does not
see names of three letters and fewer within other letters, nicknames that stand in no text, and what no form of a name holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import ahocorasick  # type: ignore[import-not-found,import-untyped,unused-ignore]  # a C module without stubs

from ..case import clean_name
from ..cleartext import ClearText
from ..decide_everywhere import merged
from ..folding import Finder, folded
from ..lexicon import titles
from ..model import Kind, Span
from ..people.names import PARTICLES

GONE = "withheld"
_LONG = 6  # letters; a shorter word stands within others by chance, and counts only between breaks
_SHORT = 3
_PIECE = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")


class FileNames:
    """Sweeps names of files; made once for a bundle from what must not be in its copies (kind and form, personal text)."""

    def __init__(self, wanted: Iterable[tuple[Kind, ClearText]]) -> None:
        forms = list(wanted)
        self._forms = Finder(form for _, form in forms)
        self._names = ahocorasick.Automaton()
        for name in {n for kind, form in forms if kind is Kind.NAME for n in _closed_up(form.reveal())}:
            self._names.add_word(name, len(name))
        if len(self._names):
            self._names.make_automaton()

    def swept(self, path: str) -> str:
        """The path with every protected form in it gone."""
        parts = []
        for part in Path(path).parts:
            words = _HUMP.sub(" ", part)
            spans = merged([*(span for _, span in self._forms.find(folded(words))), *self._pieces(words)])
            for span in reversed(spans):
                words = f"{words[: span.start]}{GONE}{words[span.end :]}"
            parts.append(clean_name(words) if spans else part)
        return "/".join(parts)

    def _pieces(self, words: str) -> Iterator[Span]:
        """Whole runs of letters in which a name stands, its own breaks and accents aside."""
        pieces = [m.span() for m in _PIECE.finditer(words)]
        begins, ends = {start for start, _ in pieces}, {end for _, end in pieces}
        letters = [(char, at) for start, end in pieces for at in range(start, end) for char in _letters(words[at])]
        for last, size in self._names.iter("".join(char for char, _ in letters)) if len(self._names) else ():
            start, end = letters[last + 1 - size][1], letters[last][1] + 1
            if size >= _LONG or (start in begins and end in ends):
                yield from (Span(*piece) for piece in pieces if piece[0] < end and start < piece[1])


def _closed_up(form: str) -> Iterator[str]:
    """A name as its letters alone, either end first, a surname with its particles, and each word that tells somebody."""
    words = [letters for word in re.split(r"[\s-]", form) if (letters := _letters(word))]
    known, whole = titles(), "".join(words)
    begin = next((at for at, word in enumerate(words) if word in PARTICLES), len(words) - 1)
    yield from (whole, *("".join((*words[at:], *words[:at])) for at in {begin, len(words) - 1}), "".join(words[begin:]))
    yield from (word for word in words if len(word) >= _SHORT and word not in PARTICLES and word not in known)


def _letters(text: str) -> str:
    return "".join(char for char in folded(text).text if char.isalpha())
