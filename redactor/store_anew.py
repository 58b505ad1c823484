"""The events of a store sealed anew with another key, in one transaction: all of them, or none.

What is sealed stays as long as it was, and what stood there before is written over in a file; SQLite's journal is removed as any
file is. Not caught: copies of the store elsewhere, a server's own log and backups, a disk that writes to another place.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from . import store_layouts, store_server
from .errors import StoreFault
from .keys import CaseKey
from .store import Store, _context, _told, mark_of
from .store_layouts import tables

_BATCH = 1000


def seal_anew(store: Store, key: CaseKey) -> int:
    """Seal every event of `store` with `key` and say so in a last one; how many there were. From then on the store is that key's
    alone: whoever has it open with the old one can append nothing.

    Raises StoreFault where an event was changed outside this program or the database refuses; nothing has changed then.
    """
    from sqlalchemy import bindparam, update

    about, events = tables().tables["about"], tables().tables["events"]
    schema = "" if store._engine.dialect.name == "sqlite" else store_server.schema(store._engine)
    put = update(events).where(events.c.seq == bindparam("number")).values(sealed=bindparam("anew"))
    old, count = store._key, 0
    try:
        with store.transaction(), _told():
            connection = store._local.connection
            sealed = _sealed(store, key)
            with store_layouts.unguarded(connection, "events", schema):
                while batch := list(islice(sealed, _BATCH)):
                    connection.execute(put, batch)
                    count += len(batch)
            with store_layouts.unguarded(connection, "about", schema):
                connection.execute(update(about).values(key=mark_of(key)))
            store._key = key
            store.append("key-changed", "", {})
            if sum(1 for _ in store.rows()) != count + 1:  # each of them opens with the new key
                raise StoreFault("The events were not all sealed anew. Nothing was changed; try again.")
    except BaseException:
        store._key = old
        raise
    return count


def _sealed(store: Store, key: CaseKey) -> Iterator[dict[str, Any]]:
    """Every event by its number, as the other key seals it. What is read is behind what was changed."""
    for (*said, sealed), _ in store.rows():
        context = _context(*said)
        yield {"number": said[0], "anew": key.seal(store._key.unseal(sealed, context), context)}
