"""The lists of words.yaml: what words are to the recognizers, without any of the libraries that they need."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml


@cache
def words(name: str) -> frozenset[str]:
    """One list of words.yaml."""
    lists = yaml.safe_load((files(__package__) / "words.yaml").read_text(encoding="utf-8"))
    return frozenset(lists[name].split())
