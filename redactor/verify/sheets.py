"""Every place of a workbook, CSV or TSV copy where words can stand, by the standard library alone.

Does not see: pictures (a member that is neither text nor XML and not an empty copy's is unchecked: the copy is held), what a
formula would show (a copy that has one is held), a value that a number format hides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from .package import Walk
from .places import Extract, Place, UnreadableError, Vocabulary
from .plain import decodings

_M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PLACE_NAME = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:core|app|custom)\.xml"
    r"|xl/(?:_rels/)?(?:workbook|styles|sharedStrings|theme/theme1|worksheets/(?:_rels/)?sheet\d+)\.xml(?:\.rels)?"
)
_STORY = re.compile(r"xl/(?:workbook|_rels/workbook|sharedStrings|worksheets/sheet\d+)\.xml(?:\.rels)?")
# What content adds to the markup of an empty copy (ECMA-376 part 1, section 18).
_MARKUP = (
    "c f v t s r si is i row spans ht customHeight cols col min max width sheet sheets name sheetId state count uniqueCount "
    "xml:space quotePrefix applyAlignment wrapText vertical b dimension ref alignment"
)
_NAMES = frozenset(_MARKUP.split())
_VALUES = frozenset({"s", "n", "b", "inlineStr", "visible", "top"})
_WORDS = frozenset({"xl", "worksheets", "sheet", "sharedStrings", "xml"})
_REF = re.compile(r"[A-Z]{1,3}\d{1,7}(?::[A-Z]{1,3}\d{1,7})?|\d+:\d+")


class _Sheets(Walk):
    """A package whose visible text is the names of its sheets and the values of their cells."""

    story, place_name = _STORY, _PLACE_NAME
    breaks = {"row": "\n\n", "c": "\n\n", "si": "\n\n", "sheet": "\n\n"}  # noqa: RUF012 - read only

    def __init__(self, known: Vocabulary) -> None:
        super().__init__(known)
        self._roots: dict[str, ElementTree.Element] = {}

    def read_story(self, name: str, root: ElementTree.Element) -> None:
        """Parts refer to each other: they are read together at the end."""
        self._roots[name] = root
        if root.find(f".//{_M}f") is not None:
            self.unchecked.append("formula")

    def finish(self) -> None:
        """The sheets in the order of the workbook, row by row."""
        book, links = self._roots.get("xl/workbook.xml"), self._roots.get("xl/_rels/workbook.xml.rels")
        if book is None or links is None:
            raise UnreadableError("the copy is no workbook")
        paths = {link.get("Id"): "xl/" + link.get("Target", "").removeprefix("/xl/") for link in links}
        pool = self._roots.get("xl/sharedStrings.xml")
        strings = ["".join(t.text or "" for t in si.iter(f"{_M}t")) for si in pool] if pool is not None else []
        used: set[int] = set()
        for sheet in book.iter(f"{_M}sheet"):
            root = self._roots.get(paths.get(sheet.get(f"{_R}id"), ""))
            if root is None or sheet.get("state", "visible") != "visible":
                raise UnreadableError("a sheet of the copy is missing or hidden")
            self.visible.append("\n\n".join([sheet.get("name", ""), *_values(root, strings, used)]))
        left = [text for at, text in enumerate(strings) if at not in used]
        self.places.append(Place("unused strings", "text that no cell shows", "\n\n".join(left)))


def _values(root: ElementTree.Element, strings: list[str], used: set[int]) -> Iterator[str]:
    hidden = any(e.get("hidden") in ("1", "true") for e in root.iter() if e.tag in (f"{_M}row", f"{_M}col"))
    if hidden:
        raise UnreadableError("the copy hides rows or columns")
    for cell in root.iter(f"{_M}c"):
        value = cell.findtext(f"{_M}v") or ""
        if cell.get("t") == "s":
            if not value.isdigit() or int(value) >= len(strings):
                raise UnreadableError("a cell of the copy refers to no text")
            used.add(int(value))
            value = strings[int(value)]
        yield value or "".join(t.text or "" for t in cell.iter(f"{_M}t"))


def xlsx_places(data: bytes, known: Vocabulary) -> Extract:
    """A workbook taken apart. Raises UnreadableError if it is no plain zip file, locked, damaged or too large."""
    walk = _Sheets(Vocabulary(known.names | _NAMES, known.values | _VALUES, known.words | _WORDS, known.members))
    walk.package(data, "", 0)
    walk.finish()
    return Extract(("\n\n".join(walk.visible),), tuple(walk.places), tuple(walk.unchecked))


_MARK = re.compile(r"[-+]?[£$€]?\d[\d,.]*%?|[-–—=+@]")


def csv_places(data: bytes, _known: Vocabulary) -> Extract:
    """Comma-separated text as its fields show, and as it lies."""
    return _separated(data, ",")


def tsv_places(data: bytes, _known: Vocabulary) -> Extract:
    """Tab-separated text as its fields show, and as it lies."""
    return _separated(data, "\t")


def _separated(data: bytes, delimiter: str) -> Extract:
    visible, places, unchecked = [], [], []
    for index, text in enumerate(decodings(data)):
        fields = _fields(text, delimiter)
        if any(field[:1] in tuple("=+-@\t\r") and not _MARK.fullmatch(field) for field in fields):
            unchecked.append("a cell that a spreadsheet takes for a formula")
        visible.append("\n\n".join(fields))
        places.append(Place(f"source {index}", "source text", text, shares=True))
    return Extract(tuple(visible), tuple(places), tuple(unchecked))


def _fields(text: str, delimiter: str) -> list[str]:
    """The fields of every line (RFC 4180): a quoted one may hold the delimiter, line ends and doubled quotation marks."""
    fields, at = [""], 0
    while at < len(text):
        char = text[at]
        if char == '"' and not fields[-1]:
            end = at + 1
            while end < len(text) and (text[end] != '"' or text[end + 1 : end + 2] == '"'):
                end += 2 if text[end] == '"' else 1
            fields[-1] = text[at + 1 : end].replace('""', '"')
            at = end
        elif char in (delimiter, "\n"):
            fields.append("")
        else:
            end = next((n for n in range(at, len(text)) if text[n] in (delimiter, "\n")), len(text))
            fields[-1] += text[at:end].rstrip("\r")
            at = end - 1
        at += 1
    return fields
