"""Reading a file in a process of its own, with limits on memory and time: what a damaged or hostile file does there ends there.

A file that takes the reader over finds no network, none of the user's files and few calls of the system there, where it can be so
(`_cut_off`, `_fence`, `syscalls`), and what it answers is read as plain data. Where the system knows no limits (Windows) only the
clock is watched.
"""

from __future__ import annotations

import atexit
import base64
import ctypes
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from ..cleartext import ClearText
from ..content import Block, BlockKind, Cell, Content, Mark, Style, Table
from ..errors import CaseError, EnvironmentFault, HeldError, ModelFault, RedactorError, UsageError
from ..model import Hidden, Member
from ..processes import Child, answer_all
from ..syscalls import refuse
from ._fence import alone
from ._format import Reading
from ._libreoffice import own_folder

MEMORY = 4 * 1024**3  # bytes of address space; a 500-page file with pages read from pixels needs about 2.5 GiB
KEPT = 512 * 1024**2  # bytes that a reader may hold between two files; one that has grown beyond is begun anew
FILES = 1024**3  # bytes of one file it may write: an office file that LibreOffice converts
SECONDS = 60  # of processor time to begin with; a reader asks for more as it gets on (`allow`)
SECONDS_A_MEGABYTE = 10  # and by the size of the file
CLOCK = 2 * 3600  # seconds a file may take at all
GRACE = 5  # seconds in which a reader that is ended may tidy up
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of sched.h
_FAULTS: dict[str, type[RedactorError]] = {
    kind.__name__: kind for kind in (ModelFault, UsageError, CaseError)
}  # that are told as they are
_SAVE = "Open it in the program that made it and save or print a new copy, or split it."
_TEMPORARY: ContextVar[Path | None] = ContextVar("the folder below which readers make files", default=None)
_CODE = "from redactor.formats import serve_apart; serve_apart()"
_HOUSE = f"{_CODE}  # what the house itself gives is read where no document has been"
_OFFICE = "from redactor.formats import serve_apart; serve_apart(office=True)"


def read_apart(name: str, data: bytes) -> Reading:
    """What the format called `name` reads of `data`, in another process. Raises HeldError."""
    return reading_of(answer_apart(name, data))


def answer_apart(name: str, data: bytes, *, office: bool = False, house: bool = False) -> dict[str, Any]:
    """The same as JSON values, for `reading_of`; `office`: by way of LibreOffice; `house`: a file by which all documents are
    worked on. Safe from several threads: each file that is being read has a process to itself. Raises HeldError, and CaseError,
    UsageError or ModelFault as they were met."""
    with _child(_OFFICE if office else _HOUSE if house else _CODE) as child:
        try:
            answer = json.loads(child.ask(name.encode(), data, seconds=CLOCK))
            if not isinstance(answer, dict):
                raise EOFError
        except (EOFError, OSError, ValueError):
            raise _failed(child.end()) from None
    if (fault := _fault(answer)) is not None:
        raise fault
    return answer


def _fault(answer: dict[str, Any]) -> RedactorError | None:
    """The error that was met there, None where there was none."""
    try:
        if "held" in answer:
            cause, remedy = map(str, answer["held"])
            return HeldError(cause, remedy)
        if "fault" in answer:
            kind, words = map(str, answer["fault"])
            return _FAULTS[kind](words)
    except (ValueError, KeyError, TypeError):
        return _failed(1)
    return None


@contextmanager
def making_files_in(folder: Path | None) -> Iterator[None]:
    """Within this, what readers write lies below `folder`, which who made it takes away; None: the system's own folder."""
    before = _TEMPORARY.set(folder)
    try:
        yield
    finally:
        _TEMPORARY.reset(before)


def begin() -> None:
    """Begin a reader where none waits: it gets ready beside whatever is done until the first file. One that cannot be begun is
    told of when a file is read."""
    with _LOCK:
        if not _WAITING:
            with suppress(OSError):
                _WAITING.append(Child(_CODE, _TEMPORARY.get()))


def allow(seconds: int) -> None:
    """More processor time for the file that is being read; a reader that gets on asks for it. Nothing happens elsewhere."""
    if _SERVING:
        _limit_time(seconds, more=True)


# Begun at the first file and used for all, begun anew after one that ended it: those that wait, and those at work.
_LOCK = threading.Lock()
_WAITING: list[Child] = []
_AT_WORK: set[Child] = set()
_SERVING = False


@contextmanager
def _child(code: str) -> Iterator[Child]:
    folder = _TEMPORARY.get()
    with _LOCK:
        child = next((c for c in _WAITING if (c.code, c.folder) == (code, folder)), None)
        done = [c for c in _WAITING if c is not child and c.folder is not None and not c.folder.exists()]
        _WAITING[:] = [c for c in _WAITING if c is not child and c not in done]
    for ended in done:  # their run is over
        ended.kill()
    if child is not None and child.process.poll() is not None:
        child.end()
        child = None
    try:
        child = child or Child(code, folder)
    except OSError as error:
        raise EnvironmentFault(f"a reader could not be started: {error.strerror}. Check memory and rights.") from None
    with _LOCK:
        _AT_WORK.add(child)
    whole = False
    try:
        yield child
        whole = True
    finally:  # one that was interrupted is ended: what it still says is no answer to the next file
        again = whole and _resident(child) < KEPT
        with _LOCK:
            _AT_WORK.discard(child)
            if again:
                _WAITING.append(child)
        if not again:
            child.stop()


def _resident(child: Child) -> int:
    """Bytes of memory that a reader holds, 0 where the system does not tell."""
    try:
        pages = Path(f"/proc/{child.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0


@atexit.register
def stop() -> None:
    """End every reader, those at work too: whoever waits for one is told that it failed."""
    with _LOCK:
        waiting, at_work = list(_WAITING), list(_AT_WORK)
        _WAITING.clear()
    for child in at_work:
        child.process.terminate()
        killed = threading.Timer(GRACE, child.process.kill)  # one that does not listen
        killed.daemon = True
        killed.start()
    for child in waiting:
        child.kill()


def _failed(code: int) -> HeldError:
    if code == -getattr(signal, "SIGXCPU", 0) or code == -getattr(signal, "SIGKILL", 0):
        return HeldError("reading it takes too long", _SAVE)
    return HeldError("its reader fails at it: it is damaged, or built to harm", _SAVE)


# --- in the other process ------------------------------------------------------------------------------------------------


def serve(readers: Callable[[str], Callable[[bytes], Reading | dict[str, Any]]], office: bool = False) -> None:
    """Read files from standard input, answer on standard output, until it is closed. `readers`: a reader by its name, which gives
    a reading or JSON values; `office`: they run LibreOffice."""
    global _SERVING
    _SERVING = True
    _cut_off()
    with own_folder() as folder:
        alone(folder, office)
        refuse(office=office)
        _limit_space()
        _answer(readers)


def _answer(readers: Callable[[str], Callable[[bytes], Reading | dict[str, Any]]]) -> None:
    def answer(part: Callable[[], bytes]) -> bytes:
        name, data = part().decode(), part()
        _limit_time(SECONDS + SECONDS_A_MEGABYTE * (len(data) >> 20))
        try:
            read = readers(name)(data)
            said = plain(read) if isinstance(read, Reading) else read
        except HeldError as held:
            said = {"held": [held.cause, held.remedy]}
        except tuple(_FAULTS.values()) as fault:
            said = {"fault": [type(fault).__name__, str(fault)]}
        except (MemoryError, RecursionError):
            said = {"held": ["the file is too large or too deeply nested to read", "Split it, or save a plain copy"]}
        return as_bytes(said)

    answer_all(answer)


def _cut_off() -> None:
    """No network from here on, where the system lets a process say so of itself (Linux with user namespaces): a namespace of its
    own has no way out. A user namespace comes with it, in which the user is who they were, so that files are read as before."""
    if not sys.platform.startswith("linux"):
        return
    own = os.getuid(), os.getgid()
    try:
        alone = ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NETWORK) == 0
    except (OSError, AttributeError):
        return
    if alone:
        for name, said in (("setgroups", "deny"), ("uid_map", f"{own[0]} {own[0]} 1"), ("gid_map", f"{own[1]} {own[1]} 1")):
            with suppress(OSError):
                Path(f"/proc/self/{name}").write_text(said, encoding="ascii")


def _limit_space() -> None:
    if sys.platform == "win32":
        return
    import resource

    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, FILES)):
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _limit_time(seconds: int, more: bool = False) -> None:
    """The processor time from now on, or `more` of what is left."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_SELF)
    base = soft if more and soft != resource.RLIM_INFINITY else int(used.ru_utime + used.ru_stime) + 1
    limit = base + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


# --- a reading as plain data: its words are never serialised by accident, only here ---------------------------------------


def plain(reading: Reading) -> dict[str, Any]:
    """A reading as JSON values."""

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
        "members": [
            [m.name.reveal(), base64.b64encode(m.data).decode(), [m.fault.cause, m.fault.remedy] if m.fault else None]
            for m in reading.members
        ],
    }


def as_bytes(answer: dict[str, Any]) -> bytes:
    """As it is sent. Half a character (a lone surrogate) becomes "?": no file, no digest and no page could hold it."""
    return json.dumps(answer, ensure_ascii=False).encode(errors="replace")


def reading_of(answer: dict[str, Any]) -> Reading:
    """The reading again. Raises HeldError for what is none."""

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
        members = tuple(
            Member(ClearText(str(name)), base64.b64decode(data), HeldError(*map(str, fault)) if fault else None)
            for name, data, fault in answer["members"]
        )
        return Reading(content, hidden, tuple(map(str, answer["warnings"])), members)
    except (ValueError, KeyError, TypeError):
        raise _failed(1) from None
