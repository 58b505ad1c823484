"""identifiers.yaml as Presidio recognizers: one for each way a row's value may stand, labelled or not.

The rule (DOMAIN §6): labelled, a value is found even with a wrong checksum; unlabelled, shape and check must both hold.
Not found: a label in a table's header far from its value, a value broken over two lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import regex  # type: ignore[import-untyped]
import yaml
from presidio_analyzer import Pattern, PatternRecognizer

from ..model import Kind
from .checks import CHECKS

LABELLED_SCORE = 0.9
SPACE = r"[\s\-‐‑]?"
_NO = r"(?:\s*(?:(?:nos?|numbers?|num|refs?|reference|id|record|report)\b\.?|#))*"
_IS = r"(?:(?:is|was|are|were|as)\s+)?"
_LISTED = r"(?:[A-Z0-9/-]*\d[A-Z0-9/-]*\s*(?:,|/|&|\band\b|\bor\b)\s*){0,4}"
_CLOCK = r"(?:[01]\d|2[0-3])[0-5]\d\b"  # "LOG", and under it the time of its first entry
TIGHT = rf"{_NO}s?[^\S\n]*[,:.=(#–-]*[^\S\n]*(?:\n(?!{_CLOCK})\s*)?{_IS}[\"“'‘(]?{_LISTED}"
NEAR = r"(?:[^\w\n]{1,3}[\w'’/&]+){0,5}[^\w\n]{1,4}"
BARE = r"[^\S\n]?"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of identifiers.yaml; the keys are described there."""

    name: str
    kind: Kind = Kind.ID
    detail: str = ""
    cue: str = ""
    tight: bool = False
    bare: bool = False
    labelled: str = ""
    unlabelled: str = ""
    check: str = ""
    check_labelled: str = ""
    score: float = 0.6
    case: bool = False
    keep: bool = False
    finds: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()


class Identifier(PatternRecognizer):
    """One row, labelled or not, as a Presidio recognizer; `check` decides on what the pattern matched."""

    def __init__(self, row: Row, number: int, *, labelled: bool) -> None:
        self.row = row
        self.labelled = labelled
        check = row.check_labelled if labelled else row.check
        self._check: Callable[[str], bool] | None = CHECKS[check] if check else None
        entity = f"{row.name}.{number}.{'labelled' if labelled else 'shape'}"
        pattern = Pattern(entity, _pattern(row, labelled=labelled), LABELLED_SCORE if labelled else row.score)
        super().__init__(supported_entity=entity, name="identifiers", patterns=[pattern], global_regex_flags=regex.MULTILINE)

    def validate_result(self, pattern_text: str) -> bool | None:
        """False drops the match; None leaves its score as it is: a check that holds is no proof."""
        return None if self._check is None or self._check(pattern_text) else False


def _pattern(row: Row, *, labelled: bool) -> str:
    """The value's pattern, and for a labelled one the label before it (looked at only where a value begins)."""
    value = (row.labelled if labelled else row.unlabelled).replace("{S}", SPACE)
    value = rf"(?:{value})(?![^\W_])" if row.case else rf"(?i:(?:{value})(?![^\W_]))"
    if not labelled:
        return rf"(?<![\w/]){value}" if not value.startswith(r"(?i:(?:\+") else value
    gap = BARE if row.bare else TIGHT if row.tight else NEAR
    start = "" if row.bare else r"(?<![\w/])"
    return rf"{start}(?={value})(?<=(?i:(?<![\w])(?:{row.cue}){gap})){value}"


@cache
def rows() -> tuple[Row, ...]:
    """Every row of the packaged identifiers.yaml, in its order."""
    text = (files(__package__) / "identifiers.yaml").read_text(encoding="utf-8")
    return tuple(
        Row(**{**row, "kind": Kind(row.get("kind", "id")), "finds": tuple(row["finds"]), "leaves": tuple(row["leaves"])})
        for row in yaml.safe_load(text)
    )


def identifier_recognizers() -> list[Identifier]:
    """One recognizer for each row and way of standing."""
    return [
        Identifier(row, number, labelled=labelled)
        for number, row in enumerate(rows())
        for labelled, pattern in ((True, row.labelled), (False, row.unlabelled))
        if pattern
    ]
