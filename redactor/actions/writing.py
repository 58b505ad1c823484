"""The copies are written anew, each from its masked content alone: on many processes where there is enough to do.

What copies are called is settled here, one after the other; what stands in them is a function of a document and of what all
share, wherever it is worked out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..content import Content, flatten
from ..errors import HeldError
from ..folding import Finder, folded
from ..model import Kind, Span
from ..policy import Policy
from .file_names import FileNames
from .job import Job, Progress, spaced
from .kept_copies import KeptCopies
from .workers import Workers, much

if TYPE_CHECKING:
    from ..decide_everywhere import Probes
    from ..formats import Format, Letterhead
    from .cache import Cache


@dataclass(frozen=True, repr=False)
class Pen:
    """What the copies of all documents are written with. Personal text; `wanted`: the forms over which pictures are painted."""

    labels: Mapping[str, str]
    policy: Policy
    letterhead: Letterhead | None
    names: frozenset[str]
    wanted: tuple[ClearText, ...]

    @cached_property
    def forms(self) -> Finder:
        """The forms, made ready once in a process."""
        return Finder(self.wanted)


@dataclass(frozen=True, slots=True, repr=False)
class Written:
    """The copies of one document, in the order of the formats that were asked for; the pages of a picture, painted, each with the
    words that stay in it; the text all were made from, the words that were put in, and whether the note was."""

    copies: tuple[bytes, ...]
    pages: tuple[tuple[bytes, ClearText], ...]
    expected: ClearText
    put: str
    noted: bool


def write_copies(
    jobs: list[Job],
    probes: Probes,
    labels: Mapping[str, str],
    policy: Policy,
    also: tuple[str, ...],
    letterhead: Letterhead | None,
    work: Path,
    workers: Workers,
    progress: Progress,
    cache: Cache,
) -> None:
    """Every copy of every document, masked, in the work folder; its job has the text that it was made from, for
    verification. What was written before, and from the same, is taken from `cache`."""
    from .. import formats

    live = [job for job in jobs if job.held is None and job.document is not None]
    named = _named(live, probes, labels, policy, also)
    paint = policy.pictures == "keep-painted"
    pen = Pen(labels, policy, letterhead, single_names(probes), tuple(form for _, _, form in probes.wanted) if paint else ())
    pages: dict[str, list[tuple[Path, ClearText]]] = {}
    progress("writing", 0, len(live))
    asked = [(job, tuple(named[job.id].values())) for job in live]
    for done, (number, made) in enumerate(_made(asked, paint, pen, KeptCopies(cache, pen), workers), 1):
        job = live[number]
        if isinstance(made, HeldError):
            job.held = made
        else:
            job.put, job.noted, job.expected, job.published = made.put, made.noted, made.expected, dict(named[job.id])
            job.put_down("put", "expected")
            for path, data in zip(named[job.id], made.copies, strict=True):
                formats.put(work / "publishable" / "documents" / path, data)
            for page, (data, kept) in enumerate(made.pages, 1):
                pages.setdefault(job.id, []).append((work / "pages" / f"{job.id}-{page}.png", kept))
                formats.put(pages[job.id][-1][0], data)
        progress("writing", done, len(live))
    _name_pages(live, pages, {path.casefold() for paths in named.values() for path in paths}, work)


def _made(
    asked: Sequence[tuple[Job, tuple[str, ...]]], paint: bool, pen: Pen, kept: KeptCopies, workers: Workers
) -> Iterator[tuple[int, Written | HeldError]]:
    """The copies of each document by its place in `asked`, as they are ready: those that are kept, then the others, written."""
    new: list[int] = []
    for number, (job, wanted) in enumerate(asked):
        if (known := kept.get(kept.made_from(_bare(job, paint), wanted))) is not None:
            yield number, known
        else:
            new.append(number)
    rest = ((_bare(job, paint), wanted) for job, wanted in (asked[number] for number in new))
    worth = much((job.text, wanted) for job, wanted in (asked[number] for number in new))
    for at, made in workers.each(written, rest, worth, pen):
        job, wanted = asked[new[at]]
        if isinstance(made, Written):
            kept.put(kept.made_from(_bare(job, paint), wanted), made)
        yield new[at], made


def written(pen: Pen, job: Job, wanted: Sequence[str]) -> Written:
    """The copies of one document, of each media type `wanted`. Raises HeldError."""
    from .. import formats
    from ..wording import replacements

    if job.held is not None:
        raise job.held
    assert job.document is not None
    with formats.using(pen.policy.plugged("formats")):
        replaced = replacements([d for d in job.decisions if d.doc == job.id], job.text, pen.labels, pen.policy, pen.names)
        masked = masked_content(job, job.document.content, replaced, pen.labels, pen.policy)
        copies = tuple(formats.made(masked, media, pen.letterhead) for media in wanted)
        pages: tuple[tuple[bytes, ClearText], ...] = ()
        if job.data is not None:
            pages = tuple(formats.painted(job.data, job.document, replaced, lambda text: any(pen.forms.find(folded(text)))))
    return Written(copies, pages, flatten(masked).text, job.put, job.noted)


def single_names(probes: Probes) -> frozenset[str]:
    """The protected names of one word, with which no fact is worded. Personal text."""
    return frozenset(form.reveal() for _, kind, form in probes.wanted if kind is Kind.NAME and " " not in form.reveal())


def masked_content(
    job: Job, content: Content, replaced: Mapping[Span, str], labels: Mapping[str, str], policy: Policy
) -> Content:
    """What a document's copies are written from, with the editor's note where names are changed; the words that were put in are
    noted in the job. Raises HeldError."""
    from ..wording import apply, uses_changed_name, with_note

    job.put = "\n".join(replaced.values())
    masked = apply(content, replaced)
    if uses_changed_name(replaced.values(), labels):
        masked, job.noted, job.put = with_note(masked, policy.labels.note), True, f"{job.put}\n{policy.labels.note}"
    return masked


def _bare(job: Job, paint: bool) -> Job:
    """What of a document its copies are written from; the file itself where it is a picture to be painted over."""
    from .. import formats

    assert job.document is not None
    document = replace(job.document, hidden=(), members=())
    bare = replace(job, document=document, detection=None, named=None, beneath=None, file=None, data=None, shelf=None)
    try:
        return replace(bare, data=formats.picture_of(job.file, document)) if paint and job.file is not None else bare
    except HeldError as fault:  # the file is gone
        return replace(bare, held=fault)


# --- what copies are called ---------------------------------------------------------------------------------------------


def _named(
    jobs: Sequence[Job], probes: Probes, labels: Mapping[str, str], policy: Policy, also: Sequence[str]
) -> dict[str, dict[str, str]]:
    """For each document the relative paths of its copies, and the media type of each."""
    from .. import formats
    from ..wording import published_name, replacements

    file_names = FileNames((kind, form) for _, kind, form in probes.wanted)
    taken: set[str] = set()
    found: dict[str, dict[str, str]] = {}
    for job in jobs:
        assert job.document is not None
        title = [d for d in job.decisions if d.doc != job.id]
        relative = published_name(job.relative.reveal(), replacements(title, spaced(job.relative.reveal()), labels, policy))
        relative = file_names.swept(relative)
        known = formats.written_as(formats.format_named(job.document.media))
        wanted = [known, *(formats.written_as(formats.format_named(a)) for a in (*known.further, *also))]
        found[job.id] = {
            _free_name(_ended(relative, one, one is known), taken, job.id): one.media for one in dict.fromkeys(wanted)
        }
    return found


def _ended(relative: str, known: Format, own: bool) -> str:
    """The path with the ending of the format; the source's `own` may keep the one it has."""
    path = Path(relative)
    return relative if own and path.suffix.lower() in known.extensions else str(path.with_suffix(known.extensions[0]))


def _name_pages(jobs: Sequence[Job], pages: Mapping[str, list[tuple[Path, ClearText]]], taken: set[str], work: Path) -> None:
    """Put each painted page beside the copy of its text, under a name that no copy has."""
    for job in jobs:
        base = Path(next(iter(job.published), ""))
        for number, (page, kept) in enumerate(pages.get(job.id, ()), 1):
            path = _free_name(str(base.with_name(f"{base.stem}-page-{number}.png")), taken, job.id)
            page.replace(work / "publishable" / "documents" / path)
            job.published[path] = "image/png"
            job.painted[path] = kept


def _free_name(path: str, taken: set[str], doc: str) -> str:
    """The path, with the document's id put in where another copy has it already (names differ by case alone on some disks)."""
    if path.casefold() in taken:
        base = Path(path)
        path = str(base.with_name(f"{base.stem}-{doc}{base.suffix}"))
    taken.add(path.casefold())
    return path
