"""How a store of an earlier layout grows: on a file and on a real PostgreSQL server."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from redactor import store_layouts
from redactor.errors import StoreFault
from redactor.store import Store
from tests.stores import REFUSED, Home, fill


@pytest.fixture
def early(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A store of the first layout with three events."""
    with monkeypatch.context() as patch:
        patch.setattr(store_layouts, "LAYOUT", 1)
        patch.setattr(Store, "must_be_here", lambda _: None)
        store = home.open()
        fill(store)
        store.close()
    assert home.raw("SELECT format FROM {s}about") == [(1,)]
    return home


def test_a_store_of_an_earlier_layout_grows_and_keeps_everything(early: Home) -> None:
    kept = early.raw("SELECT * FROM {s}events ORDER BY seq")
    store = early.open()
    fill(store, 1)
    assert [e.doc for e in store.events(kind="document-seen")] == ["d01", "d02", "d03", "d01"]
    assert early.raw("SELECT format FROM {s}about") == [(store_layouts.LAYOUT,)]
    assert early.raw("SELECT * FROM {s}events WHERE seq < 4 ORDER BY seq") == kept
    for statement in ("UPDATE {s}about SET format = 1", "UPDATE {s}events SET doc = 'd09'"):
        with pytest.raises(REFUSED, match="append only"):
            early.raw(statement)
    store.close()
    if early.is_file:
        copy = Path(early.address + ".layout-1")
        assert Home(str(copy)).raw("SELECT format, (SELECT count(*) FROM events) FROM about") == [(1, 3)]
        assert os.name != "posix" or stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_growing_is_done_whole_or_not_at_all(early: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        first, *_ = store_layouts._STEPS[2]
        patch.setitem(store_layouts._STEPS, 2, (first, "CREATE NONSENSE"))
        with pytest.raises(StoreFault):
            early.open()
    assert early.raw("SELECT format FROM {s}about") == [(1,)]
    with pytest.raises(REFUSED):
        early.raw("SELECT * FROM {s}moved")
    store = early.open()
    assert len(list(store.events())) == 3
    store.close()


def test_two_that_open_an_early_store_at_once_let_it_grow_once(early: Home) -> None:
    faults: list[BaseException] = []

    def opened() -> None:
        try:
            early.open().close()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=opened) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


@pytest.mark.parametrize("layout", [0, 9])
def test_a_layout_that_is_not_known_is_left_alone(store: Store, home: Home, layout: int) -> None:
    home.unguarded(f"UPDATE {{s}}about SET format = {layout}", "about")
    with pytest.raises(StoreFault, match="newer version"):
        home.open()


@pytest.mark.parametrize("home", ["file"], indirect=True)
def test_a_file_that_cannot_be_copied_does_not_grow(early: Home) -> None:
    Path(early.address + ".layout-1").mkdir()
    with pytest.raises(StoreFault, match="no copy of it"):
        early.open()
    assert early.raw("SELECT format FROM about") == [(1,)]
