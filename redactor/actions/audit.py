"""Acts on what an earlier run left: verify its log, show it, say which file an id stands for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import AuditError, UsageError
from .place import bundles_in, earlier_run

if TYPE_CHECKING:
    from ..audit import Verified


def audit_verify(out: Path, public_key: str | None = None) -> list[tuple[str, int, int]]:
    """Check the log and copies of every bundle below `out`: (bundle, records, copies). Raises AuditError naming what is wrong."""
    rows = []
    for place in bundles_in(out):
        verified = verified_publication(place, public_key)
        _check_release(place, verified.public_key)
        rows.append((place.name, verified.records, verified.copies))
    return rows


def verified_publication(place: Path, public_key: str | None) -> Verified:
    """One bundle's log and copies as checked, by the key given or the one this machine knows. Raises AuditError."""
    from .. import audit
    from ..keys import known_public_key

    note = place / "restricted" / "key-id"
    known = public_key or (known_public_key(note.read_text(encoding="ascii").strip()) if note.is_file() else None)
    return audit.verify(place / "publishable", known)


def _check_release(place: Path, public_key: str) -> None:
    """A release is more than its log and copies: its list, its sign-offs, and whether it was recalled."""
    from ..audit_sign import RELEASE_FILE, check_release, superseded

    if (place / RELEASE_FILE).is_file():
        check_release(place, public_key)
        if at := superseded(place, public_key):
            raise AuditError([f"this release was recalled on {at[:10]}: use the one that follows it"])


def audit_show(
    out: Path,
    doc: str | None = None,
    kind: str | None = None,
    action: str | None = None,
    reason: str | None = None,
    event: str | None = None,
) -> list[dict[str, object]]:
    """Rows of the public log, filtered by document id, event or fact kind, action, reason code and event."""
    from .. import audit

    wanted = {"doc": doc, "kind": kind, "action": action, "reason": reason, "event": event}
    return [row for place in bundles_in(out) for row in audit.show(place / "publishable", **wanted)]


def where(out: Path, doc_id: str) -> list[tuple[str, str]]:
    """The path of a document in its bundle, for the person at the keyboard: (bundle, path). Needs the case key."""
    found: dict[str, str] = {}
    for place in bundles_in(out):
        with earlier_run(place) as (_, store):
            for event in store.events("document-seen", doc_id):
                if event.personal:
                    found[place.name] = str(event.personal["path"])
    if not found:
        raise UsageError("No document of this id is in OUT. Ids look like d03; the summary lists them")
    return sorted(found.items())
