"""`store move`: the events of a bundle from OUT's file to a server, and back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from ..disk import to_disk
from ..errors import EnvironmentFault, UsageError
from .locks import making, work_folder
from .place import SERVER, case_key, key_id_of, open_store, schema_of, settled, store_at, the_bundle_in

if TYPE_CHECKING:
    from ..keys import CaseKey

FILE = "file"


def move_store(out: Path, to: str) -> int:
    """Move every event of the one bundle in `out` to the PostgreSQL server at the address `to`, or from there to OUT's own file
    (`to` "file"); how many. The old store stays as it is, refuses new events and says where they went.

    Interrupted, the events lie whole where they were or where they went, and the same call again finishes it. Raises StoreFault
    where either store cannot be used, KeyFault without the case key, EnvironmentFault while copies are made.
    """
    place = the_bundle_in(out)
    key_id_of(place)  # else a key would be made
    settled(place)
    key_id, key = case_key(place)
    with making(place):
        return _to_file(place, key_id, key) if to == FILE else _to_server(place, key_id, key, to)


def _to_server(place: Path, key_id: str, key: CaseKey, address: str) -> int:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    from ..store import Store
    from ..store_move import move

    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise UsageError("Name the server by its URL (postgresql://user@host/database), or say: file") from None
    if (place / "restricted" / SERVER).exists():
        raise UsageError("The events of this bundle lie on a server already. Move them to a file first, then to another server")
    if url.get_backend_name() == "sqlite":
        raise UsageError("A file of OUT is the only one that holds events. Say: file")
    with closing(Store.open(place / "restricted" / "case.db", key)) as source:
        if not source.moved()[0]:
            with closing(Store.open(address, key, schema_of(key_id))) as target:
                move(source, target, f"a server ({url.host or 'this machine'}, database {url.database})")
    with store_at(address), closing(open_store(place, key_id, key)) as moved:  # notes that they lie on a server
        return moved.last()


def _to_file(place: Path, key_id: str, key: CaseKey) -> int:
    from ..store import Store
    from ..store_move import move, must_go_on

    note, file = place / "restricted" / SERVER, place / "restricted" / "case.db"
    if not note.exists():
        raise UsageError("The events of this bundle lie in a file already")
    with work_folder(place, "moving") as work, closing(open_store(place, key_id, key)) as source:
        if not note.exists():  # an interrupted move was brought to its end
            return source.last()
        if file.exists():
            with closing(Store.open(file, key)) as old:
                must_go_on(old, source)

        def settled() -> None:
            target.close()
            try:
                to_disk(work / file.name)
                (work / file.name).replace(file)
                to_disk(file.parent)
            except OSError as fault:
                raise EnvironmentFault(f"The file cannot be put into OUT ({fault.strerror}). Check disk and rights") from None

        with closing(Store.open(work / file.name, key)) as target:
            count = move(source, target, "a file of OUT", settled)
    note.unlink(missing_ok=True)
    return count
