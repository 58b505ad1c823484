"""Verification of what lies in publishable/: the log, the manifest and every copy are as they were signed, or AuditError.

Not caught: a whole earlier publication put back, log, manifest and copies together (it was signed once), and whoever holds
the case key.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .audit_chain import COPIES, FORMAT, HEAD, LOG, MANIFEST, canonical, diagnose, hashed, parse
from .errors import AuditError, KeyFault, UsageError
from .keys import check_signature

_PUBLIC_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked and found as signed."""

    records: int
    copies: int
    public_key: str


def verify(publishable: Path, public_key: str | None) -> Verified:
    """Return if log, manifest and copies in `publishable` are as they were signed, raise AuditError with findings if not.

    `public_key` (64 hex digits) comes from outside the folder: printed by the run, or kept beside the case key. The one in
    the log is never trusted, for whoever re-makes a log can write his own there.
    """
    # (1) a key from outside
    if not public_key:
        raise AuditError(["no public key is known outside the folder: give the one that was printed when the copies were made"])
    known = public_key.strip().lower()
    if not _PUBLIC_KEY.fullmatch(known):
        raise UsageError("This is not a public key. Give the 64 hexadecimal digits that were printed when the copies were made.")
    # (2) a log, and (3) its head, by that key
    lines, head = _lines(publishable / LOG)
    signed = _signed(head, known)
    # (4) every record in its place, and (5) the chain they make; no record at all is nothing checked
    findings = diagnose(lines, signed["records"])
    if not findings and not lines:
        findings = ["the log is empty"]
    elif not findings and not _chained(lines, signed):
        findings = ["the records are not the chain that was signed"]
    # (6) the manifest, (7) every copy, and (8) nothing beside them
    findings += _file(publishable / MANIFEST, signed["manifest"], "the manifest")
    findings += _copies(publishable, signed["copies"])
    findings += _unlisted(publishable, {LOG, MANIFEST, *(copy["path"] for copy in signed["copies"])})
    if findings:
        raise AuditError(findings)
    return Verified(len(lines), len(signed["copies"]), known)


def digest(path: Path) -> str:
    """SHA-256 of a file, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lines(log: Path) -> tuple[list[bytes], bytes]:
    """The record lines and the head line of a log; the head must be the last line, once, and whole."""
    try:
        data = log.read_bytes()
    except OSError:
        raise AuditError(["the log is missing or cannot be read"]) from None
    if not data.strip():
        raise AuditError(["the log is empty"])
    *lines, rest = data.split(b"\n")
    heads = [number for number, line in enumerate([*lines, rest]) if b'"signature"' in line and "signature" in parse(line)]
    if not heads:
        raise AuditError(["the head record is missing: the log was cut at its end"])
    if rest or heads != [len(lines) - 1]:
        raise AuditError([_misplaced(heads, [*lines, rest] if rest else lines)])
    return lines[:-1], lines[-1]


def _misplaced(heads: Sequence[int], lines: Sequence[bytes]) -> str:
    last = len(lines) - 1
    if len(heads) > 1:
        return "the head record repeated"
    if heads[0] == last:
        return "the head record changed: its line has no end"
    if heads[0] == last - 1 and parse(lines[last]).get("index") == last:
        return f"record {last} and the head record swapped"
    return "lines were added after the head record"


def _signed(line: bytes, known: str) -> dict[str, Any]:
    """What the head says, once it is certain that it was signed with the key that is known."""
    head: dict[str, Any] = parse(line)
    if not _is_by(known, line):
        claimed = str(head.get("public_key"))
        if claimed != known and _is_by(claimed, line):
            raise AuditError(["the log was re-made with another key"])
        raise AuditError(["the head record changed, or the log was re-made with another key"])
    if head["audit"] != FORMAT:
        raise AuditError(["the log is of another version: verify it with the version of this program that made it"])
    return head


def _is_by(public_key: str, line: bytes) -> bool:
    head = parse(line)
    try:
        canon = canonical(head)
        signature = str(head.pop("signature"))
        check_signature(public_key, signature, HEAD + canonical(head))
    except (KeyFault, ValueError, RecursionError):
        return False
    return canon == line


def _chained(lines: Sequence[bytes], signed: dict[str, Any]) -> bool:
    links = [hashed(line) for line in lines]
    held = [parse(line).get("previous") for line in lines[1:]]
    return links[-1] == signed["chain"] and held == links[:-1] and len(lines) == signed["count"]


def _file(path: Path, signed: str, what: str) -> list[str]:
    try:
        if path.is_symlink():
            return [f"{what} is a link, not a file"]
        return [] if digest(path) == signed else [f"{what} differs"]
    except FileNotFoundError:
        return [f"{what} is missing"]
    except OSError:
        return [f"{what} cannot be read"]


def _copies(publishable: Path, copies: Sequence[Mapping[str, str]]) -> list[str]:
    """What was done to the copies: two that changed places are told as that, and one that stands in for another."""
    ids = Counter(copy["id"] for copy in copies)
    names = [copy["id"] if ids[copy["id"]] == 1 else f"{copy['id']} ({Path(copy['path']).suffix})" for copy in copies]
    by_digest = {copy["digest"]: name for name, copy in zip(names, copies, strict=True)}
    told = {
        name: _file(publishable / copy["path"], copy["digest"], f"copy {name}") for name, copy in zip(names, copies, strict=True)
    }
    stands_in = {
        name: by_digest.get(digest(publishable / copy["path"]), "")
        for name, copy in zip(names, copies, strict=True)
        if told[name] == [f"copy {name} differs"]
    }
    for name, other in stands_in.items():
        if other and stands_in.get(other) == name:
            told[name] = [f"copies {name} and {other} swapped"] if names.index(name) < names.index(other) else []
        elif other:
            told[name] = [f"copy {name} is that of {other}"]
    return [finding for findings in told.values() for finding in findings]


def _unlisted(publishable: Path, listed: set[str]) -> list[str]:
    """What lies in the folder and was not signed, counted and not named: a name may be what should not be there."""
    known = {unicodedata.normalize("NFC", path) for path in listed}  # some file systems give names back decomposed
    folders = {COPIES} | {parent.as_posix() for path in known for parent in Path(path).parents}
    within = beside = 0
    for top, inner, files in os.walk(publishable):
        for name in (*inner, *files):
            path = Path(top, name)
            relative = unicodedata.normalize("NFC", path.relative_to(publishable).as_posix())
            if relative in (folders if name in inner and not path.is_symlink() else known):
                continue
            if relative.startswith(f"{COPIES}/"):
                within += 1
            else:
                beside += 1
    places = ((within, f"publishable/{COPIES}"), (beside, "publishable"))
    return [f"{'an unlisted file lies' if n == 1 else f'{n} unlisted files lie'} in {place}" for n, place in places if n]
