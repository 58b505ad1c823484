"""One bundle's publication as its reviewers look at it: what a page shows, and what a page does, by the acts of this room.

Holds the sources in memory while the desk is open (personal text, written nowhere). Not caught: somebody who looks over the
reviewer's shoulder.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..cleartext import ClearText
from ..errors import UsageError
from ..model import Role
from . import answers, overriding, publishing, signing
from .called import called_with
from .jigsaw import intruder_cards, jigsaw_findings, manifest_of, reopened
from .job import Progress
from .kept import REMARKS, went_by
from .latest import persons_of
from .place import earlier_run, the_bundle_in
from .questions import Open, list_questions
from .reading import pair_of, published_sources

if TYPE_CHECKING:
    from ..handout import Pair
    from ..jigsaw import Card
    from ..store import Event
    from .job import Job
    from .summary import Combined

T = TypeVar("T")
_CONTEXT = 90  # characters on each side of a mention


@dataclass(frozen=True, slots=True)
class Paper:
    """One document at a glance: `strip` has (from, width, action) of every decision in thousandths of its text."""

    id: str
    path: ClearText
    state: str
    cause: str
    remedy: str
    counts: dict[str, int]
    strip: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True, slots=True)
class Human:
    """One person: `names` and `forms` are personal text; `evidence` as (role, rule, document), the weightiest first; `places` as
    (document, words before, words, words after)."""

    id: str
    label: str
    role: str
    listed: bool
    names: tuple[ClearText, ...] = field(repr=False)
    forms: tuple[ClearText, ...] = field(repr=False)
    mentions: int = 0
    documents: int = 0
    evidence: tuple[tuple[str, str, str], ...] = ()
    places: tuple[tuple[str, ClearText, ClearText, ClearText], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Glance:
    """What every page shows. `seen`: the number of the last event; `waiting`: answers and changes the copies do not show yet."""

    name: str
    policy: str
    questions: int
    blocking: int
    waiting: int
    seen: int


class Desk:
    """The desk of one reviewer over one bundle. Safe to use from several threads."""

    def __init__(self, out: Path, by: str) -> None:
        self.place, self.by = the_bundle_in(out), by
        self._lock, self._reading = threading.Lock(), threading.Lock()
        self._events: list[Event] = []
        self._sources: tuple[int, list[Job]] | None = None
        self._known: dict[str, tuple[int, Any]] = {}

    # ---- looking

    def glance(self) -> Glance:
        """What a reviewer sees on every page."""
        events = self._run()
        finished = next((e.public for e in reversed(events) if e.kind == "run-finished"), {})
        return Glance(
            self.place.name,
            str(manifest_of(self.place)["policy"]["name"]),
            sum(not q.answer for q in self.questions()),
            int(finished.get("blocking", 0)),
            sum(e.kind in REMARKS for e in events),
            events[-1].seq if events else 0,
        )

    def papers(self) -> tuple[Paper, ...]:
        """Every document at a glance."""
        events = self._run()
        held = {e.doc: e.public for e in events if e.kind == "document-held"}
        rows: dict[str, list[Event]] = defaultdict(list)
        for e in events:
            if e.kind == "decision":
                rows[e.doc].append(e)
        return tuple(_paper(e, held.get(e.doc), rows[e.doc]) for e in events if e.kind == "document-seen")

    def signed(self) -> tuple[tuple[str, str], ...]:
        """Each sign-off that the policy wants, and who gave it: "" while it is missing."""
        ((_, wanted, found),) = signing.sign_offs(self.place)
        names = {s.role: s.name for s in found if s.stands}
        return tuple((role, names.get(role, "")) for role in wanted)

    def questions(self) -> list[Open]:
        """The questions of the latest run, those open first."""
        return self._once("questions", lambda: list_questions(self.place))

    def people(self) -> list[Human]:
        """Everybody of the latest run, protected persons first."""
        events = self._run()
        counts = {e.public["person"]: (e.public, e.personal or {}) for e in events if e.kind == "person-resolved"}
        found = [
            Human(
                p.id,
                p.label,
                str(p.role),
                p.listed,
                p.names,
                p.forms,
                counts[p.id][0]["mentions"],
                counts[p.id][0]["documents"],
                tuple((role, rule, doc) for role, rule, doc in counts[p.id][1].get("evidence", ())),
            )
            for p in persons_of(events)
        ]
        return sorted(found, key=lambda h: (not Role(h.role).protected, list(Role).index(Role(h.role)), h.label, h.id))

    def person(self, number: str) -> Human:
        """One person with every mention in context. Raises UsageError for an unknown id."""
        known = next((h for h in self.people() if h.id == number), None)
        if known is None:
            raise UsageError("No person of this id was in the latest run")
        texts = {job.id: job.text for job in self._jobs()}
        places = []
        for e in self._run():
            if e.kind == "decision" and e.public.get("person") == number and e.doc in texts and "span" in (e.personal or {}):
                start, end = (e.personal or {})["span"]
                text = texts[e.doc]
                parts = text[max(0, start - _CONTEXT) : start], text[start:end], text[end : end + _CONTEXT]
                before, words, after = (ClearText(" ".join(part.split())) for part in parts)
                places.append((e.doc, before, words, after))
        return replace(known, places=tuple(places))

    def document(self, number: str) -> Pair:
        """A source beside its copy, with every decision. Raises UsageError for an unknown id, or where the source has changed."""
        job = next((j for j in self._jobs() if j.id == number), None)
        if job is None:
            raise UsageError("No document of this id is in this bundle")
        events, manifest = self._run(), manifest_of(self.place)
        own = manifest | {"documents": [entry for entry in manifest["documents"] if entry["id"] == number]}
        copies = {copy.doc: copy.text for copy in reopened(self.place / "publishable", own)}
        return pair_of(job, events, copies, {p.id: p.label for p in persons_of(events)})

    def findings(self) -> tuple[Sequence[Combined], list[Card]]:
        """What the copies say together, and what they say of each label."""

        def read() -> tuple[Sequence[Combined], list[Card]]:
            (found,) = jigsaw_findings(self.place)
            return found.findings, [card for _, card in intruder_cards(self.place)]

        return self._once("findings", read)

    def changes(self) -> list[overriding.Changed]:
        """Every change made by hand, the newest first."""
        return overriding.changes(self.place)

    # ---- doing

    def answer(self, reply: answers.Reply, seen: int) -> None:
        """Keep an answer, or take one back."""
        answers.answer(self.place, [reply], self.by, seen)

    def change(self, made: overriding.Change, seen: int) -> str:
        """Keep a change; its id."""
        (number,) = overriding.change(self.place, [made], self.by, seen)
        return number

    def undo(self, number: str, seen: int) -> None:
        """Take a change back."""
        overriding.undo(self.place, number, self.by, seen)

    def sign(self, passphrase: str = "") -> str:
        """Sign as whoever sits here; the role signed as."""
        ((_, role),) = signing.sign(self.place, self.by, passphrase=passphrase)
        return role

    def republish(self, progress: Progress) -> None:
        """Make the copies anew, by what was said since."""
        publishing.republish(self.place, progress=progress)

    # ---- reading

    def _run(self) -> list[Event]:
        """The events of the latest run, with answers and changes it did not go by; kept, so that a page reads new ones only."""
        with self._lock, earlier_run(self.place) as (_, store):
            last = self._events[-1:]
            new = list(store.events(since=last[0].seq)) if last else []
            if last and new[:1] == last:
                del new[0]
            else:  # first, or the store was put back from a copy meanwhile
                run = store.latest_run()
                remarks = (e for kind in REMARKS for e in store.events(kind, since=went_by(run) + 1))
                self._events = sorted((e for e in remarks if run and e.seq < run.seq), key=lambda e: e.seq)
                new = list(store.events(since=run.seq if run else 0))
            for e in new:
                if e.kind == "run-started":
                    self._events = [old for old in self._events if old.kind in REMARKS and old.seq > went_by(e)]
                self._events.append(e)
            return list(self._events)

    def _once(self, what: str, read: Callable[[], T]) -> T:
        """What was read at the last event, read again where there is a newer one."""
        last = next((e.seq for e in reversed(self._run())), 0)
        if self._known.get(what, (-1,))[0] != last:
            self._known[what] = last, read()
        found: T = self._known[what][1]
        return found

    def _jobs(self) -> list[Job]:
        """The sources of the latest run, read once."""
        run = next((e.seq for e in self._run() if e.kind == "run-started"), 0)
        with self._reading:
            if self._sources is None or self._sources[0] != run:
                with earlier_run(self.place) as (_, store):
                    called = called_with(store)
                with published_sources(self.place, called.bundle, called.case, called.people) as found:
                    self._sources = (run, found.jobs)
            return self._sources[1]


def _paper(seen: Event, held: dict[str, Any] | None, rows: Sequence[Event]) -> Paper:
    said = seen.personal or {}
    counts = Counter(str(e.public["action"]) for e in rows)
    spans = [((e.personal or {})["span"], str(e.public["action"])) for e in rows if "span" in (e.personal or {})]
    whole = max(int(said.get("length", 0)), *(span[1] for span, _ in spans), 1) if spans else 1
    strip = tuple((1000 * span[0] / whole, max(1.5, 1000 * (span[1] - span[0]) / whole), action) for span, action in spans)
    cause, remedy = (str(held.get("cause", "")), str(held.get("remedy", ""))) if held else ("", "")
    path = ClearText(str(said.get("path", "")))
    return Paper(seen.doc, path, "held" if held else "publishable", cause, remedy, dict(counts), strip)
