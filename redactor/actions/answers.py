"""Answers to questions: checked, kept as events of the store, taken back by a further event, and given to the next run.

An answer that lets a masked name stand needs a reason and somebody who gives it, and never concerns a survivor, child or family
member whom the case lists, or a person of an order. Not caught: an answer that is wrong. The reason is sealed; the log says
which question was answered how, and by whom as a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..ask import About
from ..case import NOTHING
from ..case_answers import ANSWERS, DIFFERENT, NOT_A_PERSON, NOTED, SAME, Answer
from ..case_merge import bears
from ..cleartext import ClearText
from ..errors import UsageError
from ..model import NAMEABLE, Role
from .kept import UNDONE, in_force
from .latest import Known, Latest, joined, user
from .place import bundles_in, earlier_run

if TYPE_CHECKING:
    from ..keys import CaseKey
    from ..store import Store


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


# ---- giving and taking back --------------------------------------------------------------------------------------------


def answer(out: Path, replies: Sequence[Reply], by: str = "", seen: int | None = None) -> list[tuple[str, str]]:
    """Keep every reply, or none of them where one cannot be: (question id, what is kept of it), for the next `publish`.

    `by` is the name of whoever answers; kept sealed, and as a number in the log; `seen` the number of the last event they saw.
    Raises UsageError saying which reply and why, Overtaken where somebody else was faster.
    """
    if not replies:
        raise UsageError("No answer was given. Name a question and a role, or a file with --from")
    with ExitStack() as stack:
        runs = [_Run(*stack.enter_context(earlier_run(place))) for place in bundles_in(out)]
        kept = [(_run_of(runs, reply), reply) for reply in replies]
        events = [(run, run.event(reply, by, seen)) for run, reply in kept]
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
        self.latest = Latest(case_key, store)
        self.persons = self.latest.persons

    def event(self, reply: Reply, by: str, seen: int | None = None) -> tuple[dict[str, object], dict[str, object]]:
        """The reply as an event, public and personal part, after every check."""
        asked, personal = self.questions[reply.question]
        self.latest.not_overtaken({reply.question, str(asked.get("person") or reply.question)}, by, seen)
        name = by or user()
        decider = self.latest.decider(name)
        public: dict[str, object] = {"question": reply.question, "decider": decider, "person": asked.get("person")}
        if reply.undo:
            if reply.question not in {a.question for a in in_force(self.store)}:
                raise UsageError(f"{reply.question} has no answer to take back")
            return {**public, "answer": UNDONE}, {"by": name}
        given = self._answer(reply, About(asked["about"]), personal)
        self.latest.may_be_said(reply.question, reply.reason, reply.office)
        self.latest.may_count(given, by)
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
            return joined(self._only(reply, word, allowed, subjects[0].names), subjects[0], subjects[1])
        return self._told(reply, word, subjects[0])

    def _told(self, reply: Reply, word: str, subject: Known) -> Answer:
        if word in (DIFFERENT, NOTED):
            raise UsageError(f"{reply.question} asks who this is. Answer with a role, or not-a-person")
        if word == SAME:
            return joined(Answer(reply.question, SAME, subject.names, reason=reply.reason), subject, self._other(reply))
        if subject.listed and word != Role.UNKNOWN:
            raise UsageError(f"{reply.question}: the case lists this person, and its word counts. Change the entry in case.yaml")
        names = subject.forms if word == NOT_A_PERSON else subject.names
        return Answer(reply.question, word, names, office=reply.office.reveal(), reason=reply.reason)

    def _meant(self, reply: Reply, word: str, form: ClearText, bearers: Sequence[Known]) -> Answer:
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

    def _only(self, reply: Reply, word: str, allowed: Sequence[str], names: tuple[ClearText, ...]) -> Answer:
        if word not in allowed:
            raise UsageError(f"{reply.question}: this question is answered with {', '.join(allowed)}")
        return Answer(reply.question, word, names, reason=reply.reason)

    def _subject(self, described: Mapping[str, Any]) -> Known:
        """A person a question is about, as the latest run knows the one of this name, else as the question has it."""
        names = tuple(map(ClearText, described["names"]))
        found = [p for p in self.persons if bears(p.names, names[:1])]
        role = Role(described["role"])
        return min(found, key=lambda p: p.role is not role, default=Known(str(described["id"]), role, names, names, "", False))

    def _other(self, reply: Reply) -> Known:
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
