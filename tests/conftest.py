from __future__ import annotations

import pytest

from redactor.recognizers import Engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The recognizers with both name models, loaded once for all tests."""
    return Engine()
