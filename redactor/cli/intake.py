"""`redactor intake`: what stood hidden in the sources and was left out, and what is wrong with the sources themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .echo import printable, tell, tell_json
from .faults import verbose_option

if TYPE_CHECKING:
    from ..actions import Intake


@click.command(short_help="Tell what stood hidden in the sources and was left out.")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--doc", metavar="ID", help="Only this document (d03).")
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON document.")
@verbose_option
def intake(out: Path, doc: str | None, as_json: bool) -> None:
    """Tell, for each source document, what stood where its reader does not look (comments, tracked deletions, properties,
    hidden text), how often, and what a careful person should know of it: that it was badly redacted before, for example.

    None of it is in a copy. Only kinds and counts are told, from the public log: the case key is not needed.

    \b
    Examples:
      redactor intake out
      redactor intake out/operation-larkspur --doc d03 --json
    """
    from .. import actions

    reports = actions.intake(out, doc)
    if as_json:
        tell_json({"bundles": [report.as_dict() for report in reports]})
    else:
        tell("\n\n".join("\n".join(map(printable, _report(report))) for report in reports))


def _report(report: Intake) -> Iterator[str]:
    yield f"{report.bundle}: {'found in the sources' if report.found else 'nothing stood hidden in the sources'}"
    width = max((len(row.code) for row in report.found), default=0)
    for doc, rows in groupby(report.found, lambda row: row.doc):
        yield f"  {doc}"
        for row in rows:
            number = "!" if row.sort == "warning" else str(row.number)
            yield f"    {number:>5}  {row.code:<{width}}  {row.means}".rstrip()
