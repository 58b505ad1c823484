"""Stores on both kinds of database, and what may be done to them behind the program's back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.exc import DatabaseError

from redactor.actions.place import case_key, store_at, this_run
from redactor.cleartext import ClearText
from redactor.keys import CaseKey
from redactor.store import Store

KEY = CaseKey(b"k" * 32)
NAME = "Marigold Tattersfield"
_COUNT = count(1)


class Home:
    """Where a store lies. In a statement `{s}` stands before a table."""

    def __init__(self, address: str) -> None:
        self.address, self.is_file = address, "://" not in address
        self.name = f"case_t{next(_COUNT)}"

    def open(self, key: CaseKey = KEY) -> Store:
        return Store.open(self.address, key, self.name)

    def raw(self, *statements: str) -> list[tuple[object, ...]]:
        """What the database answers to the last of them; DatabaseError of sqlite3 or of SQLAlchemy where it refuses."""
        said = [s.replace("{s}", "" if self.is_file else f"{self.name}.") for s in statements]
        if self.is_file:
            connection = sqlite3.connect(self.address)
            try:
                rows = [connection.execute(s).fetchall() for s in said]
                connection.commit()
            finally:
                connection.close()
            return rows[-1]
        engine = create_engine(self.address.replace("postgresql:", "postgresql+pg8000:"))
        try:
            with engine.begin() as server:
                found = [server.exec_driver_sql(s) for s in said][-1]
                return [tuple(row) for row in found] if found.returns_rows else []
        finally:
            engine.dispose()

    def unguarded(self, statement: str, table: str = "events") -> None:
        """Done without the database's own refusals."""
        acts = [f"DROP TRIGGER {table}_{act}" for act in ("UPDATE", "DELETE", "INSERT")]
        self.raw(*(acts if self.is_file else [f"ALTER TABLE {{s}}{table} DISABLE TRIGGER USER"]), statement)

    def bytes(self) -> bytes:
        """Everything that lies there."""
        if self.is_file:
            return b"".join(p.read_bytes() for p in Path(self.address).parent.iterdir())
        rows = [row for table in ("about", "events", "moved") for row in self.raw(f"SELECT * FROM {{s}}{table}")]
        return b"".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)


REFUSED = (sqlite3.DatabaseError, DatabaseError)


def fill(store: Store, times: int = 3) -> None:
    with store.transaction():
        for number in range(times):
            store.append("document-seen", f"d{number + 1:02}", {}, {"path": ClearText(f"{NAME} {number}.txt")})


def bare_bundle(folder: Path, address: str = "") -> Path:
    """OUT of a bundle that has events and nothing else, its store on the server at `address` or in a file."""
    place = folder / "out" / "boat"
    (place / "restricted").mkdir(parents=True)
    with store_at(address):
        case_key(place)
        with this_run(place) as (_, _, store), store.transaction():
            fill(store, 5)
    (place / "publishable").mkdir()
    return folder / "out"


@contextmanager
def events_of(out: Path, address: str = "") -> Iterator[Store]:
    """The store of that bundle, as a command finds it."""
    with store_at(address), this_run(out / "boat") as (_, _, store):
        yield store
