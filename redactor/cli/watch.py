"""`redactor watch`: a folder whose sub-folders are published as they come."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .echo import printable, tell
from .faults import verbose_option

if TYPE_CHECKING:
    from ..actions import Watched


@click.command(short_help="Publish bundles as they come into a folder.")
@click.argument("folder", metavar="IN", type=click.Path(path_type=Path))
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--quiet", metavar="SECONDS", type=click.FloatRange(0.5, 3600), default=5.0, show_default=True,
              help="How long nothing in a bundle may change before it is taken.")  # fmt: skip
@click.option("--policy", metavar="NAME|FILE", default="iopc-report", show_default=True, help="As of `publish`.")
@click.option("--also", multiple=True, metavar="FORMAT", help="A further copy of each document in this format.")
@click.option("--template", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A Word file with a letterhead.")
@verbose_option
def watch(folder: Path, out: Path, quiet: float, policy: str, also: tuple[str, ...], template: Path | None) -> None:
    """Watch IN and publish each sub-folder, a bundle with its case.yaml, into OUT when nothing in it has changed for a while;
    again whenever something in it changes. End with Ctrl-C; what was published is known after a restart.

    A bundle of which nothing can be published is moved to IN/failed; IN/failed/<bundle>.txt says why, by document id. Put a
    bundle together elsewhere and move it into IN: one without case.yaml is published as such, with much more masked.

    \b
    Examples:
      redactor watch incoming out
      redactor watch incoming out --quiet 30 --policy newsroom
    """
    from .. import actions

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service manager's end is an end as good as Ctrl-C
    try:
        tell("Watching. End with Ctrl-C")
        actions.watch(folder, out, _say, quiet=quiet, policy=policy, also=also, template=template)
    finally:
        signal.signal(signal.SIGTERM, before)


def _say(done: Watched) -> None:
    tell("\n".join(map(printable, _lines(done))))


def _lines(done: Watched) -> Iterator[str]:
    if done.summary is None or done.moved:
        yield f"{done.bundle}: nothing published; moved to IN/failed, with the reason beside it"
    else:
        case = "" if done.summary.case_known else "; without a case.yaml"
        yield f"{done.bundle}: {done.summary.publishable} publishable, {done.summary.held} held{case}"
    yield from (f"  {cause}" for cause in done.causes)
