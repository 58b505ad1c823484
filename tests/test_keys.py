from __future__ import annotations

import os
import pickle
import stat
from pathlib import Path

import pytest

from redactor import keys, keys_lock
from redactor.errors import ExitCode, KeyFault
from redactor.keys import CaseKey, create_key, key_folder, key_path, known_public_key, open_key


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(keys.VARIABLE, str(tmp_path / "away" / "keys"))
    return tmp_path / "away" / "keys"


def test_a_key_is_opened_again(folder: Path) -> None:
    made = create_key("larkspur-1")
    sealed = made.seal(b"words", b"here")
    assert open_key("larkspur-1").unseal(sealed, b"here") == b"words"
    assert sorted(p.name for p in folder.iterdir()) == ["larkspur-1.key", "larkspur-1.pub"]


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_only_the_user_may_read_a_key(folder: Path) -> None:
    create_key("k")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(key_path("k").stat().st_mode) == 0o600
    key_path("k").chmod(0o644)
    open_key("k")
    assert stat.S_IMODE(key_path("k").stat().st_mode) == 0o600


def test_keys_live_in_the_configuration_folder_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(keys.VARIABLE)
    assert key_folder().parts[-2:] == ("redactor", "keys")


def test_a_key_is_never_written_over() -> None:
    public = create_key("k").public_key()
    with pytest.raises(KeyFault, match=r"exists already: .*k\.key"):
        create_key("k")
    assert open_key("k").public_key() == public


def test_a_public_key_is_never_written_over(folder: Path) -> None:
    create_key("k")
    key_path("k").unlink()
    with pytest.raises(KeyFault, match="exists already"):
        create_key("k")
    assert not key_path("k").exists()


def _missing(path: Path) -> None:
    path.unlink()


def _short(path: Path) -> None:
    path.write_bytes(b"x" * 31)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("harm", "says"), [(_missing, "missing"), (_short, "31 bytes"), (_empty, "0 bytes"), (_folder, "cannot be read")]
)
def test_a_harmed_key_is_told_with_path_and_remedy(harm: object, says: str) -> None:
    create_key("k")
    assert callable(harm)
    harm(key_path("k"))
    with pytest.raises(KeyFault, match=says) as fault:
        open_key("k")
    assert str(key_path("k")) in str(fault.value)
    assert fault.value.exit_code is ExitCode.ENVIRONMENT


def test_an_unwritable_folder_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file where a folder should be")
    monkeypatch.setenv(keys.VARIABLE, str(tmp_path / "file" / "keys"))
    with pytest.raises(KeyFault, match="cannot be written"):
        create_key("k")


@pytest.mark.parametrize("key_id", ["", "../k", "a/b", "a b", ".k", "k" * 129, "k\n"])
def test_a_key_id_cannot_leave_the_folder(key_id: str) -> None:
    with pytest.raises(KeyFault, match="not a key id"):
        create_key(key_id)


def test_a_key_cannot_be_printed_or_pickled() -> None:
    key = CaseKey(b"k" * 32)
    assert f"{key!r} {key}" == "<CaseKey> <CaseKey>"
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(KeyFault):
        CaseKey(b"k" * 31)


@pytest.mark.parametrize("fault", ["key", "context", "byte", "version", "short", "empty"])
def test_what_was_sealed_opens_whole_or_not_at_all(fault: str) -> None:
    key = CaseKey(b"k" * 32)
    sealed = key.seal(b"words", b"here")
    assert b"words" not in sealed
    assert sealed != key.seal(b"words", b"here")
    other = CaseKey(b"o" * 32) if fault == "key" else key
    changed = {
        "byte": sealed[:-1] + bytes([sealed[-1] ^ 1]),
        "version": b"\x02" + sealed[1:],
        "short": sealed[:9],
        "empty": b"",
    }
    with pytest.raises(KeyFault):
        other.unseal(changed.get(fault, sealed), b"there" if fault == "context" else b"here")


def test_fingerprints_depend_on_key_purpose_and_text() -> None:
    one, two = CaseKey(b"1" * 32), CaseKey(b"2" * 32)
    prints = {one.fingerprint("a", "x"), one.fingerprint("b", "x"), one.fingerprint("a", "y"), two.fingerprint("a", "x")}
    assert len(prints) == 4
    assert one.fingerprint("a", "x") == one.fingerprint("a", "x")
    assert all(len(p) == 16 and set(p) <= set("0123456789abcdef") for p in prints)
    assert one.fingerprint("a\udcff", "x") != one.fingerprint("a", "x")


def test_label_draws_are_the_same_again_for_one_key_and_purpose() -> None:
    one, two = CaseKey(b"1" * 32), CaseKey(b"2" * 32)

    def numbers(key: CaseKey, purpose: str) -> list[int]:
        stream = key.draw(purpose)
        return [stream.randrange(10**9) for _ in range(4)]

    assert numbers(one, "survivor") == numbers(CaseKey(b"1" * 32), "survivor")
    assert numbers(one, "survivor") != numbers(one, "witness")
    assert numbers(one, "survivor") != numbers(two, "survivor")


def test_a_signature_holds_for_its_key_and_message_only() -> None:
    one, two = CaseKey(b"1" * 32), CaseKey(b"2" * 32)
    signature = one.sign(b"head")
    keys.check_signature(one.public_key(), signature, b"head")
    for public, sig, message in [
        (two.public_key(), signature, b"head"),
        (one.public_key(), signature, b"other"),
        (one.public_key(), two.sign(b"head"), b"head"),
        (one.public_key(), "", b"head"),
        ("zz", signature, b"head"),
    ]:
        with pytest.raises(KeyFault):
            keys.check_signature(public, sig, message)


def test_the_public_half_is_known_outside_out() -> None:
    assert known_public_key("k") is None
    public = create_key("k").public_key()
    assert known_public_key("k") == public
    key_path("k").unlink()
    assert known_public_key("k") == public


def test_the_public_half_is_worked_out_from_the_key_where_its_file_is_gone() -> None:
    public = create_key("k").public_key()
    key_path("k").with_suffix(".pub").unlink()
    assert known_public_key("k") == public


@pytest.mark.parametrize("harm", [b"", b"ff", b"\xff" * 64])
def test_a_harmed_public_half_is_not_used(harm: bytes) -> None:
    create_key("k")
    key_path("k").with_suffix(".pub").write_bytes(harm)
    with pytest.raises(KeyFault, match="public key cannot be read"):
        known_public_key("k")


def test_keys_of_a_trial_are_kept_apart_and_only_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "own"))
    with keys.kept_in(tmp_path / "trial"):
        keys.create_key("case-1")
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["trial"]
    assert keys.key_folder() == tmp_path / "own"


# ---- under a passphrase

WORDS = "quay lantern kite harbour"


def test_a_covered_key_opens_with_its_passphrase_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = keys.create_key("case-1")
    keys.cover_key("case-1", WORDS)
    data = (folder / "case-1.key").read_bytes()
    assert keys.is_covered("case-1") and len(data) > 32 and keys._OPENED == {}
    with pytest.raises(KeyFault, match="lies under a passphrase"):
        keys.open_key("case-1")
    for wrong in ("", "wrong", WORDS.upper()):
        monkeypatch.setenv("REDACTOR_PASSPHRASE", wrong)
        with pytest.raises(KeyFault, match="not that of this case key") as fault:
            keys.open_key("case-1")
        assert not wrong or wrong not in str(fault.value)
    monkeypatch.setenv("REDACTOR_PASSPHRASE", WORDS)
    assert keys.open_key("case-1").fingerprint("x", "y") == key.fingerprint("x", "y")
    keys._OPENED.clear()


def test_a_passphrase_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    keys.create_key("case-2")
    keys.cover_key("case-2", WORDS)
    asked: list[int] = []
    with keys_lock.asked_by(lambda: asked.append(1) or WORDS):  # type: ignore[func-returns-value]
        keys.open_key("case-2"), keys.open_key("case-2")
    assert asked == [1]
    keys._OPENED.clear()


def test_a_passphrase_is_read_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.create_key("case-3")
    keys.cover_key("case-3", WORDS)
    monkeypatch.setenv("REDACTOR_PASSPHRASE_FILE", str(tmp_path / "words"))
    with pytest.raises(KeyFault, match="cannot be read"):
        keys.open_key("case-3")
    (tmp_path / "words").write_text(WORDS + "\nmore\n", encoding="utf-8")
    keys.open_key("case-3")
    keys._OPENED.clear()


@pytest.mark.parametrize("weak", ["", "short", "            ", "aaaaaaaaaaaaaaaa"])
def test_a_weak_passphrase_leaves_the_key_as_it_was(folder: Path, weak: str) -> None:
    keys.create_key("case-4")
    before = (folder / "case-4.key").read_bytes()
    with pytest.raises(KeyFault, match="too short"):
        keys.cover_key("case-4", weak)
    assert (folder / "case-4.key").read_bytes() == before and len(list(folder.glob(".*"))) == 0


@pytest.mark.parametrize("at", [0, 40, 60, -1])
def test_a_changed_covered_key_does_not_open(folder: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    keys.create_key("case-5")
    keys.cover_key("case-5", WORDS)
    data = bytearray((folder / "case-5.key").read_bytes())
    data[at] ^= 1
    (folder / "case-5.key").write_bytes(bytes(data))
    monkeypatch.setenv("REDACTOR_PASSPHRASE", WORDS)
    with pytest.raises(KeyFault):
        keys.open_key("case-5")


def test_a_copy_for_the_safe_is_never_bare(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = keys.create_key("case-6")
    keys.export_key("case-6", tmp_path / "safe", WORDS)
    assert (folder / "case-6.key").read_bytes() not in (tmp_path / "safe").read_bytes()
    with pytest.raises(KeyFault, match="already"):
        keys.export_key("case-6", tmp_path / "safe", WORDS)
    (tmp_path / "safe").rename(folder / "case-7.key")
    monkeypatch.setenv("REDACTOR_PASSPHRASE", WORDS)
    assert keys.open_key("case-7").fingerprint("x", "y") == key.fingerprint("x", "y")
    keys._OPENED.clear()


def test_a_fault_amid_covering_leaves_the_bare_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.create_key("case-8")
    before = (folder / "case-8.key").read_bytes()
    monkeypatch.setattr(keys_lock, "uncover", lambda _data, _said=None: b"x" * 32)
    with pytest.raises(KeyFault, match="Nothing was changed"):
        keys.cover_key("case-8", WORDS)
    assert (folder / "case-8.key").read_bytes() == before and not list(folder.glob(".*"))
