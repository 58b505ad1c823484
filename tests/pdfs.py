"""PDF files that tests and benchmarks make: one text set by several programs, as offices do."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Cell, Content, Table

_WORDS = (
    "the review found that records were kept in several places and that nobody had been asked to bring them together "
    "before the meeting in spring although the council had agreed a protocol with the force and the health trust two "
    "years earlier which set out who should hold the file and how long-standing concerns about the well-being of young "
    "people were to be shared between agencies without delay a further audit showed that minutes had not been circulated "
).split()


def prose(number: int, count: int = 70) -> str:
    """A paragraph of invented report prose, another one for each number."""
    step = 7 + number % 5
    words = [_WORDS[(number * 13 + at * step) % len(_WORDS)] for at in range(count)]
    sentences = [words[at : at + 14] for at in range(0, count, 14)]
    return " ".join(" ".join(s).capitalize() + "." for s in sentences)


def report(pages: int = 2) -> Content:
    """Headings, paragraphs, lists, a table and notes; about `pages` pages long."""
    body: list[Block | Table] = []

    def add(text: str, kind: BlockKind = BlockKind.PARAGRAPH, level: int = 0, number: str = "") -> None:
        body.append(Block(kind, ClearText(text), (), level, ClearText(number)))

    for page in range(pages):
        add(f"Part {page + 1}: what was found", BlockKind.HEADING, 1)
        for at in range(4):
            add(prose(page * 10 + at))
        add("Actions agreed", BlockKind.HEADING, 2)
        for at, letter in enumerate("abc"):
            add(prose(page * 10 + at, 20 + at * 9), BlockKind.ITEM, 0, f"({letter})")

        def cell(text: str, header: bool = False) -> Cell:
            return Cell((Block(BlockKind.PARAGRAPH, ClearText(text)),), header)

        rows = [tuple(cell(text, True) for text in ("Force", "Records kept", "Reviewed"))]
        rows += [tuple(map(cell, (f"Area {page}{at}", prose(at, 8), f"in month {at}"))) for at in range(4)]
        body.append(Table(tuple(rows)))
    return Content(tuple(body))


def in_typst(content: Content) -> bytes:
    """As our own writer sets it."""
    from redactor.formats.pdf import PDF

    return PDF.write(content)


def in_typst_columns(content: Content) -> bytes:
    """Two justified columns, hyphenated, with a running header and page numbers, in other fonts' sizes than ours."""
    import json

    import typst

    source = """#set page(paper: "a4", columns: 2, header: [Northfield Review 2019], numbering: "1")
#set text(10pt, lang: "en", hyphenate: true)
#set par(justify: true, first-line-indent: 1em)
#for b in json(bytes(sys.inputs.c)) {
  if b.k == "heading" { heading(level: b.l, b.t) } else if b.k == "item" { [#b.n #h(0.6em) #b.t #parbreak()] }
  else { par(b.t) }
}"""
    said = [
        {"k": str(b.kind), "l": b.level, "t": b.text.reveal(), "n": b.number.reveal()}
        for b in content.body
        if isinstance(b, Block)
    ]
    made = typst.compile(source.encode(), format="pdf", sys_inputs={"c": json.dumps(said)}, font_paths=typst.Fonts(False))
    assert isinstance(made, bytes)
    return made


def in_reportlab(content: Content, columns: int = 2) -> bytes:
    """Frames of justified Times, as reports of the 2000s: standard fonts, nothing embedded, no tags."""
    from reportlab.lib.enums import TA_JUSTIFY
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer
    from reportlab.platypus import Table as Grid

    styles = getSampleStyleSheet()
    body = ParagraphStyle("body", fontName="Times-Roman", fontSize=10, leading=12, alignment=TA_JUSTIFY, spaceAfter=6)
    width, height = A4
    wide = (width - 120) / columns
    frames = [Frame(60 + at * wide, 60, wide - 12, height - 120, id=str(at)) for at in range(columns)]

    def page(canvas: object, document: object) -> None:
        canvas.setFont("Times-Roman", 8)  # type: ignore[attr-defined]
        canvas.drawString(60, height - 40, "Northfield Review")  # type: ignore[attr-defined]
        canvas.drawCentredString(width / 2, 30, f"Page {document.page}")  # type: ignore[attr-defined]

    out = io.BytesIO()
    document = BaseDocTemplate(out, pagesize=A4, invariant=1)
    document.addPageTemplates([PageTemplate(id="p", frames=frames, onPage=page)])
    story: list[object] = []
    for block in content.body:
        if isinstance(block, Table):
            texts = [[Paragraph(c.blocks[0].text.reveal(), body) for c in row] for row in block.rows]
            story += [Grid(texts, style=[("GRID", (0, 0), (-1, -1), 0.5, "black")]), Spacer(1, 8)]
        else:
            style = styles[f"Heading{block.level}"] if block.kind is BlockKind.HEADING else body
            number = f"{block.number.reveal()} " if block.number else ""
            story.append(Paragraph(number + block.text.reveal(), style))
    document.build(story)
    return out.getvalue()


def in_libreoffice(content: Content, folder: Path) -> bytes | None:
    """A Word file of ours printed by LibreOffice; None where it is not installed."""
    from redactor.formats.docx import DOCX

    office = shutil.which("soffice")
    if office is None:
        return None
    (folder / "report.docx").write_bytes(DOCX.write(content))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / "report.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "report.pdf").read_bytes()


MAKERS: dict[str, Callable[[Content], bytes]] = {
    "typst": in_typst,
    "typst, two columns": in_typst_columns,
    "reportlab": lambda content: in_reportlab(content, 1),
    "reportlab, two columns": in_reportlab,
}
