"""A second run writes and searches again what a change touches, and trusts nothing that it has kept. Everyone is invented."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from redactor import verify
from redactor.actions import Change, change, detector, kept_copies, publish, writing
from redactor.actions.cycles import sought_seldom
from redactor.actions.kept_copies import KeptCopies
from redactor.actions.summary import Summary
from redactor.actions.writing import Written
from redactor.case import EMPTY_CASE, Case
from redactor.cleartext import ClearText
from redactor.errors import HeldError
from redactor.jigsaw import Copy, JigsawFinding, read
from redactor.policy import load_policy
from redactor.recognizers import Engine

TEXTS = {
    "a.txt": "Orla Wexcombe, a survivor of abuse, rang the office on 07700 900123. Nobody rang her back.",
    "b.txt": "Jory Penhallow, a neighbour, had seen nothing of it. The tidal clock stood still.",
    "c.txt": "The clerk wrote the minutes. They were agreed.",
}


@pytest.fixture
def bundle(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    monkeypatch.setattr(detector, "loaded", lambda _by: engine)
    folder = tmp_path / "bundle"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The ids of the documents whose copies are written anew."""
    asked: list[str] = []
    whole = writing.written

    def noted(pen: Any, job: Any, wanted: Sequence[str]) -> Written:
        asked.append(job.id)
        return whole(pen, job, wanted)

    monkeypatch.setattr(writing, "written", noted)
    yield asked


def copies(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (out / "bundle" / "publishable" / "documents").rglob("*") if p.is_file()}


def held(run: Summary) -> list[str]:
    return [document.id for document in run.documents if document.state != "publishable"]


def test_a_second_run_writes_nothing_and_looks_at_every_copy(
    bundle: Path, tmp_path: Path, written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish([bundle], tmp_path / "out")
    before = copies(tmp_path / "out")
    looked: list[str] = []
    assert written == ["d01", "d02", "d03"]
    prove = verify.prove_data

    def noted(*args: Any) -> verify.Proof:
        looked.append(args[4])
        return prove(*args)

    monkeypatch.setattr(verify, "prove_data", noted)
    publish([bundle], tmp_path / "out")
    assert written == ["d01", "d02", "d03"] and looked == ["d01", "d02", "d03"]
    assert copies(tmp_path / "out") == before


def test_cycles_are_sought_as_before_once_the_last_run_has_ended() -> None:
    before = gc.get_threshold()
    with sought_seldom():
        with sought_seldom():
            assert gc.get_threshold() > before
        assert gc.get_threshold() > before
    assert gc.get_threshold() == before


def test_one_change_writes_the_documents_it_touches(bundle: Path, tmp_path: Path, written: list[str]) -> None:
    publish([bundle], tmp_path / "out")
    written.clear()
    change(tmp_path / "out", [Change("mask", words=ClearText("tidal clock"))], "A. Reviewer")
    publish([bundle], tmp_path / "out")
    assert written == ["d02"]
    assert b"tidal clock" not in copies(tmp_path / "out")["b.txt"]
    fresh = tmp_path / "fresh"
    publish([bundle], fresh)
    assert copies(fresh)["c.txt"] == copies(tmp_path / "out")["c.txt"]


@pytest.mark.parametrize("what", ["writers", "policy", "source"])
def test_other_writers_policy_or_source_write_anew(
    bundle: Path, tmp_path: Path, written: list[str], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    publish([bundle], tmp_path / "out")
    written.clear()
    if what == "writers":
        monkeypatch.setattr(kept_copies, "signature", lambda: "of other writers")
    if what == "source":
        (bundle / "c.txt").write_text(TEXTS["c.txt"] + " And signed.")
    publish([bundle], tmp_path / "out", policy="newsroom-changed-names" if what == "policy" else "iopc-report")
    assert written == {"writers": ["d01", "d02", "d03"], "policy": ["d01"], "source": ["d03"]}[what]


def test_a_copy_that_was_changed_on_the_disk_is_not_taken_over(bundle: Path, tmp_path: Path) -> None:
    publish([bundle], tmp_path / "out")
    before = copies(tmp_path / "out")
    for copy in (tmp_path / "out" / "bundle" / "publishable" / "documents").iterdir():
        copy.write_text("Orla Wexcombe said so.")
    publish([bundle], tmp_path / "out")
    assert copies(tmp_path / "out") == before


def test_a_kept_copy_with_a_protected_name_in_it_is_held(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, Callable[[bytes], None]] = {}
    put = KeptCopies.put

    def noted(self: KeptCopies, made_from: Sequence[str], made: Written) -> None:
        put(self, made_from, made)
        kept[made.expected.reveal()] = lambda more: put(self, made_from, replace(made, copies=(made.copies[0] + more,)))

    monkeypatch.setattr(KeptCopies, "put", noted)
    assert publish([bundle], tmp_path / "out")[0].held == 0
    kept[TEXTS["c.txt"]](b"Orla Wexcombe agreed.\n")  # sealed with the case key, as a fault of ours would be
    assert held(publish([bundle], tmp_path / "out")[0]) == ["d03"]
    assert set(copies(tmp_path / "out")) == {"a.txt", "b.txt"}


def test_what_cannot_be_written_is_tried_again(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = writing.written

    def refused(pen: Any, job: Any, wanted: Sequence[str]) -> Written:
        if job.id == "d02":
            raise HeldError("it cannot be written", "Try again")
        return whole(pen, job, wanted)

    monkeypatch.setattr(writing, "written", refused)
    assert held(publish([bundle], tmp_path / "out")[0]) == ["d02"]
    monkeypatch.setattr(writing, "written", whole)
    assert held(publish([bundle], tmp_path / "out")[0]) == []


# ---- what the patterns said --------------------------------------------------------------------------------------------

COPIES = (
    "[Survivor 1] was 14 when it began in March 2009. She was the only boy among the girls. Her uncle, Vance Orrin, was jailed.",
    "[Survivor 1] was taught by Vance Orrin, who was convicted. Her number was 07700 900321.\n\nOne of two girls spoke.",
    "Nothing is said of anybody here.",
)


def findings(texts: Sequence[str], kept: Kept | None, case: Case = EMPTY_CASE) -> list[JigsawFinding]:
    read_in = [Copy(f"d{number:02}", ClearText(text)) for number, text in enumerate(texts, 1)]
    return read(read_in, case, load_policy("iopc-report"), kept=kept)


class Kept(dict[tuple[str, ...], bytes]):
    """Entries in memory."""

    def get(self, *made_from: str) -> bytes | None:  # type: ignore[override]
        return super().get(made_from)

    def put(self, kind: str, data: bytes, *made_from: str) -> None:
        self[kind, *made_from] = data


def test_copies_that_were_read_before_give_the_same_findings() -> None:
    kept = Kept()
    whole = findings(COPIES, None)
    assert len({f.rule for f in whole}) >= 4
    assert findings(COPIES, kept) == whole and len(kept) == len(COPIES)
    before = dict(kept)
    assert findings(COPIES, kept) == whole and dict(kept) == before


def test_another_accused_or_another_copy_is_searched_anew() -> None:
    kept = Kept()
    findings(COPIES, kept)
    case = Case.model_validate({"public_figures": [{"name": "Vance Harrow", "basis": "convicted in 2011"}]})
    more = ("Her stepfather, Vance Harrow, was at home. [Survivor 1] was not believed.", *COPIES)
    assert findings(more, kept, case) == findings(more, None, case) != findings(COPIES, None)
    assert findings(COPIES[1:], kept) == findings(COPIES[1:], None)
