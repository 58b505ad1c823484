"""Copies that need not be written again: those for which all that a copy is made from is what it was before.

Only the writing is spared. A copy is taken from the sealed entries of this OUT, never from the folder that was published, where
anybody may have changed it; and verification looks for every form in it anew, as in one that was written a moment ago.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from .. import sources
from ..cleartext import ClearText
from ..errors import HeldError
from .carrying import packed

if TYPE_CHECKING:
    from .cache import Cache
    from .job import Job
    from .writing import Pen, Written

MAX_KEPT = 8 * 1024 * 1024  # bytes of the copies of one document
_KIND = "copy"
_PACKAGES = ("presidio-anonymizer", "typst")  # beside those that formats.signature() tells
_SIZE = 8  # bytes that tell how long what is said of the copies is


@cache
def signature() -> str:
    """SHA-256 (hex) of what writes: the formats' own files, those that put words in, and the packages they use."""
    from .. import formats

    said = [formats.signature(), *(sources.package_version(package) for package in _PACKAGES)]
    whole = hashlib.sha256(json.dumps(said).encode())
    for path in sorted(files("redactor").iterdir(), key=lambda path: path.name):
        if path.name.startswith("wording") and path.name.endswith(".py"):
            whole.update(path.read_bytes())
    return whole.hexdigest()


class KeptCopies:
    """The copies that earlier runs of one bundle wrote, by all that they were made from."""

    def __init__(self, cache: Cache, pen: Pen) -> None:
        from ..wording import is_changed

        said = [plugin.said for plugin in pen.policy.plugged("formats")]
        self._cache, self._pen = cache, pen
        self._changed = {person: label for person, label in pen.labels.items() if is_changed(label)}
        self._by = (signature(), json.dumps(said), hashlib.sha256(packed(pen.letterhead).data).hexdigest())

    def made_from(self, job: Job, wanted: Sequence[str]) -> tuple[str, ...]:
        """All that the copies of a document, of each media type `wanted`, are made from; empty where they are not kept: pages of
        a picture are painted anew. Personal text."""
        from .. import formats
        from ..wording import replacements, uses_changed_name

        pen, document = self._pen, job.document
        if document is None or job.data is not None:
            return ()
        try:
            own = [d for d in job.decisions if d.doc == job.id]
            replaced = replacements(own, job.text, pen.labels, pen.policy, pen.names)
        except HeldError:  # whoever writes it meets the same
            return ()
        note = pen.policy.labels.note if uses_changed_name(replaced.values(), self._changed) else ""
        words = [[span.start, span.end, said] for span, said in replaced.items()]
        return (*self._by, json.dumps(wanted), formats.said(document.content), json.dumps(words), note)

    def get(self, made_from: Sequence[str]) -> Written | None:
        """The copies that were made from exactly this, None where there are none."""
        from .writing import Written

        data = self._cache.get(_KIND, *made_from) if made_from else None
        if data is None:
            return None
        at = _SIZE + int.from_bytes(data[:_SIZE], "big")
        expected, put, noted, sizes = json.loads(data[_SIZE:at])
        copies = []
        for size in sizes:
            copies.append(data[at : at + size])
            at += size
        return Written(tuple(copies), (), ClearText(expected), put, noted)

    def put(self, made_from: Sequence[str], made: Written) -> None:
        """Keep copies for the next run. Those of a very long document are written anew each time."""
        sizes = list(map(len, made.copies))
        if made_from and not made.pages and sum(sizes) <= MAX_KEPT:
            said = json.dumps([made.expected.reveal(), made.put, made.noted, sizes]).encode()
            self._cache.put(_KIND, b"".join((len(said).to_bytes(_SIZE, "big"), said, *made.copies)), *made_from)
