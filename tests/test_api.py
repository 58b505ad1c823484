"""The ten names other programs may rely on: documented, cheap to import, and their examples run as they stand."""

from __future__ import annotations

import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import redactor
from redactor import actions
from redactor.recognizers import Engine

PAGE = Path(__file__).resolve().parent.parent / "docs" / "api.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_examples_run_in_their_order(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redactor.actions.detector.loaded", lambda _by: engine)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    text = PAGE.read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start(1))
        exec(compile("\n" * line + block[1], str(PAGE), "exec"), names)


def test_every_name_is_documented_and_there() -> None:
    said = PAGE.read_text(encoding="utf-8")
    for name in set(redactor.__all__) - {"__version__"}:
        assert getattr(redactor, name).__doc__
        assert re.search(rf"^## .*\b{name}\b", said, re.MULTILINE), name
    assert set(redactor.__all__) <= set(dir(redactor))
    with pytest.raises(AttributeError):
        _ = redactor.nothing_of_the_kind


def test_no_module_of_the_package_bears_a_public_name() -> None:
    """Loading `redactor/sign.py` would put the module where the function was."""
    modules = {module.name for module in pkgutil.iter_modules(redactor.__path__)}
    assert not modules & set(redactor.__all__)


def test_the_page_gives_publish_its_real_arguments() -> None:
    given = re.search(r"`publish\((.*?)\)`", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert given is not None
    names = [part.partition("=")[0].strip() for part in given[1].split(", ")]
    real = list(inspect.signature(actions.publish).parameters)
    assert [name for name in names if name != "*"] == real


def test_an_import_is_cheap_and_typed() -> None:
    code = "import redactor, sys; print(len([m for m in sys.modules if m.startswith('redactor')]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PAGE.parent.parent)
    assert done.stdout.strip() == "1"
    assert (PAGE.parent.parent / "redactor" / "py.typed").is_file()
