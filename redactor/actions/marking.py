"""`marks write`: what the latest run decided, as marks in files that Acrobat and Word open. `marks read` is in `marking_read`.

What is written holds the sources and says who is protected: it is as secret as they are and never goes into a publication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import EnvironmentFault, HeldError, UsageError
from ..model import Action, Span
from .handing import written
from .place import bundles_in
from .reading import decisions_of, published_sources

if TYPE_CHECKING:
    from ..formats.marks import Proposed
    from ..store import Event
    from .job import Job

FORMS = ("xfdf", "pdf", "docx")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written for one document: names of the files (by id alone), how many decisions they hold, how many have no place
    in them, and, where nothing was written, why."""

    doc: str
    files: tuple[str, ...] = ()
    marks: int = 0
    lost: int = 0
    why: str = ""


def write_marks(
    out: Path, bundle: Path, folder: Path, form: str = "", case: Path | None = None, people: Sequence[Path] = ()
) -> list[Written]:
    """Write the decisions of the latest run as marks into `folder`, one or two files a document: an XFDF file and a PDF file with
    annotations for a PDF source, a Word file with comments for a Word source; `form` narrows it to one of FORMS.

    `case` and `people` are what the bundle was published with beside its own. Raises UsageError for a folder in a publication or
    in the bundle and for sources that are not those that were published, KeyFault without the case key.
    """
    if form not in ("", *FORMS):
        raise UsageError(f"No marks of this form are written. Choose one of {', '.join(FORMS)}")
    _refuse(out, bundle, folder)
    results = []
    with published_sources(out, bundle, case, people) as found:
        _make(folder)
        for job in found.jobs:
            made, marks, lost, why = _made(job, found.events, form)
            for name, data in made.items():
                with written(folder / name, out, 0o600) as file:
                    file.write_bytes(data)
            results.append(Written(job.id, tuple(made), marks, lost, why))
    return results


def _refuse(out: Path, bundle: Path, folder: Path) -> None:
    """UsageError for a folder from which the sources would be handed on or published as documents."""
    target = folder.resolve()
    if any(target.is_relative_to(place.resolve()) for place in bundles_in(out)):
        raise UsageError("Marks hold the sources and must not lie in a publication. Name a folder outside OUT with --to")
    if bundle.is_dir() and target.is_relative_to(bundle.resolve()):
        raise UsageError("The next run would take the marks for documents of the bundle. Name a folder outside it with --to")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise EnvironmentFault(f"The folder cannot be made ({fault.strerror}). Name another one with --to") from None


def _made(job: Job, events: Sequence[Event], form: str) -> tuple[dict[str, bytes], int, int, str]:
    """The files of one document by name, how many decisions are in them and how many are not, and why there are none."""
    from ..formats import marks_files, marks_xfdf
    from ..formats.docx import DOCX
    from ..formats.pdf import PDF

    if job.held is not None or job.document is None or job.file is None:
        return {}, 0, 0, "it is held, so nothing is decided in it"
    own = FORMS[:2] if job.document.media == PDF.media else FORMS[2:] if job.document.media == DOCX.media else ()
    forms = [name for name in own if form in ("", name)]
    if not forms:
        return {}, 0, 0, "marks of this form are for other sources" if own else "marks are written for PDF and Word sources"
    proposals = _proposals(job, events)
    try:
        data = job.file.read_bytes()
        if "docx" in forms:
            file, lost = marks_files.commented(data, proposals)
            made = {f"{job.id}.docx": file}
        else:
            placed, lost = marks_files.find_places(data, job.text, proposals)
            both = {
                "xfdf": lambda: marks_xfdf.written(placed, f"{job.id}.pdf"),
                "pdf": lambda: marks_files.annotated(data, placed),
            }
            made = {f"{job.id}.{name}": both[name]() for name in forms}
    except OSError as fault:
        raise EnvironmentFault(f"A source cannot be read ({fault.strerror}). Check its rights") from None
    except HeldError as fault:
        return {}, 0, 0, str(fault)
    return made, len(proposals) - len(lost), len(lost), ""


def _proposals(job: Job, events: Sequence[Event]) -> list[Proposed]:
    """The decisions about a document as marks to be written, in the order of its text."""
    from ..formats.marks import Proposed

    found = [
        Proposed(str(e.public["decision"]), Span(*e.personal["span"]), Action(e.public["action"]), str(e.public["reason"]))
        for e in decisions_of(events, job.id)
        if e.personal
    ]
    return sorted((p for p in found if len(p.span)), key=lambda p: p.span)
