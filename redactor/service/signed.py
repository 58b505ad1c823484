"""Whether every sign-off stands on the copies of a job, and what tells without reading them that this cannot have changed.

A signature, and copies made anew, are put in place whole and change the time of a folder. What is written into a file where it
lies changes that file's alone: `written_within` sees it, and must look at each.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from .. import actions


def put_beside(place: Path) -> int:
    """When a copy or a signature of a bundle was last put in place or taken away (nanoseconds); four folders are asked."""
    return _latest((place, place / "publishable", place / "publishable" / "documents", place / "signatures"))


def written_within(place: Path) -> int:
    """When any file that is signed, or a signature, was last written (nanoseconds)."""
    return _latest([*(place / "publishable").rglob("*"), *(place / "signatures").glob("*")])


def is_signed(out: Path) -> bool:
    """Whether log and copies verify and every sign-off that the policy wants stands. Raises AuditError where they do not."""
    actions.audit_verify(out)
    return all(bool(wanted) and {s.role for s in found if s.stands} >= set(wanted) for _, wanted, found in actions.sign_offs(out))


def _latest(paths: Iterable[Path]) -> int:
    found = 0
    for path in paths:
        with suppress(OSError):  # there is none yet, or it has just gone
            found = max(found, path.stat().st_mtime_ns)
    return found
