"""Rules over what is said of one label: facts that identify together (DOMAIN J02-J04, J09, J12-J15, J17, J22, J29, K).

Counts facts and, where a place is named, estimates people (crowd.py): no rule here knows how many girls of that age really live
in a town, nor which schools it has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from . import crowd
from .cues import data
from .finding import JigsawFinding, found, smallest
from .page import Page
from .reading import Attribute, Reading

Facts = Sequence[Attribute]

_TIER0 = ("school_named", "work_named", "address")
_COUNTED = ("met", "age_start", "age_end", "age_now", "period")
_CHAIN = (
    "met", "age", "sibling_count", "birth_order", "demographic", "demographic_rare", "rare", "pregnancy", "paternity", "care",
    "appearance", "health", "unique", "work_only", "school_rare", "home_named", "venue_named", "residence",
)  # fmt: skip
_CHAIN_LENGTH = 3
_FEW_SCHOOLS = 3
_SMALL_GROUP = 1_000  # people of a background in a place; below that it singles out
_BLOCKS_BELOW = 5  # an estimated crowd smaller than this blocks under every policy that looks at all
_SUBJECT_MENTIONS = 4  # an institution named so often is what the report is about
_INSTITUTION = re.compile(
    r"\b(?:[A-Z][\w’'-]+ ){1,3}(?:School|Academy|College|House|Hospital|Home|Abbey|Grange|Lodge|Centre|Hall)\b(?! of Commons)"
)


@dataclass(frozen=True)
class Near:
    """What stands near the facts of a label: inhabitants of each place named in the section, of those said of the label itself,
    whether an accused is named, and the words of each fact."""

    places: Sequence[int]
    own: Sequence[int]
    accused: bool
    words: Callable[[Attribute], str]

    @property
    def smallest(self) -> int | None:
        """The inhabitants of the place that tells most: the label's own if it has one, else the largest named near."""
        return min(self.own) if self.own else max(self.places, default=None)


Judge = Callable[[Facts, Near], Facts]
"""Facts that together trip a rule, given those of one label and what stands near."""


def _of(facts: Facts, *kinds: str) -> list[Attribute]:
    return [f for f in facts if f.kind in kinds]


def _exact(facts: Facts, *kinds: str) -> list[Attribute]:
    return [f for f in _of(facts, *kinds) if not f.coarse]


def _j02(facts: Facts, _near: Near) -> Facts:
    return _of(facts, *_TIER0)


def _j03(facts: Facts, near: Near) -> Facts:
    """The school is one of at most three of its kind in the place, by the number of people there."""
    ages, people = _of(facts, "age"), near.smallest
    if not ages or people is None:
        return []
    kinds = _of(facts, "school_rare") or (_of(facts, "school") if near.own else [])
    few = [f for f in kinds if crowd.schools(near.words(f), people) <= _FEW_SCHOOLS]
    return [*ages, *few] if few else []


def _j04(facts: Facts, _near: Near) -> Facts:
    return _of(facts, "work_only")


def _j09(facts: Facts, near: Near) -> Facts:
    """Counts each kind once, a coarse one half: two bands are one age range, as in the ruling on a range."""
    weight = {kind: max(0.5 if f.coarse else 1.0 for f in of) for kind in _COUNTED if (of := _of(facts, kind))}
    return _of(facts, *_COUNTED) if sum(weight.values()) >= (3 if near.accused else 4) else []


def _j12(facts: Facts, near: Near) -> Facts:
    return _of(facts, "birth_order", "sibling_count") if near.places else []


def _j13(facts: Facts, near: Near) -> Facts:
    if (people := near.smallest) is None:
        return []
    shares = data()["shares"]
    return [f for f in _of(facts, "demographic", "demographic_rare") if people * shares[f.kind] < _SMALL_GROUP]


def _j14(facts: Facts, near: Near) -> Facts:
    rare = _of(facts, "rare")
    return rare if rare and (near.places or _of(facts, "age", "year", "date", "season")) else []


def _j15(facts: Facts, near: Near) -> Facts:
    births = _of(facts, "pregnancy")
    return [*births, *_exact(facts, "age", "date")] if births and (near.places or _exact(facts, "age", "date")) else []


def _j17(facts: Facts, _near: Near) -> Facts:
    homes, dates = _of(facts, "home_named"), _exact(facts, "date")
    return [*homes, *dates] if homes and dates else []


def _j29(facts: Facts, _near: Near) -> Facts:
    chain = [f for f in _of(facts, *_CHAIN) if not (f.kind == "age" and f.coarse)]
    kinds = {f.kind.removesuffix("_rare") for f in chain}
    return chain if len(kinds) >= _CHAIN_LENGTH else []


_ONE_AT_A_TIME = frozenset({"J02", "J04"})  # what one mention alone says, so that a label that is anybody counts too
_BY_DOC: dict[str, Judge] = {"J02": _j02, "J04": _j04, "J09": _j09, "J17": _j17, "J29": _j29}
_BY_SECTION: dict[str, Judge] = {"J03": _j03, "J12": _j12, "J13": _j13, "J14": _j14, "J15": _j15}
RULES = frozenset({*_BY_DOC, *_BY_SECTION, "J03b", "J22", "K"})


def facts(reading: Reading) -> Iterator[JigsawFinding]:
    """Findings over the ledger of the copies, then those that only earlier publications complete, then the estimate."""
    tripped: set[tuple[str, str]] = set()
    for finding in _alone(reading):
        tripped.add((finding.rule, finding.label))
        yield finding
    yield from _subject(reading)
    yield from _with_priors(reading, tripped)
    yield from _few_people(reading)


def _alone(reading: Reading) -> Iterator[JigsawFinding]:
    for (label, doc), here in reading.told.items():
        linkable = _linkable(label)
        near = Near((), (), doc in reading.naming_docs, reading.words)
        for rule, judge in _BY_DOC.items():
            if linkable or rule in _ONE_AT_A_TIME:
                yield from _hit(reading, rule, label, here, partial(_beside, judge=judge, near=near))
        beside = {number: _near(reading, doc, number, part) for number, part in _sections(here).items()}
        for rule, judge in _BY_SECTION.items():
            yield from _hit(reading, rule, label, here, partial(_in_sections, judge=judge, beside=beside))


def _beside(facts: Facts, judge: Judge, near: Near) -> Facts:
    return judge(facts, near)


def _in_sections(facts: Facts, judge: Judge, beside: Mapping[int, Near]) -> Facts:
    """What trips a rule in each section by itself."""
    return [f for number, part in _sections(facts).items() for f in judge(part, beside[number])]


def _sections(facts: Facts) -> dict[int, list[Attribute]]:
    parts: dict[int, list[Attribute]] = {}
    for fact in facts:
        parts.setdefault(fact.section, []).append(fact)
    return parts


def _hit(
    reading: Reading, rule: str, label: str, here: Facts, judge: Callable[[Facts], Facts], detail: str = ""
) -> Iterator[JigsawFinding]:
    if hit := judge(here):
        own = [f.place for f in hit if not reading.is_prior(f.doc)]
        tripped = set(hit)
        rest = [f for f in here if f not in tripped]
        yield found(reading, rule, own, detail or _detail(hit), label, smallest(reading, hit, lambda left: judge([*left, *rest])))


def _subject(reading: Reading) -> Iterator[JigsawFinding]:
    """J03b: the institution is what the report is about, and a time or age stands in the same sentence as its name."""
    names = Counter(m[0].split(" ", 1)[-1] if m[0].startswith("The ") else m[0] for p in reading.pages for m in _named(p))
    subjects = [name for name, times in names.items() if times >= _SUBJECT_MENTIONS]
    if not subjects:
        return
    for label, said in reading.ledger.items():
        for fact in _exact(said, "age", "date", "year"):
            text = reading.page(fact.doc).text[fact.sentence.start : fact.sentence.end]
            if any(name in text for name in subjects):
                yield from _hit(reading, "J03b", label, [fact], lambda left: [f for f in left if f.kind != "age" or not f.coarse])


def _with_priors(reading: Reading, tripped: set[tuple[str, str]]) -> Iterator[JigsawFinding]:
    """J22: what the copies and earlier publications say of the same label, as one."""
    for label, before in reading.prior_ledger.items():
        now = reading.ledger.get(label, ())
        if not now or not _linkable(label):
            continue
        everything = [*now, *before]
        named = [
            n for doc, section in dict.fromkeys((f.doc, f.section) for f in everything) for n in reading.people(doc, section)
        ]
        near = Near(named, _inhabitants(reading, everything), bool(reading.naming), reading.words)
        for rule, judge in (_BY_DOC | _BY_SECTION).items():
            hit = judge(everything, near)
            added = {reading.is_prior(f.doc) for f in hit} == {True, False}
            if added and (rule, label) not in tripped and not judge(before, near):
                yield from _hit(reading, "J22", label, everything, partial(_beside, judge=judge, near=near), rule)


def estimates(reading: Reading) -> dict[str, float]:
    """How many people each label could be, for every label that has a place: advisory, for a rank (crowd.py)."""
    sums = {label: _crowd(reading, [*said, *reading.prior_ledger.get(label, ())]) for label, said in reading.ledger.items()}
    return {label: people for label, people in sums.items() if people is not None and _linkable(label)}


def _crowd(reading: Reading, facts: Facts) -> float | None:
    towns = _inhabitants(reading, facts)
    return crowd.crowd(min(towns), [(f.kind, reading.words(f), f.coarse) for f in facts]) if towns else None


def _few_people(reading: Reading) -> Iterator[JigsawFinding]:
    """K: fewer people than `k_min` fit everything that is said of a label; fewer than five block."""
    limit = reading.policy.jigsaw.k_min

    def too_few(left: Facts) -> bool:
        people = _crowd(reading, left)
        return people is not None and people < limit

    for label, people in estimates(reading).items():
        if people < limit:
            everything = [*reading.ledger[label], *reading.prior_ledger.get(label, ())]
            counted = [f for f in everything if crowd.counts(f.kind)]
            own = [f.place for f in counted if not reading.is_prior(f.doc)]
            few = people < _BLOCKS_BELOW
            detail = f"below-{_BLOCKS_BELOW if few else limit}"
            yield found(reading, "K", own, detail, label, smallest(reading, counted, too_few), level="block" if few else None)


def _inhabitants(reading: Reading, facts: Facts) -> list[int]:
    return [crowd.population(reading.words(f)) for f in _of(facts, "place")]


def _near(reading: Reading, doc: str, section: int, part: Facts) -> Near:
    named = reading.people(doc, section)
    return Near(named, _inhabitants(reading, part), doc in reading.naming_docs, reading.words)


def _named(page: Page) -> Iterator[re.Match[str]]:
    return _INSTITUTION.finditer(page.text)


def _linkable(label: str) -> bool:
    """Whether every mention of the label is the same person: a bare "[Survivor]" (policy labels.style: unlinked) is anybody."""
    return bool(re.search(r"\d|^\[the |^[^\[]", label))


def _detail(hit: Facts) -> str:
    return "+".join(dict.fromkeys(f.kind for f in hit))
