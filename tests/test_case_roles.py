"""A role as teams write it, and the role it is. Words alone: no case, no person."""

from __future__ import annotations

import pytest

from redactor.case_roles import role_of
from redactor.model import NAMEABLE, Role


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("survivor", Role.SURVIVOR),
        ("Victim", Role.SURVIVOR),
        ("adult survivor (now 31)", Role.SURVIVOR),
        ("stepfather of a survivor", Role.FAMILY),
        ("survivor's mother", Role.FAMILY),
        ("uncle, never charged", Role.FAMILY),
        ("convicted, uncle of a survivor", Role.FAMILY),  # naming him would name her
        ("convicted, not to be named", Role.SUSPECT),
        ("pupil", Role.CHILD),
        ("young person", Role.CHILD),
        ("whistle-blower", Role.SOURCE),
        ("suspect never charged", Role.SUSPECT),
        ("acquitted", Role.SUSPECT),
        ("neighbour", Role.WITNESS),
        ("police complainant", Role.COMPLAINANT),
        ("detective sergeant", Role.OFFICER),
        ("PC", Role.OFFICER),
        ("social worker", Role.PROFESSIONAL),
        ("youth worker", Role.PROFESSIONAL),
        ("assistant coach", Role.PROFESSIONAL),
        ("licensed driver", Role.UNKNOWN),
        ("", Role.UNKNOWN),
        ("professional", Role.PROFESSIONAL),
    ],
)
def test_words_mean_a_role(words: str, role: Role) -> None:
    assert role_of(words) is role


@pytest.mark.parametrize(
    "words", ["public figure", "public_figure", "convicted", "convicted offender", "elected mayor", "waived"]
)
def test_words_for_somebody_who_may_be_named_are_no_protected_role(words: str) -> None:
    assert role_of(words) is None


@pytest.mark.parametrize("role", [r for r in Role if r not in NAMEABLE])
def test_every_protected_role_is_its_own_word(role: Role) -> None:
    assert role_of(role) is role
