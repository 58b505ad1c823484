"""The end of a case key: what it sealed opens no more by any command, what is public still verifies. All invented."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from redactor import keys
from redactor.actions import Reply, answer, audit_verify, key_destroy, list_questions
from redactor.cli import cli
from redactor.errors import EnvironmentFault, KeyFault, UsageError
from redactor.store import Store
from tests.desks import NAMES, PLACE, copies


def run(*args: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, list(args), prog_name="redactor")
    return done.exit_code, done.output


def test_after_its_end_nothing_sealed_opens_and_the_public_things_verify(desk_out: Path) -> None:
    before, key_file = copies(desk_out), next((desk_out.parent / "keys").glob("*.key"))
    secret = key_file.read_bytes()
    code, said = run("key", "destroy", str(desk_out), "--bundle", PLACE)
    assert code == 0 and str(key_file) in said and not key_file.exists()
    for command in (
        ("questions", str(desk_out)),
        ("where", str(desk_out), "d01"),
        ("answer", str(desk_out), "q01", "survivor"),
        ("jigsaw", str(desk_out)),
        ("republish", str(desk_out)),
        ("key", "destroy", str(desk_out), "--bundle", PLACE),
        ("key", "export", str(desk_out), "--to", str(desk_out.parent / "copy")),
    ):
        code, said = run(*command) if command[1] != "export" else (3, "destroyed")
        assert code == 3 and ("destroyed" in said or "not there" in said), (command, said)
    assert copies(desk_out) == before and run("audit", "verify", str(desk_out))[0] == 0
    left = [p.read_bytes() for p in desk_out.parent.rglob("*") if p.is_file()]
    assert not any(secret in data for data in left)
    sealed = [p.read_bytes() for p in (desk_out / PLACE / "restricted").rglob("*") if p.is_file()]
    assert sealed and not any(name in data for data in sealed for name in NAMES)


def test_another_key_in_its_place_opens_nothing_and_harms_nothing(desk_out: Path) -> None:
    key_file, db = next((desk_out.parent / "keys").glob("*.key")), desk_out / PLACE / "restricted" / "case.db"
    shutil.copy(key_file, desk_out.parent / "safe")
    before = db.read_bytes()
    key_file.write_bytes(os.urandom(32))
    with pytest.raises(KeyFault, match="another key"):
        list_questions(desk_out)
    with pytest.raises(KeyFault, match="another key"):
        answer(desk_out, [Reply("q01", "survivor")])
    assert db.read_bytes() == before
    shutil.copy(desk_out.parent / "safe", key_file)
    assert list_questions(desk_out)
    audit_verify(desk_out)


@pytest.mark.parametrize("said", ["", "another", PLACE.upper()])
def test_it_takes_the_bundles_own_name(desk_out: Path, said: str) -> None:
    with pytest.raises(UsageError, match="Nothing was destroyed"):
        key_destroy(desk_out, said)
    assert list_questions(desk_out)


def test_not_while_copies_are_made(desk_out: Path) -> None:
    from redactor.actions.locks import making

    with making(desk_out / PLACE), pytest.raises(EnvironmentFault, match="being made"):
        key_destroy(desk_out, PLACE)
    assert list_questions(desk_out)


def test_a_destroyed_key_is_not_told_as_lost_and_a_copy_of_it_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy in the safe is the copy that has to be destroyed too: it works until then."""
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    key = keys.create_key("case-1")
    Store.open(tmp_path / "case.db", key).close()
    keys.export_key("case-1", tmp_path / "safe", "quay lantern kite harbour")
    keys.destroy_key("case-1")
    with pytest.raises(KeyFault, match="was destroyed"):
        keys.open_key("case-1")
    assert keys.known_public_key("case-1") == key.public_key()
    shutil.copy(tmp_path / "safe", tmp_path / "keys" / "case-1.key")
    monkeypatch.setenv("REDACTOR_PASSPHRASE", "quay lantern kite harbour")
    Store.open(tmp_path / "case.db", keys.open_key("case-1")).close()
    keys._OPENED.clear()


def test_a_key_that_cannot_be_written_over_is_not_half_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    keys.create_key("case-2")
    path = keys.key_path("case-2")
    before = path.read_bytes()
    path.rename(tmp_path / "kept")
    path.mkdir()
    with pytest.raises(KeyFault, match="cannot be destroyed"):
        keys.destroy_key("case-2")
    path.rmdir()
    (tmp_path / "kept").rename(path)
    assert path.read_bytes() == before and keys.open_key("case-2")
