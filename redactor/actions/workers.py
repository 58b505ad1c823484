"""Many documents at once: in other processes where there is enough to do, in this one where there is not.

What is done is a function of a module and values, so that any `concurrent.futures.Executor` may carry it out: processes of our
own (`own_processes.py`), a cluster (`cluster.py`). Results come back as they are ready, each with the number of its question: who
keeps them by number has the same on one process and on many. A document whose process ends (killed, out of memory) is tried once
more and then held; the others do not notice.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from .. import __version__
from ..errors import HeldError, UsageError
from .carrying import Ground, Lacking, Parcel, carry, packed
from .own_processes import Processes

MOST = 16  # processes that are begun unasked
MEMORY = 1 << 30  # bytes of free memory for each of them: both name models need half of it
AHEAD = 2  # documents under way or waiting for each process, so that memory does not grow with the bundle
_PLAIN = frozenset({"text/plain", "text/markdown", "text/html", "text/csv", "text/tab-separated-values"})
MUCH = 5_000_000  # characters of plain text
Q = TypeVar("Q")
R = TypeVar("R")


class Workers:
    """The processes of one run, begun when the first stage has enough for them and ended with it.

    `processes` 0: as many as there are cores, less where memory is short; 1: nothing runs beside but what reads files. Any other
    `executor` carries all of the work and is shut down with the run; `processes` is then how many it works on at once, `ahead`
    how many are under way for each of them. Raises UsageError below 0.
    """

    def __init__(self, processes: int = 0, executor: Executor | None = None, ahead: int = AHEAD) -> None:
        if processes < 0:
            raise UsageError("--processes is 1 or more, or 0 for as many as there are cores")
        self.count = processes or usual()
        self._executor, self._ahead = executor, ahead

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=kind is None, cancel_futures=True)
            self._executor = None

    def each(
        self, task: Callable[..., R], asked: Iterable[tuple[Any, ...]], worth: bool, ground: object = None
    ) -> Iterator[tuple[int, R | HeldError]]:
        """What `task` makes of each of `asked`, as it is ready: (place in `asked`, result or why the document is held).

        `asked` is drawn from as places become free. `worth` says whether there is enough to do to begin other processes for it;
        those that run are used anyway. `ground`, where there is one, is the first argument of every task, and goes to each
        process once. What a task raises beside HeldError ends the run.
        """
        if self._executor is not None or (worth and self.count > 1):
            self._executor = self._executor or Processes(self.count)
            yield from _each(self._executor, task, asked, self.count, self._ahead, ground)
            return
        before = () if ground is None else (ground,)
        for number, args in enumerate(asked):
            try:
                result: R | HeldError = task(*before, *args)
            except HeldError as fault:
                result = fault
            except MemoryError:
                result = _twice()
            yield number, result

    def beside(
        self, task: Callable[[Q], R], asked: Sequence[Q], worth: bool, stop: Callable[[], None]
    ) -> Generator[R, None, None]:
        """What `task` makes of each, in order, in as many threads: for what waits for a process of its own. `stop` ends what
        the threads wait for; it is called where the run is interrupted."""
        if self.count == 1 or not worth:
            yield from map(task, asked)
            return
        readers = min(self.count, usual())  # a cluster reads no file
        threads = ThreadPoolExecutor(min(readers, len(asked)))
        try:
            under_way: deque[Future[R]] = deque()
            for item in asked:
                under_way.append(threads.submit(copy_context().run, task, item))  # which formats are in use is part of it
                if len(under_way) >= AHEAD * readers:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        except BaseException:
            for future in under_way:
                future.cancel()
            stop()
            raise
        finally:
            threads.shutdown(cancel_futures=True)


def much(copies: Iterable[tuple[str, Iterable[str]]]) -> bool:
    """Whether writing or looking at copies, each a text and its media types, is worth other processes: they are ready after some
    seconds, in which this one does a few million characters of plain text, or a twentieth of it in files that are taken apart."""
    return sum(len(text) * (1 if all(m in _PLAIN for m in media) else 20) for text, media in copies) >= MUCH


def usual() -> int:
    """How many processes are begun where nobody says: the cores this one may use, less where memory is short."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(MOST, cores, _free() // MEMORY))


def _free() -> int:
    """Bytes of memory that are free, as far as the system tells."""
    try:
        rows = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
        return int(rows["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return MOST * MEMORY


@dataclass(slots=True)
class _Asked:
    """A question under way."""

    number: int
    args: tuple[Any, ...]
    again: bool = False


def _each(
    executor: Executor, task: Callable[..., R], asked: Iterable[tuple[Any, ...]], count: int, ahead: int, ground: object
) -> Iterator[tuple[int, R | HeldError]]:
    waiting = enumerate(asked)
    under_way: dict[Future[Parcel], _Asked] = {}
    whole = Ground(ground)
    begun = 0

    def ask(one: _Asked, with_ground: bool) -> None:
        under_way[executor.submit(carry, packed((__version__, task, whole.part(with_ground), one.args)))] = one

    while True:
        for number, args in islice(waiting, ahead * count - len(under_way)):
            ask(_Asked(number, args), begun < count)  # whoever is asked first without it says so
            begun += 1
        if not under_way:
            return
        ready, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in ready:
            one = under_way.pop(future)
            fault = future.exception()
            if fault is None:
                said, fault = future.result().opened()
                if isinstance(fault, Lacking):
                    ask(one, True)
                    continue
            if fault is None:
                yield one.number, said
            elif isinstance(fault, HeldError):
                yield one.number, fault
            elif not isinstance(fault, (BrokenExecutor, MemoryError)):
                raise fault
            elif one.again:
                yield one.number, _twice()
            else:
                one.again = True
                ask(one, True)


def _twice() -> HeldError:
    return HeldError("the process that worked on it ended, twice: it needs more memory or time than there is", "Split it")
