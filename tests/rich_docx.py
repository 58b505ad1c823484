"""A Word file with everything that should survive: made by python-docx, with notes and numbering by hand. Nobody protected is in it."""

# ruff: noqa: E501 - markup is easier to read in one line

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
from docx.oxml import parse_xml

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PROSE = (
    "The council met in public and the report was read by the clerk. Members asked how the figures had been counted, and who had "
    "signed them off. The answer was that nobody had. Papers from earlier meetings were laid on the table, among them a plan of the "
    "streets and a list of what had been promised. It was agreed that the minutes should say so."
)


def rich_docx() -> bytes:
    """Headings, lists in three forms, a merged table with a heading row, notes, margins, a text box, emphasis, an insertion."""
    document = docx.Document()
    document.add_heading("Report on the handling of complaints", 0)
    document.add_heading("What was asked", 1)
    paragraph = document.add_paragraph("The inquiry asked ")
    paragraph.add_run("three questions").bold = True
    paragraph.add_run(" and got ")
    paragraph.add_run("one answer").italic = True
    _note(paragraph, "footnote", 2)
    paragraph.add_run(".")
    _note(paragraph, "endnote", 2)
    for text in ("What was known", "When it was known"):
        document.add_paragraph(text, style="List Bullet")
    document.add_paragraph("By whom, within the council", style="List Bullet 2")
    for text in ("Read the papers", "Ask the members", "Write it down"):
        _numbered(document.add_paragraph(text), 0)
    _numbered(document.add_paragraph("In plain words"), 1)
    document.add_heading("What was found", 2)
    document.add_paragraph(PROSE)
    table = document.add_table(4, 3, style="Table Grid")
    for row, texts in enumerate(
        (("Year", "Complaints", "Answered"), ("2011", "40", "12"), ("2012", "37", "9"), ("Both", "77", "21"))
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f'<w:tblHeader xmlns:w="{W}"/>'))
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(3, 1).merge(table.cell(3, 2))
    after = document.add_paragraph("The table leaves out ")
    after._p.append(parse_xml(f'<w:ins xmlns:w="{W}" w:id="1" w:author="A"><w:r><w:t>withdrawn complaints.</w:t></w:r></w:ins>'))
    document.add_paragraph()._p.append(
        parse_xml(
            f'<w:r xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape style="width:200pt;height:30pt"><v:textbox>'
            "<w:txbxContent><w:p><w:r><w:t>A box said: figures are rounded.</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        )
    )
    document.add_heading("What should follow", 2)
    for number in range(8):
        document.add_paragraph(f"Recommendation {number + 1}. {PROSE}")
    document.add_paragraph(
        "“Nobody wrote it down,” said the clerk — and that was that… £40, 50 %, naïve café.", style="Intense Quote"
    )
    section = document.sections[0]
    section.header.paragraphs[0].text = "Trentmere Borough Council"
    section.footer.paragraphs[0].text = "For publication"
    buffer = io.BytesIO()
    document.save(buffer)
    return _with_notes(buffer.getvalue())


def _note(paragraph: Any, kind: str, id_: int) -> None:
    paragraph._p.append(parse_xml(f'<w:r xmlns:w="{W}"><w:{kind}Reference w:id="{id_}"/></w:r>'))


def _numbered(paragraph: Any, level: int) -> None:
    numbers = f'<w:numPr xmlns:w="{W}"><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(numbers))


def _with_notes(data: bytes) -> bytes:
    def notes(kind: str, text: str) -> str:
        own = f'<w:{kind} w:id="2"><w:p><w:r><w:{kind}Ref/></w:r><w:r><w:t>{text}</w:t></w:r></w:p></w:{kind}>'
        return f'<w:{kind}s xmlns:w="{W}">{own}</w:{kind}s>'

    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate((("decimal", "%1."), ("lowerLetter", "(%2)")))
    )
    abstract = f'<w:abstractNum w:abstractNumId="77">{levels}</w:abstractNum>'
    number = '<w:num w:numId="77"><w:abstractNumId w:val="77"/></w:num>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name).decode() if name.endswith((".xml", ".rels")) else source.read(name)
            if name == "word/_rels/document.xml.rels":
                links = "".join(
                    f'<Relationship Id="rN{k}" Type="{TYPES}/{k}s" Target="{k}s.xml"/>' for k in ("footnote", "endnote")
                )
                part = str(part).replace("</Relationships>", links + "</Relationships>")
            elif name == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
                more = "".join(
                    f'<Override PartName="/word/{k}.xml" ContentType="{kind}.{k}+xml"/>' for k in ("footnotes", "endnotes")
                )
                part = str(part).replace("</Types>", more + "</Types>")
            elif name == "word/numbering.xml":
                first = str(part).index("<w:num ")
                part = str(part)[:first] + abstract + str(part)[first:].replace("</w:numbering>", number + "</w:numbering>")
            target.writestr(name, part)
        target.writestr("word/footnotes.xml", notes("footnote", "The answer of the clerk."))
        target.writestr("word/endnotes.xml", notes("endnote", "Given on paper."))
    return out.getvalue()
