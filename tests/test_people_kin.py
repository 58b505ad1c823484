"""Whose relative somebody is, and the label that says it. Findings are made by hand; every person is invented."""

from __future__ import annotations

import pytest

from redactor.model import Kind, Role, Span
from redactor.wording import replacements
from tests.test_people_resolve import Bundle
from tests.test_wording import IOPC, decision

OLA = "people: [{name: Ola Rusk, role: survivor}]"


def tie(text: str, name: str, case: str = OLA) -> tuple[str, str]:
    """Whose relative the bundle says this is, by name, and the word for it."""
    b = Bundle({"d01": text}, case)
    person = b.who("d01", name)
    of = b.found.person(person.kin_of) if person.kin_of else None
    return (min(f.reveal() for f in of.forms) if of else "", person.kin_word if of else "")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("«Ola Rusk» lived with her mother, «Mara Venn», in town.", "mother"),
        ("«Ola Rusk» was seen. Her mum, «Mara Venn», rang.", "mother"),
        ("«Ola Rusk» was seen with «Mara Venn», her aunt.", "aunt"),
        ("«Mara Venn», mother of «Ola Rusk», rang.", "mother"),
        ("«Ola Rusk»'s older sister, «Mara Venn», rang.", "sister"),
        ("«Ola Rusk» was late. The bus was full. Her mother, «Mara Venn», rang.", "mother"),
        ("Re: «Ola Rusk»\n\nSeen at home. Mum («Mara Venn») was out.", "mother"),
        ("Re: «Ola Rusk»\n\nSeen at home. Lives with stepmother «Mara Venn».", "stepmother"),
    ],
)
def test_a_relative_is_tied_to_whom_the_words_beside_say(text: str, word: str) -> None:
    assert tie(text, "Mara Venn") == ("Ola Rusk", word)


@pytest.mark.parametrize(
    "text",
    [
        "«Ola Rusk» met the girl «Una Lamb». Her mother, «Mara Venn», rang.",  # whose mother?
        "«Ola Rusk» rang. «Mara Venn», her mum's husband, was out.",
        "Re: «Ola Rusk»\n\nSeen with Sister «Mara Venn» of the convent.",
        "Re: «Ola Rusk»\n\nA mother, «Mara Venn», rang the school.",
        "«Ola Rusk» gave evidence. Her uncle, «Mara Venn», was arrested and charged.",
        "«Ola Rusk» rang her mother, «Mara Venn». «Ola Rusk» met her aunt, «Mara Venn».",  # the texts disagree
    ],
)
def test_no_tie_where_it_may_be_another_or_is_the_accuseds(text: str) -> None:
    assert tie(text, "Mara Venn") == ("", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("with her mother, «Ann Venn», in town", "with [Survivor 2's mother] in town"),
        ("Her mum, «Ann Venn», rang", "[Survivor 2's mother] rang"),
        ("her mum «Ann Venn» rang", "[Survivor 2's mother] rang"),
        ("her mother, «Ann Venn», who rang", "[Survivor 2's mother], who rang"),
        ("then «Ann Venn», her mother, rang", "then [Survivor 2's mother] rang"),
        ("her aunt, «Ann Venn», rang", "her aunt, [Survivor 2's mother], rang"),
        ("mum «Ann Venn» rang", "[Survivor 2's mother] rang"),
        ("a mother, «Ann Venn», rang", "a mother, [Survivor 2's mother], rang"),
        ("«Ann Venn» (mother) rang", "[Survivor 2's mother] rang"),
        ("your client's mother, Mrs «Ann Venn», rang", "[Survivor 2's mother] rang"),
    ],
)
def test_a_relation_is_not_said_twice(before: str, after: str) -> None:
    text = before.replace("«", "").replace("»", "")
    d = decision(Kind.NAME, Span(before.index("«"), before.index("»") - 1), person="p3")
    for span, words in replacements([d], text, {"p3": "[Survivor 2's mother]"}, IOPC).items():
        text = text[: span.start] + words + text[span.end :]
    assert text == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("«Ola»'s mother, «Ann», rang", "[Survivor 2's mother], rang"),
        ("then «Ola»'s own mum «Ann» rang", "then [Survivor 2's mother] rang"),
        ("«Ann», mother of «Ola», rang", "[Survivor 2's mother] rang"),
        ("then «Ann» (the mother of «Ola») rang", "then [Survivor 2's mother] rang"),
        ("«Ola»'s friend, «Ann», rang", "[Survivor 2]'s friend, [Survivor 2's mother], rang"),
    ],
)
def test_a_label_takes_the_place_of_both_names(text: str, after: str) -> None:
    plain, people = text.replace("«", "").replace("»", ""), {"Ola": "p1", "Ann": "p3"}
    found = [
        decision(Kind.NAME, Span(plain.index(name), plain.index(name) + len(name)), person=person)
        for name, person in people.items()
    ]
    for span, words in reversed(replacements(found, plain, {"p1": "[Survivor 2]", "p3": "[Survivor 2's mother]"}, IOPC).items()):
        plain = plain[: span.start] + words + plain[span.end :]
    assert plain == after


def test_the_role_is_family() -> None:
    assert Bundle({"d01": "«Ola Rusk» was with her mother, «Mara Venn»."}, OLA).who("d01", "Mara Venn").role is Role.FAMILY
