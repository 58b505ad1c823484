"""Rules that read a sentence or a paragraph (DOMAIN J11, J18, J19, J24-J26, J30, J31, J34).

They know the words of cues.yaml; a paraphrase ("there was just one lad among them") passes unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..model import Span
from .cues import identifiers
from .finding import JigsawFinding, Reading, found, label_of
from .reading import Page, Sentence
from .tables import small_cells

Found = Iterator[JigsawFinding]
_QUOTE = re.compile(r"[“\"]([^”\"\n]+)[”\"]|‘([^’\n]{20,}(?:’\w[^’\n]*)*)’(?!\w)")
_QUOTE_WORDS = 8
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def relative_date(reading: Reading) -> Found:
    """J11: a day that can be worked out from an event everybody knows."""
    for page, paragraph in _paragraphs(reading):
        if label := _label(paragraph):
            for match in reading.cues.find("relative_date", page.text, *_extent(paragraph)):
                yield found(reading, "J11", page.doc, [Span(*match.span())], "relative_date", label)


def venue(reading: Reading) -> Found:
    """J18: a named small venue, a date to the month or better, and a protected person in one paragraph."""
    for label, said in reading.ledger.items():
        for place in (f for f in said if f.kind == "venue_named"):
            page = reading.page(place.doc)
            here = next(s for s in page.sentences if s.span == place.sentence)
            extent = _extent(page.paragraph(here.paragraph))
            dates = [f.span for f in said if f.doc == place.doc and f.kind == "date" and extent[0] <= f.span.start < extent[1]]
            if dates:
                yield found(reading, "J18", place.doc, [place.span, *dates], "venue_named+date", label)


def pointer(reading: Reading) -> Found:
    """J19: a pointer to outside coverage, a citation, or court and day, in a protected person's paragraph."""
    for page, paragraph in _paragraphs(reading):
        if label := _label(paragraph):
            for match in reading.cues.find("pointer", page.text, *_extent(paragraph)):
                yield found(reading, "J19", page.doc, [Span(*match.span())], "pointer", label)


def cohort(reading: Reading) -> Found:
    """J24: the only boy, the youngest of them."""
    for page, paragraph in _paragraphs(reading):
        for match in reading.cues.find("cohort", page.text, *_extent(paragraph)):
            yield found(reading, "J24", page.doc, [Span(*match.span())], "cohort", _label(paragraph))


def small_count(reading: Reading) -> Found:
    """J25: a count of survivors below the policy's `small_counts`, or one that can be worked out from a total."""
    limit = reading.policy.jigsaw.small_counts
    for page in reading.pages:
        for match in reading.cues.find("count", page.text):
            everybody = _number(match.groupdict().get("all") or "")
            if _number(match["few"]) < limit and (everybody == 0 or everybody > _number(match["few"])):
                yield found(reading, "J25", page.doc, [Span(*match.span())], "prose")
        for span, detail in small_cells(page.text, limit):
            yield found(reading, "J25", page.doc, [span], detail)


def only_officer(reading: Reading) -> Found:
    """J26: a masked officer who can be one person alone (head of, sole), with a year."""
    for page in reading.pages:
        for s in page.sentences:
            for match in reading.cues.find("head_of", page.text, s.span.start, s.span.end):
                if re.search(r"\b(?:19|20)\d\d\b", page.holds(s)):
                    label = re.search(r"\[[^\]]+\d\]", match[0])
                    yield found(reading, "J26", page.doc, [Span(*match.span())], "head_of+year", label[0] if label else "")


def quotation(reading: Reading) -> Found:
    """J30: more than eight words of a survivor's own, with the accused named or a date to the month in the paragraph."""
    for page, paragraph in _paragraphs(reading):
        extent = _extent(paragraph)
        marked = reading.cues.accused.search(page.text, *extent) or any(True for _ in _dates(reading, page, paragraph))
        if not marked:
            continue
        for s in paragraph:
            label = label_of(s)
            if not label or not any(True for _ in reading.cues.find("said", page.text, s.span.start, s.span.end)):
                continue
            quotes = [q for q in _QUOTE.finditer(page.text, s.span.start, extent[1]) if len(q[0].split()) > _QUOTE_WORDS]
            told = any(True for _ in reading.cues.find("statement", page.text, s.span.start, s.span.end))
            if quotes or (told and reading.cues.accused.search(page.text, *extent)):
                spans = [Span(*q.span()) for q in quotes] or [s.span]
                yield found(reading, "J30", page.doc, spans, "quotation" if quotes else "statement", label)
                break


def unique(reading: Reading) -> Found:
    """J31: the only, the first, the daughter of the imam."""
    for label, said in reading.ledger.items():
        for fact in said:
            if fact.kind == "unique":
                yield found(reading, "J31", fact.doc, [fact.span], "unique", label)


def identifier(reading: Reading) -> Found:
    """J34: the shape of a number that belongs to somebody."""
    for page in reading.pages:
        for name, pattern in identifiers().items():
            for match in pattern.finditer(page.text):
                yield found(reading, "J34", page.doc, [Span(*match.span())], name)


def _dates(reading: Reading, page: Page, paragraph: tuple[Sentence, ...]) -> Iterator[Span]:
    start, end = _extent(paragraph)
    for said in reading.ledger.values():
        yield from (f.span for f in said if f.kind == "date" and f.doc == page.doc and start <= f.span.start < end)


def _paragraphs(reading: Reading) -> Iterator[tuple[Page, tuple[Sentence, ...]]]:
    for page in reading.pages:
        for number in dict.fromkeys(s.paragraph for s in page.sentences):
            yield page, page.paragraph(number)


def _extent(paragraph: tuple[Sentence, ...]) -> tuple[int, int]:
    return paragraph[0].span.start, paragraph[-1].span.end


def _label(paragraph: tuple[Sentence, ...]) -> str:
    return next((label_of(s) for s in paragraph if s.labels), "")


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    low = word.casefold()
    return _NUMBERS.index(low) + 1 if low in _NUMBERS else 10 if low else 0


RULES: dict[str, Callable[[Reading], Found]] = {
    "J11": relative_date,
    "J18": venue,
    "J19": pointer,
    "J24": cohort,
    "J25": small_count,
    "J26": only_officer,
    "J30": quotation,
    "J31": unique,
    "J34": identifier,
}
