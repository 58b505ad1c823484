"""The stages that look at the whole bundle: who is who, what they are called, and what is decided."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ..ask import known_by
from ..case import Bundle
from ..content import Content
from ..model import Action, Detection, Document, Kind, Role
from ..policy import Policy
from .by_hand import with_hand
from .job import Each, Job, spaced
from .kept import Phrase

if TYPE_CHECKING:
    from ..decide_everywhere import Probes
    from ..keys import CaseKey
    from ..model import Person, Resolution
    from ..store import Event
    from ..wording import Naming
    from .cache import Cache


def resolve_bundle(
    jobs: list[Job], bundle: Bundle, policy: Policy, kept: Cache | None = None
) -> tuple[Resolution, dict[str, Detection]]:
    """Persons over the bundle. File names are read as texts of their own; what stood hidden is learnt from, nothing more. What a
    text says by itself is taken from `kept`."""
    from ..people import resolve

    texts: dict[str, Callable[[], tuple[str, Detection]]] = {}  # what is read is put down, and taken up a text at a time
    documents: list[Document] = []
    names: dict[str, Detection] = {}
    for job in jobs:
        if job.held is None and job.document is not None and job.detection is not None:
            texts[job.id] = partial(_written, job)
            documents.append(Document(job.id, job.relative, "", Content(())))
            if job.beneath is not None:
                texts[f"{job.id}/hidden"] = partial(getattr, job, "beneath")
        assert job.named is not None
        title = f"{job.id}/name"
        names[title] = job.named
        texts[title] = partial(_titled, job)
        documents.append(Document(title, job.relative, "", Content(())))
    said, found = Each(texts, lambda told: told()[0]), Each(texts, lambda told: told()[1])
    return resolve(documents, said, found, bundle.case, policy, kept), names


def _written(job: Job) -> tuple[str, Detection]:
    assert job.detection is not None
    return job.detection.written(job.text), job.detection


def _titled(job: Job) -> tuple[str, Detection]:
    assert job.named is not None
    return spaced(job.relative.reveal()), job.named


def labels_for(
    resolution: Resolution,
    jobs: list[Job],
    policy: Policy,
    naming: Naming,
    given: Sequence[Event],
    key: CaseKey,
    *,
    apart: bool = False,
) -> dict[str, str]:
    """A label for every masked person; those of an earlier run (`given`, its label events) are kept, matched by the forms they
    were given for.

    A label given for a role that the case or an answer has put right since is not: it would say what is known to be wrong.
    `apart`: nobody gets a number or a name that an earlier run gave to somebody who is not among these persons.
    """
    from ..wording import assign_labels, is_changed

    wanted, taken = earlier_labels(resolution, policy, given)
    forbidden = frozenset(int(n) for job in jobs for n in re.findall(r"\b\d{1,4}\b", job.text))
    if apart:
        others = {str(e.public["label"]) for e in given} - set(taken.values())
        forbidden |= {int(n) for label in others for n in re.findall(r"\b\d{1,4}\b", label)}
        naming = replace(naming, unfit=naming.unfit | {label for label in others if is_changed(label)})
    # Shuffled with the key: neither the order of appearance nor of the register reaches the labels.
    draw = key.draw("labels")
    order = sorted(wanted, key=lambda p: key.fingerprint("|".join(sorted(known_by(p, resolution))), "label-order"))
    return assign_labels(order, policy, taken, forbidden, draw, naming)


def earlier_labels(resolution: Resolution, policy: Policy, given: Iterable[Event]) -> tuple[list[Person], dict[str, str]]:
    """Everybody who is masked, and the labels that some of them had in earlier runs, by person id."""
    from ..wording import gets_changed_name, is_changed

    wanted = [p for p in resolution.persons if p.role.protected]
    earlier: dict[str, set[tuple[frozenset[str], str, Role]]] = defaultdict(set)
    for e in given:
        old = frozenset(e.personal["forms"] if e.personal else ())
        for form in old:
            earlier[form].add((old, str(e.public["label"]), Role(e.public.get("role", "unknown"))))
    pairs = [
        (
            is_changed(label) is gets_changed_name(person, policy),
            len(forms & old) / len(forms | old),
            role is person.role,
            label,
            person.id,
        )
        for person in wanted
        if (forms := known_by(person, resolution))
        for old, label, role in {row for form in forms for row in earlier[form]}
        if role is person.role or not person.listed
    ]
    taken: dict[str, str] = {}
    gone: set[str] = set()
    # Labels of the sort the policy gives first, then the closest pairs.
    for _, _, _, label, number in sorted(pairs, key=lambda row: (not row[0], -row[1], not row[2], row[3], row[4])):
        if number not in taken and label not in gone:
            taken[number] = label
            gone.add(label)
    return wanted, taken


def decide_bundle(
    jobs: list[Job],
    names: dict[str, Detection],
    resolution: Resolution,
    bundle: Bundle,
    policy: Policy,
    deciders: Mapping[str, str],
    by_hand: Sequence[Phrase] = (),
) -> Probes:
    """Decisions for every document and file name, and what verification will look for; what one document masks is masked in
    all. `deciders` says whose answer (by code) it rests on who a person is; `by_hand`: words that reviewers mask or keep."""
    from ..decide import decide
    from ..decide_everywhere import echo, probes, sweep

    for job in jobs:
        if job.held is None and job.detection is not None:
            text = job.detection.written(job.text)
            made = decide(job.id, text, job.detection, resolution, bundle.case, policy)
            job.decisions = with_hand(job.id, job.text, made, by_hand)
            job.put_down("decisions")
    live = {job.id: job for job in jobs if job.held is None}
    decided = Each(live, lambda job: (job.text, job.decisions))
    for again in (echo(decided), sweep(decided, resolution, bundle.case, policy)):
        for number, decisions in again:
            live[number].decisions = decisions
            live[number].put_down("decisions")
    wanted = probes(decided, resolution)
    for job in jobs:
        title = f"{job.id}/name"
        found = decide(title, spaced(job.relative.reveal()), names[title], resolution, bundle.case, policy)
        job.decisions = [
            *job.decisions,
            *(d for d in found if d.action is Action.MASK and d.kind in (Kind.NAME, Kind.INITIALS, Kind.ALIAS)),
        ]
        job.decisions = [replace(d, decider=deciders[d.person]) if d.person in deciders else d for d in job.decisions]
        job.put_down("decisions")
    return wanted
