"""Orders of courts and live proceedings: what the case makes of them, and what is looked for in the copies."""

from __future__ import annotations

from datetime import date

import pytest

from redactor.case import Case, Known, Order, PublicFigure, Waiver
from redactor.cleartext import ClearText
from redactor.jigsaw import Copy, JigsawFinding, read
from redactor.model import Role
from redactor.policy import Policy, load_policy

BASE = load_policy("base")
TODAY = date(2026, 1, 1)


def clear(*words: str) -> tuple[ClearText, ...]:
    return tuple(map(ClearText, words))


def order(*persons: str, **more: object) -> Order:
    return Order(id="ORD-1", persons=clear(*persons), **more)  # type: ignore[arg-type]


def found(text: str, case: Case, policy: Policy = BASE) -> list[JigsawFinding]:
    rules = ("R-ORDER", "R-CONTEMPT")
    return [f for f in read([Copy("d01", ClearText(text))], case, policy, today=TODAY) if f.rule in rules]


@pytest.mark.parametrize(
    ("ordered", "listed", "same"),
    [
        ("Jo Lane", "Jo Lane", True),
        ("Jo Lane", "LANE, Jo", True),
        ("Jo Lane", "Councillor Jo Lane MP", True),
        ("J. Lane", "Jo Lane", True),
        ("Jo Lane", "JO LANE", True),
        ("Jo Lane", "Jo Lane-Firth", True),
        ("Jo Lane", "Joan Lane", False),
        ("Jo Lane", "Lane", False),
        ("J. L.", "Jo Lane", False),
        ("Jo Lane", "Jo Quill", False),
    ],
)
def test_an_order_overrules_whoever_may_be_meant(ordered: str, listed: str, same: bool) -> None:
    waiver, figure = Waiver(name=ClearText(listed)), PublicFigure(name=ClearText(listed), office="mayor")
    case = Case(orders=(order(ordered),), waivers=(waiver,), public_figures=(figure,))
    assert (case.waivers, case.public_figures) == (((), ()) if same else ((waiver,), (figure,)))
    assert [known.overruled for known in case.people] == (["order", "order"] if same else [])


def test_an_overruled_entry_keeps_its_aliases_and_survives_a_round_trip() -> None:
    case = Case(orders=(order("Jo Lane"),), waivers=(Waiver(name=ClearText("Jo Lane"), aliases=clear("Jojo")),))
    assert [form.reveal() for form in case.people[0].forms] == ["Jo Lane", "Jojo"]
    assert Case.model_validate(case.model_dump(mode="json")) == case


@pytest.mark.parametrize("policy", ["base", "strict", "newsroom"])
@pytest.mark.parametrize("text", ["Jo Lane told police.", "They called Jojo back.", "JO LANE told police."])
def test_a_person_of_an_order_blocks_under_every_policy(text: str, policy: str) -> None:
    case = Case(orders=(order("Jo Lane"),), waivers=(Waiver(name=ClearText("Jo Lane"), aliases=clear("Jojo")),))
    levels = {f.level for f in found(text, case, load_policy(policy)) if f.detail == "order-1"}
    assert levels == {"block"}


def test_what_an_order_cannot_settle_is_asked() -> None:
    waiver = Waiver(name=ClearText("Jo Lane"))
    over = Case(orders=(order("Jo Lane", until=date(2025, 6, 30)),))
    assert [(f.level, f.detail, f.places) for f in found("Nobody.", over)] == [("warn", "order-1+over", ())]
    assert over.orders[0].persons  # enforced all the same
    assert found("Jo Lane spoke.", over)[0].level == "warn" and found("Jo Lane spoke.", over)[1].level == "block"
    assert not found("Nobody.", Case(orders=(order("Jo Lane", until=date(2026, 6, 30)),)))
    assert [f.detail for f in found("Nobody.", Case(orders=(order(),)))] == ["order-1+no_persons"]
    assert [f.detail for f in found("Nobody.", Case(orders=(order("Jo Lane"),), waivers=(waiver,)))] == ["order-1+overrules"]


def test_an_order_is_not_over_where_nobody_says_what_day_it_is() -> None:
    case = Case(orders=(order("Jo Lane", until=date(2000, 1, 1)),))
    assert not read([Copy("d01", ClearText("Nobody."))], case, BASE)


FIRTH = PublicFigure(name=ClearText("Alan Firth"), basis="convicted in 2016")
MADDERN = PublicFigure(name=ClearText("Colin Maddern"), office="councillor", basis="charged, awaiting trial")


def test_who_is_charged_and_not_tried_is_protected_while_proceedings_are_active() -> None:
    quiet = Case(public_figures=(FIRTH, MADDERN))
    live = Case(public_figures=(FIRTH, MADDERN), proceedings="active")
    assert quiet.public_figures == (FIRTH, MADDERN)
    assert live.public_figures == (FIRTH,)
    assert [(k.name.reveal(), k.role, k.overruled) for k in live.people] == [("Colin Maddern", Role.SUSPECT, "proceedings")]


def test_the_banner_and_whoever_is_named_as_charged() -> None:
    live = Case(public_figures=(FIRTH, MADDERN), proceedings="active")
    assert [(f.detail, f.level) for f in found("Nothing.", live)] == [("active", "warn"), ("overrules", "warn")]
    assert [f.detail for f in found("Alan Firth was jailed.", live)] == ["active", "overrules"]
    for text in ("Colin Maddern spoke.", "Owen Quill was charged with two offences.", "The trial of Owen Quill begins in May."):
        assert ("named", "block") in {(f.detail, f.level) for f in found(text, live)}
    for text in (
        "[Person 3] was charged with two offences.",
        "Marion Tate was charged with reviewing the files.",
        "Alan Firth was on trial.",
    ):
        assert "named" not in {f.detail for f in found(text, live)}
    assert not found("Owen Quill was charged with two offences.", Case(public_figures=(FIRTH, MADDERN)))


def test_a_charge_of_the_past_is_no_live_one() -> None:
    told = Known(name=ClearText("Colin Maddern"), role=Role.SUSPECT)
    assert [f.detail for f in found("Nothing.", Case(people=(told,), proceedings="active"))] == ["active"]
