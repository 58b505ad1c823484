"""Names and numbers told by how a page is written: headings under letters, numbered logs, chats and the lines over messages."""

from __future__ import annotations

import pytest

from redactor.model import Kind
from redactor.recognizers import messages, outline, serials, staff, structure

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


STAFF = [
    ("Staff: RT mgr / PM / KLP nights\n0700 KLP to RT. Quiet.\n2100 PM back at 9 PM.\n", ["KLP", "KLP", "PM", "PM", "RT", "RT"]),
    ("Rang the school, and nobody rang back. MD\nThe second call was for MD.\n", ["MD", "MD"]),
    ("[LEGAL: she still has the old headline. Cut. HS] It ran. [Query: surely not? HS: no.]", ["HS", "HS"]),
    ("Staff: PM only\nBack by 5 PM.\n", []),  # one alone is vouched for by nobody
    ("Nobody could say whether it was so. OK\nIt was a matter for the UK.\n", []),
]


@pytest.mark.parametrize(("text", "expected"), STAFF, ids=range(len(STAFF)))
def test_initials_that_staff_sign_a_log_with(text: str, expected: list[str]) -> None:
    assert sorted(text[f.start : f.end] for f in staff.find(text)) == expected


OF_A_BODY = [
    ("Grace from Barnardo's will sit in.", ["Grace"]),
    ("Hope from the CSE team rang, and Will from MASH did not.", ["Hope", "Will"]),
    ("May from the surgery rang.", ["May"]),
    ("In May from Monday on, and in May from Leeds, nobody rang.", []),
    ("We took hope from the report. Faith from God is faith.", []),
]


@pytest.mark.parametrize(("text", "expected"), OF_A_BODY, ids=range(len(OF_A_BODY)))
def test_a_word_from_a_body_is_a_person(text: str, expected: list[str]) -> None:
    assert [text[f.start : f.end] for f in structure.find(text) if f.why == "of_a_body"] == expected


def test_letters_after_a_name_are_no_surname_before_the_next() -> None:
    text = "Panel: Mr Ian Rashid JP, Miss Una Lamb (chair)."
    assert "surname_first" not in {f.why for f in structure.find(text)}
    assert "surname_first" in {f.why for f in structure.find("Panel: LAMB, Miss Una (chair).")}
