"""A copy as a stranger reads it: sentences, the labels in them, and what each sentence says of a label.

Pronouns are followed within a paragraph only, to the last label; a fact told a paragraph later without the label is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..cleartext import ClearText
from ..model import Span
from .cues import STAFF, Cues, compiled

_STOP = re.compile(r"(?<=[.!?])[\"”’')]*\s+(?=[A-Z\[“\"‘(])|\n")
_BREAK = re.compile(r"\n\s*\n|\n(?=\s*(?:\||[•*–-]\s|\(?\w{1,3}[.)]\s))")  # a list item is a paragraph of its own
_ABBREVIATED = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Rev|Prof|No|Cllr|Supt|Insp|Sgt|vs|e\.g|i\.e|cf|para|Jr|Sr)|\b[A-Z])\.$")
_PERSON = re.compile(rf"{STAFF}|\[Person[^\]]*\]")
_PRONOUN = re.compile(
    r"\b(?:she|her|hers|he|him|his|they|their|them|the (?:girl|boy|child|victim|survivor|complainant))\b"
    r"|\b(?:it|the (?:abuse|offending|exploitation|grooming)) (?:\w+ )?"
    r"(?:began|started|stopped|ended|ceased|continued|lasted|went on)\b",
    re.IGNORECASE,
)
_FEMALE = re.compile(r"\b(?:she|her|hers|the girl|their|they|them|it|the abuse|the offending)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Copy:
    """The masked text of one publishable copy, opened again. `doc` is the document's id."""

    doc: str
    text: ClearText


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing a copy says of a label: its kind (a key of cues.yaml), where, and in which sentence; `coarse` if only roughly.

    `section` numbers the part of the document between two headings, so that rules can ask for facts that stand near.
    """

    kind: str
    doc: str
    span: Span
    sentence: Span
    section: int = 0
    coarse: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """An intruder card: everything the copies say of one label, by kind, for the motivated intruder's search (ICO)."""

    label: str
    attributes: Mapping[str, tuple[Attribute, ...]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a copy: where, in which paragraph and section, the protected labels in it, whom its pronouns mean."""

    span: Span
    paragraph: int
    section: int
    labels: tuple[tuple[str, Span], ...]
    owner: str = ""


@dataclass(frozen=True)
class Page:
    """A copy divided into sentences. `text` is personal to nobody any more, but it is not logged either."""

    doc: str
    text: str
    sentences: tuple[Sentence, ...]

    def __repr__(self) -> str:
        return f"<Page {self.doc}>"

    def paragraph(self, number: int) -> tuple[Sentence, ...]:
        """The sentences of one paragraph."""
        return tuple(s for s in self.sentences if s.paragraph == number)

    def holds(self, sentence: Sentence) -> str:
        """The words of a sentence."""
        return self.text[sentence.span.start : sentence.span.end]


def page_of(copy: Copy, cues: Cues) -> Page:
    """The sentences of a copy with the labels in them and those their pronouns stand for."""
    text = copy.text.reveal()
    out: list[Sentence] = []
    section = 0
    for number, span in enumerate(_parts(text, _BREAK)):
        section += _is_heading(text[span.start : span.end])
        out += _paragraph(text, span, number, section, cues)
    return Page(copy.doc, text, tuple(out))


def ledger_of(pages: Sequence[Page], cues: Cues) -> dict[str, list[Attribute]]:
    """What the pages say of every label, in reading order."""
    found: dict[str, list[Attribute]] = {}
    for page in pages:
        for sentence in page.sentences:
            for label, attribute in _said(page, sentence, cues):
                found.setdefault(label, []).append(attribute)
    return found


def ledger(copies: Sequence[Copy]) -> Mapping[str, Sequence[Attribute]]:
    """Everything the copies say about a label, by label, in reading order: the basis of intruder cards."""
    cues = compiled()
    return ledger_of([page_of(copy, cues) for copy in copies], cues)


def cards(copies: Sequence[Copy]) -> list[Card]:
    """One intruder card a label, labels sorted, attributes by kind with the sentences they stand in."""
    out = []
    for label, attributes in sorted(ledger(copies).items()):
        kinds: dict[str, list[Attribute]] = {}
        for attribute in attributes:
            kinds.setdefault(attribute.kind, []).append(attribute)
        out.append(Card(label, {kind: tuple(items) for kind, items in sorted(kinds.items())}))
    return out


def _paragraph(text: str, span: Span, number: int, section: int, cues: Cues) -> list[Sentence]:
    out = []
    last = topic = ""
    for start, end in _sentences(text, span):
        labels = tuple((_plain(m[0]), Span(m.start(), m.end())) for m in cues.label.finditer(text, start, end))
        owner = "" if labels else _owner(text[start:end], last, topic)
        out.append(Sentence(Span(start, end), number, section, labels, owner))
        named = cues.accused.search(text, start, end)
        staff = _PERSON.search(text, start, end)
        first = min(
            [(s.start, label) for label, s in labels] + [(m.start(), "other") for m in (named, staff) if m], default=(0, topic)
        )
        topic = first[1]
        last = labels[-1][0] if labels else last
    return out


def _owner(words: str, last: str, topic: str) -> str:
    """Whom the pronouns of a sentence without a label mean: the last label, but not where "he" is whom it was last about."""
    if not last or not _PRONOUN.search(words):
        return ""
    return last if topic != "other" or _FEMALE.search(words) else ""


def _said(page: Page, sentence: Sentence, cues: Cues) -> list[tuple[str, Attribute]]:
    if not sentence.labels and not sentence.owner:
        return []
    out: list[tuple[str, Attribute]] = []
    seen: set[tuple[str, str, int]] = set()
    for cue in cues.attributes:
        for match in cue.pattern.finditer(page.text, sentence.span.start, sentence.span.end):
            label = sentence.owner or _nearest(sentence, match)
            if (label, cue.kind, match.start()) in seen:
                continue
            seen.add((label, cue.kind, match.start()))
            span = Span(match.start(), match.end())
            out.append((label, Attribute(cue.kind, page.doc, span, sentence.span, sentence.section, cue.coarse)))
    return sorted(out, key=lambda pair: pair[1].span)


def _nearest(sentence: Sentence, match: re.Match[str]) -> str:
    """The label within the match, else the last one before it, else the first after it."""
    inside = [label for label, span in sentence.labels if match.start() <= span.start < match.end()]
    before = [label for label, span in sentence.labels if span.end <= match.start()]
    return inside[0] if inside else before[-1] if before else sentence.labels[0][0]


def _plain(label: str) -> str:
    """A label as it is compared: straight apostrophe, and no capital that only opens a sentence ("[The survivor]")."""
    return re.sub(r"^\[(The|An?) ", lambda m: f"[{m[1].lower()} ", label.replace("’", "'"))


def _is_heading(words: str) -> bool:
    stripped = words.strip()
    return len(stripped) < 80 and "\n" not in stripped and not stripped.endswith((".", ":", ";", "?", "!", "|", "”", '"'))


def _parts(text: str, breaks: re.Pattern[str]) -> list[Span]:
    edges = [0, *(edge for m in breaks.finditer(text) for edge in (m.start(), m.end())), len(text)]
    return [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if text[a:b].strip()]


def _sentences(text: str, span: Span) -> list[tuple[int, int]]:
    out = []
    start = span.start
    for stop in _STOP.finditer(text, span.start, span.end):
        wrapped = stop[0] == "\n" and not re.search(r"[.!?:;|\]]\s*$", text[start : stop.start()])
        if wrapped or _ABBREVIATED.search(text[start : stop.start()]):
            continue
        out.append((start, stop.start()))
        start = stop.end()
    out.append((start, span.end))
    return [(a, b) for a, b in out if text[a:b].strip()]
