"""The Presidio registry; Presidio's types stay in here.

`Engine` is loaded late (it brings Presidio and spaCy), so that importing this package is cheap; `versions` and `signature` tell
what its findings depend on without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .dependencies import Chosen, signature, versions

if TYPE_CHECKING:
    from .engine import Engine
    from .english import is_english

__all__ = ["Chosen", "Engine", "is_english", "signature", "versions"]


def __getattr__(name: str) -> object:
    if name == "is_english":
        from .english import is_english

        return is_english
    if name == "Engine":
        from .engine import Engine

        return Engine
    raise AttributeError(name)
