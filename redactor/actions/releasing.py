"""Releasing what is signed, and recalling it: which releases hold a person, marked superseded.

A release is whole or is not there: it is made beside its place and put there by one rename. Not caught: copies that were taken
from a release; recall says where it went, not who has it.
"""

from __future__ import annotations

import secrets
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..case import NOTHING
from ..case_merge import bears
from ..cleartext import ClearText
from ..disk import to_disk, written
from ..errors import EnvironmentFault, RefusedError, UsageError
from .audit import verified_publication
from .handing import audit_report, schedule
from .latest import holds_name
from .locks import making
from .place import bundles_in, earlier_run
from .signing import AUDITOR, sign_offs

if TYPE_CHECKING:
    from ..keys import CaseKey
    from ..store import Event, Store


@dataclass(frozen=True, slots=True)
class Release:
    """One release as the store knows it: its id, when and where it went, and since when it is recalled ("" if it is not)."""

    id: str
    at: str
    place: ClearText = field(repr=False)
    recalled: str = ""


def release(out: Path, target: Path, reason: ClearText = NOTHING, by: str = "", public_key: str | None = None) -> str:
    """Put copies, public log, sign-offs, a note of method and a list that anybody can check into `target`; the release's id.

    `target` is a folder that is not there yet, or a .zip. Raises RefusedError where a sign-off is missing or void, or a blocking
    finding stands and nobody (`by`) gave a `reason` to go on; AuditError where log or copies are not as they were signed.
    """
    places = bundles_in(out)
    if len(places) != 1:
        raise UsageError("A release is of one bundle. Name its folder in OUT")
    (place,) = places
    verified_publication(place, public_key)
    if target.exists() or any(target.resolve().is_relative_to(p.resolve()) for p in places):
        raise UsageError("Name a folder or .zip that is not there yet, outside OUT")
    ((_, wanted, found),) = sign_offs(place)
    void = {s.role: s.why for s in found if not s.stands}
    if missing := [f"{role} ({void[role]})" if role in void else role for role in wanted if role not in _standing(found)]:
        raise RefusedError(f"Not released: it is not signed by {', '.join(missing)}. Sign with `redactor sign`")
    if not wanted:
        raise RefusedError("Not released: the log does not say who must sign. Publish again")
    if AUDITOR in _standing(found):
        wanted = tuple(dict.fromkeys((*wanted, AUDITOR)))
    with making(place), earlier_run(place) as (key, store):
        blocking = _blocking(store)
        if blocking and not (reason and by):
            raise RefusedError(
                f"Not released: {blocking} blocking findings stand. Settle them, or say why to go on: --despite-blocking, --as"
            )
        if reason and holds_name(reason.reveal(), _hidden(store)):
            raise UsageError("The reason holds a name that is masked. Say it without names")
        number = f"r0{secrets.token_hex(6)}"
        with _beside(target) as work:
            _fill(work, place, number, wanted, key)
            said = {"release": number, "audit": _head(place), "blocking": blocking if reason else 0}
            store.append("released", "", said, {"place": str(target.absolute()), "reason": reason, "by": by})
            _put(work, target)
    return number


def recall(out: Path, person: ClearText) -> list[Release]:
    """The releases that hold `person` (a name or a label), each marked superseded in the store and, where it can be reached as a
    folder, beside its list. Raises UsageError where no release holds anybody of that name."""
    found: list[Release] = []
    for place in bundles_in(out):
        with earlier_run(place) as (key, store):
            events = list(store.events())
            gone = {str(e.public["release"]) for e in events if e.kind == "recalled"}
            for event in (e for e in events if e.kind == "released"):
                known = _bearer(events, event.seq, person)
                if not known:
                    continue
                at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                number, where = str(event.public["release"]), Path(str((event.personal or {})["place"]))
                if number not in gone:
                    store.append("recalled", "", {"release": number, "person": known})
                _mark(where, number, at, key)
                found.append(Release(number, event.at, ClearText(str(where)), at))
    if not found:
        raise UsageError("No release from here holds anybody of that name or label. Check how it is written")
    return found


# ---- what a release is made of


def _fill(work: Path, place: Path, number: str, wanted: tuple[str, ...], key: CaseKey) -> None:
    from ..audit_chain import canonical
    from ..audit_sign import RELEASE, RELEASE_FILE, SIGNATURES, listing, sealed

    shutil.copytree(place / "publishable", work / "publishable")
    (work / SIGNATURES).mkdir()
    for role in wanted:
        shutil.copyfile(place / SIGNATURES / f"{role}.json", work / SIGNATURES / f"{role}.json")
    audit_report(place, work / "method.html", "What was masked, and why", key.public_key())
    schedule(place, work / "schedule.csv", "Schedule of redactions")
    script = files("redactor.handout") / "verify_release.script"
    (work / "verify_release.py").write_text(script.read_text(encoding="utf-8"), encoding="utf-8")
    said: dict[str, Any] = {
        "release": number,
        "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sign_offs": list(wanted),
        "files": listing(work),
        "public_key": key.public_key(),
    }
    (work / RELEASE_FILE).write_bytes(sealed(said, key.sign(RELEASE + canonical(said))))


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder beside the target, gone on every way out; one that a killed release left is swept by the next."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for old in target.parent.glob(f".{target.name}-redactor-*"):
            shutil.rmtree(old, ignore_errors=True)
        work = target.parent / f".{target.name}-redactor-{secrets.token_hex(6)}"
        try:
            work.mkdir()
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as fault:
        raise EnvironmentFault(f"The release cannot be written ({fault.strerror}). Check its folder and the disk") from None


def _put(work: Path, target: Path) -> None:
    if target.suffix.lower() != ".zip":
        work.rename(target)
        return
    packed = work / "release.zip"
    with zipfile.ZipFile(packed, "x", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in work.rglob("*") if p.is_file() and p != packed):
            entry = zipfile.ZipInfo(f"{target.stem}/{path.relative_to(work).as_posix()}")  # its date is 1980: no day is told
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    to_disk(packed)
    packed.rename(target)


def _mark(place: Path, number: str, at: str, key: CaseKey) -> None:
    from ..audit_chain import canonical
    from ..audit_sign import RELEASE, RELEASE_FILE, SUPERSEDED, sealed

    if not (place / RELEASE_FILE).is_file():
        return
    said = {"release": number, "superseded": at, "public_key": key.public_key()}
    try:
        written(place / SUPERSEDED, sealed(said, key.sign(RELEASE + canonical(said))), 0o644)
    except OSError as fault:
        raise EnvironmentFault(f"The release cannot be marked ({fault.strerror}). Check its folder and recall again") from None


# ---- what the store says


def _standing(found: list[Any]) -> set[str]:
    return {s.role for s in found if s.stands}


def _head(place: Path) -> str:
    from ..audit_sign import head_of

    return head_of(place / "publishable")


def _blocking(store: Store) -> int:
    return next((int(e.public.get("blocking", 0)) for e in reversed(list(store.events("run-finished")))), 0)


def _hidden(store: Store) -> list[str]:
    """Every masked form of the latest run. Personal text."""
    run = store.latest_run()
    rows = (e.personal or {} for e in store.events("person-resolved", since=run.seq if run else 0))
    return [str(form) for said in rows for form in said.get("forms", ()) if said.get("label")]


def _bearer(events: list[Event], before: int, person: ClearText) -> str:
    """The id of the person of that name or label in the run that was the latest at `before`, "" if there is none."""
    run = max((e.seq for e in events if e.kind == "run-started" and e.seq < before), default=0)
    label = person.reveal().strip("[] ").casefold()
    for event in (e for e in events if e.kind == "person-resolved" and run < e.seq < before):
        said = event.personal or {}
        if label and (str(said["label"]).strip("[]").casefold() == label or bears(map(ClearText, said["forms"]), [person])):
            return str(event.public["person"])
    return ""
