"""J10: windows of birth against a plain count of days, and what the tool's own softening leaves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.case import EMPTY_CASE
from redactor.cleartext import ClearText
from redactor.jigsaw import Copy, JigsawFinding, read
from redactor.jigsaw.born import day_of
from redactor.policy import load_policy

BASE = load_policy("base")
S = "[Survivor 4]"
DAYS = [date(1985, 1, 1) + timedelta(days=n) for n in range(365 * 8)]


def found(text: str, *priors: Copy, policy: str = "base") -> list[JigsawFinding]:
    copies = [Copy("d01", ClearText(text))]
    return [f for f in read(copies, EMPTY_CASE, load_policy(policy), priors) if f.rule == "J10"]


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


@settings(deadline=None, max_examples=60)
@given(
    born=st.dates(date(1986, 1, 1), date(1990, 12, 31)),
    seen=st.lists(st.dates(date(1999, 1, 1), date(2006, 12, 31)), min_size=2, max_size=4, unique=True),
)
def test_what_is_left_is_what_a_count_of_days_leaves(born: date, seen: list[date]) -> None:
    """The independent count: every day on which somebody could be born who had each age on its day."""
    if (born.month, born.day) == (2, 29):  # the law and calendars differ on that birthday
        return
    text = f"{S} told police. " + " ".join(f"On {written(day)} she was {age_on(born, day)}." for day in seen)
    possible = [
        day for day in DAYS if (day.month, day.day) != (2, 29) and all(age_on(day, on) == age_on(born, on) for on in seen)
    ]
    assert born in possible
    levels = [f.level for f in found(text)]
    width = len(possible)
    if width <= 30 or 32 < width <= 89 or width > 91:  # a leap day may stand on either side of a limit
        assert levels == (["block"] if width <= 30 else ["warn"] if width <= 89 else [])


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (f"On 14 February 2003 {S} was 13. On 20 March 2003 she was 14.", "warn"),
        (f"On 14 February 2003 {S} was 13. On 1 March 2003 she was 14.", "block"),
        (f"On 14 February 2003 {S} was 13 years 2 months old.", "block"),
        (f"On 13 March 2003, the day after her 14th birthday, {S} rang.", "block"),
        (f"{S} was aged 13 on 14/02/2003. She was 14 on 2003-03-01.", "block"),
        # softened by the tool: bands, and dates to the month or a third of a year
        (f"In March 2003 {S} was a young teenager. In April 2003 she was an older teenager.", "warn"),
        (f"In early 2003 {S} was a young teenager. In early 2003 she was an older teenager.", None),
        (f"In 2003 {S} was 13. In 2004 she was 14.", None),
        (f"In May 2004 {S} had a child. In May 2005 she was an adult.", None),
        # no age on that day
        (f"{S}, 13 at the time, gave evidence on 14 February 2016. On 1 March 2003 she was 14.", None),
        (f"On 14 February 2003 {S} was one of 13 girls. On 1 March 2003 she was 14.", None),
    ],
)
def test_levels_go_by_the_days_that_are_left(text: str, level: str | None) -> None:
    assert [f.level for f in found(text)] == ([level] if level else [])


def test_an_age_that_contradicts_narrower_ones_does_not_silence_the_rule() -> None:
    assert found(f"On 14 February 2003 {S} was 13. On 1 March 2003 she was 14. On 3 May 2010 she was 12.")


def test_an_earlier_publication_completes_it_and_is_never_a_place() -> None:
    now, prior = f"On 14 February 2003 {S} was 13.", Copy("pub1", ClearText(f"On 1 March 2003 {S} was 14."))
    assert not found(now)
    (finding,) = found(now, prior)
    assert {place.doc for place in finding.places} == {"d01"}
    assert {p.place.doc for p in finding.proposals} == {"d01"}


def test_the_day_of_an_earlier_publication_dates_the_age_it_gives() -> None:
    now = f"On 14 February 2003 {S} was 13."
    prior = f"{S} is now 27."
    assert found(now, Copy("pub1", ClearText(prior), "2016-03-01"))[0].level == "block"
    assert not found(now, Copy("pub1", ClearText(prior)))


def test_years_are_proposed_where_days_make_it_narrow() -> None:
    (finding,) = found(f"On 14 February 2003 {S} was 13. On 1 March 2003 she was 14.")
    assert [(str(p.kind), p.action, p.words) for p in finding.proposals] == [("date", "soften", "2003")]


def test_policies_that_block_the_rule_block_a_quarter_of_a_year_too() -> None:
    text = f"On 14 February 2003 {S} was 13. On 20 March 2003 she was 14."
    assert [f.level for f in found(text, policy="iopc-report")] == ["block"]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("12/03/1989", (1989, 3, 12)),
        ("12 March 1989", (1989, 3, 12)),
        ("born 1st May 1990", (1990, 5, 1)),
        ("March 1989", None),
        ("31/02/1989", None),
    ],
)
def test_days_as_they_are_written(words: str, day: tuple[int, int, int] | None) -> None:
    assert day_of(words) == (date(*day) if day else None)
