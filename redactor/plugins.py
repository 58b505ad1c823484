"""Plug-ins: parts that other packages bring by entry points, used only where a policy or a command line names them.

A recognizer or a format that is plugged in is code that runs where the secrets are, with the rights of whoever runs the command.
It is loaded when it is named and never before; its package, version and digest go into the public log. Does not look at what the
code does, nor at the packages it imports in turn: the digest is of its own top-level package alone.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import TracebackType

from .errors import HeldError, PluginFault

GROUPS = ("recognizers", "formats", "registers")


@dataclass(frozen=True, slots=True)
class Plugin:
    """One entry point of an installed package. `digest` is SHA-256 (hex) of the files of its top-level package."""

    group: str
    name: str
    package: str
    version: str
    digest: str
    entry: EntryPoint = field(repr=False, compare=False)

    @property
    def id(self) -> str:
        """How a policy's lists and the command line tell it from others: "formats.srt"."""
        return f"{self.group}.{self.name}"

    @property
    def said(self) -> str:
        """How the log names it, with what it was: package, version, digest."""
        return f"{self.id} {self.package}=={self.version} sha256:{self.digest}"


def offered() -> list[Plugin]:
    """Every plug-in of the installed packages, by id; none of them is loaded."""
    found = [_plugin(group, entry) for group in GROUPS for entry in entry_points(group=f"redactor.{group}")]
    return sorted(found, key=lambda plugin: (plugin.id, plugin.package))


def is_offered(group: str, name: str) -> bool:
    """Whether an installed package brings a plug-in of this name."""
    return bool(entry_points(group=f"redactor.{group}", name=name))


def named(group: str, name: str) -> Plugin:
    """The plug-in of this name. Raises PluginFault where no installed package brings it, or several do."""
    found = list(entry_points(group=f"redactor.{group}", name=name))
    if not found:
        raise PluginFault(
            f"The plug-in {group}.{name} is not installed. Install the package that brings it, or take it out of the policy"
        )
    if len({entry.dist.name if entry.dist else "" for entry in found}) > 1:
        raise PluginFault(f"Several packages bring a plug-in {group}.{name}. Uninstall all but the one you mean")
    return _plugin(group, found[0])


def load(plugin: Plugin) -> object:
    """What the entry point names, its module loaded. Raises PluginFault where that fails."""
    with Guard(plugin, "could not be loaded"):
        return plugin.entry.load()


class Guard:
    """Around every call of a plug-in: what goes wrong in there becomes one sentence without the exception's own words, for these
    may be a document's. Inside `reading` a file is held; elsewhere the run ends."""

    def __init__(self, plugin: Plugin, what: str, *, reading: bool = False) -> None:
        self._plugin, self._what, self._reading = plugin, what, reading

    def __enter__(self) -> None:
        """Nothing is prepared."""

    def __exit__(self, sort: type[BaseException] | None, fault: BaseException | None, _at: TracebackType | None) -> None:
        if fault is None or not isinstance(fault, Exception) or isinstance(fault, PluginFault | HeldError):
            return
        if self._reading:
            raise HeldError(
                f"the plug-in {self._plugin.id} {self._what}", "Save the document in another format, or mend the plug-in."
            ) from None
        raise PluginFault(
            f"The plug-in {self._plugin.id} {self._what}. Ask whoever wrote it, or take it out of the policy"
        ) from None


def register_file(plugin: Plugin) -> Path:
    """The YAML file of a register: `<name>.yaml` in the package that the entry point names. Nothing of the package runs."""
    top, *below = plugin.entry.module.split(".")
    for folder in _folders(top):
        file = folder.joinpath(*below, f"{plugin.name}.yaml")
        if file.is_file():
            return file
    raise PluginFault(f"The plug-in {plugin.id} has no file {plugin.name}.yaml. Ask whoever wrote it")


def _plugin(group: str, entry: EntryPoint) -> Plugin:
    package, version = (entry.dist.name, entry.dist.version) if entry.dist else ("unknown", "0")
    return Plugin(group, entry.name, package, version, _digest(entry.module.partition(".")[0]), entry)


@cache
def _digest(top: str) -> str:
    """Of every file of a top-level package or module, compiled ones aside: an installation in place is told by its files too."""
    whole = hashlib.sha256()
    for folder in _folders(top):
        files = [folder] if folder.is_file() else [p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
        for file in sorted(files):
            whole.update(str(file.relative_to(folder)).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def _folders(top: str) -> list[Path]:
    """Where a top-level package lies, or the file of a module; found without running it."""
    spec = importlib.util.find_spec(top)
    if spec is None:
        return []
    if spec.submodule_search_locations:
        return [Path(folder) for folder in spec.submodule_search_locations]
    return [Path(spec.origin)] if spec.origin else []
