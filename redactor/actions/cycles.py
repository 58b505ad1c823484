"""How often Python looks for values that hold each other and nothing else holds.

Nearly all that a run makes lives to its end, and each look goes through all of it: a seventh of the time of a second run.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (50_000, 20, 100)  # new values before a look at the youngest: some ten MiB of them
_OFTEN = (2_000, 10, 10)
_LOCK = threading.Lock()
_WITHIN: list[tuple[int, int, int]] = []  # for each run in this process, how often it was when the first began


@contextmanager
def sought_seldom() -> Iterator[None]:
    """Within this, seldom; afterwards as before. Several runs may be under way in one process."""
    with _LOCK:
        _WITHIN.append(_WITHIN[0] if _WITHIN else gc.get_threshold())
        gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        with _LOCK:
            before = _WITHIN.pop()
            if not _WITHIN:
                gc.set_threshold(*before)


@contextmanager
def sought_often() -> Iterator[None]:
    """Within this, often, though only among what is made within it: a Word file that is made or taken apart holds itself and much
    memory in few values, and would otherwise wait for a look that hardly ever comes."""
    with _LOCK:
        before = gc.get_threshold()
        gc.freeze()
        gc.set_threshold(*_OFTEN)
    try:
        yield
    finally:
        with _LOCK:
            gc.set_threshold(*before)
            gc.unfreeze()
