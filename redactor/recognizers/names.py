"""The first name model: a spaCy pipeline as Presidio's NLP engine, never downloaded, read paragraph by paragraph.

Misses most names in capitals or lower case and many first names alone; Rampart finds those.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from presidio_analyzer import RecognizerResult
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import SpacyRecognizer

from ..errors import ModelFault
from ..model import Kind
from .base import Found, as_result, segments
from .capitals import vocabulary_of
from .dependencies import PIPELINE
from .tidy import name_spans

PARAGRAPH = 5000  # characters; spaCy's own limit is a million, and a name never needs more around it

# spaCy's labels and what each finding says. All but PERSON are weak: counter-evidence for people/, never a reason to keep.
LABELS = {
    "PERSON": (Kind.NAME, 0.85, ("spacy",)),
    "ORG": (Kind.ORGANISATION, 0.4, ("spacy", "org")),
    "NORP": (Kind.ORGANISATION, 0.3, ("spacy", "norp")),
    "GPE": (Kind.TOWN, 0.4, ("spacy", "gpe")),
    "LOC": (Kind.TOWN, 0.3, ("spacy", "loc")),
    "FAC": (Kind.TOWN, 0.3, ("spacy", "fac")),
}
UNUSED = (
    "CARDINAL",
    "DATE",
    "EVENT",
    "LANGUAGE",
    "LAW",
    "MONEY",
    "ORDINAL",
    "PERCENT",
    "PRODUCT",
    "QUANTITY",
    "TIME",
    "WORK_OF_ART",
)


class SpacyNames(SpacyNlpEngine):
    """Presidio's spaCy engine for one installed English pipeline, given by package name or folder."""

    def __init__(self, pipeline: str = PIPELINE) -> None:
        self.pipeline = pipeline
        self._pipeline: Any = None
        labels = {label: label for label in LABELS}
        settings = NerModelConfiguration(labels_to_ignore=UNUSED, model_to_presidio_entity_mapping=labels)
        super().__init__(models=[{"lang_code": "en", "model_name": pipeline}], ner_model_configuration=settings)

    def load(self) -> None:
        """Loads the pipeline, without the parser. `ModelFault` if it is not there: nothing is ever downloaded."""
        pipeline = load_pipeline(self.pipeline)
        self._pipeline = pipeline
        self.nlp = {"en": pipeline}  # type: ignore[assignment]  # Presidio declares it None

    def vocabulary(self) -> Callable[[str], bool]:
        """Whether a word in small letters is an English word, as far as the pipeline's tables know."""
        return vocabulary_of(self._pipeline)

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Tokens and entities of `text`, each paragraph read alone."""
        from spacy.tokens import Doc

        pipeline = self._pipeline
        docs = list(pipeline.pipe(text[a:b] for a, b in segments(text, PARAGRAPH)))
        whole = Doc.from_docs(docs, ensure_whitespace=False) if docs else pipeline("")
        return self._doc_to_nlp_artifact(whole, language)


@cache
def load_pipeline(name: str) -> Any:
    """The spaCy pipeline of an installed package or a folder, with what is used of it alone. `ModelFault` if it is not there."""
    pipeline = _loaded(name)
    if "attribute_ruler" in pipeline.pipe_names:
        from .tags import PIPE

        pipeline.add_pipe(PIPE, after="attribute_ruler")
        pipeline.remove_pipe("attribute_ruler")
    return pipeline


def _loaded(name: str) -> Any:
    if importlib.util.find_spec("spacy") is None:
        raise ModelFault('spaCy is not installed. Install it: pip install "spacy>=3.8,<3.9"')
    import spacy

    leave_out = ["parser", "senter"]
    if Path(name).is_dir():
        try:
            return spacy.load(name, exclude=leave_out)
        except (OSError, ValueError, KeyError):
            raise ModelFault(
                "The folder that the policy names holds no spaCy pipeline. Put all of the pipeline's files there"
            ) from None
    if "/" in name or "\\" in name:
        raise ModelFault(
            "The policy names a spaCy pipeline in a folder that is not there. Put it there: nothing is ever downloaded"
        )
    if not name.isidentifier() or importlib.util.find_spec(name) is None:
        package = name.replace("_", "-")
        raise ModelFault(
            f"The name model {name} is not installed; it is never downloaded by itself. Install it: pip install {package}"
        )
    return importlib.import_module(name).load(exclude=leave_out)


class SpacyPeople(SpacyRecognizer):
    """Presidio's recognizer for what its spaCy engine found, in this room's kinds and with names tidied."""

    def __init__(self) -> None:
        super().__init__(supported_entities=[*LABELS], name="spacy")

    def analyze(
        self,
        text: str,
        entities: list[str],  # noqa: ARG002 - Presidio's signature; this room always asks for everything
        nlp_artifacts: NlpArtifacts | None = None,
    ) -> list[RecognizerResult]:
        """Presidio results, one for each name or institution."""
        found: list[RecognizerResult] = []
        for result in super().analyze(text, [*LABELS], nlp_artifacts):
            kind, score, attributes = LABELS[result.entity_type]
            why = f"spacy_{result.entity_type.lower()}"
            for start, end in name_spans(text, result.start, result.end):
                found.append(as_result("spacy", Found(start, end, kind, score, why, attributes)))
        return found
