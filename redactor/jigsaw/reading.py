"""What the copies say of every label: the ledger, and all that a rule may read beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ..case import Case
from ..cleartext import ClearText
from ..model import Span
from ..policy import Policy
from .cast import Cast
from .crowd import is_place, places
from .cues import Cues
from .page import Page, Place, Sentence

_DATED = ("date", "season", "year")
_SENT = re.compile(r"(?i)\b(?:sent|date|received|printed):[^\n]*$")
_SEX = re.compile(r"\W*(?P<what>(?P<female>She|Her)|(?P<male>He|His))\b")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing a copy says of a label: its kind (a key of cues.yaml), the words that say it, and in which sentence; `coarse`
    if only roughly. `section` numbers the part of the document between two headings, for rules that ask what stands near."""

    kind: str
    place: Place
    sentence: Span
    section: int = 0
    coarse: bool = False

    @property
    def doc(self) -> str:
        """The document it stands in."""
        return self.place.doc

    @property
    def span(self) -> Span:
        """The characters that say it."""
        return self.place.span


@dataclass(frozen=True)
class Secrets:
    """What only the team knows, by label: the names of each masked person (the fullest first) and the date of birth as it was
    written. Personal text: rules look at it, no finding holds a word of it."""

    names: Mapping[str, tuple[ClearText, ...]] = field(default_factory=dict)
    born: Mapping[str, ClearText] = field(default_factory=dict)

    def __repr__(self) -> str:
        return "<Secrets>"


@dataclass(frozen=True)
class Reading:
    """The copies and the earlier publications as read, and what is known beside them. `today` None: no order is over."""

    pages: tuple[Page, ...]
    priors: tuple[Page, ...]
    ledger: Mapping[str, Sequence[Attribute]]
    prior_ledger: Mapping[str, Sequence[Attribute]]
    cues: Cues
    cast: Cast
    case: Case
    policy: Policy
    secrets: Secrets = Secrets()
    today: date | None = None

    @cached_property
    def _by_doc(self) -> Mapping[str, Page]:
        return {page.doc: page for page in (*self.pages, *self.priors)}

    @cached_property
    def _before(self) -> frozenset[str]:
        return frozenset(page.doc for page in self.priors)

    @cached_property
    def naming(self) -> tuple[Page, ...]:
        """The copies and publications in which an accused is named."""
        return tuple(page for page in (*self.pages, *self.priors) if self.cues.accused.search(page.text))

    @cached_property
    def naming_docs(self) -> frozenset[str]:
        """The ids of those."""
        return frozenset(page.doc for page in self.naming)

    @cached_property
    def told(self) -> Mapping[tuple[str, str], Sequence[Attribute]]:
        """What each copy says of each label, by label and document."""
        found: dict[tuple[str, str], list[Attribute]] = {}
        for label, said in self.ledger.items():
            for fact in said:
                found.setdefault((label, fact.doc), []).append(fact)
        return found

    @cached_property
    def accused_in(self) -> Mapping[str, frozenset[str]]:
        """Every accused who is named in a copy or publication, by document."""
        return {p.doc: frozenset(accused(m) for m in self.cues.accused.finditer(p.text)) for p in (*self.pages, *self.priors)}

    @cached_property
    def beside_accused(self) -> frozenset[str]:
        """The labels that stand in one sentence with an accused."""
        named = ((page, m) for page in self.naming for m in self.cues.accused.finditer(page.text))
        return frozenset(label for page, m in named for label, _ in page.sentence_at(m.start()).labels)

    def page(self, doc: str) -> Page:
        """The page of a document or publication."""
        return self._by_doc[doc]

    @cached_property
    def _people(self) -> dict[tuple[str, int], list[int]]:
        return {}

    def people(self, doc: str, section: int) -> list[int]:
        """The inhabitants of each place that is named in a section."""
        if (doc, section) not in self._people:
            page = self.page(doc)
            extent = page.sections[section]
            self._people[doc, section] = [people for _, people in places(page.text, extent.start, extent.end)]
        return self._people[doc, section]

    def is_prior(self, doc: str) -> bool:
        """Whether this is an earlier publication: what stands there cannot be changed."""
        return doc in self._before

    def words(self, fact: Attribute) -> str:
        """The words that tell a fact."""
        return self.page(fact.doc).text[fact.span.start : fact.span.end]


def accused(match: re.Match[str]) -> str:
    """By what an accused is known who is named: the last word of the name, in small letters."""
    return match[0].split()[-1].casefold()


def ledger_of(told: Iterable[tuple[str, Attribute]]) -> dict[str, list[Attribute]]:
    """What is told of every label, in reading order."""
    found: dict[str, list[Attribute]] = {}
    for label, attribute in told:
        found.setdefault(label, []).append(attribute)
    return found


def said_of(page: Page, cues: Cues) -> Iterator[tuple[str, Attribute]]:
    """What a page says of labels, in reading order."""
    return (row for sentence in page.sentences for row in _said(page, sentence, cues))


def _said(page: Page, sentence: Sentence, cues: Cues) -> list[tuple[str, Attribute]]:
    if not sentence.labels and not sentence.owner:
        return []
    out: list[tuple[str, Attribute]] = []
    seen: set[tuple[str, str, int]] = set()
    start, end = sentence.span.start, sentence.span.end

    def say(kind: str, coarse: bool, label: str, what: Span) -> None:
        if (label, kind, what.start) not in seen:
            seen.add((label, kind, what.start))
            place = Place(page.doc, sentence.paragraph, what)
            out.append((label, Attribute(kind, place, sentence.span, sentence.section, coarse)))

    for cue in cues.attributes:
        for match in cue.pattern.finditer(page.text, start, end):
            label = sentence.owner or _nearest(sentence, match.start(), match.end())
            what = Span(*(match.span("what") if cue.narrow else match.span()))
            if cue.kind == "work_named" and is_place(page.text[what.start : what.end]):
                continue  # a town is no employer
            if cue.kind in _DATED and _SENT.search(page.text, max(start, what.start - 30), what.start):
                continue  # the line of an e-mail is about the e-mail
            say(cue.kind, cue.coarse, label, what)
    for span, _ in places(page.text, start, end):
        say("place", False, sentence.owner or _nearest(sentence, span.start, span.end), span)
    if sentence.owner and (sex := _SEX.match(page.text, start, end)):
        say("female" if sex["female"] else "male", False, sentence.owner, Span(*sex.span("what")))
    dated = [fact.span for _, fact in out if fact.kind in ("date", "season")]
    told = [(label, fact) for label, fact in out if fact.kind != "year" or not any(d.holds(fact.span) for d in dated)]
    return sorted(told, key=lambda pair: pair[1].span)


def _nearest(sentence: Sentence, start: int, end: int) -> str:
    """The label within a stretch, else the last one before it, else the first after it."""
    inside = [label for label, span in sentence.labels if start <= span.start < end]
    before = [label for label, span in sentence.labels if span.end <= start]
    return inside[0] if inside else before[-1] if before else sentence.labels[0][0]
