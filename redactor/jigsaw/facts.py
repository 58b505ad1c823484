"""Rules over what is said of one label: facts that are harmless alone and identify together (DOMAIN J02-J04, J09-J17, J22, J29).

Counts facts, not people: without a census no rule here knows how many girls of that age live in a town.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from .cues import data
from .finding import JigsawFinding, Reading, found
from .reading import Attribute

Facts = Sequence[Attribute]
Judge = Callable[[Facts, bool, bool], Facts]
"""Facts that together trip a rule, given those of one label, whether a place is named near, and whether an accused is named."""

_TIER0 = ("school_named", "work_named", "address")
_COUNTED = ("met", "age_start", "age_end", "age_now", "period")
_CHAIN = (
    "met", "age", "sibling_count", "birth_order", "demographic", "demographic_rare", "rare", "pregnancy", "paternity", "care",
    "appearance", "health", "unique", "work_only", "school_rare", "home_named", "venue_named", "residence",
)  # fmt: skip
_CHAIN_LENGTH = 3
_SUBJECT_MENTIONS = 4  # an institution named so often is what the report is about
_INSTITUTION = re.compile(
    r"\b(?:[A-Z][\w’'-]+ ){1,3}(?:School|Academy|College|House|Hospital|Home|Abbey|Grange|Lodge|Centre|Hall)\b(?! of Commons)"
)
_PLACE = re.compile(
    r"\b(?:in|near|from|around|outside|across) (?:the (?:village|town) of )?([A-Z][a-zà-ÿ]+(?:[- ][A-Z][a-z]+)*)\b"
)


def _of(facts: Facts, *kinds: str) -> list[Attribute]:
    return [f for f in facts if f.kind in kinds]


def _exact(facts: Facts, *kinds: str) -> list[Attribute]:
    return [f for f in _of(facts, *kinds) if not f.coarse]


def _j02(facts: Facts, _place: bool, _accused: bool) -> Facts:
    return _of(facts, *_TIER0)


def _j03(facts: Facts, place: bool, _accused: bool) -> Facts:
    ages, school = _of(facts, "age"), _of(facts, "school_rare")
    return [*ages, *school] if place and ages and school else []


def _j04(facts: Facts, _place: bool, _accused: bool) -> Facts:
    return _of(facts, "work_only")


def _j09(facts: Facts, _place: bool, accused: bool) -> Facts:
    """Counts each kind once, a coarse one half: two bands are one age range, as in the ruling on a range."""
    weight = {kind: max(0.5 if f.coarse else 1.0 for f in of) for kind in _COUNTED if (of := _of(facts, kind))}
    return _of(facts, *_COUNTED) if sum(weight.values()) >= (3 if accused else 4) else []


def _j12(facts: Facts, place: bool, _accused: bool) -> Facts:
    return _of(facts, "birth_order", "sibling_count") if place else []


def _j13(facts: Facts, place: bool, _accused: bool) -> Facts:
    return _of(facts, "demographic_rare") if place else []


def _j14(facts: Facts, place: bool, _accused: bool) -> Facts:
    rare = _of(facts, "rare")
    return rare if rare and (place or _of(facts, "age", "year")) else []


def _j15(facts: Facts, place: bool, _accused: bool) -> Facts:
    births = _of(facts, "pregnancy")
    return [*births, *_exact(facts, "age", "date")] if births and (place or _exact(facts, "age", "date")) else []


def _j17(facts: Facts, _place: bool, _accused: bool) -> Facts:
    homes, dates = _of(facts, "home_named"), _of(facts, "date")
    return [*homes, *dates] if homes and dates else []


def _j29(facts: Facts, _place: bool, _accused: bool) -> Facts:
    chain = [f for f in _of(facts, *_CHAIN) if not (f.kind == "age" and f.coarse)]
    kinds = {f.kind.removesuffix("_rare") for f in chain}
    return chain if len(kinds) >= _CHAIN_LENGTH else []


_BY_DOC: dict[str, Judge] = {"J02": _j02, "J04": _j04, "J09": _j09, "J17": _j17, "J29": _j29}
_BY_SECTION: dict[str, Judge] = {"J03": _j03, "J12": _j12, "J13": _j13, "J14": _j14, "J15": _j15}
RULES = frozenset({*_BY_DOC, *_BY_SECTION, "J03b", "J22"})


def facts(reading: Reading) -> Iterator[JigsawFinding]:
    """Findings over the ledger of the copies, then those that only earlier publications complete."""
    tripped: set[tuple[str, str]] = set()
    for finding in _alone(reading):
        tripped.add((finding.rule, finding.label))
        yield finding
    yield from _subject(reading)
    yield from _with_priors(reading, tripped)


def _alone(reading: Reading) -> Iterator[JigsawFinding]:
    for label, said in reading.ledger.items():
        for doc in dict.fromkeys(f.doc for f in said):
            here = [f for f in said if f.doc == doc]
            accused = reading.names_accused(reading.page(doc))
            judges = _BY_DOC if _linkable(label) else {rule: _BY_DOC[rule] for rule in ("J02", "J04")}
            for rule, judge in judges.items():
                if hit := judge(here, False, accused):
                    yield found(reading, rule, doc, [f.span for f in hit], _detail(hit), label)
            for rule, judge in _BY_SECTION.items():
                hits = [f for part in _sections(here) for f in judge(part, _place_near(reading, doc, part[0].section), accused)]
                if hits:
                    yield found(reading, rule, doc, [f.span for f in hits], _detail(hits), label)


def _subject(reading: Reading) -> Iterator[JigsawFinding]:
    """J03b: the institution is what the report is about, and a time or age stands in the same sentence as its name."""
    names = Counter(m[0].split(" ", 1)[-1] if m[0].startswith("The ") else m[0] for p in reading.pages for m in _named(p.text))
    subjects = [name for name, times in names.items() if times >= _SUBJECT_MENTIONS]
    for label, said in reading.ledger.items():
        for fact in _exact(said, "age", "date", "year"):
            text = reading.page(fact.doc).text[fact.sentence.start : fact.sentence.end]
            if any(name in text for name in subjects):
                yield found(reading, "J03b", fact.doc, [fact.span], _detail([fact]), label)


def _with_priors(reading: Reading, tripped: set[tuple[str, str]]) -> Iterator[JigsawFinding]:
    """J22: what the copies and earlier publications say of the same label, as one."""
    for label, before in reading.prior_ledger.items():
        now = reading.ledger.get(label, ())
        if not now or not _linkable(label):
            continue
        place = any(_place_in(page.text) for page in (*reading.pages, *reading.priors))
        accused = any(reading.names_accused(page) for page in (*reading.pages, *reading.priors))
        for rule, judge in (_BY_DOC | _BY_SECTION).items():
            hit = judge([*now, *before], place, accused)
            own = [f for f in hit if f in now]
            if own and len(own) < len(hit) and (rule, label) not in tripped and not judge(before, place, accused):
                yield found(reading, "J22", own[0].doc, [f.span for f in own if f.doc == own[0].doc], rule, label)


def _sections(here: Facts) -> list[list[Attribute]]:
    return [[f for f in here if f.section == number] for number in sorted({f.section for f in here})]


def _place_near(reading: Reading, doc: str, section: int) -> bool:
    page = reading.page(doc)
    spans = [s.span for s in page.sentences if s.section == section]
    return bool(spans) and _place_in(page.text[spans[0].start : spans[-1].end])


def _place_in(text: str) -> bool:
    return any(m[1].split()[0] not in _not_places() and not _is_person_or_body(text, m) for m in _PLACE.finditer(text))


def _is_person_or_body(text: str, match: re.Match[str]) -> bool:
    """ "from South Yorkshire Police" and "from Alan Firth" are no places; nor is a word a bracket or a title follows."""
    words = match[1].split()
    return len(words) > 1 or re.match(r" (?:\[|[a-z]*[’']s )", text[match.end() : match.end() + 12]) is not None


def _named(text: str) -> Iterator[re.Match[str]]:
    return _INSTITUTION.finditer(text)


@cache
def _not_places() -> frozenset[str]:
    return frozenset(data()["not_places"])


def _linkable(label: str) -> bool:
    """Whether every mention of the label is the same person: a bare "[Survivor]" (policy labels.style: unlinked) is anybody."""
    return bool(re.search(r"\d|^\[the |^[^\[]", label))


def _detail(hit: Facts) -> str:
    return "+".join(dict.fromkeys(f.kind for f in hit))
