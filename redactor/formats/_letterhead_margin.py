"""A letterhead's page header or footer, taken over by whitelist: what is not named here is not in it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import UsageError
from ._docx_numbers import W
from ._docx_story import A, R, deep, local
from ._zip import Package

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element


MAX_PIXELS = 16_000_000
LOOKS = frozenset(
    "rFonts b bCs i iCs color sz szCs caps smallCaps spacing jc ind pBdr top bottom left right keepNext shd".split()
)
_P = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_REFUSED = {
    "txbxContent": "a text box", "pict": "an old drawing", "object": "an embedded object", "ins": "tracked changes",
    "del": "tracked changes", "moveFrom": "tracked changes", "moveTo": "tracked changes", "vanish": "hidden text",
    "altChunk": "a document within it", "chart": "a chart", "relIds": "a diagram",
}  # fmt: skip
_THROUGH = frozenset({"sdt", "sdtContent", "hyperlink", "smartTag", "customXml", "AlternateContent", "Choice", "dir"})
KEPT = frozenset(
    (
        "p pPr r rPr t tab tabs br cr noBreakHyphen tbl tblPr tblGrid gridCol tblW tblInd tblBorders tblLayout tblCellMar "
        "tblLook tr trPr trHeight tc tcPr tcW gridSpan vMerge vAlign top left bottom right start end insideH insideV pBdr jc ind "
        "spacing rFonts b bCs i iCs u color sz szCs caps smallCaps shd cantSplit keepNext keepLines contextualSpacing position "
        "drawing"
    ).split()
)
_NOT_TAKEN = frozenset(
    "ascii hAnsi cs eastAsia asciiTheme hAnsiTheme cstheme eastAsiaTheme hint themeColor themeTint themeShade".split()
)
VALUE = re.compile(r"[\w#.%+-]{0,40}")
FONT = re.compile(r"[\w &-]{1,60}")
DRAWN = (_WP, A, _P)
_DROPPED_DRAWING = frozenset({"extLst", "hlinkClick", "hlinkHover", "cNvGraphicFramePr"})
_PAGE_NUMBER = re.compile(r"\s*(PAGE|NUMPAGES)\b")


@dataclass(frozen=True, slots=True)
class Margin:
    """A page header or footer: its paragraphs and tables as XML, its pictures as PNG by the key they stand under, its lines."""

    xml: tuple[bytes, ...] = ()
    pictures: dict[str, bytes] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


def name_fonts(target: Element, source: Element, fonts: dict[str, str]) -> None:
    """Give `target` the fonts that `source` names; `fonts` are those that a theme's "major" and "minor" stand for."""
    for name in ("ascii", "hAnsi"):
        theme = str(source.get(f"{W}{name}Theme", ""))
        font = fonts.get(theme[:5]) or str(source.get(W + name, ""))
        if font and FONT.fullmatch(font):
            target.set(W + name, font)


def copied_by(element: Element, kept: frozenset[str]) -> Element:
    """The element with those of its descendants that are kept, and attributes that are measures or words of Word's own."""
    from lxml import etree

    own = etree.Element(element.tag, nsmap={"w": W[1:-1]})
    for name, value in element.attrib.items():
        named = str(name).removeprefix(W)
        if W + named == name and not named.startswith("rsid") and named not in _NOT_TAKEN and VALUE.fullmatch(str(value)):
            own.set(str(name), str(value))
    for child in element:
        if isinstance(child.tag, str) and child.tag.startswith(W) and local(child) in kept:
            own.append(copied_by(child, kept))
    return own


def as_xml(element: Element) -> bytes:
    from lxml import etree

    return bytes(etree.tostring(element))


class Cleaner:
    """One header or footer, taken over by whitelist."""

    def __init__(self, package: Package, name: str) -> None:
        self.package, self.name = package, name
        self.links = package.links(name)
        self.pictures: dict[str, bytes] = {}
        self._code: list[str] | None = None  # the code of a field that is being read, None outside of one
        self._number = False  # whether the field is a page number, whose last result is not text

    def margin(self) -> Margin:
        root = self.package.xml(self.name)
        if deep(root):
            raise UsageError("The template's header or footer is nested too deep. Make it anew")
        for element in root.iter():
            if local(element) in _REFUSED:
                what = _REFUSED[local(element)]
                raise UsageError(f"The template's header or footer has {what}. Take it out, or put its words in a paragraph")
        blocks = [block for child in root for block in self._clean(child)]
        lines = ["".join(t.text or "" for t in p.iter(f"{W}t")).strip() for block in blocks for p in block.iter(f"{W}p")]
        return Margin(tuple(map(as_xml, blocks)), self.pictures, tuple(line for line in lines if line))

    def _clean(self, element: Element) -> Iterator[Element]:
        kind = local(element)
        if kind in _THROUGH:
            for child in list(element)[:1] if kind == "AlternateContent" else element:
                yield from self._clean(child)
        elif kind == "r":
            yield from self._run(element)
        elif kind == "fldSimple":
            yield from self._page_number(str(element.get(f"{W}instr", "")), element)
        elif kind == "drawing":
            yield from self._drawing(element)
        elif element.tag == W + kind and kind in KEPT:
            own = copied_by(element, frozenset())
            if kind == "t":
                own.text = element.text
                own.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            if kind in ("pPr", "rPr", "tblPr", "tcPr", "trPr", "tblGrid"):
                own = copied_by(element, KEPT)
                for said in own.iter(f"{W}rFonts"):
                    source = element.find(f".//{W}rFonts")
                    if source is not None:
                        name_fonts(said, source, {})
            else:
                for child in element:
                    own.extend(self._clean(child))
            yield own

    def _run(self, run: Element) -> Iterator[Element]:
        """A run, but for the codes of fields; a page number becomes a field of our own, any other field its result."""
        own = copied_by(run, frozenset())
        for child in run:
            kind = local(child)
            if kind == "fldChar":
                step = child.get(f"{W}fldCharType")
                if step == "begin":
                    self._code = []
                elif step == "separate" and self._code is not None:
                    yield from self._page_number("".join(self._code), None)
                    self._number, self._code = _PAGE_NUMBER.match("".join(self._code)) is not None, None
                elif step == "end":
                    self._number, self._code = False, None
            elif kind == "instrText" and self._code is not None:
                self._code.append(child.text or "")
            elif self._code is None and not (self._number and kind == "t"):
                own.extend(self._clean(child))
        if any(local(child) != "rPr" for child in own):
            yield own

    def _page_number(self, code: str, result: Element | None) -> Iterator[Element]:
        from lxml import etree

        found = _PAGE_NUMBER.match(code)
        if found is None:
            for child in result if result is not None else ():
                yield from self._clean(child)
            return
        own = etree.Element(f"{W}fldSimple", nsmap={"w": W[1:-1]})
        own.set(f"{W}instr", found[1])
        run = etree.SubElement(own, f"{W}r")
        etree.SubElement(run, f"{W}t").text = "1"
        yield own

    def _drawing(self, drawing: Element) -> Iterator[Element]:
        """A picture where it stands: its frame by whitelist, its pixels drawn anew."""
        from lxml import etree

        blips = list(drawing.iter(f"{A}blip"))
        if len(blips) != 1:
            raise UsageError("The template's header or footer has a drawing that is no picture. Save it as a picture (PNG)")
        key = f"picture{len(self.pictures) + 1}"
        self.pictures[key] = _pixels(self.package, self.links.get(str(blips[0].get(f"{R}embed")), ""))

        def copied(element: Element) -> Element:
            own = etree.Element(element.tag, nsmap={"wp": _WP[1:-1], "a": A[1:-1], "pic": _P[1:-1], "r": R[1:-1], "w": W[1:-1]})
            for name, value in element.attrib.items():
                if not str(name).startswith("{") and (VALUE.fullmatch(str(value)) or name == "uri"):
                    own.set(str(name), str(value))
            if own.tag in (f"{_WP}docPr", f"{_P}cNvPr"):
                for name in own.attrib:
                    del own.attrib[name]
                own.set("id", str(len(self.pictures)))
                own.set("name", "Logo")
            if own.tag == f"{A}blip":
                own.set(f"{R}embed", key)
            if local(element) in ("posOffset", "align", "pctWidth", "pctHeight") and VALUE.fullmatch(element.text or ""):
                own.text = element.text
            for child in element:
                if isinstance(child.tag, str) and child.tag.startswith(DRAWN) and local(child) not in _DROPPED_DRAWING:
                    own.append(copied(child))
            return own

        own = etree.Element(f"{W}drawing", nsmap={"w": W[1:-1]})
        own.extend(copied(child) for child in drawing if isinstance(child.tag, str) and child.tag.startswith(_WP))
        yield own


def _pixels(package: Package, name: str) -> bytes:
    """A picture of the template as a new PNG file of its pixels alone."""
    from PIL import Image

    data = package.read(name) if name in package else b""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "BMP")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise UsageError("A picture of the template is larger than 16 million pixels. Make it smaller")
            clean = Image.new("RGBA", picture.size)
            clean.paste(picture.convert("RGBA"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise UsageError("A picture of the template cannot be read. Save it as PNG or JPEG") from None
    out = io.BytesIO()
    clean.save(out, "PNG")
    return out.getvalue()
