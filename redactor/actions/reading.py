"""`restricted`: the report for reading away from the desk, written locked and never otherwise.

Needs the case key (who is who, where decisions stand) and the sources, which must be those that were published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..case import open_bundle
from ..cleartext import ClearText
from ..errors import UsageError
from .audit import verified_publication
from .handing import written
from .jigsaw import manifest_of, reopened
from .job import Job, read_documents, silent
from .latest import persons_of
from .locks import work_folder
from .place import bundles_in, earlier_run
from .plugged import formats_of

if TYPE_CHECKING:
    from ..handout import Choice, Pair
    from ..store import Event


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources of the latest run, read again: `place` is the bundle's folder in OUT, `events` are the run's. Files of
    documents within documents are there while the sources are open."""

    place: Path
    jobs: list[Job]
    events: list[Event]


@contextmanager
def published_sources(out: Path, bundle: Path, case: Path | None, people: Sequence[Path]) -> Iterator[Sources]:
    """The sources that the latest run in `out` published. Raises UsageError where they are not those, KeyFault without the
    key, AuditError where a copy was changed."""
    opened = open_bundle(bundle, case, people)
    places = [p for p in bundles_in(out) if p.name == opened.name or p.resolve() == out.resolve()]
    if len(places) != 1:
        raise UsageError("OUT holds no publication of this bundle. Name the OUT folder it was published to")
    verified_publication(places[0], None)
    with earlier_run(places[0]) as (key, store), work_folder(places[0], "reading") as work:
        run = store.latest_run()
        events = list(store.events(since=run.seq if run else 0))
        jobs = [Job(s.id, s.relative, file=s.path) for s in opened.documents]
        with formats_of(run):
            read_documents(jobs, work, silent)
        for event in events:
            said = (event.personal or {}).get("text") if event.kind == "document-seen" else None
            job = next((j for j in jobs if j.id == event.doc), None)
            if event.kind == "document-seen" and (job is None or said != key.fingerprint(job.text, "source")):
                raise UsageError("The sources are not those that were published. Publish the bundle again, then do this")
        yield Sources(places[0], jobs, events)


def restricted(
    out: Path, bundle: Path, target: Path, passphrase: str, title: str, case: Path | None = None, people: Sequence[Path] = ()
) -> int:
    """Write the restricted report of the bundle published to `out` as one locked .html file; return its documents.

    `case` and `people` (spreadsheets) are what it was published with beside its own. Raises UsageError for a weak passphrase or
    sources that are not those that were published, KeyFault without the case key, AuditError where a copy was changed.
    """
    from .. import handout

    handout.check_passphrase(passphrase)
    if target.suffix.lower() not in (".html", ".htm"):
        raise UsageError("The restricted report is an .html file. Name one with --to")
    with published_sources(out, bundle, case, people) as found:
        place, jobs, events = found.place, found.jobs, found.events
    manifest = manifest_of(place)
    copies = {copy.doc: copy.text for copy in reopened(place / "publishable", manifest)}
    known = persons_of(events)
    labels = {p.id: p.label for p in known}
    pairs = [pair_of(job, events, copies, labels) for job in jobs]
    counts = {e.public["person"]: e.public for e in events if e.kind == "person-resolved"}
    who = [
        handout.Who(
            p.label,
            str(p.role).replace("_", " "),
            tuple(n.reveal() for n in p.names),
            counts[p.id]["mentions"],
            counts[p.id]["documents"],
        )
        for p in known
    ]
    inside = handout.restricted(pairs, who, title, manifest["policy"]["name"], events[0].at[:10])
    page = handout.locked(inside, passphrase)
    with written(target, out, 0o600) as file:
        file.write_bytes(page)
    return len(pairs)


def pair_of(job: Job, events: Sequence[Event], copies: Mapping[str, ClearText], labels: Mapping[str, str]) -> Pair:
    """A source beside its copy, with every decision of the run."""
    from .. import handout

    held = next((str(e.public.get("cause", "held")) for e in events if e.kind == "document-held" and e.doc == job.id), "")
    choices = tuple(_choice(e.public, e.personal["span"], labels) for e in decisions_of(events, job.id) if e.personal)
    return handout.Pair(job.id, job.relative, ClearText(job.text), copies.get(job.id, ClearText("")), choices, held)


def decisions_of(events: Sequence[Event], doc: str) -> list[Event]:
    """The decisions in force about a document's text; their places are sealed with them."""
    own = [e for e in events if e.kind == "decision" and e.doc == doc and e.personal and "span" in e.personal]
    replaced = {e.public["replaces"] for e in own if "replaces" in e.public}
    return [e for e in own if e.public["decision"] not in replaced]


def _choice(said: Mapping[str, Any], span: Sequence[int], labels: Mapping[str, str]) -> Choice:
    from .. import handout

    return handout.Choice(
        start=int(span[0]),
        end=int(span[1]),
        kind=str(said["kind"]),
        action=str(said["action"]),
        reason=str(said["reason"]),
        rule=str(said["rule"]),
        decider=str(said["decider"]),
        label=labels.get(str(said.get("person", "")), ""),
    )
