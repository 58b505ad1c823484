"""`redactor key`: where the case key lies, a passphrase over it, a copy of it, a new one in its place, and its end."""

from __future__ import annotations

from pathlib import Path

import click

from .echo import printable, tell
from .faults import verbose_option

_OUT = click.argument("out", metavar="OUT", type=click.Path(path_type=Path))


@click.group(short_help="The case key: where it lies, a passphrase over it, a copy, a new one, its end.")
def key() -> None:
    """The case key opens what a run sealed and keeps its labels. It lies outside OUT. A lost one cannot be replaced.

    \b
    Examples:
      redactor key where out
      redactor key protect out
      redactor key export out --to case-key-for-the-safe
      redactor key rotate out
      redactor key destroy out
    """


@key.command(short_help="Where the case key lies.")
@_OUT
@verbose_option
def where(out: Path) -> None:
    """Where the case key of each bundle lies, and whether under a passphrase.

    \b
    Example:
      redactor key where out
    """
    from .. import actions

    for bundle, path, covered in actions.key_where(out):
        tell(printable(f"{bundle}  {path}  {'under a passphrase' if covered else 'bare: redactor key protect OUT'}"))


@key.command(short_help="Put the case key under a passphrase, or another one.")
@_OUT
@verbose_option
def protect(out: Path) -> None:
    """Put the case key under a passphrase (asked for), or under a new one in place of the old. From then on every command that
    needs the key asks for it, or takes it from REDACTOR_PASSPHRASE or the file that REDACTOR_PASSPHRASE_FILE names.

    \b
    Example:
      redactor key protect out
    """
    from .. import actions

    for bundle in actions.key_cover(out, _new()):
        tell(printable(f"{bundle}: the case key lies under a passphrase"))


@key.command(short_help="A copy of the case key under a passphrase.")
@_OUT
@click.option("--to", "target", metavar="FILE", required=True, type=click.Path(path_type=Path), help="A new file, not in OUT.")
@verbose_option
def export(out: Path, target: Path) -> None:
    """Copy the case key to FILE under a passphrase of its own, for a second person or a safe. To use it, put it in the key folder
    under the name that `redactor key where` tells.

    \b
    Example:
      redactor key export out --to case-key-for-the-safe
    """
    from .. import actions

    actions.key_export(out, target, _new())
    tell("Written. Without its passphrase nobody can use it, you included")


@key.command(short_help="Put a new case key in place of the old one.")
@_OUT
@verbose_option
def rotate(out: Path) -> None:
    """Seal everything in OUT with a new case key, when a copy of the old one may be in wrong hands or its holder has left. The
    old key and its copies then open nothing in OUT; backups of OUT from before they do open. Labels, copies, public log and
    signature stay: who has the old key can still sign as you, so publish to a new OUT where that matters. A key under a
    passphrase is put under a new one (asked for). Interrupted, everything opens as before: run it again.

    \b
    Example:
      redactor key rotate out
    """
    from .. import actions

    covered = any(covered for _, _, covered in actions.key_where(out))
    for bundle, count in actions.key_rotate(out, _new() if covered else None):
        tell(
            printable(f"{bundle}: {count} events sealed with a new key. Export it anew: copies of the old one open nothing here")
        )


@key.command(short_help="End the case key: what it sealed never opens again.")
@_OUT
@click.option("--bundle", "name", metavar="NAME", default="", help="The bundle's name, said once more; asked for otherwise.")
@verbose_option
def destroy(out: Path, name: str) -> None:
    """Write over the case key and remove it, at the end of the time that sources and decisions may be kept. Nothing under
    restricted/ opens again: no question, decision or name, here or on a server. Copies, public log and releases stay as they are
    and still verify. Copies of the key that somebody else holds must be destroyed too, and no backup may hold it.

    \b
    Examples:
      redactor key destroy out
      redactor key destroy out --bundle operation-larkspur
    """
    from .. import actions

    said = name or str(click.prompt("This cannot be undone. The bundle's name", err=True))
    gone = actions.key_destroy(out, said)
    tell(printable(f"Destroyed: {gone}. Destroy every copy of it too"))


def _new() -> str:
    return str(click.prompt("New passphrase", hide_input=True, confirmation_prompt=True, err=True))
