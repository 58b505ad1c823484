"""Text of a source document, as a type that cannot be printed, logged or serialised by accident.

Does not defend against code that calls `reveal()`; it makes every such place findable with grep.
"""

from __future__ import annotations

from typing import NoReturn


class ClearText:
    """Personal text. `reveal()` gives the words; `repr`, `str`, `format`, pickle and JSON do not.

    >>> print(ClearText("a name"))
    <ClearText>
    >>> ClearText("a name").reveal()
    'a name'
    """

    __slots__ = ("_words",)

    def __init__(self, words: str) -> None:
        self._words = words

    def reveal(self) -> str:
        """The words themselves. Whoever calls this must keep them out of logs, errors and names."""
        return self._words

    def __repr__(self) -> str:
        return "<ClearText>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "<ClearText>"

    def __len__(self) -> int:
        return len(self._words)

    def __bool__(self) -> bool:
        return bool(self._words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClearText) and other._words == self._words

    def __lt__(self, other: ClearText) -> bool:
        return self._words < other._words

    def __hash__(self) -> int:
        return hash(("ClearText", self._words))

    def __reduce__(self) -> NoReturn:
        raise TypeError("ClearText is not serialised by accident: seal it with keys.py, or reveal() it on purpose")
