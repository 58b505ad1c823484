"""A folder or file put in place of another, so that a kill or a power cut at any moment leaves the old one or the new one, whole.

Where the system can exchange two names at once (Linux), it does. Elsewhere there are two renames, and the next run puts back
what a kill between them took away (`put_back`). Not caught: a disk that says it has written and has not.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from pathlib import Path

SUPERSEDED = "superseded"  # in a work folder: the publication that is being replaced
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of linux/fcntl.h and linux/fs.h


def in_place(fresh: Path, target: Path, old: Path) -> None:
    """Put the folder `fresh` where `target` is; what lay there goes to `old`. All three on one disk. Raises OSError, and then
    what lay there lies there still."""
    if not target.exists():
        fresh.replace(target)
    elif _exchanged(fresh, target):
        fresh.replace(old)
    else:
        target.replace(old)
        try:
            fresh.replace(target)
        except BaseException:  # interrupted between the two: the old publication goes back
            if old.exists() and not target.exists():
                old.replace(target)
            raise
    _kept(target.parent)


def put_back(work: Path, target: Path) -> None:
    """What a killed run had taken from `target` into its work folder and not replaced."""
    if (work / SUPERSEDED).is_dir() and not target.exists():
        (work / SUPERSEDED).replace(target)


def lasting(folder: Path) -> None:
    """Every file and folder below written to the disk itself: a rename may outlive a power cut that their words do not."""
    for path in [*folder.rglob("*"), folder]:
        _kept(path)


def to_disk(path: Path) -> None:
    """One file or folder written to the disk itself. Windows has no such thing for folders. Raises OSError."""
    if path.is_dir() and sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def written(file: Path, data: bytes, mode: int = 0o600) -> None:
    """A whole file in its place, on the disk itself, or what was there before. Raises OSError."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def _kept(path: Path) -> None:
    with contextlib.suppress(OSError) if path.is_dir() else contextlib.nullcontext():  # some disks keep no folders on demand
        to_disk(path)


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the system exchanged the two names in one step; False where it cannot."""
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)
