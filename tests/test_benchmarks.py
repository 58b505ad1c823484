"""The benchmark: its peers are told what they must be, and every page states the figures of the last results."""

from __future__ import annotations

import copy
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # benchmarks/ is not an installed package

from benchmarks import figures, results, roles, scale
from benchmarks.peers import Tool, made, replaced
from benchmarks.results import may_stay
from redactor import gold as golds
from redactor.case import load_case
from redactor.gold import Row, parse

GOLD = results.HERE / "gold"


def test_a_peer_is_told_every_form_that_may_stay() -> None:
    names = may_stay(load_case(GOLD / "operation-larkspur" / "case.yaml"))
    assert {"Cllr Arkwright", "Rose Tindall", "Girl D"} <= set(names)
    assert "Grace Ellerby" not in names


def test_a_peer_replaces_what_it_finds_and_leaves_what_may_stay() -> None:
    text = "Ann Lee met Jo Roe in Mansfield."
    places = [(0, 7, "PERSON"), (12, 18, "PERSON"), (22, 31, "GPE")]
    assert replaced(text, places, ["Jo Roe"]) == "<PERSON> met Jo Roe in <GPE>."


def test_a_peer_that_is_not_installed_is_named_and_left_out() -> None:
    def absent() -> None:
        raise ModuleNotFoundError

    def here() -> object:
        return lambda text, _: text

    peers, missing = made([Tool("gone", absent, ()), Tool("here", here, ())])  # type: ignore[arg-type]
    assert (list(peers), missing) == (["here"], ["gone"])


def test_the_table_has_a_column_for_each_tool_and_a_row_for_each_figure() -> None:
    run = results.read()["runs"][0]
    lines = results.table(run).partition("\n\n")[0].splitlines()
    assert lines[0] == "| | " + " | ".join(run["tools"]) + " |"
    assert {line.count("|") for line in lines} == {len(run["tools"]) + 2}
    assert len(lines) == len(results.LABELS) + 5


def test_the_pages_state_the_last_results() -> None:
    found = results.read()
    for path, fresh in figures.blocks(found).items():
        page = path.read_text(encoding="utf-8")
        assert figures.filled(page, fresh) == page, f"{path.name}: run python -m benchmarks.figures --write"
    assert (results.HERE / "results.md").read_text(encoding="utf-8") == results.in_words(found)


def test_a_figure_that_changed_would_be_seen() -> None:
    found = copy.deepcopy(results.read())
    for run in found["runs"]:
        run["tools"]["redactor"]["miss_rate"]["missed"] += 1
    stale = [path for path, fresh in figures.blocks(found).items() if figures.filled(p := path.read_text("utf-8"), fresh) != p]
    assert len(stale) == 4


def test_a_page_without_its_block_is_refused() -> None:
    with pytest.raises(ValueError, match="0 figure blocks, not 1"):
        figures.filled("no block", ["text"])


def test_every_shipped_set_is_in_the_results_with_and_without_its_cases() -> None:
    runs = [(run["set"], run["with_case"]) for run in results.read()["runs"]]
    assert runs == [(name, told) for name in results.SETS for told in (True, False)]


def test_a_bundle_of_any_size_has_that_many_mentions() -> None:
    documents, texts, detections = scale.bundle(300)
    assert sum(len(d.findings) for d in detections.values()) == 300
    assert len(documents) == 3
    spans = [(texts[f.doc], f.span) for d in detections.values() for f in d.findings]
    assert all(text[span.start].isupper() for text, span in spans)


def test_an_error_of_role_is_a_name_that_was_found_and_done_wrong() -> None:
    raw = (
        'Cllr <m p="G1" k="name" x="keep">Jo Roe</m> met <m p="S1" k="name" x="mask">Ann Lee</m>, '
        '<m p="S1" k="age" x="soften">14</m>, and <m p="W1" k="name" x="mask">Biscuit</m>.'
    )
    text, mentions = parse(raw, "here")
    row: Row = {"bundle": "b", "doc": "d", "text": text, "mentions": mentions}
    jo, ann = text.index("Jo"), text.index("Ann")
    said = [(("d", jo, jo + 6), "mask", "officer"), (("d", ann, ann + 7), "keep", "public_figure")]
    told = {t.letter: t for t in roles.persons([row], said)}
    assert [(told[p].role, told[p].kept, told[p].masked, told[p].office_only) for p in "GSW"] == [
        ("officer", 0, 1, True),
        ("public_figure", 1, 0, False),
        ("", 0, 0, False),
    ]
    assert "| set | 3 | 1 | 1 | 1 |" in roles.tables({"set": [*told.values()]})
    right = [(place, {"mask": "keep", "keep": "mask"}[action], role) for place, action, role in said]
    assert not any(t.kept or t.masked for t in roles.persons([row], right))


def test_what_a_run_decided_on_names_is_read_from_its_store() -> None:
    told = roles.judged([r for r in golds.load(GOLD) if r["bundle"] == "harbour-gazette"], GOLD, "iopc-report")
    found = [t for t in told if t.role]
    assert len(found) > 10
    assert {"public_figure", "professional"} <= {t.role for t in found}
