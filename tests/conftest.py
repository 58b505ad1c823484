from __future__ import annotations

from collections.abc import Iterator

import pytest

from redactor import recognizers
from redactor.recognizers import Engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The recognizers with both name models, loaded once for all tests."""
    return Engine()


@pytest.fixture(scope="module")
def loaded(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A module's runs go by the session's models, in place of a fresh load each, and keep their keys in a folder of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(tmp_path_factory.mktemp("keys")))
        patch.setattr(recognizers, "Engine", lambda: engine)
        yield
