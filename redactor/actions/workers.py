"""Many documents at once: in other processes where there is enough to do, in this one where there is not.

What is done is a function of a module and plain values, so that any `concurrent.futures.Executor` may carry it out. Results come
back as they are ready, each with the number of its question: who keeps them by number has the same on one process and on many.
A document whose process ends (killed, out of memory) is tried once more and then held; the others do not notice.
"""

from __future__ import annotations

import os
import pickle
import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from ..errors import EnvironmentFault, HeldError, RedactorError, UsageError
from ..processes import Child, answer_all

MOST = 16  # processes that are begun unasked
MEMORY = 1 << 30  # bytes of free memory for each of them: both name models need half of it
AHEAD = 2  # documents under way or waiting for each process, so that memory does not grow with the bundle
CLOCK = 3600  # seconds one document may take in one stage
_CODE = "from redactor.actions.workers import serve; serve()"
_READY = pickle.dumps(None)
Q = TypeVar("Q")
R = TypeVar("R")


class Workers:
    """The processes of one run, begun when the first stage has enough for them and ended with it. `processes` 0: as many as
    there are cores, less where memory is short; 1: nothing runs beside but what reads files. Raises UsageError below 0."""

    def __init__(self, processes: int = 0, begin: Callable[[int], Executor] | None = None) -> None:
        if processes < 0:
            raise UsageError("--processes is 1 or more, or 0 for as many as there are cores")
        self.count = processes or usual()
        self._begin, self._executor = begin or Processes, None if begin is None else begin(self.count)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=kind is None, cancel_futures=True)
            self._executor = None

    def each(self, task: Callable[..., R], asked: Sequence[tuple[Any, ...]], worth: bool) -> Iterator[tuple[int, R | HeldError]]:
        """What `task` makes of each of `asked`, as it is ready: (place in `asked`, result or why the document is held).

        `worth` says whether there is enough to do for other processes. What a task raises beside HeldError ends the run.
        """
        if worth and self.count > 1:
            self._executor = self._executor or self._begin(self.count)
            yield from _each(self._executor, task, asked, AHEAD * self.count)
            return
        for number, args in enumerate(asked):
            try:
                result: R | HeldError = task(*args)
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
        threads = ThreadPoolExecutor(min(self.count, len(asked)))
        try:
            under_way: deque[Future[R]] = deque()
            for item in asked:
                under_way.append(threads.submit(copy_context().run, task, item))  # which formats are in use is part of it
                if len(under_way) >= AHEAD * self.count:
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


def _each(
    executor: Executor, task: Callable[..., R], asked: Sequence[tuple[Any, ...]], most: int
) -> Iterator[tuple[int, R | HeldError]]:
    waiting = iter(range(len(asked)))
    under_way: dict[Future[R], int] = {}
    again: set[int] = set()
    while True:
        for number in waiting:
            under_way[executor.submit(task, *asked[number])] = number
            if len(under_way) >= most:
                break
        if not under_way:
            return
        ready, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in ready:
            number = under_way.pop(future)
            fault = future.exception()
            if fault is None:
                yield number, future.result()
            elif isinstance(fault, HeldError):
                yield number, fault
            elif not isinstance(fault, (BrokenExecutor, MemoryError)):
                raise fault
            elif number in again:
                yield number, _twice()
            else:
                again.add(number)
                under_way[executor.submit(task, *asked[number])] = number


def _twice() -> HeldError:
    return HeldError("the process that worked on it ended, twice: it needs more memory or time than there is", "Split it")


class Processes(Executor):
    """Processes of our own (`processes.py`), each asked by a thread: which document ended one is known, and the others go on."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._threads: list[threading.Thread] = []
        self._asked: queue.SimpleQueue[tuple[Future[Any], bytes] | None] = queue.SimpleQueue()
        self._lock, self._children, self._closed = threading.Lock(), set[Child](), False

    def submit(self, task: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """As `Executor.submit`. The future of a task whose process ended raises BrokenExecutor; later ones are not touched."""
        question = pickle.dumps((task, args, kwargs))
        future: Future[R] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("shut down")
            if len(self._threads) < self._count:
                self._threads.append(threading.Thread(target=self._serve, daemon=True))
                self._threads[-1].start()
        self._asked.put((future, question))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 - Executor's signature
        """End every process at once; nobody shuts down who still waits for a result."""
        with self._lock:
            self._closed = True
            children = list(self._children)
        for _ in self._threads:
            self._asked.put(None)
        for child in children:
            child.process.kill()
        for thread in self._threads if wait else ():
            thread.join()

    def pids(self) -> list[int]:
        """The system's numbers of the processes that are at work."""
        with self._lock:
            return [child.process.pid for child in self._children]

    def _serve(self) -> None:
        child: Child | None = None
        while (one := self._asked.get()) is not None:
            future, question = one
            if self._closed or not future.set_running_or_notify_cancel():
                continue
            try:
                if child is None:
                    child = self._child()
                result, fault = pickle.loads(child.ask(question, seconds=CLOCK))  # noqa: S301 - of our own process
            except EnvironmentFault as no_child:
                future.set_exception(no_child)
            except (EOFError, OSError, pickle.UnpicklingError):
                self._let_go(child)
                child = None
                future.set_exception(BrokenExecutor("the process ended"))
            else:
                future.set_result(result) if fault is None else future.set_exception(fault)
        self._let_go(child)

    def _child(self) -> Child:
        """A new process that has answered once. One that does not even begin is a fault of the machine, not of a document."""
        try:
            child = Child(_CODE)
        except OSError as error:
            raise EnvironmentFault(f"A process could not be started: {error.strerror}. Publish with --processes 1") from None
        with self._lock:
            self._children.add(child)
        try:
            child.ask(_READY, seconds=CLOCK)
        except (EOFError, OSError):
            self._let_go(child)
            if self._closed:
                raise EOFError from None
            raise EnvironmentFault("A process could not be started. Free some memory, or publish with --processes 1") from None
        return child

    def _let_go(self, child: Child | None) -> None:
        if child is not None:
            child.kill()
            with self._lock:
                self._children.discard(child)


# --- in the other process ------------------------------------------------------------------------------------------------


class Unforeseen(Exception):
    """A fault nobody planned for, in another process. Its words stay there; its class and place are all that is told."""


def serve() -> None:
    """Carry out tasks from standard input, results to standard output, until it is closed."""
    inside = ThreadPoolExecutor(1)  # a future takes whatever is raised

    def answer(part: Callable[[], bytes]) -> bytes:
        asked = pickle.loads(part())  # noqa: S301 - of our own parent
        if asked is None:
            return pickle.dumps((None, None))
        task, args, kwargs = asked
        future = inside.submit(task, *args, **kwargs)
        fault = future.exception()
        return pickle.dumps((None, _plain(fault)) if fault is not None else (future.result(), None))

    answer_all(answer)


def _plain(fault: BaseException) -> BaseException:
    """A fault as it may travel: ours whole, any other without its words."""
    if isinstance(fault, RedactorError):
        fault.__traceback__ = fault.__cause__ = fault.__context__ = None
        return fault
    if isinstance(fault, MemoryError):
        return MemoryError()
    last = fault.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last is not None else "?"
    return Unforeseen(f"{type(fault).__name__} at {where}")
