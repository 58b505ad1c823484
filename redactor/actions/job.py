"""One document on its way, and the two stages that look at each document by itself: reading and detection."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..case import WITHIN, clean_name
from ..cleartext import ClearText
from ..content import Block, Content, Table, flatten
from ..errors import EnvironmentFault, HeldError
from ..model import Decision, Detection, Document, Kind, Member

if TYPE_CHECKING:
    from .detector import Detector

MAX_DEPTH = 3  # a message in an archive in a message; ids and logs go no deeper
MAX_MEMBER_BYTES = 256 * 1024 * 1024
_FEW = 5
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Job:
    """One document on its way."""

    id: str
    relative: ClearText
    document: Document | None = None
    text: str = field(default="", repr=False)
    detection: Detection | None = None
    decisions: list[Decision] = field(default_factory=list)
    probes: list[tuple[str, Kind, ClearText, int]] = field(default_factory=list)  # what verification looks for, decide_everywhere
    held: HeldError | None = None
    published: dict[str, str] = field(default_factory=dict)  # relative path of a copy → media type
    put: str = field(default="", repr=False)  # the words that were put in, to account for "summer" or "park" among them
    noted: bool = False  # whether the copy ends with the note that names were changed
    proof: tuple[tuple[str, ...], int] = ((), 0)
    file: Path | None = field(default=None, repr=False)  # the source, for pictures that are copied as pixels
    data: bytes | None = field(default=None, repr=False)  # the source where it lies nowhere: a draft, what lies within one
    painted: dict[str, ClearText] = field(default_factory=dict)  # relative path of a painted picture → the words that stay in it


def read_documents(jobs: list[Job], work: Path | None, progress: Progress) -> None:
    """What a reader of each file sees; a file that cannot be read, or not relied on, is held.

    A file within a document (an attachment, a file of an archive) becomes a job of its own behind the others. It is unpacked into
    the work folder under its id, or stays in memory where there is none.
    """
    left: dict[str, int] = {}
    for done, job in enumerate(jobs):  # the list grows as it is gone through
        progress("reading", done, len(jobs))
        if job.held is not None:
            continue
        try:
            members = _read(job)
            top = job.id.partition(".")[0]
            left[top] = left.get(top, MAX_MEMBER_BYTES) - sum(len(member.data) for member in members)
            if left[top] < 0:
                raise HeldError("the files within it are larger than 256 MiB together", "Put them into the bundle one by one.")
            jobs += [_within(job, number, member, work) for number, member in enumerate(members, 1)]
        except HeldError as fault:
            job.held = fault
        except (MemoryError, RecursionError):
            job.held = HeldError("the file is too large or too deeply nested to read", "Split it, or save a plain copy")


def _read(job: Job) -> tuple[Member, ...]:
    """Read one document into its job, without the files within it: they are returned."""
    from .. import formats
    from ..recognizers import is_english

    relative = job.relative.reveal()
    if job.data is not None:
        document = formats.read_data(job.data, job.id, relative, Path(relative).suffix)
    else:
        assert job.file is not None
        document = formats.read(job.file, job.id, relative)
    job.document = replace(document, members=())
    job.text = flatten(document.content).text.reveal()
    if not is_english(_prose(document.content)):
        job.held = HeldError("the document is mostly not English, and the name models read English", "Have it redacted by hand")
    return document.members


def _prose(content: Content) -> str:
    """The text that has a language: a cell of few words (a name, a count, a place) has none that could be told."""
    text = [node.text.reveal() for node in content.body if isinstance(node, Block)]
    cells = (
        " ".join(b.text.reveal() for b in c.blocks) for n in content.body if isinstance(n, Table) for row in n.rows for c in row
    )
    return "\n\n".join([*text, *(cell for cell in cells if len(cell.split()) > _FEW)])


def _within(parent: Job, number: int, member: Member, work: Path | None) -> Job:
    """The job of a file within a document."""
    from ..formats import member_id

    name = clean_name(member.name.reveal().replace("\\", "/").rpartition("/")[2]) or "file"
    job = Job(member_id(parent.id, number), ClearText(f"{parent.relative.reveal()}{WITHIN}/{name}"), held=member.fault)
    if job.id.count(".") > MAX_DEPTH:
        job.held = HeldError("it lies too deep within other files", "Put it into the bundle by itself.")
    elif job.held is None and work is None:
        job.data = member.data
    elif job.held is None and work is not None:
        job.file = work / "within" / f"{job.id}{Path(name).suffix.lower()}"
        try:
            job.file.parent.mkdir(exist_ok=True)
            job.file.write_bytes(member.data)
        except OSError as fault:
            raise EnvironmentFault(f"A file within a document could not be unpacked: {fault.strerror}. Check the disk") from None
    return job


def detect_documents(jobs: list[Job], detector: Detector, progress: Progress) -> None:
    """What the recognizers say of every document that could be read."""
    for done, job in enumerate(jobs):
        progress("detecting", done, len(jobs))
        if job.held is None:
            job.detection = detector.detect(job.id, job.text)


def spaced(relative: str) -> str:
    """A path as words, character for character, so that spans count in both; the ending of a format ("odt") is no word."""
    from ..formats import in_use

    ending = Path(relative).suffix
    known = any(ending.lower() in known.extensions for known in in_use())
    stem = relative.removesuffix(ending) if known else relative
    return re.sub(r"[_\-.]", " ", stem) + " " * (len(relative) - len(stem))
