"""What is handed out from the public things alone: the report for the public and the schedule of redactions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..disk import put
from ..errors import AuditError, EnvironmentFault, UsageError
from .audit import verified_publication
from .jigsaw import manifest_of, reopened
from .place import bundles_in

if TYPE_CHECKING:
    from ..handout import Publication


def audit_report(out: Path, target: Path, title: str, public_key: str | None = None) -> None:
    """Write the public report of every bundle below `out` as one HTML page. Raises AuditError where log or copies do not verify:
    a page about something else than what was published is worse than none."""
    from .. import handout

    verified: set[str] = set()
    shown: list[Publication] = []
    for place in bundles_in(out):
        verified.add(verified_publication(place, public_key).public_key)
        shown.append(figures_of(place))
    with written(target, out) as file:
        file.write_text(handout.report(shown, title, ", ".join(sorted(verified))), encoding="utf-8")


def figures_of(place: Path) -> Publication:
    """What the log and the copies of one bundle say of it, as figures; whoever shows them verifies both first."""
    from .. import handout
    from ..audit_chain import LOG

    publishable = place / "publishable"
    texts = {copy.doc: copy.text.reveal() for copy in reopened(publishable, manifest_of(place))}
    return handout.publication(_records(place), texts, hashlib.sha256((publishable / LOG).read_bytes()).hexdigest())


def schedule(out: Path, target: Path, title: str, kept: bool = False) -> int:
    """Write the schedule of redactions of every bundle below `out` to a .csv or .docx file; return its rows.

    From the public log alone: the key is not needed. Raises UsageError for another ending, AuditError where there is no log.
    """
    from .. import formats, handout

    ending = target.suffix.lower()
    if ending not in (".csv", ".docx"):
        raise UsageError("A schedule is a .csv or a .docx file. Name one of these with --to")
    rows = [row for place in bundles_in(out) for row in handout.schedule(_records(place), kept)]
    with written(target, out) as file:
        if ending == ".csv":
            file.write_bytes(handout.as_csv(rows))
        else:
            formats.write(handout.as_content(rows, title), "docx", file)
    return len(rows)


def _records(place: Path) -> list[dict[str, object]]:
    from .. import audit
    from ..audit_chain import LOG

    records = audit.read(place / "publishable" / LOG)
    if not records:
        raise AuditError(["the log is empty"])
    return records


@contextmanager
def written(target: Path, out: Path, mode: int = 0o644) -> Iterator[Path]:
    """A file beside `target` to write, which takes its place when all is well; whole or not at all, and never within a
    publication, where a file that was not signed would void it."""
    if any(target.resolve().is_relative_to(place.resolve()) for place in bundles_in(out)):
        raise UsageError("The file would lie in the publication and void it. Name a place outside OUT")
    if target.is_dir():
        raise UsageError("This is a folder. Name a file with --to")
    try:
        with put(target, mode) as beside:
            yield beside
    except OSError as fault:
        raise EnvironmentFault(f"The file cannot be written ({fault.strerror}). Check its folder and the disk") from None
