"""What the finished copies say together: read at the end of a run, and again later from OUT alone; intruder cards.

What the rules need beside the copies (the case, earlier publications, the names behind the labels) is sealed in the store with
the run, so that nothing has to be detected again. Accepting a finding is a later act: it will be held against `Combined.key`.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..case import Bundle, Case
from ..cleartext import ClearText
from ..content import flatten
from ..errors import AuditError, ExitCode, StoreFault, UsageError
from ..model import Kind
from ..policy import Policy, load_policy
from .job import Each, Job
from .place import bundles_in, earlier_run
from .summary import Asked, At, Combined, Proposed

if TYPE_CHECKING:
    from ..jigsaw import Card, Copy, JigsawFinding, Place, Secrets
    from ..model import Person, Resolution
    from ..store import Store
    from .cache import Cache


@dataclass(frozen=True)
class Basis:
    """What the rules look at beside the copies. Personal text."""

    case: Case
    priors: tuple[Copy, ...]
    secrets: Secrets

    def __repr__(self) -> str:
        return f"<Basis with {len(self.priors)} publications>"


@dataclass(frozen=True, slots=True)
class Together:
    """What the copies of one bundle say together: how many copies and publications were read, and the findings."""

    bundle: str
    policy: str
    copies: int
    publications: int
    findings: tuple[Combined, ...]
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """What the command returns for this bundle."""
        return ExitCode.HELD if any(f.level == "block" for f in self.findings) else ExitCode.OK

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        return asdict(self)


# --- the acts -----------------------------------------------------------------------------------------------------------


def jigsaw_findings(out: Path, policy: str | None = None) -> list[Together]:
    """Read the copies of every bundle below `out` as a stranger would. Needs the case key; changes nothing.

    `policy` is another policy to judge by (name or file). Raises AuditError if a copy is not the one of the manifest, KeyFault
    without the key, UsageError for a bundle that an earlier version made.
    """
    found = []
    for place in bundles_in(out):
        manifest = manifest_of(place)
        rules, notes = _policy(manifest, policy)
        basis = _recalled(place)
        copies = reopened(place / "publishable", manifest)
        findings = together(copies, basis, rules)
        found.append(Together(place.name, rules.name, len(copies), len(basis.priors), findings, notes))
    return found


def intruder_cards(out: Path, label: str | None = None, policy: str | None = None) -> list[tuple[str, Card]]:
    """(bundle, card) of every label in the copies below `out`, or of one; from the copies alone, without the case key."""
    from .. import jigsaw as room

    found = []
    for place in bundles_in(out):
        manifest = manifest_of(place)
        rules, _ = _policy(manifest, policy)
        found += [(place.name, card) for card in room.cards(reopened(place / "publishable", manifest), rules)]
    if label is not None:
        wanted = label.strip("[] ").casefold()
        found = [(bundle, card) for bundle, card in found if card.label.strip("[]").casefold() == wanted]
        if not found:
            raise UsageError("The copies say nothing of such a label. Leave --label out to see every label they speak of")
    return found


# --- reading ------------------------------------------------------------------------------------------------------------


def together(copies: Sequence[Copy], basis: Basis, policy: Policy, kept: Cache | None = None) -> tuple[Combined, ...]:
    """The findings in copies, as plain values. What was read of a copy before is taken from `kept`."""
    from .. import jigsaw as room

    today = datetime.now(UTC).date()
    changes: dict[int, tuple[Proposed, ...]] = {}  # many findings may have the same many
    found = room.read(copies, basis.case, policy, basis.priors, basis.secrets, today, kept)
    return tuple(_plain(f, changes) for f in found)


def reopened(publishable: Path, manifest: Mapping[str, Any], read: Callable[[Path, str, str], Copy] | None = None) -> list[Copy]:
    """The first copy of each published document, read back from its file. Raises AuditError for one that was changed.

    `read` opens a copy, given its file, document and digest, where it may be known already.
    """
    from ..audit_chain import COPIES

    paths: dict[str, tuple[str, str]] = {}
    for entry in manifest["documents"]:
        if "path" in entry:
            paths.setdefault(entry["id"], (entry["path"], entry["digest"]))
    copies = []
    for number, (relative, digest) in paths.items():
        path = publishable / relative
        if not relative.startswith(f"{COPIES}/") or not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise AuditError([f"{number}: the copy is not the one that was published. Run `redactor audit verify`"])
        copies.append(read(path, number, digest) if read else opened(path, number))
    return copies


def opened(path: Path, number: str, kept: Cache | None = None) -> Copy:
    """One copy of ours as a stranger reads it; one that was read before is taken from `kept`."""
    from .. import formats
    from .. import jigsaw as room

    made_from = (formats.signature(), path.suffix, hashlib.sha256(path.read_bytes()).hexdigest()) if kept is not None else ()
    known = kept.get("reopened", *made_from) if kept is not None else None
    text = ClearText(known.decode()) if known is not None else flatten(formats.reopen(path)).text
    if kept is not None and known is None:
        kept.put("reopened", text.reveal().encode(), *made_from)
    return room.Copy(number, text)


def manifest_of(place: Path) -> dict[str, Any]:
    """The manifest of a bundle's publication. Raises AuditError where there is none."""
    from ..audit_chain import MANIFEST

    try:
        manifest = json.loads((place / "publishable" / MANIFEST).read_bytes())
        manifest["documents"], manifest["policy"]["name"]
    except (OSError, ValueError, KeyError, TypeError):
        raise AuditError(["the manifest is missing or cannot be read"]) from None
    return dict(manifest)


def _policy(manifest: Mapping[str, Any], other: str | None) -> tuple[Policy, tuple[str, ...]]:
    """The policy to judge by: `other`, or the one the copies were made under, and a note if that has changed since."""
    if other is not None:
        return load_policy(other), ()
    from ..policy import policies

    name = manifest["policy"]["name"]
    if name not in {known for known, _ in policies()}:
        raise UsageError("The copies were made under a policy of your own. Name its file with --policy")
    rules = load_policy(name)
    changed = rules.digest != manifest["policy"].get("digest")
    return rules, (f"policy {name} has changed since the copies were made",) if changed else ()


def _plain(f: JigsawFinding, changes: dict[int, tuple[Proposed, ...]]) -> Combined:
    if (same := id(f.proposals)) not in changes:
        changes[same] = tuple(
            Proposed(**asdict(_at(p.place)), kind=str(p.kind), action=str(p.action), words=p.words) for p in f.proposals
        )
    return Combined(f.rule, f.level, f.label, f.doc, f.detail, f.fix, tuple(map(_at, f.places)), changes[same], f.key)


def _at(place: Place) -> At:
    return At(place.doc, place.paragraph, place.span.start, place.span.end)


# --- what the rules look at beside the copies ---------------------------------------------------------------------------


def basis_of(bundle: Bundle, resolution: Resolution, labels: Mapping[str, str], jobs: Sequence[Job]) -> Basis:
    """The case, its publications and, for each label of one person, the names and the day of birth that are behind it."""
    from .. import formats
    from .. import jigsaw as room

    days = {p.path.reveal(): p.date for p in bundle.case.publications if p.path}
    said = [(p.text, p.date) for p in bundle.case.publications if p.text]
    priors = [room.Copy(f"pub{n}", text, day) for n, (text, day) in enumerate(said, 1)]
    for n, path in enumerate(bundle.published, len(priors) + 1):
        day = days.get(path.relative_to(bundle.root).as_posix(), "")
        priors.append(room.Copy(f"pub{n}", flatten(formats.read(path, f"pub{n}", path.name).content).text, day))
    alone = {label for label, times in Counter(labels.values()).items() if times == 1}
    names = {labels[p.id]: _names(p) for p in resolution.persons if labels.get(p.id) in alone}
    texts = Each({job.id: job for job in jobs}, lambda job: job.text)
    born = {
        labels[fact.person]: ClearText(texts[doc][fact.finding.span.start : fact.finding.span.end])
        for doc, facts in resolution.facts.items()
        for fact in facts
        if fact.finding.kind is Kind.DOB and labels.get(fact.person) in alone and doc in texts
    }
    return Basis(bundle.case, tuple(priors), room.Secrets(names, born))


def remember(store: Store, basis: Basis, copies: int) -> None:
    """Seal the basis with the run; its public part says how much was read, so that no finding and no reading are not the same."""
    said = {
        "case": basis.case.model_dump(mode="json"),
        "priors": [[p.doc, p.text, p.date] for p in basis.priors],
        "names": dict(basis.secrets.names),
        "born": dict(basis.secrets.born),
    }
    public = {"copies": copies, "publications": len(basis.priors), "labels": len(basis.secrets.names)}
    store.append("jigsaw-read", "", public, said)


def _recalled(place: Path) -> Basis:
    with earlier_run(place) as (_, store):
        return recalled(store)


def recalled(store: Store) -> Basis:
    """What the latest run sealed with itself. Raises UsageError for a bundle that an earlier version made."""
    from .. import jigsaw as room

    said = next((event.personal for event in reversed(list(store.events("jigsaw-read"))) if event.personal), None)
    if said is None:
        raise UsageError("OUT was made by an earlier version. Publish the bundle again")
    try:
        case = Case.model_validate(said["case"])
    except ValueError:
        raise StoreFault("The case in the store cannot be read by this version. Publish the bundle again") from None
    names = {label: tuple(map(ClearText, rows)) for label, rows in said["names"].items()}
    born = {label: ClearText(day) for label, day in said["born"].items()}
    return Basis(
        case, tuple(room.Copy(doc, ClearText(text), day) for doc, text, day in said["priors"]), room.Secrets(names, born)
    )


def _names(person: Person) -> tuple[ClearText, ...]:
    """How a person is written in the sources, given name first; full names before the rest, the most usual first."""
    written = Counter(_turned(" ".join(m.form.reveal().split())) for m in person.mentions)
    rows = sorted(written, key=lambda name: (" " not in name, -written[name], name))
    return tuple(map(ClearText, rows))


def _turned(name: str) -> str:
    """ "TARROW, Imogen" and "TARROW Imogen" as "Imogen TARROW"."""
    last, comma, first = name.partition(",")
    if comma and first.strip():
        return f"{first.strip()} {last.strip()}"
    head, _, tail = name.partition(" ")
    return f"{tail} {head}" if len(head) > 1 and head.isupper() and tail and not tail.isupper() else name


# --- questions ----------------------------------------------------------------------------------------------------------


def with_findings(asked: Sequence[Asked], found: Iterable[Combined]) -> tuple[Asked, ...]:
    """The questions of a run, and what the copies say together among them: one a person, or a document where it is no one's."""
    about: dict[str, list[Combined]] = {}
    for finding in found:
        if finding.level != "info":
            about.setdefault(finding.label or finding.doc, []).append(finding)
    rules = {who: tuple(sorted({f.rule for f in rows})) for who, rows in about.items()}
    merged = [replace(q, rules=rules.pop(q.label, ())) for q in asked]
    for number, (who, names) in enumerate(rules.items(), len(merged) + 1):
        places = {at for f in about[who] for at in f.at}
        documents = len({at.doc for at in places})
        label = who if any(f.label for f in about[who]) else ""
        merged.append(Asked(f"q{number:03}", label, "", len(places), documents, names, "" if label else who))
    return tuple(merged)
