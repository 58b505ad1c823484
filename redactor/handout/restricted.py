"""The restricted report: source and copy side by side, every decision with its reason, who is who. Personal text throughout.

Its page is made in memory and leaves this room only locked (locked.py). Rows stand side by side where source and copy have the
same number of lines; where they have not (a PDF typeset anew), the whole texts do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from ..cleartext import ClearText
from ..policy import reasons
from .pages import page
from .public import in_brief, plain

_LABEL = re.compile(r"\[[^\[\]\n]{1,80}\]")
_CLASS = {"mask": "m", "soften": "c", "keep": "k"}
_DONE = {"mask": "masked", "soften": "made coarser", "keep": "kept"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision and where it stands in the source (characters of its flat text)."""

    start: int
    end: int
    kind: str
    action: str
    reason: str
    rule: str
    decider: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """One document: the source's text and the copy's ("" where the document is held, `held` says why)."""

    id: str
    path: ClearText
    source: ClearText
    copy: ClearText
    choices: tuple[Choice, ...]
    held: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """One person: label ("" for one who stays named), role, names, mentions and documents."""

    label: str
    role: str
    names: tuple[str, ...] = field(repr=False)
    mentions: int = 0
    documents: int = 0


def restricted(pairs: Sequence[Pair], people: Sequence[Who], title: str, policy: str, made: str) -> str:
    """The inside of the report as HTML, every word escaped."""
    documents = [{"pair": p, "path": p.path.reveal(), "rows": list(sides(p)), "decisions": list(told(p))} for p in pairs]
    people = sorted(people, key=lambda w: (not w.label, w.role, w.label, w.names))
    return page("restricted.html", documents=documents, people=people, title=title, policy=policy, made=made)


def sides(pair: Pair) -> Iterator[tuple[Markup, Markup]]:
    """Source and copy, line by line where they have as many lines, in one row otherwise; each decision marked and explained."""
    source, copy = pair.source.reveal(), pair.copy.reveal()
    left, right = _lines(source), _lines(copy)
    if len(left) != len(right) or not copy:
        left, right = [(0, len(source))], [(0, len(copy))]
    for (start, end), (first, last) in zip(left, right, strict=True):
        yield _source(source, start, end, pair.choices), _copy(copy[first:last])


def _lines(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in re.finditer(r"[^\n]+", text) if m[0].strip()]


def _source(text: str, start: int, end: int, choices: Sequence[Choice]) -> Markup:
    out, at = [], start
    for c in sorted(choices, key=lambda c: (c.start, -c.end)):
        first, last = max(c.start, start), min(c.end, end)
        if first < at or last <= first:
            continue
        out += [escape(text[at:first]), _mark(_CLASS[c.action], _said(c), text[first:last])]
        at = last
    return Markup("").join([*out, escape(text[at:end])])


def _copy(text: str) -> Markup:
    out, at = [], 0
    for m in _LABEL.finditer(text):
        out += [escape(text[at : m.start()]), _mark("m", "", m[0])]
        at = m.end()
    return Markup("").join([*out, escape(text[at:])])


def _mark(style: str, said: str, words: str) -> Markup:
    if not said:
        return Markup('<mark class="{}">{}</mark>').format(style, words)
    return Markup('<mark class="{}" tabindex="0" title="{}">{}</mark>').format(style, said, words)


def _said(c: Choice) -> str:
    who = f"{c.label}: " if c.label else ""
    return f"{who}{plain('kinds', c.kind)} {_DONE[c.action]}. {c.reason}: {_means(c.reason)}. Rule {c.rule}, by {c.decider}."


def _means(code: str) -> str:
    known = reasons().get(code.partition(":")[0])
    return in_brief(known.means) if known else code


def told(pair: Pair) -> Iterator[dict[str, str]]:
    """Every decision of a document in words, in the order of its text."""
    text = pair.source.reveal()
    for c in sorted(pair.choices, key=lambda c: (c.start, c.end)):
        yield {
            "words": " ".join(text[c.start : c.end].split()),
            "style": _CLASS[c.action],
            "done": _DONE[c.action],
            "kind": plain("kinds", c.kind),
            "reason": c.reason,
            "means": _means(c.reason),
            "rule": c.rule,
            "decider": c.decider,
            "label": c.label,
        }
