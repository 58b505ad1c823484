"""A new Word file from content alone: python-docx's template, emptied of whatever is not needed, in the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..content import Block, BlockKind, Cell, Content, Style, Table
from ._docx_dress import dress
from ._runs import SEEN, segments

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

    from .letterhead import Letterhead


_DROPPED = ("thumbnail", "extended-properties", "customXml", "printerSettings")
_LISTS = {True: ("List Bullet", "List Bullet 2", "List Bullet 3"), False: ("List", "List 2", "List 3")}
_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Document</dc:title><dc:language>en-GB</dc:language></cp:coreProperties>'
)


def write(content: Content, letterhead: Letterhead | None = None) -> bytes:
    """A Word file's bytes, on a house's letterhead if one is given. Numbers other than bullets and all notes are text.

    Differs from the content: list depth ends at three, page headers and footers stand in the page's margin once.
    """
    import docx

    document = docx.Document()
    _strip(document)
    section = document.sections[0]
    margins = {BlockKind.HEADER: section.header, BlockKind.FOOTER: section.footer}
    if letterhead is not None:
        dress(document, letterhead)
        if letterhead.first_page:  # margins that begin on the second page would hide what stands in them
            margins = {}
    body = document.element.body
    after_table = False
    for node in content.body:
        if isinstance(node, Table):
            if after_table:
                document.add_paragraph()  # two tables that touch are one to Word
            body.insert(len(body) - 1, _table(document, node))
        elif node.kind in margins:
            margin = margins[node.kind]
            first = margin.paragraphs[0] if margin.is_linked_to_previous else None
            _fill(first if first is not None else margin.add_paragraph(), node)
        else:
            _fill(document.add_paragraph(style=_style(node)), node)
        after_table = isinstance(node, Table)
    if after_table:
        document.add_paragraph()  # Word needs a paragraph after the last table
    buffer = io.BytesIO()
    document.save(buffer)
    return _settled(buffer.getvalue())


def _strip(document: WordDocument) -> None:
    """Drop the template's thumbnail, its program's name and its custom XML."""
    for rels in (document.part.package.rels, document.part.rels):
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(_DROPPED)]:
            del rels[key]
    languages = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang")
    for language in languages:
        for name in language.attrib:
            language.set(name, "en-GB")


def _style(block: Block) -> str:
    if block.kind is BlockKind.HEADING:
        return f"Heading {min(max(block.level, 1), 6)}"
    if block.kind is BlockKind.ITEM:
        return _LISTS[block.number.reveal() == "•"][min(max(block.level, 0), 2)]
    return "Normal"


def _shown(block: Block) -> str:
    """The number that is written as text; a bullet comes from its style."""
    number = block.number.reveal()
    if not number or (block.kind is BlockKind.ITEM and number == "•"):
        return ""
    return f"[{number}] " if block.kind is BlockKind.NOTE else f"{number} "


def _fill(paragraph: Any, block: Block) -> None:
    """Add a block's runs; python-docx turns "\\n" and "\\t" into Word's own marks."""
    if number := _shown(block):
        paragraph.add_run(number.translate(SEEN))
    for text, styles in segments(block.text.reveal(), block.marks):
        if text:
            run = paragraph.add_run(text.translate(SEEN))
            run.bold, run.italic = Style.BOLD in styles or None, Style.ITALIC in styles or None


def _table(document: WordDocument, table: Table) -> Any:
    """The table's XML: python-docx's own calls take time that grows with the square of the rows."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def make(tag: str, **values: str) -> Any:
        element = OxmlElement(tag)
        for name, text in values.items():
            element.set(qn(f"w:{name}"), text)
        return element

    def cell(source: Cell | None, width: int, merge: str) -> Any:
        tc, properties = make("w:tc"), make("w:tcPr")
        if width > 1:
            properties.append(make("w:gridSpan", val=str(width)))
        if merge:
            properties.append(make("w:vMerge", val=merge))
        tc.append(properties)
        for block in source.blocks if source is not None else ():
            tc.append(_cell_paragraph(document, block))
        if source is None or not source.blocks:
            tc.append(make("w:p"))
        return tc

    tbl, properties = make("w:tbl"), make("w:tblPr")
    properties.append(make("w:tblStyle", val=document.styles["Table Grid"].style_id))
    properties.append(make("w:tblW", w="0", type="auto"))
    tbl.append(properties)
    rows, width = _layout(table)
    columns = make("w:tblGrid")
    for _ in range(width):
        columns.append(make("w:gridCol"))
    tbl.append(columns)
    for number, row in enumerate(rows):
        tr = make("w:tr")
        if number < len(table.rows) and table.rows[number] and all(c.header for c in table.rows[number]):
            row_properties = make("w:trPr")
            row_properties.append(make("w:tblHeader"))
            tr.append(row_properties)
        for source, span, merge in row:
            tr.append(cell(source, span, merge))
        tbl.append(tr)
    return tbl


def _cell_paragraph(document: WordDocument, block: Block) -> Any:
    from docx.oxml import OxmlElement
    from docx.text.paragraph import Paragraph

    element: Any = OxmlElement("w:p")
    paragraph = Paragraph(element, document._body)
    paragraph.style = document.styles[_style(block)]
    _fill(paragraph, block)
    return element


Placed = tuple[Cell | None, int, str]


def _layout(table: Table) -> tuple[list[list[Placed]], int]:
    """Each row as (cell, columns it covers, its part in a vertical merge), and the number of columns."""
    covered: dict[tuple[int, int], int] = {}
    rows: list[list[Placed]] = []
    width = 0
    for y, source in enumerate(table.rows):
        row: list[Placed] = []
        column = 0

        def skip(row: list[Placed], y: int, column: int) -> int:
            while (y, column) in covered:
                span = covered[y, column]
                row.append((None, span, "continue"))
                column += span
            return column

        for cell in source:
            column = skip(row, y, column)
            for below in range(1, min(cell.rowspan, len(table.rows) - y)):
                covered[y + below, column] = cell.colspan
            row.append((cell, cell.colspan, "restart" if cell.rowspan > 1 else ""))
            column += cell.colspan
        column = skip(row, y, column)
        rows.append(row)
        width = max(width, column)
    return [_padded(row, width) for row in rows], width


def _padded(row: Sequence[Placed], width: int) -> list[Placed]:
    return [*row, *[(None, 1, "")] * (width - sum(span for _, span, _ in row))]


def _settled(data: bytes) -> bytes:
    """The same package with neutral properties, one date for all parts and nothing else that differs from run to run."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():  # content types first, as saved
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            target.writestr(info, _CORE if name == "docProps/core.xml" else source.read(name))
    return out.getvalue()
