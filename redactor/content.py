"""The plain model of what a reader sees, between every reader and every writer.

A `Content` is a sequence of blocks and tables in reading order. Notes, page headers and footers are blocks of their own
kind; a reference to note 3 is the text "[3]" where it stands. Nothing invisible has a place here, so nothing invisible
can be written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from .cleartext import ClearText

NOTHING = ClearText("")


class BlockKind(StrEnum):
    """What a block is to its reader."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    NOTE = "note"
    HEADER = "header"
    FOOTER = "footer"


class Style(StrEnum):
    """Emphasis a reader sees; nothing else of a font is carried over."""

    BOLD = "bold"
    ITALIC = "italic"


@dataclass(frozen=True, slots=True)
class Mark:
    """Bold or italic on characters `start` to `end` (exclusive) of a block's text."""

    start: int
    end: int
    style: Style


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph-like unit. `level`: heading level 1-6, or list depth from 0. `number`: the number a reader sees
    before it ("1.", "(a)", "2.1", a note's "3"), "" if none. `text` may hold line breaks ("\\n")."""

    kind: BlockKind
    text: ClearText
    marks: tuple[Mark, ...] = ()
    level: int = 0
    number: ClearText = NOTHING


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell: its blocks in order, whether it heads its column or row, how many columns and rows it covers."""

    blocks: tuple[Block, ...]
    header: bool = False
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, top to bottom, left to right. A cell that spans is given once, where it begins."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader of one document sees, in reading order."""

    body: tuple[Block | Table, ...]

    def blocks(self) -> Iterator[Block]:
        """Every block in reading order, those in table cells too."""
        for node in self.body:
            if isinstance(node, Block):
                yield node
            else:
                for row in node.rows:
                    for cell in row:
                        yield from cell.blocks

    def map_blocks(self, change: Callable[[Block], Block]) -> Content:
        """The same structure with each block replaced by `change(block)`, called in reading order."""

        def of(node: Block | Table) -> Block | Table:
            if isinstance(node, Block):
                return change(node)
            return Table(
                tuple(tuple(replace(cell, blocks=tuple(change(b) for b in cell.blocks)) for cell in row) for row in node.rows)
            )

        return Content(tuple(of(node) for node in self.body))


@dataclass(frozen=True, slots=True)
class Piece:
    """Where one block's number or text lies in the flat text: block index in reading order, start and end offsets."""

    block: int
    part: str  # "number" or "text"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Flat:
    """A document's text in one string, as the recognizers read it, and where each block lies in it.

    Blocks are parted by a blank line, list items by a line end, table cells by " | " in one line a row.
    """

    text: ClearText
    pieces: tuple[Piece, ...]


def flatten(content: Content) -> Flat:
    """The flat text of a document and the place of each block in it (offsets in characters)."""
    parts: list[str] = []
    pieces: list[Piece] = []
    size = 0
    index = 0

    def put(text: str) -> None:
        nonlocal size
        parts.append(text)
        size += len(text)

    def put_block(block: Block) -> None:
        nonlocal index
        number, text = block.number.reveal(), block.text.reveal()
        if number:
            pieces.append(Piece(index, "number", size, size + len(number)))
            put(number + " ")
        pieces.append(Piece(index, "text", size, size + len(text)))
        put(text)
        index += 1

    for before, node in pairwise((None, *content.body)):
        if before is not None:
            items = all(isinstance(n, Block) and n.kind is BlockKind.ITEM for n in (before, node))
            put("\n" if items else "\n\n")
        if isinstance(node, Block):
            put_block(node)
        elif node is not None:
            for number, row in enumerate(node.rows):
                put("\n| " if number else "| ")
                for cell in row:
                    for position, block in enumerate(cell.blocks):
                        if position:
                            put("\n")
                        put_block(block)
                    put(" | ")
    return Flat(ClearText("".join(parts)), tuple(pieces))


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to `end` of one string become `text`."""

    start: int
    end: int
    text: str


def rewrite(block_text: str, marks: Sequence[Mark], edits: Sequence[Edit]) -> tuple[str, tuple[Mark, ...]]:
    """Apply edits (sorted, not overlapping) to one block's text and move its marks along.

    A replacement is as bold or italic as the first character it replaces.
    """
    out: list[str] = []
    at = 0
    for edit in edits:
        out += [block_text[at : edit.start], edit.text]
        at = edit.end
    out.append(block_text[at:])

    def moved(position: int, end: bool) -> int:
        shift = 0
        for edit in edits:
            if position >= edit.end:
                shift += len(edit.text) - (edit.end - edit.start)
            elif position > edit.start:
                return edit.start + shift + (len(edit.text) if end else 0)
            else:
                break
        return position + shift

    new = [Mark(moved(m.start, False), moved(m.end, True), m.style) for m in marks]
    return "".join(out), tuple(m for m in new if m.start < m.end)
