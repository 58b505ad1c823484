"""The benchmark: its peers are told what they must be, and its table has a column for each tool."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # benchmarks/ is not an installed package

from benchmarks.run import GOLD, may_stay, table
from redactor.case import load_case
from redactor.gold_figures import Scores


def test_the_table_has_a_column_for_each_tool() -> None:
    lines = table({"one": Scores(), "other": Scores()}).splitlines()
    assert lines[0] == "| | one | other |"
    assert all(line.count("|") == 4 for line in lines)


def test_a_peer_is_told_every_form_that_may_stay() -> None:
    names = may_stay(load_case(GOLD / "operation-larkspur" / "case.yaml"))
    assert {"Cllr Arkwright", "Rose Tindall", "Girl D"} <= set(names)
    assert "Grace Ellerby" not in names
