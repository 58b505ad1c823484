"""Whether a page's letters are what its picture shows: each word is looked for where it stands among the words read from pixels.

A word that the picture shows otherwise becomes what the picture shows; one that it does not show is dropped; words that only the
picture has are added. Does not catch: a word that lies about a letter or two; what the reader of pixels misses (`_ocr`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..model import Hidden
from ._ocr import Box, Line, read_lines
from ._pdf_rows import Row, around
from ._pdf_text import Letter, Sheet, Word
from ._runs import PLAIN
from .picture import POOR, codes, poor

if TYPE_CHECKING:
    from ._ocr import Pixels

READ_SCALE = 200 / 72  # pixels a point where words are taken from the picture
CONFIRM_SCALE = 150 / 72  # where they are only looked for
ALIKE = 72.0  # of 100: how much of a word the picture must show
LARGE = 0.4  # of a page: a picture from this size on is the page (a scan), a smaller one an illustration
MOST = 0.4  # share of words that the picture shows otherwise from which the whole layer is not believed


@dataclass(slots=True)
class Confirmed:
    """What stands on a page after its picture was read. `fonts`: per font how many of its words were shown, and how many looked
    for; `poor`: too much of it is read with doubt."""

    words: list[Word]
    rows: list[Row] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    warnings: set[str] = field(default_factory=set)
    fonts: dict[str, tuple[int, int]] = field(default_factory=dict)
    poor: bool = False


def confirmed(page: Sheet, pixels: Pixels, believed: frozenset[str]) -> Confirmed:
    """The page's words against its picture. `believed`: fonts whose words may stay where the reader of pixels sees nothing."""
    read = read_lines(pixels)
    scale = page.width / pixels.shape[1]
    out = Confirmed([])
    out.hidden += [Hidden("barcode", ClearText(text)) for text in codes(pixels) if text]
    out.hidden += [Hidden("second reading", ClearText(line.second)) for line in read.lines if len(line.second) * 2 > len(line.text)]
    seen = [word for word in page.words if not word.unseen]
    if read.turned:  # nothing lies where the letters say: all that counts is what is read
        out.hidden += [Hidden("text layer", ClearText(word.text)) for word in seen]
        out.rows = _rows([Line(line.text, _scaled(line.box, scale), line.score) for line in read.lines])
        out.poor = poor(read)
        return out
    lines = [Line(line.text, _scaled(line.box, scale), line.score) for line in read.lines]
    verdicts = [(word, _shown(word, lines)) for word in seen]
    counted: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for word, shown in verdicts:
        if _weight(word.text) >= 3:
            counted[word.letters[0].look.font] += 1
            right[word.letters[0].look.font] += shown is None
    out.fonts = {font: (right[font], counted[font]) for font in counted}
    if counted.total() >= 5 and right.total() < (1 - MOST) * counted.total():
        out.hidden.append(Hidden("text layer", ClearText(" ".join(word.text for word in seen))))
        out.warnings.add("text-layer-differs")
        verdicts = []
    for word, shown in verdicts:
        if shown is None or (shown == "" and word.letters[0].look.font in believed):
            out.words.append(word)
            continue
        out.hidden.append(Hidden("text layer", ClearText(word.text)))
        out.warnings.add("text-layer-differs")
        if shown:
            out.words.append(_said(word, shown))
    _add_what_only_the_picture_has(page, lines, [word for word, _ in verdicts], out)
    return out


def _scaled(box: Box, scale: float) -> Box:
    return Box(*(side * scale for side in box))


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _weight(text: str) -> int:
    return sum(map(str.isalnum, text))


def _tokens(line: Line) -> Iterator[tuple[str, Box]]:
    """The words of a line that was read, each where it must stand if all letters were of one width."""
    step = (line.box.right - line.box.left) / max(len(line.text), 1)
    at = 0
    for token in line.text.split(" "):
        if token:
            yield token, Box(line.box.left + at * step, line.box.top, line.box.left + (at + len(token)) * step, line.box.bottom)
        at += len(token) + 1


def _shown(word: Word, lines: Sequence[Line]) -> str | None:
    """None where the picture shows the word; else what it shows in its place, "" if nothing."""
    from rapidfuzz import fuzz

    box = word.box
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    size = max(word.letters[0].look.size, 4.0)
    turned = word.letters[0].look.turn not in (0, 180)
    near: list[tuple[str, Box]] = []
    for line in lines:
        if turned or line.box.top - 0.3 * size <= y <= line.box.bottom + 0.3 * size:
            near += [t for t in _tokens(line) if turned or (t[1].right > box.left - 2.5 * size and t[1].left < box.right + 2.5 * size)]
    letters = _letters(word.text)
    if len(letters) < 3:
        return None if near or len(letters) == 0 else ""
    if fuzz.partial_ratio(letters, "".join(_letters(token) for token, _ in near), score_cutoff=ALIKE):
        whole = "".join(_letters(token) for token, _ in near)
        return None if len(whole) >= 0.7 * len(letters) else ""
    return " ".join(token for token, where in near if where.left - 0.3 * size < x < where.right + 0.3 * size)


def _said(word: Word, text: str) -> Word:
    """The word with what the picture shows in its place."""
    first = word.letters[0]
    return Word([Letter(text, word.box, first.base, first.look, True)])


def _add_what_only_the_picture_has(page: Sheet, lines: Sequence[Line], words: Sequence[Word], out: Confirmed) -> None:
    """Words read from pixels where the page has no letters: into rows, or learnt from where they stand in an illustration."""
    area = page.width * page.height
    small = [box for _, box in page.pictures if (box.right - box.left) * (box.bottom - box.top) < LARGE * area]
    boxes = [word.box for word in words]
    fresh: list[Line] = []
    for line in lines:
        height = line.box.height
        beside = [b for b in boxes if b.top < line.box.bottom - 0.25 * height and b.bottom > line.box.top + 0.25 * height]
        bare = [(token, box) for token, box in _tokens(line) if not any(_overlaps(box, b) for b in beside)]
        if not beside or len(bare) == len(line.text.split()):
            fresh.append(line)
        else:
            fresh += [Line(token, box, line.score) for token, box in bare if _weight(token) >= 3]
    inside = [line for line in fresh if any(b.holds(*_middle(line.box)) for b in small)]
    fresh = [line for line in fresh if line not in inside and _weight(line.text)]
    out.hidden += [Hidden("text in a picture", ClearText(line.text)) for line in inside]
    doubtful = sum(len(line.text) for line in fresh if line.score < POOR)
    total = sum(len(line.text) for line in fresh) + sum(len(word.text) for word in out.words)
    score = sum(line.score * len(line.text) for line in fresh) + sum(len(word.text) for word in out.words)
    out.poor = doubtful > 0.1 * total or (total > 0 and score < 0.9 * total)
    out.rows = _rows(fresh)
    if fresh:
        out.warnings.add("read-from-pixels")


def _overlaps(token: Box, word: Box) -> bool:
    middle = (token.left + token.right) / 2
    return word.left - 0.5 * word.height < middle < word.right + 0.5 * word.height


def _middle(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _rows(lines: Sequence[Line]) -> list[Row]:
    """Rows of what was read. Boxes of read lines differ by their letters: those near the usual height have the usual size."""
    usual = median([line.box.height for line in lines]) if lines else 0.0
    rows = []
    for line in lines:
        height = usual if 0.72 * usual < line.box.height < 1.35 * usual else line.box.height
        rows.append(Row([(line.text, PLAIN, False)], line.box, line.box.bottom - 0.2 * height, 0.8 * height))
    return rows


def blacked_out(words: Sequence[Word]) -> list[Word]:
    """The words a reader sees; words under a box in a row become one "[blacked out]"."""
    out: list[Word] = []
    under: list[Word] = []

    def flush() -> None:
        if under:
            first = under[0].letters[0]
            box = around([word.box for word in under])
            out.append(Word([Letter("[blacked out]", box, first.base, first.look, True)]))
            under.clear()

    for word in words:
        if word.unseen == "text under a box":
            if under and abs(under[-1].letters[0].base - word.letters[0].base) > word.letters[0].look.size / 2:
                flush()
            under.append(word)
        else:
            flush()
            if not word.unseen:
                out.append(word)
    flush()
    return out
