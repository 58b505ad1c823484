"""Names told by the heading of their column, and one name over two columns: who is who in a table. Everybody is invented."""

# ruff: noqa: E501 - a table of cases is easier to read in long lines

from __future__ import annotations

import pytest

from redactor.case import Case
from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content, flatten
from redactor.model import Detection, Document, Finding, Kind, Resolution, Span
from redactor.people import resolve
from redactor.policy import load_policy
from redactor.recognizers.columns import in_columns


def table(*rows: str) -> str:
    return "\n".join(f"| {row} | " for row in rows)


def names(text: str) -> list[str]:
    return [text[f.start : f.end] for f in in_columns(text)]


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("Name", True), ("Child's name", True), ("child_name", True), ("Survivor", True), ("Name of worker", True), ("Forename", True),
        ("Known as", True), ("Place", False), ("Notes", False), ("School name", False), ("Operation", False),
    ],
)  # fmt: skip
def test_the_heading_tells(heading: str, found: bool) -> None:
    assert names(table(f"{heading} | Year", "Rook Lowry | 2011")) == (["Rook Lowry"] if found else [])


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        ("First name | Surname", "Rook | Lowry"),
        ("Surname | Forename(s)", "Lowry | Rook"),
        ("LastName | dob | FirstName", "Lowry | 2001 | Rook"),
        ("child_first_name | child_surname", "ROOK | LOWRY"),
        ("First | Last", "rook | lowry"),
        ("Given name | Middle name | Family name", "Rook | Ann | Lowry"),
    ],
)
def test_two_columns_are_one_name(headings: str, row: str) -> None:
    text = table(f"No | {headings}", f"1 | {row}")
    found = list(in_columns(text))
    assert {text[f.start : f.end].lower() for f in found} == {"rook", "lowry"} | ({"ann"} if "Ann" in row else set())
    assert len({code for f in found for code in f.attributes if code.startswith("of:")}) == 1
    assert all(f.score > 0.8 for f in found)


def test_each_pair_of_columns_and_each_row_by_itself() -> None:
    text = table(
        "Child first name | Child surname | Mother first name | Mother surname", "Rook | Lowry | Ola | Marl", "Wren | Holt | | "
    )
    codes = [[c for c in f.attributes if c.startswith("of:")] for f in in_columns(text)]
    assert len({c for row in codes for c in row}) == 3


@pytest.mark.parametrize("cell", ["unknown", "N/A", "Total", "12", "", "not given"])
def test_a_cell_that_names_nobody(cell: str) -> None:
    assert "Lowry" not in names(table("First name | Place", f"{cell} | Lowry"))
    assert [n for n in names(table("First name | Surname", f"{cell} | Lowry")) if n != "Lowry"] == []


def test_a_line_end_in_a_cell_ends_no_row() -> None:
    assert names(table("Notes | Name", "one\ntwo | Rook Lowry", "three | Ola Marl")) == ["Rook Lowry", "Ola Marl"]


def resolved(text: str) -> Resolution:
    block = Block(BlockKind.PARAGRAPH, ClearText(text))
    document = Document("d01", ClearText("a.csv"), "text/csv", Content((block,)))
    assert flatten(document.content).text.reveal() == text
    found = tuple(Finding("d01", Span(f.start, f.end), f.kind, f.score, "title", f.why, f.attributes) for f in in_columns(text))
    policy = load_policy("iopc-report")
    return resolve([document], {"d01": text}, {"d01": Detection("d01", found)}, Case(), policy)


def test_a_first_name_that_two_people_bear_is_who_its_row_says() -> None:
    text = table(
        "First name | Year | Surname",
        "Rook | 2011 | Lowry",
        "Rook | 2012 | Marl",
        "Hope | 2012 | Lowry",
        "Anna Wren | 2012 | Holt",
    )
    resolution = resolved(text)
    owners = {(text[r.mention.span.start : r.mention.span.end], r.mention.span.start): r.person for r in resolution.linked["d01"]}
    rows = [
        {owners[w, text.index(w, start)] for w in words}
        for start, words in (
            (text.index("Rook | 2011"), ("Rook", "Lowry")),
            (text.index("Rook | 2012"), ("Rook", "Marl")),
            (text.index("Hope"), ("Hope", "Lowry")),
            (text.index("Anna"), ("Anna Wren", "Holt")),
        )
    ]
    assert all(len(row) == 1 for row in rows) and len({p for row in rows for p in row}) == 4


def test_the_name_is_known_where_it_stands_whole() -> None:
    text = table("Surname | First name", "Lowry | Rook") + "\n\nWe saw Rook Lowry again."
    resolution = resolved(text)
    assert len({r.person for r in resolution.linked["d01"]}) == 1
    assert [text[r.mention.span.start : r.mention.span.end] for r in resolution.linked["d01"]] == ["Lowry", "Rook", "Rook Lowry"]


def test_a_table_as_markdown_writes_it() -> None:
    assert names("| Name | Role |\n|---|---|\n| Una Moss | clerk |") == ["Una Moss"]


@pytest.mark.parametrize(
    ("heading", "cell", "found"),
    [
        ("Ref", "QV-0114", True), ("Case no", "88231", True), ("URN", "ZX/7702/08", True), ("Our ref.", "QV 0114", True),
        ("Ref", "12", False), ("Ref", "2016", False), ("Ref", "see note", False), ("Item", "QV-0114", False), ("No", "88231", False),
    ],
)  # fmt: skip
def test_a_number_in_a_column_of_references(heading: str, cell: str, found: bool) -> None:
    told = [
        (f.kind, table(f"{heading} | Year", f"{cell} | 2011")[f.start : f.end])
        for f in in_columns(table(f"{heading} | Year", f"{cell} | 2011"))
    ]
    assert told == ([(Kind.ID, cell)] if found else [])
