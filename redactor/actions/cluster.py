"""The executor of many machines: a Dask cluster that is there already, named by its scheduler's address.

Scheduler and workers see what this process sends: texts of documents, and the names to look for. So nothing is sent but over TLS
where an address is not this machine's own, and to no worker that would write what it holds to its disk. Not guarded: whoever runs
the scheduler or a worker reads all of it, as does anybody whose certificate the cluster's authority has signed.
"""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from ..errors import EnvironmentFault, UsageError
from .carrying import packed

if TYPE_CHECKING:
    from distributed import Client, Worker

CONNECT = 15  # seconds in which a scheduler answers and has a worker
PATIENCE = 60  # seconds without any worker, after which the run ends
_LOOK = 2
_CERTIFICATES = "DASK_DISTRIBUTED__COMM__TLS__CA_FILE, ...__TLS__CLIENT__CERT and ...__TLS__CLIENT__KEY"
_NO_SPILL = "DASK_DISTRIBUTED__WORKER__MEMORY__TARGET=False and DASK_DISTRIBUTED__WORKER__MEMORY__SPILL=False"
_AT = "The cluster"
R = TypeVar("R")


class Cluster(Executor):
    """The workers of the scheduler at `address`. Raises UsageError for an address over which no text may travel, EnvironmentFault
    where the cluster cannot be used."""

    def __init__(self, address: str) -> None:
        if not safe(address):
            raise UsageError(
                "Documents go to another machine over TLS alone. Give the scheduler certificates, and its address as tls://HOST:PORT"
            )
        self._client = _connected(address)
        self._inner = self._client.get_executor(pure=False)  # pure would name a task by a digest of its text
        self._lock, self._open, self._over = threading.Lock(), set[Future[Any]](), threading.Event()
        try:
            told = self._client.run(_told)
        except ImportError:
            self.shutdown(wait=False)
            raise EnvironmentFault(f"{_AT}: a worker has no redactor of this version. Install the same there as here") from None
        if unfit := next(filter(None, told.values()), ""):
            self.shutdown(wait=False)
            raise EnvironmentFault(unfit)
        self.count = len(told)
        threading.Thread(target=self._watch, daemon=True).start()

    def submit(self, task: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """As `Executor.submit`. The future of a task whose worker ended raises BrokenExecutor."""
        outer: Future[R] = Future()
        with self._lock:
            self._open.add(outer)
        inner = self._inner.submit(_here, task, *args, **kwargs)
        inner.add_done_callback(lambda done: self._settle(outer, done))
        return outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 - Executor's signature
        """Let go of the cluster; what its workers still do for this run is cancelled."""
        self._over.set()
        self._inner.shutdown(wait=False)
        self._client.close()

    def _settle(self, outer: Future[Any], inner: Future[Any]) -> None:
        from distributed import KilledWorker

        with self._lock:
            if outer not in self._open:
                return
            self._open.discard(outer)
        fault = EnvironmentFault(f"{_AT} was lost") if inner.cancelled() else inner.exception()
        if fault is None:
            outer.set_result(inner.result())
        elif isinstance(fault, KilledWorker):
            outer.set_exception(BrokenExecutor("the worker ended"))
        elif isinstance(fault, EnvironmentFault):
            outer.set_exception(fault)
        else:  # tasks' own faults come back as values: this one is the cluster's
            outer.set_exception(
                EnvironmentFault(f"{_AT}: a worker failed ({type(fault).__name__}). Install the same there as here")
            )

    def _watch(self) -> None:
        """End what waits for a cluster that has no worker left, or is gone itself."""
        without = 0
        while not self._over.wait(_LOOK):
            gone = self._client.status != "running" or not self._client.scheduler_info()["workers"]
            without = without + _LOOK if gone else 0
            if without >= PATIENCE:
                with self._lock:
                    waiting = list(self._open)
                    self._open.clear()
                for future in waiting:
                    future.set_exception(EnvironmentFault(f"{_AT} has no worker any more. Start some, and run again"))


def safe(address: str) -> bool:
    """Whether texts may travel to this address: over TLS, or within this machine."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme in ("tls", "inproc"):
        return True
    host = parts.hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _connected(address: str) -> Client:
    """Raises EnvironmentFault where nobody answers, or no worker is there; UsageError where certificates are wanting."""
    try:
        from distributed import Client
        from distributed.security import Security
    except ImportError:
        raise EnvironmentFault("A cluster needs Dask. Install redactor[cluster]") from None
    over_tls = address.startswith("tls://")
    security = Security(require_encryption=over_tls)
    if over_tls and not (security.tls_ca_file and security.tls_client_cert):
        raise UsageError(f"TLS needs certificates. Set {_CERTIFICATES}")
    try:
        client = Client(address, security=security, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError, RuntimeError, TypeError):
        raise EnvironmentFault(f"{_AT} does not answer. Check its address, its certificates and that it runs") from None
    try:
        client.wait_for_workers(1, timeout=CONNECT)
    except TimeoutError:
        client.close()
        raise EnvironmentFault(f"{_AT} has no worker. Start some, and run again") from None
    return client


# --- on a worker ----------------------------------------------------------------------------------------------------------


def _told(dask_worker: Worker) -> str:  # Dask puts the worker where an argument has this name
    return unfit(dask_worker)


def _here(task: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Carry out a task; a worker that came later than the run is looked at too."""
    from distributed import get_worker

    if why := unfit(get_worker()):
        return packed((None, EnvironmentFault(why)))
    return task(*args, **kwargs)


def unfit(worker: Worker) -> str:
    """Why a worker may not be given texts, "" where it may."""
    memory: Any = worker.memory_manager
    if memory.memory_limit and (memory.memory_target_fraction or memory.memory_spill_fraction):
        return f"{_AT}: a worker writes to its disk what it has no memory for. Start workers with {_NO_SPILL}"
    if not safe(str(worker.address)):
        return f"{_AT}: a worker is reached without TLS. Give scheduler and workers certificates"
    return ""
