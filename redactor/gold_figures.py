"""Adds up what was found of each copy: overall, by role, by kind, by person.

A person is *missed* if anything of theirs that had to go survives in any copy of the bundle; *missed in part* if something of
theirs went. The miss rate has a 95% interval (Wilson 1927, without continuity correction), which treats persons as drawn
independently: persons of one bundle are not quite, so the truth may lie outside it more often than one time in twenty.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from .gold import EXPECTATIONS, KINDS, ROLES, Row
from .gold_score import Page, Share, judge

_Z = 1.959964  # the normal deviate that leaves 2.5% on each side


@dataclass(slots=True)
class Scores:
    """The figures, in the order of a report; `label` of each field is its row's name."""

    mask: Share = field(default_factory=Share, metadata={"label": "mask recall"})
    occurrences: Share = field(default_factory=Share, metadata={"label": "mask recall by occurrence"})
    parts: Share = field(default_factory=Share, metadata={"label": "no name part left"})
    persons: Share = field(default_factory=Share, metadata={"label": "persons wholly protected"})
    soften: Share = field(default_factory=Share, metadata={"label": "soften"})
    keep: Share = field(default_factory=Share, metadata={"label": "keep"})
    prose: Share = field(default_factory=Share, metadata={"label": "prose"})
    documents: Share = field(default_factory=Share, metadata={"label": "documents without a leak"})

    def rows(self) -> list[tuple[str, Share]]:
        """Label and figure of each row."""
        return [(str(f.metadata["label"]), getattr(self, f.name)) for f in fields(self)]


@dataclass(slots=True)
class Protection:
    """How many persons are wholly, partly and not protected."""

    wholly: int = 0
    partly: int = 0
    none: int = 0

    @property
    def of(self) -> int:
        """How many persons had anything that had to go."""
        return self.wholly + self.partly + self.none


@dataclass(frozen=True, slots=True)
class Rate:
    """So many missed of so many, as a share with its 95% interval; a rate of nothing has no share."""

    missed: int
    of: int

    @property
    def value(self) -> float | None:
        """The share."""
        return self.missed / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval: `(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)`."""
        if not self.of:
            return None
        p, n = self.missed / self.of, self.of
        middle, half = p + _Z**2 / (2 * n), _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n * n))
        scale = 1 + _Z**2 / n
        return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


@dataclass(slots=True)
class Figures:
    """All figures of a set of copies. The tables go role or kind → expectation → share."""

    scores: Scores = field(default_factory=Scores)
    by_role: dict[str, dict[str, Share]] = field(default_factory=dict)
    by_kind: dict[str, dict[str, Share]] = field(default_factory=dict)
    persons: dict[str, Protection] = field(default_factory=dict)  # by role
    traced: int = 0  # persons of whom something, or one word of a name, survives

    @property
    def protection(self) -> Protection:
        """Persons of every role together."""
        rows = self.persons.values()
        return Protection(sum(p.wholly for p in rows), sum(p.partly for p in rows), sum(p.none for p in rows))

    @property
    def miss_rate(self) -> Rate:
        """Persons of whom anything that had to go survives."""
        return Rate(self.protection.of - self.protection.wholly, self.protection.of)

    @property
    def trace_rate(self) -> Rate:
        """The same, a single word of a name that survives included ("Hope" of Hope Mallory)."""
        return Rate(self.traced, self.protection.of)


def judged(rows: Iterable[Row], copies: Mapping[tuple[str, str], str]) -> list[Page]:
    """Every document held against its copy, a text by (bundle, doc); a document that is not among `copies` was held."""
    return [judge(row, copies.get((row["bundle"], row["doc"]))) for row in rows]


def figures(pages: Sequence[Page]) -> Figures:
    """What is true of all copies together."""
    found = Figures()
    roles: defaultdict[str, dict[str, Share]] = defaultdict(_shares)
    kinds: defaultdict[str, dict[str, Share]] = defaultdict(_shares)
    gone: defaultdict[tuple[str, str], list[bool]] = defaultdict(list)
    traced: set[tuple[str, str]] = set()
    for page in pages:
        bundle, told = page.row["bundle"], found.scores
        for expectation, rows in (("mask", page.mask), ("soften", page.soften), ("keep", page.keep)):
            for m, good in rows:
                for share in (getattr(told, expectation), roles[m["p"][0]][expectation], kinds[m["k"]][expectation]):
                    share.count(good)
        for m, good in page.mask:
            if m["p"][0] != "X":
                gone[bundle, m["p"]].append(good)
        for _, good in page.parts:
            told.parts.count(good)
        traced |= {(bundle, m["p"]) for m, good in (*page.mask, *page.parts) if not good and m["p"][0] != "X"}
        told.occurrences.count(page.occurrences.good, page.occurrences.of)
        told.prose.count(page.prose.good, page.prose.of)
        told.documents.count(page.clean)
    found.by_role = {name: roles[letter] for letter, name in ROLES.items() if letter in roles}
    found.by_kind = {kind: kinds[kind] for kind in KINDS if kind in kinds}
    found.persons = {name: _protection(gone, letter) for letter, name in ROLES.items() if any(p[0] == letter for _, p in gone)}
    found.scores.persons = Share(found.protection.wholly, found.protection.of)
    found.traced = len(traced)
    return found


def _shares() -> dict[str, Share]:
    return {expectation: Share() for expectation in EXPECTATIONS}


def _protection(gone: Mapping[tuple[str, str], Sequence[bool]], letter: str) -> Protection:
    rows = [good for (_, person), good in gone.items() if person[0] == letter]
    wholly, none = sum(map(all, rows)), sum(not any(good) for good in rows)
    return Protection(wholly, len(rows) - wholly - none, none)
