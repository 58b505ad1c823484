"""Rules of facts.yaml as compiled patterns, and the running of them over one text.

A rule is a pattern with a named group `fact` (and `fact2` where one phrase holds two facts); without one the whole match
is the fact. In patterns `{word}` stands for an entry of `words`, a blank for any gap that does not end a paragraph.
Letters match in any case; entries that need a capital say so themselves with `(?-i:...)`.

Does not decide whether a fact is about a protected person: people and decide do that.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from ..model import Kind
from ..yamlfile import packaged
from .base import Found
from .foresight import Foresight, Outlook, automaton

CLASS_OR_BLANK = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]| ")  # a blank in a character class is a plain blank
GAP = r"(?:[ \t\u00a0]{1,2}|[ \t\u00a0]?\n[ \t\u00a0]*(?=\S))"
SENTENCE_END = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bNo)[.!?][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])"
    r"|\n[ \t]*\n\s*|\n(?=\||[-*•–] |\(?\d+[.)])"
)
SEPARATOR = re.compile(r":?-{2,}:?")
EMPTY = re.compile(r"(?i)(?:n/?a|none|nil|unknown|not known|not recorded|yes|no|tbc|[-–—?.]*)\Z")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of facts.yaml, its patterns filled in. Conditions look at the words before the fact, or at its whole sentence."""

    id: str
    kind: Kind
    detail: str
    score: float
    pattern: str
    seen: Foresight
    unless: str = ""
    unless_before: str = ""
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled value: "Label: value" on a line, a cell beside its label, or a column under it."""

    id: str
    kind: Kind
    detail: str
    score: float
    label: str
    value: str


class Sentences:
    """Where sentences, table rows and list items of a text begin; `outlook`: where in it the rules may match."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.outlook = Outlook(text, _words())
        self._starts = [0, *(m.end() for m in SENTENCE_END.finditer(text))]

    def around(self, start: int, end: int) -> str:
        """The sentence or row that holds the range (to the end of the one its last character is in)."""
        first = self._starts[bisect_right(self._starts, start) - 1]
        after = bisect_right(self._starts, max(start, end - 1))
        return self._text[first : self._starts[after] if after < len(self._starts) else len(self._text)]


def expand(pattern: str, words: Mapping[str, str]) -> str:
    """The pattern with every `{word}` replaced by its entry (entries may hold others) and blanks made gaps."""
    while True:
        wider = re.sub(r"\{([A-Za-z_]\w*)\}", lambda m: f"(?:{words[m.group(1)]})", pattern)
        if wider == pattern:
            return CLASS_OR_BLANK.sub(lambda m: GAP if m[0] == " " else m[0], pattern)
        pattern = wider


@cache
def _data() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = packaged(__package__, "facts.yaml")
    return loaded


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of this file, once it is first tried: a text of one page tries a few."""
    return re.compile(pattern, re.I)


def word(name: str) -> re.Pattern[str]:
    """One entry of `words`, compiled."""
    words = _data()["words"]
    return compiled(expand(words[name], words))


@cache
def rules(kind: Kind) -> tuple[Rule, ...]:
    """The rules that report facts of one kind, in the order of facts.yaml."""
    words = _data()["words"]

    def made(row: Mapping[str, Any], key: str, end: str = "") -> str:
        return expand(row[key], words) + end if key in row else ""

    return tuple(
        Rule(
            row["id"],
            kind,
            row["detail"],
            row["score"],
            pattern := made(row, "pattern"),
            Foresight.of(pattern),
            made(row, "unless"),
            made(row, "unless_before", r"\s*\Z"),
            made(row, "needs"),
        )
        for row in _data()["rules"][kind]
    )


@cache
def _words() -> Any:
    return automaton(rule.seen for kind in _data()["rules"] for rule in rules(Kind(kind)))


@cache
def fields() -> tuple[Field, ...]:
    """Every labelled value the rules know, in the order of facts.yaml."""
    words = _data()["words"]
    return tuple(
        Field(
            row["id"],
            Kind(row["kind"]),
            row["detail"],
            row["score"],
            expand(row["label"], words),
            expand(row["value"], words) if "value" in row else "",
        )
        for row in _data()["fields"]
    )


def run(kind: Kind, text: str, sentences: Sentences) -> Iterator[Found]:
    """Every fact of one kind that a rule finds in the text, overlaps included."""
    for rule in rules(kind):
        if not sentences.outlook.may_hold(rule.seen):
            continue
        for match in sentences.outlook.matches(compiled(rule.pattern), rule.seen):
            if _refused(rule, text, sentences, match):
                continue
            names = [n for n in ("fact", "fact2") if n in match.re.groupindex and match[n]]
            for name in names or (0,):
                start, end = match.span(name)
                yield Found(start, end, rule.kind, rule.score, rule.id, (rule.detail,))


def _refused(rule: Rule, text: str, sentences: Sentences, match: re.Match[str]) -> bool:
    if rule.unless_before and compiled(rule.unless_before).search(text, max(0, match.start() - 60), match.start()):
        return True
    if not (rule.unless or rule.needs):
        return False
    sentence = sentences.around(*match.span())
    return bool(rule.unless and compiled(rule.unless).search(sentence)) or bool(
        rule.needs and not compiled(rule.needs).search(sentence)
    )


def run_fields(kinds: Iterable[Kind], text: str) -> Iterator[Found]:
    """Every labelled value of the given kinds, in lines, cells and columns."""
    wanted = frozenset(kinds)
    values = list(_labelled(text))
    for spec in fields():
        if spec.kind not in wanted:
            continue
        for label, start, end in values:
            if not compiled(spec.label).fullmatch(label) or EMPTY.match(text, start, end):
                continue
            found = Found(start, end, spec.kind, spec.score, spec.id, (spec.detail,))
            if not spec.value:
                yield found
            elif match := compiled(spec.value).search(text, start, end):
                yield replace(found, start=match.start(), end=match.end())


LABEL_LINE = re.compile(
    r"(?m)(?:^|\t|[ ]{2,}|; )[ \t]*([A-Z][A-Za-z/.' ’]{1,34}?)[ \t]*:[ \t]*(\S[^\n\t|;]*?)(?=[ ]{3,}|[ \t]*(?:$|\t|\||;))"
)
CELL = re.compile(r"(?<=\|)[ \t]*([^|]*?)[ \t]*(?=\|)")


def _labelled(text: str) -> Iterator[tuple[str, int, int]]:
    """(label, start, end of value) for lines "Label: value", and for table cells beside or under a label."""
    for match in LABEL_LINE.finditer(text):
        yield match[1], match.start(2), match.end(2)
    head: list[str] = []
    at = 0
    for line in text.split("\n"):
        if line.startswith("| "):
            cells = _cells(line, at)
            if not head:
                head = [text[s:e] for s, e in cells]
            for column, (start, end) in enumerate(cells):
                value = text[start:end]
                if EMPTY.match(value) or SEPARATOR.fullmatch(value):
                    continue
                if column < len(head) and head[column] != value:
                    yield head[column], start, end
                if column == 1:
                    yield text[slice(*cells[0])], start, end
        elif not line.strip():
            head = []
        at += len(line) + 1


def _cells(line: str, at: int) -> list[tuple[int, int]]:
    """Start and end, in the text, of the trimmed content of each cell of a row "| a | b |" that begins at `at`."""
    return [(at + m.start(1), at + m.end(1)) for m in CELL.finditer(line)]


def settle(found: Iterable[Found]) -> list[Found]:
    """The facts without overlaps: the likely before the weak, the longer before the shorter, the surer before the less sure."""
    kept: list[Found] = []
    for fact in sorted(found, key=lambda f: (f.score < 0.5, f.start - f.end, -f.score, f.start)):
        if all(fact.end <= other.start or other.end <= fact.start for other in kept):
            kept.append(fact)
    return sorted(kept, key=lambda f: f.start)
