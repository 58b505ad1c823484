"""`redactor marks`: the decisions of a run as marks for Acrobat and Word, and a reviewer's marks as decisions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import ExitCode
from .echo import printable, tell
from .faults import verbose_option
from .summary import count

if TYPE_CHECKING:
    from ..actions import Taken, Written

_OUT = click.argument("out", metavar="OUT", type=click.Path(path_type=Path))


@click.group(short_help="Marks of a reviewer who works in Acrobat or Word.")
def marks() -> None:
    """Decisions as marks for people who work in Acrobat and Word, and their marks as decisions.

    \b
    Examples:
      redactor marks write out samples/operation-larkspur --to marks
      redactor marks read out marks/d03.pdf --as "R. Hale"
    """


@marks.command("read", short_help="Take a reviewer's marks as decisions.")
@_OUT
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as", "by", metavar="NAME", required=True, help="Whose marks they are; the log has a number for the name.")
@verbose_option
def read(out: Path, files: tuple[Path, ...], by: str) -> None:
    """Take the marks in each FILE as changes: redaction and highlight annotations of a PDF file, an .xfdf file with its PDF file
    beside it, comments of a Word file that begin `redact:` or `keep:`, and highlights. FILE is a file of `marks write`, or the
    source as it was published, with marks made in it.

    `redact: everywhere` masks all appearances; `keep: why` needs the reason. A mark that cannot be followed is told with its
    number, page and the cause, and makes exit code 1. docs/marks.md has what each mark means. Undo: redactor override OUT --undo.

    \b
    Examples:
      redactor marks read out marks/d03.pdf --as "R. Hale"
      redactor marks read out marks/d03.xfdf marks/d05.docx --as "R. Hale"
    """
    from .. import actions

    taken = actions.read_marks(out, files, by)
    tell("\n".join(map(printable, _taken(taken))))
    if any(one.left for one in taken):
        click.get_current_context().exit(ExitCode.HELD)


def _taken(taken: list[Taken]) -> Iterator[str]:
    for one in taken:
        said = [f"{one.masked} to mask", f"{one.kept} to keep"]
        said += [f"{count(one.alone, 'highlight')} by colour alone"] if one.alone else []
        said += [f"{one.already} so already"] if one.already else []
        said += [f"{count(one.untouched, 'proposal')} untouched"] if one.untouched else []
        yield f"{one.doc}: {', '.join(said)}"
        if one.changes:
            yield f"  changes {' '.join(one.changes)}"
        for left in one.left:
            page = f" on page {left.page}" if left.page else ""
            yield f"  not taken: mark {left.number} ({left.sort}{page}) {left.why}"
    if any(one.changes for one in taken):
        yield "Publish again into the same OUT to go by them: redactor republish OUT"


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
