"""Which names a text itself says are one person's: "Ann Lee (maiden name Ann Moss)", "Ann, known as Biscuit".

Not seen: an alias a sentence away from the name it belongs to, and one said of a pronoun ("she calls herself Biscuit").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from .drafts import Raw
from .names import Name

_SAYS_SO = frozenset({"alias:known_as", "alias:aka", "alias:nee", "alias:maiden", "alias:nickname", "alias:spelt"})
_WHERE_GIVEN_STAYS = frozenset({"alias:formerly", "alias:changed"})  # "now", "then", "changed her name to": too weak alone
_BETWEEN = re.compile(r"[^.;:!?\n|]{0,60}[:]?[\s\"“'‘(]*")
_MARRIED = re.compile(r"(?:,| is| was)? (?:now|formerly|previously) (?:Mrs|Ms|Miss)\.? ?")
_ANOTHER = re.compile(r"\b(?:and|or|told|said|says|saw|reported|asked|met|with|to (?!\w+ as\b)|by|about)\b")


def called_too(raws: Iterable[Raw], texts: Mapping[str, str]) -> dict[Name, set[Name]]:
    """Name → the names that a text gives the same person beside it, both ways."""
    found: dict[Name, set[Name]] = defaultdict(set)
    before: Raw | None = None
    for raw in sorted(raws, key=lambda r: (r.doc, r.start)):
        owner, before = before, raw
        if owner is None or owner.doc != raw.doc:
            continue
        between = texts[raw.doc][owner.end : raw.start]
        if not _said(raw, owner, between):
            continue
        if _BETWEEN.fullmatch(between) and not _ANOTHER.search(between):
            one, other = _plain(owner.name), _plain(raw.name)
            if one != other:
                found[one].add(other)
                found[other].add(one)
            before = owner  # "known as Biscuit, Bis and Bee"
    return found


def _said(raw: Raw, owner: Raw, between: str) -> bool:
    if raw.sources & _SAYS_SO or (raw.name.lone and _MARRIED.fullmatch(between)):
        return True
    given = owner.name.given[:1]
    return bool(raw.sources & _WHERE_GIVEN_STAYS and raw.name.full and given and raw.name.given[:1] == given)


def _plain(name: Name) -> Name:
    return Name(name.given, name.surname, name.lone)
