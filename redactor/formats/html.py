"""HTML: read by whitelist, written as a fresh page.

Does not catch: text hidden by a style sheet, a script, position or colour (it is read as visible, and masked like any),
words drawn by CSS `content` or by scripts (not carried over).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..content import Block, BlockKind, Cell, Content, Style, Table
from ..model import Hidden
from ._format import Format, Reading, damaged, may_be_text
from ._runs import PLAIN, SEEN, TURN, TURN_END, Runs, segments
from .text import decode

if TYPE_CHECKING:
    from lxml import etree


def _words(text: str) -> list[str]:
    return text.split()


DROPPED = frozenset(
    _words(
        "script style template noscript textarea select svg math iframe title datalist object audio video canvas noframes head"
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    _words(
        "p div section article main aside nav header footer address blockquote pre figure figcaption details summary dl dt dd "
        "center form fieldset legend ul ol li table thead tbody tfoot tr td th caption hr"
    )
) | set(_HEADINGS)
_INLINE = frozenset(
    _words("b strong i em u s del ins strike small sub sup span a code kbd samp q cite abbr time mark ruby rt rp bdo br img")
)
_KEPT_ATTRIBUTES = {
    "*": {"style", "hidden", "dir"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"},
    "ol": {"start", "type"}, "li": {"value"}, "dialog": {"open"},
}  # fmt: skip
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # lxml takes these from a page, and fails at moving them
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|opacity\s*:\s*0*\.?0*\s*(;|!|$)|font-size\s*:\s*0", re.I
)
_OVERRIDE = re.compile(r"unicode-bidi\s*:\s*(isolate|bidi)-override", re.I)
_LEFTWARDS = re.compile(r"direction\s*:\s*rtl", re.I)
_NO_MARKER = re.compile(r"list-style[\w-]*\s*:[^;]*none", re.I)
_STYLES = {"b": Style.BOLD, "strong": Style.BOLD, "i": Style.ITALIC, "em": Style.ITALIC}
_PLACES = {"alt": "alt text", "href": "link target", "src": "link target", "title": "tooltip", "content": "property"}
_STRUCTURE = frozenset(_words("lang charset colspan rowspan scope start type width height rel dir"))
_META = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*((?:windows-125\d|iso-8859-\d+))", re.I)
MAX_DEPTH = 200


def read(data: bytes) -> Reading:
    """What a browser without style sheets shows. Bytes that are not UTF-8 or UTF-16 are read as their <meta charset> says."""
    return read_page(_decoded(data))


def _decoded(data: bytes) -> str:
    named = _META.search(data[:4096])
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if named is not None and b"\x00" not in data:
            codec = named[1].decode().lower()
            try:  # browsers read iso-8859-1 as Windows-1252 (WHATWG Encoding, §4.2)
                return data.decode("cp1252" if codec == "iso-8859-1" else codec)
            except (UnicodeDecodeError, LookupError):
                raise damaged() from None
    return decode(data)


def read_page(page: str) -> Reading:
    """A page or a fragment of one, decoded."""
    import nh3
    from lxml import etree
    from lxml import html as lxml_html

    page = re.sub(r"^\s*<\?xml[^>]*>", "", page.replace("\x00", ""))
    found = dict.fromkeys(_hidden(page))
    # html5ever parses as browsers do; lxml then only walks what it wrote, so that no text is visible to one and not the other.
    safe = nh3.clean(
        page,
        tags=set(_BLOCKS | _INLINE | {"dialog"}),
        clean_content_tags=set(DROPPED),
        attributes=_KEPT_ATTRIBUTES,
        link_rel=None,
    )
    try:
        root = lxml_html.fragment_fromstring(_NO_XML.sub("", safe), create_parent="div")
    except (etree.ParserError, ValueError):
        raise damaged() from None
    for element in list(root.iter()):
        if isinstance(element.tag, str) and element is not root and _unseen(element) and element.getparent() is not None:
            found |= dict.fromkeys(_entries("hidden text", " ".join(map(str, element.itertext()))))
            element.drop_tree()
    if any(depth > MAX_DEPTH for depth in _depths(root)):
        raise damaged()
    return Reading(Content(tuple(_Walk().run(root))), tuple(found))


def _depths(root: etree._Element) -> Iterator[int]:
    stack = [(root, 0)]
    while stack:
        element, depth = stack.pop()
        yield depth
        stack += [(child, depth + 1) for child in element]


def _unseen(element: etree._Element) -> bool:
    closed = element.tag == "dialog" and "open" not in element.attrib
    return closed or "hidden" in element.attrib or bool(_UNSEEN.search(element.get("style", "")))


def _entries(place: str, text: str) -> list[Hidden]:
    text = " ".join(text.split())
    return [Hidden(place, ClearText(text))] if any(char.isalnum() for char in text) else []


def _hidden(page: str) -> list[Hidden]:
    """Everything in the source that is no visible text: comments, dropped elements, attributes."""
    from lxml import etree

    out: list[Hidden] = []
    for comment in re.finditer(r"<!--(.*?)(?:--!?>|\Z)", page, re.DOTALL):  # also those before and after the root
        out += _entries("comment", comment[1])
    try:
        root = etree.fromstring(
            page.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
        )
    except etree.XMLSyntaxError:  # nothing but comments
        return out
    for element in root.iter("*") if root is not None else ():
        if element.tag in DROPPED and element.tag != "head":
            out += _entries(element.tag, " ".join(map(str, element.itertext())))
        for name, value in element.attrib.items():
            if name not in _STRUCTURE:
                out += _entries(_PLACES.get(str(name), "attribute"), str(value))
    return out


class _Walk:
    """One pass over the cleaned tree: inline text gathers in `runs` until a block begins or ends."""

    def __init__(self) -> None:
        self.out: list[Block | Table] = []
        self.runs = Runs()
        self.kind, self.level, self.number = BlockKind.PARAGRAPH, 0, ""

    def run(self, root: etree._Element) -> list[Block | Table]:
        self.inside(root, PLAIN, False, 0)
        self.flush()
        return self.out

    def flush(self) -> None:
        block = self.runs.block(self.kind, self.level, self.number, collapse=True)
        if block.text:
            self.out.append(block)
            self.number = ""  # a second paragraph of an item has none
        self.runs = Runs()

    def text(self, text: str | None, styles: frozenset[Style], pre: bool) -> None:
        if text:
            # NBSP survives collapsing and then becomes a blank
            self.runs.add(
                text.replace(" ", "\xa0").replace("\t", "\xa0" * 4) if pre else re.sub(r"[ \t\r\n\f]+", " ", text), styles
            )

    def inside(self, element: etree._Element, styles: frozenset[Style], pre: bool, depth: int) -> None:
        self.text(element.text, styles, pre)
        count = _int(element.get("start"), 1)
        for child in element:
            if isinstance(child.tag, str):
                if child.tag == "li":
                    count = _int(child.get("value"), count)
                    self.item(child, element, count, styles, depth)
                    count += 1
                else:
                    self.child(str(child.tag), child, styles, pre, depth)
            self.text(child.tail, styles, pre)

    def child(self, tag: str, child: etree._Element, styles: frozenset[Style], pre: bool, depth: int) -> None:
        if tag == "br":
            self.runs.add("\n", styles)
        elif tag == "img":
            self.flush()
            self.out.append(Block(BlockKind.PARAGRAPH, ClearText("[picture]")))
        elif tag == "table":
            self.flush()
            self.table(child)
        elif tag in _BLOCKS:
            self.flush()
            before = self.kind, self.level
            if tag in _HEADINGS:
                self.kind, self.level = BlockKind.HEADING, _HEADINGS[tag]
            elif tag in ("header", "footer"):
                self.kind = BlockKind(tag)
            self.runs.add(TURN if _turned(child) else "", styles)
            self.inside(child, styles, pre or tag == "pre", depth + (tag in ("ul", "ol")))
            self.flush()
            self.kind, self.level = before
        else:
            turned, quote = _turned(child), tag == "q"
            self.runs.add(TURN if turned else "“" if quote else "", styles)
            self.inside(child, styles | {_STYLES[tag]} if tag in _STYLES else styles, pre, depth)
            self.runs.add(TURN_END if turned else "”" if quote else "", styles)

    def item(self, child: etree._Element, parent: etree._Element, count: int, styles: frozenset[Style], depth: int) -> None:
        self.flush()
        before = self.kind, self.level
        self.kind, self.level = BlockKind.ITEM, max(depth - 1, 0)
        self.number = "" if _NO_MARKER.search(parent.get("style", "")) else _number(parent, count)
        self.inside(child, styles, False, depth)
        self.flush()
        (self.kind, self.level), self.number = before, ""

    def table(self, table: etree._Element) -> None:
        for caption in table.findall("caption"):
            self.out += _Walk().run(caption)
        rows = [
            [c for c in row if c.tag in ("td", "th")] for row in table.iter("tr") if next(row.iterancestors("table")) is table
        ]
        cells = tuple(tuple(_cell(c) for c in row) for row in rows if row)
        if cells:
            self.out.append(Table(cells))


def _turned(element: etree._Element) -> bool:
    """Whether its letters are shown from right to left, Latin ones too: <bdo>, or a style that does the same."""
    style = element.get("style", "")
    overrides = element.tag == "bdo" or bool(_OVERRIDE.search(style))
    return overrides and (element.get("dir", "").lower() == "rtl" or bool(_LEFTWARDS.search(style)))


def _cell(element: etree._Element) -> Cell:
    blocks = tuple(flattened(_Walk().run(element))) or (Block(BlockKind.PARAGRAPH, ClearText("")),)
    return Cell(blocks, element.tag == "th", _int(element.get("colspan"), 1, 1000), _int(element.get("rowspan"), 1, 1000))


def flattened(nodes: Iterable[Block | Table]) -> Iterator[Block]:
    """Blocks alone, those of tables cell by cell: what stands in a cell cannot hold a table in the model."""
    yield from Content(tuple(nodes)).blocks()


def _int(text: str | None, default: int, most: int = 10**6) -> int:
    """An HTML number; absent, absurd or zero-wide ones become the default."""
    number = int(text) if text and re.fullmatch(r"-?\d{1,7}", text.strip()) else default
    return number if 1 <= number <= most else default


def _number(parent: etree._Element, count: int) -> str:
    if parent.tag != "ol":
        return "•"
    kind = parent.get("type", "1")
    if kind in "aA" and count <= 26:
        return f"{chr(ord(kind) + count - 1)}."
    if kind in "iI":
        return f"{roman(count) if kind == 'i' else roman(count).upper()}."
    return f"{count}."


_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def roman(number: int) -> str:
    """A count in small roman numerals."""
    out = ""
    for value, digits in _ROMAN:
        out += digits * (number // value)
        number %= value
    return out


_PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Document</title>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
_BARE = ' style="list-style-type:none"'


def write(content: Content) -> bytes:
    """A fresh page. Numbers other than bullets and "1." are written as text; a note begins with "[n]".

    Differs from the content: several blanks in a row become one.
    """
    out: list[str] = []
    items: list[Block] = []
    for node in (*content.body, None):
        if isinstance(node, Block) and node.kind is BlockKind.ITEM:
            items.append(node)
            continue
        out += _lists(items)
        items = []
        if node is not None:
            out.append(_block(node) if isinstance(node, Block) else _table(node))
    return _PAGE.format(body="\n".join(out)).encode("utf-8")


def _block(block: Block) -> str:
    number = block.number.reveal()
    if block.kind is BlockKind.NOTE and number:
        number = f"[{number}]"
    inner = (_escape(number) + " " if number else "") + _inline(block)
    if block.kind is BlockKind.HEADING:
        level = min(max(block.level, 1), 6)
        return f"<h{level}>{inner}</h{level}>"
    if block.kind in (BlockKind.HEADER, BlockKind.FOOTER):
        return f"<{block.kind}><p>{inner}</p></{block.kind}>"
    return f"<p>{inner}</p>"


def _escape(text: str) -> str:
    return html.escape(text.translate(SEEN)).replace("\n", "<br>")


def _inline(block: Block) -> str:
    out = ""
    for text, styles in segments(block.text.reveal(), block.marks):
        piece = _escape(text)
        piece = f"<em>{piece}</em>" if Style.ITALIC in styles else piece
        out += f"<strong>{piece}</strong>" if Style.BOLD in styles else piece
    return out


def _lists(items: list[Block]) -> Iterator[str]:
    """Nested lists; an item stays open until its deeper ones are written."""
    open_lists: list[str] = []
    for item in items:
        number = item.number.reveal()
        counted = re.fullmatch(r"([1-9]\d{0,5})\.", number)
        head = "<ul>" if number == "•" else "<ol>" if counted else f"<ul{_BARE}>"
        depth = min(max(item.level, 0), len(open_lists))
        while len(open_lists) > depth + 1:
            yield f"</li></{open_lists.pop()[1:3]}>"
        if len(open_lists) == depth + 1:
            yield "</li>"
            if open_lists[-1] != head:
                yield f"</{open_lists.pop()[1:3]}>"
        if len(open_lists) == depth:
            yield head
            open_lists.append(head)
        shown = "" if number == "•" or counted or not number else _escape(number) + " "
        yield (f'<li value="{counted[1]}">' if counted else "<li>") + shown + _inline(item)
    while open_lists:
        yield f"</li></{open_lists.pop()[1:3]}>"


def _table(table: Table) -> str:
    def cell(cell: Cell) -> str:
        tag = "th" if cell.header else "td"
        spans = "".join(f' {name}="{n}"' for name, n in (("colspan", cell.colspan), ("rowspan", cell.rowspan)) if n > 1)
        scope = ' scope="col"' if cell.header else ""
        inner = _inline(cell.blocks[0]) if _single(cell) else "".join(_cell_blocks(cell.blocks))
        return f"<{tag}{scope}{spans}>{inner}</{tag}>"

    return "<table>\n" + "\n".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in table.rows) + "\n</table>"


def _single(cell: Cell) -> bool:
    return len(cell.blocks) == 1 and cell.blocks[0].kind is BlockKind.PARAGRAPH and not cell.blocks[0].number


def _cell_blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield from _lists([block]) if block.kind is BlockKind.ITEM else [_block(block)]


_ENDINGS = (".html", ".htm", ".xhtml")
_TEXTUAL = (".txt", ".text", ".md", ".markdown", ".docx")  # under these a page is told by how it begins
_START = re.compile(r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL)


def is_html(data: bytes, suffix: str) -> bool:
    """Whether a text file is a web page: by its ending, or because it begins as one. Raises HeldError for an unknown encoding."""
    return may_be_text(data) and (suffix in _ENDINGS or (suffix in _TEXTUAL and bool(_START.match(decode(data)))))


HTML = Format("html", "text/html", _ENDINGS, is_html, read, write)
