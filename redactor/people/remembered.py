"""What a text says around its names: kept, so that a text which has not changed is not searched for it again.

Only what the text alone decides is kept: the offices stated of a name (offices.py) and the words around a mention that tell of a
role (roles.py). Who somebody is, and what role that makes, is judged anew in every run with all documents in view.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from .. import lexicon
from ..sources import ByText, Kept, digest_of
from .offices import stated
from .roles import Cue, cues_in
from .scope import Unit


@cache
def signature() -> str:
    """SHA-256 (hex) of this room's files, of the lists of names and titles, and of Python."""
    rooms = digest_of(files(__package__)) + digest_of(files(lexicon))
    return hashlib.sha256(sys.version.encode() + rooms).hexdigest()


class Remembered:
    """What is known of the texts of one bundle, while its persons are resolved. Personal text: no repr."""

    def __init__(self, kept: Kept | None) -> None:
        self._known, self._new = ByText(kept, "around", signature), set[str]()

    def __repr__(self) -> str:
        return f"<Remembered: {self._known!r}>"

    def offices(self, text: str, unit: Unit, start: int, end: int) -> frozenset[str]:
        """As `offices.stated`."""
        known, asked = self._known[text], f"office {start} {end} {unit.start} {unit.end} {int(unit.row)}"
        if asked not in known:
            known[asked] = sorted(stated(text, unit, start, end))
            self._new.add(text)
        return frozenset(known[asked])

    def cues(self, text: str, before: str, after: str) -> Sequence[Cue]:
        """As `roles.cues_in`; both sides are of this text."""
        known, asked = self._known[text], hashlib.blake2b(f"{before}\0{after}".encode(), digest_size=12).hexdigest()
        if asked not in known:
            known[asked] = cues_in(before, after)
            self._new.add(text)
        return [(side, number, words) for side, number, words in known[asked]]

    def keep(self) -> None:
        """Keep what this run has learnt."""
        for text in self._new:
            self._known.keep(text, self._known[text])
