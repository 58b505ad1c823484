from __future__ import annotations

from collections.abc import Iterator

import pytest

from redactor.recognizers import Engine
from tests.postgres import server


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The recognizers with both name models, loaded once for all tests."""
    return Engine()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a database on a PostgreSQL server of the tests' own; skipped, with the reason, where there is none."""
    with server() as address:
        yield address + "postgres"
