"""What a reviewer does beyond answering: mask what was missed, keep what was masked, join, part and rename persons; each undone
as easily.

A change is an event; nothing is edited, and the copies change with the next run. What lets a masked name stand has the guards of
an answer (`latest.py`). Not caught: a wrong change. The words and the reason are sealed; the log says what sort of change was
made, and by whom as a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..case import NOTHING
from ..case_answers import SAME, Answer
from ..case_merge import key
from ..cleartext import ClearText
from ..errors import UsageError
from ..model import NAMEABLE, Kind, Role
from .kept import UNDONE
from .latest import Known, Latest, joined, user
from .latest import Overtaken as Overtaken
from .place import bundles_in, earlier_run

if TYPE_CHECKING:
    from ..keys import CaseKey
    from ..store import Store

ACTS = ("mask", "keep", "merge", "split", "role")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a reviewer does. `act`: one of ACTS; `words` as they stand in the source; `doc` "" for every document, `start` a
    character of its flat text, -1 for every appearance; `kind` of masked words; `person`, `other`: ids of the latest run.
    Words, office and reason are personal text."""

    act: str
    words: ClearText = NOTHING
    doc: str = ""
    start: int = -1
    kind: str = str(Kind.NAME)
    person: str = ""
    other: str = ""
    role: str = ""
    office: ClearText = NOTHING
    reason: ClearText = NOTHING


@dataclass(frozen=True, slots=True)
class Changed:
    """A change as it was kept: what a page shows of it. `times`: how often the latest run found its words, None where it has not
    gone by it or looks for none. `words` and `by` are personal text."""

    id: str
    bundle: str
    act: str
    words: ClearText = field(repr=False)
    doc: str
    person: str
    by: ClearText = field(repr=False)
    at: str
    undone: bool
    times: int | None = None


def change(out: Path, changes: Sequence[Change], by: str, seen: int | None = None) -> list[str]:
    """Keep every change, or none of them where one cannot be: their ids, for the next run.

    `by` is the name of whoever makes them; `seen` the number of the last event they saw. Raises UsageError saying which and why,
    Overtaken where somebody else was faster.
    """
    if not changes:
        raise UsageError("No change was given. Say what to mask, keep, merge or split")
    return _written(out, [partial(_Bundle.changed, given=given, by=by, seen=seen) for given in changes])


def undo(out: Path, number: str, by: str, seen: int | None = None) -> None:
    """Take a change back by a further event."""
    _written(out, [partial(_Bundle.undone, number=number, by=by, seen=seen)])


def changes(out: Path) -> list[Changed]:
    """Every change of every bundle in OUT, the newest first."""
    found: list[Changed] = []
    for place in bundles_in(out):
        with earlier_run(place) as (_, store):
            events = list(store.events("override"))
            run = store.latest_run()
            used = {str(e.public["override"]): int(e.public["times"])
                    for e in store.events("override-used", since=run.seq if run else 0)}  # fmt: skip
        gone = {str(e.public["override"]) for e in events if e.public["act"] == UNDONE}
        for e in reversed([e for e in events if e.public["act"] != UNDONE]):
            said, number = e.personal or {}, str(e.public["override"])
            words, who = ClearText(said.get("words", "")), ClearText(said.get("by", ""))
            person = str(e.public.get("person", ""))
            found.append(
                Changed(
                    number, place.name, str(e.public["act"]), words, e.doc, person, who, e.at, number in gone, used.get(number)
                )
            )
    return found


def _written(out: Path, acts: Sequence[Callable[[_Bundle], _Kept | None]]) -> list[str]:
    """Do each act in the one bundle it is about; all of them are kept, or none."""
    with ExitStack() as stack:
        bundles = [_Bundle(*stack.enter_context(earlier_run(place))) for place in bundles_in(out)]
        for bundle in bundles:
            stack.enter_context(bundle.store.transaction())
        numbers = []
        for act in acts:
            faults: list[UsageError] = []
            done = [made for bundle in bundles if (made := _tried(act, bundle, faults))]
            if len(done) != 1:
                raise faults[0] if faults and not done else UsageError("Several bundles of OUT have this. Name the folder of one")
            numbers.append(done[0].write())
    return numbers


def _tried(act: Callable[[_Bundle], _Kept | None], bundle: _Bundle, faults: list[UsageError]) -> _Kept | None:
    try:
        return act(bundle)
    except Overtaken:
        raise
    except UsageError as fault:
        faults.append(fault)
        return None


@dataclass(frozen=True, slots=True)
class _Kept:
    """An event to be written."""

    store: Store
    doc: str
    public: Mapping[str, object]
    personal: Mapping[str, object]

    def write(self) -> str:
        self.store.append("override", self.doc, self.public, self.personal)
        return str(self.public["override"])


class _Bundle:
    """One bundle's latest run, and the changes made to it."""

    def __init__(self, case_key: CaseKey, store: Store) -> None:
        self.key, self.store, self.latest = case_key, store, Latest(case_key, store)

    def changed(self, given: Change, by: str, seen: int | None) -> _Kept:
        """The change as an event, after every check."""
        if given.act not in ACTS:
            raise UsageError(f"There is no such change. Use one of: {', '.join(ACTS)}")
        if given.doc and given.doc not in self.latest.documents:
            raise UsageError("No document of this id was in the latest run. Ids look like d03; the summary lists them")
        number = self._number()
        self.latest.may_be_said(given.act, given.reason, given.office)
        said: dict[str, object] = {"words": given.words, "start": given.start, "reason": given.reason, "by": by or user()}
        touched = [key(given.words)] if given.words else []
        answer = self._as_answer(given, number)
        if answer is not None:
            self.latest.may_count(answer, by)
            said |= {"answer": answer.answer, "names": list(answer.names), "others": list(answer.others)}
            said |= {"role": str(answer.role), "office": answer.office}
            touched += map(key, answer.forms)
        else:
            self._may_stand_alone(given, by)
        touches = sorted({*touched, *filter(None, (given.person, given.other))})
        self.latest.not_overtaken(set(touches), by, seen)
        decider = self.latest.decider(by or user())
        kind = given.kind if given.act in ("mask", "keep") else None
        public = {"override": number, "act": given.act, "decider": decider, "kind": kind}
        return _Kept(
            self.store, given.doc, public | ({"person": given.person} if not given.other else {}), said | {"touches": touches}
        )

    def undone(self, number: str, by: str, seen: int | None) -> _Kept:
        """The change taken back, as an event."""
        own = [e for e in self.store.events("override") if e.public["override"] == number]
        if not own or own[-1].public["act"] == UNDONE:
            raise UsageError("No change of this id is in force here. `redactor override OUT` lists them")
        touches = (own[-1].personal or {}).get("touches", ())
        self.latest.not_overtaken(set(touches), by, seen)
        public = {"override": number, "act": UNDONE, "decider": self.latest.decider(by or user())}
        return _Kept(self.store, own[-1].doc, public, {"by": by or user(), "touches": list(touches)})

    # ---- what a change means

    def _as_answer(self, given: Change, number: str) -> Answer | None:
        """A change that says who somebody is, as the answer it comes to; None for words masked or kept by themselves."""
        if given.act == "merge":
            return joined(Answer(number, SAME, (), reason=given.reason), self._person(given.person), self._person(given.other))
        if given.act == "role":
            return self._of_role(given, number, self._person(given.person))
        if given.act == "split":
            return self._parted(given, number, self._person(given.person))
        if given.act == "keep" and given.person and not given.words:
            as_named = replace(given, role=given.role or str(Role.PUBLIC_FIGURE))
            return self._of_role(as_named, number, self._person(given.person))
        if given.act == "mask" and given.kind == Kind.NAME and not given.doc:
            self._must_have_words(given)
            owner = self._person(given.person) if given.person else None
            names = (*owner.names, given.words) if owner else (given.words,)
            return Answer(number, SAME, names[:1], names[1:], owner.role if owner else Role.UNKNOWN, reason=given.reason)
        return None

    def _of_role(self, given: Change, number: str, person: Known) -> Answer:
        if given.role not in set(Role):
            raise UsageError(f"role: no role of this name. Use one of: {', '.join(map(str, Role))}")
        if person.listed:
            raise UsageError("role: the case lists this person, and its word counts. Change the entry in case.yaml")
        if given.office and given.role not in NAMEABLE:
            raise UsageError("role: an office is for somebody who may be named. Leave it out")
        return Answer(number, given.role, person.names, office=given.office.reveal(), reason=given.reason)

    def _parted(self, given: Change, number: str, person: Known) -> Answer:
        """Names that the program took for one person's are another's: an entry of their own."""
        self._must_have_words(given)
        forms = tuple(ClearText(part.strip()) for part in given.words.reveal().split(";") if part.strip())
        known = {key(form) for form in person.forms}
        if not forms or not all(key(form) in known for form in forms):
            raise UsageError("split: these are not ways in which that person is written. Copy them from the person's page")
        if all(key(form) in {key(f) for f in forms} for form in person.names):
            raise UsageError("split: no name would be left. Leave out those that are the person's own")
        role = Role(given.role) if given.role in set(Role) else Role.UNKNOWN
        return Answer(number, SAME, forms[:1], forms[1:], role, reason=given.reason)

    def _may_stand_alone(self, given: Change, by: str) -> None:
        """Words masked or kept by themselves: they must be words, and what is kept must be allowed to stand."""
        self._must_have_words(given)
        if given.kind not in set(Kind):
            raise UsageError(f"mask: no kind of this name. Use one of: {', '.join(map(str, Kind))}")
        if given.act == "keep":
            said = Answer("keep", "not-a-person", (given.words,), reason=given.reason)
            self.latest.may_be_unmasked("keep", said, by)

    def _must_have_words(self, given: Change) -> None:
        if not any(c.isalnum() for c in given.words.reveal()):
            raise UsageError(f"{given.act}: no words were given. Say which, as they stand in the document")

    def _person(self, number: str) -> Known:
        for known in self.latest.persons:
            if known.id == number:
                return known
        raise UsageError("No person of this id was in the latest run. Ids look like p012; the person's page has it")

    def _number(self) -> str:
        """A new id, drawn with the key: it tells neither who nor when."""
        taken = {str(e.public["override"]) for e in self.store.events("override")}
        attempt = len(taken)
        while (number := f"v{int(self.key.fingerprint(str(attempt), 'override'), 16) % 10_000:04}") in taken:
            attempt += 1
        return number
