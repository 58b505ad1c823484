"""The intake report: what stood hidden in the sources, as kinds and counts, in the log and to the person at the keyboard."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from docx.oxml import parse_xml

from redactor.actions import Found, Summary, audit_show, audit_verify, intake, publish
from redactor.actions.intake import found_in, meaning
from redactor.cleartext import ClearText
from redactor.cli import cli
from redactor.cli.summary import in_words
from redactor.content import Content
from redactor.errors import UsageError
from redactor.model import Document, Hidden

pytestmark = pytest.mark.usefixtures("loaded")  # the session's models, keys of its own

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CASE = "people: [{name: Blythe Tranter, role: survivor}]\n"
PLAIN = "The council met in public. Its report was read by the clerk and the meeting was closed at noon.\n"


def marked_up() -> bytes:
    """A Word file with a comment and two deletions by a named reviewer."""
    document = docx.Document()
    paragraph = document.add_paragraph(PLAIN)
    for words in ("Blythe Tranter said no.", "She said it twice."):
        paragraph._p.append(
            parse_xml(f"<w:del {W} w:id='7' w:author='Wilmot Tranter'><w:r><w:delText>{words}</w:delText></w:r></w:del>")
        )
    document.core_properties.author = "Wilmot Tranter"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def summary(loaded: None, tmp_path_factory: pytest.TempPathFactory) -> Summary:
    folder = tmp_path_factory.mktemp("bundles") / "visit"
    folder.mkdir()
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    (folder / "a.docx").write_bytes(marked_up())
    (folder / "b.txt").write_text(PLAIN, encoding="utf-8")
    return publish([folder], tmp_path_factory.mktemp("out"))[0]


def test_the_report_counts_what_stood_hidden_and_says_what_it_is(summary: Summary) -> None:
    [report] = intake(Path(summary.folder))
    rows = {row.code: row for row in report.found}
    assert {row.doc for row in report.found} == {"d01"}
    assert rows["tracked deletion"] == Found("d01", "hidden", "tracked deletion", 2, "text deleted while changes were tracked")
    assert rows["tracked change author"].number == 1 and rows["property"].number >= 1
    assert next(iter(rows)) == "tracked deletion"  # what matters most comes first
    assert report.found == summary.intake


def test_the_report_is_public_signed_and_without_words_of_the_document(summary: Summary) -> None:
    log = (Path(summary.folder) / "publishable" / "audit.jsonl").read_text(encoding="utf-8")
    events = [json.loads(line) for line in log.splitlines() if '"event":"intake"' in line]
    assert {tuple(sorted(event)) for event in events} == {("at", "doc", "event", "found", "index", "previous", "sort", "times")}
    assert not {"Tranter", "Wilmot", "twice"} & set(log.replace('"', " ").split())
    assert audit_verify(Path(summary.folder))
    row = next(row for row in audit_show(Path(summary.folder), kind="intake") if row["found"] == "tracked deletion")
    assert row["count"] == 2


def test_one_document_at_a_time(summary: Summary) -> None:
    assert intake(Path(summary.folder), "d01")[0].found == summary.intake
    assert intake(Path(summary.folder), "d02")[0].found == ()
    with pytest.raises(UsageError):
        intake(Path(summary.folder), "d77")


def test_the_command_prints_a_table_or_json(summary: Summary) -> None:
    said = CliRunner().invoke(cli, ["intake", summary.folder]).stdout
    assert "      2  tracked deletion" in said and "text deleted while changes were tracked" in said
    nothing = CliRunner().invoke(cli, ["intake", summary.folder, "--doc", "d02"])
    assert (nothing.exit_code, nothing.stdout) == (0, "visit: nothing stood hidden in the sources\n")
    found = json.loads(CliRunner().invoke(cli, ["intake", summary.folder, "--json"]).stdout)["bundles"][0]["found"]
    assert found[0]["code"] == "tracked deletion" and found[0]["number"] == 2


def test_the_summary_is_short_about_it(summary: Summary) -> None:
    said = in_words([summary])
    assert "Hidden in the sources and left out: " in said and "in 1 document (tracked deletion 2, " in said
    assert "redactor intake OUT" in said


def test_a_warning_is_said_once_for_all_its_documents(summary: Summary) -> None:
    rows = tuple(row for n in range(7) for row in found_in(replace(document((), ("macros",)), id=f"d{n:02}")))
    said = in_words([replace(summary, intake=rows)])
    assert "  Source of d00, d01, d02, d03, d04 and 2 more: it holds macros, which are dropped.\n" in said


def document(places: tuple[str, ...], warnings: tuple[str, ...]) -> Document:
    return Document(
        "d01", ClearText("a.pdf"), "x", Content(()), tuple(Hidden(p, ClearText(str(n))) for n, p in enumerate(places)), warnings
    )


def test_a_warning_comes_before_what_stood_hidden_and_is_explained() -> None:
    found = found_in(document(("property", "comment", "property"), ("text-under-box", "text-under-box")))
    assert [(row.sort, row.code, row.number) for row in found] == [
        ("warning", "text-under-box", 1),
        ("hidden", "comment", 1),
        ("hidden", "property", 2),
    ]
    assert "redacted badly" in meaning("warning", "text-under-box")


def test_what_is_no_code_is_counted_and_never_repeated() -> None:
    found = found_in(document(("Blythe Tranter", "sheet 'Blythe'", "hidden sheet"), ("Wilmot rang",)))
    assert {(row.sort, row.code, row.number) for row in found} == {
        ("warning", "other", 1),
        ("hidden", "other", 2),
        ("hidden", "hidden sheet", 1),
    }
