"""What took long to work out, kept beside the store and sealed with the case key, so that a second run need not do it again.

Holds nothing that cannot be made anew: an entry that is missing, damaged, of another key or of another version is worked out
again. Does not hide how many entries there are, nor their length beyond steps of `_STEP` bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import KeyFault

if TYPE_CHECKING:
    from ..keys import CaseKey

_STEP = 4096
_SIZE = 8  # bytes that tell how many of those that follow count
_NAME = re.compile(r"[a-z]+-[0-9a-f]{16}|tmp-\w+")


class Cache:
    """Sealed entries in one folder, each known by its kind and by what it was made from.

    What an entry was made from (texts, digests, versions) is all of it in the seal: an entry never opens for anything else.
    """

    def __init__(self, folder: Path, key: CaseKey) -> None:
        self._folder, self._key = folder, key
        self._used: set[str] = set()

    def get(self, kind: str, *made_from: str) -> bytes | None:
        """What was put for exactly this, None where there is nothing that can be used."""
        name, context = self._entry(kind, made_from)
        try:
            opened = self._key.unseal((self._folder / name).read_bytes(), context)
        except (OSError, KeyFault):
            return None
        self._used.add(name)
        return opened[_SIZE : _SIZE + int.from_bytes(opened[:_SIZE], "big")]

    def put(self, kind: str, data: bytes, *made_from: str) -> None:
        """Keep `data`. A disk that does not take it is no fault: the next run works it out again."""
        name, context = self._entry(kind, made_from)
        whole = len(data).to_bytes(_SIZE, "big") + data
        sealed = self._key.seal(whole + bytes(-len(whole) % _STEP), context)
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            handle, work = tempfile.mkstemp(dir=self._folder, prefix="tmp-")  # 0600
            with os.fdopen(handle, "wb") as file:
                file.write(sealed)
            Path(work).replace(self._folder / name)
            self._used.add(name)

    def sweep(self) -> None:
        """Take away the entries that this run neither read nor put: their document is gone or has changed."""
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                if path.name not in self._used and _NAME.fullmatch(path.name):
                    path.unlink()

    def trim(self, kind: str, most: int) -> None:
        """Take away the oldest entries of a kind beyond `most`: a draft is another text after every save."""
        with contextlib.suppress(OSError):
            entries = [(p.stat().st_mtime_ns, p) for p in self._folder.glob(f"{kind}-*")]
            for _, path in sorted(entries, reverse=True)[most:]:
                path.unlink(missing_ok=True)

    def _entry(self, kind: str, made_from: tuple[str, ...]) -> tuple[str, bytes]:
        """File name and seal context: the name is a keyed fingerprint, for a plain digest of a short text is guessed back."""
        whole = _whole(kind, made_from)
        return f"{kind}-{self._key.fingerprint(whole, 'cache')}", f"cache/{whole}".encode()


class Memory:
    """The same for as long as a process lives, on no disk: at most `most` entries, the oldest go first."""

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._kept: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"<Memory of {len(self)} entries>"

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, kind: str, *made_from: str) -> bytes | None:
        """What was put for exactly this, None where there is nothing."""
        return self._kept.get(_whole(kind, made_from))

    def put(self, kind: str, data: bytes, *made_from: str) -> None:
        """Keep `data`."""
        self._kept[_whole(kind, made_from)] = data
        while len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]


def _whole(kind: str, made_from: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps([kind, *made_from]).encode()).hexdigest()
