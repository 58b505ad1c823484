"""Whose mother, brother or aunt a relative is, so that the label can say it: "[Survivor 2's mother]" (DOMAIN §2).

Told only where the words beside the relative's name say it of one protected person and nothing else in the bundle says
otherwise: a wrong tie would pin one person's life on another. "Her mother" is hers who was spoken of last in the paragraph, if
that is one person; "mum Jo" in a note is the mother of whom the note is about. Never told of the accused, whose tie to a
survivor is what must not be published (Editors' Code cl.7). Not seen: a tie that stands a sentence away from the name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from ..model import Linked, Role
from .scope import Scopes
from .voice import Voice

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
# "Mum (Ann Lee)", "stepfather Ann Lee" in a note. "Auntie Jean", "Sister Agnes" and "Nan Lee" are what anybody may call them.
_TITLE_LIKE = "aunt|unty|ntie|ncle|gran|.nan|nana|ndma", "sister|rother"
_BARE = re.compile(
    rf"(?i)(?:^|(?<=[\s(/|;:.–-])){_HOW}(?P<kin>{_KIN})"
    rf"(?:\s*[,:(=–-]\s*|{''.join(f'(?<!{ends})' for ends in _TITLE_LIKE)}\s+){_TITLES}$"
)
_NOT_BARE = re.compile(r"(?i)(?:\b(?:an?|the|her|his|their|my|our|your|of|and|no)|['’]s|s['’])\s+$")
_WINDOW = 60
_BACK = 6  # units that a pronoun is followed back in its paragraph
_OTHERS = frozenset({Role.SURVIVOR, Role.CHILD, Role.WITNESS, Role.COMPLAINANT, Role.SOURCE, Role.SUSPECT})

Rows = Sequence[Linked]


def ties(
    texts: Mapping[str, str],
    scopes: Mapping[str, Scopes],
    linked: Mapping[str, Rows],
    roles: Mapping[str, Role | None],
    voices: Mapping[str, Voice],
    accused: Collection[str],
) -> dict[str, tuple[str, str]]:
    """Relative's person id → the id of the one they belong to and the word for it ("mother").

    `roles` by person id; `voices` who writes each document and whom it is about; `accused` whom a text calls so.
    """
    votes: dict[str, Counter[tuple[str, str]]] = {}
    for doc, rows in linked.items():
        starts = [r.mention.span.start for r in rows]
        for at, row in enumerate(rows):
            if roles.get(row.person) is not Role.FAMILY or row.person in accused or not row.certain:
                continue
            told = _told(texts[doc], scopes[doc], rows, starts, at, roles, voices.get(doc, Voice()))
            if told:
                votes.setdefault(row.person, Counter())[told] += 1
    return {person: next(iter(counted)) for person, counted in votes.items() if len(counted) == 1}


def _told(
    text: str, scopes: Scopes, rows: Rows, starts: Sequence[int], at: int, roles: Mapping[str, Role | None], voice: Voice
) -> tuple[str, str] | None:
    """Whose relative the mention says its person is, and which."""
    span = rows[at].mention.span
    lead = text[max(0, span.start - _WINDOW) : span.start]
    if match := _BEFORE.search(lead):
        begin = max(0, span.start - _WINDOW) + match.start("whose")
        return _named(match, _owner(match["whose"], begin, scopes, rows, starts, roles, voice, rows[at].person))
    tail = text[span.end : span.end + _WINDOW]
    if match := _AFTER.match(tail):
        begin = span.end + match.start("whose")
        return _named(match, _owner(match["whose"], begin, scopes, rows, starts, roles, voice, rows[at].person))
    if at + 1 < len(rows) and (match := _OF.fullmatch(text[span.end : rows[at + 1].mention.span.start][:_WINDOW])):
        return _named(match, _fit(rows[at + 1], roles))
    if (match := _BARE.search(lead)) and not _NOT_BARE.search(lead[: match.start()]):
        begin = max(0, span.start - _WINDOW) + match.start()
        return _named(match, _owner("", begin, scopes, rows, starts, roles, voice, rows[at].person))
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
    voice: Voice,
    relative: str,
) -> str:
    """The person of "her", "my", "Ann's" or, in a note, of nothing at `begin`; "" where it may be several."""
    word = whose.lower()
    if word in ("my", "our"):
        return voice.author if voice.author != relative else ""
    if re.fullmatch(r"['’]s|s['’]", word):
        before = [r for r in rows[: bisect_right(starts, begin)] if begin - 1 <= r.mention.span.end <= begin + 2]
        return _fit(before[-1], roles) if before else ""
    number = scopes.index(begin)
    unit = scopes.units[number]
    near = _people(rows, starts, unit.start, begin, roles) - {relative}
    for back in range(number - 1, max(-1, number - 1 - _BACK), -1):
        if near or scopes.units[back].block != unit.block or unit.row:
            break
        near = _people(rows, starts, scopes.units[back].start, scopes.units[back].end, roles) - {relative}
    if not near and roles.get(voice.subject) in _OTHERS and voice.subject != relative:
        return voice.subject
    return near.pop() if len(near) == 1 else ""


def _people(rows: Rows, starts: Sequence[int], begin: int, end: int, roles: Mapping[str, Role | None]) -> set[str]:
    """Who, but for relatives and staff, is mentioned in a stretch of text."""
    within = rows[bisect_right(starts, begin - 1) : bisect_right(starts, end - 1)]
    return {r.person for r in within if roles.get(r.person) in _OTHERS | {Role.UNKNOWN}}


def _fit(row: Linked, roles: Mapping[str, Role | None]) -> str:
    return row.person if row.certain and roles.get(row.person) in _OTHERS else ""
