"""The benchmark's own scorer and bundles: each figure falls for the fault it is there to see, and for no other."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # benchmarks/ is not an installed package

from benchmarks.goldfile import Row, parse
from benchmarks.run import GOLD, may_stay, rows_of, write_bundles
from benchmarks.score import Scores, score, table
from redactor.case import load_case, open_bundle

RAW = (
    '<m p="S1" k="name" x="mask">Hope Mallory</m>, <m p="S1" k="age" x="soften">14</m>, met '
    '<m p="G1" k="name" x="keep">Ann Mallory</m>. We hope that <m p="S1" k="name" x="mask">Mallory</m> will be heard.\n'
)
ORACLE = "[Survivor 2], a young teenager, met Ann Mallory. We hope that [Survivor 2] will be heard.\n"
ALL = {name: 1.0 for name, _ in Scores().rows()}


def row(raw: str = RAW, doc: str = "01") -> Row:
    text, mentions = parse(raw, "here")
    return {"bundle": "b", "doc": doc, "text": text, "mentions": mentions}


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


def test_the_table_has_a_column_for_each_tool() -> None:
    lines = table({"one": Scores(), "other": Scores()}).splitlines()
    assert lines[0] == "| | one | other |"
    assert all(line.count("|") == 4 for line in lines)


def test_bundles_are_written_with_their_case_or_without(tmp_path: Path) -> None:
    rows = rows_of(GOLD)
    told = write_bundles(rows, GOLD, tmp_path / "told")
    untold = write_bundles(rows, None, tmp_path / "untold")
    assert [open_bundle(path).case_known for path in (*told, *untold)] == [True] * len(told) + [False] * len(untold)
    written = {(b.name, s.path.stem): s.path.read_bytes().decode() for b in map(open_bundle, told) for s in b.documents}
    assert written == {(r["bundle"], r["doc"]): r["text"] for r in rows}


def test_a_peer_is_told_every_form_that_may_stay() -> None:
    names = may_stay(load_case(GOLD / "operation-larkspur" / "case.yaml"))
    assert {"Cllr Arkwright", "Rose Tindall", "Girl D"} <= set(names)
    assert "Grace Ellerby" not in names
