"""`marks read`: the marks that a reviewer made in Acrobat or Word, as changes of the decisions they stand on.

A file is told by its text: it must have, word for word, the text of a document of the latest run, marks aside. Each mark becomes
a change with every guard that one has, or is told with the reason why not. The absence of a mark says nothing: a proposal that
was deleted changes no decision. Not caught: a mark that is where its maker did not mean it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..content import NOTHING, Content, flatten
from ..errors import EnvironmentFault, HeldError, UsageError
from ..model import Action, Kind, Role, Span
from .kept import UNDONE, ZERO
from .overriding import Change, change
from .place import bundles_in, earlier_run
from .reading import decisions_of

if TYPE_CHECKING:
    from ..formats.marks import Marking
    from ..keys import CaseKey
    from ..store import Event, Store

MAX_BYTES = 256 * 1024 * 1024
PARTLY = "covers only a part of words that are masked together. Mark all of them"
PROTECTED = "a survivor, child, family member or person of an order is masked there, and no mark lifts that"


@dataclass(frozen=True, slots=True)
class Left:
    """A mark, or a part of one, that was not taken: its number in the file, page (0 where there are none), sort, and why."""

    number: int
    page: int
    sort: str
    why: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What one file came to: the document it is of, ids of the changes kept, how many of them mask and keep, how many marks ask
    for what is so already, how many highlights spoke by their colour alone, how many proposals of ours nobody changed, and what
    was not taken."""

    doc: str
    changes: tuple[str, ...] = ()
    masked: int = 0
    kept: int = 0
    already: int = 0
    alone: int = 0
    untouched: int = 0
    left: tuple[Left, ...] = ()


@dataclass(slots=True)
class _Run:
    """One bundle's latest run: its folder, the keyed fingerprints of its documents' texts, its decisions, and what reviewers
    said already."""

    place: Path
    key: CaseKey
    texts: dict[str, str]
    paths: dict[str, str] = field(repr=False)
    events: list[Event] = field(repr=False)
    said: set[tuple[str, str, int, str]] = field(repr=False)

    @staticmethod
    def of(place: Path, key: CaseKey, store: Store) -> _Run:
        run = store.latest_run()
        events = list(store.events(since=run.seq if run else 0))
        seen = {e.doc: e.personal for e in events if e.kind == "document-seen" and e.personal}
        said: dict[str, tuple[str, str, int, str]] = {}
        for e in store.events("override"):
            number, personal = str(e.public["override"]), e.personal or {}
            said.pop(number, None)
            if e.public["act"] != UNDONE and personal.get("words"):
                said[number] = _place(str(e.public["act"]), e.doc, int(personal.get("start", -1)), str(personal["words"]))
        texts = {doc: str(personal["text"]) for doc, personal in seen.items()}
        paths = {doc: Path(str(personal["path"])).name for doc, personal in seen.items()}
        return _Run(place, key, texts, paths, events, set(said.values()))


def _place(act: str, doc: str, start: int, words: str) -> tuple[str, str, int, str]:
    return act, doc, start, " ".join(words.casefold().split())


@dataclass(frozen=True, slots=True)
class _Found:
    """A file's marks, and the document of a run that it is a copy of."""

    run: _Run
    doc: str
    content: Content
    marks: list[Marking]


def read_marks(out: Path, files: Sequence[Path], by: str) -> list[Taken]:
    """Take the marks of every file (.pdf, .docx, or .xfdf with its PDF file beside it) as changes made by `by`.

    All files are read before anything is kept. Raises UsageError for a file that has no document's text, KeyFault without the
    case key.
    """
    if not by.strip():
        raise UsageError("Say whose marks these are: --as NAME")
    runs = []
    for place in bundles_in(out):
        with earlier_run(place) as (key, store):
            runs.append(_Run.of(place, key, store))
    found = [_found(runs, file, number) for number, file in enumerate(files, 1)]
    return [_taken(one, by) for one in found]


# --- which document a file is --------------------------------------------------------------------------------------------


def _found(runs: Sequence[_Run], file: Path, number: int) -> _Found:
    from ..formats import marks

    try:
        for content, found in _readings(file, number):
            text = flatten(content).text.reveal()
            same = [(r, doc) for r in runs for doc, print_ in r.texts.items() if print_ == r.key.fingerprint(text, "source")]
            if len(same) > 1:  # two documents with one text: the file's name must say which
                same = [(r, doc) for r, doc in same if file.stem == doc] or [
                    (r, doc) for r, doc in same if Path(r.paths[doc]).stem == file.stem
                ]
                if len(same) != 1:
                    raise UsageError(f"File {number}: several documents have this text. Name the file by an id (d03)")
            if same:
                return _Found(*same[0], content, marks.settled(found))
    except HeldError as fault:
        raise UsageError(f"File {number}: {fault.cause}. {fault.remedy}") from None
    raise UsageError(
        f"File {number}: its text is not that of a document of the latest run. Mark a file of `redactor marks write`, or the "
        "source as it was published, and change no word in it"
    )


def _readings(file: Path, number: int) -> Iterator[tuple[Content, list[Marking]]]:
    """A file as it may have to be read so that its text is the source's: without its marks, with them, without anything that
    lies on its pages."""
    from ..formats import marks_docx, marks_files, marks_pdf
    from ..formats._format import is_zip
    from ..formats.pdf import is_pdf

    data = _bytes(file, number)
    modes: tuple[str, ...]
    read: Callable[[str], tuple[Content, list[Marking]]]
    if is_pdf(data, file.suffix.lower()):
        modes, read = marks_pdf.MODES, lambda mode: marks_files.read_pdf(data, mode)
    elif is_zip(data):
        modes, read = marks_docx.MODES, lambda mode: marks_files.read_docx(data, mode)
    else:
        pages = _beside(file, data, number)
        modes, read = marks_pdf.MODES, lambda mode: marks_files.read_pdf(pages, mode, data)
    for mode in modes:
        yield read(mode)


def _bytes(file: Path, number: int) -> bytes:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UsageError(f"File {number}: it is larger than 256 MiB. Split the document")
        return file.read_bytes()
    except OSError as fault:
        raise EnvironmentFault(f"File {number} cannot be read ({fault.strerror}). Check its name and rights") from None


def _beside(file: Path, data: bytes, number: int) -> bytes:
    """The PDF file that an XFDF file is about: beside it, under its own name or the one it gives; no path is followed."""
    from ..formats import marks_files
    from ..formats.pdf import is_pdf

    named = marks_files.pdf_named(data)
    for name in (f"{file.stem}.pdf", f"{file.stem}.PDF", named):
        if name and name not in (".", "..") and "\0" not in name and (file.parent / name).is_file():
            pages = _bytes(file.parent / name, number)
            if is_pdf(pages, ".pdf"):
                return pages
    raise UsageError(f"File {number}: the PDF file it is about does not lie beside it. Put it there under the same name (.pdf)")


# --- marks → changes -----------------------------------------------------------------------------------------------------


def _taken(found: _Found, by: str) -> Taken:
    """Make the changes that the marks of one file ask for: all of them together, else one by one, so that none is lost for
    another's fault."""
    plan = _Plan(found)
    for mark in found.marks:
        plan.add(mark)
    numbers: list[str] = []
    masked = kept = 0
    left = list(plan.left)
    for made, number in _kept(found.run.place, plan.wanted, by, left):
        numbers.append(number)
        masked += made.act == "mask"
        kept += made.act == "keep"
    left.sort(key=lambda one: one.number)
    alone = sum(mark.alone and any(m is mark for m, _ in plan.wanted) for mark in found.marks)
    return Taken(found.doc, tuple(numbers), masked, kept, plan.already, alone, plan.untouched, tuple(left))


def _kept(place: Path, wanted: Sequence[tuple[Marking, Change]], by: str, left: list[Left]) -> Iterator[tuple[Change, str]]:
    """Each change that could be kept with its id; the others are added to `left`."""
    changes = [each for _, each in wanted]
    if not changes:
        return
    try:
        yield from zip(changes, change(place, changes, by), strict=True)
        return
    except UsageError:
        pass  # one of them is refused: each by itself, to tell which and why
    for mark, each in wanted:
        tries = [each] if each.act == "keep" or not each.reason else [each, replace(each, reason=NOTHING)]
        for attempt in tries:  # a reason that names somebody is not kept; the words are masked all the same
            try:
                yield attempt, change(place, [attempt], by)[0]
                break
            except UsageError as fault:
                if attempt is tries[-1]:
                    left.append(Left(mark.number, mark.page, mark.sort, str(fault)))


class _Plan:
    """What the marks of one file ask for, held against the decisions of the latest run."""

    def __init__(self, found: _Found) -> None:
        flat = flatten(found.content)
        self.doc, self.text = found.doc, flat.text.reveal()
        self.pieces = [Span(p.start, p.end) for p in flat.pieces if p.end > p.start]
        self.said = set(found.run.said)
        self.decisions = [
            (Span(*e.personal["span"]), Action(e.public["action"]), e.public) for e in decisions_of(found.run.events, found.doc)
            if e.personal
        ]  # fmt: skip
        self.wanted: list[tuple[Marking, Change]] = []
        self.left: list[Left] = []
        self.already = self.untouched = 0

    def add(self, mark: Marking) -> None:
        """What one mark asks for."""
        from ..formats.marks import REDACT

        if mark.own:
            self.untouched += 1
            return
        if mark.trouble:
            self.leave(mark, mark.trouble)
        asked = [each for span in mark.spans for each in (self.mask if mark.act == REDACT else self.keep)(mark, span)]
        new = []
        for each in asked:
            place = _place(each.act, each.doc, each.start, each.words.reveal())
            if place not in self.said:
                self.said.add(place)
                new.append((mark, each))
        if mark.spans and not new and not any(one.number == mark.number for one in self.left):
            self.already += 1
        self.wanted += new

    def leave(self, mark: Marking, why: str) -> None:
        """Tell of a mark that is not taken, once for each reason."""
        one = Left(mark.number, mark.page, mark.sort, why)
        if one not in self.left:
            self.left.append(one)

    def mask(self, mark: Marking, span: Span) -> Iterator[Change]:
        """Words that are to go: whole ones, each paragraph's by themselves, and only where they are not masked yet."""
        for piece in self.pieces:
            part = self.whole(Span(max(span.start, piece.start), min(span.end, piece.end)), piece)
            if part is None:
                continue
            words = ClearText(self.text[part.start : part.end])
            if mark.everywhere:
                yield Change("mask", words, kind=mark.kind, reason=mark.reason)
            elif not self.masked(part):
                yield Change("mask", words, self.doc, part.start, mark.kind, reason=mark.reason)

    def whole(self, part: Span, piece: Span) -> Span | None:
        """A part of a paragraph out to the ends of its words, without the signs around them; None where it has none."""
        start, end = part.start, part.end
        while start < end and not self.text[start].isalnum():
            start += 1
        while end > start and not self.text[end - 1].isalnum():
            end -= 1
        if start >= end:
            return None
        while start > piece.start and self.text[start - 1].isalnum():
            start -= 1
        while end < piece.end and self.text[end].isalnum():
            end += 1
        return Span(start, end)

    def masked(self, part: Span) -> bool:
        """Whether every letter and digit of a part is masked already."""
        over = [span for span, action, _ in self.decisions if action is Action.MASK and span.overlaps(part)]
        return all(any(s.start <= at < s.end for s in over) for at in range(part.start, part.end) if self.text[at].isalnum())

    def keep(self, mark: Marking, span: Span) -> Iterator[Change]:
        """Words that are to stay: those that are masked or made coarser and lie wholly under the mark."""
        from ..formats.marks import NO_REASON

        over = [(s, public) for s, action, public in self.decisions if action is not Action.KEEP and s.overlaps(span)]
        for place, public in over:
            bare = self.whole(place, place) or place
            if not (span.start <= bare.start and bare.end <= span.end):
                self.leave(mark, PARTLY)
            elif Role(public.get("role", Role.UNKNOWN)) in ZERO or str(public["reason"]).startswith("R-ORDER"):
                self.leave(mark, PROTECTED)
            elif not mark.reason:
                self.leave(mark, NO_REASON)
            else:
                words, everywhere = ClearText(self.text[bare.start : bare.end]), mark.everywhere
                at = ("", -1) if everywhere else (self.doc, bare.start)
                yield Change("keep", words, *at, str(Kind(public["kind"])), reason=mark.reason)
