"""British settlements with their population, cities abroad, counties and countries, from a table (GeoNames, CC BY 4.0).

A place that is not in the table is small; this module does not find it. Only capitalised words are looked at. A name that
is also a surname or a word (Preston, Reading, Hope) is reported with a low score and "ambiguous" unless a place cue
stands before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import regex  # type: ignore[import-untyped]

from ..lexicon import given_names, plain, surnames
from ..model import Kind
from .base import Found, TextRecognizer
from .wordlists import words

LARGE = 50_000  # people; a settlement of this size does not single anyone out (policy default, docs/design.md)
LONGEST = 5  # words of a name

# Names of places that are as often a surname or a word; every other single-word settlement of LARGE is taken as the place.
AMBIGUOUS = words("ambiguous_places")
_CUE = regex.compile(
    r"\b(?:in|at|from|out of|near|to|around|outside|across|through|via|between|leaving|visit(?:ed)?|towards|into|town of|"
    r"city of)\s+"
    r"(?:(?:north|south|east|west|central|greater)\s+)?$",
    regex.IGNORECASE,
)
# "from Jordan" may be a letter from a man of that name: these alone tell a place
_STRONG = regex.compile(r"\b(?:in|near|outside|across|via|town of|city of)\s+(?:the\s)?$", regex.IGNORECASE)
_AFTER = regex.compile(
    r"\s+(?:town|city|area|centre|station|borough|district|road|railway|magistrates|crown|police|council)\b", regex.I
)
# "Rotherham's MP": a town, where "Preston's mother" may be a person's.
_OWNS = regex.compile(
    r"['’]s\s+(?:\p{L}+\s+){0,2}?(?:MPs?|mayor|council|councillors?|police|streets?|hospitals?|schools|residents|children's\s+services|"
    r"safeguarding|town\s+(?:hall|centre)|magistrates|crown\s+court|taxi\s+trade)\b"
)
_ORIGIN = regex.compile(
    r"\b(?:born in|grew up in|raised in|brought up in|(?:came|comes?|arrived|moved|fled|trafficked)(?: (?:here|over|to \p{L}+))?"
    r" from|(?:is|are|was|were|family|originally|parents|mother|father) from|village (?:near|outside|in)|native of|"
    r"(?<=^|[.;:] )From)\s+$"
)
_MONTHS = ("March",)  # "In March a girl": a month, whatever stands before it
_RUN = regex.compile(r"\p{Lu}[\p{L}'’]*(?:[ \-](?:(?:and|of|upon|on|under|le|in|by|the|next|super)[ \-])*\p{Lu}[\p{L}'’]*)*")
_WORD = regex.compile(r"[\p{L}'’]+")


@cache
def table() -> dict[str, tuple[int, str]]:
    """Lower-cased name -> population (0 for counties and countries) and code: s settlement, a city abroad, c county or
    region, n country."""
    lines = (files(__package__) / "places.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {_key(name): (int(people), code) for name, people, code in rows}


def _key(name: str) -> str:
    return " ".join(name.replace("’", "'").replace("-", " ").lower().split())


def population(name: str) -> int | None:
    """How many people live in the settlement of this name (the largest of it); None if it is not a known settlement."""
    people, code = table().get(_key(name), (0, ""))
    return people if code in ("s", "a") else None


def is_town(name: str) -> bool:
    """Whether the name is that of a settlement of `LARGE` and more, a county, region or country: it stays."""
    people, code = table().get(_key(name), (0, ""))
    return code in ("c", "n") or people >= LARGE


def settlement(name: str) -> bool:
    """Whether the name is that of a settlement in the table, and in no list of given names or surnames."""
    return population(name) is not None and plain(name) not in given_names() | surnames() and name not in AMBIGUOUS


def find(text: str) -> Iterator[Found]:
    """Towns, counties and countries; and small settlements where a place cue stands before them."""
    for run in _RUN.finditer(text):
        words = list(_WORD.finditer(text, run.start(), run.end()))
        at = 0
        while at < len(words):
            for last in range(min(len(words), at + LONGEST), at, -1):
                start, end = words[at].start(), words[last - 1].end()
                owns = bool(_OWNS.match(text, end - 2))
                end -= 2 * owns
                row = table().get(_key(text[start:end]))
                if row and text[start].isupper():
                    yield from _place(text, start, end, *row, alone=owns or len(words) == last - at)
                    at = last
                    break
            else:
                at += 1


def _place(text: str, start: int, end: int, people: int, code: str, *, alone: bool) -> Iterator[Found]:
    before = text[max(0, start - 40) : start]
    cued = bool(_CUE.search(before)) or bool(_AFTER.match(text, end))
    double = text[start:end].title() in AMBIGUOUS
    unsure = not (_STRONG.search(before) or _AFTER.match(text, end)) if double else not (cued or alone)
    if code in ("c", "n"):
        detail = "county" if code == "c" else "country"
    elif people >= LARGE:
        detail = "town"
    else:
        if cued and not (text[start:end] in _MONTHS and not _AFTER.match(text, end)):
            yield Found(start, end, Kind.PLACE, 0.6 if alone else 0.4, "place_table", ("village",))
        return
    if code == "a" and _ORIGIN.search(before):  # whose it is, and whether that matters, people/ tells
        yield Found(start, end, Kind.DEMOGRAPHIC, 0.6, "origin_city", ("nationality",))
    yield Found(start, end, Kind.TOWN, 0.4 if unsure else 0.9, "town_table", (detail, "ambiguous") if unsure else (detail,))


def place_recognizer() -> TextRecognizer:
    """The table as a Presidio recognizer."""
    return TextRecognizer("places", [Kind.TOWN, Kind.PLACE], find)
