"""What survives in a Word copy: every word, headings, lists, tables, emphasis, margins and notes; how LibreOffice shows it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from PIL import Image

from redactor.formats.docx import DOCX
from tests.rich_docx import rich_docx
from tests.test_formats_foreign import made, needs_office

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
needs_poppler = pytest.mark.skipif(
    shutil.which("pdftoppm") is None, reason="pdftoppm is not installed (Debian: poppler-utils): pages are not looked at"
)


@pytest.fixture(scope="module")
def copy() -> bytes:
    return DOCX.write(DOCX.read(rich_docx()).content)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", text))


def stored(data: bytes) -> str:
    """Every word in the stories of a Word file, by the standard library alone."""
    out = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml", name):
                for element in ElementTree.fromstring(package.read(name)).iter():
                    out.append("\n" if element.tag == f"{W}p" else element.text or "" if element.tag == f"{W}t" else "")
    return "".join(out)


def kept(source: str, copy: str) -> float:
    """The share of the source's words that the copy has."""
    wanted = words(source)
    return 1 - (wanted - words(copy)).total() / wanted.total()


def test_every_word_is_kept(copy: bytes) -> None:
    source = stored(rich_docx())
    assert words(source).total() > 500
    assert kept(source, stored(copy)) == 1


@needs_office
def test_every_word_is_kept_as_libreoffice_sees_it(copy: bytes) -> None:
    source, seen = (made(data, "txt").decode("utf-8-sig") for data in (rich_docx(), copy))
    assert kept(source, seen) >= 0.995
    lines = [re.sub(r"\W+", " ", line).strip() for line in source.splitlines()]
    order = [line for line in lines if len(line) > 12 and "one answer" not in line][:20]  # its notes are marked otherwise
    there = re.sub(r"\W+", " ", seen)
    places = [there.find(line) for line in order]
    assert places == sorted(places) and -1 not in places


def test_headings_lists_tables_emphasis_margins_and_notes_are_still_what_they_were(copy: bytes) -> None:
    document = docx.Document(io.BytesIO(copy))
    styled = [(p.style.name if p.style else "", p.text) for p in document.paragraphs]
    for row in (
        ("Heading 1", "Report on the handling of complaints"),
        ("Heading 1", "What was asked"),
        ("Heading 2", "What was found"),
        ("List Bullet", "When it was known"),
        ("List Bullet 2", "By whom, within the council"),
        ("List", "2. Ask the members"),
        ("List 2", "(a) In plain words"),
        ("Normal", "The table leaves out withdrawn complaints."),
        ("Normal", "A box said: figures are rounded."),
        ("Normal", "[1] The answer of the clerk."),
        ("Normal", "[i] Given on paper."),
    ):
        assert row in styled
    asked = next(p for p in document.paragraphs if p.text.startswith("The inquiry asked"))
    assert asked.text == "The inquiry asked three questions and got one answer[1].[i]"
    assert {run.text: (bool(run.bold), bool(run.italic)) for run in asked.runs if run.bold or run.italic} == {
        "three questions": (True, False),
        "one answer": (False, True),
    }
    [table] = document.tables
    assert table.rows[0]._tr.find(f"{W}trPr/{W}tblHeader") is not None and table.rows[1]._tr.find(f"{W}trPr/{W}tblHeader") is None
    assert table.cell(1, 0)._tc is table.cell(2, 0)._tc and table.cell(3, 1)._tc is table.cell(3, 2)._tc
    assert [cell.text for cell in table.rows[2].cells] == ["2011\n2012", "37", "9"]
    section = document.sections[0]
    assert [p.text for p in section.header.paragraphs] == ["Trentmere Borough Council"]
    assert [p.text for p in section.footer.paragraphs] == ["For publication"]


@needs_office
@needs_poppler
def test_the_pages_of_a_copy_are_as_full_as_those_of_the_source(copy: bytes, tmp_path: Path) -> None:
    """Looked at as pictures: as many pages, and about as much ink on them."""
    ink = {}
    for name, data in (("source", rich_docx()), ("copy", copy)):
        (tmp_path / f"{name}.pdf").write_bytes(made(data, "pdf"))
        command = ["pdftoppm", "-r", "40", "-gray", "-png", str(tmp_path / f"{name}.pdf"), str(tmp_path / name)]
        subprocess.run(command, check=True, timeout=60, capture_output=True)
        pages = sorted(tmp_path.glob(f"{name}-*.png"))
        dark = [sum(Image.open(page).convert("L").histogram()[:128]) for page in pages]
        ink[name] = (len([d for d in dark if d > 200]), sum(dark))
    assert ink["copy"][0] in (ink["source"][0], ink["source"][0] - 1)  # notes at the end take no page of their own
    assert 0.7 < ink["copy"][1] / ink["source"][1] < 1.3
