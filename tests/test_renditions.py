"""Renditions of one bundle for several audiences, and the difference attack between them. Everybody in here is invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from redactor.actions import audit_verify, renditions
from redactor.cleartext import ClearText
from redactor.cli import cli
from redactor.errors import ExitCode, UsageError
from redactor.handout import Difference, Hidden, Side, clashes, differences
from redactor.model import Kind, Role

pytestmark = pytest.mark.usefixtures("loaded")  # the session's models, keys of its own


# --- word against word

SOURCE = "On 4 March 2011 Blythe Tranter, 15, rang the council.\n\nThe council answered in May."
MASKED = "On a day in early 2011 [Survivor 4], a young teenager, rang the council.\n\nThe council answered in May."


def hides(words: str, kind: Kind = Kind.NAME, role: Role | None = Role.SURVIVOR, entitled: bool = False) -> Hidden:
    return Hidden(ClearText(words), kind, "[Survivor 4]" if role else "", role, entitled)


ALL = (hides("Blythe Tranter"), hides("15", Kind.AGE), hides("4 March 2011", Kind.DATE))


def told(shown: str, hidden: tuple[Hidden, ...] = ALL, masked: str = MASKED, source: str = SOURCE) -> list[Difference]:
    one, other = Side("public", ClearText(masked), hidden), Side("press", ClearText(shown))
    return differences("d01", ClearText(source), one, other)


@pytest.mark.parametrize(
    ("shown", "code", "kind"),
    [
        (MASKED.replace("[Survivor 4]", "Blythe Tranter"), "name", "name"),
        (MASKED.replace("[Survivor 4]", "Blythe"), "name", "name"),
        (MASKED.replace("[Survivor 4]", "[Survivor 9] Tranter"), "name", "name"),
        (MASKED.replace("a young teenager", "15"), "fact", "age"),
        (MASKED.replace("a day in early 2011", "4 March 2011"), "fact", "date"),
    ],
)
def test_what_one_masks_and_the_other_shows_blocks(shown: str, code: str, kind: str) -> None:
    (found,) = told(shown)
    assert (found.level, found.code, found.kind) == ("block", code, kind)
    assert (found.audience, found.beside, found.label) == ("press", "public", "[Survivor 4]")
    assert "Blythe" not in repr(found) and "15" not in repr(found)


@pytest.mark.parametrize(
    "shown",
    [
        MASKED,
        MASKED.replace("[Survivor 4]", "[Survivor 31]"),
        MASKED.replace("[Survivor 4]", "[the survivor]"),
        MASKED.replace("a day in early 2011", "2011"),  # coarser still
    ],
)
def test_labels_and_coarser_words_tell_nothing(shown: str) -> None:
    assert told(shown) == []


def test_whoever_is_entitled_may_know() -> None:
    shown = MASKED.replace("[Survivor 4]", "Blythe Tranter")
    (found,) = told(shown, (hides("Blythe Tranter", entitled=True),))
    assert (found.level, found.code) == ("info", "name")


@pytest.mark.parametrize(
    ("hidden", "level"),
    [
        (hides("Blythe Tranter", role=Role.OFFICER), "block"),
        (hides("15", Kind.AGE, Role.WITNESS), "warn"),
        (hides("15", Kind.ID, None), "warn"),
        (hides("15", Kind.AGE, None), "info"),
    ],
)
def test_the_level_goes_by_whose_it_is(hidden: Hidden, level: str) -> None:
    shown = MASKED.replace("[Survivor 4], a young teenager", "Blythe Tranter, 15")
    assert [d.level for d in told(shown, (hidden,))] == [level]


def test_two_grains_of_one_thing_are_told_once() -> None:
    found = told(MASKED.replace("a young teenager", "aged over fourteen"))
    assert [(d.level, d.code, d.kind) for d in found] == [("warn", "grain", "age")]
    one, other = Side("a", ClearText(MASKED), ALL), Side("b", ClearText(MASKED.replace("a young teenager", "14 to 16")), ALL)
    (both,) = differences("d01", ClearText(SOURCE), one, other)
    assert (both.level, both.code, both.kind) == ("warn", "grain", "age")


def test_the_whole_text_is_compared_where_lines_do_not_match() -> None:
    shown = MASKED.replace("\n\n", " ").replace("[Survivor 4]", "Blythe Tranter")
    assert [(d.level, d.code) for d in told(shown)] == [("block", "name")]


def test_labels_that_stand_for_two_people_are_told() -> None:
    one, other = {"[Survivor 4]": frozenset({"blythe"})}, {"[Survivor 4]": frozenset({"wilma"})}
    assert clashes(one, other) == ["[Survivor 4]"] and clashes(one, one) == []


# --- end to end

NOTE = "Note of the visit\n\nBlythe Tranter rang on 4 March 2011 about her brother Wilmot Tranter. The council answered her.\n"
CASE = "people: [{name: Blythe Tranter, role: survivor}, {name: Wilmot Tranter, role: family}]\n"
OPEN = "public_figures: [{name: Blythe Tranter, office: clerk}]\npeople: [{name: Wilmot Tranter, role: family}]\n"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "visit"
    folder.mkdir()
    (folder / "note.txt").write_text(NOTE, encoding="utf-8")
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    (tmp_path / "open.yaml").write_text(OPEN, encoding="utf-8")
    return folder


def audiences(tmp_path: Path, entitled: str) -> Path:
    file = tmp_path / "audiences.yaml"
    file.write_text(
        "audiences:\n  public: {policy: iopc-report}\n"
        f"  complainant: {{policy: inquiry, case: open.yaml, entitled: [{entitled}]}}\n",
        encoding="utf-8",
    )
    return file


def test_a_planted_difference_is_found_and_its_copies_are_taken_away(bundle: Path, tmp_path: Path) -> None:
    file, out = audiences(tmp_path, ""), tmp_path / "out"
    said = CliRunner().invoke(cli, ["renditions", str(bundle), "-o", str(out), "--audiences", str(file)])
    assert said.exit_code == ExitCode.HELD
    assert "complainant shows the name behind [Survivor" in said.stdout and "taken away" in said.stdout
    assert "Blythe" not in said.stdout and "Tranter" not in said.stdout
    assert not (out / "complainant" / "visit" / "publishable").exists()
    assert audit_verify(out / "public")[0][2] == 1


def test_an_entitled_audience_keeps_its_copies_and_has_labels_of_its_own(bundle: Path, tmp_path: Path) -> None:
    made = renditions(bundle, tmp_path / "out", audiences(tmp_path, "Blythe Tranter"))
    assert made.blocked == () and made.exit_code is ExitCode.OK
    assert {(d.level, d.code) for d in made.found if d.label.startswith("[Survivor")} >= {("info", "name")}
    assert "Blythe" not in json.dumps(made.as_dict())
    texts = {a: (tmp_path / "out" / a / "visit/publishable/documents/note.txt").read_text("utf-8") for a in made.summaries}
    assert "Blythe Tranter" in texts["complainant"] and "Tranter" not in texts["public"]
    assert len(list((tmp_path / "out").glob("*/visit/restricted/key-id"))) == 2
    assert len({p.read_text() for p in (tmp_path / "out").glob("*/visit/restricted/key-id")}) == 2


def test_cases_that_disagree_on_the_documents_are_refused(bundle: Path, tmp_path: Path) -> None:
    """Ids would stand for other files: what is laid side by side must be the same document."""
    (bundle / "earlier.txt").write_text("The council met in public in May.\n", encoding="utf-8")
    (tmp_path / "open.yaml").write_text(OPEN + "publications: [{path: earlier.txt}]\n", encoding="utf-8")
    with pytest.raises(UsageError, match="other files documents"):
        renditions(bundle, tmp_path / "out", audiences(tmp_path, ""))
    assert not list((tmp_path / "out").glob("*/visit/publishable"))  # what was not compared is not to be handed out


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("audiences: {public: {}}", "fewer than two"),
        ("audiences: {public: {}, The Press: {}}", "small letters"),
        ("audiences: {public: {}, ../up: {}}", "small letters"),
        ("audiences: {public: {}, press: {polcy: base}}", "line 1"),
        ("{", "not valid YAML"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(bundle: Path, tmp_path: Path, text: str, cause: str) -> None:
    file = tmp_path / "audiences.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=cause):
        renditions(bundle, tmp_path / "out", file)
    assert not (tmp_path / "out").exists()
