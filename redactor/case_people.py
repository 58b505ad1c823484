"""People of the case from a spreadsheet, as teams keep them: one row a person, the first row of each sheet its headings.

An error names file, sheet and row by number, and the column, never what stands there. Not caught: a row that lists somebody
under a wrong name or role.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from .case import Case, Entry, Known, Pseudonym, PublicFigure, Waiver
from .case_merge import checked, key, with_aliases
from .case_roles import role_of
from .case_sheets import Books, sheets, workbook
from .cleartext import ClearText
from .errors import CaseError
from .model import NAMEABLE, Role

# Each column by the headings teams give it, letters alone; what is under "notes" is not read.
_HEADINGS = {
    "name": "name, full name, nominal, nominal name, person, subject",
    "surname": "surname, last name, family name",
    "forename": "forename, forenames, first name, first names, given name, given names",
    "middle": "middle name, middle names",
    "title": "title, rank",
    "aliases": "aliases, alias, aka, also known as, known as, nickname, nicknames, other names, maiden name, previous names",
    "role": "role, status",
    "documents": "documents, document, files, file",
    "office": "office, position, post, job, job title",
    "basis": "basis",
    "waiver": "waiver, waived",
    "scope": "scope, waiver scope",
    "notes": "notes, note, comment, comments, remarks",
}
_COLUMNS = {words.strip(): column for column, said in _HEADINGS.items() for words in said.split(",")}
_NAMED = {str(role).replace("_", " "): role for role in NAMEABLE}
_NO = frozenset({"", "no", "n", "none", "false", "0", "-", "–"})
_YES = frozenset({"yes", "y", "true", "1", "x"})  # that there is a waiver says neither when nor what for

Row = Mapping[str, str]


def case_with_people(case: Case, paths: Sequence[Path], books: Books = workbook) -> Case:
    """The case and everybody the spreadsheets list. A person both list is one entry, with the names of both and the case's own
    office and basis. `books` reads workbooks, in another process where it can. Raises CaseError for what cannot be used, and
    where the two say different roles or documents."""
    lists: dict[str, list[Entry]] = {field: list(getattr(case, field)) for field in _LISTS}
    places: dict[str, list[tuple[str, int]]] = defaultdict(list)  # a name → where it is listed
    for field, entries in lists.items():
        for position, entry in enumerate(entries):
            _place(places, entry, (field, position))
    for number, path in enumerate(paths, 1):
        for where, row in _rows(path, f"people file {number}" if len(paths) > 1 else "people file", books):
            _enter(lists, places, _entry(row, where), where)
    return checked(case.model_copy(update={field: tuple(entries) for field, entries in lists.items()}))


_LISTS = {"people": Known, "waivers": Waiver, "public_figures": PublicFigure, "pseudonyms": Pseudonym}


def _place(places: dict[str, list[tuple[str, int]]], entry: Entry, at: tuple[str, int]) -> None:
    for name in {key(form) for form in entry.forms}:
        places[name].append(at)


def _enter(lists: dict[str, list[Entry]], places: dict[str, list[tuple[str, int]]], entry: Entry, where: str) -> None:
    """Put the entry in its list, or its names to the entry that is there already."""
    twins = sorted({at for form in entry.forms for at in places.get(key(form), ())})
    for field, position in twins:
        known = lists[field][position]
        if _role(known) is _role(entry):
            if _narrowed(known) and _documents(known) != _documents(entry):
                raise CaseError(f"{where}: documents: the case, or a row before, names others. Make the two agree")
            lists[field][position] = with_aliases(known, entry.forms)
            _place(places, entry, (field, position))
            return
    if not _narrowed(entry) and any(not _narrowed(lists[field][position]) for field, position in twins):
        raise CaseError(f"{where}: role: the case, or a row before, gives this person another one. Make the two agree")
    field = next(name for name, kind in _LISTS.items() if isinstance(entry, kind))
    lists[field].append(entry)
    _place(places, entry, (field, len(lists[field]) - 1))


def _role(entry: Entry) -> Role:
    if isinstance(entry, Known | PublicFigure):
        return entry.role
    return Role.WAIVED if isinstance(entry, Waiver) else Role.PSEUDONYM


def _narrowed(entry: Entry) -> bool:
    """Whether the entry speaks of some documents alone, so that another may speak of the rest."""
    return bool(_documents(entry))


def _documents(entry: Entry) -> set[str]:
    return {d.reveal().casefold() for d in entry.documents} if isinstance(entry, Known) else set()


def _entry(row: Row, where: str) -> Entry:
    """One row as an entry of the case."""
    name = row.get("name") or " ".join(row[c] for c in ("forename", "middle", "surname") if row.get(c))
    if not re.search(r"[^\W\d_]", name):
        raise CaseError(f"{where}: no name. Fill it in, or empty the row")
    said: dict[str, Any] = {"name": " ".join([row["title"], name]) if row.get("title") else name}
    said["aliases"] = tuple(dict.fromkeys([*([name] if row.get("title") else []), *_several(row, "aliases")]))
    role = _told(row.get("role", ""), where)
    waiver = row.get("waiver", "")
    if waiver.casefold() not in _NO or role is Role.WAIVED:
        return _waiver(row, said, role, where)
    if role is Role.PSEUDONYM:
        return Pseudonym(**said, basis=row.get("basis", ""))
    if role in NAMEABLE:
        office, basis = row.get("office", ""), row.get("basis", "")
        figure = PublicFigure(**said, office=office, basis=basis)
        if role is Role.CONVICTED and figure.role is not role:
            figure = PublicFigure(**said, office=office, basis=f"convicted {basis}".strip())
        if figure.role is not role:
            raise CaseError(f"{where}: role: office or basis speak of a conviction. Use the role convicted, or mend them")
        return figure
    return Known(**said, role=role, documents=tuple(map(ClearText, _several(row, "documents"))))


def _told(words: str, where: str) -> Role:
    """The role in a cell, as a team writes it; an empty one is an unknown person. Words that say nothing known are refused."""
    plain = " ".join(re.findall(r"[^\W\d_]+", words.casefold()))
    role = _NAMED.get(plain) or (role_of(words.replace("_", " ")) if plain else Role.UNKNOWN)
    if role is None or (role is Role.UNKNOWN and plain not in ("", "unknown", "not known")):
        known = ", ".join(sorted(str(r).replace("_", " ") for r in Role))
        raise CaseError(f"{where}: role: not one that is known. Use one of: {known}")
    return role


def _waiver(row: Row, said: dict[str, Any], role: Role, where: str) -> Waiver:
    """A survivor's own consent (SOAA 1992 s5): it needs its basis, and frees nobody else."""
    if role not in (Role.SURVIVOR, Role.COMPLAINANT, Role.WAIVED, Role.UNKNOWN):
        raise CaseError(f"{where}: waiver: only a survivor waives anonymity, and their own. Empty the cell or mend the role")
    words = row.get("waiver", "")
    basis = row.get("basis", "") if words.casefold() in _NO | _YES else words
    if not basis:
        raise CaseError(f"{where}: waiver: its basis is missing. Say when and how it was given, as in: signed form of 6 May 2019")
    return Waiver(**said, basis=basis, scope=ClearText(row.get("scope") or "own name"))


def _several(row: Row, column: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n]", row.get(column, "")) if re.search(r"\w", part)]


def _rows(path: Path, what: str, books: Books) -> Iterator[tuple[str, Row]]:
    """Each row with something in it: where it stands, and its cells by column."""
    found = False
    for where, lines in sheets(path, what, books):
        columns: list[str] | None = None
        for number, cells in lines:
            if not any(cells):
                continue
            at = f"{where}, row {number}"
            if columns is None:
                columns = _columns(cells, at)
                continue
            if any(cell and not column for column, cell in zip_longest(columns, cells)):
                raise CaseError(f"{at}: a cell stands under no heading. Give its column one, or empty it")
            found = True
            yield at, {column: cell for column, cell in zip(columns, cells, strict=False) if column}
    if not found:
        raise CaseError(f"{what}: it lists nobody. Give a heading row with name and role, and one row a person")


def _columns(cells: Sequence[str], at: str) -> list[str]:
    columns = []
    for number, cell in enumerate(cells, 1):
        heading = " ".join(re.findall(r"[a-z]+", re.sub(r"\([^)]*\)|\.", "", cell.casefold())))
        column = _COLUMNS.get(heading, "")
        if cell and not column:
            known = ", ".join(_HEADINGS)
            raise CaseError(f"{at}: the heading of column {number} is not known. Rename it to one of: {known}")
        if column and column != "notes" and column in columns:
            raise CaseError(f"{at}: column {number} repeats one before it. Join the two")
        columns.append(column)
    if not {"name", "surname", "forename"} & set(columns):
        raise CaseError(f"{at}: no column is headed name. Put headings in the first row; hide a sheet that lists no people")
    return columns
