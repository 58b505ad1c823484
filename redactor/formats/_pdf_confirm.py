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
from ._ocr import Box, Line, read_lines, skim, tesseract
from ._pdf_rows import Row, around
from ._pdf_text import UNDER, Letter, Sheet, Word
from ._runs import PLAIN
from .picture import POOR, found_codes, poor

if TYPE_CHECKING:
    from ._ocr import Pixels

READ_SCALE = 200 / 72  # pixels a point where words may be taken from the picture
SKIM_SCALE = 120 / 72  # where they are only looked for: of three reports' first pages every word was found from 100 dpi on
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


def confirmed(page: Sheet, pixels: Pixels, believed: frozenset[str], doubtful: bool) -> Confirmed:
    """The page's words against its picture. `believed`: fonts whose words may stay where the reader of pixels sees nothing;
    `doubtful`: words are likely to be taken from the picture, so it is read with all care."""
    pixels = _painted(page, pixels)
    read = read_lines(pixels) if doubtful else skim(pixels)
    scale = page.width / pixels.shape[1]
    out = Confirmed([])
    out.hidden += [Hidden("barcode", ClearText(text)) for text, _ in found_codes(pixels) if text]
    out.hidden += [
        Hidden("second reading", ClearText(line.second)) for line in read.lines if len(line.second) * 2 > len(line.text)
    ]
    lines = [Line(line.text, Box(*(side * scale for side in line.box)), line.score) for line in read.lines]
    seen = [word for word in page.words if not word.unseen]
    if read.turned:  # nothing lies where the letters say: all that counts is what is read
        out.hidden += [Hidden("text layer", ClearText(word.text)) for word in seen]
        out.rows, out.poor = _rows(lines, []), poor(read, alone=not tesseract())
        return out
    shown = [_shown(word, lines, believed) for word in seen]
    counted: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for word, true in zip(seen, shown, strict=True):
        if _weight(word.text) >= 3 and _level(word):
            counted[word.font] += 1
            right[word.font] += true
    out.fonts = {font: (right[font], counted[font]) for font in counted}
    none = counted.total() >= 5 and right.total() < (1 - MOST) * counted.total()
    false = [word for word, true in zip(seen, shown, strict=True) if none or not true]
    replaced = [line for line in lines if any(line.box.holds(*middle(word.box)) for word in false)]
    for word in seen:
        if word in false or any(line.box.holds(*middle(word.box)) for line in replaced):
            false += [word] * (word not in false)
        else:
            out.words.append(word)
    if false:
        out.hidden.append(Hidden("text layer", ClearText(" ".join(word.text for word in false))))
        out.warnings.add("text-layer-differs")
    _add_what_only_the_picture_has(page, lines, replaced, out)
    return out


def _painted(page: Sheet, pixels: Pixels) -> Pixels:
    """The picture without the words that lie under a box: a box that is an annotation is not in the picture."""
    across, down = pixels.shape[1] / page.width, pixels.shape[0] / page.height
    boxes = [word.box for word in page.words if word.unseen == UNDER] + page.redact
    if boxes:
        pixels = pixels.copy()
    for box in boxes:
        left, top = max(int(box.left * across) - 2, 0), max(int(box.top * down) - 2, 0)
        pixels[top : int(box.bottom * down) + 3, left : int(box.right * across) + 3] = 255
    return pixels


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


def _level(word: Word) -> bool:
    return word.letters[0].look.turn in (0, 180)


def _shown(word: Word, lines: Sequence[Line], believed: frozenset[str]) -> bool:
    """Whether the picture shows the word where it stands. Where it shows nothing, believed fonts are; so is text that stands
    askew, which is read badly."""
    from rapidfuzz import fuzz

    if not _level(word):
        return word.font in believed
    box, size = word.box, max(word.letters[0].look.size, 4.0)
    y = middle(box)[1]
    near = "".join(
        _letters(token)
        for line in lines
        if line.box.top - 0.3 * size <= y <= line.box.bottom + 0.3 * size
        for token, where in _tokens(line)
        if where.right > box.left - 2.5 * size and where.left < box.right + 2.5 * size
    )
    letters = _letters(word.text)
    if not near or not letters:
        return word.font in believed
    if len(letters) < 3:
        inside = [t for line in lines for t, where in _tokens(line) if box.holds(*middle(where))]
        return word.font in believed or (letters in near and all(_weight(token) <= len(letters) + 2 for token in inside))
    return fuzz.partial_ratio(letters, near) >= ALIKE and len(near) >= 0.7 * len(letters)


def _add_what_only_the_picture_has(page: Sheet, lines: Sequence[Line], replaced: Sequence[Line], out: Confirmed) -> None:
    """Words read from pixels where the page has no letters that count: into rows, or learnt from where they stand in an
    illustration."""
    area = page.width * page.height
    small = [box for _, box in page.pictures if (box.right - box.left) * (box.bottom - box.top) < LARGE * area]
    boxes = [word.box for word in out.words]
    fresh: list[Line] = []
    for line in lines:
        height = line.box.height
        beside = [b for b in boxes if b.top < line.box.bottom - 0.25 * height and b.bottom > line.box.top + 0.25 * height]
        bare = [(token, box) for token, box in _tokens(line) if not any(_overlaps(box, b) for b in beside)]
        if line in replaced or len(bare) == len(line.text.split()):
            fresh.append(line)
        else:
            fresh += [Line(token, box, line.score) for token, box in bare if _weight(token) >= 3]
    inside = [line for line in fresh if any(b.holds(*middle(line.box)) for b in small)]
    fresh = [line for line in fresh if line not in inside and _weight(line.text)]
    out.hidden += [Hidden("text in a picture", ClearText(line.text)) for line in inside]
    doubtful = sum(len(line.text) for line in fresh if line.score < POOR)
    total = sum(len(line.text) for line in fresh) + sum(len(word.text) for word in out.words)
    score = sum(line.score * len(line.text) for line in fresh) + sum(len(word.text) for word in out.words)
    out.poor = doubtful > 0.1 * total or (total > 0 and score < 0.9 * total)
    out.rows = _rows(fresh, [word.letters[0].look.size for word in out.words])
    if fresh:
        out.warnings.add("read-from-pixels")


def _overlaps(token: Box, word: Box) -> bool:
    x, _ = middle(token)
    return word.left - 0.5 * word.height < x < word.right + 0.5 * word.height


def middle(box: Box) -> tuple[float, float]:
    """The middle of a rectangle."""
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _rows(lines: Sequence[Line], sizes: Sequence[float]) -> list[Row]:
    """Rows of what was read. Boxes of read lines differ by their letters: those near the usual height have the usual size."""
    usual = median(sizes) / 0.8 if sizes else median([line.box.height for line in lines]) if lines else 0.0
    rows = []
    for line in lines:
        height = usual if 0.65 * usual < line.box.height < 1.5 * usual else line.box.height
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
        if word.unseen == UNDER:
            if under and abs(under[-1].letters[0].base - word.letters[0].base) > word.letters[0].look.size / 2:
                flush()
            under.append(word)
        else:
            flush()
            if not word.unseen:
                out.append(word)
    flush()
    return out
