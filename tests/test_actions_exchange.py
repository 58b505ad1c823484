"""One folder in place of another, killed at any step, and copies that a later run was to replace. All invented."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from redactor import store
from redactor.actions import (
    Reply,
    answer,
    audit_verify,
    exchange,
    jigsaw,
    list_questions,
    publishing,
    releasing,
    sign,
    sign_offs,
    signing,
)
from redactor.actions.locks import work_folder
from redactor.actions.place import earlier_run
from redactor.errors import UsageError
from tests.desks import PLACE


def laid(folder: Path) -> tuple[Path, Path, Path]:
    fresh, target, work = folder / "work" / "publishable", folder / "publishable", folder / "work"
    for place, words in ((fresh, "new"), (target, "old")):
        place.mkdir(parents=True)
        (place / "a.txt").write_text(words)
    return fresh, target, work / exchange.SUPERSEDED


@pytest.mark.parametrize("at_once", [True, False])
def test_the_new_folder_is_there_and_the_old_one_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool) -> None:
    if not at_once:
        monkeypatch.setattr(exchange, "_exchanged", lambda _one, _other: False)
    fresh, target, old = laid(tmp_path)
    exchange.lasting(fresh)
    exchange.in_place(fresh, target, old)
    assert (target / "a.txt").read_text() == "new" and (old / "a.txt").read_text() == "old" and not fresh.exists()


def test_where_it_cannot_be_exchanged_a_fault_puts_the_old_one_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "_exchanged", lambda _one, _other: False)
    fresh, target, old = laid(tmp_path)
    rename, done = Path.replace, list[str]()

    def second_fails(self: Path, to: Path) -> Path:
        done.append(self.name)
        if len(done) == 2:
            raise OSError(28, "No space left on device")
        return rename(self, to)

    monkeypatch.setattr(Path, "replace", second_fails)
    with pytest.raises(OSError, match="No space"):
        exchange.in_place(fresh, target, old)
    assert (target / "a.txt").read_text() == "old" and len(done) == 3


def test_what_a_kill_between_two_renames_took_is_put_back_by_the_next_run(tmp_path: Path) -> None:
    killed = tmp_path / "restricted" / "work-aaaaaaaaaaaa"
    (killed / exchange.SUPERSEDED).mkdir(parents=True)
    (killed / exchange.SUPERSEDED / "a.txt").write_text("old")
    with work_folder(tmp_path):
        assert (tmp_path / "publishable" / "a.txt").read_text() == "old" and not killed.exists()


def test_nobody_signs_copies_that_a_later_run_was_to_replace(desk_out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store has the later run, with the answers it used; what lies there does not show them."""
    sign(desk_out, "Ann Reviewer")
    question = next(q for q in list_questions(desk_out) if "survivor" in q.answers)
    answer(desk_out, [Reply(question.id, "survivor")])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(publishing, "deliver", killed)
    with pytest.raises(KeyboardInterrupt):
        publishing.republish(desk_out)
    monkeypatch.undo()
    monkeypatch.setenv("REDACTOR_KEYS", str(desk_out.parent / "keys"))
    ((_, _, found),) = sign_offs(desk_out / PLACE)
    assert [s.why for s in found] == ["a later run was interrupted before its copies were in place"]
    with pytest.raises(UsageError, match="interrupted before its copies"):
        sign(desk_out, "Ben Second")


def test_a_clock_set_back_loses_no_answer_and_neither_sign_offs_nor_the_log_go_by_it(
    desk_out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came later is told by the number of its record and never by the time in it."""

    class Back(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) - timedelta(days=400)

    sign(desk_out, "Ann Reviewer")
    for module in (store, signing, jigsaw, releasing):
        monkeypatch.setattr(module, "datetime", Back)
    question = next(q for q in list_questions(desk_out) if "survivor" in q.answers)
    answer(desk_out, [Reply(question.id, "survivor")])
    publishing.republish(desk_out)
    assert {q.id: q.answer for q in list_questions(desk_out)}[question.id] == "survivor"
    ((_, _, found),) = sign_offs(desk_out / PLACE)
    assert [s.why for s in found] != [""]  # of the copies before, though signed at a later time
    sign(desk_out, "Ben Second")
    audit_verify(desk_out)
    with earlier_run(desk_out / PLACE) as (_, kept):
        times = [event.at for event in kept.events()]
    assert times != sorted(times)  # the clock was set back
