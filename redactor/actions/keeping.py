"""What is done to the case key itself: covered by a passphrase, copied for a safe, changed, destroyed, and told where it lies."""

from __future__ import annotations

from pathlib import Path

from ..errors import UsageError
from .locks import making
from .place import bundles_in, changed, earlier_run, key_id_of, settled, the_bundle_in


def key_where(out: Path) -> list[tuple[str, Path, bool]]:
    """For every bundle in OUT: its name, the file of its case key, and whether that lies under a passphrase."""
    from ..keys import is_covered, key_path

    return [(place.name, key_path(key_id_of(place)), is_covered(key_id_of(place))) for place in bundles_in(out)]


def key_cover(out: Path, passphrase: str) -> list[str]:
    """Put the case key of every bundle in OUT under a passphrase, or under another one; the bundles' names."""
    from ..keys import cover_key

    places = bundles_in(out)
    for place in places:
        settled(place)
        cover_key(key_id_of(place), passphrase)
    return [place.name for place in places]


def key_export(out: Path, target: Path, passphrase: str) -> None:
    """Copy the case key of the one bundle in OUT to a new file, under a passphrase of its own."""
    from ..keys import export_key

    place = the_bundle_in(out)
    if target.resolve().is_relative_to(place.resolve().parent):
        raise UsageError("A key does not lie in OUT: whoever takes the disk has it. Name another place")
    settled(place)
    export_key(key_id_of(place), target, passphrase)


def key_rotate(out: Path, passphrase: str | None = None) -> list[tuple[str, int]]:
    """Seal everything of every bundle in OUT with a new case key, under `passphrase` where the old one lies under one; each
    bundle's name and how many events were sealed anew. The old key, and every copy of it, opens nothing of it from then on.

    Labels, what is published, its signature and the key's id stay. Interrupted, everything opens as before, and the same call
    goes on. Raises EnvironmentFault while copies are being made, KeyFault and StoreFault where it cannot be done.
    """
    from ..keys_rotate import begin
    from ..store_anew import seal_anew

    done = []
    for place in bundles_in(out):
        place = place.resolve()
        with making(place), earlier_run(place) as (_, store):
            key_id = key_id_of(place)
            count = seal_anew(store, begin(key_id, passphrase))
            changed(place, key_id)
        done.append((place.name, count))
    return done


def key_destroy(out: Path, name: str) -> Path:
    """Destroy the case key of the one bundle in OUT, whose `name` is said once more; where it lay.

    Copies, log and releases stay and still verify; nothing under restricted/ opens again, unless somebody kept a copy of the key.
    Raises UsageError where another name is said, EnvironmentFault while copies are being made, KeyFault where it cannot be done.
    """
    from ..keys import destroy_key, key_path

    place = the_bundle_in(out).resolve()
    if name != place.name:
        raise UsageError("That is not the name of the bundle in OUT. Nothing was destroyed. `redactor key where` tells it")
    with making(place):
        key_id = key_id_of(place)
        destroy_key(key_id)
    return key_path(key_id)
