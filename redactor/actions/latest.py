"""What the latest run of a bundle left, and what may be said of it: the guards of every answer and change.

What lets a masked name stand needs a reason and somebody who gives it, and never concerns a survivor, child or family member whom
the case lists, or a person of an order. Not caught: a reason that tells who somebody is without a name.
"""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..ask import TITLES
from ..case_answers import SAME, Answer
from ..case_merge import bears, key
from ..cleartext import ClearText
from ..errors import UsageError
from ..model import NAMEABLE, Role
from .kept import ZERO, touches

if TYPE_CHECKING:
    from ..keys import CaseKey
    from ..store import Event, Store

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Known:
    """A person as the latest run left them. Names and forms are personal text."""

    id: str
    role: Role
    names: tuple[ClearText, ...] = field(repr=False)
    forms: tuple[ClearText, ...] = field(repr=False)
    label: str
    listed: bool


class Overtaken(UsageError):
    """Somebody else has changed the same person, words or question since the page was shown."""


class Latest:
    """The persons and documents of the latest run, and whom the case protects."""

    def __init__(self, case_key: CaseKey, store: Store) -> None:
        self._key, self._store = case_key, store
        latest = store.latest_run()
        since = latest.seq if latest else 0
        listed = (latest.personal or {}).get("protected", ()) if latest else ()
        self.zero = [tuple(map(ClearText, forms)) for forms, never in listed if never]
        self.hidden = [str(form) for forms, _ in listed for form in forms]
        self.persons = persons_of(store.events("person-resolved", since=since))
        self.documents = {e.doc for e in store.events("document-seen", since=since)}
        self.zero += [p.forms for p in self.persons if p.listed and p.role in ZERO]
        self.hidden += [f.reveal() for p in self.persons if p.role.protected for f in p.forms]

    def may_be_said(self, number: str, *said: ClearText) -> None:
        """No protected name in a reason or an office: they are read by more people than the documents are."""
        if holds_name(" ".join(text.reveal() for text in said), self.hidden):
            raise UsageError(f"{number}: the reason or office holds a name that is masked. Say it without names")

    def may_be_unmasked(self, number: str, given: Answer, by: str) -> None:
        """Only with a reason and a name, and nobody whom the case protects."""
        if not given.reason or not by:
            raise UsageError(f"{number}: this lets words stand that are masked. Say why and who says so: --reason, --as")
        if any(touches(given, forms) for forms in self.zero):
            raise UsageError(
                f"{number}: this name is, or may be, that of somebody whom the case protects, and no answer lifts that. "
                "If it is somebody else's, list that person in case.yaml"
            )

    def may_count(self, given: Answer, by: str) -> None:
        """Whatever an answer lets stand must be allowed to: it frees somebody, or makes them one with somebody who is named."""
        named = given.answer == SAME and any(p.role in NAMEABLE and bears(p.names, given.forms) for p in self.persons)
        if given.weakens or named:
            self.may_be_unmasked(given.question, given, by)

    def not_overtaken(self, touched: set[str], by: str, seen: int | None) -> None:
        """Refuse what somebody else has changed since event number `seen`: questions, persons and names by their ids and keys."""
        if seen is None:
            return
        own = self.decider(by or user())
        later = [e for kind in ("override", "answer") for e in self._store.events(kind, since=seen + 1)]
        if any(e.public["decider"] != own and touched & _touched(e) for e in later):
            raise Overtaken("Somebody else has changed this since you looked. Look again, then decide")

    def decider(self, name: str) -> str:
        """A number that stands for a name, the same in every run of this bundle."""
        return f"reviewer-{int(self._key.fingerprint(name.casefold().strip(), 'decider'), 16) % 1_000_000:06}"


def persons_of(events: Iterable[Event]) -> list[Known]:
    """Everybody of whom a run's events tell, in its order."""
    return [
        Known(
            str(e.public["person"]),
            Role(e.public["role"]),
            tuple(map(ClearText, e.personal["names"])),
            tuple(map(ClearText, e.personal["forms"])),
            str(e.personal["label"]),
            bool(e.personal["listed"]),
        )
        for e in events
        if e.kind == "person-resolved" and e.personal
    ]


def _touched(event: Event) -> set[str]:
    said: dict[str, Any] = event.personal or {}
    names = {key(ClearText(n)) for part in ("names", "others") for n in said.get(part, ())}
    return (
        names | set(said.get("touches", ())) | {str(event.public.get("person", "")), str(event.public.get("question", ""))} - {""}
    )


def joined(given: Answer, one: Known, other: Known) -> Answer:
    """The answer that two persons are one, or are two: with the names of both, and the role of the one they are."""
    if given.answer == SAME and one.listed and other.listed:
        raise UsageError(f"{given.question}: the case lists both by themselves. Join the two entries in case.yaml")
    roles = [p.role for p in (one, other) if p.listed] or [p.role for p in (one, other) if p.role is not Role.UNKNOWN]
    role = min(roles, key=list(Role).index, default=Role.UNKNOWN)
    return Answer(given.question, given.answer, one.names, other.names, role, reason=given.reason)


def holds_name(said: str, names: Iterable[str]) -> bool:
    """Whether one of the names stands in a text: whole, or one word of it with a capital ("will" is no name, "Will" may be)."""
    names = tuple(names)
    words = {w.casefold() for name in names for w in _WORD.findall(name) if len(w) > 2} - TITLES
    capital = {w.casefold() for w in _WORD.findall(said) if not w.islower()}
    return bool(words & capital) or any(" " in name and name.casefold() in said.casefold() for name in names)


def user() -> str:
    """Who is at the keyboard, as the system knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no such user: a container
        return "somebody"
