"""How many people a label could be (DOMAIN "k-estimate"): the inhabitants of a place, and the share of them that facts leave.

The shares are rounded orders of magnitude and are multiplied as if they were independent, which they are not: the product ranks
persons by risk and proves nothing. A place that no table knows counts only where the text itself calls it a village or hamlet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from ..model import Span
from .cues import data, numbers_in

_NAME = r"[A-Z][a-zà-ÿ]+(?:[- ](?:(?:upon|on|under|le|in|by|the|next|super|of)[- ])*[A-Z][a-zà-ÿ]+)*"
_PLACE = re.compile(
    rf"\b(?P<how>[Ii]n|[Nn]ear|[Ff]rom|[Aa]round|[Oo]utside|[Aa]cross|moved to|returned to|sent to) "
    rf"(?P<small>the (?:village|hamlet) of )?(?:the (?:town|city|borough) of )?(?P<name>{_NAME})\b(?![’'’]s? [a-zA-Z]|’| \[)"
)
UNKNOWN = 500  # people: the table begins there
_FROM = 5_000  # "from Paul": a small place of that name is seldom meant


@cache
def _table() -> dict[str, tuple[int, str]]:
    """Name in small letters → inhabitants and code (s settlement, a city abroad, c county or region, n country). The recognizers'
    own table, read as data: the room that owns it is not imported."""
    lines = (files("redactor") / "recognizers" / "places.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {_key(name): (int(people), code) for name, people, code in rows}


def _key(name: str) -> str:
    return name.replace("’", "'").replace("-", " ").casefold()


def is_place(name: str) -> bool:
    """Whether a name is that of a settlement, county or country."""
    return _key(name.removeprefix("the ")) in _table()


def population(name: str) -> int:
    """The inhabitants of the largest settlement of this name; `UNKNOWN` for one that the table has not, or has no number for."""
    people, code = _table().get(_key(name), (0, ""))
    return max(people, UNKNOWN) if code in ("s", "a") else UNKNOWN


def places(text: str, start: int, end: int) -> list[tuple[Span, int]]:
    """Settlements that the text says somebody is in or from, and their inhabitants."""
    found = []
    for match in _PLACE.finditer(text, start, end):
        words = re.split(r"(?<=[ -])", match["name"])
        if words[0].strip(" -") in data()["not_places"]:
            continue
        for count in range(len(words), 0, -1):
            name = "".join(words[:count]).rstrip(" -")
            rest = text[match.start("name") + len(name) : end]
            known = match["small"] or _table().get(_key(name), (0, ""))[1] in ("s", "a")
            if not known or re.match(r"[ -][A-Z]", rest):  # "in Sheffield Crown Court" is no place to live
                continue
            people = population(name)
            if match["how"].casefold() != "from" or people >= _FROM or match["small"]:
                found.append((Span(match.start("name"), match.start("name") + len(name)), people))
            break
    return found


def schools(kind: str, people: int) -> float:
    """How many schools of a kind ("catholic secondary school") a place of so many people may have."""
    words, table = kind.casefold(), data()["schools"]
    per = next(per for word, per in table["people_per_school"].items() if word in words or not word)
    return float(people / per * next((share for word, share in table["share"].items() if word in words), 1.0))


def crowd(people: int, facts: Iterable[tuple[str, str, bool]]) -> float:
    """How many of `people` all facts would fit, each (kind, words, coarse) counted once a kind."""
    shares = data()["shares"]
    best: dict[str, float] = {}
    for kind, words, coarse in facts:
        group = "age" if kind.startswith("age") else "sex" if kind in ("female", "male") else kind.removesuffix("_rare")
        share = _age_share(words, coarse) if group == "age" else shares.get(kind)
        if share is not None:
            best[group] = min(best.get(group, 1.0), share)
    left = float(people)
    for share in best.values():
        left *= share
    return left


def counts(kind: str) -> bool:
    """Whether a kind of fact makes the crowd smaller."""
    return kind == "place" or kind.startswith("age") or kind in data()["shares"]


def _age_share(words: str, coarse: bool) -> float:
    shares = data()["shares"]["ages"]
    if not coarse:
        return float(shares["one year"])
    said = words.casefold() if any(band in words.casefold() for band in shares) else band_of(words)
    return float(next((share for band, share in shares.items() if band in said), 1.0))


def band_of(age: str) -> str:
    """An age ("aged 13", "fourteen") in words; "" if no number is in it."""
    years = numbers_in(age.casefold())
    return next((words for words, (low, high) in data()["bands"].items() if years and low <= years[0] <= high), "")


def rounded(estimate: float) -> int:
    """An estimate in one figure ("about 40"): more would claim too much."""
    whole = round(estimate)
    step = 10 ** (len(str(whole)) - 1)
    return whole if whole < 10 else round(whole / step) * step
