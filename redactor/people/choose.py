"""Which person one appearance of a form is, and whether it is certain enough to leave a name standing.

"Public figure" is a property of a mention: a form that a protected person also bears is kept only where the mention itself
says who is meant (a title, an office, a listed way of writing). Anything else is masked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..model import Role
from .drafts import Draft
from .known import Known
from .names import compatible
from .search import DECLARED, EXACT, FULL, GIVEN, GLUED, INITIALS, LONE, PLURAL, SHORT, SURNAME, Match, title_agrees

_HOW = {
    DECLARED: 5.0,
    EXACT: 4.0,
    FULL: 3.0,
    GLUED: 3.0,
    GIVEN: 1.0,
    SHORT: 0.4,
    LONE: 1.2,
    SURNAME: 1.0,
    INITIALS: 0.0,
    PLURAL: 0.5,
}


@dataclass(slots=True)
class Memory:
    """Where each draft was last mentioned in the document being read."""

    last: dict[int, int] = field(default_factory=dict)


def twins(drafts: Sequence[Draft]) -> dict[int, Draft]:
    """Public drafts that are also a listed protected person: public draft id → the protected draft."""
    listed = Known(d for d in drafts if d.listed in ("people", "orders"))
    found: dict[int, Draft] = {}
    for public in (d for d in drafts if d.nameable):
        for private in (p for name in public.names for p in listed.fitting(name)):
            if any(compatible(a, b) >= 0.9 for a in public.names for b in private.names):
                found[public.id] = private
    return found


def choose(match: Match, drafts: Sequence[Draft], memory: Memory, same: Mapping[int, Draft]) -> tuple[Draft, bool]:
    """The person and whether that is certain; a nameable person comes back only when certain."""
    here: dict[int, str] = {}
    for number, how in match.types.items():
        draft = drafts[number]
        other = same.get(number)
        if other is not None and (not other.only or match.doc in other.only):
            draft = other  # in these documents the public name is the protected person
        elif draft.only and match.doc not in draft.only:
            continue
        here[draft.id] = how
    if not here:
        number = next(iter(match.types))
        return drafts[number], False
    scores = {number: _score(drafts[number], how, match, memory) for number, how in here.items()}
    best = max(here, key=lambda n: (scores[n], not drafts[n].nameable, -n))
    rivals = [n for n in here if not drafts[n].nameable]
    if not drafts[best].nameable:
        return drafts[best], len(here) == 1
    if all(_yields(drafts[n], here[n], match, drafts[best], here[best]) for n in rivals):
        return drafts[best], True
    return drafts[max(rivals, key=lambda n: (scores[n], -n))], False


def _score(draft: Draft, how: str, match: Match, memory: Memory) -> float:
    score = _HOW.get(how, 1.0) + sum(title_agrees(t, draft) for t in match.titles)
    if (
        match.titles
        and how in (GIVEN, LONE)
        and not any(t.family == "kin" or t.code in ("sir", "dame", "rev") for t in match.titles)
    ):
        score -= 1.5  # "DC Dean" is a surname
    if match.titles and how == SURNAME:
        score += 0.5
    if draft.id in memory.last:
        score += 1.0
        if memory.last[draft.id] == max(memory.last.get(n, -1) for n in match.types):
            score += 0.5
    return score + min(len(draft.raws), 20) / 40


def _yields(rival: Draft, how: str, match: Match, best: Draft, best_how: str) -> bool:
    """Whether a protected bearer of the form cannot be meant here."""
    if best_how == DECLARED and how == INITIALS:
        return True
    if best.role is Role.PSEUDONYM and not rival.listed:
        return True  # "Child K" is what the case says it is
    against = any(title_agrees(t, rival) < 0 for t in match.titles)
    speaks = any(title_agrees(t, best) >= 3 for t in match.titles)
    if against and (speaks or best_how == EXACT):
        return True
    # A listed way of writing says who is meant, unless the protected person is called just that.
    return best_how == EXACT and how in (SURNAME, PLURAL) and not any(r.name.lone for r in rival.raws)
