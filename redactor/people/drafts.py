"""What is known of one human while persons are still being put together: a draft, before it becomes a `model.Person`."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..case_scope import Terms
from ..lexicon import Title, gender
from ..model import Evidence, Role
from .names import Name

SCORED = frozenset({"tagger_names", "rampart", "gliner", "transformers", "plugin"})  # name finders that say how sure they are


@dataclass(slots=True, eq=False)
class Raw:
    """One candidate mention from the recognizers, trimmed to its name words. `sources` are recognizer names and attributes.

    `half`: "given" or "surname" where a table has the name over several columns and this is one of them; `name` is the whole.
    """

    doc: str
    start: int
    end: int
    name: Name
    written: str
    sources: frozenset[str]
    score: float
    half: str = ""


@dataclass(slots=True, eq=False)
class Draft:
    """One human in the making. `listed` is the case.yaml list that names this person, "" if none does;
    `only` the documents a listed protected person is narrowed to (empty: all); `exact` the listed ways of writing;
    `declared` the initials that a document itself says are this person's, by document;
    `spoken` the documents for which nothing but a register of office-holders speaks (empty: none, or the text does);
    `waiver` what a waiver allows; `doubt` the code of a question to be asked; `private_at` mentions (document, start) of a listed
    public figure that tell of a survivor or child."""

    id: int
    names: list[Name] = field(default_factory=list)
    lone: set[str] = field(default_factory=set)
    exact: set[tuple[str, ...]] = field(default_factory=set)
    titles: set[Title] = field(default_factory=set)
    role: Role | None = None
    listed: str = ""
    office: str = ""
    only: frozenset[str] = frozenset()
    declared: dict[str, set[str]] = field(default_factory=dict)
    raws: list[Raw] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    rank: str = ""
    kin_word: str = ""
    spoken: set[str] = field(default_factory=set)
    waiver: Terms | None = None
    doubt: str = ""
    private_at: set[tuple[str, int]] = field(default_factory=set)

    def holds(self, offices: frozenset[str]) -> bool:
        """Whether the text has stated one of these offices of this person already: once is enough."""
        return any(e.role is Role.PUBLIC_FIGURE and e.rule.removeprefix("office:") in offices for e in self.evidence)

    def only_spoken(self, doc: str) -> bool:
        """Whether nothing but a register names this person, and not for this document (or its file name)."""
        return bool(self.spoken) and self.role is Role.PUBLIC_FIGURE and doc.partition("/")[0] not in self.spoken

    @property
    def nameable(self) -> bool:
        """Whether some rule lets this person be named at all."""
        return self.role is not None and not self.role.protected

    @property
    def givens(self) -> set[str]:
        """First given names, single letters left out."""
        return {n.given[0] for n in self.names if n.full and len(n.given[0]) > 1}

    @property
    def surnames(self) -> set[str]:
        """Surnames, single letters left out."""
        return {n.surname for n in self.names if n.full and len(n.surname) > 1}

    @property
    def genders(self) -> set[str]:
        """'m' and/or 'f' as far as courtesy titles say."""
        return {g for t in self.titles if (g := gender(t.code))}
