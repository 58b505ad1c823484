"""No error path says a protected form: not on stdout or stderr, in log lines, warnings, dumps of Python's own or names of files.

Each trial is the real command at its most verbose, with all turned on that makes Python and its libraries talk. All invented.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

import redactor.cli
from benchmarks import faults
from benchmarks.faults import CHANGES, FORBIDDEN, FULL, KILLED, Site
from redactor import processes, recognizers
from redactor.actions import Desk, publish
from redactor.cli.faults import Guarded
from redactor.formats import stop_readers
from redactor.recognizers import Engine
from redactor.web import Guard, make_app

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="each trial is a forked process")
FORMS = (b"zinnia", b"wrackle", b"penhallow", b"07700 900123", b"zw@example.org")
NOTE = "Zinnia Wrackle (07700 900123, zw@example.org) rang the quay. Rufus Penhallow had not answered her.\n"
LOUD = {"PYTHONFAULTHANDLER": "1", "PYTHONWARNINGS": "always", "PYTHONDEVMODE": "1", "PYTHONASYNCIODEBUG": "1"}


def told(said: bytes) -> list[bytes]:
    return [form for form in FORMS if form in said.lower()]


@pytest.fixture(scope="module")
def site(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A bundle, published once, beside which lie files that are broken in ways that name somebody."""
    site = Site(tmp_path_factory.mktemp("silence"))
    boat = site.folder / "boat"
    boat.mkdir()
    (boat / "case.yaml").write_text("people: [{name: Zinnia Wrackle, role: survivor}]\n", encoding="utf-8")
    (boat / "a Wrackle.txt").write_text(NOTE, encoding="utf-8")
    (boat / "Wrackle.docx").write_bytes(b"PK\x03\x04" + NOTE.encode())
    (boat / "Wrackle.pdf").write_bytes(b"%PDF-1.7\n" + NOTE.encode())
    (boat / "Wrackle.xyz").write_bytes(b"\xff\xfe\xfd\x01" + NOTE.encode())
    head = "From: Zinnia Wrackle <zw@example.org>\nTo: =?x?b?Penhallow?=\nSubject: Wrackle\nContent-Type: a/b; charset=Wrackle"
    (boat / "Wrackle.eml").write_text(f"{head}\n\n{NOTE}", encoding="utf-8")
    with zipfile.ZipFile(boat / "Wrackle.zip", "w") as archive:
        archive.writestr("../Wrackle.txt", NOTE)
        archive.writestr("Penhallow.docx", NOTE)
    (site.folder / "quay").mkdir()
    (site.folder / "quay" / "Wrackle.txt").write_text(NOTE, encoding="utf-8")
    for name, words in BROKEN.items():
        (site.folder / name).write_text(words, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(site.folder / "keys"))
        patch.setattr(recognizers, "Engine", lambda _by: engine)
        publish([site.folder / "quay"], site.folder / "warm")  # what is imported here is not imported in every trial
        stop_readers()
        code, said, made = tried(site, PUBLISH)
        assert code == 1 and b"4 publishable, 5 held" in said
        assert told(said + made) == []
        yield site


BROKEN = {
    "key.yaml": "people: [{name: Zinnia Wrackle, role: survivor, Wrackle: x}]",
    "role.yaml": "people: [{name: Zinnia Wrackle, role: Wrackle}]",
    "quote.yaml": 'people: [{name: "Zinnia Wrackle}]',
    "date.yaml": "orders: [{persons: [Zinnia Wrackle], until: Wrackle}]",
    "file.yaml": "publications: [{path: Wrackle.txt}]",
    "tag.yaml": "people: !!python/object:Zinnia.Wrackle {}",
    "alias.yaml": "people: &Wrackle []\nnotes: *Wrackle",
    "people.csv": "name,role,Wrackle\nZinnia Wrackle,Wrackle,\n",
    "policy.yaml": "policy: own\nextends: iopc-report\ndescription: x\nZinnia Wrackle: x\nkinds: {name: {action: Wrackle}}",
    "template.docx": NOTE,
    "draft.md": NOTE,
}
PUBLISH = ("publish", "FOLDER/boat", "-o", "OUT", "--processes", "1", "-v")
SMALL = ("publish", "FOLDER/quay", "-o", "FOLDER/small", "--processes", "1", "-v")
WRONG = (
    *(("publish", "FOLDER/boat", "-o", "OUT", "-v", "--case", f"FOLDER/{name}") for name in BROKEN if name.endswith(".yaml")),
    ("publish", "FOLDER/boat", "-o", "OUT", "-v", "--people", "FOLDER/people.csv"),
    ("publish", "FOLDER/boat", "-o", "OUT", "-v", "--policy", "FOLDER/policy.yaml"),
    ("publish", "FOLDER/boat", "-o", "OUT", "-v", "--template", "FOLDER/template.docx"),
    ("marks", "read", "OUT", "FOLDER/boat/Wrackle.pdf", "--as", "Ann Reviewer", "-v"),
    ("answer", "OUT", "--from", "FOLDER/people.csv", "--as", "Ann Reviewer", "-v"),
    ("policies", "check", "FOLDER/policy.yaml"),
)


def tried(site: Site, act: tuple[str, ...], at: int = 0, way: str = KILLED) -> tuple[int, bytes, bytes]:
    """The command in a process of its own that speaks of all it does: exit code, what was printed, and every path it made."""
    note = site.folder.with_name(f"{site.folder.name} made")
    shutil.rmtree(site.folder / "small", ignore_errors=True)  # nothing is taken from what a run before it kept
    command, listing = redactor.cli.cli, os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def heard(event: str, args: tuple[Any, ...]) -> None:
        makes = event == "open" and (set(args[1] or "") & set("wax+") or (args[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if makes or event in CHANGES:
            os.write(
                listing, b"".join(os.fsencode(str(arg)) + b"\n" for arg in args if isinstance(arg, str | bytes | os.PathLike))
            )

    def loud(args: list[str], **more: Any) -> Any:
        faulthandler.enable(2)
        warnings.simplefilter("always")
        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, force=True)
        sys.addaudithook(heard)
        return command(args, **more)

    with pytest.MonkeyPatch.context() as own:
        own.setattr(redactor.cli, "cli", loud)
        code, _, said = faults.ended(site, act, at, way)
    os.close(listing)
    return code, said, note.read_bytes()


@pytest.mark.parametrize("act", WRONG, ids=lambda act: f"{act[0]} {Path(act[-1]).name}")
def test_wrong_files_are_told_by_line_and_key_never_by_their_words(
    site: Site, act: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said, made = tried(site, act)
    assert code in (1, 2, 3) and said
    assert told(said + made) == []


def test_a_wrong_key_opens_nothing_and_names_nobody(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDACTOR_KEYS", str(site.folder / "none"))
    for act in (("where", "OUT", "d01"), ("questions", "OUT"), ("check", "FOLDER/draft.md", "--case", "OUT")):
        code, said, made = tried(site, (*act, "-v"))
        assert code == 3 and told(said + made) == []


def _raises(_engine: object, _doc: str, text: str) -> None:
    raise ValueError(text) from KeyError(text)


def _signals(number: signal.Signals) -> Callable[..., None]:
    def send(_engine: object, _doc: str, text: str) -> None:
        os.kill(os.getpid(), number)
        raise AssertionError(text)

    return send


@pytest.mark.parametrize(
    ("fails", "expected"),
    [
        (_raises, 3),
        (_signals(signal.SIGINT), 130),
        (_signals(signal.SIGTERM), -signal.SIGTERM),
        (_signals(signal.SIGABRT), -signal.SIGABRT),
    ],
    ids=["a recognizer that quotes", "Ctrl-C", "SIGTERM", "a crash in C"],
)
def test_whatever_ends_a_run_names_nobody(
    site: Site, fails: Callable[..., None], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(recognizers.Engine(None)), "detect", fails)  # type: ignore[arg-type]
    code, said, made = tried(site, SMALL)
    assert code == expected and told(said + made) == []
    assert (b"Fatal Python error" in said) == (code == -signal.SIGABRT)  # Python's own dump is on, and silent too


def test_a_reader_that_is_killed_names_nobody(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = processes.Child.ask

    def killed(child: processes.Child, *parts: bytes, seconds: float) -> bytes:
        child.process.kill()
        return ask(child, *parts, seconds=seconds)

    monkeypatch.setattr(processes.Child, "ask", killed)
    code, said, made = tried(site, SMALL)
    assert code == 1 and b"held" in said and told(said + made) == []


@pytest.mark.parametrize(("at", "way"), [(14, FULL), (52, FULL), (65, FORBIDDEN)])
def test_a_full_disk_or_a_missing_right_names_nobody(site: Site, at: int, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code, said, made = tried(site, SMALL, at, way)
    assert code == 3 and told(said + made) == []


def test_a_guard_that_fails_would_be_seen(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from redactor.cli import faults as guards

    monkeypatch.setattr(guards, "sentences", lambda fault, *_: [str(fault)])
    monkeypatch.setattr(type(recognizers.Engine(None)), "detect", _raises)  # type: ignore[arg-type]
    assert len(told(tried(site, SMALL)[1])) == len(FORMS)


def test_what_went_out_in_all_of_this_names_nobody(site: Site) -> None:
    files = [path for path in (site.out / "boat" / "publishable").rglob("*") if path.is_file()]
    assert files and told(b"".join(os.fsencode(path) + path.read_bytes() for path in files)) == []


def test_no_process_of_a_run_leaves_a_core_and_python_in_development_mode_is_silent(tmp_path: Path) -> None:
    boat, temp = tmp_path / "boat", tmp_path / "temp"
    boat.mkdir()
    temp.mkdir()
    (boat / "Wrackle.txt").write_text(NOTE * 9, encoding="utf-8")
    env = {**os.environ, **LOUD, "TMPDIR": str(temp), "REDACTOR_KEYS": str(tmp_path / "keys")}
    command = [sys.executable, "-X", "dev", "-m", "redactor", "publish", str(boat), "-o", str(tmp_path / "out"), "-v"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as run:
        end = time.monotonic() + 60
        while len(family(run.pid)) < 2 and run.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(0.5)
        names = b"".join(os.fsencode(path) for path in temp.rglob("*"))
        seen = {pid: Path(f"/proc/{pid}/limits").read_text() for pid in family(run.pid)}
        run.send_signal(signal.SIGINT)
        assert run.stdout is not None
        said = run.stdout.read()
    assert run.returncode == 130 and told(said + names) == []
    assert len(seen) > 1 and all("Max core file size        0 " in limits for limits in seen.values())


def family(pid: int) -> list[int]:
    """A process and all that it began."""
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in below for member in family(int(child)))]


def test_a_fault_in_a_thread_does_not_quote() -> None:
    def fails() -> None:
        raise ValueError(NOTE)

    @click.group(cls=Guarded)
    def group() -> None: ...

    @group.command()
    def work() -> None:
        thread = threading.Thread(target=fails)
        thread.start()
        thread.join()

    result = CliRunner().invoke(group, ["work"])
    assert "unexpected fault" in result.stderr and told(result.output.encode()) == []


def test_a_fault_behind_the_desk_does_not_quote(site: Site) -> None:
    def fails(_request: Request) -> Response:
        raise ValueError(NOTE)

    guard = Guard(8801)
    desk = make_app(Desk(site.out, "R. Hale"), guard)
    desk.add_route("/fails", fails)
    browser = TestClient(desk, base_url="http://127.0.0.1:8801", raise_server_exceptions=False)
    browser.get(f"/enter/{guard.token}", follow_redirects=False)
    answer = browser.get("/fails")
    assert answer.status_code == 500 and told(answer.content + str(answer.headers).encode()) == []
