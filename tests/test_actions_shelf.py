"""What is put down of a run's documents: whole again, sealed, and gone with the run. Everybody is invented."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from redactor.actions.job import Job
from redactor.actions.shelf import Shelf
from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content, Mark, Style, Table
from redactor.errors import EnvironmentFault, KeyFault
from redactor.model import Action, Decision, Detection, Document, Finding, Kind, Role, Span

NAME = "Imogen Tarrow"
FINDING = Finding("d01", Span(0, 13), Kind.NAME, 0.9, "spacy", "spacy_person", ("spacy",))
DECISION = Decision("d01", Span(0, 13), Kind.NAME, Action.MASK, "R-SOAA", "x:y", "p001", Role.SURVIVOR, score=0.5, asks=True)
CONTENT = Content((Block(BlockKind.ITEM, ClearText(NAME), (Mark(0, 6, Style.BOLD),), 1, ClearText("2.")), Table(())))
VALUES = [
    NAME,
    ClearText(NAME),
    Document("d01", ClearText(f"{NAME}.txt"), "text/plain", CONTENT, warnings=("text-under-box",)),
    Detection("d01", (FINDING,), frozenset({0}), frozenset({"was"})),
    [DECISION],
]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with closing(Shelf(tmp_path)) as made:
        yield made


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_is_whole_again(shelf: Shelf, value: object) -> None:
    slips = [shelf.put(v) for v in (*VALUES, value, *VALUES)]
    assert shelf.take(slips[len(VALUES)]) == value
    assert [shelf.take(slip) for slip in slips[:3]] == VALUES[:3]


def test_nothing_on_the_disk_can_be_read_or_found_by_name(shelf: Shelf, tmp_path: Path) -> None:
    slip = shelf.put(NAME)
    shelf._file.seek(0)
    lying = shelf._file.read()
    assert lying and NAME.encode() not in lying and list(tmp_path.iterdir()) == []
    shelf._file.seek(slip[0] + slip[1] - 1)
    shelf._file.write(bytes([lying[-1] ^ 1]))
    with pytest.raises(KeyFault):
        shelf.take(slip)


def test_a_value_is_no_other_though_it_lies_in_its_place(shelf: Shelf) -> None:
    one, other = shelf.put("a" * 40), shelf.put("b" * 40)
    shelf._file.seek(other[0])
    data = shelf._file.read(other[1])
    shelf._file.seek(one[0])
    shelf._file.write(data)
    with pytest.raises(KeyFault):
        shelf.take(one)


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault):
        Shelf(tmp_path / "none")


def test_a_job_takes_up_what_it_put_down_and_may_have_it_anew(shelf: Shelf) -> None:
    job = Job("d01", ClearText("a.txt"), text=NAME, decisions=[DECISION], shelf=shelf)
    job.put_down("text", "decisions", "detection")
    assert job.text == NAME and job.decisions == [DECISION] and job.detection is None
    assert set(job.slips) == {"text", "decisions"}
    job.decisions = []
    assert job.decisions == []
    with pytest.raises(AttributeError):
        _ = job.nothing_of_the_sort  # type: ignore[attr-defined]


def test_a_job_without_a_shelf_holds_everything() -> None:
    job = Job("d01", ClearText("a.txt"), text=NAME)
    job.put_down("text")
    assert job.text == NAME and job.slips == {}
