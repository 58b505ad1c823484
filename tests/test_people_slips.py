"""Slips in a protected name that no recognizer takes for a name. Every person is invented."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from redactor.case import Case
from redactor.model import Detection, Document, Finding, Kind, Span
from redactor.people.link import seeds
from redactor.people.search import index
from redactor.people.slips import Slips

NO_DOCUMENTS: list[Document] = []
BUNDLE = """
people: [{name: Destiny Wrona, role: survivor}, {name: Hodan Lamb, role: survivor}]
public_figures: [{name: Edwina Thorley, office: council leader}]
"""


def found(
    text: str, *, findings: tuple[Finding, ...] = (), english: Collection[str] = (), wanting: Collection[int] = ()
) -> list[str]:
    import yaml

    drafts = seeds(Case.model_validate(yaml.safe_load(BUNDLE)), NO_DOCUMENTS)
    detection = Detection("d01", findings, frozenset(), frozenset(english), frozenset(wanting))
    return [text[m.start : m.end] for m in Slips(drafts, index(drafts)).find("d01", text, detection, frozenset())]


@pytest.mark.parametrize("slip", ["Desitny", "Destny", "Destinny", "Dextiny", "DESITNY", "Wrowna", "Jodan"])
def test_one_slip_of_any_sort_is_the_name(slip: str) -> None:
    assert found(f"Told {slip} [sic] to ring back.") == [slip]


@pytest.mark.parametrize(
    "text",
    [
        "Told Dsetniy to ring back.",  # two slips
        "Told desitny to ring back.",  # no capital
        "Told Destiny to ring back.",  # no slip
        "The Thorly report.",  # of a public figure
        "A lumb of clay; Lumb.",  # a name of four letters
        "Mail to Desitny@harnsea.example or to /Desitny.",  # part of an address
    ],
)
def test_what_is_no_slip(text: str) -> None:
    assert not found(text)


def test_an_english_word_an_institution_and_a_capital_put_in_for_reading_are_no_slips() -> None:
    text = "The Wronal Trust met."
    stays = Finding("d01", Span(4, 16), Kind.ORGANISATION, 0.8, "institutions", "institution_body", ("body",))
    assert found(text) == ["Wronal"]
    assert not found(text, findings=(stays,))
    assert not found(text, english=("wronal",))
    assert not found(text, wanting=(4,))
