"""Where replaced spans of a flat text fall in its blocks, and where words of a copy come from in its source.

Without the engine that writes copies (wording_apply.py): what reads a copy to be needs no second to load it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count, pairwise

from .cleartext import ClearText
from .content import Block, Content, Edit, Mark, Piece, flatten, rewrite
from .errors import HeldError
from .model import Span

Marks = tuple[Mark, ...]
Edits = dict[tuple[int, str], list[Edit]]
"""The edits of each block's number or text, by the block's index and "number" or "text"."""


def edits_of(content: Content, replacements: Mapping[Span, str]) -> Edits:
    """The edits that put the words of each span (offsets of the flat text, none overlapping) into the content's blocks.

    A span that crosses from one block into another is cut at the edge: the first part gets the words, the rest is emptied.
    Raises `HeldError` if spans overlap.
    """
    spans = sorted(replacements)
    if any(a.overlaps(b) for a, b in pairwise(spans)):
        raise HeldError("Two replacements overlap", "Report this: it is a fault of the tool")
    edits: dict[tuple[int, str], list[Edit]] = {}
    begun: set[Span] = set()
    at = 0
    for piece in flatten(content).pieces:
        while at < len(spans) and spans[at].end <= piece.start:
            at += 1
        for span in spans[at:]:
            if span.start >= piece.end:
                break
            words = "" if span in begun else replacements[span]
            begun.add(span)
            edit = Edit(max(span.start, piece.start) - piece.start, min(span.end, piece.end) - piece.start, words)
            edits.setdefault((piece.block, piece.part), []).append(edit)
    return edits


def edited(content: Content, edits: Edits, edit: Callable[[str, Marks, list[Edit]], tuple[str, Marks]]) -> Content:
    """The content with the edits of each block carried out by `edit`: text and marks before → after."""
    numbers = count()

    def change(block: Block) -> Block:
        index = next(numbers)
        number, _ = edit(block.number.reveal(), (), edits.get((index, "number"), []))
        text, marks = edit(block.text.reveal(), block.marks, edits.get((index, "text"), []))
        return replace(block, text=ClearText(text), marks=marks, number=ClearText(number))

    return content.map_blocks(change)


@dataclass(frozen=True, slots=True)
class Masked:
    """The flat text of a copy to be. `back` leads from it to the source."""

    text: ClearText
    pieces: tuple[Piece, ...] = field(repr=False)
    sources: Mapping[tuple[int, str], Piece] = field(repr=False)
    edits: Edits = field(repr=False)

    def back(self, span: Span) -> Span:
        """The characters of the source's flat text from which these of the copy come; words that were put in stand for all the
        words they replace."""
        start, end = self._source(span.start, last=False), self._source(max(span.start, span.end - 1), last=True)
        return Span(start, max(start, end))

    def _source(self, at: int, last: bool) -> int:
        number = max(0, bisect_right(self.pieces, at, key=lambda p: p.start) - 1)
        piece = self.pieces[number]
        source = self.sources[piece.block, piece.part]
        inside = min(at, piece.end) - piece.start
        shift = 0
        for edit in self.edits.get((piece.block, piece.part), ()):
            begin = edit.start + shift
            if inside < begin:
                break
            if inside < begin + len(edit.text):
                return source.start + (edit.end if last else edit.start)
            shift += len(edit.text) - (edit.end - edit.start)
        return min(source.start + inside - shift + (1 if last else 0), source.end)


def masked_text(content: Content, replacements: Mapping[Span, str]) -> Masked:
    """The flat text of the content with every span replaced by its words, as `wording_apply.apply` does. Raises HeldError."""
    edits = edits_of(content, replacements)
    flat = flatten(edited(content, edits, rewrite))
    return Masked(flat.text, flat.pieces, {(p.block, p.part): p for p in flatten(content).pieces}, edits)
