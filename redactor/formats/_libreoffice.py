"""Old and foreign office formats become Word files, workbooks or slides by LibreOffice, run out of sight.

Its own profile (no macros, no links followed), its own folder (0700, gone on every way out), no network where the system lets its
reader be cut off (`_apart`, `syscalls`) or itself (`unshare`), a limit of time and memory. What it makes is read by our own
readers and deleted with the folder. The folder lies in the run's work folder; what a kill left there is swept by the next run (of
a draft: by the next reader). Does not catch: where there is none of these LibreOffice is told not to follow links, and nothing
stops it; a flaw in LibreOffice itself.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from ..errors import HeldError

SECONDS = 90
SOCKETS = "/tmp"  # noqa: S108 - where LibreOffice talks to itself, whatever TMPDIR says
_PREFIX = "redactor-"  # of a reader's folder; the number of the process that made it follows
_FILTERS = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML", "pptx": "pptx:Impress MS PowerPoint 2007 XML"}
_PLACES = ("/usr/lib/libreoffice/program/soffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_LIMITS = ("--as=8589934592", "--fsize=536870912", f"--cpu={SECONDS}")  # bytes, bytes, seconds
_SETTINGS = (  # org.openoffice.* node, name, value
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Save/Document", "GenerateThumbnail", "false"),
    ("Office.Writer/Content/Update", "Link", "2"),  # never
    ("Office.Calc/Content/Update", "Link", "2"),
)


def program() -> str | None:
    """Where LibreOffice is, None where it is not installed."""
    named = shutil.which("soffice") or shutil.which("libreoffice")
    return named or next((place for place in _PLACES if Path(place).exists()), None)


def converted(data: bytes, ending: str, target: str) -> bytes:
    """A file of a foreign format (`ending` with its dot) as "docx", "xlsx" or "pptx". Raises HeldError."""
    soffice = program()
    if soffice is None:
        raise HeldError(
            f"files of type {ending} are read through LibreOffice, which is not installed",
            f"Install LibreOffice, or save the document as .{target}.",
        )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, out = folder / f"source{ending}", folder / "out"
        source.write_bytes(data)
        _profile(folder / "profile" / "user")
        command = [
            *_fenced(), soffice, "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to", _FILTERS[target], "--outdir", str(out), str(source),
        ]  # fmt: skip
        _run(command, folder)
        made = out / f"source.{target}"
        if not made.is_file():
            raise HeldError(
                "LibreOffice cannot open the file: it is damaged, locked or of another type",
                f"Open it in the program that made it and save it as .{target}.",
            )
        return made.read_bytes()


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder (0700) for all that this process makes, gone on every way out; those that a kill left are swept here."""
    _sweep()
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True) as name:
        tempfile.tempdir = name
        try:
            yield Path(name)
        finally:
            tempfile.tempdir = before


def _run(command: list[str], folder: Path) -> None:
    """Run it to its end; past the limit, or if we are interrupted, it goes with all its children."""
    said = {"HOME": str(folder), "TMPDIR": str(folder), "PATH": os.defpath, "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
    try:
        process = subprocess.Popen(  # noqa: S603 - a fixed program and arguments of our own
            command, cwd=folder, env=said, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    except OSError:
        raise HeldError("LibreOffice cannot be started", "Check its installation, or save the document as .docx.") from None
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        raise HeldError(
            f"LibreOffice did not open the file within {SECONDS} seconds", "Open it by hand and save it as .docx."
        ) from None
    finally:
        if process.poll() is None:
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _profile(user: Path) -> None:
    user.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.{node}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for node, name, value in _SETTINGS
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>',
        encoding="utf-8",
    )


@cache
def _fenced() -> tuple[str, ...]:
    """What runs before the command: no network and limits, as far as this system has them."""
    fence: tuple[str, ...] = ()
    for words in (("prlimit", *_LIMITS), ("unshare", "-r", "-n")):
        found = shutil.which(words[0])
        if found is None:
            continue
        trial = subprocess.run([found, *words[1:], "true"], capture_output=True, check=False)  # noqa: S603
        if trial.returncode == 0:
            fence += (found, *words[1:])
    return fence


def _sweep() -> None:
    """Take away what conversions left whose process was killed before it could: a source stands in it. Only where the system
    tells whether a process lives without touching it (not on Windows)."""
    if sys.platform == "win32":
        return
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        number = left.name.removeprefix(_PREFIX).partition("-")[0]
        try:
            if number.isdigit() and left.stat().st_uid == os.getuid() and not _lives(int(number)):
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue  # gone in the meantime


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # somebody else's: it lives
    return True
