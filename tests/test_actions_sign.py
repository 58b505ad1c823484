"""Signing, releasing and recalling with real models and real files: what stands, what voids, what goes out. All invented."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from redactor.actions import Reply, answer, audit_verify, publish, recall, release, sign, sign_offs
from redactor.cleartext import ClearText
from redactor.cli import cli
from redactor.errors import AuditError, KeyFault, RefusedError, UsageError

pytestmark = pytest.mark.usefixtures("loaded")  # the session's models, keys of its own

CASE = "title: The Harnsea homes\npeople: [{name: Blythe Tranter, role: survivor}]\n"
TEXT = (
    "Blythe Tranter asked the council for help. Wilmot Garrow saw her leave. The council met on Thursday and agreed the report.\n"
)
TEAM = (("reviewer", "Ann Reviewer"), ("second_reviewer", "Ben Second"), ("legal", "Cy Lawyer"), ("director", "Di Rector"))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles") / "harnsea"
    folder.mkdir()
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    return folder


@pytest.fixture
def place(bundle: Path, tmp_path: Path) -> Path:
    publish([bundle], tmp_path / "out")
    return tmp_path / "out" / "harnsea"


def signed(place: Path, count: int = len(TEAM)) -> Path:
    for role, name in TEAM[:count]:
        assert sign(place, name) == [("harnsea", role)]
    return place


def void(place: Path) -> list[str]:
    ((_, _, found),) = sign_offs(place)
    return [s.why for s in found if not s.stands]


def public_key(place: Path) -> str:
    head = (place / "publishable" / "audit.jsonl").read_text(encoding="ascii").splitlines()[-1]
    return str(json.loads(head)["public_key"])


def edited(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


# ---- signing


def test_each_signs_in_turn_and_is_another_person(place: Path) -> None:
    signed(place, 1)
    with pytest.raises(UsageError, match="signed this already"):
        sign(place, "ann  reviewer")
    with pytest.raises(UsageError, match="second_reviewer signs before director"):
        sign(place, "Di Rector", "director")
    with pytest.raises(UsageError, match="no sign-off of this name"):
        sign(place, "Di Rector", "friend")
    signed_as = sign(place, "Ben Second")
    assert signed_as == [("harnsea", "second_reviewer")] and void(place) == []


def test_a_key_under_a_passphrase_opens_with_it_alone(place: Path) -> None:
    sign(place, "Pat Phrase", passphrase="long words")
    for wrong in ("", "other words"):
        with pytest.raises(KeyFault):
            sign(place, "Pat Phrase", passphrase=wrong)


def test_a_changed_copy_is_not_signed_and_voids_nothing_silently(place: Path) -> None:
    signed(place, 1)
    edited(place / "publishable" / "documents" / "a.txt", "Thursday", "Friday")
    with pytest.raises(AuditError, match="copy d01 differs"):
        sign(place, "Ben Second")
    with pytest.raises(AuditError, match="copy d01 differs"):
        release(place, place.parent.parent / "gone")


def test_a_new_run_voids_every_signature(place: Path, bundle: Path) -> None:
    signed(place, 2)
    publish([bundle], place.parent, policy="strict")
    assert void(place) == ["the copies, the policy or a decision changed since"] * 2


def test_an_answer_voids_every_signature_until_it_is_used(place: Path, bundle: Path) -> None:
    signed(place, 1)
    (asked,) = _questions(place)
    answer(place, [Reply(asked, "witness")])
    assert void(place) == ["an answer was given since the copies were made"]
    with pytest.raises(UsageError, match="an answer was given"):
        sign(place, "Ben Second")


def test_an_altered_sign_off_does_not_stand(place: Path) -> None:
    signed(place, 1)
    edited(place / "signatures" / "reviewer.json", "Ann", "Zoe")
    assert void(place) == ["it is not as it was signed"]


def test_an_audit_reviewer_needs_no_case_key(place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    known = public_key(place)
    shutil.rmtree(place / "restricted")
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "other-keys"))
    assert sign(place, "Ann Reviewer", public_key=known) == [("harnsea", "reviewer")]


# ---- releasing


def test_nothing_goes_out_unsigned(place: Path, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="reviewer, second_reviewer, legal, director"):
        release(place, tmp_path / "gone")
    signed(place, 3)
    with pytest.raises(RefusedError, match="not signed by director"):
        release(place, tmp_path / "gone")
    assert not (tmp_path / "gone").exists()


@pytest.fixture
def released(place: Path, tmp_path: Path) -> Path:
    release(signed(place), tmp_path / "public")
    return tmp_path / "public"


def script(folder: Path, key: str) -> subprocess.CompletedProcess[str]:
    """The independent script, as a stranger runs it."""
    command = [sys.executable, str(folder / "verify_release.py"), str(folder), key]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_release_is_checked_by_the_program_and_by_the_script(released: Path) -> None:
    key = public_key(released)
    assert audit_verify(released, key)[0][2] == 1
    done = script(released, key)
    assert done.returncode == 0 and "4 sign-offs are as they were signed" in done.stdout
    assert len((released / "verify_release.py").read_text(encoding="utf-8").splitlines()) < 40
    assert {p.name for p in released.iterdir()} == {
        *("publishable", "signatures", "method.html", "schedule.csv", "verify_release.py", "release.json")
    }


TAMPERED: dict[str, Callable[[Path], object]] = {
    "a copy": lambda f: edited(f / "publishable" / "documents" / "a.txt", "Thursday", "Friday"),
    "the note": lambda f: edited(f / "method.html", "masked", "marked"),
    "a file beside": lambda f: (f / "more.txt").write_text("x", encoding="utf-8"),
    "a file less": lambda f: (f / "schedule.csv").unlink(),
    "a name under it": lambda f: edited(f / "signatures" / "legal.json", "Cy", "Al"),
    "the list": lambda f: edited(f / "release.json", "schedule.csv", "schedule.tsv"),
}


@pytest.mark.parametrize("what", list(TAMPERED))
def test_a_changed_release_does_not_verify(what: str, released: Path) -> None:
    key = public_key(released)
    TAMPERED[what](released)
    with pytest.raises(AuditError):
        audit_verify(released, key)
    assert script(released, key).returncode != 0


def test_another_key_does_not_verify(released: Path) -> None:
    assert script(released, "ab" * 32).returncode != 0


def test_a_release_as_one_file_is_the_same_files(place: Path, tmp_path: Path) -> None:
    release(signed(place), tmp_path / "public.zip")
    with zipfile.ZipFile(tmp_path / "public.zip") as archive:
        archive.extractall(tmp_path)
    assert audit_verify(tmp_path / "public", public_key(place))


def test_a_blocking_finding_needs_a_reason_without_a_masked_name(tmp_path: Path) -> None:
    folder = tmp_path / "firth"
    folder.mkdir()
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    (folder / "a.txt").write_text(
        TEXT + "Five of the 40 girls were in care, and 2 of the 40 girls were abroad.\n", encoding="utf-8"
    )
    assert publish([folder], tmp_path / "out", policy="strict")[0].exit_code == 1
    place = tmp_path / "out" / "firth"
    for _, name in TEAM[:3]:
        sign(place, name)
    with pytest.raises(RefusedError, match="blocking finding"):
        release(place, tmp_path / "public")
    with pytest.raises(UsageError, match="name that is masked"):
        release(place, tmp_path / "public", ClearText("Blythe Tranter agreed"), "Ann Reviewer")
    assert release(place, tmp_path / "public", ClearText("the family agreed"), "Ann Reviewer")


def test_no_masked_name_is_in_a_release_or_in_clear_in_out(place: Path, released: Path) -> None:
    for folder in (place, released):
        for path in (p for p in folder.rglob("*") if p.is_file()):
            data = path.read_bytes().lower()
            assert not [w for w in (b"tranter", b"blythe", b"garrow") if w in data], path.name


def test_killed_half_way_nothing_is_released(place: Path, tmp_path: Path) -> None:
    signed(place)
    code = (
        "import os, signal\nfrom pathlib import Path\nfrom redactor.actions import releasing\n"
        "releasing._put = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"releasing.release(Path({str(place)!r}), Path({str(tmp_path / 'public')!r}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=os.environ, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL and not (tmp_path / "public").exists()
    release(place, tmp_path / "public")
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".public")] == []
    assert audit_verify(tmp_path / "public", public_key(place))


# ---- recalling


def test_a_recalled_release_says_so(place: Path, released: Path) -> None:
    label = re.search(r"\[(Survivor \d+)\]", (released / "publishable" / "documents" / "a.txt").read_text(encoding="utf-8"))
    assert label
    for person in ("Blythe Tranter", label[1]):
        (found,) = recall(place, ClearText(person))
        assert found.place.reveal() == str(released)
    with pytest.raises(AuditError, match="was recalled"):
        audit_verify(released, public_key(released))
    with pytest.raises(UsageError, match="No release"):
        recall(place, ClearText("Somebody Else"))


def test_the_command_tells_who_has_signed(place: Path, tmp_path: Path) -> None:
    run = CliRunner()
    assert run.invoke(cli, ["sign", str(place), "--as", "Ann Reviewer"]).output == "harnsea: signed as reviewer\n"
    told = run.invoke(cli, ["sign", str(place)]).output.splitlines()
    assert len(told) == 4 and "Ann Reviewer" in told[0] and told[1].endswith("not signed")
    refused = run.invoke(cli, ["release", str(place), "--to", str(tmp_path / "x")])
    assert refused.exit_code == 1


def _questions(place: Path) -> list[str]:
    lines = (place / "publishable" / "audit.jsonl").read_text(encoding="ascii").splitlines()
    assert any('"question"' in line for line in lines)
    from redactor.actions import list_questions

    return [q.id for q in list_questions(place)][:1]
