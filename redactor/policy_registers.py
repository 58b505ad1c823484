"""Registers of public office-holders: who held which office, from when to when, and who says so (policies/registers/*.yaml).

A register names people; by itself it frees nobody. people/registers.py says when a row speaks for a person: only where the text
gives the office or its context too. Does not know who holds an office today: a row without `to` is as good as its last check.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from pydantic import Field, field_validator, model_validator

from . import plugins, yamlfile
from .errors import PolicyError
from .plugins import Plugin
from .yamlfile import Strict


class Holder(Strict):
    """One holder of an office. `from` and `to` are a day, a month or a year ("2014-09-16", "2014-09", "2014"); no `to`: the
    holder when the register was last checked."""

    name: str
    aliases: tuple[str, ...] = ()
    since: str = Field(alias="from")
    until: str = Field(default="", alias="to")

    @field_validator("name", "aliases")
    @classmethod
    def _full(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for name in [value] if isinstance(value, str) else value:
            if not re.fullmatch(r"[^\W\d_][\w'’.-]*(?: [\w'’.-]+){1,3}", name):
                raise ValueError("a given name and a surname, without titles")
        return value

    @field_validator("since", "until")
    @classmethod
    def _date(cls, value: str) -> str:
        if value:
            parts = value.split("-")
            if not re.fullmatch(r"(?:19|20)\d\d(?:-\d\d){0,2}", value):
                raise ValueError("a day, a month or a year, as 2014-09-16, 2014-09 or 2014")
            datetime.date(int(parts[0]), int([*parts, "1"][1]) if len(parts) > 1 else 1, int(parts[2]) if len(parts) > 2 else 1)
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Holder:
        if self.until and self.until < self.since[: len(self.until)]:
            raise ValueError("`to` is before `from`")
        return self


class Office(Strict):
    """One office and its holders. `words` are what a text calls it and nothing else; `loose` what it is called once its `body`
    or `area` is known ("the chief inspector"); `works` what its holder is known for writing or leading ("report"); where an
    `area` is given it must stand in the text too. `code` is a policy's."""

    office: str
    code: str
    words: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    works: tuple[str, ...] = ()
    area: str = ""
    source: str = Field(min_length=8)
    holders: tuple[Holder, ...]

    @model_validator(mode="after")
    def _can_be_told(self) -> Office:
        if not (self.words or self.loose) or (self.loose and not (self.body or self.area)):
            raise ValueError("give `words`, or `loose` with the body or area they need")
        if not self.holders:
            raise ValueError("an office without holders")
        return self


class Register(Strict):
    """One file of offices."""

    name: str = Field(alias="register", pattern=r"^[a-z][a-z-]{1,30}$")
    description: str
    offices: tuple[Office, ...]

    @model_validator(mode="after")
    def _no_duplicates(self) -> Register:
        given = [(o.office, h.name, h.since) for o in self.offices for h in o.holders]
        if len(given) > len(set(given)) or len(self.offices) > len({o.office for o in self.offices}):
            raise ValueError("an office or a holder is given twice")
        return self


@dataclass(frozen=True, slots=True)
class Row:
    """One holder with what is said of the office. `years` are the first and last year in office (9999: still)."""

    register: str
    office: Office
    holder: Holder

    @property
    def years(self) -> tuple[int, int]:
        """First and last year in office; 9999 where no end is known."""
        return int(self.holder.since[:4]), int(self.holder.until[:4] or 9999)


def folder() -> Path:
    """Where the packaged policies lie: inside an installed wheel, or beside the package in a checkout."""
    package = Path(str(resources.files("redactor")))
    inside = package / "_policies"
    return inside if inside.is_dir() else package.parent / "policies"


def names() -> list[str]:
    """Every packaged register by name."""
    return sorted(p.stem for p in (folder() / "registers").glob("*.yaml"))


def known(name: str) -> bool:
    """Whether there is a register of this name: a packaged one, or one that an installed package brings as a plug-in."""
    return name in names() or plugins.is_offered("registers", name)


def plugged(wanted: Iterable[str]) -> tuple[Plugin, ...]:
    """Those of these registers that are plug-ins. One with the name of a packaged register never stands in its place."""
    return tuple(plugins.named("registers", name) for name in sorted(set(wanted) - set(names())))


@cache
def load(name: str) -> Register:
    """A packaged register, or that of a plug-in. Raises `PolicyError` for a name there is none of, and with the line where one
    cannot be used."""
    if not known(name):
        raise PolicyError(f"No such register. Choose one of {', '.join(names())}")
    what = f"registers/{name}.yaml"
    file = folder() / "registers" / f"{name}.yaml" if name in names() else plugins.register_file(plugins.named("registers", name))
    data, lines = yamlfile.parse(yamlfile.read(file, PolicyError, what), PolicyError, what, ours=name in names())
    found = yamlfile.build(Register, data, lines, PolicyError, what)
    if found.name != name:
        raise PolicyError(f"{what}: register must be the file's own name. Write register: {name}")
    return found


def rows(wanted: Iterable[str], codes: Iterable[str]) -> tuple[Row, ...]:
    """The rows of these registers whose office a policy lists (`codes`)."""
    listed = frozenset(codes)
    return tuple(
        Row(name, office, holder)
        for name in sorted(wanted)
        for office in load(name).offices
        if office.code in listed
        for holder in office.holders
    )


def digest(wanted: Iterable[str]) -> str:
    """SHA-256 (hex) of what these registers say, in one fixed order."""
    said = [load(name).model_dump(mode="json") for name in sorted(wanted)]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def said(name: str) -> list[tuple[str, int, str, str]]:
    """What a register holds: each office, how many holders, and its first and last year ("" where the last holds it still)."""
    return [
        (
            office.office,
            len(office.holders),
            min(h.since[:4] for h in office.holders),
            max(h.until[:4] for h in office.holders) if all(h.until for h in office.holders) else "",
        )
        for office in load(name).offices
    ]
