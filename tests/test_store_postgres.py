"""The event store on a real PostgreSQL server. Every person is invented."""

from __future__ import annotations

import re
import time
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from redactor import recognizers, store_server
from redactor.actions import Change, Reply, answer, audit_verify, change, list_questions, move_store, republish, sign
from redactor.actions.place import STORE, key_id_of, schema_of, store_at
from redactor.cleartext import ClearText
from redactor.cli import cli
from redactor.errors import StoreFault
from redactor.keys import CaseKey
from redactor.recognizers import Engine
from redactor.store import Store
from tests.desks import PLACE, copies, person, published
from tests.postgres import PASSWORD
from tests.stores import KEY, Home, bare_bundle
from tests.test_web_browser import desk


@pytest.fixture
def url(postgres: str) -> str:
    return postgres


@pytest.fixture
def home(postgres: str) -> Home:
    return Home(postgres)


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


def test_a_password_of_the_environment_is_used(home: Home, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    Store.open(url.replace(f":{PASSWORD}", ""), KEY, home.name).close()


def test_a_server_that_was_started_again_is_found_again(home: Home) -> None:
    """A connection that the server closed meanwhile is opened anew, as over a desk's long day."""
    store = home.open()
    store.append("document-seen", "d01", {})
    home.raw("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'redactor'")
    store.append("document-seen", "d02", {})
    assert [e.doc for e in store.events()] == ["d01", "d02"]
    store.close()


def test_two_bundles_of_one_server_are_told_apart(home: Home) -> None:
    store, other = home.open(), Home(home.address).open(CaseKey(b"x" * 32))
    store.append("document-seen", "d01", {})
    assert list(other.events()) == []
    store.close()
    other.close()


def test_another_machine_is_spoken_to_under_tls_only(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    """The tests' server has no certificate: named as another machine it is refused before a password is sent."""
    monkeypatch.setattr(store_server, "_LOCAL", frozenset())
    with pytest.raises(StoreFault):
        home.open()


# ---- the whole way


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path) -> Path:
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    monkeypatch.setattr(recognizers, "Engine", lambda _by: engine)
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
    here = Home(url)
    here.name = schema_of(key_id_of(out / PLACE))
    whole = here.bytes()
    assert len(whole) > 10_000 and not any(word in whole for word in (b"Tranter", b"Penhallow", b"lantern", b"R. Hale"))
    with store_at(url):
        before = list_questions(out)
        move_store(out, "file")
    assert list_questions(out) == before and republish(out)[0].exit_code == 0


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


def test_where_the_events_lie_is_asked_for_and_not_mistaken(trial: Path, url: str) -> None:
    (trial / "two").mkdir()
    out = bare_bundle(trial, url)
    with pytest.raises(StoreFault, match="lie on a server"):
        list_questions(out)
    elsewhere = url.rpartition("/")[0] + "/template1"
    with store_at(elsewhere), pytest.raises(StoreFault, match="holds no events of this bundle"):
        list_questions(out)
    for path in out.rglob("*"):
        assert not path.is_file() or PASSWORD.encode() not in path.read_bytes()
    with store_at(url), pytest.raises(StoreFault, match="lie in a file"):
        list_questions(bare_bundle(trial / "two"))


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
