"""The event store: the same tests on a file and on a real PostgreSQL server, then what only a file knows."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from redactor import store as store_module
from redactor import store_server
from redactor.cleartext import ClearText
from redactor.errors import ExitCode, KeyFault, StoreFault
from redactor.keys import CaseKey
from redactor.store import Store
from tests.stores import KEY, NAME, REFUSED, Home, fill
from tests.test_store_events import PUBLIC


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "restricted" / "case.db"


@pytest.fixture
def filed(place: Path) -> Iterator[Store]:
    """A store in a file."""
    opened = Store.open(place, KEY)
    yield opened
    opened.close()


# --- reading and writing


def test_an_event_comes_back_as_it_was_written(store: Store) -> None:
    with store.transaction():
        for n, (kind, public) in enumerate(PUBLIC.items()):
            assert store.append(kind, "d01", public) == 2 * n + 1
            assert store.append(kind, "", public, {"forms": frozenset({ClearText(NAME)}), "label": "x"}) == 2 * n + 2
    events = list(store.events())
    for first, second, (kind, public) in zip(events[::2], events[1::2], PUBLIC.items(), strict=True):
        assert (first.kind, first.doc, first.public, first.personal) == (kind, "d01", public, None)
        assert second.personal == {"forms": [NAME], "label": "x"}
        assert first.at.endswith("Z") and len(first.at) == 20
        assert NAME not in repr(second)


def test_events_are_found_by_kind_document_and_number(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_BATCH", 2)
    with store.transaction():
        assert store.last() == 0
        fill(store, 5)
        store.append("verification", "d02", PUBLIC["verification"])
        assert [e.seq for e in store.events()] == [1, 2, 3, 4, 5, 6]
        assert [e.seq for e in store.events(kind="document-seen")] == [1, 2, 3, 4, 5]
        assert [e.seq for e in store.events(doc="d02")] == [2, 6]
        assert [e.seq for e in store.events(kind="verification", doc="d01")] == []
        assert [e.seq for e in store.events(since=4)] == [4, 5, 6] and store.last() == 6


def test_the_latest_run_is_found(store: Store) -> None:
    assert store.latest_run() is None
    for _ in range(2):
        store.append("run-started", "", PUBLIC["run-started"])
        fill(store, 1)
    latest = store.latest_run()
    assert latest is not None and latest.seq == 3


def test_keys_with_nothing_to_say_are_left_out(store: Store) -> None:
    store.append("decision", "d01", {**PUBLIC["decision"], "person": "", "role": None})
    assert {"person", "role"}.isdisjoint(next(store.events()).public)


# --- transactions


def test_a_run_is_all_or_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction():
        with store.transaction():
            fill(store)
        assert len(list(store.events())) == 3
        raise ZeroDivisionError
    assert list(store.events()) == []
    with store.transaction():
        fill(store, 2)
        with store.transaction():
            assert store.append("document-seen", "d03", {}) == 3
    assert len(list(store.events())) == 3


def test_threads_number_their_events_one_after_another(store: Store) -> None:
    def appending() -> None:
        for _ in range(4):
            store.append("document-seen", "d01", {})

    threads = [threading.Thread(target=appending) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [e.seq for e in store.events()] == list(range(1, 13))


WRITER = """
import sys, time
from redactor.keys import CaseKey
from redactor.store import Store
store = Store.open(sys.argv[1], CaseKey(b"k" * 32), sys.argv[2])
for n in range(8):
    store.append("document-seen", f"d{n:02}", {}, {"by": sys.argv[3]})
if sys.argv[3] == "hanging":
    with store.transaction():
        store.append("document-seen", "d99", {})
        print("amid", flush=True)
        time.sleep(60)
"""


def writer(home: Home, who: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, home.address, home.name, who]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_at_once_lose_and_mix_nothing(store: Store, home: Home) -> None:
    both = [writer(home, who) for who in ("one", "two")]
    assert [p.communicate(timeout=120)[0] or p.returncode for p in both] == [0, 0]
    events = list(store.events())
    assert [e.seq for e in events] == list(range(1, 17))
    for who in ("one", "two"):
        assert [e.doc for e in events if e.personal == {"by": who}] == [f"d{n:02}" for n in range(8)]


def test_a_writer_killed_amid_a_transaction_leaves_none_of_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_BUSY_SECONDS", 0)
    monkeypatch.setattr(store_server, "_WAIT", "100ms")
    store = home.open()
    with writer(home, "hanging") as running:
        assert running.stdout and running.stdout.readline() == "amid\n"
        with pytest.raises(StoreFault, match="in use by another process"):  # it holds the lock as long as it lives
            store.append("document-seen", "d98", {})
        running.send_signal(signal.SIGKILL)
    monkeypatch.undo()
    again = home.open()
    again.append("document-seen", "d97", {})
    assert [e.doc for e in again.events()][-2:] == ["d07", "d97"]
    again.close()
    store.close()


def test_what_may_not_be_written_is_refused_without_its_words(store: Store) -> None:
    for kind, doc, public, personal in (
        ("decision", "d01", {**PUBLIC["decision"], "rule": NAME}, {}),
        ("verification", "d01", {"probes": 1}, {}),
        ("gossip", "d01", {}, {}),
        ("document-seen", "letter of marigold.txt", {}, {}),
        ("document-seen", "d01", {}, {"path": object()}),
    ):
        with pytest.raises(StoreFault) as fault:
            store.append(kind, doc, public, personal)
        assert "arigold" not in str(fault.value)
    assert list(store.events()) == []


# --- sealing


def test_personal_text_is_nowhere_in_the_store(store: Store, home: Home) -> None:
    names = (NAME, "Zoë Ångström", "\u0645\u0631\u064a\u0645")
    with store.transaction():
        for name in names:
            store.append("person-resolved", "", PUBLIC["person-resolved"], {"forms": [ClearText(name)] * 200, name: name})
        during = home.bytes()
    store.close()
    after = home.bytes()
    for word in " ".join(names).split():
        spellings = (word.encode(), word.encode("utf-16-le"), word.encode("unicode_escape"), word.lower().encode())
        assert all(s not in during and s not in after for s in spellings)


def test_the_length_of_what_is_sealed_does_not_tell_the_name(store: Store, home: Home) -> None:
    for personal in (None, {"path": "Al"}, {"path": NAME}):
        store.append("document-seen", "d01", {}, personal)
    assert len(set(home.raw("SELECT length(sealed) FROM {s}events"))) == 1


def test_another_key_is_refused(store: Store, home: Home) -> None:
    fill(store)
    with pytest.raises(KeyFault, match="another key"):
        home.open(CaseKey(b"o" * 32))
    again = home.open()
    assert len(list(again.events())) == 3
    again.close()


# --- append only


ALL = (
    "UPDATE {s}events SET doc = 'd09' WHERE seq = 1",
    "DELETE FROM {s}events WHERE seq = 3",
    "DELETE FROM {s}events",
    "INSERT INTO {s}events SELECT 1, at, kind, doc, public, sealed FROM {s}events WHERE seq = 1",
    "UPDATE {s}about SET key = '0'",
    "DELETE FROM {s}about",
    "INSERT INTO {s}about VALUES (9, '0')",
)
FILE = ("INSERT OR REPLACE INTO events SELECT 2, at, kind, 'd09', public, sealed FROM events WHERE seq = 1",)
SERVER = (
    "TRUNCATE {s}events",
    "INSERT INTO {s}events SELECT 9, at, kind, doc, public, sealed FROM {s}events WHERE seq = 1",
)


def test_the_database_itself_refuses_to_change_or_delete(store: Store, home: Home) -> None:
    fill(store)
    for statement in (*ALL, *(FILE if home.is_file else SERVER)):
        with pytest.raises(REFUSED, match="append only"):
            home.raw(statement)
    assert [e.doc for e in store.events()] == ["d01", "d02", "d03"]


def test_a_row_changed_behind_the_guards_is_told(home: Home) -> None:
    for change in (
        "doc = 'd09'",
        "at = '2001-01-01T00:00:00Z'",
        "kind = 'document-held'",
        """public = '{"media":"x"}'""",
        "sealed = (SELECT sealed FROM {s}events WHERE seq = 1)",
        "sealed = 'words'",
    ):
        one = Home(home.address + str(len(change)) if home.is_file else home.address)
        store = one.open()
        fill(store)
        one.unguarded(f"UPDATE {{s}}events SET {change} WHERE seq = 2")
        with pytest.raises(StoreFault, match="Event 2 was changed"):
            list(store.events())
        store.close()


def test_a_row_taken_from_the_middle_is_told(store: Store, home: Home) -> None:
    fill(store)
    home.unguarded("DELETE FROM {s}events WHERE seq = 2")
    with pytest.raises(StoreFault, match="1 events are missing"):
        home.open()


# --- a file


def test_a_store_is_opened_again(filed: Store, place: Path) -> None:
    fill(filed)
    for again in (str(place), place, f"sqlite:///{place}"):
        other = Store.open(again, KEY)
        assert len(list(other.events())) == 3
        other.close()


def test_a_path_may_hold_what_an_url_may_not(tmp_path: Path) -> None:
    place = tmp_path / "50% done? #1" / "case.db"
    opened = Store.open(str(place), KEY)
    fill(opened)
    opened.close()
    assert place.stat().st_size > 0


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_only_the_user_may_read_the_store(filed: Store, place: Path) -> None:
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    place.chmod(0o644)
    Store.open(place, KEY).close()
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


# --- the machine's faults


def _not_a_database(place: Path) -> None:
    place.write_bytes(b"Dear Sir, this is a letter. " * 100)


def _torn(place: Path) -> None:
    place.write_bytes(place.read_bytes()[:5000])


def _another_program(place: Path) -> None:
    place.unlink()
    Home(str(place)).raw("CREATE TABLE recipes (id INTEGER)")


def _folder(place: Path) -> None:
    place.unlink()
    place.mkdir()


@pytest.mark.parametrize("harm", [_not_a_database, _torn, _another_program, _folder])
def test_a_harmed_store_is_told_in_a_sentence(filed: Store, place: Path, harm: Callable[[Path], None]) -> None:
    fill(filed, 60)
    filed.close()
    harm(place)
    with pytest.raises(StoreFault) as fault:
        opened = Store.open(place, KEY)
        try:
            list(opened.events())
        finally:
            opened.close()
    assert fault.value.exit_code is ExitCode.ENVIRONMENT
    assert fault.value.__cause__ is None and "SELECT" not in str(fault.value)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "restricted").write_text("a file")
    with pytest.raises(StoreFault):
        Store.open(tmp_path / "restricted" / "case.db", KEY)


@pytest.mark.parametrize(
    "url", ["nonsense://", "mysql+nothing://host/db", "://", "sqlite://", "sqlite:///:memory:", "sqlite:///file:x?uri=true"]
)
def test_an_address_that_leads_nowhere_is_told(url: str) -> None:
    with pytest.raises(StoreFault):
        Store.open(url, KEY)


def test_a_store_in_use_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_BUSY_SECONDS", 0)
    opened = Store.open(place, KEY)
    other = sqlite3.connect(place, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreFault, match="in use by another process"):
            fill(opened)
    finally:
        other.close()
        opened.close()


def test_a_full_disk_keeps_what_was_there(filed: Store, place: Path) -> None:
    fill(filed)
    with pytest.raises(StoreFault, match="disk is full"), filed.transaction():
        pages = filed._local.connection.exec_driver_sql("PRAGMA page_count").scalar()
        filed._local.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        fill(filed, 200)
    assert len(list(filed.events())) == 3


def test_a_read_only_store_is_told(filed: Store) -> None:
    with pytest.raises(StoreFault, match="read-only"), filed.transaction():
        filed._local.connection.exec_driver_sql("PRAGMA query_only = 1")
        fill(filed)
