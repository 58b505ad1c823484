"""Sign-offs and releases as files: what is signed, how it is spelt, and whether it still stands.

A sign-off binds the head of the audit log, and with it every record, copy and the manifest. Not caught: a sign-off that was taken
away (the release says which there must be), and what audit_proof.py says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .audit_chain import LOG, canonical, parse
from .audit_proof import digest
from .errors import AuditError, KeyFault
from .keys import check_signature

SIGN_OFF, RELEASE = b"redactor sign-off\n", b"redactor release\n"
RELEASE_FILE, SUPERSEDED, SIGNATURES = "release.json", "superseded.json", "signatures"


@dataclass(frozen=True, slots=True)
class SignOff:
    """One signature on a publication: who signed as what, and `why` it is void ("" if it stands)."""

    role: str
    name: str
    public_key: str
    at: str
    why: str = ""

    @property
    def stands(self) -> bool:
        """Whether it may be relied on."""
        return not self.why


def head_of(publishable: Path) -> str:
    """SHA-256 (hex) of the signed head of a log, which every sign-off is on."""
    try:
        return hashlib.sha256((publishable / LOG).read_bytes().splitlines()[-1]).hexdigest()
    except (OSError, IndexError):
        raise AuditError(["the log is missing or cannot be read"]) from None


def started(publishable: Path) -> Mapping[str, Any]:
    """What the log says of the run it is of: policy, its digest, who must sign."""
    try:
        lines = (publishable / LOG).read_bytes().splitlines()
    except OSError:
        raise AuditError(["the log is missing or cannot be read"]) from None
    return next((record for line in lines if (record := parse(line)).get("event") == "run-started"), {})


def sealed(statement: Mapping[str, Any], signature: str) -> bytes:
    """A statement with its signature, as it is written."""
    return canonical({**statement, "signature": signature}) + b"\n"


def opened(data: bytes, prefix: bytes, public_key: str | None = None) -> dict[str, Any]:
    """The statement in `data` if it was signed by `public_key` (its own, where none is given); raises AuditError if not."""
    said: dict[str, Any] = parse(data)
    signature = str(said.pop("signature", ""))
    key = public_key or str(said.get("public_key", ""))
    try:
        check_signature(key, signature, prefix + canonical(said))
    except KeyFault:
        raise AuditError(["a statement is not as it was signed"]) from None
    return said


def sign_offs(folder: Path, publishable: Path) -> list[SignOff]:
    """The sign-offs kept in `folder` on what lies in `publishable`, by role; void ones too, with the reason."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            said = opened(path.read_bytes(), SIGN_OFF)
        except (AuditError, OSError):
            found.append(SignOff(path.stem, "", "", "", "it is not as it was signed"))
            continue
        why = "" if said["audit"] == head_of(publishable) else "the copies, the policy or a decision changed since"
        found.append(SignOff(str(said["role"]), str(said["name"]), str(said["public_key"]), str(said["at"]), why))
    return found


def check_release(place: Path, public_key: str) -> dict[str, Any]:
    """What the release in `place` says of itself, if every file is as it was signed and every sign-off stands.

    Raises AuditError with findings, one a sentence; files are named by their place in the release, which holds no masked name.
    """
    try:
        said = opened((place / RELEASE_FILE).read_bytes(), RELEASE, public_key)
    except OSError:
        raise AuditError(["the release's own list is missing or cannot be read"]) from None
    files = said["files"]
    findings = [f"{path} is missing" for path in files if not (place / path).is_file()]
    findings += [f"{path} differs" for path, mark in files.items() if (place / path).is_file() and digest(place / path) != mark]
    here = {p.relative_to(place).as_posix() for p in place.rglob("*") if p.is_file()} - {RELEASE_FILE, SUPERSEDED}
    if extra := len(here - set(files)):
        findings.append(f"{extra} {'file lies' if extra == 1 else 'files lie'} in the release that it does not list")
    standing = {s.role for s in sign_offs(place / SIGNATURES, place / "publishable") if s.stands}
    findings += [f"the sign-off of {role} does not stand" for role in said["sign_offs"] if role not in standing]
    if findings:
        raise AuditError(findings)
    return said


def listing(folder: Path) -> dict[str, str]:
    """Every file below `folder` by its place, with its SHA-256."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): digest(p) for p in files}


def superseded(place: Path, public_key: str) -> str:
    """Since when a release is recalled (UTC, ISO), "" if it is not."""
    try:
        return str(opened((place / SUPERSEDED).read_bytes(), RELEASE, public_key)["superseded"])
    except OSError:
        return ""
