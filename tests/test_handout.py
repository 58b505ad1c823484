"""What is handed out beside the copies: made from a real run of the sample, opened in a real browser."""

from __future__ import annotations

import base64
import csv
import io
import re
import shutil
import stat
from pathlib import Path

import docx
import pytest
import yaml
from click.testing import CliRunner

from redactor import formats, handout
from redactor.actions import Summary, audit_report, audit_show, pack, publish, restricted, schedule
from redactor.actions.packs import known_persons
from redactor.cleartext import ClearText
from redactor.cli import cli
from redactor.content import Block, BlockKind, Content, flatten
from redactor.errors import AuditError, KeyFault, LeakError, UsageError
from redactor.handout import publication, report
from redactor.handout import schedule as rows_of
from tests.browser import opened

pytestmark = pytest.mark.usefixtures("loaded")  # the session's models, keys of its own

ROOT = Path(__file__).resolve().parent.parent
LARKSPUR = ROOT / "samples" / "operation-larkspur"
PROTECTED = [
    form
    for entry in yaml.safe_load((LARKSPUR / "case.yaml").read_text("utf-8"))["people"]
    for form in (entry["name"], *entry.get("aliases", ()))
    if " " in form
]


@pytest.fixture(scope="module")
def larkspur(loaded: None, tmp_path_factory: pytest.TempPathFactory) -> Summary:
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


# --- the consultation pack


def text_of(path: Path) -> str:
    return flatten(formats.reopen(path)).text.reveal()


def label_of(out: Path, name: str) -> str:
    return next(p.label for p in known_persons(out) if name in {n.reveal() for n in p.names})


@pytest.mark.parametrize("ending", ["docx", "html", "pdf"])
def test_the_pack_of_a_survivor_names_nobody(out: Path, tmp_path: Path, ending: str) -> None:
    made = pack(out, "Grace Ellerby", tmp_path / f"pack.{ending}")
    text = text_of(tmp_path / f"pack.{ending}")
    assert made.label == label_of(out, "Grace Ellerby") and made.label in text
    assert made.passages > 5 and made.documents == 6
    assert not [name for name in PROTECTED if name.casefold() in text.casefold()]
    assert stat.S_IMODE((tmp_path / f"pack.{ending}").stat().st_mode) == 0o600


def test_a_pack_holds_the_passages_about_one_person_and_no_others(out: Path, tmp_path: Path) -> None:
    pack(out, label_of(out, "Lottie Garside"), tmp_path / "pack.html")
    text = text_of(tmp_path / "pack.html")
    assert "stays with foster carers" in text
    assert "front desk" not in text and "changes school" not in text  # the lines of others in the same table


def test_the_persons_own_name_stands_on_the_cover_only_if_asked(out: Path, tmp_path: Path) -> None:
    pack(out, "Grace Ellerby", tmp_path / "pack.docx", named=True)
    text = text_of(tmp_path / "pack.docx")
    assert text.count("Grace Ellerby") == 1 and text.index("Grace Ellerby") < 40
    assert not [name for name in PROTECTED if name != "Grace Ellerby" and name.casefold() in text.casefold()]


def test_the_pack_of_somebody_criticised_has_the_passages_that_name_them(out: Path, tmp_path: Path) -> None:
    made = pack(out, "Helen Arkwright", tmp_path / "pack.docx")
    text = text_of(tmp_path / "pack.docx")
    assert made.label == "" and text.startswith("Passages about") and "Arkwright" in text and made.passages >= 5
    assert not [name for name in PROTECTED if name.casefold() in text.casefold()]


def test_a_pack_that_would_name_somebody_else_is_not_made(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault planted in the room that picks passages: the look at the pack does not trust it."""
    honest = handout.passages

    def leaky(doc: str, content: Content, subject: handout.Subject) -> list[handout.Passage]:
        planted = handout.Passage(doc, 1, "", Block(BlockKind.PARAGRAPH, ClearText("Lottie Garside rang again.")))
        return [*honest(doc, content, subject), planted]

    monkeypatch.setattr(handout, "passages", leaky)
    with pytest.raises(LeakError) as fault:
        pack(out, "Grace Ellerby", tmp_path / "pack.docx")
    assert "Garside" not in str(fault.value) and not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ["docx", "html"])
def test_a_pack_whose_writer_leaks_is_not_made(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    honest = formats.write

    def leaky(content: Content, media: str, target: Path) -> None:
        more = (Block(BlockKind.PARAGRAPH, ClearText("Lottie")),) if content.body else ()
        honest(Content((*content.body, *more)), media, target)

    monkeypatch.setattr(formats, "write", leaky)
    with pytest.raises(LeakError):
        pack(out, "Grace Ellerby", tmp_path / f"pack.{ending}")
    assert not list(tmp_path.iterdir())


def test_a_pack_needs_the_key_and_a_person_of_the_bundle(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="Nobody of this label") as fault:
        pack(out, "Winifred Nobody", tmp_path / "pack.docx")
    assert "Winifred" not in str(fault.value)
    with pytest.raises(UsageError, match=r"\.docx, \.html or \.pdf"):
        pack(out, "Grace Ellerby", tmp_path / "pack.txt")
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "none"))
    with pytest.raises((KeyFault, AuditError)):
        pack(out, "Grace Ellerby", tmp_path / "pack.docx")


def test_no_pack_is_made_where_labels_tell_nobody_apart(tmp_path: Path) -> None:
    folder = tmp_path / "visit"
    folder.mkdir()
    (folder / "case.yaml").write_text("people: [{name: Blythe Tranter, role: survivor}, {name: Orla Fenn, role: survivor}]\n")
    (folder / "note.txt").write_text("Blythe Tranter rang the council.\n\nOrla Fenn wrote to the council in the spring.\n")
    made = publish([folder], tmp_path / "out", policy="strict")[0]
    with pytest.raises(UsageError, match="several people have one label"):
        pack(Path(made.folder), "Orla Fenn", tmp_path / "pack.docx")


def test_prose_that_goes_on_with_a_pronoun_belongs_to_the_passage() -> None:
    said = ("[Survivor 4] rang.", "She was not heard.", "Nor did she write.", "[Survivor 40] rang.", "She waited.")
    content = Content(tuple(Block(BlockKind.PARAGRAPH, ClearText(text)) for text in said))
    found = handout.passages("d01", content, handout.Subject("[Survivor 4]"))
    assert [p.paragraph for p in found] == [1, 2]


# --- the restricted report

PHRASE = "four plain wooden chairs"


@pytest.fixture(scope="module")
def locked(larkspur: Summary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = tmp_path_factory.mktemp("reading") / "reading.html"
    assert restricted(Path(larkspur.folder), LARKSPUR, page, PHRASE, "Larkspur, restricted") == 6
    return page


def test_the_restricted_report_holds_nothing_in_clear(locked: Path) -> None:
    data = locked.read_bytes().lower()
    # a shorter word may stand in random letters by chance, or be one of the page's own ("will")
    words = {w for name in PROTECTED for w in (name, *name.split()) if len(w) > 6} | {"Larkspur", "Hallowdene", "TC/48213"}
    for word in words:
        for way in (word.encode(), base64.b64encode(word.encode())[:-2], word.encode("utf-16-le")):
            assert way.lower() not in data
    assert stat.S_IMODE(locked.stat().st_mode) == 0o600 and [p.name for p in locked.parent.iterdir()] == ["reading.html"]


def test_it_opens_with_the_passphrase_and_with_no_other(locked: Path) -> None:
    with opened(locked, 1280) as shown:
        assert shown.title() == "Restricted report"
        shown.fill("#passphrase", "four plain wooden stools")
        shown.keyboard.press("Enter")
        shown.wait_for_selector("#told:has-text('does not open')")
        assert shown.locator("#inside main").count() == 0
        shown.fill("#passphrase", f" {PHRASE}")
        shown.keyboard.press("Enter")
        shown.wait_for_selector("#inside main")
        text = shown.inner_text("#inside")
        assert "Grace Ellerby" in text and "Larkspur, restricted" in text and "anonymity for life" not in shown.title()
        mark = shown.locator("mark[title*='R-ORDER']").first
        assert "names masked. R-ORDER:ORD-1: order of a court or inquiry. Rule" in (mark.get_attribute("title") or "")
        assert shown.locator("table.sides").count() == 6 and shown.locator("table.sides tr").count() > 60
        assert shown.title() == "Restricted report" and shown.input_value("#passphrase") == ""
        shown.keyboard.press("Enter")  # the button that closes has the focus
        assert shown.locator("#inside main").count() == 0 and shown.is_visible("#passphrase")


def test_a_changed_byte_does_not_open(locked: Path, tmp_path: Path) -> None:
    text = locked.read_text("utf-8")
    at = text.index('data-nonce="') + 400
    harmed = tmp_path / "harmed.html"
    harmed.write_text(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :], "utf-8")
    with opened(harmed) as shown:
        shown.fill("#passphrase", PHRASE)
        shown.keyboard.press("Enter")
        shown.wait_for_selector("#told:has-text('does not open')")


def test_words_of_a_source_are_never_markup(tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)> & <b>Winifred</b>"
    choice = handout.Choice(0, len(evil), "name", "mask", "R-SOAA", "base:roles.survivor", "tool", '"><i>')
    pair = handout.Pair("d01", ClearText("<i>.txt"), ClearText(evil), ClearText("[Survivor 4]"), (choice,))
    inside = handout.restricted([pair], [handout.Who("[Survivor 4]", "survivor", ("<b>W</b>",))], "<u>", "base", "2030-01-01")
    assert not re.search(r"<(img|b|i|u)\b", inside.replace('<i class="', ""))
    page = tmp_path / "page.html"
    page.write_bytes(handout.locked(inside, PHRASE))
    with opened(page) as shown:
        shown.fill("#passphrase", PHRASE)
        shown.keyboard.press("Enter")
        shown.wait_for_selector("#inside main")
        assert evil in shown.inner_text("#inside") and shown.locator("#inside img").count() == 0


@pytest.mark.parametrize("phrase", ["", "short", "aaaaaaaaaaaaaaaaaaaa", "           a"])
def test_a_weak_passphrase_is_refused(out: Path, tmp_path: Path, phrase: str) -> None:
    with pytest.raises(UsageError, match="too short"):
        restricted(out, LARKSPUR, tmp_path / "reading.html", phrase, "Title")
    assert not list(tmp_path.iterdir())


def test_it_is_refused_without_the_key_and_for_other_sources(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "operation-larkspur"
    shutil.copytree(LARKSPUR, other)
    with (other / "03-chronology.txt").open("a", encoding="utf-8") as file:
        file.write("One line more.\n")
    with pytest.raises(UsageError, match="not those that were published"):
        restricted(out, other, tmp_path / "reading.html", PHRASE, "Title")
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "none"))
    with pytest.raises((KeyFault, AuditError)):
        restricted(out, LARKSPUR, tmp_path / "reading.html", PHRASE, "Title")
    assert not (tmp_path / "reading.html").exists()
    assert not list((out / "restricted").glob("work-*"))


# --- the log on the screen


@pytest.mark.parametrize(
    ("shape", "has"), [("table", r"─{9}"), ("csv", r"(?m)^index,time,event,doc"), ("lines", "reason=R-SOAA")]
)
def test_the_log_is_shown_in_each_form(out: Path, shape: str, has: str) -> None:
    said = CliRunner().invoke(cli, ["audit", "show", str(out), "--reason", "R-SOAA", "--format", shape])
    assert said.exit_code == 0 and re.search(has, said.stdout) and "R-STAFF" not in said.stdout
