"""The letters of a PDF page as pdfium finds them, each with its place, size, emphasis, and whether its ink is on the page.

Does not tell a letter that a font draws otherwise than it names it; `_pdf_confirm` asks the picture. A word counts as seen where
the picture has ink at its place: ink of something else there (a pattern, other words) is taken for its own.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ..content import Style
from ._format import unsafe
from ._ocr import Box
from ._pdf_objects import Matrix, Placer, address, bounds, colour, matrix_of, objects, placer, sides, times
from ._runs import PLAIN

if TYPE_CHECKING:
    import pypdfium2

    from ._ocr import Pixels


INK_SCALE = 1.5  # pixels a point: enough to see whether there is ink
MAX_PIXELS = 12_000_000  # a picture of a page; a larger page is drawn smaller
CONTRAST = 36  # of 255: what parts ink from its ground
UNDER = "text under a box"
MAX_SIDE = 14_400  # points (ISO 32000-1, annex C: 200 inches)
MAX_LETTERS = 100_000  # on one page; a full page of a newspaper has about 30,000
TINY = 2.6  # points; nobody reads smaller letters
_BULLETS = {"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓", "\uf06f": "○", "\uf02d": "-"}  # of symbol fonts


class Look(NamedTuple):
    """What the letters of one text object share. `order`: how early it is drawn."""

    order: int
    font: str
    size: float
    styles: frozenset[Style]
    turn: int  # degrees, counter-clockwise
    drawn: bool  # not in the invisible mode, not wholly transparent
    colour: tuple[int, int, int]


class Letter(NamedTuple):
    """One character: `box` in points from the page's top left corner, `base` the line it stands on."""

    text: str
    box: Box
    base: float
    look: Look
    parted: bool  # a blank stands before it


@dataclass(slots=True)
class Word:
    """Letters without a blank between them. `unseen`: why nobody sees it, "" where it is seen."""

    letters: list[Letter]
    unseen: str = ""

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(letter.text for letter in self.letters)

    @property
    def font(self) -> str:
        """The name of its font, of its first letter's if it has several."""
        return self.letters[0].look.font

    @property
    def box(self) -> Box:
        """The rectangle around it."""
        boxes = [letter.box for letter in self.letters]
        return Box(
            min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes)
        )


@dataclass(slots=True)
class Sheet:
    """One page taken apart: words, ruled lines, pictures, and what was drawn over what."""

    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)  # thin lines, across or down
    pictures: list[tuple[int, Box]] = field(default_factory=list)
    covers: list[tuple[int, Box, tuple[int, int, int]]] = field(default_factory=list)  # filled rectangles
    fields: list[tuple[Box, str]] = field(default_factory=list)  # of a form: where, and "☒" or "☐" for one to tick
    redact: list[Box] = field(default_factory=list)  # marked for a redaction that was never applied
    curves: int = 0  # filled outlines: letters may be drawn so
    unmapped: bool = False  # a letter without a name
    blank: bool = False  # nothing at all is drawn

    @property
    def fonts(self) -> dict[str, int]:
        """How many letters of each font are seen."""
        out: dict[str, int] = {}
        for word in self.words:
            if not word.unseen:
                for letter in word.letters:
                    out[letter.look.font] = out.get(letter.look.font, 0) + 1
        return out


def picture_of(page: pypdfium2.PdfPage, scale: float, annotations: bool = False) -> Pixels:
    """The page as it is drawn (height x width x 3, RGB, at most MAX_PIXELS), without form fields; annotations if asked for."""
    import numpy as np

    width, height = page.get_size()
    scale = min(scale, math.sqrt(MAX_PIXELS / max(width * height, 1.0)))
    bitmap = page.render(scale=scale, may_draw_forms=False, draw_annots=annotations, rev_byteorder=True)
    return np.array(bitmap.to_numpy()[:, :, :3])


Rect = tuple[float, float, float, float]


def sheet(
    page: pypdfium2.PdfPage, marked: bool = False, redact: Sequence[Rect] = (), fields: Sequence[tuple[Rect, str]] = ()
) -> Sheet:
    """A page taken apart. `marked`: it has annotations that may cover words; `redact`: places (left, bottom, right, top, in the
    page's own space) marked for redaction: who marked them did not want them read; `fields`: places of a form's fields."""
    width, height = page.get_size()
    if max(width, height) > MAX_SIDE:
        raise unsafe("a page is larger than a page can be")
    out = Sheet(width, height)
    place = placer(page)
    out.fields = [(place(*rect), tick) for rect, tick in fields]
    orders: dict[int, int] = {}
    for order, (thing, matrix) in enumerate(objects(page)):
        orders[address(thing)] = order
        _note(out, order, thing, matrix, place)
    text = page.get_textpage()
    try:
        letters = list(_letters(text, orders, place, out))
    finally:
        text.close()
    out.words = _words(letters)
    pixels = picture_of(page, INK_SCALE)
    out.blank = int(pixels.min()) > 255 - CONTRAST
    for word in out.words:
        word.unseen = _unseen(word, out, pixels)
    if marked:
        noted = picture_of(page, INK_SCALE, annotations=True)
        out.redact = places = [place(*rect) for rect in redact]
        for word in out.words:
            if not word.unseen and (not _ink(word.box, out, noted) or any(p.holds(*_middle(word.box)) for p in places)):
                word.unseen = UNDER
    return out


def _middle(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _note(out: Sheet, order: int, thing: Any, matrix: Matrix, place: Placer) -> None:
    """Put an object that is no text where it belongs."""
    from pypdfium2 import raw

    kind = raw.FPDFPageObj_GetType(thing)
    if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
        return
    box = bounds(thing, matrix, place)
    if kind != raw.FPDF_PAGEOBJ_PATH:
        out.pictures.append((order, box))
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(thing, fill, stroke)
    count = raw.FPDFPath_CountSegments(thing)
    thin = min(box.right - box.left, box.bottom - box.top) < 2.5
    if thin and max(box.right - box.left, box.bottom - box.top) > 6:
        out.rules.append(box)
    elif stroke.value and count <= 400:
        out.rules += sides(thing, times(matrix_of(thing), matrix), place)
    if fill.value and not thin:
        if count <= 6:
            out.covers.append((order, box, colour(raw.FPDFPageObj_GetFillColor, thing)[0]))
        else:
            out.curves += 1


def _letters(text: Any, orders: dict[int, int], place: Placer, out: Sheet) -> Iterator[Letter]:
    """Every character that is drawn or hidden on the page, in pdfium's order. What pdfium adds of its own only parts words."""
    from pypdfium2 import raw

    if raw.FPDFText_CountChars(text) > MAX_LETTERS:
        raise unsafe("a page holds far more letters than a page can show")
    looks: dict[int, Look] = {}
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    parted = True
    high = 0
    for at in range(raw.FPDFText_CountChars(text)):
        code = raw.FPDFText_GetUnicode(text, at)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code, high = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0
        char = chr(code) if 0 < code < 0x110000 else ""
        if raw.FPDFText_IsGenerated(text, at) == 1 or char.isspace():
            parted = True
            continue
        if raw.FPDFText_HasUnicodeMapError(text, at) == 1 or not char:
            out.unmapped = True
            char = char or "\ufffd"
        if raw.FPDFText_IsHyphen(text, at) == 1 or char in "\x02\ufffe\xad":
            char = "-"
        thing = raw.FPDFText_GetTextObject(text, at)
        key = address(thing)
        if key not in looks:
            looks[key] = _look(text, at, thing, orders.get(key, 1_000_000))
        look = looks[key]
        raw.FPDFText_GetLooseCharBox(text, at, box)
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        corner = place(x.value, y.value, x.value, y.value)
        whole: Box = place(box.left, box.bottom, box.right, box.top)
        if look.turn in (0, 180):  # a font's own idea of its height is often far too tall
            whole = Box(
                whole.left, corner.top - 0.78 * look.size, max(whole.right, whole.left + 0.1), corner.top + 0.22 * look.size
            )
        yield Letter(_BULLETS.get(char, char), whole, corner.top, look, parted)
        parted = False


def _look(text: Any, at: int, thing: Any, order: int) -> Look:
    from pypdfium2 import raw

    m = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, at, m)
    scale = math.sqrt(abs(m.a * m.d - m.b * m.c)) or 1.0
    turn = round(math.degrees(math.atan2(m.b, m.a)) / 5) * 5 % 360
    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(256)
    raw.FPDFText_GetFontInfo(text, at, name, 256, flags)
    font = name.value.decode("utf-8", "replace")
    small = font.lower()
    weight = raw.FPDFText_GetFontWeight(text, at)
    bold = weight >= 600 or any(word in small for word in ("bold", "black", "heavy", "demi")) or bool(flags.value & (1 << 18))
    italic = any(word in small for word in ("italic", "oblique")) or bool(flags.value & (1 << 6))
    styles = frozenset(style for style, on in ((Style.BOLD, bold), (Style.ITALIC, italic)) if on)
    ground, alpha = colour(raw.FPDFText_GetFillColor, text, at)
    mode = raw.FPDFTextObj_GetTextRenderMode(thing) if thing else 0
    size = abs(raw.FPDFText_GetFontSize(text, at)) * scale
    return Look(order, font, size, styles or PLAIN, turn, mode not in (3, 7) and alpha > 12, ground)


def _words(letters: list[Letter]) -> list[Word]:
    """Letters parted where a blank, a gap, a new line or another turn of the text parts them; a letter drawn twice is one."""
    out: list[Word] = []
    seen: dict[tuple[str, int, int], Letter] = {}
    for letter in letters:
        size = max(letter.look.size, 0.1)
        cell = (letter.text, round(letter.box.left / (size * 0.4)), round(letter.box.top / (size * 0.4)))
        twin = seen.get(cell)
        seen[cell] = letter
        if twin is not None and twin.look.order != letter.look.order and twin.look.drawn and letter.look.drawn:
            if math.dist(twin.box[:2], letter.box[:2]) < 0.2 * size:
                continue  # drawn twice to look bold
        if not out or letter.parted or _apart(out[-1].letters[-1], letter):
            out.append(Word([letter]))
        else:
            out[-1].letters.append(letter)
    return out


def _apart(before: Letter, after: Letter) -> bool:
    size = max(before.look.size, after.look.size)
    if before.look.turn != after.look.turn:
        return True
    if before.look.turn in (0, 180):
        return abs(after.base - before.base) > 0.6 * size or not -size < after.box.left - before.box.right < 0.3 * size
    return math.dist(before.box[:2], after.box[:2]) > 2 * size


def _unseen(word: Word, page: Sheet, pixels: Pixels) -> str:
    """Why nobody sees a word; "" where it is seen."""
    first = word.letters[0]
    look, box = first.look, word.box
    if not look.drawn:
        return "invisible text"
    x, y = _middle(box)
    if not (-1 <= x <= page.width + 1 and -1 <= y <= page.height + 1):
        return "text off the page"
    if look.size < TINY:
        return "white text"
    if any(order > look.order and cover.holds(x, y) for order, cover in page.pictures):
        return "text under a picture"
    if _ink(box, page, pixels):
        return ""
    cover = next((colour for _, cover, colour in page.covers if cover.holds(x, y)), None)
    over = any(order > look.order and cover.holds(x, y) for order, cover, _ in page.covers)
    if cover is not None and over:
        return UNDER
    if cover is not None and max(cover) < 160:
        return "text in its ground's colour"
    return "white text"


def _ink(box: Box, page: Sheet, pixels: Pixels) -> bool:
    across, down = pixels.shape[1] / page.width, pixels.shape[0] / page.height
    left, right = int(max(box.left * across, 0)), int(box.right * across) + 1
    top, bottom = int(max(box.top * down, 0)), int(box.bottom * down) + 1
    part = pixels[top:bottom, left:right]
    return part.size > 0 and bool(
        (part.reshape(-1, 3).max(axis=0).astype(int) - part.reshape(-1, 3).min(axis=0)).max() >= CONTRAST
    )
