"""Excel workbooks: what the cells of visible sheets, rows and columns show (the writer is _xlsx_write.py).

Does not catch: cells that conditional formatting or a style hides, a column too narrow to read, the ground a table style gives a
cell. A merged cell is not merged in the copy; charts and pictures are in none.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..content import Block, BlockKind, Content, Table
from ..model import Hidden
from ._cells import MAX_ROWS, block, nodes, shown, too_many_rows
from ._format import Format, Reading, is_zip
from ._xlsx_hidden import hidden_parts
from ._xlsx_shown import BRITISH, show, show_text
from ._xlsx_write import write
from ._zip import Package

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element

MAX_CELLS = 500_000
_M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CELL = re.compile(rb"<(?:\w+:)?c[ />]")
_REF = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def _matches(data: bytes, _suffix: str) -> bool:
    return is_zip(data) and b"xl/workbook.xml" in data and b"word/document.xml" not in data


def read(data: bytes) -> Reading:
    """A sheet's name is a heading before what it shows; text boxes stand behind the cells."""
    book = _Book(Package(data))
    body: list[Block | Table] = []
    for name, part, visible in book.sheets():
        sheet = _Sheet(book, part)
        if not visible:
            book.hide("hidden sheet", "\n".join([name, *map(_line, sheet.all_rows())]))
            continue
        inside = [*nodes(sheet.visible_rows()), *map(block, book.boxes(part))]
        if inside:
            body += [block(name, BlockKind.HEADING, 1), *inside]
        else:
            book.hide("empty sheet", name)
    hidden = (*book.hidden, *hidden_parts(book.package))
    macros = ("macros",) if any(name.endswith("vbaProject.bin") for name in book.package.names) else ()
    return Reading(Content(tuple(body)), hidden, (*sorted(book.warnings), *macros))


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


class _Book:
    """A workbook's parts: sheets, shared strings, formats; and what was met that no reader sees."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.hidden: list[Hidden] = []
        self.warnings: set[str] = set()
        self.root = package.xml("xl/workbook.xml")
        properties = self.root.find(f"{_M}workbookPr")
        self.base_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        links = self.links("xl/workbook.xml")
        self._parts = {rid: path for rid, (path, _) in links.items()}
        strings = next((path for path, kind in links.values() if kind.endswith("/sharedStrings")), "")
        items = package.xml(strings).findall(f"{_M}si") if strings in package else []
        self.strings = [_text(item) for item in items]
        self.used: set[int] = set()
        styles = next((path for path, kind in links.values() if kind.endswith("/styles")), "")
        self._styles(package.xml(styles) if styles in package else None)

    def hide(self, place: str, text: str) -> None:
        """Learn from a text that is not carried over."""
        if any(char.isalnum() for char in text):
            self.hidden.append(Hidden(place, ClearText(text)))

    def sheets(self) -> Iterator[tuple[str, str, bool]]:
        """Name, part and whether it is shown, in order. Sheets of charts have no cells and are left out."""
        for sheet in self.root.iter(f"{_M}sheet"):
            part = self._parts.get(str(sheet.get(f"{_R}id", "")), "")
            if part in self.package and "worksheet" in part:
                yield str(sheet.get("name", "")), part, sheet.get("state", "visible") == "visible"
            else:
                self.hide("sheet of a chart", str(sheet.get("name", "")))
        for at, text in enumerate(self.strings):
            if at not in self.used:
                self.hide("unused text", text)

    def links(self, part: str) -> dict[str, tuple[str, str]]:
        """A part's relations: id → path within the package, and type."""
        folder, name = posixpath.split(part)
        rels = f"{folder}/_rels/{name}.rels"
        if rels not in self.package:
            return {}
        return {
            str(link.get("Id", "")): (
                posixpath.normpath(posixpath.join("/", folder, str(link.get("Target", "")))).lstrip("/"),
                str(link.get("Type", "")),
            )
            for link in self.package.xml(rels)
            if link.get("TargetMode") != "External"
        }

    def boxes(self, part: str) -> Iterator[str]:
        """The words of text boxes drawn on a sheet."""
        for path, kind in self.links(part).values():
            if kind.endswith("/drawing") and path in self.package:
                for body in self.package.xml(path).iter(
                    "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}txBody"
                ):
                    for paragraph in body.iter(f"{_A}p"):
                        if text := "".join(t.text or "" for t in paragraph.iter(f"{_A}t")).strip():
                            yield text

    def _styles(self, root: Element | None) -> None:
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        self._codes: list[str] = []
        self._white: list[bool] = []
        if root is None:
            return
        own = {f.get("numFmtId", ""): str(f.get("formatCode", "")) for f in root.iter(f"{_M}numFmt")}
        fonts = [f.find(f"{_M}color") for f in root.iterfind(f"{_M}fonts/{_M}font")]
        fills = [f.find(f"{_M}patternFill") for f in root.iterfind(f"{_M}fills/{_M}fill")]
        for xf in root.iterfind(f"{_M}cellXfs/{_M}xf"):
            number = xf.get("numFmtId", "0")
            builtin = BUILTIN_FORMATS.get(int(number) if number.isdigit() else 0, "General")
            self._codes.append(own.get(number) or BRITISH.get(int(number) if number.isdigit() else 0, builtin))
            font, fill = _at(fonts, xf.get("fontId", "")), _at(fills, xf.get("fillId", ""))
            white = font is not None and (font.get("rgb", "")[2:].upper() == "FFFFFF" or font.get("theme") == "0")
            ground = fill.find(f"{_M}fgColor") if fill is not None and fill.get("patternType", "none") != "none" else None
            bare = ground is None or ground.get("rgb", "")[2:].upper() == "FFFFFF" or ground.get("theme") == "0"
            self._white.append(white and bare)

    def code(self, style: int) -> str:
        """The number format of a cell with this style."""
        return self._codes[style] if 0 <= style < len(self._codes) else "General"

    def is_white(self, style: int) -> bool:
        """Whether it writes white on nothing."""
        return 0 <= style < len(self._white) and self._white[style]


def _at(elements: list[Element | None], index: str) -> Element | None:
    return elements[int(index)] if index.isdigit() and int(index) < len(elements) else None


def _text(item: Element) -> str:
    """A string without its pronunciation."""
    return "".join(t.text or "" for t in item.iter(f"{_M}t") if t.getparent().tag != f"{_M}rPh")  # type: ignore[union-attr]


class _Sheet:
    """The cells of one sheet by row and column, and which of them are hidden."""

    def __init__(self, book: _Book, part: str) -> None:
        self._book = book
        if len(_CELL.findall(book.package.read(part))) > MAX_CELLS:
            raise too_many_rows()
        root = book.package.xml(part)
        self._cells: dict[int, dict[int, str]] = {}
        default = root.find(f"{_M}sheetFormatPr")
        self._hide_rows = default is not None and default.get("zeroHeight") in ("1", "true")
        self._hidden_rows: set[int] = set()
        self._shown_rows: set[int] = set()
        self._hidden_columns = {
            at
            for col in root.iterfind(f"{_M}cols/{_M}col")
            if col.get("hidden") in ("1", "true") or col.get("width") in ("0", "0.0")
            for at in range(_int(col.get("min")), min(_int(col.get("max")), 16_384) + 1)
        }
        # The style of a table and conditional formatting may put a dark ground behind white text.
        self._on_paper = root.find(f"{_M}tableParts") is None and root.find(f"{_M}conditionalFormatting") is None
        self._covered = {at for merged in root.iter(f"{_M}mergeCell") for at in _covered(str(merged.get("ref", "")))}
        self._read(root)

    def _read(self, root: Element) -> None:
        number = 0
        for row in root.iterfind(f"{_M}sheetData/{_M}row"):
            number = _int(row.get("r")) or number + 1
            hidden = row.get("hidden") in ("1", "true") or row.get("ht") in ("0", "0.0")
            (self._hidden_rows if hidden else self._shown_rows).add(number)
            column = 0
            for cell in row.iterfind(f"{_M}c"):
                ref = _REF.fullmatch(str(cell.get("r", "")))
                column = _column(ref[1]) if ref else column + 1
                text = self._shown(cell)
                if not text.strip():
                    continue
                if (number, column) in self._covered:
                    self._book.hide("merged cell", text)
                else:
                    self._cells.setdefault(number, {})[column] = text
        if len(self._cells) > MAX_ROWS:
            raise too_many_rows()

    def _shown(self, cell: Element) -> str:
        book, kind, style = self._book, cell.get("t", "n"), _int(cell.get("s"))
        value = cell.find(f"{_M}v")
        raw = (value.text or "") if value is not None else ""
        if kind == "inlineStr":
            inline = cell.find(f"{_M}is")
            text = _text(inline) if inline is not None else ""
        elif kind == "s":
            at = _int(raw)
            book.used.add(at)
            text = book.strings[at] if at < len(book.strings) else ""
        elif kind == "b":
            return "TRUE" if raw == "1" else "FALSE" if raw else ""
        elif kind == "n":
            try:
                return show(float(raw), book.code(style), book.base_1904) if raw else ""
            except ValueError:
                return raw
        else:
            text = raw
        if text.strip() and self._on_paper and book.is_white(style):
            book.warnings.add("white-text")
            book.hide("white text", text)
            return ""
        text, inside = shown(show_text(re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text), book.code(style)))
        book.hidden += inside
        return text

    def _is_hidden(self, row: int) -> bool:
        return row in self._hidden_rows or (self._hide_rows and row not in self._shown_rows)

    def all_rows(self) -> list[list[str]]:
        """Every row that has words, without its blank cells."""
        return [[self._cells[row][column] for column in sorted(self._cells[row])] for row in sorted(self._cells)]

    def visible_rows(self) -> list[list[str]]:
        """The rows a reader sees, blank ones too where they part two tables; what is hidden is learnt from, with its heading."""
        columns = sorted({column for cells in self._cells.values() for column in cells})
        visible = [column for column in columns if column not in self._hidden_columns]
        out: list[list[str]] = []
        last = 0
        heads: list[str] = []
        for row in sorted(self._cells):
            cells = self._cells[row]
            if len(cells) > 1 and not heads:
                heads = [cells.get(column, "") for column in columns]
            if self._is_hidden(row):
                self._book.hide("hidden row", "\n".join([_line(heads), _line([cells.get(column, "") for column in columns])]))
                continue
            if row > last + 1 and any(not self._is_hidden(gap) for gap in range(last + 1, min(row, last + 1000))):
                out.append([])
            last = row
            out.append([cells.get(column, "") for column in visible])
        for column in columns:
            if column in self._hidden_columns:
                words = [cells[column] for cells in self._cells.values() if column in cells]
                self._book.hide("hidden column", "\n".join(_line([word]) for word in words))
        return out


def _int(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else 0


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _covered(ref: str) -> Iterator[tuple[int, int]]:
    """The places a merged cell covers beside its first."""
    corners = [_REF.fullmatch(corner) for corner in ref.replace("$", "").split(":")]
    if len(corners) == 2 and corners[0] and corners[1]:
        top, left = int(corners[0][2]), _column(corners[0][1])
        bottom, right = int(corners[1][2]), _column(corners[1][1])
        if (bottom - top + 1) * (right - left + 1) > MAX_CELLS:
            return
        yield from ((y, x) for y in range(top, bottom + 1) for x in range(left, right + 1) if (y, x) != (top, left))


XLSX = Format(
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    (".xlsx",),
    _matches,
    read,
    write,
    further=("csv",),
)
