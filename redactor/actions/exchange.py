"""A folder put in place of another, so that a kill or a power cut at any moment leaves the old one or the new one, whole.

Where the system can exchange two names at once (Linux), it does. Elsewhere there are two renames, and the next run puts back
what a kill between them took away (`put_back`). Not caught: a disk that says it has written and has not.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from pathlib import Path

from ..disk import to_disk

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
