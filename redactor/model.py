"""The frozen values that flow from reading to publishing. No behaviour beyond what a value says of itself.

Spans are half-open ranges of characters (Python code points) in a document's flat text (`content.Flat`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from .cleartext import ClearText
from .content import Content
from .errors import HeldError


class Kind(StrEnum):
    """What a finding is, in the words of the field (shared GOLD-FORMAT kinds, then what is only ever kept)."""

    NAME = "name"
    INITIALS = "initials"
    ALIAS = "alias"
    DOB = "dob"
    AGE = "age"
    ADDRESS = "address"
    POSTCODE = "postcode"
    PLACE = "place"
    SCHOOL = "school"
    WORK = "work"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    ID = "id"
    VEHICLE = "vehicle"
    DATE = "date"
    KIN = "kin"
    HEALTH = "health"
    DEMOGRAPHIC = "demographic"
    DISTINCTIVE = "distinctive"
    ORGANISATION = "organisation"
    TOWN = "town"


class Role(StrEnum):
    """Who a person is in the matter; the order is the order of protection, most protective first."""

    SURVIVOR = "survivor"
    CHILD = "child"
    FAMILY = "family"
    SOURCE = "source"
    WITNESS = "witness"
    COMPLAINANT = "complainant"
    SUSPECT = "suspect"
    OFFICER = "officer"
    PROFESSIONAL = "professional"
    UNKNOWN = "unknown"
    CONVICTED = "convicted"
    PUBLIC_FIGURE = "public_figure"
    WAIVED = "waived"
    PSEUDONYM = "pseudonym"

    @property
    def protected(self) -> bool:
        """Whether a person of this role is masked unless a rule says otherwise."""
        return self not in NAMEABLE


NAMEABLE = frozenset({Role.CONVICTED, Role.PUBLIC_FIGURE, Role.WAIVED, Role.PSEUDONYM})


class Action(StrEnum):
    """What must be true of the published text: gone, changed, or still there word for word."""

    MASK = "mask"
    SOFTEN = "soften"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `start` to `end` (exclusive) of a document's flat text."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: Span) -> bool:
        """Whether `other` lies wholly within this span."""
        return self.start <= other.start and other.end <= self.end

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Hidden:
    """Something a reader of the document does not see and that is never carried over.

    `place` is a format's word for where ("comment", "tracked deletion", "property", "alt text", "file name"),
    `text` what stood there: learnt from, never published.
    """

    place: str
    text: ClearText


@dataclass(frozen=True, slots=True)
class Member:
    """A file within a document: an attachment, a file in an archive. `name` is personal text and may have folders in it;
    `fault` says why it cannot be looked into."""

    name: ClearText
    data: bytes = field(default=b"", repr=False)
    fault: HeldError | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One input file as a reader sees it. `path` is relative to the bundle and personal text (names stand in file names).

    `warnings` are codes for what a careful person should know of the file ("text-under-box"), never words of it. `members` are
    the files within it, each to be a document of its own.
    """

    id: str
    path: ClearText
    media: str
    content: Content
    hidden: tuple[Hidden, ...] = ()
    warnings: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A span a recognizer reported. `why` is a rule id or pattern name, never text of the document.

    `attributes` carries what a recognizer knows beyond the kind, as short codes: `("labelled",)`, `("shape:surname_first",)`.
    """

    doc: str
    span: Span
    kind: Kind
    score: float
    recognizer: str
    why: str
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detection:
    """What the recognizers say of one document: findings sorted by start, where words tagged as proper nouns begin, which of
    its words are English (in small letters), and where a capital is wanting (in lines that their author wrote without any)."""

    doc: str
    findings: tuple[Finding, ...]
    proper: frozenset[int] = frozenset()
    english: frozenset[str] = frozenset()
    wanting: frozenset[int] = frozenset()

    def written(self, text: str) -> str:
        """The document's text with the capitals that are wanting, character for character in its place."""
        return capitalised(text, self.wanting) if self.wanting else text


def capitalised(text: str, at: Iterable[int]) -> str:
    """The text with capitals at these places; a letter whose capital is longer ("ﬁ") stays, so that no other letter moves."""
    letters: list[str] = []
    done = 0
    for place in sorted(at):
        capital = text[place].upper()
        letters += (text[done:place], capital if len(capital) == 1 else text[place])
        done = place + 1
    return "".join([*letters, text[done:]])


@dataclass(frozen=True, slots=True)
class Mention:
    """One appearance of a person: where, and which way the name is written (`form`, personal text)."""

    doc: str
    span: Span
    kind: Kind
    form: ClearText
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason to believe in a role: the rule, its weight (0 to 1), and where."""

    role: Role
    rule: str
    weight: float
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """The resolved human. `forms` is every way the name is written in the bundle or may be (personal text).

    `role` is the most protective role that has evidence; `office` the words of the public office, if one is stated;
    `rank` the words that stand in a staff label ("PC", "social worker"); `kin_of` the person this one is family of
    and `kin_word` how ("mother"); `doubt` the code of a question somebody must answer whatever is decided ("waiver-expired",
    "convicted-kin", "dual-role"), "" if none; `frees` the kinds of fact beside the name that a waiver frees;
    `listed` the list of the case that names this person ("people", "orders"), "" if none does.
    """

    id: str
    role: Role
    forms: frozenset[ClearText]
    mentions: tuple[Mention, ...]
    evidence: tuple[Evidence, ...] = ()
    rank: str = ""
    office: str = ""
    kin_of: str = ""
    kin_word: str = ""
    documents: frozenset[str] = field(default_factory=frozenset)
    doubt: str = ""
    frees: frozenset[Kind] = frozenset()
    listed: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A finding and the protected person it is about ("" where it is tied without saying to whom). `tied` False: nobody's."""

    finding: Finding
    tied: bool
    person: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """One appearance of a person. `certain` False: another person could be meant; a nameable person is always certain.

    `mixed`: the other one may be named, so that a label of this person could say something false of that one.
    """

    mention: Mention
    person: str
    certain: bool
    mixed: bool = False


@dataclass(frozen=True)
class Resolution:
    """The judgement of a bundle: persons, their appearances by document, facts with their owners, and for verification the
    spans that look like a form but are ordinary words, and every form of each protected person (personal text)."""

    persons: tuple[Person, ...]
    linked: Mapping[str, tuple[Linked, ...]]
    facts: Mapping[str, tuple[Fact, ...]]
    ordinary: Mapping[str, tuple[Span, ...]]
    forms: Mapping[str, frozenset[ClearText]]

    @cached_property
    def by_id(self) -> Mapping[str, Person]:
        """The persons by their ids."""
        return {person.id: person for person in self.persons}

    def person(self, number: str) -> Person:
        """The person with this id. Raises KeyError for an unknown one."""
        return self.by_id[number]


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to one span, and why: `reason` is a code of DOMAIN §5, `rule` the line of the policy that said so.

    `person` is the person the fact is about ("" if none), `decider` is "tool" or who decided, `asks` whether a person
    of the team should look at it, `detail` a recognizer's short code for what sort of thing it is ("home", "street").
    """

    doc: str
    span: Span
    kind: Kind
    action: Action
    reason: str
    rule: str
    person: str = ""
    role: Role | None = None
    decider: str = "tool"
    recognizer: str = ""
    score: float = 1.0
    asks: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Leak:
    """A protected form in a copy that nothing accounts for. `place` is a part of the file, never its text."""

    doc: str
    person: str
    kind: Kind
    place: str
    count: int
