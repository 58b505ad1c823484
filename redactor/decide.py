"""Findings and persons become decisions: mask, soften or keep, each with a reason code and the policy rule that said so.

First match wins, most protective first: order of a court > protected person > fact tied to one > identifier > unknown person
> nameable person > what stays. Overlaps are settled the same way: a mask is never cut short by a keep or a soften.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from .case import Case
from .cleartext import ClearText
from .model import Action, Decision, Detection, Fact, Finding, Kind, Linked, Mention, Person, Resolution, Role, Span
from .policy import Policy

# Contact details, numbers and addresses go whoever they belong to (DOMAIN J34, C1); a policy may say otherwise by detail.
DIRECT = frozenset({Kind.PHONE, Kind.EMAIL, Kind.URL, Kind.ID, Kind.VEHICLE, Kind.POSTCODE, Kind.ADDRESS, Kind.DOB})
CERTAIN = 0.35  # below this a direct identifier's score says "no cue, no checksum": left to the text
_STRENGTH = {Action.MASK: 2, Action.SOFTEN: 1, Action.KEEP: 0}


def decide(doc: str, text: str, detection: Detection, resolution: Resolution, case: Case, policy: Policy) -> list[Decision]:
    """Every decision about one document, sorted, not overlapping. `text` is the flat text its spans count in."""
    persons = {p.id: p for p in resolution.persons}
    ordered = frozenset(f.reveal().casefold() for order in case.orders for f in order.persons)
    wanted = [
        *(_person(link, persons[link.person], ordered, case, policy) for link in resolution.linked[doc]),
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


def _person(link: Linked, person: Person, ordered: frozenset[str], case: Case, policy: Policy) -> Decision:
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
    if (not fact.tied and f.score < UNTIED) or any(x.mention.span.holds(f.span) for x in linked):
        return True
    strong = (
        x
        for x in findings
        if x.kind in (Kind.ORGANISATION, Kind.DATE, Kind.SCHOOL) and x.score >= 0.6 and x.recognizer != "spacy"
    )
    return any(x.span.holds(f.span) and len(x.span) > len(f.span) for x in strong)


_MONTHS_ON = re.compile(r"[\s,]*(?:and\s+)?(?:\d{1,2}|\w+)\s*(?:mths?|months?)\b")


def _fact(fact: Fact, text: str, persons: dict[str, Person], policy: Policy) -> Decision | None:
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
            and len(f.span) > 2
            and not any(link.mention.span.overlaps(f.span) for link in linked)
        ):
            rule = policy.kind(Kind.INITIALS)
            yield Decision(doc, f.span, f.kind, Action.MASK, rule.reason, rule.rule, recognizer=f.recognizer, score=f.score)
        if f.kind is Kind.ALIAS and "handle" in f.attributes and f.score >= 0.5:
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


ECHOED = frozenset({Kind.PHONE, Kind.EMAIL, Kind.ID, Kind.VEHICLE, Kind.POSTCODE, Kind.URL, Kind.ALIAS, Kind.DOB})
_LONG = 6  # letters and digits; a shorter text masked once ("24") stands elsewhere with another meaning


def echo(documents: dict[str, tuple[str, list[Decision]]]) -> dict[str, list[Decision]]:
    """The same decisions, and a number or user name masked anywhere masked everywhere. Input: id → (text, decisions)."""
    heard: dict[str, Decision] = {}
    for text, decisions in documents.values():
        for d in decisions:
            written = " ".join(text[d.span.start : d.span.end].split())
            dotted = d.kind is Kind.INITIALS and written.count(".") >= 2  # "K.H." signs one letter and is quoted in another
            long = d.kind in ECHOED and sum(c.isalnum() for c in written) >= _LONG
            if d.action is Action.MASK and (long or dotted):
                heard.setdefault(written.casefold(), d)
    found: dict[str, list[Decision]] = {}
    for number, (text, decisions) in documents.items():
        more = []
        for written, d in heard.items():
            for span in occurrences(ClearText(written), text):
                if not any(x.span.overlaps(span) and x.action is not Action.KEEP for x in decisions):
                    more.append(replace(d, doc=number, span=span, recognizer="echo"))
        found[number] = settle([*decisions, *more], text) if more else decisions
    return found


def occurrences(form: ClearText, text: str) -> list[Span]:
    """Where a form stands in a text as a whole word or phrase, case and white space aside."""
    body = r"\s+".join(re.escape(w) for w in form.reveal().split())
    return [Span(m.start(), m.end()) for m in re.finditer(rf"(?<![^\W_]){body}(?![^\W_])", text, re.I)]


Probed = tuple[str, Kind, ClearText, int]


def probes(documents: dict[str, tuple[str, list[Decision]]], resolution: Resolution) -> dict[str, list[Probed]]:
    """What must not be in each copy: (person, kind, form, how often it may stand there all the same).

    Every form of every protected person and every masked number, place and school of the bundle is looked for in every copy.
    What may stand: its occurrences in kept names and institutions, and in words judged ordinary, counted in the source.
    """
    wanted: dict[tuple[str, Kind], str] = {}
    for person, forms in resolution.forms.items():
        for form in forms:
            wanted.setdefault((form.reveal(), Kind.NAME), person)
    for text, decisions in documents.values():
        for d in decisions:
            if d.action is Action.MASK and d.kind not in (Kind.NAME, Kind.INITIALS):
                written = " ".join(text[d.span.start : d.span.end].split())
                # One word of a place ("Bishop") has other meanings; people/ searches those that have none.
                alone = d.kind in (Kind.PLACE, Kind.SCHOOL, Kind.WORK) and " " not in written
                written = re.sub(r"(?i)^(?:the|an?) ", "", written)
                if sum(c.isalnum() for c in written) >= _LONG and not alone:
                    wanted.setdefault((written.casefold(), d.kind), d.person)
    found: dict[str, list[Probed]] = {}
    for number, (text, decisions) in documents.items():
        gone = [d.span for d in decisions if d.doc == number and d.action is not Action.KEEP]
        fair = [d.span for d in decisions if d.doc == number and d.action is Action.KEEP]
        fair += [s for s in resolution.ordinary[number] if not any(s.overlaps(g) for g in gone)]
        found[number] = [
            (p, kind, ClearText(form), _allowed(ClearText(form), kind, text, merged(fair), merged(gone)))
            for (form, kind), p in wanted.items()
        ]
    return found


def _allowed(form: ClearText, kind: Kind, text: str, fair: Sequence[Span], gone: Sequence[Span]) -> int:
    """How often a form may stand: within kept names and ordinary words; a place's words also where they touch an institution
    that stays, or are written small ("the press"). A number or user name has no ordinary use."""
    count = 0
    for span in occurrences(form, text):
        if any(f.holds(span) for f in fair):
            count += 1
        elif kind not in ECHOED and kind is not Kind.NAME and not any(g.overlaps(span) for g in gone):
            count += any(f.overlaps(span) for f in fair) or text[span.start : span.end].islower()
    return count


def sweep(
    documents: dict[str, tuple[str, list[Decision]]], resolution: Resolution, case: Case, policy: Policy
) -> dict[str, list[Decision]]:
    """Mask every appearance of a protected form that nothing accounts for yet, and ask about it.

    What the search by words passed over (a form broken by punctuation, say) verification would find and hold the document
    for; masking it here is as safe and publishes the rest.
    """
    persons = {p.id: p for p in resolution.persons}
    ordered = frozenset(f.reveal().casefold() for order in case.orders for f in order.persons)
    forms = [(form, person) for person, rows in resolution.forms.items() for form in sorted(rows)]
    found: dict[str, list[Decision]] = {}
    for number, (text, decisions) in documents.items():
        small = text.casefold()
        known = merged([d.span for d in decisions if d.action is not Action.KEEP])
        fair = merged([d.span for d in decisions if d.action is Action.KEEP] + list(resolution.ordinary[number]))
        more = []
        for form, person in forms:
            if form.reveal().split()[0] not in small:
                continue
            for span in occurrences(form, text):
                if not any(k.overlaps(span) for k in known) and not any(f.holds(span) for f in fair):
                    link = Linked(Mention(number, span, Kind.NAME, ClearText(text[span.start : span.end])), person, certain=False)
                    more.append(replace(_person(link, persons[person], ordered, case, policy), recognizer="sweep", asks=True))
        found[number] = settle([*decisions, *more], text) if more else decisions
    return found


def merged(spans: Sequence[Span]) -> list[Span]:
    """Spans joined where they overlap, in order."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start < out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out
