"""What is done to the case key itself: covered by a passphrase, copied for a safe, and told where it lies."""

from __future__ import annotations

from pathlib import Path

from ..errors import KeyFault, UsageError
from .place import bundles_in


def key_where(out: Path) -> list[tuple[str, Path, bool]]:
    """For every bundle in OUT: its name, the file of its case key, and whether that lies under a passphrase."""
    from ..keys import is_covered, key_path

    return [(place.name, key_path(_id(place)), is_covered(_id(place))) for place in bundles_in(out)]


def key_cover(out: Path, passphrase: str) -> list[str]:
    """Put the case key of every bundle in OUT under a passphrase, or under another one; the bundles' names."""
    from ..keys import cover_key

    places = bundles_in(out)
    for place in places:
        cover_key(_id(place), passphrase)
    return [place.name for place in places]


def key_export(out: Path, target: Path, passphrase: str) -> None:
    """Copy the case key of the one bundle in OUT to a new file, under a passphrase of its own."""
    from ..keys import export_key

    places = bundles_in(out)
    if len(places) > 1:
        raise UsageError("OUT holds several bundles. Name the folder of one")
    if target.resolve().is_relative_to(places[0].resolve().parent):
        raise UsageError("A key does not lie in OUT: whoever takes the disk has it. Name another place")
    export_key(_id(places[0]), target, passphrase)


def _id(place: Path) -> str:
    try:
        return (place / "restricted" / "key-id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise KeyFault("OUT does not say which key it was made with. Put back restricted/key-id") from None
