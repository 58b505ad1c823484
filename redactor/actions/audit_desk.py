"""One publication as its audit reviewer sees it: the copies, the public log, what verifies, the figures, who signed.

From the public things alone: nothing in restricted/ is looked at, no case key and no source is opened (DOMAIN §5). Not caught: an
answer or a change that came after the copies were made, which only the store knows; whoever releases looks there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import AuditError
from . import signing
from .audit import audit_show, verified_publication
from .handing import figures_of
from .jigsaw import manifest_of
from .place import the_bundle_in

if TYPE_CHECKING:
    from ..handout import Publication


@dataclass(frozen=True, slots=True)
class Filed:
    """A document as the manifest lists it: `path` and SHA-256 `digest` of its copy; a held one has a `reason` and no copy."""

    id: str
    path: str = ""
    digest: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What verification found: `findings` one a sentence, none where all is as it was signed; records and copies then checked."""

    findings: tuple[str, ...] = ()
    records: int = 0
    copies: int = 0


class AuditDesk:
    """The desk of one audit reviewer, who brings the public key that was printed when the copies were made (64 hex digits)."""

    def __init__(self, out: Path, by: str, public_key: str) -> None:
        self.place, self.by, self.public_key = the_bundle_in(out), by, public_key

    def checked(self) -> Checked:
        """Log, manifest and every copy looked at now."""
        try:
            found = verified_publication(self.place, self.public_key)
        except AuditError as fault:
            return Checked(tuple(fault.findings))
        return Checked((), found.records, found.copies)

    def policy(self) -> str:
        """The name of the policy, "" where the manifest cannot be read."""
        try:
            return str(manifest_of(self.place)["policy"]["name"])
        except AuditError:
            return ""

    def copies(self) -> tuple[Filed, ...]:
        """Every document of the manifest; none where it cannot be read."""
        try:
            listed = manifest_of(self.place)["documents"]
            return tuple(Filed(d["id"], d.get("path", ""), d.get("digest", ""), d.get("reason", "")) for d in listed)
        except (AuditError, KeyError, TypeError, AttributeError):
            return ()

    def log(self, **wanted: str | None) -> list[dict[str, object]]:
        """Records of the public log, filtered as by `redactor audit show`."""
        return audit_show(self.place, **wanted)

    def figures(self) -> Publication:
        """The figures of the public report. Raises AuditError where log or copies do not verify."""
        verified_publication(self.place, self.public_key)
        return figures_of(self.place)

    def signed(self) -> tuple[tuple[str, str], ...]:
        """Each sign-off, the audit reviewer's last, and who gave it: "" while it is missing."""
        ((_, wanted, found),) = signing.sign_offs(self.place, alone=True)
        names = {s.role: s.name for s in found if s.stands}
        return tuple((role, names.get(role, "")) for role in dict.fromkeys((*wanted, signing.AUDITOR)))

    def sign(self, passphrase: str = "") -> None:
        """Sign as audit reviewer. Raises AuditError where log or copies do not verify, UsageError for who has signed already."""
        signing.sign(self.place, self.by, signing.AUDITOR, passphrase, self.public_key, alone=True)
