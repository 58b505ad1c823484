"""Many documents at once: the same copies and labels, one document lost at most, nothing left running. Everybody is invented."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from redactor import formats
from redactor.actions import publish
from redactor.actions.audit import audit_verify
from redactor.actions.carrying import Unforeseen
from redactor.actions.own_processes import Processes
from redactor.actions.workers import Workers
from redactor.content import flatten
from redactor.errors import HeldError, ModelFault, UsageError
from redactor.formats import _apart
from redactor.recognizers import Engine

NAMES = ("Orla Wexcombe", "Tamsin Brookhurst", "Idris Penhallow", "Marta Kowalczyk")


# ---- tasks, carried out in other processes -----------------------------------------------------------------------


def double(number: int) -> int:
    return 2 * number


def once(number: int, note: str) -> int:
    """Ends its process the first time it is asked for 3."""
    if number == 3 and not Path(note).exists():
        Path(note).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def always(number: int) -> int:
    """Ends its process whenever it is asked for 3."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def fault(number: int) -> int:
    if number == 1:
        raise HeldError("it is held", "Do something.")
    if number == 2:
        raise MemoryError
    if number == 3:
        raise ValueError("Orla Wexcombe")
    raise ModelFault("The model is missing")


def made(family: int, kind: int) -> bool:
    """Whether a socket can be made."""
    try:
        socket.socket(family, kind).close()
    except PermissionError:
        return False
    return True


def by_a_reader(path: str) -> tuple[str, str]:
    """What a reader begun here reads, and its network."""
    text = flatten(formats.read(Path(path), "d01", "a.txt").content).text.reveal()
    return text, str(Path(f"/proc/{_apart._WAITING[-1].process.pid}/ns/net").readlink())


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    sys_path = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), sys_path])  # where the tasks are found
    with Workers(2) as two:
        yield two
    os.environ["PYTHONPATH"] = sys_path


def done(workers: Workers, task: object, *asked: tuple[object, ...], worth: bool = True) -> dict[int, object]:
    return dict(workers.each(task, list(asked), worth))  # type: ignore[arg-type]


def test_every_question_has_its_own_answer(workers: Workers) -> None:
    asked = [(n,) for n in range(50)]
    assert done(workers, double, *asked) == {n: 2 * n for n in range(50)} == done(workers, double, *asked, worth=False)


def test_a_process_that_is_killed_costs_no_document_if_it_was_chance(workers: Workers, tmp_path: Path) -> None:
    asked = [(n, str(tmp_path / "once")) for n in range(8)]
    assert done(workers, once, *asked) == {n: n for n in range(8)}


def test_a_document_that_ends_its_process_twice_is_held_and_no_other(workers: Workers) -> None:
    found = done(workers, always, *[(n,) for n in range(8)])
    held = found.pop(3)
    assert isinstance(held, HeldError) and "twice" in held.cause
    assert found == {n: n for n in range(8) if n != 3}


def test_faults_come_back_as_they_are_and_others_without_their_words(workers: Workers) -> None:
    found = done(workers, fault, (1,), (2,))
    assert isinstance(found[0], HeldError) and (found[0].cause, found[0].remedy) == ("it is held", "Do something.")
    assert isinstance(found[1], HeldError) and "memory" in found[1].cause
    with pytest.raises(ModelFault, match="missing"):
        done(workers, fault, (4,))
    with pytest.raises(Unforeseen) as caught:
        done(workers, fault, (3,))
    assert "ValueError at test_actions_workers.py" in str(caught.value) and "Wexcombe" not in str(caught.value)


def test_processes_end_with_their_parent(tmp_path: Path) -> None:
    code = (
        "import sys; from redactor.actions.own_processes import Processes; import os, signal\n"
        "two = Processes(2); futures = [two.submit(abs, -n) for n in range(4)]\n"
        "[f.result() for f in futures]; print(*two.pids(), flush=True); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).resolve().parent.parent
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=root)
    pids = [int(pid) for pid in made.stdout.split()]
    assert len(pids) == 2
    until = time.monotonic() + 10
    while time.monotonic() < until and any(Path(f"/proc/{pid}/cmdline").exists() and _alive(pid) for pid in pids):
        time.sleep(0.05)
    assert not any(_alive(pid) for pid in pids)


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_after_shutdown_nothing_runs() -> None:
    one = Processes(1)
    assert one.submit(abs, -1).result() == 1
    (pid,) = one.pids()
    one.shutdown()
    assert not _alive(pid)
    with pytest.raises(RuntimeError):
        one.submit(abs, -1)


@pytest.mark.skipif(platform.machine() not in ("x86_64", "aarch64"), reason="no filter there")
def test_who_looks_for_names_reaches_no_network_and_its_readers_are_cut_off(workers: Workers, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The harbour office was closed.", encoding="utf-8")
    own = (socket.AF_UNIX, socket.SOCK_STREAM)  # what LibreOffice, in a reader below, wants
    asked = [own, (socket.AF_INET, socket.SOCK_DGRAM), (socket.AF_NETLINK, socket.SOCK_RAW), (socket.AF_UNIX, socket.SOCK_DGRAM)]
    assert done(workers, made, *asked) == {0: True, 1: False, 2: False, 3: False}
    assert made(*asked[1]) and made(*asked[2]) and made(*asked[3])  # without the filter
    read = done(workers, by_a_reader, (str(tmp_path / "a.txt"),))[0]
    assert isinstance(read, tuple) and read[0] == "The harbour office was closed."
    if subprocess.run(["unshare", "-r", "-n", "true"], capture_output=True, check=False).returncode == 0:
        assert read[1] != str(Path("/proc/self/ns/net").readlink())


def test_fewer_than_one_process_is_refused() -> None:
    with pytest.raises(UsageError, match="--processes"):
        Workers(-1)


# ---- the whole run -----------------------------------------------------------------------------------------------


def bundle(folder: Path) -> Path:
    folder.mkdir()
    for number in range(8):
        one, two = NAMES[number % 4], NAMES[(number + 1) % 4]
        (folder / f"{number} {one}.txt").write_text(f"The note says that {one} rang {two} on 07700 90012{number}.\n")
    return folder


def copies(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (out / "bundle" / "publishable" / "documents").rglob("*") if p.is_file()}


def test_one_process_and_two_of_which_some_are_killed_make_the_same_copies_labels_and_log(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redactor.actions.detector.loaded", lambda _by: engine)
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    monkeypatch.setattr("redactor.actions.detector.WORTH", 1)
    monkeypatch.setattr("redactor.actions.job.MANY", 2)
    source, out = bundle(tmp_path / "bundle"), tmp_path / "out"
    one = publish([source], out, processes=1)[0].as_dict()
    alone, log = copies(out), _log(out)
    for kept in (out / "bundle" / "restricted" / "cache").iterdir():
        kept.unlink()
    begun: list[Processes] = []

    def begin(count: int) -> Processes:
        begun.append(Processes(count))
        return begun[-1]

    def kill(stage: str, done: int, _all: int) -> None:
        if stage in ("writing", "verifying") and done == 1:
            for pid in begun[0].pids():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            killed.append(stage)

    killed: list[str] = []
    monkeypatch.setattr("redactor.actions.workers.Processes", begin)
    two = publish([source], out, processes=2, progress=kill)[0].as_dict()
    assert killed == ["writing", "verifying"]
    assert len(alone) == 8 and copies(out) == alone
    assert two == one and _log(out) == log
    audit_verify(out)


def _log(out: Path) -> list[str]:
    """What happened to which document, in order; times, links of the chain and its end, which holds a signature, left out."""
    rows = map(json.loads, (out / "bundle" / "publishable" / "audit.jsonl").read_text().splitlines())
    return [json.dumps({k: v for k, v in row.items() if k not in ("at", "index", "previous")}) for row in rows if "event" in row]


# ---- a run that is killed ----------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
from redactor import formats
from redactor.actions import publish

def at(stage, done, _all):
    if stage == sys.argv[3] and done >= int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)

publish([Path(sys.argv[1])], Path(sys.argv[2]), processes=1, progress=at)
"""


def test_a_killed_run_costs_no_finding_twice_and_the_next_ends_the_same(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed amid detection; benchmarks/killed.py kills at any moment."""
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    monkeypatch.setattr("redactor.actions.detector.loaded", lambda _by: engine)
    source, out = bundle(tmp_path / "bundle"), tmp_path / "out"
    publish([source], out)
    before, kept = copies(out), out / "bundle" / "restricted" / "cache"
    for entry in kept.iterdir():
        entry.unlink()
    root = Path(__file__).resolve().parent.parent
    command = [sys.executable, "-c", KILLED, str(source), str(out), "detecting", "5"]
    assert subprocess.run(command, check=False, cwd=root).returncode == -signal.SIGKILL
    assert copies(out) == before  # the publication that was there still is
    audit_verify(out)
    found = {entry.name for entry in kept.glob("detection-*")}
    assert len(found) >= 5
    publish([source], out)
    assert copies(out) == before and found <= {entry.name for entry in kept.iterdir()}
    assert not list((out / "bundle" / "restricted").glob("work-*"))
    audit_verify(out)
