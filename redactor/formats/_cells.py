"""Rows of a spreadsheet as content, and content as rows: what each format of tables shares.

Does not undo: ciphers, compression, and text encoded in a cell beside other words.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Sequence

from ..cleartext import ClearText
from ..content import Block, BlockKind, Cell, Content, Table
from ..errors import HeldError
from ..model import Hidden
from ._runs import Runs
from .text import grid

MAX_ROWS = 20_000  # a run takes about a second for forty rows full of names
WITHHELD = "[encoded value withheld]"
_NOTE = 60  # characters; a longer line in a column by itself is prose, not an entry of a list
_BASE64 = re.compile(r"(?=.{16})[A-Za-z0-9+/_-]+={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,}")
_NUMBER = re.compile(r"[-+]?[£$€]?\d[\d,.]*%?|[-–—=+@]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def too_many_rows() -> HeldError:
    """A table that no run could look through."""
    return HeldError(
        f"a sheet has more than {MAX_ROWS:,} rows, more than can be checked",
        "Split it into smaller files, or publish totals in place of single rows.",
    )


def shown(text: str) -> tuple[str, tuple[Hidden, ...]]:
    """What a cell shows to a reader, and what was encoded in it: JSON stands with its escapes undone, other encoded text does not
    stand at all."""
    bare = text.strip()
    if bare[:1] in "{[" and bare[-1:] in "}]" and bare[:1]:
        try:
            return json.dumps(_undone(json.loads(bare)), ensure_ascii=False), ()
        except (ValueError, RecursionError):
            return text, ()
    inside = _decoded(bare)
    return (text, ()) if inside is None else (WITHHELD, (Hidden("encoded value", ClearText(inside)),) if inside else ())


def _undone(value: object) -> object:
    """JSON values with every encoded string among them left out."""
    if isinstance(value, dict):
        return {shown(str(key))[0]: _undone(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_undone(inner) for inner in value]
    return shown(value)[0] if isinstance(value, str) else value


def _decoded(text: str) -> str | None:
    """The text behind base64 or hexadecimal digits, "" for a long run of base64 that is no text, None if it is neither."""
    data = b""
    text = re.sub(r"(?<=\S{40})\s*\n\s*", "", text)  # a long value may be broken into lines; one with blanks is prose
    try:
        if _HEX.fullmatch(text):
            data = binascii.unhexlify(text)
        elif _BASE64.fullmatch(text):
            letters = text.rstrip("=").replace("-", "+").replace("_", "/")
            data = base64.b64decode(letters + "=" * (-len(letters) % 4))
    except binascii.Error:
        return None
    for codec in ("utf-8", "utf-16-le"):
        try:
            inside = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if inside and all(char.isprintable() or char.isspace() for char in inside) and (codec == "utf-8" or inside.isascii()):
            return inside
    mixed = re.search(r"[a-z]", text) and re.search(r"[A-Z]", text) and re.search(r"\d", text)
    return "" if len(text) >= 80 and mixed and not _HEX.fullmatch(text) and data else None


def block(text: str, kind: BlockKind = BlockKind.PARAGRAPH, level: int = 0) -> Block:
    """A block of what is seen of a cell; no blank line within it, for that would end its row."""
    runs = Runs()
    runs.add(re.sub(r"\s*\n\s*", "\n", text.replace("\r\n", "\n").replace("\r", "\n")))
    return runs.block(kind, level)


def nodes(rows: Sequence[Sequence[str]]) -> Iterator[Block | Table]:
    """Rows of shown texts as blocks and tables: blank rows part tables, and a row of one cell before one is a line of text."""
    region: list[Sequence[str]] = []
    for row in [*rows, []]:
        if any(cell.strip() for cell in row):
            region.append(row)
        elif region:
            yield from _region(region)
            region = []


def _region(rows: list[Sequence[str]]) -> Iterator[Block | Table]:
    columns = [at for at in range(max(map(len, rows))) if any(at < len(row) and row[at].strip() for row in rows)]
    cells = [[row[at] if at < len(row) else "" for at in columns] for row in rows]
    first = next((at for at, row in enumerate(cells) if sum(bool(c.strip()) for c in row) > 1), len(cells))
    if len(columns) == 1 and len(rows) > 1 and all(len(row[0]) <= _NOTE for row in cells):
        first = 0  # a list under its heading
    for row in cells[:first]:
        yield block(next(c for c in row if c.strip()))
    if cells[first:]:
        header = not any(_NUMBER.fullmatch(c.strip()) for c in cells[first])
        yield Table(tuple(tuple(Cell((block(c),), header and not at) for c in row) for at, row in enumerate(cells[first:])))


def rows(content: Content) -> Iterator[tuple[Block | None, list[str]]]:
    """Content as rows: a block in a row by itself, a table row by row, a blank row before and after it. With its block where the
    row is one, so that a writer can tell a heading."""
    parted = True
    for node in content.body:
        if isinstance(node, Block):
            yield node, [words(node)]
            parted = False
            continue
        if not parted:
            yield None, []
        for line in grid(node):
            yield None, ["\n".join(words(b) for b in cell.blocks) if cell else "" for cell in line]
        yield None, []
        parted = True


def words(of: Block) -> str:
    """A block's number and text."""
    number, text = of.number.reveal(), of.text.reveal()
    return f"{number} {text}" if number else text


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before what would begin one, unless it is a number or a mark
    (OWASP, CSV injection)."""
    return "'" + text if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text
