"""What the team has said that counts: answers and changes in force, read from the store, and whom no word of theirs unmasks.

Reads only. Does not judge whether something may be said (`latest.py` does, before it is kept).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..ask import names_of
from ..case import Case
from ..case_answers import Answer, lists, tellers
from ..case_merge import bears, key
from ..cleartext import ClearText
from ..model import Action, Kind, Person, Role

if TYPE_CHECKING:
    from ..store import Event, Store

UNDONE = "undone"
REMARKS = ("answer", "override")  # the kinds of event by which a team changes what the next run does
ZERO = frozenset({Role.SURVIVOR, Role.CHILD, Role.FAMILY})  # whom no answer unmasks once the case says so


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that a reviewer masks or keeps by hand: everywhere (`doc` ""), in one document, or at one place of its flat text
    (`start`, -1 for every appearance). Personal text."""

    number: str
    words: ClearText = field(repr=False)
    action: Action
    kind: Kind
    doc: str
    start: int
    decider: str


def in_force(store: Store) -> tuple[Answer, ...]:
    """The answers that count, in the order they were given: the last one to each question, and what changes say of persons,
    unless it was taken back."""
    found: dict[str, Answer] = {}
    given = [*store.events("answer"), *store.events("override")]
    for event in sorted(given, key=lambda e: e.seq):
        number, said = str(event.public.get("question") or event.public["override"]), event.personal or {}
        found.pop(number, None)
        told = str(event.public["answer"] if event.kind == "answer" else said.get("answer", ""))
        if told and told != UNDONE:
            found[number] = _answer(number, told, said, str(event.public["decider"]))
    return tuple(found.values())


def went_by(run: Event | None) -> int:
    """The number of the last event that a run looked at: answers and changes after it, given while it ran, are for the next."""
    return int((run.personal or {}).get("went_by", run.seq)) if run else 0


def phrases(store: Store) -> tuple[Phrase, ...]:
    """The words masked or kept by hand that were not taken back, in the order they were given."""
    found: dict[str, Phrase] = {}
    for event in store.events("override"):
        number = str(event.public["override"])
        found.pop(number, None)
        if phrase := _phrase(event):
            found[number] = phrase
    return tuple(found.values())


def _answer(number: str, told: str, said: dict[str, Any], decider: str) -> Answer:
    return Answer(
        number,
        told,
        tuple(map(ClearText, said["names"])),
        tuple(map(ClearText, said["others"])),
        Role(said["role"]),
        str(said["office"]),
        ClearText(said["reason"]),
        decider,
    )


def _phrase(event: Event) -> Phrase | None:
    said = event.personal or {}
    if event.public["act"] not in (Action.MASK, Action.KEEP) or said.get("answer"):
        return None
    return Phrase(
        str(event.public["override"]),
        ClearText(said["words"]),
        Action(event.public["act"]),
        Kind(event.public["kind"]),
        event.doc,
        int(said["start"]),
        str(event.public["decider"]),
    )


def standing(answers: Sequence[Answer], case: Case) -> tuple[Answer, ...]:
    """The answers without those that would unmask somebody whom the case has come to protect since they were given."""
    zero = [tuple(map(ClearText, forms)) for forms, never in protected(case) if never]
    return tuple(a for a in answers if not (a.weakens and any(touches(a, forms) for forms in zero)))


def protected(case: Case) -> list[tuple[list[str], bool]]:
    """How each protected person of the case is written, and whether no answer may ever unmask that one. Personal text."""
    people = [([f.reveal() for f in known.forms], known.role in ZERO) for known in case.people]
    return people + [([name.reveal()], True) for order in case.orders for name in order.persons]


def deciders(persons: Iterable[Person], case: Case, answers: Sequence[Answer]) -> dict[str, str]:
    """Whose answer it rests on who a person is: person id → the decider's code. `case` is the case without the answers."""
    told = tellers(case, answers)
    found = {}
    for person in persons:
        names = names_of(person)
        by = next((told[key(name)] for name in names if key(name) in told), None)
        if person.listed and by is not None and not lists(case, names):
            found[person.id] = by.decider
    return found


def touches(given: Answer, forms: Iterable[ClearText]) -> bool:
    """Whether an answer speaks of a name that is, or may be, the one of the person who is written in these ways."""
    from ..people.near import may_be

    forms = tuple(forms)
    return bears(forms, given.forms) or any(may_be(form, forms) for form in given.forms)
