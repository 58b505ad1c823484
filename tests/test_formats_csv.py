# ruff: noqa: E501 - a table of cases is easier to read in long lines

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Cell, Content, Table, flatten
from redactor.errors import HeldError
from redactor.formats._cells import MAX_ROWS, WITHHELD
from redactor.formats.csv import CSV, TSV


def flat(data: bytes) -> str:
    return flatten(CSV.read(data).content).text.reveal()


def table(*rows: tuple[str, ...]) -> Content:
    def cell(text: str) -> Cell:
        return Cell((Block(BlockKind.PARAGRAPH, ClearText(text)),))

    return Content((Table(tuple(tuple(map(cell, row)) for row in rows)),))


@pytest.mark.parametrize(
    "source",
    [
        b"Name,Seen\r\nOla Rusk,3\r\n",
        b"\xef\xbb\xbfName;Seen\nOla Rusk;3\n",
        b"Name\tSeen\nOla Rusk\t3",
        b"Name|Seen\nOla Rusk|3\n",
        b"sep=;\r\nName;Seen\r\nOla Rusk;3\r\n",
        '"Name","Seen"\n"Ola Rusk","3"\n'.encode("utf-16"),
    ],
)
def test_the_delimiter_and_the_encoding_are_told_from_the_file(source: bytes) -> None:
    assert flat(source) == "| Name | Seen | \n| Ola Rusk | 3 | "


def test_lines_that_are_no_rows_stay_as_lines() -> None:
    source = b'# exported by Ola Rusk\nName,Seen\n"Rusk, Ola",3\nEven Holm,4\nEnd of report\n'
    assert flat(source) == ("# exported by Ola Rusk\n\n| Name | Seen | \n| Rusk, Ola | 3 | \n| Even Holm | 4 | \n\nEnd of report")
    assert CSV.write(CSV.read(source).content).decode().splitlines() == [
        "# exported by Ola Rusk", "", "Name,Seen", '"Rusk, Ola",3', "Even Holm,4", "", "End of report",
    ]  # fmt: skip


def test_what_is_encoded_in_a_cell_is_shown_plainly_or_not_at_all() -> None:
    packed = base64.b64encode(b"Ola Rusk was here").decode()
    wide = base64.b64encode("Ola Rusk was here".encode("utf-16-le")).decode()
    picture = base64.b64encode(bytes(range(256))).decode()
    source = (
        f'A,B\n"{{""who"": ""\\u004fla"", ""x"": ""{packed}""}}",{packed}\n{wide},{picture}\n{packed.encode().hex()},ABCDEF12\n'
    )
    reading = CSV.read(source.encode())
    assert flatten(reading.content).text.reveal() == (
        f'| A | B | \n| {{"who": "Ola", "x": "{WITHHELD}"}} | {WITHHELD} | \n| {WITHHELD} | {WITHHELD} | \n| {WITHHELD} | ABCDEF12 | '
    )
    assert "Ola Rusk was here" in [h.text.reveal() for h in reading.hidden]


@pytest.mark.parametrize(
    "text",
    [
        "Under Achieving Best Evidence guidance and the Youth Justice and Criminal Evidence Act 1999",
        "20110304-0000000001234567",
        "https://www.example.org/council/minutes/2011/03",
        "Larkspur",
        "ABCD1234EFGH5678",
    ],
)
def test_words_and_numbers_are_not_taken_for_encoded_values(text: str) -> None:
    assert flat(f"A,B\n{text},x\n".encode()) == f"| A | B | \n| {text} | x | "


def test_an_encoded_value_over_several_lines_is_withheld() -> None:
    packed = base64.encodebytes(b"Ola Rusk was here and so was everybody else of the family that day.").decode().strip()
    assert "\n" in packed and flat(f'A,B\n"{packed}",x\n'.encode()) == f"| A | B | \n| {WITHHELD} | x | "


@pytest.mark.parametrize("text", ["=1+1", "+cmd|x", "-2+3+A1", "@SUM(A1)", "=HYPERLINK(1)", "+44 1632 960001"])
def test_no_cell_becomes_a_formula(text: str) -> None:
    assert CSV.write(table((text, "x"))) == f"'{text},x\r\n".encode()


@pytest.mark.parametrize("text", ["-5", "+3.5%", "-£1,200.50", "-", "–", "=", "2011-14"])
def test_numbers_and_marks_stay_as_they_are(text: str) -> None:
    assert CSV.write(table((text, "x"))).decode().rstrip().replace('"', "") == f"{text},x"


def test_any_content_can_be_written_as_rows() -> None:
    heading = Block(BlockKind.HEADING, ClearText("Visits"), level=1)
    item = Block(BlockKind.ITEM, ClearText("first, and last"), number=ClearText("1."))
    content = Content((heading, item, *table(("a", "b"), ("c\nd", "")).body))
    assert CSV.write(content) == b'Visits\r\n"1. first, and last"\r\n\r\na,b\r\n"c\nd",\r\n'
    assert TSV.write(content) == b'Visits\r\n1. first, and last\r\n\r\na\tb\r\n"c\nd"\t\r\n'


CELLS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Zs", "Cn", "Mn")), min_size=1, max_size=8)


@settings(max_examples=60)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=2, max_size=5))
def test_a_copy_reads_as_it_was_written(rows: list[tuple[str, str, str]]) -> None:
    once = CSV.read(CSV.write(table(("one", "two", "three"), *rows))).content
    assert CSV.read(CSV.write(once)).content == once


def test_bad_files_are_held() -> None:
    with pytest.raises(HeldError, match="more than 20,000 rows"):
        CSV.read(b"a,b\n" * (MAX_ROWS + 1))
    with pytest.raises(HeldError, match="damaged"):
        CSV.read(b'"' + b"a" * 1_100_000)
    with pytest.raises(HeldError, match="encoding"):
        CSV.read("Имя,Дата\nОльга Руск,1\n".encode("cp1251"))
