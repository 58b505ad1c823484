"""A new PDF file from content alone: typeset anew by typst, tagged (PDF/UA-1), re-flowed, in the same bytes each time.

The words go in as data and are never read as markup. Letters that none of typst's own fonts has hold the document; signs that
none has (emoji) become "□". Fonts of the machine are left out: they would differ from one to the next.
"""

from __future__ import annotations

import ast
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ..content import Block, BlockKind, Cell, Content, Style, Table
from ..errors import HeldError
from ._runs import SEEN, segments

if TYPE_CHECKING:
    import typst


MAX_LEVEL = 6
_NO_GLYPH = re.compile(r"the text `(\"(?:[^\"\\]|\\.)*\")` could not be displayed")
_SPREAD = {0x09: "\u2003\u2003"}  # a tab has no width of its own when text flows
_LINE = 60  # letters that are sure to fit a line of the page
_SIZES = ((5, 10, 90, False), (8, 8, 115, False), (1_000_000, 6, 220, True))  # columns up to, points, letters a row, landscape


def write(content: Content) -> bytes:
    """A PDF file's bytes. Raises HeldError where no font has a letter.

    Differs from the content: heading levels begin at 1 and skip none (PDF/UA-1), page headers, footers and notes ("[n] text")
    are small paragraphs where they stand, tables of many columns are set small, on pages turned.
    """
    import typst

    text = json.dumps(_nodes(content), ensure_ascii=False)
    for _ in range(50):  # typst names the glyphs it lacks a few at a time
        try:
            made = typst.compile(
                files(__package__).joinpath("_pdf_page.typ").read_bytes(),
                format="pdf",
                pdf_standards=["ua-1"],
                font_paths=_fonts(),
                ignore_system_fonts=True,
                sys_inputs={"content": text},
            )
            assert isinstance(made, bytes)
            return made
        except typst.TypstError as error:
            lacking = {char for shown in _NO_GLYPH.findall(error.diagnostic) for char in _unquoted(shown)}
        signs = {char for char in lacking if unicodedata.category(char)[0] not in "LMN"}
        if not lacking or lacking - signs:
            break
        text = text.translate(dict.fromkeys(map(ord, signs), "□"))
    if not lacking:
        raise HeldError("a PDF copy of it cannot be typeset", "Publish it in another format, and report this.")
    raise HeldError("no font here has some of its letters, so a PDF copy cannot show them", "Publish it in another format.")


@cache
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False)


def _unquoted(shown: str) -> str:
    """The characters of a string as typst quotes it."""
    text: str = ast.literal_eval(re.sub(r"\\u\{([0-9a-f]+)\}", lambda m: f"\\U{m[1]:0>8}", shown))
    return text


def _nodes(content: Content) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    before = 0
    for group in _grouped(content.body):
        if isinstance(group, Table):
            out += _table(group)
        elif isinstance(group, list):
            out.append(_list(group))
        elif group.text or group.number:
            node = _block(group)
            if group.kind is BlockKind.HEADING:
                before = node["level"] = max(1, min(group.level, before + 1, MAX_LEVEL))
            out.append(node)
    return out


def _grouped(nodes: Sequence[Block | Table]) -> Iterator[Block | Table | list[Block]]:
    """The nodes, list items that follow each other as one list."""
    items: list[Block] = []
    for node in nodes:
        if isinstance(node, Block) and node.kind is BlockKind.ITEM:
            items.append(node)
            continue
        if items:
            yield items
            items = []
        yield node
    if items:
        yield items


def _block(block: Block, room: int = _LINE) -> dict[str, Any]:
    kind = "heading" if block.kind is BlockKind.HEADING else "paragraph"
    if block.kind in (BlockKind.NOTE, BlockKind.HEADER, BlockKind.FOOTER):
        kind = "small"
    number = block.number.reveal()
    if number:
        number = f"[{number}] " if block.kind is BlockKind.NOTE else f"{number} "
    return {"kind": kind, "level": 1, "runs": _runs(block, number, room)}


def _runs(block: Block, number: str, room: int) -> list[dict[str, Any]]:
    """Pieces of one emphasis each; a line break is a piece of its own. Words longer than `room` may break: else they would run
    off the page."""
    pieces = [(number, frozenset[Style]()), *segments(block.text.reveal(), block.marks)]
    return [
        {"text": part, "bold": Style.BOLD in styles, "italic": Style.ITALIC in styles}
        for text, styles in pieces
        for part in re.split(
            "([\n\u200b])", re.sub(rf"\S{{{room}}}(?=\S)", "\\g<0>\u200b", text.translate(SEEN).translate(_SPREAD))
        )
        if part
    ]


def _list(blocks: Sequence[Block], room: int = _LINE) -> dict[str, Any]:
    """Items within items by their depth; each is known by its place among all of the list."""
    top: list[dict[str, Any]] = []
    path: list[tuple[int, list[dict[str, Any]]]] = [(-1, top)]
    for place, block in enumerate(blocks):
        item: dict[str, Any] = {"place": place, "runs": _runs(block, "", room), "items": []}
        while path[-1][0] >= block.level:
            path.pop()
        path[-1][1].append(item)
        path.append((block.level, item["items"]))
    return {"kind": "list", "labels": [block.number.reveal().translate(SEEN) for block in blocks], "items": top}


def _table(table: Table) -> list[dict[str, Any]]:
    """The table, full rows of it; its leading rows of header cells apart where no cell reaches from them into the body."""
    rows, columns = _squared(table)
    if not rows:
        return []
    head = next((at for at, row in enumerate(table.rows) if not row or not all(c.header for c in row)), len(table.rows))
    head = 0 if head == len(rows) and head > 1 else head
    while head and any(at + cell.rowspan > head for at in range(head) for cell in rows[at]):
        head -= 1
    size, letters, wide = next(rest for most, *rest in _SIZES if columns <= most)
    made = [[_cell(cell, max(5, letters // columns)) for cell in row] for row in rows]
    return [{"kind": "table", "columns": columns, "size": size, "wide": wide, "head": made[:head], "rows": made[head:]}]


def _squared(table: Table) -> tuple[list[list[Cell]], int]:
    """The rows filled up to one width, each span cut to what the table has room for, and that width."""
    taken: set[tuple[int, int]] = set()
    rows: list[list[Cell]] = []
    widths: list[int] = []
    for y, source in enumerate(table.rows):
        row, x = list[Cell](), 0
        for cell in source:
            while (y, x) in taken:
                x += 1
            across = next((n for n in range(1, cell.colspan) if (y, x + n) in taken), max(cell.colspan, 1))
            down = max(1, min(cell.rowspan, len(table.rows) - y))
            taken |= {(y + below, x + over) for below in range(down) for over in range(across)}
            row.append(Cell(cell.blocks, cell.header, across, down))
            x += across
        rows.append(row)
        widths.append(x)
    width = max((x + 1 for _, x in taken), default=0)
    for y, row in enumerate(rows):
        row += [Cell(()) for x in range(width) if (y, x) not in taken]
    return (rows, width) if width else ([], 0)


def _cell(cell: Cell, room: int) -> dict[str, Any]:
    groups = [g for g in _grouped(cell.blocks) if not isinstance(g, Table)]
    blocks = [_list(g, room) if isinstance(g, list) else _block(g, room) for g in groups]
    for block in blocks:
        block["kind"] = "paragraph" if block["kind"] == "heading" else block["kind"]
    return {"blocks": blocks, "colspan": cell.colspan, "rowspan": cell.rowspan, "header": cell.header}
