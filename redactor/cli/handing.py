"""`redactor schedule`, `pack`, `restricted` and `renditions`: what a team hands out beside the copies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .echo import printable, tell, tell_json
from .faults import verbose_option
from .progress import progress
from .summary import count

if TYPE_CHECKING:
    from ..actions import Renditions
    from ..handout import Difference

_OUT = click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
_TO = click.option("--to", "target", metavar="FILE", required=True, type=click.Path(path_type=Path), help="The file to write.")


@click.command(short_help="Write the schedule of redactions.")
@_OUT
@_TO
@click.option("--title", metavar="TEXT", default="Schedule of redactions", help="Heading of the Word file.")
@click.option("--kept", is_flag=True, help="Also what stayed, and why.")
@verbose_option
def schedule(out: Path, target: Path, title: str, kept: bool) -> None:
    """Write the schedule of redactions as a .docx or .csv file: for each document what was masked or made coarser, how often, the
    reason code in plain words and the section of the Freedom of Information Act 2000 it answers to.

    From the public log alone. The sections are to be confirmed by the publishing body's information lawyer.

    \b
    Examples:
      redactor schedule out --to schedule.docx
      redactor schedule out --to schedule.csv --kept
    """
    from .. import actions

    tell(f"{printable(str(target))}: {count(actions.schedule(out, target, title, kept), 'row')}")


@click.command(short_help="Write a consultation pack for one person.")
@_OUT
@click.argument("person", metavar="PERSON")
@_TO
@click.option("--named", is_flag=True, help="The person's own name on the cover; a label stands there otherwise.")
@verbose_option
def pack(out: Path, person: str, target: Path, named: bool) -> None:
    """Write the passages that concern PERSON (a label or a name) as a .docx, .html or .pdf file: for a survivor's liaison
    officer, or for somebody who is criticised and may answer. Everybody else who is protected stays masked in it.

    From the copies, which are verified first; needs the case key. A passage is found by label, by a name that stays, and by the
    pronouns that follow.

    \b
    Examples:
      redactor pack out "Survivor 4" --to pack.docx
      redactor pack out "Helen Arkwright" --to passages.pdf
    """
    from .. import actions

    made = actions.pack(out, person, target, named)
    about = f" about {made.label}" if made.label else ""
    tell(f"{printable(str(target))}: {count(made.passages, 'passage')}{about} from {count(made.documents, 'document')}")


@click.command(short_help="Write the locked report for reading away from the desk.")
@_OUT
@click.argument("bundle", metavar="BUNDLE", type=click.Path(exists=True, path_type=Path))
@_TO
@click.option(
    "--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Its first line; else asked."
)
@click.option(
    "--case", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The case.yaml that was published with."
)
@click.option("--people", multiple=True, type=click.Path(exists=True, path_type=Path), help="The spreadsheets published with.")
@click.option("--title", metavar="TEXT", default="Restricted report", help="Heading, seen once the page is open.")
@verbose_option
def restricted(
    out: Path, bundle: Path, target: Path, passphrase_file: Path | None, case: Path | None, people: tuple[Path, ...], title: str
) -> None:
    """Write one HTML page for reading away from the desk: sources and copies side by side, decisions with reasons, who is who.

    The page is locked with a passphrase (asked twice, at least 12 characters) and opens in any browser without a network; nothing
    of it is ever on disk unlocked. Needs the case key and the sources as they were published. A lost passphrase cannot be
    replaced: make the report again.

    \b
    Examples:
      redactor restricted out samples/operation-larkspur --to reading.html
    """
    from .. import actions

    if passphrase_file is not None:
        passphrase = passphrase_file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    else:
        passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt="The same again", err=True)
    made = actions.restricted(out, bundle, target, passphrase, title, case, people)
    tell(f"{printable(str(target))}: {count(made, 'document')}, locked")


@click.command(short_help="Publish one bundle for several audiences and compare them.")
@click.argument("bundle", metavar="BUNDLE", type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o", "--out", metavar="OUT", required=True, type=click.Path(path_type=Path), help="Each audience gets a folder in it."
)
@click.option(
    "--audiences",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path),
    help="Who reads what: a YAML file, not in BUNDLE.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON document.")
@verbose_option
def renditions(bundle: Path, out: Path, audiences: Path, as_json: bool) -> None:
    """Publish BUNDLE once for each audience, under its own policy and with labels of its own, and compare the renditions.

    What one masks and another shows is told by document, kind and label, never in words. A rendition that tells its readers a
    protected person's name, or a fact of a survivor or child, to which they are not entitled, loses its copies; exit code 1.

    \b
    The file:
      audiences:
        public: {policy: iopc-report}
        complainant: {policy: inquiry, case: for-her.yaml, entitled: [Grace Ellerby]}
        legal: {policy: our-lawyers.yaml, entitled: [all]}

    \b
    Example:
      redactor renditions samples/operation-larkspur -o out --audiences audiences.yaml
    """
    from .. import actions

    with progress() as report:
        made = actions.renditions(bundle, out, audiences, report)
    if as_json:
        tell_json(made.as_dict())
    else:
        tell("\n".join(map(printable, _renditions(made))))
    click.get_current_context().exit(made.exit_code)


def _renditions(made: Renditions) -> Iterator[str]:
    for audience, summary in made.summaries.items():
        lost = "; its copies were taken away" if audience in made.blocked else ""
        yield f"{audience}: {summary.publishable} publishable, {summary.held} held{lost}"
    yield "" if made.found else "Side by side they tell nothing that one of them masks"
    yield from (f"  {d.level:<5}  {_difference(d)}" for d in made.found)
    if made.blocked:
        yield ""
        yield "  Mend the case or the policy of what blocks, or say who is entitled, and run again"


def _difference(d: Difference) -> str:
    who = d.label or "somebody"
    where = f"{d.doc}: " if d.doc else ""
    said = {
        "name": f"{where}{d.audience} shows the name behind {who} of {d.beside}",
        "fact": f"{where}{d.audience} shows a fact that {d.beside} masks ({d.kind}; {who})",
        "grain": f"{where}{d.audience} and {d.beside} made a thing coarser in different ways: both may tell more ({d.kind})",
        "clash": f"{count(d.times, 'label')} of {d.audience} and {d.beside} stand for different people in each",
        "absent": f"{where}has a copy for {d.audience} and none for {d.beside}",
    }[d.code]
    return f"{said}, {count(d.times, 'time')}" if d.code in ("name", "fact", "grain") else said
