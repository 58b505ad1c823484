"""The executor that is used unasked: processes of our own on this machine, each asked by a thread."""

from __future__ import annotations

import pickle
import queue
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any, TypeVar

from ..errors import EnvironmentFault
from ..processes import Child, answer_all
from ..syscalls import refuse
from .carrying import Caught, plain

CLOCK = 3600  # seconds one document may take in one stage
_CODE = "from redactor.actions.own_processes import serve; serve()"
_READY = pickle.dumps(None)
R = TypeVar("R")


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


def serve() -> None:
    """Carry out tasks from standard input, results to standard output, until it is closed. Texts of others are worked on
    here, and readers begun: neither wants the network, nor another process."""
    refuse(readers=True)

    def answer(part: Callable[[], bytes]) -> bytes:
        asked = pickle.loads(part())  # noqa: S301 - of our own parent
        result = None
        with Caught() as caught:
            if asked is not None:
                task, args, kwargs = asked
                result = task(*args, **kwargs)
        return pickle.dumps((result, caught.fault and plain(caught.fault)))

    answer_all(answer)
