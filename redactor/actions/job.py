"""One document on its way, and the two stages that look at each document by itself: reading and detection."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from ..case import WITHIN, clean_name
from ..cleartext import ClearText
from ..content import Block, Content, Table, flatten
from ..errors import EnvironmentFault, HeldError
from ..model import Decision, Detection, Document, Member
from .workers import Workers

if TYPE_CHECKING:
    from .cache import Cache
    from .detector import Detector
    from .shelf import Shelf, Slip

MAX_DEPTH = 3  # a message in an archive in a message; ids and logs go no deeper
MAX_MEMBER_BYTES = 256 * 1024 * 1024
MANY, LARGE = 40, 256 * 1024  # documents, or bytes of them, that more than one reader is begun for
_FEW = 5
Progress = Callable[[str, int, int], None]
S = TypeVar("S")
T = TypeVar("T")


def silent(_stage: str, _done: int, _all: int) -> None:
    """The progress of work that nobody watches."""


@dataclass(slots=True)
class Job:
    """One document on its way."""

    id: str
    relative: ClearText
    document: Document | None = None
    text: str = field(default="", repr=False)
    detection: Detection | None = None  # of its text
    named: Detection | None = None  # of its path, which is read as a text of its own
    beneath: tuple[str, Detection] | None = field(default=None, repr=False)  # what stood hidden in it, and what is found in that
    decisions: list[Decision] = field(default_factory=list)
    held: HeldError | None = None
    published: dict[str, str] = field(default_factory=dict)  # relative path of a copy → media type
    expected: ClearText | None = field(default=None, repr=False)  # the text its copies were made from, until they are verified
    put: str = field(default="", repr=False)  # the words that were put in, to account for "summer" or "park" among them
    noted: bool = False  # whether the copy ends with the note that names were changed
    proof: tuple[tuple[str, ...], int] = ((), 0)
    file: Path | None = field(default=None, repr=False)  # the source, for pictures that are copied as pixels
    data: bytes | None = field(default=None, repr=False)  # the source where it lies nowhere: a draft, what lies within one
    painted: dict[str, ClearText] = field(default_factory=dict)  # relative path of a painted picture → the words that stay in it
    shelf: Shelf | None = field(default=None, repr=False)  # where what is known of it may be put down
    slips: dict[str, Slip] = field(default_factory=dict, init=False, repr=False)

    def put_down(self, *names: str) -> None:
        """Put these fields down where there is a shelf: each is taken up when it is asked for, and may be set anew."""
        for name in names:
            if self.shelf is not None and (value := getattr(self, name)):
                self.slips[name] = self.shelf.put(value)
                delattr(self, name)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """A field that was put down."""
            if name in ("slips", "shelf") or name not in self.slips:
                raise AttributeError(name)
            return self.shelf.take(self.slips[name])


def read_documents(
    jobs: list[Job], work: Path | None, progress: Progress, workers: Workers | None = None, kept: Cache | None = None
) -> None:
    """What a reader of each file sees; a file that cannot be read, or not relied on, is held.

    A file within a document (an attachment, a file of an archive) becomes a job of its own behind the others. It is unpacked into
    the work folder under its id, or stays in memory where there is none. With `workers` as many files are read at once; what was
    read before is taken from `kept`.
    """
    from .. import formats

    left: dict[str, int] = {}
    begun = 0
    while begun < len(jobs):  # the files within the files, and those within them
        wave, begun = jobs[begun:], len(jobs)
        progress("reading", len(jobs) - len(wave), len(jobs))
        read = partial(_members, kept=kept)
        with (
            formats.making_files_in(work),
            closing((workers or Workers(1)).beside(read, wave, _much(wave), formats.stop_readers)) as found,
        ):
            for done, (job, members) in enumerate(zip(wave, found, strict=True), begun - len(wave) + 1):
                _unpack(job, members, left, jobs, work)
                job.put_down("document", "text")
                progress("reading", done, len(jobs))


def _much(jobs: Sequence[Job]) -> bool:
    """Whether there is more to read than one reader has read by the time a second is ready."""
    size = 0
    for job in jobs:
        with suppress(OSError):  # it is held when it is read
            size += job.file.stat().st_size if job.file is not None else 0
    return len(jobs) > 1 and (len(jobs) >= MANY or size >= LARGE)


def _members(job: Job, kept: Cache | None) -> tuple[Member, ...]:
    """Read one document into its job, or hold it; the files within it."""
    try:
        return _read(job, kept) if job.held is None else ()
    except HeldError as fault:
        job.held = fault
    except (MemoryError, RecursionError):
        job.held = HeldError("the file is too large or too deeply nested to read", "Split it, or save a plain copy")
    return ()


def _unpack(job: Job, members: tuple[Member, ...], left: dict[str, int], jobs: list[Job], work: Path | None) -> None:
    """A job for each file within a document, none where they are too large together. `left`: bytes that it may still have."""
    top = job.id.partition(".")[0]
    left[top] = left.get(top, MAX_MEMBER_BYTES) - sum(len(member.data) for member in members)
    if left[top] < 0:
        job.held = HeldError("the files within it are larger than 256 MiB together", "Put them into the bundle one by one.")
        return
    try:
        jobs += [_within(job, number, member, work) for number, member in enumerate(members, 1)]
    except HeldError as fault:
        job.held = fault


def _read(job: Job, kept: Cache | None) -> tuple[Member, ...]:
    """Read one document into its job, without the files within it: they are returned."""
    from .. import formats
    from ..recognizers import is_english

    relative = job.relative.reveal()
    if job.data is not None:
        document = formats.read_data(job.data, job.id, relative, Path(relative).suffix, kept)
    else:
        assert job.file is not None
        document = formats.read(job.file, job.id, relative, kept)
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
    relative = ClearText(f"{parent.relative.reveal()}{WITHIN}/{name}")
    job = Job(member_id(parent.id, number), relative, held=member.fault, shelf=parent.shelf)
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


def detect_documents(jobs: list[Job], detector: Detector, workers: Workers, progress: Progress) -> None:
    """What the recognizers say of every document that could be read, of what stood hidden in it, and of every path."""
    by_id = {job.id: job for job in jobs}
    held: dict[str, HeldError] = {}
    told = detector.detect_all(_texts(jobs), workers, lambda done: progress("detecting", min(done, len(jobs)), len(jobs)))
    for number, text, found in told:
        doc, _, part = number.partition("/")
        job = by_id[doc]
        if isinstance(found, HeldError):
            held[number] = found
        elif part == "name":
            job.named = found
        elif part == "hidden":
            job.beneath = text, found
            job.put_down("beneath")
        else:
            job.detection = found
            job.put_down("detection")
    for job in jobs:
        job.named = job.named or Detection(f"{job.id}/name", ())
        job.held = job.held or next((held[n] for n in (job.id, f"{job.id}/hidden", f"{job.id}/name") if n in held), None)


def _texts(jobs: Sequence[Job]) -> Iterator[tuple[str, str]]:
    for job in jobs:
        if job.held is None:
            yield job.id, job.text
            hidden = "\n\n".join(h.text.reveal() for h in job.document.hidden) if job.document is not None else ""
            if hidden.strip():
                yield f"{job.id}/hidden", hidden
        yield f"{job.id}/name", spaced(job.relative.reveal())


class Each(Mapping[str, T], Generic[S, T]):
    """Something of each of many values, worked out whenever it is asked for."""

    def __init__(self, values: Mapping[str, S], what: Callable[[S], T]) -> None:
        self._values, self._what = values, what

    def __getitem__(self, number: str) -> T:
        return self._what(self._values[number])

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def spaced(relative: str) -> str:
    """A path as words, character for character, so that spans count in both; the ending of a format ("odt") is no word."""
    from ..formats import in_use

    ending = Path(relative).suffix
    known = any(ending.lower() in known.extensions for known in in_use())
    stem = relative.removesuffix(ending) if known else relative
    return re.sub(r"[_\-.]", " ", stem) + " " * (len(relative) - len(stem))
