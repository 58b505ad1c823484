"""Reading a file in a process of its own, with limits on memory and time: what a damaged or hostile file does there ends there.

Does not guard against a file that takes the reader over: that process has the user's rights, though what it answers is read as
plain data. Where the system knows no limits (Windows) only the clock is watched.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..cleartext import ClearText
from ..content import Block, BlockKind, Cell, Content, Mark, Style, Table
from ..errors import EnvironmentFault, HeldError, ModelFault
from ..model import Hidden
from ._format import Reading

MEMORY = 4 * 1024**3  # bytes of address space; a 500-page file with pages read from pixels needs about 2.5 GiB
SECONDS = 60  # of processor time to begin with; a reader asks for more as it gets on (`allow`)
CLOCK = 2 * 3600  # seconds a file may take at all
_LENGTH = struct.Struct(">Q")
_SAVE = "Open it in the program that made it and save or print a new copy, or split it."


def read_apart(name: str, data: bytes) -> Reading:
    """What the format called `name` reads of `data`, in the other process. Raises HeldError."""
    with _LOCK:
        worker = _Worker.running()
        try:
            answer = worker.ask(name, data)
        except (EOFError, OSError, ValueError):
            raise _failed(worker.end()) from None
        except BaseException:  # interrupted: what it still says is no answer to the next file
            worker.end()
            raise
    if "held" in answer:
        raise HeldError(*answer["held"])
    if "fault" in answer:
        raise ModelFault(answer["fault"])
    return _reading(answer)


def allow(seconds: int) -> None:
    """More processor time for the file that is being read; a reader that gets on asks for it. Nothing happens elsewhere."""
    if _SERVING:
        _limit_time(seconds, more=True)


class _Worker:
    """The other process: begun at the first file, used for all, begun anew after one that ended it."""

    current: _Worker | None = None

    def __init__(self) -> None:
        root = str(Path(__file__).resolve().parent.parent.parent)
        path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from redactor.formats import serve_apart; serve_apart()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )

    @classmethod
    def running(cls) -> _Worker:
        """The worker, a new one where there is none."""
        if cls.current is None or cls.current.process.poll() is not None:
            try:
                cls.current = cls()
            except OSError as error:
                raise EnvironmentFault(f"a reader could not be started: {error.strerror}. Check memory and rights.") from None
        return cls.current

    def ask(self, name: str, data: bytes) -> dict[str, Any]:
        """One file's answer. Raises EOFError if the process ended or took too long."""
        pipes = self.process.stdin, self.process.stdout
        assert pipes[0] is not None and pipes[1] is not None
        clock = threading.Timer(CLOCK, self.process.kill)
        clock.start()
        try:
            for part in (name.encode(), data):
                pipes[0].write(_LENGTH.pack(len(part)) + part)
            pipes[0].flush()
            answer = json.loads(_exactly(pipes[1].read, _LENGTH.unpack(_exactly(pipes[1].read, 8))[0]))
        finally:
            clock.cancel()
        if not isinstance(answer, dict):
            raise EOFError
        return answer

    def end(self) -> int:
        """Make sure that it is gone; its exit code."""
        if not self._leaving():
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
        type(self).current = None
        return self.process.wait()

    def _leaving(self) -> bool:
        """Whether it ends by itself, so that its exit code tells why."""
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            return False
        return True


_LOCK = threading.Lock()
_SERVING = False


@atexit.register
def _close() -> None:
    if _Worker.current is not None:
        _Worker.current.process.kill()
        _Worker.current.end()


def _failed(code: int) -> HeldError:
    if code == -getattr(signal, "SIGXCPU", 0) or code == -getattr(signal, "SIGKILL", 0):
        return HeldError("reading it takes too long", _SAVE)
    return HeldError("its reader fails at it: it is damaged, or built to harm", _SAVE)


def _exactly(read: Callable[[int], bytes], count: int) -> bytes:
    if count > 4 * 1024**3:
        raise EOFError
    data = read(count)
    if len(data) < count:
        raise EOFError
    return data


# --- in the other process ------------------------------------------------------------------------------------------------


def serve(readers: Callable[[str], Callable[[bytes], Reading]]) -> None:
    """Read files from standard input, answer on standard output, until it is closed. `readers`: a format's reader by its name."""
    global _SERVING
    _SERVING = True
    _limit_memory()

    def read(count: int) -> bytes:
        parts = []
        while count and (part := os.read(0, min(count, 1 << 20))):
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    while len(head := read(8)) == 8:
        name = _exactly(read, _LENGTH.unpack(head)[0]).decode()
        data = _exactly(read, _LENGTH.unpack(_exactly(read, 8))[0])
        _limit_time(SECONDS)
        try:
            answer = _plain(readers(name)(data))
        except HeldError as held:
            answer = {"held": [held.cause, held.remedy]}
        except ModelFault as fault:
            answer = {"fault": str(fault)}
        except MemoryError:
            answer = {"held": ["reading it takes more memory than a document should", _SAVE]}
        said = json.dumps(answer).encode()
        said = _LENGTH.pack(len(said)) + said
        while said:
            said = said[os.write(1, said) :]


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the document


def _limit_time(seconds: int, more: bool = False) -> None:
    """The processor time from now on, or `more` of what is left."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_SELF)
    base = soft if more and soft != resource.RLIM_INFINITY else int(used.ru_utime + used.ru_stime) + 1
    limit = base + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


# --- a reading as plain data: its words are never serialised by accident, only here ---------------------------------------


def _plain(reading: Reading) -> dict[str, Any]:
    assert not reading.members, "files within a file are not passed on: a format that has some is not read apart"

    def block(b: Block) -> list[Any]:
        return [str(b.kind), b.text.reveal(), [[m.start, m.end, str(m.style)] for m in b.marks], b.level, b.number.reveal()]

    def node(n: Block | Table) -> list[Any]:
        if isinstance(n, Block):
            return block(n)
        return [[[[block(b) for b in c.blocks], c.header, c.colspan, c.rowspan] for c in row] for row in n.rows]

    return {
        "body": [[isinstance(n, Table), node(n)] for n in reading.content.body],
        "hidden": [[h.place, h.text.reveal()] for h in reading.hidden],
        "warnings": list(reading.warnings),
    }


def _reading(answer: dict[str, Any]) -> Reading:
    def block(b: list[Any]) -> Block:
        kind, text, marks, level, number = b
        found = tuple(Mark(int(start), int(end), Style(style)) for start, end, style in marks)
        return Block(BlockKind(kind), ClearText(str(text)), found, int(level), ClearText(str(number)))

    def cell(c: list[Any]) -> Cell:
        blocks, header, colspan, rowspan = c
        return Cell(tuple(map(block, blocks)), bool(header), int(colspan), int(rowspan))

    def node(table: bool, n: list[Any]) -> Block | Table:
        return Table(tuple(tuple(map(cell, row)) for row in n)) if table else block(n)

    try:
        content = Content(tuple(node(table, n) for table, n in answer["body"]))
        hidden = tuple(Hidden(str(place), ClearText(str(text))) for place, text in answer["hidden"])
        return Reading(content, hidden, tuple(map(str, answer["warnings"])))
    except (ValueError, KeyError, TypeError):
        raise _failed(1) from None
