"""What was met in each source that its reader does not see, and what a careful person should know of it: counts and codes.

Does not catch: what a reader of ours never looks into (pictures, embedded files, macros are dropped unread).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..yamlfile import packaged
from .place import bundles_in

if TYPE_CHECKING:
    from ..model import Document
    from ..store import Store

HIDDEN, WARNING = "hidden", "warning"
_CODE = re.compile(r"(?=.{1,40}$)[a-z][a-z0-9-]*( [a-z0-9-]+){0,3}")
_STRANGE = "other"


@dataclass(frozen=True, slots=True)
class Found:
    """Something met in a source document: `sort` is "hidden" (a place whose words are in no copy) or "warning", `code` which,
    `number` how many pieces of text stood there (1 for a warning), `means` the code in plain words."""

    doc: str
    sort: str
    code: str
    number: int
    means: str = ""


def found_in(document: Document) -> tuple[Found, ...]:
    """What a reader of ours met in one document, warnings first, then what matters most. No word of it is in there."""
    hidden = Counter(_code(entry.place) for entry in document.hidden)
    rows = [(WARNING, code, 1) for code in _ordered(WARNING, {_code(code) for code in document.warnings})]
    rows += [(HIDDEN, code, hidden[code]) for code in _ordered(HIDDEN, hidden)]
    return tuple(Found(document.id, sort, code, number, meaning(sort, code)) for sort, code, number in rows)


def _ordered(sort: str, codes: Iterable[str]) -> list[str]:
    order = list(_meanings()[sort])
    return sorted(codes, key=lambda code: (order.index(code) if code in order else len(order), code))


def _code(code: str) -> str:
    """The code as it may stand in the public log; anything that is no code of ours is not repeated."""
    return code if _CODE.fullmatch(code) else _STRANGE


def meaning(sort: str, code: str) -> str:
    """A code in plain words (formats/intake.yaml), "" where it has none."""
    return _meanings()[sort].get(code, "")


@cache
def _meanings() -> dict[str, dict[str, str]]:

    said = packaged("redactor.formats", "intake.yaml")
    return {HIDDEN: dict(said["hidden"]), WARNING: dict(said["warnings"])}


def remember_intake(store: Store, found: Iterable[Found]) -> None:
    """One event a row: nothing in it is sealed, for it is all codes and counts."""
    for row in found:
        store.append("intake", row.doc, {"sort": row.sort, "found": row.code, "times": row.number})


@dataclass(frozen=True, slots=True)
class Intake:
    """The intake report of one bundle."""

    bundle: str
    found: tuple[Found, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        return asdict(self)


def intake(out: Path, doc: str | None = None) -> list[Intake]:
    """The intake report of every bundle below `out`, from the public log alone; `doc` narrows it to one document's id.

    Raises AuditError where there is no log, UsageError for a document that no bundle has.
    """
    from .. import audit
    from ..audit_chain import LOG

    reports, ids = [], set()
    for place in bundles_in(out):
        records = audit.read(place / "publishable" / LOG)
        ids |= {record["doc"] for record in records if "doc" in record}
        reports.append(Intake(place.name, tuple(_rows(records, doc))))
    if doc is not None and doc not in ids:
        raise UsageError("No document has this id. `redactor audit show OUT` lists the ids")
    return reports


def _rows(records: Iterable[dict[str, Any]], doc: str | None) -> Iterator[Found]:
    for record in records:
        if record["event"] == "intake" and doc in (None, record["doc"]):
            sort, code = record["sort"], record["found"]
            yield Found(record["doc"], sort, code, record["times"], meaning(sort, code))
