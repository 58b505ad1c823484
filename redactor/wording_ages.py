"""Ages in words without numerals (docs/design.md, "Wording"): the bands keep the thresholds an offence turns on.

Under 13 a child, 13-15 a young teenager, 16-17 an older teenager, then an adult; a policy may be coarser. An age that cannot be
read becomes "[age withheld]".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .wording_grammar import DETERMINER, Replacement, noun, swallow, with_article

_UNITS = tuple(
    re.findall(
        r"\w+",
        "zero one two three four five six seven eight nine ten eleven twelve "
        "thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    )
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12, "twentieth": 20}
_NOUNS = (
    r"girls?|boys?|child(?:ren)?|daughters?|sons?|sisters?|brothers?|pupils?|students?|teenagers?|females?|males?|wom[ae]n|m[ae]n|"
    r"friends?|cousins?|nieces?|nephews?|survivors?|victims?|complainants?|witness(?:es)?|lads?|lass(?:es)?|self|version|twins?|"
    r"mothers?|runaways?|schoolgirls?|schoolboys?|youths?"
)


@dataclass(frozen=True, slots=True)
class Band:
    """One band of ages in the forms a sentence may need."""

    noun: str  # "a young teenager"
    plural: str
    adjective: str  # before "girl"
    time: str  # after "from", "until"


_BANDS = {
    "words": (
        (13, Band("a child", "children", "young", "childhood")),
        (16, Band("a young teenager", "young teenagers", "young teenage", "the early teens")),
        (18, Band("an older teenager", "older teenagers", "older teenage", "the later teens")),
        (999, Band("an adult", "adults", "adult", "adulthood")),
    ),
    "teenager": (
        (13, Band("a child", "children", "young", "childhood")),
        (18, Band("a teenager", "teenagers", "teenage", "the teens")),
        (999, Band("an adult", "adults", "adult", "adulthood")),
    ),
    "adult_child": (
        (18, Band("a child", "children", "young", "childhood")),
        (999, Band("an adult", "adults", "adult", "adulthood")),
    ),
}


def soften_age(text: str, before: str, after: str, style: str) -> Replacement:
    """The words for an age that stands between `before` and `after`; `style` is the policy's `ages`."""
    if group := re.search(r"(?i)\by(?:ea)?r\.? ?(\d{1,2})\b|\breception\b", text):
        return _year_group(int(group[1] or 0), before, after)
    years = years_of(text)
    if years is None:
        about_time = re.search(r"(?i)\b(younger|older|below|above|same)\b", text)
        return Replacement("of a similar age" if about_time else "[age withheld]")
    band = next(b for limit, b in _BANDS[style] if years < limit)
    if tail := re.match(r"(?i)[- ]?(?:years?|yrs?|months?)[- ]olds\b", after):
        return Replacement(band.plural, right=len(tail[0]))
    plural = re.search(r"(?i)olds$", text)
    if plural:
        return Replacement(band.plural)
    if tail := re.match(r"(?i)(?:st|nd|rd|th)?\s+birthday", after):
        return Replacement(f"birthday in {band.time}", right=len(tail[0]))
    return _in_sentence(band, text, before, after)


def _in_sentence(band: Band, text: str, before: str, after: str) -> Replacement:
    tail = re.match(r"(?i)[- ](?:years?|yrs?)(?:[- ]olds?| of age)?(?!\w)|\s?y/?o\b", after)
    right = len(tail[0]) if tail else 0
    if re.match(rf"(?i)[- ](?:{_NOUNS})\b", after[right:]):
        return _adjective(band, before, right)
    if lead := swallow(r"in\s+(?:his|her|their|my)\s+(?:early |late |mid[- ]?)?", before):
        return Replacement(f"in {band.time}", left=len(lead[0]), right=right)
    if lead := swallow(r"an?\s+", before):
        return Replacement(band.noun, left=len(lead[0]), right=right)
    if DETERMINER.search(before) and re.search(r"(?i)old$", text + (tail[0] if tail else "")):  # "this fifteen-year-old"
        return Replacement(band.noun.partition(" ")[2], right=right)
    if lead := swallow(r"at\s+(?:(?:the\s+)?age(?:\s+of)?\s+)?", before):
        return Replacement(f"as {band.noun}", left=len(lead[0]), right=right)
    if lead := swallow(r"(from|since|until|till|before|by|after|between|under|over)\s+(?:the\s+)?ages?(?:\s+of)?\s+", before):
        return Replacement(f"{lead[1]} {band.time}", left=len(lead[0]), right=right)
    if swallow(r"(?:from|since|until|till|before|by|after|between|under|over)\s+", before):
        return Replacement(band.time, right=right)
    if lead := swallow(r"(?:the\s+)?age of\s+", before):
        return Replacement(band.time, left=len(lead[0]), right=right)
    if lead := swallow(r"turn(?:ed|s)\s+", before):
        return Replacement(f"became {band.noun}", left=len(lead[0]), right=right)
    if swallow(r"\w+\s+of\s+", before):
        return Replacement(f"{band.noun}'s age", right=right)
    if lead := swallow(r"aged?\s+", before):
        return _apposed(band, before[: -len(lead[0])], after, len(lead[0]), right)
    if re.match(r"(?i)aged\s", text):
        return _apposed(band, before, after, 0, right)
    return Replacement(band.noun, right=right)


def _adjective(band: Band, before: str, right: int) -> Replacement:
    lead = swallow(r"an?\s+", before)
    if lead is None:
        return Replacement(band.adjective, right=right)
    return Replacement(with_article(band.adjective), left=len(lead[0]), right=right)


def _apposed(band: Band, before: str, after: str, left: int, right: int) -> Replacement:
    """For "aged 13": a noun right before it ("a girl aged 13") wants commas, a comma or "when" does not."""
    lead_in = r"when|while|then|was|is|be|being|now|still|only|just|and|or|were|are"
    if not before.strip() or re.search(r"[,;:(–—|-]\s*$", before) or swallow(rf"(?:{lead_in})\s+", before):
        return Replacement(band.noun, left=left, right=right)
    space = len(before) - len(before.rstrip())
    closing = "" if not after[right:].strip() or after[right:].lstrip()[0] in ",.;:)]" else ","
    return Replacement(f", {band.noun}{closing}", left=left + space, right=right)


def _year_group(group: int, before: str, after: str) -> Replacement:
    stage = "primary school" if group <= 6 else "secondary school" if group <= 11 else "sixth-form"
    if re.match(rf"(?i)\s+(?:{_NOUNS}|class|classmates?|tutor|teacher|form)\b", after):
        return Replacement(f"[{stage}]")
    return noun(f"a {stage} year", before)


def years_of(text: str) -> int | None:
    """Whole years an age speaks of ("14 yrs 8 mths", "thirteen and a half"), 0 for months alone, None if unclear."""
    words = text.casefold()
    if digits := re.search(r"\d{1,3}", words):
        if re.match(r"\s*-?(?:months?|mths?|weeks?|days?)\b", words[digits.end() :]):
            return 0
        return int(digits[0])
    for word in re.findall(r"[a-z]+(?:[- ][a-z]+)?", words):
        first, _, second = word.replace(" ", "-").partition("-")
        if first in _TENS:
            return _TENS[first] + (_UNITS.index(second) if second in _UNITS[1:10] else 0)
        for part in (first, second):
            if part in _UNITS:
                return _UNITS.index(part)
            if part in _TENS:
                return _TENS[part]
            if part in _ORDINALS or part.removesuffix("th") in _UNITS:
                return _ORDINALS.get(part) or _UNITS.index(part.removesuffix("th"))
    return 20 if "twent" in words else None
