"""The event store of a team: PostgreSQL by URL, each bundle a schema of its own, append only as SQLite's file is.

Personal parts are sealed before they leave this machine, so that neither the server nor its backups hold a name in clear. The
connection is under TLS unless the server is this machine. Not caught: somebody who may change tables and triggers on the server;
each row's seal and the signed log tell that afterwards.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING

from . import store_layouts
from .errors import StoreFault

if TYPE_CHECKING:
    import ssl

    from sqlalchemy import URL, Connection, Engine

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1", ""})
_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")
_WAIT = "5s"
UNREACHED = "cannot be reached. Check its address and that the server runs; what was kept is kept"
_FAULTS = {  # SQLSTATE (PostgreSQL 15, appendix A) → what to do
    "28": "does not let you in. Check user and password of its address, PGPASSWORD, or the server's pg_hba.conf",
    "3D000": "has no database of this name. Create it, or name another in its address",
    "42501": "does not let you do this. Have the right to create schemas, and to write in this bundle's, given to you",
    "55P03": "is in use by another process. Wait until that has ended and try again",
    "57014": "took too long. Try again",
    "57P": "was shut down meanwhile. Start the server and try again; what was kept is kept",
    "53": "has no room left. Free some on the server and try again",
    "P0001": "is append-only, and another process wrote to it meanwhile or an event was to be changed. Run again",
    "23505": "is append-only, and another process wrote to it meanwhile or an event was to be changed. Run again",
}


def engine(url: URL, name: str) -> Engine:
    """The engine for one bundle's schema. Raises StoreFault for another server than PostgreSQL, or without its driver."""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError
    from sqlalchemy.pool import NullPool  # a desk is open all day: a connection kept would be closed by the server meanwhile

    if url.get_backend_name() != "postgresql":
        raise StoreFault(
            "The event store is a file or a PostgreSQL server. Give a path, or an URL that begins with postgresql://"
        )
    if set(url.query) - {"unix_sock"}:  # the driver takes ?host= over the host that TLS was decided by
        raise StoreFault("The address of the event store carries options after a question mark. Leave them out")
    if not _NAME.fullmatch(name):
        raise StoreFault("The event store of a server needs a name of its own for each bundle. Give letters, digits, underscores")
    # The driver would read the system's certificates for each connection, which takes longer than all the rest
    away = (url.host or "") not in _LOCAL
    arguments = {"timeout": 30, "application_name": "redactor", "ssl_context": _certificates() if away else False}
    if url.password is None and os.environ.get("PGPASSWORD"):
        url = url.set(password=os.environ["PGPASSWORD"])
    try:
        made = create_engine(
            url.set(drivername="postgresql+pg8000"), hide_parameters=True, poolclass=NullPool, connect_args=arguments
        )
    except (ArgumentError, ImportError, NoSuchModuleError):
        raise StoreFault("The driver for PostgreSQL is not installed. Install it: pip install 'redactor[postgres]'") from None
    return made.execution_options(schema_translate_map={None: name})


@cache
def _certificates() -> ssl.SSLContext:
    import ssl

    return ssl.create_default_context()


def lock(connection: Connection) -> None:
    """Keep others from writing until this transaction ends; they may read on."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT}'")
    connection.exec_driver_sql(f'LOCK TABLE "{schema(connection.engine)}".events IN EXCLUSIVE MODE')


def lay_out(engine: Engine, mark: str) -> None:
    """Make the schema and its tables where they are not there yet; two that come at once make them once."""
    from sqlalchemy import inspect

    name = schema(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT}'")
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"redactor {name}",))
        if inspect(connection).has_table("events", schema=name):
            return
        connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{name}"')
        store_layouts.lay_out(connection, mark, name)


def lay_out_anew(connection: Connection, mark: str) -> None:
    """A schema as if nothing had been written to it, within the caller's transaction."""
    name = schema(connection.engine)
    connection.exec_driver_sql(f'DROP SCHEMA "{name}" CASCADE')
    connection.exec_driver_sql(f'CREATE SCHEMA "{name}"')
    store_layouts.lay_out(connection, mark, name)


def fault(origin: object) -> str | None:
    """What the server says, as the end of a sentence; None for what is no fault of a server."""
    said = getattr(origin, "args", ())
    if type(origin).__module__.partition(".")[0] != "pg8000":
        return None
    code = str(said[0].get("C", "")) if said and isinstance(said[0], dict) else ""
    if not code:
        return UNREACHED
    return next((text for start, text in _FAULTS.items() if code.startswith(start)), None)


def schema(engine: Engine) -> str:
    """The schema of one bundle."""
    return str(engine.get_execution_options()["schema_translate_map"][None])


def guards(name: str, step: int) -> list[str]:
    """The server's own refusals that a layout adds: of updates and deletes, and of a row that is not the next. `name` was held
    to _NAME."""
    if step == 1:
        first = [
            f"""CREATE FUNCTION "{name}".refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'append only'; END $$""",
            f"""CREATE FUNCTION "{name}".at_the_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM "{name}".events) THEN RAISE EXCEPTION 'append only'; END IF;
            RETURN NEW; END $$""",  # noqa: S608
            f"""CREATE FUNCTION "{name}".once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF EXISTS (SELECT 1 FROM "{name}".about) THEN RAISE EXCEPTION 'append only'; END IF; RETURN NEW; END $$""",  # noqa: S608
            f"""CREATE TRIGGER next BEFORE INSERT ON "{name}".events FOR EACH ROW EXECUTE FUNCTION "{name}".at_the_end()""",
            f"""CREATE TRIGGER once BEFORE INSERT ON "{name}".about FOR EACH ROW EXECUTE FUNCTION "{name}".once()""",
        ]
        return first + [_refusal(name, table, act) for table in ("about", "events") for act in ("UPDATE", "DELETE", "TRUNCATE")]
    return [
        f"""CREATE FUNCTION "{name}".not_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (SELECT 1 FROM "{name}".moved) THEN RAISE EXCEPTION 'append only'; END IF; RETURN NEW; END $$""",  # noqa: S608
        *(
            f"""CREATE TRIGGER not_moved BEFORE INSERT ON "{name}".{table}
            FOR EACH STATEMENT EXECUTE FUNCTION "{name}".not_moved()"""
            for table in ("moved", "events")
        ),
        *(_refusal(name, "moved", act) for act in ("UPDATE", "DELETE", "TRUNCATE")),
    ]


def _refusal(name: str, table: str, act: str) -> str:
    return f"""CREATE TRIGGER no_{act.lower()} BEFORE {act} ON "{name}".{table}
        FOR EACH STATEMENT EXECUTE FUNCTION "{name}".refuse()"""
