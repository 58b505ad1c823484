"""Each file operation of each act made to fail, and the act killed at it: nothing half-released, no decision lost, no name told

    python -m benchmarks.faults              each three ways: killed there, disk full, no permission
    python -m benchmarks.faults 7            every seventh of them
    python -m benchmarks.faults 1 release    every one of these acts

The operations: what Python's audit events tell (opening for writing, mkdir, rename, remove, rmdir, chmod), fsync, and each
statement and commit that changes the store, in a process forked for each trial after everything is loaded; the operation itself
then fails as the system's would, or the process is killed with SIGKILL before it. After each: the publication there verifies and
is the old or the new one whole; a decision that was told as kept is there; nothing that was printed holds a name; the next run
ends well with the copies of an undisturbed one, and leaves no work folder. Not reached: single writes within SQLite and other C
code (SQLite's own journal answers for those), readers.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import event as events
from sqlalchemy.exc import OperationalError

NAMES = (b"Tranter", b"Tarrant", b"Penhallow")
CASE = "people: [{name: Blythe Tranter, role: survivor}]\n"
NOTE = (
    "Helen Tarrant rang the office about the boat. Blythe Tranter had been at the quay.\n\n"
    "Rufus Penhallow said that the silver kite did not answer. Mrs Tarrant took the chair.\n"
)
KILLED, FULL, FORBIDDEN = "killed", "disk full", "no permission"
WAYS = {KILLED: 0, FULL: errno.ENOSPC, FORBIDDEN: errno.EACCES}
SIGNERS = ("Ann Reviewer", "Ben Second", "Cy Lawyer", "Di Rector")
WORDS = "quay lantern kites harbour"
_OTHER_LABELS = ("the copies are neither the old nor the new ones", "the next run makes other copies")
READING = ("SELECT", "PRAGMA", "BEGIN")
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.link", "os.truncate"}


@dataclass
class Site:
    """A folder with a bundle, its OUT and its keys, and copies of it as it was before each act."""

    folder: Path
    question: str = ""

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def words(self, act: Sequence[str]) -> list[str]:
        """A command with its places filled in."""
        said = {"OUT": str(self.out), "QUESTION": self.question}
        return [said.get(word) or word.replace("FOLDER", str(self.folder)) for word in act]

    def copies(self) -> dict[str, bytes]:
        base = self.out / "boat" / "publishable" / "documents"
        return {p.relative_to(base).as_posix(): p.read_bytes() for p in sorted(base.rglob("*")) if p.is_file()}


class Saboteur:
    """Counts operations that change a file below a folder; at number `at` it kills the process or raises."""

    def __init__(self, folder: Path, at: int, way: str) -> None:
        self.folder, self.at, self.way, self.count = str(folder), at, WAYS[way], 0
        sys.addaudithook(self._heard)
        self._fsync: Callable[[int], None] = os.fsync
        os.fsync = self._synced  # type: ignore[assignment]
        events.listen(Engine, "before_cursor_execute", self._asked)
        events.listen(Engine, "commit", lambda _connection: self._stored())

    def _heard(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = args
            if not (set(mode or "") & set("wax+") or (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)):
                return
        elif event not in CHANGES:
            return
        else:
            path = args[0]
        if isinstance(path, (str, bytes, os.PathLike)) and os.fsdecode(path).startswith(self.folder):
            self._met()

    def _synced(self, descriptor: int) -> None:
        self._met()
        self._fsync(descriptor)

    def _asked(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.lstrip().upper().startswith(READING):
            self._stored()

    def _stored(self) -> None:
        """One thing done to the store: it fails in SQLite's own words."""
        try:
            self._met()
        except OSError:
            fault = sqlite3.OperationalError()
            full = self.way == errno.ENOSPC
            fault.sqlite_errorname = "SQLITE_FULL" if full else "SQLITE_READONLY"
            raise OperationalError(None, None, fault) from None

    def _met(self) -> None:
        self.count += 1
        if self.count != self.at:
            return
        if not self.way:
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(self.way, os.strerror(self.way))


def ended(site: Site, act: Sequence[str], at: int = 0, way: str = KILLED) -> tuple[int, int, bytes]:
    """The command in a process of its own, sabotaged at operation `at` (0: never): exit code, operations met, what it printed."""
    told, counted = site.folder / "told", site.folder / "counted"
    counted.unlink(missing_ok=True)
    child = os.fork()
    if not child:
        code = 70
        try:
            sink = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(sink, 1), os.dup2(sink, 2)
            spoken, speak = os.pipe()  # the passphrase of a copy of the key, said twice
            os.write(speak, f"{WORDS}\n{WORDS}\n".encode())
            os.dup2(spoken, 0)
            sys.stdin = open(0, closefd=False)  # noqa: SIM115
            sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
            from redactor.cli import cli

            note = os.open(counted, os.O_WRONLY | os.O_CREAT)
            saboteur = Saboteur(site.folder, at, way)
            try:
                cli(site.words(act), prog_name="redactor")
            except SystemExit as end:
                code = int(end.code or 0)
            os.write(note, str(saboteur.count).encode())
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status, int(counted.read_bytes() or b"0"), told.read_bytes()


PUBLISH = ("publish", "FOLDER/boat", "-o", "OUT", "--processes", "1", "-v")
ACTS: dict[str, tuple[str, ...]] = {
    "first publish": PUBLISH,
    "publish again": PUBLISH,
    "publish answered": PUBLISH,
    "publish unchanged": PUBLISH,
    "override": ("override", "OUT", "mask", "took the chair", "--kind", "place", "--as", "Ann Reviewer", "-v"),
    "answer": ("answer", "OUT", "QUESTION", "officer", "--as", "Ann Reviewer", "-v"),
    "answer undone": ("answer", "OUT", "QUESTION", "--undo", "--as", "Ann Reviewer", "-v"),
    "sign": ("sign", "OUT", "--as", SIGNERS[0], "-v"),
    "release": ("release", "OUT", "--to", "FOLDER/released", "-v"),
    "release zip": ("release", "OUT", "--to", "FOLDER/released.zip", "-v"),
    "key export": ("key", "export", "OUT", "--to", "FOLDER/safe", "-v"),
    "key protect": ("key", "protect", "OUT", "-v"),
    "key rotate": ("key", "rotate", "OUT", "-v"),
    "key rotate protected": ("key", "rotate", "OUT", "-v"),
    "key destroy": ("key", "destroy", "OUT", "--bundle", "boat", "-v"),
}


PUBLISHINGS = tuple(name for name, act in ACTS.items() if act is PUBLISH)


def bundled(folder: Path) -> Site:
    """A site with a bundle alone."""
    (folder / "boat").mkdir(parents=True)
    (folder / "boat" / "case.yaml").write_text(CASE, encoding="utf-8")
    (folder / "boat" / "a.txt").write_text(NOTE, encoding="utf-8")
    (folder / "boat" / "b Penhallow.txt").write_text(NOTE[:80], encoding="utf-8")
    return Site(folder)


def prepared(folder: Path) -> dict[str, Path]:
    """The site as it stands before each act."""
    stages, site = {}, bundled(folder)

    def stage(*names: str) -> None:
        for name in names:
            stages[name] = folder.with_name(f"{folder.name} before {name}")
            shutil.copytree(folder, stages[name])

    def done(*act: str) -> None:
        code, _, said = ended(site, act)
        if code not in (0, 1):
            raise SystemExit(f"{act[0]} ends with {code} undisturbed: {said.decode()}")

    stage("first publish")
    done(*PUBLISH)
    stage("override", "answer", "publish unchanged", "sign", "key export", "key protect", "key rotate", "key destroy")
    for name in SIGNERS:
        done("sign", "OUT", "--as", name)
    stage("release", "release zip")
    shutil.rmtree(folder)
    shutil.copytree(stages["override"], folder)
    done(*ACTS["override"])
    stage("publish again")
    after = {"answer undone": "answer", "publish answered": "answer", "key rotate protected": "key protect"}
    for name, last in after.items():
        laid(site, stages[last])
        site.question = question(site)
        done(*ACTS[last])
        stage(name)
    return stages


def question(site: Site) -> str:
    """The first that is asked; its number is drawn from the key."""
    from redactor.actions import list_questions

    return list_questions(site.out)[0].id


def answered(site: Site) -> list[str]:
    """What was answered, in order."""
    from redactor.actions.place import earlier_run

    with earlier_run(site.out / "boat") as (_, store):
        return [str(event.public["answer"]) for event in store.events("answer")]


def laid(site: Site, stage: Path) -> None:
    shutil.rmtree(site.folder, ignore_errors=True)
    shutil.copytree(stage, site.folder)


def wrong(site: Site, act: str, code: int, said: bytes, before: dict[str, bytes], after: dict[str, bytes]) -> str:
    """What is not as it must be after a sabotaged act; "" if nothing is."""
    from redactor.actions import audit_verify, changes
    from redactor.keys_lock import uncover

    if any(name in said for name in NAMES) or b"Traceback" in said:
        return "a name or a traceback was printed"
    if code not in (0, 1, 3, -signal.SIGKILL):
        return f"exit code {code}"
    there = (site.out / "boat" / "publishable").exists()
    if there:
        try:
            audit_verify(site.out)
        except Exception as fault:
            return f"what is there does not verify: {type(fault).__name__}"
        if site.copies() not in (before, after):
            return "the copies are neither the old nor the new ones"
    elif before:
        return "the earlier copies are gone"
    for name in ("released", "released.zip"):
        left = site.folder / name
        if left.is_dir() and not (left / "release.json").is_file():
            return "half a release"
    if act == "override" and code == 0 and not changes(site.out):
        return "a decision that was told as kept is lost"
    told_as = {"answer": ["officer"], "answer undone": ["officer", "undone"], "publish answered": ["officer"]}
    if (code == 0 or act in PUBLISHINGS) and act in told_as and answered(site) != told_as[act]:
        return "an answer that was told as kept is lost"
    if act == "publish again" and not changes(site.out):
        return "a decision is lost"
    if act.startswith("key destroy"):
        return ""
    if act.startswith("release") and code == 0 and not any((site.folder / n).exists() for n in ("released", "released.zip")):
        return "told as released, and is not"
    if (copy := site.folder / "safe").exists():
        try:
            uncover(copy.read_bytes(), WORDS)
        except Exception:
            return "half a copy of the key"
        copy.unlink()
    again, _, told = ended(site, ACTS[act])
    if again not in (0, 1, 2) or any(name in told for name in NAMES):
        return f"the same command then ends with {again}: {told.decode(errors='replace')[:200]}"
    last, _, told = ended(site, PUBLISH)
    if last not in (0, 1):
        return f"the next run ends with {last}: {told.decode(errors='replace')[:200]}"
    if (act in PUBLISHINGS or act.startswith("key")) and site.copies() != after:
        return "the next run makes other copies"
    audit_verify(site.out)
    if rest := [p.name for p in (site.out / "boat" / "restricted").iterdir() if p.name.startswith(("work-", "reading-"))]:
        return f"left behind: {rest}"
    if [p for p in (site.folder / "keys").iterdir() if p.is_file() and p.suffix not in (".key", ".pub")]:
        return "a key is left beside the one that counts"
    return ""


def sweep(folder: Path, every: int, acts: Sequence[str], say: Callable[[str], None], most: int = 10**6) -> Counter[str]:
    """Sabotage every `every`th operation of the acts, the last `most` of each: trials by way; "WRONG": how many ended wrong."""
    site = Site(folder / "site")
    os.environ |= {"REDACTOR_KEYS": str(site.folder / "keys"), "REDACTOR_PASSPHRASE": WORDS}
    stages, found = prepared(site.folder), Counter[str]()
    laid(site, stages["answer"])
    site.question = question(site)
    for act in acts:
        laid(site, stages[act])
        before = site.copies()
        code, count, said = ended(site, ACTS[act])
        if code not in (0, 1):
            raise SystemExit(f"{act} ends with {code} undisturbed: {said.decode()}")
        after = site.copies()
        tried = range(1, count + 1, every)[-most:]
        for at in tried:
            for way in WAYS:
                laid(site, stages[act])
                if act == "first publish":
                    key_of_first(site)
                code, _, said = ended(site, ACTS[act], at, way)
                what = wrong(site, act, code, said, before, after if act != "first publish" else {})
                if act == "first publish" and what in _OTHER_LABELS:
                    what = ""  # labels are drawn from the new key
                found[way] += 1
                if what:
                    found["WRONG"] += 1
                    say(f"{act}, operation {at} of {count}, {way}: {what}")
        say(f"{act}: {count} operations, {len(tried)} tried three ways")
    return found


def key_of_first(site: Site) -> None:
    """A first run makes a key: none lies there yet."""
    shutil.rmtree(site.folder / "keys", ignore_errors=True)


def warmed(folder: Path) -> None:
    """Publish, sign and release once in this process: what is forked from it has all loaded, and takes a tenth of a second.

    The readers are ended, for two processes cannot ask one."""
    from redactor import recognizers
    from redactor.cli import cli
    from redactor.formats import stop_readers

    engine = recognizers.Engine()
    recognizers.Engine = lambda _by: engine  # type: ignore[misc,assignment] # loaded once
    site = bundled(folder)
    os.environ |= {"REDACTOR_KEYS": str(folder / "keys"), "REDACTOR_PASSPHRASE": WORDS}
    signed = [("sign", "OUT", "--as", name) for name in SIGNERS]
    for act in (PUBLISH, ACTS["override"], PUBLISH, *signed, ACTS["release"], ACTS["release zip"]):
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            said = cli(site.words(act), prog_name="redactor", standalone_mode=False)
        if said not in (None, 0, 1):
            raise SystemExit(f"{act[0]} ends with {said}")
    stop_readers()


def main() -> int:
    """The command."""
    began = time.monotonic()
    every = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    acts = sys.argv[2:] or list(ACTS)
    with tempfile.TemporaryDirectory(prefix="redactor-") as name:
        warmed(Path(name) / "warm")
        found = sweep(Path(name), every, acts, print)
    trials = sum(n for way, n in found.items() if way != "WRONG")
    print(f"{trials} faults in {(time.monotonic() - began) / 60:.0f} minutes, {found['WRONG']} ended otherwise than they must")
    return 1 if found["WRONG"] else 0


if __name__ == "__main__":
    sys.exit(main())
