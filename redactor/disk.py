"""A file that is whole in its place and on the disk itself, or is what was there before.

Not caught: a disk that says it has written and has not.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def put(file: Path, mode: int = 0o600) -> Iterator[Path]:
    """An empty file to write, beside `file`, whose place it takes at the end; without that it goes. Raises OSError."""
    beside = file.with_name(f".redactor-{secrets.token_hex(6)}{file.suffix}")  # its own name may be somebody's
    try:
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
        yield beside
        to_disk(beside)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    with suppress(OSError):  # some disks keep no folders on demand
        to_disk(file.parent)


def written(file: Path, data: bytes, mode: int = 0o600) -> None:
    """A whole file of these bytes in its place. Raises OSError."""
    with put(file, mode) as beside:
        beside.write_bytes(data)


def to_disk(path: Path) -> None:
    """One file or folder written to the disk itself. Windows has no such thing for folders. Raises OSError."""
    if path.is_dir() and sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
