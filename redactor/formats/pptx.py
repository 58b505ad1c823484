"""PowerPoint: what its slides show, slide by slide. Copies are Word files.

Speaker notes, hidden slides, what lies off the slide, comments, names of shapes and descriptions of pictures are learnt from and
in no copy; a macro is never looked into. Does not catch: what _pptx_shapes.py says; charts and pictures are placeholders, the
order of animations is not told.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..content import Block, BlockKind, Content, Table
from ..errors import HeldError
from ..model import Hidden
from ._docx_hidden import entry, hidden_parts
from ._docx_story import deep, diagram_words, local
from ._format import Format, Reading, damaged, is_zip, no_reader
from ._pptx_shapes import P, R, Slide, margin_of, placeholder, words
from ._zip import Package

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element


MEDIA = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MAX_SLIDES = 5000
_PLAIN_NAME = re.compile(
    r"(Title|Subtitle|Content|Text|Rectangle|Picture|TextBox|Slide|Date|Footer|Header|Straight|Group|Table|Chart|Shape|Oval|Line"
    r"|Freeform|Connector|Arrow|Graphic|Notes|Image|Vertical|Object|PlaceHolder|Frame)\b.*\d*"
)


def is_slides(data: bytes, _suffix: str = "") -> bool:
    """Whether a file is a presentation. Raises HeldError for a zip that cannot be opened or is locked."""
    return is_zip(data) and b"ppt/" in data and _main_part(Package(data)) is not None


def _main_part(package: Package) -> str | None:
    if "_rels/.rels" not in package:
        return None
    for link in package.xml("_rels/.rels"):
        if str(link.get("Type", "")).endswith("/officeDocument"):
            name = posixpath.normpath(str(link.get("Target", "")).lstrip("/"))
            if name in package and package.xml(name).tag == f"{P}presentation":
                return name
    return None


def read(data: bytes) -> Reading:
    """The visible slides in order: title, text, tables; footers and what the design says once. Raises HeldError."""
    package = Package(data)
    main = _main_part(package)
    if main is None:
        raise no_reader()
    return Deck(package, main).reading()


class Deck:
    """One presentation: its parts by relation, its size, what it hides."""

    def __init__(self, package: Package, main: str) -> None:
        self.package, self.main = package, main
        self.root = self._xml(main)
        size = self.root.find(f"{P}sldSz")
        across, down = (str(size.get(name, "")) if size is not None else "" for name in ("cx", "cy"))
        self.size = (int(across), int(down)) if across.isdigit() and down.isdigit() else (10**9, 10**9)
        self.hidden: dict[Hidden, None] = {}
        self.warnings: dict[str, None] = {}

    def hide(self, place: str, text: str) -> None:
        """Learn words that no reader sees."""
        self.hidden |= dict.fromkeys(entry(place, text))

    def warn(self, code: str) -> None:
        """Tell a careful person something of the file."""
        self.warnings[code] = None

    def _xml(self, name: str) -> Element:
        root = self.package.xml(name)
        if deep(root):
            raise damaged()
        return root

    def links(self, part: str) -> dict[str, str]:
        """The parts that one part is related to, by the relation's id and by its kind."""
        return self.package.links(part)

    def diagram(self, part: str) -> list[str]:
        """The words of a SmartArt drawing, in the order in which it keeps them."""
        return diagram_words(self.package.xml(part)) if part in self.package else []

    def reading(self) -> Reading:
        """Everything the presentation shows, and what it hides."""
        links = self.links(self.main)
        body: list[Block | Table] = []
        margins: dict[Block, None] = {}
        number = 0
        for slide_id in self.root.iterfind(f"{P}sldIdLst/{P}sldId"):
            name = links.get(str(slide_id.get(f"{R}id")), "")
            if name not in self.package or (number := number + 1) > MAX_SLIDES:
                continue
            root = self._xml(name)
            if root.get("show") in ("0", "false"):
                self.hide("hidden slide", words(root))
                continue
            slide = Slide(self, name, root)
            body += self._slide(slide, number, margins)
            margins |= dict.fromkeys(self._design(slide))
        self._learn({links.get(str(slide_id.get(f"{R}id")), "") for slide_id in self.root.iterfind(f"{P}sldIdLst/{P}sldId")})
        heads = [b for b in margins if b.kind is BlockKind.HEADER]
        feet = [b for b in margins if b.kind is BlockKind.FOOTER]
        return Reading(Content((*heads, *body, *feet)), tuple(self.hidden), tuple(self.warnings))

    def _slide(self, slide: Slide, number: int, margins: dict[Block, None]) -> Iterator[Block | Table]:
        titled = False
        said: list[Block | Table] = []
        for shape in slide.shapes():
            kind = placeholder(shape)
            margin = margin_of(shape)
            if kind == "sldNum":
                continue
            if margin is not None:
                margins |= {replace(b, kind=margin, level=0): None for b in slide.blocks(shape) if isinstance(b, Block)}
            elif kind in ("title", "ctrTitle"):
                heads = list(slide.blocks(shape, 1 if kind == "ctrTitle" else 2))
                titled, said = titled or bool(heads), said + heads
            else:
                said += slide.blocks(shape)
        if not titled and said:
            yield Block(BlockKind.HEADING, ClearText(f"Slide {number}"), (), 2)
        yield from said

    def _design(self, slide: Slide) -> Iterator[Block]:
        """What the slide's layout and master write on it: every text of theirs that is no prompt to type."""
        part, shown = slide.links.get("slideLayout", ""), slide.root.get("showMasterSp", "1") not in ("0", "false")
        for kind in ("slideLayout", "slideMaster"):
            if not shown or part not in self.package:
                return
            design = Slide(self, part, self._xml(part))
            for shape in design.shapes():
                if placeholder(shape) is None and local(shape) == "sp":
                    yield from (replace(b, kind=BlockKind.HEADER, level=0) for b in design.blocks(shape) if isinstance(b, Block))
            shown = design.root.get("showMasterSp", "1") not in ("0", "false") and kind == "slideLayout"
            part = design.links.get("slideMaster", "")

    def _learn(self, shown: set[str]) -> None:
        for name in self.package.names:
            if re.match(r"ppt/(notesSlides|handoutMasters)/[^/]*\.xml$", name):
                self._learn_part("speaker notes", name)
            elif re.match(r"ppt/slides/[^/]*\.xml$", name) and name not in shown:
                self._learn_part("unused slide", name)
        found = (e for e in hidden_parts(self.package) if e.place != "picture name" or not _PLAIN_NAME.fullmatch(e.text.reveal()))
        self.hidden |= dict.fromkeys(found)
        if any(name.endswith("vbaProject.bin") for name in self.package.names):
            self.warn("macros")

    def _learn_part(self, place: str, name: str) -> None:
        """An unreadable side part is damage of a thing that is dropped anyway."""
        try:
            self.hide(place, words(self._xml(name)))
        except HeldError as error:
            if "damaged" not in error.cause:
                raise


PPTX = Format("pptx", MEDIA, (".pptx", ".pptm", ".ppsx", ".potx"), is_slides, read, copy_as="docx")
