"""Gold and its scorer: broken gold is refused; each figure falls for the fault it is there to see, and for no other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from redactor.errors import UsageError
from redactor.gold import Row, in_folder, load, parse
from redactor.gold_figures import Figures, Protection, Rate, Scores, judged
from redactor.gold_figures import figures as figures_of

GOLD = Path(__file__).resolve().parent.parent / "benchmarks" / "gold"

RAW = (
    '<m p="S1" k="name" x="mask">Hope Mallory</m>, <m p="S1" k="age" x="soften">14</m>, met '
    '<m p="G1" k="name" x="keep">Ann Mallory</m>. We hope that <m p="S1" k="name" x="mask">Mallory</m> will be heard.\n'
)
ORACLE = "[Survivor 2], a young teenager, met Ann Mallory. We hope that [Survivor 2] will be heard.\n"
ALL = {name: 1.0 for name, _ in Scores().rows()}


def row(raw: str = RAW, doc: str = "01") -> Row:
    text, mentions = parse(raw, "here")
    return {"bundle": "b", "doc": doc, "text": text, "mentions": mentions}


def whole(rows: list[Row], copies: Mapping[tuple[str, str], str]) -> Figures:
    return figures_of(judged(rows, copies))


def score(rows: list[Row], copies: Mapping[tuple[str, str], str]) -> Scores:
    return whole(rows, copies).scores


def figures(copy: str | None) -> dict[str, float | None]:
    scores = score([row()], {} if copy is None else {("b", "01"): copy})
    return {label: share.value for label, share in scores.rows()}


def test_a_perfect_copy_has_every_figure() -> None:
    assert figures(ORACLE) == ALL


def test_the_source_itself_protects_nobody_and_keeps_everything() -> None:
    assert figures(row()["text"]) == {name: 1.0 if name in ("keep", "prose") else 0.0 for name in ALL}


def test_a_held_document_leaks_nothing_and_keeps_nothing() -> None:
    lost = {"keep": 0.0, "prose": 0.0, "documents without a leak": 0.0}
    assert figures(None) == {**ALL, **lost}


MASKS = {"mask recall", "mask recall by occurrence", "no name part left", "persons wholly protected", "documents without a leak"}


@pytest.mark.parametrize(
    ("old", "new", "falls"),
    [
        ("[Survivor 2] will", "Mallory will", MASKS),
        ("[Survivor 2] will", "MALLORY will", MASKS),
        ("[Survivor 2],", "Hope\nMallory,", MASKS),
        ("[Survivor 2],", "Hope,", {"no name part left"}),
        ("a young teenager", "aged 14", {"soften"}),
        ("Ann Mallory", "[Person 3]", {"keep"}),
        ("We hope that", "We [name] that", {"prose"}),
        ("We hope that", "We hopeful that", {"prose"}),
    ],
)
def test_a_fault_lowers_its_own_figures(old: str, new: str, falls: set[str]) -> None:
    assert old in ORACLE
    found = figures(ORACLE.replace(old, new))
    assert {name for name, value in found.items() if value != 1.0} == falls


def test_one_survival_fails_every_mention_of_a_text_but_one_occurrence() -> None:
    twice = row('<m p="S1" k="name" x="mask">Ivy Larch</m> saw <m p="S1" k="name" x="mask">Ivy Larch</m>.')
    found = score([twice], {("b", "01"): "[a] saw Ivy Larch."})
    assert (found.mask.value, found.occurrences.value) == (0.0, 0.5)


def test_a_person_is_protected_only_in_the_whole_bundle() -> None:
    rows = [row(), row('<m p="S1" k="name" x="mask">Mallory</m> rang.', "02")]
    found = score(rows, {("b", "01"): ORACLE, ("b", "02"): "Mallory rang."})
    assert (found.persons.good, found.persons.of) == (0, 1)
    assert (found.documents.good, found.documents.of) == (1, 2)


def test_nothing_to_score_is_no_figure() -> None:
    assert {str(share) for _, share in score([], {}).rows()} == {"-"}


# --- by role, by kind, by person ----------------------------------------------------------------------------------------

SISTERS = (
    '<m p="S1" k="name" x="mask">Ivy Larch</m>, born <m p="S1" k="dob" x="mask">1 May 1999</m>, '
    '<m p="F1" k="name" x="mask">Fern Larch</m> of <m p="X1" k="place" x="mask">Quern Lane</m> and '
    '<m p="G1" k="name" x="keep">Ann Mallory</m>, <m p="F1" k="age" x="soften">41</m>.'
)


def test_each_share_is_that_of_its_role_and_kind() -> None:
    found = whole([row(SISTERS)], {("b", "01"): "[S], born 1 May 1999, [F] of Quern Lane and [P], 41."})
    told = {role: {x: share.value for x, share in shares.items()} for role, shares in found.by_role.items()}
    assert told == {
        "survivor": {"mask": 0.5, "soften": None, "keep": None},
        "family": {"mask": 1.0, "soften": 0.0, "keep": None},
        "public figure": {"mask": None, "soften": None, "keep": 0.0},
        "organisation, place or thing": {"mask": 0.0, "soften": None, "keep": None},
    }
    assert {kind: shares["mask"].value for kind, shares in found.by_kind.items()} == {
        "name": 1.0,
        "dob": 0.0,
        "age": None,
        "place": 0.0,
    }


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        ("", Protection(2, 0, 0)),
        ("[S], born 1 May 1999, [F]", Protection(1, 1, 0)),
        ("Ivy Larch, born 1 May 1999, [F]", Protection(1, 0, 1)),
        ("Ivy Larch, born [date], Fern Larch", Protection(0, 1, 1)),
    ],
)
def test_a_person_is_protected_wholly_partly_or_not(copy: str, expected: Protection) -> None:
    found = whole([row(SISTERS)], {("b", "01"): copy})
    assert found.protection == expected
    assert (found.miss_rate.missed, found.miss_rate.of) == (2 - expected.wholly, 2)


def test_the_same_number_in_another_bundle_is_another_person() -> None:
    other: Row = {**row(SISTERS), "bundle": "c"}
    found = whole([row(SISTERS), other], {("b", "01"): "", ("c", "01"): "Ivy Larch"})
    assert found.persons["survivor"] == Protection(1, 1, 0)


def test_a_word_of_a_name_that_is_left_is_a_trace_and_no_miss() -> None:
    found = whole([row(SISTERS)], {("b", "01"): "Ivy [S], born [date], [F]"})
    assert (found.miss_rate.missed, found.trace_rate.missed) == (0, 1)


@pytest.mark.parametrize(
    ("missed", "of", "low", "high"),
    [  # Newcombe 1998, Statistics in Medicine 17, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_the_interval_is_the_published_one(missed: int, of: int, low: float, high: float) -> None:
    interval = Rate(missed, of).interval
    assert interval is not None
    assert interval == pytest.approx((low, high), abs=0.00006)


def test_a_rate_of_nothing_has_no_interval() -> None:
    assert (Rate(0, 0).value, Rate(0, 0).interval) == (None, None)


# --- gold that can be read, and gold that cannot ------------------------------------------------------------------------


def lines(rows: list[Row], file: Path) -> Path:
    file.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return file


def test_lines_and_folder_are_the_same_gold(tmp_path: Path) -> None:
    rows = load(GOLD)
    assert rows == in_folder(GOLD)
    assert load(lines([*reversed(rows)], tmp_path / "gold.jsonl")) == rows


def test_a_line_separator_within_a_text_ends_no_line(tmp_path: Path) -> None:
    rows = [row("one\u2028two\n")]
    assert load(lines(rows, tmp_path / "gold.jsonl")) == rows


def bad(**change: object) -> str:
    """A line whose mention says something else than it did."""
    good = row('A letter to <m p="S1" k="name" x="mask">Ann Lee</m>.')
    mention = {**good["mentions"][0], **change}
    return json.dumps({**good, "mentions": [mention]})


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        '"text"',
        '{"bundle": "b", "doc": "01", "text": "x"}',
        '{"bundle": "b", "doc": "../01", "text": "x", "mentions": []}',
        '{"bundle": "..", "doc": "01", "text": "x", "mentions": []}',
        '{"bundle": "b", "doc": 1, "text": "x", "mentions": []}',
        bad(start=0),
        bad(end=99),
        bad(text="Ann"),
        bad(p="Z1"),
        bad(k="colour"),
        bad(x="hide"),
        bad(end=14, text="An"),
        bad(start=None),
        json.dumps({**row(), "mentions": [row()["mentions"][0]] * 2}),
    ],
)
def test_a_broken_line_is_refused_by_its_number_and_not_quoted(line: str, tmp_path: Path) -> None:
    file = lines([row()], tmp_path / "gold.jsonl")
    with file.open("a", encoding="utf-8") as more:
        more.write(line + "\n")
    with pytest.raises(UsageError, match=r"^Line 2 of the gold") as fault:
        load(file)
    assert "Ann" not in str(fault.value)


def test_a_line_that_fits_is_not_refused(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text(bad(), encoding="utf-8")
    assert len(load(tmp_path / "gold.jsonl")) == 1


@pytest.mark.parametrize("what", ["nothing", "an empty folder", "no gold", "the same twice", "not text"])
def test_gold_that_cannot_be_used_is_refused(what: str, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    if what == "an empty folder":
        gold.mkdir()
    elif what == "no gold":
        gold.write_text("\n")
    elif what == "the same twice":
        lines([row(), row()], gold)
    elif what == "not text":
        gold.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(UsageError):
        load(gold)


def test_a_gold_text_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "Ann Lee.gold.txt").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(UsageError, match="b, document 1: ") as fault:
        load(tmp_path)
    assert "Ann" not in str(fault.value)


@pytest.mark.parametrize(
    "raw",
    [
        '<m p="S1" k="name" x="mask">Ann <m p="S1" k="name" x="mask">Lee</m></m>',
        '<m p="S1" k="name" x="mask">Ann Lee',
        "Ann Lee</m>",
        '<m p="Z1" k="name" x="mask">Ann Lee</m>',
        '<m p="S1" k="colour" x="mask">Ann Lee</m>',
        '<m p="S1" k="name" x="hide">Ann Lee</m>',
        '<m p="S1" k="name" x="mask">Ann Lee </m>and',
        '<m p="S1" k="name" x="mask">Ann L</m>ee',
        'Jo<m p="S1" k="name" x="mask">ann</m>',
        '<m p="S1" k="name" x="mask"></m>',
    ],
    ids=["nested", "unclosed", "stray end", "role", "kind", "expectation", "white space", "word end", "word start", "empty"],
)
def test_broken_markup_is_refused(raw: str) -> None:
    with pytest.raises(UsageError, match=r"here/01, line 2: "):
        parse("first line\n" + raw, "here/01")
