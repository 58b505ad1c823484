"""Dates one step coarser than they stand (docs/design.md, "Wording"); the year stays, so that the account keeps its order.

"On 17 October 2010" becomes "On a day in late 2010", "on 2 October" "on a day that autumn", "since Tuesday" "since that
week". A date that cannot be read becomes "[date withheld]".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .policy import Dates
from .wording_grammar import Replacement, repeats, swallow

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_SEASONS = (
    "winter",
    "winter",
    "spring",
    "spring",
    "spring",
    "summer",
    "summer",
    "summer",
    "autumn",
    "autumn",
    "autumn",
    "winter",
)
_FEASTS = {  # the season a feast falls in; one that moves through the year has none
    r"christmas|boxing day|new year|hogmanay|epiphany|valentine": 12,
    r"twelfth night|burns night|candlemas": 1,
    r"easter|good friday|mother'?s day|mothering sunday|st\.? (?:george|david|patrick)": 4,
    r"shrove|pancake|ash wednesday|palm sunday|maundy": 4,
    r"may day|(?:may|spring) bank holiday|whit|pentecost|ascension": 5,
    r"father'?s day|midsummer": 6,
    r"lammas|(?:august|summer) bank holiday": 8,
    r"bonfire n|guy fawkes|hallowe'?en|remembrance|armistice|harvest|poppy day": 11,
    r"martinmas|michaelmas|all (?:saints|souls)|st\.? andrew": 11,
}
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DATE = re.compile(
    rf"(?i)(?P<iso>\d{{4}})-(?P<isomonth>\d\d)-\d\d"
    rf"|\d{{1,2}}[./-](?P<number>\d{{1,2}})[./-](?P<short>\d{{4}}|\d\d)"
    rf"|(?P<day>\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?\b(?P<month>{_MONTH})\b\.?"
    rf"(?P<after>\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!\d))?,?(?:\s+(?:of\s+)?(?P<year>(?:19|20)\d\d)|\s*['’](?P<tick>\d\d)\b)?"
    rf"|\b(?P<season>spring|summer|autumn|winter)\b(?:\s+(?:of\s+)?(?P<seasonyear>(?:19|20)\d\d))?"
    rf"|\b(?P<alone>(?:19|20)\d\d)\b"
)
_WEEKDAY = re.compile(r"(?i)\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\bweekend\b|\b(?:mon|tue|wed|thu|fri|sat|sun)\b")
_VAGUE = ("around that time", "at about that date", "then")


@dataclass(frozen=True, slots=True)
class _Point:
    """A date as far as it is said: `month` 1-12 or None, whether it names a day, whether it is only a season."""

    year: int | None
    month: int | None
    day: bool = False
    season: bool = False


def soften_date(text: str, before: str, style: Dates) -> Replacement:
    """The words for a date that stands after `before`; `style` is the policy's `dates`."""
    points = _points(text)
    if not points:
        return _undated(text, before)
    phrases = list(dict.fromkeys(_phrase(p, style) for p in (points[0], points[-1])))
    relative = phrases[0].startswith("that ")
    between = swallow(r"between\s+", before)
    phrase = (" and " if between else " to ").join(phrases)
    if len(phrases) == 1 and between:
        return Replacement(phrase if relative else f"in {phrase}", left=len(between[0]))
    if phrase == text.casefold() or (len(points) == 1 and points[0].month is None and not points[0].season):
        return Replacement(phrase, left=0) if phrase.startswith("between") else Replacement("[year withheld]")
    lead = swallow(
        r"(?:(?:(on|in|at|during)\s+)?(?:the\s+)?(?:(?:early|mid|late)[ -]|(?:end|start|beginning|middle) of\s+))", before
    )
    if lead is None and (kept := _after_its_preposition(phrase, len(points), any(p.day for p in points), before)):
        return kept
    if lead is None and (inside := swallow(r"in\s+(?P<the>the\s+)?", before)):
        return Replacement(phrase, left=len(inside[0] if phrase.startswith("between") else inside["the"] or ""))
    if lead is None:
        if relative and swallow(r"(?:last|next|this|following|previous|every|each|same)\s+", before):
            return Replacement(phrase.removeprefix("that "))
        return Replacement(_cased(phrase, text))
    bare = relative or phrase.startswith("between")
    prefix = "" if bare or not lead[1] else "in "
    return Replacement(prefix + phrase, left=len(lead[0]))


def _after_its_preposition(phrase: str, points: int, day: bool, before: str) -> Replacement | None:
    """The words after "on", "at", "during" or "the morning of", which stay as they are; None after anything else."""
    lead = swallow(r"(?:(on|at|during)\s+|(?:morning|afternoon|evening|night|day|week|weekend) of\s+)(?P<the>the\s+)?", before)
    word = (lead[1] or "").lower() if lead else ""
    if lead is None or (word == "during" and not day):
        return None
    joined = phrase if phrase.startswith(("that ", "between ")) else f"in {phrase}"
    time = "days" if day and points > 1 else "a day" if day or word == "on" else "a time"
    return Replacement(f"{time} {joined}", left=len(lead["the"] or ""))


def _cased(phrase: str, text: str) -> str:
    return phrase.upper() if text.isupper() and len(text) > 4 and re.search("[A-Z]{3}", text) else phrase


def _phrase(point: _Point, style: Dates) -> str:
    how = style.day if point.day else style.month
    if point.year is None:
        return f"that {_SEASONS[point.month - 1]}" if point.month and not point.season else "that year"
    if how == "period":
        first = point.year - point.year % 3
        return f"between {first} and {first + 2}"
    if point.month is None or point.season or how == "year":
        return str(point.year)
    if how == "month_year":
        return f"{_MONTHS[point.month - 1].capitalize()} {point.year}"
    if how == "season" and point.month not in {1, 2, 12}:  # a winter spans two years
        return f"{_SEASONS[point.month - 1]} {point.year}"
    third = ("early ", "mid-", "late ")[(point.month - 1) // 4]
    return f"{third}{point.year}"


def _points(text: str) -> list[_Point]:
    found = [p for m in _DATE.finditer(text) if (p := _point(m, text))]
    dated = next((p.year for p in reversed(found) if p.year), None)
    if feast := next((month for words, month in _FEASTS.items() if re.search(rf"(?i)\b(?:{words})", text)), None):
        return [_Point(dated, feast)]
    if dated:  # "9 January to 14 February 2012": the year is said once
        return [p if p.year else _Point(dated, p.month, p.day, p.season) for p in found]
    return found


def _point(match: re.Match[str], text: str) -> _Point | None:
    g = match.groupdict()
    if g["iso"] or g["short"]:
        month = int(g["isomonth"] or g["number"])
        year = _full_year(g["iso"] or g["short"])
        return _Point(year, month, day=True) if 1 <= month <= 12 else None
    if g["month"]:
        year_text = g["year"] or g["tick"]
        number = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(g["month"][:3].casefold()))
        day = bool(g["day"] or g["after"] or re.search(r"\d(?:st|nd|rd|th)?\s+(?:of\s+)?$", text[: match.start()]))
        return _Point(_full_year(year_text) if year_text else None, number, day=day)
    if g["season"]:
        return _Point(int(g["seasonyear"]) if g["seasonyear"] else None, None, season=True)
    return _Point(int(g["alone"]), None)


def _full_year(digits: str) -> int:
    if len(digits) == 4:
        return int(digits)
    return int(digits) + (2000 if int(digits) < 40 else 1900)


def _undated(text: str, before: str) -> Replacement:
    """A weekday, or a time told by another event."""
    if not _WEEKDAY.search(text):
        vague = next((v for v in _VAGUE if not repeats(v, text)), "[date withheld]")
        lead = swallow(r"(?:on|in|at|during|over)\s+", before) if not vague.startswith("[") else None
        return Replacement(vague, left=len(lead[0]) if lead else 0)
    if swallow(r"(?:last|next|this|following|previous|every|each|same)\s+", before):
        return Replacement("week")
    if swallow(r"on\s+", before):
        return Replacement("a day that week")
    lead = swallow(r"(?:on|over)\s+(?:the\s+)?", before)
    return Replacement("that week", left=len(lead[0]) if lead else 0)
