"""A folder of documents and its case.yaml, as a `Bundle` and a `Case`.

case.yaml is what a publication team tells the tool: who may be named, who must not be, what courts ordered, what is already
published. An entry beats every general rule of a policy (docs/design.md, "case.yaml"). Does not read the documents and does
not judge whether an entry is true: a person listed as a public figure is one.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from . import yamlfile
from .case_roles import role_of
from .cleartext import ClearText
from .errors import CaseError, EnvironmentFault, UsageError
from .model import Role
from .yamlfile import Strict

CASE_NAMES = ("case.yaml", "case.yml")
_NOISE = frozenset({"thumbs.db", "desktop.ini", "__macosx", "icon\r"})
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


WITHIN = "-files"
"""Ends the name of the folder in which the files within a document are published: "mail.eml-files/note.docx"."""


def _clear(value: Any) -> ClearText:
    if isinstance(value, ClearText):
        return value
    if not isinstance(value, str):
        raise ValueError("must be text")
    return ClearText(" ".join(value.split()))


def _named(value: ClearText) -> ClearText:
    if not value:
        raise ValueError("must not be empty")
    return value


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str | ClearText) else value


def _protected(value: Any) -> Role:
    role = role_of(value) if isinstance(value, str) else None
    if role is None:
        raise ValueError("people are protected persons; list who may be named under public_figures, waivers or pseudonyms")
    return role


Words = Annotated[ClearText, BeforeValidator(_clear), PlainSerializer(ClearText.reveal)]
Name = Annotated[ClearText, BeforeValidator(lambda v: _named(_clear(v))), PlainSerializer(ClearText.reveal)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_several)]
NOTHING = ClearText("")


class Entry(Strict):
    """Somebody the team knows: `name` and every other way it is written. Personal text."""

    name: Name
    aliases: Names = ()

    @property
    def forms(self) -> tuple[ClearText, ...]:
        """The name first, then the aliases."""
        return (self.name, *self.aliases)

    def is_called(self, name: ClearText) -> bool:
        """Whether `name` may be this person: a listed way of writing, the same with a title or further name, or its initials."""
        return any(_same_name(form.reveal(), name.reveal()) for form in self.forms)


class PublicFigure(Entry):
    """May be named in public mentions: an office-holder, or an offender convicted in open court.

    `biography` is what anybody can read of this person; it matters where the same person is a survivor too (DOMAIN J21).
    """

    office: str = ""
    basis: str = ""
    biography: Words = NOTHING

    @property
    def role(self) -> Role:
        """Convicted where office or basis says so, public figure otherwise."""
        return Role.CONVICTED if re.search(r"(?i)\bconvict|\bsentenced\b", f"{self.office} {self.basis}") else Role.PUBLIC_FIGURE

    @property
    def charged(self) -> bool:
        """Whether office or basis says charged and not tried."""
        words = r"(?i)\b(?:charged|(?:awaiting|on|standing|due to stand) trial|defendant|accused)\b"
        said = re.search(words, f"{self.office} {self.basis}")
        return said is not None and self.role is not Role.CONVICTED


class Known(Entry):
    """A protected person the team knows. `documents` (file names, stems or ids) narrows the entry; empty means all.

    `overruled` is set here, not by the team: what took the entry out of the list that would have let it be named.
    """

    role: Annotated[Role, BeforeValidator(_protected)]
    documents: Names = ()
    overruled: Literal["", "order", "proceedings"] = ""

    def covers(self, doc_id: str, relative: ClearText) -> bool:
        """Whether this entry speaks of the document with this id and path in the bundle, or of the one it lies in."""
        whole, number = relative.reveal().casefold(), doc_id.casefold()
        within = [whole, *(whole[: at.start()] for at in re.finditer(re.escape(WITHIN + "/"), whole))]
        own = {number, *(number[: at.start()] for at in re.finditer(r"\.", number))}
        for path in map(PurePosixPath, within):
            own |= {str(path), path.name, path.stem, str(path.with_suffix(""))}
        return not self.documents or any(d.reveal().casefold() in own for d in self.documents)


class Waiver(Entry):
    """A survivor's own written consent to be named (SOAA 1992 s5): frees that person alone, within `scope`, never an order."""

    basis: str = ""
    scope: Words = NOTHING


class Pseudonym(Entry):
    """A name already published in place of a person's: it stays."""

    basis: str = ""


class Order(Strict):
    """An order of a court or inquiry (YJCEA 1999 ss45-46, CCA 1981 s11, Inquiries Act 2005 s19): most protective of all.

    `until` is the day its terms end. It is enforced after that day too, and somebody is asked: a court lifts an order, a date
    in a file does not.
    """

    id: str = ""
    made_by: str = ""
    date: str = ""
    persons: Names = ()
    terms: Words = NOTHING
    until: datetime.date | None = None


class Publication(Strict):
    """An earlier publication on the matter: a file of the bundle (`path`, never a document itself) or its `text`."""

    path: Words = NOTHING
    text: Words = NOTHING
    date: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> Publication:
        if bool(self.path) == bool(self.text):
            raise ValueError("give either path or text")
        return self


class Case(Strict):
    """What case.yaml says. `not_people` are words that look like a name and are nobody's; `either_or` is None where it is
    silent: the policy's default then holds (Editors' Code cl.7)."""

    title: Words = NOTHING
    public_figures: tuple[PublicFigure, ...] = ()
    people: tuple[Known, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    pseudonyms: tuple[Pseudonym, ...] = ()
    not_people: Names = ()
    orders: tuple[Order, ...] = ()
    publications: tuple[Publication, ...] = ()
    either_or: Literal["name_accused", "state_relationship"] | None = None
    proceedings: Literal["none", "active"] = "none"
    notes: Words = Field(default=NOTHING)

    @model_validator(mode="after")
    def _overrule(self) -> Case:
        """Orders, then active proceedings, take away what a waiver or an entry as a public figure would have allowed.

        The entry becomes a protected person, so that every later step masks, looks for and proves it like any other.
        """
        ordered = [name for order in self.orders for name in order.persons]
        moved = [w for w in self.waivers if any(w.is_called(name) for name in ordered)]
        figures = [f for f in self.public_figures if any(f.is_called(name) for name in ordered)]
        charged = [f for f in self.public_figures if self.proceedings == "active" and f.charged and f not in figures]
        people = [
            *(Known(name=w.name, aliases=w.aliases, role=Role.SURVIVOR, overruled="order") for w in moved),
            *(Known(name=f.name, aliases=f.aliases, role=Role.UNKNOWN, overruled="order") for f in figures),
            *(Known(name=f.name, aliases=f.aliases, role=Role.SUSPECT, overruled="proceedings") for f in charged),
        ]
        for field, kept in (
            ("people", (*self.people, *people)),
            ("waivers", tuple(w for w in self.waivers if w not in moved)),
            ("public_figures", tuple(f for f in self.public_figures if f not in figures and f not in charged)),
        ):
            object.__setattr__(self, field, kept)  # frozen: this is still the making of it
        return self

    def order_code(self, order: Order) -> str:
        """What may stand in a public reason code for an order: its id if that cannot hold a name, else its place in the list."""
        if re.fullmatch(r"[A-Za-z]{0,3}[-/ ]?\d[\d/-]*", order.id):
            return order.id.replace(" ", "-")
        return f"order-{self.orders.index(order) + 1}"

    def digest(self) -> str:
        """SHA-256 (hex) of everything said but the notes, in one fixed order.

        Names are in it, and a short name can be guessed back: fingerprint it with the case key before it goes anywhere.
        """
        said = self.model_dump(mode="json", exclude={"notes"})
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


EMPTY_CASE = Case()


@dataclass(frozen=True, slots=True)
class Source:
    """One input file: id without a name in it, where it lies, and its path in the bundle (personal text)."""

    id: str
    path: Path
    relative: ClearText

    def __repr__(self) -> str:
        return f"<Source {self.id}>"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A folder of documents on one matter. `skipped` counts files that are no documents (hidden, lock and system files);
    `published` are the files of earlier publications named in the case."""

    name: str
    root: Path
    case: Case
    case_known: bool
    documents: tuple[Source, ...]
    published: tuple[Path, ...] = ()
    skipped: int = 0

    def __repr__(self) -> str:
        return f"<Bundle of {len(self.documents)} documents>"


def _same_name(one: str, other: str) -> bool:
    """Whether two written names may be one person's: the words of the shorter are in the longer, an initial may stand for one.

    A lone word is only the same word. "Jo Lane", "LANE, Jo", "Ms Jo Lane" and "J. Lane" are one; "Lane" is none of them.
    """
    few, many = sorted((set(re.findall(r"[^\W_]+", name.casefold())) for name in (one, other)), key=len)
    if len(few) < 2:
        return few == many and bool(few)
    short = {word[0] for word in many if len(word) == 1}
    agree = all(a in many or a[0] in short or (len(a) == 1 and any(b[0] == a for b in many)) for a in few)
    return agree and any(len(word) > 1 for word in few & many)


def load_case(path: Path) -> Case:
    """What a case.yaml says. Raises `CaseError` with the line, and the key if it is unknown, never with words of the file."""
    data, lines = yamlfile.parse(yamlfile.read(path, CaseError, "case.yaml"), CaseError, "case.yaml")
    return yamlfile.build(Case, data, lines, CaseError, "case.yaml")


def open_bundle(path: Path, case_file: Path | None = None, beside: Sequence[Path] = ()) -> Bundle:
    """The bundle at `path`: a folder (its case.yaml is found in it), or one file (a bundle of one). Files in `beside` may lie
    in the folder and are no documents.

    Documents are numbered d01, d02 ... by their sorted relative path. Raises `UsageError` for a path without documents or
    with links that leave it, `CaseError` for a case.yaml that cannot be used.
    """
    if not path.exists():
        raise UsageError("The bundle does not exist. Check the path you typed")
    root = path.resolve() if path.is_dir() else path.resolve().parent
    case_path = case_file or _case_in(root)
    case = load_case(case_path) if case_path else EMPTY_CASE
    published = published_in(case, root)
    apart = {p.resolve() for p in (*published, *beside, *([case_path] if case_path else []))}
    if path.is_dir():
        files, skipped = _walk(root)
    else:
        files, skipped = [path.resolve()], 0
    files = [f for f in files if f.resolve() not in apart and f.name.lower() not in CASE_NAMES]
    if not files:
        raise UsageError("The bundle holds no documents. Put the documents in the folder, beside case.yaml")
    width = max(2, len(str(len(files))))
    relatives = sorted((f.relative_to(root).as_posix(), f) for f in files)
    documents = tuple(Source(f"d{n:0{width}}", f, ClearText(relative)) for n, (relative, f) in enumerate(relatives, 1))
    name = path.resolve().name if path.is_dir() else path.stem
    return Bundle(clean_name(name), root, case, case_path is not None, documents, published, skipped)


def clean_name(words: str) -> str:
    """`words` as a file or folder name every system takes: letters, digits, dot, hyphen and underscore, at most 80 characters."""
    name = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFKC", words))
    name = re.sub(r"-{2,}", "-", name).strip("-. ")[:80].strip("-. ")
    return f"x-{name}" if _RESERVED.fullmatch(name) else name or "bundle"


def _case_in(root: Path) -> Path | None:
    found = [p for p in root.iterdir() if p.name.lower() in CASE_NAMES and p.is_file()]
    if len(found) > 1:
        raise CaseError("The bundle holds both case.yaml and case.yml. Keep one")
    return found[0] if found else None


def published_in(case: Case, root: Path) -> tuple[Path, ...]:
    """The files of earlier publications that a case names, below `root`. Raises CaseError where one is not there."""
    paths = []
    for number, publication in enumerate(case.publications, 1):
        if not publication.path:
            continue
        path = (root / publication.path.reveal()).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            raise CaseError(f"case.yaml: publications.{number}: path is no file of the bundle. Put the file in the bundle")
        paths.append(path)
    return tuple(paths)


def _walk(root: Path) -> tuple[list[Path], int]:
    """Every regular file below `root` that is no system file, and how many were left out."""
    found: list[Path] = []
    skipped = 0
    for path in _entries(root):
        if path.is_symlink() and not (path.exists() and path.resolve().is_relative_to(root)):
            raise UsageError("A link in the bundle leads out of it or nowhere. Replace the link by the file itself")
        hidden = any(part.startswith((".", "~$")) or part.lower() in _NOISE for part in path.relative_to(root).parts)
        if hidden or not path.is_file():
            skipped += 1
        else:
            found.append(path)
    return found, skipped


def _entries(root: Path) -> Iterator[Path]:
    def stop(_: OSError) -> None:
        raise EnvironmentFault("A folder of the bundle cannot be read. Check its permissions") from None

    for folder, folders, files in os.walk(root, onerror=stop):
        here = Path(folder)
        yield from (here / name for name in files)
        yield from (link for name in folders if (link := here / name).is_symlink())
