"""Sources of invented bundles as files: each with people in what a reader sees, and in what the file hides; dated 17 May 1997."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .invented import Paper

WHEN = datetime(1997, 5, 17, 3, 41, tzinfo=UTC)


def write(path: Path, paper: Paper) -> None:
    """The paper in the format that its name says, with dates of its own."""
    path.write_bytes(_MAKERS[path.suffix](paper))
    os.utime(path, (WHEN.timestamp(), WHEN.timestamp()))


def _text(paper: Paper) -> bytes:
    return ("\n\n".join(paper.lines) + "\n").encode()


def _markdown(paper: Paper) -> bytes:
    hidden = "".join(f"<!-- {name} -->\n\n" for name in paper.hidden)
    return ("# " + "\n\n".join(paper.lines) + f"\n\n{hidden}").encode()


def _html(paper: Paper) -> bytes:
    one, *rest = paper.hidden
    head = f'<title>{escape(one)}</title><meta name="author" content="{escape(one)}">'
    body = "\n".join(f'<p data-of="{escape(one)}" title="{escape(one)}">{escape(line)}</p>' for line in paper.lines)
    notes = "".join(f'<!-- {escape(name)} --><p style="display:none">{escape(name)}</p>' for name in rest)
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}{notes}</body></html>".encode()


def _word(paper: Paper) -> bytes:
    import docx

    document, (one, *rest) = docx.Document(), paper.hidden
    said = document.core_properties
    said.author = said.last_modified_by = said.title = said.keywords = one
    said.created = said.modified = WHEN.replace(tzinfo=None)
    for line in paper.lines:
        shown = document.add_paragraph()
        for at in range(0, len(line), 7):  # names fall to pieces in runs
            shown.add_run(line[at : at + 7])
    for name in rest:
        run = document.paragraphs[0].add_run(name)
        run.font.hidden = True
        document.add_comment(document.paragraphs[1].runs, text=name, author=one, initials="".join(w[0] for w in one.split()))
    document.sections[0].header.paragraphs[0].text = ""
    return _saved(document.save)


def _workbook(paper: Paper) -> bytes:
    from openpyxl import Workbook
    from openpyxl.comments import Comment

    book, (one, *rest) = Workbook(), paper.hidden
    book.properties.creator = book.properties.title = one
    book.properties.created = book.properties.modified = WHEN.replace(tzinfo=None)
    sheet = book.worksheets[0]
    for number, line in enumerate(paper.lines, 1):
        sheet.append([number, line])
    sheet["B1"].comment = Comment(one, one)
    hidden = book.create_sheet("".join(c for c in one if c.isalnum() or c == " ")[:31])
    hidden.sheet_state = "hidden"
    for name in rest:
        hidden.append([name])
    return _saved(book.save)


def _table(paper: Paper) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([str(number), line] for number, line in enumerate(paper.lines, 1))
    return out.getvalue().encode()


def _mail(paper: Paper) -> bytes:
    from email import policy

    mail, (one, *rest) = EmailMessage(policy=policy.SMTP), paper.hidden
    local = "".join(c for c in one.lower() if c.isascii() and c.isalnum())
    mail["From"], mail["To"] = f'"{one}" <{local}@example.org>', "Office <office@example.org>"
    mail["Subject"], mail["X-Sender"], mail["Message-ID"] = "About the visit", one, f"<{local}.1@example.org>"
    mail.set_content("\n\n".join(paper.lines))
    for name in rest:
        mail["X-Note"] = name
    return mail.as_bytes()


def _slides(paper: Paper) -> bytes:
    import pptx

    deck, (one, *rest) = pptx.Presentation(), paper.hidden
    deck.core_properties.author = deck.core_properties.title = one
    deck.core_properties.created = deck.core_properties.modified = WHEN.replace(tzinfo=None)
    for at in range(0, len(paper.lines), 5):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = paper.lines[at]
        slide.placeholders[1].text_frame.text = "\n".join(paper.lines[at + 1 : at + 5]) or "none"
        slide.shapes.title.name = one
    for name in rest:
        deck.slides[0].notes_slide.notes_text_frame.text = name
    return _saved(deck.save)


def _pdf(paper: Paper) -> bytes:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    registerFont(TTFont("Vera", "Vera.ttf"))  # the fonts of PDF itself lack Polish letters
    out, one = io.BytesIO(), paper.hidden[0]
    style = ParagraphStyle("Body", fontName="Vera", fontSize=10, leading=13, spaceAfter=6)
    made = SimpleDocTemplate(out, title=one, author=one, subject=paper.hidden[-1], keywords=[one])
    made.build([Paragraph(escape(line), style) for line in paper.lines])
    return out.getvalue()


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


_MAKERS = {
    ".txt": _text,
    ".md": _markdown,
    ".html": _html,
    ".docx": _word,
    ".xlsx": _workbook,
    ".csv": _table,
    ".eml": _mail,
    ".pptx": _slides,
    ".pdf": _pdf,
}
