"""`redactor audit` and `redactor where`: what was decided, whether the log still says so, and which file an id stands for."""

from __future__ import annotations

from pathlib import Path

import click

from .echo import printable, tell, tell_json
from .faults import verbose_option
from .summary import count

_OUT = click.argument("out", metavar="OUT", type=click.Path(path_type=Path))


@click.group(short_help="Verify or show the public log.")
def audit() -> None:
    """The public log of every decision: it holds no personal data, and nobody can alter it unseen.

    \b
    Examples:
      redactor audit verify out
      redactor audit show out --doc d01 --action keep
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
@click.option("--json", "as_json", is_flag=True, help="The records as one JSON document.")
@verbose_option
def show(out: Path, doc: str | None, kind: str | None, action: str | None, as_json: bool) -> None:
    """The records of the log, one a line: what was decided, by which rule, for which reason, by whom.

    \b
    Examples:
      redactor audit show out --doc d01 --action keep
      redactor audit show out --kind school --json
    """
    from .. import actions

    records = actions.audit_show(out, doc, kind, action)
    if as_json:
        tell_json(records)
    else:
        tell("\n".join(printable("  ".join(f"{key}={value}" for key, value in record.items())) for record in records))


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
