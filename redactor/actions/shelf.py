"""What is known of each document of a run, put down on the disk and taken up again when it is asked for, so that memory does not
grow with all that is written in a bundle.

One file without a name: it is gone with the process, however that ends. It is sealed with a key that lies in memory alone, so
that what a disk keeps of it opens for nobody. Not caught: memory that the system itself puts on a disk (swap).
"""

from __future__ import annotations

import secrets
import tempfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

from ..errors import EnvironmentFault
from .carrying import Parcel, packed

_AT_HAND = 4 << 20  # sealed bytes of the values taken up last, some hundred pages': they are asked for again and again
Slip = tuple[int, int]
"""Where a value lies: its first byte and how many there are."""


class Shelf:
    """Values of one run, each put down once. Personal text: no repr."""

    def __init__(self, folder: Path) -> None:
        from ..keys import CaseKey

        self._key = CaseKey(secrets.token_bytes(32))
        self._at_hand: OrderedDict[Slip, Any] = OrderedDict()
        self._end = self._held = 0
        try:
            # Unbuffered: a disk that takes no more says so at once, and not when the file is closed.
            self._file = tempfile.TemporaryFile(buffering=0, dir=folder)  # noqa: SIM115 - closed with the run
        except OSError as fault:
            raise _no_room(fault) from None

    def __repr__(self) -> str:
        return "<Shelf>"

    def put(self, value: object) -> Slip:
        """Put a value down; the slip by which it is taken up again. Raises EnvironmentFault where the disk takes no more."""
        sealed = self._key.seal(packed(value).data, self._end.to_bytes(8, "big"))
        slip = self._end, len(sealed)
        left = memoryview(sealed)
        try:
            self._file.seek(self._end)
            while left:
                left = left[self._file.write(left) :]
        except OSError as fault:
            raise _no_room(fault) from None
        self._end += len(sealed)
        return slip

    def take(self, slip: Slip) -> Any:
        """The value again: not the same one, and not to be changed."""
        if slip in self._at_hand:
            self._at_hand.move_to_end(slip)
            return self._at_hand[slip]
        try:
            self._file.seek(slip[0])
            sealed = self._file.read(slip[1])
        except OSError as fault:
            raise _no_room(fault) from None
        value = Parcel(self._key.unseal(sealed, slip[0].to_bytes(8, "big"))).opened()
        self._at_hand[slip] = value
        self._held += slip[1]
        while self._held > _AT_HAND and len(self._at_hand) > 1:
            (_, size), _ = self._at_hand.popitem(last=False)
            self._held -= size
        return value

    def close(self) -> None:
        """Let go of all of it."""
        self._at_hand.clear()
        self._held = 0
        self._file.close()


def _no_room(fault: OSError) -> EnvironmentFault:
    return EnvironmentFault(f"OUT cannot be written: {fault.strerror}. Check the disk and the folder's rights")
