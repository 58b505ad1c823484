"""A recognizer that a plug-in brings, in this room's terms.

Its entry point (group `redactor.recognizers`) names the class of a Presidio recognizer, or a function that makes one, without
arguments; the recognizer's `kinds` says of which kind each of its entities is. One that calls a service elsewhere is refused.
Not kept: context words, for they count in Presidio's own registry alone; scores are taken as they are given.
"""

from __future__ import annotations

from typing import Any

from presidio_analyzer import EntityRecognizer, LocalRecognizer, RecognizerResult, RemoteRecognizer
from presidio_analyzer.nlp_engine import NlpArtifacts

from ..errors import PluginFault
from ..model import Kind
from ..plugins import Guard, Plugin, load
from .base import Found, as_result


class Plugged(LocalRecognizer):
    """The recognizer of a plug-in. `PluginFault` where it is none, maps an entity to no kind of ours, or fails at a text."""

    def __init__(self, plugin: Plugin) -> None:
        self._plugin = plugin
        made = load(plugin)
        with Guard(plugin, "could not be made"):
            self._inner: Any = made() if callable(made) else made
            kinds = dict(getattr(self._inner, "kinds", {}))
        if not isinstance(self._inner, EntityRecognizer) or isinstance(self._inner, RemoteRecognizer):
            raise PluginFault(f"The plug-in {plugin.id} is no Presidio recognizer that works on this machine. Take it out")
        known = {str(kind) for kind in Kind}
        if not kinds or set(self._inner.supported_entities) - set(kinds) or {str(k) for k in kinds.values()} - known:
            raise PluginFault(f"The plug-in {plugin.id} does not say of which kind each of its entities is. Give it `kinds`")
        self._kinds = {str(entity): Kind(str(kind)) for entity, kind in kinds.items()}
        super().__init__(supported_entities=[f"{plugin.name}:{kind}" for kind in set(self._kinds.values())], name=plugin.name)

    def load(self) -> None:
        """The recognizer has loaded what it needs when it was made."""

    def analyze(
        self,
        text: str,
        entities: list[str],  # noqa: ARG002 - Presidio's signature; this room always asks for everything
        nlp_artifacts: NlpArtifacts | None = None,
    ) -> list[RecognizerResult]:
        """Presidio results, each with a kind of ours; "plugin" among the attributes makes a name count as a model's."""
        with Guard(self._plugin, "failed at a text"):
            found = self._inner.analyze(text, list(self._kinds), nlp_artifacts)
            results = []
            for result in found:
                kind, start, end = self._kinds[result.entity_type], int(result.start), int(result.end)
                if not 0 <= start < end <= len(text):
                    raise ValueError("a span outside the text")
                score = round(min(1.0, max(0.0, float(result.score))), 3)
                found_here = Found(start, end, kind, score, f"{self._plugin.name}_{result.entity_type.lower()}", ("", "plugin"))
                results.append(as_result(self._plugin.name, found_here))
            return results
