"""Persons who may be one, though linking left them two: names that fit, and nothing in the text that says so.

Goes by names alone. What the texts say for or against it is for the person who is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from ..cleartext import ClearText
from ..lexicon import plain
from ..model import Person, Role
from .link import LINK
from .names import Name, alike, compatible, parse, parts, same_given

_SPELT = 0.88  # a lone surname this much like another's may be it with a slip ("Ellaby", "Ellerby"); set by hand
_FEW = 4  # letters; a lone word so short is another name when a letter differs


def near(persons: Sequence[Person]) -> dict[str, tuple[str, ...]]:
    """For each person (id) who may be another one: the ids of those, in order. Said of both.

    Left out: two whom the case lists each by itself, two who may both be named, pseudonyms, and persons nobody mentions.
    """
    names = {p.id: _names(p.forms) for p in persons if p.mentions and p.role is not Role.PSEUDONYM}
    known = {p.id: p for p in persons}
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in sorted(_pairs(names)):
        a, b = known[one], known[other]
        if (a.listed and b.listed) or not (a.role.protected or b.role.protected):
            continue
        if any(_alike(x, y) for x in names[one] for y in names[other]):
            found[one].add(other)
            found[other].add(one)
    return {person: tuple(sorted(others)) for person, others in sorted(found.items())}


def may_be(form: ClearText, person: Iterable[ClearText]) -> bool:
    """Whether a way of writing could be meant for a person written in these ways: one of the names, a nickname, a slip."""
    name, forms = parse(form.reveal()), [parse(f.reveal()) for f in person]
    own = {w for w in (*name.given, name.surname, name.lone) if w}
    for known in forms:
        words = {w for w in (*known.given, known.surname, known.lone) if len(w) > 1}
        if name.lone and (name.lone in words or any(same_given(name.lone, w) >= 0.75 for w in words)):
            return True
        if (known.lone and known.lone in own and not any(f.full for f in forms)) or _alike(name, known):
            return True
    return False


def taken_for(names: Iterable[str], persons: Iterable[Person]) -> frozenset[str]:
    """Those of `names` (given names) that could be taken for a name of one of the persons, or for its nickname or misspelling."""
    parsed = [parse(form.reveal()) for person in persons for form in person.forms]
    known = {w for n in parsed for w in (*n.given, n.surname, n.lone) if len(w) > 1}
    return frozenset(n for n in names if any(same_given(plain(n), w) >= 0.75 or alike(plain(n), w) >= _SPELT for w in known))


def _names(forms: Iterable[ClearText]) -> tuple[Name, ...]:
    """The full names a person is written with, else the lone ones."""
    parsed = [parse(form.reveal()) for form in sorted(forms)]
    full = [Name(n.given, n.surname) for n in parsed if n.full]
    return tuple(dict.fromkeys(full or [Name(lone=n.lone) for n in parsed if n.lone]))


def _alike(a: Name, b: Name) -> bool:
    if a.full and b.full:
        return compatible(a, b) >= LINK
    lone, other = (a, b) if a.lone else (b, a)
    return any(_slip(lone.lone, word) for word in (*other.given, other.surname, other.lone))


def _slip(a: str, b: str) -> bool:
    return a != b and min(len(a), len(b)) > _FEW and alike(a, b) >= _SPELT


def _pairs(names: Mapping[str, Sequence[Name]]) -> set[tuple[str, str]]:
    """Pairs of persons with alike surnames, or a lone word alike to one of the other's: no two others can be near."""
    surnames: dict[str, set[str]] = defaultdict(set)
    lone: dict[str, set[str]] = defaultdict(set)
    words: dict[str, set[str]] = defaultdict(set)
    for person, own in names.items():
        for name in own:
            (surnames[name.surname] if name.full else lone[name.lone]).add(person)
            for word in (*name.given, name.surname, name.lone):
                words[word].add(person)
    found: set[tuple[str, str]] = set()
    alone = {w for w in lone if len(w) > _FEW}
    by_parts: dict[str, set[str]] = defaultdict(set)
    for surname in surnames:
        for word in (surname, *parts(surname)):
            by_parts[word].add(surname)
    letters = {surname[0] for surname in surnames if len(surname) == 1}
    for surname in surnames:  # the same, a half of it, its initial
        same = {other for word in (surname, *parts(surname)) for other in by_parts[word]} | ({surname[0]} & letters)
        _paired(found, surnames[surname], (p for other in same for p in surnames[other]))
    for one, other in _spelt_alike(surnames, surnames, 0.9):
        _paired(found, surnames[one], surnames[other])
    for one, other in _spelt_alike(alone, words, _SPELT):
        _paired(found, lone[one], words[other])
    return found


def _paired(found: set[tuple[str, str]], some: Iterable[str], others: Iterable[str]) -> None:
    found |= {(min(p, q), max(p, q)) for p, q in product(some, others) if p != q}


def _spelt_alike(some: Iterable[str], others: Iterable[str], least: float) -> Iterator[tuple[str, str]]:
    """Words of `some` with those of `others` that begin with the same letter and are at least so much alike (`names.alike`)."""
    by_letter: dict[str, list[str]] = defaultdict(list)
    for word in others:
        by_letter[word[:1]].append(word)
    for one in some:
        for other, _, _ in process.extract(
            one, by_letter[one[:1]], scorer=JaroWinkler.similarity, score_cutoff=least, limit=None
        ):
            yield one, other
