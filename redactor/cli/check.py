"""`redactor check` and `redactor filter`: for whoever writes, before anything is published.

What is printed holds no words of a draft and no name that its author did not write: places, kinds, rules and the copy's wording.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import UsageError
from .echo import complain, printable, tell, tell_bytes, tell_json
from .faults import verbose, verbose_option
from .summary import count

if TYPE_CHECKING:
    from ..actions import Checked, Draft, Remark

_CASE = click.option(
    "--case",
    metavar="CASE|OUT",
    type=click.Path(path_type=Path),
    help="Who is who: a case.yaml, or the folder of an earlier publication (needs its case key).",
)
_POLICY = click.option("--policy", metavar="NAME|FILE", help="As of `publish`; without it that of OUT, else iopc-report.")
_NAME = click.option(
    "--stdin-name",
    metavar="NAME",
    default="stdin.txt",
    show_default=True,
    help="What standard input is called.",
)


@click.command(short_help="Tell the author of a draft what it must not say.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@_CASE
@_POLICY
@_NAME
@click.option("--format", "form", type=click.Choice(("text", "json", "sarif", "github")), default="text", show_default=True,
              help="What is printed: lines to read, one JSON document, SARIF 2.1.0, or GitHub's annotations.")  # fmt: skip
@click.option("--watch", "watching", is_flag=True, help="Check again after every save. End with Ctrl-C.")
@verbose_option
def check(files: tuple[str, ...], case: Path | None, policy: str | None, stdin_name: str, form: str, watching: bool) -> None:
    """Tell where each draft FILE (- is standard input) holds what its copy would not: protected names and facts, facts that tell
    who somebody is when they are put together, and what conflicts with what was published before.

    One line a place, as linters write it: file:line:column, what it is, what the copy would say, [kind rule]. The words found are
    never printed. With OUT, labels are those of its copies, and its copies are what was published before; a label without a
    number is new. Exit code 0: nothing found (notes do not count); 1: something found; 2: usage; 3: disk, key or model.

    \b
    Examples:
      redactor check draft.md --case case.yaml
      redactor check draft.docx notes.txt --case out --format sarif > check.sarif
      redactor check draft.md --case out --watch
      redactor check - --stdin-name draft.md --case out < draft.md
    """
    from .. import actions

    if watching:
        if "-" in files:
            raise UsageError("Standard input cannot be watched. Name a file")
        actions.watch_drafts([Path(f) for f in files], case, lambda done: _say(done, form), policy=policy)
        return
    if files.count("-") > 1:
        raise UsageError("Standard input can be read once. Name - once")
    drafts = [_stdin(stdin_name) if f == "-" else actions.draft_of(Path(f), n) for n, f in enumerate(files, 1)]
    done = actions.check(drafts, case, policy=policy)
    _say(done, form)
    click.get_current_context().exit(done.exit_code)


@click.command("filter", short_help="Turn one text into its copy: standard input to standard output.")
@_CASE
@_POLICY
@_NAME
@verbose_option
def filter_(case: Path | None, policy: str | None, stdin_name: str) -> None:
    """Read one text and write its copy: as `publish` would word it, looked at by other means before a word of it is written.

    Where the text would be held, or facts in it tell who somebody is when they are put together, nothing is written and the exit
    code is 1. With OUT, labels are those of its copies. Nothing is recorded: this is no publication, and nobody signs it.

    \b
    Examples:
      redactor filter --case out < draft.txt > copy.txt
      redactor filter --case case.yaml --stdin-name draft.md < draft.md
    """
    from .. import actions

    done = actions.filter_text(_stdin(stdin_name), case, policy=policy)
    tell_bytes(done.data)
    if verbose():
        complain(f"{done.masked} masked, {done.softened} softened, {count(done.asks, 'decision')} for a person")
    if done.warnings:
        complain(f"The copy should be read for facts put together: {', '.join(done.warnings)}")


def _stdin(name: str) -> Draft:
    from .. import actions

    return actions.draft_from(sys.stdin.buffer, name)


def _say(done: Checked, form: str) -> None:
    from .. import actions

    if form == "json":
        tell_json(done.as_dict())
    elif form == "sarif":
        tell_json(actions.sarif(done))
    elif form == "github":
        tell("\n".join(map(printable, actions.github(done.remarks))))
    else:
        tell("\n".join(map(printable, [*map(_line, done.remarks), _ended(done)])))


def _line(r: Remark) -> str:
    from .. import actions

    place = r.place
    where = f"{r.file}:{place.line}:{place.column}" if place.line else f"{r.file}:{place.where}" if place.where else r.file
    if not place.line and place.where and place.column:
        where += f", character {place.column}"
    size = f", {count(place.length, 'character')}" if place.length else ""
    return f"{where}: {r.level}: {actions.text_of(r)} [{r.kind} {r.rule}{size}]"


def _ended(done: Checked) -> str:
    files = count(done.files, "draft")
    if not done.remarks:
        return f"{files}, nothing found under policy {done.policy}; a person must read it all the same"
    return f"{files}, {count(len(done.remarks), 'place')} found under policy {done.policy}"
