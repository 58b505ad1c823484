"""A house's letterhead: a Word file whose page headers, footers, logo, fonts and margins copies are made on.

Taken over by whitelist: paragraphs, tables, page numbers and pictures of its margins (pictures from their pixels alone), how its
styles look, the size of its page. Refused: anything in its body, text boxes, changes and hidden text in its margins, for a house
template with a document still in it would be in every copy. Does not catch: a name in the letterhead itself; it is published as
it stands, but for the full name of somebody masked, which holds the copy (verification).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..cleartext import ClearText
from ..content import Block, BlockKind, Content
from ..errors import HeldError, UsageError
from ._apart import answer_apart
from ._docx_numbers import W, on
from ._docx_story import A, R, local
from ._format import is_zip
from ._letterhead_margin import LOOKS, Cleaner, Margin, as_xml, copied_by, name_fonts
from ._letterhead_values import as_values, of_values
from ._zip import Package
from .docx import DOCX, main_part

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element


APART = "letterhead"
"""What the reader of templates is called in the other process."""
MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, repr=False)
class Letterhead:
    """What copies take from a house template. `margins`: by "header" or "footer" and "default" or "first"; `styles`: by a style's
    name, its look as XML; `defaults`: the same for every style; `page`: the page's size and margins as XML."""

    margins: dict[tuple[str, str], Margin]
    styles: dict[str, tuple[bytes, ...]]
    defaults: tuple[bytes, ...]
    page: tuple[bytes, ...]
    first_page: bool

    def lines(self, kind: str) -> tuple[str, ...]:
        """The words of its headers or footers, each line once."""
        return tuple(dict.fromkeys(line for (own, _), margin in self.margins.items() if own == kind for line in margin.lines))

    def around(self, content: Content) -> Content:
        """The content with the letterhead's words before and after it, for formats that are not made on a Word file."""
        head = tuple(Block(BlockKind.HEADER, ClearText(line)) for line in self.lines("header"))
        foot = tuple(Block(BlockKind.FOOTER, ClearText(line)) for line in self.lines("footer"))
        return Content((*head, *content.body, *foot))


def open_letterhead(path: Path) -> Letterhead:
    """Read a house template (.docx, .dotx), in a process that no document has been to. Raises UsageError that says what to change
    in it."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError("The template is larger than 16 MiB. Make its pictures smaller")
        data = path.read_bytes()
    except OSError:
        raise UsageError("The template cannot be opened. Name a Word file that you may read") from None
    try:
        return of_values(answer_apart(APART, data, house=True))
    except HeldError as fault:
        raise UsageError(f"The template cannot be used: {fault.cause}. {fault.remedy}") from None


def values_of(data: bytes) -> dict[str, Any]:
    """What of a template goes into copies, as JSON values: in the other process. Raises UsageError or HeldError."""
    if not is_zip(data) or main_part(Package(data)) is None:
        raise UsageError("The template is no Word file. Save it as .docx")
    seen = DOCX.read(data).content
    if any(b.kind not in (BlockKind.HEADER, BlockKind.FOOTER) and b.text.reveal().strip() for b in seen.blocks()):
        raise UsageError("The template has text or pictures on its page. Keep the header and footer, empty the page")
    return as_values(_taken(data))


def _taken(data: bytes) -> Letterhead:
    package = Package(data)
    main = main_part(package)
    assert main is not None
    parts, body = package.links(main), package.xml(main)
    section = body.find(f".//{W}body/{W}sectPr")
    first = section is not None and on(section.find(f"{W}titlePg")) is True
    margins: dict[tuple[str, str], Margin] = {}
    for reference in section if section is not None else ():
        kind, type_ = local(reference).removesuffix("Reference"), str(reference.get(f"{W}type", "default"))
        if kind in ("header", "footer") and (type_ == "default" or (type_ == "first" and first)):
            name = parts.get(str(reference.get(f"{R}id")), "")
            if name in package:
                margins[kind, type_] = Cleaner(package, name).margin()
    page = tuple(_bare(e) for e in (section if section is not None else ()) if local(e) in ("pgSz", "pgMar"))
    styles = package.xml(parts["styles"]) if "styles" in parts else None
    fonts = _theme_fonts(package, parts)
    looks = {str(s.find(f"{W}name").get(f"{W}val")): _look(s, fonts) for s in _styles(styles)}  # type: ignore[union-attr]
    defaults = styles.find(f"{W}docDefaults/{W}rPrDefault") if styles is not None else None
    return Letterhead(margins, looks, _look(defaults, fonts) if defaults is not None else (), page, first)


def _styles(root: Element | None) -> Iterator[Element]:
    for style in root.iterfind(f"{W}style") if root is not None else ():
        if style.get(f"{W}type") == "paragraph" and style.find(f"{W}name") is not None:
            yield style


def _theme_fonts(package: Package, parts: dict[str, str]) -> dict[str, str]:
    """The fonts that a theme's "major" and "minor" stand for."""
    name = parts.get("theme", "")
    if name not in package:
        return {}
    root = package.xml(name)
    found = {kind: root.find(f".//{A}{kind}Font/{A}latin") for kind in ("major", "minor")}
    return {kind: str(font.get("typeface", "")) for kind, font in found.items() if font is not None}


def _look(style: Element, fonts: dict[str, str]) -> tuple[bytes, ...]:
    """A style's paragraph and character look (w:pPr, w:rPr), by whitelist, fonts by their names."""
    out = []
    for part in (style.find(f"{W}pPr"), style.find(f"{W}rPr")):
        if part is not None:
            own = copied_by(part, LOOKS)
            for said in own.iter(f"{W}rFonts"):
                source = part.find(f"{W}rFonts")
                assert source is not None
                name_fonts(said, source, fonts)
            out.append(as_xml(own))
    return tuple(out)


def _bare(element: Element) -> bytes:
    return as_xml(copied_by(element, frozenset()))
