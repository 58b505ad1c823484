"""Names of copies, swept of protected names however these are written. All are invented."""

from __future__ import annotations

import pytest

from redactor.actions.file_names import FileNames
from redactor.cleartext import ClearText
from redactor.model import Kind

NAMES = ("Zoë D'Souza", "Will Tranter", "Ieuan Mostyn", "Mrs Ann van der Berg", "Jo Thwaite-Corley")
SWEEP = FileNames([*((Kind.NAME, ClearText(name)) for name in NAMES), (Kind.PHONE, ClearText("07700 900123"))])


@pytest.mark.parametrize(
    ("path", "swept"),
    [
        ("DSouzaZoë.eml", "withheld-withheld.eml"),
        ("dsouzazoe-2.txt", "withheld-2.txt"),
        ("D_Souza.doc", "withheld_withheld.doc"),
        ("MostynIeuan.html", "withheld-withheld.html"),  # each once: spans that overlap were put in over each other
        ("statementMostyn.txt", "statement-withheld.txt"),
        ("imostyn2.txt", "withheld2.txt"),
        ("a/berg/vanderberg.txt", "a/withheld/withheld.txt"),
        ("corley.txt", "withheld.txt"),
        ("note of will.txt", "note-of-withheld.txt"),
        ("07700 900123.txt", "withheld.txt"),
        ("Willow.txt", "Willow.txt"),
        ("remarks of Mrs Hall.txt", "remarks of Mrs Hall.txt"),
        ("bergen.txt", "bergen.txt"),
    ],
)
def test_a_name_is_gone_from_a_file_name_and_nothing_else_is(path: str, swept: str) -> None:
    assert SWEEP.swept(path) == swept


def test_where_nobody_is_protected_names_stay() -> None:
    assert FileNames([]).swept("a/Mostyn.txt") == "a/Mostyn.txt"
