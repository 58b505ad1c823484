"""Which of two values of a policy key is the stricter one: one table, one line a key.

Does not compare label templates, descriptions, reason codes or either_or: none of them shows more of a person.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .policy_ranks import RANKS

_ACTIONS = ("keep", "soften", "mask")
_DATES = ("month_year", "season", "part_of_year", "year", "period")
_AGES = ("words", "teenager", "adult_child")
_STYLES = {"numbered": 0, "descriptor": 0, "changed_name": 0, "unlinked": 1}

# SOAA 1992 s1(3A) lists name, address, school, work and picture; initials, aliases, dates of birth and postcodes are names and
# addresses by another way. These and "unknown is masked and asked" stand whatever authority a policy cites.
_LOCKED = frozenset(
    {f"kinds.{k}.action" for k in ("name", "initials", "alias", "dob", "address", "postcode", "school", "work")}
    | {f"roles.{r}.{what}" for r in ("survivor", "child", "unknown") for what in ("action", "asks")}
)

Compare = Callable[[Any, Any], bool]


def _rises(*ladder: str) -> Compare:
    """Weaker when the value falls on a ladder from weakest to strictest."""
    return lambda was, now: ladder.index(now) < ladder.index(was)


def _falls(was: Any, now: Any) -> bool:
    return bool(now < was)


def _grows(was: Any, now: Any) -> bool:
    return bool(now > was)


def _loses(was: Any, now: Any) -> bool:
    return bool(set(was) - set(now))


def _gains(was: Any, now: Any) -> bool:
    return bool(set(now) - set(was))


def _breaks_chain(was: Any, now: Any) -> bool:
    """Weaker unless everybody who had to sign still has to, in the same order."""
    rest = iter(now)
    return not all(any(step == other for other in rest) for step in was)


MOVES: dict[str, Compare] = {
    "name_from_rank": _rises(*RANKS),
    "offices": _gains,
    "registers": _gains,
    "towns_from": _falls,
    "ages": _rises(*_AGES),
    "dates.day": _rises(*_DATES),
    "dates.month": _rises(*_DATES),
    "labels.style": lambda was, now: _STYLES[now] < _STYLES[was],
    "engine.names": _loses,
    "plugins.recognizers": _loses,
    "engine.ask_below": _falls,
    **{f"engine.tagger.{kind}": _grows for kind in ("name", "health", "demographic", "distinctive", "age")},
    "jigsaw.block": _loses,
    "jigsaw.warn": _loses,
    "jigsaw.info": _loses,
    "jigsaw.k_min": _falls,
    "jigsaw.small_counts": _falls,
    "pictures": _rises("keep-painted", "text"),
    "sign_offs": _breaks_chain,
}


def locked(key: str) -> bool:
    """Whether no authority may weaken this key."""
    return key in _LOCKED or (key.startswith("kinds.") and ".details." in key and _kind_action(key) in _LOCKED)


def weaker(key: str, was: Any, now: Any, base: dict[str, Any], child: dict[str, Any]) -> bool:
    """Whether `now` shows more than `was`. `base` and `child` are the merged policies (a warning may become a block)."""
    if was is None:  # a new detail: measured against what its kind did in the base
        was = _inherited(base, key)
    if now is None:
        now = _inherited(child, key)
    if was is None or now is None:
        return False
    if key.endswith(".asks"):
        return bool(was) and not now
    if key in ("jigsaw.warn", "jigsaw.info"):
        stricter = child["jigsaw"]["block"] + (child["jigsaw"]["warn"] if key == "jigsaw.info" else [])
        return _loses(was, [*now, *stricter])
    if key in MOVES:
        return MOVES[key](was, now)
    return _ACTIONS.index(now) < _ACTIONS.index(was)


def _kind_action(key: str) -> str:
    parts = key.split(".")
    return f"kinds.{parts[1]}.{parts[-1]}"


def _inherited(merged: dict[str, Any], key: str) -> Any:
    parts = key.split(".")
    return merged["kinds"].get(parts[1], {}).get(parts[-1]) if parts[0] == "kinds" else None
