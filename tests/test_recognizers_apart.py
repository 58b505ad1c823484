"""A person named before an institution's "of" is not swallowed by it: the institution stays, the person would stay with it."""

from __future__ import annotations

import pytest

from redactor.model import Finding, Kind, Span
from redactor.recognizers import Engine
from redactor.recognizers.apart import apart


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ola Rusk of Harnsea Borough Council took the call.", "Ola Rusk"),
        ("Helen Marsden of the Harnsea Gazette first wrote about it.", "Helen Marsden"),
        ("We met Priya Dorne from the Calder Valley Police in May.", "Priya Dorne"),
        ("Letters came from the Council and Priya Dorne of the Calder Valley Police.", "Priya Dorne"),
    ],
)
def test_a_person_is_no_part_of_an_institution(text: str, name: str, engine: Engine) -> None:
    start = text.index(name)
    bodies = [f.span for f in engine.detect("d01", text).findings if f.kind is Kind.ORGANISATION]
    assert not any(s.overlaps(Span(start, start + len(name))) for s in bodies)


def test_an_institution_with_of_in_its_name_stays_whole() -> None:
    text = "The University of Wexcombe and the Bank of Harnsea wrote."
    body = Finding("d01", Span(4, 26), Kind.ORGANISATION, 0.8, "institutions", "institution_body")
    place = Finding("d01", Span(18, 26), Kind.NAME, 0.9, "rampart", "test")
    assert apart([body, place], text) == {body, place}
