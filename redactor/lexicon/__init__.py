"""The packaged word lists that judgement leans on: names, nicknames, ordinary words, titles and ranks.

A list is evidence, never a verdict: most of the world's names stand in no list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from ..yamlfile import packaged


def plain(text: str) -> str:
    """The text without case, accents and typographic apostrophes: the form in which names are compared."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.replace("’", "'").replace("‘", "'").replace("ł", "l").replace("Ł", "L"))
    return "".join(c for c in text if not unicodedata.combining(c)).casefold()


def _lines(name: str) -> list[str]:
    text = (files(__package__) / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def given_names() -> frozenset[str]:
    """Words in use as given names, plain form."""
    return frozenset(_lines("given_names.txt"))


@cache
def surnames() -> frozenset[str]:
    """Words in use as surnames, plain form."""
    return frozenset(_lines("surnames.txt"))


@cache
def abbreviations() -> frozenset[str]:
    """Abbreviations and forms of address that look like a name and are nobody's, plain form."""
    return frozenset(word for line in _lines("abbreviations.txt") for word in line.split())


@cache
def ordinary_words() -> frozenset[str]:
    """Everyday words that are also names."""
    return frozenset(word for line in _lines("ordinary.txt") for word in line.split())


@cache
def nicknames() -> Mapping[str, frozenset[str]]:
    """For each given name or short form, the names it may stand for or be shortened to (both ways, one step)."""
    table: dict[str, set[str]] = {}
    for line in _lines("nicknames.txt"):
        head, *tail = line.split()
        for word in tail:
            table.setdefault(head, set()).add(word)
            table.setdefault(word, set()).add(head)
    return {word: frozenset(others) for word, others in table.items()}


class Title(NamedTuple):
    """A title before a name. `family`: courtesy, kin, rank or office; `code`: which one; `label`: how a label writes it."""

    family: str
    code: str
    label: str


@cache
def _titles_data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = packaged(__package__, "titles.yaml")
    return data


@cache
def titles() -> Mapping[str, Title]:
    """Every way a title is written (plain form) and what it says."""
    data = _titles_data()
    table: dict[str, Title] = {}
    for code, words in data["courtesy"].items():
        table.update({plain(w): Title("courtesy", code, words[0]) for w in words})
    table.update({plain(w): Title("kin", plain(w), w) for w in data["kin"]})
    for rank in data["ranks"]:
        table.update({plain(w): Title("rank", rank["code"], rank["words"][0]) for w in rank["words"]})
    for code, words in data["offices"].items():
        table.update({plain(w): Title("office", code, words[0]) for w in words})
    return table


def gender(title_code: str) -> str:
    """'m', 'f' or '' for a courtesy title."""
    return str(_titles_data()["gender"].get(title_code, ""))


_SHORT_CASED = {"pc", "dc", "ps", "ds", "di", "sc", "ci", "pi", "cc", "mp"}


@cache
def title_pattern() -> re.Pattern[str]:
    """A run of titles at the end of a text (what stands right before a name), collar number allowed between."""
    # Two-letter ranks must be written in capitals: "di" and "ps" stand in ordinary text.
    words = sorted(titles(), key=len, reverse=True)  # longest first, so that "Det Supt" is not read as "Det"
    loose = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in words if w not in _SHORT_CASED | {"ms"})
    strict = "|".join(w.upper() for w in sorted(_SHORT_CASED)) + "|M[Ss]"
    number = r"(?:\s+[A-Z]?\d{1,6})?"
    return re.compile(rf"(?<![\w-])((?:(?i:{loose})|{strict}))\.?{number}\s+$")
