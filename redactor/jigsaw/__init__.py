"""Reads finished copies as a stranger would, and says which facts, put together, would tell who somebody is.

The rules are those of docs/design.md ("Jigsaw"): Sexual Offences (Amendment) Act 1992 s1, Editors' Code cl.7 and 11, the ICO's
singling out, linkability and inference. Pure functions over masked text. No finding does not mean that nobody can be identified:
what a neighbour knows stands in no text. A rule proposes; nothing is changed.

J01 is verification's: it looks for every listed form in text, bytes, parts and file names (verify/proof.py, steps 3 and 4); here
only a misspelling is looked for. Of J28 only the order of lists is here: a mask cannot tell a name by its width, for labels are
words of the policy (wording_labels.py) in a file that was written anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from ..case import EMPTY_CASE, Case
from ..policy import Policy
from ..sources import Kept
from . import labels, links, orders, words
from .born import born
from .cards import Card, Said, cards_of
from .cast import cast_of
from .cues import NOBODY
from .facts import RULES as FACT_RULES
from .facts import facts
from .finding import JigsawFinding, Proposal, level_of
from .known import Known
from .page import Copy, Place, page_of
from .reading import Attribute, Reading, Secrets, ledger_of

__all__ = ["RULES", "Attribute", "Card", "Copy", "JigsawFinding", "Place", "Proposal", "Said", "Secrets", "cards", "read"]

ALWAYS = frozenset(orders.RULES)
"""Rules that no policy can leave out."""
RULES = frozenset({*FACT_RULES, *links.RULES, *words.RULES, *labels.RULES, *ALWAYS, "J06", "J10"})
"""The rules this room can decide."""


def read(
    copies: Sequence[Copy],
    case: Case,
    policy: Policy,
    priors: Sequence[Copy] = (),
    secrets: Secrets | None = None,
    today: date | None = None,
    kept: Kept | None = None,
) -> list[JigsawFinding]:
    """Findings in the masked `copies` of one bundle, by document and place; `priors` are earlier publications on the matter.

    `secrets` let the rules on labels look behind them; no finding holds a word of them. `today` None: no order is over yet.
    What the patterns said of a copy that was read before is taken from `kept`.
    A rule the policy does not list is not run, those of orders and live proceedings always are. Places lie in copies, never in
    an earlier publication.
    """
    known = Known(kept)
    reading = _open(copies, case, policy, priors, secrets or Secrets(), today, known)
    results = {f for rule in _rules() for f in rule(reading) if f.rule in ALWAYS or level_of(f.rule, policy)}
    known.keep()
    order = {copy.doc: number for number, copy in enumerate(copies)}
    return sorted(results, key=lambda f: (order.get(f.doc, -1), f.places, f.rule, f.label, f.detail))


def cards(copies: Sequence[Copy], policy: Policy, case: Case = EMPTY_CASE) -> list[Card]:
    """An intruder card for every label of the copies of which anything is said, the riskiest first."""
    return cards_of(_open(copies, case, policy, (), Secrets(), None, Known(None)))


def _rules() -> Iterator[Callable[[Reading], Iterator[JigsawFinding]]]:
    yield from orders.RULES.values()
    yield facts
    yield born
    yield from links.RULES.values()
    yield from words.RULES.values()
    yield from labels.RULES.values()


def _open(
    copies: Sequence[Copy],
    case: Case,
    policy: Policy,
    priors: Sequence[Copy],
    secrets: Secrets,
    today: date | None,
    known: Known,
) -> Reading:
    # Behind which names somebody stands, where that is known: another "Morgan" of the pool may be a public figure.
    names = [n for n in policy.labels.changed_names if not secrets.names or n in secrets.names]
    texts = [copy.text.reveal() for copy in (*copies, *priors)]
    cast = cast_of((who for text in texts for who in known.accused(text)), case, names)
    cues = known.cues(cast.accused, cast.waived, "|".join(map(re.escape, names)) or NOBODY, texts)
    pages = tuple(page_of(copy, cues) for copy in copies)
    before = tuple(page_of(copy, cues) for copy in priors)
    told, told_before = (ledger_of(row for page in rows for row in known.told(page, cues)) for rows in (pages, before))
    return Reading(pages, before, told, told_before, cues, cast, case, policy, secrets, today)
