"""Marks of a reviewer in PDF, XFDF and Word files: made by other libraries than read them, and the other way round."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import pikepdf
import pypdfium2
import pytest
from docx.enum.text import WD_COLOR_INDEX
from pdfminer.high_level import extract_pages, extract_text
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from reportlab.pdfgen.canvas import Canvas

from redactor.content import flatten
from redactor.errors import HeldError
from redactor.formats import marks, marks_files, marks_xfdf
from redactor.formats.marks import COVERED, HALF, NO_REASON, NO_WORDS, UNPLACED, Marking, Proposed
from redactor.formats.pdf import read as read_pdf
from redactor.model import Action, Span

LINES = [
    "Interview of 3 May in Mansfield",
    "Grace Ellerby told the force that her teacher Mr Hollis Denby had",
    "met her at the station. The report was sent on by Ms Helen Ark-",
    "wright, leader of the council, who was told by Grace Ellerby in March.",
]


SHEET = (595, 220)  # points: a page is read from its picture, which takes as long as it is large


def page(lines: list[str], x: float = 72, y: float = 195, canvas: Canvas | None = None) -> None:
    assert canvas is not None
    for line in lines:
        canvas.drawString(x, y, line)
        y -= 16


def interview(rotate: int = 0) -> bytes:
    """One page of prose in real words; a turned page is drawn turned as well, so that it is shown upright."""
    out = io.BytesIO()
    width, height = SHEET if rotate % 180 == 0 else SHEET[::-1]
    canvas = Canvas(out, pagesize=(width, height), invariant=1)
    canvas.translate(*{0: (0, 0), 90: (width, 0), 180: (width, height), 270: (0, height)}[rotate])
    canvas.rotate(rotate)
    page(LINES, canvas=canvas)
    canvas.showPage()
    canvas.save()
    with pikepdf.open(io.BytesIO(out.getvalue())) as document:
        document.pages[0].obj.Rotate = rotate
        turned = io.BytesIO()
        document.save(turned)
        return turned.getvalue()


def columns() -> bytes:
    """Two columns; a name begins at the foot of the left one and ends at the head of the right one."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=SHEET, invariant=1)
    left = [
        "The panel heard from several of those who",
        "had worked in the office at that time and",
        "who had known about it before it was told",
        "to the council. One of them was a cook, a",
        "woman who was called by all of them Hester",
    ]
    right = [
        "Pennyfold although she had married in the",
        "meantime. She said that nobody had asked a",
        "thing of her, and that she would have told",
        "them at once what she knew about the man",
        "who came to the door in the evenings then.",
    ]
    page(left, canvas=canvas)
    page(right, x=330, canvas=canvas)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def text_of(data: bytes) -> str:
    return flatten(read_pdf(data).content).text.reveal()


def boxes(data: bytes, words: str) -> list[tuple[float, float, float, float]]:
    """Where pdfium's own search finds words, a rectangle a line, in the page's own space."""
    document = pypdfium2.PdfDocument(data)
    text = document[0].get_textpage()
    start, count = text.search(words).get_next()
    found = [text.get_rect(n) for n in range(text.count_rects(start, count))]
    document.close()
    return found


def annotated(data: bytes, subtype: str, rects: list[tuple[float, float, float, float]], **more: Any) -> bytes:
    """The file with one annotation as Acrobat makes it (corners in Acrobat's order), made by pikepdf alone."""
    with pikepdf.open(io.BytesIO(data)) as document:
        quads = [n for left, bottom, right, top in rects for n in (left, top, right, top, left, bottom, right, bottom)]
        first = rects[0]
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name("/" + subtype), Rect=list(first), **more)
        if subtype in ("Highlight", "Redact", "Underline"):
            note.QuadPoints = quads
        held = document.pages[0].obj
        if "/Annots" not in held:
            held.Annots = pikepdf.Array()
        held.Annots.append(document.make_indirect(note))
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def read(data: bytes, mode: str = "marks", xfdf: bytes = b"") -> list[tuple[Marking, list[str]]]:
    """Each mark with the words it covers."""
    content, found = marks_files.read_pdf(data, mode, xfdf)
    text = flatten(content).text.reveal()
    return [(m, [text[s.start : s.end] for s in m.spans]) for m in found]


def proposals(text: str, *wanted: tuple[str, Action, str]) -> list[Proposed]:
    found = [(m.span(), action, code) for words, action, code in wanted for m in re.finditer(words, text)]
    return [Proposed(f"d01-{n:04}", Span(*span), action, code) for n, (span, action, code) in enumerate(sorted(found), 1)]


WANTED = (
    ("Grace Ellerby", Action.MASK, "R-SOAA"),
    ("Hollis Denby", Action.MASK, "R-SUSP"),
    ("Helen Arkwright", Action.KEEP, "K-OFFICE"),
    ("in March", Action.SOFTEN, "R-JIG"),
)

# --- what a note says


@pytest.mark.parametrize(
    ("said", "act", "everywhere", "kind", "reason"),
    [
        ("redact:", "redact", False, "name", ""),
        ("Redact", "redact", False, "name", ""),
        ("redact: everywhere", "redact", True, "name", ""),
        ("redact: everywhere, phone, she asked for it", "redact", True, "phone", "she asked for it"),
        ("REDACT: here, address", "redact", False, "address", ""),
        ("redact: name of her school", "redact", False, "name", "name of her school"),
        ("keep: in office in 2012", "keep", False, "name", "in office in 2012"),
        ("keep:", "keep", False, "name", ""),
    ],
)
def test_a_note_says_what_is_to_happen(said: str, act: str, everywhere: bool, kind: str, reason: str) -> None:
    mark = marks.marking(1, 1, "comment", said, "R. Hale")
    assert mark is not None
    assert (mark.act, mark.everywhere, mark.kind, mark.reason.reveal()) == (act, everywhere, kind, reason)


@pytest.mark.parametrize("said", ["Keep an eye on this", "to redact: later", "redacted by hand?", "", "see page 3"])
def test_an_ordinary_comment_is_no_mark(said: str) -> None:
    assert marks.marking(1, 1, "comment", said, "R. Hale") is None


def test_a_proposal_is_known_as_ours_until_somebody_changes_it() -> None:
    note = marks.proposal(Action.KEEP, "K-OFFICE")
    assert note == "keep: K-OFFICE named in a public office"

    def own(text: str, author: str = "redactor") -> bool:
        mark = marks.marking(1, 1, "comment", text, author)
        return mark is not None and mark.own

    assert own(note) and own(note + "\n") and own(marks.proposal(Action.SOFTEN, "R-JIG"))
    assert not own(note + " and she agreed") and not own(note, "R. Hale") and not own("keep: K-NONE at all")


# --- PDF


@pytest.mark.parametrize("rotate", [0, 90])
def test_proposals_written_into_a_pdf_are_read_back_on_the_same_words(rotate: int) -> None:
    data = interview(rotate)
    text = text_of(data)
    wanted = proposals(text, *WANTED)
    placed, lost = marks_files.find_places(data, text, wanted)
    assert lost == [] and len({p.proposed.id for p in placed}) == len(wanted) >= 4
    for marked, xfdf in ((marks_files.annotated(data, placed), b""), (data, marks_xfdf.written(placed, "d01.pdf"))):
        content, found = marks_files.read_pdf(marked, "marks", xfdf)
        assert flatten(content).text.reveal() == text
        assert [(m.spans, m.act) for m in found] == [((p.span,), "keep" if p.action is Action.KEEP else "redact") for p in wanted]
        assert all(m.own and not m.trouble for m in found)


def test_other_libraries_read_what_is_written(tmp_path: Path) -> None:
    data = interview()
    text = text_of(data)
    placed, _ = marks_files.find_places(data, text, proposals(text, *WANTED))
    file = tmp_path / "d01.pdf"
    file.write_bytes(marks_files.annotated(data, placed))
    with file.open("rb") as open_:  # pdfminer
        notes = [resolve1(n) for p in PDFPage.create_pages(PDFDocument(PDFParser(open_))) for n in resolve1(p.annots)]
    assert [n["Subtype"].name for n in notes] == ["Redact", "Redact", "Highlight", "Redact", "Redact"]
    assert {n["T"] for n in notes} == {b"redactor"} and notes[2]["Contents"].startswith(b"keep: K-OFFICE")
    assert extract_text(str(file)).split() == extract_text(io.BytesIO(data)).split()
    for note in notes:  # each quadrilateral lies where pdfminer has letters
        left, top, right, _, _, bottom = [float(n) for n in note["QuadPoints"]][:6]
        assert any(
            e.x0 <= (left + right) / 2 <= e.x1 and e.y0 <= (top + bottom) / 2 <= e.y1
            for p in extract_pages(io.BytesIO(data))
            for e in p
        )
    said = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True)  # poppler
    assert b"Grace Ellerby" in said.stdout and said.stderr == b""
    document = pypdfium2.PdfDocument(data)
    before = document[0].render(draw_annots=True).to_numpy().copy()
    document.close()
    document = pypdfium2.PdfDocument(file)
    after = document[0].render(draw_annots=True).to_numpy().copy()
    document.close()
    assert (before != after).any() and (after.min() < 100)  # marks are drawn, and words are read through them

    root = ElementTree.fromstring(marks_xfdf.written(placed, "d01.pdf"))
    space = "{http://ns.adobe.com/xfdf/}"
    assert root.find(f"{space}f").get("href") == "d01.pdf"  # type: ignore[union-attr]
    assert [n.tag for n in root.find(f"{space}annots")] == [  # type: ignore[union-attr]
        space + t for t in ("redact", "redact", "highlight", "redact", "redact")
    ]


def test_a_redaction_over_two_lines_is_one_mark_of_whole_words() -> None:
    data = interview()
    marked = annotated(data, "Redact", boxes(data, "Hollis Denby had\r\nmet her"))
    assert [(m.act, words) for m, words in read(marked)] == [("redact", ["Hollis Denby had met her"])]
    broken = annotated(
        data, "Highlight", boxes(data, "Helen Ark")[:1] + boxes(data, "wright"), Contents="keep: leads the council"
    )
    assert [(m.act, m.reason.reveal(), words) for m, words in read(broken)] == [
        ("keep", "leads the council", ["Helen Arkwright"])
    ]


def test_a_mark_over_two_columns() -> None:
    data = columns()
    marked = annotated(data, "Redact", boxes(data, "Hester") + boxes(data, "Pennyfold"))
    assert [words for _, words in read(marked)] == [["Hester Pennyfold"]]


@pytest.mark.parametrize("rotate", [180, 270])
def test_a_mark_on_a_turned_page(rotate: int) -> None:
    data = interview(rotate)
    assert [words for _, words in read(annotated(data, "Redact", boxes(data, "Hollis Denby")))] == [["Hollis Denby"]]


def test_the_right_one_of_two_alike_is_marked() -> None:
    data = interview()
    text = text_of(data)
    (left, bottom, right, top), second = boxes(data, "Grace Ellerby")[0], text.rindex("Grace Ellerby")
    assert read(annotated(data, "Redact", [(left, bottom, right, top)]))[0][0].spans[0].start == text.index("Grace Ellerby")
    there = boxes(data, "Grace Ellerby in March")[0]
    found = read(annotated(data, "Redact", [(there[0], there[1], there[0] + right - left, there[3])]))
    assert [(m.spans[0].start, words) for m, words in found] == [(second, ["Grace Ellerby"])]


def test_words_that_nothing_tells_apart_are_not_guessed_at() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 360), invariant=1)
    for number in range(20):  # more than are looked at around a mark
        page(["The same short line stands here again and again and nothing else does."], y=335 - 16 * number, canvas=canvas)
    canvas.showPage()
    canvas.save()
    data = out.getvalue()
    left, bottom, right, top = boxes(data, "short line")[0]
    ((mark, words),) = read(annotated(data, "Redact", [(left, bottom - 16 * 10, right, top - 16 * 10)]))
    assert words == [] and mark.trouble == UNPLACED


def test_marks_that_cover_nothing_or_too_little_are_told() -> None:
    data = interview()
    assert read(annotated(data, "Redact", [(300, 5, 400, 20)]))[0][0].trouble == NO_WORDS
    left, bottom, right, top = boxes(data, "Mansfield")[0]
    few = [(left, bottom, left + (right - left) / 4, top)]
    assert read(annotated(data, "Redact", few))[0][1] == ["Mansfield"]  # a sloppy redaction takes the whole word
    ((mark, words),) = read(annotated(data, "Highlight", few, Contents="keep: a town"))  # a sloppy keep takes none
    assert words == [] and mark.trouble == HALF


def test_a_source_that_carries_redactions_says_that_they_are_blacked_out() -> None:
    data = interview()
    marked = annotated(data, "Redact", boxes(data, "Hollis Denby"))
    assert "[blacked out]" in text_of(marked) and marks.MARKED in read_pdf(marked).warnings
    ((mark, words),) = read(marked, "none")
    assert words == [] and mark.trouble == COVERED


def test_notes_replies_colours_and_other_shapes() -> None:
    data = interview()
    place = boxes(data, "Hollis Denby")
    alone = read(annotated(data, "Highlight", place, C=[1, 1, 0]))[0][0]
    assert (alone.act, alone.alone) == ("redact", True)
    green = read(annotated(data, "Highlight", place, C=[0.3, 0.9, 0.3]))[0][0]
    assert (green.act, green.alone, green.reason.reveal()) == ("keep", True, "")
    assert read(annotated(data, "Underline", place, Contents="redact: everywhere"))[0][0].everywhere
    assert read(annotated(data, "Underline", place, Contents="is this so?")) == []
    assert read(annotated(data, "Square", place, Contents="redact:"))[0][1] == ["Hollis Denby"]
    rich = annotated(data, "Highlight", place, RC="<body><p>keep: he was convicted</p></body>")
    assert read(rich)[0][0].reason.reveal() == "he was convicted"

    text = text_of(data)
    placed, _ = marks_files.find_places(data, text, proposals(text, WANTED[1]))
    with pikepdf.open(io.BytesIO(marks_files.annotated(data, placed))) as document:
        held = document.pages[0].obj
        reply = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], IRT=held.Annots[0],
                                   T="R. Hale", Contents="keep: convicted in open court")  # fmt: skip
        held.Annots.append(document.make_indirect(reply))
        out = io.BytesIO()
        document.save(out)
    (ours, _), (theirs, words) = read(out.getvalue())
    assert ours.own and (theirs.own, theirs.act, words) == (False, "keep", ["Hollis Denby"])


# --- XFDF


def xfdf(inside: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<xfdf xmlns="http://ns.adobe.com/xfdf/" xml:space="preserve">'
        f'<annots>{inside}</annots><f href="C:\\case\\interview.pdf"/></xfdf>'
    ).encode()


def test_what_acrobat_exports_is_read() -> None:
    data = interview()
    left, bottom, right, top = boxes(data, "Hollis Denby")[0]
    coords = f"{left},{top},{right},{top},{left},{bottom},{right},{bottom}"
    inside = (
        f'<redact page="0" coords="{coords}" rect="{left},{bottom},{right},{top}" title="R. Hale" name="a" subject="Redact">'
        '<contents-richtext><body xmlns="http://www.w3.org/1999/xhtml"><p>redact: everywhere</p></body></contents-richtext>'
        "</redact>"
        f'<text page="0" rect="1,1,2,2" inreplyto="a" title="B. Moss"><contents>keep: convicted</contents></text>'
        f'<highlight page="7" coords="{coords}" color="#FFD100"/><ink page="0" rect="1,2,3,4"/>'
        f'<highlight page="x" coords="{coords}"/><redact page="0" coords="1,2,nan,inf,5,6,7,8"/>'
    )
    found = read(data, xfdf=xfdf(inside))
    assert [(m.act, m.everywhere, words, m.trouble) for m, words in found] == [
        ("redact", True, ["Hollis Denby"], ""),
        ("keep", False, ["Hollis Denby"], ""),
        ("redact", False, [], NO_WORDS),
        ("redact", False, [], NO_WORDS),
        ("redact", False, [], NO_WORDS),
    ]
    assert marks_files.pdf_named(xfdf("")) == "interview.pdf"


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(12))
    + "]>"
)


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "not XFDF"),
        (b"<xfdf", "not XFDF"),
        (b"%FDF-1.2\n1 0 obj", "not XFDF"),
        (b"<html/>", "not XFDF"),
        (b"\x00\xff\xfe", "not XFDF"),
        (b"<a>" * 5000, "not XFDF"),
        (xfdf("&m;", BOMB), "XML entities"),
        (xfdf('<redact page="&m;"/>', BOMB), "XML entities"),
        (xfdf("&e;", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), "XML entities"),
        (xfdf("", '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'), "XML entities"),
        (xfdf("&m;", BOMB).decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"), "XML entities"),
        (xfdf("<redact/>" * (marks.MAX_MARKS + 1)), "more than 20000 marks"),
        (b" " * (marks_xfdf.MAX_XFDF + 1), "far larger"),
    ],
)  # fmt: skip
def test_broken_and_hostile_xfdf_is_refused_at_once(data: bytes, cause: str) -> None:
    began = time.monotonic()
    with pytest.raises(HeldError, match=cause) as raised:
        marks_xfdf.shapes_of(data)
    assert time.monotonic() - began < 5 and "passwd" not in str(raised.value) and "root:" not in str(raised.value)


# --- Word


def letter() -> bytes:
    """A Word file with prose in several runs, a list, a table, a page header, a note on nothing, by python-docx."""
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "File of Grace Ellerby"
    made.add_heading("Interview", 1)
    one = made.add_paragraph("  Grace Ellerby told ")
    one.add_run("Hollis ").bold = True
    one.add_run("Denby\tthat Dr Moss  ")
    made.add_paragraph("first Grace Ellerby spoke ", style="List Number")
    made.add_table(1, 2).cell(0, 1).text = "Grace Ellerby, Mansfield"
    made.add_paragraph("Helen Arkwright led the council; Joan Tarn did not. Green Lane is a road.")
    return bytes_of(made)


def bytes_of(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word(data: bytes, mode: str = "none") -> list[tuple[Marking, list[str]]]:
    content, found = marks_files.read_docx(data, mode)
    text = flatten(content).text.reveal()
    return [(m, [text[s.start : s.end] for s in m.spans]) for m in found]


def parted(data: bytes, *words: str) -> docx.document.Document:
    """The file with each of these words a run of its own in its paragraph, as Word makes them when they are selected."""
    made = docx.Document(io.BytesIO(data))
    for paragraph in made.paragraphs:
        for each in words:
            for run in list(paragraph.runs):
                if each in run.text and run.text != each:
                    before, _, after = run.text.partition(each)
                    run.text = before
                    middle, rest = paragraph.add_run(each), paragraph.add_run(after)
                    run._r.addnext(middle._r)
                    middle._r.addnext(rest._r)
    return made


def test_proposals_written_into_a_word_file_are_read_back_on_the_same_words() -> None:
    data = letter()
    text = flatten(marks_files.read_docx(data, "none")[0]).text.reveal()
    wanted = proposals(text, *WANTED[:3], ("Mansfield", Action.SOFTEN, "R-JIG"), ("Dr Moss", Action.MASK, "R-STAFF"))
    made, lost = marks_files.commented(data, wanted)
    assert lost == [wanted[0].id]  # no comment can stand in a page header
    content, found = marks_files.read_docx(made, "none")
    assert flatten(content).text.reveal() == text
    assert sorted((m.spans, m.act) for m in found) == [
        ((p.span,), "keep" if p.action is Action.KEEP else "redact") for p in wanted[1:]
    ]
    assert all(m.own for m in found)
    again = docx.Document(io.BytesIO(made))
    assert {c.author for c in again.comments} == {"redactor"} and len(list(again.comments)) == len(wanted) - 1
    assert [p.text for p in again.paragraphs] == [p.text for p in docx.Document(io.BytesIO(data)).paragraphs]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_keeps_comments_and_words(tmp_path: Path) -> None:
    data = letter()
    text = flatten(marks_files.read_docx(data, "none")[0]).text.reveal()
    wanted = proposals(text, *WANTED[:3])[1:]
    (tmp_path / "d01.docx").write_bytes(marks_files.commented(data, wanted)[0])
    for form in ("docx:MS Word 2007 XML", "txt:Text (encoded):UTF8"):
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", form, "--outdir",
             str(tmp_path / "out"), str(tmp_path / "d01.docx")],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    content, found = marks_files.read_docx((tmp_path / "out" / "d01.docx").read_bytes(), "none")
    assert flatten(content).text.reveal() == text
    assert sorted((m.spans, m.act, m.own) for m in found) == [((p.span,), p.note.split(":")[0], True) for p in wanted]
    assert "Grace Ellerby told Hollis Denby" in (tmp_path / "out" / "d01.txt").read_text("utf-8")


def test_comments_and_highlights_of_a_word_file_are_marks() -> None:
    made = parted(letter(), "Helen Arkwright", "Joan Tarn", "Green Lane", "Grace Ellerby")
    last = made.paragraphs[-1]
    runs = {run.text: run for run in last.runs}
    made.add_comment(runs["Helen Arkwright"], "keep: leader of the council", author="R. Hale", initials="RH")
    made.add_comment(runs["Joan Tarn"], "redact: everywhere", author="R. Hale", initials="RH")
    made.add_comment(runs["Joan Tarn"], "is she alive?", author="R. Hale", initials="RH")
    runs["Green Lane"].font.highlight_color = WD_COLOR_INDEX.BRIGHT_GREEN
    first = next(run for run in made.paragraphs[1].runs if run.text == "Grace Ellerby")
    first.font.highlight_color = WD_COLOR_INDEX.YELLOW
    data = bytes_of(made)
    assert [(m.act, m.sort, m.alone, m.everywhere, words) for m, words in word(data)] == [
        ("keep", "comment", False, False, ["Helen Arkwright"]),
        ("redact", "comment", False, True, ["Joan Tarn"]),
        ("redact", "highlight", True, False, ["Grace Ellerby"]),
        ("keep", "highlight", True, False, ["Green Lane"]),
    ]
    from redactor.formats.docx import DOCX

    assert marks.MARKED in DOCX.read(data).warnings and marks.MARKED not in DOCX.read(letter()).warnings


def test_words_highlighted_in_black_are_read_once_the_highlight_is_gone() -> None:
    made = parted(letter(), "Joan Tarn")
    run = next(run for run in made.paragraphs[-1].runs if run.text == "Joan Tarn")
    run.font.highlight_color = WD_COLOR_INDEX.BLACK
    ((blind, none),) = word(bytes_of(made))
    assert none == [] and blind.trouble == COVERED
    assert [(m.act, words) for m, words in word(bytes_of(made), "marks")] == [("redact", ["Joan Tarn"])]


def test_a_comment_on_nothing_is_told() -> None:
    made = docx.Document(io.BytesIO(letter()))
    made.add_comment(made.paragraphs[-1].add_run(""), "redact:", author="R. Hale", initials="RH")
    assert [(m.trouble, words) for m, words in word(bytes_of(made))] == [(NO_WORDS, [])]


# --- marks seen together


def test_a_note_speaks_for_its_highlight_and_redact_for_both() -> None:
    def mark(number: int, act: str, at: tuple[int, int], alone: bool = False) -> Marking:
        return Marking(number, 1, "highlight" if alone else "comment", act, (Span(*at),), alone=alone)

    note, colour = mark(1, "keep", (0, 9)), mark(2, "redact", (0, 9), alone=True)
    assert marks.settled([note, colour]) == [note]
    other = mark(3, "redact", (5, 7))
    kept, masked = marks.settled([note, other])
    assert kept.spans == () and kept.trouble == marks.CONTRARY and masked == other
    (long,) = marks.settled([mark(4, "redact", (0, 500), alone=True)])
    assert long.spans == () and long.trouble == marks.TOO_MUCH
    assert marks.settled([mark(5, "redact", (0, 500))])[0].spans == (Span(0, 500),)
    assert NO_REASON
