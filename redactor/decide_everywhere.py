"""What one document masks is masked in all; what nothing accounts for is masked and asked about; and what verification looks for.

Works on decisions already made (decide.py). What stands in no decision and is no form of anybody is not seen here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .case import Case
from .cleartext import ClearText
from .decide import decide_person, settle
from .folding import Finder, folded
from .model import Action, Decision, Kind, Linked, Mention, Resolution, Span
from .policy import Policy

Decided = Mapping[str, tuple[str, list[Decision]]]
"""Document id → its flat text and its decisions."""

ECHOED = frozenset({Kind.PHONE, Kind.EMAIL, Kind.ID, Kind.VEHICLE, Kind.POSTCODE, Kind.URL, Kind.ALIAS, Kind.DOB})
_LONG = 6  # letters and digits; a shorter text masked once ("24") stands elsewhere with another meaning
# Two words with capitals: the name of something, where free words are nobody's.
_NAMED = re.compile(r"\b(?!(?:The|An?)\b)[A-Z][a-z]+\W+(?:[a-z]{1,3}\W+)?[A-Z][a-z]")
# An office that is hers in one document is somebody else's, and public, in another.
_OFFICE = re.compile(
    r"(?:the )?(?:(?:lead|cabinet|council|board) member|chief (?:constable|executive|officer)|leader of the|secretary of state|"
    r"(?:[\w’'-]+ ){0,3}(?:commissioner|minister|mayor)|\w+ secretary)\b",
    re.I,
)
_LONG_NUMBER = 5  # digits of a collar or reference number


def echo(documents: Decided) -> Iterator[tuple[str, list[Decision]]]:
    """By document the same decisions, and what verification will look for masked wherever it stands: a number, a user name, a
    place."""
    heard: dict[str, Decision] = {}
    for text, decisions in documents.values():
        for d in decisions:
            if written := _probed(d, text):
                heard.setdefault(written, d)
    finder = Finder(map(ClearText, heard))
    for number, (text, decisions) in documents.items():
        gone = merged([x.span for x in decisions if x.action is not Action.KEEP])
        fair = merged([x.span for x in decisions if x.action is Action.KEEP and x.kind not in ECHOED])
        more = [
            replace(heard[written], doc=number, span=span, recognizer="echo")
            for written, span in finder.find(folded(text))
            if not _touched(gone, span) and not _may_stand(heard[written].kind, text, span, fair, gone)
        ]
        yield number, settle([*decisions, *more], text) if more else decisions


def _probed(d: Decision, text: str) -> str:
    """The words of a masked fact as they are looked for in every copy; "" where they have other meanings elsewhere."""
    written = " ".join(text[d.span.start : d.span.end].split())
    if d.action is not Action.MASK or d.kind is Kind.NAME:
        return ""
    if d.kind is Kind.INITIALS:  # "K.H." signs one letter and is quoted in another
        return written.casefold() if written.count(".") >= 2 else ""
    if d.recognizer == "tagger" and not _NAMED.search(text, d.span.start, d.span.end):
        return ""  # free words ("the flat by the station") are hers here and anybody's elsewhere
    if d.kind is Kind.WORK and _OFFICE.match(written):
        return ""
    # One word of a place ("Bishop") has other meanings; people/ searches those that have none.
    alone = d.kind in (Kind.PLACE, Kind.SCHOOL, Kind.WORK) and " " not in written
    written = re.sub(r"(?i)^(?:the|an?) ", "", written)
    least = _LONG_NUMBER if d.kind is Kind.ID and written.isdigit() else _LONG
    return written.casefold() if sum(c.isalnum() for c in written) >= least and not alone else ""


def sweep(documents: Decided, resolution: Resolution, case: Case, policy: Policy) -> Iterator[tuple[str, list[Decision]]]:
    """Mask every appearance of a protected form that nothing accounts for yet, and ask about it.

    What the search by words passed over (a form broken by punctuation, say) verification would find and hold the document
    for; masking it here is as safe and publishes the rest.
    """
    persons = resolution.by_id
    ordered = frozenset(f.reveal().casefold() for order in case.orders for f in order.persons)
    owner = {form.reveal(): person for person in sorted(resolution.forms, reverse=True) for form in resolution.forms[person]}
    finder = Finder(map(ClearText, owner))
    for number, (text, decisions) in documents.items():
        known = merged([d.span for d in decisions if d.action is not Action.KEEP])
        fair = merged([d.span for d in decisions if d.action is Action.KEEP] + list(resolution.ordinary[number]))
        more = []
        for form, span in finder.find(folded(text)):
            if not _touched(known, span) and not _held(fair, span):
                mention = Mention(number, span, Kind.NAME, ClearText(text[span.start : span.end]))
                link = Linked(mention, owner[form], certain=False)
                decision = decide_person(link, persons[owner[form]], ordered, case, policy)
                more.append(replace(decision, recognizer="sweep", asks=True))
        yield number, settle([*decisions, *more], text) if more else decisions


@dataclass(frozen=True, slots=True)
class Probes:
    """What must not be in the copies of a bundle: person, kind and form (personal text) of each, the same for every copy; and
    by document how often which of them (by its place) may stand there all the same."""

    wanted: tuple[tuple[str, Kind, ClearText], ...]
    allowed: Mapping[str, Mapping[int, int]]


def probes(documents: Decided, resolution: Resolution) -> Probes:
    """Every form of every protected person and every masked number, place and school of the bundle is looked for in every copy.

    What may stand: its occurrences in kept names and institutions, and in words judged ordinary, counted in the source.
    """
    wanted: dict[tuple[str, Kind], str] = {}
    for person, forms in resolution.forms.items():
        for protected in forms:
            wanted.setdefault((protected.reveal(), Kind.NAME), person)
    for text, decisions in documents.values():
        for d in decisions:
            if d.kind is not Kind.INITIALS and (written := _probed(d, text)):
                wanted.setdefault((written, d.kind), d.person)
    finder = Finder(ClearText(form) for form, _ in wanted)
    places: dict[str, list[tuple[int, Kind]]] = defaultdict(list)
    for number, (form, kind) in enumerate(wanted):
        places[form].append((number, kind))
    found: dict[str, Counter[int]] = {}
    for doc, (text, decisions) in documents.items():
        gone = merged([d.span for d in decisions if d.doc == doc and d.action is not Action.KEEP])
        fair = [d.span for d in decisions if d.doc == doc and d.action is Action.KEEP]
        fair = merged(fair + [s for s in resolution.ordinary[doc] if not _touched(gone, s)])
        allowed: Counter[int] = Counter()
        for form, span in finder.find(folded(text)):
            for number, kind in places[form]:
                allowed[number] += _may_stand(kind, text, span, fair, gone)
        found[doc] = +allowed
    return Probes(tuple((person, kind, ClearText(form)) for (form, kind), person in wanted.items()), found)


def _may_stand(kind: Kind, text: str, span: Span, fair: Sequence[Span], gone: Sequence[Span]) -> bool:
    """Whether one appearance of a form is accounted for: within kept names and ordinary words; a place's words also where they
    touch an institution that stays, or are written small ("the press"). A number or user name has no ordinary use."""
    if _held(fair, span):
        return True
    if kind in ECHOED or kind is Kind.NAME or _touched(gone, span):
        return False
    return _touched(fair, span) or text[span.start : span.end].islower()


def _touched(spans: Sequence[Span], span: Span) -> bool:
    """Whether one of `spans` (merged) shares a character with `span`."""
    before = bisect_left(spans, span.end, key=lambda s: s.start)
    return before > 0 and spans[before - 1].end > span.start


def _held(spans: Sequence[Span], span: Span) -> bool:
    """Whether one of `spans` (merged) holds all of `span`."""
    before = bisect_right(spans, span.start, key=lambda s: s.start)
    return before > 0 and spans[before - 1].holds(span)


def merged(spans: Sequence[Span]) -> list[Span]:
    """Spans joined where they overlap, in order."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start < out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out
