"""Evidence of roles from the words around each mention, and the most protective role that has enough of it.

A role beyond the case register changes the label and the question asked; the one role that unmasks anybody is a public
office stated in the text, and any protective evidence beats that (DOMAIN §2, resolution order).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ..model import Evidence, Role
from .drafts import Draft

ENOUGH = 0.5
WINDOW = 90


@cache
def _cues() -> Mapping[str, list[tuple[Any, ...]]]:
    data = yaml.safe_load((files(__package__) / "data" / "roles.yaml").read_text(encoding="utf-8"))
    kin, job = (re.sub(r"\s+", " ", data[k]).replace("| ", "|") for k in ("kin", "job"))

    def compiled(rows: list[list[Any]], flags: re.RegexFlag) -> list[tuple[Any, ...]]:
        return [(*row[:-1], re.compile(row[-1].replace("{kin}", kin).replace("{job}", job), flags)) for row in rows]

    return {
        "before": compiled(data["before"], re.I),
        "after": compiled(data["after"], re.I),
        "office_before": compiled(data["office_before"], re.M),
        "office_after": compiled(data["office_after"], re.M),
    }


def hear(draft: Draft, doc: str, before: str, after: str, alone: bool) -> None:
    """Add what the words `before` and `after` one mention say of `draft`. `alone`: the mention can be nobody else."""
    weight = 1.0 if alone else 0.4
    for role, strength, pattern in _cues()["before"]:
        match = pattern.search(before[-WINDOW:])
        if match:
            draft.evidence.append(Evidence(Role(role), f"before:{role}", strength * weight, doc))
            if role == "family" and not draft.kin_word:
                draft.kin_word = _kin_word(match.group())
            if role == "professional" and not draft.rank:
                draft.rank = _words(match.group())
    for role, strength, pattern in _cues()["after"]:
        match = pattern.search(after[:WINDOW])
        if match:
            draft.evidence.append(Evidence(Role(role), f"after:{role}", strength * weight, doc))
            if role == "family" and not draft.kin_word:
                draft.kin_word = _kin_word(match.group())
            if role == "professional" and not draft.rank:
                draft.rank = _words(match.group())
    if alone and draft.names:
        for name, side in (("office_before", before[-WINDOW:]), ("office_after", after[:WINDOW])):
            for code, pattern in _cues()[name]:
                if pattern.search(side):
                    draft.evidence.append(Evidence(Role.PUBLIC_FIGURE, f"office:{code}", 0.9, doc))
                    draft.office = draft.office or code


def from_titles(draft: Draft, names_rank: Any, names_office: Any) -> None:
    """What ranks, offices and kin words before the name say."""
    for title in sorted(draft.titles):
        if title.family == "rank":
            role = Role.PUBLIC_FIGURE if names_rank(title.code) else Role.OFFICER
            draft.evidence.append(Evidence(role, f"rank:{title.code.replace(' ', '-')}", 0.9))
            draft.rank = draft.rank or title.label
            if role is Role.PUBLIC_FIGURE:
                draft.office = draft.office or "chief_officer"
        elif title.family == "office" and names_office(title.code):
            draft.evidence.append(Evidence(Role.PUBLIC_FIGURE, f"office:{title.code}", 0.9))
            draft.office = draft.office or title.code
        elif title.family == "kin":
            draft.evidence.append(Evidence(Role.FAMILY, "title:kin", 0.7))
            draft.kin_word = draft.kin_word or title.code
        elif title.code in ("dr", "prof", "rev"):
            draft.evidence.append(Evidence(Role.PROFESSIONAL, f"title:{title.code}", 0.5))


def judge(draft: Draft, names_office: Any) -> Role:
    """The role of a draft: the case's word, else a stated office without protective evidence, else the most protective."""
    if draft.role is not None:
        return draft.role
    total: dict[Role, float] = defaultdict(float)
    for e in draft.evidence:
        if e.role is not Role.PUBLIC_FIGURE or not e.rule.startswith("office:") or names_office(e.rule.partition(":")[2]):
            total[e.role] += e.weight
    staff = max(total.get(Role.OFFICER, 0.0), total.get(Role.PROFESSIONAL, 0.0))
    private = [r for r in (Role.SURVIVOR, Role.CHILD, Role.FAMILY, Role.SUSPECT) if total.get(r, 0.0) >= ENOUGH]
    if total.get(Role.PUBLIC_FIGURE, 0.0) >= ENOUGH:
        # Lower rank words ("DI, later Chief Constable") do not undo an office; survivor, family or suspect evidence does.
        if not any(total[r] >= 0.7 for r in private):
            return Role.PUBLIC_FIGURE
    for role in Role:
        if role.protected and role is not Role.UNKNOWN and total.get(role, 0.0) >= ENOUGH:
            if staff > total[role] and role in (Role.SURVIVOR, Role.CHILD, Role.FAMILY, Role.WITNESS):
                continue  # "PC Lane, 34" is an officer whose age was given
            return role
    return Role.UNKNOWN


def _kin_word(cue: str) -> str:
    words = re.findall(r"[a-zé-]+", cue.lower())
    kin = set(re.split(r"[|\s]+", _kin_list()))
    return next((w for w in reversed(words) if w in kin), "")


@cache
def _kin_list() -> str:
    data = yaml.safe_load((files(__package__) / "data" / "roles.yaml").read_text(encoding="utf-8"))
    return str(data["kin"])


@cache
def _jobs() -> re.Pattern[str]:
    data = yaml.safe_load((files(__package__) / "data" / "roles.yaml").read_text(encoding="utf-8"))
    return re.compile(r"\b(?:" + re.sub(r"\s+", " ", str(data["job"])).replace("| ", "|") + r")\b", re.I)


def _words(cue: str) -> str:
    """The job itself and nothing else of the sentence: what stands here becomes a public label."""
    found = _jobs().search(cue)
    return " ".join(found.group().lower().split()) if found else ""
