"""`check`: what a draft holds that its copy would not, told to whoever writes it, before anything is published.

A remark says where, what kind, by which rule, and what the copy would say there; never the words found. It stands in the draft
already, and a list of remarks is passed on more lightly than a draft. The words suggested are those of the copy, so they hold no
protected form; a label without its number means that no publication has given this person one yet.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ..content import Block, Content, Table, flatten
from ..errors import EnvironmentFault, ExitCode, UsageError
from ..folding import Finder, folded
from ..model import Action, Decision, Kind, Span
from .drafting import Draft, Ground, Judged, ground_of, judge_drafts, worded
from .jigsaw import together
from .job import Job

if TYPE_CHECKING:
    from ..formats.lines import Lines
    from .summary import At, Combined

ERROR, WARNING, NOTE = "error", "warning", "note"
_LEVELS = {"block": ERROR, "warn": WARNING, "info": NOTE}
_PEOPLE = frozenset({Kind.NAME, Kind.INITIALS, Kind.ALIAS})
_TICK = 500  # milliseconds


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a draft. Lines and columns count from 1 in characters, the end exclusive; `line` 0: the file has no lines, or the
    place in it cannot be told, and `where` says in which paragraph, table cell or part, `column` counting within it. `exact`: the
    place holds exactly the words that a suggestion replaces. `where` is "" for a place with a line."""

    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    length: int = 0
    where: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing a draft should not say as it does. `file` is the path as it was given (it may hold names); `level` is error (must
    go), warning (is softened, or somebody should look) or note; `kind` a kind of finding, "jigsaw", "hidden" or "held"; `rule`
    the policy's line or the jigsaw rule; `reason` its code. `suggestion` is what the copy would say, "" where it would say
    nothing or where there is no one place to change. `message` is a sentence without a word of the draft."""

    file: str = field(repr=False)
    place: Place
    level: str
    kind: str
    rule: str
    reason: str
    message: str
    suggestion: str = ""
    related: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What drafts hold: remarks in the order of the files and places."""

    policy: str
    files: int
    remarks: tuple[Remark, ...]

    @property
    def exit_code(self) -> ExitCode:
        """1 where anything but a note was found, as for a document that is held or blocked."""
        return ExitCode.HELD if any(r.level != NOTE for r in self.remarks) else ExitCode.OK

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        return asdict(self)


def check(drafts: Sequence[Draft], case: Path | None = None, *, policy: str | None = None) -> Checked:
    """What the drafts hold, judged together as `publish` would judge them; `case` and `policy` as `drafting.ground_of` has them.

    A draft that cannot be read, or is not English, is a remark of its own. Raises UsageError, and what `ground_of` raises.
    """
    if not drafts:
        raise UsageError("No draft was given. Name a file, or - for standard input")
    from ..formats import begin_reader

    begin_reader()  # it gets ready while the ground is laid
    ground = ground_of(case, policy)
    judged = judge_drafts(drafts, ground)
    names = _Names(judged)
    places = {job.id: _Places(job) for job in judged.jobs if job.held is None and job.document is not None}
    remarks = [
        *_held(judged),
        *_masked(judged, ground, names, places),
        *_named(judged, ground),
        *_hidden(judged, names),
        *_together(judged, ground, names, places),
    ]
    named = {f"f{number:02}": draft.name for number, draft in enumerate(drafts, 1)}
    order = {doc: number for number, doc in enumerate(named)}
    remarks.sort(key=lambda row: (order[_top(row[0])], row[1].place.line, row[1].place.column))
    told = tuple(dict.fromkeys(replace(remark, file=named[_top(doc)]) for doc, remark in remarks))
    return Checked(ground.policy.name, len(drafts), told)


def draft_of(path: Path, number: int = 1) -> Draft:
    """A draft from a file; `number` is its place among those that were named, for the sentence of a fault."""
    from ..formats import MAX_BYTES

    if not path.exists():
        raise UsageError(f"File {number} of those named is not there. Check the path you typed")
    if not path.is_file():
        raise UsageError(f"File {number} of those named is no file. Name the drafts themselves")
    try:
        with path.open("rb") as opened:
            return Draft(str(path), opened.read(MAX_BYTES + 1))
    except OSError as fault:
        raise EnvironmentFault(f"File {number} of those named cannot be read ({fault.strerror}). Check its rights") from None


def draft_from(stream: BinaryIO, name: str) -> Draft:
    """A draft from a stream, called `name`."""
    from ..formats import MAX_BYTES

    return Draft(name, stream.read(MAX_BYTES + 1))


def watch_drafts(
    paths: Sequence[Path],
    case: Path | None,
    told: Callable[[Checked], None],
    *,
    policy: str | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Check the files now and after every save, until `stop` is set or the user interrupts; `told` is called after each."""
    from watchfiles import watch as changes

    told(check([draft_of(path, n) for n, path in enumerate(paths, 1)], case, policy=policy))
    watched = {str(path.resolve()) for path in paths}
    folders = sorted({path.resolve().parent for path in paths})
    try:
        for _ in changes(
            *folders, watch_filter=lambda _, path: path in watched, stop_event=stop, rust_timeout=_TICK, debounce=200, step=20,
            recursive=False,
        ):  # fmt: skip
            if all(path.is_file() for path in paths):  # an editor may put the new file in place a moment after the old one goes
                told(check([draft_of(path, n) for n, path in enumerate(paths, 1)], case, policy=policy))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        raise EnvironmentFault(
            "A folder of the drafts cannot be watched. Check that it is there and that you may read it"
        ) from None


# ---- the remarks, each with the id of its document ---------------------------------------------------------------------

Told = tuple[str, Remark]


def _held(judged: Judged) -> Iterator[Told]:
    for job in judged.jobs:
        if job.held is not None:
            yield job.id, _said(Place(where=_within(job.id)), ERROR, "held", "held", "", f"{job.held.cause}. {job.held.remedy}")


def _masked(judged: Judged, ground: Ground, names: _Names, places: Mapping[str, _Places]) -> Iterator[Told]:
    """Every span that would not stay."""
    shown = {person: _shown(label, ground) for person, label in judged.labels.items()}
    jobs = {job.id: job for job in judged.jobs}
    for doc, replaced in worded(judged, shown, ground.policy).items():
        job = jobs[doc]
        own = [d for d in job.decisions if d.doc == doc and d.action is not Action.KEEP]
        for span, words in replaced.items():
            among = [d for d in own if d.span.overlaps(span)]
            if among:
                d = max(among, key=_weight)
                yield doc, _decided(d, places[doc].of(span), words if d.kind in _PEOPLE else names.plain(words))


def _named(judged: Judged, ground: Ground) -> Iterator[Told]:
    """Names in the names of files."""
    for job in judged.jobs:
        for d in job.decisions:
            if d.doc != job.id:
                column = d.span.start + 1
                place = Place(column=column, length=len(d.span), where=_within(job.id) + "file name")
                yield job.id, _decided(d, place, _shown(judged.labels.get(d.person, "[name withheld]"), ground))


def _hidden(judged: Judged, names: _Names) -> Iterator[Told]:
    """Names where no reader looks. No copy has them; who is sent the draft itself has."""
    for job in judged.jobs:
        if job.held is None and job.document is not None:
            for hidden in job.document.hidden:
                if names.are_in(hidden.text.reveal()):
                    said = "A protected name where no reader looks. No copy has it; the draft has: take it out before you send it"
                    yield job.id, _said(Place(where=_within(job.id) + hidden.place), WARNING, "hidden", "hidden", "R-META", said)


def _together(judged: Judged, ground: Ground, names: _Names, places: Mapping[str, _Places]) -> Iterator[Told]:
    """What the drafts say when they are put together, among themselves and with what was published."""
    from ..jigsaw import Copy
    from ..wording_edits import masked_text

    jobs = {job.id: job for job in judged.jobs if job.held is None and job.document is not None}
    replaced = worded(judged, judged.labels, ground.policy)
    masked = {i: masked_text(job.document.content, replaced[i]) for i, job in jobs.items() if job.document is not None}
    found = together([Copy(doc, text.text) for doc, text in masked.items()], judged.basis, ground.policy)
    for finding in found:
        at = [(here.doc, places[here.doc].of(masked[here.doc].back(Span(here.start, here.end)))) for here in finding.at]
        doc, place = at[0] if at else (next(iter(jobs), "f01"), Place())
        about = f"{_shown(finding.label, ground)}: " if finding.label else ""
        words = _proposed(finding, finding.at[0]) if finding.at else ""
        detail = f" ({finding.detail.replace('-', ' ')})" if finding.detail else ""
        message = f"{about}facts that tell who it is when they are put together{detail}. {finding.fix}"
        related = tuple(p for d, p in at[1:] if _top(d) == _top(doc))
        yield (
            doc,
            _said(
                place,
                _LEVELS[finding.level],
                "jigsaw",
                finding.rule,
                f"R-JIG:{finding.rule}",
                message,
                names.plain(words),
                related,
            ),
        )


def _proposed(finding: Combined, here: At) -> str:
    return next((p.words for p in finding.proposals if (p.doc, p.start, p.end) == (here.doc, here.start, here.end)), "")


def _decided(d: Decision, place: Place, words: str) -> Remark:
    """A decision as a remark."""
    what = _WHAT.get(d.kind, f"{d.kind} of a protected person")
    verb = "would go" if d.action is Action.MASK else "would be told less exactly"
    asks = ". Somebody must decide on it" if d.asks else ""
    said = f"{what[0].upper()}{what[1:]}, which {verb}{asks}"
    return _said(place, ERROR if d.action is Action.MASK else WARNING, str(d.kind), d.rule, d.reason, said, words)


_WHAT = {
    Kind.NAME: "the name of a protected person",
    Kind.INITIALS: "the initials of a protected person",
    Kind.ALIAS: "what a protected person is called",
    Kind.DOB: "the date of birth of a protected person",
    Kind.ID: "a number that stands for a person",
    Kind.KIN: "how somebody is related to a protected person",
    Kind.WORK: "where a protected person works",
    Kind.PLACE: "a place that tells of a protected person",
    Kind.DATE: "a date that tells of a protected person",
    Kind.DISTINCTIVE: "something that only few people could be",
}


def _said(
    place: Place,
    level: str,
    kind: str,
    rule: str,
    reason: str,
    message: str,
    suggestion: str = "",
    related: tuple[Place, ...] = (),
) -> Remark:
    return Remark("", place, level, kind, rule, reason, message, suggestion, related)


def _weight(d: Decision) -> tuple[bool, bool, int]:
    return d.action is Action.MASK, d.kind in _PEOPLE, len(d.span)


def _top(doc: str) -> str:
    return doc.partition(".")[0]


def _within(doc: str) -> str:
    _, dot, number = doc.partition(".")
    return f"file {number} within, " if dot else ""


def _shown(label: str, ground: Ground) -> str:
    """A label as the copies have it; without its number, or as no name at all, where no publication has given it."""
    if label in ground.labels or not label:
        return label
    return re.sub(r" \d+(?=\]|['’]s )", "", label) if label.startswith("[") else "[a changed name]"


class _Names:
    """The names that must not be told."""

    def __init__(self, judged: Judged) -> None:
        self._forms = Finder(form for _, kind, form in judged.probes.wanted if kind is Kind.NAME)

    def are_in(self, words: str) -> bool:
        """Whether one of them stands there."""
        return any(True for _ in self._forms.find(folded(words)))

    def plain(self, words: str) -> str:
        """Suggested words of a fact, without more where they would hold such a name."""
        return "[detail withheld]" if self.are_in(words) else words


# ---- places ------------------------------------------------------------------------------------------------------------


class _Places:
    """Places in one document: by line where its file has lines, else by paragraph or table cell."""

    def __init__(self, job: Job) -> None:
        from ..formats import format_named
        from ..formats.lines import LINED, Lines

        assert job.document is not None
        self._prefix = _within(job.id)
        self._flat = flatten(job.document.content)
        self._names = list(_blocks(job.document.content))
        form = format_named(job.document.media).name
        self._lines: Lines | None = None
        if form in LINED and not self._prefix and job.data is not None:
            self._lines = Lines(job.data, form, job.document.content)

    def of(self, span: Span) -> Place:
        """Where characters of the flat text stand."""
        from ..formats.lines import block_at

        if self._lines is not None and (region := self._lines.region(span)) is not None:
            return Place(region.line, region.column, region.end_line, region.end_column, len(span), "", region.exact)
        piece = block_at(self._flat.pieces, span.start)
        if piece is None:
            return Place(length=len(span))
        return Place(
            column=max(0, span.start - piece.start) + 1,
            length=len(span),
            where=self._prefix + self._names[piece.block],
            exact=True,
        )


def _blocks(content: Content) -> Iterator[str]:
    """What each block is called: "paragraph 3", counted as the questions and the log count them, or a cell of a table."""
    number = tables = 0
    for node in content.body:
        if isinstance(node, Block):
            number += 1
            yield f"paragraph {number}"
        elif isinstance(node, Table):
            tables += 1
            for r, row in enumerate(node.rows, 1):
                for c, cell in enumerate(row, 1):
                    for _ in cell.blocks:
                        number += 1
                        yield f"table {tables}, row {r}, cell {c}"
