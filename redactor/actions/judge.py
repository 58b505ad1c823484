"""The stages that look at the whole bundle: who is who, what they are called, what is decided, and what is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..case import Bundle
from ..cleartext import ClearText
from ..model import Action, Detection, Document, Kind, Person
from ..policy import Policy
from .job import Job, spaced
from .summary import Asked

if TYPE_CHECKING:
    from ..keys import CaseKey
    from ..model import Resolution
    from ..store import Store
    from .detector import Detector


def resolve_bundle(
    jobs: list[Job], bundle: Bundle, policy: Policy, detector: Detector
) -> tuple[Resolution, dict[str, Detection]]:
    """Persons over the bundle. File names are read as texts of their own; what stood hidden is learnt from, nothing more."""
    from ..content import Block, BlockKind, Content
    from ..people import resolve

    texts: dict[str, str] = {}
    detections: dict[str, Detection] = {}
    documents: list[Document] = []
    names: dict[str, Detection] = {}
    for job in jobs:
        title = f"{job.id}/name"
        texts[title] = spaced(job.relative.reveal())
        detections[title] = names[title] = detector.detect(title, texts[title])
        block = Block(BlockKind.PARAGRAPH, ClearText(texts[title]))
        named = Document(title, job.relative, "text/plain", Content((block,)))
        if job.held is None and job.document is not None and job.detection is not None:
            texts[job.id], detections[job.id] = job.text, job.detection
            documents.append(job.document)
            hidden = "\n\n".join(h.text.reveal() for h in job.document.hidden)
            if hidden.strip():
                texts[f"{job.id}/hidden"] = hidden
                detections[f"{job.id}/hidden"] = detector.detect(f"{job.id}/hidden", hidden)
        documents.append(named)
    return resolve(documents, texts, detections, bundle.case, policy), names


def labels_for(resolution: Resolution, jobs: list[Job], policy: Policy, store: Store, key: CaseKey) -> dict[str, str]:
    """A label for every masked person; those of an earlier run are kept, matched by the forms they were given for."""
    from ..wording import assign_labels

    wanted = [p for p in resolution.persons if not _nameable(p)]
    earlier = [(set(e.personal["forms"]), str(e.public["label"])) for e in store.events("label-assigned") if e.personal]
    pairs = [
        (len(forms & old) / len(forms | old), label, person.id)
        for person in wanted
        if (forms := canonical(person, resolution))
        for old, label in earlier
        if forms & old
    ]
    taken: dict[str, str] = {}
    for _, label, number in sorted(pairs, key=lambda row: (-row[0], row[1], row[2])):  # the closest pairs first
        if number not in taken and label not in taken.values():
            taken[number] = label
    forbidden = frozenset(int(n) for job in jobs for n in re.findall(r"\b\d{1,4}\b", job.text))
    # Shuffled with the key: neither the order of appearance nor of the register reaches the labels.
    draw = key.draw("labels")
    order = sorted(wanted, key=lambda p: key.fingerprint("|".join(sorted(canonical(p, resolution))), "label-order"))
    return assign_labels(order, policy, taken, forbidden, draw)


def canonical(person: Person, resolution: Resolution) -> set[str]:
    """The forms a person is known again by in a later run: full names, else whatever there is (personal text)."""
    full = {f.reveal() for f in resolution.forms.get(person.id, frozenset()) if " " in f.reveal()}
    return (
        full
        or {f.reveal() for f in resolution.forms.get(person.id, frozenset())}
        or {f.reveal().casefold() for f in person.forms}
    )


def _nameable(person: Person) -> bool:
    return not person.role.protected


def decide_bundle(jobs: list[Job], names: dict[str, Detection], resolution: Resolution, bundle: Bundle, policy: Policy) -> None:
    """Decisions for every document and file name; what one document masks is masked in all."""
    from ..decide import decide, echo, sweep

    for job in jobs:
        if job.held is None and job.detection is not None:
            job.decisions = decide(job.id, job.text, job.detection, resolution, bundle.case, policy)
    live = {job.id: job for job in jobs if job.held is None}
    again = echo({i: (job.text, job.decisions) for i, job in live.items()})
    again = sweep({i: (live[i].text, rows) for i, rows in again.items()}, resolution, bundle.case, policy)
    for number, decisions in again.items():
        live[number].decisions = decisions
    for job in jobs:
        title = f"{job.id}/name"
        found = decide(title, spaced(job.relative.reveal()), names[title], resolution, bundle.case, policy)
        job.decisions += [d for d in found if d.action is Action.MASK and d.kind in (Kind.NAME, Kind.INITIALS, Kind.ALIAS)]


def questions(resolution: Resolution, labels: Mapping[str, str], jobs: Sequence[Job]) -> tuple[Asked, ...]:
    """Persons somebody should look at, the ones that settle most first."""
    wanted = {d.person for job in jobs for d in job.decisions if d.asks and d.person}
    rows = [p for p in resolution.persons if p.id in wanted and p.mentions]
    rows.sort(key=lambda p: (-len(p.mentions), p.id))
    return tuple(
        Asked(f"q{n:03}", labels.get(p.id, p.id), str(p.role), len(p.mentions), len({d.split("/")[0] for d in p.documents}))
        for n, p in enumerate(rows, 1)
    )
