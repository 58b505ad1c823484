"""Two lists that speak of one person: whether two ways of writing are one name, and an entry that takes over further ways.

Tells names apart by their words alone: a title or a nickname makes another name here. What that costs is a second entry for
one person, and people/ gives the more protective of two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from .case import Case, Entry
from .cleartext import ClearText

E = TypeVar("E", bound=Entry)


def key(form: ClearText) -> str:
    """A name as it is compared: no case, no points, "ARKLE, Edna" turned round."""
    return _key(form.reveal())


@lru_cache(maxsize=65536)
def _key(written: str) -> str:
    before, comma, after = written.casefold().partition(",")
    turned = f"{after} {before}" if comma and after.strip() else before
    return " ".join(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", turned))


def bears(forms: Iterable[ClearText], names: Iterable[ClearText]) -> bool:
    """Whether somebody written in one of these `forms` bears one of the `names`."""
    return not {key(f) for f in forms}.isdisjoint(key(n) for n in names)


def further(forms: Iterable[ClearText], more: Iterable[ClearText]) -> tuple[ClearText, ...]:
    """Those of `more` that are not written yet, each once, in their order."""
    seen = {f.reveal().casefold() for f in forms}
    found = []
    for form in more:
        if form.reveal().casefold() not in seen:
            seen.add(form.reveal().casefold())
            found.append(form)
    return tuple(found)


def with_aliases(entry: E, more: Iterable[ClearText]) -> E:
    """The entry, written in these ways too."""
    return entry.model_copy(update={"aliases": (*entry.aliases, *further(entry.forms, more))})


def checked(case: Case) -> Case:
    """The case as if it had been written so: what its orders and live proceedings overrule is overruled in new entries too."""
    return Case.model_validate({name: getattr(case, name) for name in Case.model_fields})
