"""What a waiver's own words allow: until when, where, which facts; what ends it and what is asked about."""

from __future__ import annotations

from datetime import date

import pytest

from redactor.case import Waiver
from redactor.case_scope import Terms, terms
from redactor.cleartext import ClearText
from redactor.model import Kind

TODAY = date(2021, 6, 15)


def of(scope: str, basis: str = "signed form of 6 September 2019", title: str = "Harbour Gazette, the sailing club") -> Terms:
    waiver = Waiver.model_validate({"name": "Isla Crewe", "basis": basis, "scope": scope})
    return terms(waiver, ClearText(title), TODAY)


@pytest.mark.parametrize(
    "scope",
    [
        "",
        "her own name",
        "her name only",
        "name only",
        "his own name",
        "full name",
        "this report",
        "this article only",
        "her name, in this report",
        "to be named in the final report",
        "her name, not her school",
        "her name but not her school or her address",
        "name; not her children's names",
        "her name and picture",
        "her name and her account",
        "may be named in all coverage",
        "unlimited",
        "the Harbour Gazette",
        "her name in the Harbour Gazette only",
        "her name until 31 December 2021",
        "her name until 31/12/2021",
        "her name, expires 2021-12-31",
        "name, valid until the end of 2021",
        "name, until June 2021",
        "name, for two years",
    ],
)
def test_a_scope_that_is_understood_frees_the_name(scope: str) -> None:
    found = of(scope)
    assert (found.ended, found.doubt, found.first_only, found.frees) == ("", "", False, frozenset())


@pytest.mark.parametrize(
    ("scope", "basis", "why"),
    [
        ("her name until 31 December 2020", "signed form", "expired"),
        ("her name until 14 June 2021", "signed form", "expired"),
        ("her name until 2020", "signed form", "expired"),
        ("her name, expired 1/5/2020", "signed form", "expired"),
        ("name, valid until 2021-06-14", "signed form", "expired"),
        ("name, until May 2021", "signed form", "expired"),
        ("name, for one year", "signed form of 6 September 2019", "expired"),
        ("name, for 12 months", "signed form of 6 September 2019", "expired"),
        ("her name", "signed form of 2019, withdrawn in 2020", "withdrawn"),
        ("revoked", "signed form", "withdrawn"),
        ("her name", "form signed at 15", "under-16"),
        ("her name", "signed form, aged 14", "under-16"),
        ("her name", "signed when she was 13", "under-16"),
        ("her name, provided her mother agrees", "signed form", "condition"),
        ("her name only if the appeal fails", "signed form", "condition"),
        ("her name, not before the trial", "signed form", "condition"),
        ("her name until the trial ends", "signed form", "condition"),
        ("her name in the Northern Echo", "signed form", "elsewhere"),
        ("an interview with the BBC", "signed form", "elsewhere"),
    ],
)
def test_a_waiver_that_does_not_hold_masks_the_name_and_is_asked_about(scope: str, basis: str, why: str) -> None:
    found = of(scope, basis)
    assert (found.ended, found.doubt) == (why, f"waiver-{why}")


@pytest.mark.parametrize(
    "scope", ["her name, in connection with the regatta", "named alongside Robin", "see the letter on file", "chapter 3"]
)
def test_what_is_not_understood_is_asked_about_and_frees_the_name(scope: str) -> None:
    found = of(scope)
    assert (found.ended, found.doubt) == ("", "waiver-scope")


def test_a_waiver_without_a_basis_is_asked_about() -> None:
    assert of("her name", basis="").doubt == "waiver-scope"


@pytest.mark.parametrize("day", [date(2021, 12, 31), date(2022, 1, 1)])
def test_the_last_day_counts(day: date) -> None:
    waiver = Waiver.model_validate({"name": "Isla Crewe", "basis": "form", "scope": "her name until 31 December 2021"})
    assert terms(waiver, ClearText(""), day).ended == ("" if day.year == 2021 else "expired")


@pytest.mark.parametrize(
    ("scope", "frees"),
    [
        ("her name and age", {Kind.AGE}),
        ("name, age and school", {Kind.AGE, Kind.SCHOOL}),
        ("her name and her employer", {Kind.WORK}),
        ("her name and town, not her school", {Kind.PLACE}),
        ("her name, not her age", set()),
    ],
)
def test_facts_are_freed_only_where_the_scope_names_them(scope: str, frees: set[Kind]) -> None:
    assert of(scope).frees == frees


@pytest.mark.parametrize("scope", ["her first name only", "first name", "her name but not her surname"])
def test_a_first_name_alone(scope: str) -> None:
    assert of(scope).first_only


def test_an_outlet_is_no_limit_where_the_case_has_no_title() -> None:
    assert of("her name in the Northern Echo", title="").ended == ""
