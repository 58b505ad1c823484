"""What is handed out beside the copies: made from a real run of the sample, opened in a real browser."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
import yaml
from click.testing import CliRunner

from redactor import recognizers
from redactor.actions import Summary, audit_report, audit_show, publish, schedule
from redactor.cli import cli
from redactor.errors import AuditError, UsageError
from redactor.handout import publication, report
from redactor.handout import schedule as rows_of
from redactor.recognizers import Engine
from tests.browser import opened

ROOT = Path(__file__).resolve().parent.parent
LARKSPUR = ROOT / "samples" / "operation-larkspur"
PROTECTED = [
    form
    for entry in yaml.safe_load((LARKSPUR / "case.yaml").read_text("utf-8"))["people"]
    for form in (entry["name"], *entry.get("aliases", ()))
    if " " in form
]


@pytest.fixture(scope="module", autouse=True)
def _loaded(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(tmp_path_factory.mktemp("keys")))
        patch.setattr(recognizers, "Engine", lambda: engine)
        yield


@pytest.fixture(scope="module")
def larkspur(_loaded: None, tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """The sample bundle, published once. Tests read it and leave it as it is."""
    return publish([LARKSPUR], tmp_path_factory.mktemp("out"))[0]


@pytest.fixture
def out(larkspur: Summary) -> Path:
    return Path(larkspur.folder)


# --- the public report


def test_the_report_opens_alone_and_in_silence(out: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    audit_report(out, page, "What was <masked>")
    with opened(page) as shown:
        text = shown.inner_text("body")
        assert shown.title() == "What was <masked>"
        assert shown.locator("article").count() == 6 and shown.locator("script").count() == 0
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    masked = audit_show(out, action="mask")
    assert f"{len(masked)}\n" in text and "anonymity for life of a complainant" in text
    assert "miss rate" in text and "stand outside a label" in text


def test_the_report_can_be_read_on_a_telephone(out: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    audit_report(out, page, "What was masked")
    with opened(page, 390) as shown:
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_handout_for_the_public_holds_a_protected_name(out: Path, tmp_path: Path) -> None:
    audit_report(out, tmp_path / "report.html", "What was masked")
    schedule(out, tmp_path / "schedule.csv", "Schedule", kept=True)
    said = (tmp_path / "report.html").read_text("utf-8") + (tmp_path / "schedule.csv").read_text("utf-8")
    assert PROTECTED and not [name for name in PROTECTED if name.casefold() in said.casefold()]


def test_no_report_is_made_of_what_does_not_verify(out: Path, tmp_path: Path) -> None:
    harmed = tmp_path / "harmed"
    shutil.copytree(out, harmed)
    copy = harmed / "publishable" / "documents" / "03-chronology.txt"
    copy.write_text(copy.read_text("utf-8").replace("2011", "2012", 1), "utf-8")
    with pytest.raises(AuditError) as fault:
        audit_report(harmed, tmp_path / "report.html", "What was masked")
    assert fault.value.findings == ["copy d03 differs"]
    assert not (tmp_path / "report.html").exists()


def test_nothing_is_written_into_a_publication(out: Path) -> None:
    with pytest.raises(UsageError, match="void it"):
        audit_report(out, out / "publishable" / "report.html", "What was masked")
    with pytest.raises(UsageError):
        schedule(out, out / "publishable" / "schedule.csv", "Schedule")


def test_labels_are_placed_and_words_counted() -> None:
    seen = {"event": "document-seen", "doc": "d01"}
    shown = {"event": "document-published", "doc": "d01", "path": "a.txt"}
    held = {"event": "document-held", "doc": "d02", "reason": "leak"}
    rows = [seen, shown, *(decision("d01", n) for n in range(2)), decision("d02", 5), held]
    found = publication(rows, {"d01": "[Survivor 4] rang the council. No one answered [Survivor 4]."}, "ab")
    one, two = found.documents
    assert (one.words, one.outside, one.masked) == (8, 6, 2)
    assert one.marks[0] == 0 and 0.7 < one.marks[1] < 0.9
    assert two.held and [t.masked for t in found.kinds] == [2]
    assert "withheld" in report([found], "Title", "00")


def decision(doc: str, number: int, **other: str) -> dict[str, str]:
    said = {"event": "decision", "doc": doc, "decision": f"{doc}-{number:04}", "kind": "name", "action": "mask"}
    return said | {"reason": "R-SOAA"} | other


# --- the schedule


def test_the_schedule_counts_what_the_log_says(out: Path, tmp_path: Path) -> None:
    made = schedule(out, tmp_path / "s.csv", "Schedule")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "s.csv").read_text("utf-8-sig"))))
    decided = audit_show(out, event="decision")
    assert len(rows) == made
    assert sum(int(r["times"]) for r in rows) == sum(d["action"] != "keep" for d in decided)
    orders = [r for r in rows if r["reason"] == "R-ORDER:ORD-1"]
    assert orders and {r["FOIA 2000"] for r in orders} == {"44, 32"}
    assert {r["FOIA 2000"] for r in rows if r["reason"] == "R-SOAA"} == {"44, 40(2)"}


def test_the_schedule_as_a_word_file_has_a_table_a_document(out: Path, tmp_path: Path) -> None:
    schedule(out, tmp_path / "s.docx", "Operation Larkspur: schedule", kept=True)
    document = docx.Document(str(tmp_path / "s.docx"))
    assert document.paragraphs[0].text == "Operation Larkspur: schedule" and len(document.tables) == 6
    assert [c.text for c in document.tables[0].rows[0].cells] == ["what", "action", "times", "reason", "meaning", "FOIA 2000"]
    assert any(c.text == "K-OFFICE" for t in document.tables for row in t.rows for c in row.cells)


def test_the_schedule_needs_no_key_and_only_known_endings(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "none"))
    assert schedule(out, tmp_path / "s.csv", "Schedule")
    with pytest.raises(UsageError, match=r"\.csv or a \.docx"):
        schedule(out, tmp_path / "s.pdf", "Schedule")


def test_a_decision_that_was_replaced_is_in_no_schedule() -> None:
    later = decision("d01", 9, action="keep", reason="K-OFFICE", replaces="d01-0001")
    assert rows_of([decision("d01", 1), later]) == []
    assert len(rows_of([decision("d01", 1), later], kept=True)) == 1


# --- the log on the screen


@pytest.mark.parametrize(
    ("shape", "has"), [("table", r"─{9}"), ("csv", r"(?m)^index,time,event,doc"), ("lines", "reason=R-SOAA")]
)
def test_the_log_is_shown_in_each_form(out: Path, shape: str, has: str) -> None:
    said = CliRunner().invoke(cli, ["audit", "show", str(out), "--reason", "R-SOAA", "--format", shape])
    assert said.exit_code == 0 and re.search(has, said.stdout) and "R-STAFF" not in said.stdout
