"""One story of a Word file (body, cell, note, header, text box) walked in reading order into blocks and tables.

Does not catch: what _docx_look.py says of unseen text; the order of text boxes that float over several paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from ..cleartext import ClearText
from ..content import Block, BlockKind, Cell, Style, Table
from ._docx_look import Look
from ._docx_math import linear
from ._docx_numbers import Numbers, Styles, W, on
from ._format import damaged
from ._runs import PLAIN, TURN, TURN_END, Runs
from .html import flattened, roman

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element


R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
MAX_DEPTH = 200
COVERED = "[blacked out]"
_GONE = frozenset({"del", "moveFrom"})
_THROUGH = frozenset({"ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdtContent", "fldSimple", "dir", "rubyBase"})
_TEXT = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SYMBOLS = {0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xA8: "☐", 0xB7: "•", 0xA7: "▪", 0xE0: "→", 0xDF: "←"}
_DINGBATS = ("wingdings", "webdings", "symbol", "marlett")


class File(Protocol):
    """What a story asks of the file it is in."""

    styles: Styles
    numbers: Numbers
    notes: dict[str, dict[str, int]]

    def hide(self, place: str, text: str) -> None: ...  # learn words that no reader sees
    def warn(self, code: str) -> None: ...
    def diagram(self, link: str) -> list[str]: ...  # the words of a SmartArt drawing
    def chunk(self, link: str) -> list[Block | Table]: ...  # a document within the document


def local(element: Element) -> str:
    """An element's name without its namespace, "" for comments and processing instructions."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def deep(root: Element) -> bool:
    """Whether the tree is nested deeper than any document: recursion would end the program."""
    stack = [(root, 0)]
    while stack:
        element, depth = stack.pop()
        if depth > MAX_DEPTH:
            return True
        stack += [(child, depth + 1) for child in element]
    return False


def text_of(element: Element) -> str:
    """Every stored word below an element, paragraphs parted by blanks."""
    out = []
    for node in element.iter():
        if local(node) in ("t", "delText"):
            out.append(node.text or "")
        elif local(node) in ("p", "tab", "br", "cr"):
            out.append(" ")
    return "".join(out)


def diagram_words(root: Element) -> list[str]:
    """The words of a SmartArt drawing, in the order in which it keeps them."""
    if deep(root):
        raise damaged()
    found = [" ".join("".join(t.text or "" for t in p.iter(f"{A}t")).split()) for p in root.iter(f"{A}p")]
    return [text for text in found if text]


class Story:
    """Walks one part in reading order. Fields may reach over paragraphs, so their state lives here."""

    def __init__(self, file: File, *, on_paper: bool = False) -> None:
        """`on_paper`: nothing but the white page is behind the text."""
        self.file, self.on_paper = file, on_paper
        self.fields: list[bool] = []  # per open field: whether its result (not its code) is being read
        self.pending: Runs | None = None  # runs of a paragraph whose mark is deleted
        self.properties: Element | None = None  # of the paragraph that is being read
        self.covered = False  # whether the last thing read was text under a bar

    def blocks(self, container: Element) -> list[Block | Table]:
        """The blocks and tables of a body, cell, note, header or text box."""
        if deep(container):
            raise damaged()
        out = list(self._blocks(container))
        if self.pending is not None:  # nothing followed to be joined to
            block, self.pending = self.pending.block(BlockKind.PARAGRAPH), None
            out += [block] if block.text else []
        return out

    def _blocks(self, container: Element) -> Iterator[Block | Table]:
        for child in container:
            kind = local(child)
            if kind == "p":
                yield from self._paragraph(child)
            elif kind == "tbl":
                yield from self._table(child)
            elif kind in _GONE:
                self.file.hide("tracked deletion", text_of(child))
            elif kind == "AlternateContent":
                yield from self._blocks(self._choice(child))
            elif kind == "sdt" or kind in _THROUGH:
                yield from self._blocks(child)
            elif kind == "altChunk":
                yield from self.file.chunk(str(child.get(f"{R}id")))

    def _choice(self, alternate: Element) -> Element:
        """What a current Word shows; the fallback repeats it, and is learnt from in case it does not."""
        choices = [child for child in alternate if local(child) in ("Choice", "Fallback")]
        for other in choices[1:]:
            self.file.hide("fallback", text_of(other))
        return choices[0] if choices else alternate

    def _paragraph(self, p: Element) -> Iterator[Block | Table]:
        properties = p.find(f"{W}pPr")
        style = self.file.styles.paragraph(properties)
        mark = properties.find(f"{W}rPr") if properties is not None else None
        runs, boxes = self.pending or Runs(), list[Block | Table]()
        self.pending = None
        self.fields = [True] * len(self.fields)  # a field left open must not swallow the rest of the document
        self.properties, self.covered = properties, False
        self._inline(p, runs, boxes, style)
        if mark is not None and (mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None):
            self.pending = runs
            yield from boxes
            return
        yield from self._made(runs, properties, style)
        yield from boxes

    def _made(self, runs: Runs, properties: Element | None, style: str) -> Iterator[Block]:
        plain = runs.block(BlockKind.PARAGRAPH)
        if not plain.text:
            return
        outline = properties.find(f"{W}outlineLvl") if properties is not None else None
        level = self.file.styles.heading(style)
        if outline is not None:
            depth = outline.get(f"{W}val", "9")
            level = min(int(depth) + 1, 6) if depth in "012345678" else 0
        numbered = self.file.numbers.next(properties, style)
        number = ClearText(numbered[1]) if numbered else plain.number
        name = re.fullmatch(r"list(?: bullet| number| continue| paragraph)?(?: ([2-5]))?", self.file.styles.name(style))
        if level:
            marks = tuple(mark for mark in plain.marks if mark.end - mark.start < len(plain.text))
            yield replace(plain, kind=BlockKind.HEADING, level=level, number=number, marks=marks)
        elif numbered:
            depth_ = max(numbered[0], int(name[1]) - 1 if name and name[1] else 0)
            yield replace(plain, kind=BlockKind.ITEM, level=depth_, number=number)
        elif name and self.file.styles.name(style) != "list paragraph":
            yield replace(plain, kind=BlockKind.ITEM, level=int(name[1] or 1) - 1)
        else:
            yield plain

    def _inline(self, node: Element, runs: Runs, boxes: list[Block | Table], style: str) -> None:
        for child in node:
            kind = local(child)
            if kind == "r":
                self._run(child, runs, boxes, style)
            elif kind in _GONE:
                self.file.hide("tracked deletion", text_of(child))
            elif kind == "AlternateContent":
                self._inline(self._choice(child), runs, boxes, style)
            elif kind == "bdo" and child.get(f"{W}val") == "rtl":
                runs.add(TURN)
                self._inline(child, runs, boxes, style)
                runs.add(TURN_END)
            elif kind in ("oMath", "oMathPara"):
                runs.add(linear(child))
            elif kind in _THROUGH or kind in ("sdt", "bdo"):
                self._inline(child, runs, boxes, style)

    def _run(self, run: Element, runs: Runs, boxes: list[Block | Table], style: str) -> None:
        look = Look(run, style, self.file.styles)
        if self._unseen(run, look, runs):
            for child in run:
                self._field(child)
            return
        heading = self.file.styles.heading(style)
        styles = frozenset(
            mark for mark, name in ((Style.BOLD, "b"), (Style.ITALIC, "i")) if look.on(name, by_paragraph=not heading)
        )
        capitals = look.on("caps") or look.on("smallCaps")
        for child in run:
            self._piece(child, runs, boxes, style, styles, capitals)

    def _unseen(self, run: Element, look: Look, runs: Runs) -> bool:
        """Whether no reader sees this run's text: formatted as hidden, white on the page, or under a bar of its own colour."""
        if look.on("vanish"):
            self.file.hide("hidden text", text_of(run))
            return True
        text = text_of(run)
        if not any(char.isalnum() for char in text):
            return False
        if self.on_paper and look.white(self.properties):
            self.file.hide("white text", text)
            self.file.warn("white-text")
            return True
        if look.covered():
            self.file.hide("text under a bar", text)
            self.file.warn("highlight-over-text")
            if not self.covered:
                runs.add(COVERED)
            self.covered = True
            return True
        self.covered = False
        return False

    def _field(self, child: Element) -> None:
        if local(child) == "fldChar":
            step = child.get(f"{W}fldCharType")
            if step == "begin":
                self.fields.append(False)
            elif step == "separate" and self.fields:
                self.fields[-1] = True
            elif step == "end" and self.fields:
                self.fields.pop()

    def _piece(
        self, child: Element, runs: Runs, boxes: list[Block | Table], style: str, styles: frozenset[Style], capitals: bool = False
    ) -> None:
        kind = local(child)
        self._field(child)
        if kind == "delText":
            self.file.hide("tracked deletion", child.text or "")
        elif not all(self.fields):
            self.file.hide("field code", text_of(child) or (child.text or "" if kind == "t" else ""))
        elif kind == "t":
            text = child.text or ""
            # Capitals by format alone: words typed with capitals of their own stay, for so they read and are known better.
            runs.add(text.upper() if capitals and text == text.lower() else text, styles)
        elif kind in _TEXT:
            runs.add(_TEXT[kind], styles)
        elif kind == "sym":
            runs.add(_symbol(child), styles)
        elif kind in ("footnoteReference", "endnoteReference"):
            self._reference(kind.removesuffix("Reference"), child.get(f"{W}id", ""), runs)
        elif kind == "ruby":
            for part in (*child.findall(f"{W}rubyBase"), *child.findall(f"{W}rt")):  # stored the other way round
                if local(part) == "rubyBase":
                    self._inline(part, runs, boxes, style)
                else:
                    runs.add(f" ({text_of(part).strip()})", PLAIN)
        elif kind == "AlternateContent":
            for inner in self._choice(child):
                self._piece(inner, runs, boxes, style, styles, capitals)
        elif kind in ("drawing", "pict", "object"):
            boxes += self._drawing(child)

    def _reference(self, kind: str, id_: str, runs: Runs) -> None:
        referred = self.file.notes[kind]
        number = referred.setdefault(id_, len(referred) + 1)
        runs.add(f"[{number if kind == 'footnote' else roman(number)}]", PLAIN)

    def _drawing(self, node: Element) -> Iterator[Block | Table]:
        """Text boxes as blocks of their own, "[picture]" for each picture, chart and embedded object."""
        shown = "[embedded object]" if local(node) == "object" else "[picture]"
        stack = [node]
        while stack:
            element = stack.pop()
            kind = local(element)
            if kind == "txbxContent":
                inner = Story(self.file)
                yield from inner.blocks(element)
                continue
            if kind == "AlternateContent":
                stack.append(self._choice(element))
                continue
            if kind == "relIds" and (said := self.file.diagram(str(element.get(f"{R}dm")))):
                yield from (Block(BlockKind.ITEM, ClearText(text), (), 0, ClearText("•")) for text in said)
                continue
            if kind in ("pic", "imagedata", "chart", "relIds"):
                yield Block(BlockKind.PARAGRAPH, ClearText(shown))
                if kind == "pic":
                    continue
            if kind == "textpath" and element.get("string"):  # WordArt of before 2010: the words are an attribute
                runs = Runs()
                runs.add(str(element.get("string")))
                yield runs.block(BlockKind.PARAGRAPH)
            stack += [child for child in reversed(element) if isinstance(child.tag, str)]

    def _table(self, table: Element) -> Iterator[Table]:
        rows: list[list[Cell]] = []
        above: dict[int, tuple[int, int]] = {}  # column -> where the cell that covers it downwards stands
        for tr in self._members(table, "tr"):
            properties = tr.find(f"{W}trPr")
            if properties is not None and (properties.find(f"{W}del") is not None or on(properties.find(f"{W}hidden"))):
                self.file.hide("tracked deletion" if properties.find(f"{W}del") is not None else "hidden text", text_of(tr))
                continue
            header = properties is not None and on(properties.find(f"{W}tblHeader")) is True
            row: list[Cell] = []
            column = _span(properties, "gridBefore", 0)
            for tc in self._members(tr, "tc"):
                own = tc.find(f"{W}tcPr")
                width = _span(own, "gridSpan", 1)
                merge = own.find(f"{W}vMerge") if own is not None else None
                if own is not None and own.find(f"{W}cellDel") is not None:
                    self.file.hide("tracked deletion", text_of(tc))
                elif merge is not None and merge.get(f"{W}val", "continue") == "continue" and column in above:
                    y, x = above[column]
                    rows[y][x] = replace(rows[y][x], rowspan=len(rows) - y + 1)
                    self.file.hide("merged cell", text_of(tc))
                else:
                    above.pop(column, None)
                    if merge is not None:
                        above[column] = (len(rows), len(row))
                    blocks = tuple(flattened(Story(self.file).blocks(tc))) or (Block(BlockKind.PARAGRAPH, ClearText("")),)
                    row.append(Cell(blocks, header, width))
                column += width
            rows.append(row)
        if any(rows):
            yield Table(tuple(tuple(row) for row in rows))

    def _members(self, parent: Element, name: str) -> Iterator[Element]:
        for child in parent:
            kind = local(child)
            if kind == name:
                yield child
            elif kind == "sdt" or kind in _THROUGH:
                yield from self._members(child, name)


def _span(properties: Element | None, name: str, default: int) -> int:
    found = properties.find(W + name) if properties is not None else None
    text = str(found.get(f"{W}val", "")) if found is not None else ""
    return min(int(text), 1000) if text.isdigit() and len(text) < 6 else default


def _symbol(element: Element) -> str:
    """A w:sym as the character it shows. Fonts of pictures have few that speak; the rest become a square."""
    try:
        code = int(element.get(f"{W}char", ""), 16)
    except ValueError:
        return ""
    base = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    if str(element.get(f"{W}font", "")).lower().startswith(_DINGBATS):
        return _SYMBOLS.get(base, "□")
    return chr(base) if base < 0xD800 else "□"
