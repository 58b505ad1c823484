"""The Presidio registry; Presidio's types stay in here.

`Engine` is loaded late (it brings Presidio and spaCy), so that importing this package is cheap; `versions` and `signature` tell
what its findings depend on without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .dependencies import signature, versions
from .english import is_english

if TYPE_CHECKING:
    from .engine import Engine

__all__ = ["Engine", "is_english", "signature", "versions"]


def __getattr__(name: str) -> object:
    if name == "Engine":
        from .engine import Engine

        return Engine
    raise AttributeError(name)
