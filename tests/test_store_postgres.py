"""The event store on a real PostgreSQL server. Every person is invented."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError

from redactor import recognizers
from redactor.actions import Change, Reply, answer, audit_verify, change, list_questions, republish, sign
from redactor.actions.place import STORE, store_at
from redactor.cleartext import ClearText
from redactor.cli import cli
from redactor.errors import KeyFault, StoreFault
from redactor.keys import CaseKey
from redactor.recognizers import Engine
from redactor.store import Store
from tests.desks import PLACE, copies, person, published
from tests.postgres import PASSWORD, server
from tests.test_store import PUBLIC
from tests.test_web_browser import desk

KEY = CaseKey(b"k" * 32)


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with server() as address:
        yield address


@pytest.fixture
def url(base: str, request: pytest.FixtureRequest) -> str:
    """A database of the test's own."""
    name = f"t{abs(hash(request.node.nodeid)) % 10**12}"
    admin = create_engine(base.replace("postgresql:", "postgresql+pg8000:") + "postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    return base + name


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url, KEY, "case_1")
    yield opened
    opened.close()


def raw(url: str, statement: str) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+pg8000:"))
    try:
        with engine.begin() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


@pytest.mark.parametrize("kind", sorted(PUBLIC))
def test_an_event_comes_back_as_it_was_written(base: str, kind: str) -> None:
    store = Store.open(base + "postgres", KEY, f"kind_{kind.replace('-', '_')}")
    try:
        seq = store.append(kind, "d01", PUBLIC[kind], {"names": [ClearText("Blythe Tranter")], "n": 7})
        (event,) = store.events(kind, "d01")
        assert (event.seq, event.public, event.personal) == (seq, PUBLIC[kind], {"names": ["Blythe Tranter"], "n": 7})
    finally:
        store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_1.events SET kind = 'question'",
        "DELETE FROM case_1.events",
        "TRUNCATE case_1.events",
        "UPDATE case_1.about SET key = 'x'",
        "DELETE FROM case_1.about",
        "INSERT INTO case_1.about VALUES (2, 'x')",
        "INSERT INTO case_1.events SELECT 9, at, kind, doc, public, sealed FROM case_1.events WHERE seq = 1",
        "INSERT INTO case_1.events SELECT 1, at, kind, doc, public, sealed FROM case_1.events WHERE seq = 1",
    ],
)
def test_the_server_itself_refuses_to_change_what_was_written(store: Store, url: str, statement: str) -> None:
    store.append("document-seen", "d01", {})
    store.append("document-seen", "d02", {})
    with pytest.raises(DatabaseError):
        raw(url, statement)
    assert [e.doc for e in store.events()] == ["d01", "d02"]


def test_all_of_a_transaction_is_kept_or_none(store: Store) -> None:
    with pytest.raises(RuntimeError), store.transaction():
        store.append("document-seen", "d01", {})
        raise RuntimeError
    store.append("document-seen", "d02", {})
    assert [(e.seq, e.doc) for e in store.events()] == [(1, "d02")]


def test_another_key_and_another_bundle_are_told_apart(store: Store, url: str) -> None:
    store.append("document-seen", "d01", {})
    with pytest.raises(KeyFault, match="another key"):
        Store.open(url, CaseKey(b"x" * 32), "case_1")
    other = Store.open(url, CaseKey(b"x" * 32), "case_2")
    assert list(other.events()) == []
    other.close()


WRITER = """
import sys
from redactor.keys import CaseKey
from redactor.store import Store
store = Store.open(sys.argv[1], CaseKey(b"k" * 32), "case_1")
for n in range(int(sys.argv[2])):
    store.append("document-seen", f"d{n:02}", {}, {"by": sys.argv[3]})
"""


def test_two_at_once_lose_and_mix_nothing(store: Store, url: str) -> None:
    both = [subprocess.Popen([sys.executable, "-c", WRITER, url, "120", who]) for who in ("one", "two")]
    assert [p.wait(120) for p in both] == [0, 0]
    events = list(store.events())
    assert [e.seq for e in events] == list(range(1, 241))
    for who in ("one", "two"):
        assert [e.doc for e in events if e.personal == {"by": who}] == [f"d{n:02}" for n in range(120)]


HANGING = """
import sys, time
from redactor.keys import CaseKey
from redactor.store import Store
store = Store.open(sys.argv[1], CaseKey(b"k" * 32), "case_1")
store.append("document-seen", "d01", {})
with store.transaction():
    store.append("document-seen", "d02", {})
    print("amid", flush=True)
    time.sleep(60)
"""


def test_a_writer_killed_amid_a_transaction_leaves_none_of_it(store: Store, url: str) -> None:
    with subprocess.Popen([sys.executable, "-c", HANGING, url], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout and writer.stdout.readline() == "amid\n"
        with pytest.raises(StoreFault, match="in use by another process"):  # it holds the lock as long as it lives
            store.append("document-seen", "d09", {})
        writer.send_signal(signal.SIGKILL)
    store.append("document-seen", "d03", {})
    assert [e.doc for e in store.events()] == ["d01", "d03"]


@pytest.mark.parametrize(
    ("change_", "said"),
    [
        (lambda url: url.replace(PASSWORD, "wrong"), "does not let you in"),
        (lambda url: url.rpartition("/")[0] + "/nowhere", "no database of this name"),
        (lambda url: "postgresql://team:x@127.0.0.1:9/db", "cannot be reached"),
        (lambda url: "mysql://team@127.0.0.1/db", "begins with postgresql"),
        (lambda url: url + "?sslmode=require", "options after a question mark"),
        (lambda url: f"postgresql://team:{PASSWORD}@localhost/db?host=db.example.org", "options after a question mark"),
        (lambda url: f"postgresql:///db?host=db.example.org&user=team&password={PASSWORD}", "options after a question mark"),
        (lambda url: f"postgresql://team:{PASSWORD}/x@127.0.0.1:port/db", "no SQLAlchemy URL"),
    ],
)
def test_what_the_server_refuses_is_one_sentence(url: str, change_: object, said: str) -> None:
    address = change_(url)  # type: ignore[operator]
    with pytest.raises(StoreFault, match=said) as fault:
        Store.open(address, KEY, "case_1")
    assert PASSWORD not in str(fault.value) and "127.0.0.1" not in str(fault.value)


def test_a_password_of_the_environment_is_used(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    Store.open(url.replace(f":{PASSWORD}", ""), KEY, "case_1").close()


def test_a_server_that_was_started_again_is_found_again(store: Store, url: str) -> None:
    """A connection that the server closed meanwhile is opened anew, as over a desk's long day."""
    store.append("document-seen", "d01", {})
    raw(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'redactor'")
    store.append("document-seen", "d02", {})
    assert [e.doc for e in store.events()] == ["d01", "d02"]


def test_another_machine_is_spoken_to_under_tls_only(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """The tests' server has no certificate: named as another machine it is refused before a password is sent."""
    from redactor import store_server

    monkeypatch.setattr(store_server, "_LOCAL", frozenset())
    with pytest.raises(StoreFault):
        Store.open(url, KEY, "case_1")


# ---- the whole way


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path) -> Path:
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    monkeypatch.setattr(recognizers, "Engine", lambda: engine)
    return tmp_path


def test_a_bundle_is_settled_on_a_server_as_in_a_file(trial: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Published, answered, changed, published again and signed; and no word of it on the server in clear."""
    with store_at(url):
        out = published(trial)
        asked = next(q for q in list_questions(out) if "Penhallow" in q.text)
        answer(out, [Reply(asked.id, "officer")])
        change(out, [Change("mask", ClearText("silver kite"), person=person(out, "Blythe Tranter"))], "R. Hale")
        republish(out)
        assert b"[Officer" in copies(out)["a.txt"] and not any(b"silver kite" in data for data in copies(out).values())
        assert audit_verify(out) and sign(out, "R. Hale")
        assert not (out / PLACE / "restricted" / "case.db").exists()
        note = (out / PLACE / "restricted" / "store-on-a-server").read_bytes()
        assert note == b""
    engine = create_engine(url.replace("postgresql:", "postgresql+pg8000:"))
    with engine.connect() as connection:
        schema = connection.execute(
            text("SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'case_%'")
        ).scalar()
        rows = connection.execute(text(f"SELECT * FROM {schema}.events")).all()
    engine.dispose()
    whole = b"".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)
    assert len(rows) > 50 and not any(word in whole for word in (b"Tranter", b"Penhallow", b"lantern", b"R. Hale"))


def test_the_desk_works_on_a_server(trial: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command itself, spoken to by a client: a missed name masked, the copies made anew in its own thread, a signature."""
    with store_at(url):
        out = published(trial)
        blythe = person(out, "Blythe Tranter")
    monkeypatch.setenv(STORE, url)
    with desk(out, "R. Hale") as (link, _), httpx.Client(base_url=link.partition("/enter")[0], follow_redirects=True) as client:
        client.get(link)
        form = re.findall(r'name="form" value="([^"]+)"', client.get("/sign").text)
        said = {"form": form[0], "seen": "100000"}
        assert client.post("/changes", data=said | {"act": "mask", "words": "silver kite", "person": blythe}).status_code == 200
        client.post("/republish", data=said)
        until = time.monotonic() + 180
        while "/working" in str(client.get("/working").url):
            assert time.monotonic() < until and "Not made" not in client.get("/working").text
            time.sleep(0.5)
        assert not any(b"silver kite" in data for data in copies(out).values())
        assert "Signed." in client.post("/sign", data=said).text


def test_a_server_that_is_not_named_is_asked_for(trial: Path, url: str) -> None:
    with store_at(url):
        out = published(trial)
    with pytest.raises(StoreFault, match="lie on a server"):
        list_questions(out)
    for path in out.rglob("*"):
        assert not path.is_file() or PASSWORD.encode() not in path.read_bytes()


def test_a_bundle_in_a_file_is_not_looked_for_on_a_server(trial: Path, url: str) -> None:
    out = published(trial)
    with store_at(url), pytest.raises(StoreFault, match="lie in a file"):
        list_questions(out)


def test_the_command_takes_the_server_from_option_and_environment(trial: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = CliRunner()
    bundle = trial / "boat"
    bundle.mkdir()
    (bundle / "a.txt").write_text("Helen Tarrant rang the office about the boat.\n", encoding="utf-8")
    assert run.invoke(cli, ["--store", url, "publish", str(bundle), "-o", str(trial / "out")]).exit_code == 0
    bare = run.invoke(cli, ["questions", str(trial / "out")])
    assert bare.exit_code == 3 and "lie on a server" in bare.stderr and PASSWORD not in bare.output
    monkeypatch.setenv(STORE, url)
    assert "Helen Tarrant" in run.invoke(cli, ["questions", str(trial / "out")]).output
