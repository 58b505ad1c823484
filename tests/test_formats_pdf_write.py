"""PDF copies: what stands in them, in what order they are read aloud, and that a name's width leaves no trace."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser

from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Cell, Content, Mark, Style, Table, flatten
from redactor.errors import HeldError
from redactor.folding import occurrences
from redactor.formats.markdown import read
from redactor.formats.pdf import PDF
from redactor.verify.pdf_pages import drawn
from redactor.wording_apply import apply


def block(text: str, kind: BlockKind = BlockKind.PARAGRAPH, level: int = 0, number: str = "", *marks: Mark) -> Block:
    return Block(kind, ClearText(text), marks, level, ClearText(number))


def cell(text: str, header: bool = False, colspan: int = 1, rowspan: int = 1) -> Cell:
    return Cell((block(text),), header, colspan, rowspan)


def pdf(*nodes: Block | Table) -> bytes:
    return PDF.write(Content(nodes))


def seen(data: bytes) -> str:
    """The words as pdfium reads them, in one line."""
    document = pypdfium2.PdfDocument(data)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def tags(data: bytes) -> list[tuple[str, str]]:
    """What a screen reader goes by: each element of the tag tree that has words of its own, in order."""
    words: dict[tuple[int, int | None], str] = {}
    for at, page in enumerate(drawn(PDFDocument(PDFParser(io.BytesIO(data)))).pages):
        for glyph in page:
            words[at, glyph.mark] = words.get((at, glyph.mark), "") + glyph.said
    with pikepdf.open(io.BytesIO(data)) as document:
        pages: dict[Any, int] = {page.objgen: at for at, page in enumerate(document.pages)}

        def walk(node: Any, page: int, cell: str = "") -> Iterator[tuple[str, str]]:
            page = pages.get(node.Pg.objgen, page) if "/Pg" in node else page
            name = str(node.get("/S", "/Root"))[1:]
            cell = name if name in ("TH", "TD") else cell
            own = ""
            kids = node.get("/K", [])
            below: list[tuple[str, str]] = []
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                if isinstance(kid, int):
                    own += words[page, kid]
                elif "/MCID" in kid:
                    own += words[pages[kid.Pg.objgen] if "/Pg" in kid else page, int(kid.MCID)]
                else:
                    below += walk(kid, page, cell)
            inline = "".join(text for kind, text in below if kind in ("Span", "Strong", "Em"))
            if own or inline:
                yield cell or name, own or inline
            yield from below

        return list(walk(document.Root.StructTreeRoot, -1))


PAGE = (
    block("Northfield Inquiry", BlockKind.HEADER),
    block("Findings", BlockKind.HEADING, 1, "1."),
    block("The officer met [Survivor 12] at the station.[1]"),
    block("Two reasons", BlockKind.HEADING, 2),
    block("the first", BlockKind.ITEM, 0, "(a)"),
    block("its part", BlockKind.ITEM, 1, "i."),
    block("the second", BlockKind.ITEM, 0, "(b)"),
    Table(
        (
            (cell("Force", True), cell("Months", True, colspan=2)),
            (cell("Northfield", rowspan=2), cell("May"), cell("June")),
            (cell("July"), cell("August")),
        )
    ),
    block("As told.", BlockKind.NOTE, 0, "1"),
)


def test_the_tag_tree_is_read_in_the_order_of_the_content() -> None:
    found = tags(pdf(*PAGE))
    assert found == [
        ("P", "Northfield Inquiry"),
        ("H1", "1. Findings"),
        ("P", "The officer met [Survivor 12] at the station.[1]"),
        ("H2", "Two reasons"),
        ("Lbl", "(a)"),
        ("P", "the first"),  # within its LBody, before the list below it
        ("Lbl", "i."),
        ("LBody", "its part"),
        ("Lbl", "(b)"),
        ("LBody", "the second"),
        ("TH", "Force"),
        ("TH", "Months"),
        ("TD", "Northfield"),
        ("TD", "May"),
        ("TD", "June"),
        ("TD", "July"),
        ("TD", "August"),
        ("P", "[1] As told."),
    ]


def test_tables_say_what_their_cells_span_and_head() -> None:
    with pikepdf.open(io.BytesIO(pdf(*PAGE))) as document:
        cells = [o for o in document.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") in ("/TH", "/TD")]
        told: list[dict[str, Any]] = [{str(k): v for a in o.get("/A", []) for k, v in a.items()} for o in cells]
    assert [t.get("/Scope") for t in told].count("/Column") == 2
    assert [t.get("/ColSpan") for t in told].count(2) == 1
    assert [t.get("/RowSpan") for t in told].count(2) == 1


def test_says_its_language_and_nothing_of_its_origin() -> None:
    data = pdf(*PAGE)
    with pikepdf.open(io.BytesIO(data)) as document:
        assert str(document.Root.Lang) == "en-GB"
        assert {str(k): str(v) for k, v in document.docinfo.items() if k != "/Creator"} == {"/Title": "Document"}
        assert not {"/Names", "/AcroForm", "/OCProperties", "/OpenAction", "/AF"} & set(document.Root.keys())
        assert not any(key in page for page in document.pages for key in ("/Annots", "/Thumb", "/PieceInfo"))
    assert not any(word in data for word in (b"CreationDate", b"ModDate", b"CreateDate", b"ModifyDate"))


def test_the_same_content_gives_the_same_bytes() -> None:
    assert pdf(*PAGE) == pdf(*PAGE)


@pytest.mark.parametrize("number", [1, 9, 60])
def test_a_checker_finds_no_fault_in_the_tags(number: int) -> None:
    pdfua = pytest.importorskip("pdfua")
    report = pdfua.validate(io.BytesIO(pdf(*(PAGE * number))))
    assert [finding.rule_id for finding in report.findings] == []


@pytest.mark.parametrize(
    "text",
    [
        '#set page(width: 1cm) *bold* _it_ $x$ @ref <label> \\ ~ -- " `code` // comment /* more */',
        "= no heading",
        '"}]} #read("/etc/passwd")',
        "- no list + nor this / term: x",
    ],
)
def test_words_are_never_read_as_markup(text: str) -> None:
    assert tags(pdf(block(text))) == [("P", text)]


def test_emphasis_line_ends_and_tabs_are_seen() -> None:
    data = pdf(block("one\ntwo\tthree four", BlockKind.PARAGRAPH, 0, "", Mark(4, 7, Style.BOLD), Mark(8, 13, Style.ITALIC)))
    assert seen(data) == "one two three four 1"
    assert ("Strong", "two") in tags(data)
    assert ("Em", "three") in tags(data)


def test_heading_levels_begin_at_one_and_skip_none() -> None:
    data = pdf(*(block(f"h{level}", BlockKind.HEADING, level) for level in (3, 4, 6, 2, 1)))
    assert [kind for kind, _ in tags(data)] == ["H1", "H2", "H3", "H2", "H1"]


def test_words_are_never_broken_unless_longer_than_a_line() -> None:
    long = "antidisestablishmentarianism"
    data = pdf(block(f"{long} " * 40), block("x" * 300), Table(tuple((cell(long), *[cell("y")] * 4) for _ in range(3))))
    lines = "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data))
    assert lines.count(long) == 43
    width, places = pypdfium2.PdfDocument(data)[0].get_width(), pypdfium2.PdfDocument(data)[0].get_textpage()
    assert all(places.get_charbox(at)[2] < width - 60 for at in range(places.count_chars()))


def test_a_table_of_many_columns_stays_on_the_page() -> None:
    data = pdf(Table(tuple(tuple(cell(f"column{x}", y == 0) for x in range(20)) for y in range(3))))
    page = pypdfium2.PdfDocument(data)[0]
    text = page.get_textpage()
    assert all(text.get_charbox(at)[2] < page.get_width() - 60 for at in range(text.count_chars()))


def test_signs_without_a_glyph_become_a_box_and_letters_hold_the_document() -> None:
    assert seen(pdf(block("sad \U0001f622 \U0001f468 day"))).startswith("sad □ □ day")
    with pytest.raises(HeldError) as caught:
        pdf(block("\u65e5\u672c Hestia"))
    assert "\u65e5" not in str(caught.value)
    assert "Hestia" not in str(caught.value)


@pytest.mark.parametrize("text", ["Łukasz Nguyễn Žižek Ørsted", "Ελένη Дарья", "z\u0301 e\u0301", "“quotes” – dash… £5 ½ № ✓"])
def test_letters_of_many_names_have_glyphs(text: str) -> None:
    import unicodedata

    assert unicodedata.normalize("NFC", tags(pdf(block(text)))[0][1]) == unicodedata.normalize("NFC", text)


def test_odd_tables_and_empty_content_are_typeset() -> None:
    assert len(pypdfium2.PdfDocument(pdf())) == 1
    odd = (
        Table(((cell("a", rowspan=9, colspan=3),), (cell("b"),), ())),
        Table(((),)),
        Table(((cell("only", True),),)),
        Table(((Cell(()), cell("x", True)), (cell("y", True),))),
        Table(((cell("h", True, rowspan=2), cell("i", True)), (cell("j"),))),
    )
    assert {word for word in seen(pdf(*odd)).split() if word.isalpha()} == set("abxyhij") | {"only"}


SOURCE = """# Statement of {name}

{name} said that she met the officer at the station, where {name} had waited for most of the afternoon while the desk was
closed and nobody came. She was told to return. {name}

| Who | When |
|---|---|
| {name} | in the afternoon, when the desk at the station was closed |
"""


def test_a_long_name_and_a_short_one_leave_the_same_bytes() -> None:
    """The width of a gap or the place of a line end tells how long a name was; here neither can."""

    def masked(name: str) -> Content:
        content = read(SOURCE.format(name=name).encode()).content
        spans = occurrences(ClearText(name), flatten(content).text.reveal())
        assert len(spans) == 5
        return apply(content, dict.fromkeys(spans, "[Survivor 12]"))

    assert PDF.write(masked("Bo Li")) == PDF.write(masked("Alexandrina Featherstonehaugh-Cholmondeley"))


def test_libreoffice_opens_a_copy(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "copy.pdf").write_bytes(pdf(*PAGE))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = [office, profile, "--headless", "--convert-to", "png", "--outdir", str(tmp_path), str(tmp_path / "copy.pdf")]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "copy.png").stat().st_size > 1000
