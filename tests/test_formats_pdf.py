"""PDF files read: what is seen, in which order and shape, and what nobody sees. Pictures of pages are read where it matters."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content, Mark, Style, Table, flatten
from redactor.errors import HeldError
from redactor.formats.pdf import PDF
from redactor.verify.expected import found_words
from tests import pdfs

REPORT = pdfs.report(3)
SHARE = 0.98  # of the words of a born-digital file (issue 4)


def reopen(data: bytes) -> Content:
    """The content without the reading of pictures, which takes seconds a page."""
    assert PDF.reopen is not None
    return PDF.reopen(data).content


def text(content: Content) -> str:
    return flatten(content).text.reveal()


def shape(content: Content) -> list[tuple[str, int, str, str]]:
    return [(str(b.kind), b.level, b.number.reveal(), b.text.reveal()) for b in content.blocks()]


def canvas(*lines: tuple[float, float, str], font: str = "Times-Roman", size: float = 11) -> bytes:
    """One page with each text at its place (points from the bottom left corner)."""
    out = io.BytesIO()
    page = Canvas(out, invariant=1)
    page.setFont(font, size)
    for x, y, words in lines:
        page.drawString(x, y, words)
    page.save()
    return out.getvalue()


@pytest.mark.parametrize("maker", pdfs.MAKERS)
def test_the_words_of_born_digital_files_are_kept_in_their_order(maker: str) -> None:
    expected = REPORT if "typst, two" not in maker else Content(tuple(b for b in REPORT.body if isinstance(b, Block)))
    content = reopen(pdfs.MAKERS[maker](expected))
    found, total = found_words(text(expected), text(content))
    assert found >= SHARE * total
    wanted = shape(expected)
    assert sum(block in shape(content) for block in wanted) >= 0.95 * len(wanted)


def test_a_printed_word_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    data = pdfs.in_libreoffice(REPORT, tmp_path)
    if data is None:
        pytest.skip("LibreOffice is not installed")
    content = reopen(data)
    found, total = found_words(text(REPORT), text(content))
    assert found >= SHARE * total
    assert shape(content) == shape(REPORT)
    assert [node.rows[0][0].header for node in content.body if isinstance(node, Table)] == [False] * 3  # not bold, so not told


def test_our_own_copies_come_back_as_they_were() -> None:
    content = reopen(PDF.write(REPORT))
    assert shape(content) == shape(REPORT)
    assert all(node.rows[0][0].header for node in content.body if isinstance(node, Table))


def test_a_page_of_a_born_digital_file_is_confirmed_by_its_picture() -> None:
    content = Content(REPORT.body[:3])
    reading = PDF.read(pdfs.in_typst_columns(content))
    found, total = found_words(text(content), text(reading.content))
    assert found >= SHARE * total
    assert reading.warnings == ()


def test_running_headers_stand_once_and_page_numbers_not_at_all() -> None:
    content = reopen(pdfs.in_reportlab(REPORT))
    headers = [b.text.reveal() for b in content.blocks() if b.kind is BlockKind.HEADER]
    assert headers == ["Northfield Review"]
    assert not any("Page 1" in b.text.reveal() for b in content.blocks())


def test_notes_get_their_numbers_and_marks() -> None:
    out = io.BytesIO()
    page = Canvas(out, invariant=1)
    page.setFont("Times-Roman", 11)
    page.drawString(60, 700, "The force was told of it in spring and did not write it down.")
    page.drawString(60, 686, "A second report came")
    page.setFont("Times-Roman", 7)
    page.drawString(160, 690, "1")
    page.setFont("Times-Roman", 11)
    page.drawString(167, 686, "in the autumn of that year, as the minutes of the board say.")
    page.setFont("Times-Roman", 8)
    page.drawString(60, 90, "1 Minutes of the board, item four.")
    page.save()
    content = reopen(out.getvalue())
    assert "came [1] in the autumn" in text(content) or "came[1] in the autumn" in text(content)
    notes = [(b.number.reveal(), b.text.reveal()) for b in content.blocks() if b.kind is BlockKind.NOTE]
    assert notes == [("1", "Minutes of the board, item four.")]


def test_emphasis_is_kept() -> None:
    marked = Block(BlockKind.PARAGRAPH, ClearText(pdfs.prose(1)), (Mark(4, 9, Style.BOLD), Mark(20, 40, Style.ITALIC)))
    block = next(iter(reopen(PDF.write(Content((marked,)))).blocks()))
    assert [(m.style, block.text.reveal()[m.start : m.end].strip()) for m in block.marks] == [
        (m.style, marked.text.reveal()[m.start : m.end].strip()) for m in marked.marks
    ]


def test_a_page_turned_and_cropped_is_read_as_it_is_shown() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdfs.in_reportlab(pdfs.report(1), 1))) as document:
        for page in document.pages:
            page.rotate(180, relative=True)
        document.save(out)
    straight = reopen(pdfs.in_reportlab(pdfs.report(1), 1))
    assert len(text(reopen(out.getvalue()))) > 0.9 * len(text(straight))


def test_letters_drawn_twice_to_look_bold_are_read_once() -> None:
    data = canvas((60, 700, "Warning to all"), (60.4, 700, "Warning to all"), (60, 600, "and the rest of the page"))
    assert text(reopen(data)).count("Warning to all") == 1


def test_a_word_broken_at_a_line_end_is_whole_again() -> None:
    line = "Nobody in the whole of the long committee room that afternoon had heard of the Ravens-"
    data = canvas((60, 700, line), (60, 686, "worth family, and the twenty-one others who were there said so at once."))
    assert "Ravensworth family, and the twenty-one others" in text(reopen(data))


def test_a_table_without_rules_is_a_table() -> None:
    rows = [("Area", "Reports", "Reviewed"), ("North", "12", "May"), ("South", "31", "June"), ("East", "7", "July")]
    lines = [(60 + 150 * x, 700 - 16 * y, cell) for y, row in enumerate(rows) for x, cell in enumerate(row)]
    tables = [node for node in reopen(canvas(*lines)).body if isinstance(node, Table)]
    assert [[[b.text.reveal() for b in cell.blocks] for cell in row] for row in tables[0].rows][1] == [["North"], ["12"], ["May"]]


def test_black_letters_on_black_are_told_of() -> None:
    out = io.BytesIO()
    page = Canvas(out, invariant=1)
    page.rect(60, 596, 200, 14, fill=1)
    page.drawString(62, 600, "Hestia Marsh")
    page.drawString(60, 700, "The rest of the page is plain to see for everybody.")
    page.save()
    reading = PDF.read(out.getvalue())
    assert "highlight-over-text" in reading.warnings
    assert "Hestia" not in text(reading.content)


def filled_form() -> bytes:
    out = io.BytesIO()
    page = Canvas(out, invariant=1)
    for at, label in enumerate(("Full name:", "Address:", "Consents:", "Appeals:", "Area:", "Case worker:")):
        page.drawString(72, 700 - 60 * at, label)
    form = page.acroForm
    form.textfield(name="n", value="Dorcas Tarnfield", x=150, y=694, width=200, height=20)
    form.textfield(name="a", value="12 Low Lane\nUpper Sallowby", x=150, y=606, width=200, height=44, fieldFlags="multiline")
    form.checkbox(name="c", checked=True, x=150, y=577, size=14)
    form.checkbox(name="d", checked=False, x=150, y=517, size=14)
    form.choice(name="t", value="Mansfield", options=["Mansfield", "Derby"], x=150, y=454, width=100, height=20)
    form.textfield(name="w", value="Hestia Marsh", x=150, y=394, width=200, height=20, annotationFlags="hidden")
    page.save()
    return out.getvalue()


@pytest.mark.parametrize("looks", ["as it was filled in", "without looks", "looks to be made anew"])
def test_what_was_filled_into_a_form_is_read_as_it_is_seen(looks: str) -> None:
    with pikepdf.open(io.BytesIO(filled_form())) as source:
        if looks == "looks to be made anew":
            source.Root.AcroForm.NeedAppearances = True
        for field in source.pages[0].Annots if looks == "without looks" else []:
            if field.FT != "/Btn":
                del field["/AP"]
        source.pages[0].Annots.append(
            source.make_indirect(
                pikepdf.Dictionary(Subtype=pikepdf.Name.Text, Rect=[10, 10, 20, 20], Contents="A note for Ann Marsh")
            )
        )
        out = io.BytesIO()
        source.save(out)
    assert PDF.reopen is not None
    reading = PDF.reopen(out.getvalue())
    said = " ".join(text(reading.content).split())
    for words in ("Dorcas Tarnfield", "12 Low Lane Upper Sallowby", "☒", "Mansfield"):
        assert words in said
    assert "Hestia" not in said and "Derby" not in said and "Ann Marsh" not in said
    told = {(hidden.place, hidden.text.reveal()) for hidden in reading.hidden}
    assert {("form field", "Hestia Marsh"), ("form field", "Derby"), ("annotation", "A note for Ann Marsh")} <= told
    assert not any(place == "form field" and ("Tarnfield" in words or "Sallowby" in words) for place, words in told)


def test_a_value_longer_than_its_field_is_all_there() -> None:
    with pikepdf.open(io.BytesIO(filled_form())) as source:
        field = source.pages[0].Annots[1]
        field.V = " ".join(["She lived in many places and none of them was hers."] * 12)
        del field["/AP"]
        out = io.BytesIO()
        source.save(out)
    said = " ".join(text(reopen(out.getvalue())).split())
    assert said.count("none of them was hers.") == 12


def test_a_scan_is_read_from_its_pixels() -> None:
    content = Content(REPORT.body[:3])
    source = pypdfium2.PdfDocument(pdfs.in_reportlab(content, 1))
    out = io.BytesIO()
    first = source[0].render(scale=200 / 72).to_pil().convert("L")
    first.save(out, "PDF", resolution=200)
    reading = PDF.read(out.getvalue())
    assert "read-from-pixels" in reading.warnings
    expected = " ".join(source[0].get_textpage().get_text_bounded().split())
    found, total = found_words(expected, text(reading.content).replace("\n", " "))
    assert found >= 0.95 * total


def test_a_scan_in_which_nothing_can_be_read_is_held() -> None:
    from PIL import ImageFilter

    source = pypdfium2.PdfDocument(pdfs.in_reportlab(Content(REPORT.body[:3]), 1))
    picture = source[0].render(scale=45 / 72).to_pil().convert("L").filter(ImageFilter.GaussianBlur(1.6))
    out = io.BytesIO()
    picture.crop((0, 0, picture.width, picture.height // 5)).save(out, "PDF", resolution=45)
    with pytest.raises(HeldError, match=r"cannot be read well enough|no text can be read"):
        PDF.read(out.getvalue())


def form(path: Path) -> bytes:
    """A form as reportlab makes it: two fields to fill, one to choose, two to tick, and one that is hidden."""
    page = Canvas(str(path), invariant=True)
    page.drawString(72, 760, "Referral form of the office")
    fields = page.acroForm
    for at, (label, value) in enumerate({"Name of the child:": "Blythe Tranter", "School:": "Oakmere School"}.items()):
        page.drawString(72, 720 - 30 * at, label)
        fields.textfield(name=f"n{at}", value=value, x=200, y=712 - 30 * at, width=200, height=20)
    fields.textfield(name="h", value="Wynne Hidden", x=200, y=560, width=200, height=20, annotationFlags="hidden")
    page.drawString(72, 650, "Consent given:")
    fields.checkbox(name="c", checked=True, x=200, y=645)
    fields.checkbox(name="d", checked=False, x=72, y=615)
    page.drawString(100, 620, "Seen by the nurse")
    page.drawString(72, 590, "Answer:")
    fields.choice(name="a", value="Yes, at once", options=["Yes, at once", "No"], x=200, y=582, width=120, height=20)
    page.save()
    return path.read_bytes()


def test_a_filled_form_is_read_as_it_is_seen(tmp_path: Path) -> None:
    """Labels and what stands in their fields, line by line; a hidden field is learnt from and dropped."""
    reading = PDF.read(form(tmp_path / "form.pdf"))
    assert [block.text.reveal() for block in reading.content.blocks()] == [
        "Referral form of the office",
        "Name of the child: Blythe Tranter",
        "School: Oakmere School",
        "Consent given: ☒",
        "☐ Seen by the nurse",
        "Answer: Yes, at once",
    ]
    told = {h.text.reveal() for h in reading.hidden if h.place == "form field"}
    assert "Wynne Hidden" in told and not told & {"Blythe Tranter", "Oakmere School", "Yes, at once"}


def test_notes_beside_a_form_stay_hidden(tmp_path: Path) -> None:
    """Only fields are drawn: a note on the same page is learnt from and not read."""
    path = tmp_path / "form.pdf"
    form(path)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[72, 500, 300, 520])
        note.Contents = pikepdf.String("Orla Notewell rang")
        note.DA = pikepdf.String("/Helv 12 Tf 0 g")
        document.pages[0].Annots.append(document.make_indirect(note))
        document.save()
    reading = PDF.read(path.read_bytes())
    assert "Notewell" not in text(reading.content) and "Blythe Tranter" in text(reading.content)
    assert any("Notewell" in h.text.reveal() for h in reading.hidden)


@pytest.mark.parametrize("told", ["flag", "packet", ""])
def test_a_form_whose_pages_are_not_in_the_file_is_held(tmp_path: Path, told: str) -> None:
    """Its own page says "Please wait": published, that would be a copy of nothing. A form that is drawn as well is read."""
    path = tmp_path / "form.pdf"
    form(path)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        config = b"<config><dynamicRender>required</dynamicRender></config>" if told == "packet" else b"<config/>"
        document.Root.AcroForm.XFA = pikepdf.Array([pikepdf.String("config"), document.make_stream(config)])
        if told == "flag":
            document.Root.NeedsRendering = True
        document.save()
    if not told:
        assert "Blythe Tranter" in text(PDF.read(path.read_bytes()).content)
        return
    with pytest.raises(HeldError, match="dynamic XFA"):
        PDF.read(path.read_bytes())


def test_a_form_that_cannot_be_drawn_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a reader sees in it would be missing from the copy without a word."""
    data = form(tmp_path / "form.pdf")

    def broken(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(pikepdf.Pdf, "flatten_annotations", broken)
    with pytest.raises(HeldError, match="form fields cannot be drawn"):
        PDF.read(data)
