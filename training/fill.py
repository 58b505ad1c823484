"""Passages filled: people and things drawn from lists, alternatives drawn, noise laid over; characters tagged with what they are.

`fill(passage, rng)` gives a text and two tags for each of its characters: a fact's kind, and an entity's kind. Same seed, same
text. Names of `HELD_OUT` (one in eight of every list, by digest) are drawn only when asked for: they measure fairness.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml
from faker.providers.person import en_GB, en_IE, en_IN, en_NG, en_PK, ha_NG, ig_NG, pl_PL, ro_RO, tw_GH, yo_NG
from passages import Choice, Fact, Part, Passage, facts

HERE = Path(__file__).parent
PLACES = "village street estate park pub takeaway shop worship club home".split()
FACT_OF = {
    **dict.fromkeys(PLACES, "place"),
    "school": "school",
    "college": "school",
    "employer": "work",
    "address": "address",
    "dob": "dob",
}
ENTITY_OF = {
    "postcode": "postcode",
    "phone": "phone",
    "email": "email",
    "ref": "id",
    "plate": "vehicle",
    "town": "stays",
    "org": "stays",
}
ENTITY_OF |= dict.fromkeys(("law", "report", "operation", "office"), "stays")
OPEN = "?"  # a date or an age may be hers or a public event's: patterns and people/ tell, the model need not learn it
OPEN_SLOTS = frozenset("date month_year weekday age".split())
TRADITIONS = "british irish welsh south_asian arabic polish roma african_caribbean chinese words".split()
WEIGHTS = (30, 8, 8, 14, 7, 7, 4, 9, 5, 8)


def held(name: str) -> bool:
    """Whether a name is kept out of training."""
    return hashlib.sha256(name.encode()).digest()[0] % 8 == 0


@cache
def names() -> Mapping[str, tuple[Sequence[str], Sequence[str]]]:
    """Given names and surnames of each tradition: own lists and Faker's."""
    own = yaml.safe_load((HERE / "lists/names.yaml").read_text(encoding="utf-8"))
    more = {
        "british": (en_GB,),
        "irish": (en_IE,),
        "south_asian": (en_IN, en_PK),
        "polish": (pl_PL,),
        "african_caribbean": (en_NG, ha_NG, ig_NG, tw_GH, yo_NG),
        "roma": (ro_RO,),
    }
    out = {}
    for tradition in TRADITIONS:
        given = own.get(tradition, {}).get("given", "").split()
        surname = own.get(tradition, {}).get("surname", "").split()
        for module in more.get(tradition, ()):
            given += _written(module.Provider.first_names)[:400]
            last = getattr(module.Provider, "last_names", None) or module.Provider.unisex_last_names
            surname += _written(last)[: 1500 if tradition == "british" else 600]
        out[tradition] = (sorted({*given}), sorted({*surname}))
    return out


def _written(words: object) -> list[str]:
    return [w for w in dict.fromkeys(words) if w.isascii() and w[:1].isupper() and len(w) > 1 and not w.isupper()]  # type: ignore[call-overload]


@cache
def things() -> Mapping[str, Sequence[str]]:
    """The lists of things.yaml."""
    data = yaml.safe_load((HERE / "lists/things.yaml").read_text(encoding="utf-8"))
    return {name: str(entries).split("|") for name, entries in data.items()}


@dataclass
class Person:
    """One invented person."""

    given: str
    surname: str
    middle: str = ""

    def written(self, form: str, rng: random.Random) -> str:
        """The name in one of TEXT.md's forms."""
        given, surname = self.given, self.surname
        match form:
            case "full":
                return f"{given} {self.middle} {surname}" if self.middle and rng.random() < 0.3 else f"{given} {surname}"
            case "given":
                return given
            case "surname":
                return surname
            case "nick":
                return rng.choice((given[:3], given[:4], given[:3] + "y", given[:4] + "ie", given[:3] + "z"))
            case "last_first":
                return f"{surname}, {given}"
            case "initials":
                return rng.choice((given[0] + surname[0], f"{given[0]}.{surname[0]}.", given[0] + surname[0]))
            case "initial_surname":
                return f"{given[0]}{rng.choice(('. ', ' '))}{surname}"
            case "upper":
                return rng.choice((f"{given} {surname}", f"{surname}, {given}", f"{surname} {given}")).upper()
            case "handle":
                low, last = given.lower(), surname.lower()
                year = f"{rng.randint(0, 99):02}"
                return rng.choice(
                    (f"{low}_{last[0]}{year}", f"{low}.{last}", f"xx{low}{year}xx", f"@{low}{year}", f"{low[:3]}{last[:4]}_")
                )
            case "chat":
                return rng.choice((given, given, given[:3])).lower()
            case _:
                return _misspelt(rng.choice((given, f"{given} {surname}")), rng)


def _misspelt(name: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(name))
    return rng.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + name[at - 1] + name[at:],
            name[: at - 1] + name[at - 1 : at + 1][::-1] + name[at + 1 :],
        )
    )


@dataclass
class Filled:
    """A text with two tags a character: `facts` and `entities` hold a kind or None."""

    text: str = ""
    facts: list[str | None] = field(default_factory=list)
    entities: list[str | None] = field(default_factory=list)

    def add(self, words: str, fact: str | None, entity: str | None) -> None:
        """Appends words, all tagged alike."""
        self.text += words
        self.facts += [fact] * len(words)
        self.entities += [entity] * len(words)

    def joined(self, other: Filled) -> Filled:
        """The two one after the other."""
        return Filled(self.text + other.text, self.facts + other.facts, self.entities + other.entities)

    def part(self, start: int, end: int) -> Filled:
        """A stretch of it."""
        return Filled(self.text[start:end], self.facts[start:end], self.entities[start:end])


Bank = Mapping[tuple[str, str], Sequence[tuple[Part, ...]]]
"""Kind and opening of a fact → every fact that could stand there."""


def bank(passages: Sequence[Passage]) -> Bank:
    """The facts of all passages, by kind and by how they open."""
    found: dict[tuple[str, str], list[tuple[Part, ...]]] = {}
    for passage in passages:
        for fact in facts(passage):
            whole = len(fact.parts) == 1 and isinstance(fact.parts[0], Choice)
            for way in fact.parts[0].ways if whole and isinstance(fact.parts[0], Choice) else [fact.parts]:
                if opening := _opening(way):
                    found.setdefault((fact.kind, opening), []).append(way)
    return found


def _opening(parts: Sequence[Part]) -> str:
    """What sort of phrase it is, "" if that cannot be told: another of the same sort then fits the sentence."""
    first = re.match(r"[\w']+", parts[0] if parts and isinstance(parts[0], str) else "")
    word = first[0] if first else ""
    return next((sort for sort, words in _OPENINGS.items() if word in words), "")


_OPENINGS = {
    "noun": frozenset("a an the her his my our".split()),
    "clause": frozenset("who whose where which that".split()),
    "place": frozenset("in at on over above behind by outside under next opposite with from".split()),
    "verb": frozenset("is was has had works runs drives keeps does plays sings speaks lives teaches".split()),
    "time": frozenset("when just nearly almost not the".split()) - {"the"},
}


class Filler:
    """Fills passages; `unseen` draws names that training never sees, of one `tradition` if given. With a `stock` one fact in
    four gives place to another of its kind, so that a sentence does not tell what stands in it."""

    def __init__(self, rng: random.Random, unseen: bool = False, tradition: str = "", stock: Bank | None = None) -> None:
        self._rng, self._unseen, self._tradition = rng, unseen, tradition
        self._stock = stock or {}

    def fill(self, passage: Passage) -> Filled:
        """One filling."""
        self._cast: dict[str, Person] = {}
        self._thing: dict[str, str] = {}
        out = Filled()
        self._write(passage.parts, None, out)
        return out

    def _write(self, parts: Sequence[Part], fact: str | None, out: Filled) -> None:
        for part in parts:
            if isinstance(part, str):
                out.add(part, fact, None)
            elif isinstance(part, Choice):
                self._write(self._rng.choice(part.ways), fact, out)
            elif isinstance(part, Fact):
                self._write(self._fact(part), part.kind, out)
            elif part.person:
                words = self._person(part.person).written(part.name, self._rng)
                out.add(words, fact, "handle" if part.name == "handle" else "name")
            else:
                self._fill_thing(part.name, fact, out)

    def _fact(self, fact: Fact) -> tuple[Part, ...]:
        way = fact.parts
        if len(way) == 1 and isinstance(way[0], Choice):
            way = self._rng.choice(way[0].ways)
        others = self._stock.get((fact.kind, _opening(way)))
        return self._rng.choice(others) if others and self._rng.random() < 0.25 else way

    def _fill_thing(self, name: str, fact: str | None, out: Filled) -> None:
        words = self.thing(name)
        own = OPEN if name in OPEN_SLOTS else FACT_OF.get(name)
        entity = ENTITY_OF.get(name)
        if own and not fact and words.startswith(("the ", "The ")) and name not in ("takeaway", "home"):
            out.add(words[:4], None, None)
            words = words[4:]
        if re.search(r"(?:\A|\n|[.!?] )\Z", out.text):
            words = words[:1].upper() + words[1:]
        out.add(words, fact or own, entity)

    def _person(self, key: str) -> Person:
        if key not in self._cast:
            given, surname = self._name()
            kin = [p for k, p in self._cast.items() if k[0] in "SCF"]
            if key[0] in "CFS" and kin and self._rng.random() < 0.5:
                surname = self._rng.choice(kin).surname
            self._cast[key] = Person(given, surname, self._name()[0] if self._rng.random() < 0.2 else "")
        return self._cast[key]

    def _name(self) -> tuple[str, str]:
        tradition = self._tradition or self._rng.choices(TRADITIONS, WEIGHTS)[0]
        given, surname = (self._draw(tradition, part) for part in (0, 1))
        if tradition != "chinese" and self._rng.random() < 0.04:
            surname += "-" + self._draw("british" if not self._tradition else tradition, 1)
        if tradition == "words":  # one half of such a name is an ordinary one
            half = self._rng.random()
            given, surname = (
                (given, self._draw("british", 1))
                if half < 0.4
                else (self._draw("british", 0), surname)
                if half < 0.85
                else (given, surname)
            )
        return given, surname

    def _draw(self, tradition: str, part: int) -> str:
        return self._rng.choice(_pool(tradition, part, self._unseen))

    def thing(self, name: str) -> str:
        """A thing of things.yaml; `given` and `surname` are drawn from the names."""

        def replace(match: re.Match[str]) -> str:
            inner = match[1]
            if inner == "#":
                return str(self._rng.randrange(10))
            if inner in ("given", "surname", "given_l", "surname_l"):
                word = self._name()["surname" in inner]
                return word.lower() if inner.endswith("_l") else word
            return self.thing(inner)

        return re.sub(r"\{([#\w]+)\}", replace, self._rng.choice(things()[name]))


@cache
def _pool(tradition: str, part: int, unseen: bool) -> Sequence[str]:
    every = names()[tradition][part]
    chosen = [n for n in every if held(n) == unseen]
    return chosen or every


def pieces(filled: Filled, rng: random.Random) -> Iterator[Filled]:
    """The whole, or (two times in five) its lines in groups, as a document would show them under other headings."""
    if rng.random() < 0.6 or "\n" not in filled.text:
        yield filled
        return
    start = 0
    for match in re.finditer(r"\n", filled.text):
        if rng.random() < 0.5:
            yield filled.part(start, match.start())
            start = match.end()
    yield filled.part(start, len(filled.text))
