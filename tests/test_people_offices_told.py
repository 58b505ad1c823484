"""Offices told in a roundabout way, as news copy does, and their look-alikes. Every name and place is invented.

The patterns are test_people_offices.py's; here are offices counted, inherited over a sentence, and told by what somebody ran.
"""

from __future__ import annotations

import re

import pytest

from redactor.case import EMPTY_CASE
from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content
from redactor.model import Document, Span
from redactor.people import resolve
from redactor.people.offices import stated
from redactor.people.scope import Scopes
from redactor.policy import load_policy
from redactor.recognizers import Engine

POLICY = load_policy("iopc-report")

STAYS = [
    "He named two former directors of children's services, «Helen Marsden» and Peter Oakley.",
    "He named two former directors of children's services, Helen Marsden and «Peter Oakley».",
    "She had written to the county's three MPs: Neil Tarn, «Helen Marsden» and Lord Brockwell.",
    "Both police and crime commissioners, «Helen Marsden» and Peter Oakley, were asked.",
    "The home secretary, Peter Oakley, left the government in May. His successor, «Helen Marsden», read the report.",
    "Home Secretary Peter Oakley left in May. In a letter Mr Oakley refused. His successor, «Helen Marsden», said yes.",
    "«Helen Marsden», who ran the council from 2003 until 2011, was asked.",
    "«Helen Marsden», who ran Harnsea Borough Council until 2011, was asked.",
    "«Helen Marsden», who led Marlow Valley Police from 2003, was asked.",
    "The Bishop of Harnsea, the Right Reverend «Helen Marsden», apologised.",
    "«Helen Marsden», the Bishop of Harnsea, apologised.",
    "«Helen Marsden», Westminster editor",
]
GOES = [
    "She told the councillors, «Helen Marsden» and Peter Oakley, who were at the home.",
    "Two of the girls wrote to MPs, «Helen Marsden» said.",
    "PC Dunn wrote to the chief constable in May. His successor, «Helen Marsden», did not.",
    "The home secretary, Peter Oakley, left in May. A caretaker found the file. His successor, «Helen Marsden», burnt it.",
    "The home secretary, Peter Oakley, left in May. Her successor at the hostel, «Helen Marsden», rang.",
    "«Helen Marsden», who ran the council's youth club, was asked.",
    "«Helen Marsden», who ran errands for the council, was asked.",
    "«Helen Marsden», who led police to the house, was asked.",
    "«Helen Marsden», the Bishop of Harnsea's driver, was asked.",
    "«Helen Marsden», of Bishop Road, was asked.",
]
MARK = re.compile(r"«([^»]+)»")


def unmarked(row: str) -> tuple[str, Span]:
    match = MARK.search(row)
    assert match is not None
    return MARK.sub(r"\1", row), Span(match.start(), match.end() - 2)


def heard(row: str) -> bool:
    text, span = unmarked(row)
    scopes = Scopes(text)
    return bool(stated(text, scopes.units[scopes.index(span.start)], span.start, span.end) & POLICY.offices)


def kept(row: str, engine: Engine) -> bool:
    text, span = unmarked(row)
    document = Document("d01", ClearText("a.txt"), "text/plain", Content((Block(BlockKind.PARAGRAPH, ClearText(text)),)))
    found = resolve([document], {"d01": text}, {"d01": engine.detect("d01", text)}, EMPTY_CASE, POLICY)
    roles = {p.id: p.role for p in found.persons}
    rows = [x for x in found.linked["d01"] if x.mention.span.overlaps(span)]
    assert rows, "the name was not found at all"
    return all(x.certain and not roles[x.person].protected for x in rows)


@pytest.mark.parametrize("row", STAYS)
def test_an_office_is_heard_and_its_holder_stays(row: str, engine: Engine) -> None:
    assert heard(row) and kept(row, engine)


@pytest.mark.parametrize("row", GOES)
def test_a_look_alike_is_not_heard_and_goes(row: str, engine: Engine) -> None:
    assert not heard(row) and not kept(row, engine)


@pytest.mark.parametrize("seat", ["the member for «Wexcombe North»", "the Bishop of «Wexcombe»", "MP for «Calder Vale»"])
def test_a_seat_is_no_person(seat: str, engine: Engine) -> None:
    text, span = unmarked(f"Helen Marsden, {seat} until 2010, was asked.")
    document = Document("d01", ClearText("a.txt"), "text/plain", Content((Block(BlockKind.PARAGRAPH, ClearText(text)),)))
    found = resolve([document], {"d01": text}, {"d01": engine.detect("d01", text)}, EMPTY_CASE, POLICY)
    assert not any(x.mention.span.overlaps(span) for x in found.linked["d01"])
