"""Words to the person at the keyboard: results to stdout, everything else to stderr.

Does not judge what it is given: that no words of a document are in it is the caller's part.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import sys
import unicodedata
from collections.abc import Mapping, Sequence

import click


def tell(text: str) -> None:
    """Results to stdout. A reader that stopped reading (`| head`) is no fault; a full disk behind `>` is one."""
    try:
        click.echo(text)
    except OSError as fault:
        _let_go()
        if not isinstance(fault, BrokenPipeError):
            raise


def tell_bytes(data: bytes) -> None:
    """A result that is a file's bytes to stdout, as it is; faults as of `tell`."""
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as fault:
        _let_go()
        if not isinstance(fault, BrokenPipeError):
            raise


def tell_json(value: object) -> None:
    """`value` as one JSON document on stdout, in ASCII so that every terminal and pipe carries it."""
    tell(json.dumps(value, indent=2))


def tell_table(rows: Sequence[Mapping[str, object]]) -> None:
    """Rows as a table as wide as the terminal: a column that says nothing in any row is left out."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    names = list(dict.fromkeys(name for row in rows for name in row))
    for name in names:
        table.add_column(
            name,
            justify="right" if name in ("index", "count") else "left",
            overflow="fold",
            no_wrap=name in ("index", "doc", "kind", "action"),
        )
    for row in rows:
        table.add_row(*(Text(printable(str(row.get(name, "")))) for name in names))
    console = Console(stderr=False)
    with console.capture() as shown:
        console.print(table if rows else "No record is like this.")
    tell(shown.get().rstrip())


def as_csv(rows: Sequence[Mapping[str, object]]) -> str:
    """Rows as CSV with a heading. A cell that a spreadsheet would take for a formula gets an apostrophe before it."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        cells = [str(row.get(name, "")) for name in names]
        writer.writerow([f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in cells])
    return text.getvalue().rstrip("\n")


def complain(sentence: str) -> None:
    """One sentence to stderr, with the name of the command before it."""
    with contextlib.suppress(OSError):
        click.echo(f"redactor: {printable(sentence)}", err=True)


def printable(text: str) -> str:
    """`text` with control and direction characters as codes: a file name must not steer the terminal."""
    return "".join(c if unicodedata.category(c) not in {"Cc", "Cf", "Cs"} else ascii(c)[1:-1] for c in text)


def _let_go() -> None:
    """Points stdout at nothing, so that Python's own flush at exit does not fail once more and change the exit code."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
