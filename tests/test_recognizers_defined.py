"""Abbreviations that a text explains are nobody's initials; initials that it explains are."""

from __future__ import annotations

import pytest

from redactor.model import Kind
from redactor.recognizers import Engine
from redactor.recognizers.defined import explained

WORDS = frozenset("licence holder single point of contact grace hope local authority designated officer the a was".split())


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Licence holder (LH): Nia Moss", {"LH"}),
        ("was the single point of contact (SPOC).", {"SPOC"}),
        ("RV       rendezvous\nSPOC     single point of contact\n", {"SPOC"}),
        ("| LH | licence holder |", {"LH"}),
        ("LADO (local authority designated officer)", {"LADO"}),
        ("Grace Hope (GH) rang.", set()),  # names that are words
        ("Grace hope (GH) rang Nia moss (NM).", {"GH"}),
        ("Zelda Moss (ZM), licence holder (XY)", set()),
        ("nothing", set()),
    ],
)
def test_what_a_text_explains_in_ordinary_words(text: str, letters: set[str]) -> None:
    assert explained(text, WORDS.__contains__) == letters


def test_it_is_no_name_there_and_a_persons_initials_stay_so(engine: Engine) -> None:
    text = "Licence holder (LH): MOSS, Zahid. LH is called Zed.\n\nHannah Lethbridge (HL) wrote. HL left."
    found = {
        (text[f.span.start : f.span.end], f.kind in (Kind.NAME, Kind.ALIAS, Kind.INITIALS))
        for f in engine.detect("d", text).findings
    }
    assert ("LH", True) not in found and ("HL", True) in found
