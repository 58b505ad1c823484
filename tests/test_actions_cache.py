"""What is kept between runs: sealed, never trusted, never needed. Every person here is invented."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from redactor import recognizers
from redactor.actions import detector, publish
from redactor.actions.cache import Cache
from redactor.actions.detector import Detector
from redactor.keys import CaseKey
from redactor.recognizers import Chosen, Engine, dependencies

KEY = CaseKey(b"k" * 32)
TEXT = "Then Orla Wexcombe rang the office on 07700 900123."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_what_was_put_comes_back_for_exactly_what_it_was_made_from(folder: Path) -> None:
    cache = Cache(folder, KEY)
    assert cache.get("detection", "v1", TEXT) is None
    cache.put("detection", b"found", "v1", TEXT)
    assert Cache(folder, KEY).get("detection", "v1", TEXT) == b"found"
    for other in (
        ("detection", "v2", TEXT),
        ("detection", "v1", TEXT + "."),
        ("reading", "v1", TEXT),
        ("detection", "v1" + TEXT),
    ):
        assert cache.get(*other) is None


@pytest.mark.parametrize("data", [b"", b"x", bytes(4095), bytes(4096), b"\0\x80" * 5000])
def test_any_bytes_come_back_as_they_were(folder: Path, data: bytes) -> None:
    cache = Cache(folder, KEY)
    cache.put("reading", data, "a")
    assert cache.get("reading", "a") == data


def test_an_entry_tells_neither_words_nor_length(folder: Path) -> None:
    cache = Cache(folder, KEY)
    cache.put("detection", b"Orla Wexcombe", TEXT)
    cache.put("detection", b"Orla Wexcombe" * 200, TEXT + " ")
    files = list(folder.iterdir())
    assert len({p.stat().st_size for p in files}) == 1
    assert not any(b"exco" in p.read_bytes() or "exco" in p.name for p in files)
    assert Cache(folder, CaseKey(b"l" * 32)).get("detection", TEXT) is None
    Cache(folder / "other", CaseKey(b"l" * 32)).put("detection", b"", TEXT)  # the name is keyed: no guess is confirmed by it
    if os.name == "posix":
        assert all(stat.S_IMODE(p.stat().st_mode) == 0o600 for p in files)


def test_a_damaged_or_moved_entry_is_none(folder: Path) -> None:
    cache = Cache(folder, KEY)
    cache.put("detection", b"one", "a")
    cache.put("detection", b"two", "b")
    one, two = sorted(folder.iterdir())
    one.write_bytes(two.read_bytes())
    two.write_bytes(two.read_bytes()[:-1] + b"?")
    assert {cache.get("detection", "a"), cache.get("detection", "b")} == {None}
    for broken in (b"", b"\x01", b"\x02" + bytes(60)):
        one.write_bytes(broken)
        two.write_bytes(broken)
        assert {cache.get("detection", "a"), cache.get("detection", "b")} == {None}


def test_what_a_run_did_not_use_is_swept_and_nothing_else(folder: Path) -> None:
    earlier = Cache(folder, KEY)
    earlier.put("detection", b"1", "gone")
    earlier.put("detection", b"2", "kept")
    (folder / "tmp-left_by_a_killed_run").write_bytes(b"")
    (folder / "thesis.txt").write_text("mine")
    now = Cache(folder, KEY)
    now.get("detection", "kept")
    now.put("detection", b"3", "new")
    now.sweep()
    assert len(list(folder.iterdir())) == 3 and (folder / "thesis.txt").is_file()
    assert now.get("detection", "kept") == b"2" and now.get("detection", "new") == b"3"


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    cache = Cache(tmp_path / "file", KEY)
    cache.put("detection", b"1", "a")
    assert cache.get("detection", "a") is None
    cache.sweep()


# ---- detection ---------------------------------------------------------------------------------------------------


class Counted:
    """The real engine, and how often it was asked."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.asked = engine, 0

    def __call__(self, _by: Chosen) -> Engine:
        self.asked += 1
        return self.engine


def test_a_text_is_looked_at_once_and_gives_the_same(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Counted(engine)
    monkeypatch.setattr(detector, "loaded", source)
    first = Detector(Chosen(), Cache(folder, KEY)).detect("d01", TEXT)
    again = Detector(Chosen(), Cache(folder, KEY)).detect("d01", TEXT)
    assert source.asked == 1
    assert first == again == engine.detect("d01", TEXT)
    assert first.findings and first.proper
    moved = Detector(Chosen(), Cache(folder, KEY)).detect("d02", TEXT)  # the same words in another document
    assert source.asked == 1 and {f.doc for f in moved.findings} == {"d02"}


def test_other_rules_look_again(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Counted(engine)
    monkeypatch.setattr(detector, "loaded", source)
    Detector(Chosen(), Cache(folder, KEY)).detect("d01", TEXT)
    monkeypatch.setattr(recognizers, "signature", lambda _chosen: "of other rules")
    Detector(Chosen(), Cache(folder, KEY)).detect("d01", TEXT)
    assert source.asked == 2


@pytest.mark.parametrize("data", [b"no json", b"{}", b'{"findings":[[0,1]],"proper":[]}', b'{"findings":3,"proper":[]}'])
def test_an_entry_of_another_make_is_made_anew(
    engine: Engine, folder: Path, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detector, "loaded", Counted(engine))
    Cache(folder, KEY).put("detection", data, dependencies.signature(), TEXT)
    assert Detector(Chosen(), Cache(folder, KEY)).detect("d01", TEXT) == engine.detect("d01", TEXT)


def test_a_finding_outside_the_text_is_not_believed(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detector, "loaded", Counted(engine))
    data = b'{"findings":[[0,5000,"name",0.9,"spacy","x",[]]],"proper":[]}'
    Cache(folder, KEY).put("detection", data, dependencies.signature(), TEXT)
    assert Detector(Chosen(), Cache(folder, KEY)).detect("d01", TEXT) == engine.detect("d01", TEXT)


# ---- the whole run -----------------------------------------------------------------------------------------------


@pytest.fixture
def bundle(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    monkeypatch.setattr(detector, "loaded", Counted(engine))
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT)
    (folder / "Orla Wexcombe.txt").write_text("The clerk wrote down what Orla Wexcombe had said about the matter.")
    yield folder


def copies(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (out / "bundle" / "publishable" / "documents").rglob("*") if p.is_file()}


def test_a_second_run_asks_no_model_and_is_the_same(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_by: Chosen) -> Engine:
        raise AssertionError("the models were loaded")

    first = publish([bundle], tmp_path / "out")[0]
    before = copies(tmp_path / "out")
    monkeypatch.setattr(detector, "loaded", refused)
    again = publish([bundle], tmp_path / "out")[0]
    assert copies(tmp_path / "out") == before and len(before) == 2
    assert again.as_dict() == first.as_dict()
    (bundle / "b.txt").write_text("A document nobody has seen.")
    with pytest.raises(AssertionError, match="loaded"):
        publish([bundle], tmp_path / "out")


def test_a_lost_or_spoilt_cache_costs_time_and_nothing_else(bundle: Path, tmp_path: Path) -> None:
    publish([bundle], tmp_path / "out")
    before = copies(tmp_path / "out")
    kept = tmp_path / "out" / "bundle" / "restricted" / "cache"
    for entry in kept.iterdir():
        entry.write_bytes(entry.read_bytes()[:100])
    publish([bundle], tmp_path / "out")
    assert copies(tmp_path / "out") == before
    shutil.rmtree(kept)
    publish([bundle], tmp_path / "out")
    assert copies(tmp_path / "out") == before


def test_nothing_of_a_document_taken_away_is_kept(bundle: Path, tmp_path: Path) -> None:
    publish([bundle], tmp_path / "out")
    kept = tmp_path / "out" / "bundle" / "restricted" / "cache"
    count = len(list(kept.iterdir()))
    (bundle / "a.txt").unlink()
    publish([bundle], tmp_path / "out")
    assert len(list(kept.iterdir())) == count - 7
