"""Detection that is never done twice: what the recognizers said of a text is kept for as long as they are the same.

The name models load at the first text that nobody has seen; a second run of an unchanged bundle loads none.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache as once
from functools import partial
from typing import TYPE_CHECKING

from ..model import Detection, Finding, Kind, Span
from .cache import Cache, Memory

if TYPE_CHECKING:
    from ..policy import Policy
    from ..recognizers import Chosen, Engine


def chosen(policy: Policy) -> Chosen:
    """The name models and recognizers of plug-ins that a policy names. Raises PluginFault where one is not installed."""
    from ..recognizers import Chosen

    return Chosen(policy.engine.names, policy.plugged("recognizers"))


@once
def loaded(by: Chosen | None = None) -> Engine:
    """The recognizers, loaded when a text is met that no earlier run has seen, and once for all texts."""
    from ..recognizers import Engine

    return Engine() if by is None else Engine(by)


def detector_of(by: Chosen, cache: Cache | Memory) -> Detector:
    """A detector by what a policy has chosen."""
    from ..recognizers import Chosen

    return Detector(loaded if by == Chosen() else partial(loaded, by), cache, by)


class Detector:
    """Detections of one bundle's texts: from the cache, or by the engine, which `engine` makes at the first call and keeps.

    An entry is known by the text itself and the signature of what `by` says finds names. Which file the text stood in, and which
    reader read it, is left out on purpose: another reading is another text.
    """

    def __init__(self, engine: Callable[[], Engine], cache: Cache | Memory, by: Chosen | None = None) -> None:
        from ..recognizers import Chosen, signature

        self._engine, self._cache, self._made_by = engine, cache, signature(by or Chosen())

    def detect(self, doc_id: str, text: str) -> Detection:
        """What the recognizers say of `text`, as `Engine.detect` gives it."""
        kept = self._cache.get("detection", self._made_by, text)
        found = _read(doc_id, text, kept) if kept is not None else None
        if found is None:
            data = _written(self._engine().detect(doc_id, text))
            self._cache.put("detection", data, self._made_by, text)
            found = _read(doc_id, text, data)  # the first run sees exactly what later ones will
            assert found is not None
        return found


def _written(detection: Detection) -> bytes:
    findings = [
        [f.span.start, f.span.end, str(f.kind), float(f.score), f.recognizer, f.why, list(f.attributes)]
        for f in detection.findings
    ]
    said = {"findings": findings, "proper": sorted(detection.proper), "english": sorted(detection.english)}
    return json.dumps(said, separators=(",", ":")).encode()


def _read(doc_id: str, text: str, data: bytes) -> Detection | None:
    """The detection, None where the data is not one of this text."""
    try:
        said = json.loads(data)
        findings = tuple(
            Finding(doc_id, Span(start, end), Kind(kind), score, recognizer, why, tuple(attributes))
            for start, end, kind, score, recognizer, why, attributes in said["findings"]
        )
        proper, english = frozenset(said["proper"]), frozenset(said["english"])
    except (ValueError, KeyError, TypeError):
        return None
    inside = all(0 <= f.span.start <= f.span.end <= len(text) for f in findings)
    return Detection(doc_id, findings, proper, english) if inside else None
