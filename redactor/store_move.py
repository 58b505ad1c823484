"""The events of a bundle taken from one store to another, whole or not at all: rows as they stand, seals and all.

The order is the guard: nobody writes to the old store meanwhile, the new one is complete and compared before the old one says
where they went, and until it says so the old one counts. Not caught: a new store that is lost after that.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest

from .errors import StoreFault
from .store import Store


def move(source: Store, target: Store, where: str, settled: Callable[[], None] = lambda: None) -> int:
    """Move every event of `source` to `target`; how many. The source then refuses new events and says `where` they went.

    `settled` is called when the new store is complete, before the old one is marked. What a target holds of an earlier move,
    whole or interrupted, is replaced if the source goes on from it. Raises StoreFault where it holds anything else, or where an
    event was changed outside this program.
    """
    with source.transaction():  # nobody writes while this lasts
        must_go_on(target, source)
        target.take(row for row, _ in source.rows())
        count = _compared(source, target)
        settled()
        source.mark_moved(where)
    return count


def must_go_on(old: Store, new: Store) -> None:
    """Every event of `old` is in `new` too, so that nothing is lost with it."""
    rows = new.rows()
    for row, _ in old.rows():
        if next(rows, (None,))[0] != row:
            raise StoreFault("Where the events are to go there are others of this bundle already. Have them removed there first.")


def _compared(source: Store, target: Store) -> int:
    """How many events both hold, each opened with the key, the same in both, and none between left out."""
    count = 0
    for count, (one, other) in enumerate(zip_longest(source.rows(), target.rows()), 1):
        if one is None or other is None or one[0] != other[0] or one[1].seq != count:
            raise StoreFault("The events did not arrive as they were sent. Nothing was moved; try again.")
    return count
