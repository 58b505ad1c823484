"""Answers to questions: checked, kept as events of the store, taken back by a further event, and given to the next run.

An answer that lets a masked name stand needs a reason and somebody who gives it, and never concerns a survivor, child or family
member whom the case lists, or a person of an order. Not caught: an answer that is wrong. The reason is sealed; the log says
which question was answered how, and by whom as a number.
"""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..ask import TITLES, About, names_of
from ..case import NOTHING, Case
from ..case_answers import ANSWERS, DIFFERENT, NOT_A_PERSON, NOTED, SAME, Answer, lists, tellers
from ..case_merge import bears, key
from ..cleartext import ClearText
from ..errors import UsageError
from ..model import NAMEABLE, Person, Role
from .place import bundles_in, earlier_run

if TYPE_CHECKING:
    from ..keys import CaseKey
    from ..store import Store

UNDONE = "undone"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ZERO = frozenset({Role.SURVIVOR, Role.CHILD, Role.FAMILY})  # whom no answer unmasks once the case says so


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody says to a question: `answer` a role, "not-a-person", "same" or "different" ("" with `undo`, `same_as` or
    `name_of`); `same_as` another question's id, `name_of` a person's name or label. Reason, office and name are personal text."""

    question: str
    answer: str = ""
    reason: ClearText = NOTHING
    office: ClearText = NOTHING
    same_as: str = ""
    name_of: ClearText = NOTHING
    undo: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """A person as the latest run left it."""

    id: str
    role: Role
    names: tuple[ClearText, ...] = field(repr=False)
    forms: tuple[ClearText, ...] = field(repr=False)
    label: str
    listed: bool


# ---- answers in force --------------------------------------------------------------------------------------------------


def in_force(store: Store) -> tuple[Answer, ...]:
    """The answers that count, in the order they were given: the last one to each question, unless it was taken back."""
    found: dict[str, Answer] = {}
    for event in store.events("answer"):
        number, said = str(event.public["question"]), event.personal or {}
        found.pop(number, None)
        if event.public["answer"] != UNDONE:
            found[number] = Answer(
                number,
                str(event.public["answer"]),
                tuple(map(ClearText, said["names"])),
                tuple(map(ClearText, said["others"])),
                Role(said["role"]),
                str(said["office"]),
                ClearText(said["reason"]),
                str(event.public["decider"]),
            )
    return tuple(found.values())


def standing(answers: Sequence[Answer], case: Case) -> tuple[Answer, ...]:
    """The answers without those that would unmask somebody whom the case has come to protect since they were given."""
    zero = [tuple(map(ClearText, forms)) for forms, never in protected(case) if never]
    return tuple(a for a in answers if not (a.weakens and any(_touches(a, forms) for forms in zero)))


def protected(case: Case) -> list[tuple[list[str], bool]]:
    """How each protected person of the case is written, and whether no answer may ever unmask that one. Personal text."""
    people = [([f.reveal() for f in known.forms], known.role in _ZERO) for known in case.people]
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


def _touches(given: Answer, forms: Iterable[ClearText]) -> bool:
    """Whether an answer speaks of a name that is, or may be, the one of the person who is written in these ways."""
    from ..people.near import may_be

    forms = tuple(forms)
    return bears(forms, given.forms) or any(may_be(form, forms) for form in given.forms)


# ---- giving and taking back --------------------------------------------------------------------------------------------


def answer(out: Path, replies: Sequence[Reply], by: str = "") -> list[tuple[str, str]]:
    """Keep every reply, or none of them where one cannot be: (question id, what is kept of it), for the next `publish`.

    `by` is the name of whoever answers; kept sealed, and as a number in the log. Raises UsageError saying which reply and why.
    """
    if not replies:
        raise UsageError("No answer was given. Name a question and a role, or a file with --from")
    with ExitStack() as stack:
        runs = [_Run(*stack.enter_context(earlier_run(place))) for place in bundles_in(out)]
        kept = [(_run_of(runs, reply), reply) for reply in replies]
        events = [(run, run.event(reply, by)) for run, reply in kept]
        for run in runs:
            with run.store.transaction():
                for public, personal in (e for other, e in events if other is run):
                    run.store.append("answer", "", public, personal)
    return [(str(public["question"]), str(public["answer"])) for _, (public, _) in events]


def _run_of(runs: Sequence[_Run], reply: Reply) -> _Run:
    found = [run for run in runs if reply.question in run.questions]
    if not found:
        raise UsageError("No question of this id was asked here. Ids look like q0417; `redactor questions OUT` lists them")
    if len(found) > 1:
        raise UsageError(f"{reply.question} was asked in several bundles of OUT. Name the folder of one of them")
    return found[0]


class _Run:
    """The questions asked so far in one bundle, and the persons of its latest run."""

    def __init__(self, case_key: CaseKey, store: Store) -> None:
        self.key, self.store = case_key, store
        self.questions: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {}
        for event in store.events("question"):
            self.questions[str(event.public["question"])] = (event.public, event.personal or {})
        latest = store.latest_run()
        listed = (latest.personal or {}).get("protected", ()) if latest else ()
        self.zero = [tuple(map(ClearText, forms)) for forms, never in listed if never]
        self.hidden = [str(form) for forms, _ in listed for form in forms]
        self.persons = [
            _Known(
                str(e.public["person"]),
                Role(e.public["role"]),
                tuple(map(ClearText, e.personal["names"])),
                tuple(map(ClearText, e.personal["forms"])),
                str(e.personal["label"]),
                bool(e.personal["listed"]),
            )
            for e in store.events("person-resolved", since=latest.seq if latest else 0)
            if e.personal
        ]
        self.zero += [p.forms for p in self.persons if p.listed and p.role in _ZERO]
        self.hidden += [f.reveal() for p in self.persons if p.role.protected for f in p.forms]

    def event(self, reply: Reply, by: str) -> tuple[dict[str, object], dict[str, object]]:
        """The reply as an event, public and personal part, after every check."""
        asked, personal = self.questions[reply.question]
        name = by or _user()
        public: dict[str, object] = {"question": reply.question, "decider": self._decider(name), "person": asked.get("person")}
        if reply.undo:
            if reply.question not in {a.question for a in in_force(self.store)}:
                raise UsageError(f"{reply.question} has no answer to take back")
            return {**public, "answer": UNDONE}, {"by": name}
        given = self._answer(reply, About(asked["about"]), personal)
        self._may_be_said(reply)
        if given.weakens or (
            given.answer == SAME and any(p.role in NAMEABLE and bears(p.names, given.forms) for p in self.persons)
        ):
            self._may_be_unmasked(reply, given, by)
        said = {
            "names": list(given.names),
            "others": list(given.others),
            "role": str(given.role),
            "office": given.office,
            "reason": given.reason,
            "by": name,
        }
        return {**public, "answer": given.answer}, said

    # ---- what an answer means

    def _answer(self, reply: Reply, about: About, personal: Mapping[str, Any]) -> Answer:
        subjects = [self._subject(p) for p in personal["persons"]]
        word = reply.answer or (SAME if reply.same_as or reply.name_of else "")
        if word not in ANSWERS:
            raise UsageError(f"{reply.question}: no answer of this name. Use one of: {', '.join(ANSWERS)}")
        if reply.office and word not in (Role.PUBLIC_FIGURE, Role.CONVICTED):
            raise UsageError(f"{reply.question}: --office is for a public figure or a convicted offender. Leave it out")
        if (reply.same_as or reply.name_of) and word != SAME:
            raise UsageError(f"{reply.question}: --same-as and --name-of say that two are one. Leave the role out")
        if about in (About.FACT, About.DOUBT):
            return self._only(reply, word, (NOTED,), (ClearText(personal["words"]),))
        if about is About.SHARED:
            return self._meant(reply, word, ClearText(personal["words"]), subjects)
        if about is About.SAME:
            if reply.same_as or reply.name_of:
                raise UsageError(f"{reply.question} names the two itself. Answer with same, different or unknown")
            allowed = (SAME, DIFFERENT, str(Role.UNKNOWN))
            return self._joined(self._only(reply, word, allowed, subjects[0].names), subjects[0], subjects[1])
        return self._told(reply, word, subjects[0])

    def _told(self, reply: Reply, word: str, subject: _Known) -> Answer:
        if word in (DIFFERENT, NOTED):
            raise UsageError(f"{reply.question} asks who this is. Answer with a role, or not-a-person")
        if word == SAME:
            return self._joined(Answer(reply.question, SAME, subject.names, reason=reply.reason), subject, self._other(reply))
        if subject.listed and word != Role.UNKNOWN:
            raise UsageError(f"{reply.question}: the case lists this person, and its word counts. Change the entry in case.yaml")
        names = subject.forms if word == NOT_A_PERSON else subject.names
        return Answer(reply.question, word, names, office=reply.office.reveal(), reason=reply.reason)

    def _meant(self, reply: Reply, word: str, form: ClearText, bearers: Sequence[_Known]) -> Answer:
        """A name that several bear: either it always means the one who may be named, or it stays masked."""
        named = [b for b in bearers if b.role in NAMEABLE and (str(b.role) == word or word == SAME)]
        if word == SAME:
            other = self._other(reply)
            named = [b for b in named if b.id == other.id] or [other]
        if word in NAMEABLE or word == SAME:
            if len(named) != 1:
                raise UsageError(f"{reply.question}: this does not say who is meant. Name the person: --name-of NAME")
            who = named[0]
            return Answer(reply.question, SAME, who.names, (form,), who.role, reason=reply.reason)
        if word in (NOT_A_PERSON, DIFFERENT, NOTED):
            raise UsageError(f"{reply.question} is a name that several bear. Answer whose it is, or unknown to leave it masked")
        return Answer(reply.question, str(Role.UNKNOWN), (form,))

    def _joined(self, given: Answer, one: _Known, other: _Known) -> Answer:
        if given.answer == SAME and one.listed and other.listed:
            raise UsageError(f"{given.question}: the case lists both by themselves. Join the two entries in case.yaml")
        roles = [p.role for p in (one, other) if p.listed] or [p.role for p in (one, other) if p.role is not Role.UNKNOWN]
        role = min(roles, key=list(Role).index, default=Role.UNKNOWN)
        return Answer(given.question, given.answer, one.names, other.names, role, reason=given.reason)

    def _only(self, reply: Reply, word: str, allowed: Sequence[str], names: tuple[ClearText, ...]) -> Answer:
        if word not in allowed:
            raise UsageError(f"{reply.question}: this question is answered with {', '.join(allowed)}")
        return Answer(reply.question, word, names, reason=reply.reason)

    def _subject(self, described: Mapping[str, Any]) -> _Known:
        """A person a question is about, as the latest run knows the one of this name, else as the question has it."""
        names = tuple(map(ClearText, described["names"]))
        found = [p for p in self.persons if bears(p.names, names[:1])]
        role = Role(described["role"])
        return min(found, key=lambda p: p.role is not role, default=_Known(str(described["id"]), role, names, names, "", False))

    def _other(self, reply: Reply) -> _Known:
        """The person whom --same-as or --name-of names; of several who bear the name the most protected."""
        if reply.same_as:
            _, personal = self.questions.get(reply.same_as, ({}, {}))
            if reply.same_as == reply.question or not personal.get("persons"):
                raise UsageError(f"{reply.question}: --same-as names no other question about a person. Give an id such as q0417")
            return self._subject(personal["persons"][0])
        wanted = reply.name_of.reveal().strip("[] ").casefold()
        found = [p for p in self.persons if p.label.strip("[]").casefold() == wanted] if wanted else []
        found = found or [p for p in self.persons if wanted and bears(p.forms, [reply.name_of])]
        if not found:
            raise UsageError(f"{reply.question}: nobody of the latest run has that name or label. Check how it is written")
        return min(found, key=lambda p: (not p.listed, list(Role).index(p.role)))

    # ---- what may not be answered

    def _may_be_said(self, reply: Reply) -> None:
        """No protected name in the reason or the office: a reason is read by more people than the documents are."""
        if holds_name(f"{reply.reason.reveal()} {reply.office.reveal()}", self.hidden):
            raise UsageError(f"{reply.question}: the reason or office holds a name that is masked. Say it without names")

    def _may_be_unmasked(self, reply: Reply, given: Answer, by: str) -> None:
        if not reply.reason or not by:
            raise UsageError(f"{reply.question}: this lets words stand that are masked. Say why and who says so: --reason, --as")
        if any(_touches(given, forms) for forms in self.zero):
            raise UsageError(
                f"{reply.question}: this name is, or may be, that of somebody whom the case protects, and no answer lifts that. "
                "If it is somebody else's, list that person in case.yaml"
            )

    def _decider(self, name: str) -> str:
        """A number that stands for a name, the same in every run of this bundle."""
        return f"reviewer-{int(self.key.fingerprint(name.casefold().strip(), 'decider'), 16) % 1_000_000:06}"


def holds_name(said: str, names: Iterable[str]) -> bool:
    """Whether one of the names stands in a text: whole, or one word of it with a capital ("will" is no name, "Will" may be)."""
    names = tuple(names)
    words = {w.casefold() for name in names for w in _WORD.findall(name) if len(w) > 2} - TITLES
    capital = {w.casefold() for w in _WORD.findall(said) if not w.islower()}
    return bool(words & capital) or any(" " in name and name.casefold() in said.casefold() for name in names)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no such user: a container
        return "somebody"
