"""What the team answered, folded into the case, so that judgement stays one function of documents, case and policy.

The case file itself is never edited, and an entry of it beats every answer. Does not judge whether an answer may be given
(`actions.answers` does, before it is kept): a person listed as protected stays so here whatever an answer says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .case import NOTHING, Case, Known, Pseudonym, PublicFigure, Waiver
from .case_merge import bears, checked, further, key, with_aliases
from .cleartext import ClearText
from .model import NAMEABLE, Role

NOT_A_PERSON, SAME, DIFFERENT, NOTED = "not-a-person", "same", "different", "noted"
ANSWERS = (*map(str, Role), NOT_A_PERSON, SAME, DIFFERENT, NOTED)
_SETTLED = frozenset({DIFFERENT, NOTED, str(Role.UNKNOWN)})  # the question is not asked again, and nothing else changes


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer in force. `names` are the ways in which the person is written, the best first, and `others`, for "same",
    those of the other person; `role` is then the role of the one person they are. Personal text, `reason` too."""

    question: str
    answer: str
    names: tuple[ClearText, ...]
    others: tuple[ClearText, ...] = ()
    role: Role = Role.UNKNOWN
    office: str = ""
    reason: ClearText = NOTHING
    decider: str = "tool"

    @property
    def forms(self) -> tuple[ClearText, ...]:
        """Every way of writing it speaks of."""
        return (*self.names, *self.others)

    @property
    def weakens(self) -> bool:
        """Whether words stand after this answer that were masked before it."""
        role = self.role if self.answer == SAME else self.answer
        return role == NOT_A_PERSON or role in NAMEABLE


def case_with_answers(case: Case, answers: Sequence[Answer]) -> Case:
    """The case with an entry for everybody the answers tell of whom it does not list, and further names of those it does."""
    words = [w for a in answers if a.answer == NOT_A_PERSON and not lists(case, a.names) for w in a.names]
    folded = case.model_copy(update={"not_people": (*case.not_people, *further(case.not_people, words))})
    for person in _persons(answers):
        if not lists(case, person.forms):
            folded = _entered(folded, person)
        elif person.others:
            folded = _known_by(folded, person.forms)
    return checked(folded)


def tellers(case: Case, answers: Sequence[Answer]) -> dict[str, Answer]:
    """The answers by which the folded case lists somebody whom the case does not, by each name of theirs (`case_merge.key`)."""
    told = [person for person in _persons(answers) if not lists(case, person.forms)]
    return {key(form): person for person in told for form in person.forms}


def _persons(answers: Iterable[Answer]) -> list[Answer]:
    """One answer a person: "same" joins two, and a role told of either is the role of both."""
    persons: list[Answer] = []
    for answer in answers:
        if answer.answer in _SETTLED or answer.answer == NOT_A_PERSON:
            continue
        joined = answer
        for known in [p for p in persons if _one(p, answer)]:
            persons.remove(known)
            joined = _joined(known, joined)
        persons.append(joined)
    return persons


def _one(a: Answer, b: Answer) -> bool:
    """Whether two answers are about one person: called the same, or joined by an answer that says so."""
    said = a.others or b.others
    return key(a.names[0]) == key(b.names[0]) or (bool(said) and bears(a.forms, b.forms))


def _joined(earlier: Answer, later: Answer) -> Answer:
    if earlier.answer == later.answer == SAME:
        told = replace(later, role=min(earlier.role, later.role, key=list(Role).index))
    else:
        told = earlier if later.answer == SAME else later
    return replace(told, others=further(told.names, (*earlier.forms, *later.forms)))


def lists(case: Case, forms: Iterable[ClearText]) -> bool:
    """Whether an entry of the case bears one of these names."""
    forms = tuple(forms)
    entries = (*case.people, *case.waivers, *case.public_figures, *case.pseudonyms)
    return any(bears(e.forms, forms) for e in entries) or any(bears(o.persons, forms) for o in case.orders)


def _known_by(case: Case, forms: Sequence[ClearText]) -> Case:
    """The case with these further names wherever it lists the person."""
    return case.model_copy(
        update={
            "orders": tuple(
                o.model_copy(update={"persons": (*o.persons, *further(o.persons, forms))}) if bears(o.persons, forms) else o
                for o in case.orders
            ),
            "people": tuple(with_aliases(e, forms) if bears(e.forms, forms) else e for e in case.people),
            "waivers": tuple(with_aliases(e, forms) if bears(e.forms, forms) else e for e in case.waivers),
            "public_figures": tuple(with_aliases(e, forms) if bears(e.forms, forms) else e for e in case.public_figures),
            "pseudonyms": tuple(with_aliases(e, forms) if bears(e.forms, forms) else e for e in case.pseudonyms),
        }
    )


def _entered(case: Case, person: Answer) -> Case:
    """The case with a new entry for the person."""
    role = person.role if person.answer == SAME else Role(person.answer)
    name, *aliases = person.forms
    said: dict[str, Any] = {"name": name, "aliases": further([name], aliases)}
    reason = person.reason.reveal()
    if role is Role.WAIVED:
        return case.model_copy(update={"waivers": (*case.waivers, Waiver(**said, basis=reason, scope=ClearText("own name")))})
    if role is Role.PSEUDONYM:
        return case.model_copy(update={"pseudonyms": (*case.pseudonyms, Pseudonym(**said, basis=reason))})
    if role in NAMEABLE:
        figure = PublicFigure(**said, office=person.office, basis=reason)
        if figure.role is not role:  # the words of office and basis decide which of the two an entry is
            basis = f"convicted: {reason}" if role is Role.CONVICTED else re.sub(r"(?i)convict\w*|sentenced", "...", reason)
            office = person.office if role is Role.CONVICTED else re.sub(r"(?i)convict\w*|sentenced", "...", person.office)
            figure = figure.model_copy(update={"basis": basis, "office": office})
        return case.model_copy(update={"public_figures": (*case.public_figures, figure)})
    return case.model_copy(update={"people": (*case.people, Known(**said, role=role))})
