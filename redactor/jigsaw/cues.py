"""The packaged word lists and patterns (cues.yaml), compiled for one bundle's names.

A pattern is evidence by wording alone. It does not catch what is told without the words it knows, nor two facts a page apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ..yamlfile import OnUse, packaged

_MONTHS = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b"
)
_YEAR = r"(?:19[5-9]\d|20[0-3]\d)\b"
_SEASON = r"(?:spring|summer|autumn|winter)\b"
_DAY = rf"(?:\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTHS}(?:,? {_YEAR})?)"
_WORD = r"[A-Z][a-zà-ÿ]+(?:[-'’][A-Z]?[a-zà-ÿ]+)*"
_HEADS = (
    "survivor|victim|complainant|child|girl|boy|young person|witness|relative|sister|brother|mother|father|friend"  # base labels
)
_NUMBER = r"(?: (?!0)\d{1,3})?"
NOBODY = r"(?!x)x"  # matches nothing: nobody of the sort is known

_KIN_TAIL = r"(?:['’]s [^\[\]\n]{2,40})?"
_LABEL = rf"(?i:the |an? )?(?i:{_HEADS}){_NUMBER}"
_INQUIRY = r"[A-Z]{0,4}-[ACW]\d{1,3}"  # inquiries: letters, class, number
PROTECTED = rf"\[(?:{_LABEL}|{_INQUIRY}){_KIN_TAIL}\]"
STAFF = rf"(?!{PROTECTED})\[[A-Z][^\[\]\n]{{1,40}} \d{{1,3}}\]"
_TITLED = rf"(?:Mr|Mrs|Ms|Miss|Dr|Sister|Father|Rev)\.? {_WORD}(?: {_WORD})?"
_SAFE = {
    "POSS": rf"(?:(?:{PROTECTED}|(?i:the (?:girl|boy|child|victim|survivor|complainant)))['’]s|\b(?i:her|his|their)\b)",
    "STAFF": STAFF,
    "TITLED": _TITLED,
    "STREET": rf"(?:{_WORD} ){{1,3}}"
    r"(?:Road|Street|Lane|Avenue|Drive|Close|Crescent|Terrace|Grove|Way|Place|Gardens|Row|Rise|Mews)\b",
}
_LOOSE = {"DAY": _DAY, "DATE": rf"(?:{_DAY}|\b{_MONTHS},? {_YEAR})", "Y": rf"\b{_YEAR}"}
_LOOSE["ROUGH"] = rf"(?:(?:\b(?:early|mid|late|the beginning of|the end of)[ -])+{_YEAR}|\b{_SEASON}(?: of)? {_YEAR})"


@cache
def data() -> Mapping[str, Any]:
    """Everything in cues.yaml (what to look for), settle.yaml (how to settle it) and crowd.yaml (how many people)."""
    loaded: dict[str, Any] = {}
    for name in ("cues", "settle", "crowd"):
        loaded |= packaged(__package__, f"{name}.yaml")
    return loaded


def numbers_in(text: str) -> list[int]:
    """The numbers below a hundred in a text in small letters, in figures or, where it has none, in words."""
    known = data()["numbers"]
    return [int(n) for n in re.findall(r"\d{1,2}", text)] or [known[w] for w in re.findall(r"[a-z]+", text) if w in known]


def fix(rule: str) -> str:
    """The sentence that says what is the smallest change that settles a finding of this rule."""
    return str(data()["fixes"][rule])


@cache
def identifiers() -> Mapping[str, re.Pattern[str]]:
    """Shapes of identifiers by the name of the identifier."""
    return {name: re.compile(text, re.IGNORECASE) for name, text in data()["identifiers"].items()}


@dataclass(frozen=True, slots=True)
class Cue:
    """One compiled pattern of a kind of attribute; `coarse` where it says only roughly, `narrow` where it marks the words."""

    kind: str
    pattern: re.Pattern[str]
    coarse: bool
    narrow: bool


@dataclass(frozen=True, slots=True)
class Cues:
    """The patterns of one bundle: attributes of a label, and by name the patterns of rules. `nothing`: by text, the patterns and
    offsets between which they are known to match nothing."""

    by_kind: Mapping[str, tuple[Cue, ...]]
    patterns: Mapping[str, tuple[re.Pattern[str], ...]]
    label: re.Pattern[str]
    accused: re.Pattern[str]
    waived: re.Pattern[str]
    nothing: Mapping[str, set[tuple[str, int, int]]] = field(default_factory=dict, repr=False)

    @property
    def attributes(self) -> Iterator[Cue]:
        """The patterns of every kind of attribute."""
        return (cue for cues in self.by_kind.values() for cue in cues)

    def find(self, name: str, text: str, start: int = 0, end: int | None = None) -> Sequence[re.Match[str]]:
        """Matches of the patterns called `name` between two offsets of `text`, none over a blank line."""
        stop = len(text) if end is None else end

        def found() -> list[re.Match[str]]:
            return [m for p in self.patterns[name] for m in p.finditer(text, start, stop) if "\n\n" not in m[0]]

        return self._unless_nothing((name, start, stop), text, found)

    def shape(self, name: str, text: str) -> Sequence[re.Match[str]]:
        """Where an identifier of this name may stand in `text`."""
        asked = (f"shape of {name}", 0, len(text))
        return self._unless_nothing(asked, text, lambda: list(identifiers()[name].finditer(text)))

    def _unless_nothing(
        self, asked: tuple[str, int, int], text: str, search: Callable[[], Sequence[re.Match[str]]]
    ) -> Sequence[re.Match[str]]:
        nothing = self.nothing.get(text)
        if nothing is not None and asked in nothing:
            return ()
        found = search()
        if nothing is not None and not found:
            nothing.add(asked)
        return found


def name_pattern() -> str:
    """Two or three capitalised words that are no institution, month or first word of a sentence; case counts."""
    no = "|".join(data()["not_names"])
    word = rf"(?!(?:{no})\b)(?:{_WORD}|[A-Z][A-Z'’-]{{2,}})"
    return rf"(?<![\w\[])(?:{word})(?: (?:{word})){{1,2}}(?![\w\]])"


@cache
def compiled(accused: str = NOBODY, waived: str = NOBODY, changed: str = NOBODY) -> Cues:
    """All cues, for regular expressions that match the named accused, the waived and the changed names."""
    label = PROTECTED if changed == NOBODY else rf"(?:{PROTECTED}|\b(?:{changed})\b)"
    safe = _SAFE | {"P": label, "A": accused, "W": waived, "NAME": name_pattern(), "PLACED": _placed()}
    if changed != NOBODY:
        safe["POSS"] = rf"(?:{_SAFE['POSS']}|\b(?:{changed})['’]s)"
    filled = {name: f"(?-i:{text})" for name, text in safe.items()}
    filled |= _LOOSE | {"SMALL": r"(?:one|two|three|four|five|six|seven|eight|nine|[1-9])"}
    filled |= {"COUNT": rf"(?:{'|'.join(data()['numbers'])}|\d{{1,2}})"}
    words = {name: f"(?:{text})" for name, text in data()["words"].items()}

    def ready(text: str) -> re.Pattern[str]:
        for name, value in (words | filled).items():
            text = text.replace(f"{{{name}}}", value)
        return re.compile(text, re.IGNORECASE)

    def attributes(kind: str) -> tuple[Cue, ...]:
        return tuple(
            Cue(kind, pattern, strength == "coarse", "what" in pattern.groupindex)
            for strength, texts in data()["attributes"][kind].items()
            for pattern in map(ready, texts)
        )

    patterns = OnUse(data()["patterns"], lambda name: tuple(map(ready, data()["patterns"][name])))
    return Cues(OnUse(data()["attributes"], attributes), patterns, re.compile(label), re.compile(accused), re.compile(waived))


def _placed() -> str:
    """An unmasked proper noun that is no month, court, force or town where a job may be without telling an employer."""
    no = "|".join([*data()["not_places"], *data()["large_towns"]])
    return rf"(?!(?:{no})\b){_WORD}(?: (?:and |& )?{_WORD})*"
