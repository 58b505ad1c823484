"""docs/threat-model.md names a test for every guard, and every test it names is there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parent
NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")
PAGE = (TESTS.parent / "docs" / "threat-model.md").read_text(encoding="utf-8")


def lacking(page: str) -> list[str]:
    """Rows of the table of guards that name no test, and tests that are not there."""
    table = re.search(r"^\| actor \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", page, re.MULTILINE)
    rows = table[1].splitlines() if table else []
    found = [row for row in rows if not NAMED.search(row)]
    for file, name in NAMED.findall(page):
        path = TESTS / file
        if not path.is_file() or f"def {name}(" not in path.read_text(encoding="utf-8"):
            found.append(f"{file}::{name}")
    return found if rows else ["no table"]


def test_every_guard_has_a_test_that_is_there() -> None:
    assert lacking(PAGE) == [] and len(NAMED.findall(PAGE)) > 25


def test_a_guard_without_a_test_would_be_seen() -> None:
    head = "| actor | can | guard | test |\n|---|---|---|---|\n"
    assert lacking(f"{head}| a | b | c | d |\n") == ["| a | b | c | d |"]
    assert lacking(f"{head}| a | b | c | `test_keys.py::test_gone` |\n") == ["test_keys.py::test_gone"]
    assert lacking("nothing") == ["no table"]
