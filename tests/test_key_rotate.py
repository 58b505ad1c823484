"""A new case key: the old one opens nothing more, nothing that was published changes, and a stop at any step loses nothing."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from redactor import keys, keys_lock, keys_rotate, store_anew
from redactor.actions import audit_verify, key_export, key_rotate, list_questions, place, republish, sign, sign_offs
from redactor.cli import cli
from redactor.errors import EnvironmentFault, KeyFault, RedactorError, StoreFault
from redactor.keys import CaseKey
from redactor.store import Store
from tests.desks import PLACE, copies
from tests.stores import KEY, Home, fill

NEW = KEY.renewed()
OLD_WORDS, NEW_WORDS = "quay lantern kites harbour", "another quay with a lantern"


def key_file(out: Path) -> Path:
    return next((out.parent / "keys").glob("*.key"))


def sealed_in(out: Path) -> list[bytes]:
    with closing(sqlite3.connect(out / PLACE / "restricted" / "case.db")) as raw:
        return [row[0] for row in raw.execute("SELECT sealed FROM events")]


def labels(out: Path) -> dict[str, str]:
    with place.earlier_run(out / PLACE) as (_, store):
        return {e.public["person"]: e.public["label"] for e in store.events("label-assigned")}


def test_a_changed_key_seals_anew_and_keeps_what_was_published_with_it() -> None:
    twice = NEW.renewed()
    for key in (NEW, twice):
        assert key.fingerprint("a", "audit") == KEY.fingerprint("a", "audit") and key.public_key() == KEY.public_key()
        assert key.draw("labels").random() == KEY.draw("labels").random()
    sealed = {key: key.seal(b"words", b"here") for key in (KEY, NEW, twice)}
    for key in sealed:
        for by, data in sealed.items():
            if by is not key:
                with pytest.raises(KeyFault, match="not the key"):
                    key.unseal(data, b"here")


def test_the_old_key_opens_nothing_and_all_that_is_public_stays(desk_out: Path) -> None:
    restricted, old = desk_out / PLACE / "restricted", key_file(desk_out).read_bytes()
    (restricted / "case.db.layout-1").write_bytes(b"a copy that the old key opens")
    before = copies(desk_out), labels(desk_out), list_questions(desk_out), audit_verify(desk_out)
    sign(desk_out, "Ann Reviewer")
    blobs = sealed_in(desk_out)
    done = CliRunner().invoke(cli, ["key", "rotate", str(desk_out)])
    assert done.exit_code == 0 and f"{PLACE}: {len(blobs)} events" in done.output
    assert (copies(desk_out), labels(desk_out), list_questions(desk_out), audit_verify(desk_out)) == before
    assert [s.stands for _, _, found in sign_offs(desk_out) for s in found] == [True]
    left = b"".join(p.read_bytes() for p in desk_out.parent.rglob("*") if p.is_file())
    assert not any(blob in left for blob in blobs) and key_file(desk_out).read_bytes()[:32] == old
    assert sorted(p.name for p in key_file(desk_out).parent.iterdir() if p.is_file()) == [
        key_file(desk_out).name,
        key_file(desk_out).with_suffix(".pub").name,
    ]
    assert not [*restricted.glob("cache/*"), *restricted.glob("case.db.*")]
    republish(desk_out)
    assert copies(desk_out) == before[0] and labels(desk_out) == before[1]
    log = (desk_out / PLACE / "publishable" / "audit.jsonl").read_text().splitlines()
    assert json.loads(log[0])["key_changes"] == 1
    key_file(desk_out).write_bytes(old)
    with pytest.raises(KeyFault, match="another key"):
        list_questions(desk_out)


def test_all_events_are_sealed_anew_on_a_file_and_on_a_server(home: Home) -> None:
    with closing(home.open()) as store, closing(home.open()) as other:
        fill(store, 5)
        said = [(e.seq, e.at, e.personal) for e in store.events()]
        assert store_anew.seal_anew(store, NEW) == 5
        assert [(e.seq, e.at, e.personal) for e in store.events()][:5] == said
        with pytest.raises(StoreFault, match="key was changed"):
            fill(other)
        fill(store, 1)
    with pytest.raises(KeyFault, match="another key"):
        home.open(KEY)
    with closing(home.open(NEW)) as store:
        assert [e.kind for e in store.events()] == ["document-seen"] * 5 + ["key-changed", "document-seen"]
    with pytest.raises(Exception, match=r"append.only"):
        home.raw("UPDATE {s}events SET doc = 'd99'")


def test_an_event_that_does_not_open_stops_it_and_nothing_has_changed(home: Home) -> None:
    with closing(home.open()) as store:
        fill(store, 4)
        home.unguarded("UPDATE {s}events SET doc = 'd99' WHERE seq = 3")
        with pytest.raises(StoreFault, match="Event 3"):
            store_anew.seal_anew(store, NEW)
    with closing(home.open()) as store:
        assert next(store.events()).personal


def stopped(*_: object) -> None:
    raise KeyboardInterrupt


def before_the_events(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(store_anew, "seal_anew", stopped)


def amid_the_events(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(store_anew, "mark_of", stopped)


def after_the_events(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("redactor.actions.keeping.changed", stopped)


def before_the_key_is_in_place(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(keys_rotate, "settle", stopped)


@pytest.mark.parametrize(
    ("stop", "new_one"),
    [(before_the_events, False), (amid_the_events, False), (after_the_events, True), (before_the_key_is_in_place, True)],
)
def test_a_stop_at_any_step_leaves_one_key_that_opens_everything(
    desk_out: Path, monkeypatch: pytest.MonkeyPatch, stop: Callable[[pytest.MonkeyPatch], None], new_one: bool
) -> None:
    asked, old = list_questions(desk_out), key_file(desk_out).read_bytes()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        stop(patch)
        key_rotate(desk_out)
    assert key_file(desk_out).with_suffix(keys.NEXT).exists() and key_file(desk_out).read_bytes() == old
    key_export(desk_out, desk_out.parent / "safe", OLD_WORDS)  # of the key that counts
    assert (keys_lock.uncover((desk_out.parent / "safe").read_bytes(), OLD_WORDS) != old) == new_one
    assert list_questions(desk_out) == asked
    assert key_file(desk_out).with_suffix(keys.NEXT).exists() != new_one
    key_rotate(desk_out)
    assert list_questions(desk_out) == asked and not key_file(desk_out).with_suffix(keys.NEXT).exists()


def test_a_key_under_a_passphrase_gets_another_one(desk_out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key_id = key_file(desk_out).stem
    keys.cover_key(key_id, OLD_WORDS)
    monkeypatch.setenv(keys_lock.VARIABLE, OLD_WORDS)
    with pytest.raises(KeyFault, match="Give one"):
        key_rotate(desk_out)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        after_the_events(patch)
        key_rotate(desk_out, NEW_WORDS)
    with pytest.raises(KeyFault, match="passphrase is not that"):
        list_questions(desk_out)
    monkeypatch.setenv(keys_lock.VARIABLE, NEW_WORDS)
    assert list_questions(desk_out) and keys.is_covered(key_id)
    keys._OPENED.clear()


def test_not_while_copies_are_made_and_not_without_the_key(desk_out: Path) -> None:
    from redactor.actions.locks import making

    with making(desk_out / PLACE), pytest.raises(EnvironmentFault, match="being made"):
        key_rotate(desk_out)
    shutil.move(key_file(desk_out), desk_out.parent / "away")
    with pytest.raises(KeyFault, match="missing"):
        key_rotate(desk_out)


@pytest.mark.skipif(os.name != "posix", reason="an open file can be replaced on POSIX alone")
def test_two_that_end_the_same_change_do_not_harm_the_new_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keys.VARIABLE, str(tmp_path / "keys"))
    keys.create_key("k")
    new = keys_rotate.begin("k", None)
    keys_rotate.settle("k")
    keys_rotate.settle("k")
    assert keys.open_key("k").unseal(new.seal(b"a", b"b"), b"b") == b"a"


def test_the_end_of_a_key_is_that_of_the_next_one_too(desk_out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        after_the_events(patch)
        key_rotate(desk_out)
    keys.destroy_key(key_file(desk_out).stem)
    with pytest.raises(RedactorError, match="destroyed"):
        list_questions(desk_out)
    assert not [p for p in (desk_out.parent / "keys").iterdir() if p.suffix in (".key", keys.NEXT)]


def test_a_store_says_which_key_it_is_of(tmp_path: Path) -> None:
    with closing(Store.open(tmp_path / "case.db", NEW)):
        pass
    with pytest.raises(KeyFault, match="another key"):
        Store.open(tmp_path / "case.db", CaseKey(b"k" * 32))
