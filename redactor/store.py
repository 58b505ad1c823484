"""The event store: everything that happened, append only, the one truth. SQLite in a file, or any SQLAlchemy URL for a team.

An event has a public part, held to the table in store_events.py, and may have a personal part, sealed with the case key.
Every row carries a seal over all of it, so a row that was changed or moved is noticed when it is read, and one taken from
the middle at the next opening. Not caught: rows cut from the end by someone who may write the file (the signed audit log
tells that).
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import store_layouts, store_server
from .cleartext import ClearText
from .errors import KeyFault, StoreFault
from .keys import CaseKey
from .store_events import Event as Event
from .store_events import check
from .store_events import coarse as coarse
from .store_layouts import tables

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine, Row

_BATCH = 1000
_BUSY_SECONDS = 5
_PAD = 256  # sealed text is padded with blanks to a multiple of this, so that its length does not tell a name's
_FAULTS = {
    "BUSY": "is in use by another process. Wait until that has ended and try again",
    "LOCKED": "is in use by another process. Wait until that has ended and try again",
    "READONLY": "is read-only. Give yourself the right to write it and its folder",
    "FULL": "cannot grow: the disk is full. Free some space and run again",
    "NOTADB": "is not a database of this program. Put it back from a copy, or choose another output folder",
    "CORRUPT": "is damaged. Put it back from a copy, or choose another output folder",
    "CANTOPEN": "cannot be opened. Check its folder and your right to it",
    "CONSTRAINT": "is append-only, and another process wrote to it meanwhile or an event was to be changed. Run again",
}


class Store:
    """The events of one output, in order. Safe to use from several threads; one transaction is open in a thread at a time."""

    def __init__(self, engine: Engine, key: CaseKey) -> None:
        self._engine, self._key, self._local = engine, key, threading.local()

    @classmethod
    def open(cls, place: str | Path, key: CaseKey, name: str = "") -> Store:
        """The store at a path or SQLAlchemy URL, made if it is not there (file 0600, folder 0700). On a server `name` (letters,
        digits, underscores) parts the stores of several bundles: each is a schema.

        Raises StoreFault if it cannot be used, KeyFault if it was made with another key.
        """
        from sqlalchemy import URL, make_url
        from sqlalchemy.exc import ArgumentError

        try:
            url = make_url(place) if isinstance(place, str) and "://" in place else URL.create("sqlite", database=str(place))
        except (ArgumentError, ValueError):
            raise StoreFault("The address of the event store is no SQLAlchemy URL. Give a path or an URL.") from None
        if url.get_backend_name() == "sqlite":
            _make_file(Path(url.database or ""))
            engine = _engine(url)
        else:
            engine = store_server.engine(url, name)
        store = cls(engine, key)
        try:
            store._lay_out_or_check()
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Let go of the file or the server."""
        self._engine.dispose()

    def append(self, kind: str, doc: str, public: Mapping[str, object], personal: Mapping[str, object] | None = None) -> int:
        """Write one event and return its number (1, 2, 3 ...).

        Public keys with nothing to say (None, "") are left out. ClearText in `personal` is sealed as the words it holds.
        """
        public = {key: value for key, value in public.items() if value is not None and value != ""}
        check(kind, doc, public)
        at = _now()
        body, sealed_body = _dump(public), _dump(personal)
        with self.transaction():
            waiting: list[dict[str, Any]] = self._local.waiting
            seq = (waiting[-1]["seq"] if waiting else self.last()) + 1
            padded = sealed_body + " " * (-len(sealed_body) % _PAD)
            sealed = self._key.seal(padded.encode(), _context(seq, at, kind, doc, body))
            waiting.append({"seq": seq, "at": at, "kind": kind, "doc": doc, "public": body, "sealed": sealed})
            if len(waiting) >= _BATCH:
                self._write()
        return seq

    def _write(self) -> None:
        """Hand the events of this transaction that wait to the database, many at once."""
        from sqlalchemy import insert

        if waiting := self._local.waiting:
            with _told():
                self._local.connection.execute(insert(tables().tables["events"]), waiting)
            self._local.waiting = []

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All events appended within are kept, or none of them; one inside another is part of the outer. Raises StoreFault where
        the events have moved."""
        if getattr(self._local, "connection", None) is not None:
            yield
            return
        with self._begun():
            self.must_be_here()
            yield

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        """A transaction in which nobody else writes."""
        with _told():
            connection = self._engine.connect()
        try:
            with _told():
                if self._engine.dialect.name == "sqlite":
                    connection.exec_driver_sql("BEGIN IMMEDIATE")  # a lock held by another is met here, not half-way
                else:
                    store_server.lock(connection)
            self._local.connection, self._local.waiting = connection, []
            yield connection
            self._write()
            with _told():
                connection.commit()
        finally:
            self._local.connection = None
            with _told():
                connection.close()  # rolls back what was not committed

    def events(self, kind: str | None = None, doc: str | None = None, since: int = 0) -> Iterator[Event]:
        """Events in order, opened with the key; only of one kind or document if given, only from number `since` on."""
        return (event for _, event in self.rows(kind, doc, since))

    def rows(self, kind: str | None = None, doc: str | None = None, since: int = 0) -> Iterator[tuple[tuple[Any, ...], Event]]:
        """The same, each with its row as it stands in the database."""
        from sqlalchemy import select

        table = tables().tables["events"]
        query = select(table).order_by(table.c.seq).limit(_BATCH)
        if kind is not None:
            query = query.where(table.c.kind == kind)
        if doc is not None:
            query = query.where(table.c.doc == doc)
        at = since - 1
        while rows := self._rows(query.where(table.c.seq > at)):
            yield from ((tuple(row), self._event(row)) for row in rows)
            at = rows[-1].seq

    def last(self) -> int:
        """The number of the last event, 0 before the first."""
        from sqlalchemy import func, select

        return int(self._rows(select(func.coalesce(func.max(tables().tables["events"].c.seq), 0)))[0][0])

    def latest_run(self) -> Event | None:
        """The `run-started` event of the newest run, None before the first; `events(since=that.seq)` are the run's events."""
        from sqlalchemy import select

        table = tables().tables["events"]
        rows = self._rows(select(table).where(table.c.kind == "run-started").order_by(table.c.seq.desc()).limit(1))
        return self._event(rows[0]) if rows else None

    def _rows(self, query: Any) -> list[Row[Any]]:
        with _told():
            if (connection := getattr(self._local, "connection", None)) is not None:
                self._write()
                return list(connection.execute(query))
            with self._engine.connect() as own:
                return list(own.execute(query))

    def _event(self, row: Row[Any]) -> Event:
        try:
            opened = self._key.unseal(row.sealed, _context(row.seq, row.at, row.kind, row.doc, row.public))
        except (KeyFault, TypeError, UnicodeEncodeError):  # the key fits (checked on opening), so the row does not
            raise StoreFault(f"Event {row.seq} was changed outside this program. Put the store back from a copy.") from None
        return Event(row.seq, row.at, row.kind, row.doc, json.loads(row.public), json.loads(opened))

    # ---- layout, and where the events are

    def _lay_out_or_check(self) -> None:
        """Lay out an empty database, let one of an earlier layout grow, and make sure that it is ours, whole and of this key."""
        from sqlalchemy import func, inspect, select

        about, events = tables().tables["about"], tables().tables["events"]
        mark = mark_of(self._key)
        with _told():
            if self._engine.dialect.name != "sqlite":
                store_server.lay_out(self._engine, mark)
            elif not inspect(self._engine).get_table_names():
                with self._begun() as connection:
                    store_layouts.lay_out(connection, mark)
            found = self._rows(select(about))
        if len(found) == 1 and found[0].key != mark and found[0].format <= store_layouts.LAYOUT:
            raise KeyFault("The event store was made with another key. Use the key that this output was made with.")
        if len(found) != 1 or not 1 <= found[0].format <= store_layouts.LAYOUT:
            raise StoreFault("The event store is of a newer version of this program. Install that version, or a later one.")
        if found[0].format < store_layouts.LAYOUT:
            self._grow()
        with _told():
            count = self._rows(
                select(func.count(events.c.seq).label("size"), func.coalesce(func.max(events.c.seq), 0).label("last"))
            )[0]
        if missing := count.last - count.size:
            raise StoreFault(f"{missing} events are missing from the event store. Put the store back from a copy.")

    def _grow(self) -> None:
        from sqlalchemy import select

        with _told(), self._begun() as connection:
            layout = connection.scalar(select(tables().tables["about"].c.format)) or 0
            if layout >= store_layouts.LAYOUT:  # somebody else was faster
                return
            if self._engine.dialect.name == "sqlite":
                store_layouts.back_up(Path(self._engine.url.database or ""), layout)
                store_layouts.grow(connection, layout)
            else:
                store_layouts.grow(connection, layout, store_server.schema(self._engine))

    def moved(self) -> tuple[str, str]:
        """When (UTC, ISO) and where the events of this store went; ("", "") for one that is in use."""
        from sqlalchemy import select

        rows = self._rows(select(tables().tables["moved"]))
        if not rows:
            return "", ""
        try:
            return rows[0].at, self._key.unseal(rows[0].sealed, _context("moved", rows[0].at)).decode().rstrip()
        except (KeyFault, TypeError):
            raise StoreFault("Where the events went was changed outside this program. Put the store back from a copy.") from None

    def take(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Hold exactly these rows of another store of this key, in place of all that is here: all of them, or what was here."""
        from itertools import islice

        from sqlalchemy import insert

        events, waiting = tables().tables["events"], iter(rows)
        mark = mark_of(self._key)
        with self._begun() as connection, _told():
            if self._engine.dialect.name == "sqlite":
                store_layouts.lay_out_anew(connection, mark)
            else:
                store_server.lay_out_anew(connection, mark)
            while batch := [dict(zip(events.c.keys(), row, strict=True)) for row in islice(waiting, _BATCH // 4)]:
                connection.execute(insert(events).values(batch))

    def mark_moved(self, where: str) -> None:
        """Refuse every further event, and say from now on where they went. Within a transaction."""
        from sqlalchemy import insert

        at = _now()
        sealed = self._key.seal((where + " " * (-len(where) % _PAD)).encode(), _context("moved", at))
        with self.transaction(), _told():
            self._write()
            self._local.connection.execute(
                insert(tables().tables["moved"]).values(format=store_layouts.LAYOUT, at=at, sealed=sealed)
            )

    def must_be_here(self) -> None:
        """Raises StoreFault if the events of this store were moved, and says where to, or sealed with a new key meanwhile."""
        from sqlalchemy import select

        if self._rows(select(tables().tables["about"].c.key))[0][0] != mark_of(self._key):
            raise StoreFault("The case key was changed while this went on. Run the same command again.")
        if (said := self.moved())[0]:
            raise StoreFault(f"The events of this bundle were moved to {said[1]} on {said[0][:10]}. Work with them there.")


def _engine(url: URL) -> Engine:
    from sqlalchemy import create_engine, event
    from sqlalchemy.exc import ArgumentError

    sqlite = url.get_backend_name() == "sqlite"
    try:
        # hide_parameters: what is written never stands in an exception
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS} if sqlite else {})
    except (ArgumentError, ImportError):
        raise StoreFault("The event store's database driver is not installed. Install it, or give a path for SQLite.") from None
    if sqlite:

        @event.listens_for(engine, "connect")
        def _ours_to_begin(connection: Any, _record: object) -> None:
            connection.isolation_level = None  # we say BEGIN; the driver's own habit begins too late

    return engine


def mark_of(key: CaseKey) -> str:
    """What tells by which key a store is sealed."""
    return key.fingerprint("the key of this store", "store")


def _make_file(path: Path) -> None:
    """An empty file only the user may read, before anything is written to it; one that is there is made so."""
    if path.name in ("", ":memory:") or str(path).startswith("file:"):
        raise StoreFault("The event store is to be a file. Give its path, or the URL of a database server.")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if os.name == "posix" and path.is_file() and path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as fault:
        raise StoreFault(f"The event store cannot be made: {path.name} ({fault.strerror}). Check the output folder.") from None


def _words(value: object) -> object:
    if isinstance(value, ClearText):
        return value.reveal()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError


_PART = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_words)
_BOUND = json.JSONEncoder(separators=(",", ":"))


def _dump(part: Mapping[str, object] | None) -> str:
    try:
        return _PART.encode(None if part is None else dict(part))
    except (TypeError, ValueError):
        raise StoreFault("An event was refused: a part of it is no JSON. Give texts, numbers, lists and mappings.") from None


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _context(*bound: object) -> bytes:
    return _BOUND.encode(bound).encode()


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the database says into one sentence; the first cause is dropped, since its text is the database's own."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except SQLAlchemyError as fault:
        origin = getattr(fault, "orig", None)
        code = getattr(origin, "sqlite_errorname", "") if isinstance(origin, sqlite3.Error) else ""
        said = next((text for name, text in _FAULTS.items() if code.startswith(f"SQLITE_{name}")), None)
        said = said or store_server.fault(origin)
        raise StoreFault(f"The event store {said or 'cannot be read or written. Check it and try again'}.") from None
    except ConnectionError:  # of a driver that lets it through as it comes
        raise StoreFault(f"The event store {store_server.UNREACHED}.") from None
