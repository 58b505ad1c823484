"""What `benchmarks.fuzz` feeds: every reader of files by others, with small real files to begin from. All invented.

`apart`: the reader runs in a process of its own (`formats/_apart.py`), where want of memory and too deep nesting are answered as
such; the others run in the main process. Whether a file is of a format is asked as in a run, where the main process asks it.
A page takes a second to be read from its pixels, and thousands of pages are wanted: "pdf-drawn" and "picture-drawn" are the whole
readers of PDF files and pictures but for the models, whose lines are drawn by chance instead.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.formats import saved
from benchmarks.fuzz_changes import packed
from benchmarks.fuzz_pixels import lines_by_chance
from redactor import formats
from redactor.case import EMPTY_CASE, load_case
from redactor.case_people import case_with_people
from redactor.content import Content, flatten
from redactor.formats import _apart, foreign, letterhead, marks_docx, marks_files, marks_pdf, marks_xfdf
from redactor.formats._format import Reading
from redactor.formats._letterhead_values import of_values
from redactor.formats._odf import bared, odf_ending
from redactor.formats.marks import Marking
from redactor.policy import load_policy

WORD = "Quillfeather"
"""Stands in every seed; no error may say it."""
GOLD_CASE = Path(__file__).resolve().parent / "gold" / "operation-larkspur" / "case.yaml"
PROSE = f"Ms {WORD} rang the harbour office on 3 March 2019. Nobody answered.\n\nShe wrote again, twice, and kept a copy."
XFDF = f"""<?xml version="1.0"?><xfdf xmlns="http://ns.adobe.com/xfdf/"><f href="{WORD}.pdf"/><annots>
<highlight page="0" rect="60,690,200,715" coords="60,715,200,715,60,690,200,690" color="#FFD100" name="a" title="{WORD}">
<contents>redact: everywhere, name, {WORD}</contents></highlight>
<text page="0" rect="60,690,80,710" inreplyto="a"><contents-richtext><body><p>keep: {WORD}</p></body></contents-richtext></text>
</annots></xfdf>"""
CASE = f"""title: The boat
people:
  - {{name: Ada {WORD}, aliases: [Addie], role: survivor, documents: a.txt}}
public_figures: [{{name: Cllr Brill, office: mayor, basis: convicted in 2019}}]
waivers: [{{name: Jo Lane, basis: letter, scope: name}}]
orders: [{{id: O-1, date: 2019-03-01, persons: [Jo Lane], terms: no name, until: 2030-01-01}}]
publications: [{{text: "A {WORD} was named", date: 2020-01-01}}]
notes: {WORD}
"""
POLICY = f"""policy: fuzzed
extends: iopc-report
description: A policy of {WORD}
jigsaw: {{k_min: 12}}
ages: {{value: teenager, authority: {{who: Ann {WORD}, when: 2026-01-01, why: agreed with counsel}}}}
kinds: {{place: {{details: {{home: {{action: mask}}}}}}}}
"""
PEOPLE = f"name,role,aliases,documents,basis\nAda {WORD},survivor,Addie; A.Q.,a.txt,\nJo Lane,waived,,,letter\n"


@dataclass(frozen=True)
class Reader:
    """`read` raises one of our own errors or none; `seeds` makes the files that it begins from."""

    name: str
    read: Callable[[bytes], object]
    seeds: Callable[[], Sequence[bytes]]
    apart: bool = True


def checked(reading: Reading) -> None:
    """What is done with a reading next: to JSON and back, one flat text that can be written to a file."""
    said = _apart.reading_of(json.loads(_apart.as_bytes(_apart.plain(reading))))
    texts = [flatten(said.content).text, *(h.text for h in said.hidden), *(m.name for m in said.members)]
    for text in texts:
        text.reveal().encode()


def by_ending(ending: str) -> Callable[[bytes], None]:
    """The reader that a file with this ending in its name goes to, told by its content as in a run."""
    return lambda data: checked(formats._format(data, ending, formats.FORMATS).read(data)) if data else None


def by_file(ending: str, use: Callable[[Path], object]) -> Callable[[bytes], None]:
    """A reader that wants a path."""

    def read(data: bytes) -> None:
        with tempfile.TemporaryDirectory(prefix="redactor-") as folder:
            path = Path(folder) / f"a{ending}"
            path.write_bytes(data)
            use(path)

    return read


_case = by_file(".yaml", lambda path: load_case(path).digest())
_policy = by_file(".yaml", lambda path: load_policy(str(path)).digest)


def _people(ending: str) -> Callable[[bytes], None]:
    return by_file(ending, lambda path: case_with_people(EMPTY_CASE, [path]).digest())


def _odf(data: bytes) -> None:
    if odf_ending(data):
        bared(data)


def drawn(ending: str) -> Callable[[bytes], None]:
    """A reader by its ending, with lines drawn by chance in place of the models'."""

    def read(data: bytes) -> None:
        with lines_by_chance():
            by_ending(ending)(data)

    return read


def _letterhead_in(data: bytes) -> None:
    of_values(json.loads(json.dumps(letterhead.values_of(data))))


def marked(content: Content, marks: Sequence[Marking]) -> None:
    """A file with marks, as it comes from the other process."""
    checked(marks_files._marked(content, marks))


def _marks_in_pdf(data: bytes) -> None:
    marked(*marks_pdf.read_marks(data, "marks"))


def _word() -> bytes:
    import docx
    from docx.enum.text import WD_COLOR_INDEX

    document = docx.Document()
    document.add_heading(f"Of {WORD}", 1)
    run = document.add_paragraph(PROSE, style="List Number").runs[0]
    document.add_comment(run, f"redact: {WORD}", "Ann")
    run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    cell = document.add_table(2, 2).cell(0, 0).merge(document.tables[0].cell(0, 1))
    cell.text = WORD
    document.sections[0].header.paragraphs[0].text = WORD
    return _saved(document)


def _letterhead() -> bytes:
    import docx
    from docx.shared import Cm

    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = f"{WORD} & Co"
    section.footer.add_table(1, 2, Cm(15)).cell(0, 0).text = "page"
    return _saved(document)


def _book() -> bytes:
    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (line.split(",") for line in PEOPLE.splitlines()):
        sheet.append(row)
    sheet["A9"], sheet["B9"], sheet["C9"] = 43500.25, "=1+1", True
    sheet["A9"].number_format = "d mmm yyyy"
    sheet["A2"].comment = Comment(WORD, "Ann")
    sheet.merge_cells("A11:B12")
    book.create_sheet("hidden").sheet_state = "hidden"
    return _saved(book)


def _people_book() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (line.split(",") for line in PEOPLE.splitlines()):
        book.worksheets[0].append(row)
    return _saved(book)


def _slides() -> bytes:
    from pptx import Presentation
    from pptx.util import Cm

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = WORD, PROSE
    slide.shapes.add_table(2, 2, Cm(1), Cm(1), Cm(9), Cm(3)).table.cell(0, 0).text = WORD
    slide.notes_slide.notes_text_frame.text = WORD
    return _saved(deck)


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(marks: bool = False) -> bytes:
    """One page, its instructions as plain text, so that a change is met by the reader and not by its unpacker."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 120), pageCompression=0, invariant=1)
    for number, line in enumerate(PROSE.replace("\n\n", " ").split(". ")):
        canvas.drawString(20, 90 - 16 * number, line)
    canvas.setTitle(WORD)
    if marks:
        canvas.highlightAnnotation(f"redact: {WORD}", (20, 86, 90, 100), [20, 100, 90, 100, 20, 86, 90, 86])
        canvas.textAnnotation(f"keep: {WORD}", (20, 60, 40, 80))
    canvas.bookmarkPage("a")
    canvas.addOutlineEntry(WORD, "a")
    canvas.acroForm.textfield(name=WORD, value=WORD, x=20, y=10, width=90, height=14)
    canvas.save()
    return out.getvalue()


def _tagged() -> bytes:
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(formats.format_named("pdf").write(_content()))) as document:
        document.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.generalized, compress_streams=False)
    return out.getvalue()


def _planted_pages() -> list[bytes]:
    """Small files, each with somebody at one of the places that a PDF has, streams unpacked."""
    import pikepdf

    from tests.pdf_builder import Builder
    from tests.pdf_places import PLACES

    found = []
    for plant in PLACES.values():
        builder, out = Builder(), io.BytesIO()
        builder.line(PROSE.partition("\n")[0])
        plant(builder, f"Ada {WORD}")
        builder.pdf.save(out, static_id=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
        found.append(out.getvalue())
    return [data for data in found if len(data) < 30_000]


def _content() -> Content:
    return formats.format_named("md").read(f"# {WORD}\n\n{PROSE}\n\n| a | b |\n|---|---|\n| {WORD} | 2 |\n".encode()).content


def _picture(kind: str) -> bytes:
    from PIL import PngImagePlugin

    from tests.pictures import drawn, saved

    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("Comment", WORD)
    return saved(drawn((WORD, "rang twice."), 18), kind, **({"pnginfo": notes} if kind == "PNG" else {}))


def _planted(module: str, maker: str) -> bytes:
    """A file with somebody at every place that its format has, as the tests make it."""
    made: bytes = getattr(import_module(f"tests.{module}"), maker)()[0]
    return made


def _mail() -> bytes:
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Ada {WORD} <ada@example.org>", "Even Holm <e@example.org>", f"Of {WORD} – again"
    mail["Date"] = "Tue, 05 Mar 2019 10:00:00 +0000"
    mail.set_content(PROSE)
    mail.add_alternative(f"<p>{PROSE}</p>", subtype="html")
    mail.add_attachment(PROSE.encode(), maintype="text", subtype="plain", filename=f"{WORD}.txt")
    return mail.as_bytes()


def _outlook() -> bytes:
    from tests.compound import compound, message

    note = message(p3707=f"{WORD}.txt", b3701=b"Hello")
    inner = {"__substg1.0_3701000D": message(p0037="earlier", p1000=PROSE)}
    more = {"sent": 129120834721200000, "attach": [note, inner]}
    return compound(message(p0037=WORD, p0C1A="Ola", p0C1F="o@example.org", p0E04="Even", p1000=PROSE, b1013=b"<p>x</p>", **more))


def _html() -> bytes:
    table = f"<table><tr><th colspan=2>{WORD}</th></tr><tr><td>a<td rowspan=2>b</table>"
    return (
        f"<!doctype html><html><head><title>{WORD}</title><style>.x{{display:none}}</style></head><body><h1>A</h1>"
        f"<p class=x title='{WORD}'>{PROSE}<ol start=3><li>a<ul><li>b</ul></ol>{table}<!-- {WORD} --><pre>x\n y</pre>"
        f"<a href='mailto:{WORD}@example.org'>b</a><img alt='{WORD}'></body></html>"
    ).encode()


def _markdown() -> bytes:
    table = f"| a | b |\n|---|:-:|\n| {WORD} | 2 |"
    return f"# {WORD}\n\n> {PROSE}\n\n1. a\n   - *b* **c** `d`\n\n{table}\n\n[x]: <y> '{WORD}'\n".encode()


def all_readers() -> dict[str, Reader]:
    """By name."""
    word, page = _word, _page
    found = (
        Reader("txt", by_ending(".txt"), lambda: [PROSE.encode(), PROSE.encode("utf-16"), PROSE.encode("cp1252")]),
        Reader("md", by_ending(".md"), lambda: [_markdown()]),
        Reader("html", by_ending(".html"), lambda: [_html(), _planted("planted_html", "planted_html")]),
        Reader("csv", by_ending(".csv"), lambda: [PEOPLE.encode(), PEOPLE.replace(",", ";").encode("utf-16")]),
        Reader("docx", by_ending(".docx"), lambda: [word(), _planted("planted_docx", "planted_docx")]),
        Reader("xlsx", by_ending(".xlsx"), lambda: [_book()]),
        Reader("pptx", by_ending(".pptx"), lambda: [_slides(), _planted("test_formats_pptx", "planted_pptx")]),
        Reader("pdf", by_ending(".pdf"), lambda: [page(), _tagged()]),
        Reader("picture", by_ending(".png"), lambda: [_picture(kind) for kind in ("PNG", "TIFF", "JPEG", "GIF")]),
        Reader("pdf-drawn", drawn(".pdf"), lambda: [page(), _tagged(), page(True), *_planted_pages()]),
        Reader("picture-drawn", drawn(".png"), lambda: [_picture(kind) for kind in "PNG TIFF JPEG GIF WEBP BMP".split()]),
        Reader("eml", by_ending(".eml"), lambda: [_mail()]),
        Reader("mbox", by_ending(".mbox"), lambda: [b"From a Tue Mar  5 10:00:00 2019\n" + _mail() + b"\n\nFrom b\n" + _mail()]),
        Reader("msg", by_ending(".msg"), lambda: [_outlook()]),
        Reader("zip", by_ending(".zip"), lambda: [packed({f"{WORD}.txt": PROSE.encode(), "b/mail.eml": _mail()})]),
        Reader("rtf", by_ending(".rtf"), lambda: [saved(word(), "rtf", ".docx")]),
        Reader("odt", _odf, lambda: [saved(word(), "odt", ".docx"), saved(word(), "fodt", ".docx")]),
        Reader("doc", foreign.binary_ending, lambda: [saved(word(), "doc", ".docx"), saved(_book(), "xls", ".xlsx")], False),
        Reader("xfdf", marks_xfdf.shapes_of, lambda: [XFDF.encode()]),
        Reader("marks-pdf", _marks_in_pdf, lambda: [page(True)]),
        Reader("marks-docx", lambda data: marked(*marks_docx.read_marks(data, "marks")), lambda: [word()]),
        Reader("letterhead", _letterhead_in, lambda: [_letterhead()]),
        Reader(
            "case",
            _case,
            lambda: [CASE.encode(), GOLD_CASE.read_bytes()],
            False,
        ),
        Reader("people-csv", _people(".csv"), lambda: [PEOPLE.encode()], False),
        Reader("people-xlsx", _people(".xlsx"), lambda: [_people_book()], False),
        Reader("policy", _policy, lambda: [POLICY.encode()], False),
    )
    return {reader.name: reader for reader in found}
