"""Who is named in the copies: the accused, survivors who waived, names that must not be there.

An accused is one the case lists as convicted, or whose name stands with the outcome of a court in the text. An accused told of in
other words is not known, and no rule that asks for one will speak.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..case import Case, Entry
from ..cleartext import ClearText
from ..model import Role
from .cues import NOBODY, data

_ACCUSED = re.compile(r"(?i)\b(?:convict|sentenc|jailed|imprison|offender|defendant|accused|charged|guilty|perpetrator)")


@dataclass(frozen=True)
class Cast:
    """Regular expressions for the accused and the waived; `kept` are forms of everybody who may be named (casefolded)."""

    accused: str
    waived: str
    kept: frozenset[str]

    def __repr__(self) -> str:
        return "<Cast>"


def cast_of(spoken_of: Iterable[str], case: Case, changed: Sequence[str] = ()) -> Cast:
    """Who is named, from the case and from the texts themselves: `spoken_of` are those whom they speak of as accused. A `changed`
    name stands for somebody who is not named."""
    nobody = {*data()["not_names"], *changed}
    known = [
        f for e in case.public_figures if e.role is Role.CONVICTED or _ACCUSED.search(f"{e.office} {e.basis}") for f in forms(e)
    ]
    told = [who for who in spoken_of if who not in nobody]
    others = {f for e in case.public_figures for f in forms(e)} - set(known)
    waived = [f for e in case.waivers for f in forms(e)]
    kept = {f.casefold() for e in (*case.public_figures, *case.waivers, *case.pseudonyms) for f in forms(e)}
    accused = [*known, *(name for name in told if not _same_person(name, [*waived, *others]))]
    return Cast(_any_of(accused), _any_of(waived, first=True), frozenset(kept))


def forms(entry: Entry) -> list[str]:
    """Every way an entry is written, "SURNAME, First" turned round."""
    return [_turned(form) for form in entry.forms]


def surname(form: str) -> str:
    """The last word of a name of several words; "" for a single word, which may be a first name."""
    words = form.split()
    return words[-1] if len(words) > 1 and len(words[-1]) > 2 else ""


def _turned(form: ClearText) -> str:
    last, comma, first = form.reveal().partition(",")
    return f"{first.strip()} {last.strip()}" if comma else last


def _same_person(name: str, others: Iterable[str]) -> bool:
    return any(name.casefold() in other.casefold() for other in others)


def _any_of(names: Iterable[str], first: bool = False) -> str:
    """A pattern for whole names, surnames and (`first`) first names, each also in capitals, not within a word."""
    words: set[str] = set()
    for name in names:
        words |= {name, surname(name), name.split()[0] if first and " " in name else ""}
    words |= {w.upper() for w in words}
    if not (found := sorted((w for w in words if len(w) > 2), key=lambda w: (-len(w), w))):
        return NOBODY
    return rf"(?<![\w-])(?:{'|'.join(map(re.escape, found))})(?![\w-])"
