"""Answers folded into a case: a value made of values. Everybody is invented."""

from __future__ import annotations

from typing import Any

import pytest

from redactor.case import EMPTY_CASE, Case
from redactor.case_answers import Answer, case_with_answers, tellers
from redactor.cleartext import ClearText
from redactor.model import Role

CASE = Case.model_validate(
    {
        "people": [
            {"name": "Orla Wexcombe", "aliases": ["Orly"], "role": "survivor"},
            {"name": "Marian Thorley", "role": "survivor", "documents": ["d02"]},
        ],
        "public_figures": [{"name": "Councillor Edna Arkle", "aliases": ["Edna Arkle"]}, {"name": "Marian Thorley"}],
        "orders": [{"id": "O-1", "persons": ["Kay Lane"]}],
    }
)


def answer(said: str, *names: str, others: tuple[str, ...] = (), role: Role = Role.UNKNOWN, **more: Any) -> Answer:
    number = more.pop("question", "q" + "".join(str(ord(c) % 10) for c in names[0][:4]))
    return Answer(number, said, tuple(map(ClearText, names)), tuple(map(ClearText, others)), role, **more)


def shown(case: Case) -> dict[str, Any]:
    return case.model_dump(mode="json", exclude_defaults=True)


def folded(*answers: Answer, case: Case = EMPTY_CASE) -> dict[str, Any]:
    return shown(case_with_answers(case, answers))


def test_without_answers_the_case_is_as_it_was() -> None:
    assert case_with_answers(CASE, ()) == CASE


@pytest.mark.parametrize("role", [r for r in Role if r.protected and r is not Role.UNKNOWN])
def test_a_protected_role_lists_the_person(role: Role) -> None:
    assert folded(answer(role, "Joan Marsh", "J. Marsh")) == {
        "people": [{"name": "Joan Marsh", "aliases": ["J. Marsh"], "role": str(role)}]
    }


@pytest.mark.parametrize(
    ("said", "reason", "office", "role", "basis"),
    [
        ("public_figure", "in the minutes", "mayor", Role.PUBLIC_FIGURE, "in the minutes"),
        ("public_figure", "never convicted of anything", "mayor", Role.PUBLIC_FIGURE, "never ... of anything"),
        ("convicted", "Sheffield 2016", "", Role.CONVICTED, "convicted: Sheffield 2016"),
        ("convicted", "sentenced in 2016", "", Role.CONVICTED, "sentenced in 2016"),
    ],
)
def test_who_may_be_named_has_the_role_that_was_answered(said: str, reason: str, office: str, role: Role, basis: str) -> None:
    (figure,) = case_with_answers(
        EMPTY_CASE, [answer(said, "Joan Marsh", reason=ClearText(reason), office=office)]
    ).public_figures
    assert (figure.role, figure.basis, figure.office) == (role, basis, office)


def test_waiver_and_pseudonym_have_their_basis() -> None:
    waived, named = answer("waived", "Jo Lane", reason=ClearText("form of 6 May")), answer("pseudonym", "Ella")
    assert folded(waived, named) == {
        "waivers": [{"name": "Jo Lane", "basis": "form of 6 May", "scope": "own name"}],
        "pseudonyms": [{"name": "Ella"}],
    }


def test_words_that_are_nobodys_name() -> None:
    said = [answer("not-a-person", "Gannet Staithe", "Staithe"), answer("not-a-person", "STAITHE")]
    assert folded(*said) == {"not_people": ["Gannet Staithe", "Staithe"]}


@pytest.mark.parametrize("said", ["unknown", "different", "noted"])
def test_an_answer_that_settles_only_the_question_changes_nothing(said: str) -> None:
    assert folded(answer(said, "Joan Marsh", others=("J. Marsh",))) == {}


@pytest.mark.parametrize("said", ["public_figure", "waived", "pseudonym", "officer", "not-a-person"])
@pytest.mark.parametrize("name", ["Orla Wexcombe", "orly", "WEXCOMBE, Orla", "Edna Arkle", "Kay Lane"])
def test_an_entry_of_the_case_beats_an_answer(said: str, name: str) -> None:
    assert case_with_answers(CASE, [answer(said, name, "Somebody Else")]) == CASE


def test_same_joins_two_and_a_role_told_of_either_is_the_role_of_both() -> None:
    same = answer("same", "J. Marsh", others=("Joan Marsh",), role=Role.WITNESS)
    expected = {"people": [{"name": "J. Marsh", "aliases": ["Joan Marsh"], "role": "witness"}]}
    assert folded(same) == expected
    for told in (answer("officer", "Joan Marsh", question="q9"), answer("officer", "J. Marsh", question="q9")):
        for order in ((same, told), (told, same)):
            (entry,) = case_with_answers(EMPTY_CASE, order).people
            assert entry.role is Role.OFFICER and {f.reveal() for f in entry.forms} == {"J. Marsh", "Joan Marsh"}
    chain = answer("same", "Joanie", others=("Joan Marsh",), role=Role.SURVIVOR)
    (entry,) = case_with_answers(EMPTY_CASE, [same, chain]).people
    assert entry.role is Role.SURVIVOR and len(entry.forms) == 3


def test_same_as_somebody_the_case_lists_is_a_further_name_of_that_entry() -> None:
    case = case_with_answers(CASE, [answer("same", "Orlagh W", others=("Orla Wexcombe",), role=Role.SURVIVOR)])
    assert [f.reveal() for f in case.people[0].forms] == ["Orla Wexcombe", "Orly", "Orlagh W"]
    assert len(case.people) == 2 and len(case.public_figures) == 2
    both = case_with_answers(CASE, [answer("same", "M. Thorley", others=("Marian Thorley",), role=Role.SURVIVOR)])
    assert "M. Thorley" in {f.reveal() for f in both.people[1].forms} & {f.reveal() for f in both.public_figures[1].forms}
    ordered = case_with_answers(CASE, [answer("same", "K. Lane", others=("Kay Lane",), role=Role.SURVIVOR)])
    assert [p.reveal() for p in ordered.orders[0].persons] == ["Kay Lane", "K. Lane"]


def test_an_order_and_live_proceedings_overrule_an_answer() -> None:
    case = Case.model_validate({"orders": [{"persons": ["Joan Mary Marsh"]}], "proceedings": "active"})
    named = answer("public_figure", "Joan Marsh", reason=ClearText("minutes"))
    charged = answer("public_figure", "Nils Berg", office="mayor, charged in May")
    folded = case_with_answers(case, [named, charged])
    assert folded.public_figures == ()
    assert [(p.name.reveal(), p.overruled) for p in folded.people] == [("Joan Marsh", "order"), ("Nils Berg", "proceedings")]


def test_two_people_who_share_a_short_form_stay_two() -> None:
    said = [
        answer("officer", "Joan Marsh", "J. Marsh", question="q1"),
        answer("witness", "James Marsh", "J. Marsh", question="q2"),
    ]
    assert [p.role for p in case_with_answers(EMPTY_CASE, said).people] == [Role.OFFICER, Role.WITNESS]


def test_the_later_answer_about_one_name_counts() -> None:
    said = [answer("officer", "Joan Marsh", question="q1"), answer("witness", "Joan Marsh", question="q2")]
    assert [p.role for p in case_with_answers(EMPTY_CASE, said).people] == [Role.WITNESS]


@pytest.mark.parametrize(
    ("given", "weakens"),
    [
        (answer("public_figure", "A B"), True),
        (answer("convicted", "A B"), True),
        (answer("waived", "A B"), True),
        (answer("pseudonym", "A B"), True),
        (answer("not-a-person", "A B"), True),
        (answer("same", "A B", role=Role.PUBLIC_FIGURE), True),
        (answer("same", "A B", role=Role.SURVIVOR), False),
        (answer("officer", "A B"), False),
        (answer("unknown", "A B"), False),
        (answer("different", "A B"), False),
    ],
)
def test_what_lets_a_name_stand_is_told_apart(given: Answer, weakens: bool) -> None:
    assert given.weakens is weakens


def test_whose_word_an_entry_is() -> None:
    given = [answer("officer", "Joan Marsh"), answer("witness", "Orly"), answer("different", "Nils Berg", others=("N. Berg",))]
    assert tellers(CASE, given) == {"joan marsh": given[0]}


def test_an_answer_shows_no_name_by_accident() -> None:
    assert "Marsh" not in repr(answer("officer", "Joan Marsh", reason=ClearText("of Marsh")))
