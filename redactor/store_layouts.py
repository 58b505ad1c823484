"""How the event store is laid out, and how one layout grows into the next: a step is a list of statements in one transaction.

A new store is laid out as the first layout and grown like an old one, so that each step is taken every day. A step only adds:
an earlier version of this program that has the store open goes on. Not caught: somebody who goes back to an earlier version;
its layout is refused there with a sentence.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from .disk import put
from .errors import StoreFault

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData

LAYOUT = 2

# Step N makes layout N out of N - 1. `{s}` is the schema and a dot on a server, nothing in a file; `{bytes}` its type for bytes
_STEPS = {
    # What happened is asked for by kind, and counted at every opening: an index, so that sealed parts are not read for it.
    # `moved`: where the events went, sealed; one that has a row takes no further event
    2: (
        "CREATE INDEX events_by_kind ON {s}events (kind, seq)",
        "CREATE TABLE {s}moved (format INTEGER PRIMARY KEY, at VARCHAR(20) NOT NULL, sealed {bytes} NOT NULL)",
    ),
}
_GUARDS_OF_A_FILE = {
    1: (
        *(
            f"CREATE TRIGGER {table}_{act} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, 'append only'); END"
            for table in ("about", "events")
            for act in ("UPDATE", "DELETE")
        ),
        # INSERT OR REPLACE deletes without a delete trigger: so a row is taken at the end alone
        "CREATE TRIGGER about_INSERT BEFORE INSERT ON about WHEN EXISTS (SELECT 1 FROM about) "
        "BEGIN SELECT RAISE(ABORT, 'append only'); END",
        "CREATE TRIGGER events_INSERT BEFORE INSERT ON events WHEN NEW.seq <= (SELECT max(seq) FROM events) "
        "BEGIN SELECT RAISE(ABORT, 'append only'); END",
    ),
    2: (
        *(
            f"CREATE TRIGGER moved_{act} BEFORE {act} ON moved BEGIN SELECT RAISE(ABORT, 'append only'); END"
            for act in ("UPDATE", "DELETE")
        ),
        "CREATE TRIGGER moved_INSERT BEFORE INSERT ON moved WHEN EXISTS (SELECT 1 FROM moved) "
        "BEGIN SELECT RAISE(ABORT, 'append only'); END",
        "CREATE TRIGGER events_moved BEFORE INSERT ON events WHEN EXISTS (SELECT 1 FROM moved) "
        "BEGIN SELECT RAISE(ABORT, 'append only'); END",
    ),
}


@cache
def tables() -> MetaData:
    """The tables as queries see them."""
    from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, Text

    found = MetaData()
    Table("about", found, Column("format", Integer, primary_key=True), Column("key", String(16), nullable=False))
    Table(
        "events",
        found,
        Column("seq", Integer, primary_key=True, autoincrement=False),
        Column("at", String(20), nullable=False),
        Column("kind", String(32), nullable=False),
        Column("doc", String(96), nullable=False),
        Column("public", Text, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
    )
    Table(
        "moved",
        found,
        Column("format", Integer, primary_key=True),
        Column("at", String(20), nullable=False),
        Column("sealed", LargeBinary, nullable=False),
    )
    return found


def lay_out(connection: Connection, mark: str, schema: str = "") -> None:
    """Lay out an empty file, or an empty schema of a server. `mark` tells the key."""
    from sqlalchemy import insert

    from . import store_server

    about, events = tables().tables["about"], tables().tables["events"]
    tables().create_all(connection, tables=[about, events])
    for statement in store_server.guards(schema, 1) if schema else _GUARDS_OF_A_FILE[1]:
        connection.exec_driver_sql(statement)
    _grown(connection, 1, schema)
    connection.execute(insert(about).values(format=LAYOUT, key=mark))


def grow(connection: Connection, layout: int, schema: str = "") -> None:
    """Make a store of an earlier layout one of this; within the caller's transaction, so that all of it is done or nothing."""
    _grown(connection, layout, schema)
    with unguarded(connection, "about", schema):
        connection.execute(tables().tables["about"].update().values(format=LAYOUT))


@contextmanager
def unguarded(connection: Connection, table: str, schema: str = "") -> Iterator[None]:
    """Within this the rows of a table may be changed, by this transaction alone; what stood there is written over in a file."""
    guard = f"CREATE TRIGGER {table}_UPDATE "
    if schema:
        lifted, laid = (f'ALTER TABLE "{schema}".{table} {act} TRIGGER USER' for act in ("DISABLE", "ENABLE"))
    else:
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
        lifted, laid = f"DROP TRIGGER IF EXISTS {table}_UPDATE", next(s for s in _GUARDS_OF_A_FILE[1] if s.startswith(guard))
    connection.exec_driver_sql(lifted)
    yield
    connection.exec_driver_sql(laid)


def lay_out_anew(connection: Connection, mark: str) -> None:
    """A file as if nothing had been written to it, within the caller's transaction."""
    for table in tables().sorted_tables:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table.name}")  # its triggers and index go with it
    lay_out(connection, mark)


def _grown(connection: Connection, layout: int, schema: str) -> None:
    for statement in _statements(layout, schema):
        connection.exec_driver_sql(statement)


def _statements(layout: int, schema: str) -> Iterator[str]:
    from . import store_server

    here = {"s": f'"{schema}".', "bytes": "BYTEA"} if schema else {"s": "", "bytes": "BLOB"}
    for step in range(layout + 1, LAYOUT + 1):
        yield from (statement.format(**here) for statement in _STEPS[step])
        yield from store_server.guards(schema, step) if schema else _GUARDS_OF_A_FILE[step]


def back_up(path: Path, layout: int) -> None:
    """A copy of a store's file as it stood before it grew, beside it (case.db.layout-1); as sealed as the store, 0600."""
    try:
        with (
            put(path.with_name(f"{path.name}.layout-{layout}")) as kept,
            closing(sqlite3.connect(path)) as source,
            closing(sqlite3.connect(kept)) as target,
        ):
            source.backup(target)
    except (OSError, sqlite3.Error):
        raise StoreFault(
            "The event store is of an earlier layout, and no copy of it can be made before it grows. Check disk and rights"
        ) from None
