"""The visible characters of one block: what is invisible goes, what looks alike becomes one character, emphasis moves along.

Does not catch: words wholly in look-alike letters of another script, letters of the mathematical alphabets, text drawn in the
colour of its ground.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise

from ..cleartext import ClearText
from ..content import NOTHING, Block, BlockKind, Mark, Style
from ._format import too_long

Chars = list[tuple[str, frozenset[Style]]]

PLAIN: frozenset[Style] = frozenset()
TURN, TURN_END = "\u202e", "\u202c"  # right-to-left override and its end: Latin letters between them are seen backwards

MAX_PARAGRAPH = 4_000_000  # characters; each is kept with its emphasis
SOFT = "\x1e"  # a line end of wrapped prose, until `rejoined` settles it

# Characters nobody sees. Left in, they would cut a name in two for every search and still be read as one by people.
_INVISIBLE = (
    (0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160),
    (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xD800, 0xDFFF),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFC), (0xFFFE, 0xFFFF), (0xE0000, 0xE0FFF),
)  # fmt: skip
_SPACES = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_LINES = (0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029)
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
SEEN: dict[int, str] = {
    **{code: "" for first, last in _INVISIBLE for code in range(first, last + 1)},
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_LINES, "\n"),
    **_LIGATURES,
    0x2010: "-",  # the hyphen, and the hyphen that does not break
    0x2011: "-",
}
_ALIKE = dict(zip("АВЕКМНОРСТУХІЈЅаеорсухіјѕԁԛԝ", "ABEKMHOPCTYXIJSaeopcyxijsdqw", strict=True))  # Cyrillic
_ALIKE |= dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοα", "ABEZHIKMNOPTYXoa", strict=True))  # Greek
_MIXED = re.compile(r"[^\W\d_]*[A-Za-z][^\W\d_]*")


def clean(text: str) -> str:
    """`text` as it is seen: invisible characters out, special spaces to " ", accents composed, overridden runs turned round."""
    return text if all(map(_stays, set(text))) else "".join(char for char, _ in _visible([(char, PLAIN) for char in text]))


@cache
def _stays(char: str) -> bool:
    """Whether a character is seen as it is stored, whatever stands beside it."""
    return not (ord(char) in SEEN or char in _ALIKE or char in (TURN, TURN_END) or unicodedata.combining(char))


def _visible(chars: Chars) -> Chars:
    if all(map(_stays, {char for char, _ in chars})):
        return list(chars)
    out: Chars = []
    for char, styles in _turned(chars):
        if out and unicodedata.combining(char):
            whole = unicodedata.normalize("NFC", out[-1][0] + char)
            if len(whole) == 1:
                out[-1] = (whole, out[-1][1])
                continue
        out += [(seen, styles) for seen in SEEN.get(ord(char), char)]
    return _one_script(out)


def _one_script(chars: Chars) -> Chars:
    """Words that mix Latin letters with look-alikes of another script, in Latin: a name cannot hide behind a Cyrillic "а"."""
    if not any(char in _ALIKE for char, _ in chars):
        return chars
    out = list(chars)
    for word in _MIXED.finditer("".join(char for char, _ in chars)):
        if all(char in _ALIKE or ord(char) < 0x370 for char in word[0]):
            out[word.start() : word.end()] = [
                (_ALIKE.get(char, char), styles) for char, styles in chars[word.start() : word.end()]
            ]
    return out


def _turned(chars: Chars) -> Chars:
    """Runs under a right-to-left override in the order in which they are seen; an override ends with its line."""
    if not any(char == TURN for char, _ in chars):
        return chars
    out: Chars = []
    turned: Chars | None = None
    for char, styles in chars:
        if char == TURN:
            turned = turned if turned is not None else []
        elif turned is not None and char in (TURN_END, "\n"):
            out += turned[::-1] + ([(char, styles)] if char == "\n" else [])
            turned = None
        else:
            (out if turned is None else turned).append((char, styles))
    return out + (turned or [])[::-1]


class Runs:
    """Collects the runs of one paragraph, then makes a block of them."""

    def __init__(self) -> None:
        self._chars: Chars = []

    def add(self, text: str, styles: frozenset[Style] = PLAIN) -> None:
        """Append a run as it is stored. Raises HeldError for a paragraph longer than any document: it would fill the memory."""
        if len(self._chars) + len(text) > MAX_PARAGRAPH:
            raise too_long()
        self._chars += [(char, styles) for char in text]

    def block(self, kind: BlockKind, level: int = 0, number: str = "", *, collapse: bool = False) -> Block:
        """The block these runs make, without white space at its ends. `collapse`: HTML's rule for white space within it."""
        chars = _visible(_collapsed(self._chars) if collapse else self._chars)
        while chars and chars[-1][0].isspace():
            chars.pop()
        first = next((at for at, (char, _) in enumerate(chars) if not char.isspace()), 0)
        chars = chars[first:]
        marks = tuple(sorted((m for style in Style for m in _marks(chars, style)), key=lambda m: (m.start, m.end, m.style)))
        text = ClearText("".join(char for char, _ in chars))
        return Block(kind, text, marks, level, ClearText(number) if number else NOTHING)

    def rejoined(self, unbroken: Callable[[str], str]) -> Runs:
        """SOFT line ends settled: a blank, or nothing after a hyphen. `unbroken` says of "left-\nright" how the word is spelt."""
        text = "".join(char for char, _ in self._chars)
        gone: set[int] = set()
        for match in re.finditer(rf"([^\W\d_]+)-{SOFT}([^\W\d_]+)", text):
            hyphen = match.end(1)
            gone |= {hyphen + 1} if "-" in unbroken(f"{match[1]}-\n{match[2]}") else {hyphen, hyphen + 1}
        out = Runs()
        out._chars = [(" " if char == SOFT else char, styles) for at, (char, styles) in enumerate(self._chars) if at not in gone]
        return out


def _collapsed(chars: Chars) -> Chars:
    out: Chars = []
    for char, styles in chars:
        if char == "\n" and out and out[-1][0] == " ":
            out.pop()
        if char != " " or (out and out[-1][0] not in " \n"):
            out.append((char, styles))
    return out


def _marks(chars: Chars, style: Style) -> Iterator[Mark]:
    start: int | None = None
    for at, (_, styles) in enumerate([*chars, ("", PLAIN)]):
        if style in styles and start is None:
            start = at
        elif style not in styles and start is not None:
            if any(not char.isspace() for char, _ in chars[start:at]):
                yield Mark(start, at, style)
            start = None


def segments(text: str, marks: Iterable[Mark]) -> list[tuple[str, frozenset[Style]]]:
    """A block's text in pieces of one emphasis each, for a writer."""
    marks = list(marks)
    edges = sorted({0, len(text), *(m.start for m in marks), *(m.end for m in marks)})
    return [
        (text[start:end], frozenset(m.style for m in marks if m.start <= start and end <= m.end))
        for start, end in pairwise(edges)
    ]
