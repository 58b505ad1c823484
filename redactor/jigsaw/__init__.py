"""Reads finished copies as a stranger would, and says which facts, put together, would tell who somebody is.

The rules are those of docs/design.md ("Jigsaw"): Sexual Offences (Amendment) Act 1992 s1, Editors' Code cl.7 and 11, the ICO's
singling out, linkability and inference. Pure functions over masked text. No finding does not mean that nobody can be identified:
what a neighbour knows stands in no text. J01 and J28 are verification's (names in bytes, width of masks), J10, J21 and J23
need birth dates, biographies and the key, and are not run here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from ..case import Case
from ..policy import Policy
from . import links, words
from .cast import cast_of
from .cues import NOBODY, compiled
from .facts import RULES as FACT_RULES
from .facts import facts
from .finding import JigsawFinding, Reading, level_of
from .reading import Attribute, Card, Copy, cards, ledger, ledger_of, page_of

__all__ = ["RULES", "Attribute", "Card", "Copy", "JigsawFinding", "cards", "ledger", "read"]

RULES = frozenset({*FACT_RULES, *links.RULES, *words.RULES, "J06"})
"""The rules this room can decide."""


def read(copies: Sequence[Copy], case: Case, policy: Policy, priors: Sequence[Copy] = ()) -> list[JigsawFinding]:
    """Findings in the masked `copies` of one bundle, by document and place; `priors` are earlier publications on the matter.

    A rule the policy neither blocks nor warns of is not run. A finding lies in a copy, never in an earlier publication.
    """
    reading = _open(copies, case, policy, priors)
    results = {f for rule in _rules() for f in rule(reading) if level_of(f.rule, policy)}
    order = {copy.doc: number for number, copy in enumerate(copies)}
    return sorted(results, key=lambda f: (order[f.doc], f.spans, f.rule, f.label, f.detail))


def _rules() -> Iterator[Callable[[Reading], Iterator[JigsawFinding]]]:
    yield facts
    yield from links.RULES.values()
    yield from words.RULES.values()


def _open(copies: Sequence[Copy], case: Case, policy: Policy, priors: Sequence[Copy]) -> Reading:
    cast = cast_of([copy.text.reveal() for copy in (*copies, *priors)], case)
    names = policy.labels.names if policy.labels.style == "changed_name" else ()
    cues = compiled(cast.accused, cast.waived, "|".join(map(re.escape, names)) or NOBODY)
    pages = tuple(page_of(copy, cues) for copy in copies)
    before = tuple(page_of(copy, cues) for copy in priors)
    return Reading(pages, before, ledger_of(pages, cues), ledger_of(before, cues), cues, cast, case, policy)
