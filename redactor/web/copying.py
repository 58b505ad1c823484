"""Copies made anew while the pages go on: one run at a time in a thread of its own, its progress and what it ended with."""

from __future__ import annotations

import contextvars
import threading

from ..actions import Desk
from ..errors import RedactorError

_BROKEN = "The copies could not be made anew. Run `redactor republish` on the command line to see why"


class Copying:
    """One desk's runs."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stage = ("", 0, 0)
        self._fault = ""

    def start(self) -> None:
        """Begin a run, unless one is under way."""
        with self._lock:
            if self.stage() is None:
                self._stage, self._fault = ("starting", 0, 0), _BROKEN  # taken back when the run has ended
                # With the context of whoever asked: which server the events lie on, who asks for a passphrase
                self._thread = threading.Thread(target=contextvars.copy_context().run, args=(self._run,), daemon=True)
                self._thread.start()

    def stage(self) -> tuple[str, int, int] | None:
        """The stage, documents done and documents in all; None while nothing is made."""
        return self._stage if self._thread is not None and self._thread.is_alive() else None

    def fault(self) -> str:
        """Why the last run made no copies, "" if it did or is under way."""
        return self._fault if self.stage() is None else ""

    def _run(self) -> None:
        try:
            self._desk.republish(self._told)
            self._fault = ""
        except RedactorError as fault:
            self._fault = str(fault)

    def _told(self, stage: str, done: int, in_all: int) -> None:
        self._stage = (stage, done, in_all)
