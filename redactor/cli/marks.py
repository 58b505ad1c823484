"""`redactor marks`: the decisions of a run as marks for Acrobat and Word, and a reviewer's marks as decisions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .echo import printable, tell
from .faults import verbose_option
from .summary import count

if TYPE_CHECKING:
    from ..actions import Written

_OUT = click.argument("out", metavar="OUT", type=click.Path(path_type=Path))


@click.group(short_help="Marks of a reviewer who works in Acrobat or Word.")
def marks() -> None:
    """Decisions as marks for people who work in Acrobat and Word, and their marks as decisions."""


@marks.command("write", short_help="Write decisions as marks.")
@_OUT
@click.argument("bundle", metavar="BUNDLE", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--to", "folder", metavar="FOLDER", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where to."
)
@click.option("--format", "form", type=click.Choice(("xfdf", "pdf", "docx")), help="Only files of this form.")
@click.option(
    "--case", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The case.yaml that was published with."
)
@click.option("--people", multiple=True, type=click.Path(exists=True, path_type=Path), help="The spreadsheets published with.")
@verbose_option
def write(out: Path, bundle: Path, folder: Path, form: str | None, case: Path | None, people: tuple[Path, ...]) -> None:
    """Write what the latest run decided as marks: for a PDF source an XFDF file and a PDF file with redaction and highlight
    annotations, for a Word source a Word file with comments. Files are named by id (d03.pdf).

    They hold the sources and say who is protected: RESTRICTED. Never written into a publication; readable by you alone. Needs the
    case key and the sources as they were published.

    \b
    Examples:
      redactor marks write out samples/operation-larkspur --to marks
      redactor marks write out samples/operation-larkspur --to marks --format docx
    """
    from .. import actions

    made = actions.write_marks(out, bundle, folder, form or "", case, people)
    tell("\n".join(map(printable, _written(made, folder))))


def _written(made: list[Written], folder: Path) -> Iterator[str]:
    for one in made:
        if one.why:
            yield f"{one.doc}: nothing written: {one.why}"
            continue
        without = f"; {count(one.lost, 'decision')} with no place for a mark" if one.lost else ""
        yield f"{one.doc}: {' and '.join(one.files)}, {count(one.marks, 'mark')}{without}"
    if any(one.files for one in made):
        yield ""
        yield f"RESTRICTED: {folder} holds the sources and tells who is protected. Keep it as you keep them; delete it when done"
        yield "Back in: redactor marks read OUT FILE... --as NAME"
