"""A new Word file put on a house's letterhead: margins, logo, fonts and page of the template on our own package."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

    from ._letterhead_margin import Margin
    from .letterhead import Letterhead


_STYLES = frozenset(["normal", "header", "footer", *(f"heading {level}" for level in range(1, 7))])
_LOOKS = frozenset("keepNext pBdr shd spacing ind jc".split())
_ORDER = (  # of the children of w:pPr, ECMA-376 part 1, §17.3.1.26
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs suppressAutoHyphens "
    "spacing ind contextualSpacing mirrorIndents jc textAlignment outlineLvl"
).split()


def dress(document: WordDocument, letterhead: Letterhead) -> None:
    """Give the document the letterhead's look, page and margins."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    sheet: Any = document.styles.element
    looks = {name.lower(): look for name, look in letterhead.styles.items()}
    for style in sheet.iterchildren(qn("w:style")):
        name = style.find(qn("w:name")).get(qn("w:val")).lower()
        if style.get(qn("w:type")) == "paragraph" and name in _STYLES and name in looks:
            _restyle(style, {part.tag: part for part in map(parse_xml, looks[name])})
    for part in map(parse_xml, letterhead.defaults):
        defaults = sheet.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}")
        if defaults is not None and part.tag == qn("w:rPr"):
            language = defaults.find(f"{qn('w:rPr')}/{qn('w:lang')}")
            defaults[:] = [part]
            if language is not None:
                part.append(language)
    section = document.sections[0]
    own: Any = section._sectPr
    for part in map(parse_xml, letterhead.page):
        old = own.find(part.tag)
        if old is not None:
            own.replace(old, part)
    section.different_first_page_header_footer = letterhead.first_page
    places = {
        ("header", "default"): section.header,
        ("footer", "default"): section.footer,
        ("header", "first"): section.first_page_header,
        ("footer", "first"): section.first_page_footer,
    }
    for key, margin in letterhead.margins.items():
        _fill(places[key], margin)


def _restyle(style: Any, parts: dict[str, Any]) -> None:
    """Its look is the letterhead's; outline level, numbering and whatever else makes it a heading stay."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    own = style.find(qn("w:rPr"))
    if own is not None:
        style.remove(own)
    kept = style.find(qn("w:pPr"))
    children = [child for child in (kept if kept is not None else ()) if _name(child) not in _LOOKS]
    children += [child for child in parts.get(qn("w:pPr"), ()) if _name(child) in _LOOKS]
    if kept is not None:
        style.remove(kept)
    if children:
        made: Any = OxmlElement("w:pPr")
        made.extend(sorted(children, key=lambda child: _ORDER.index(_name(child)) if _name(child) in _ORDER else len(_ORDER)))
        style.append(made)
    if qn("w:rPr") in parts:
        style.append(parts[qn("w:rPr")])


def _name(element: Any) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _fill(place: Any, margin: Margin) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    place.is_linked_to_previous = False
    root = place._element
    for child in list(root):
        root.remove(child)
    links = {key: place.part.get_or_add_image(io.BytesIO(data))[0] for key, data in margin.pictures.items()}
    for xml in margin.xml:
        block = parse_xml(xml)
        for blip in block.iter(qn("a:blip")):
            blip.set(qn("r:embed"), links[str(blip.get(qn("r:embed")))])
        root.append(block)
    if len(root) == 0 or root[-1].tag != qn("w:p"):
        place.add_paragraph()  # a margin ends with a paragraph
