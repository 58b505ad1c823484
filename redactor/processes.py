"""Processes of our own beside this one, asked one thing at a time over their pipes: who reads files, who looks for names.

A child is begun as `python -c`, never by import of the caller's main file, so that a script without a guard may publish too; it
ends when the pipe to it closes, and so with its parent, whatever ends that. What is said lies in memory only.
"""

from __future__ import annotations

import contextlib
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

_LENGTH = struct.Struct(">Q")
_LONGEST = 4 * 1024**3  # bytes of one message
_CHUNK = 1 << 20
_LEAVING = 5  # seconds a child that has closed its pipe may take to end by itself
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # as many threads as children, not their square


class Child:
    """One such process. Raises OSError where it cannot be begun; EOFError from `ask` once it has ended, for whatever reason."""

    def __init__(self, code: str, folder: Path | None = None) -> None:
        """`folder`: below it lie the files that it makes for a while, where there is one."""
        self.code, self.folder = code, folder
        root = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-P", "-c", code],  # -P: no module of the folder that a run is called in
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # whatever a library says there may hold words of a document
            env={**os.environ, **_ONE_THREAD, **({"TMPDIR": str(folder)} if folder is not None else {}), "PYTHONPATH": path},
        )

    def ask(self, *parts: bytes, seconds: float) -> bytes:
        """Send the parts and wait for the answer; past `seconds` by the clock the child is killed. Raises EOFError or OSError."""
        into, out = self.process.stdin, self.process.stdout
        assert into is not None and out is not None
        clock = threading.Timer(seconds, self.process.kill)
        clock.daemon = True
        clock.start()
        try:
            for part in parts:
                into.write(_LENGTH.pack(len(part)))
                into.write(part)
            into.flush()
            return _message(out.read)
        finally:
            clock.cancel()

    def end(self) -> int:
        """Make sure that it is gone; its exit code tells why where it went by itself."""
        try:
            self.process.wait(_LEAVING)
        except subprocess.TimeoutExpired:
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return self.process.wait()

    def stop(self) -> None:
        """End it, and let it tidy up what it began itself: a program, a folder."""
        self.process.terminate()
        self.end()

    def kill(self) -> None:
        """End it now."""
        self.process.kill()
        self.end()


def _message(read: Callable[[int], bytes]) -> bytes:
    count = _LENGTH.unpack(_exactly(read, _LENGTH.size))[0]
    if count > _LONGEST:
        raise EOFError
    return _exactly(read, count)


def _exactly(read: Callable[[int], bytes], count: int) -> bytes:
    data = read(count)
    if len(data) < count:
        raise EOFError
    return data


# --- in the child ---------------------------------------------------------------------------------------------------------


def answer_all(answer: Callable[[Callable[[], bytes]], bytes]) -> None:
    """Answer until the parent closes the pipe. `answer` is given what reads the next part of a question.

    Ctrl-C is the parent's to act on. What a library prints goes nowhere. Where memory runs out the system ends this process and
    not its parent, which can begin another.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    said = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    no_core()

    def read(count: int) -> bytes:
        parts = []
        while count and (part := os.read(0, min(count, _CHUNK))):
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    while True:
        try:
            whole = answer(lambda: _message(read))
        except EOFError:
            return
        for part in (_LENGTH.pack(len(whole)), memoryview(whole)):
            while part:
                part = part[os.write(said, part) :]


def no_core() -> None:
    """No core file of this process: it would hold documents."""
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
