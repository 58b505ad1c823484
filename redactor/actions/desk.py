"""One bundle's publication as its reviewers look at it: what a page shows, and what a page does, by the acts of this room.

Holds the sources in memory while the desk is open (personal text, written nowhere). Not caught: somebody who looks over the
reviewer's shoulder.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..cleartext import ClearText
from ..errors import UsageError
from ..model import Role
from . import answers, overriding, publishing, signing
from .jigsaw import intruder_cards, jigsaw_findings, manifest_of, reopened
from .job import Progress
from .packs import known_persons
from .place import bundles_in, earlier_run
from .questions import Open, list_questions
from .reading import pair_of, published_sources

if TYPE_CHECKING:
    from ..handout import Pair
    from ..jigsaw import Card
    from ..store import Event
    from .job import Job
    from .summary import Combined

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
    """The bundle at a glance. `seen`: the number of the last event; `waiting`: answers and changes the copies do not show yet."""

    name: str
    policy: str
    papers: tuple[Paper, ...]
    questions: int
    blocking: int
    waiting: int
    seen: int
    signed: tuple[tuple[str, str], ...]  # sign-off → who, "" while it is missing


class Desk:
    """The desk of one reviewer over one bundle. Safe to use from several threads."""

    def __init__(self, out: Path, by: str) -> None:
        places = bundles_in(out)
        if len(places) != 1:
            raise UsageError("OUT holds several bundles. Name the folder of one")
        self.place, self.by = places[0], by
        self._lock = threading.Lock()
        self._sources: tuple[int, list[Job]] | None = None

    # ---- looking

    def glance(self) -> Glance:
        """What a reviewer sees first."""
        manifest = manifest_of(self.place)
        events, seen, waiting = self._events()
        lengths = {e.doc: int((e.personal or {}).get("length", 0)) for e in events if e.kind == "document-seen"}
        paths = {e.doc: ClearText(str((e.personal or {}).get("path", ""))) for e in events if e.kind == "document-seen"}
        held = {e.doc: e.public for e in events if e.kind == "document-held"}
        rows: dict[str, list[Event]] = defaultdict(list)
        for e in events:
            if e.kind == "decision":
                rows[e.doc].append(e)
        papers = tuple(_paper(doc, paths[doc], held.get(doc), rows[doc], lengths[doc]) for doc in paths)
        ((_, wanted, found),) = signing.sign_offs(self.place)
        names = {s.role: s.name for s in found if s.stands}
        finished = next((e.public for e in reversed(events) if e.kind == "run-finished"), {})
        return Glance(
            self.place.name,
            str(manifest["policy"]["name"]),
            papers,
            sum(not q.answer for q in list_questions(self.place)),
            int(finished.get("blocking", 0)),
            waiting,
            seen,
            tuple((role, names.get(role, "")) for role in wanted),
        )

    def questions(self) -> list[Open]:
        """The questions of the latest run, those open first."""
        return list_questions(self.place)

    def people(self) -> list[Human]:
        """Everybody of the latest run, protected persons first."""
        events, _, _ = self._events()
        counts = {e.public["person"]: (e.public, e.personal or {}) for e in events if e.kind == "person-resolved"}
        found = [
            Human(
                p.id,
                p.label,
                str(p.role),
                bool(counts[p.id][1].get("listed")),
                p.names,
                p.forms,
                counts[p.id][0]["mentions"],
                counts[p.id][0]["documents"],
                tuple((role, rule, doc) for role, rule, doc in counts[p.id][1].get("evidence", ())),
            )
            for p in known_persons(self.place)
        ]
        return sorted(found, key=lambda h: (not Role(h.role).protected, list(Role).index(Role(h.role)), h.label, h.id))

    def person(self, number: str) -> Human:
        """One person with every mention in context. Raises UsageError for an unknown id."""
        from dataclasses import replace

        known = next((h for h in self.people() if h.id == number), None)
        if known is None:
            raise UsageError("No person of this id was in the latest run")
        events, _, _ = self._events()
        texts = {job.id: job.text for job in self._jobs()}
        places = []
        for e in events:
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
        events, _, _ = self._events()
        copies = {copy.doc: copy.text for copy in reopened(self.place / "publishable", manifest_of(self.place))}
        return pair_of(job, events, copies, {p.id: p.label for p in known_persons(self.place)})

    def findings(self) -> tuple[Sequence[Combined], list[Card]]:
        """What the copies say together, and what they say of each label."""
        (found,) = jigsaw_findings(self.place)
        return found.findings, [card for _, card in intruder_cards(self.place)]

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

    def _events(self) -> tuple[list[Event], int, int]:
        """The events of the latest run, the number of the last of all, and how many answers and changes came after it."""
        with earlier_run(self.place) as (_, store):
            run = store.latest_run()
            events = list(store.events(since=run.seq if run else 0))
        since = Counter(e.kind for e in events)
        return events, events[-1].seq if events else 0, since["answer"] + since["override"]

    def _jobs(self) -> list[Job]:
        """The sources of the latest run, read once."""
        with self._lock:
            with earlier_run(self.place) as (_, store):
                run = store.latest_run()
                if run is None:
                    raise UsageError("Nothing was published here yet. Publish the bundle first")
                if self._sources is None or self._sources[0] != run.seq:
                    said: dict[str, Any] = (run.personal or {}).get("made_with", {})
                    if not said or not Path(said["bundle"]).exists():
                        raise UsageError(
                            "The sources are not where they were published from. Publish the bundle again by its path"
                        )
                    case, people = Path(said["case"]) if said["case"] else None, [Path(p) for p in said["people"]]
                    with published_sources(self.place, Path(said["bundle"]), case, people) as found:
                        self._sources = (run.seq, found.jobs)
            return self._sources[1]


def _paper(doc: str, path: ClearText, held: dict[str, Any] | None, rows: Sequence[Event], length: int) -> Paper:
    counts = Counter(str(e.public["action"]) for e in rows)
    spans = [((e.personal or {})["span"], str(e.public["action"])) for e in rows if "span" in (e.personal or {})]
    whole = max(length, *(span[1] for span, _ in spans), 1) if spans else 1
    strip = tuple((1000 * span[0] / whole, max(1.5, 1000 * (span[1] - span[0]) / whole), action) for span, action in spans)
    cause, remedy = (str(held.get("cause", "")), str(held.get("remedy", ""))) if held else ("", "")
    return Paper(doc, path, "held" if held else "publishable", cause, remedy, dict(counts), strip)
