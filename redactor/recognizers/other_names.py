"""Name models that a policy names beside the packaged ones: a further spaCy pipeline, GLiNER, a transformers model.

Each from a folder (a spaCy pipeline may be an installed package): nothing is ever downloaded. GLiNER and transformers run through
Presidio's own recognizers. Neither has been measured on this program's bundles: `redactor evaluate` measures yours.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from presidio_analyzer import EntityRecognizer
from presidio_analyzer.nlp_engine import NlpArtifacts

from ..errors import ModelFault
from ..model import Kind
from .base import Found, TextRecognizer, segments
from .dependencies import pipeline_of
from .names import LABELS, PARAGRAPH, load_pipeline
from .tidy import name_spans

THRESHOLD = 0.2  # as Rampart's
_ROOM = "presidio_analyzer.predefined_recognizers.ner"
_PERSON = dict.fromkeys(("PER", "PERSON", "NAME", "GIVENNAME", "SURNAME", "FIRSTNAME", "LASTNAME"), "PERSON")
_NOTHING = NlpArtifacts([], None, [], [], None, "en")  # type: ignore[arg-type]  # neither recognizer looks at it


def other_recognizer(name: str) -> TextRecognizer:
    """The model as a Presidio recognizer. `ModelFault` where its package or folder is missing, or it cannot be loaded."""
    if pipeline := pipeline_of(name):
        return TextRecognizer("spacy", {kind for kind, _, _ in LABELS.values()}, _of_pipeline(load_pipeline(pipeline)))
    sort, _, folder = name.partition(":")
    if importlib.util.find_spec(sort) is None:
        raise ModelFault(f"The policy names a {sort} model; the package {sort} is not installed. Install it: pip install {sort}")
    if not Path(folder).is_dir():
        raise ModelFault(
            f"The policy names a {sort} model in a folder that is not there. Put the model there: nothing is ever downloaded"
        )
    os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
    return TextRecognizer(sort, [Kind.NAME], _people(sort, _presidio(sort, folder)))


def _of_pipeline(pipeline: Any) -> Callable[[str], Iterator[Found]]:
    def find(text: str) -> Iterator[Found]:
        for begin, end in segments(text, PARAGRAPH):
            for entity in pipeline(text[begin:end]).ents:
                if entity.label_ in LABELS:
                    kind, score, attributes = LABELS[entity.label_]
                    for start, stop in name_spans(text, begin + entity.start_char, begin + entity.end_char):
                        yield Found(start, stop, kind, score, f"spacy_{entity.label_.lower()}", attributes)

    return find


def _presidio(sort: str, folder: str) -> EntityRecognizer:
    """Presidio's recognizer over the model in `folder`, on the processor."""
    try:
        if sort == "gliner":
            made = importlib.import_module(f"{_ROOM}.gliner_recognizer").GLiNERRecognizer(
                entity_mapping={"person": "PERSON"},
                model_name=folder,
                threshold=THRESHOLD,
                map_location="cpu",
                local_files_only=True,
            )
        else:
            made = importlib.import_module(f"{_ROOM}.huggingface_ner_recognizer").HuggingFaceNerRecognizer(
                model_name=folder, threshold=THRESHOLD, label_mapping=_PERSON, device="cpu"
            )
            if not made.ner_pipeline:
                made.load()
    except (ImportError, OSError, ValueError, KeyError, RuntimeError, TypeError):
        raise ModelFault(f"The {sort} model cannot be loaded from its folder. Put all files of the model there") from None
    return made if sort == "gliner" else _told(made)


def _told(recognizer: Any) -> EntityRecognizer:
    """Presidio's recognizer for transformers gives nothing for a passage at which its model fails: here that ends the run."""
    inner = recognizer.ner_pipeline

    def run(passage: str) -> Any:
        try:
            return inner(passage)
        except (RuntimeError, ValueError, IndexError, KeyError, TypeError, MemoryError):
            failed.append(True)
            raise

    failed: list[bool] = []
    recognizer.ner_pipeline = run
    analyze = recognizer.analyze

    def whole(text: str, entities: list[str], artifacts: Any = None) -> Any:
        failed.clear()
        found = analyze(text, entities, artifacts)
        if failed:
            raise ModelFault("The transformers model failed at a passage. Choose another model in the policy")
        return found

    recognizer.analyze = whole
    made: EntityRecognizer = recognizer
    return made


def _people(sort: str, recognizer: EntityRecognizer) -> Callable[[str], Iterator[Found]]:
    def find(text: str) -> Iterator[Found]:
        for result in recognizer.analyze(text, ["PERSON"], _NOTHING):
            if result.entity_type == "PERSON":
                for start, end in name_spans(text, result.start, result.end):
                    yield Found(start, end, Kind.NAME, round(min(float(result.score), 1.0), 3), f"{sort}_person", ("model",))

    return find
