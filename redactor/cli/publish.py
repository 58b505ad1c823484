"""`redactor publish`: the main act."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import ExitCode
from .echo import tell, tell_json
from .faults import verbose, verbose_option
from .progress import progress
from .summary import in_words

ALSO = (  # formats that can be written; a list of its own, for the formats themselves are loaded only when a file is read
    "html",
    "md",
    "txt",
    "docx",
    "pdf",
    "xlsx",
    "csv",
    "tsv",
    "eml",
)


@click.command(short_help="Make publishable copies of bundles and their audit log.")
@click.argument("bundles", metavar="BUNDLE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--out", metavar="OUT", required=True, type=click.Path(path_type=Path), help="Folder for what the run makes.")
@click.option(
    "--policy",
    metavar="NAME|FILE",
    default="iopc-report",
    show_default=True,
    help="What happens to each role and kind; `redactor policies` lists them.",
)
@click.option(
    "--case",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Who is who, in place of the case.yaml in the bundle.",
)
@click.option(
    "--people",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="People of the case in a spreadsheet (.xlsx, .csv); may be repeated.",
)
@click.option("--also", multiple=True, type=click.Choice(ALSO), help="A further copy; may be repeated.")
@click.option(
    "--template",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A Word file whose header, footer, logo, fonts and margins copies are made on (Word; PDF has its words).",
)
@click.option(
    "--plugin",
    "plugins",
    metavar="NAME",
    multiple=True,
    help="A plug-in beside those the policy names: recognizers.NAME or formats.NAME; may be repeated.",
)
@click.option(
    "--processes",
    metavar="N",
    default=0,
    type=click.IntRange(0),
    help="How many processes share the work; as many as there are cores if left out. Copies are the same with any number.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    default="",
    help="A Dask scheduler whose workers share the work; tls:// unless it runs on this machine. Needs redactor[cluster].",
)
@click.option("--json", "as_json", is_flag=True, help="The summary as one JSON document.")
@verbose_option
def publish(
    bundles: tuple[Path, ...],
    out: Path,
    policy: str,
    case: Path | None,
    people: tuple[Path, ...],
    also: tuple[str, ...],
    template: Path | None,
    plugins: tuple[str, ...],
    processes: int,
    cluster: str,
    as_json: bool,
) -> None:
    """Make publishable copies of each BUNDLE (a folder, or one file) and a public audit log of every decision.

    Each bundle gets OUT/<bundle>/publishable; what stays as secret as the source is in OUT/<bundle>/restricted. A document
    that cannot be published is held, with the reason, and the rest goes on. A second run into the same OUT keeps every label,
    uses the answers given meanwhile (`redactor questions`), and looks for names only in what has changed.

    A spreadsheet of people has one row a person and headings in its first row: name (or forename and surname), aliases (parted
    by ;), role, documents, and for who may be named office, basis, waiver. It adds to case.yaml, whose word counts.

    \b
    Examples:
      redactor publish samples/operation-larkspur -o out
      redactor publish samples/harbour-gazette -o out --policy newsroom --also html
      redactor publish samples/harbour-gazette -o out --template letterhead.docx
      redactor publish samples/operation-larkspur -o out --people nominals.xlsx
      redactor publish first-bundle second-bundle -o out --json > summary.json
    """
    from .. import actions

    with progress() as report:
        summaries = actions.publish(
            bundles,
            out,
            policy=policy,
            case=case,
            people=people,
            also=also,
            template=template,
            plugins=plugins,
            processes=processes,
            cluster=cluster,
            progress=report,
        )
    if as_json:
        tell_json({"bundles": [summary.as_dict() for summary in summaries]})
    else:
        tell(in_words(summaries, verbose()))
    click.get_current_context().exit(max((summary.exit_code for summary in summaries), default=ExitCode.OK))
