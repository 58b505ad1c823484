"""Every place of a Word file or presentation whose words are learnt from and never carried over: authors, comments, links.

Does not look into pictures, embedded files and macros: they are dropped unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..errors import HeldError
from ..model import Hidden
from ._docx_numbers import W
from ._zip import Package

if TYPE_CHECKING:
    from lxml import etree


_WHOLE_PARTS = (  # parts of which every text and the named attributes are hidden
    (re.compile(r"docProps/"), "property"),
    (re.compile(r"word/comments[^/]*\.xml$|ppt/comments/"), "comment"),
    (re.compile(r"word/people\.xml$|ppt/(commentAuthors|authors)\.xml$"), "comment author"),
    (re.compile(r"ppt/(tags|customXml)/"), "custom xml"),
    (re.compile(r"customXml/(?!_rels)"), "custom xml"),
    (re.compile(r"(?:word|ppt)/(charts|diagrams|drawings)/[^/]*\.xml$"), "drawing text"),
    (re.compile(r"word/glossary/(document|footnotes|endnotes)\.xml$"), "building block"),
    (re.compile(r"docMetadata/|_xmlsignatures/"), "property"),
)
_ATTRIBUTES = {  # local names, wherever they stand
    "author": "tracked change author", "initials": "comment author", "userId": "comment author", "descr": "alt text",
    "alt": "alt text", "tooltip": "tooltip", "anchor": "link target", "instr": "field code", "ed": "property",
    "displayName": "property",
}  # fmt: skip
_NAMED = {  # elements whose name, title or value is hidden text
    "docPr": "picture name", "cNvPr": "picture name", "bookmarkStart": "bookmark", "docVar": "document variable",
    "alias": "control title", "tag": "control title", "helpText": "form help", "statusText": "form help",
    "property": "property", "attr": "custom xml", "imagedata": "alt text", "shape": "alt text", "default": "form default",
    "textInput": "form default", "cmAuthor": "comment author",
}  # fmt: skip
_VALUES = frozenset({"name", "title", "val", "descr"})
_TEXTS = {"instrText": "field code", "delInstrText": "field code"}
_PLAIN_MEDIA = re.compile(r"(image|media)\d*\.\w+$")


def entry(place: str, text: str) -> Iterator[Hidden]:
    """One hidden entry, if the text has a letter or digit."""
    text = " ".join(text.split())
    if any(char.isalnum() for char in text):
        yield Hidden(place, ClearText(text))


def hidden_parts(package: Package) -> Iterator[Hidden]:
    """What the package holds beside its stories. An unreadable side part is damage of a thing that is dropped anyway."""
    for name in package.names:
        if name.endswith((".xml", ".rels")):
            try:
                yield from _part(name, package.xml(name))
            except HeldError as error:
                if "damaged" not in error.cause:
                    raise
        elif name.startswith(("word/media/", "ppt/media/")) and not _PLAIN_MEDIA.search(name):
            yield from entry("picture file name", name.rsplit("/", 1)[-1])
        elif name.startswith(("word/embeddings/", "ppt/embeddings/", "word/activeX/", "ppt/activeX/", "word/attachedToolbars")):
            yield from entry("embedded file name", name.rsplit("/", 1)[-1])


def _part(name: str, root: etree._Element) -> Iterator[Hidden]:
    if name.endswith(".rels"):
        for link in root:
            if link.get("TargetMode") == "External":
                yield from entry("link target", str(link.get("Target", "")))
        return
    whole = next((place for pattern, place in _WHOLE_PARTS if pattern.match(name)), "")
    if whole:
        blocks = list(root.iter(f"{W}p")) or [e for e in root.iter() if isinstance(e.tag, str) and len(e) == 0]
        for block in blocks:
            yield from entry(whole, "".join(map(str, block.itertext())))
    for element in root.iter():
        if not isinstance(element.tag, str):
            yield from entry("xml comment", element.text or "")
            continue
        local = element.tag.rsplit("}", 1)[-1]
        if local in _TEXTS:
            yield from entry(_TEXTS[local], element.text or "")
        if local == "style" and on_attribute(element, "customStyle"):
            found = element.find(f"{W}name")
            yield from entry("style name", str(found.get(f"{W}val", "")).removesuffix(" Char") if found is not None else "")
        for key, text in element.attrib.items():
            key = str(key).rsplit("}", 1)[-1]
            if key in _ATTRIBUTES:
                yield from entry("comment author" if whole == "comment" and key == "author" else _ATTRIBUTES[key], str(text))
            elif (local in _NAMED and key in _VALUES) or (whole == "custom xml" and not str(text).startswith("http")):
                yield from entry(_NAMED.get(local, whole), str(text))


def on_attribute(element: etree._Element, name: str) -> bool:
    """Whether a w: attribute is set and true."""
    return element.get(f"{W}{name}", "0") in ("1", "true", "on")
