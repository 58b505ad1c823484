"""The public report: what the log and the copies say of what was masked, as figures, and the page that shows them.

From public things alone: the log's records and the text of the copies. Not told: which words were softened where (a coarser date
has no brackets), so the picture of a document shows labels only, and a bracket of the source's own counts as one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ..policy import reasons
from .pages import page

_LABEL = re.compile(r"\[[^\[\]\n]{1,80}\]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_STRIP = 160  # places of the picture of one document; labels nearer than that are one mark


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was masked, made coarser and kept; `means` is in plain words, `foia` sections of the Act."""

    code: str
    means: str
    masked: int = 0
    softened: int = 0
    kept: int = 0
    foia: str = ""

    @property
    def total(self) -> int:
        """All three together."""
        return self.masked + self.softened + self.kept


@dataclass(frozen=True, slots=True)
class Shown:
    """One document of the report. `marks` say where labels stand (0 to 1 of its length); words are counted in the copy,
    `outside` those that are in no label."""

    id: str
    path: str
    held: str = ""
    kinds: tuple[Tally, ...] = ()
    codes: tuple[Tally, ...] = ()
    marks: tuple[float, ...] = ()
    words: int = 0
    outside: int = 0
    probes: int = 0
    hidden: int = 0

    @property
    def masked(self) -> int:
        """Passages masked."""
        return sum(t.masked for t in self.kinds)

    @property
    def softened(self) -> int:
        """Passages made coarser."""
        return sum(t.softened for t in self.kinds)


@dataclass(frozen=True, slots=True)
class Publication:
    """What one bundle's public log and copies say of it."""

    policy: str
    tool: str
    made: str
    digest: str
    documents: tuple[Shown, ...]
    kinds: tuple[Tally, ...]
    codes: tuple[Tally, ...]
    weakened: tuple[Mapping[str, str], ...] = ()

    @property
    def published(self) -> tuple[Shown, ...]:
        """The documents that have a copy."""
        return tuple(d for d in self.documents if not d.held)

    @property
    def words(self) -> int:
        """Words of all copies."""
        return sum(d.words for d in self.documents)

    @property
    def outside(self) -> int:
        """Those in no label."""
        return sum(d.outside for d in self.documents)


def publication(records: Sequence[Mapping[str, Any]], texts: Mapping[str, str], digest: str) -> Publication:
    """A bundle's log (`digest`: SHA-256 of its file) and the text of its copies, by document id, as figures."""
    run = next((r for r in records if r["event"] == "run-started"), {})
    by_doc: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        if "doc" in record and record["event"] != "jigsaw":
            by_doc.setdefault(record["doc"], []).append(record)
    final = in_force(records)
    return Publication(
        policy=str(run.get("policy", "")),
        tool=str(run.get("tool", "")),
        made=str(run.get("at", ""))[:10],
        digest=digest,
        documents=tuple(_document(doc, rows, final, texts.get(doc, "")) for doc, rows in by_doc.items()),
        kinds=tallied(final, "kind"),
        codes=tallied(final, "reason"),
        weakened=tuple(r for r in records if r["event"] == "policy-weakened"),
    )


def in_force(records: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The decisions that stand in documents that were published, without those that a later one replaced."""
    rows = list(records)
    held = {r["doc"] for r in rows if r["event"] == "document-held"}
    decisions = [r for r in rows if r["event"] == "decision" and r["doc"] not in held]
    replaced = {r["replaces"] for r in decisions if "replaces" in r}
    return [r for r in decisions if r["decision"] not in replaced]


def _document(doc: str, rows: Sequence[Mapping[str, Any]], final: Iterable[Mapping[str, Any]], text: str) -> Shown:
    held = next((str(r["reason"]) for r in rows if r["event"] == "document-held"), "")
    if held:
        return Shown(doc, "", held=plain("held", held))
    own = [r for r in final if r["doc"] == doc]
    path = next((str(r["path"]) for r in rows if r["event"] == "document-published"), "")
    outside = len(_WORD.findall(_LABEL.sub(" ", text)))
    labels = list(_LABEL.finditer(text))
    places = sorted({round(m.start() / len(text) * _STRIP) for m in labels}) if text else []
    return Shown(
        doc,
        path,
        kinds=tallied(own, "kind"),
        codes=tallied(own, "reason"),
        marks=tuple(at / _STRIP for at in places),
        words=outside + len(labels),
        outside=outside,
        probes=max((int(r["probes"]) for r in rows if r["event"] == "verification"), default=0),
        hidden=sum(int(r["times"]) for r in rows if r["event"] == "intake" and r["sort"] == "hidden"),
    )


def tallied(decisions: Iterable[Mapping[str, Any]], column: str) -> tuple[Tally, ...]:
    """Decisions counted by kind or reason code (an order's id left off), what was masked most first."""
    counts: dict[str, Counter[str]] = {}
    for d in decisions:
        counts.setdefault(str(d[column]).partition(":")[0], Counter())[str(d["action"])] += 1
    rows = [_tally(code, column, n) for code, n in counts.items()]
    return tuple(sorted(rows, key=lambda t: (-t.masked, -t.softened, -t.kept, t.code)))


def _tally(code: str, column: str, n: Counter[str]) -> Tally:
    known = reasons().get(code) if column == "reason" else None
    means = plain("kinds", code) if column == "kind" else in_brief(known.means) if known else code
    return Tally(code, means, n["mask"], n["soften"], n["keep"], known.foia if known else "")


def in_brief(means: str) -> str:
    """What a reason code means, without the remark on what follows it in a log."""
    return means.partition("; the ")[0]


def plain(sort: str, code: str) -> str:
    """A code of the log in plain words (words.yaml), the code itself where it has none."""
    return _words()[sort].get(code, code)


@cache
def _words() -> dict[str, dict[str, str]]:
    import yaml

    return dict(yaml.safe_load((files("redactor.handout") / "words.yaml").read_text(encoding="utf-8")))


def report(publications: Sequence[Publication], title: str, public_key: str) -> str:
    """The public report as one HTML page. `public_key`: 64 hex digits by which the log verified."""
    return page("report.html", publications=publications, title=title, public_key=public_key)
