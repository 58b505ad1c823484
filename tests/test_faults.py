"""A thin slice of `python -m benchmarks.faults`: one late operation of a second publishing, killed and refused. All invented."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path

import pytest

from benchmarks import faults
from redactor import recognizers
from redactor.recognizers import Engine

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="each trial is a forked process")


def test_no_fault_at_any_time_half_releases_loses_or_tells(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognizers, "Engine", lambda _by: engine)
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "site" / "keys"))
    monkeypatch.setenv("REDACTOR_PASSPHRASE", "as the sweep sets it")
    told: list[str] = []
    found = faults.sweep(tmp_path, 17, ("publish again",), told.append, most=1)
    assert found["WRONG"] == 0, told
    assert found[faults.KILLED] == found[faults.FULL] == found[faults.FORBIDDEN] == 1


def test_the_saboteur_meets_what_changes_a_file_and_nothing_else(tmp_path: Path) -> None:
    """In a process of its own, for the hook stays as long as the process."""

    def met(at: int, way: str) -> int:
        child = os.fork()
        if not child:
            saboteur = faults.Saboteur(tmp_path, at, way)
            try:
                (tmp_path / "a").write_text("x")  # 1
                (tmp_path / "a").read_text()
                (tmp_path / "a").rename(tmp_path / "b")  # 2
                with Path("/dev/null").open("w"):
                    (tmp_path / "b").unlink()  # 3
            except OSError as fault:
                os._exit(fault.errno or 0)
            os._exit(100 + saboteur.count)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    assert met(0, faults.KILLED) == 103
    assert met(2, faults.FULL) == errno.ENOSPC
    assert met(3, faults.FORBIDDEN) == errno.EACCES
    assert met(1, faults.KILLED) == -signal.SIGKILL
