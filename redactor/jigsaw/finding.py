"""What a rule gives back, and all that a rule may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..case import Case
from ..model import Span
from ..policy import Policy
from .cast import Cast
from .cues import Cues, fix
from .reading import Attribute, Page, Sentence

Level = Literal["block", "warn"]


@dataclass(frozen=True, slots=True)
class JigsawFinding:
    """Facts that identify when they are put together. `rule` is an id of DOMAIN §3, `detail` a code without text, `spans` lie in
    the copy's text, `fix` says the smallest change that settles it. `label` is "" where no label is concerned."""

    rule: str
    level: Level
    label: str
    doc: str
    spans: tuple[Span, ...]
    detail: str
    fix: str


@dataclass(frozen=True)
class Reading:
    """The copies and the earlier publications as read, and what is known beside them."""

    pages: tuple[Page, ...]
    priors: tuple[Page, ...]
    ledger: Mapping[str, Sequence[Attribute]]
    prior_ledger: Mapping[str, Sequence[Attribute]]
    cues: Cues
    cast: Cast
    case: Case
    policy: Policy

    def names_accused(self, page: Page) -> bool:
        """Whether an accused is named in the page."""
        return self.cues.accused.search(page.text) is not None

    def accused_anywhere(self) -> bool:
        """Whether an accused is named in any copy."""
        return any(self.names_accused(page) for page in self.pages)

    def page(self, doc: str) -> Page:
        """The page of a document."""
        return next(page for page in self.pages if page.doc == doc)


def level_of(rule: str, policy: Policy) -> Level | None:
    """What the policy makes of a rule; None where it does not run it."""
    if rule in policy.jigsaw.block:
        return "block"
    return "warn" if rule in policy.jigsaw.warn else None


def found(reading: Reading, rule: str, doc: str, spans: Iterable[Span], detail: str, label: str = "") -> JigsawFinding:
    """A finding at the level the policy gives its rule."""
    level = level_of(rule, reading.policy) or "warn"
    return JigsawFinding(rule, level, label, doc, tuple(sorted(set(spans))), detail, fix(rule))


def label_of(sentence: Sentence) -> str:
    """The label a sentence is about: its first one, or the one its pronouns mean."""
    return sentence.labels[0][0] if sentence.labels else sentence.owner
