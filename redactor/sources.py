"""What a result of this package depends on beside its input: its own files and the packages it was made with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.resources.abc import Traversable
from pathlib import Path

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
