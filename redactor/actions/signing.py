"""Signing a publication: by whom the policy wants it signed, in its order, each by another person; and what voids a signature.

An audit reviewer, whom no policy needs to name, signs beside them from the public things alone (`alone`): neither the case key
nor the store is opened. Not caught: one person
with two names and two keys.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..disk import written
from ..errors import EnvironmentFault, KeyFault, PolicyError, UsageError
from .audit import verified_publication
from .kept import REMARKS, went_by
from .place import bundles_in, earlier_run

if TYPE_CHECKING:
    from ..audit_sign import SignOff
    from ..store import Store


AUDITOR = "audit_reviewer"


def sign_offs(out: Path, alone: bool = False) -> list[tuple[str, tuple[str, ...], list[SignOff]]]:
    """For every bundle below `out`: its name, who must sign in order, and the sign-offs there are, void ones with the reason.

    `alone`: by the public things only; an answer or a change that came after the copies is not seen."""
    from ..audit_sign import SIGNATURES, started
    from ..audit_sign import sign_offs as read

    rows = []
    for place in bundles_in(out):
        wanted = tuple(started(place / "publishable").get("sign_offs", ()))
        late = _late(place, alone)
        found = [replace(s, why=s.why or late) for s in read(place / SIGNATURES, place / "publishable")]
        rows.append((place.name, wanted, sorted(found, key=lambda s: wanted.index(s.role) if s.role in wanted else len(wanted))))
    return rows


def sign(
    out: Path, name: str, role: str = "", passphrase: str = "", public_key: str | None = None, alone: bool = False
) -> list[tuple[str, str]]:
    """Sign what lies in every bundle below `out` as `name`; (bundle, role signed as) for each.

    `role` is one of the policy's sign-offs, by default the next that is missing, or that of an audit reviewer; `alone` as above.
    The log and every copy are verified first.
    Raises AuditError where they do not verify, UsageError where it is not this signer's turn or they have signed before.
    """
    from ..audit_sign import SIGN_OFF, SIGNATURES, head_of, sealed, started
    from ..keys_signer import signer

    who = signer(name, passphrase)
    planned = []
    for (bundle, wanted, found), place in zip(sign_offs(out, alone), bundles_in(out), strict=True):
        verified_publication(place, public_key)
        if not wanted:
            raise UsageError("The log does not say who must sign: it is of an earlier version. Publish again")
        if late := _late(place, alone):
            raise UsageError(f"Not signed: {late}. Publish again, then sign")
        planned.append((place, bundle, _turn(wanted, found, role, who.name, who.public_key)))
    for place, _, as_role in planned:
        run = started(place / "publishable")
        statement = {
            "sign_off": 1,
            "role": as_role,
            "name": who.name,
            "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "audit": head_of(place / "publishable"),
            "policy": run["policy_digest"],
            "case": run["case"],
            "public_key": who.public_key,
        }
        from ..audit_chain import canonical

        _keep(place / SIGNATURES, f"{as_role}.json", sealed(statement, who.sign(SIGN_OFF + canonical(statement))))
    return [(bundle, as_role) for _, bundle, as_role in planned]


def _turn(wanted: Sequence[str], found: Sequence[SignOff], role: str, name: str, public_key: str) -> str:
    """As what somebody may sign now."""
    from ..keys_signer import same_name

    standing = {s.role: s for s in found if s.stands}
    if role == AUDITOR and role not in wanted:
        wanted = (AUDITOR,)  # waits for nobody, and nobody waits for it
    missing = [r for r in wanted if r not in standing]
    if not missing and not role:
        raise UsageError("Everybody whom the policy wants has signed this")
    chosen = role or missing[0]
    if chosen not in wanted:
        raise UsageError(f"The policy wants no sign-off of this name. It wants, in this order: {', '.join(wanted)}")
    if chosen in standing:
        raise UsageError(f"{chosen} has signed this already")
    if chosen != missing[0]:
        raise UsageError(f"{missing[0]} signs before {chosen}")
    if any(same_name(s.name, name) or s.public_key == public_key for s in standing.values()):
        raise UsageError(f"You have signed this already. {chosen} must be another person")
    return chosen


def _late(place: Path, alone: bool = False) -> str:
    """What happened after the copies were made that they do not show, as far as this machine can tell: without the case key the
    store stays shut, and whoever releases looks again."""
    from ..audit_sign import started
    from ..policy import load_policy

    run = started(place / "publishable")
    try:
        if run and load_policy(str(run["policy"])).digest != run["policy_digest"]:
            return "the policy changed since the copies were made"
    except PolicyError:
        pass  # a policy file of the team's own: its digest is in the signature all the same
    if alone:
        return ""
    try:
        with earlier_run(place) as (_, store):
            if not delivered(place, store):
                return "a later run was interrupted before its copies were in place"
            since = went_by(store.latest_run()) + 1
            for kind, said in zip(REMARKS, ("an answer was given", "a change was made"), strict=True):
                if next(store.events(kind, since=since), None):
                    return f"{said} since the copies were made"
    except KeyFault:
        pass
    return ""


def delivered(place: Path, store: Store) -> bool:
    """Whether the copies in place are those that the latest run in the store made: it is kept before they are put there."""
    from ..audit import entries_of

    run = store.latest_run()
    kept = {(e.id, e.path, e.digest) for e in entries_of(store.events(since=run.seq if run else 0))}
    try:
        listed = json.loads((place / "publishable" / "manifest.json").read_bytes())["documents"]
    except (OSError, ValueError):
        return False
    return kept == {(d["id"], d.get("path", ""), d.get("digest", "")) for d in listed}


def _keep(folder: Path, name: str, data: bytes) -> None:
    """A whole file in its place, or none."""
    try:
        folder.mkdir(exist_ok=True)
        written(folder / name, data, 0o666)
    except OSError as fault:
        raise EnvironmentFault(f"The sign-off cannot be written ({fault.strerror}). Check OUT and the disk") from None
