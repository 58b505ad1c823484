"""The public log: a projection of the store that anyone may read and nobody can alter unseen, and the manifest beside it.

Only the public part of events goes in, less what would join two sides of a person (see `project`). Each record holds the
hash of the one before; the head, the last line, is signed and lists every record, the manifest and every copy.
Not caught: words that the store was given as codes, and what audit_proof.py says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from .audit_chain import COPIES, FIRST, FORMAT, HEAD, LOG, MANIFEST, canonical, hashed, parse, short
from .audit_proof import Verified as Verified
from .audit_proof import digest as digest
from .audit_proof import verify as verify
from .disk import put
from .errors import AuditError, EnvironmentFault, UsageError
from .keys import CaseKey
from .model import NAMEABLE, Action

if TYPE_CHECKING:
    from .policy import Policy

HELD = "held"

Record = dict[str, Any]


class Logged(Protocol):
    """What the log needs to know of an event of the store."""

    @property
    def at(self) -> str: ...  # noqa: D102 - as in store_events.Event
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def doc(self) -> str: ...  # noqa: D102
    @property
    def public(self) -> Mapping[str, Any]: ...  # noqa: D102


# --- projection ---------------------------------------------------------------------------------------------------------

_UNSAID = frozenset({"cause", "remedy"})  # sentences are for the person at the keyboard; the log holds codes (DESIGN §2, 10)
_BY_PERSON = frozenset({"person-resolved", "label-assigned", "question"})


def public_id(key: CaseKey, private_id: str) -> str:
    """The id by which the log speaks of a person or a question: a number in the store may tell the order of the names."""
    return key.fingerprint(private_id, "audit")


def project(events: Iterable[Logged], key: CaseKey) -> list[Record]:
    """The public records of the latest run and what followed it, numbered from 1 and chained.

    Earlier runs are left out: one may have missed a name, in a path or label, that this one masks.

    A kept mention never says whose it is: a public figure who is a survivor too would be named by it (DOMAIN J21). Nor
    does a decision that was later replaced, for the same words may stand in the copy now. Records about persons that
    follow one another are put in the order of their public ids, for the order of finding may be that of the names (J23).
    """
    return list(_projected(latest(events), key))


def _projected(events: Iterable[Logged], key: CaseKey) -> Iterator[Record]:
    """The same one by one, of a run's own events, which are gone through twice: neither need be held."""
    freed: set[str] = set()
    for public in (event.public for event in events if event.kind == "decision"):
        freed |= {public["decision"]} if public["action"] == Action.KEEP else set()
        freed |= {public["replaces"]} if "replaces" in public else set()
    index, previous = 0, FIRST
    for about_people, group in groupby(events, lambda event: event.kind in _BY_PERSON):
        records = (_record(event, key, freed) for event in group)
        for record in _ordered(list(records)) if about_people else records:
            index += 1
            record |= {"index": index, "previous": previous}
            previous = hashed(canonical(record))
            yield record


def _ordered(records: list[Record]) -> list[Record]:
    return [record | {"at": records[-1]["at"]} for record in sorted(records, key=_order)]


def _order(record: Record) -> tuple[str, str, str]:
    return record["event"], record.get("person", ""), record.get("question", "")


def latest(events: Iterable[Logged]) -> list[Logged]:
    """The events from the last `run-started` on; all of them where there is none."""
    run: list[Logged] = []
    for event in events:
        if event.kind == "run-started":
            run = []
        run.append(event)
    return run


def _record(event: Logged, key: CaseKey, freed: set[str]) -> Record:
    said = {name: value for name, value in event.public.items() if name not in _UNSAID}
    if said.get("decision") in freed:
        said.pop("person", None)
        if said.get("role") not in NAMEABLE:
            said.pop("role", None)
    for name in ("person", "question"):
        if name in said:
            said[name] = public_id(key, said[name])
    return {**said, "at": event.at, "event": event.kind, **({"doc": event.doc} if event.doc else {})}


# --- writing ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One document in the manifest. A held one has id and reason code alone; another has the path of its copy within
    publishable/ ("documents/..."), the copy's SHA-256 and its media type."""

    id: str
    status: str
    path: str = ""
    digest: str = ""
    media: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        copy = (self.path, self.digest, self.media)
        if any(copy) if self.status == HELD else not all(copy):
            raise ValueError("a held document has no copy, any other has path, digest and media type")
        parts = self.path.split("/")
        if self.path and (parts[0] != COPIES or len(parts) < 2 or {"", ".", ".."} & set(parts)):
            raise ValueError("a copy lies in publishable/documents")


def publish(folder: Path, run: Iterable[Logged], key: CaseKey, *, policy: Policy, models: Mapping[str, str]) -> int:
    """Write manifest and log of a run into `folder` (publishable/), beside its documents/; return the records. The events of the
    `run` are gone through several times."""
    tool = next((event.public["tool"] for event in run if event.kind == "run-started"), "")
    write_manifest(folder / MANIFEST, entries_of(run), (policy.name, policy.digest), {**models, "redactor": tool})
    return write(folder / LOG, run, key)


def entries_of(events: Iterable[Logged]) -> Iterator[Entry]:
    """What the manifest says of a run's documents: one entry a copy, one a held document."""
    for event in events:
        if event.kind == "document-held":
            yield Entry(event.doc, HELD, reason=event.public["reason"])
        elif event.kind == "document-published":
            said = event.public
            yield Entry(event.doc, "publishable", f"{COPIES}/{said['path']}", said["digest"], said["media"])


def write_manifest(path: Path, entries: Iterable[Entry], policy: tuple[str, str], versions: Mapping[str, str]) -> None:
    """Write manifest.json: documents by id, policy (name, digest), versions of the tool and its models."""
    documents = [
        {name: getattr(entry, name) for name in Entry.__slots__ if getattr(entry, name)}
        for entry in sorted(entries, key=lambda entry: (entry.id, entry.path))
    ]
    manifest = {
        "format": FORMAT,
        "documents": documents,
        "policy": {"name": policy[0], "digest": policy[1]},
        "versions": dict(versions),
    }
    with _in_place(path) as beside:
        beside.write_bytes(json.dumps(manifest, indent=2, sort_keys=True).encode("ascii") + b"\n")


def write(path: Path, run: Iterable[Logged], key: CaseKey) -> int:
    """Write the log of a run beside the manifest (which must be there, and says which copies are signed); return the records. The
    events are gone through twice.

    Raises AuditError if there is nothing to log or no manifest, EnvironmentFault if it cannot be written.
    """
    try:
        manifest = path.with_name(MANIFEST).read_bytes()
    except OSError:
        raise AuditError(["the manifest is missing: it is written before the log"]) from None
    copies = [{name: d[name] for name in ("id", "path", "digest")} for d in json.loads(manifest)["documents"] if "path" in d]
    links, last = list[str](), FIRST
    with _in_place(path) as beside, beside.open("wb") as log:
        for line in map(canonical, _projected(run, key)):
            log.write(line + b"\n")
            links.append(short(line))
            last = hashed(line)
        if not links:
            raise AuditError(["nothing has happened yet that a log could tell"])
        head = {
            "audit": FORMAT,
            "chain": last,
            "copies": copies,
            "count": len(links),
            "manifest": hashlib.sha256(manifest).hexdigest(),
            "public_key": key.public_key(),
            "records": links,
        }
        head["signature"] = key.sign(HEAD + canonical(head))
        log.write(canonical(head) + b"\n")
    return len(links)


@contextmanager
def _in_place(path: Path) -> Iterator[Path]:
    """Put a whole file in place of an old one, or leave the old one: never half a file."""
    try:
        with put(path, 0o644) as beside:
            yield beside
    except OSError as fault:
        raise EnvironmentFault(
            f"{path.name} cannot be written ({fault.strerror}). Check the output folder and the disk."
        ) from None


# --- showing ------------------------------------------------------------------------------------------------------------


COLUMNS = tuple(
    "index time event doc kind action reason rule person role label sort answer decider note found count".split(),
)


def read(log: Path) -> list[Record]:
    """The records of a log as they stand, unverified; lines that are none are left out."""
    try:
        lines = log.read_bytes().splitlines()
    except OSError:
        raise AuditError(["the log is missing or cannot be read"]) from None
    return [record for line in lines if "event" in (record := parse(line))]


def show(publishable: Path, **wanted: str | None) -> list[Record]:
    """The log as rows for a table, each with the columns it says something in.

    Only rows where each named column is as `wanted`; `kind` is the kind of a finding or of an event, a reason with no number
    of an order or rule stands for all of them: show(folder, kind="decision", doc="d01", reason="R-ORDER"). `count` is of
    mentions, probes, documents or pieces of hidden text.
    """
    if unknown := sorted(wanted.keys() - set(COLUMNS)):
        raise UsageError(f"The log has no column {', '.join(unknown)}. Columns are {', '.join(COLUMNS)}.")
    rows = []
    for record in read(publishable / LOG):
        count = next((record[name] for name in ("mentions", "probes", "documents", "times") if name in record), "")
        said = {**record, "time": record.get("at", ""), "count": count}
        row = {name: said[name] for name in COLUMNS if said.get(name, "") != ""}
        if all(value is None or value in _values(row, name) for name, value in wanted.items()):
            rows.append(row)
    return rows


def _values(row: Mapping[str, Any], name: str) -> set[str]:
    said = {str(row.get(column)) for column in ((name, "event") if name == "kind" else (name,))}
    return said | {value.partition(":")[0] for value in said} if name == "reason" else said
