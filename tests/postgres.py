"""A PostgreSQL server of the tests' own, in a temporary folder on a free port; skipped where none is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = "quay-and-lantern"
_PLACES = [Path("/usr/local/bin"), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]


def _as_somebody() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server, without a database name: postgresql://…/ ."""
    programs = next((p for p in reversed(_PLACES) if (p / "initdb").exists() and (p / "postgres").exists()), None)
    if programs is None:
        pytest.skip("no PostgreSQL server is installed: apt install postgresql")
    if _as_somebody() and (not shutil.which("runuser") or subprocess.run(["id", "postgres"], capture_output=True).returncode):
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    folder = Path(tempfile.mkdtemp(prefix="redactor-postgres-"))
    (folder / "password").write_text(PASSWORD)
    if _as_somebody():
        shutil.chown(folder, "postgres")
        shutil.chown(folder / "password", "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = ["-D", str(folder / "data")]
    secret = ["-U", "team", "-A", "scram-sha-256", f"--pwfile={folder / 'password'}"]
    running: subprocess.Popen[bytes] | None = None
    try:
        subprocess.run([*_as_somebody(), str(programs / "initdb"), *data, *secret], check=True, capture_output=True, cwd=folder)
        quick = ["-c", "fsync=off", "-c", f"unix_socket_directories={folder}", "-c", "listen_addresses=127.0.0.1"]
        running = subprocess.Popen(
            [*_as_somebody(), str(programs / "postgres"), *data, "-p", str(port), *quick],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )
        until = time.monotonic() + 30
        while not _answers(port):
            assert time.monotonic() < until and running.poll() is None
            time.sleep(0.1)
        yield f"postgresql://team:{PASSWORD}@127.0.0.1:{port}/"
    finally:
        if running is not None:
            subprocess.run(
                [*_as_somebody(), str(programs / "pg_ctl"), "stop", *data, "-m", "immediate"], capture_output=True, cwd=folder
            )
            running.wait(20)
        shutil.rmtree(folder, ignore_errors=True)
