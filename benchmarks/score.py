"""Scores published copies against gold: what had to go, what had to change, what had to stay.

A text occurs as a whole word or phrase; white space does not matter, nor does case for what had to go or change. An occurrence
in the source is fair where it touches nothing that had to go or change: the surname of a minister, "hope" in ordinary prose.
What a copy has beyond its fair occurrences is a survival; fair occurrences of a keep that it lacks are a loss.

mask recall             mentions that had to go and of whose text nothing survives (one survival fails every mention of a text)
by occurrence           the same, but one survival fails one mention, and not again the shorter texts within a longer survival
no name part left       name and alias mentions of whose words (3 letters or more, no titles) none survives
persons protected       persons all of whose mentions that had to go are gone in the whole bundle
soften                  mentions that had to change and of whose exact text nothing survives
keep                    mentions that had to stay, less the losses
prose                   words outside every mention that an alignment of source and copy finds again
documents without leak  copies in which nothing that had to go survives; a held document has no copy and is not one of them

A held document counts as an empty copy: nothing leaks, every keep and all its prose is lost. Not caught: a kept "Sarah" lost
and another Sarah left cancel each other out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import SequenceMatcher

from benchmarks.goldfile import Mention, Row

TITLES = frozenset(
    """and aunt auntie cabinet chief cllr constable councillor dame det detective doctor dr for from inspector insp lady lord
    member miss mr mrs ms mx nan nana officer pcso prof professor rev sergeant sir staff superintendent supt the
    uncle""".split()
)
WORD = re.compile(r"[^\W_]+")
Places = Sequence[tuple[int, int]]


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
class Scores:
    """The figures, in the order of a report; `label` of each field is its row's name."""

    mask: Share = field(default_factory=Share, metadata={"label": "mask recall"})
    occurrences: Share = field(default_factory=Share, metadata={"label": "mask recall by occurrence"})
    parts: Share = field(default_factory=Share, metadata={"label": "no name part left"})
    persons: Share = field(default_factory=Share, metadata={"label": "persons wholly protected"})
    soften: Share = field(default_factory=Share, metadata={"label": "soften"})
    keep: Share = field(default_factory=Share, metadata={"label": "keep"})
    prose: Share = field(default_factory=Share, metadata={"label": "prose"})
    documents: Share = field(default_factory=Share, metadata={"label": "documents without a leak"})

    def rows(self) -> list[tuple[str, Share]]:
        """Label and figure of each row."""
        return [(str(f.metadata["label"]), getattr(self, f.name)) for f in fields(self)]


def score(rows: Iterable[Row], copies: Mapping[tuple[str, str], str]) -> Scores:
    """Score `copies`, texts by (bundle, doc); a document that is not among them was held."""
    scores = Scores()
    safe: defaultdict[tuple[str, str], bool] = defaultdict(lambda: True)
    for row in rows:
        name = (row["bundle"], row["doc"])
        page = _Page(row, copies.get(name, ""))
        leaked = page.masked(scores)
        page.softened(scores)
        page.kept(scores)
        page.prose(scores)
        scores.documents.count(not leaked and name in copies)
        for mention in page.having("mask"):
            if not mention["p"].startswith("X"):
                safe[row["bundle"], mention["p"]] &= _text(mention, fold=True) not in leaked
    scores.persons.count(sum(safe.values()), len(safe))
    return scores


class _Page:
    """One document's source beside its copy."""

    def __init__(self, row: Row, copy: str) -> None:
        self.source, self.copy, self.mentions = row["text"], copy, row["mentions"]
        self.guarded = [(m["start"], m["end"]) for m in self.mentions if m["x"] != "keep"]

    def having(self, expectation: str) -> list[Mention]:
        """The mentions of which this is expected."""
        return [m for m in self.mentions if m["x"] == expectation]

    def masked(self, scores: Scores) -> set[str]:
        """Count what had to go; the texts that survive are returned."""
        groups = _groups(self.having("mask"), fold=True)
        surplus = {text: self._surplus(text) for text in groups}
        for text, size in groups.items():
            scores.mask.count(0 if surplus[text] > 0 else size, size)
        for text, extra in _unexplained(surplus, fold=True).items():
            scores.occurrences.count(max(0, groups[text] - extra), groups[text])
        for mention in self.having("mask"):
            words = {w.lower() for w in re.findall(r"[^\W\d_]{3,}", mention["text"])} - TITLES
            if mention["k"] in ("name", "alias") and words:
                scores.parts.count(all(self._surplus(word) <= 0 for word in words))
        return {text for text, extra in surplus.items() if extra > 0}

    def softened(self, scores: Scores) -> None:
        """Count what had to change."""
        for text, size in _groups(self.having("soften"), fold=True).items():
            scores.soften.count(0 if self._surplus(text) > 0 else size, size)

    def kept(self, scores: Scores) -> None:
        """Count what had to stay."""
        groups = _groups(self.having("keep"), fold=False)
        losses = {text: -self._surplus(text, fold=False) for text in groups}
        for text, lost in _unexplained(losses, fold=False).items():
            scores.keep.count(max(0, groups[text] - lost), groups[text])

    def prose(self, scores: Scores) -> None:
        """Count the words outside every mention that stand in the copy in the same order."""
        words = list(WORD.finditer(self.source))
        tagged = [(m["start"], m["end"]) for m in self.mentions]
        plain = [not _touches(word.span(), tagged) for word in words]
        aligned = SequenceMatcher(None, [w.group() for w in words], WORD.findall(self.copy), autojunk=False)
        found = sum(sum(plain[block.a : block.a + block.size]) for block in aligned.get_matching_blocks())
        scores.prose.count(found, sum(plain))

    def _surplus(self, text: str, fold: bool = True) -> int:
        """Occurrences in the copy less the fair ones in the source."""
        phrase = _phrase(text, fold)
        fair = sum(not _touches(hit.span(), self.guarded) for hit in phrase.finditer(self.source))
        return len(phrase.findall(self.copy)) - fair


def _text(mention: Mention, fold: bool) -> str:
    text = " ".join(mention["text"].split())
    return text.lower() if fold else text


def _groups(mentions: Iterable[Mention], fold: bool) -> dict[str, int]:
    """How many mentions each text has."""
    groups: defaultdict[str, int] = defaultdict(int)
    for mention in mentions:
        groups[_text(mention, fold)] += 1
    return dict(groups)


def _phrase(text: str, fold: bool) -> re.Pattern[str]:
    body = r"\s+".join(map(re.escape, text.split()))
    return re.compile(rf"(?<![^\W_]){body}(?![^\W_])", re.IGNORECASE if fold else re.NOFLAG)


def _touches(span: tuple[int, int], places: Places) -> bool:
    return any(start < span[1] and span[0] < end for start, end in places)


def _unexplained(counts: Mapping[str, int], fold: bool) -> dict[str, int]:
    """Each text's count less what the longer texts that hold it account for, never below nothing."""
    own: dict[str, int] = {}
    for text in sorted(counts, key=len, reverse=True):
        phrase = _phrase(text, fold)
        own[text] = max(0, counts[text] - sum(n * len(phrase.findall(longer)) for longer, n in own.items() if n))
    return own


def table(columns: Mapping[str, Scores]) -> str:
    """A Markdown table: a row for each figure, a column for each tool."""
    lines = ["| | " + " | ".join(columns) + " |", "|---|" + "---|" * len(columns)]
    for figures in zip(*(scores.rows() for scores in columns.values()), strict=True):
        lines.append(f"| {figures[0][0]} | " + " | ".join(str(share) for _, share in figures) + " |")
    return "\n".join(lines)
