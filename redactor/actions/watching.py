"""`watch`: a folder whose sub-folders are bundles; each is published when nothing in it has changed for a while.

What was published is noted in the bundle's restricted folder, so that a restart publishes only what is new. A bundle of which
nothing can be published is moved aside, into IN/failed, with a file of causes and remedies by id. Not caught: a file that
somebody will go on writing after a pause longer than `quiet`; the bundle is published again when they do. Files that lie in IN
itself, and links, are left alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..case import clean_name
from ..disk import written
from ..errors import CaseError, EnvironmentFault, HeldError, UsageError
from .publishing import publish
from .summary import Summary

FAILED = "failed"  # the folder in IN for what could not be published
_NOTE = "watched"  # in a bundle's restricted folder: which folder was published, and as it was when
_SWEEP = 60.0  # seconds after which everything is looked at, for a system may lose news of changes
_TICK = 500  # milliseconds


@dataclass(frozen=True, slots=True)
class Watched:
    """One bundle done. `bundle` is its name in OUT; `summary` is None where nothing of it was published, `moved` whether it was
    moved aside, `causes` what is wrong, an id and a sentence each."""

    bundle: str
    summary: Summary | None
    moved: bool = False
    causes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Waiting:
    """A folder that has changed: how it looked when it was last looked at, and since when it has looked so."""

    signature: str
    since: float


def watch(
    folder: Path,
    out: Path,
    told: Callable[[Watched], None],
    *,
    quiet: float = 5.0,
    policy: str = "iopc-report",
    also: Sequence[str] = (),
    template: Path | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Publish every sub-folder of `folder` to `out/<bundle>/` when it has not changed for `quiet` seconds, until `stop` is set or
    the user interrupts; `told` is called after each. The rest as `publish` has it. Raises UsageError where the two folders lie in
    one another, EnvironmentFault where disk or key fail: that is no bundle's fault, and nothing is moved aside for it.
    """
    from watchfiles import watch as changes

    from ..policy import load_policy

    if not folder.is_dir():
        raise UsageError("The folder to be watched is not there. Make it, or name another")
    load_policy(policy)  # a policy that cannot be used is no bundle's fault either
    here, there = folder.resolve(), out.resolve()
    if here.is_relative_to(there) or there.is_relative_to(here):
        raise UsageError("The watched folder and OUT must not lie in one another. Choose an OUT elsewhere")

    def made(bundle: Path) -> Summary:
        return publish([bundle], out, policy=policy, also=also, template=template)[0]

    watcher = Watcher(here, there, quiet, made)
    swept = float("-inf")
    try:
        for news in changes(here, rust_timeout=_TICK, yield_on_timeout=True, stop_event=stop, debounce=_TICK):
            now = time.monotonic()
            names = {parts[0] for _, path in news if (parts := Path(path).relative_to(here).parts)}
            if now - swept > _SWEEP:
                names, swept = set(watcher.folders()), now
            for done in watcher.look(names, now):
                told(done)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        raise EnvironmentFault("The watched folder cannot be read. Check that it is there and that you may read it") from None


class Watcher:
    """The state of a watch: folders that changed and are waited for. Holds one digest for each of these and nothing else."""

    def __init__(self, folder: Path, out: Path, quiet: float, made: Callable[[Path], Summary]) -> None:
        self.folder, self.out, self.quiet, self.made = folder, out, quiet, made
        self.waiting: dict[str, _Waiting] = {}

    def folders(self) -> Iterator[str]:
        """The sub-folders that are bundles."""
        for entry in os.scandir(self.folder):
            if self.is_bundle(entry.name) and entry.is_dir(follow_symlinks=False):
                yield entry.name

    def is_bundle(self, name: str) -> bool:
        """Whether a folder of this name may be one."""
        return name != FAILED and not name.startswith((".", "~$"))

    def look(self, names: Iterable[str], now: float) -> Iterator[Watched]:
        """Look at the folders of these names and at those waited for, and publish what has been quiet for long enough."""
        for name in sorted({*names, *self.waiting}):
            signature = _signature(self.folder / name) if self.is_bundle(name) else None
            if signature is None or signature == self._published(name):
                self.waiting.pop(name, None)
                continue
            before = self.waiting.get(name)
            if before is None or before.signature != signature:
                self.waiting[name] = _Waiting(signature, now)
            elif now - before.since >= self.quiet:
                del self.waiting[name]
                yield self._do(name, signature)

    def _do(self, name: str, signature: str) -> Watched:
        """Publish one folder, or move it aside."""
        bundle = clean_name(name)
        try:
            other = self._noted(bundle).get("folder", name)
            if other != name and (self.folder / other).is_dir():
                raise UsageError("Another folder has the same name but for signs or blanks. Rename one of the two")
            summary = self.made(self.folder / name)
        except (UsageError, CaseError, HeldError) as fault:  # the bundle's own; any other ends the watch
            return Watched(bundle, None, self._aside(name, [str(fault)]), (str(fault),))
        causes = [f"{d.id}: {d.cause}. {d.remedy}" for d in summary.documents if d.state != "publishable"]
        if summary.publishable:
            self._note(Path(summary.folder), name, signature)
            self._reasons(name, causes)
            return Watched(bundle, summary, False, tuple(causes))
        return Watched(bundle, summary, self._aside(name, causes), tuple(causes))

    # ---- what was published, over a restart

    def _noted(self, bundle: str) -> dict[str, str]:
        try:
            said = json.loads((self.out / bundle / "restricted" / _NOTE).read_text("utf-8"))
            return {str(k): str(v) for k, v in said.items()} if isinstance(said, dict) else {}
        except (OSError, ValueError):
            return {}

    def _published(self, name: str) -> str:
        said = self._noted(clean_name(name))
        return said.get("signature", "") if said.get("folder") == name else ""

    def _note(self, place: Path, name: str, signature: str) -> None:
        _put(place / "restricted" / _NOTE, json.dumps({"folder": name, "signature": signature}))

    # ---- what failed

    def _aside(self, name: str, causes: Sequence[str]) -> bool:
        """Move a folder into IN/failed, under a name of its own, and its reasons beside it."""
        number, target = 1, self.folder / FAILED / name
        while target.exists():
            number += 1
            target = self.folder / FAILED / f"{name}-{number}"
        try:
            target.parent.mkdir(mode=0o700, exist_ok=True)
            (self.folder / name).rename(target)
        except OSError as fault:
            raise EnvironmentFault(f"A failed bundle cannot be moved aside ({fault.strerror}). Check IN's rights") from None
        self._reasons(target.name, causes)
        return True

    def _reasons(self, name: str, causes: Sequence[str]) -> None:
        """Write why, by id, beside where the folder is or would be moved to; take an old file away where all is well."""
        file = self.folder / FAILED / f"{name}.txt"
        if causes:
            _put(file, "".join(f"{cause}\n" for cause in causes))
        else:
            file.unlink(missing_ok=True)


def _put(file: Path, text: str) -> None:
    """A file of one's own, whole or not at all."""
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        written(file, text.encode())
    except OSError as fault:
        raise EnvironmentFault(f"A note cannot be written ({fault.strerror}). Check the disk and the folders' rights") from None


def _signature(folder: Path) -> str | None:
    """A digest of names, sizes and times of every file in a folder; None where it holds none or is gone. Nothing is followed
    that is a link, and nothing kept but the digest: files are gone through folder by folder, in order."""
    digest, files = hashlib.sha256(), 0
    stack = [folder]
    if folder.is_symlink():
        return None
    while stack:
        try:
            entries = sorted(os.scandir(stack.pop()), key=lambda entry: entry.name)
            for entry in entries:
                known = entry.stat(follow_symlinks=False)
                if entry.is_dir(follow_symlinks=False):
                    stack.append(Path(entry.path))
                else:
                    files += 1
                    digest.update(
                        f"{os.path.relpath(entry.path, folder)}\0{known.st_size}\0{known.st_mtime_ns}\0".encode(
                            "utf-8", "replace"
                        )
                    )
        except OSError:  # it goes while one looks at it: it has changed, and is looked at again
            digest.update(f"\0{time.monotonic_ns()}".encode())
            if not folder.is_dir():
                return None
    return digest.hexdigest() if files else None
