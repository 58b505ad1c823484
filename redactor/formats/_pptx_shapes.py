"""The shapes of one slide, in the order in which a screen reader names them: title first, then as they are stacked.

Does not catch: text behind a picture or another shape, or in the colour of what is behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..content import Block, BlockKind, Cell, Style, Table
from ._docx_math import linear
from ._docx_numbers import formatted
from ._docx_story import COVERED, local
from ._runs import Runs
from .html import flattened

if TYPE_CHECKING:
    from lxml import etree

    from .pptx import Deck

    Element = etree._Element


A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TITLES = ("title", "ctrTitle")
_MARGINS = {"ftr": BlockKind.FOOTER, "dt": BlockKind.FOOTER, "hdr": BlockKind.HEADER}
_BODIES = ("", "body", "obj")  # placeholders whose paragraphs have bullets unless they say otherwise
_FORMS = {
    "arabic": "decimal",
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
}


class Slide:
    """One slide or layout: `part` is its name in the package, `links` the parts it is related to."""

    def __init__(self, deck: Deck, part: str, root: Element) -> None:
        self.deck, self.root = deck, root
        self.links = deck.links(part)

    def shapes(self) -> list[Element]:
        """Every shape that is shown, those in groups too, the title first; the others are learnt from."""
        tree = self.root.find(f"{P}cSld/{P}spTree")
        found = list(self._shown(tree, True)) if tree is not None else []
        return sorted(found, key=lambda shape: placeholder(shape) not in _TITLES)

    def _shown(self, tree: Element, top: bool) -> Iterator[Element]:
        for shape in tree:
            kind = local(shape)
            if kind == "AlternateContent":
                choices = [child for child in shape if local(child) in ("Choice", "Fallback")]
                for other in choices[1:]:
                    self.deck.hide("fallback", words(other))
                if choices:
                    yield from self._shown(choices[0], top)
            elif kind in ("sp", "grpSp", "graphicFrame", "pic", "cxnSp"):
                names = shape.find(f"*/{P}cNvPr")
                if names is not None and names.get("hidden") in ("1", "true"):
                    self.deck.hide("hidden text", words(shape))
                elif top and self._outside(shape):
                    self.deck.hide("off the slide", words(shape))
                elif kind == "grpSp":
                    yield from self._shown(shape, False)
                else:
                    yield shape

    def _outside(self, shape: Element) -> bool:
        frame = next((e for e in shape.iter(f"{A}xfrm", f"{P}xfrm")), None)
        off, size = (frame.find(f"{A}off"), frame.find(f"{A}ext")) if frame is not None else (None, None)
        if off is None or size is None:
            return False
        (x, y), (width, height) = (_numbers(off, "x", "y"), _numbers(size, "cx", "cy"))
        across, down = self.deck.size
        return x >= across or y >= down or x + width <= 0 or y + height <= 0

    def blocks(self, shape: Element, heading: int = 0) -> Iterator[Block | Table]:
        """What one shape shows; its paragraphs are headings of the level `heading` if it is not 0."""
        kind = local(shape)
        if kind == "pic":
            yield Block(BlockKind.PARAGRAPH, ClearText("[picture]"))
        elif kind == "graphicFrame":
            yield from self._frame(shape)
        else:
            body = shape.find(f"{P}txBody")
            if body is not None:
                yield from self._paragraphs(body, placeholder(shape), heading)

    def _frame(self, frame: Element) -> Iterator[Block | Table]:
        table = next((e for e in frame.iter(f"{A}tbl")), None)
        if table is not None:
            yield self._table(table)
            return
        for inner in frame.iter():
            if local(inner) == "relIds":
                said = self.deck.diagram(self.links.get(str(inner.get(f"{R}dm")), ""))
                yield from (Block(BlockKind.ITEM, ClearText(text), (), 0, ClearText("•")) for text in said)
            elif local(inner) == "chart":
                yield Block(BlockKind.PARAGRAPH, ClearText("[chart]"))
            elif local(inner) == "oleObj":
                yield Block(BlockKind.PARAGRAPH, ClearText("[embedded object]"))

    def _table(self, table: Element) -> Table:
        properties = table.find(f"{A}tblPr")
        headed = properties is not None and properties.get("firstRow") in ("1", "true")
        rows = []
        for number, tr in enumerate(table.iter(f"{A}tr")):
            row = []
            for tc in tr.iter(f"{A}tc"):
                if tc.get("hMerge") in ("1", "true") or tc.get("vMerge") in ("1", "true"):
                    self.deck.hide("merged cell", words(tc))
                    continue
                body = tc.find(f"{A}txBody")
                inner = tuple(flattened(self._paragraphs(body, "cell", 0))) if body is not None else ()
                across, down = _numbers(tc, "gridSpan", "rowSpan")
                empty = (Block(BlockKind.PARAGRAPH, ClearText("")),)
                row.append(Cell(inner or empty, headed and number == 0, min(max(across, 1), 1000), min(max(down, 1), 1000)))
            rows.append(tuple(row))
        return Table(tuple(rows))

    def _paragraphs(self, body: Element, kind: str | None, heading: int) -> Iterator[Block]:
        counts: dict[int, int] = {}
        for p in body.iter(f"{A}p"):
            block = self._runs(p).block(BlockKind.PARAGRAPH)
            if not block.text.reveal().strip():
                continue
            properties = p.find(f"{A}pPr")
            level = min(max(_numbers(properties, "lvl")[0], 0), 8) if properties is not None else 0
            number = _number(properties, kind, counts, level)
            if heading:
                marks = tuple(m for m in block.marks if m.end - m.start < len(block.text))
                yield Block(BlockKind.HEADING, block.text, marks, heading)
            elif number:
                yield Block(BlockKind.ITEM, block.text, block.marks, level, ClearText(number))
            else:
                yield block

    def _runs(self, p: Element) -> Runs:
        runs = Runs()
        covered = False
        for child in p:
            kind = local(child)
            if kind == "AlternateContent":
                runs.add("".join(linear(e) for e in list(child)[:1]))
            elif kind == "m":
                runs.add(linear(child))
            elif kind == "br":
                runs.add("\n")
            elif kind in ("r", "fld"):
                text = "".join(t.text or "" for t in child.iter(f"{A}t"))
                own = child.find(f"{A}rPr")
                if text.strip() and _under_bar(own):
                    self.deck.hide("text under a bar", text)
                    self.deck.warn("highlight-over-text")
                    runs.add("" if covered else COVERED)
                    covered = True
                    continue
                covered = covered and not text.strip()
                capitals = own is not None and own.get("cap") in ("all", "small") and text == text.lower()
                runs.add(text.upper() if capitals else text, _styles(own))
        return runs


def placeholder(shape: Element) -> str | None:
    """The kind of placeholder a shape is ("" where it does not say), None for any other shape."""
    found = shape.find(f"*/{P}nvPr/{P}ph")
    return None if found is None else str(found.get("type", ""))


def margin_of(shape: Element) -> BlockKind | None:
    """Whether a shape is a slide's header or footer."""
    return _MARGINS.get(placeholder(shape) or "-")


def words(element: Element) -> str:
    """Every stored word below an element, paragraphs parted by blanks."""
    return " ".join("".join(t.text or "" for t in p.iter(f"{A}t")) for p in element.iter(f"{A}p")).strip()


def _number(properties: Element | None, kind: str | None, counts: dict[int, int], level: int) -> str:
    """The bullet or number that is drawn before a paragraph."""
    found = {local(child): child for child in properties} if properties is not None else {}
    for deeper in [d for d in counts if d > level]:
        del counts[deeper]
    if "buAutoNum" in found:
        form = str(found["buAutoNum"].get("type", "arabicPeriod"))
        counts[level] = counts[level] + 1 if level in counts else max(_numbers(found["buAutoNum"], "startAt")[0], 1)
        shown = formatted(counts[level], next((own for start, own in _FORMS.items() if form.startswith(start)), "decimal"))
        return (
            f"({shown})" if form.endswith("ParenBoth") else shown + (")" if "ParenR" in form else "." if "Period" in form else "")
        )
    counts.pop(level, None)
    if "buNone" in found:
        return ""
    return "•" if "buChar" in found or "buBlip" in found or kind in _BODIES else ""


def _styles(own: Element | None) -> frozenset[Style]:
    if own is None:
        return frozenset()
    return frozenset(style for style, name in ((Style.BOLD, "b"), (Style.ITALIC, "i")) if own.get(name) in ("1", "true"))


def _under_bar(own: Element | None) -> bool:
    """Whether a highlight of the text's own colour lies over it."""
    if own is None:
        return False
    bar, ink = own.find(f"{A}highlight/{A}srgbClr"), own.find(f"{A}solidFill/{A}srgbClr")
    return bar is not None and bar.get("val", "").upper() == (ink.get("val", "") if ink is not None else "000000").upper()


def _numbers(element: Element, *names: str) -> tuple[int, ...]:
    """Attributes as whole numbers, 0 for what is none."""
    said = [str(element.get(name, "")) for name in names]
    return tuple(int(text) if text.lstrip("-").isdigit() and len(text) < 15 else 0 for text in said)
