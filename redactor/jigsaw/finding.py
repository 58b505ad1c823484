"""What a rule gives back: facts that identify together, where they stand, and the smallest change that settles it.

A proposal is no change: it says what a person may decide with one click. Nothing here rewrites a copy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ..model import Action, Kind, Span
from ..policy import Policy
from .crowd import band_of
from .cues import data, fix
from .page import Page, Place, Sentence
from .reading import Attribute, Reading

Level = Literal["block", "warn", "info"]
RELABEL = "relabel"
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change that somebody may decide on: at `place` (in a copy) put `words`.

    `kind` and `action` are those of the decision it would become; `action` "relabel" asks for a new label. `words` show what
    would stand there in house style; a decision is worded anew, in the grammar of its sentence.
    """

    place: Place
    kind: Kind
    action: str
    words: str


@dataclass(frozen=True, slots=True)
class JigsawFinding:
    """Facts that identify when they are put together. `rule` is an id of DOMAIN §3 (or K, R-ORDER, R-CONTEMPT), `detail` a code
    without text, `fix` the smallest change in words, `proposals` the same in places of the copies. `label` is "" where no one
    label is concerned, `places` is empty where the finding is about the publication as a whole."""

    rule: str
    level: Level
    label: str
    places: tuple[Place, ...]
    detail: str
    fix: str
    proposals: tuple[Proposal, ...] = field(default=(), hash=False)  # many findings may be settled by the same many changes

    @property
    def doc(self) -> str:
        """The document of the first place, "" if there is none."""
        return self.places[0].doc if self.places else ""

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where in that document, in characters of the copy's flat text."""
        return tuple(place.span for place in self.places if place.doc == self.doc)

    @property
    def key(self) -> str:
        """The same for the same finding in a later run while nothing was added to it: what an acceptance can be held against."""
        where = "+".join(dict.fromkeys(f"{place.doc}.{place.paragraph}" for place in self.places))
        return ":".join((self.rule, self.label, self.detail, where))


def level_of(rule: str, policy: Policy) -> Level | None:
    """What the policy makes of a rule; None where it does not run it."""
    lists: tuple[tuple[Level, frozenset[str]], ...] = (
        ("block", policy.jigsaw.block),
        ("warn", policy.jigsaw.warn),
        ("info", policy.jigsaw.info),
    )
    return next((level for level, rules in lists if rule in rules), None)


def found(
    reading: Reading,
    rule: str,
    places: Iterable[Place],
    detail: str,
    label: str = "",
    proposals: Sequence[Proposal] = (),
    *,
    level: Level | None = None,
) -> JigsawFinding:
    """A finding at the level the policy gives its rule, or at the `level` that this one has whatever the policy says."""
    level = level or level_of(rule, reading.policy) or "warn"
    changes = proposals if isinstance(proposals, Changes) else Changes(proposals)
    return JigsawFinding(rule, level, label, tuple(dict.fromkeys(sorted(places))), detail, fix(rule), changes)


class Changes(tuple[Proposal, ...]):
    """Proposals in the order of the text, joined where their places overlap: made once where many findings have the same."""

    __slots__ = ()

    def __new__(cls, proposals: Iterable[Proposal]) -> Changes:
        """Order and join them."""
        return super().__new__(cls, _apart(proposals))


def _apart(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    out: list[Proposal] = []
    for p in sorted(dict.fromkeys(proposals), key=lambda p: p.place):
        if out and out[-1].place.doc == p.place.doc and out[-1].place.span.overlaps(p.place.span):
            first = out.pop()
            span = Span(first.place.span.start, max(first.place.span.end, p.place.span.end))
            p = replace(first, place=replace(first.place, span=span))
        out.append(p)
    return tuple(out)


def label_of(sentence: Sentence) -> str:
    """The label a sentence is about: its first one, or the one its pronouns mean."""
    return sentence.labels[0][0] if sentence.labels else sentence.owner


def propose(kind: str, place: Place, words: str | None = None) -> Proposal:
    """A change of a kind of `instead` in cues.yaml at a place."""
    row = data()["instead"][kind]
    return Proposal(place, Kind(row["kind"]), row["action"], row["words"] if words is None else words)


def at(page: Page, match: re.Match[str]) -> Place:
    """Where a match lies: its group "what" if it has one, else all of it."""
    groups = match.re.groupindex
    start, end = match.span("what") if "what" in groups and match["what"] else match.span()
    return page.place(start, end)


# --- the smallest change among facts ------------------------------------------------------------------------------------


def smallest(
    reading: Reading, facts: Sequence[Attribute], trips: Callable[[Sequence[Attribute]], object]
) -> tuple[Proposal, ...]:
    """Kinds of fact that settle a rule when they are made coarser, or else left out: none of them could stay as it is.

    `trips` is the rule: truthy while it speaks of the facts it is given. Kinds that cost the reader least go first (the order
    of `instead` in cues.yaml); earlier publications cannot be changed, so that their facts are never proposed.
    """
    own = [f for f in facts if not reading.is_prior(f.doc)]
    before = [f for f in facts if reading.is_prior(f.doc)]
    rank = list(data()["instead"])
    eased = dict.fromkeys(sorted({f.kind for f in own}, key=rank.index), _AS_IT_IS)

    def settled() -> bool:
        return not trips([*(g for f in own if (g := _eased(f, eased[f.kind]))), *before])

    for step, kind in ((step, kind) for step in (_COARSER, _LEFT_OUT) for kind in eased):
        if settled():
            break
        eased[kind] = step
    for kind in reversed(eased):
        for step in (_AS_IT_IS, _COARSER):
            needed = eased[kind]
            eased[kind] = min(step, needed)
            if settled():
                break
            eased[kind] = needed
    return tuple(_proposal(reading, f, eased[f.kind]) for f in own if eased[f.kind])


_AS_IT_IS, _COARSER, _LEFT_OUT = range(3)


def _eased(fact: Attribute, step: int) -> Attribute | None:
    """The fact after a step, None where nothing is left of it."""
    if step == _AS_IT_IS:
        return fact
    return replace(fact, coarse=True) if step == _COARSER and _softens(fact) else None


def _softens(fact: Attribute) -> bool:
    return not fact.coarse and data()["instead"][fact.kind]["action"] == Action.SOFTEN


def _proposal(reading: Reading, fact: Attribute, step: int) -> Proposal:
    row = data()["instead"][fact.kind]
    soften = step == _COARSER and _softens(fact)
    words = softer(Kind(row["kind"]), reading.words(fact)) if soften else ""
    return Proposal(fact.place, Kind(row["kind"]), Action.SOFTEN if soften else Action.MASK, words or row["words"])


def softer(kind: Kind, text: str) -> str:
    """An age in words or the year of a date; "" if the text tells neither."""
    year = _YEAR.search(text) if kind is Kind.DATE else None
    return band_of(text) if kind is Kind.AGE else year[0] if year else ""
