"""`redactor audit` and `redactor where`: what was decided, whether the log still says so, and which file an id stands for."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .echo import as_csv, printable, tell, tell_json, tell_table
from .faults import verbose_option
from .summary import count

_OUT = click.argument("out", metavar="OUT", type=click.Path(path_type=Path))


@click.group(short_help="Verify, show or report the public log.")
def audit() -> None:
    """The public log of every decision: it holds no personal data, and nobody can alter it unseen.

    \b
    Examples:
      redactor audit verify out
      redactor audit show out --doc d01 --action keep
      redactor audit report out -o redactions.html
    """


@audit.command()
@_OUT
@click.option("--public-key", metavar="HEX", help="The public key printed by publish; else the one kept on this machine.")
@verbose_option
def verify(out: Path, public_key: str | None) -> None:
    """Prove that the log and the copies in OUT are what was signed; each finding is one line, the exit code is then 4.

    \b
    Examples:
      redactor audit verify out
      redactor audit verify out/operation-larkspur
    """
    from .. import actions

    checked = actions.audit_verify(out, public_key)
    tell(
        "\n".join(
            f"{printable(name)}: {count(n, 'record')} and {count(copies, 'copy', 'copies')} verified"
            for name, n, copies in checked
        )
    )


@audit.command()
@_OUT
@click.option("--doc", metavar="ID", help="Only this document (d01).")
@click.option("--kind", metavar="KIND", help="Only this kind of finding (name, date, school ...).")
@click.option("--action", type=click.Choice(["mask", "soften", "keep"]), help="Only this action.")
@click.option("--reason", metavar="CODE", help="Only this reason (R-SOAA; R-ORDER stands for every order).")
@click.option("--event", metavar="EVENT", help="Only this event (decision, verification, jigsaw ...).")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "lines", "csv", "json"]),
    help="A table is the rule at a terminal, lines of key=value elsewhere.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@verbose_option
def show(out: Path, shape: str | None, as_json: bool, **wanted: str | None) -> None:
    """The records of the log, one a line: what was decided, by which rule, for which reason, by whom.

    \b
    Examples:
      redactor audit show out --doc d01 --action keep
      redactor audit show out --reason R-ORDER --format csv > orders.csv
    """
    from .. import actions

    records = actions.audit_show(out, **wanted)
    shape = "json" if as_json else shape or ("table" if sys.stdout.isatty() else "lines")
    if shape == "json":
        tell_json(records)
    elif shape == "csv":
        tell(as_csv(records))
    elif shape == "table":
        tell_table(records)
    else:
        tell("\n".join(printable("  ".join(f"{key}={value}" for key, value in record.items())) for record in records))


@audit.command()
@_OUT
@click.option("-o", "--to", "target", metavar="FILE", required=True, type=click.Path(path_type=Path), help="The HTML file.")
@click.option("--title", metavar="TEXT", default="Record of redaction", help="Heading of the page, seen by everybody.")
@click.option("--public-key", metavar="HEX", help="The public key printed by publish; else the one kept on this machine.")
@verbose_option
def report(out: Path, target: Path, title: str, public_key: str | None) -> None:
    """One HTML page for the public: what kinds of thing were masked in each document and why, how much stayed beside how much
    may have been missed, and how to check it. From the verified public log and copies alone; no script, nothing from outside.

    \b
    Examples:
      redactor audit report out -o redactions.html --title "Operation Larkspur: what was masked"
    """
    from .. import actions

    actions.audit_report(out, target, title, public_key)
    tell(f"Written: {printable(str(target))}")


@click.command(short_help="Tell which source file an id stands for.")
@_OUT
@click.argument("doc", metavar="ID")
@verbose_option
def where(out: Path, doc: str) -> None:
    """Tell which source file an id (d03) stands for. File names can name survivors: this needs the case key.

    \b
    Example:
      redactor where out d03
    """
    from .. import actions

    tell("\n".join(printable(f"{bundle}  {path}") for bundle, path in actions.where(out, doc)))
