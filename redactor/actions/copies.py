"""The finished copies: read together as a stranger would, put in place in one step. writing.py makes them, proving.py looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import EnvironmentFault
from ..policy import Policy
from .detector import chosen
from .exchange import SUPERSEDED, in_place, lasting
from .jigsaw import Basis, opened, together
from .job import Job
from .summary import Combined

if TYPE_CHECKING:
    from ..keys import CaseKey
    from ..store import Event, Store
    from .cache import Cache


def combined(jobs: Sequence[Job], basis: Basis, policy: Policy, work: Path, kept: Cache) -> tuple[Combined, ...]:
    """The copies read again as a stranger would, all together and beside earlier publications named in the case."""
    folder = work / "publishable" / "documents"
    copies = [opened(folder / next(iter(job.published)), job.id, kept) for job in jobs if job.published]
    return together(copies, basis, policy, kept)


class _LatestRun:
    """The events of the latest run, read from the store as often as they are gone through. A large run has more than a page of
    memory for each document."""

    def __init__(self, store: Store) -> None:
        run = store.latest_run()
        self._store, self._since, self._last = store, run.seq if run else 0, store.last()

    def __iter__(self) -> Iterator[Event]:
        return takewhile(lambda event: event.seq <= self._last, self._store.events(since=self._since))


def deliver(place: Path, work: Path, policy: Policy, store: Store, key: CaseKey) -> None:
    """Manifest and log beside the copies, then one rename puts the finished folder in place of the old one."""
    from .. import audit
    from ..recognizers import versions

    fresh = work / "publishable"
    (fresh / "documents").mkdir(parents=True, exist_ok=True)
    for folder in sorted((p for p in (fresh / "documents").rglob("*") if p.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    models = versions(chosen(policy)) | {f"plug-in {plugin.id}": plugin.said.partition(" ")[2] for plugin in policy.plugged()}
    audit.publish(fresh, _LatestRun(store), key, policy=policy, models=models)
    try:
        lasting(fresh)
        in_place(fresh, place / "publishable", work / SUPERSEDED)
    except OSError as fault:
        raise EnvironmentFault(f"The copies could not be put in place: {fault.strerror}. Check OUT and run again") from None
