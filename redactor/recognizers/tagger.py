"""Our own tagger: facts told in free words ("the only girl who boxed for the town"), which no pattern of facts.yaml foresees.

A small ONNX model trained for this work alone (training/README.md: text, one command, figures, limits). Every find is a
candidate; whose it is, people/ decides. What it does not catch: a fact told over several sentences, facts whose words are
ordinary and give nobody away but those who know her, other languages than English. It may take what is told of nobody for a fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import regex  # type: ignore[import-untyped]

from ..model import Kind
from ..sources import check_digests
from .again import remembered
from .base import Found, TextRecognizer, segments
from .dependencies import TAGGER_FILES
from .pieces import Cutter
from .weights import session

FACTS = ("", "work", "school", "place", "kin", "health", "demographic", "distinctive", "date", "age", "alias", "address", "dob")
ENTITIES = ("", "name", "handle", "postcode", "phone", "email", "id", "vehicle", "stays")
LONGEST = 158  # pieces a pass, as in training, less the marks of beginning and end
STRIDE = 110  # a longer paragraph is read in passes that overlap by the rest
PARAGRAPH = 4000  # characters; what is longer is cut at a line end before


@dataclass(frozen=True, slots=True)
class Use:
    """How sure the model must be of a word (`least`) for a fact of a kind; words beside it join from `joins` on."""

    least: float
    joins: float = 0.5
    detail: str = ""


# Kinds that help on bundles by hands unknown to rules and training (benchmarks); the others are left to patterns.
USES = {
    "health": Use(0.65, joins=0.6, detail="condition"),
    "demographic": Use(0.8, joins=0.8),
    "distinctive": Use(0.7, joins=0.6, detail="unique"),
    "age": Use(0.7, joins=0.7, detail="relative"),
}
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}'’\-./&]*(?<![.'’/\-])|[\p{L}\p{N}]")
_OUTER = frozenset("and or but is was are were be been has had have the a an of to in at on for with that who which as".split())
_NOBODY = frozenset(
    """i me my you your he him his she her hers it its we us our they them their this there then so not when while after before
    since until once only just about aged""".split()
)
_ARTICLE = frozenset("the a an".split())


_NO_ILLNESS = regex.compile(  # a cell of a police station or a table, a camera, what the police did
    r"(?i)(?<!sickle[ -]|blood |stem )\bcells?\b|\bbody[- ]worn|\bseizures? (?:and|of)\b|\bseizure\W*$|^\W*(?:period|in tray)\b"
)
_CAPITAL = regex.compile(r"\p{Lu}")
_ORIGIN = regex.compile(r"\p{Lu}|\b(?i:black|white|mixed|asian|gypsy|traveller|heritage|asylum|refugee|language|accent|faith)")


class Tagger:
    """The model, loaded at first use; `folder` holds its two files. `ModelFault` if one is missing or altered."""

    def __init__(self, folder: Path) -> None:
        check_digests(folder, TAGGER_FILES, "The tagger", "redactor")
        self._folder = folder
        self._rows = remembered(lambda paragraphs: map(self._paragraph, paragraphs))

    @cached_property
    def _session(self) -> Any:
        return session(self._folder / "tagger.onnx")

    @cached_property
    def _cutter(self) -> Cutter:
        return Cutter(self._folder / "tagger_words.txt")

    def odds(self, text: str, head: int = 0) -> Iterator[tuple[int, int, Any]]:
        """Start and end of every word piece of `text`, and its probability of being no fact or one of each kind (`head` 0), or
        of each kind of `ENTITIES` (1)."""
        ranges = list(segments(text, PARAGRAPH))
        for (begin, _), rows in zip(ranges, self._rows([text[a:b] for a, b in ranges]), strict=True):
            yield from ((begin + a, begin + b, row[head]) for a, b, row in rows)

    def _paragraph(self, text: str) -> list[tuple[int, int, Any]]:
        cut = self._cutter.cut(text)
        return [(a, b, row) for (a, b), row in zip(cut.spans, self._read(cut.ids, cut.shapes), strict=True)]

    def _read(self, ids: list[int], shapes: list[int]) -> list[Any]:
        """A row of each head for every piece; where two passes overlap, of that in which it stands further from the edge."""
        import numpy as np

        rows: list[Any] = []
        for at in range(0, max(1, len(ids)), STRIDE):
            part = slice(at, at + LONGEST)
            feed = {
                "ids": np.array([[self._cutter.first, *ids[part], self._cutter.last]], dtype=np.int64),
                "shapes": np.array([[0, *shapes[part], 0]], dtype=np.int64),
            }
            facts, entities = self._session.run(["facts", "entities"], feed)
            fresh = list(zip(facts[0][1:-1], entities[0][1:-1], strict=True))
            overlap = len(rows) - at
            rows = rows[: len(rows) - overlap // 2] + fresh[overlap - overlap // 2 :] if overlap > 0 else rows + fresh
            if at + LONGEST >= len(ids):
                break
        return rows

    def find(self, text: str, least: Mapping[str, float] = MappingProxyType({})) -> list[Found]:
        """Facts of the kinds in `USES`, each with the model's probability as its score; `least` stands for a kind's own."""
        words = list(self._words(text))
        found = []
        for kind, own in USES.items():
            use = replace(own, least=least.get(kind, own.least))
            column = FACTS.index(kind)
            for start, end, score in _joined(text, [(a, b, odds[column]) for a, b, odds in words], use):
                if kind == "demographic" and not _ORIGIN.search(text, start, end) and _CAPITAL.search(_line(text, start, end)):
                    continue  # "came from a field": where a line has capitals, an origin or a faith has one
                if text[end : end + 1] == ":":
                    continue  # the label of a field
                if kind == "health" and _NO_ILLNESS.search(text, start, end):
                    continue
                found.append(Found(start, end, Kind(kind), round(score, 3), f"tagger_{kind}", (use.detail, "model")))
        return found

    def _words(self, text: str) -> Iterator[tuple[int, int, list[float]]]:
        """Every word with, for each kind, the mean of its pieces' probabilities."""
        rows = iter([*self.odds(text), (len(text) + 1, len(text) + 1, None)])
        row = next(rows)
        for word in _WORD.finditer(text):
            inside: list[Any] = []
            while row[0] < word.end():
                if row[1] > word.start():
                    inside.append(row[2])
                row = next(rows)
            if inside:
                total: Any = sum(inside)
                yield word.start(), word.end(), [float(value) for value in total / len(inside)]


def _joined(text: str, words: list[tuple[int, int, float]], use: Use) -> Iterator[tuple[int, int, float]]:
    """Runs of words from `joins` on that hold one from `least` on, within a line, without small words at their edges."""
    run: list[tuple[int, int, float]] = []
    for word in [*words, (len(text), len(text), 0.0)]:
        if run and (word[2] < min(use.joins, use.least) or _parted(text[run[-1][1] : word[0]])):
            if max(score for _, _, score in run) >= use.least and (kept := _trimmed(text, run)):
                yield kept[0][0], kept[-1][1], max(score for _, _, score in kept)
            run = []
        if word[2] >= min(use.joins, use.least) and word[0] < len(text):
            run.append(word)


def _line(text: str, start: int, end: int) -> str:
    stop = text.find("\n", end)
    return text[text.rfind("\n", 0, start) + 1 : stop if stop >= 0 else len(text)]


def _parted(between: str) -> bool:
    return "|" in between or "\n\n" in between or any(mark in between for mark in ".;:!?") or len(between) > 4


def _trimmed(text: str, run: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    run = list(run)
    while run and text[slice(*run[-1][:2])].lower() in _OUTER:
        run.pop()
    while run and text[slice(*run[0][:2])].lower() in _OUTER - _ARTICLE:
        run.pop(0)
    said = {text[start:end].lower() for start, end, _ in run}
    return run if said - _OUTER - _NOBODY else []


@cache
def packaged() -> Tagger:
    """The one tagger of this process. `ModelFault` if it is missing or altered."""
    return Tagger(Path(str(files(__package__))))


def tagger_recognizer(least: Mapping[str, float]) -> TextRecognizer:
    """The model as one Presidio recognizer for all its kinds of fact, each from the policy's probability on."""
    return TextRecognizer("tagger", [Kind(kind) for kind in USES], partial(packaged().find, least=least))
