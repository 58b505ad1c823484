"""Labels that leak by themselves: J07 and J21 with what the key knows, J23, J28."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from redactor.case import EMPTY_CASE, Case, Known, Pseudonym, PublicFigure
from redactor.cleartext import ClearText
from redactor.jigsaw import Copy, JigsawFinding, Secrets, read
from redactor.model import Role
from redactor.policy import Policy, load_policy

BASE = load_policy("base")
# In the order of surnames; by first name, birth and appearance in another.
PEOPLE = [
    ("Vera Abbot", 8),
    ("Ruth Brodie", 21),
    ("Wilma Carrow", 13),
    ("Agnes Dunne", 30),
    ("Petra Esham", 17),
    ("Ida Farrow", 4),
]


def secrets(numbers: Sequence[int], born: Sequence[str] = ()) -> Secrets:
    labels = [f"[Survivor {n}]" for n in numbers]
    names = {label: (ClearText(name),) for label, (name, _) in zip(labels, PEOPLE, strict=False)}
    return Secrets(names, {label: ClearText(day) for label, day in zip(labels, born, strict=False)})


def told(numbers: Sequence[int]) -> str:
    return "\n\n".join(f"[Survivor {n}] told police." for n in numbers)


def found(
    text: str, rule: str, known: Secrets, case: Case = EMPTY_CASE, policy: Policy = BASE, prior: str = ""
) -> list[JigsawFinding]:
    priors = [Copy("pub1", ClearText(prior))] if prior else []
    return [f for f in read([Copy("d01", ClearText(text))], case, policy, priors, known) if f.rule == rule]


RANDOM = [n for _, n in PEOPLE]
SHUFFLED = [RANDOM[i] for i in (3, 0, 5, 2, 1, 4)]  # an order of appearance that says nothing


@pytest.mark.parametrize(
    ("numbers", "appearing", "born", "details"),
    [
        (RANDOM, SHUFFLED, (), set()),
        ([2, 5, 7, 11, 20, 23], [11, 2, 23, 7, 5, 20], (), {"surname_order"}),
        ([20, 11, 23, 2, 7, 5], [11, 2, 23, 7, 5, 20], (), {"first_name_order"}),
        (RANDOM, sorted(RANDOM), (), {"appearance_order"}),
        (
            RANDOM,
            SHUFFLED,
            ["3 May 1990", "4 June 1994", "12/03/1991", "1 January 1996", "7 July 1992", "2 May 1985"],
            {"birth_order"},
        ),
        ([2, 5, 7, 11], [11, 2, 7, 5], (), set()),  # four may stand in order by chance
    ],
    ids=["random", "surnames", "first-names", "appearance", "birth", "four"],
)
def test_numbers_in_an_order_somebody_knows(
    numbers: Sequence[int], appearing: Sequence[int], born: Sequence[str], details: set[str]
) -> None:
    findings = found(told(appearing), "J23", secrets(numbers, born))
    assert {f.detail for f in findings} == details
    assert all(p.action == "relabel" for f in findings for p in f.proposals)


def test_a_changed_name_with_the_initial_of_the_real_one() -> None:
    labels = BASE.labels.model_copy(update={"style": "changed_name", "names": ("Wren", "Isla")})
    changing = Policy(BASE.settings.model_copy(update={"labels": labels}))
    known = Secrets({"Wren": (ClearText("Wilma Carrow"),), "Isla": (ClearText("Ruth Brodie"),)})
    (finding,) = found("Wren rang. Isla did not.", "J23", known, policy=changing)
    assert (finding.label, finding.detail) == ("Wren", "initial")


@pytest.mark.parametrize(
    ("case", "prior", "speaks"),
    [
        (EMPTY_CASE, "Survivor 4 spoke to the Echo in 2014.", True),
        (EMPTY_CASE, "Survivor 44 spoke to the Echo in 2014.", False),
        (EMPTY_CASE, "[Survivor 4] spoke to the Echo in 2014.", False),  # the tool's own earlier volume: J22 adds it up
        (Case(pseudonyms=(Pseudonym(name=ClearText("Survivor 4")),)), "", True),
    ],
)
def test_a_label_that_was_used_before(case: Case, prior: str, speaks: bool) -> None:
    assert bool(found("[Survivor 4] told police.", "J23", Secrets(), case, prior=prior)) is speaks


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("Those who came:\n\n" + "\n".join(f"• [Survivor {n}]" for n in RANDOM), True),
        ("Those who came:\n\n" + "\n".join(f"• [Survivor {n}]" for n in SHUFFLED), False),
        ("Present: " + ", ".join(f"[Survivor {n}]" for n in RANDOM) + ".", True),
        ("| No. | Survivor |\n" + "\n".join(f"| {i} | [Survivor {n}] |" for i, n in enumerate(RANDOM)), True),
        ("Present: " + ", ".join(f"[Survivor {n}]" for n in RANDOM[:4]) + ".", False),
    ],
    ids=["items", "shuffled", "sentence", "table", "four"],
)
def test_a_list_that_still_stands_in_the_order_of_the_names(text: str, speaks: bool) -> None:
    assert [f.level for f in found(text, "J28", secrets(RANDOM))] == (["block"] if speaks else [])
    assert not found(text, "J28", Secrets())


MP = PublicFigure(
    name=ClearText("Vera Abbot MP"),
    aliases=(ClearText("Vera Abbot"),),
    office="MP",
    biography=ClearText("She has a twin and grew up in Mansfield."),
)
DUAL = Case(
    public_figures=(MP,), people=(Known(name=ClearText("Vera Abbot"), role=Role.SURVIVOR, documents=(ClearText("d02"),)),)
)
ONE = secrets([8])


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("Vera Abbot MP asked the question. [Survivor 8] told police.", {"same_section"}),
        ("Parliament\n\nVera Abbot MP asked the question.\n\nWhat happened\n\n[Survivor 8] told police.", set()),
        ("[Survivor 8] told police. She has a twin.", {"biography"}),
        ("[Survivor 8] told police. She lived in Mansfield.", {"biography"}),
        ("[Survivor 8] told police. She has three sisters and lived in Derby.", set()),
    ],
)
def test_a_survivor_who_is_a_public_figure_too(text: str, details: set[str]) -> None:
    assert {f.detail for f in found(text, "J21", ONE, DUAL)} == details


def test_two_people_of_one_name_are_not_one() -> None:
    case = Case(public_figures=(MP,))
    assert not found("Vera Abbot MP asked. [Survivor 8] told police.", "J21", ONE, case)


def test_a_surname_that_only_the_key_knows() -> None:
    known = secrets([8])
    assert found("[Survivor 8] was collected by Mr Abbot.", "J07", known)
    assert not found("[Survivor 9] was collected by Mr Abbot.", "J07", known)
    assert not found("[Survivor 8] was collected by Mr Quill.", "J07", known)


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("Wilma Carow rang.", True),  # one letter wrong: no list of forms has it
        ("Vilma\nCarrow rang.", True),
        ("Wilma Carrow rang.", True),
        ("Wilma Barlow rang.", False),
        ("Petra Esham, Ida Farow and Vera Abbott met.", True),
        ("Vera Abbot MP asked the question.", False),  # listed as a public figure too
        ("Wilma said. Carrow rang.", False),
    ],
)
def test_a_name_with_one_letter_wrong(text: str, speaks: bool) -> None:
    assert {f.level for f in found(text, "J01", secrets(RANDOM), DUAL)} == ({"block"} if speaks else set())


def test_no_finding_holds_a_word_of_the_secrets() -> None:
    text = "Vera Abbot MP spoke of [Survivor 8].\n\n" + ", ".join(f"[Survivor {n}]" for n in RANDOM) + " and Mr Abbot."
    findings = read([Copy("d01", ClearText(text))], DUAL, BASE, (), secrets(RANDOM, ["3 May 1990"]))
    assert {"J21", "J28"} <= {f.rule for f in findings}
    said = " ".join(f"{f!r} {f.key}" for f in findings)
    assert not any(word in said for name, _ in PEOPLE for word in name.split())
    assert "1990" not in said and "1990" not in repr(secrets(RANDOM, ["3 May 1990"]))
