"""What every recognizer of this room shares: finds that carry a kind, a reason and attributes through Presidio.

Presidio's result has an entity name and a score; kind, rule id and attributes ride in its metadata. Entity names are
"<recognizer>:<kind>", because Presidio drops a result that another of the same entity name contains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import regex  # type: ignore[import-untyped]
from presidio_analyzer import LocalRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from ..model import Kind

KIND, WHY, ATTRIBUTES = "kind", "why", "attributes"


@dataclass(frozen=True, slots=True)
class Found:
    """One find in a text: where, what, how sure, by which rule, and what else is known as short codes."""

    start: int
    end: int
    kind: Kind
    score: float
    why: str
    attributes: tuple[str, ...] = ()


class TextRecognizer(LocalRecognizer):
    """A Presidio recognizer made of one function from a text to finds; `name` is what findings and the manifest call it."""

    def __init__(self, name: str, kinds: Iterable[Kind], find: Callable[[str], Iterable[Found]]) -> None:
        self._find = find
        self._source = name
        super().__init__(supported_entities=[f"{name}:{kind}" for kind in kinds], name=name)

    def load(self) -> None:
        """Nothing to load: what the function needs it holds already."""

    def analyze(
        self,
        text: str,
        entities: list[str],  # noqa: ARG002 - Presidio's signature; this room always asks for everything
        nlp_artifacts: NlpArtifacts | None = None,  # noqa: ARG002 - the same
    ) -> list[RecognizerResult]:
        """Presidio results for `text`, kind, rule and attributes in their metadata."""
        return [as_result(self._source, found) for found in self._find(text)]


def as_result(recognizer: str, found: Found) -> RecognizerResult:
    """`found` as Presidio carries it."""
    return RecognizerResult(
        entity_type=f"{recognizer}:{found.kind}",
        start=found.start,
        end=found.end,
        score=found.score,
        recognition_metadata={
            RecognizerResult.RECOGNIZER_NAME_KEY: recognizer,
            KIND: found.kind,
            WHY: found.why,
            ATTRIBUTES: found.attributes,
        },
    )


PARAGRAPH_END = regex.compile(r"\n[^\S\n]*\n\s*")


def segments(text: str, size: int) -> Iterator[tuple[int, int]]:
    """Paragraphs of `text` as adjoining ranges that cover it; one longer than `size` is cut at a line end, else a space.

    A paragraph is always cut the same way whatever stands around it, so a finding does not change with its neighbours.
    """
    starts = [0, *(m.end() for m in PARAGRAPH_END.finditer(text) if m.end() < len(text)), len(text)]
    for begin, end in pairwise(starts):
        at = begin
        while end - at > size:
            cut = text.rfind("\n", at + size // 2, at + size) + 1 or text.rfind(" ", at + size // 2, at + size) + 1 or at + size
            yield at, cut
            at = cut
        if at < end:
            yield at, end


def chunks(text: str, size: int) -> Iterator[tuple[int, int]]:
    """Whole segments joined up to `size` characters: what is analysed in one call."""
    begin = end = 0
    for start, stop in segments(text, size):
        if stop - begin > size and end > begin:
            yield begin, end
            begin = start
        end = stop
    if end > begin:
        yield begin, end
