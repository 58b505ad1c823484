"""Reading pixels: our own run of the models in `ocr.py`, and tesseract as a second opinion where it is installed.

Does not catch: handwriting, letters under about eight pixels, scripts other than Latin; one line upside down or aslant among
upright ones; a word that both engines misread alike. A name that no engine reads is known to nobody: a page must never be
published as pixels because nothing was found in it.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from .. import ocr
from ..errors import HeldError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

SMALL = 22  # pixels: a line's box lower than this is read better at twice the size
BAND = 2400  # pixels: longer sides are shrunk to find lines (an A4 page at 300 dots an inch: no word lost, a gigabyte spared)
LONG = 1.6  # a picture higher than that many widths (a long screenshot) is read in bands, for shrinking would spoil it
UPRIGHT = 0.85  # mean score from which a page surely stands upright; turned text scores 0.5 and less
LEVEL = 0.6  # degrees: a page more aslant than this is laid level and read again
SURE = 60.0  # tesseract's own confidence, of 100, from which its word counts


class Box(NamedTuple):
    """A rectangle in pixels from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One line as read. `score` 0 to 1; `second`: what the other engine read there, "" if it read the same or nothing."""

    text: str
    box: Box
    score: float
    second: str = ""
    slope: float = 0.0  # degrees by which it sinks towards its end

    @property
    def tall(self) -> bool:
        """Whether it runs up or down the page."""
        return len(self.text) > 1 and self.box.height > 1.5 * (self.box.right - self.box.left)


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """What was read of one picture, from the top down. `turned`: degrees clockwise by which it was turned to stand upright,
    `skew`: degrees by which it was then turned back to lie level; boxes are those of `stand(pixels, turned, skew)`, `width` and
    `height` its size."""

    lines: tuple[Line, ...]
    turned: int
    width: int
    height: int
    skew: float = 0.0

    @property
    def score(self) -> float:
        """The mean score, each line weighed by its length; 0 if nothing was read."""
        return _mean(self.lines)


def read_lines(pixels: Pixels) -> Page:
    """Every line of text in a picture (height x width x 3, RGB, 8 bits).

    Raises ModelFault if the engine is not installed, HeldError for a page on which an engine does not come to an end."""
    turned, lines = _upright(pixels)
    stood, skew = turn(pixels, turned), _skew(lines)
    if LEVEL < abs(skew) < 15:
        stood = stand(pixels, turned, skew)
        lines, _ = _read(stood)
    else:
        skew = 0.0
    height, width = stood.shape[:2]
    lines = _with_second(_sideways(stood, lines), _tesseract(stood) if lines else [])
    return Page(tuple(sorted(lines, key=lambda line: (line.box.top, line.box.left))), turned, width, height, skew)


def skim(pixels: Pixels) -> Page:
    """What one pass of the first engine reads of an upright picture: enough to look for words that are known."""
    lines = _lines(pixels)
    height, width = pixels.shape[:2]
    return Page(tuple(sorted(lines, key=lambda line: (line.box.top, line.box.left))), 0, width, height)


def turn(pixels: Pixels, degrees: int) -> Pixels:
    """The picture turned clockwise by a multiple of 90 degrees."""
    import numpy as np

    return np.ascontiguousarray(np.rot90(pixels, -degrees // 90))


def stand(pixels: Pixels, turned: int, skew: float) -> Pixels:
    """The picture turned upright and then level, on a larger sheet of white where its corners need one."""
    import numpy as np
    from PIL import Image

    stood = turn(pixels, turned)
    if not skew:
        return stood
    level = Image.fromarray(stood).rotate(skew, Image.Resampling.BICUBIC, expand=True, fillcolor=(255, 255, 255))
    return np.asarray(level, dtype=np.uint8)


def _skew(lines: list[Line]) -> float:
    """The slope that most lines of some length share, 0 if there are none."""
    slopes = sorted(line.slope for line in lines if not line.tall and len(line.text) > 11)
    return slopes[len(slopes) // 2] if slopes else 0.0


def _mean(lines: tuple[Line, ...] | list[Line]) -> float:
    weight = sum(len(line.text) for line in lines)
    return sum(line.score * len(line.text) for line in lines) / weight if weight else 0.0


def _upright(pixels: Pixels) -> tuple[int, list[Line]]:
    """The turn that reads best and what is read so; one pass where the page is upright already."""
    lines, tall = _read(pixels)
    if not tall and (not lines or _mean(lines) >= UPRIGHT):
        return 0, lines
    best = (0.0 if tall else _mean(lines), 0, lines)
    for degrees in (90, 270) if tall else (180,):
        other, _ = _read(turn(pixels, degrees))
        if _mean(other) > best[0]:
            best = (_mean(other), degrees, other)
    return best[1], best[2]


def _sideways(pixels: Pixels, lines: list[Line]) -> list[Line]:
    """The lines with those that run up or down the page (a note in the margin) read from the side that reads better."""
    height, width = pixels.shape[:2]
    best = {n: line for n, line in enumerate(lines) if line.tall}
    for degrees in (90, 270) if best else ():
        for line in _lines(turn(pixels, degrees)):
            left, top, right, bottom = line.box
            box = (
                Box(top, height - right, bottom, height - left)
                if degrees == 90
                else Box(width - bottom, left, width - top, right)
            )
            for n, known in best.items():
                if line.score > known.score and lines[n].box.holds((box.left + box.right) / 2, (box.top + box.bottom) / 2):
                    best[n] = replace(line, box=lines[n].box)
    return [best.get(n, line) for n, line in enumerate(lines)]


def _read(pixels: Pixels) -> tuple[list[Line], bool]:
    """One pass over a picture as it stands, and whether most of its text runs down it; small text is read enlarged."""
    import numpy as np
    from PIL import Image

    lines = _lines(pixels)
    weight = sum(len(line.text) * (1 if line.tall else -1) for line in lines if len(line.text) > 1)  # one letter says nothing
    heights = sorted(line.box.height for line in lines)
    if weight <= 0 and (not lines or heights[len(heights) // 2] < SMALL) and max(pixels.shape[:2]) <= BAND:
        twice = Image.fromarray(pixels).resize((2 * pixels.shape[1], 2 * pixels.shape[0]), Image.Resampling.BICUBIC)
        larger = _lines(np.asarray(twice, dtype=np.uint8))
        if sum(len(line.text) for line in larger) * _mean(larger) > sum(len(line.text) for line in lines) * _mean(lines):
            lines = [replace(line, box=Box(*(side / 2 for side in line.box))) for line in larger]
    return lines, weight > 0


def _lines(pixels: Pixels) -> list[Line]:
    """One pass; a long picture in bands, cut where a row of pixels is emptiest."""
    lines: list[Line] = []
    band = max(BAND, int(LONG * pixels.shape[1]))
    top = 0
    while top < pixels.shape[0]:
        bottom = pixels.shape[0]
        if bottom - top > band:
            rows = pixels[top + band - 400 : top + band].std(axis=(1, 2))
            bottom = top + band - 400 + int(rows.argmin()) + 1
        for text, score, quad in _pass(pixels[top:bottom]):
            box = Box(min(quad[:, 0]), min(quad[:, 1]) + top, max(quad[:, 0]), max(quad[:, 1]) + top)
            slope = math.degrees(math.atan2(quad[1][1] - quad[0][1], quad[1][0] - quad[0][0]))
            lines.append(Line(text, box, score, slope=slope))
        top = bottom
    return lines


def _pass(pixels: Pixels) -> list[ocr.Found]:
    import numpy as np

    height, width = pixels.shape[:2]
    if height * 30 < width:  # a strip that would shrink to nothing
        pixels = np.pad(pixels, ((0, width // 30 + 1 - height), (0, 0), (0, 0)), constant_values=255)
    return ocr.lines(pixels, BAND)


@cache
def tesseract() -> str:
    """Where tesseract is installed with English, "" if it is not."""
    program = shutil.which("tesseract") or ""
    if program:
        listed = subprocess.run([program, "--list-langs"], capture_output=True, timeout=20, check=False)  # noqa: S603  our own words
        return program if b"\neng" in listed.stdout.replace(b"\r", b"") else ""
    return ""


def _tesseract(pixels: Pixels) -> list[tuple[str, Box]]:
    """Every word tesseract is sure of, and where. Pixels go in and words come out through pipes: nothing touches the disk."""
    program = tesseract()
    if not program:
        return []
    height, width = pixels.shape[:2]
    picture = b"P5 %d %d 255\n" % (width, height) + _flat(pixels).tobytes()
    try:
        done = subprocess.run(  # noqa: S603  a fixed program, fixed arguments, pixels on its standard input
            [program, "stdin", "stdout", "-l", "eng", "--psm", "6", "tsv"],
            input=picture,
            capture_output=True,
            timeout=90,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired:  # a busy machine must not read otherwise than an idle one
        raise HeldError("a page takes too long to read", "Scan it again at 300 dots an inch, or type it out.") from None
    words = []
    for row in done.stdout.decode("utf-8", "replace").splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[11].strip() and float(cells[10]) >= SURE:
            left, top, wide, high = map(float, cells[6:10])
            words.append((cells[11].strip(), Box(left, top, left + wide, top + high)))
    return words


def _flat(pixels: Pixels) -> Pixels:
    """Grey values over those of the paper around them: a photograph has shadows."""
    import numpy as np
    from PIL import Image, ImageFilter

    grey = Image.fromarray(pixels).convert("L")
    small = grey.resize((max(1, grey.width // 4), max(1, grey.height // 4)), Image.Resampling.BOX)
    paper = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.MedianFilter(13))
    wide = np.asarray(paper.resize(grey.size, Image.Resampling.BILINEAR), dtype=np.float32)
    return np.clip(np.asarray(grey, dtype=np.float32) * 255 / np.maximum(wide, 1), 0, 255).astype(np.uint8)


def _with_second(lines: list[Line], words: list[tuple[str, Box]]) -> list[Line]:
    """The lines with what tesseract read in each; words it read where the first engine saw none become lines of their own.

    Where the two disagree the score sinks by as much as they differ, at most by half.
    """
    from rapidfuzz.distance import Indel

    per: list[list[tuple[str, Box]]] = [[] for _ in lines]
    rest: list[tuple[str, Box]] = []
    for word, box in words:
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        home = next((n for n, line in enumerate(lines) if line.box.holds(x, y)), None)
        (rest if home is None else per[home]).append((word, box))
    out = []
    for line, inside in zip(lines, per, strict=True):
        second = " ".join(word for word, _ in sorted(inside, key=lambda item: item[1].left))
        same = Indel.normalized_similarity(_letters(line.text), _letters(second))
        if same == 1 and len(second.split()) > len(line.text.split()) and _letters(second, True) == _letters(line.text, True):
            out.append(replace(line, text=second))  # the first engine loses blanks: "DorcasTarn" is a name no search finds
        elif not second or same == 1:
            out.append(line)
        else:  # tesseract may have read half the line: that alone is no disagreement
            out.append(replace(line, second=second, score=line.score * (0.5 + 0.5 * same) if same > 0.5 else line.score))
    return out + [Line(word, box, 0.5) for word, box in rest if sum(map(str.isalnum, word)) > 2]


def _letters(text: str, cased: bool = False) -> str:
    return "".join(char for char in (text if cased else text.casefold()) if char.isalnum())
