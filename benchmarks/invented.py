"""Bundles of invented people in every genre and format, with what must not be left of each: the same for the same seed.

Names of nine traditions (training/lists and the packaged lexicon), some with accents, hyphens, particles, or that are words too.
A person stands in the text in many forms, and in properties, comments, hidden sheets and file names of the sources. Most are
listed in case.yaml, so that not detection is what is tried; the rest are counted apart.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from redactor.lexicon import given_names, ordinary_words, surnames

ROLES = (
    "survivor survivor survivor survivor child child family family witness witness witness suspect suspect complainant".split()
)
PEOPLE = 20  # of a paper
FORMATS = ("txt", "md", "html", "docx", "xlsx", "csv", "eml", "pptx", "pdf")
_SHAPED = (
    ("Siân", "O'Hara"), ("Zoë", "D'Souza"), ("André", "Núñez"), ("Anne-Marie", "Thwaite-Corley"), ("Jürgen", "Größl"),
    ("Seán", "Ó Briain"), ("Mary Jo", "van der Berg"), ("Jean-Luc", "de la Tour"), ("Aoife", "Ní Dhomhnaill"), ("Hope", "Church"),
    ("Grace", "Day"), ("Will", "Field"), ("Rose", "Bishop"), ("Mark", "May"), ("Ian", "Ng"), ("Bo", "Ek"), ("Faith", "Low"),
)  # fmt: skip
_SHADES = "copper purple orange yellow green brown indigo turquoise ochre maroon beige grey".split()
_THINGS = "lantern kettle ladder anchor basket candle hammer button blanket compass saddle whistle barrel pencil trolley".split()
_STREETS = "Alderfen Lane|Quayside Terrace|Brackenthwaite Road|Swallowbeck Close|Thornmere Avenue".split("|")
_FRAMES = (
    "{full} came to the front desk and was told to come back on Monday.",
    "The log shows that {surname} rang twice, and nobody called back.",
    "{given} said that the file had not been read.",
    "Everybody at the club knew {nick}, and {nick} knew nobody.",
    "Present: {last_first}; the clerk took the minutes.",
    "{short} was marked as absent without a reason.",
    "ATTENDANCE: {upper} was seen at the gate.",
    "{full}'s account did not change. {possessive} note was lost.",
    "A message signed {lower} was found on the telephone.",
    "The report speaks of {spaced} only once.",
    "Somebody wrote #{glued} on the wall.",
    "A folder was called {turned}, and another {under}.",
)
_FACTS = (
    "The number given was {phone}, and it was never rung.",
    "An answer to {email} came back unread.",
    "{full} lived at {address}, {postcode} at the time.",
)
_PLAIN = (
    "We hope that the review will be read, and may come back to it on a later day.",
    "Councillor {figure} asked why the report had been delayed.",
    "The threshold for a meeting was met, and none was held.",
    "Managers relied on a spreadsheet that nobody owned.",
    "The council has since changed how such calls are graded.",
)


@dataclass(frozen=True)
class Person:
    """One invented person and what tells who it is."""

    given: str
    surname: str
    nick: str
    role: str
    listed: bool
    phone: str
    address: str
    postcode: str
    anchor: str
    """Two words beside which the first document names this person: nothing else tells an intruder who was meant."""

    def told(self) -> dict[str, str]:
        """The ways in which a text speaks of this person, by kind."""
        full = f"{self.given} {self.surname}"
        mail = re.sub(r"[^a-z.]", "", f"{self.given}.{self.surname}".lower()) + "@example.org"
        return {
            "full": full,
            "surname": f"Mx {self.surname}",
            "given": self.given,
            "nick": self.nick,
            "last_first": f"{self.surname}, {self.given}",
            "short": f"{self.given[0]}. {self.surname}",
            "upper": full.upper(),
            "possessive": f"{self.given}’s",
            "phone": self.phone,
            "email": mail,
            "address": self.address,
            "postcode": self.postcode,
            "lower": full.lower(),
            "glued": full.title().replace(" ", ""),
            "turned": f"{self.surname}{self.given}".replace(" ", ""),
            "under": f"{self.surname}_{self.given}".lower().replace(" ", "_"),
            "spaced": full.replace(" ", "\N{NO-BREAK SPACE}", 1),
        }


@dataclass
class Paper:
    """One source: a path, lines that a reader sees, the same without anybody protected, and what stands hidden in the file."""

    path: str
    lines: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    hidden: Sequence[str] = ()

    def add(self, frame: str, said: dict[str, str], figure: str) -> None:
        frame = frame.replace("{figure}", figure)
        self.lines.append(re.sub(r"\{(\w+)\}", lambda m: said[m[1]], frame))
        self.rest.append(re.sub(r"\{(\w+)\}", "\n", frame))


@dataclass(frozen=True)
class Invented:
    """A bundle before it is written: its people in the order of their first appearance, its papers, its case."""

    people: Sequence[Person]
    papers: Sequence[Paper]
    case: str

    def write(self, folder: Path) -> Path:
        """All of it as files of a new folder."""
        from . import invented_files

        folder.mkdir(parents=True)
        for paper in self.papers:
            invented_files.write(folder / paper.path, paper)
        (folder / "case.yaml").write_text(self.case, encoding="utf-8")
        return folder


@cache
def traditions() -> list[tuple[Sequence[str], Sequence[str]]]:
    """Given names and surnames of each tradition."""
    lists = yaml.safe_load((Path(__file__).parent.parent / "training" / "lists" / "names.yaml").read_text(encoding="utf-8"))
    own = [(str(t["given"]).split(), str(t["surname"]).split()) for t in lists.values()]
    first, last = ([word.title() for word in sorted(words) if word.isalpha()] for words in (given_names(), surnames()))
    return [*own, (first, last)]


def people(draw: random.Random, count: int, unlisted: float, plain: bool = False) -> Iterator[Person]:
    """A cast, no two with a given name or surname in common: a form then tells one person. `plain`: no name is a word."""
    taken: set[str] = set()
    anchors = draw.sample([f"{shade} {thing}" for shade in _SHADES for thing in _THINGS], count)
    phones = draw.sample(range(1000), count)
    while anchors:
        if draw.random() < 0.1:
            given, surname = draw.choice(_SHAPED)
        else:
            firsts, lasts = draw.choice(traditions())
            given, surname = draw.choice(firsts), draw.choice(lasts)
        halves = {word.casefold() for word in re.split(r"[ -]", f"{given} {surname}")}
        if halves & taken or len(halves) < 2 or (plain and halves & ordinary_words()):
            continue
        taken |= halves
        nick = next(
            (pet for pet in (f"{given[:3]}zz", f"{given[:2]}bo") if pet.isascii() and pet.casefold() not in taken), "Zebbo"
        )
        yield Person(
            given,
            surname,
            nick.title(),
            draw.choice(ROLES),
            draw.random() >= unlisted,
            f"07700 900{phones.pop():03}",
            f"{draw.randint(200, 950)} {draw.choice(_STREETS)}",
            f"ZE{draw.randint(1, 9)} {draw.randint(1, 9)}{draw.choice('ABDEFGHJLN')}{draw.choice('PQRSTUWXYZ')}",
            anchors.pop(),
        )


def longer(person: Person) -> Person:
    """The same person with far longer names that begin with the same letters."""
    changed = {"given": f"{person.given}abellorina", "surname": f"{person.surname}thwaiteley", "nick": f"{person.nick}erinoz"}
    return Person(**{**vars(person), **changed})


def invented(seed: int, count: int = 40, unlisted: float = 0.1, formats: Sequence[str] = FORMATS, twin: str = "") -> Invented:
    """A bundle of `count` people in one paper of each format and a register.

    Twins are the same but that names are "short" in one and "long" in the other; they speak of no facts, and of nobody whose name
    is a word: a model may judge those otherwise beside or in another name.
    """
    draw = random.Random(seed)
    cast = list(people(draw, count, unlisted, plain=bool(twin)))
    if twin == "long":
        cast = [longer(p) for p in cast]
    figure = f"{draw.choice(('Odette', 'Ignatius', 'Leopold'))} {draw.choice(('Quillfeather', 'Vandersloot', 'Pettibone'))}"
    papers = [_register(draw, cast, figure)]
    for number, ending in enumerate(formats, 1):
        own = draw.sample(cast, min(count, PEOPLE))
        title = draw.choice(list(_titles(number, own[0]))) if own else f"note {number}"
        paper = Paper(f"{title}.{ending}", ["Notes of the review", _PLAIN[-1]], ["Notes of the review", _PLAIN[-1]])
        for person in own:
            for frame in draw.sample(_FRAMES if twin else _FRAMES + _FACTS, 2):
                paper.add(frame, person.told(), figure)
            paper.add(draw.choice(_PLAIN), {}, figure)
        paper.hidden = [f"{p.given} {p.surname}" for p in own[:3]] or ["office"]
        papers.append(paper)
    return Invented(cast, papers, _case(draw, cast, figure))


def _titles(number: int, person: Person) -> Iterator[str]:
    """Names that somebody might give to a file."""
    name, first = person.surname.replace("'", "").replace(" ", "-"), person.given.replace(" ", "_")
    yield from (f"note {number}", f"{number} {name}", f"note-{number}_{first}_{name}", name, f"{name}{first}")


def _register(draw: random.Random, cast: Sequence[Person], figure: str) -> Paper:
    """The first document of the bundle names everybody once, in an order of its own."""
    paper = Paper("00 register.txt", ["Register of files"], ["Register of files"])
    for person in cast:
        paper.add(f"The {person.anchor} file concerns {{full}}.", person.told(), figure)
        if draw.random() < 0.2:
            paper.add(draw.choice(_PLAIN), {}, figure)
    return paper


def _case(draw: random.Random, cast: Sequence[Person], figure: str) -> str:
    known = [{"name": f"{p.given} {p.surname}", "aliases": [p.nick], "role": p.role} for p in cast if p.listed]
    draw.shuffle(known)
    figures = [{"name": figure, "office": "councillor", "basis": "elected office"}]
    return str(yaml.safe_dump({"title": "Operation Measure", "people": known, "public_figures": figures}, allow_unicode=True))
