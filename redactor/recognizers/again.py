"""What a model said of a paragraph, for as long as the process lives: one that stands unchanged is not read again.

Paragraphs are known by digest and what is kept is numbers, so that no text stays in memory. Right only for a model that looks at
nothing but the paragraph it is given: what it says must not depend on what stands around.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

MOST = 256  # paragraphs; an article has fifty, and what is kept of one is 70 kB at most
T = TypeVar("T")


def remembered(read: Callable[[list[str]], Iterable[T]], most: int = MOST) -> Callable[[Sequence[str]], list[T]]:
    """The same function of many texts to one thing for each, which looks at each of the last `most` texts once. Whoever asks must
    not change what it gives."""
    kept: OrderedDict[bytes, T] = OrderedDict()
    lock = threading.Lock()

    def again(texts: Sequence[str]) -> list[T]:
        digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        with lock:
            said = {digest: kept[digest] for digest in digests if digest in kept}
        unseen = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in said}
        if unseen:
            said |= zip(unseen, read(list(unseen.values())), strict=True)
        with lock:
            for digest in digests:
                kept[digest] = said[digest]
                kept.move_to_end(digest)
            while len(kept) > most:
                kept.popitem(last=False)
        return [said[digest] for digest in digests]

    return again
