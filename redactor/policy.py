"""A policy: one YAML file that says what happens to each role and kind, with `extends`; a child may tighten, never weaken.

What is weaker is settled key by key in policy_strictness.py: a weaker key fails at load by its name, or
carries `authority: {who, when, why}`, which is then part of `weakened` and so of the public log. Tier 0 (SOAA 1992 s1(3A):
name, address, school, work) and "an unknown person is masked" cannot be weakened at all.
Does not judge whether a policy is lawful: it compares a child with its base, key by key.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from . import plugins, policy_registers, yamlfile
from .errors import PolicyError, RedactorError
from .model import Action, Kind, Role
from .plugins import Plugin
from .policy_labels import Labels
from .policy_ranks import RANKS, rank_of
from .policy_registers import Row, folder
from .policy_strictness import MOVES, locked, weaker
from .yamlfile import Strict

REASONS_FILE = "reasons.yaml"


class Reason(Strict):
    """One reason code: what it means, the FOIA sections it answers to, and whether it is a reason for keeping."""

    means: str
    foia: str = ""
    keeps: bool = False


class _Reasons(Strict):
    reasons: dict[str, Reason]


class _Authority(Strict):
    """Who allowed a weaker rule, when and why; published in the log, so no names of protected persons."""

    who: str = Field(min_length=2)
    when: str = Field(min_length=4)
    why: str = Field(min_length=5)


class _Role(Strict):
    action: Literal["mask", "keep"]
    reason: str
    label: str = ""
    otherwise: str = ""
    descriptor: str = "person"
    asks: bool = False


class _Detail(Strict):
    action: Action | None = None
    untied: Action | None = None


class _Kind(Strict):
    action: Action
    untied: Action
    reason: str
    kept: str = "K-UNTIED"
    details: dict[str, _Detail] = Field(default_factory=dict)


_NAME_MODEL = re.compile(r"rampart|tagger|(?:spacy|gliner|transformers):\S.{0,300}")
_PLUGIN = re.compile(r"[a-z][a-z0-9-]{0,40}")


class _Tagger(Strict):
    """From which probability on a word counts as part of a name, or of a fact of a kind, where the tagger finds it."""

    name: float = Field(gt=0, le=1)
    health: float = Field(gt=0, le=1)
    demographic: float = Field(gt=0, le=1)
    distinctive: float = Field(gt=0, le=1)
    age: float = Field(gt=0, le=1)


class Engine(Strict):
    """Which name models run (their union counts), how sure the tagger must be, and what evidence of a role is asked about.

    `names`: "tagger", "rampart", "spacy:" with an installed pipeline or a folder, "gliner:" or "transformers:" with the folder
    of a model.
    """

    names: tuple[str, ...] = Field(min_length=1)
    ask_below: float = Field(ge=0, le=1)
    tagger: _Tagger

    @field_validator("names")
    @classmethod
    def _known_models(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(_NAME_MODEL.fullmatch, value)):
            raise ValueError("a name model is tagger, rampart, spacy:PIPELINE, or spacy:, gliner: or transformers: and a folder")
        return value


class Dates(Strict):
    """How coarse a date becomes that names a day, or a month."""

    day: Literal["month_year", "season", "part_of_year", "year", "period"]
    month: Literal["season", "part_of_year", "year", "period"]


class Jigsaw(Strict):
    """Which jigsaw rules block a release, which warn or inform, and the smallest crowd (`k_min`) and count that may be told."""

    block: frozenset[str]
    warn: frozenset[str]
    info: frozenset[str] = frozenset()
    k_min: int = Field(ge=5)
    small_counts: int = Field(ge=5)

    @model_validator(mode="before")
    @classmethod
    def _stricter_wins(cls, data: Any) -> Any:
        """A rule that blocks need not be taken out of the milder lists it is inherited with."""
        if not isinstance(data, dict):
            return data
        block, warn = data.get("block", ()), [rule for rule in data.get("warn", ()) if rule not in data.get("block", ())]
        info = [rule for rule in data.get("info", ()) if rule not in (*block, *warn)]
        return {**data, "warn": warn, "info": info}


class Plugins(Strict):
    """Plug-ins in use, by the names their packages give them; a register of a plug-in stands among `registers`."""

    recognizers: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()

    @field_validator("recognizers", "formats")
    @classmethod
    def _well_named(cls, value: frozenset[str]) -> frozenset[str]:
        if not all(map(_PLUGIN.fullmatch, value)):
            raise ValueError("a plug-in is called by small letters, digits and dashes; `redactor policies plugins` lists them")
        return value


class _Settings(Strict):
    policy: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    extends: str = ""
    version: int = 1
    description: str
    jurisdiction: Literal["ew", "sc", "ni", "ie"] = "ew"
    engine: Engine
    roles: dict[Role, _Role]
    kinds: dict[Kind, _Kind]
    name_from_rank: str
    offices: frozenset[str]
    registers: frozenset[str]
    plugins: Plugins = Plugins()
    towns_from: int = Field(ge=0)
    ages: Literal["words", "teenager", "adult_child"]
    dates: Dates
    labels: Labels
    either_or: Literal["name_accused", "state_relationship"]
    pictures: Literal["text", "keep-painted"]
    jigsaw: Jigsaw
    sign_offs: tuple[str, ...] = Field(min_length=1)

    @field_validator("name_from_rank")
    @classmethod
    def _known_rank(cls, value: str) -> str:
        if value not in RANKS:
            raise ValueError(f"no such rank; the ladder is {', '.join(RANKS)}")
        return value

    @field_validator("registers")
    @classmethod
    def _known_registers(cls, value: frozenset[str]) -> frozenset[str]:
        if unknown := sorted(name for name in value if not policy_registers.known(name)):
            raise ValueError(f"no such register: {', '.join(unknown)}; there are {', '.join(policy_registers.names())}")
        return value

    @model_validator(mode="after")
    def _complete(self) -> _Settings:
        for what, given, wanted in (("roles", self.roles, Role), ("kinds", self.kinds, Kind)):
            if missing := [str(m) for m in wanted if m not in given]:
                raise ValueError(f"{what} says nothing of {', '.join(missing)}")
        codes = {r.reason for r in self.roles.values()} | {c for k in self.kinds.values() for c in (k.reason, k.kept)}
        if unknown := sorted(codes - set(reasons())):
            raise ValueError(f"reason codes that are not in {REASONS_FILE}: {', '.join(unknown)}")
        return self


@dataclass(frozen=True, slots=True)
class RoleRule:
    """What happens to the names of a role. `label` may hold {n}, {rank}, {of}, {kin}, {inv}; `otherwise` serves where one of
    these is unknown; `descriptor` is the noun of fluent prose; `rule` the line of the policy."""

    action: Action
    reason: str
    label: str
    otherwise: str
    descriptor: str
    asks: bool
    rule: str


@dataclass(frozen=True, slots=True)
class KindRule:
    """What happens to a fact: `action` if it is tied to a protected person, `untied` if not; `reason` why it goes,
    `kept` why it stays; `rule` the line of the policy."""

    action: Action
    untied: Action
    reason: str
    kept: str
    rule: str


@dataclass(frozen=True, slots=True)
class Weakening:
    """A key that is weaker than its base by somebody's authority. Goes into the public log."""

    key: str
    who: str
    when: str
    why: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy with its bases merged in. `digest` is SHA-256 (hex) of the merged form, its weakenings and the registers.

    `added`: plug-ins named beside the policy ("recognizers.plot-tag"); they are no part of it, and of the log all the same.
    """

    settings: _Settings
    weakened: tuple[Weakening, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name rule ids begin with."""
        return self.settings.policy

    @property
    def engine(self) -> Engine:
        """Name models and thresholds."""
        return self.settings.engine

    def plugged(self, *groups: str) -> tuple[Plugin, ...]:
        """The plug-ins in use, of all groups or of these, by id. Raises PluginFault where one is not installed."""
        use = self.settings.plugins
        ids = {*(f"recognizers.{n}" for n in use.recognizers), *(f"formats.{n}" for n in use.formats), *self.added}
        wanted = groups or plugins.GROUPS
        found = [plugins.named(*one.split(".", 1)) for one in sorted(ids) if one.partition(".")[0] in wanted]
        return (*found, *(policy_registers.plugged(self.settings.registers) if "registers" in wanted else ()))

    @property
    def offices(self) -> frozenset[str]:
        """Codes of offices whose holders stay named where the text states the office."""
        return self.settings.offices

    @property
    def register_rows(self) -> tuple[Row, ...]:
        """Holders of the listed offices in the registers in use; people/ says when a row speaks for somebody."""
        return policy_registers.rows(self.settings.registers, self.offices)

    @property
    def towns_from(self) -> int:
        """Settlements with at least this many inhabitants stay."""
        return self.settings.towns_from

    @property
    def ages(self) -> str:
        """How coarse an age becomes."""
        return self.settings.ages

    @property
    def dates(self) -> Dates:
        """How coarse a date becomes."""
        return self.settings.dates

    @property
    def labels(self) -> Labels:
        """How a masked person is called."""
        return self.settings.labels

    @property
    def either_or(self) -> str:
        """Name the accused or state the relationship, never both; holds where case.yaml is silent."""
        return self.settings.either_or

    @property
    def pictures(self) -> str:
        """Whether a picture is copied as text alone, or as pixels too, with masked lines painted over."""
        return self.settings.pictures

    @property
    def jigsaw(self) -> Jigsaw:
        """Which jigsaw rules block or warn."""
        return self.settings.jigsaw

    @property
    def sign_offs(self) -> tuple[str, ...]:
        """Who must sign, in order, before a release."""
        return self.settings.sign_offs

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the merged policy, of what was weakened by authority, and of the registers in use."""
        weakened = [[w.key, w.who, w.when, w.why] for w in self.weakened]
        form = [self.merged(), weakened, policy_registers.digest(self.settings.registers)]
        return hashlib.sha256(json.dumps(form, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def merged(self) -> dict[str, Any]:
        """Every setting in force, as plain values in a fixed order."""
        plain: dict[str, Any] = _plain(self.settings.model_dump())
        return plain

    def role(self, role: Role) -> RoleRule:
        """The rule for a role."""
        r = self.settings.roles[role]
        return RoleRule(Action(r.action), r.reason, r.label, r.otherwise, r.descriptor, r.asks, f"{self.name}:roles.{role}")

    def kind(self, kind: Kind, detail: str = "") -> KindRule:
        """The rule for a kind of fact, or for one detail of it ("home" of place) where the policy singles it out."""
        k = self.settings.kinds[kind]
        rule = KindRule(k.action, k.untied, k.reason, k.kept, f"{self.name}:kinds.{kind}")
        if (own := k.details.get(detail)) is None:
            return rule
        return replace(rule, action=own.action or k.action, untied=own.untied or k.untied, rule=f"{rule.rule}.{detail}")

    def names_rank(self, words: str) -> bool:
        """Whether an officer of this rank ("DCI", "Acting Detective Superintendent") stays named. Words that are no rank: no."""
        level = rank_of(words)
        return level is not None and level >= RANKS.index(self.settings.name_from_rank)


@cache
def reasons() -> Mapping[str, Reason]:
    """Every reason code by itself ("R-SOAA"), with its meaning and FOIA crosswalk."""
    text = (folder() / REASONS_FILE).read_text(encoding="utf-8")
    data, lines = yamlfile.parse(text, PolicyError, REASONS_FILE, ours=True)
    return yamlfile.build(_Reasons, data, lines, PolicyError, REASONS_FILE).reasons


def policies() -> list[tuple[str, str]]:
    """Name and description of every packaged policy, by name."""
    return [(p.name, p.settings.description) for p in map(load_policy, _packaged())]


def load_policy(name_or_file: str) -> Policy:
    """A packaged policy by name ("newsroom"), or one from a YAML file by path, merged with what it extends.

    Raises `PolicyError` with the nearest names for an unknown name, with line and key for a wrong or weaker key.
    """
    return _load(name_or_file, Path(), ())


def with_plugins(policy: Policy, named: Iterable[str]) -> Policy:
    """The policy, with plug-ins used beside those it names. Raises PolicyError for what is none, or may not come this way."""
    for name in (wanted := tuple(dict.fromkeys(named))):
        group, _, rest = name.partition(".")
        if group == "registers":
            raise PolicyError("A register says who may be named: list it under `registers` of a policy, with its authority")
        if group not in plugins.GROUPS or not _PLUGIN.fullmatch(rest):
            raise PolicyError("A plug-in is named as recognizers.NAME or formats.NAME. `redactor policies plugins` lists them")
    return replace(policy, added=wanted)


def check(file: str) -> list[str]:
    """What is wrong with a policy file, one sentence each; empty if it can be used."""
    try:
        load_policy(file)
    except RedactorError as wrong:
        return [str(wrong)]
    return []


def _packaged() -> list[str]:
    return sorted(p.stem for p in folder().glob("*.yaml") if p.name != REASONS_FILE)


def _find(name_or_file: str, beside: Path) -> Path:
    if name_or_file in _packaged():
        return folder() / f"{name_or_file}.yaml"
    path = beside / name_or_file
    if path.suffix in {".yaml", ".yml"} and path.is_file():
        return path
    near = difflib.get_close_matches(name_or_file, _packaged(), n=2, cutoff=0.5)
    offer = f"Did you mean {' or '.join(near)}?" if near else f"Choose one of {', '.join(_packaged())}, or give a .yaml file"
    raise PolicyError(f"No such policy. {offer}")


def _load(name_or_file: str, beside: Path, above: tuple[Path, ...]) -> Policy:
    path = _find(name_or_file, beside).resolve()
    what = path.name
    if path in above:
        raise PolicyError(f"{what}: extends itself. Break the circle")
    ours = path.parent == folder().resolve()
    raw, lines = yamlfile.parse(yamlfile.read(path, PolicyError, what), PolicyError, what, ours=ours)
    data, authorities = _authorised(raw, lines, what)
    base = _load(str(data["extends"]), path.parent, (*above, path)) if data.get("extends") else None
    merged = _merge(base.merged(), data) if base else data
    child = Policy(yamlfile.build(_Settings, merged, lines, PolicyError, what))
    return replace(child, weakened=_weakened(base, child, authorities, lines, what)) if base else child


def _authorised(raw: dict[str, Any], lines: yamlfile.Lines, what: str) -> tuple[dict[str, Any], dict[str, _Authority]]:
    """The policy without its authorities, and these by dotted key. `{value, authority}` becomes its value."""
    found: dict[str, _Authority] = {}

    def strip(value: Any, at: tuple[str, ...]) -> Any:
        if not isinstance(value, dict):
            return value
        rest = {key: strip(inner, (*at, key)) for key, inner in value.items() if key != "authority"}
        if "authority" in value:
            here = lines.get((*at, "authority"), 0)
            if not isinstance(value["authority"], dict):
                raise PolicyError(f"{what}, line {here}: authority needs who, when and why")
            own = {loc[len(at) + 1 :]: n for loc, n in lines.items() if loc[: len(at) + 1] == (*at, "authority")}
            found[".".join(at)] = yamlfile.build(_Authority, value["authority"], own, PolicyError, what)
        return rest["value"] if set(rest) == {"value"} else rest

    return strip(raw, ()), found


def _merge(base: dict[str, Any], child: dict[str, Any]) -> dict[str, Any]:
    """The base with the child's keys laid over it; mappings merge, anything else is replaced."""
    merged = dict(base)
    for key, value in child.items():
        under = base.get(key)
        merged[key] = _merge(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def _weakened(
    base: Policy, child: Policy, authorities: Mapping[str, _Authority], lines: yamlfile.Lines, what: str
) -> tuple[Weakening, ...]:
    """The weakenings in force; raises `PolicyError` for one that nobody answers for, or that nobody may allow."""
    found = list(base.weakened)
    for key in _weaker_keys(base.merged(), child.merged()):
        line = yamlfile.line_of(lines, tuple(key.split(".")))
        where = f"{what}, line {line}" if line else what
        if locked(key):
            raise PolicyError(f"{where}: {key} is weaker than in {base.name}, and no authority can allow that")
        by = next((a for at, a in authorities.items() if at and (key == at or key.startswith(f"{at}."))), None)
        if by is None:
            raise PolicyError(
                f"{where}: {key} is weaker than in {base.name}. Tighten it, or add authority: {{who, when, why}} to that key"
            )
        found.append(Weakening(key, by.who, by.when, by.why))
    return tuple(found)


def _weaker_keys(base: dict[str, Any], child: dict[str, Any]) -> Iterator[str]:
    """Dotted keys in which the child is weaker than its base, those of `MOVES` and every action below roles and kinds."""
    for key in sorted({*MOVES, *_action_keys(base), *_action_keys(child)}):
        was, now = _at(base, key), _at(child, key)
        if weaker(key, was, now, base, child):
            yield key


def _action_keys(merged: dict[str, Any]) -> Iterator[str]:
    for role in merged["roles"]:
        yield f"roles.{role}.action"
        yield f"roles.{role}.asks"
    for kind, rule in merged["kinds"].items():
        yield f"kinds.{kind}.action"
        yield f"kinds.{kind}.untied"
        for detail in rule["details"]:
            yield f"kinds.{kind}.details.{detail}.action"
            yield f"kinds.{kind}.details.{detail}.untied"


def _at(merged: dict[str, Any], key: str) -> Any:
    """The value at a dotted key; a detail that says nothing of its own has its kind's value."""
    parts = key.split(".")
    value: Any = merged
    for part in parts:
        value = value.get(part) if isinstance(value, dict) else None
    if value is None and len(parts) == 5 and parts[2] == "details":
        return merged["kinds"][parts[1]][parts[4]]
    return value


def _plain(value: Any) -> Any:
    """Sets as sorted lists, for their order differs from process to process and the digest must not; null keys left out."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return str(value) if isinstance(value, StrEnum) else value
