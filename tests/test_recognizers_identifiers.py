from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redactor.model import Kind
from redactor.recognizers.checks import CHECKS
from redactor.recognizers.engine import Engine
from redactor.recognizers.identifiers import Identifier, Row, rows

VALID = [
    ("nhs", ["943 476 5919", "999 000 0018", "999-000-0018"], ["943 476 5918", "0000000000", "999 000 001"]),
    ("pnc", ["99/123456X", "20/9N", "2020/9N"], ["99/123456A", "99123456X", "2010/11"]),
    ("cro", ["123456/99L", "SF11/1X"], ["123456/99A", "SF11/1A"]),
    ("asn", ["23/14XX/01/12345678901N"], ["23/14XX/01/12345678901A", "23/14XX"]),
    ("upn", ["B801200005001"], ["A801200005001", "B80120000500"]),
    ("uln", ["1234567899"], ["1234567890", "12345"]),
    ("utr", ["1123456789"], ["2123456789", "112345678"]),
    ("luhn", ["490154203237518"], ["490154203237519", "000000000000000"]),
    ("vehicle", ["YX51 ABV", "P482 XKW", "KXW 482P"], ["A12 AND", "THE 12A", "IN 2010"]),
    ("postcode", ["QV9 9AB", "qv9 9ab"], ["E1 1st", "Qv9 9Ab"]),
    ("phone", ["07700 900123", "+44 (0)20 7946 0123", "01632 496 0123"], ["0800 1111", "999", "0800 555 111", "12"]),
    ("helpline", ["0800 1111", "101"], ["07700 900123"]),
    ("not_a_date", ["20-99-98"], ["12-03-10"]),
    ("reference", ["QZ/AB/10/0021", "5512"], ["2010", "12/03/2010", "18.02", "A1"]),
    ("five_digits", ["14/12345/09"], ["12/03/2010", "1234"]),
    ("chi", ["0101018002"], ["9990000018"]),
]


@pytest.mark.parametrize(("check", "good", "bad"), VALID, ids=[row[0] for row in VALID])
def test_checks_hold_for_valid_and_fail_for_invalid(check: str, good: list[str], bad: list[str]) -> None:
    assert [v for v in good if not CHECKS[check](v)] == []
    assert [v for v in bad if CHECKS[check](v)] == []


def test_every_check_has_a_table() -> None:
    assert set(CHECKS) == {name for name, _, _ in VALID}


@given(st.text(max_size=20))
def test_no_check_falls_over_any_text(text: str) -> None:
    for check in CHECKS.values():
        assert check(text) in (True, False)


def found(row: Row, text: str) -> set[str]:
    ways = ((True, row.labelled), (False, row.unlabelled))
    recognizers = [Identifier(row, 0, labelled=labelled) for labelled, pattern in ways if pattern]
    return {text[r.start : r.end] for recognizer in recognizers for r in recognizer.analyze(text, [])}


@pytest.mark.parametrize("row", rows(), ids=[f"{n}-{row.name}" for n, row in enumerate(rows())])
def test_a_row_finds_its_examples_and_leaves_its_look_alikes(row: Row) -> None:
    for example in row.finds:
        text, _, wanted = example.partition(" => ")
        assert found(row, text) == set(wanted.split("; "))
    assert [text for text in row.leaves if found(row, text)] == []
    assert row.finds
    assert row.leaves


def test_every_identifier_of_the_domain_list_has_a_row() -> None:
    wanted = (
        "nhs nino utr upn uln social_care plan_ref pnc cro asn urn crown_court family_case prison_no crn custody "
        "crime_ref incident_log holmes exhibit collar home_office passport driving_licence uprn iopc_ref bank imei "
        "coordinates vehicle postcode phone citation company paper foi provision helpline "
    )
    assert set(wanted.split()) <= {row.name for row in rows()}


FOUND = [
    ("Her NHS number is 999 000 0019.", Kind.ID, "nhs", "999 000 0019"),
    ("NI: QQ 12 34 56 C", Kind.ID, "nino", "QQ 12 34 56 C"),
    ("He gave AB 12 34 56 C at the desk.", Kind.ID, "nino", "AB 12 34 56 C"),
    ("Licence MORGA657054SM9IJ was seized.", Kind.ID, "driving_licence", "MORGA657054SM9IJ"),
    ("She moved to S99 9AB in May.", Kind.POSTCODE, "unit", "S99 9AB"),
    ("Write to jo@council.local today.", Kind.EMAIL, "address", "jo@council.local"),
    ("See https://example.org/page for it.", Kind.URL, "web", "https://example.org/page"),
    ("Logged from 192.0.2.17 at noon.", Kind.ID, "ip", "192.0.2.17"),
    ("The handset, 00:1A:2B:3C:4D:5E, joined.", Kind.ID, "mac", "00:1A:2B:3C:4D:5E"),
    ("Ring 07700 900123 after six.", Kind.PHONE, "number", "07700 900123"),
    ("IBAN GB82 WEST 1234 5698 7654 32 was used.", Kind.ID, "iban", "GB82 WEST 1234 5698 7654 32"),
    ("It was a grey van, YX51ABV, again.", Kind.VEHICLE, "mark", "YX51ABV"),
]


@pytest.mark.parametrize(("text", "kind", "detail", "words"), FOUND, ids=[f"{n}-{row[2]}" for n, row in enumerate(FOUND)])
def test_the_engine_finds_identifiers(engine: Engine, text: str, kind: Kind, detail: str, words: str) -> None:
    said = {
        (f.kind, f.attributes[0], text[f.span.start : f.span.end]) for f in engine.detect("d01", text).findings if f.attributes
    }
    assert (kind, detail, words) in said


LEFT = [
    "See [2013] EWHC 1234 (Admin), and section 47 of the Act.",
    "The White Paper, Cm 7085, and SI 2008/2863 say so at paragraphs 4.12 to 4.19.",
    "Call Childline on 0800 1111, Crimestoppers on 0800 555 111, or 101, or 999.",
    "Company number 01234567; registered charity number 123456; FOI ref 2014-00123.",
    "In 2009/10 there were 1,234 reports; 12 of 40 officers had left by 14.30 on 12/03/2010.",
    "The 14 a side game was at 12 noon. COVID-19 closed it.",
]


@pytest.mark.parametrize("text", LEFT, ids=range(len(LEFT)))
def test_the_engine_leaves_public_numbers(engine: Engine, text: str) -> None:
    masked = {Kind.ID, Kind.PHONE, Kind.VEHICLE, Kind.POSTCODE}
    assert [f.why for f in engine.detect("d01", text).findings if f.kind in masked] == []
