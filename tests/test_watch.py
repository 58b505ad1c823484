"""A watched folder: bundles published once they are whole, what failed moved aside with the reason, restarts, the end."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
import tracemalloc
from pathlib import Path

import pytest
from click.testing import CliRunner

from redactor import actions
from redactor.actions import Summary, Watched, publish
from redactor.actions.watching import Watcher
from redactor.cli import cli
from redactor.errors import EnvironmentFault, PolicyError, UsageError

pytestmark = pytest.mark.usefixtures("loaded")  # the session's models, keys of its own

TEXT = "Grace Ellerby told the force in spring that she had been to the hostel.\n"
CASE = "people:\n  - {name: Grace Ellerby, role: survivor}\n"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def bundle(inbox: Path, name: str, text: str = TEXT, case: str = CASE) -> Path:
    folder = inbox / name
    folder.mkdir()
    (folder / "note.txt").write_text(text)
    if case:
        (folder / "case.yaml").write_text(case)
    return folder


def watcher(inbox: Path, out: Path, quiet: float = 5.0) -> Watcher:
    return Watcher(inbox, out, quiet, lambda one: publish([one], out)[0])


def looked(one: Watcher, now: float) -> list[Watched]:
    return list(one.look(one.folders(), now))


def test_a_bundle_is_taken_once_nothing_in_it_changes(inbox: Path, tmp_path: Path) -> None:
    folder = bundle(inbox, "larch")
    one = watcher(inbox, tmp_path / "out")
    assert looked(one, 0.0) == [] and looked(one, 4.0) == []
    with (folder / "more.txt").open("a") as still:  # somebody is writing
        for now in (4.5, 8.0, 12.0, 16.0):
            still.write(TEXT)
            still.flush()
            assert looked(one, now) == []
    assert looked(one, 20.0) == []
    (done,) = looked(one, 21.5)
    assert done.summary is not None and done.summary.publishable == 2 and not done.moved and done.causes == ()
    assert TEXT.count("Ellerby") and not any("Ellerby" in f.read_text() for f in (tmp_path / "out").rglob("publishable/**/*.txt"))
    assert looked(one, 30.0) == [] and looked(one, 60.0) == []
    os.utime(folder / "note.txt", (1, 1))  # changed in time alone: it may be another text of the same length
    assert looked(one, 61.0) == [] and len(looked(one, 67.0)) == 1


def test_a_restart_publishes_only_what_is_new(inbox: Path, tmp_path: Path) -> None:
    bundle(inbox, "larch")
    first = watcher(inbox, tmp_path / "out")
    assert looked(first, 0.0) == [] and len(looked(first, 6.0)) == 1
    bundle(inbox, "birch")
    second = watcher(inbox, tmp_path / "out")
    assert looked(second, 0.0) == []
    assert [done.bundle for done in looked(second, 6.0)] == ["birch"]
    note = tmp_path / "out" / "larch" / "restricted" / "watched"
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    note.write_text("{broken")
    third = watcher(inbox, tmp_path / "out")
    assert looked(third, 0.0) == [] and [done.bundle for done in looked(third, 6.0)] == ["larch"]


def test_what_failed_is_moved_aside_with_the_reason_and_the_rest_goes_on(inbox: Path, tmp_path: Path) -> None:
    bundle(inbox, "a-bad case", case="peeple:\n  - Grace Ellerby\n")
    bundle(inbox, "b-held", text="\x00\x01\x02")
    bundle(inbox, "c-good")
    (bundle(inbox, "d-half") / "scan.bin").write_bytes(b"\x00\x01\x02\x03")
    one = watcher(inbox, tmp_path / "out")
    assert looked(one, 0.0) == []
    done = {d.bundle: d for d in looked(one, 6.0)}
    assert {name: d.moved for name, d in done.items()} == {
        "a-bad-case": True, "b-held": True, "c-good": False, "d-half": False,
    }  # fmt: skip
    assert sorted(p.name for p in inbox.iterdir()) == ["c-good", "d-half", "failed"]
    said = {p.name: p.read_text() for p in (inbox / "failed").glob("*.txt")}
    assert sorted(said) == ["a-bad case.txt", "b-held.txt", "d-half.txt"]
    assert "case.yaml" in said["a-bad case.txt"] and "Ellerby" not in "".join(said.values())
    assert said["b-held.txt"].startswith("d01: ") and said["d-half.txt"].startswith("d02: ")
    assert {stat.S_IMODE(p.stat().st_mode) for p in (inbox / "failed").glob("*.txt")} == {0o600}
    assert (inbox / "failed" / "b-held" / "note.txt").exists()

    (inbox / "failed" / "b-held" / "note.txt").write_text(TEXT)  # mended and put back
    (inbox / "failed" / "b-held").rename(inbox / "b-held")
    assert looked(one, 7.0) == [] and [d.moved for d in looked(one, 13.0)] == [False]
    assert not (inbox / "failed" / "b-held.txt").exists()
    bundle(inbox, "a-bad case", case="peeple: 1\n")  # a second of the same name
    assert looked(one, 20.0) == [] and [d.moved for d in looked(one, 26.0)] == [True]
    assert (inbox / "failed" / "a-bad case-2" / "note.txt").exists() and (inbox / "failed" / "a-bad case-2.txt").exists()


def test_a_bundle_without_a_case_is_published_as_such(inbox: Path, tmp_path: Path) -> None:
    bundle(inbox, "larch", case="")
    one = watcher(inbox, tmp_path / "out")
    looked(one, 0.0)
    (done,) = looked(one, 6.0)
    assert done.summary is not None and not done.summary.case_known and done.summary.publishable == 1


def test_two_folders_that_would_be_one_publication_are_not_mixed(inbox: Path, tmp_path: Path) -> None:
    bundle(inbox, "larch house")
    one = watcher(inbox, tmp_path / "out")
    looked(one, 0.0)
    assert len(looked(one, 6.0)) == 1
    bundle(inbox, "larch-house")
    looked(one, 7.0)
    (done,) = looked(one, 13.0)
    assert done.moved and "same name" in done.causes[0] and (inbox / "larch house").is_dir()


def test_files_and_links_in_the_watched_folder_are_left_alone(inbox: Path, tmp_path: Path) -> None:
    (inbox / "loose.txt").write_text(TEXT)
    (inbox / ".hidden").mkdir()
    (inbox / "empty").mkdir()
    outside = bundle(tmp_path, "outside")
    (inbox / "link").symlink_to(outside)
    one = watcher(inbox, tmp_path / "out")
    assert looked(one, 0.0) == [] and looked(one, 100.0) == [] and one.waiting == {}
    assert list(one.look(["gone", "link", "..", ".hidden"], 200.0)) == []


def test_a_full_disk_is_no_fault_of_the_bundle(inbox: Path, tmp_path: Path) -> None:
    bundle(inbox, "larch")

    def full(_: Path) -> Summary:
        raise EnvironmentFault("No space is left")

    one = Watcher(inbox, tmp_path / "out", 1.0, full)
    looked(one, 0.0)
    with pytest.raises(EnvironmentFault):
        looked(one, 2.0)
    assert (inbox / "larch" / "note.txt").exists() and not (inbox / "failed").exists()


def test_thousands_of_small_files_take_little_memory(inbox: Path, tmp_path: Path) -> None:
    folder = inbox / "many"
    for group in range(20):
        (folder / f"g{group}").mkdir(parents=True)
        for number in range(250):
            (folder / f"g{group}" / f"{number}.txt").write_text("x")
    taken: list[Path] = []

    def made(one: Path) -> Summary:
        taken.append(one)
        raise UsageError("only counted here")

    one = Watcher(inbox, tmp_path / "out", 1.0, made)
    tracemalloc.start()
    began = time.monotonic()
    for now in range(5):
        (folder / "g7" / "7.txt").write_text("x" * now)
        assert looked(one, float(now)) == []
    assert time.monotonic() - began < 20 and tracemalloc.get_traced_memory()[1] < 3_000_000
    tracemalloc.stop()
    assert len(looked(one, 6.0)) == 1 and taken == [folder]


def test_the_two_folders_must_lie_apart_and_the_policy_be_one(inbox: Path, tmp_path: Path) -> None:
    for out in (inbox / "out", tmp_path, inbox):
        with pytest.raises(UsageError, match="one another"):
            actions.watch(inbox, out, lambda _: None)
    with pytest.raises(PolicyError):
        actions.watch(inbox, tmp_path / "out", lambda _: None, policy="no-such")
    assert CliRunner().invoke(cli, ["watch", str(inbox), str(inbox / "out")]).exit_code == 2


def test_a_real_folder_is_watched_while_files_come_in(inbox: Path, tmp_path: Path) -> None:
    done: list[tuple[float, Watched]] = []
    stop = threading.Event()
    faults: list[BaseException] = []

    def work() -> None:
        try:
            actions.watch(inbox, tmp_path / "out", lambda one: done.append((time.monotonic(), one)), quiet=1.0, stop=stop)
        except BaseException as fault:
            faults.append(fault)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        folder = bundle(inbox, "larch")
        last = 0.0
        with (folder / "slow.txt").open("a") as slow:
            for _ in range(8):
                slow.write(TEXT)
                slow.flush()
                last = time.monotonic()
                time.sleep(0.4)
        until = time.monotonic() + 60
        while not done and not faults and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive() and faults == []
    assert [one.bundle for _, one in done] == ["larch"] and done[0][0] - last >= 1.0
    assert done[0][1].summary is not None and done[0][1].summary.publishable == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_when_interrupted(inbox: Path, tmp_path: Path, how: signal.Signals) -> None:
    bundle(inbox, "Grace Ellerby file", case="peeple: 1\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "redactor", "watch", str(inbox), str(tmp_path / "out"), "--quiet", "0.5", "-v"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    until = time.monotonic() + 60
    while not (inbox / "failed").exists() and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(0.3)
    process.send_signal(how)
    told, complaint = process.communicate(timeout=30)
    assert process.returncode == 130 and "Interrupted" in complaint and "Traceback" not in complaint
    assert "nothing published; moved to IN/failed" in told and "note.txt" not in told + complaint
