"""The second name model: Rampart (ONNX, CC BY 4.0), its weights at eight bits beside this file (training/rampart.py).

All letters are small to it, so "JOY" and "joy" are one to the model. It loses surnames that are ordinary words; spaCy finds
some of those.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..model import Kind
from ..sources import check_digests
from .again import remembered
from .base import Found, TextRecognizer, segments
from .dependencies import RAMPART_FILES
from .pieces import Cutter
from .tidy import WORD, joined, name_spans
from .weights import session

LABELS = """GIVEN_NAME SURNAME EMAIL PHONE URL TAX_ID BANK_ACCOUNT ROUTING_NUMBER GOVERNMENT_ID PASSPORT DRIVERS_LICENSE
    BUILDING_NUMBER STREET_NAME SECONDARY_ADDRESS CITY STATE ZIP_CODE""".split()  # two columns each, after that of no label
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


class Rampart:
    """The model, loaded at first use; `folder` holds its two files. `scores(text)` gives how likely each token is part of a name
    or one of `OTHERS`. `ModelFault` if a file is missing or altered."""

    def __init__(self, folder: Path) -> None:
        check_digests(folder, RAMPART_FILES, "The second name model", "redactor")
        self._folder = folder
        wanted = [("GIVEN_NAME", "SURNAME"), *((label,) for label in OTHERS)]
        self._columns = [[c for label in labels for c in columns(label)] for labels in wanted]
        self._rows = remembered(lambda texts: map(self._read, texts))

    @cached_property
    def _session(self) -> Any:
        return session(self._folder / "rampart.onnx")

    @cached_property
    def _cutter(self) -> Cutter:
        return Cutter(self._folder / "rampart_words.txt")

    def scores(self, text: str) -> Iterator[tuple[int, int, int, float]]:
        """Start and end of a token, which label it may bear (0: a name, then those of `OTHERS` in their order), how likely that
        is: where it reaches the label's threshold. Tokens in an overlap come twice."""
        least = (NAME_THRESHOLD, *(threshold for _, _, threshold in OTHERS.values()))
        ranges = list(windows(text))
        for (begin, _), (spans, odds) in zip(ranges, self._rows([text[a:b] for a, b in ranges]), strict=True):
            for token, label in zip(*(odds >= least).nonzero(), strict=True):
                start, stop = spans[token]
                yield begin + start, begin + stop, label, float(odds[token, label])

    def _read(self, text: str) -> tuple[list[tuple[int, int]], Any]:
        """Where the tokens of a window are and how likely each bears each label; a window alone, for its figures are rounded
        by the largest among what runs together."""
        import numpy as np

        ids, spans = self._cutter.pieces(text)
        parts = [self._run(ids[at : at + MAX_TOKENS]) for at in range(0, len(ids), MAX_TOKENS)]
        return spans, np.concatenate([np.empty((0, len(self._columns))), *parts])

    def _run(self, ids: list[int]) -> Any:
        import numpy as np

        whole = np.array([[self._cutter.first, *ids, self._cutter.last]])
        feed = {"input_ids": whole, "attention_mask": np.ones_like(whole), "token_type_ids": np.zeros_like(whole)}
        logits = self._session.run(None, feed)[0][0, 1:-1]
        odds = np.exp(logits - logits.max(-1, keepdims=True))
        odds /= odds.sum(-1, keepdims=True)
        return np.stack([odds[:, columns].sum(-1) for columns in self._columns], -1)

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


def columns(label: str) -> tuple[int, int]:
    """The columns of a label: a token that begins it, one that goes on with it."""
    begins = 1 + 2 * LABELS.index(label)
    return begins, begins + 1


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
def packaged() -> Rampart:
    """The one Rampart of this process. `ModelFault` if it is missing or altered."""
    return Rampart(Path(str(files(__package__))))


def rampart_recognizer() -> TextRecognizer:
    """The model as a Presidio recognizer. `ModelFault` if it is missing or altered."""
    kinds = [Kind.NAME, *dict.fromkeys(kind for kind, _, _ in OTHERS.values())]
    return TextRecognizer("rampart", kinds, packaged().find)
