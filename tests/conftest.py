from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from redactor.recognizers import Engine
from redactor.store import Store
from tests.postgres import server
from tests.stores import Home


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The recognizers with both name models, loaded once for all tests."""
    return Engine()


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
