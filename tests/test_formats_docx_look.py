"""What a reader of a Word file can and cannot see: bars, white text, capitals by format, formulas, documents shown in place."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from redactor.content import flatten
from redactor.formats import read
from redactor.formats.docx import DOCX
from tests.test_formats_docx import related, run, with_parts, word

BLACK, BAR = '<w:color w:val="000000"/>', '<w:highlight w:val="black"/>'


def shown(data: bytes) -> str:
    return flatten(DOCX.read(data).content).text.reveal()


def hidden(data: bytes) -> dict[str, str]:
    return {entry.place: entry.text.reveal() for entry in DOCX.read(data).hidden}


def line(*runs: str, properties: str = "") -> bytes:
    return word(f"<w:p><w:pPr>{properties}</w:pPr>{run('She said ')}{''.join(runs)}{run(' and left.')}</w:p>")


@pytest.mark.parametrize(
    "properties",
    [
        BAR,
        BAR + BLACK,
        BAR + '<w:color w:val="1A1A1A"/>',
        '<w:highlight w:val="yellow"/><w:color w:val="FFFF00"/>',
        BLACK + '<w:shd w:val="clear" w:fill="000000"/>',
    ],
)
def test_words_under_a_bar_of_their_colour_are_learnt_and_replaced_and_told_of(properties: str) -> None:
    data = line(run("Blythe ", properties), run("Tranter", properties))
    assert shown(data) == "She said [blacked out] and left."
    assert [e.text.reveal() for e in DOCX.read(data).hidden if e.place == "text under a bar"] == ["Blythe", "Tranter"]
    assert DOCX.read(data).warnings == ("highlight-over-text",)


@pytest.mark.parametrize(
    "properties",
    [
        '<w:highlight w:val="yellow"/>',
        BAR + '<w:color w:val="FFFFFF"/>',
        '<w:shd w:val="clear" w:fill="000000"/>',  # Word turns automatic colour white on it
        '<w:shd w:val="clear" w:fill="000000"/><w:color w:val="FFFFFF"/>',
        '<w:color w:val="FF0000"/>',
        '<w:highlight w:val="none"/>' + BLACK,
        '<w:color w:val="window"/>' + BAR.replace("black", "puce"),
    ],
)
def test_words_that_can_be_read_stay(properties: str) -> None:
    data = line(run("no", properties))
    assert shown(data) == "She said no and left." and set(DOCX.read(data).warnings) <= {"reviewers-marks"}


def test_white_words_on_the_page_are_learnt_and_left_out() -> None:
    data = line(run("Blythe", '<w:color w:val="FFFFFF"/>'))
    assert shown(data) == "She said  and left."
    assert hidden(data)["white text"] == "Blythe" and DOCX.read(data).warnings == ("white-text",)
    assert hidden(line(run("Blythe", '<w:sz w:val="2"/>')))["white text"] == "Blythe"


@pytest.mark.parametrize("ground", ["<w:shd w:val='clear' w:fill='1F3864'/>", ""])
def test_white_words_on_a_dark_ground_stay(ground: str) -> None:
    white = run("Blythe", '<w:color w:val="FFFFFF"/>')
    if ground:
        assert shown(line(white, properties=ground)) == "She said Blythe and left."
    cell = f"<w:tbl><w:tr><w:tc><w:p>{white}</w:p></w:tc></w:tr></w:tbl>"  # a table's style may be dark, and often is
    assert "Blythe" in shown(word(cell))


def test_capitals_by_format_are_capitals_where_nothing_was_typed_as_one() -> None:
    assert shown(line(run("blythe tranter", "<w:caps/>"))) == "She said BLYTHE TRANTER and left."
    assert shown(line(run("Blythe Tranter", "<w:smallCaps/>"))) == "She said Blythe Tranter and left."


def test_a_word_in_letters_of_two_scripts_is_in_one() -> None:
    assert shown(line(run("Blуthе Trаnter"))) == "She said Blythe Tranter and left."  # three letters are Cyrillic
    assert shown(line(run("Москва, Ωmega"))) == "She said Москва, Ωmega and left."


def test_the_words_over_a_word_follow_it() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{run('over')}</w:rt><w:rubyBase>{run('under')}</w:rubyBase></w:ruby></w:r>"
    assert shown(word(f"<w:p>{ruby}</w:p>")) == "under (over)"


def test_a_formula_is_one_line() -> None:
    def r(text: str) -> str:
        return f"<m:r><m:t>{text}</m:t></m:r>"

    formula = (
        f"<m:oMath><m:f><m:fPr><m:type m:val='bar'/></m:fPr><m:num>{r('a+b')}</m:num><m:den>{r('2')}</m:den></m:f>{r('=')}"
        f"<m:sSup><m:e>{r('x')}</m:e><m:sup>{r('2')}</m:sup></m:sSup><m:rad><m:deg/><m:e>{r('y')}</m:e></m:rad>"
        f"<m:d><m:e>{r('z')}</m:e></m:d><m:sSub><m:e>{r('k')}</m:e><m:sub>{r('i+1')}</m:sub></m:sSub></m:oMath>"
    )
    assert shown(word(f"<w:p>{formula}</w:p>")) == "(a+b)/2=x^2√y(z)k_(i+1)"


def chunk(name: str, part: str | bytes) -> bytes:
    """A Word file that shows the part in place after "Before."."""
    document = docx.Document()
    document.add_paragraph("Before.")
    element = OxmlElement("w:altChunk")
    element.set(qn("r:id"), "rIdXaFChunk")
    document.element.body.insert(1, element)
    buffer = io.BytesIO()
    document.save(buffer)
    return related(buffer.getvalue(), "aFChunk", name, part)


def test_a_page_or_document_shown_in_place_is_read_in_its_place() -> None:
    page = "<html><body><h1>Within</h1><p hidden>Blythe</p><!-- Tranter --></body></html>"
    data = chunk("a.html", page)
    assert shown(data) == "Before.\n\nWithin"
    assert {"hidden text", "comment"} <= hidden(data).keys()
    assert shown(chunk("b.docx", line())) == "Before.\n\nShe said  and left."
    assert shown(chunk("c.bin", b"{\\rtf1 no}")) == "Before.\n\n[embedded document]"


def test_a_document_that_holds_itself_ends() -> None:
    inner = chunk("b.docx", chunk("b.docx", line()))
    assert shown(inner) == "Before.\n\nBefore.\n\n[embedded document]"


MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"


def test_a_document_with_macros_is_read_as_a_document_and_they_are_told_of(tmp_path: Path) -> None:
    data = line(run("no"))
    types = zipfile.ZipFile(io.BytesIO(data)).read("[Content_Types].xml").decode()
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    data = with_parts(data, {"[Content_Types].xml": types.replace(main, MACRO), "word/vbaProject.bin": b"\xd0\xcf\x11\xe0Blythe"})
    path = tmp_path / "letter.docm"
    path.write_bytes(data)
    document = read(path, "d01", "letter.docm")
    assert document.warnings == ("macros",)
    assert flatten(document.content).text.reveal() == "She said no and left."
    assert DOCX.extensions[0] == ".docx" and b"Blythe" not in DOCX.write(document.content)
