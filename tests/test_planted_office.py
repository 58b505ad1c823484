"""A person in each of 72 places of a workbook, 10 of a CSV file and 32 of a message, through a real `publish`; the search for
them is brute force of its own. And how much of an untouched document a copy holds."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from redactor import recognizers
from redactor.actions import Summary, publish
from redactor.formats.csv import CSV
from redactor.formats.mail import EML
from redactor.formats.xlsx import XLSX
from redactor.recognizers import Engine
from tests.planted import Planted, case_of, found_in, planted
from tests.planted_mail import CSV_PLACES, CSV_SHOWN, MAIL_PLACES, MAIL_SHOWN, planted_csv, planted_mail
from tests.planted_xlsx import BOOK, CELL, OTHER, PLACES, PROPS, SHEET, SHOWN, planted_xlsx

LABEL = re.compile(r"[\[(]Survivor \d+[\])]")


@dataclass(frozen=True)
class Tried:
    summary: Summary
    persons: dict[str, Planted]
    files: dict[str, bytes]


PERSONS = planted([*PLACES, *CSV_PLACES, *MAIL_PLACES])


@pytest.fixture(scope="module")
def tried(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    bundle = tmp_path_factory.mktemp("bundles") / "planted"
    bundle.mkdir()
    (bundle / "book.xlsx").write_bytes(planted_xlsx(PERSONS))
    (bundle / "list.csv").write_bytes(planted_csv(PERSONS))
    (bundle / "mail.eml").write_bytes(planted_mail(PERSONS))
    (bundle / "case.yaml").write_text(case_of(PERSONS), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(tmp_path_factory.mktemp("keys")))
        patch.setattr(recognizers, "Engine", lambda _by: engine)
        summary = publish([bundle], tmp_path_factory.mktemp("out"))[0]
    folder = Path(summary.folder) / "publishable"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    yield Tried(summary, PERSONS, files)


def test_every_place_is_planted_and_the_search_finds_each() -> None:
    assert [len(group) for group in (CELL, SHEET, BOOK, PROPS, OTHER)] == [18, 22, 22, 7, 3]
    assert (len(PLACES), len(CSV_PLACES), len(MAIL_PLACES)) == (72, 10, 32)
    book, table, mail = planted_xlsx(PERSONS), planted_csv(PERSONS), planted_mail(PERSONS)
    assert set(PLACES) - found_in(book, PERSONS).keys() == {"pixels"}
    assert set(CSV_PLACES) == found_in(table, PERSONS).keys()
    message = email.message_from_bytes(mail, policy=email.policy.default)
    bodies = [part.get_payload(decode=True) for part in message.walk()]
    within = b"\n".join(body for body in bodies if isinstance(body, bytes))
    assert set(MAIL_PLACES) - found_in(mail, PERSONS).keys() == {"mail_subject_q", "mail_docx"}
    assert "mail_docx" in found_in(within, PERSONS) and "mail_subject_q" in found_in(message["Subject"].encode(), PERSONS)


def test_nobody_is_in_a_copy_the_log_or_the_summary(tried: Tried) -> None:
    held = {d.id for d in tried.summary.documents if d.state != "publishable"}
    assert held == {"d03.3", "d03.5", "d03.6", "d03.7", "d03.8"}  # a binary, ics, vcf, tnef, a picture without words
    endings = Counter(Path(name).suffix for name in tried.files)
    assert endings == {".xlsx": 1, ".csv": 2, ".eml": 2, ".txt": 1, ".docx": 1, ".json": 1, ".jsonl": 1}
    found = {name: found_in(data + name.encode(), tried.persons) for name, data in tried.files.items()}
    assert not any(found.values()), found
    assert not found_in(json.dumps(tried.summary.as_dict()).encode(), tried.persons)


def test_everything_a_reader_sees_of_the_workbook_is_there(tried: Tried) -> None:
    book = load_workbook(io.BytesIO(tried.files["documents/book.xlsx"]))
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    text = "\n".join([*book.sheetnames, *cells])
    for words in (
        "The officers came at noon.",
        "The council answered.",
        "Notes on the visits",
        "Seen",
        "12",
        "#REF!",
        "Girls",
        "Beside: ",
    ):
        assert words in text
    assert len(set(re.findall(r"Survivor \d+", text))) == len(SHOWN)
    beside = tried.files["documents/book.csv"].decode()
    assert len(set(re.findall(r"Survivor \d+", beside))) == len(SHOWN)
    assert next(row for row in csv.reader(io.StringIO(beside)) if "The officers came at noon." in row)[1] == "12"


def test_everything_a_reader_sees_of_the_table_is_there(tried: Tried) -> None:
    text = tried.files["documents/list.csv"].decode()
    rows = list(csv.reader(io.StringIO(text)))
    assert len(set(LABEL.findall(text))) == len(CSV_SHOWN)
    assert all(
        words in text for words in ("# exported by", "and the officers left.", "End of file for", "[encoded value withheld]")
    )
    assert not any(cell.startswith("=") for row in rows for cell in row)
    names = next(row for row in rows if row and row[-1].endswith("and the officers left."))
    assert names[0] == names[1] and LABEL.fullmatch(names[0])


def test_everything_a_reader_sees_of_the_message_is_there(tried: Tried) -> None:
    mail = email.message_from_bytes(tried.files["documents/mail.eml"], policy=email.policy.default)
    text = "\n".join([*(str(mail[name]) for name in ("From", "To", "Cc", "Subject", "Date")), mail.get_content()])
    assert len(set(LABEL.findall(text))) == len(MAIL_SHOWN)
    assert all(f"d03.{n}: " in text for n in range(1, 9)) and "winmail.dat" in text
    assert "Thu, 04 Mar 2010 10:11:00" in text
    for words in (
        "Dear all,",
        "came on Monday.",
        "left the house.",
        "> On Sunday we wrote",
        "The second note names",
        "by the program.",
    ):
        assert words in text
    within = {name: data for name, data in tried.files.items() if "/mail.eml-files/" in name}
    assert len(within) == 3 and any(b"A note about [Survivor" in data for data in within.values())


PROSE = (Path(__file__).parent.parent / "samples" / "operation-larkspur").rglob("*.txt")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def preserved(source: str, copy: str) -> float:
    """The share of the source's words that the copy holds, each as often."""
    wanted = Counter(words(source))
    return (wanted & Counter(words(copy))).total() / wanted.total()


def test_untouched_documents_keep_their_words() -> None:
    lines = [line.strip() for path in PROSE for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    assert len(lines) > 30
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for at, line in enumerate(lines):
        sheet.append([at * 7, "'" + line if line.startswith("=") else line, "é £5 “quoted”"])
    out = io.BytesIO()
    book.save(out)
    again = load_workbook(io.BytesIO(XLSX.write(XLSX.read(out.getvalue()).content)))
    cells = "\n".join(str(c.value) for s in again for row in s.iter_rows() for c in row)
    source = "\n".join(f"{at * 7} {line} é £5 “quoted”" for at, line in enumerate(lines))
    assert preserved(source, cells) >= 0.995

    table = io.StringIO()
    csv.writer(table, delimiter=";").writerows([at * 7, line, "é £5 “quoted”"] for at, line in enumerate(lines))
    copy = CSV.write(CSV.read(table.getvalue().encode()).content).decode()
    assert preserved(source, "\n".join(" ".join(row) for row in csv.reader(io.StringIO(copy)))) >= 0.995

    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["Subject"] = "Ola Rusk <ola@example.org>", "é £5 “quoted”"
    mail.set_content("\n\n".join(lines))
    made = email.message_from_bytes(EML.write(EML.read(mail.as_bytes()).content), policy=email.policy.default)
    text = f"{made['From']} {made['Subject']} {made.get_content()}"
    assert preserved("\n".join(["Ola Rusk ola@example.org é £5 quoted", *lines]), text) >= 0.995
