"""Word: read with zipfile and lxml as its reader sees it with all changes accepted; written as a new package.

Does not catch: what _docx_look.py says of unseen text, words inside pictures, charts and embedded files (a placeholder stands
for each), a locked view other than Word's default. Documents with macros and templates are read as documents; a macro is never
looked into and never carried over.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..content import Block, BlockKind, Content, Table
from ..errors import HeldError
from ..model import Hidden
from ._docx_hidden import entry, hidden_parts
from ._docx_numbers import Numbers, Styles, W, on
from ._docx_story import R, Story, deep, diagram_words, local, text_of
from ._docx_write import write
from ._format import Format, Reading, damaged, is_zip, may_be_text, no_reader, too_long
from ._zip import Package
from .html import flattened, roman
from .html import read as read_html
from .marks import MARKED, says

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element


MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAX_TEXT = 8_000_000  # characters: about 3,000 pages
EMBEDDED = Block(BlockKind.PARAGRAPH, ClearText("[embedded document]"))


def is_word(data: bytes, _suffix: str = "") -> bool:
    """Whether a file is a Word document. Raises HeldError for a zip that cannot be opened or is locked."""
    return is_zip(data) and main_part(Package(data)) is not None


def main_part(package: Package) -> str | None:
    """The name of a package's document, None if it has none."""
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
    main = main_part(package)
    if main is None:
        raise no_reader()
    return read_package(package, main)


def read_package(package: Package, main: str) -> Reading:
    """The same of a package that is open; `main` is the name of its document."""
    return _File(package, main).reading()


def _read_within(data: bytes) -> Reading:
    """A document that another one shows in its place; one within that is not opened."""
    package = Package(data)
    main = main_part(package)
    if main is None:
        raise no_reader()
    return _File(package, main, within=True).reading()


class _File:
    """One Word file: its parts by relation, its notes, what it hides."""

    def __init__(self, package: Package, main: str, within: bool = False) -> None:
        self.package, self.main, self.within = package, main, within
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
        self.warnings: dict[str, None] = {}
        self.notes: dict[str, dict[str, int]] = {"footnote": {}, "endnote": {}}

    def _name(self, target: str) -> str:
        return posixpath.normpath(posixpath.join("/" + posixpath.dirname(self.main), target)).lstrip("/")

    def part(self, kind: str) -> Element | None:
        """The part that the main one is related to in this way ("styles")."""
        return next(
            (self.package.xml(name) for type_, name in self.targets.values() if type_ == kind and name in self.package), None
        )

    def hide(self, place: str, text: str) -> None:
        self.hidden |= dict.fromkeys(entry(place, text))

    def warn(self, code: str) -> None:
        self.warnings[code] = None

    def chunk(self, link: str) -> list[Block | Table]:
        """What Word shows of a web page or Word document that is shown in place (w:altChunk); a placeholder for any other."""
        kind, name = self.targets.get(link, ("", ""))
        if kind != "aFChunk" or name not in self.package or self.within:
            return [EMBEDDED]
        data = self.package.read(name)
        if not is_zip(data) and not may_be_text(data):
            return [EMBEDDED]
        try:
            content, hidden, warnings, _ = _read_within(data) if is_zip(data) else read_html(data)
        except HeldError:
            return [EMBEDDED]
        self.hidden |= dict.fromkeys(hidden)
        self.warnings |= dict.fromkeys(warnings)
        return list(content.body)

    def diagram(self, link: str) -> list[str]:
        kind, name = self.targets.get(link, ("", ""))
        return diagram_words(self.package.xml(name)) if kind == "diagramData" and name in self.package else []

    def reading(self) -> Reading:
        root = self.package.xml(self.main)
        if deep(root):
            raise damaged()
        if sum(len(t.text or "") for t in root.iter(f"{W}t")) > MAX_TEXT:
            raise too_long()
        body = root.find(f"{W}body")
        if body is None:
            raise damaged()
        story = Story(self, on_paper=root.find(f"{W}background") is None).blocks(body)
        notes = [*self._notes("footnote", str), *self._notes("endnote", roman)]
        heads, feet = self._running(root)
        self.hidden |= dict.fromkeys(hidden_parts(self.package))
        if any(name.endswith("vbaProject.bin") for name in self.package.names):
            self.warn("macros")
        if self._marked(root):
            self.warn(MARKED)
        return Reading(Content((*heads, *story, *notes, *feet)), tuple(self.hidden), tuple(self.warnings))

    def _marked(self, root: Element) -> bool:
        """Whether a reviewer's marks are in it: comments that say so, or words that are highlighted and can be read."""
        comments = self.part("comments")
        found = comments.iter(f"{W}comment") if comments is not None else ()
        colours = {mark.get(f"{W}val", "none") for mark in root.iter(f"{W}highlight")}
        read = bool(colours - {"none", "white", "black"}) and "highlight-over-text" not in self.warnings
        return read or any(says(text_of(comment)) for comment in found)

    def _notes(self, kind: str, shown: Callable[[int], str]) -> Iterator[Block]:
        root = self.part(f"{kind}s")
        found = {note.get(f"{W}id", ""): note for note in (root if root is not None else ()) if local(note) == kind}
        referred = self.notes[kind]
        for id_ in _growing(referred):
            label = shown(referred[id_])
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


def _growing(referred: dict[str, int]) -> Iterator[str]:
    """The ids in order, those too that are added meanwhile: a note may refer to a note."""
    done = 0
    while done < len(referred):
        more = list(referred)[done:]
        done += len(more)
        yield from more


DOCX = Format("docx", MEDIA, (".docx",), is_word, read, write, write_on=write)
