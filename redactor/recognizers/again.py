"""What a model said of a paragraph, for as long as the process lives: one that stands unchanged is not read again.

Paragraphs are known by digest and what is kept is numbers, so that no text stays in memory. Right only for a model that looks at
nothing but the paragraph it is given: what it says must not depend on what stands around.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

MOST = 256  # paragraphs; an article has fifty, and what is kept of one is 70 kB at most
T = TypeVar("T")


def remembered(read: Callable[[str], T], most: int = MOST) -> Callable[[str], T]:
    """The same function, which looks at each of the last `most` texts once. Whoever asks must not change what it gives."""
    kept: OrderedDict[bytes, T] = OrderedDict()
    lock = threading.Lock()

    def again(text: str) -> T:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        with lock:
            if digest in kept:
                kept.move_to_end(digest)
                return kept[digest]
        said = read(text)
        with lock:
            kept[digest] = said
            while len(kept) > most:
                kept.popitem(last=False)
        return said

    return again
