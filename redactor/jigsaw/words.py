"""Rules that read a sentence or a paragraph (DOMAIN J11, J18, J19, J24-J26, J30-J32, J34).

They know the words of cues.yaml; a paraphrase ("there was just one lad among them") passes unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from ..model import Kind
from .cues import data, identifiers
from .finding import JigsawFinding, at, found, label_of, propose
from .page import Page, Place, Sentence
from .reading import Reading
from .tables import small_cells

Found = Iterator[JigsawFinding]
_QUOTE = re.compile(r"[“\"]([^”\"\n]+)[”\"]|‘([^’\n]{20,}(?:’\w[^’\n]*)*)’(?!\w)")
_QUOTE_WORDS = 8
_FAMILY_CASE = re.compile(r"(?-i:\b[A-Z]{2}\d{2}[CPZ]\d{5}\b)|\bEWFC\b")
_SURVIVORS = re.compile(rf"(?i)\b{data()['words']['SURV']}\b")
_IDS = {"email": Kind.EMAIL, "phone": Kind.PHONE, "postcode": Kind.POSTCODE, "vehicle": Kind.VEHICLE}


def relative_date(reading: Reading) -> Found:
    """J11: a day that can be worked out from an event everybody knows."""
    for page, match, label in _about(reading, "relative_date"):
        place = at(page, match)
        yield found(reading, "J11", [place], "relative_date", label, [propose("date", place)])


def venue(reading: Reading) -> Found:
    """J18: a named small venue, a date to the month or better, and a protected person in one paragraph."""
    for (label, _), said in reading.told.items():
        for place in (f for f in said if f.kind == "venue_named"):
            dates = [f.place for f in said if f.kind == "date" and f.place.paragraph == place.place.paragraph]
            if dates:
                change = propose("venue_named", place.place)
                yield found(reading, "J18", [place.place, *dates], "venue_named+date", label, [change])


def pointer(reading: Reading) -> Found:
    """J19: a pointer to outside coverage, a citation, or court and day, in a protected person's paragraph.

    The number of a family case blocks under every policy (Children Act 1989 s97, Administration of Justice Act 1960 s12).
    """
    for page, match, label in _about(reading, "pointer"):
        place = at(page, match)
        family = _FAMILY_CASE.search(match[0]) is not None
        detail = "family_case" if family else "pointer"
        yield found(reading, "J19", [place], detail, label, [propose("pointer", place)], level="block" if family else None)


def cohort(reading: Reading) -> Found:
    """J24: the only boy, the youngest of them; and "he" of a label where one boy among girls was counted."""
    for page, paragraph in _paragraphs(reading):
        extent = _extent(paragraph)
        for match in reading.cues.find("cohort", page.text, *extent):
            if _label(paragraph) or _SURVIVORS.search(page.text, *extent):  # "the only woman on the committee" is nobody's cohort
                place = at(page, match)
                yield found(reading, "J24", [place], "cohort", _label(paragraph), [propose("unique", place)])
    lone = {page.doc: dict(_lone(reading, page)) for page in reading.pages}
    for (label, doc), said in reading.told.items():
        for sex, place in lone[doc].items():
            if told := [f.place for f in said if f.kind == sex]:
                yield found(reading, "J24", [place, *told], "lone", label, [propose(sex, here) for here in told])


def _lone(reading: Reading, page: Page) -> Iterator[tuple[str, Place]]:
    """The sex of which a counted cohort has one, and where it says so."""
    for match in reading.cues.find("lone", page.text):
        yield from ((sex, at(page, match)) for sex, said in match.groupdict().items() if said)


def small_count(reading: Reading) -> Found:
    """J25: a count of survivors below the policy's `small_counts`, or one that can be worked out from a total."""
    limit = reading.policy.jigsaw.small_counts
    fewer = f"fewer than {next(word for word, number in data()['numbers'].items() if number == limit)}"
    for page in reading.pages:
        for match in reading.cues.find("count", page.text):
            few, everybody = _number(match["few"]), _number(match.groupdict().get("all", "all"))
            told, place = page.place(*match.span()), page.place(*match.span("few"))
            if 0 < few < min(limit, everybody):
                yield found(reading, "J25", [told], "prose", "", [propose("count", place, fewer)])
            elif 0 < everybody - few < limit:
                yield found(reading, "J25", [told], "subtraction", "", [propose("count", place, "most")])
        for cell, hide, detail in small_cells(page.text, limit):
            change = propose("cell", page.place(hide.start, hide.end))
            yield found(reading, "J25", [page.place(cell.start, cell.end)], detail, "", [change])


def only_officer(reading: Reading) -> Found:
    """J26: a masked officer who can be one person alone (head of, sole), with a year."""
    for page in reading.pages:
        for match in reading.cues.find("head_of", page.text):
            place = page.place(*match.span())
            here = page.sentence_at(match.start()).span
            if re.search(r"\b(?:19|20)\d\d\b", page.text[here.start : here.end]):
                label = re.search(r"\[[^\]]+\d\]", match[0])
                unit = page.place(match.start(), match.start() + label.start()) if label and label.start() else place
                yield found(reading, "J26", [place], "head_of+year", label[0] if label else "", [propose("unit", unit)])


def quotation(reading: Reading) -> Found:
    """J30: more than eight words of a survivor's own, with the accused named or a date to the month in the paragraph.

    A statement made for the court is hers to be known by in the whole section that names him.
    """
    dated = {(f.doc, f.place.paragraph) for said in reading.ledger.values() for f in said if f.kind == "date"}
    accused = {
        (p.doc, n) for p in reading.naming for n, s in p.sections.items() if reading.cues.accused.search(p.text, s.start, s.end)
    }
    for page, paragraph in _paragraphs(reading):
        extent = _extent(paragraph)
        near = (page.doc, paragraph[0].section) in accused
        here = (page.doc, paragraph[0].paragraph) in dated or (near and reading.cues.accused.search(page.text, *extent))
        for s in paragraph if near or here else ():
            label, words = label_of(s), (page.text, s.span.start, s.span.end)
            told = near and any(True for _ in reading.cues.find("statement", *words))
            if not label or not (told or (here and any(True for _ in reading.cues.find("said", *words)))):
                continue
            quotes = [q for q in _QUOTE.finditer(page.text, s.span.start, extent[1]) if len(q[0].split()) > _QUOTE_WORDS]
            if quotes or told:
                spots = [page.place(*q.span()) for q in quotes] or [page.place(s.span.start, s.span.end)]
                detail = "quotation" if quotes else "statement"
                yield found(reading, "J30", spots, detail, label, [propose("quotation", place) for place in spots])
                break


def unique(reading: Reading) -> Found:
    """J31: the only, the first, the daughter of the imam."""
    for label, said in reading.ledger.items():
        for fact in said:
            if fact.kind == "unique":
                yield found(reading, "J31", [fact.place], "unique", label, [propose("unique", fact.place)])


def typography(reading: Reading) -> Found:
    """J32: what the original wrote around a name tells two masked mentions apart: an honorific, a part of the name left over."""
    for page in reading.pages:
        for match in reading.cues.find("honorific", page.text):
            place = at(page, match)
            label = reading.cues.label.search(page.text, max(0, match.start() - 40), match.end() + 60)
            yield found(reading, "J32", [place], "honorific", label[0] if label else "", [propose("typography", place)])


def identifier(reading: Reading) -> Found:
    """J34: the shape of a number that belongs to somebody."""
    for page in reading.pages:
        for name in identifiers():
            for match in reading.cues.shape(name, page.text):
                place = page.place(*match.span())
                change = replace(propose("number", place), kind=_IDS.get(name, Kind.ID))
                yield found(reading, "J34", [place], name, "", [change])


def _about(reading: Reading, name: str) -> Iterator[tuple[Page, re.Match[str], str]]:
    """Matches of a pattern in paragraphs with a protected label, and that label."""
    for page, paragraph in _paragraphs(reading):
        if label := _label(paragraph):
            for match in reading.cues.find(name, page.text, *_extent(paragraph)):
                yield page, match, label


def _paragraphs(reading: Reading) -> Iterator[tuple[Page, tuple[Sentence, ...]]]:
    return ((page, paragraph) for page in reading.pages for paragraph in page.paragraphs)


def _extent(paragraph: tuple[Sentence, ...]) -> tuple[int, int]:
    return paragraph[0].span.start, paragraph[-1].span.end


def _label(paragraph: tuple[Sentence, ...]) -> str:
    return next((label_of(s) for s in paragraph if s.labels), "")


def _number(word: str) -> int:
    """A number in figures or words; 0 for a word that is none ("one of the girls"), and many for "all"."""
    if word.isdigit():
        return int(word)
    parts = [int(data()["numbers"].get(part, 0)) for part in word.casefold().split("-")]
    return 10**6 if word == "all" else sum(parts)


RULES: dict[str, Callable[[Reading], Found]] = {
    "J11": relative_date,
    "J18": venue,
    "J19": pointer,
    "J24": cohort,
    "J25": small_count,
    "J26": only_officer,
    "J30": quotation,
    "J31": unique,
    "J32": typography,
    "J34": identifier,
}
