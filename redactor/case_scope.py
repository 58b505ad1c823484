"""What a waiver's own words allow: until when, where, and which facts beside the name.

A waiver frees the name (SOAA 1992 s5: written consent; bad if given under 16). Facts about the person stay masked or softened
unless the scope names them. What is not understood is asked about, and the name stays; what is understood to end or to restrict
the consent is acted on, and asked about. Does not read the consent itself, and does not know which publication is being made
beyond the case's title.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from .case import Waiver
from .cleartext import ClearText
from .model import Kind

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name} | {
    name.lower(): n for n, name in enumerate(calendar.month_abbr) if name
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = (
    rf"(?:(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})|(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{_MONTH}),? (?P<y>\d{{4}})|"
    rf"(?P<d2>\d{{1,2}})[/.](?P<m2>\d{{1,2}})[/.](?P<y2>\d{{4}})|(?P<m3>{_MONTH}) (?P<y3>\d{{4}})|"
    r"(?:the )?(?:end of )?(?P<y4>\d{4}))"
)
_ENDS = r"\b(?:until|till|up to|expir(?:es|ed|ing)(?: on)?|valid (?:until|to|till)|ends?(?: on)?|not after)\b"
_UNTIL = re.compile(rf"{_ENDS} {_DAY}\b", re.I)
_FOR = re.compile(r"\bfor (?:a |one |two |three |four |five |six |ten |twelve |\d{1,2} )(?:year|month)s?\b", re.I)
_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "twelve": 12}
_GIVEN = re.compile(rf"\b{_DAY}\b", re.I)
_ENDED = re.compile(r"\b(?:withdrawn|withdrew|revoked|cancelled|no longer (?:valid|wishes|consents)|taken back)\b", re.I)
_YOUNG = re.compile(
    r"\b(?:aged?|age of|when (?:she|he|they) (?:was|were)(?: aged)?|signed at|given at) (\d{1,2})\b(?! [A-Z])", re.I
)
_IF = re.compile(
    r"\b(?:unless|provided|subject to|on condition|only (?:if|after|once|when)|not before|pending|awaiting|if (?:she|he|they))\b",
    re.I,
)
_OUTLET = re.compile(
    r"\b(?:(?-i:BBC|ITV|ITN|Sky News|Channel 4)|(?:[A-Z][\w'’-]+ ){1,3}(?:Times|Guardian|Telegraph|Mail|Mirror|Sun|Express|"
    r"Observer|Gazette|Echo|Herald|News|Post|Star|Chronicle|Argus|Courier|Journal|Examiner|Press|Advertiser|Standard))\b"
)
# Facts a scope may free beside the name.
_FACTS = {
    "age": Kind.AGE, "ages": Kind.AGE, "school": Kind.SCHOOL, "schools": Kind.SCHOOL, "work": Kind.WORK, "workplace": Kind.WORK,
    "job": Kind.WORK, "employer": Kind.WORK, "health": Kind.HEALTH, "diagnosis": Kind.HEALTH, "town": Kind.PLACE,
    "place": Kind.PLACE, "village": Kind.PLACE,
}  # fmt: skip
_FACT = "|".join(_FACTS)
_EXCLUDED = re.compile(r"\b(?:but )?(?:not|nor|except(?: for)?|excluding|without)\b[^.;]*", re.I)
_PLAIN = re.compile(
    rf"""\b(?:(?:her|his|their|own|full|first|and|last|real|sur)?\s*names?|surname|name(?:d|s)?|naming|identified|identification|anonymity|
    waives?|waived|may|can|is|to|be|by|the|a|an|in|for|of|with|and|only|just|own|her|his|their|this|our|any|all|final|published|report|
    article|articles|publication|publications|book|film|programme|podcast|inquiry|investigation|story|piece|feature|series|coverage|
    bundle|matter|case|press|media|picture|pictures|photograph|photographs|photo|image|voice|account|words|statement|quotations?|
    experience|not|nor|but|except|excluding|without|child|children|family|address|home|parents?|mother|father|siblings?|sisters?|
    brothers?|husband|partner|where|she|he|they|lives?|lived|went|works?|everything|details|unlimited|unrestricted|no|limits?|full|use|written|consent|as|on|about|{_FACT}|or)(?:['’]s)?\b|[\s,.;:()'’"&-]""",
    re.I | re.X,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a waiver comes to. `frees`: kinds of fact beside the name; `first_only`: the first name alone; `ended`: why the name
    is masked all the same ("" if it is not); `unclear`: something in the scope was not understood."""

    frees: frozenset[Kind] = frozenset()
    first_only: bool = False
    ended: str = ""
    unclear: bool = False

    @property
    def doubt(self) -> str:
        """The code of the question somebody must answer, "" if none."""
        return f"waiver-{self.ended}" if self.ended else "waiver-scope" if self.unclear else ""


def terms(waiver: Waiver, title: ClearText, today: date) -> Terms:
    """The terms of a waiver on the day `today`, for the publication that the case calls `title`."""
    scope, basis = waiver.scope.reveal(), waiver.basis
    ended = _ended(scope, basis, title.reveal(), today)
    said = _EXCLUDED.sub(" ", scope)
    frees = frozenset(kind for word, kind in _FACTS.items() if re.search(rf"\b{word}\b", said, re.I))
    rest = _OUTLET.sub(" ", _FOR.sub(" ", _UNTIL.sub(" ", scope)))
    unclear = bool(_PLAIN.sub("", rest)) or not basis.strip()
    first = bool(re.search(r"\bfirst name\b(?! and)", said, re.I)) or bool(
        re.search(r"\bnot\b[^.;]*\b(?:sur|last )name\b", scope, re.I)
    )
    return Terms(frees, first, ended, unclear)


def _ended(scope: str, basis: str, title: str, today: date) -> str:
    both = f"{scope}. {basis}"
    if _ENDED.search(both):
        return "withdrawn"
    last = _last_day(scope, basis)
    if last is not None and last < today:
        return "expired"
    if any(int(m[1]) < 16 for m in _YOUNG.finditer(basis)):
        return "under-16"
    if _IF.search(scope) or (last is None and re.search(_ENDS, scope, re.I)):
        return "condition"  # one this program cannot judge, or an end it cannot date
    outlets = [m[0] for m in _OUTLET.finditer(scope)]
    if outlets and title and not any(word in title.split() for outlet in outlets for word in outlet.split() if word != "The"):
        return "elsewhere"
    return ""


def _last_day(scope: str, basis: str) -> date | None:
    """The last day on which a waiver holds, None where its words set none."""
    if match := _UNTIL.search(scope):
        return _day(match, last=True)
    span, begun = _FOR.search(scope), _GIVEN.search(basis)
    if not span or not begun or (start := _day(begun, last=False)) is None:
        return None
    number, unit = span[0].split()[1:3]
    months = (_NUMBERS.get(number) or int(number)) * (12 if unit.startswith("year") else 1) + start.month - 1
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def _day(match: re.Match[str], last: bool) -> date | None:
    """A written date; of a month or a year its first or `last` day. None for a day there is none of."""
    g = match.groupdict()
    try:
        if g["iso"]:
            return date.fromisoformat(g["iso"])
        if g["d"]:
            return date(int(g["y"]), _MONTHS[g["m"].lower()], int(g["d"]))
        if g["d2"]:
            return date(int(g["y2"]), int(g["m2"]), int(g["d2"]))
        if g["m3"]:
            year, month = int(g["y3"]), _MONTHS[g["m3"].lower()]
            return date(year, month, calendar.monthrange(year, month)[1] if last else 1)
        return date(int(g["y4"]), 12, 31) if last else date(int(g["y4"]), 1, 1)
    except ValueError:
        return None
