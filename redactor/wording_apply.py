"""Puts the words into the content, through presidio-anonymizer's engine and its one operator "wording".

The operator knows no names: each span is an entity type of its own, whose words it looks up. Does not choose words (wording.py)
and does not look whether a span was missed (verify/).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult
from presidio_anonymizer.operators import Operator, OperatorType

from .content import Content, Edit, rewrite
from .errors import HeldError
from .model import Span
from .wording_edits import Marks, edited, edits_of


class Wording(Operator):
    """The words that stand in place of an entity, from the table in its parameters."""

    def operate(self, text: str | None = None, params: dict[str, Any] | None = None) -> str:  # noqa: ARG002 -- presidio's interface
        """The words for the entity at hand."""
        assert params is not None
        return str(params["words"][params["entity_type"]])

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Refuses to run without its table."""
        if not params or "words" not in params:
            raise ValueError("the wording operator needs its table of words")

    def operator_name(self) -> str:
        """The name policies never see."""
        return "wording"

    def operator_type(self) -> OperatorType:
        """It replaces; there is no way back."""
        return OperatorType.Anonymize


def apply(content: Content, replacements: Mapping[Span, str]) -> Content:
    """The content with every span (offsets of its flat text, none overlapping) replaced by its words.

    A span that crosses from one block into another is cut at the edge: the first part gets the words, the rest is emptied.
    Raises `HeldError` if spans overlap or the engine's text is not what the edits say.
    """
    return edited(content, edits_of(content, replacements), _edited)


def _edited(text: str, marks: Marks, edits: list[Edit]) -> tuple[str, Marks]:
    if not edits:
        return text, marks
    names = [f"W{n}" for n in range(len(edits))]  # one entity type a span: the engine never merges two of them
    found = [RecognizerResult(entity_type=n, start=e.start, end=e.end, score=1.0) for n, e in zip(names, edits, strict=True)]
    words = {n: e.text for n, e in zip(names, edits, strict=True)}
    result = _engine().anonymize(text, found, {"DEFAULT": OperatorConfig("wording", {"words": words})}).text
    expected, moved = rewrite(text, marks, edits)
    if result != expected:
        raise HeldError("The replaced text is not what was decided", "Report this: it is a fault of the tool")
    return expected, moved


@cache
def _engine() -> AnonymizerEngine:
    engine = AnonymizerEngine()  # type: ignore[no-untyped-call] # presidio's constructor has no types
    engine.add_anonymizer(Wording)
    return engine
