"""What a reviewer changes by hand, and the runs after it, with the real models. Every person is invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from redactor.actions import (
    Change,
    Desk,
    Overtaken,
    Reply,
    answer,
    audit_verify,
    change,
    changes,
    list_questions,
    republish,
    undo,
)
from redactor.actions.place import earlier_run
from redactor.actions.signing import _late
from redactor.cleartext import ClearText
from redactor.cli import cli
from redactor.errors import UsageError
from tests.desks import PLACE, copies, person

BY = "R. Hale"


@pytest.fixture
def out(desk_out: Path) -> Path:
    return desk_out


def text(out: Path, name: str = "a.txt") -> str:
    return copies(out)[name].decode()


def one(out: Path, **said: str) -> str:
    texts = {k: ClearText(v) if k in ("words", "reason", "office") else v for k, v in said.items()}
    (number,) = change(out, [Change(**texts)], BY)  # type: ignore[arg-type]
    return number


def test_a_missed_nickname_is_masked_everywhere_with_its_persons_label(out: Path) -> None:
    assert "silver kite" in text(out)
    number = one(out, act="mask", words="silver kite", person=person(out, "Blythe Tranter"))
    republish(out)
    label = text(out).split(" had been at the quay")[0].rsplit(". ", 1)[1]
    assert label.startswith("[Survivor") and text(out).count(label) == 2
    assert not any(b"silver kite" in data or "silver kite" in name for name, data in copies(out).items())
    (made,) = changes(out)
    assert (made.id, made.act, made.undone) == (number, "mask", False)
    assert audit_verify(out, None)


def test_undone_the_copies_are_the_same_byte_for_byte(out: Path) -> None:
    before = copies(out)
    number = one(out, act="mask", words="lantern shed", kind="place")
    republish(out)
    assert "lantern shed" not in text(out) and copies(out) != before
    assert changes(out)[0].times == 2
    undo(out, number, BY)
    republish(out)
    assert copies(out) == before and changes(out)[0].undone
    with pytest.raises(UsageError, match="No change of this id"):
        undo(out, number, BY)


def test_words_masked_in_one_document_stay_in_the_others(out: Path) -> None:
    one(out, act="mask", words="took the chair", kind="distinctive", doc="d01")
    one(out, act="mask", words="nowhere to be found", kind="place")
    republish(out)
    assert "took the chair" not in text(out)
    assert [c.times for c in changes(out)] == [0, 1]  # the newest first: a change that finds nothing says so


def test_a_name_is_kept_with_a_reason_and_the_copy_verifies(out: Path) -> None:
    assert "Penhallow" not in text(out)
    with pytest.raises(UsageError, match="Say why"):
        change(out, [Change("keep", ClearText("Rufus Penhallow"))], BY)
    one(out, act="keep", words="Rufus Penhallow", doc="d01", reason="spoke for the council at its meeting")
    (summary,) = republish(out)
    assert len(summary.documents) == 2 and summary.held == 0 and "Rufus Penhallow said that" in text(out)
    assert b"Penhallow" not in b"".join(data for name, data in copies(out).items() if name != "a.txt")
    log = (out / "boat" / "publishable" / "audit.jsonl").read_text(encoding="utf-8")
    assert "K-REVIEW" in log and "Penhallow" not in log and BY not in log


@pytest.mark.parametrize("name", ["Blythe Tranter", "Tranter", "Blyth Tranter"])
def test_a_listed_survivor_is_never_kept(out: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no answer lifts that"):
        one(out, act="keep", words=name, reason="she asked for it")


def test_a_listed_survivor_stays_masked_whatever_the_store_says(out: Path) -> None:
    """The second guard, should the first ever pass something: nothing kept by hand cuts into her name."""
    with earlier_run(out / "boat") as (_, store):
        said = {"words": "Blythe Tranter had been", "start": -1, "reason": "x", "by": BY}
        store.append("override", "", {"override": "v0001", "act": "keep", "kind": "name", "decider": "reviewer-000001"}, said)
    republish(out)
    assert not any(b"Tranter" in data for data in copies(out).values())


def test_two_persons_are_made_one_and_two_again(out: Path) -> None:
    rufus, helen = person(out, "Rufus Penhallow"), person(out, "Helen Tarrant")
    number = one(out, act="merge", person=rufus, other=helen)
    republish(out)
    said = text(out)
    label = said.split("\n\n")[1].split(" rang")[0]
    assert said.count(label) == 3  # Helen Tarrant, Mrs Tarrant and Rufus Penhallow
    undo(out, number, BY)
    republish(out)
    assert text(out).count(text(out).split("\n\n")[1].split(" rang")[0]) == 2


def test_nobody_is_made_one_with_somebody_named_without_a_reason(out: Path) -> None:
    with pytest.raises(UsageError, match="Say why"):
        one(out, act="merge", person=person(out, "Edna Arkle"), other=person(out, "Rufus Penhallow"))


def test_a_wrongly_joined_name_is_somebody_elses(out: Path) -> None:
    helen = person(out, "Helen Tarrant")
    with pytest.raises(UsageError, match="not ways in which"):
        one(out, act="split", person=helen, words="Rosa Penney")
    with pytest.raises(UsageError, match="no name would be left"):
        one(out, act="split", person=helen, words="Helen Tarrant")
    one(out, act="split", person=helen, words="Tarrant", role="witness")
    republish(out)
    before, after = text(out).split("\n\n")[1].split(" rang")[0], text(out).split("Mrs", 1)
    assert "Tarrant" not in text(out) and before and after


def test_a_role_given_by_hand_is_the_role(out: Path) -> None:
    rufus = person(out, "Rufus Penhallow")
    with pytest.raises(UsageError, match="no role of this name"):
        one(out, act="role", person=rufus, role="king")
    with pytest.raises(UsageError, match="the case lists this person"):
        one(out, act="role", person=person(out, "Blythe Tranter"), role="officer")
    one(out, act="role", person=rufus, role="officer")
    republish(out)
    assert "[Officer" in text(out)


def test_a_reason_with_a_masked_name_is_refused(out: Path) -> None:
    with pytest.raises(UsageError, match="Say it without names"):
        one(out, act="keep", words="Rufus Penhallow", reason="Blythe asked for it")


def test_two_reviewers_at_once_do_not_overwrite_each_other(out: Path) -> None:
    rufus = person(out, "Rufus Penhallow")
    with earlier_run(out / "boat") as (_, store):
        seen = max(e.seq for e in store.events())
    change(out, [Change("role", person=rufus, role="officer")], "A. Ono", seen)
    with pytest.raises(Overtaken):
        change(out, [Change("role", person=rufus, role="witness")], BY, seen)
    change(out, [Change("mask", ClearText("lantern shed"), kind="place")], BY, seen)  # something else
    change(out, [Change("role", person=rufus, role="witness")], "A. Ono", seen)  # one's own
    assert [c.act for c in changes(out)] == ["role", "mask", "role"]


@pytest.mark.parametrize("doc", ["nonsense", "d99", "a.txt"])
def test_a_document_that_is_not_there_is_a_matter_of_usage(out: Path, doc: str) -> None:
    done = CliRunner().invoke(cli, ["override", str(out), "mask", "lantern shed", "--kind", "place", "--doc", doc])
    assert done.exit_code == 2 and "No document of this id" in done.stderr and changes(out) == []


def test_what_is_said_while_a_run_goes_on_is_for_the_next(out: Path) -> None:
    """The run does not show it, so that nobody may sign by it, and the desk says that it waits."""
    desk = Desk(out, BY)
    assert desk.glance().waiting == 0

    def meanwhile(stage: str, done: int, _in_all: int) -> None:
        if not changes(out):
            one(out, act="mask", words="silver kite", person=person(out, "Blythe Tranter"))

    republish(out, progress=meanwhile)
    assert "silver kite" in text(out) and "a change was made" in _late(out / PLACE)
    assert [d.glance().waiting for d in (desk, Desk(out, BY))] == [1, 1]
    republish(out)
    assert "silver kite" not in text(out) and _late(out / PLACE) == ""
    assert [d.glance().waiting for d in (desk, Desk(out, BY))] == [0, 0]


def test_all_changes_are_kept_or_none(out: Path) -> None:
    with pytest.raises(UsageError):
        change(out, [Change("mask", ClearText("lantern shed"), kind="place"), Change("mask", ClearText("  "))], BY)
    assert changes(out) == []


def test_an_answer_and_a_change_count_in_the_order_they_were_given(out: Path) -> None:
    asked = next(q for q in list_questions(out) if "Penhallow" in q.text and q.about == "person")
    answer(out, [Reply(asked.id, "witness")])
    one(out, act="role", person=person(out, "Rufus Penhallow"), role="officer")
    republish(out)
    assert "[Officer" in text(out)


def test_a_change_after_a_run_voids_what_was_signed(out: Path) -> None:
    one(out, act="mask", words="lantern shed", kind="place")
    assert _late(out / "boat") == "a change was made since the copies were made"
    republish(out)
    assert _late(out / "boat") == ""


def test_nothing_under_out_holds_a_word_of_a_change(out: Path) -> None:
    one(out, act="mask", words="lantern shed", kind="place", reason="a landmark")
    for path in out.rglob("*"):
        if path.is_file() and "documents" not in path.parts:
            assert b"lantern" not in path.read_bytes() and b"R. Hale" not in path.read_bytes()


def test_sources_that_are_gone_are_said_to_be(out: Path) -> None:
    (out.parent / "boat").rename(out.parent / "elsewhere")
    with pytest.raises(UsageError, match="not where they were published from"):
        republish(out)


def test_the_command_changes_lists_and_takes_back(out: Path) -> None:
    run = CliRunner()
    made = run.invoke(cli, ["override", str(out), "mask", "lantern shed", "--kind", "place", "--as", BY])
    assert made.exit_code == 0, made.output
    number = made.output[:5]
    listed = run.invoke(cli, ["override", str(out)])
    assert number in listed.output and "lantern shed" in listed.output and BY in listed.output
    assert run.invoke(cli, ["republish", str(out)]).exit_code in (0, 1)
    assert "found 2 times" in run.invoke(cli, ["override", str(out)]).output
    assert run.invoke(cli, ["override", str(out), "--undo", number, "--as", BY]).exit_code == 0
    assert "taken back" in run.invoke(cli, ["override", str(out)]).output
    wrong = run.invoke(cli, ["override", str(out), "burn", "lantern shed"])
    assert wrong.exit_code == 2 and "lantern" not in wrong.output
