"""A copy divided into paragraphs and sentences, with the labels in each and whom its pronouns mean.

Pronouns are followed to the last label: within a paragraph, and from one paragraph of prose to the next, as news copy is written,
but not over a heading, into a list or a table, or past somebody else who is named.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..cleartext import ClearText
from ..model import Span
from .cues import STAFF, Cues

_STOP = re.compile(r"(?<=[.!?])[\"”’')]*\s+(?=[A-Z\[“\"‘(])|\n")
_BREAK = re.compile(r"\n\s*\n|\n(?=\s*(?:\||[•*–-]\s|\(?\w{1,3}[.)]\s))")  # a list item is a paragraph of its own
_ABBREVIATED = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Rev|Prof|No|Cllr|Supt|Insp|Sgt|vs|e\.g|i\.e|cf|para|Jr|Sr)|\b[A-Z])\.$")
_ENDED = re.compile(r"[.!?:;|\]]\s*$")
_PERSON = re.compile(rf"{STAFF}|\[Person[^\]]*\]")
_PRONOUN = re.compile(
    r"\b(?:she|her|hers|he|him|his|they|their|them|the (?:girl|boy|child|victim|survivor|complainant))\b"
    r"|\b(?:it|the (?:abuse|offending|exploitation|grooming)) (?:\w+ )?"
    r"(?:began|started|stopped|ended|ceased|continued|lasted|went on)\b",
    re.IGNORECASE,
)
_SINGULAR = re.compile(
    r"\b(?:she|her|he|his|the (?:girl|boy|child|victim|survivor|complainant))\b"
    r"|\b(?:it|the (?:abuse|offending|exploitation|grooming)) (?:\w+ )?"
    r"(?:began|started|stopped|ended|ceased|continued|lasted|went on)\b",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:\||[•*–-]\s|\(?\w{1,3}[.)]\s)")
_SILENT = 2  # paragraphs about nobody, after which a pronoun means nobody we know
_FEMALE = re.compile(r"\b(?:she|her|hers|the girl|their|they|them|it|the abuse|the offending)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Copy:
    """The masked text of one publishable copy, opened again. `doc` is the document's id, `date` the day of an earlier
    publication as the case has it ("" if unknown)."""

    doc: str
    text: ClearText
    date: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a copy: the paragraph, counted from 1 (a list item or table row is one), and the characters of
    the copy's flat text (`content.flatten`)."""

    doc: str
    paragraph: int
    span: Span


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
    """A copy divided into paragraphs of sentences. `text` is personal to nobody any more, but it is not logged either."""

    doc: str
    text: str
    paragraphs: tuple[tuple[Sentence, ...], ...]
    date: str = ""

    def __repr__(self) -> str:
        return f"<Page {self.doc}>"

    @property
    def sentences(self) -> Iterator[Sentence]:
        """Every sentence in reading order."""
        return (s for paragraph in self.paragraphs for s in paragraph)

    @cached_property
    def _starts(self) -> list[int]:
        return [paragraph[0].span.start for paragraph in self.paragraphs]

    @cached_property
    def sections(self) -> Mapping[int, Span]:
        """The extent of each section."""
        found: dict[int, Span] = {}
        for s in self.sentences:
            found[s.section] = Span(found.get(s.section, s.span).start, s.span.end)
        return found

    def paragraph(self, number: int) -> tuple[Sentence, ...]:
        """The sentences of a paragraph, counted from 1."""
        return self.paragraphs[number - 1]

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence a character stands in, or the last before it."""
        paragraph = self.paragraphs[max(0, bisect_right(self._starts, offset) - 1)]
        return next((s for s in reversed(paragraph) if s.span.start <= offset), paragraph[0])

    def place(self, start: int, end: int) -> Place:
        """A stretch of the text as a place."""
        return Place(self.doc, max(1, bisect_right(self._starts, start)), Span(start, end))


def page_of(copy: Copy, cues: Cues) -> Page:
    """The sentences of a copy with the labels in them and those their pronouns stand for."""
    text = copy.text.reveal()
    paragraphs = []
    section = silent = 0
    carried = ""
    for number, span in enumerate(_parts(text, _BREAK), 1):
        heading = _is_heading(text[span.start : span.end])
        section += heading
        if heading or _ITEM.match(text, span.start):
            carried = ""
        sentences = tuple(_paragraph(text, span, number, section, cues, carried))
        about = [label for s in sentences for label in ([label for label, _ in s.labels] or [s.owner]) if label]
        silent = 0 if about else silent + 1
        carried = about[-1] if about else carried if silent < _SILENT else ""
        paragraphs.append(sentences)
    return Page(copy.doc, text, tuple(paragraphs), copy.date)


def _paragraph(text: str, span: Span, number: int, section: int, cues: Cues, carried: str) -> list[Sentence]:
    out = []
    last = topic = ""
    for start, end in _sentences(text, span):
        labels = tuple((_plain(m[0]), Span(m.start(), m.end())) for m in cues.label.finditer(text, start, end))
        others = [m.start() for m in (cues.accused.search(text, start, end), _PERSON.search(text, start, end)) if m]
        owner = "" if labels else _owner(text[start:end], last, topic)
        if carried and not (labels or last or others or topic) and _SINGULAR.search(text, start, end):
            owner = carried
        out.append(Sentence(Span(start, end), number, section, labels, owner))
        topic = min([*((s.start, label) for label, s in labels), *((at, "other") for at in others)], default=(0, topic))[1]
        last = labels[-1][0] if labels else last
    return out


def _owner(words: str, last: str, topic: str) -> str:
    """Whom the pronouns of a sentence without a label mean: the last label, but not where "he" is whom it was last about."""
    if not last or not _PRONOUN.search(words):
        return ""
    return last if topic != "other" or _FEMALE.search(words) else ""


def _plain(label: str) -> str:
    """A label as it is compared: straight apostrophe, and no capital that only opens a sentence ("[The survivor]")."""
    return re.sub(r"^\[(The|An?) ", lambda m: f"[{m[1].lower()} ", label.replace("’", "'"))


def _is_heading(words: str) -> bool:
    stripped = words.strip()
    prose = stripped.startswith(("|", "•", "*", "-", "–")) or stripped.endswith((".", ":", ";", "?", "!", "|", "”", '"'))
    return len(stripped) < 80 and "\n" not in stripped and not prose


def _parts(text: str, breaks: re.Pattern[str]) -> list[Span]:
    edges = [0, *(edge for m in breaks.finditer(text) for edge in (m.start(), m.end())), len(text)]
    return [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if text[a:b].strip()]


def _sentences(text: str, span: Span) -> list[tuple[int, int]]:
    out = []
    start = span.start
    for stop in _STOP.finditer(text, span.start, span.end):
        near = max(start, stop.start() - 20)
        wrapped = stop[0] == "\n" and not _ENDED.search(text, near, stop.start())
        if wrapped or _ABBREVIATED.search(text, near, stop.start()):
            continue
        out.append((start, stop.end() - len(stop[0].lstrip("\"”’')"))))  # the closing quotation mark belongs to it
        start = stop.end()
    out.append((start, span.end))
    return [(a, b) for a, b in out if text[a:b].strip()]
