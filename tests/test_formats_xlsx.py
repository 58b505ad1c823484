# ruff: noqa: E501 - a table of cases is easier to read in long lines

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from redactor import formats
from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Cell, Content, Table, flatten
from redactor.errors import HeldError
from redactor.formats._xlsx_shown import show, show_text
from redactor.formats.xlsx import XLSX


def book(*fill: Callable[[Workbook, Worksheet], object]) -> bytes:
    made = Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Visits"
    for row in (["Name", "Seen"], ["Ola Rusk", 3]):
        sheet.append(row)
    for change in fill:
        change(made, sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def flat(data: bytes) -> str:
    return flatten(XLSX.read(data).content).text.reveal()


def hidden(data: bytes) -> dict[str, str]:
    return {h.place: h.text.reveal() for h in XLSX.read(data).hidden}


PLAIN = "Visits\n\n| Name | Seen | \n| Ola Rusk | 3 | "


@pytest.mark.parametrize(
    ("value", "code", "seen"),
    [
        (12.0, "General", "12"), (0.1 + 0.2, "General", "0.3"), (1632960001.0, "General", "1632960001"),
        (1234567.891, "#,##0.00", "1,234,567.89"), (0.256, "0.0%", "25.6%"), (-3.5, "£#,##0.00;[Red]-£#,##0.00", "-£3.50"),
        (7.0, "000", "007"), (1234567.0, "0,", "1235"), (5.0, '"Dorcas "0', "Dorcas 5"), (5.0, ";;;", ""), (0.0, '0;-0;"none"', "none"),
        (5.0, r'0\ "of 9"', "5 of 9"), (12.5, "0.##", "12.5"), (12.0, "0.##", "12"), (12345.0, "0.00E+00", "1.23E+04"),
        (36223.0, "dd/mm/yyyy", "04/03/1999"), (36223.0, "d mmmm yyyy", "4 March 1999"), (36223.0, r"yyyy\-mm\-dd", "1999-03-04"), (36223.0, r"d/m/yy\ h:mm", "4/3/99 0:00"), (36223.0, "[$-809]ddd d mmm yy", "Thu 4 Mar 99"),
        (36223.5625, "dd/mm/yyyy hh:mm", "04/03/1999 13:30"), (0.5625, "h:mm AM/PM", "1:30 PM"), (1.5, "[h]:mm:ss", "36:00:00"),
        (3.0, "[<5]0;0", "3"), (9e9, "dd/mm/yyyy", "########"), (2.0, "yyyy", "1900"),
    ],
)  # fmt: skip
def test_a_number_is_shown_as_its_cell_shows_it(value: float, code: str, seen: str) -> None:
    assert show(value, code) == seen


def test_a_text_is_shown_under_its_format() -> None:
    assert [show_text("Ola", code) for code in ("General", "@", '0;0;0;"of "@', ";;;")] == ["Ola", "Ola", "of Ola", ""]


def test_cells_dates_and_sheets_are_read() -> None:
    def fill(made: Workbook, sheet: Worksheet) -> None:
        sheet.append([date(1999, 3, 4), True])
        sheet["A3"].number_format = "dd/mm/yyyy"
        sheet["A6"] = "Source: our own count"
        made.create_sheet("Empty")
        second = made.create_sheet("More")
        second["B2"] = datetime(2011, 5, 6, 9, 30)
        second["B2"].number_format = "d mmm yyyy h:mm"

    assert flat(book(fill)) == PLAIN + "\n| 04/03/1999 | TRUE | \n\nSource: our own count\n\nMore\n\n6 May 2011 9:30"


def test_a_formula_shows_its_last_value_and_is_learnt_from() -> None:
    data = swapped(book(), "xl/worksheets/sheet1.xml", "<v>3</v>", '<f>LEN("Dorcas Holm")</f><v>11</v>')
    assert flat(data) == PLAIN.replace("| 3 |", "| 11 |")
    assert "Dorcas Holm" in hidden(data)["formula"]


def test_shared_texts_are_read_without_pronunciation_and_unused_ones_are_learnt_from() -> None:
    pool = (
        f'<sst xmlns="{MAIN}"><si><t>Unused Holm</t></si><si><r><t>Ola </t></r><r><rPr><b/></rPr><t>Ru</t></r><r><t>sk</t></r>'
        '<rPh sb="0" eb="1"><t>Dorcas Holm</t></rPh></si></sst>'
    )
    data = swapped(book(), "xl/worksheets/sheet1.xml", 't="inlineStr"><is><t>Ola Rusk</t></is>', 't="s"><v>1</v>')
    data = swapped(data, "xl/_rels/workbook.xml.rels", "</Relationships>", f'<Relationship Id="s" Type="{LINK}/sharedStrings" '
                   'Target="/xl/sharedStrings.xml"/></Relationships>')  # fmt: skip
    assert flat(added(data, "xl/sharedStrings.xml", pool)) == PLAIN
    places = hidden(added(data, "xl/sharedStrings.xml", pool))
    assert places["unused text"] == "Unused Holm" and places["pronunciation"] == "Dorcas Holm"


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def added(data: bytes, part: str, text: str) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(part, text)
    return out.getvalue()


def swapped(data: bytes, part: str, old: str, new: str) -> bytes:
    """The file with the first `old` in a part made `new`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == part:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode(), 1)
            target.writestr(name, text)
    return out.getvalue()


def hide_row(_: Workbook, sheet: Worksheet) -> None:
    sheet.append(["Dorcas Holm", 4])
    sheet.row_dimensions[3].hidden = True


def hide_column(_: Workbook, sheet: Worksheet) -> None:
    sheet["C2"] = "Dorcas Holm"
    sheet.column_dimensions["C"].hidden = True


def hide_sheet(made: Workbook, _: Worksheet) -> None:
    other = made.create_sheet("Old")
    other["A1"] = "Dorcas Holm"
    other.sheet_state = "veryHidden"


def comment(_: Workbook, sheet: Worksheet) -> None:
    sheet["A1"].comment = Comment("Dorcas Holm", "Even")


def link(_: Workbook, sheet: Worksheet) -> None:
    sheet["A1"].hyperlink = "https://files.example.org/Dorcas Holm"


def header(_: Workbook, sheet: Worksheet) -> None:
    assert sheet.oddHeader is not None
    sheet.oddHeader.left.text = "Dorcas Holm"


def made_by(made: Workbook, _: Worksheet) -> None:
    made.properties.creator = "Dorcas Holm"


@pytest.mark.parametrize(
    ("fill", "place"),
    [
        (hide_row, "hidden row"), (hide_column, "hidden column"), (hide_sheet, "hidden sheet"), (comment, "comment"),
        (link, "link target"), (header, "unused header"), (made_by, "property"),
    ],
)  # fmt: skip
def test_what_nobody_sees_is_learnt_from_and_dropped(fill: Callable[[Workbook, Worksheet], object], place: str) -> None:
    data = book(fill)
    reading = XLSX.read(data)
    assert flat(data) == PLAIN
    assert any(h.place == place and "Dorcas Holm" in h.text.reveal() for h in reading.hidden)
    assert b"Dorcas" not in b"".join(members(XLSX.write(reading.content)).values())


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_a_text_that_a_merged_cell_covers_is_learnt_from() -> None:
    data = swapped(
        book(), "xl/worksheets/sheet1.xml", "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    )
    assert flat(data) == "Visits\n\nName\n\n| Ola Rusk | 3 | " and hidden(data)["merged cell"] == "Seen"


def test_white_text_on_a_white_ground_is_dropped_and_pointed_out() -> None:
    def whiten(_: Workbook, sheet: Worksheet) -> None:
        for at, ground in (("C1", None), ("C2", "FFFFFFFF"), ("B1", "FF204080")):
            sheet[at] = "Seen" if at == "B1" else "Dorcas Holm"
            sheet[at].font = Font(color="FFFFFFFF")
            if ground:
                sheet[at].fill = PatternFill("solid", fgColor=ground)

    reading = XLSX.read(book(whiten))
    assert flatten(reading.content).text.reveal() == PLAIN
    assert reading.warnings == ("white-text",)
    assert [h.text.reveal() for h in reading.hidden if h.place == "white text"] == ["Dorcas Holm"] * 2


def table(*rows: tuple[str, ...]) -> Table:
    return Table(tuple(tuple(Cell((Block(BlockKind.PARAGRAPH, ClearText(text)),)) for text in row) for row in rows))


def heading(text: str) -> Block:
    return Block(BlockKind.HEADING, ClearText(text), level=1)


def test_a_copy_is_a_sound_workbook_with_texts_and_numbers_and_no_formula() -> None:
    content = Content((heading("[Survivor 2] and others"), table(("a", "=1+1"), ("007", "12"), ("-4.5", "1.50"))))
    data = XLSX.write(content)
    made = load_workbook(io.BytesIO(data))
    assert made.sheetnames == ["(Survivor 2) and others"]
    assert [[c.value for c in row] for row in made.worksheets[0].iter_rows()] == [["a", "=1+1"], ["007", 12], [-4.5, "1.50"]]
    assert [c.data_type for row in made.worksheets[0].iter_rows() for c in row] == ["s", "s", "s", "n", "n", "s"]
    assert not [
        name for name, part in members(data).items() if re.search(rb"<f[ >]|20\d\d-\d\d", part) and name != "xl/styles.xml"
    ]


def test_the_same_content_gives_the_same_bytes() -> None:
    content = XLSX.read(book()).content
    first = XLSX.write(content)
    time.sleep(1.1)
    assert XLSX.write(content) == first
    assert XLSX.read(first).content == content


def test_a_heading_that_can_be_no_sheet_name_stands_in_its_first_row() -> None:
    long = heading("What: a very long heading / of more than 31 characters")
    data = XLSX.write(Content((long, table(("a", "b"), ("c", "d")), heading("Twice"), heading("Twice"))))
    assert load_workbook(io.BytesIO(data)).sheetnames == ["Sheet 1", "Twice", "Sheet 3"]
    assert "What: a very long heading / of more than 31 characters" in flat(data)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<x/>")
        for number in range(9):
            package.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * (60 << 20))
    return out.getvalue()


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def million_rows() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 1_000_001))
    return swapped(book(), "xl/worksheets/sheet1.xml", "</sheetData>", rows + "</sheetData>")


def far_apart() -> bytes:
    return book(lambda _, sheet: sheet.cell(1_048_576, 16_384, "far"))


@pytest.mark.parametrize(
    ("make", "cause"),
    [
        (bomb, "unpacks to far more"),
        (million_rows, "more than 20,000 rows"),
        (lambda: swapped(book(), "xl/workbook.xml", "<workbook", LAUGHS + "<workbook"), "XML entities"),
        (lambda: book()[: len(book()) // 2], "damaged"),
        (lambda: swapped(book(), "xl/worksheets/sheet1.xml", "<sheetData>", "<sheetData><row>"), "damaged"),
    ],
)
def test_bad_workbooks_are_held_in_bounded_time(make: Callable[[], bytes], cause: str) -> None:
    data = make()
    begun = time.process_time()
    with pytest.raises(HeldError, match=cause):
        XLSX.read(data)
    assert time.process_time() - begun < 10


def test_a_cell_far_away_costs_nothing() -> None:
    assert flat(far_apart()) == PLAIN + "\n\nfar"


def test_a_workbook_is_one_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "visits.docx").write_bytes(book())
    assert formats.media_of(tmp_path / "visits.docx") is XLSX
    (tmp_path / "visits.xlsx").write_bytes(b"Name,Seen\nOla,3\n")
    assert formats.media_of(tmp_path / "visits.xlsx").name == "txt"
