"""Whether the text clearly speaks of a person as she or as he: for grammar, and for a changed name that fits it.

Counted are courtesy titles, the word for a relative, and the first pronoun after a name and before anybody else's. Does not know
who anybody is or how they see themselves: where the text says both, or little, or "they", it says nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping

from ..lexicon import gender
from ..model import Resolution
from .names import parse, title_before

_CLEAR, _SHARE = 2, 0.8  # votes, and the share of them that must agree
_TITLE = 3
_NEXT = re.compile(
    r"(?P<start>[.!?][”\"’')]*\s+)?\b(?:(?P<f>she|her|hers|herself)|(?P<m>he|him|his|himself)|they|them|their)\b", re.IGNORECASE
)
_REACH = 160  # characters after a name in which a pronoun may mean its bearer
_KIN = {
    "f": "mother mum mam stepmother grandmother nan gran daughter stepdaughter sister "
    "stepsister half-sister aunt auntie niece wife",
    "m": "father dad stepfather grandfather grandad son stepson brother stepbrother half-brother uncle nephew husband",
}
_WORDS = "|".join(f"(?P<{said}>{'|'.join(words.split())})" for said, words in _KIN.items())
_IS_KIN = re.compile(rf",\s+(?:(?:his|her|their|the|[\w-]+['’]s?)\s+)?(?:\w+\s+)?(?:{_WORDS})\b")  # "Denise Marsh, her mother"
_KIN_IS = re.compile(rf"\b(?:{_WORDS}),?\s+$")  # "her mother, Denise Marsh"


def genders(resolution: Resolution, texts: Mapping[str, str]) -> dict[str, str]:
    """By person id "f" or "m", for those of whom the texts (flat, by document) clearly say so."""
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for doc, rows in resolution.linked.items():
        text = texts.get(doc, "")
        ordered = sorted(rows, key=lambda row: row.mention.span)
        for at, row in enumerate(ordered):
            if not row.certain:
                continue
            span = row.mention.span
            limit = min([r.mention.span.start for r in ordered[at + 1 : at + 2]] + [len(text), span.end + _REACH])
            for voted, weight in _said(text, span.start, span.end, limit):
                votes[row.person][voted] += weight
    for person in resolution.persons:
        for voted, words in _KIN.items():
            if person.kin_word and person.kin_word.casefold() in words.split():
                votes[person.id][voted] += _TITLE
    return {person: said for person, count in votes.items() if (said := _clear(count))}


def _said(text: str, start: int, end: int, limit: int) -> list[tuple[str, int]]:
    titles = (*title_before(text, start)[0], *parse(text[start:end]).titles)
    found = [(said, _TITLE) for title in titles if (said := gender(title.code))]
    after = text[end:limit].partition("\n")[0]
    if kin := _KIN_IS.search(text[max(0, start - 40) : start]) or _IS_KIN.match(after):
        return [*found, ("f" if kin["f"] else "m", _TITLE)]
    if pronoun := _NEXT.search(after):
        said = "f" if pronoun["f"] else "m" if pronoun["m"] else ""
        found += [(said, 2 if pronoun["start"] else 1)] if said else []
    return found


def _clear(count: Counter[str]) -> str:
    (said, most), *_ = count.most_common(1)
    return said if most >= _CLEAR and most >= _SHARE * count.total() else ""
