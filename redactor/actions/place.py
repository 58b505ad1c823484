"""OUT: where a bundle's publication and its secrets lie, and the case key that belongs to it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from ..case import Bundle
from ..errors import EnvironmentFault, KeyFault, StoreFault, UsageError
from .locks import MAKING

if TYPE_CHECKING:
    from ..keys import CaseKey
    from ..store import Store


STORE = "REDACTOR_STORE"
SERVER = "store-on-a-server"
_SERVER: ContextVar[str] = ContextVar("address of the event store", default="")


def open_place(out: Path, bundle: Bundle) -> Path:
    """OUT/<bundle>, refused where it holds anything that is not an earlier run of ours."""
    place = (out / bundle.name).resolve()
    try:
        if place.is_dir() and not _ours(place):
            raise UsageError("OUT holds a folder of this name that is no earlier run. Choose an empty folder")
        place.mkdir(parents=True, exist_ok=True)
        (place / "restricted").mkdir(mode=0o700, exist_ok=True)
    except OSError as fault:
        raise EnvironmentFault(f"OUT cannot be written: {fault.strerror}. Check the folder's rights or choose another") from None
    return place


def _ours(place: Path) -> bool:
    """Whether a folder is empty, an earlier run's, or what a run left that was interrupted before its store was made."""
    inside = {p.name for p in place.iterdir()}
    left = {p.name for p in (place / "restricted").iterdir()} if (place / "restricted").is_dir() else set()
    begun = all(n in ("key-id", SERVER, MAKING) or n.startswith(("work-", "reading-")) for n in left)
    return "case.db" in left or SERVER in left or (inside <= {"restricted"} and begun)


def bundles_in(out: Path) -> list[Path]:
    """The bundle folders an OUT holds; OUT may be one of them."""
    if (out / "publishable").is_dir():
        return [out]
    found = sorted(p for p in out.glob("*") if (p / "publishable").is_dir()) if out.is_dir() else []
    if not found:
        raise UsageError("This folder holds no publication. Name the OUT folder, or one bundle's folder in it")
    return found


def the_bundle_in(out: Path) -> Path:
    """The folder of the one bundle an OUT holds. Raises UsageError where there are several."""
    places = bundles_in(out)
    if len(places) > 1:
        raise UsageError("OUT holds several bundles. Name the folder of one")
    return places[0]


def case_key(place: Path) -> tuple[str, CaseKey]:
    """The case key of this OUT: opened, or made on the first run. Only its id lies in OUT."""
    from ..keys import create_key, key_folder, open_key

    if key_folder().resolve().is_relative_to(place.parent):
        raise KeyFault("The key folder lies in OUT: whoever takes the disk has the key. Let REDACTOR_KEYS name another folder")
    note = place / "restricted" / "key-id"
    try:
        if note.is_file():
            key_id = note.read_text(encoding="ascii").strip()
            return key_id, open_key(key_id)
        if (place / "restricted" / "case.db").exists() or (place / "restricted" / SERVER).exists():
            raise KeyFault("The earlier run in OUT does not say which key it was made with. Put back restricted/key-id")
        key_id = "case-" + secrets.token_hex(6)
        key = create_key(key_id)
        note.write_text(key_id + "\n", encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise EnvironmentFault("OUT's restricted folder cannot be read or written. Check its rights") from None
    return key_id, key


@contextmanager
def store_at(address: str) -> Iterator[None]:
    """Within this, new bundles keep their events on the server of this URL, and those that do are found there."""
    before = _SERVER.set(address)
    try:
        yield
    finally:
        _SERVER.reset(before)


def open_store(place: Path, key_id: str, key: CaseKey) -> Store:
    """The event store of a bundle: its file, or a server where one was named when it was begun, or it was moved there.

    Only that it lies on a server is noted in OUT, never where: an address may hold a password. A move that was interrupted when
    the old store had said where the events went is brought to its end here. Raises StoreFault where the server is not named, is
    another one, or a bundle that lies in a file is to be looked for on one.
    """
    from ..store import Store

    note, file, address = place / "restricted" / SERVER, place / "restricted" / "case.db", _SERVER.get()
    if note.exists() and not address:
        raise StoreFault(f"The events of this bundle lie on a server. Name it: redactor --store URL, or {STORE}")
    if file.exists() and not note.exists():
        store = Store.open(file, key)
        went = store.moved()[0]
        if not went and not address:
            return store
        store.close()
        if not went:
            raise StoreFault("The events of this bundle lie in a file of OUT. Leave the server out, or publish to another OUT")
        if not address:
            raise StoreFault(f"The events of this bundle were moved to a server. Name it: redactor --store URL, or {STORE}")
    if not address:
        return Store.open(file, key)
    store = Store.open(address, key, schema_of(key_id))
    if store.moved()[0] and file.exists():
        here = Store.open(file, key)
        if not here.moved()[0]:
            store.close()
            note.unlink(missing_ok=True)
            return here
        here.close()
    if not store.last() and (file.exists() or (place / "publishable").exists()):
        store.close()
        raise StoreFault("This server holds no events of this bundle. Name the one that they lie on")
    note.touch(0o600)
    return store


def schema_of(key_id: str) -> str:
    """What the events of a bundle go by on a server."""
    return key_id.replace("-", "_").replace(".", "_").lower()


def key_id_of(place: Path) -> str:
    """The id of the case key that a bundle's folder was made with. Raises KeyFault where it is not told."""
    try:
        return (place / "restricted" / "key-id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise KeyFault("OUT does not say which key it was made with. Put back restricted/key-id") from None


@contextmanager
def earlier_run(place: Path) -> Iterator[tuple[CaseKey, Store]]:
    """The case key and the store of what an earlier run left in a bundle's folder. Raises KeyFault where the key is not told."""
    key_id_of(place)  # else a key would be made
    with this_run(place) as (_, key, store):
        yield key, store


@contextmanager
def this_run(place: Path) -> Iterator[tuple[str, CaseKey, Store]]:
    """The id of the case key, the key and the store of a bundle's folder; both are made where there are none yet. A change of the
    key that was interrupted when everything was sealed with the new one is brought to its end."""
    try:
        key_id, key = case_key(place)
        store = open_store(place, key_id, key)
    except KeyFault:
        if not _is_changing(place):
            raise
        key_id, key, store = _with_the_next_key(place)
    try:
        yield key_id, key, store
    finally:
        store.close()


def settled(place: Path) -> None:
    """A change of the case key that was interrupted is brought to its end where the new key is the one that counts."""
    if _is_changing(place):
        with earlier_run(place):
            pass


def _is_changing(place: Path) -> bool:
    """Whether a new case key lies beside the one of a bundle's folder."""
    from ..keys_rotate import next_path

    return (place / "restricted" / "key-id").is_file() and next_path(key_id_of(place)).exists()


def changed(place: Path, key_id: str) -> None:
    """The end of a change of the case key, once the events are sealed with the new one: what the old one sealed beside them goes
    (all of it is made again), and the new key takes the place of the old. Nothing is done twice."""
    from ..keys_rotate import settle

    restricted = place / "restricted"
    gone = [*restricted.glob("cache/*"), *restricted.glob("drafts/*"), *restricted.glob("case.db.layout-*")]
    if (restricted / SERVER).exists():
        gone.append(restricted / "case.db")  # of before the events went to the server
    try:
        for path in gone:
            path.unlink(missing_ok=True)
    except OSError as fault:
        raise EnvironmentFault(f"What the old key sealed cannot be removed ({fault.strerror}). Mend that, run again") from None
    settle(key_id)


def _with_the_next_key(place: Path) -> tuple[str, CaseKey, Store]:
    from ..keys_rotate import next_key

    key_id = key_id_of(place)
    key = next_key(key_id)
    store = open_store(place, key_id, key)
    try:
        changed(place, key_id)
    except BaseException:
        store.close()
        raise
    return key_id, key, store
