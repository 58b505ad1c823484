"""People from real spreadsheets, made here with openpyxl as Excel would save them. Everybody is invented."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from redactor.case import EMPTY_CASE, Case, Known, PublicFigure
from redactor.case_people import case_with_people
from redactor.case_sheets import MAX_ROWS
from redactor.errors import CaseError
from redactor.model import Role

HEAD = ["Name", "Aliases", "Role", "Documents", "Office", "Basis", "Waiver", "Notes"]
ROWS: list[list[Any]] = [
    ["Orla Wexcombe", "Orly; O. Wexcombe", "Survivor", None, None, None, None, "seen twice"],
    ["ARKLE, Edna", "Cllr Arkle\nMrs Arkle", "public figure", None, "leader of the council", "elected", None, None],
    [None] * 8,
    ["Basil Quist", None, "Convicted", None, None, "Sheffield Crown Court 2016", None, None],
    ["Jo Lane", None, "survivor", None, None, None, "signed form of 6 May 2019", None],
    ["Ella", None, "pseudonym", None, None, "chosen for publication", None, None],
    ["Ada Thorne", "-", "police_officer", "d01; note.txt", None, None, "no", None],
    ["Nils Berg", None, None, None, None, None, None, None],
]


def book(path: Path, *sheets: list[list[Any]], hidden: tuple[int, ...] = ()) -> Path:
    made = Workbook()
    del made[made.sheetnames[0]]
    for number, rows in enumerate(sheets):
        sheet = made.create_sheet(f"sheet {number}")
        for row in rows:
            sheet.append(row)
        if number in hidden:
            sheet.sheet_state = "hidden"
    made.save(path)
    return path


def shown(case: Case) -> dict[str, list[tuple[Any, ...]]]:
    return {
        "people": [(p.role, *(f.reveal() for f in p.forms), *(d.reveal() for d in p.documents)) for p in case.people],
        "figures": [(p.role, *(f.reveal() for f in p.forms), p.office, p.basis) for p in case.public_figures],
        "waivers": [(*(f.reveal() for f in p.forms), p.basis) for p in case.waivers],
        "pseudonyms": [(*(f.reveal() for f in p.forms), p.basis) for p in case.pseudonyms],
    }


EXPECTED = {
    "people": [
        (Role.SURVIVOR, "Orla Wexcombe", "Orly", "O. Wexcombe"),
        (Role.OFFICER, "Ada Thorne", "d01", "note.txt"),
        (Role.UNKNOWN, "Nils Berg"),
    ],
    "figures": [
        (Role.PUBLIC_FIGURE, "ARKLE, Edna", "Cllr Arkle", "Mrs Arkle", "leader of the council", "elected"),
        (Role.CONVICTED, "Basil Quist", "", "convicted Sheffield Crown Court 2016"),
    ],
    "waivers": [("Jo Lane", "signed form of 6 May 2019")],
    "pseudonyms": [("Ella", "chosen for publication")],
}


def test_every_kind_of_row_becomes_the_entry_it_says(tmp_path: Path) -> None:
    case = case_with_people(EMPTY_CASE, [book(tmp_path / "nominals.xlsx", [HEAD, *ROWS])])
    assert shown(case) == EXPECTED


@pytest.mark.parametrize(
    ("name", "delimiter", "encoding"),
    [("a.csv", ",", "utf-8"), ("a.csv", ";", "utf-8-sig"), ("a.csv", ",", "cp1252"), ("a.tsv", "\t", "utf-16")],
)
def test_a_text_table_says_the_same(tmp_path: Path, name: str, delimiter: str, encoding: str) -> None:
    text = "".join(delimiter.join(f'"{c or ""}"' for c in row) + "\r\n" for row in [HEAD, *ROWS])
    (tmp_path / name).write_bytes(text.encode(encoding))
    assert shown(case_with_people(EMPTY_CASE, [tmp_path / name])) == EXPECTED


def test_accents_of_excels_own_csv_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("name;role\nZoë Müller;witness\n".encode("cp1252"))
    assert case_with_people(EMPTY_CASE, [tmp_path / "a.csv"]).people[0].name.reveal() == "Zoë Müller"


def test_surname_and_forename_and_rank_are_put_together(tmp_path: Path) -> None:
    rows = [["Rank", "Surname", "First name(s)", "A.K.A.", "ROLE "], ["PC", "Cross", "Ian", "Crossy", "Officer"]]
    known = case_with_people(EMPTY_CASE, [book(tmp_path / "a.xlsx", rows)]).people[0]
    assert [f.reveal() for f in known.forms] == ["PC Ian Cross", "Ian Cross", "Crossy"]


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("Victim", Role.SURVIVOR),
        ("mother of V1", Role.FAMILY),
        ("Suspect (NFA)", Role.SUSPECT),
        ("social worker", Role.PROFESSIONAL),
        ("DC", Role.OFFICER),
        ("Not known", Role.UNKNOWN),
    ],
)
def test_a_role_is_read_as_teams_write_it(tmp_path: Path, words: str, role: Role) -> None:
    rows = [["name", "role"], ["Orla Wexcombe", words]]
    assert case_with_people(EMPTY_CASE, [book(tmp_path / "a.xlsx", rows)]).people[0].role is role


def test_an_order_overrules_a_row(tmp_path: Path) -> None:
    case = Case.model_validate({"orders": [{"persons": ["Orla Wexcombe"]}]})
    rows = [["name", "role"], ["Orla Wexcombe", "public figure"]]
    merged = case_with_people(case, [book(tmp_path / "a.xlsx", rows)])
    assert merged.public_figures == () and merged.people[0].overruled == "order"


def test_every_visible_sheet_is_read_and_no_hidden_one(tmp_path: Path) -> None:
    one, two, three = ([["name"], [name]] for name in ("Orla Wexcombe", "Nils Berg", "Ada Thorne"))
    path = book(tmp_path / "a.xlsx", one, [], two, three, hidden=(3,))
    assert [p.name.reveal() for p in case_with_people(EMPTY_CASE, [path]).people] == ["Orla Wexcombe", "Nils Berg"]


def test_a_row_hidden_by_a_filter_is_still_a_person(tmp_path: Path) -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (["name", "role"], ["Orla Wexcombe", "survivor"], ["Nils Berg", "witness"]):
        sheet.append(row)
    sheet.auto_filter.ref = "A1:B3"
    sheet.row_dimensions[2].hidden = True
    sheet.add_data_validation(DataValidation(type="list", formula1='"survivor,witness"'))
    made.save(tmp_path / "a.xlsx")
    assert len(case_with_people(EMPTY_CASE, [tmp_path / "a.xlsx"]).people) == 2


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["name", "role"], ["Orla Wexcombe", "boss"]], "row 2: role: not one that is known"),
        ([["name", "shoe size"], ["Orla Wexcombe", "4"]], "row 1: the heading of column 2 is not known"),
        ([["name", "name"], ["Orla Wexcombe", ""]], "row 1: column 2 repeats"),
        ([["role"], ["survivor"]], "row 1: no column is headed name"),
        ([["Orla Wexcombe", "survivor"]], "row 1: the heading of column 1 is not known"),
        ([["name", "role"], ["", "survivor"]], "row 2: no name"),
        ([["name", "role"], ["--", "survivor"]], "row 2: no name"),
        ([["name", None], ["Orla Wexcombe", "survivor"]], "row 2: a cell stands under no heading"),
        ([["name", "role"], ["Orla Wexcombe", "survivor", "Leeds"]], "row 2: a cell stands under no heading"),
        ([["name", "role"]], "lists nobody"),
        ([[]], "lists nobody"),
        ([["name", "waiver"], ["Orla Wexcombe", "yes"]], "row 2: waiver: its basis is missing"),
        ([["name", "role"], ["Orla Wexcombe", "waived"]], "row 2: waiver: its basis is missing"),
        ([["name", "role", "waiver"], ["Orla Wexcombe", "child", "form of 6 May"]], "row 2: waiver: only a survivor"),
        ([["name", "role", "basis"], ["Orla Wexcombe", "public figure", "was convicted"]], "row 2: role: office or basis"),
        ([["name", "role"], ["Orla Wexcombe", "survivor"], ["Wexcombe, Orla", "public figure"]], "row 3: role: the case, or"),
        ([["name", "role"], ["=B2", "survivor"]], "row 2: a formula has no value"),
        ([["name", "role"], ["#N/A", "survivor"]], "row 2: a formula has no value"),
    ],
)
def test_what_cannot_be_used_is_told_by_row_and_never_by_name(tmp_path: Path, rows: list[list[Any]], said: str) -> None:
    with pytest.raises(CaseError) as fault:
        case_with_people(EMPTY_CASE, [book(tmp_path / "Orla Wexcombe.xlsx", rows)])
    assert said in str(fault.value)
    assert not {"Orla", "Wexcombe", "boss", "shoe", "Leeds"} & set(str(fault.value).replace(",", " ").replace(".", " ").split())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", b"PK\x03\x04 no archive"),
        ("a.xlsx", b"name,role\n"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600)),
        ("a.xls", b"anything"),
        ("a.ods", b"PK\x03\x04"),
        ("a.csv", b'name,role\n"Orla Wexcombe,survivor\n'),
        ("a.csv", b"\x81\x8d\x8f"),
        ("a.csv", b""),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CaseError) as fault:
        case_with_people(EMPTY_CASE, [tmp_path / name])
    assert "Wexcombe" not in str(fault.value)


def test_a_missing_file_and_one_of_many_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="does not exist"):
        case_with_people(EMPTY_CASE, [tmp_path / "a.xlsx"])
    (tmp_path / "a.csv").write_text("name\n" + "Orla Wexcombe\n" * MAX_ROWS)
    with pytest.raises(CaseError, match="rows"):
        case_with_people(EMPTY_CASE, [tmp_path / "a.csv"])


def test_a_workbook_that_unpacks_to_more_than_it_should_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", bytes(100_000))
    (tmp_path / "a.xlsx").write_bytes(data.getvalue())
    monkeypatch.setattr("redactor.case_sheets.MAX_UNPACKED", 50_000)
    with pytest.raises(CaseError, match="unpacked"):
        case_with_people(EMPTY_CASE, [tmp_path / "a.xlsx"])


CASE = Case.model_validate(
    {
        "people": [
            {"name": "Orla Wexcombe", "aliases": ["Orly"], "role": "survivor"},
            {"name": "Edna Arkle", "role": "survivor", "documents": ["d03"]},
        ],
        "public_figures": [{"name": "Edna Arkle", "office": "leader", "basis": "elected"}],
    }
)


def test_a_person_both_list_is_one_entry_and_the_case_keeps_its_words(tmp_path: Path) -> None:
    rows = [["name", "aliases", "role", "office"], ["wexcombe, orla", "Orly; O.W.", "survivor", ""]]
    rows += [["EDNA ARKLE", "Cllr Arkle", "public figure", "mayor"], ["Nils Berg", "", "witness", ""]]
    merged = case_with_people(CASE, [book(tmp_path / "a.xlsx", rows)])
    assert shown(merged)["people"] == [
        (Role.SURVIVOR, "Orla Wexcombe", "Orly", "wexcombe, orla", "O.W."),
        (Role.SURVIVOR, "Edna Arkle", "d03"),
        (Role.WITNESS, "Nils Berg"),
    ]
    assert shown(merged)["figures"] == [(Role.PUBLIC_FIGURE, "Edna Arkle", "Cllr Arkle", "leader", "elected")]
    assert isinstance(merged.people[0], Known) and isinstance(merged.public_figures[0], PublicFigure)


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (["Orla Wexcombe", "public figure", ""], "role"),
        (["Orla Wexcombe", "witness", ""], "role"),
        (["Orly", "pseudonym", ""], "role"),
        (["Edna Arkle", "survivor", "d04"], "documents"),
        (["Edna Arkle", "survivor", ""], "documents"),
    ],
)
def test_where_the_two_say_different_things_row_and_column_are_named(tmp_path: Path, row: list[str], key: str) -> None:
    path = book(tmp_path / "a.xlsx", [["name", "role", "documents"], ["Nils Berg", "witness", ""], row])
    with pytest.raises(CaseError, match=f"row 3: {key}: the case, or a row before") as fault:
        case_with_people(CASE, [path])
    assert not any(part in str(fault.value) for part in ("Orl", "Edna", "Arkle"))


def test_a_dual_role_needs_documents(tmp_path: Path) -> None:
    rows = [["name", "role", "documents"], ["Ada Thorne", "public figure", ""], ["Ada Thorne", "survivor", "d02"]]
    merged = case_with_people(EMPTY_CASE, [book(tmp_path / "a.xlsx", rows)])
    assert len(merged.people) == len(merged.public_figures) == 1


def test_several_files_add_up_and_are_told_apart_in_errors(tmp_path: Path) -> None:
    one = book(tmp_path / "a.xlsx", [["name", "role"], ["Orla Wexcombe", "survivor"]])
    two = book(tmp_path / "b.xlsx", [["name", "role"], ["Orla Wexcombe", "survivor"], ["Nils Berg", "witness"]])
    assert len(case_with_people(EMPTY_CASE, [one, two]).people) == 2
    bad = book(tmp_path / "c.xlsx", [["name", "role"], ["Nils Berg", "boss"]])
    with pytest.raises(CaseError, match="people file 2, sheet 1, row 2"):
        case_with_people(EMPTY_CASE, [one, bad])


def test_a_long_list_takes_no_long_time(tmp_path: Path) -> None:
    rows = [["name", "aliases", "role"], *([f"Person Nameless{n}", f"Alias{n}", "witness"] for n in range(3000))]
    assert len(case_with_people(EMPTY_CASE, [book(tmp_path / "a.xlsx", rows)]).people) == 3000
