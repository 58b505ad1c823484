"""What an act gives back: plain values without a word of a document, for the command, the page and Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ExitCode
from .intake import Found, found_in

if TYPE_CHECKING:
    from ..case import Bundle
    from ..keys import CaseKey
    from ..policy import Policy
    from .job import Job


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """What became of one document: "publishable" with the copy's path below publishable/documents, or "held" and why."""

    id: str
    state: str
    path: str = ""
    cause: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for the team, without personal text: id, label in the copies, a guess, and how much it settles.

    `about` is "person", "same" (`other` is then the label of the one it may be), "shared" (a name several bear), "doubt" (of an
    entry of the case) or "fact". `rules` are those of what the copies say together of the label, or the code of a doubt; with an
    empty guess they alone are asked about, and `doc` is the document they speak of where no one label is concerned ("" for the
    whole bundle).
    """

    id: str
    label: str
    guess: str
    mentions: int
    documents: int
    rules: tuple[str, ...] = ()
    doc: str = ""
    about: str = "person"
    other: str = ""


@dataclass(frozen=True, slots=True, order=True)
class At:
    """A place in a copy: document, paragraph counted from 1 (a list item or table row is one), characters of its flat text."""

    doc: str
    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change that somebody may decide on, at a place: the kind and action of the decision it would become ("relabel": a new
    label), and what would stand there."""

    doc: str
    paragraph: int
    start: int
    end: int
    kind: str
    action: str
    words: str


@dataclass(frozen=True, slots=True)
class Combined:
    """What the finished copies of a bundle say together (jigsaw): rule, level (block, warn, info), the label it is about, the
    first document, where, and the smallest change in words and as proposals. `key` stays the same while the finding does."""

    rule: str
    level: str
    label: str
    doc: str
    detail: str
    fix: str
    at: tuple[At, ...] = ()
    proposals: tuple[Proposed, ...] = ()
    key: str = ""

    @property
    def places(self) -> int:
        """In how many places."""
        return len(self.at)


@dataclass(frozen=True, slots=True)
class Summary:
    """One bundle's run. Counts are of decisions: role or kind → action → how many. `intake`: what stood hidden in
    the sources and is in no copy, and what is wrong with them."""

    bundle: str
    folder: str
    policy: str
    case_known: bool
    documents: tuple[DocumentResult, ...]
    by_role: Mapping[str, Mapping[str, int]]
    by_kind: Mapping[str, Mapping[str, int]]
    questions: tuple[Asked, ...]
    key_path: str
    public_key: str
    findings: tuple[Combined, ...] = ()
    intake: tuple[Found, ...] = ()
    skipped: int = 0
    notes: tuple[str, ...] = ()

    @property
    def publishable(self) -> int:
        """How many documents passed verification."""
        return sum(d.state == "publishable" for d in self.documents)

    @property
    def held(self) -> int:
        """How many documents are held."""
        return len(self.documents) - self.publishable

    @property
    def blocking(self) -> int:
        """How many jigsaw findings keep the bundle from being released."""
        return sum(f.level == "block" for f in self.findings)

    @property
    def exit_code(self) -> ExitCode:
        """What the command returns for this bundle."""
        return ExitCode.HELD if self.held or self.blocking else ExitCode.OK

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        return {**asdict(self), "publishable": self.publishable, "held": self.held, "blocking": self.blocking}


def summary_of(
    bundle: Bundle,
    place: Path,
    policy: Policy,
    jobs: Sequence[Job],
    asked: tuple[Asked, ...],
    found: tuple[Combined, ...],
    key_id: str,
    key: CaseKey,
) -> Summary:
    """What a run has to say for itself."""
    from ..keys import key_path

    by_role: dict[str, Counter[str]] = defaultdict(Counter)
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for d in (d for job in jobs for d in job.decisions if job.held is None and d.doc == job.id):
        by_kind[str(d.kind)][str(d.action)] += 1
        if d.role is not None:
            by_role[str(d.role)][str(d.action)] += 1
    results = tuple(
        DocumentResult(job.id, "held", "", job.held.cause, job.held.remedy)
        if job.held
        else DocumentResult(job.id, "publishable", next(iter(job.published), ""))
        for job in jobs
    )
    notes = tuple(f"weakened by authority: {w.key}" for w in policy.weakened)
    if noted := sum(job.noted for job in jobs):
        notes += (f"names are changed in {noted} of the copies, which end with the editor's note",)
    return Summary(
        bundle.name,
        str(place),
        policy.name,
        bundle.case_known,
        results,
        _plain(by_role),
        _plain(by_kind),
        asked,
        str(key_path(key_id)),
        key.public_key(),
        found,
        tuple(row for job in jobs if job.document is not None for row in found_in(job.document)),
        bundle.skipped,
        notes,
    )


def _plain(table: Mapping[str, Counter[str]]) -> dict[str, dict[str, int]]:
    return {name: dict(sorted(row.items())) for name, row in sorted(table.items())}
