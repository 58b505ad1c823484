"""The events of a bundle moved from a file to a real PostgreSQL server and back, and killed on the way."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from redactor import store_move
from redactor.actions import move_store, moving
from redactor.actions.locks import making
from redactor.actions.place import SERVER, case_key, key_id_of, schema_of, store_at
from redactor.cli import cli
from redactor.errors import EnvironmentFault, StoreFault, UsageError
from redactor.store import Store
from tests.postgres import PASSWORD
from tests.stores import REFUSED, Home, bare_bundle, events_of, fill


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    return bare_bundle(tmp_path)


def there(out: Path, url: str) -> Home:
    home = Home(url)
    home.name = schema_of(key_id_of(out / "boat"))
    return home


def docs(out: Path, url: str = "") -> list[str]:
    with events_of(out, url) as store:
        return [e.doc for e in store.events()]


FIVE = ["d01", "d02", "d03", "d04", "d05"]


def test_there_and_back_and_there_again(out: Path, postgres: str) -> None:
    file, home = out / "boat" / "restricted" / "case.db", there(out, postgres)
    with events_of(out) as early:  # a command that has the file open meanwhile
        assert move_store(out, postgres) == 5
        with pytest.raises(StoreFault, match=r"were moved to a server \(127.0.0.1, database postgres\) on 20"):
            fill(early)
    with pytest.raises(StoreFault, match="lie on a server"):
        docs(out)
    with pytest.raises(REFUSED, match="append only"):  # nor by another way
        Home(str(file)).raw("INSERT INTO events SELECT 6, at, kind, doc, public, sealed FROM events WHERE seq = 1")
    with events_of(out, postgres) as store:
        assert [(e.doc, e.personal) for e in store.events(since=5)] == [
            ("d05", {"path": "Marigold Tattersfield 4.txt"})
        ] and store.append("document-seen", "d06", {}) == 6
    with store_at(postgres):
        assert move_store(out, "file") == 6
    with pytest.raises(REFUSED, match="append only"):
        home.raw("INSERT INTO {s}events SELECT 7, at, kind, doc, public, sealed FROM {s}events WHERE seq = 1")
    with events_of(out) as store:
        assert store.append("document-seen", "d07", {}) == 7
    assert move_store(out, postgres) == 7 and docs(out, postgres) == [*FIVE, "d06", "d07"]
    assert not any(word.encode() in p.read_bytes() for p in out.rglob("*") if p.is_file() for word in (PASSWORD, "127.0.0.1"))


def _die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _half(rows: Iterable[Any]) -> Iterable[Any]:
    for n, row in enumerate(rows):
        if n == 3:
            _die()
        yield row


def _killed(out: Path, url: str, to: str, step: str) -> None:
    take = Store.take
    with pytest.MonkeyPatch.context() as patch:
        if step == "amid the rows":
            patch.setattr("redactor.store._BATCH", 4)
            patch.setattr(Store, "take", lambda self, rows: take(self, _half(rows)))
        elif step == "compared":
            patch.setattr(store_move, "_compared", _die)
        elif step == "in place":
            patch.setattr(Store, "mark_moved", _die)
        else:  # the old store says where they went, and OUT does not yet
            patch.setattr(moving, "open_store", _die) if to != "file" else patch.setattr("shutil.rmtree", _die)
        with store_at(url if to == "file" else ""):
            move_store(out, to)


@pytest.mark.parametrize("step", ["amid the rows", "compared", "in place", "marked"])
@pytest.mark.parametrize("back", [False, True], ids=["to the server", "to the file"])
def test_killed_on_the_way_nothing_is_lost_and_the_same_call_ends_it(out: Path, postgres: str, step: str, back: bool) -> None:
    to, before, after = ("file", postgres, "") if back else (postgres, "", postgres)
    if back:
        move_store(out, postgres)
    child = multiprocessing.get_context("fork").Process(target=_killed, args=(out, postgres, to, step))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    now = after if step == "marked" and not back else before
    with events_of(out, now) as store:  # whole in one place, and that place takes the next event
        assert [e.doc for e in store.events()] == FIVE and store.append("document-seen", "d06", {}) == 6
    if (out / "boat" / "restricted" / SERVER).exists() == back:  # else finding it has ended it already
        with store_at(before):
            assert move_store(out, to) == 6
    assert docs(out, after) == [*FIVE, "d06"]


def test_what_others_wrote_where_they_are_to_go_is_never_replaced(out: Path, postgres: str) -> None:
    key_id, key = case_key(out / "boat")
    other = Store.open(postgres, key, schema_of(key_id))
    other.append("document-seen", "d99", {})
    with pytest.raises(StoreFault, match="others of this bundle"):
        move_store(out, postgres)
    assert docs(out) == FIVE and [e.doc for e in other.events()] == ["d99"]
    other.close()


def test_what_was_changed_is_not_moved(out: Path, postgres: str) -> None:
    Home(str(out / "boat" / "restricted" / "case.db")).unguarded("UPDATE events SET doc = 'd09' WHERE seq = 2")
    with pytest.raises(StoreFault, match="Event 2 was changed"):
        move_store(out, postgres)
    assert not (out / "boat" / "restricted" / SERVER).exists() and there(out, postgres).raw("SELECT * FROM {s}events") == []


def test_what_did_not_arrive_as_it_was_is_told(out: Path, postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    take = Store.take
    monkeypatch.setattr(Store, "take", lambda self, rows: take(self, list(rows)[:-1]))
    with pytest.raises(StoreFault, match="did not arrive"):
        move_store(out, postgres)
    assert docs(out) == FIVE


def test_who_asks_for_what_cannot_be_is_told(out: Path, postgres: str) -> None:
    for to, said in (("file", "lie in a file already"), ("elsewhere", "Name the server"), ("sqlite:///x", "Say: file")):
        with pytest.raises(UsageError, match=said):
            move_store(out, to)
    with making(out / "boat"), pytest.raises(EnvironmentFault, match="by another process"):
        move_store(out, postgres)
    with pytest.raises(StoreFault, match="cannot be reached"):
        move_store(out, "postgresql://team:x@127.0.0.1:9/db")
    assert docs(out) == FIVE


def test_the_command_moves_there_and_back(out: Path, postgres: str) -> None:
    run = CliRunner()
    done = run.invoke(cli, ["store", "move", str(out), "--to", postgres])
    assert done.exit_code == 0 and "5 events moved to the server" in done.output and PASSWORD not in done.output
    assert run.invoke(cli, ["store", "move", str(out), "--to", "file"]).exit_code == 3
    assert "a file of OUT" in run.invoke(cli, ["--store", postgres, "store", "move", str(out), "--to", "file"]).output
    assert docs(out) == FIVE
