"""The chain of the audit log: how a record is written and hashed, and what happened to records that are not as signed.

Hashes carry a prefix of their own for records and for the head, so that one can never be passed off as the other (the
idea of RFC 6962, section 2.1). Says what happened exactly for one act of tampering; for several at once the findings may
take one for another, but there is always at least one.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

LOG, MANIFEST, COPIES = "audit.jsonl", "manifest.json", "documents"
FORMAT = 1
RECORD = b"\x00redactor audit record\n"
HEAD = b"\x01redactor audit head\n"
FIRST = "0" * 64  # what the first record holds as the hash of the one before it


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def canonical(record: Mapping[str, object]) -> bytes:
    """One spelling for one record: sorted keys, no blanks, no floats; ASCII, unlike RFC 8785, so that no editor re-encodes it."""
    return _CANONICAL.encode(record).encode("ascii")


def hashed(line: bytes) -> str:
    """The hash (64 hex digits) by which the next record and the head refer to a record."""
    return hashlib.sha256(RECORD + line).hexdigest()


def short(line: bytes) -> str:
    """The 16 hex digits by which the head's list knows a record: enough to say which, while `hashed` is what binds."""
    return hashed(line)[:16]


def parse(line: bytes) -> dict[str, object]:
    """The record in a line, empty if the line holds none."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def diagnose(lines: Sequence[bytes], signed: Sequence[str]) -> list[str]:
    """What was done to the records since they were signed, a sentence each; empty if nothing was.

    `lines` as found, without the head; `signed` the head's list of short hashes. Records are numbered from 1.
    """
    place = {mark: number for number, mark in enumerate(signed, 1)}
    found = [place.get(short(line), 0) for line in lines]
    missing = set(range(1, len(signed) + 1)).difference(found)
    changed, strange, before = [], 0, 0
    for line, number in zip(lines, found, strict=True):
        slot = number or _slot(line, before, missing)
        if slot in missing:
            missing.remove(slot)
            changed.append(slot)
        strange += not slot
        before = slot or before
    cut = 0
    while len(signed) - cut in missing:
        missing.remove(len(signed) - cut)
        cut += 1
    times = Counter(number for number in found if number)
    findings = [f"{spell} changed" for spell in _spelt(changed)]
    findings += [f"{spell} dropped" for spell in _spelt(missing)]
    findings += [f"{spell} repeated" for spell in _spelt(number for number, count in times.items() if count > 1)]
    findings += _order([number for number in found if times[number] == 1])
    if strange:
        findings.append(f"{strange} {'line' if strange == 1 else 'lines'} in the log never signed")
    if cut:
        findings.append(f"{cut} {'record' if cut == 1 else 'records'} cut from the end")
    return findings


def _slot(line: bytes, before: int, missing: set[int]) -> int:
    """Which missing record an unsigned line stands in for: the one it says it is, else the next; 0 if none."""
    claimed = parse(line).get("index")
    for number in (claimed, before + 1):
        if type(number) is int and number in missing:
            return number
    return 0


def _order(numbers: list[int]) -> list[str]:
    moved = [(now, due) for now, due in zip(numbers, sorted(numbers), strict=True) if now != due]
    if len(moved) == 2:
        return [f"records {moved[0][1]} and {moved[1][1]} swapped"]
    return [f"records {moved[0][1]} to {moved[-1][1]} stand in another order"] if moved else []


def _spelt(numbers: Iterable[int]) -> list[str]:
    """[7, 9, 10, 11] as ["record 7", "records 9 to 11"]."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [f"record {run[0]}" if len(run) == 1 else f"records {run[0]} to {run[-1]}" for run in runs]
