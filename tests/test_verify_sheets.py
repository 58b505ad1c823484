"""Workbooks and separated text with one planted fault each must be refused, naming the place; clean ones must pass."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Cell, Content, Table, flatten
from redactor.errors import LeakError
from redactor.formats.csv import CSV, TSV
from redactor.formats.xlsx import XLSX
from redactor.model import Kind
from redactor.verify import Probe, Proof, prove

HESTIA = tuple(Probe("p1", Kind.NAME, ClearText(form)) for form in ("Hestia Marsh", "Hestia", "Marsh"))


def cell(text: str) -> Cell:
    return Cell((Block(BlockKind.PARAGRAPH, ClearText(text)),))


ROWS = (("Who", "Seen"), ("[Survivor 2]", "12"), ("[Officer 4], at the station", "we hope\nit helps"))
CONTENT = Content(
    (Block(BlockKind.HEADING, ClearText("Visits of [Survivor 2]"), level=1), Table(tuple(tuple(map(cell, row)) for row in ROWS)))
)
BOOK, EMPTY = XLSX.write(CONTENT), XLSX.write(Content(()))


def look(tmp_path: Path, data: bytes, media: str, empty: bytes | None = None) -> Proof:
    copy = tmp_path / "copy"
    copy.write_bytes(data)
    return prove(copy, media, HESTIA, flatten(CONTENT).text, "d01", ClearText("d01.copy"), empty)


@pytest.mark.parametrize("known", [XLSX, CSV, TSV], ids=lambda k: k.name)
def test_a_clean_copy_passes(tmp_path: Path, known: type) -> None:
    proof = look(tmp_path, known.write(CONTENT), known.media, known.write(Content(())))  # type: ignore[attr-defined]
    assert proof.probes == 3 and proof.words > 10


Fault = Callable[[Workbook], object]


def leaky(fault: Fault) -> bytes:
    book = load_workbook(io.BytesIO(BOOK))
    fault(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def comment(book: Workbook) -> None:
    book.worksheets[0]["A1"].comment = Comment("as Hestia said", "Marsh")


def validation(book: Workbook) -> None:
    rule = DataValidation(type="list", formula1='"Hestia,Other"')
    rule.add("A1")
    book.worksheets[0].add_data_validation(rule)


def number_format(book: Workbook) -> None:
    book.worksheets[0]["B2"].number_format = '0" Hestia"'


def in_cell(book: Workbook) -> None:
    book.worksheets[0]["D9"] = "Hestia"


def sheet_name(book: Workbook) -> None:
    book.worksheets[0].title = "Marsh"


def creator(book: Workbook) -> None:
    book.properties.creator = "Hestia Marsh"


def link(book: Workbook) -> None:
    book.worksheets[0]["A1"].hyperlink = "https://files.example.org/hestia"


def header(book: Workbook) -> None:
    footer = book.worksheets[0].oddFooter
    assert footer is not None
    footer.center.text = "for Hestia"


@pytest.mark.parametrize("fault", [comment, validation, number_format, in_cell, sheet_name, creator, link, header])
def test_a_leaky_workbook_is_refused(tmp_path: Path, fault: Fault) -> None:
    with pytest.raises(LeakError) as held:
        look(tmp_path, leaky(fault), XLSX.media, EMPTY)
    assert held.value.leaks


def hide_sheet(book: Workbook) -> None:
    book.create_sheet("x").sheet_state = "hidden"


def hide_row(book: Workbook) -> None:
    book.worksheets[0].row_dimensions[2].hidden = True


def formula(book: Workbook) -> None:
    book.worksheets[0]["D1"] = '=CHAR(72)&"estia"'


@pytest.mark.parametrize("fault", [hide_sheet, hide_row, formula])
def test_what_no_check_can_read_is_refused(tmp_path: Path, fault: Fault) -> None:
    with pytest.raises(LeakError):
        look(tmp_path, leaky(fault), XLSX.media, EMPTY)


def lost(book: Workbook) -> None:
    book.worksheets[0]["A3"] = "something else"


def test_a_workbook_that_lost_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LeakError, match="does not hold the text"):
        look(tmp_path, leaky(lost), XLSX.media, EMPTY)


def test_a_workbook_with_a_picture_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO(BOOK)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/media/image1.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    with pytest.raises(LeakError, match="no check can read"):
        look(tmp_path, out.getvalue(), XLSX.media, EMPTY)


CLEAN = CSV.write(CONTENT).decode()


@pytest.mark.parametrize(
    "data",
    [
        CLEAN + "Hestia,1\r\n",
        "\ufeff" + CLEAN + '"a\r\n""Hestia""",1\r\n',
        CLEAN + "SGVzdGlhIE1hcnNoIHdhcyBoZXJl,1\r\n",
        CLEAN + "aitseH,1\r\n",
        CLEAN + "# Hestia\r\n",
        CLEAN + "\\u0048estia,1\r\n",
    ],
)
def test_a_leaky_text_table_is_refused(tmp_path: Path, data: str) -> None:
    with pytest.raises(LeakError) as held:
        look(tmp_path, data.encode(), "text/csv")
    assert held.value.leaks


@pytest.mark.parametrize("text", ["=1+1", "@x", "+cmd", '"-2+A1"', '"\tx"'])
def test_a_formula_in_a_text_table_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(LeakError, match="formula"):
        look(tmp_path, f"{CLEAN}{text},1\r\n".encode(), "text/csv")
