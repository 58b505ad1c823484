"""Lines and columns: where characters of a document's flat text stand in its file, for formats that have lines.

The letters and digits of a paragraph stand in the file one after another, whatever marks, line ends and blanks a reader of it
does not see. They are looked for in the order of the text; what is not told apart that way (an entity in Markdown, letters of
another script that were read as Latin) is laid beside the file letter by letter, and `exact` says so.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..content import BlockKind, Content, Piece, flatten
from ..errors import HeldError
from ..model import Span
from .markdown import FENCE, NOTE
from .marks_place import squashed
from .text import decode

LINED = ("txt", "md", "csv", "tsv")
"""Short names of the formats whose files have lines."""
_LONG = 12  # letters by which a paragraph is found; a shorter one is looked for between its neighbours
_MOST = 4_000_000  # letters of a paragraph times letters of the file that are laid side by side
_LINE_END = re.compile(r"\r\n|\r|\n")
_UNSEEN = re.compile(  # Markdown that no reader of the page sees
    r"\A---[ \t]*\n(?:[\w-]+:.*\n|[ \t]+.*\n|-[ \t].*\n|#.*\n|\n)*?(?:---|\.\.\.)[ \t]*(?=\n|\Z)"  # front matter
    r"|<!--.*?-->"
    r"|</?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>"
    r"|(?<=\])\(\s*(?:<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
    r"|^ {0,3}\[[^\]\n^]+\]:[^\n]*"
    r"|!\[[^\]]*\]"
    r"|&#?\w{1,31};",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Region:
    """Characters of a file: lines and columns from 1, the end exclusive. `exact`: the file has exactly the words of the flat
    text there, with no mark and no line end between them."""

    line: int
    column: int
    end_line: int
    end_column: int
    exact: bool


class Lines:
    """A file with lines, and where the pieces of its flat text begin in it."""

    def __init__(self, data: bytes, form: str, content: Content) -> None:
        """`form` is one of LINED, `content` what its reader makes of `data`. Raises HeldError where the file is no text."""
        if form not in LINED:
            raise HeldError("the file has no lines", "Look for the place by its paragraph.")
        self._file = decode(data)
        flat = flatten(content)
        self._flat = flat.text.reveal()
        self._pieces = [p for p in flat.pieces if p.part == "text" and p.start < p.end]
        self._starts = [0, *(m.end() for m in _LINE_END.finditer(self._file))]
        kinds = [block.kind for block in content.blocks()]
        parts = _parts(self._file) if form == "md" else {False: self._file}
        self._places: dict[int, Mapping[int, int]] = {}
        for noted, text in parts.items():  # notes are read last and may be written anywhere
            own = [n for n, p in enumerate(self._pieces) if (kinds[p.block] is BlockKind.NOTE) is noted or len(parts) == 1]
            letters = _Letters(text)
            found = _placed([_Letters(self._flat[self._pieces[n].start : self._pieces[n].end]) for n in own], letters.text)
            self._places |= {
                n: {at: letters.origin[there] for at, there in where.items()} for n, where in zip(own, found, strict=True)
            }

    def __repr__(self) -> str:
        return f"<Lines of {len(self._starts)}>"

    def region(self, span: Span) -> Region | None:
        """Where a span of the flat text stands; None where it cannot be told."""
        at = [n for n, p in enumerate(self._pieces) if p.start < span.end and span.start < p.end]
        if not at:
            return None
        first, last = self._found(at[0], span), self._found(at[-1], span)
        if first is None or last is None:
            return None
        start, end = first[0], max(last[1], first[0])
        exact = len(at) == 1 and self._file[start:end] == self._flat[span.start : span.end]
        return Region(*self._position(start), *self._position(end), exact)

    def _found(self, number: int, span: Span) -> tuple[int, int] | None:
        """Where in the file the part of a span lies that is in one piece."""
        piece, letters = self._pieces[number], self._places.get(number, {})
        begin, stop = max(span.start, piece.start), min(span.end, piece.end)
        own = [(at, there) for at, there in letters.items() if begin <= piece.start + at < stop]
        if not own:
            return None
        (low, there), (high, last) = own[0], own[-1]
        start, end = there, last + 1
        low, high = piece.start + low, piece.start + high + 1
        while low > begin and start and self._file[start - 1] == self._flat[low - 1]:
            low, start = low - 1, start - 1
        while high < stop and end < len(self._file) and self._file[end] == self._flat[high]:
            high, end = high + 1, end + 1
        return start, end

    def _position(self, at: int) -> tuple[int, int]:
        line = bisect_right(self._starts, at) - 1
        return line + 1, at - self._starts[line] + 1


def _parts(file: str) -> dict[bool, str]:
    """A Markdown file without what no reader of the page sees: False without notes, True notes alone; blanks for the rest."""
    text = _UNSEEN.sub(lambda m: " " * len(m[0]), file.replace("\r\n", " \n"))
    fences = [match.span() for match in FENCE.finditer(text)]
    notes = [m.span() for m in NOTE.finditer(text) if not any(start <= m.start() < end for start, end in fences)]
    inside = set().union(*(range(start, end) for start, end in notes))
    return {noted: "".join(char if (at in inside) is noted else " " for at, char in enumerate(text)) for noted in (False, True)}


@dataclass(frozen=True, slots=True, init=False)
class _Letters:
    """The letters and digits of a text and where each stands in it."""

    text: str = field(repr=False)
    origin: tuple[int, ...] = field(repr=False)

    def __init__(self, text: str) -> None:
        whole = squashed(text)
        kept = [(char, at) for char, at in zip(whole.text, whole.origin, strict=True) if char.isalnum()]
        object.__setattr__(self, "text", "".join(char for char, _ in kept))
        object.__setattr__(self, "origin", tuple(at for _, at in kept))


def _placed(pieces: Sequence[_Letters], file: str) -> list[Mapping[int, int]]:
    """For each piece, by the offset of each of its letters, the letter of the file that it is."""
    begins: dict[int, int] = {}
    cursor, sure = 0, True
    for number, piece in enumerate(pieces):
        if sure and file.startswith(piece.text, cursor):
            begins[number], cursor = cursor, cursor + len(piece.text)
            continue
        at = file.find(piece.text, cursor) if len(piece.text) >= _LONG else -1
        if sure := at >= 0:  # a short one behind what was not found may be another of the same letters
            begins[number], cursor = at, at + len(piece.text)
    found: list[Mapping[int, int]] = []
    low = 0
    known = sorted(begins)
    for number, piece in enumerate(pieces):
        if number not in begins and piece.text:
            following = known[bisect_left(known, number) :]
            high = next((begins[n] for n in following if begins[n] >= low), len(file))
            at = file.find(piece.text, low, high)
            if at < 0:  # other letters than its own stand between: an entity, a look-alike
                pairs = _beside(piece.text, file[low:high])
                found.append(_forward(piece, low, pairs))
                continue
            begins[number] = at
        at = begins.get(number, -1)
        if at >= 0:
            low = at + len(piece.text)
            found.append(_forward(piece, at, [(n, n) for n in range(len(piece.text))]))
        else:
            found.append({})
    return found


def _forward(piece: _Letters, low: int, pairs: Sequence[tuple[int, int]]) -> Mapping[int, int]:
    out: dict[int, int] = {}
    for here, there in pairs:
        out.setdefault(piece.origin[here], low + there)
    return out


def _beside(piece: str, file: str) -> list[tuple[int, int]]:
    """Letters of a piece and of a stretch of a file that are the same ones, by the longest run of letters that both have."""
    if not piece or len(piece) * len(file) > _MOST:
        return []
    from rapidfuzz.distance import Indel

    same = (op for op in Indel.opcodes(piece, file) if op.tag == "equal")
    return [(op.src_start + n, op.dest_start + n) for op in same for n in range(op.src_end - op.src_start)]


def block_at(pieces: Sequence[Piece], at: int) -> Piece | None:
    """The piece in which a character of the flat text stands, or the last one before it."""
    number = bisect_right(pieces, at, key=lambda p: p.start) - 1
    return pieces[max(0, number)] if pieces else None
