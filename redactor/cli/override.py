"""`redactor override` and `redactor republish`: what a reviewer changes by hand, and the copies made anew by it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import ExitCode
from .echo import printable, tell
from .faults import verbose, verbose_option
from .progress import progress
from .summary import count, in_words

if TYPE_CHECKING:
    from ..actions import Changed

_OUT = click.argument("out", metavar="OUT", type=click.Path(path_type=Path))


@click.command(short_help="Mask, keep, merge, split or rename by hand, or take that back.")
@_OUT
@click.argument("act", metavar="[ACT]", required=False)
@click.argument("words", metavar="[WORDS]", required=False)
@click.option("--doc", metavar="ID", default="", help="Only in this document; without it in all.")
@click.option("--kind", metavar="KIND", default="name", show_default=True, help="What the masked words are.")
@click.option("--person", metavar="ID", default="", help="Whose words they are; who is merged, split or given a role.")
@click.option("--with", "other", metavar="ID", default="", help="merge: the person it is the same as.")
@click.option("--role", metavar="ROLE", default="", help="role: the role; split: that of the new person.")
@click.option("--office", metavar="TEXT", default="", help="The office of somebody who may be named.")
@click.option("--reason", metavar="TEXT", default="", help="Why, without names; needed where a name is to stand.")
@click.option("--as", "by", metavar="NAME", default="", help="Who changes it; the log has a number for the name.")
@click.option("--undo", metavar="ID", default="", help="Take this change back.")
@verbose_option
def override(
    out: Path,
    act: str | None,
    words: str | None,
    doc: str,
    kind: str,
    person: str,
    other: str,
    role: str,
    office: str,
    reason: str,
    by: str,
    undo: str,
) -> None:
    """Change a decision by hand. The next `publish` or `republish` into the same OUT goes by it; case.yaml is not changed.

    ACT is mask (WORDS go, everywhere or in one document), keep (WORDS stay, or the person with --person), merge, split (WORDS,
    with semicolons between them, are another person's names) or role. Without ACT it lists the changes made, and shows names.

    \b
    Examples:
      redactor override out mask "Rosie from the corner shop" --as "R. Hale"
      redactor override out mask "Larch House" --kind place --doc d03
      redactor override out keep "Champion" --reason "the paper of that name" --as "R. Hale"
      redactor override out merge --person p012 --with p031
      redactor override out --undo v0421
    """
    from .. import actions
    from ..cleartext import ClearText

    if undo:
        actions.undo(out, undo, by)
        tell(f"{undo}: taken back\nPublish again into the same OUT to go by it")
    elif act:
        said = actions.Change(
            act, ClearText(words or ""), doc, -1, kind, person, other, role, ClearText(office), ClearText(reason)
        )
        (number,) = actions.change(out, [said], by)
        tell(f"{number}: {act}\nPublish again into the same OUT to go by it")
    else:
        made = actions.changes(out)
        tell("\n".join([printable(_line(c)) for c in made] or ["Nothing was changed by hand"]))


def _line(made: Changed) -> str:
    where = f" in {made.doc}" if made.doc else ""
    found = f"; found {count(made.times, 'time')}" if made.times is not None else ""
    who = f" by {made.by.reveal()}" if made.by else ""
    words = f" \u201c{made.words.reveal()}\u201d" if made.words else ""
    person = f" {made.person}" if made.person else ""
    return f"{made.id}  {made.act}{words}{person}{where}{found}{who}, {made.at[:10]}{'; taken back' if made.undone else ''}"


@click.command(short_help="Make the copies of the latest run anew, by what was said since.")
@_OUT
@verbose_option
def republish(out: Path) -> None:
    """Publish once more what OUT was published from, with the same options, going by the answers and changes made since.

    \b
    Example:
      redactor republish out
    """
    from .. import actions

    with progress() as report:
        made = actions.republish(out, progress=report)
    tell(in_words(made, verbose()))
    click.get_current_context().exit(max((summary.exit_code for summary in made), default=ExitCode.OK))
