"""What a run was called with, sealed in its `run-started`: enough to run it again, or to read its sources, from anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UsageError

if TYPE_CHECKING:
    from ..store import Store


@dataclass(frozen=True, slots=True)
class Called:
    """The arguments of one bundle's `publish`. Paths are personal text: names stand in them."""

    bundle: Path = field(repr=False)
    case: Path | None = field(repr=False)
    people: tuple[Path, ...] = field(repr=False)
    policy: str = field(repr=False)
    also: tuple[str, ...] = ()
    template: Path | None = field(default=None, repr=False)
    plugins: tuple[str, ...] = ()

    def kept(self) -> dict[str, object]:
        """The same as plain values with whole paths, to be sealed."""
        policy = str(Path(self.policy).absolute()) if Path(self.policy).is_file() else self.policy
        return {
            "bundle": _whole(self.bundle),
            "case": _whole(self.case),
            "people": [_whole(p) for p in self.people],
            "policy": policy,
            "also": list(self.also),
            "template": _whole(self.template),
            "plugins": list(self.plugins),
        }


def called_with(store: Store) -> Called:
    """What the latest run was called with. Raises UsageError where the sources are gone, or a run of an earlier version did not
    keep where they lay."""
    run = store.latest_run()
    said: Mapping[str, Any] = (run.personal or {}).get("made_with", {}) if run else {}
    if not said or not Path(said["bundle"]).exists():
        raise UsageError("The sources are not where they were published from. Publish the bundle again by its path")
    people = tuple(Path(p) for p in said["people"])
    plugins = tuple(said.get("plugins", ()))
    also, template = tuple(said["also"]), _path(said["template"])
    return Called(Path(said["bundle"]), _path(said["case"]), people, said["policy"], also, template, plugins)


def _whole(path: Path | None) -> str:
    return str(path.absolute()) if path is not None else ""


def _path(said: str) -> Path | None:
    return Path(said) if said else None
