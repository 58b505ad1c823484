"""Words to the person at the keyboard: results to stdout, everything else to stderr.

Does not judge what it is given: that no words of a document are in it is the caller's part.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import unicodedata

import click


def tell(text: str) -> None:
    """Results to stdout. A reader that stopped reading (`| head`) is no fault; a full disk behind `>` is one."""
    try:
        click.echo(text)
    except OSError as fault:
        _let_go()
        if not isinstance(fault, BrokenPipeError):
            raise


def tell_json(value: object) -> None:
    """`value` as one JSON document on stdout, in ASCII so that every terminal and pipe carries it."""
    tell(json.dumps(value, indent=2))


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
