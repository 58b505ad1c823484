"""Formats that plug-ins bring, held to what verification can prove.

Its entry point (group `redactor.formats`) names a `redactor.formats.Format`. Its endings and media type must be its own: a
plug-in never reads what a format of ours reads. Copies are either written in a format of ours (`copy_as`), or are plain UTF-8
text, for so verification looks at them: every byte counts as seen by a reader. Its reader runs in the readers' process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..content import Content
from ..errors import HeldError
from ..plugins import Guard, Plugin, load
from ._format import Format, Reading


def plugged(plugin: Plugin, ours: Iterable[Format]) -> Format:
    """The format of a plug-in, guarded. Raises PluginFault where it is none, or is not its own."""
    made = load(plugin)
    with Guard(plugin, "is not a format as redactor.formats has them"):
        if not isinstance(made, Format):
            raise TypeError
        _check(made, tuple(ours))

    def matches(data: bytes, suffix: str) -> bool:
        if suffix not in made.extensions:
            return False
        with Guard(plugin, "failed at a file", reading=True):
            return bool(made.matches(data, suffix))

    def read(data: bytes) -> Reading:
        with Guard(plugin, "failed at a file", reading=True):
            found = made.read(data)
            if not isinstance(found, Reading) or not isinstance(found.content, Content):
                raise TypeError
        return found

    def write(content: Content) -> bytes:
        with Guard(plugin, "failed at a copy", reading=True):
            data = made.write(content)
            if not isinstance(data, bytes):
                raise TypeError
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            raise HeldError(
                f"the plug-in {plugin.id} wrote no plain text", "Have it write its copies in another format."
            ) from None
        return data

    return replace(made, name=made.name, matches=matches, read=read, write=write, reopen=None, write_on=None)


def _check(made: Format, ours: Sequence[Format]) -> None:
    """Raises ValueError where names are badly formed or another's."""
    names = {n for known in ours for n in (known.name, known.media)}
    endings = {e for known in ours for e in known.extensions}
    formed = re.fullmatch(r"[a-z][a-z0-9-]{0,20}", made.name) and re.fullmatch(r"[a-z]+/[a-z0-9.+-]{1,60}", made.media)
    well = all(re.fullmatch(r"\.[a-z0-9]{1,12}", ending) for ending in made.extensions)
    if not formed or not well or not made.extensions or {made.name, made.media} & names or endings & {*made.extensions}:
        raise ValueError
    if {made.copy_as, *made.further} - {"", *names}:
        raise ValueError
