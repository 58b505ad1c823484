"""What copies say together, from a run and again from OUT alone; intruder cards; orders and live proceedings end to end."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from redactor.actions import Asked, Combined, Summary, intruder_cards, jigsaw_findings, publish
from redactor.actions.jigsaw import _turned, with_findings
from redactor.actions.summary import At
from redactor.errors import AuditError, ExitCode, KeyFault, UsageError

pytestmark = pytest.mark.usefixtures("loaded")  # the session's models, keys of its own

ROOT = Path(__file__).resolve().parent.parent


REPORT = """# Report

Blythe Tranter, a daughter of the vicar, rang the police in Mansfield in 2011. She said: “I told them and told them and \
nobody wrote it down.” Colin Maddern was convicted in 2016 of offences against Blythe Tranter.

Five of the 40 girls were in care, and 2 of the 40 girls were abroad.
"""
LETTER = "To the council\n\nMy niece Blythe Tranter was not believed. I ask for an answer.\n\nWilmot Tranter\n"
EARLIER = "Colin Maddern, 51, was jailed. He was the uncle of the girl.\n"
CASE = """
title: Tranter
people: [{name: Blythe Tranter, role: survivor}, {name: Wilmot Tranter, role: family}]
public_figures: [{name: Colin Maddern, basis: convicted in 2016}]
publications: [{path: earlier.txt, date: 2016-05-04}, {text: "A man was jailed.", date: 2016-05-05}]
"""


def bundle(folder: Path, files: dict[str, str], case: str) -> Path:
    folder.mkdir(parents=True)
    for name, words in {**files, "case.yaml": case}.items():
        (folder / name).write_text(words, encoding="utf-8")
    return folder


def run(tmp_path: Path, files: dict[str, str], case: str, policy: str = "base") -> Summary:
    return publish([bundle(tmp_path / "tranter", files, case)], tmp_path / "out", policy=policy)[0]


@pytest.fixture(scope="module")
def tranter(loaded: None, tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return run(tmp_path_factory.mktemp("t"), {"report.md": REPORT, "letter.txt": LETTER, "earlier.txt": EARLIER}, CASE)


def text_of(summary: Summary, name: str) -> str:
    return (Path(summary.folder) / "publishable" / "documents" / name).read_text(encoding="utf-8")


def test_copies_read_again_from_out_say_what_they_said_at_the_run(tranter: Summary) -> None:
    (again,) = jigsaw_findings(Path(tranter.folder))
    assert again.findings == tranter.findings
    assert {"J06", "J25", "J30", "J31"} <= {f.rule for f in again.findings}
    assert (again.copies, again.publications, again.notes) == (2, 2, ())


def test_a_finding_says_where_and_what_would_settle_it(tranter: Summary) -> None:
    report = text_of(tranter, "report.md").split("\n\n")
    (known,) = [f for f in tranter.findings if f.rule == "J31"]
    assert known.label.startswith("[Survivor ") and known.places == len(known.at) == 1
    (at,) = known.at
    assert "daughter of the vicar" in report[at.paragraph - 1]
    (change,) = known.proposals
    assert (change.doc, change.paragraph, change.start) == (at.doc, at.paragraph, at.start)
    assert (change.kind, change.action, change.words) == ("distinctive", "mask", "[a detail withheld]")


def test_findings_are_questions_merged_by_person(tranter: Summary) -> None:
    questions = [q for q in tranter.questions if q.rules]
    about = {q.label or q.doc: q.rules for q in questions}
    label = next(f.label for f in tranter.findings if f.rule == "J31")
    assert about[label] == ("J30", "J31")
    assert "J25" in about[next(f.doc for f in tranter.findings if f.rule == "J25")]
    assert len({q.id for q in tranter.questions}) == len(tranter.questions)


def finding(rule: str, level: str, label: str = "", doc: str = "d01") -> Combined:
    return Combined(rule, level, label, doc, "x", "Do it.", (At(doc, 1, 0, 5),) if doc else ())


def test_one_question_for_a_person_who_is_asked_about_already() -> None:
    asked = (Asked("q001", "[Person 3]", "unknown", 4, 2), Asked("q002", "[Person 5]", "unknown", 1, 1))
    found = [
        finding("J12", "warn", "[Person 3]"),
        finding("J09", "block", "[Person 3]", "d02"),
        finding("J29", "warn", "[Survivor 8]"),
        finding("J32", "info", "[Survivor 9]"),
        finding("J25", "warn"),
        finding("R-CONTEMPT", "warn", doc=""),
    ]
    merged = with_findings(asked, found)
    assert [(q.id, q.label, q.doc, q.rules) for q in merged] == [
        ("q001", "[Person 3]", "", ("J09", "J12")),
        ("q002", "[Person 5]", "", ()),
        ("q003", "[Survivor 8]", "", ("J29",)),
        ("q004", "", "d01", ("J25",)),
        ("q005", "", "", ("R-CONTEMPT",)),
    ]


def test_another_policy_may_judge(tranter: Summary) -> None:
    (strict,) = jigsaw_findings(Path(tranter.folder), policy="strict")
    assert strict.policy == "strict"
    assert strict.exit_code is ExitCode.HELD
    assert {f.level for f in strict.findings if f.rule == "J25"} == {"block"}


def copied(summary: Summary, tmp_path: Path) -> Path:
    return Path(shutil.copytree(summary.folder, tmp_path / "tranter"))


def test_a_copy_that_was_changed_is_refused(tranter: Summary, tmp_path: Path) -> None:
    place = copied(tranter, tmp_path)
    path = place / "publishable" / "documents" / "report.md"
    path.write_text(path.read_text().replace("2011", "2012"))
    for act in (jigsaw_findings, intruder_cards):
        with pytest.raises(AuditError):
            act(place)


def test_findings_need_the_key_and_cards_do_not(tranter: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = copied(tranter, tmp_path)
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "nowhere"))
    with pytest.raises(KeyFault):
        jigsaw_findings(place)
    shutil.rmtree(place / "restricted")
    assert intruder_cards(place)
    with pytest.raises(KeyFault):
        jigsaw_findings(place)


def test_a_policy_of_ones_own_must_be_named_again(tranter: Summary, tmp_path: Path) -> None:
    place = copied(tranter, tmp_path)
    manifest = place / "publishable" / "manifest.json"
    said = json.loads(manifest.read_text())
    said["policy"]["name"] = "ours"
    manifest.write_text(json.dumps(said))
    with pytest.raises(UsageError, match="--policy"):
        intruder_cards(place)
    assert intruder_cards(place, policy="base")


def test_a_card_holds_what_the_copies_say_of_a_label(tranter: Summary) -> None:
    label = next(f.label for f in tranter.findings if f.rule == "J31")
    ((name, card),) = intruder_cards(Path(tranter.folder), label.strip("[]").lower())
    assert (name, card.label) == ("tranter", label)
    assert {"unique", "place", "year"} <= card.facts.keys()
    assert [s.sentence for s in card.facts["unique"]] == [
        f"{label}, a daughter of the vicar, rang the police in Mansfield in 2011."
    ]
    assert card.rank == 1 and card.crowd is not None and card.crowd > 1000
    assert '"I told them and told them and nobody wrote it down"' in card.searches
    assert '"Colin Maddern" "Mansfield" 2011' in card.searches
    with pytest.raises(UsageError):
        intruder_cards(Path(tranter.folder), "Survivor 9999")


def test_no_card_and_no_finding_names_anybody(tranter: Summary) -> None:
    said = repr(intruder_cards(Path(tranter.folder))) + repr(jigsaw_findings(Path(tranter.folder))) + repr(tranter)
    assert not any(word in said for word in ("Blythe", "Wilmot", "Tranter"))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Imogen Tarrow", "Imogen Tarrow"),
        ("TARROW, Imogen", "Imogen TARROW"),
        ("TARROW Imogen", "Imogen TARROW"),
        ("IMOGEN TARROW", "IMOGEN TARROW"),
        ("I Tarrow", "I Tarrow"),
        ("Tarrow", "Tarrow"),
    ],
)
def test_names_behind_labels_are_put_given_name_first(written: str, name: str) -> None:
    assert _turned(written) == name


ORDERED = """
people: [{name: Blythe Tranter, role: survivor}]
waivers: [{name: Blythe Tranter, aliases: [Bly], basis: signed}]
public_figures: [{name: Councillor Petra Esham, aliases: [Petra Esham], office: councillor}]
orders: [{id: ORD-1, persons: [Blythe Tranter, Petra Esham], until: 2020-01-01}]
"""


def test_an_order_beats_waiver_and_office_in_every_copy_and_after_its_day(tmp_path: Path) -> None:
    """Past its day it is enforced all the same, and somebody is asked."""
    words = "Blythe Tranter spoke to Councillor Petra Esham. They called Bly back. Cllr Esham replied to Ms Tranter."
    done = run(tmp_path, {"a.txt": words, "Blythe Tranter.txt": "Petra Esham wrote to Bly."}, ORDERED)
    assert done.held == 0
    copies = Path(done.folder) / "publishable" / "documents"
    everything = " ".join([p.name + " " + p.read_text(encoding="utf-8") for p in copies.iterdir()])
    assert not any(word in everything for word in ("Blythe", "Tranter", "Bly ", "Petra", "Esham"))
    orders = {f.detail: f.level for f in done.findings if f.rule == "R-ORDER"}
    assert orders == {"order-1+over": "warn", "order-1+overrules": "warn"}
    assert any("R-ORDER" in q.rules for q in done.questions)
    assert done.exit_code is ExitCode.OK


LIVE = """
public_figures:
  - {name: Councillor Owen Quill, aliases: [Owen Quill], office: councillor, basis: "charged, trial in May"}
  - {name: Colin Maddern, basis: convicted in 2016}
proceedings: active
"""


def test_who_is_charged_stays_masked_while_proceedings_are_active(tmp_path: Path) -> None:
    done = run(
        tmp_path, {"a.txt": "Councillor Owen Quill chaired it. Colin Maddern was jailed. Owen Quill was charged in May."}, LIVE
    )
    copy = text_of(done, "a.txt")
    assert "Quill" not in copy and "Colin Maddern" in copy
    assert {f.detail for f in done.findings if f.rule == "R-CONTEMPT"} == {"active", "overrules"}


def command(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "redactor", *args], capture_output=True, text=True, cwd=ROOT, env=os.environ, check=False
    )


def test_the_commands_say_it_in_words_and_in_json(tranter: Summary) -> None:
    out = tranter.folder
    words = command("jigsaw", out)
    assert words.returncode == tranter.exit_code
    assert "J31 in d02 about [Survivor" in words.stdout and 'mask, as "[a detail withheld]"' in words.stdout
    (bundle,) = json.loads(command("jigsaw", out, "--json").stdout)["bundles"]
    assert {f["rule"] for f in bundle["findings"]} == {f.rule for f in tranter.findings}
    assert bundle["findings"][0]["at"][0].keys() == {"doc", "paragraph", "start", "end"}
    cards = command("cards", out)
    assert cards.returncode == 0 and "a daughter of the vicar" in cards.stdout and "Search for" in cards.stdout
    assert json.loads(command("cards", out, "--json").stdout)["cards"][0]["facts"]
    assert command("jigsaw", out, "--policy", "strict").returncode == 1
