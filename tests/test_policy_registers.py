"""The registers of office-holders: every row can be used, has a source and dates that parse; a wrong row is refused by line."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from redactor import policy_registers
from redactor.cli import cli
from redactor.errors import PolicyError
from redactor.people.grammar import grammar
from redactor.people.names import parse
from redactor.policy import load_policy
from redactor.policy_registers import Office, Register, load, names, rows, said

CODES = grammar().codes | {"judge"}
OFFICES = [(name, office) for name in names() for office in load(name).offices]
each_office = pytest.mark.parametrize(("register", "office"), OFFICES, ids=[o.office for _, o in OFFICES])


def test_there_are_registers_for_the_offices_of_this_field() -> None:
    assert set(names()) == {
        "commissioners", "inquiries", "judges", "mayors", "ministers", "mps", "pccs", "police", "watchdogs",
    }  # fmt: skip


@each_office
def test_an_office_says_who_says_so(register: str, office: Office) -> None:
    assert office.code in CODES
    assert len(office.source) > 10
    assert all(words == words.strip() and not words.startswith("the ") for words in (*office.words, *office.loose))


@each_office
def test_holders_follow_each_other(register: str, office: Office) -> None:
    """In order, none twice, each in office for at most forty years, and nobody before the last has no end."""
    starts = [h.since for h in office.holders]
    assert starts == sorted(starts)
    for holder in office.holders:
        assert parse(holder.name).full and not parse(holder.name).titles
        assert datetime.date.today().year >= int(holder.since[:4]) > 1978
        assert not holder.until or int(holder.until[:4]) - int(holder.since[:4]) < 40
    assert all(h.until for h in office.holders[:-1])


@each_office
def test_one_office_has_one_holder_at_a_time(register: str, office: Office) -> None:
    for before, after in zip(office.holders, office.holders[1:], strict=False):
        assert before.until[:7] <= after.since[: len(before.until[:7])] or after.since[:4] == before.until[:4]


WRONG = [
    ("from: 2014", "from: 2014-13", "day, a month or a year|month must be"),
    ("from: 2014", "from: 2014-02-30", "day is out of range"),
    ("from: 2014", "from: last year", "a day, a month or a year"),
    ("to: 2016", "to: 2013", "before"),
    ("source: an invented list", "source: ''", "source"),
    ("name: Helen Marsden", "name: Marsden", "given name and a surname"),
    ("name: Helen Marsden", "name: Helen (Nell) Marsden", "given name and a surname"),
    ("loose: [chief]", "", "words"),
    ("body: [The Board]", "", "loose"),
    ("office: Chief", "offise: Chief", "office"),
    ("register: tests", "register: Tests!", "register|pattern"),
    ("holders: [", "holders: [{name: Helen Marsden, from: 2014}, ", "twice"),
]
GOOD = """
register: tests
description: a register of the tests
offices:
  - office: Chief
    code: director
    loose: [chief]
    body: [The Board]
    source: an invented list
    holders: [{name: Helen Marsden, from: 2014, to: 2016}]
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "registers").mkdir()
    monkeypatch.setattr(policy_registers, "folder", lambda: tmp_path)
    load.cache_clear()
    yield tmp_path / "registers" / "tests.yaml"
    load.cache_clear()


def test_a_good_register_is_read(own: Path) -> None:
    own.write_text(GOOD, encoding="utf-8")
    assert said("tests") == [("Chief", 1, "2014", "2016")]
    assert [r.years for r in rows(["tests"], ["director"])] == [(2014, 2016)]
    assert rows(["tests"], ["mp"]) == ()


@pytest.mark.parametrize(("right", "wrong", "says"), WRONG)
def test_a_wrong_row_is_refused(right: str, wrong: str, says: str, own: Path) -> None:
    assert right in GOOD
    own.write_text(GOOD.replace(right, wrong), encoding="utf-8")
    with pytest.raises(PolicyError, match=f"registers/tests.yaml.*(?:{says})") as refused:
        load("tests")
    assert "Marsden" not in str(refused.value)


def test_a_register_must_bear_its_own_name(own: Path) -> None:
    own.write_text(GOOD.replace("register: tests", "register: others"), encoding="utf-8")
    with pytest.raises(PolicyError, match="own name"):
        load("tests")


def test_no_office_is_in_two_registers() -> None:
    offices = [office.office for _, office in OFFICES]
    assert len(offices) == len(set(offices))


def test_the_policy_says_which_registers_and_offices_count() -> None:
    assert load_policy("strict").register_rows == ()
    codes = {row.office.code for row in load_policy("base").register_rows}
    assert "minister" in codes and "judge" not in codes


def test_a_child_policy_may_drop_a_register_and_add_none(tmp_path: Path) -> None:
    fewer = tmp_path / "fewer.yaml"
    fewer.write_text("policy: fewer\nextends: base\ndescription: fewer\nregisters: [ministers]\n", encoding="utf-8")
    assert {row.register for row in load_policy(str(fewer)).register_rows} == {"ministers"}
    more = tmp_path / "more.yaml"
    more.write_text("policy: more\nextends: strict\ndescription: more\nregisters: [ministers]\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="registers is weaker"):
        load_policy(str(more))
    none = tmp_path / "none.yaml"
    none.write_text("policy: none\nextends: base\ndescription: none\nregisters: [barons]\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="no such register"):
        load_policy(str(none))


def test_the_digest_of_a_policy_holds_its_registers(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = load_policy("newsroom")
    before = policy.digest
    changed = Register.model_validate(yaml.safe_load(GOOD.replace("2014", "'2014'").replace("2016", "'2016'")))
    monkeypatch.setattr(policy_registers, "load", lambda name: changed)
    assert policy.digest != before


def test_the_command_says_what_each_register_holds() -> None:
    every = CliRunner().invoke(cli, ["policies", "registers"])
    assert every.exit_code == 0
    assert all(name in every.output for name in names())
    one = CliRunner().invoke(cli, ["policies", "registers", "watchdogs"])
    assert one.exit_code == 0 and "Director of Public Prosecutions" in one.output and "1992" in one.output
    with pytest.raises(PolicyError, match="No such register"):
        load("barons")
