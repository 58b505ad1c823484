"""Whose mother, brother or aunt a relative is, so that the label can say it: "[Survivor 2's mother]" (DOMAIN §2).

Told only where the words beside the relative's name say it of one protected person and nothing else in the bundle says
otherwise: a wrong tie would pin one person's life on another. Never told of the accused, whose tie to a survivor is what
must not be published (Editors' Code cl.7). Not seen: a tie that stands a sentence away from the name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from ..model import Linked, Role
from .scope import Scopes

_WORDS = {
    "mother": "mother|mum|mam|mom|mummy|mammy",
    "father": "father|dad|daddy",
    "grandmother": "grandmother|gran|nan|nana|grandma|nain",
    "grandfather": "grandfather|grandad|grandpa|taid",
    "aunt": "aunt|auntie|aunty",
    "stepmother": "step-?mother|step-?mum",
    "stepfather": "step-?father|step-?dad",
    **{
        w: w for w in ("uncle", "sister", "brother", "cousin", "niece", "nephew", "son", "daughter", "husband", "wife", "partner")
    },
    **{w: w for w in ("half-sister", "half-brother", "stepsister", "stepbrother", "grandson", "granddaughter", "guardian")},
}
_KIN = "|".join(f"(?:{words})" for words in _WORDS.values())
_HOW = r"(?:own |late |older |elder |eldest |younger |youngest |little |big |twin |maternal |paternal )?"
_WHOSE = r"(?P<whose>her|his|their|my|our|(?:the )?(?:girl|boy|child|survivor|victim)['’]s|['’]s|s['’])"
_TITLES = r"(?:(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+)?"
_BEFORE = re.compile(
    rf"(?i)(?:(?<=\W)|(?<=^)|(?=['’])|(?=s['’]))(?:{_WHOSE})\s+{_HOW}(?P<kin>{_KIN})(?:,?\s+(?:called|named)|,)?\s+{_TITLES}$"
)
_AFTER = re.compile(rf"(?i)(?:,\s*|\s*\(|\s+(?:is|was)\s+|,?\s+who (?:is|was)\s+){_WHOSE}\s+{_HOW}(?P<kin>{_KIN})\b(?!['’]s)")
_OF = re.compile(
    rf"(?i)(?:,\s*|\s*\(|\s+(?:is|was)\s+|,?\s+who (?:is|was)\s+)(?:the\s+|a\s+)?{_HOW}(?P<kin>{_KIN})\s+(?:of|to)\s+{_TITLES}$"
)
_WINDOW = 60
_OTHERS = frozenset({Role.SURVIVOR, Role.CHILD, Role.WITNESS, Role.COMPLAINANT, Role.SOURCE, Role.SUSPECT})

Rows = Sequence[Linked]


def ties(
    texts: Mapping[str, str],
    scopes: Mapping[str, Scopes],
    linked: Mapping[str, Rows],
    roles: Mapping[str, Role | None],
    authors: Mapping[str, str],
    accused: Collection[str],
) -> dict[str, tuple[str, str]]:
    """Relative's person id → the id of the one they belong to and the word for it ("mother").

    `roles` by person id; `authors` who writes a document in the first person ("" if nobody does); `accused` whom a text calls so.
    """
    votes: dict[str, Counter[tuple[str, str]]] = {}
    for doc, rows in linked.items():
        starts = [r.mention.span.start for r in rows]
        for at, row in enumerate(rows):
            if roles.get(row.person) is not Role.FAMILY or row.person in accused or not row.certain:
                continue
            told = _told(texts[doc], scopes[doc], rows, starts, at, roles, authors.get(doc, ""))
            if told:
                votes.setdefault(row.person, Counter())[told] += 1
    return {person: next(iter(counted)) for person, counted in votes.items() if len(counted) == 1}


def _told(
    text: str, scopes: Scopes, rows: Rows, starts: Sequence[int], at: int, roles: Mapping[str, Role | None], author: str
) -> tuple[str, str] | None:
    """Whose relative the mention says its person is, and which."""
    span = rows[at].mention.span
    lead = text[max(0, span.start - _WINDOW) : span.start]
    if match := _BEFORE.search(lead):
        begin = max(0, span.start - _WINDOW) + match.start("whose")
        return _named(match, _owner(match["whose"], begin, scopes, rows, starts, roles, author, rows[at].person))
    tail = text[span.end : span.end + _WINDOW]
    if match := _AFTER.match(tail):
        begin = span.end + match.start("whose")
        return _named(match, _owner(match["whose"], begin, scopes, rows, starts, roles, author, rows[at].person))
    if at + 1 < len(rows) and (match := _OF.fullmatch(text[span.end : rows[at + 1].mention.span.start][:_WINDOW])):
        return _named(match, _fit(rows[at + 1], roles))
    return None


def _named(match: re.Match[str], owner: str) -> tuple[str, str] | None:
    said = match["kin"].lower()
    word = next(word for word, ways in _WORDS.items() if re.fullmatch(ways, said))
    return (owner, word) if owner else None


def _owner(
    whose: str,
    begin: int,
    scopes: Scopes,
    rows: Rows,
    starts: Sequence[int],
    roles: Mapping[str, Role | None],
    author: str,
    relative: str,
) -> str:
    """The person of "her", "my" or "Ann's" at `begin`; "" where it may be several."""
    word = whose.lower()
    if word in ("my", "our"):
        return author if author != relative else ""
    if re.fullmatch(r"['’]s|s['’]", word):
        before = [r for r in rows[: bisect_right(starts, begin)] if begin - 1 <= r.mention.span.end <= begin + 2]
        return _fit(before[-1], roles) if before else ""
    number = scopes.index(begin)
    unit = scopes.units[number]
    near = _people(rows, starts, unit.start, begin, roles) - {relative}
    if not near and number and scopes.units[number - 1].block == unit.block:
        near = _people(rows, starts, scopes.units[number - 1].start, scopes.units[number - 1].end, roles) - {relative}
    return near.pop() if len(near) == 1 else ""


def _people(rows: Rows, starts: Sequence[int], begin: int, end: int, roles: Mapping[str, Role | None]) -> set[str]:
    """Who, but for relatives and staff, is mentioned in a stretch of text."""
    within = rows[bisect_right(starts, begin - 1) : bisect_right(starts, end - 1)]
    return {r.person for r in within if roles.get(r.person) in _OTHERS | {Role.UNKNOWN}}


def _fit(row: Linked, roles: Mapping[str, Role | None]) -> str:
    return row.person if row.certain and roles.get(row.person) in _OTHERS else ""
