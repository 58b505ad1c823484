"""What once broke a reader is read again, and a few changes are tried on each; `python -m benchmarks.fuzz` tries for hours."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from pathlib import Path

import pytest

from benchmarks import fuzz
from benchmarks.fuzz_changes import changed, packed, smaller
from benchmarks.fuzz_readers import PROSE, WORD, Reader, all_readers
from redactor.errors import CaseError

READERS = all_readers()
KEPT = sorted(path for path in fuzz.CORPUS.glob("*/*") if path.is_file())
QUICK = (
    "txt",
    "md",
    "html",
    "csv",
    "docx",
    "xlsx",
    "pptx",
    "eml",
    "msg",
    "zip",
    "xfdf",
    "letterhead",
    "case",
    "people-csv",
    "policy",
)


def test_every_kept_file_belongs_to_a_reader_and_is_small() -> None:
    assert KEPT and {path.parent.name for path in KEPT} <= set(READERS)
    assert max(path.stat().st_size for path in KEPT) < 8_000


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name} {path.name}")
def test_what_once_broke_a_reader_is_read_or_held(path: Path) -> None:
    assert fuzz.fault(READERS[path.parent.name], path.read_bytes()) == ""


@pytest.mark.parametrize("name", QUICK)
def test_a_few_changes_break_nothing(name: str) -> None:
    draw, seed = random.Random(name), READERS[name].seeds()[0]
    assert {fuzz.fault(READERS[name], changed(seed, draw)) for _ in range(12)} == {""}


def _raises(fault: Exception, apart: bool = True) -> Reader:
    def read(data: bytes) -> None:
        if WORD.encode() in data:
            raise fault

    return Reader("own", read, lambda: [PROSE.encode()], apart)


def test_what_breaks_would_be_seen() -> None:
    data = PROSE.encode()
    assert fuzz.fault(_raises(KeyError("x")), data).startswith("KeyError-")
    assert fuzz.fault(_raises(CaseError(f"{WORD} is not known")), data) == "an error tells a word of the file"
    assert fuzz.fault(_raises(CaseError("not known")), data) == ""
    assert [fuzz.fault(_raises(RecursionError(), apart), data) for apart in (True, False)] == ["", "RecursionError"]


def test_what_broke_is_made_smaller_within_an_archive_too() -> None:
    reader = _raises(KeyError("x"))
    assert len(smaller(PROSE.encode(), lambda less: fuzz.fault(reader, less) != "")) < 30
    data = packed({"a": bytes(9_000), "b": PROSE.encode()})

    def names(less: bytes) -> bool:
        with zipfile.ZipFile(io.BytesIO(less)) as archive:
            return any(WORD.encode() in archive.read(name) for name in archive.namelist())

    with zipfile.ZipFile(io.BytesIO(smaller(data, names))) as archive:
        assert archive.namelist() == ["b"] and len(archive.read("b")) < 30


def test_one_reader_is_fed_and_counted(tmp_path: Path) -> None:
    row = fuzz.fuzzed("txt", 3, tmp_path)
    assert row["inputs"] > 0 and row["faults"] == [] and not list(tmp_path.iterdir())


def test_the_page_says_what_was_found() -> None:
    page = (fuzz.HERE.parent / "docs" / "threat-model.md").read_text(encoding="utf-8")
    found = json.loads(fuzz.RESULTS.read_text())
    assert fuzz.in_words(found) in re.sub(r"\s+", " ", page) and set(found["readers"]) == set(READERS)
