"""`redactor schedule`: what a team hands out beside the copies."""

from __future__ import annotations

from pathlib import Path

import click

from .echo import printable, tell
from .faults import verbose_option
from .summary import count

_OUT = click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
_TO = click.option("--to", "target", metavar="FILE", required=True, type=click.Path(path_type=Path), help="The file to write.")


@click.command(short_help="Write the schedule of redactions.")
@_OUT
@_TO
@click.option("--title", metavar="TEXT", default="Schedule of redactions", help="Heading of the Word file.")
@click.option("--kept", is_flag=True, help="Also what stayed, and why.")
@verbose_option
def schedule(out: Path, target: Path, title: str, kept: bool) -> None:
    """Write the schedule of redactions as a .docx or .csv file: for each document what was masked or made coarser, how often, the
    reason code in plain words and the section of the Freedom of Information Act 2000 it answers to.

    From the public log alone. The sections are to be confirmed by the publishing body's information lawyer.

    \b
    Examples:
      redactor schedule out --to schedule.docx
      redactor schedule out --to schedule.csv --kept
    """
    from .. import actions

    tell(f"{printable(str(target))}: {count(actions.schedule(out, target, title, kept), 'row')}")
