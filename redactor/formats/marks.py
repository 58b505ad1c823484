"""What a reviewer's mark says, whatever program made it: words of a note, a colour, and the place it covers.

Does not judge: whether a mark may be followed is for `actions`. A highlight whose colour is only emphasis cannot be told from one
that is meant; it is taken as meant, for masking too much is mended more easily than a name that is out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..cleartext import ClearText
from ..content import NOTHING
from ..model import Action, Kind, Span
from ..policy import reasons

REDACT, KEEP = "redact", "keep"
MARKED = "reviewers-marks"  # the warning of a source that carries marks
AUTHOR = "redactor"  # who signs proposals; never a person
MAX_MARKS = 20_000  # in one file; a thorough review of 500 pages makes about 5,000
MAX_ALONE = 120  # characters: a highlight without words that covers more is emphasis, or needs a word

NO_WORDS = "covers no words"
UNPLACED = "its words cannot be found for sure in the text that was published"
HALF = "covers less than half of a word"
COVERED = "lies over words that no copy shows: they are hidden or blacked out in the source"
NO_REASON = "says keep and gives no reason. Write the reason behind `keep:`"
TOO_MUCH = "says nothing and covers more than a name. Write `redact:` in its note if that is meant"
CONTRARY = "another mark on the same words says redact, and that one counts"

_SAYS = re.compile(r"\s*(redact|keep)\s*(?::\s*(.*)|\.?\s*)\Z", re.IGNORECASE | re.DOTALL)
_CODE = re.compile(r"(?:redact|keep): ([RK]-[A-Z0-9]+(?::[A-Za-z0-9-]+)?) ")
_KINDS = frozenset(map(str, Kind))


@dataclass(frozen=True, slots=True)
class Marking:
    """One mark of a file, counted from 1. `sort`: redaction, highlight or comment; `page` from 1, 0 where there are none.

    `act` is what it asks for; `alone` says that only its colour does; `own` that it is a proposal of ours that nobody changed.
    `spans` are the words it covers, in the flat text of the document. `trouble`: why it, or a part of it, cannot be followed.
    """

    number: int
    page: int
    sort: str
    act: str
    spans: tuple[Span, ...] = ()
    everywhere: bool = False
    kind: str = str(Kind.NAME)
    reason: ClearText = NOTHING
    alone: bool = False
    own: bool = False
    trouble: str = ""


def says(text: str) -> bool:
    """Whether a note is a mark: it begins with `redact:` or `keep:`."""
    return _SAYS.match(text) is not None


def marking(number: int, page: int, sort: str, text: str, author: str, green: bool = False) -> Marking | None:
    """The mark that a note or shape makes, without its place; None where it is an ordinary comment.

    `redact: everywhere, phone, why` masks every appearance; a kind says what the words are; the rest is the reason. A redaction
    or highlight without such words speaks by what it is: green keeps, anything else masks.
    """
    found = _SAYS.match(text)
    if found is None:
        if sort == "comment":
            return None
        act = KEEP if green and sort == "highlight" else REDACT
        return Marking(number, page, sort, act, alone=sort == "highlight")
    mark = Marking(number, page, sort, found[1].lower(), own=author == AUTHOR and is_proposal(text))
    words = (found[2] or "").strip()
    while words:
        first, _, rest = words.partition(",")
        word = first.strip().strip(".;").lower()
        if word == "everywhere":
            mark = replace(mark, everywhere=True)
        elif word in _KINDS:
            mark = replace(mark, kind=word)
        elif word != "here":
            break
        words = rest.strip()
    return replace(mark, reason=_reason(words))


def _reason(text: str) -> ClearText:
    return ClearText(" ".join(text.split())[:2000])


def proposal(action: Action, code: str) -> str:
    """The note of a proposal: what is to happen, the reason code, and what that means (policies/reasons.yaml)."""
    known = reasons().get(code.partition(":")[0])
    act = KEEP if action is Action.KEEP else REDACT
    means = known.means if known is not None else "no reason of this code is known"
    return f"{act}: {code} {means}" + (" (made coarser)" if action is Action.SOFTEN else "")


def is_proposal(text: str) -> bool:
    """Whether a note is, word for word, one that `proposal` writes: then nobody has decided anything by it."""
    text = " ".join(text.split())
    found = _CODE.match(text + " ")
    return found is not None and text in {proposal(action, found[1]) for action in Action}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A decision of the latest run as a mark to be written: where in the flat text, what happens, and why."""

    id: str
    span: Span
    action: Action
    reason: str

    @property
    def note(self) -> str:
        """What its comment says."""
        return proposal(self.action, self.reason)


def settled(found: Iterable[Marking]) -> list[Marking]:
    """The marks of one file seen together: a highlight under a note is that note's, and redact counts before keep."""
    marks = list(found)
    spoken = [m for m in marks if not m.alone and not m.own]
    marks = [
        m
        for m in marks
        if not (m.alone and m.spans and all(any(s.overlaps(o) for n in spoken for o in n.spans) for s in m.spans))
    ]
    masked = [s for m in marks if m.act == REDACT and not m.own for s in m.spans]
    out = []
    for mark in marks:
        if mark.act == KEEP and not mark.own and any(s.overlaps(o) for s in mark.spans for o in masked):
            mark = replace(mark, spans=(), trouble=CONTRARY)
        elif mark.alone and not mark.trouble and sum(map(len, mark.spans)) > MAX_ALONE:
            mark = replace(mark, spans=(), trouble=TOO_MUCH)
        out.append(mark)
    return out
