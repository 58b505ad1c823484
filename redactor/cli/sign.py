"""`redactor sign`, `redactor release` and `redactor recall`: who stands for a publication, and what went out."""

from __future__ import annotations

from pathlib import Path

import click

from ..cleartext import ClearText
from .echo import printable, tell
from .faults import verbose_option

_OUT = click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
_KEY = click.option("--public-key", metavar="HEX", help="The public key printed by publish; else the one kept on this machine.")


@click.command(short_help="Sign the copies and the log, or show who has.")
@_OUT
@click.option("--as", "name", metavar="NAME", help="Your name as everybody will read it. Without it: who has signed.")
@click.option("--role", metavar="ROLE", default="", help="What you sign as; else the next sign-off that the policy wants.")
@click.option("--passphrase", is_flag=True, help="Your key lies under a passphrase (asked for).")
@_KEY
@verbose_option
def sign(out: Path, name: str | None, role: str, passphrase: bool, public_key: str | None) -> None:
    """Sign the very copies and log that lie in OUT, after they are verified. The policy says who signs, in which order; each
    is another person. A new run, an answer or a changed copy voids every signature.

    Your key is made when you first sign and stays in your key folder. An audit reviewer (--role
    audit_reviewer, or `redactor review --audit`) needs neither sources nor case key, and signs beside those the policy names.

    \b
    Examples:
      redactor sign out
      redactor sign out --as "A. Reviewer"
      redactor sign out --as "B. Director" --role director --passphrase
    """
    from .. import actions

    if name is None:
        for bundle, wanted, found in actions.sign_offs(out):
            told = dict.fromkeys(wanted, "not signed")
            told |= {s.role: f"{s.name}, {s.at}" if s.stands else f"void: {s.why}" for s in found}
            tell("\n".join(printable(f"{bundle}  {role:16}  {said}") for role, said in told.items()))
        return
    secret = str(click.prompt("Passphrase", hide_input=True, err=True)) if passphrase else ""
    for bundle, as_role in actions.sign(out, name, role, secret, public_key):
        tell(printable(f"{bundle}: signed as {as_role}"))


@click.command(short_help="Release what is signed, into a folder or .zip.")
@_OUT
@click.option("--to", "target", metavar="FOLDER|ZIP", required=True, type=click.Path(path_type=Path), help="Where it goes.")
@click.option("--despite-blocking", "reason", metavar="REASON", default="", help="Go on though a finding blocks, and why.")
@click.option("--as", "name", metavar="NAME", default="", help="Who says so.")
@_KEY
@verbose_option
def release(out: Path, target: Path, reason: str, name: str, public_key: str | None) -> None:
    """Release one bundle: its copies, the public log, the sign-offs, a note of method, a schedule, and a list of all files with
    a script that checks it. Refused (exit code 1) while a sign-off is missing or void, or a blocking finding stands.

    \b
    Examples:
      redactor release out --to larkspur-2026
      redactor release out --to larkspur-2026.zip
      redactor audit verify larkspur-2026 --public-key HEX
    """
    from .. import actions

    tell(printable(f"{target}: {actions.release(out, target, ClearText(reason), name, public_key)}"))


@click.command(short_help="Mark every release that holds a person superseded.")
@_OUT
@click.argument("person", metavar="PERSON")
@verbose_option
def recall(out: Path, person: str) -> None:
    """List the releases from OUT that hold PERSON (a name or a label), and mark each superseded: in the store, and in the
    release where it still lies as a folder. What went out as a .zip must be taken back by hand.

    \b
    Example:
      redactor recall out "Survivor 4"
    """
    from .. import actions

    tell("\n".join(printable(f"{r.id}  {r.at}  {r.place.reveal()}") for r in actions.recall(out, ClearText(person))))
