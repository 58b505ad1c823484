"""A new case key in place of the old one, in steps of which each may be the last: the next start goes on from there.

The new key lies beside the old one (`.next`) until what the old one sealed is sealed anew, which the store does in one
transaction: before it the old key counts, after it the new one, and whoever finds the old one in its place takes the new one and
puts it there. Not caught: what was sealed before and lies in a backup, which the old key opens still.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from . import keys_lock
from .disk import to_disk
from .errors import KeyFault
from .keys import NEXT, CaseKey, _write_new, is_covered, key_path, open_key, secret_of


def next_path(key_id: str) -> Path:
    """Where the key lies that is to take the place of `key_id`, whether it is there or not."""
    return key_path(key_id).with_suffix(NEXT)


def begin(key_id: str, passphrase: str | None) -> CaseKey:
    """The key that is to take the place of `key_id`, which is in use: written beside it, under the passphrase where the old one
    lies under one. One that an interrupted change left has sealed nothing, and goes."""
    path, new = next_path(key_id), open_key(key_id).renewed()
    if is_covered(key_id) and passphrase is None:
        raise KeyFault("The case key lies under a passphrase. Give one for the new key")
    data = new._secret if passphrase is None else keys_lock.cover(new._secret, passphrase)
    try:
        path.unlink(missing_ok=True)
        _write_new(path, data, 0o600)  # by its own name: what a kill leaves of it the next change takes away
        with contextlib.suppress(OSError):
            to_disk(path.parent)
    except OSError as fault:
        raise KeyFault(f"The new case key cannot be written: {path} ({fault.strerror}). Nothing was changed.") from None
    return new


def next_key(key_id: str) -> CaseKey:
    """The key that `begin` wrote. Raises KeyFault where it cannot be opened."""
    return CaseKey(secret_of(next_path(key_id)))


def settle(key_id: str) -> None:
    """Put the new key where the old one is, and write over the old one as far as the disk allows. Does nothing where somebody
    else has done it."""
    path, new = key_path(key_id), next_path(key_id)
    try:
        if os.name == "posix":
            with path.open("r+b") as old:
                new.replace(path)
                with contextlib.suppress(OSError):
                    to_disk(path.parent)  # else the old name may come back with a power cut, and must open then
                    old.write(secrets.token_bytes(os.fstat(old.fileno()).st_size))
                    old.flush()
                    os.fsync(old.fileno())
        else:
            new.replace(path)
    except FileNotFoundError:
        if not path.exists():
            raise KeyFault(f"The case key is missing: {path}. Put it back from a copy") from None
    except OSError as fault:
        raise KeyFault(
            f"The new case key lies at {new} and cannot be put in place ({fault.strerror}). Mend that, run again"
        ) from None
