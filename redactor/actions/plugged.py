"""Plug-ins of an earlier run: its sources are read as they were then."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from .. import plugins

if TYPE_CHECKING:
    from ..store import Event


def formats_of(run: Event | None) -> AbstractContextManager[None]:
    """Within this, files are read with the formats of plug-ins that a run was started with. Raises PluginFault for one that is no
    longer installed; one that has changed since is told by the text it reads, which is not that of the run."""
    from ..formats import using

    named = [said.partition(" ")[0].split(".", 1) for said in (run.public.get("plugins", ()) if run else ())]
    return using([plugins.named(group, name) for group, name in named if group == "formats"])
