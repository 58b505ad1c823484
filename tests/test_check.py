"""`check` and `filter`: what a draft must not say, told by place and rule and in the copy's words; one text through a pipe."""

from __future__ import annotations

import json
import os
import re
import shlex
import threading
import time
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from click.testing import CliRunner, Result
from docx import Document

from redactor import actions, recognizers
from redactor.actions import Checked, Draft, Remark, check, detector, filter_text, filtering, publish
from redactor.actions.cache import Cache, Memory
from redactor.actions.drafting import ground_of, judge_drafts
from redactor.cli import cli
from redactor.content import Content, flatten
from redactor.errors import AuditError, ExitCode, HeldError, KeyFault, LeakError, RefusedError, UsageError
from redactor.formats import csv, markdown, text
from redactor.formats.lines import Lines
from redactor.keys import CaseKey
from redactor.model import Span
from redactor.recognizers import Engine

CASE = """
public_figures:
  - {name: Alan Firth, office: convicted at Leeds Crown Court 2016, basis: named in open court}
people:
  - {name: Grace Ellerby, aliases: [gracie_e], role: survivor}
either_or: name_accused
"""
REPORT = """Alan Firth was jailed in 2016 for offences against Grace Ellerby.

Grace Ellerby told the force in spring that she had been to the hostel. Peter Holloway, a neighbour, saw her there.
"""
DRAFT = """# Notes for the paper

We met Grace Ellerby again on 12 March 2014. **Grace** wrote as gracie_e;
her neighbour, Peter
Holloway, agreed. Nora Pennick rang from 07700 900123.
"""
NAMES = ("Grace", "Ellerby", "gracie_e", "Holloway", "Peter", "Nora", "Pennick", "900123", "12 March")
WELSH = "Dywedodd y swyddog wrthym nad oedd wedi gweld yr adroddiad cyn y cyfarfod ac nad oedd ar y ffeil. " * 4


class Place(NamedTuple):
    """The files of one module's tests: a bundle, its case.yaml, and what it was published to."""

    bundle: Path
    case: Path
    out: Path


@pytest.fixture(scope="module")
def place(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(tmp_path_factory.mktemp("keys")))
        patch.setattr(recognizers, "Engine", lambda _by: engine)
        detector.loaded.cache_clear()
        root = tmp_path_factory.mktemp("check")
        bundle = root / "larch"
        bundle.mkdir()
        (bundle / "report.txt").write_text(REPORT)
        (bundle / "case.yaml").write_text(CASE)
        publish([bundle], root / "out")
        yield Place(bundle, bundle / "case.yaml", root / "out")
    detector.loaded.cache_clear()


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    file = tmp_path / "draft.md"
    file.write_text(DRAFT)
    return file


def remarks(words: str, case: Path | None, name: str = "draft.md") -> list[Remark]:
    return list(check([Draft(name, words.encode())], case).remarks)


def at(file: str, r: Remark) -> str:
    """The words a remark speaks of, by its lines and columns alone."""
    lines = file.split("\n")
    if r.place.line == r.place.end_line:
        return lines[r.place.line - 1][r.place.column - 1 : r.place.end_column - 1]
    between = lines[r.place.line : r.place.end_line - 1]
    return "\n".join(
        [lines[r.place.line - 1][r.place.column - 1 :], *between, lines[r.place.end_line - 1][: r.place.end_column - 1]]
    )


def run(*args: str | Path, given: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, list(map(str, args)), input=given)


# ---- what is found -----------------------------------------------------------------------------------------------------


def test_every_place_is_told_by_line_and_column_with_the_words_of_the_copy(place: Place) -> None:
    found = {at(DRAFT, r): r for r in remarks(DRAFT, place.case) if r.place.line}
    assert {"Grace Ellerby", "Grace", "gracie_e", "Peter\nHolloway", "Nora Pennick", "07700 900123"} <= found.keys()
    survivor = found["Grace Ellerby"]
    assert (survivor.place.line, survivor.place.column, survivor.place.length, survivor.level) == (3, 8, 13, "error")
    assert (survivor.kind, survivor.reason, survivor.suggestion) == ("name", "R-SOAA", "[Survivor]")
    assert survivor.rule == "iopc-report:roles.survivor" and survivor.place.exact
    assert not found["Peter\nHolloway"].place.exact  # a line end lies between: no program may put the words in
    (day,) = (r for words, r in found.items() if "12 March 2014" in words)
    assert day.level == "warning" and "12" not in day.suggestion


def test_nothing_but_places_rules_and_the_copy_s_words_is_printed(place: Place, draft: Path) -> None:
    for form in ("text", "json", "sarif", "github"):
        for case in (place.case, place.out):
            said = run("check", draft, "--case", case, "--format", form)
            assert said.exit_code == 1, said.output
            assert not [n for n in (*NAMES, "Firth") if n in said.output]
    assert repr(check([Draft(str(draft), DRAFT.encode())], place.case)).count("draft.md") == 0


def test_with_a_publication_labels_are_those_of_its_copies_and_everybody_in_it_is_known(place: Place) -> None:
    copy = next((place.out / "larch" / "publishable" / "documents").iterdir()).read_text()
    label = re.search(r"offences against (\[Survivor \d+\])", copy)
    other = re.search(r"(\[[^\]]+\]), a neighbour", copy)
    assert label and other
    found = {at(DRAFT, r): r.suggestion for r in remarks(DRAFT, place.out) if r.place.line}
    assert found["Grace Ellerby"] == found["gracie_e"] == label[1] and found["Peter\nHolloway"] == other[1]
    assert found["Nora Pennick"] == re.sub(r" \d+", "", found["Nora Pennick"])  # nobody has given her a number yet
    (alone,) = (r for r in remarks("Ellerby rang.", place.out) if r.kind == "name")
    assert alone.place.length == len("Ellerby") and alone.suggestion == label[1]


def test_nobody_new_gets_the_label_of_somebody_published(place: Place) -> None:
    ground = ground_of(place.out)
    (known,) = (e for e in ground.given if "Survivor" in str(e.public["label"]))
    taken = [
        replace(known, public={**known.public, "label": f"[Person {n}]"}, personal={"forms": [f"Somebody Else{n}"]})
        for n in range(1, 40)
    ]
    judged = judge_drafts([Draft("a.txt", b"Nora Pennick told Grace Ellerby.")], replace(ground, given=(*ground.given, *taken)))
    (new,) = set(judged.labels.values()) - ground.labels  # Grace Ellerby and the neighbour keep theirs
    assert int(re.sub(r"\D", "", new)) > 39


def test_without_a_case_the_recognizers_and_the_policy_judge(draft: Path, place: Place) -> None:
    found = {at(DRAFT, r): r for r in remarks(DRAFT, None) if r.place.line}
    assert found["Grace Ellerby"].suggestion == "[Person]" and "decide" in found["Grace Ellerby"].message
    assert run("check", draft).exit_code == 1


def test_a_draft_that_names_nobody_is_not_called_safe(place: Place) -> None:
    said = run("check", "-", "--case", place.case, given=b"The council met on Tuesday and agreed the budget.")
    assert said.exit_code == 0 and "nothing found under policy iopc-report; a person must read it" in said.stdout


def test_what_conflicts_with_an_earlier_publication_is_told(place: Place) -> None:
    words = "Grace Ellerby gave us an interview.\n\nHer uncle was jailed in 2016, she said.\n"
    alone, beside = remarks(words, place.case), remarks(words, place.out)
    assert {r.rule for r in beside if r.kind == "jigsaw"} > {r.rule for r in alone if r.kind == "jigsaw"}
    (conflict,) = (r for r in beside if r.rule == "J06")
    assert conflict.level == "error" and conflict.place.line == 3 and conflict.reason == "R-JIG:J06"


def test_a_label_that_the_author_writes_is_read_as_one(place: Place) -> None:
    label = next(r.suggestion for r in remarks(DRAFT, place.out) if r.suggestion.startswith("[Survivor"))
    words = f"{label} gave us an interview. Her uncle was jailed in 2016, she said."
    (conflict,) = (r for r in remarks(words, place.out) if r.rule == "J06")
    assert conflict.message.startswith(f"{label}: ") and not any(r.kind == "name" for r in remarks(words, place.out))


def test_names_where_no_reader_looks_and_in_the_file_s_name_are_told(tmp_path: Path, place: Place) -> None:
    document = Document()
    document.add_paragraph("The day was long.")
    document.add_paragraph("Then Grace Ellerby rang.")
    document.add_table(2, 2).cell(1, 1).text = "Ellerby"
    document.core_properties.author = "Grace Ellerby"
    document.save(str(tmp_path / "ellerby notes.docx"))
    said = run("check", tmp_path / "ellerby notes.docx", "--case", place.case)
    assert said.exit_code == 1
    assert "ellerby notes.docx:paragraph 2, character 6: error" in said.stdout
    assert "ellerby notes.docx:table 1, row 2, cell 2, character 1: error" in said.stdout
    assert "ellerby notes.docx:property: warning" in said.stdout
    assert "ellerby notes.docx:file name, character 1: error" in said.stdout
    assert said.stdout.count("Ellerby") == 0


def test_several_drafts_are_judged_together(place: Place) -> None:
    found = check([Draft("a.txt", b"Nora Pennick, a witness, rang."), Draft("b.txt", b"Then Pennick went home.")], None).remarks
    assert [(r.file, r.place.column) for r in found if r.kind == "name"] == [("a.txt", 1), ("b.txt", 6)]


def test_files_within_a_draft_are_told_by_number(place: Place) -> None:
    mail = (
        b"From: a@example.org\nTo: b@example.org\nSubject: papers\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain\n\nSee the paper.\n'
        b'--x\nContent-Type: text/plain\nContent-Disposition: attachment; filename="n.txt"\n\nGrace Ellerby rang.\n--x--\n'
    )
    assert "file 1 within, paragraph 1" in {r.place.where for r in remarks(mail.decode(), place.case, "a.eml")}


# ---- lines -------------------------------------------------------------------------------------------------------------


def lines_of(data: str, form: str) -> Iterator[tuple[str, str]]:
    """Each capitalised name of two words in the flat text, and what stands where `Lines` says it does."""
    read = {"md": markdown, "txt": text, "csv": csv}[form].read
    content: Content = read(data.encode()).content
    flat, lines = flatten(content).text.reveal(), Lines(data.encode(), form, content)
    raw = re.split(r"\r\n|\r|\n", data.removeprefix("\ufeff"))  # editors do not count the mark
    for match in re.finditer(r"[A-Z]\w+[ ,\n]+[A-Z]\w+", flat):
        found = lines.region(Span(*match.span()))
        assert found is not None
        rest = raw[found.line - 1][found.column - 1 :] if found.end_line > found.line else None
        yield match[0], rest or raw[found.line - 1][found.column - 1 : found.end_column - 1]


@pytest.mark.parametrize(
    ("form", "data", "expected"),
    [
        ("txt", "to Ann Lee.\r\n\r\n\tAnn\r\nLee (Ann Lee)\r\n", ["Ann Lee", "Ann", "Ann Lee"]),
        ("txt", "\ufeffAnn Lee; caf\u00e9 Ann\u00a0Lee, \u202eeeL nnA\u202c\n", ["Ann Lee", "Ann\u00a0Lee"]),
        ("md", "---\nby: Ann Lee\n---\n# *Ann* **Lee**\n\n- [Ann Lee](http://x/Ann-Lee 'Ann Lee')\n", ["Ann* **Lee", "Ann Lee"]),
        ("md", "One[^1] Al Roe\n\n[^1]: to Ann Lee\n\n| a | b |\n|---|---|\n| Ann Lee | 3 |\n", ["Al Roe", "Ann Lee", "Ann Lee"]),
        ("md", "<!-- Ann Lee -->\nAnn Lee &amp; <b>Al</b> Roe\n\n```\nAnn Lee\n```\n", ["Ann Lee", "Al</b> Roe", "Ann Lee"]),
        ("csv", 'n,t\n"Lee, Ann",Hull\n', ["Lee, Ann"]),
    ],
    ids=["text", "signs", "marks", "notes", "hidden", "csv"],
)  # fmt: skip
def test_lines_and_columns_lead_to_the_words(form: str, data: str, expected: list[str]) -> None:
    assert [there for _, there in lines_of(data, form)][: len(expected)] == expected


def test_only_text_has_lines() -> None:
    with pytest.raises(HeldError):
        Lines(b"x", "docx", Content(()))


# ---- formats for machines ----------------------------------------------------------------------------------------------


def test_sarif_has_the_shape_that_code_hosts_read(place: Place, draft: Path) -> None:
    log: dict[str, Any] = json.loads(run("check", draft, "--case", place.case, "--format", "sarif").stdout)
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    (one,) = log["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert one["tool"]["driver"]["name"] == "redactor" and len({r["id"] for r in rules}) == len(rules)
    assert all(r["shortDescription"]["text"] for r in rules) and one["columnKind"] == "unicodeCodePoints"
    for result in one["results"]:
        assert result["level"] in ("error", "warning", "note") and result["message"]["text"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == draft.as_uri()
        region = location["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) < (region["endLine"], region["endColumn"])
        assert "snippet" not in json.dumps(result)
    fixed = DRAFT.split("\n")
    for result in reversed(one["results"]):
        for fix in result.get("fixes", ()):
            (new,) = fix["artifactChanges"][0]["replacements"]
            where, line = new["deletedRegion"], fixed[new["deletedRegion"]["startLine"] - 1]
            put = new["insertedContent"]["text"]
            fixed[where["startLine"] - 1] = line[: where["startColumn"] - 1] + put + line[where["endColumn"] - 1 :]
    assert "We met [Survivor] again" in fixed[2] and "**[Survivor]** wrote" in fixed[2]


def test_a_workflow_command_cannot_be_broken_out_of(tmp_path: Path, place: Place) -> None:
    file = tmp_path / "a,b%:c.txt"
    file.write_text("Grace Ellerby rang.")
    (line,) = run("check", file, "--case", place.case, "--format", "github").stdout.splitlines()
    assert re.fullmatch(r"::error file=[^,:]*/a%2Cb%25%3Ac\.txt,line=1,col=1,endLine=1,endColumn=14,title=[^:]+::.+", line)


def test_the_hook_for_pre_commit_runs(place: Place, draft: Path) -> None:
    root = Path(__file__).resolve().parent.parent
    (hook,) = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text())
    assert hook["id"] == "redactor-check" and hook["language"] == "python" and hook["require_serial"]
    program, *entry = shlex.split(hook["entry"])
    assert program in tomllib.loads((root / "pyproject.toml").read_text())["project"]["scripts"]
    assert re.search(hook["files"], draft.name)
    assert run(*entry, "--case", place.case, draft).exit_code == 1  # args stand before the files


# ---- what is kept ------------------------------------------------------------------------------------------------------


def test_a_second_check_beside_a_publication_loads_no_model(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "Grace Ellerby came by. Then Peter Holloway rang twice."
    first = remarks(words, place.out)
    monkeypatch.setattr(detector, "loaded", lambda _by: pytest.fail("a model was loaded"))
    assert remarks(words, place.out) == first
    drafts = place.out / "larch" / "restricted" / "drafts"
    assert not any(name.encode() in file.read_bytes() for file in drafts.iterdir() for name in NAMES)


def test_beside_a_bare_case_nothing_is_left_on_any_disk(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, work = tmp_path / "home", tmp_path / "work"
    for folder in (home, work):
        folder.mkdir()
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "REDACTOR_KEYS", "TMPDIR"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.chdir(work)
    before = sorted(place.bundle.iterdir())
    assert run("check", "-", "--case", place.case, given=DRAFT.encode()).exit_code == 1
    assert run("filter", "--case", place.case, given=REPORT.encode()).exit_code == 0
    assert [*home.rglob("*"), *work.rglob("*")] == [] and sorted(place.bundle.iterdir()) == before


def test_findings_of_drafts_do_not_pile_up(tmp_path: Path) -> None:
    kept, memory = Cache(tmp_path, CaseKey(bytes(32))), Memory(2)
    for n in range(5):
        kept.put("detection", b"x", str(n))
        memory.put("detection", b"x", str(n))
        os.utime(max(tmp_path.iterdir(), key=lambda p: p.stat().st_mtime_ns), ns=(n, n))
    kept.put("copy", b"y", "d")
    kept.trim("detection", 2)
    assert len([*tmp_path.iterdir()]) == 3 and kept.get("copy", "d") == b"y"
    assert memory.get("detection", "0") is None and memory.get("detection", "4") == b"x" and "x" not in repr(memory)


def test_watching_checks_after_every_save(place: Place, draft: Path) -> None:
    told: list[Checked] = []
    stop, started = threading.Event(), threading.Event()

    def heard(done: Checked) -> None:
        told.append(done)
        started.set()

    watched = threading.Thread(target=actions.watch_drafts, args=([draft], place.case, heard), kwargs={"stop": stop})
    watched.start()
    assert started.wait(20)
    end = time.monotonic() + 20
    while len(told) < 2 and time.monotonic() < end:
        (draft.parent / "new").write_text("Nobody is named here.\n")
        (draft.parent / "new").replace(draft)  # as editors save
        time.sleep(0.3)
    stop.set()
    watched.join(20)
    assert not watched.is_alive() and told[0].exit_code == 1 and told[-1].exit_code == 0


# ---- through a pipe ----------------------------------------------------------------------------------------------------


def test_a_text_through_the_pipe_is_the_copy_that_publish_makes(place: Place) -> None:
    copy = next((place.out / "larch" / "publishable" / "documents").iterdir()).read_bytes()
    said = run("filter", "--case", place.out, given=REPORT.encode())
    assert said.exit_code == 0 and said.stdout_bytes == copy
    page = run("filter", "--case", place.case, "--stdin-name", "a.html", given=b"<p>Grace <b>Ellerby</b> rang.</p>")
    assert page.exit_code == 0 and re.search(r"<p><strong>\[Survivor \d+\]</strong> rang", page.stdout), page.output


def test_a_leak_lets_nothing_through(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filtering, "masked_content", lambda job, content, *_: content)
    with pytest.raises(LeakError):
        filter_text(Draft("a.txt", REPORT.encode()), place.case)
    said = run("filter", "--case", place.case, given=REPORT.encode())
    assert said.exit_code == 1 and said.stdout == "" and "protected form" in said.stderr and "Ellerby" not in said.stderr


def test_facts_that_identify_together_let_nothing_through(place: Place) -> None:
    words = b"Grace Ellerby gave us an interview.\n\nHer uncle was jailed in 2016, she said.\n"
    with pytest.raises(RefusedError):
        filter_text(Draft("a.txt", words), place.out)
    said = run("filter", "--case", place.out, given=words)
    assert said.exit_code == 1 and said.stdout == "" and "J06" in said.stderr


@pytest.mark.parametrize(
    ("given", "name", "code"),
    [
        (b"", "a.txt", 1),
        (WELSH.encode(), "a.txt", 1),
        (b"\x00\x01\x02\x03" * 40, "a.txt", 1),
        (b"%PDF-1.7 broken", "a.txt", 1),
        (b"From: a@example.org\nTo: b@example.org\nSubject: x\n\nHello there.\n", "a.eml", 2),
    ],
    ids=["empty", "welsh", "binary", "pdf", "mail"],
)
def test_what_cannot_be_judged_is_neither_passed_nor_called_clean(given: bytes, name: str, code: int, place: Place) -> None:
    piped = run("filter", "--case", place.case, "--stdin-name", name, given=given)
    assert piped.exit_code == code and piped.stdout == "" and piped.stderr.startswith("redactor: ")
    if code == 1:
        checked = run("check", "-", "--case", place.case, "--stdin-name", name, given=given)
        assert checked.exit_code == 1 and checked.stdout.startswith("a.txt: error: ") and "[held held]" in checked.stdout


# ---- used wrongly ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["missing.md"], "File 1 of those named is not there"),
        (["draft.md", "."], "File 2 of those named is no file"),
        (["draft.md", "--case", "nowhere"], "neither a case.yaml nor the folder of a publication"),
        (["draft.md", "--case", "."], "folder that holds no publication"),
        (["draft.md", "--case", "draft.md"], "case.yaml"),
        (["draft.md", "--policy", "newsrom"], "Did you mean newsroom"),
        (["-", "--watch"], "cannot be watched"),
        (["-", "-"], "read once"),
        ([], "Missing argument"),
    ],
)  # fmt: skip
def test_wrong_use_is_told_in_a_sentence(args: list[str], says: str, draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(draft.parent)
    said = run("check", *args, given=b"")
    assert said.exit_code == 2 and says in said.output and "Traceback" not in said.output and "Ellerby" not in said.output


def test_a_lost_key_and_a_changed_copy_are_told(
    place: Place, draft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = next((place.out / "larch" / "publishable" / "documents").iterdir())
    kept = copy.read_bytes()
    copy.write_bytes(kept + b" ")
    try:
        with pytest.raises(AuditError):
            check([Draft("a.txt", b"Hello.")], place.out)
        assert run("check", draft, "--case", place.out).exit_code == ExitCode.AUDIT
    finally:
        copy.write_bytes(kept)
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "none"))
    with pytest.raises(KeyFault):
        check([Draft("a.txt", b"Hello.")], place.out)
    assert run("filter", "--case", place.out, given=b"Hello.").exit_code == ExitCode.ENVIRONMENT


def test_nothing_to_check_is_wrong_use() -> None:
    with pytest.raises(UsageError):
        check([])
