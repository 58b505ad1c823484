"""Holds one published copy against its gold: what had to go, what had to change, what had to stay.

A text occurs as a whole word or phrase; white space does not matter, nor does case for what had to go or change. An occurrence
in the source is fair where it touches nothing that had to go or change: the surname of a minister, "hope" in ordinary prose.
What a copy has beyond its fair occurrences is a survival; fair occurrences of a keep that it lacks are a loss.

mask                    good where nothing of the text survives (one survival fails every mention of that text in the document)
by occurrence           the same, but one survival fails one mention, and not again the shorter texts within a longer survival
parts                   name and alias mentions: good where of no word (3 letters or more, no titles) anything survives
soften                  good where nothing of the exact text survives
keep                    good less the losses
prose                   words outside every mention that an alignment of source and copy finds again

Not caught: a kept "Sarah" lost and another Sarah left cancel each other out; a softened text that still says too much; persons
told by facts put together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from .folding import whole_words
from .gold import Mention, Row

TITLES = frozenset(
    """and aunt auntie cabinet chief cllr constable councillor dame det detective doctor dr for from inspector insp lady lord
    member miss mr mrs ms mx nan nana officer pcso prof professor rev sergeant sir staff superintendent supt the
    uncle""".split()
)
WORD = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class Share:
    """So many good of so many; added up over documents."""

    good: int = 0
    of: int = 0

    def count(self, good: int, of: int = 1) -> None:
        """Add `good` of `of`."""
        self.good += good
        self.of += of

    @property
    def value(self) -> float | None:
        """The share, None of nothing."""
        return self.good / self.of if self.of else None

    def __str__(self) -> str:
        return f"{self.good / self.of:.3f} of {self.of:,}" if self.of else "-"


@dataclass(slots=True)
class Page:
    """What is true of one copy. Each list pairs the mentions of which something was expected with whether it is so."""

    row: Row
    held: bool
    mask: list[tuple[Mention, bool]] = field(default_factory=list)
    soften: list[tuple[Mention, bool]] = field(default_factory=list)
    keep: list[tuple[Mention, bool]] = field(default_factory=list)
    parts: list[tuple[Mention, bool]] = field(default_factory=list)
    occurrences: Share = field(default_factory=Share)
    prose: Share = field(default_factory=Share)

    @property
    def clean(self) -> bool:
        """Whether there is a copy in which nothing that had to go survives."""
        return not self.held and all(good for _, good in self.mask)


def judge(row: Row, copy: str | None) -> Page:
    """Hold `copy` against `row`. None is a held document: it counts as an empty copy, so nothing leaks and everything is lost."""
    source, published = row["text"], copy or ""
    guarded = [(m["start"], m["end"]) for m in row["mentions"] if m["x"] != "keep"]
    page = Page(row, held=copy is None)

    def surplus(text: str, fold: bool = True) -> int:
        """Occurrences in the copy less the fair ones in the source."""
        phrase = whole_words(text, fold)
        fair = sum(not _touches(hit.span(), guarded) for hit in phrase.finditer(source))
        return len(phrase.findall(published)) - fair

    for expectation, told in (("mask", page.mask), ("soften", page.soften)):
        groups = _groups(row["mentions"], expectation)
        extra = {text: surplus(text) for text in groups}
        told += [(m, extra[text] <= 0) for text, group in groups.items() for m in group]
        if expectation == "mask":
            for text, left in _unexplained(extra, fold=True).items():
                page.occurrences.count(max(0, len(groups[text]) - left), len(groups[text]))
    for m, _ in page.mask:
        words = {w.lower() for w in re.findall(r"[^\W\d_]{3,}", m["text"])} - TITLES
        if m["k"] in ("name", "alias") and words:
            page.parts.append((m, all(surplus(word) <= 0 for word in words)))
    groups = _groups(row["mentions"], "keep")
    lost = _unexplained({text: -surplus(text, fold=False) for text in groups}, fold=False)
    page.keep += [(m, n >= lost[text]) for text, group in groups.items() for n, m in enumerate(group)]
    page.prose = _prose(row, published)
    return page


def _prose(row: Row, copy: str) -> Share:
    """The words outside every mention, and those of them that stand in the copy in the same order."""
    words = list(WORD.finditer(row["text"]))
    tagged = [(m["start"], m["end"]) for m in row["mentions"]]
    plain = [not _touches(word.span(), tagged) for word in words]
    aligned = SequenceMatcher(None, [w.group() for w in words], WORD.findall(copy), autojunk=False)
    found = sum(sum(plain[block.a : block.a + block.size]) for block in aligned.get_matching_blocks())
    return Share(found, sum(plain))


def _groups(mentions: Iterable[Mention], expectation: str) -> dict[str, list[Mention]]:
    """The mentions of which this is expected, by their text."""
    groups: defaultdict[str, list[Mention]] = defaultdict(list)
    for m in mentions:
        if m["x"] == expectation:
            text = " ".join(m["text"].split())
            groups[text if expectation == "keep" else text.lower()].append(m)
    return dict(groups)


def _touches(span: tuple[int, int], places: Sequence[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in places)


def _unexplained(counts: Mapping[str, int], fold: bool) -> dict[str, int]:
    """Each text's count less what the longer texts that hold it account for, never below nothing."""
    own: dict[str, int] = {}
    for text in sorted(counts, key=len, reverse=True):
        phrase = whole_words(text, fold)
        own[text] = max(0, counts[text] - sum(n * len(phrase.findall(longer)) for longer, n in own.items() if n))
    return own
