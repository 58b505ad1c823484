from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from redactor import recognizers
from redactor.model import Detection
from redactor.recognizers import Engine
from redactor.store import Store
from tests.desks import published
from tests.postgres import server
from tests.stores import Home

LONG = 400  # characters: a document of a sample, which many tests publish, and not a sentence that one test tries


class Remembering(Engine):
    """The recognizers, which look at no long text twice: what they say of it depends on the text alone."""

    known: dict[str, Detection]

    def detect(self, doc_id: str, text: str) -> Detection:
        if len(text) < LONG:
            return super().detect(doc_id, text)
        if text not in self.known:
            self.known[text] = super().detect("", text)
        found = self.known[text]
        return replace(found, doc=doc_id, findings=tuple(replace(f, doc=doc_id) for f in found.findings))


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The recognizers with both name models, loaded once for all tests."""
    made = Remembering()
    made.known = {}
    return made


@pytest.fixture(scope="module")
def loaded(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A module's runs go by the session's models, in place of a fresh load each, and keep their keys in a folder of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(tmp_path_factory.mktemp("keys")))
        patch.setattr(recognizers, "Engine", lambda _by: engine)
        yield


@pytest.fixture(scope="session")
def _published(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small bundle of the desk, published once, with its sources and keys."""
    place = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(place / "keys"))
        patch.setattr(recognizers, "Engine", lambda _by: engine)
        published(place)
    shutil.copytree(place, place.with_name("as-published"))
    return place


@pytest.fixture
def desk_out(_published: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """OUT of the small bundle as it was after its first run, whatever tests before did to it. It is laid where it was each time,
    for the log knows where the sources lay."""
    shutil.rmtree(_published)
    shutil.copytree(_published.with_name("as-published"), _published)
    monkeypatch.setenv("REDACTOR_KEYS", str(_published / "keys"))
    monkeypatch.setattr(recognizers, "Engine", lambda _by: engine)
    return _published / "out"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a database on a PostgreSQL server of the tests' own; skipped, with the reason, where there is none."""
    with server() as address:
        yield address + "postgres"


@pytest.fixture(params=["file", "server"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """Where a store may lie: tests that take it are run on a file and on a server."""
    if request.param == "file":
        return Home(str(tmp_path / "restricted" / "case.db"))
    return Home(request.getfixturevalue("postgres"))


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    opened = home.open()
    yield opened
    opened.close()
