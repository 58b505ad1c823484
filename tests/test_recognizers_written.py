"""Names and numbers told by how a page is written: headings under letters, numbered logs, chats and the lines over messages."""

from __future__ import annotations

import pytest

from redactor.model import Kind
from redactor.recognizers import messages, outline, serials, structure

HEADINGS = [
    ("A. The facts\n\nB. Proceedings\n\nC. The law\n\nD. Costs\n", 4),
    ("A. Facts and findings\n\nB. Findings\n\nThe findings of fact stand. The facts are agreed.", 2),
    ("A. Oakes\nB. Lamb\n", 0),  # people under letters, and no word of prose says otherwise
    ("T. Lamb\nU. Moss\n", 0),
    ("A. The facts\n\nM. Rusk\n", 0),  # letters that do not follow each other number nothing
]


@pytest.mark.parametrize(("text", "count"), HEADINGS, ids=range(len(HEADINGS)))
def test_letters_that_number_headings_are_no_initials(text: str, count: int) -> None:
    assert len(outline.outline(text)) == count


def test_the_letters_of_questions_and_answers_are_no_initials() -> None:
    text = "Q. May I ask?\nA. Sorry.\nQ. Hope, who else?\nA. Tom.\n"
    assert [text[a:b] for a, b in outline.questions(text).items()] == ["Q. ", "A. ", "Q. ", "A. "]
    assert not outline.questions("Q. Lamb\nA. Moss\n")


LOG = "URN 5x5-09-22714 received\nURN 5x5-09-22715 closed\nURN 5x5-10-00031 open\n"
SERIALS = [
    (LOG, ["5x5-09-22714", "5x5-09-22715", "5x5-10-00031"]),
    (LOG.split("\n")[0], []),  # once is no numbering
    ("12/03/2010 met\n13/03/2010 met\n14/03/2010 met\n", []),
    ("1-2 first\n1-3 second\n1-4 third\n", []),
    ("AB/1234/09 | seen\nAB/1235/09 | seen\nAB/1236/09 | seen\n", ["AB/1234/09", "AB/1235/09", "AB/1236/09"]),
]


@pytest.mark.parametrize(("text", "expected"), SERIALS, ids=range(len(SERIALS)))
def test_numbers_of_one_shape_that_open_line_after_line(text: str, expected: list[str]) -> None:
    assert [text[f.start : f.end] for f in serials.find(text)] == expected


MESSAGES = [
    ("13:21  Tiz to Lammy\n13:25  Lammy to Tiz\n", ["Lammy", "Tiz"]),
    ("FROM Tiz [not traced]\nhiya\n\nTO Lammy xx\nok\n\nFROM Tiz\nbye\n", ["Lammy", "Tiz"]),
    ("saw pc moss and sgt lamb by the shop", ["lamb", "moss"]),
    ("so mrs b was there, and uncle K too", ["K", "b"]),
    ("From here on, the panel met.\nTo be fair, it tried.\n", []),
    ("The letter went from Leeds to York at 13:21.", []),
    ("Mrs A Lamb rang.", []),
]


@pytest.mark.parametrize(("text", "expected"), MESSAGES, ids=range(len(MESSAGES)))
def test_names_in_messages(text: str, expected: list[str]) -> None:
    found = {text[f.start : f.end] for f in messages.in_messages(text)}
    assert sorted(found) == expected


ALIASES = [
    ("known locally as Tiz, and", Kind.ALIAS, ["Tiz"]),
    ('He is down as "Lammo" there', Kind.ALIAS, ["Lammo"]),
    ("We all call her Tiz now", Kind.ALIAS, ["Tiz"]),
    ("ask for “Kev the Van” at the desk", Kind.ALIAS, ["Kev the Van"]),
    ("signed with the initials QZ below", Kind.INITIALS, ["QZ"]),
    ("PC Constable and Sergeant Una Constable came", Kind.NAME, ["Constable", "Una Constable"]),
    ("his aunt, Una, was told", Kind.NAME, ["Una"]),
    ("\n\nT,\n\nthank you", Kind.INITIALS, ["T"]),
    ("He is happy. She is late. It is down as read.", Kind.ALIAS, []),
    ("The Chief Constable Ann", Kind.INITIALS, []),
    ("then I'll go home", Kind.ALIAS, []),
    ("O/E NAD today", Kind.NAME, []),
    ("Q. Who was it?\n\nA. Through Una. Q. When?\n\nQ. Which?", Kind.NAME, []),
]


@pytest.mark.parametrize(("text", "kind", "expected"), ALIASES, ids=range(len(ALIASES)))
def test_more_ways_to_say_a_name(text: str, kind: Kind, expected: list[str]) -> None:
    found = {text[f.start : f.end] for f in structure.find(text) if f.kind is kind}
    assert set(expected) <= found and (found or not expected)
    assert expected or not found
