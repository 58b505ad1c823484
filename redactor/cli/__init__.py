"""The command. The only place that catches RedactorError.

Each command is arguments, one call, one echo. What a command does lies in `actions` and `policy`, which are imported when a
command runs and not before: help answers at once.
"""

from __future__ import annotations

import sys

import click

from .. import __version__
from ..processes import no_core
from .audit import audit, where
from .check import check, filter_
from .evaluate import evaluate
from .faults import Guarded
from .handing import pack, renditions, restricted, schedule
from .intake import intake
from .jigsaw import cards, jigsaw
from .key import key
from .marks import marks
from .override import override, republish
from .policies import policies
from .publish import publish
from .questions import answer, questions
from .review import review
from .serve import serve
from .sign import recall, release, sign
from .store import store
from .watch import watch


@click.group(cls=Guarded, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, message="redactor %(version)s")
@click.option(
    "--store",
    "server",
    metavar="URL",
    envvar="REDACTOR_STORE",
    help="Events on a PostgreSQL server (postgresql://user@host/database) in place of a file in OUT; password in PGPASSWORD.",
)
@click.pass_context
def cli(ctx: click.Context, server: str | None) -> None:
    """Publish the truth without identifying the people it happened to.

    A bundle (a folder of documents and its case.yaml) goes in; publishable copies and a public audit log come out.

    \b
    Examples:
      redactor publish samples/operation-larkspur -o out
      redactor questions out
      redactor audit verify out
      redactor jigsaw out
      redactor check draft.md --case out

    \b
    Exit codes:
      0  nothing held or blocking     1  something held or blocking
      2  usage, policy or case        3  disk, permission, key or model
      4  the audit does not verify    130  interrupted
    """
    if server:
        from ..actions.place import store_at

        ctx.with_resource(store_at(server))
    if sys.stdin.isatty():
        from ..keys_lock import asked_by

        ctx.with_resource(asked_by(lambda: str(click.prompt("Passphrase of the case key", hide_input=True, err=True))))


COMMANDS = (
    publish,
    questions,
    answer,
    review,
    override,
    republish,
    policies,
    jigsaw,
    cards,
    intake,
    evaluate,
    key,
    audit,
    where,
    schedule,
    pack,
    restricted,
    sign,
    release,
    recall,
    renditions,
    marks,
    store,
    watch,
    serve,
    check,
    filter_,
)  # one a line, in the order of their use
for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Runs the command line and exits; a character the terminal cannot show is written as its code. No core file is left."""
    no_core()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    cli(prog_name="redactor")
