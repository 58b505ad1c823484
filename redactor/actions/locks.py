"""Who is at work in a bundle's folder: one maker of copies at a time, and work folders that a killed run left swept.

The system lets go of a lock when its process ends, however it ends. Not caught: a network file system that knows no locks, and on
Windows a work folder that another run is using (its open files cannot be removed there).
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import EnvironmentFault
from .exchange import put_back

MAKING = "making"


@contextmanager
def making(place: Path) -> Iterator[None]:
    """Within this nobody else makes copies of the bundle in `place`, or moves its events. Raises EnvironmentFault where somebody
    does already."""
    try:
        descriptor = os.open(place / "restricted" / MAKING, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as fault:
        raise EnvironmentFault(f"OUT cannot be written: {fault.strerror}. Check the folder's rights") from None
    try:
        if not _locked(descriptor):
            raise EnvironmentFault(
                "Copies of this bundle are being made, or released, by another process. Wait until that has ended and try again"
            )
        yield
    finally:
        os.close(descriptor)


@contextmanager
def work_folder(place: Path, sort: str = "work") -> Iterator[Path]:
    """A 0700 folder below restricted/, gone on every way out; those of its sort that a killed run left are swept here."""
    for old in (place / "restricted").glob(f"{sort}-*"):
        _swept(old, place / "publishable")
    work = place / "restricted" / f"{sort}-{secrets.token_hex(6)}"  # named before it is made: an interruption between leaves none
    descriptor = -1
    try:
        work.mkdir(mode=0o700)
        if sys.platform != "win32":
            descriptor = os.open(work, os.O_RDONLY)
            _locked(descriptor)  # as long as it is, no other run sweeps it
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if descriptor >= 0:
            os.close(descriptor)


def _swept(old: Path, target: Path) -> None:
    if sys.platform != "win32":
        try:
            descriptor = os.open(old, os.O_RDONLY)
        except OSError:
            return
        try:
            if _locked(descriptor):
                put_back(old, target)
                shutil.rmtree(old, ignore_errors=True)
        finally:
            os.close(descriptor)
    else:
        put_back(old, target)
        shutil.rmtree(old, ignore_errors=True)


def _locked(descriptor: int) -> bool:
    """Whether the lock of an open file is ours now."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
