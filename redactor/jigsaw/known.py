"""What the patterns said of copies that were read before: a copy that has not changed is not searched again.

Kept for each text: the accused it names, where which patterns match nothing, and what its sentences tell of the labels. All of
it is a function of the text, of this room's own files and of the patterns as compiled for the bundle's names; where one of these
is another, the text is searched anew. Rules are never kept: each looks at all copies together, in every run.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from ..model import Span
from ..sources import ByText, Kept, digest_of
from .cues import Cues, compiled
from .page import Page, Place
from .reading import Attribute, said_of


@cache
def signature() -> str:
    """SHA-256 (hex) of this room's files, of the table of places, and of Python."""
    whole = hashlib.sha256(sys.version.encode() + digest_of(files(__package__)))
    whole.update((files("redactor") / "recognizers" / "places.tsv").read_bytes())
    return whole.hexdigest()


class Known:
    """What is known of the texts of one bundle, while it is read. Personal text: no repr."""

    def __init__(self, kept: Kept | None) -> None:
        self._known = ByText(kept, "patterns", signature)
        self._nothing: dict[str, set[tuple[str, int, int]]] = {}
        self._by = ""

    def __repr__(self) -> str:
        return f"<Known: {self._known!r}>"

    def accused(self, text: str) -> Sequence[str]:
        """Whom a text speaks of as accused, by the words around the name."""
        known = self._known[text]
        if "accused" not in known:
            known["accused"], known["new"] = [m["who"] for m in compiled().find("accused", text)], True
        return list(known["accused"])

    def cues(self, accused: str, waived: str, changed: str, texts: Iterable[str]) -> Cues:
        """The patterns for these names; what they are known not to find in `texts` they do not look for."""
        self._by = hashlib.sha256("\0".join((accused, waived, changed)).encode()).hexdigest()
        for text in texts:
            known = self._known[text]
            if known.get("by") != self._by:
                known.pop("said", None)
                known |= {"by": self._by, "nothing": {}, "new": True}
            rows = {(name, *row) for name, at in known["nothing"].items() for row in zip(at[::2], at[1::2], strict=True)}
            self._nothing[text] = rows
        return replace(compiled(accused, waived, changed), nothing=self._nothing)

    def told(self, page: Page, cues: Cues) -> Iterator[tuple[str, Attribute]]:
        """What a page says of labels, in reading order."""
        known = self._known[page.text]
        if "said" not in known:
            known["said"] = [_plain(label, fact) for label, fact in said_of(page, cues)]
            known["new"] = True
        for label, kind, coarse, paragraph, section, *at in known["said"]:
            place = Place(page.doc, paragraph, Span(at[0], at[1]))
            yield label, Attribute(kind, place, Span(at[2], at[3]), section, coarse)

    def keep(self) -> None:
        """Keep what this run has learnt."""
        if not self._known.lasts:
            return
        for text, known in self._known.items():
            rows = self._nothing.get(text, set())
            if known.pop("new", False) or len(rows) != sum(map(len, known.get("nothing", {}).values())) // 2:
                nothing: dict[str, list[int]] = {}
                for name, start, end in sorted(rows):
                    nothing.setdefault(name, []).extend((start, end))
                self._known.keep(text, {**known, "nothing": nothing})


def _plain(label: str, fact: Attribute) -> list[Any]:
    place, sentence = fact.place, fact.sentence
    spans = (place.span.start, place.span.end, sentence.start, sentence.end)
    return [label, fact.kind, fact.coarse, place.paragraph, fact.section, *spans]
