"""`restricted`: the report for reading away from the desk, written locked and never otherwise.

Needs the case key (who is who, where decisions stand) and the sources, which must be those that were published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..case import Bundle, open_bundle
from ..cleartext import ClearText
from ..errors import UsageError
from .audit import verified_publication
from .handing import written
from .jigsaw import manifest_of, reopened
from .job import Job, read_documents
from .packs import known_persons
from .place import bundles_in, earlier_run, work_folder

if TYPE_CHECKING:
    from ..handout import Choice, Pair
    from ..keys import CaseKey
    from ..store import Event


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
    opened = open_bundle(bundle, case, people)
    places = [p for p in bundles_in(out) if p.name == opened.name or p.resolve() == out.resolve()]
    if len(places) != 1:
        raise UsageError("OUT holds no publication of this bundle. Name the OUT folder it was published to")
    place = places[0]
    verified_publication(place, None)
    manifest = manifest_of(place)
    with earlier_run(place) as (key, store):
        run = store.latest_run()
        events = list(store.events(since=run.seq if run else 0))
        jobs = read_sources(opened, place, events, key)
    known = known_persons(place)
    copies = {copy.doc: copy.text for copy in reopened(place / "publishable", manifest)}
    pairs = [pair_of(job, events, copies, {p.id: p.label for p in known}) for job in jobs]
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


def read_sources(opened: Bundle, place: Path, events: Sequence[Event], key: CaseKey) -> list[Job]:
    """Every source of a bundle read again. Raises UsageError unless they are what the run of `events` published."""
    with work_folder(place, "desk") as work:
        jobs = [Job(s.id, s.relative, file=s.path) for s in opened.documents]
        read_documents(jobs, work, lambda _stage, _done, _all: None)
    texts = {job.id: job.text for job in jobs}
    for event in events:
        if event.kind == "document-seen":
            said = (event.personal or {}).get("text")
            if event.doc not in texts or said != key.fingerprint(texts[event.doc], "source"):
                raise UsageError("The sources are not those that were published. Publish the bundle again, then look at them")
    return jobs


def pair_of(job: Job, events: Sequence[Event], copies: Mapping[str, ClearText], labels: Mapping[str, str]) -> Pair:
    """A source beside its copy, with every decision of the run."""
    from .. import handout

    held = next((str(e.public.get("cause", "held")) for e in events if e.kind == "document-held" and e.doc == job.id), "")
    choices = tuple(_choice(e.public, e.personal["span"], labels) for e in _decisions(events, job.id) if e.personal)
    return handout.Pair(job.id, job.relative, ClearText(job.text), copies.get(job.id, ClearText("")), choices, held)


def _decisions(events: Sequence[Event], doc: str) -> list[Event]:
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
