"""Labels that leak by themselves (DOMAIN J01, J21, J23, J28): what a number, a letter or a list's order tells of the names.

Needs what only the team knows (`Secrets`); without it only a clash with an earlier publication and the order of appearance are
seen. Five labels or more may be in some order by chance, about once in thirty.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from ..case import PublicFigure
from ..cleartext import ClearText
from .born import day_of
from .cast import forms
from .finding import JigsawFinding, found, propose
from .page import Page, Place
from .reading import Attribute, Reading

Found = Iterator[JigsawFinding]
_NUMBERED = re.compile(r"\[([^\[\]]*[^\[\]\s\d])[ -]?(\d{1,3})\]")
_TWO_WORDS = re.compile(r"(?<![\w\[])([A-Z][\w’'-]+)(?=\s+([A-Z][\w’'-]+))")
_SHORT = 8  # letters of a whole name; in a shorter one another letter is another name
_END = _SHORT // 2  # letters at either end of a longer one: a letter that is wrong stands in one of the two at most
_LIST = 5  # fewer names in order may be chance
_RHO = 0.9
# What a published biography and a survivor's story may share and be known by; years and ages are everybody's.
_TELLING = (
    "birth_order", "sibling_count", "appearance", "unique", "care", "health", "rare", "pregnancy", "demographic",
    "demographic_rare", "school_named", "school_rare", "work_named", "work_only", "home_named", "venue_named", "met", "date",
    "place",
)  # fmt: skip


def misspelt(reading: Reading) -> Found:
    """J01, the part that verification leaves: a full name with one letter wrong, which no list of forms has."""
    names = {" ".join(n.reveal().casefold().split()) for rows in reading.secrets.names.values() for n in rows}
    names = {name for name in names if " " in name and len(name) > _SHORT and name not in reading.cast.kept}
    if not names:
        return
    written: dict[str, list[Place]] = {}
    for page in reading.pages:
        for match in _TWO_WORDS.finditer(page.text):
            written.setdefault(f"{match[1]} {match[2]}".casefold(), []).append(page.place(match.start(), match.end(2)))
    ends: dict[str, list[str]] = {}
    for words in written:
        for end in _ends(words):
            ends.setdefault(end, []).append(words)
    for name in sorted(names):
        like = dict.fromkeys(words for end in _ends(name) for words in ends.get(end, ()))
        for near, _, _ in process.extract(name, list(like), scorer=Levenshtein.distance, score_cutoff=1, limit=None):
            if near not in reading.cast.kept:
                yield found(reading, "J01", written[near], "misspelt", "", [propose("name", place) for place in written[near]])


def _ends(words: str) -> tuple[str, str]:
    """How a name begins and ends: one of the two is the same in another with one letter wrong."""
    return f"{words[:_END]}-", f"-{words[-_END:]}"


def dual_role(reading: Reading) -> Found:
    """J21: the public name of a survivor stands in a section with her label, or her biography tells what the label does."""
    for label, figure in _dual(reading):
        names = re.compile(
            rf"(?<![\w-])(?:{'|'.join(re.escape(f) for f in sorted(forms(figure), key=len, reverse=True))})(?![\w-])"
        )
        for page in reading.pages:
            sections = {
                s.section: page.place(span.start, span.end) for s in page.sentences for name, span in s.labels if name == label
            }
            for match in names.finditer(page.text) if sections else ():
                if (beside := sections.get(page.sentence_at(match.start()).section)) is not None:
                    place = page.place(*match.span())
                    yield found(reading, "J21", [place, beside], "same_section", label, [propose("name", place)])
        if shared := _shared(reading, label, figure.biography.reveal()):
            places = [f.place for f in shared]
            yield found(reading, "J21", places, "biography", label, [propose(f.kind, f.place) for f in shared])


def _dual(reading: Reading) -> Iterator[tuple[str, PublicFigure]]:
    """People the case lists on both sides, and their label."""
    for figure in reading.case.public_figures:
        if any(entry.is_called(figure.name) for entry in reading.case.people):
            yield from ((label, figure) for label, names in reading.secrets.names.items() if any(map(figure.is_called, names)))


def _shared(reading: Reading, label: str, biography: str) -> list[Attribute]:
    """Facts of the label that the biography tells in the same words."""
    told = {
        (cue.kind, _said(match["what"] if cue.narrow else match[0]))
        for cue in reading.cues.attributes
        for match in cue.pattern.finditer(biography)
    }
    mine = [f for f in reading.ledger.get(label, ()) if f.kind in _TELLING]
    return [f for f in mine if (f.kind, _said(reading.words(f))) in told or _is_place_of(reading, f, biography)]


def _is_place_of(reading: Reading, fact: Attribute, biography: str) -> bool:
    return fact.kind == "place" and re.search(rf"\b{re.escape(reading.words(fact))}\b", biography) is not None


def _said(words: str) -> str:
    """A fact's words without whose it is."""
    return re.sub(r"^(?:an?|the|her|his|their|was|is) ", "", " ".join(words.casefold().split()))


def leaking(reading: Reading) -> Found:
    """J23: a label that shares an initial with the name, numbers in the order of something known, a label that means another."""
    first = _first_places(reading.pages)
    names = {label: rows for label, rows in reading.secrets.names.items() if label in first}
    for label, rows in names.items():
        letter = _letter(label)
        if letter and any(word[0].upper() == letter for row in rows for word in row.reveal().split()):
            yield found(reading, "J23", [first[label]], "initial", label, [propose("label", first[label])])
    yield from _in_order(reading, first)
    published = [page.text for page in reading.priors] + [form for entry in reading.case.pseudonyms for form in forms(entry)]
    for label, place in first.items() if published else ():
        inner = re.compile(rf"(?<![\w\[]){re.escape(label.strip('[]'))}(?![\w\]])")
        if (_NUMBERED.fullmatch(label) or _letter(label)) and any(inner.search(text) for text in published):
            yield found(reading, "J23", [place], "clash", label, [propose("label", place)])


def _in_order(reading: Reading, first: Mapping[str, Place]) -> Found:
    """Numbers of one kind of label that rise as the names do, the days of birth, or the first appearance."""
    series: dict[str, dict[str, int]] = {}
    for label in first:
        if match := _NUMBERED.fullmatch(label):
            series.setdefault(match[1], {})[label] = int(match[2])
    turn = {label: number for number, label in enumerate(first)}
    orders: dict[str, Callable[[str], object]] = {
        "surname_order": lambda label: _name(reading, label, -1),
        "first_name_order": lambda label: _name(reading, label, 0),
        "birth_order": lambda label: _birth(reading, label),
        "appearance_order": lambda label: turn[label],
    }
    for numbers in series.values():
        for detail, order in orders.items():
            known = {label: key for label in numbers if (key := order(label)) is not None}
            if len(known) >= _LIST and _rho([numbers[label] for label in known], list(known.values())) > _RHO:
                places = [first[label] for label in known]
                yield found(reading, "J23", places, detail, "", [propose("label", place) for place in places])


def listed(reading: Reading) -> Found:
    """J28: a list of labels that still stands in the alphabetical order of the names."""
    for page in reading.pages:
        for run in _runs(page):
            for detail, at in (("surname_order", -1), ("first_name_order", 0)):
                names = [_name(reading, label, at) for label, _ in run]
                if None not in names and len(set(names)) >= _LIST and all(a <= b for a, b in pairwise(names)):  # type: ignore[operator]
                    yield found(reading, "J28", [place for _, place in run], detail)
                    break


def _runs(page: Page) -> Iterator[list[tuple[str, Place]]]:
    """Labels that follow one another in paragraphs (items, rows) with one label each, or in one sentence, commas between."""
    run: list[tuple[str, Place]] = []
    for paragraph in (*page.paragraphs, ()):
        own = [(label, page.place(span.start, span.end)) for s in paragraph for label, span in s.labels]
        if len(own) >= _LIST:
            yield own
        if len({label for label, _ in own}) == 1:
            run.append(own[0])
        else:
            if len(run) >= _LIST:
                yield run
            run = []


def _first_places(pages: Sequence[Page]) -> dict[str, Place]:
    """Where each label stands first, in the order of the copies."""
    found: dict[str, Place] = {}
    for page in pages:
        for s in page.sentences:
            for label, span in s.labels:
                found.setdefault(label, page.place(span.start, span.end))
    return found


def _letter(label: str) -> str:
    """The letter by which a label is known: of a changed name its first, of "[Child K]" its last; "" for a numbered one."""
    alone = re.search(r" ([A-Z])\]$", label)
    return alone[1] if alone else "" if label.startswith("[") else label[:1].upper()


def _name(reading: Reading, label: str, word: int) -> str | None:
    names = reading.secrets.names.get(label, ())
    full = next((words for n in names if len(words := n.reveal().casefold().split()) > 1), None)
    return full[word] if full else None


def _birth(reading: Reading, label: str) -> date | None:
    return day_of(reading.secrets.born.get(label, ClearText("")).reveal())


def _rho(numbers: Sequence[int], keys: Sequence[object]) -> float:
    """Spearman's rank correlation; equal keys share the mean of their ranks, all keys equal give 0."""
    one, other = _ranks(numbers), _ranks(keys)
    mean = (len(one) + 1) / 2
    top = sum((a - mean) * (b - mean) for a, b in zip(one, other, strict=True))
    below = sum((a - mean) ** 2 for a in one) * sum((b - mean) ** 2 for b in other)
    return float(top / below**0.5) if below else 0.0


def _ranks(keys: Sequence[object]) -> list[float]:
    ordered: list[Any] = sorted(keys)
    return [(bisect_left(ordered, key) + bisect_right(ordered, key) + 1) / 2 for key in keys]


RULES: dict[str, Callable[[Reading], Found]] = {"J01": misspelt, "J21": dual_role, "J23": leaking, "J28": listed}
