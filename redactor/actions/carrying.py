"""How a task gets to another process and its result back: whole values in one parcel that nobody on the way can print.

Texts of documents travel as they are, and so only through pipes to processes of our own, or over TLS (`cluster.py`). A fault
comes back as a value, never as an exception: what carries parcels (Dask) would write an exception's words into its log.
"""

from __future__ import annotations

import copyreg
import hashlib
import io
import pickle
import threading
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any

from .. import __version__
from ..cleartext import ClearText
from ..content import Block, Mark
from ..errors import EnvironmentFault, RedactorError
from ..model import Decision, Finding, Span

_KEPT = 2  # grounds that a process keeps: of writing, of verification
_GROUNDS: dict[str, Any] = {}
_ONE = threading.Lock()  # one task at a time in a process: the name models are not made for several


class Unforeseen(Exception):
    """A fault nobody planned for, in another process. Its words stay there; its class and place are all that is told."""


class Lacking(Exception):
    """A process was asked something on a ground that it does not have yet."""


class Parcel:
    """A value on its way. Personal text: no repr."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __repr__(self) -> str:
        return "<Parcel>"

    def opened(self) -> Any:
        """The value."""
        return pickle.loads(self.data)  # noqa: S301 - of our own parent, child or cluster


def _by_fields(kind: type) -> Callable[[Any], tuple[type, tuple[Any, ...]]]:
    """A plain value by its fields alone: the usual way of a frozen one takes several times as long."""
    told = attrgetter(*(f.name for f in fields(kind)))
    return lambda value: (kind, told(value))


_WAYS: dict[type, Callable[[Any], Any]] = {
    **copyreg.dispatch_table,
    ClearText: lambda value: (ClearText, (value.reveal(),)),  # not serialised by accident; here it is on purpose
    **{kind: _by_fields(kind) for kind in (Block, Decision, Finding, Mark, Span)},
}


def packed(value: object) -> Parcel:
    """A value as it may travel."""
    into = io.BytesIO()
    packer = pickle.Pickler(into, pickle.HIGHEST_PROTOCOL)
    packer.dispatch_table = _WAYS
    packer.dump(value)
    return Parcel(into.getvalue())


class Ground:
    """What all tasks of a stage share: sent whole to each process once, then by its digest."""

    def __init__(self, value: object) -> None:
        self._data = b"" if value is None else packed(value).data
        self._mark = hashlib.sha256(self._data).hexdigest() if self._data else ""

    def part(self, whole: bool) -> tuple[str, bytes]:
        """What goes into a question; ("", b"") where nothing is shared."""
        return self._mark, self._data if whole else b""


def carry(question: Parcel) -> Parcel:
    """In the other process: carry a task out; (result, None) or (None, fault)."""
    with _ONE, Caught() as caught:
        version, task, (mark, data), args = question.opened()
        if version != __version__:
            raise EnvironmentFault(f"A worker has version {__version__} of redactor, not {version}. Install the same there")
        return packed((task(*_standing(mark, data), *args), None))
    return packed((None, plain(caught.fault)))


def _standing(mark: str, data: bytes) -> tuple[Any, ...]:
    """The ground of a task as its first argument, where it has one."""
    if not mark:
        return ()
    if mark not in _GROUNDS:
        if not data:
            raise Lacking
        while len(_GROUNDS) >= _KEPT:
            del _GROUNDS[next(iter(_GROUNDS))]
        _GROUNDS[mark] = Parcel(data).opened()
    return (_GROUNDS[mark],)


class Caught:
    """Within this, an exception goes no further; `fault` is what it was."""

    fault: BaseException | None = None

    def __enter__(self) -> Caught:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> bool:
        self.fault = fault if isinstance(fault, Exception) else None
        return self.fault is not None


def plain(fault: BaseException | None) -> BaseException:
    """A fault as it may travel: ours whole, any other without its words."""
    if isinstance(fault, (RedactorError, Lacking)):
        fault.__traceback__ = fault.__cause__ = fault.__context__ = None
        return fault
    if isinstance(fault, MemoryError):
        return MemoryError()
    last = fault.__traceback__ if fault is not None else None
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last is not None else "?"
    return Unforeseen(f"{type(fault).__name__} at {where}")
