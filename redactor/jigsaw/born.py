"""J10: a birthday that can be worked out from ages and dates that stand together, over all copies and earlier publications.

An age and a date in one sentence leave a window of days of birth; windows of one label are laid over one another. What it does
not see: an age and its date in different sentences, and "the year she left school".
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..model import Kind, Span
from .cues import data, numbers_in
from .finding import JigsawFinding, Proposal, found, propose, softer
from .page import Page, Place
from .reading import Attribute, Reading

_BLOCKS_TO = 31  # days; DOMAIN J10
_SPEAKS_TO = 90
_AGES = ("age", "age_start", "age_end", "age_now")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = "|".join(f"{m}[a-z]*" for m in _MONTHS)
_DATE = re.compile(
    rf"(?i)\b(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?(?P<m>{_MONTH})\.?,? (?P<y>(?:19|20)\d\d)\b"
    r"|\b(?P<nd>\d{1,2})[./-](?P<nm>\d{1,2})[./-](?P<ny>(?:19|20)\d\d)\b"
    r"|\b(?P<iy>(?:19|20)\d\d)-(?P<im>\d\d)-(?P<id>\d\d)\b"
    r"|\b(?P<part>early|mid|late)[ -](?P<py>(?:19|20)\d\d)\b"
    r"|\b(?P<season>spring|summer|autumn|winter)(?: of)? (?P<sy>(?:19|20)\d\d)\b"
    r"|\b(?P<alone>(?:19|20)\d\d)\b"
)
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (1, 12)}  # a winter may be of two years
_PARTS = _SEASONS | {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}
_MONTHS_ON = re.compile(r"(?i)\s*(?:years?|yrs?)?,?\s*(?:and\s+)?(?P<n>\d{1,2})\s*(?:mths?|months?)\b")
_BIRTHDAY = re.compile(r"(?i)\b(?P<n>\d{1,2})(?:st|nd|rd|th) birthday\b")
_ELSEWHEN = re.compile(r"(?i)[\s,]*(?:years old |years of age )?(?:at the (?:relevant )?time|back then)\b")
_ROUND_A_BIRTHDAY = timedelta(days=3)  # "the day after her 14th birthday"


@dataclass(frozen=True, slots=True)
class _Window:
    """The days on which somebody may be born, and the age and the date that say so."""

    first: date
    last: date
    age: Place
    when: Place | None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def born(reading: Reading) -> Iterator[JigsawFinding]:
    """J10, at block level where a month or less is left, whatever the policy says of the rule."""
    for label, said in reading.ledger.items():
        windows = list(_windows(reading, [*said, *reading.prior_ledger.get(label, ())]))
        used = _laid_over(windows)
        if not used or _width(used) > _SPEAKS_TO:
            continue
        places = [p for w in used for p in (w.age, w.when) if p and not reading.is_prior(p.doc)]
        if places:
            level = "block" if _width(used) <= _BLOCKS_TO else None
            detail = f"within-{_BLOCKS_TO if level else _SPEAKS_TO}-days"
            yield found(reading, "J10", places, detail, label, list(_changes(reading, used)), level="block" if level else None)


def day_of(written: str) -> date | None:
    """A full date as it is written; None for anything less."""
    match = _DATE.search(written)
    span = _span(match) if match else None
    return span[0] if span and span[0] == span[1] else None


def _laid_over(windows: Iterable[_Window]) -> list[_Window]:
    """The windows that agree, narrowest first; one that contradicts narrower ones was misread and is left out."""
    used: list[_Window] = []
    for window in sorted(windows, key=lambda w: (w.days, w.first, w.age)):
        if _width([*used, window]) > 0:
            used.append(window)
    return used


def _width(windows: Sequence[_Window]) -> int:
    return (min(w.last for w in windows) - max(w.first for w in windows)).days + 1


def _changes(reading: Reading, used: Sequence[_Window]) -> Iterator[Proposal]:
    """The years in place of those dates that make the birthday narrow, the one that tells most first."""
    left = list(used)
    while left and _width(left) <= _SPEAKS_TO:
        tells = next((w for w in left if not reading.is_prior(w.age.doc)), None)
        if tells is None:
            return
        left.remove(tells)
        kind, place = ("date", tells.when) if tells.when and not reading.is_prior(tells.when.doc) else ("age", tells.age)
        text = reading.page(place.doc).text[place.span.start : place.span.end]
        yield propose(kind, place, softer(Kind.DATE if kind == "date" else Kind.AGE, text) or None)


def _windows(reading: Reading, said: Sequence[Attribute]) -> Iterator[_Window]:
    sentences: dict[tuple[str, Span], list[Attribute]] = {}
    for fact in said:
        sentences.setdefault((fact.doc, fact.sentence), []).append(fact)
    for (doc, sentence), facts in sentences.items():
        page = reading.page(doc)
        ages = {f.place: months for f in facts if f.kind in _AGES and (months := _months(page, f))}
        birthdays = list(_BIRTHDAY.finditer(page.text, sentence.start, sentence.end))
        dates = [(m, span) for m in _DATE.finditer(page.text, sentence.start, sentence.end) if (span := _span(m))]
        for place, months in ages.items():
            if dates:
                match, when = _nearest(dates, place.span.start)
                yield _window(*months, *when, place, page.place(*match.span()))
            elif (today := day_of(page.date)) and any(f.kind == "age_now" and f.place == place for f in facts):
                yield _window(*months, today, today, place, None)
        for birthday in birthdays if dates else ():
            match, when = _nearest(dates, birthday.start())
            first, last = (_back(d, 12 * int(birthday["n"])) for d in (when[0] - _ROUND_A_BIRTHDAY, when[1] + _ROUND_A_BIRTHDAY))
            yield _Window(first, last, page.place(*birthday.span()), page.place(*match.span()))


_Dated = tuple[re.Match[str], tuple[date, date]]


def _nearest(dates: Sequence[_Dated], offset: int) -> _Dated:
    return min(dates, key=lambda row: abs(row[0].start() - offset))


def _window(least: int, most: int, first: date, last: date, age: Place, when: Place | None) -> _Window:
    """Born so that the age is `least` to `most` full months on some day from `first` to `last`."""
    return _Window(_back(first, most + 1) + timedelta(days=1), _back(last, least), age, when)


def _months(page: Page, fact: Attribute) -> tuple[int, int] | None:
    """The full months an age may mean, from and to; None for one that says next to nothing ("a child", "an adult")."""
    text = page.text[fact.span.start : fact.span.end].casefold()
    numbers = numbers_in(text)
    if re.search(r"\byear \d", text) or _ELSEWHEN.match(page.text, fact.span.end, fact.sentence.end):
        return None  # a school year; an age at another time than the sentence's date
    if len(numbers) == 1 and (more := _MONTHS_ON.match(page.text, fact.span.end, fact.sentence.end)):
        months = 12 * numbers[0] + int(more["n"])
        return months, months
    if numbers:
        return 12 * min(numbers), 12 * max(numbers) + 11
    bands = {words: years for words, years in data()["bands"].items() if "teenager" in words}
    years = next((years for words, years in bands.items() if words.removeprefix("a ").removeprefix("an ") in text), None)
    return (12 * years[0], 12 * years[1] + 11) if years else None


def _span(match: re.Match[str]) -> tuple[date, date] | None:
    """The first and last day a date may mean; None if there is no such day."""
    g = match.groupdict()
    year = int(next(g[name] for name in ("y", "ny", "iy", "py", "sy", "alone") if g[name]))
    if part := g["part"] or g["season"]:
        first, last = _PARTS[part.casefold()]
        return _month(year, first)[0], _month(year, last)[1]
    if g["alone"]:
        return date(year, 1, 1), date(year, 12, 31)
    month = int(g["nm"] or g["im"] or _MONTHS.index(g["m"][:3].casefold()) + 1)
    day = int(g["d"] or g["nd"] or g["id"] or 0)
    if not 1 <= month <= 12 or day > monthrange(year, month)[1]:
        return None
    return (date(year, month, day), date(year, month, day)) if day else _month(year, month)


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _back(day: date, months: int) -> date:
    """The same day so many months before, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
