"""Evidence of roles from the words around each mention, and the most protective role that has enough of it.

A role beyond the case register changes the label and the question asked; the one role that unmasks anybody is a public
office stated in the text, and any protective evidence beats that (DOMAIN §2, resolution order).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from ..lexicon import Title
from ..model import Evidence, Role
from ..yamlfile import packaged
from .drafts import Draft

ENOUGH = 0.5
STRONG = 0.7  # a cue below this names who an unknown may be; it does not undo a stated office
OUTRIGHT = 0.9
WINDOW = 90


@cache
def _cues() -> Mapping[str, list[tuple[Any, ...]]]:
    data = packaged(__package__, "data", "roles.yaml")
    kin, job = (re.sub(r"\s+", " ", data[k]).replace("| ", "|") for k in ("kin", "job"))

    words = {"{kin}": kin, "{job}": job, "{minor}": f"(?:{data['minor']})"}

    def compiled(rows: list[list[Any]]) -> list[tuple[Any, ...]]:
        return [(*row[:-1], re.compile(re.sub(r"\{[a-z]+\}", lambda m: words[m[0]], row[-1]), re.I)) for row in rows]

    return {side: compiled(data[side]) for side in ("before", "after")}


Cue = tuple[str, int, str]
"""A cue that stands beside a mention: its side, its place in the list of that side, and the words."""


def cues_in(before: str, after: str) -> list[Cue]:
    """The cues of roles in the words `before` and `after` one mention."""
    sides = (("before", before[-WINDOW:]), ("after", after[:WINDOW]))
    found = ((side, n, row[-1].search(words)) for side, words in sides for n, row in enumerate(_cues()[side]))
    return [(side, number, match.group()) for side, number, match in found if match]


def hear(draft: Draft, doc: str, cues: Iterable[Cue], alone: bool) -> bool:
    """Add what the cues around one mention say of `draft`; whether they call it a survivor or victim outright.

    `alone`: the mention can be nobody else.
    """
    weight = 1.0 if alone else 0.4
    outright = False
    for side, number, words in cues:
        role, strength, _ = _cues()[side][number]
        rule = f"{side if strength >= STRONG else 'hint'}:{role}"
        draft.evidence.append(Evidence(Role(role), rule, strength * weight, doc))
        outright |= alone and role in ("survivor", "child") and strength >= OUTRIGHT
        if role == "family" and not draft.kin_word:
            draft.kin_word = _kin_word(words)
        if role == "professional" and not draft.rank:
            draft.rank = _words(words)
    return outright


def hold(draft: Draft, doc: str, offices: Iterable[str], ranks: Iterable[Title], names_rank: Callable[[str], bool]) -> None:
    """Add what one mention states of `draft`: codes of public offices, and ranks before the name that are surely its own."""
    for code in sorted(offices):
        draft.evidence.append(Evidence(Role.PUBLIC_FIGURE, f"office:{code}", 0.9, doc))
        draft.office = draft.office or code
    for title in ranks:
        if names_rank(title.code):
            draft.evidence.append(Evidence(Role.PUBLIC_FIGURE, f"rank:{title.code.replace(' ', '-')}", 0.9, doc))
            draft.office = draft.office or "chief_officer"


def from_titles(draft: Draft) -> None:
    """What ranks and kin words before the name say of who the person is, if nothing else does."""
    for title in sorted(draft.titles):
        if title.family == "rank":
            draft.evidence.append(Evidence(Role.OFFICER, f"rank:{title.code.replace(' ', '-')}", 0.9))
            draft.rank = draft.rank or title.label
        elif title.family == "kin":
            draft.evidence.append(Evidence(Role.FAMILY, "title:kin", 0.7))
            draft.kin_word = draft.kin_word or title.code
        elif title.code in ("dr", "prof", "rev"):
            draft.evidence.append(Evidence(Role.PROFESSIONAL, f"title:{title.code}", 0.5))


def judge(draft: Draft, names_office: Callable[[str], bool]) -> Role:
    """The role of a draft: the case's word, else a stated office without protective evidence, else the most protective."""
    if draft.role is not None:
        return draft.role
    total: dict[Role, float] = defaultdict(float)
    strong: dict[Role, float] = defaultdict(float)
    counted = [e for e in draft.evidence if not e.rule.startswith("office:") or names_office(e.rule.partition(":")[2])]
    for e in counted:
        total[e.role] += e.weight
        strong[e.role] += e.weight if not e.rule.startswith("hint:") else 0.0
    staff = max(total.get(Role.OFFICER, 0.0), total.get(Role.PROFESSIONAL, 0.0))
    if draft.spoken:
        stated = any(e.role is Role.PUBLIC_FIGURE and not e.rule.startswith("register:") for e in counted)
        other = any(e.role is not Role.PUBLIC_FIGURE and not e.rule.startswith("title:") for e in counted)
        if stated or other:  # the text says it itself, or something else: a register adds nothing, or is beaten
            draft.spoken.clear()
            total[Role.PUBLIC_FIGURE] = sum(
                e.weight for e in counted if e.role is Role.PUBLIC_FIGURE and not e.rule.startswith("register:")
            )
    if total.get(Role.PUBLIC_FIGURE, 0.0) >= ENOUGH:
        # Lower rank words ("DI, later Chief Constable") do not undo an office; survivor, family or suspect evidence does.
        if not any(strong[r] >= STRONG for r in (Role.SURVIVOR, Role.CHILD, Role.FAMILY, Role.SUSPECT)):
            return Role.PUBLIC_FIGURE
    for role in Role:
        if role.protected and role is not Role.UNKNOWN and total.get(role, 0.0) >= ENOUGH:
            if staff > total[role] and role in (Role.SURVIVOR, Role.CHILD, Role.FAMILY, Role.WITNESS):
                continue  # "PC Lane, 34" is an officer whose age was given
            if role is Role.SURVIVOR and not strong[role] and strong[Role.SUSPECT] >= STRONG:
                continue  # so is "a second defendant, Lee Lane, 61"
            return role
    return Role.UNKNOWN


def settle(draft: Draft, state_relationship: bool) -> None:
    """Set the question about a listed person that the text itself raises, and mask the accused where the case says so.

    An entry beats every general rule, so nobody listed is masked for what the text says; but an offender who is somebody's
    stepfather, and a councillor who is somebody's victim, are for a person to look at (DOMAIN 0.5, 2). Where the case chose to
    state relationships, the accused who is kin is not named (Editors' Code cl.7).
    """
    heard = {e.role for e in draft.evidence if e.rule.split(":")[0] in ("before", "after") and e.weight >= STRONG}
    if draft.listed == "public_figures" and draft.role is Role.CONVICTED and Role.FAMILY in heard:
        draft.doubt = "convicted-kin"
        if state_relationship:
            draft.role = Role.SUSPECT
    elif draft.listed == "public_figures" and draft.role is Role.PUBLIC_FIGURE and heard & {Role.SURVIVOR, Role.CHILD}:
        draft.doubt = "dual-role"


def _kin_word(cue: str) -> str:
    words = re.findall(r"[a-zé-]+", cue.lower())
    kin = set(re.split(r"[|\s]+", _kin_list()))
    return next((w for w in reversed(words) if w in kin), "")


@cache
def _kin_list() -> str:
    data = packaged(__package__, "data", "roles.yaml")
    return str(data["kin"])


@cache
def _jobs() -> re.Pattern[str]:
    data = packaged(__package__, "data", "roles.yaml")
    return re.compile(r"\b(?:" + re.sub(r"\s+", " ", str(data["job"])).replace("| ", "|") + r")\b", re.I)


def _words(cue: str) -> str:
    """The job itself and nothing else of the sentence: what stands here becomes a public label."""
    found = _jobs().search(cue)
    return " ".join(found.group().lower().split()) if found else ""
