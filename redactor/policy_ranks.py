"""The ladder of British police ranks and the ways a rank is written.

An acting or temporary rank counts as the one below it: the threshold is about the person's own seniority (ICO guidance on
requests for data about public authority employees, 2019). Staff grades and military ranks are no rank here.
"""

from __future__ import annotations

import re

RANKS = (
    "constable",
    "sergeant",
    "inspector",
    "chief_inspector",
    "superintendent",
    "chief_superintendent",
    "commander",
    "assistant_chief_constable",
    "deputy_assistant_commissioner",
    "deputy_chief_constable",
    "assistant_commissioner",
    "chief_constable",
    "deputy_commissioner",
    "commissioner",
)

_SHORT = {
    "pc": "constable",
    "dc": "constable",
    "wpc": "constable",
    "wdc": "constable",
    "tdc": "constable",
    "pcso": "constable",
    "ps": "sergeant",
    "ds": "sergeant",
    "sgt": "sergeant",
    "wps": "sergeant",
    "insp": "inspector",
    "di": "inspector",
    "pi": "inspector",
    "ci": "chief_inspector",
    "dci": "chief_inspector",
    "supt": "superintendent",
    "dsupt": "superintendent",
    "dsu": "superintendent",
    "csupt": "chief_superintendent",
    "dcs": "chief_superintendent",
    "dcsupt": "chief_superintendent",
    "cmdr": "commander",
    "cdr": "commander",
    "acc": "assistant_chief_constable",
    "dac": "deputy_assistant_commissioner",
    "dcc": "deputy_chief_constable",
    "ac": "assistant_commissioner",
    "cc": "chief_constable",
}
_WORDS = {"sgt": "sergeant", "insp": "inspector", "supt": "superintendent", "ch": "chief", "asst": "assistant", "dep": "deputy"}
_DROPPED = {"detective", "det", "police", "woman", "trainee", "special", "former", "retired", "then", "the"}
_BELOW = {"acting", "temporary", "temp", "t", "a", "actg"}


def rank_of(words: str) -> int | None:
    """The place on the ladder (0 is constable) of a written rank ("Det Supt", "T/DCI"), None if the words are no rank."""
    parts = re.findall(r"[a-z]+", words.casefold())
    below = bool(parts) and parts[0] in _BELOW
    parts = [p for p in parts[below:] if p not in _DROPPED]
    if len(parts) == 1 and parts[0] in _SHORT:
        level = RANKS.index(_SHORT[parts[0]])
    else:
        name = "_".join(_WORDS.get(p, p) for p in parts)
        if name not in RANKS:
            return None
        level = RANKS.index(name)
    return max(0, level - below)
