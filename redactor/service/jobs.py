"""Jobs: each a folder of its own with its sources, its copies and its state; they are made one at a time, in the order they came.

    SERVICE/jobs/<id>/state.json   what is told of it: states, ids, counts; no word of a document
    SERVICE/jobs/<id>/bundle/      the sources, as secret as they are
    SERVICE/jobs/<id>/out/         as `publish` leaves it

A folder whose name begins with a dot is an upload that did not end or a job that was deleted: swept at the next start. A job that
was being made when the service ended is made again, once.
"""

from __future__ import annotations

import contextvars
import json
import secrets
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from .. import actions
from ..disk import written
from ..errors import EnvironmentFault, RedactorError, UsageError
from ..keys import destroy_key
from .signed import is_signed, put_beside, written_within

BUNDLE = "bundle"
_STATE = "state.json"
_LOOK = 5.0  # seconds between two looks for sign-offs, which ask four folders of a job when they changed
_LOOK_WITHIN = 600.0  # seconds between two looks at each file of the jobs that are signed
_TWICE = 2  # runs of a job that the service did not live through


class State(StrEnum):
    """Where a job stands. `held`: something was held back or a finding blocks; what is publishable is there all the same."""

    QUEUED = "queued"
    RUNNING = "running"
    PUBLISHABLE = "publishable"
    HELD = "held"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """One job as it is told of. `run` counts its runs, `cause` says why it failed, `signed` whether every sign-off that the
    policy wants stands on these copies. `summary`: documents, questions and findings of the latest run, ids and counts only."""

    id: str
    policy: str
    created: str
    state: State = State.QUEUED
    run: int = 1
    begun: int = 0
    finished: str = ""
    cause: str = ""
    signed: bool = False
    summary: Mapping[str, Any] = field(default_factory=dict)


class Full(UsageError):
    """The queue has no room now."""


class Busy(UsageError):
    """The job is being made now."""


class NoJob(UsageError):
    """There is no job of this id."""


class Jobs:
    """All jobs of a service. `told` is called with what happened ("publishable", "held", "failed", "signed") and to which job,
    before the state that says so is kept: whoever is told twice after a crash is told the same."""

    def __init__(self, folder: Path, most: int = 100, told: Callable[[str, Job], None] = lambda _what, _job: None) -> None:
        self._folder = folder / "jobs"
        self._most, self._told = most, told
        self._lock = threading.Lock()
        self._more = threading.Condition(self._lock)
        self._jobs: dict[str, Job] = {}
        self._queue: deque[str] = deque()
        self._stage = ("", 0, 0)
        self._stamps: dict[tuple[str, bool], int] = {}
        self._stop = False
        self._thread: threading.Thread | None = None
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for entry in sorted(self._folder.iterdir()):
                self._found(entry)
        except OSError as fault:
            raise EnvironmentFault(f"The service's folder cannot be used ({fault.strerror}). Check its rights") from None
        waiting = (job for job in self._jobs.values() if job.state in (State.QUEUED, State.RUNNING))
        self._queue.extend(job.id for job in sorted(waiting, key=lambda job: (job.state is not State.RUNNING, job.created)))

    def _found(self, entry: Path) -> None:
        """Take up one folder of an earlier service, or sweep it."""
        try:
            said = json.loads((entry / _STATE).read_bytes())
            job = Job(**{**said, "state": State(said["state"])})
        except (OSError, ValueError, TypeError, KeyError):
            job = None
        if entry.name.startswith(".") or job is None or job.id != entry.name:
            shutil.rmtree(entry, ignore_errors=True)
            return
        self._jobs[job.id] = job

    # ---- what a request asks for

    def new(self) -> Path:
        """A folder for an upload that begins. Raises Full where no job would be taken now."""
        with self._lock:
            if len(self._queue) >= self._most:
                raise Full("The queue is full. Send the bundle again later")
        place = self._folder / f".{secrets.token_hex(8)}"
        place.mkdir(mode=0o700)
        return place

    def drop(self, place: Path) -> None:
        """Forget an upload."""
        shutil.rmtree(place, ignore_errors=True)

    def take(self, place: Path, policy: str) -> Job:
        """The upload as a job, once its bundle is laid out: from here on it outlives the service. Raises Full."""
        job = Job(place.name[1:], policy, _now())
        with self._lock:
            if len(self._queue) >= self._most:
                raise Full("The queue is full. Send the bundle again later")
            self._kept(job, place)
            place.rename(self._folder / job.id)
            self._jobs[job.id] = job
            self._queue.append(job.id)
            self._more.notify()
        return job

    def again(self, job_id: str) -> Job:
        """Have a job made anew, by what was answered since. Raises Busy, Full, NoJob."""
        with self._lock:
            job = self._idle(job_id)
            if len(self._queue) >= self._most:
                raise Full("The queue is full. Ask again later")
            job = self._kept(replace(job, state=State.QUEUED, run=job.run + 1, begun=0, finished="", cause="", signed=False))
            self._queue.append(job_id)
            self._more.notify()
        return job

    def get(self, job_id: str) -> Job:
        """A job. Raises NoJob."""
        try:
            return self._jobs[job_id]
        except KeyError:
            raise NoJob("There is no job of this id") from None

    def all(self) -> list[Job]:
        """Every job, the oldest first."""
        return sorted(self._jobs.values(), key=lambda job: (job.created, job.id))

    def out(self, job_id: str) -> Path:
        """OUT of a job that was made. Raises Busy where it is not yet, NoJob."""
        with self._lock:
            job = self._idle(job_id)
            if job.state is State.FAILED and not job.summary:
                raise Busy("The job failed before there were copies")
        return self._folder / job_id / "out"

    def progress(self, job_id: str) -> tuple[str, int, int]:
        """The stage of a job that is being made, documents done, and of how many; ("", 0, 0) for any other."""
        return self._stage if self.get(job_id).state is State.RUNNING else ("", 0, 0)

    def delete(self, job_id: str) -> None:
        """Remove a job with its sources, copies, log and case key. Raises Busy, NoJob."""
        with self._lock:
            if self.get(job_id).state is State.RUNNING:
                raise Busy("The job is being made. Delete it once that has ended")
            gone = self._folder / f".{secrets.token_hex(8)}"
            (self._folder / job_id).rename(gone)
            del self._jobs[job_id]
            for within in (False, True):
                self._stamps.pop((job_id, within), None)
            if job_id in self._queue:
                self._queue.remove(job_id)
        key_id = gone / "out" / BUNDLE / "restricted" / "key-id"
        if key_id.is_file():
            destroy_key(key_id.read_text(encoding="ascii").strip(), marked=False)
        shutil.rmtree(gone, ignore_errors=True)

    def _idle(self, job_id: str) -> Job:
        job = self.get(job_id)
        if job.state in (State.QUEUED, State.RUNNING):
            raise Busy("The job is not made yet. Ask again when it is")
        return job

    def _kept(self, job: Job, place: Path | None = None) -> Job:
        """Keep a job's state, whole or not at all."""
        written((place or self._folder / job.id) / _STATE, json.dumps(asdict(job)).encode())
        if place is None:
            self._jobs[job.id] = job
        return job

    # ---- the work

    def start(self) -> None:
        """Begin to make jobs, in a thread of its own."""
        # With the context of whoever starts: which server the events lie on, who asks for a passphrase
        self._thread = threading.Thread(target=contextvars.copy_context().run, args=(self._work,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take up no further job. The one that is being made ends with the process and is made again by the next service."""
        with self._lock:
            self._stop = True
            self._more.notify()

    def _work(self) -> None:
        looked, within = 0.0, time.monotonic()
        while True:
            with self._lock:
                if not self._queue and not self._stop:
                    self._more.wait(_LOOK)
                if self._stop:
                    return
                job = self._begin(self._jobs[self._queue.popleft()]) if self._queue else None
            if job is not None:
                self._end(job)
            if time.monotonic() - looked > _LOOK:
                self._look_for_signatures()
                looked = time.monotonic()
            if time.monotonic() - within > _LOOK_WITHIN:
                self._look_for_signatures(within=True)
                within = time.monotonic()

    def _begin(self, job: Job) -> Job:
        self._stage = ("starting", 0, 0)
        return self._kept(replace(job, state=State.RUNNING, begun=job.begun + 1))

    def _end(self, job: Job) -> None:
        if job.begun > _TWICE:
            ended = replace(job, state=State.FAILED, cause="The service ended twice while this job was made. Look at its machine")
        else:
            ended = self._made(job)
        ended = replace(ended, finished=_now())
        try:
            self._told(ended.state, ended)
            with self._lock:
                self._kept(ended)
        except (OSError, EnvironmentFault):  # the disk: as if the service had ended here
            with self._lock:
                self._jobs[job.id] = replace(
                    ended, state=State.FAILED, cause="The job's state cannot be kept. Check the service's disk"
                )

    def _made(self, job: Job) -> Job:
        place = self._folder / job.id
        try:
            (summary,) = actions.publish([place / BUNDLE], place / "out", policy=job.policy, progress=self._progress)
        except RedactorError as fault:
            return replace(job, state=State.FAILED, cause=str(fault))
        except Exception as fault:  # its words may be a document's
            return replace(job, state=State.FAILED, cause=f"An unexpected fault ({type(fault).__name__}). Report it")
        return replace(job, state=State.PUBLISHABLE if summary.exit_code == 0 else State.HELD, summary=_told_of(summary))

    def _progress(self, stage: str, done: int, in_all: int) -> None:
        self._stage = (stage, done, in_all)

    def _look_for_signatures(self, within: bool = False) -> None:
        """Tell of jobs on whose copies every sign-off stands since the last look, and of none that has lost one.

        A change of a file where it lies is only seen by a look `within`: at every file of the jobs that are signed.
        """
        for job in self.all():
            if job.state not in (State.PUBLISHABLE, State.HELD) or (within and not job.signed):
                continue
            out = self._folder / job.id / "out"
            stamp = (written_within if within else put_beside)(out / BUNDLE)
            if self._stamps.get((job.id, within)) == stamp:
                continue
            self._stamps[job.id, within] = stamp
            try:
                signed = is_signed(out)
            except (RedactorError, OSError):
                signed = False
            if signed != job.signed:
                now = replace(job, signed=signed)
                if signed:
                    self._told("signed", now)
                with self._lock:
                    if self._jobs.get(job.id) is job:
                        self._kept(now)


def _told_of(summary: actions.Summary) -> dict[str, Any]:
    """What a job tells of its run: nothing that is not in the copies or the public log."""
    return {
        "documents": [asdict(document) for document in summary.documents],
        "questions": len(summary.questions),
        "findings": [{"rule": f.rule, "level": f.level, "doc": f.doc, "label": f.label, "fix": f.fix} for f in summary.findings],
        "public_key": summary.public_key,
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
