"""Every place of a workbook whose words are learnt from and never carried over: comments, names, rules, properties, caches.

Does not look into pictures, macros, printer settings and embedded files: they are dropped unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import HeldError
from ..model import Hidden
from ._docx_hidden import entry
from ._zip import Package

if TYPE_CHECKING:
    from lxml import etree

_PARTS = (  # parts of which every text and the named attributes are hidden; the first that fits counts
    (re.compile(r"docProps/|docMetadata/"), "property"),
    (re.compile(r"xl/threadedComments/|xl/comments"), "comment"),
    (re.compile(r"xl/persons/"), "comment author"),
    (re.compile(r"xl/(charts|diagrams|chartsheets)/"), "drawing text"),
    (re.compile(r"xl/drawings/"), "alt text"),
    (re.compile(r"xl/(pivotCache|pivotTables|slicers|slicerCaches|timelines|timelineCaches)/"), "pivot cache"),
    (re.compile(r"xl/externalLinks/"), "linked workbook"),
    (re.compile(r"xl/(connections|queryTables)|xl/model/"), "data connection"),
    (re.compile(r"xl/(revisions|userNames)"), "tracked change author"),
    (re.compile(r"xl/tables/"), "table name"),
    (re.compile(r"customXml/(?!_rels)|xl/customProperty"), "custom xml"),
)
_ELEMENTS = {  # in sheets and the workbook: elements whose texts and attributes are hidden
    "f": "formula", "definedName": "defined name", "headerFooter": "unused header", "dataValidation": "input rule",
    "conditionalFormatting": "formula", "filterColumn": "filter", "customFilter": "filter", "filter": "filter",
    "scenario": "scenario", "inputCells": "scenario", "protectedRange": "defined name", "hyperlink": "link target",
    "sheetPr": "property", "fileSharing": "property", "customWorkbookView": "property", "customPr": "property",
    "rPh": "pronunciation", "absPath": "property", "cfRule": "formula", "formula1": "input rule", "formula2": "input rule",
    "customSheetView": "property", "cellStyle": "style name", "numFmt": "number format", "author": "comment author",
    "tableStyle": "style name",
}  # fmt: skip
_NAMES = frozenset(
    "name displayName caption title descr author user userName comment prompt promptTitle error errorTitle codeName display "
    "tooltip location path url val v c uniqueName sourceName formatCode description command connection customMenu help "
    "statusBar text sourceFile sheet shortcutKey oldName guid".split()
)
_CODES = re.compile(r'&"[^"]*"|&\d+|&[A-Z]|&K[0-9A-F]{6}')
_PROGRAM = frozenset({"Application", "AppVersion", "created", "modified", "lastPrinted", "revision"})
_OWN = re.compile(r"(?i)(?:normal|general|comma|currency|percent|table\d*|tablestyle\w*|thisworkbook|sheet\d+|\d*)(?: \[0\])?")


def hidden_parts(package: Package) -> Iterator[Hidden]:
    """What the package holds beside its cells. An unreadable side part is damage of a thing that is dropped anyway."""
    for name in package.names:
        if name.endswith((".xml", ".rels", ".vml")):
            try:
                yield from _part(name, package.xml(name))
            except HeldError as error:
                if "damaged" not in error.cause:
                    raise
        elif name.startswith(("xl/embeddings/", "xl/activeX/")):
            yield from entry("embedded file name", name.rsplit("/", 1)[-1])


def _part(name: str, root: etree._Element) -> Iterator[Hidden]:
    if name.endswith(".rels"):
        for link in root:
            if link.get("TargetMode") == "External":
                yield from entry("link target", str(link.get("Target", "")))
        return
    if name == "[Content_Types].xml" or name.startswith("xl/theme/"):
        return
    whole = next((place for pattern, place in _PARTS if pattern.match(name)), "")
    if name.endswith(".vml"):
        whole = "comment"
    for element in root.iter():
        if whole == "property" and isinstance(element.tag, str) and element.tag.rsplit("}", 1)[-1] in _PROGRAM:
            continue
        if not isinstance(element.tag, str):
            yield from entry("xml comment", element.text or "")
            continue
        place = whole or _ELEMENTS.get(element.tag.rsplit("}", 1)[-1], "")
        if not place:
            continue
        texts = [element.text or ""] if whole else [str(t) for t in element.itertext()]
        if place == "number format" and '"' not in element.get("formatCode", ""):
            continue
        if place == "unused header":  # "&C&"Arial,Bold"&12Page &P": fonts, sizes and fields are nobody's words
            texts = [_CODES.sub(" ", text) for text in texts]
        for text in texts:
            yield from entry(place, text)
        for key, value in element.attrib.items():
            if str(key).rsplit("}", 1)[-1] in _NAMES and not _OWN.fullmatch(str(value).strip()):
                yield from entry("comment author" if place == "comment" and "user" in str(key) else place, str(value))
