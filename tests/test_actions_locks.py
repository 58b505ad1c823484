"""One maker of copies at a time, and work folders of the living and the dead."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from redactor.actions import publish
from redactor.actions.locks import making, work_folder
from redactor.errors import EnvironmentFault

OTHER = """
import sys, time
from pathlib import Path
from redactor.actions.locks import making, work_folder
with making(Path(sys.argv[1])), work_folder(Path(sys.argv[1])):
    print("at work", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "out" / "boat" / "restricted").mkdir(parents=True)
    return tmp_path / "out" / "boat"


@contextmanager
def another(place: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that makes copies."""
    with subprocess.Popen([sys.executable, "-c", OTHER, str(place)], stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout and running.stdout.readline() == "at work\n"
            yield running
        finally:
            running.kill()


def test_only_one_makes_copies_at_a_time(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    bundle = tmp_path / "boat"
    bundle.mkdir()
    (bundle / "a.txt").write_text("The office was shut.\n", encoding="utf-8")
    with another(place), pytest.raises(EnvironmentFault, match="by another process"):
        publish([bundle], tmp_path / "out")
    assert not (place / "publishable").exists()
    with making(place), pytest.raises(EnvironmentFault), making(place):  # two desks of one process are two as well
        pass


def test_whoever_is_killed_lets_go_and_is_swept(place: Path) -> None:
    with another(place) as running:
        (theirs,) = (place / "restricted").glob("work-*")
        with work_folder(place):
            assert theirs.is_dir()  # of somebody who is alive
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert theirs.is_dir()
        with making(place), work_folder(place) as ours:
            assert [*(place / "restricted").glob("work-*")] == [ours]
    assert not [*(place / "restricted").glob("work-*")]
