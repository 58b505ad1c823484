"""Word: read with zipfile and lxml as its reader sees it with all changes accepted; written as a new package.

Does not catch: text in the colour of its ground, text under a picture, words inside pictures, charts and embedded files
(a placeholder stands for each), a locked view other than Word's default.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..content import Block, BlockKind, Cell, Content, Style, Table
from ..model import Hidden
from ._docx_hidden import entry, hidden_parts
from ._docx_numbers import Numbers, Styles, W, on
from ._docx_write import write
from ._format import Format, Reading, damaged, is_zip, no_reader
from ._runs import PLAIN, TURN, TURN_END, Runs
from ._zip import Package
from .html import flattened, roman

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element


MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MAX_DEPTH = 200
_GONE = frozenset({"del", "moveFrom"})
_THROUGH = frozenset(
    {"ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdtContent", "fldSimple", "dir", "rubyBase", "oMathPara"}
)
_TEXT = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SYMBOLS = {0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xA8: "☐", 0xB7: "•", 0xA7: "▪", 0xE0: "→", 0xDF: "←"}
_DINGBATS = ("wingdings", "webdings", "symbol", "marlett")


def is_word(data: bytes, _suffix: str = "") -> bool:
    """Whether a file is a Word document. Raises HeldError for a zip that cannot be opened or is locked."""
    return is_zip(data) and _main_part(Package(data)) is not None


def _main_part(package: Package) -> str | None:
    if "_rels/.rels" not in package:
        return None
    for link in package.xml("_rels/.rels"):
        if str(link.get("Type", "")).endswith("/officeDocument"):
            name = posixpath.normpath(str(link.get("Target", "")).lstrip("/"))
            if name in package and package.xml(name).tag == f"{W}document":
                return name
    return None


def read(data: bytes) -> Reading:
    """Body, text boxes, notes, page headers and footers of a Word file, insertions accepted. Raises HeldError."""
    package = Package(data)
    main = _main_part(package)
    if main is None:
        raise no_reader()
    return _File(package, main).reading()


def local(element: Element) -> str:
    """An element's name without its namespace, "" for comments and processing instructions."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


class _File:
    """One Word file: its parts by relation, its notes, what it hides."""

    def __init__(self, package: Package, main: str) -> None:
        self.package, self.main = package, main
        rels = posixpath.join(posixpath.dirname(main), "_rels", posixpath.basename(main) + ".rels")
        links = list(package.xml(rels)) if rels in package else []
        self.targets = {
            str(link.get("Id")): (str(link.get("Type", "")).rsplit("/", 1)[-1], self._name(str(link.get("Target", ""))))
            for link in links
            if link.get("TargetMode") != "External"
        }
        self.styles = Styles(self.part("styles"))
        self.numbers = Numbers(self.part("numbering"), self.styles)
        self.hidden: dict[Hidden, None] = {}
        self.notes: dict[str, list[str]] = {"footnote": [], "endnote": []}

    def _name(self, target: str) -> str:
        return posixpath.normpath(posixpath.join("/" + posixpath.dirname(self.main), target)).lstrip("/")

    def part(self, kind: str) -> Element | None:
        """The part that the main one is related to in this way ("styles")."""
        return next(
            (self.package.xml(name) for type_, name in self.targets.values() if type_ == kind and name in self.package), None
        )

    def hide(self, place: str, text: str) -> None:
        self.hidden |= dict.fromkeys(entry(place, text))

    def reading(self) -> Reading:
        root = self.package.xml(self.main)
        if deep(root):
            raise damaged()
        body = root.find(f"{W}body")
        if body is None:
            raise damaged()
        story = Story(self).blocks(body)
        notes = [*self._notes("footnote", str), *self._notes("endnote", roman)]
        heads, feet = self._running(root)
        self.hidden |= dict.fromkeys(hidden_parts(self.package))
        return Reading(Content((*heads, *story, *notes, *feet)), tuple(self.hidden))

    def _notes(self, kind: str, shown: Callable[[int], str]) -> Iterator[Block]:
        root = self.part(f"{kind}s")
        found = {note.get(f"{W}id", ""): note for note in (root if root is not None else ()) if local(note) == kind}
        referred = self.notes[kind]
        for number, id_ in enumerate(referred, 1):
            label = shown(number)
            for block in flattened(Story(self).blocks(found[id_]) if id_ in found else []):
                text = f"{block.number.reveal()} {block.text.reveal()}" if block.number else block.text.reveal()
                yield Block(BlockKind.NOTE, ClearText(text), () if block.number else block.marks, 0, ClearText(label))
                label = ""
        for id_, note in found.items():
            if id_ not in referred:
                self.hide("unreferenced note", text_of(note))

    def _running(self, root: Element) -> tuple[list[Block], list[Block]]:
        """Page headers and footers that are shown, each distinct text once; the others are hidden."""
        settings = self.part("settings")
        even = settings is not None and on(settings.find(f"{W}evenAndOddHeaders")) is True
        used: dict[str, BlockKind] = {}
        for section in root.iter(f"{W}sectPr"):
            first = on(section.find(f"{W}titlePg")) is True
            for reference in section:
                kind, type_ = local(reference), reference.get(f"{W}type", "default")
                if kind in ("headerReference", "footerReference") and (
                    type_ == "default" or (first if type_ == "first" else even)
                ):
                    target = self.targets.get(str(reference.get(f"{R}id")), ("", ""))[1]
                    if target in self.package:
                        used[target] = BlockKind(kind[:6])
        out: dict[BlockKind, dict[Block, None]] = {BlockKind.HEADER: {}, BlockKind.FOOTER: {}}
        for name, kind_ in used.items():
            for block in flattened(Story(self).blocks(self.package.xml(name))):
                if block.text:
                    out[kind_][replace(block, kind=kind_, level=0)] = None
        for type_, name in self.targets.values():
            if type_ in ("header", "footer") and name not in used and name in self.package:
                self.hide("unused header", text_of(self.package.xml(name)))
        return list(out[BlockKind.HEADER]), list(out[BlockKind.FOOTER])


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


class Story:
    """Walks one part in reading order. Fields may reach over paragraphs, so their state lives here."""

    def __init__(self, file: _File) -> None:
        self.file = file
        self.fields: list[bool] = []  # per open field: whether its result (not its code) is being read
        self.pending: Runs | None = None  # runs of a paragraph whose mark is deleted

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
                yield Block(BlockKind.PARAGRAPH, ClearText("[embedded document]"))

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
            elif kind == "oMath":
                runs.add("".join(t.text or "" for t in child.iter() if local(t) == "t"))
            elif kind in _THROUGH or kind in ("sdt", "bdo"):
                self._inline(child, runs, boxes, style)

    def _run(self, run: Element, runs: Runs, boxes: list[Block | Table], style: str) -> None:
        if self._property(run, style, "vanish"):
            self.file.hide("hidden text", text_of(run))
            for child in run:
                self._field(child)
            return
        heading = self.file.styles.heading(style)
        styles = frozenset(
            mark for mark, name in ((Style.BOLD, "b"), (Style.ITALIC, "i")) if self._property(run, "" if heading else style, name)
        )
        for child in run:
            self._piece(child, runs, boxes, style, styles)

    def _property(self, run: Element, style: str, name: str) -> bool:
        """A toggle of a run: its own, else its character style's, else its paragraph style's."""
        properties = run.find(f"{W}rPr")
        if properties is not None:
            direct = on(properties.find(W + name))
            if direct is not None:
                return direct
            own = properties.find(f"{W}rStyle")
            from_style = on(self.file.styles.find(own.get(f"{W}val", ""), f"rPr/{name}")) if own is not None else None
            if from_style is not None:
                return from_style
        return bool(on(self.file.styles.find(style, f"rPr/{name}")))

    def _field(self, child: Element) -> None:
        if local(child) == "fldChar":
            step = child.get(f"{W}fldCharType")
            if step == "begin":
                self.fields.append(False)
            elif step == "separate" and self.fields:
                self.fields[-1] = True
            elif step == "end" and self.fields:
                self.fields.pop()

    def _piece(self, child: Element, runs: Runs, boxes: list[Block | Table], style: str, styles: frozenset[Style]) -> None:
        kind = local(child)
        self._field(child)
        if kind == "delText":
            self.file.hide("tracked deletion", child.text or "")
        elif not all(self.fields):
            self.file.hide("field code", text_of(child) or (child.text or "" if kind == "t" else ""))
        elif kind == "t":
            runs.add(child.text or "", styles)
        elif kind in _TEXT:
            runs.add(_TEXT[kind], styles)
        elif kind == "sym":
            runs.add(_symbol(child), styles)
        elif kind in ("footnoteReference", "endnoteReference"):
            self._reference(kind.removesuffix("Reference"), child.get(f"{W}id", ""), runs)
        elif kind == "ruby":
            for part in child:
                if local(part) == "rubyBase":
                    self._inline(part, runs, boxes, style)
                elif local(part) == "rt":
                    runs.add(f" ({text_of(part).strip()})", PLAIN)
        elif kind == "AlternateContent":
            for inner in self._choice(child):
                self._piece(inner, runs, boxes, style, styles)
        elif kind in ("drawing", "pict", "object"):
            boxes += self._drawing(child)

    def _reference(self, kind: str, id_: str, runs: Runs) -> None:
        referred = self.file.notes[kind]
        if id_ not in referred:
            referred.append(id_)
        number = referred.index(id_) + 1
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


DOCX = Format("docx", MEDIA, (".docx",), is_word, read, write)
