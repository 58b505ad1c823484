"""`redactor store`: where the events of a bundle lie."""

from __future__ import annotations

from pathlib import Path

import click

from .echo import tell
from .faults import verbose_option
from .summary import count


@click.group(short_help="Move a bundle's events to a server, or back.")
def store() -> None:
    """Where the events of a bundle lie: in a file of OUT, or on a PostgreSQL server of the team.

    \b
    Example:
      redactor store move out --to postgresql://team@db.example.org/redactor
    """


@store.command()
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--to", "to", metavar="URL|file", required=True, help="The server, its password in PGPASSWORD; or the word: file.")
@verbose_option
def move(out: Path, to: str) -> None:
    """Move every event of one bundle to a PostgreSQL server, or from there to a file of OUT: all or none. The old store is
    left as it was, refuses new events and says where they went. An interrupted move is finished by the same command. To
    move events back, name the server they lie on: redactor --store URL, or REDACTOR_STORE.

    \b
    Examples:
      redactor store move out --to postgresql://team@db.example.org/redactor
      redactor store move out --to file
    """
    from .. import actions

    moved = actions.move_store(out, to)
    there = "a file of OUT" if to == "file" else "the server; name it from now on: redactor --store URL, or REDACTOR_STORE"
    tell(f"{count(moved, 'event')} moved to {there}")
