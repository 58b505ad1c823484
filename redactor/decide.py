"""Findings and persons become decisions: mask, soften or keep, each with a reason code and the policy rule that said so.

First match wins, most protective first: order of a court > protected person > fact tied to one > identifier > unknown person
> nameable person > what stays. Overlaps are settled the same way: a mask is never cut short by a keep or a soften.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from .case import Case
from .model import Action, Decision, Detection, Fact, Finding, Kind, Linked, Person, Resolution, Role, Span
from .policy import Policy

# Contact details, numbers and addresses go whoever they belong to (DOMAIN J34, C1); a policy may say otherwise by detail.
DIRECT = frozenset({Kind.PHONE, Kind.EMAIL, Kind.URL, Kind.ID, Kind.VEHICLE, Kind.POSTCODE, Kind.ADDRESS, Kind.DOB})
CERTAIN = 0.35  # below this a direct identifier's score says "no cue, no checksum": left to the text
_STRENGTH = {Action.MASK: 2, Action.SOFTEN: 1, Action.KEEP: 0}


def decide(doc: str, text: str, detection: Detection, resolution: Resolution, case: Case, policy: Policy) -> list[Decision]:
    """Every decision about one document, sorted, not overlapping. `text` is the flat text its spans count in."""
    persons = resolution.by_id
    ordered = frozenset(f.reveal().casefold() for order in case.orders for f in order.persons)
    wanted = [
        *(decide_person(link, persons[link.person], ordered, case, policy) for link in resolution.linked[doc]),
        *(
            _fact(fact, text, persons, policy)
            for fact in resolution.facts[doc]
            if not _shadowed(fact, detection.findings, resolution.linked[doc]) and not _no_house(fact.finding, text)
        ),
        *_direct(detection.findings, text, policy),
        *_initials_and_handles(doc, detection.findings, resolution.linked[doc], text, policy),
        *_stays(detection.findings, policy),
    ]
    return settle([d for d in wanted if d is not None], text)


def decide_person(link: Linked, person: Person, ordered: frozenset[str], case: Case, policy: Policy) -> Decision:
    """What happens to one appearance of a person. `ordered`: names (casefolded) that an order of the case covers."""
    rule = policy.role(person.role)
    m = link.mention
    action, reason, name = rule.action, rule.reason, rule.rule
    asks = rule.asks or person.role is Role.UNKNOWN or bool(person.doubt)
    if action is Action.KEEP and (register := _register(person)):
        name = f"{policy.name}:registers.{register}"
    if any(form.reveal().casefold() in ordered for form in person.forms):
        order = next(o for o in case.orders if any(f.reveal().casefold() in ordered for f in o.persons))
        action, reason, name = Action.MASK, f"R-ORDER:{case.order_code(order)}", "case:orders"
    elif action is Action.KEEP and not link.certain:
        action, reason, name, asks = Action.MASK, "R-ART8", f"{policy.name}:roles.unknown", True
    if link.mixed and action is Action.MASK:  # a label here could pin one person's story on another
        return Decision(m.doc, m.span, m.kind, action, reason, name, role=Role.UNKNOWN, recognizer="people", score=0.5, asks=True)
    score = m.score if link.certain else 0.5
    return Decision(
        m.doc, m.span, m.kind, action, reason, name, person.id, person.role, recognizer="people", score=score, asks=asks
    )


def _register(person: Person) -> str:
    """The register without which this person would not be named, "" where the text or the case says enough."""
    public = [e.rule for e in person.evidence if e.role is Role.PUBLIC_FIGURE]
    only = person.role is Role.PUBLIC_FIGURE and public and all(rule.startswith("register:") for rule in public)
    return public[0].partition(":")[2] if only else ""


UNTIED = 0.5  # a place tied to nobody goes only where its recognizer is this sure that it is one


def _shadowed(fact: Fact, findings: Sequence[Finding], linked: Sequence[Linked]) -> bool:
    """Whether a place is only a word of an institution, a date or a person's name ("Marlow Valley Police", "March 2016")."""
    f = fact.finding
    if f.kind in (Kind.PLACE, Kind.WORK) and any(
        x.kind is Kind.TOWN and x.recognizer == "places" and x.score >= 0.6 and x.span.holds(f.span) for x in findings
    ):
        return True
    if f.kind is not Kind.PLACE:
        return False
    if fact.why == "subject":
        return True
    if (not fact.tied and f.score < UNTIED) or any(x.mention.span.holds(f.span) for x in linked):
        return True
    strong = (
        x
        for x in findings
        if x.kind in (Kind.ORGANISATION, Kind.DATE, Kind.SCHOOL) and x.score >= 0.6 and x.recognizer != "spacy"
    )
    return any(x.span.holds(f.span) and len(x.span) > len(f.span) for x in strong)


_MONTHS_ON = re.compile(r"[\s,]*(?:and\s+)?(?:\d{1,2}|\w+)\s*(?:mths?|months?)\b")


def _fact(fact: Fact, text: str, persons: Mapping[str, Person], policy: Policy) -> Decision | None:
    f = fact.finding
    detail = f.attributes[0] if f.attributes else ""
    rule = policy.kind(f.kind, detail)
    action = rule.action if fact.tied else rule.untied
    if fact.person in persons and f.kind in persons[fact.person].frees:
        own = persons[fact.person]
        return Decision(f.doc, f.span, f.kind, Action.KEEP, "K-WAIVER", "case:waivers", own.id, own.role, recognizer=f.recognizer)
    if f.kind is Kind.DATE and detail == "year":
        action = Action.KEEP  # a year alone stays (DESIGN §7)
    if action is Action.KEEP and f.kind is not Kind.DATE:
        return None
    span = f.span
    if f.kind is Kind.AGE and (months := _MONTHS_ON.match(text, span.end)):
        span = Span(span.start, months.end())  # "14 yrs" of "14 yrs 6 mths" would leave the months standing
    role = persons[fact.person].role if fact.person in persons else None
    reason = rule.kept if action is Action.KEEP else rule.reason
    return Decision(
        f.doc, span, f.kind, action, reason, rule.rule, fact.person, role, recognizer=f.recognizer, score=f.score, detail=detail
    )


# "06:55  Lee Park" is a time and a person, "DC 3318 Neil Croft" a collar number and one: no house number.
_NO_HOUSE = re.compile(r"(?:\d[:.]|\b(?:[PDT]/?[CS]|D?[CD]?I|PCSO|Sgt|Sergeant|Constable|Insp(?:ector)?)\s+)$")


def _direct(findings: Sequence[Finding], text: str, policy: Policy) -> Iterable[Decision]:
    for f in findings:
        if f.kind not in DIRECT or f.score < CERTAIN or _no_house(f, text):
            continue
        detail = f.attributes[0] if f.attributes else ""
        rule = policy.kind(f.kind, detail)
        if rule.untied is Action.KEEP and f.kind in (Kind.ADDRESS,):
            continue
        reason = rule.kept if rule.untied is Action.KEEP else rule.reason
        yield Decision(
            f.doc, f.span, f.kind, rule.untied, reason, rule.rule, recognizer=f.recognizer, score=f.score, detail=detail
        )


def _no_house(f: Finding, text: str) -> bool:
    return f.kind is Kind.ADDRESS and bool(_NO_HOUSE.search(text[max(0, f.span.start - 14) : f.span.start]))


_ENDING = re.compile(r"\.[A-Za-z]{3,4}$")  # "sisters_2.jpg": the ending says nothing


def _initials_and_handles(
    doc: str, findings: Sequence[Finding], linked: Sequence[Linked], text: str, policy: Policy
) -> Iterable[Decision]:
    """User names no person could be found for are masked all the same: they lead to a profile."""
    for f in findings:
        if (
            f.kind is Kind.INITIALS
            and f.score >= 0.55
            and (len(f.span) > 2 or f.attributes[:1] in (("opens",), ("signs",)))
            and not any(link.mention.span.overlaps(f.span) for link in linked)
        ):
            rule = policy.kind(Kind.INITIALS)
            yield Decision(doc, f.span, f.kind, Action.MASK, rule.reason, rule.rule, recognizer=f.recognizer, score=f.score)
        if f.kind is Kind.ALIAS and {"handle", "letter"} & set(f.attributes) and f.score >= 0.5:
            if not any(link.mention.span.holds(f.span) for link in linked):
                owner = next((x.person for x in linked if x.mention.span.overlaps(f.span)), "")
                rule = policy.kind(Kind.ALIAS, "handle")
                ending = _ENDING.search(text[f.span.start : f.span.end])
                span = Span(f.span.start, f.span.end - len(ending.group())) if ending else f.span
                yield Decision(
                    doc,
                    span,
                    Kind.ALIAS,
                    Action.MASK,
                    rule.reason,
                    rule.rule,
                    owner,
                    recognizer=f.recognizer,
                    score=f.score,
                    detail="handle",
                )


def _stays(findings: Sequence[Finding], policy: Policy) -> Iterable[Decision]:
    """Institutions and towns that stay are logged too: why a name stayed is what a complaint will ask."""
    for f in findings:
        if f.kind in (Kind.ORGANISATION, Kind.TOWN) and f.score >= 0.6 and f.recognizer != "spacy":
            detail = f.attributes[0] if f.attributes else ""
            rule = policy.kind(f.kind, detail)
            yield Decision(
                f.doc, f.span, f.kind, rule.untied, rule.kept, rule.rule, recognizer=f.recognizer, score=f.score, detail=detail
            )


def settle(wanted: Sequence[Decision], text: str) -> list[Decision]:
    """One decision for each character: masks first (longer before shorter), then kept names, softenings, and what stays.

    A softening or a keep that a stronger span cuts into keeps what is left of it, if that still is more than a word's rest.
    """

    def rank(d: Decision) -> tuple[int, int, int]:
        strength = _STRENGTH[d.action]
        if d.action is Action.KEEP and d.kind in (Kind.NAME, Kind.INITIALS, Kind.ALIAS):
            strength = 2 if d.role is Role.PSEUDONYM else 1
        return (-strength, -len(d.span), d.span.start)

    taken = bytearray(len(text))
    chosen: list[Decision] = []
    for d in sorted(wanted, key=rank):
        for span in _free(d.span, taken, text):
            if d.action is Action.KEEP and span != d.span and d.kind is not Kind.NAME:
                continue
            taken[span.start : span.end] = b"\1" * len(span)
            chosen.append(d if span == d.span else _cut(d, span))
        if d.action is Action.MASK:  # the letter that is too short a rest to be masked by itself is nobody's to keep
            for at in range(d.span.start, d.span.end):
                taken[at] |= text[at].isalnum()
    return sorted(chosen, key=lambda d: d.span)


def _free(span: Span, taken: bytearray, text: str) -> list[Span]:
    """The parts of a span nobody has, trimmed to words; nothing shorter than two letters or a number."""
    runs, start = [], None
    for at in range(span.start, span.end + 1):
        free = at < span.end and not taken[at]
        if free and start is None:
            start = at
        elif not free and start is not None:
            runs.append(Span(start, at))
            start = None
    found = []
    for run in runs:
        words = text[run.start : run.end]
        left, right = len(words) - len(words.lstrip(" \t\n,;:.'’\"()-–")), len(words) - len(words.rstrip(" \t\n,;:'’\"(-–"))
        trimmed = Span(min(run.start + left, run.end), max(run.start + left, run.end - right))
        whole = run == span
        if whole:
            found.append(run)
        elif len(trimmed) > 1 and any(c.isalnum() for c in text[trimmed.start : trimmed.end]):
            if text[trimmed.start : trimmed.end].casefold() not in {"s", "and", "of", "the", "to", "for", "with", "is", "was"}:
                found.append(trimmed)
    return found


def _cut(d: Decision, span: Span) -> Decision:
    return replace(d, span=span)
