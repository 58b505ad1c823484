"""The words of a PDF copy's pages, by pdfminer: in the order in which they are drawn, and in the order of the tag tree.

Does not see what a font draws for a letter: it goes by what the font says the letter is, as copying and searching do. Pictures
are not read; whoever draws one is told of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral

MAX_DEPTH = 200  # of the tag tree; ours is as deep as a list in a cell
_BLOCKS = frozenset("P H1 H2 H3 H4 H5 H6 L LI TR TD TH Table THead TBody Document Part".split())


class Glyph(NamedTuple):
    """One letter as drawn: its marked content (None outside any), where its foot stands, where it ends, its size in points.

    `text` is what the font says it is, `said` what is read aloud and copied in its place (an accent and its letter are one).
    """

    text: str
    said: str
    mark: int | None
    x: float
    y: float
    end: float
    size: float


@dataclass(slots=True)
class Drawn:
    """All that a copy draws. `artifacts`: page numbers and the like, one text a page; `odd`: what our writer never draws."""

    pages: list[list[Glyph]] = field(default_factory=list)
    artifacts: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)


class _Pen(PDFTextDevice):
    """Collects the glyphs of each page with the marks they stand in."""

    def __init__(self, rsrcmgr: PDFResourceManager, drawn: Drawn) -> None:
        super().__init__(rsrcmgr)
        self.drawn = drawn
        self._marks: list[tuple[str, int | None]] = []
        self._said: list[str | None] = []  # for each open mark the words that stand for what it draws, until they are used

    def begin_page(self, _page: PDFPage, _ctm: Any) -> None:
        self.drawn.pages.append([])
        self.drawn.artifacts.append("")
        self._marks, self._said = [], []

    def begin_tag(self, tag: PSLiteral, props: Any = None) -> None:
        props = props if isinstance(props, dict) else {}
        mark, said = props.get("MCID"), props.get("ActualText")
        self._marks.append((str(tag.name), mark if isinstance(mark, int) else None))
        self._said.append(text_of(said) if isinstance(said, bytes) else None)

    def end_tag(self) -> None:
        if self._marks:
            self._marks.pop()
            if self._said.pop():
                self.drawn.odd.append("words that stand for nothing drawn")

    def render_image(self, _name: str, _stream: Any) -> None:
        self.drawn.odd.append("a picture")

    def begin_figure(self, _name: str, _bbox: Any, _matrix: Any) -> None:
        self.drawn.odd.append("a drawing within the page")

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        if textstate.render != 0:
            self.drawn.odd.append("text that is not drawn")
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(
        self,
        matrix: Any,
        font: Any,
        fontsize: float,
        scaling: float,
        _rise: float,
        cid: int,
        _ncs: Any,
        _graphicstate: Any,
    ) -> float:
        try:
            text = str(font.to_unichr(cid))
        except PDFUnicodeNotDefined:
            text = "\ufffd"
            self.drawn.odd.append("a letter that its font does not name")
        advance: float = font.char_width(cid) * fontsize * scaling
        a, b, _c, _d, x, y = matrix
        if any(name == "Artifact" for name, _ in self._marks):
            self.drawn.artifacts[-1] += text
        else:
            mark = next((mark for _, mark in reversed(self._marks) if mark is not None), None)
            size = fontsize * max(abs(a), abs(b))
            said = text
            if self._said and self._said[-1] is not None:
                said, self._said[-1] = self._said[-1], ""
            self.drawn.pages[-1].append(Glyph(text, said, mark, x, y, x + advance * a, size))
        return advance


def text_of(data: bytes) -> str:
    """A text string of an object (ISO 32000-1, 7.9.2.2)."""
    return data[2:].decode("utf-16-be", "replace") if data[:2] == b"\xfe\xff" else data.decode("latin-1")


def drawn(document: PDFDocument) -> Drawn:
    """What every page draws."""
    out = Drawn()
    manager = PDFResourceManager()
    interpreter = PDFPageInterpreter(manager, _Pen(manager, out))
    for page in PDFPage.create_pages(document):
        interpreter.process_page(page)
    return out


def in_drawing_order(pages: Iterable[list[Glyph]]) -> str:
    """The words as they are drawn, by their fonts, a line for each line of the page."""
    return "\n\n".join(_lines(page) for page in pages)


def in_tag_order(document: PDFDocument, found: Drawn) -> tuple[str, int]:
    """The words as the tag tree has them, which is how they are read aloud, and how many glyphs it leaves out."""
    numbers = {page.pageid: at for at, page in enumerate(PDFPage.create_pages(document))}
    marked: dict[tuple[int, int | None], list[Glyph]] = defaultdict(list)
    for at, page in enumerate(found.pages):
        for glyph in page:
            marked[at, glyph.mark].append(glyph)
    parts: list[str] = []
    run: list[Glyph] = []
    for step in _walk(resolve1(document.catalog.get("StructTreeRoot")), None, 0):
        if isinstance(step, tuple):
            page_id, mark = step
            run += marked.pop((numbers.get(page_id or 0, -1), mark), [])
        elif run:
            parts.append(_lines(run, True) + step)
            run = []
    parts.append(_lines(run, True))
    return "".join(parts), sum(map(len, marked.values()))


def _walk(node: Any, page: int | None, depth: int) -> Iterator[tuple[int | None, int] | str]:
    """Marked contents as (page object, number) in the tree's order, and what parts the blocks around them."""
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(node, int):
        yield page, node
    elif isinstance(node, list):
        for kid in node:
            yield from _walk(resolve1(kid), page, depth + 1)
    elif isinstance(node, dict):
        page = getattr(node.get("Pg"), "objid", page)
        if "MCID" in node:
            yield page, node["MCID"]
        kind = getattr(node.get("S"), "name", "")
        if kind in _BLOCKS:
            yield "\n\n"
        yield from _walk(resolve1(node.get("K")), page, depth + 1)
        if kind in _BLOCKS or kind == "Lbl":
            yield "\n\n" if kind in _BLOCKS else " "


def _lines(glyphs: Iterable[Glyph], one_block: bool = False) -> str:
    """The glyphs as text: a line end where they go down or back, a blank where they leave a gap.

    Within one block the writer ends a line inside a word only where the word is longer than the line: it is joined again.
    """
    out: list[str] = []
    before: Glyph | None = None
    for glyph in glyphs:
        if before is not None:
            if abs(glyph.y - before.y) > 0.3 * before.size or glyph.x < before.x - before.size:
                within = one_block and before.text.isalnum() and glyph.text.isalnum()
                out.append("" if within else "\n")
            elif glyph.x - before.end > 0.15 * before.size:
                out.append(" ")
        out.append(glyph.said if one_block else glyph.text)
        before = glyph
    return "".join(out)
