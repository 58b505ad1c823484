"""Detection that is never done twice: what the recognizers said of a text is kept for as long as they are the same.

The name models load at the first text that nobody has seen; a second run of an unchanged bundle loads none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache as once
from functools import partial
from sys import intern
from threading import Lock
from typing import TYPE_CHECKING

from ..errors import EnvironmentFault, HeldError
from ..model import Detection, Finding, Kind, Span
from .cache import Cache, Memory

if TYPE_CHECKING:
    from ..policy import Policy
    from ..recognizers import Chosen, Engine
    from .workers import Workers

WORTH = 60_000  # characters; a process is ready for the first after some seconds, in which this one reads about as many


def chosen(policy: Policy) -> Chosen:
    """The name models, thresholds of the tagger and recognizers of plug-ins that a policy names. Raises PluginFault where one of
    these is not installed."""
    from ..recognizers import Chosen

    return Chosen(policy.engine.names, policy.plugged("recognizers"), tuple(policy.engine.tagger.model_dump().items()))


_LOADING = Lock()  # two threads that meet a text would both load


@once
def loaded(by: Chosen) -> Engine:
    """The recognizers, loaded when a text is met that no earlier run has seen, and once in a process for all texts."""
    from ..recognizers import Engine

    return Engine(by)


def look(by: Chosen, made_by: str, text: str) -> bytes:
    """What this process's recognizers say of a text, as it is kept. Raises EnvironmentFault where they are not those of the
    signature `made_by`: a worker on another machine may have others."""
    from ..recognizers import signature

    if signature(by) != made_by:
        raise EnvironmentFault("A worker finds names by other models or lists. Install the same versions there as here")
    with _LOADING:
        engine = loaded(by)
    return _written(engine.detect("", text))


class Detector:
    """Detections of one bundle's texts: from the cache, or by the recognizers, which are loaded at the first text.

    An entry is known by the text itself and the signature of what `by` says finds names. Which file the text stood in, and which
    reader read it, is left out on purpose: another reading is another text.
    """

    def __init__(self, by: Chosen, cache: Cache | Memory) -> None:
        from ..recognizers import signature

        self._by, self._cache, self._made_by = by, cache, signature(by)
        self._look = partial(look, by, self._made_by)

    def load(self) -> None:
        """Load the recognizers now, where it is sure that they will be wanted."""
        with _LOADING:
            loaded(self._by)

    def detect(self, doc_id: str, text: str) -> Detection:
        """What the recognizers say of `text`, as `Engine.detect` gives it."""
        found = self._kept(doc_id, text)
        return found if found is not None else self._put(doc_id, text, self._look(text))

    def detect_all(
        self, texts: Iterable[tuple[str, str]], workers: Workers, tell: Callable[[int], None]
    ) -> Iterator[tuple[str, str, Detection | HeldError]]:
        """The same for many (id, text), on many processes where that is worth while, as they are ready: id, text and what is
        said, or why a text is held where no process got to its end. `tell` hears how many are done. Every text is looked at once,
        however often it stands."""
        unseen: dict[str, list[str]] = {}
        done = 0
        tell(done)
        for doc_id, text in texts:
            known = self._kept(doc_id, text)
            if known is None:
                unseen.setdefault(text, []).append(doc_id)
            else:
                yield doc_id, text, known
                done += 1
                tell(done)
        asked = [(text,) for text in unseen]
        worth = sum(map(len, unseen)) >= WORTH
        for number, data in workers.each(self._look, asked, worth):
            text = asked[number][0]
            for doc_id in unseen[text]:
                yield doc_id, text, data if isinstance(data, HeldError) else self._put(doc_id, text, data)
                done += 1
            tell(done)

    def _kept(self, doc_id: str, text: str) -> Detection | None:
        kept = self._cache.get("detection", self._made_by, text)
        return _read(doc_id, text, kept) if kept is not None else None

    def _put(self, doc_id: str, text: str, data: bytes) -> Detection:
        self._cache.put("detection", data, self._made_by, text)
        found = _read(doc_id, text, data)  # the first run sees exactly what later ones will
        assert found is not None
        return found


def _written(detection: Detection) -> bytes:
    findings = [
        [f.span.start, f.span.end, str(f.kind), float(f.score), f.recognizer, f.why, list(f.attributes)]
        for f in detection.findings
    ]
    words = {"english": sorted(detection.english), "wanting": sorted(detection.wanting)}
    said = {"findings": findings, "proper": sorted(detection.proper), **words}
    return json.dumps(said, separators=(",", ":")).encode()


def _read(doc_id: str, text: str, data: bytes) -> Detection | None:
    """The detection, None where the data is not one of this text."""
    try:
        said = json.loads(data)  # whose strings are the same few again and again: each is held once
        findings = tuple(
            Finding(doc_id, Span(start, end), Kind(kind), score, intern(recognizer), intern(why), tuple(map(intern, attributes)))
            for start, end, kind, score, recognizer, why, attributes in said["findings"]
        )
        proper, wanting = frozenset(said["proper"]), frozenset(said["wanting"])
        english = frozenset(map(intern, said["english"]))
    except (ValueError, KeyError, TypeError):
        return None
    inside = all(0 <= f.span.start <= f.span.end <= len(text) for f in findings)
    return Detection(doc_id, findings, proper, english, wanting) if inside else None
