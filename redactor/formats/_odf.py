"""OpenDocument files made ready for LibreOffice: what they hide by section or paragraph is taken out first and learnt from.

LibreOffice drops or marks the rest itself (deletions, comments, hidden characters), but it writes hidden sections and paragraphs
into a Word file as if they were shown. Does not catch: drawings on a hidden layer.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..model import Hidden
from ._docx_story import deep
from ._format import damaged, is_zip, protected, unsafe
from ._zip import Package

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element


_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_X = "{http://www.w3.org/1999/xlink}"
_MIMETYPE = re.compile(rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)")
_PARTS = ("content.xml", "styles.xml")
_ENDINGS = {"text": ".odt", "spreadsheet": ".ods", "presentation": ".odp"}


def odf_ending(data: bytes) -> str:
    """ ".odt", ".ods" or ".odp" (".fodt" and so on where the file is one XML text), "" for any other file. Raises HeldError."""
    if is_zip(data):
        package = Package(data)
        if "mimetype" not in package or "content.xml" not in package:
            return ""
        kind = _MIMETYPE.match(package.read("mimetype"))
    elif data.lstrip()[:5] == b"<?xml" and _OFFICE.encode() in data[:4096]:
        kind = re.search(rb"office:mimetype=[\"']" + _MIMETYPE.pattern, data[:8192])
    else:
        return ""
    ending = _ENDINGS.get(kind[1].decode(), "") if kind else ""
    return ending if is_zip(data) or not ending else f".f{ending[1:]}"


def bared(data: bytes) -> tuple[bytes, list[Hidden]]:
    """The file without its hidden sections and paragraphs, its links to other files and its macros; and what was hidden.
    Raises HeldError."""
    hidden: list[Hidden] = []
    if not is_zip(data):
        root = _parsed(data)
        _strip(root, hidden)
        return _bytes(root), hidden
    package = Package(data)
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise protected()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in package.names:
            if name.endswith("/") or name.startswith(("Basic/", "Scripts/", "Thumbnails/")):
                continue
            part = package.read(name)
            if name.endswith(".xml") and part:
                root = package.xml(name)
                if deep(root):
                    raise damaged()
                if name in _PARTS:
                    _strip(root, hidden)
                    part = _bytes(root)
            target.writestr(name, part)
    return out.getvalue(), hidden


def _parsed(data: bytes) -> Element:
    from lxml import etree

    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise unsafe("it declares XML entities")
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))
    except (etree.XMLSyntaxError, ValueError):
        raise damaged() from None
    if deep(root):
        raise damaged()
    return root


def _bytes(root: Element) -> bytes:
    from lxml import etree

    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _strip(root: Element, hidden: list[Hidden]) -> None:
    for section in list(root.iter(f"{_T}section")):
        shown = section.get(f"{_T}display", "true")
        if shown == "none" or (shown == "condition" and section.get(f"{_T}is-hidden") == "true"):
            _take(section, "hidden section", hidden)
    for mark in list(root.iter(f"{_T}hidden-paragraph")):
        paragraph = next((up for up in mark.iterancestors() if up.tag in (f"{_T}p", f"{_T}h")), None)
        if mark.get(f"{_T}is-hidden") == "true" and paragraph is not None:
            _take(paragraph, "hidden text", hidden)
    for source in list(root.iter(f"{_T}section-source", f"{_T}dde-source")):
        _note("link target", str(source.get(f"{_X}href", "")), hidden)
        parent = source.getparent()
        if parent is not None:
            parent.remove(source)


def _take(element: Element, place: str, hidden: list[Hidden]) -> None:
    """Out of the tree, with what follows it left in place."""
    _note(place, " ".join(map(str, element.itertext())), hidden)
    parent = element.getparent()
    if parent is not None:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + (element.tail or "")
        else:
            parent.text = (parent.text or "") + (element.tail or "")
        parent.remove(element)


def _note(place: str, text: str, hidden: list[Hidden]) -> None:
    text = " ".join(text.split())
    if any(char.isalnum() for char in text):
        hidden.append(Hidden(place, ClearText(text)))
