"""Drafts: texts that are judged as `publish` would judge them and of which nothing is kept; and what they are judged by.

A case.yaml says who is who. The folder of an earlier publication says more: everybody who was found in its documents, what they
are called in its copies, what reviewers said, and what was published. Neither is changed, but for one thing: what the recognizers
found in a draft is kept, sealed with the case key, in the publication's restricted folder. Beside a bare case.yaml nothing is
kept on any disk, for there is no key to seal it with. Not caught: what only the other documents of a bundle tell of somebody.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache as once
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..case import EMPTY_CASE, Bundle, Case, Known, load_case, published_in
from ..case_answers import case_with_answers, lists
from ..cleartext import ClearText
from ..errors import UsageError
from ..model import Role, Span
from ..policy import Policy, load_policy
from .cache import Cache, Memory
from .detector import Detector, chosen
from .jigsaw import Basis, basis_of, manifest_of, opened, recalled, reopened
from .job import Job, detect_documents, read_documents, silent
from .judge import decide_bundle, labels_for, resolve_bundle
from .kept import Phrase, in_force, phrases, standing
from .latest import Known as Person
from .latest import persons_of
from .naming import naming_of
from .place import bundles_in, earlier_run, the_bundle_in
from .plugged import formats_of
from .workers import Workers
from .writing import single_names

if TYPE_CHECKING:
    from ..decide_everywhere import Probes
    from ..jigsaw import Copy
    from ..keys import CaseKey
    from ..model import Resolution
    from ..store import Event, Store

POLICY = "iopc-report"
_ENTRIES = 200  # findings of drafts that are kept in a publication's folder
_COPIES = 5_000  # texts of its copies that are kept there


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that somebody writes: the name it goes by (it may be a path, and holds names) and its bytes."""

    name: str = field(repr=False)
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Ground:
    """What drafts are judged by. Personal text."""

    policy: Policy
    case: Case
    root: Path
    key: CaseKey
    cache: Cache | Memory
    given: tuple[Event, ...] = ()
    by_hand: tuple[Phrase, ...] = ()
    before: Basis | None = None

    def __repr__(self) -> str:
        return f"<Ground under policy {self.policy.name}>"

    @property
    def labels(self) -> frozenset[str]:
        """The labels of the earlier publication's persons."""
        return frozenset(str(e.public["label"]) for e in self.given)


@dataclass(frozen=True)
class Judged:
    """Drafts and what lies within them, judged together: their decisions, a label for everybody masked, and what the jigsaw rules
    look at beside them. Personal text."""

    jobs: tuple[Job, ...]
    labels: Mapping[str, str]
    basis: Basis
    probes: Probes

    def __repr__(self) -> str:
        return f"<Judged: {len(self.jobs)} documents>"


def ground_of(where: Path | None, policy: str | None = None) -> Ground:
    """What drafts are judged by: a case.yaml, the folder of an earlier publication (OUT, or one bundle's folder in it), or, with
    None, the recognizers and the policy alone. `policy` is a name or file; None: that of the publication, else iopc-report.

    Raises UsageError where `where` is neither, CaseError, PolicyError, KeyFault and StoreFault for what cannot be used,
    AuditError where a copy is not the one that was published.
    """
    if where is not None and where.is_dir():
        return _ground_of_publication(where, policy)
    if where is not None and not where.is_file():
        raise UsageError("--case names neither a case.yaml nor the folder of a publication. Check the path you typed")
    from ..keys import CaseKey

    case = load_case(where) if where is not None else EMPTY_CASE
    root = where.resolve().parent if where is not None else Path()
    # A key that nobody will ever have again: labels tell nothing, and nothing is kept with it.
    return Ground(load_policy(policy or POLICY), case, root, CaseKey(secrets.token_bytes(32)), _memory())


@once
def _memory() -> Memory:
    return Memory()


def _ground_of_publication(out: Path, policy: str | None) -> Ground:
    try:
        bundles_in(out)
    except UsageError:
        raise UsageError("--case names a folder that holds no publication. Name a case.yaml, or the OUT of `publish`") from None
    place = the_bundle_in(out)
    manifest = manifest_of(place)
    with earlier_run(place) as (key, store):
        kept = Cache(place / "restricted" / "drafts", key)
        with formats_of(store.latest_run()):
            copies = reopened(place / "publishable", manifest, partial(_known_copy, kept))
        run = store.latest_run()
        since = run.seq if run else 0
        basis = recalled(store)
        told = case_with_answers(basis.case, standing(in_force(store), basis.case))
        case = _with_persons(told, persons_of(store.events("person-resolved", since=since)))
        rules = load_policy(policy or _policy_of(store))
        given = tuple(store.events("label-assigned"))
        hand = tuple(phrase for phrase in phrases(store) if not phrase.doc)  # a document's own words are not the draft's
    before = Basis(basis.case, (*basis.priors, *copies), basis.secrets)
    return Ground(rules, case, place, key, kept, given, hand, before)


def _known_copy(kept: Cache, path: Path, number: str, digest: str) -> Copy:
    """A copy as a stranger reads it; reading a Word file takes longer than all the rest, and a copy does not change."""
    from ..jigsaw import Copy

    data = kept.get("copy", digest)
    if data is None:
        data = opened(path, number).text.reveal().encode()
        kept.put("copy", data, digest)
    return Copy(number, ClearText(data.decode()))


def _policy_of(store: Store) -> str:
    """The policy that the latest run was made under, as it was named then."""
    run = store.latest_run()
    said = str(((run.personal or {}).get("made_with") or {}).get("policy", "")) if run else ""
    if not said or (Path(said).is_absolute() and not Path(said).is_file()):
        raise UsageError("The policy of the publication is not where it was. Name its file with --policy")
    return said


def _with_persons(case: Case, persons: Sequence[Person]) -> Case:
    """The case with everybody protected whom the latest run found without it; of somebody unknown only a full name counts, for
    one word of nobody in particular may be an ordinary word in a draft."""
    found = []
    for person in persons:
        full = tuple(name for name in person.names if len(name.reveal().split()) > 1)
        names = full if person.role is Role.UNKNOWN else person.names
        if person.role.protected and names and not lists(case, person.names):
            found.append(Known(name=names[0], aliases=names[1:], role=person.role))
    return case.model_copy(update={"people": (*case.people, *found)})


def judge_drafts(drafts: Sequence[Draft], ground: Ground) -> Judged:
    """Drafts judged together, with the files within them, as f01, f02, f02.1 ...; one that cannot be read is held."""
    from ..formats import using

    jobs = [Job(f"f{n:02}", ClearText(Path(d.name).name), data=d.data) for n, d in enumerate(drafts, 1)]
    detector = Detector(chosen(ground.policy), ground.cache)
    if isinstance(ground.cache, Memory) and not ground.cache:
        detector.load()  # no text was ever seen, and the reader may be getting ready beside
    with using(ground.policy.plugged("formats")):
        read_documents(jobs, None, silent)
    detect_documents(jobs, detector, Workers(1), silent)
    earlier = published_in(ground.case, ground.root) if ground.before is None else ()
    bundle = Bundle("draft", ground.root, ground.case, True, (), earlier)
    resolution, names = resolve_bundle(jobs, bundle, ground.policy)
    naming = naming_of(jobs, bundle, resolution, ground.policy)
    labels = labels_for(resolution, jobs, ground.policy, naming, ground.given, ground.key, apart=True)
    probes = decide_bundle(jobs, names, resolution, bundle, ground.policy, {}, ground.by_hand)
    if isinstance(ground.cache, Cache):
        ground.cache.trim("detection", _ENTRIES)
        ground.cache.trim("copy", _COPIES)
    return Judged(tuple(jobs), labels, _basis(ground, bundle, resolution, labels, jobs), probes)


def _basis(ground: Ground, bundle: Bundle, resolution: Resolution, labels: dict[str, str], jobs: Sequence[Job]) -> Basis:
    """What the jigsaw rules look at beside the drafts."""
    if ground.before is None:
        return basis_of(bundle, resolution, labels, jobs)
    from ..jigsaw import Secrets

    silent = replace(bundle, case=ground.case.model_copy(update={"publications": ()}))  # they are read already
    own, before = basis_of(silent, resolution, labels, jobs).secrets, ground.before.secrets
    return replace(ground.before, secrets=Secrets({**before.names, **own.names}, {**before.born, **own.born}))


def worded(judged: Judged, labels: Mapping[str, str], policy: Policy) -> dict[str, dict[Span, str]]:
    """The words of every span of each document (by id) that would not stay; `labels` by person id."""
    from ..wording import replacements

    names = single_names(judged.probes)
    return {
        job.id: replacements([d for d in job.decisions if d.doc == job.id], job.text, labels, policy, names)
        for job in judged.jobs
        if job.held is None
    }
