"""The difference attack: what two renditions of one bundle tell when somebody lays them side by side.

Reads the finished copies as their readers would, word against word; the sources and the decisions only say whose words they were.
Not caught: what one rendition says elsewhere in other words, and a picture that shows what a text masks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from ..cleartext import ClearText
from ..folding import folded
from ..model import Kind, Role

Level = Literal["block", "warn", "info"]
NAME, FACT, GRAIN, CLASH, ABSENT = "name", "fact", "grain", "clash", "absent"
_TOKEN = re.compile(r"\[[^\[\]\n]{1,80}\]|[^\W_]+(?:['’-][^\W_]+)*|[^\s\w]|_")
_LABEL = re.compile(r"\[[^\[\]\n]{1,80}\]")
_NAMES = frozenset({Kind.NAME, Kind.INITIALS, Kind.ALIAS})
_NUMBERS = frozenset({Kind.PHONE, Kind.EMAIL, Kind.URL, Kind.ID, Kind.DOB, Kind.ADDRESS, Kind.POSTCODE, Kind.VEHICLE})
_YEAR = re.compile(r"(?:in )?(?:19|20)\d\d")
_CLOSE = frozenset({Role.SURVIVOR, Role.CHILD})  # whose facts nobody learns who is not entitled


@dataclass(frozen=True, slots=True)
class Hidden:
    """Words of a source that a rendition masks or makes coarser (personal text): whose they are and what."""

    words: ClearText
    kind: Kind
    label: str
    role: Role | None
    entitled: bool = False  # whether the readers of the other rendition may know it


@dataclass(frozen=True, slots=True)
class Side:
    """One rendition of one document: the text of its copy, and what it hides of the source."""

    audience: str
    text: ClearText
    hidden: tuple[Hidden, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What the readers of `audience` learn that `beside` masks. `label` is how `beside` calls the person. No word of a
    document is in it."""

    level: Level
    code: str
    audience: str
    beside: str
    doc: str
    kind: str = ""
    label: str = ""
    role: str = ""
    times: int = 1


def differences(doc: str, source: ClearText, one: Side, other: Side) -> list[Difference]:
    """What the readers of each of two renditions learn from the other about one document, what blocks first."""
    found: list[Difference] = []
    text = source.reveal()
    plain = folded(text).text
    for left, right in _changes(one.text.reveal(), other.text.reveal()):
        learnt = [*_learnt(doc, one, other, left, right), *_learnt(doc, other, one, right, left)]
        found += learnt or _grain(doc, plain, one, other, left, right)
    return merged(found)


def merged(found: Iterable[Difference]) -> list[Difference]:
    """Equal differences counted as one, what blocks first."""
    counted: dict[Difference, int] = {}
    for d in found:
        counted[d] = counted.get(d, 0) + d.times
    rows = [replace(d, times=n) for d, n in counted.items()]
    order = {"block": 0, "warn": 1, "info": 2}
    return sorted(rows, key=lambda d: (order[d.level], d.audience, d.beside, d.doc, d.code, d.label, d.kind))


def _changes(one: str, other: str) -> Iterator[tuple[str, str]]:
    """Where two copies of one document differ: the words of each, line by line where they have as many lines."""
    left, right = ([line for line in text.split("\n") if line.strip()] for text in (one, other))
    pairs: Sequence[tuple[str, str]] = list(zip(left, right, strict=True)) if len(left) == len(right) else [(one, other)]
    for a, b in pairs:
        if a == b:
            continue
        words, others = _TOKEN.findall(a), _TOKEN.findall(b)
        for act, i, j, k, m in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
            if act != "equal":
                yield " ".join(words[i:j]), " ".join(others[k:m])


def _learnt(doc: str, masks: Side, shows: Side, masked: str, shown: str) -> Iterator[Difference]:
    """What the words `shown` tell the readers of `shows` that `masks` hides at the same place."""
    words, instead = (folded(_LABEL.sub(" ", text)).text.strip() for text in (shown, masked))
    if not words:
        return
    told = [h for h in masks.hidden if _tells(words, instead, folded(h.words.reveal()).text.strip(), h.kind)]
    for h in told:
        code = NAME if h.kind in _NAMES else FACT
        role = str(h.role or "")
        yield Difference(_level(h, code), code, shows.audience, masks.audience, doc, str(h.kind), h.label, role)


def _grain(doc: str, source: str, one: Side, other: Side, left: str, right: str) -> Iterator[Difference]:
    """What both changed, each in its own way: the two together may be narrower than either."""
    words = [folded(_LABEL.sub(" ", text)).text.strip() for text in (left, right)]
    if not all(words) or any(_within(w, source) for w in words) or _within(*words) or _within(*reversed(words)):
        return
    if kind := _softened(one, left) or _softened(other, right):
        yield Difference("warn", GRAIN, other.audience, one.audience, doc, str(kind))


def _tells(words: str, instead: str, hidden: str, kind: Kind) -> bool:
    """Whether shown words tell hidden ones: all of them, or one of them that is long enough and is not shown on both sides.

    A year of a date is no telling: policies differ in how much of a date they leave.
    """
    if not hidden or _within(hidden, words):
        return bool(hidden)
    if kind is Kind.DATE and _YEAR.fullmatch(words):
        return False
    return _within(words, hidden) and not _within(words, instead) and (len(words) > 3 or words.isdigit())


def _within(small: str, large: str) -> bool:
    at = large.find(small)
    while at >= 0:
        end = at + len(small)
        if not large[at - 1 : at].isalnum() and not large[end : end + 1].isalnum():
            return True
        at = large.find(small, at + 1)
    return False


def _level(h: Hidden, code: str) -> Level:
    if h.entitled:
        return "info"
    protected = h.role is not None and h.role.protected
    if code == NAME:
        return "block" if protected else "warn"
    if h.role is None:
        return "warn" if h.kind in _NUMBERS else "info"
    return "block" if h.role in _CLOSE else "warn" if protected else "info"


def _softened(side: Side, masked: str) -> Kind | None:
    """The kind of what a rendition made coarser, if that is what its words are."""
    if _LABEL.search(masked) or not masked.strip():
        return None
    kinds = {h.kind for h in side.hidden if h.kind in (Kind.AGE, Kind.DATE)}
    looks = Kind.DATE if re.search(r"\b(?:19|20)\d\d\b|early|mid|late|spring|summer|autumn|winter", masked) else Kind.AGE
    return looks if looks in kinds else None


def clashes(one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]) -> list[str]:
    """Labels that stand for different people in two renditions; each maps a label to the forms behind it (personal text)."""
    return sorted(label for label in one.keys() & other.keys() if one[label] and not one[label] & other[label])
