"""Who may be whom by name alone. Everybody is invented."""

from __future__ import annotations

import pytest

from redactor.cleartext import ClearText
from redactor.model import Kind, Mention, Person, Role, Span
from redactor.people import near
from redactor.people.near import may_be


def person(number: str, *forms: str, role: Role = Role.UNKNOWN, listed: str = "") -> Person:
    mention = Mention("d01", Span(0, 1), Kind.NAME, ClearText(forms[0]))
    return Person(number, role, frozenset(map(ClearText, forms)), (mention,), listed=listed)


@pytest.mark.parametrize(
    ("one", "other", "close"),
    [
        ("J. Marsh", "Joan Marsh", True),
        ("Jon Marsh", "Jonathan Marsh", True),
        ("Joan Marsh", "Joan Marshe", True),
        ("Joan Carr", "Joan Carr-Lane", True),
        ("Ellaby", "Grace Ellerby", True),
        ("Wetherdon", "Wetherden", True),
        ("Joan Marsh", "Ruth Marsh", False),
        ("Joan Marsh", "Joan Thorne", False),
        ("Marsh", "March", True),
        ("Lane", "Lana", False),
    ],
)
def test_names_that_fit_are_near(one: str, other: str, close: bool) -> None:
    found = near([person("p001", one), person("p002", other)])
    expected = {"p001": ("p002",), "p002": ("p001",)} if close else {}
    assert found == expected


def test_one_may_be_several() -> None:
    found = near([person("p001", "J. Marsh"), person("p002", "Joan Marsh"), person("p003", "James Marsh")])
    assert found["p001"] == ("p002", "p003") and found["p002"] == found["p003"] == ("p001",)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"listed": "people"}, {"listed": "orders"}),
        ({"role": Role.PUBLIC_FIGURE}, {"role": Role.CONVICTED}),
        ({"role": Role.PSEUDONYM}, {}),
    ],
)
def test_pairs_the_team_has_told_apart_are_no_question(a: dict[str, object], b: dict[str, object]) -> None:
    assert near([person("p001", "J. Marsh", **a), person("p002", "Joan Marsh", **b)]) == {}  # type: ignore[arg-type]


def test_somebody_never_mentioned_is_near_nobody() -> None:
    silent = Person("p002", Role.SURVIVOR, frozenset({ClearText("Joan Marsh")}), ())
    assert near([person("p001", "J. Marsh"), silent]) == {}


def test_a_large_bundle_takes_no_long_time() -> None:
    names = [f"{a}{b}an {c}{d}ley" for a in "JMRT" for b in "aeiou" for c in "BCDFGHJ" for d in "aeiou"]
    assert len(names) == 700
    near([person(f"p{n:03}", name) for n, name in enumerate(names)])


@pytest.mark.parametrize(
    ("form", "known", "may"),
    [
        ("Grace Ellerby", ["Grace Ellerby"], True),
        ("ELLERBY", ["Grace Ellerby"], True),
        ("Gracie", ["Grace Ellerby"], True),
        ("G. Ellerby", ["Grace Ellerby"], True),
        ("Ellaby", ["Grace Ellerby"], True),
        ("Grace Ellerbey", ["Grace Ellerby"], True),
        ("Amber Stone", ["Amber"], True),
        ("Amber Stone", ["Amber", "Amber Wetherden"], False),
        ("Lucy Ellerby", ["Grace Ellerby"], False),
        ("Marsh", ["Grace Ellerby"], False),
        ("Latvian", ["Grace Ellerby"], False),
    ],
)
def test_what_could_be_meant_for_a_person(form: str, known: list[str], may: bool) -> None:
    assert may_be(ClearText(form), map(ClearText, known)) is may
