"""Plain text: decoding, paragraphs, pipe tables; and the writer.

Does not catch: text that was decoded wrongly before it was saved (it is valid UTF-8), and line ends of wrapped prose
whose paragraph also holds a list or a header line (they stay).
"""

from __future__ import annotations

import codecs
import re
from itertools import pairwise

from ..cleartext import ClearText
from ..content import Block, BlockKind, Cell, Content, Table
from ..errors import HeldError
from ._format import Format, Reading, may_be_text, no_reader
from ._runs import clean

_BOMS = (  # UTF-32 before UTF-16: its little-endian mark begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF8_PAIR = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|\xc2[\xa0-\xbf]")
# What Windows-1252 would make of Mac Roman ("donÕt"), DOS ("caf‚") or Cyrillic ("Ïðèâåò") bytes.
_DOUBTFUL = re.compile(r"[a-zà-ÿ][À-Þ]|[^\W\d_][‚ƒ„ˆ‰]|[À-ÖØ-öø-ÿŠŒŽšœžŸ]{3}")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def decode(data: bytes) -> str:
    """A text file's characters: by its byte order mark, else UTF-8, UTF-16 or Windows-1252. Raises HeldError when in doubt.

    Doubt is not guessed away: a name in the wrong encoding is a name that no search finds.
    """
    text = _decoded(data)
    if len(_CONTROL.findall(text)) > len(text) / 100 or "\x00" in text:
        raise no_reader()
    return text


def _decoded(data: bytes) -> str:
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], codec)
    if b"\x00" in data:
        return _strict(data, _utf16_side(data))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _windows(data)


def _strict(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        raise _doubt() from None


def _utf16_side(data: bytes) -> str:
    """Western text in UTF-16 has a zero in nearly every second byte, and on one side only."""
    even, odd, half = data[0::2].count(0), data[1::2].count(0), len(data) / 2
    if odd > half * 0.7 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.05:
        return "utf-16-be"
    raise no_reader()


def _windows(data: bytes) -> str:
    if _UTF8_PAIR.search(data):
        raise _doubt()  # part UTF-8, part not: either reading garbles the other
    text = _strict(data, "cp1252")
    if _DOUBTFUL.search(text):
        from charset_normalizer import from_bytes

        best = from_bytes(data).best()
        if best is None or best.encoding != "cp1252":
            raise _doubt()
    return text


def _doubt() -> HeldError:
    return HeldError("the encoding of the text is not certain", "Save the document as UTF-8.")


_PIPE_ROW = re.compile(r"\s*\|.*\|\s*$")
_PIPE_RULE = re.compile(r"\s*\|(\s*:?-+:?\s*\|)+\s*$")
_OWN_LINE = re.compile(  # begins a line that is never the continuation of the one before
    r"\s+\S|[-*•‣▪–—>|#=_+]|\(?[0-9ivxlcIVXLC]{1,4}[.)]\s|\(?[A-Za-z][.)]\s|[A-Z][\w-]*( [\w-]+){0,2}:(\s|$)"
)
_BROKEN_WORD = re.compile(r"([^\W\d_]+)-\n([^\W\d_]+)")


def read(data: bytes) -> Reading:
    """Paragraphs are parted by blank lines; real line ends inside them stay, those of wrapped prose go."""
    return Reading(parse(decode(data)))


def parse(text: str) -> Content:
    """The content of decoded plain text."""
    lines = [line.rstrip() for line in clean(text.replace("\r\n", "\n").replace("\f", "\n\n")).split("\n")]
    body: list[list[str] | Table] = [[]]
    at = 0
    while at < len(lines):
        if _PIPE_ROW.match(lines[at]) and at + 1 < len(lines) and _PIPE_RULE.match(lines[at + 1]):
            end = next((n for n in range(at + 2, len(lines)) if not _PIPE_ROW.match(lines[n])), len(lines))
            body += [_table([lines[at], *lines[at + 2 : end]]), []]
            at = end
            continue
        if not lines[at]:
            body.append([])
        elif isinstance(body[-1], list):
            body[-1].append(lines[at])
        at += 1
    width = max((_width(p) for p in body if isinstance(p, list)), default=0)
    words = frozenset(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold()))
    return Content(tuple(n if isinstance(n, Table) else _paragraph(n, width, words) for n in body if n))


def _table(rows: list[str]) -> Table:
    def cells(row: str) -> list[str]:
        return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row.strip()[1:-1])]

    def cell(text: str, header: bool) -> Cell:
        return Cell((Block(BlockKind.PARAGRAPH, ClearText(text)),), header)

    return Table(tuple(tuple(cell(text, number == 0) for text in cells(row)) for number, row in enumerate(rows)))


def _paragraph(lines: list[str], width: int, words: frozenset[str]) -> Block:
    return Block(BlockKind.PARAGRAPH, ClearText(unbroken("\n".join(_unwrapped(lines, width)), words)))


def _full(lines: list[str], width: int) -> bool:
    """Whether no line but the last had room for the first word of the next: prose wrapped at `width`, not real lines."""
    return all(len(line) + 1 + len(after.split(maxsplit=1)[0]) > width for line, after in pairwise(lines)) and not any(
        _OWN_LINE.match(line) for line in lines[1:]
    )


def _width(lines: list[str]) -> int:
    """The width a paragraph of three lines and more is wrapped at, 0 if it is not. Verse and addresses are narrower than 40."""
    width = max(map(len, lines), default=0)
    return width if len(lines) > 2 and 40 <= width <= 140 and _full(lines, width) else 0


def _unwrapped(lines: list[str], width: int) -> list[str]:
    """One line if the paragraph is wrapped prose: by its own lines, or two lines by the width of the document's others.

    A kept line end tells how wide the name before it was.
    """
    if len(lines) == 2 and not _OWN_LINE.match(lines[1]):
        wrapped = width >= 40 and len(lines[0]) <= width and _full(lines, width)
        flows = len(lines[0]) >= 60 and lines[1][:1].islower() and lines[0][-1] not in ".:;!?"
        joins = wrapped or flows
    else:
        joins = _width(lines) > 0
    if not joins:
        return lines
    text = lines[0]
    for line in lines[1:]:
        text += ("\n" if re.search(r"[^\W\d_]-$", text) else " ") + line  # `unbroken` settles the hyphen
    return [text]


def unbroken(text: str, words: frozenset[str]) -> str:
    """Words cut by a hyphen at a line end, whole again. The hyphen stays if the document spells the word with it.

    Otherwise it stays before a capital (a double-barrelled name) and between small letters (an ordinary compound).
    `words` are the document's words in small letters.
    """

    def join(match: re.Match[str]) -> str:
        left, right = match.groups()
        if f"{left}-{right}".casefold() in words:
            return f"{left}-{right}"
        whole = f"{left}{right}".casefold() in words or (left[0].isupper() and right[0].islower())
        return left + ("" if whole else "-") + right

    return _BROKEN_WORD.sub(join, text)


def write(content: Content) -> bytes:
    """UTF-8, blank line between blocks, list items line by line, tables as pipe tables, notes as "[n] text".

    Differs from the content: emphasis and levels are lost (lists are indented), line ends in a table cell become blanks,
    a spanning cell is followed by empty ones.
    """
    parts: list[str] = []
    for before, node in pairwise((None, *content.body)):
        if before is not None:
            items = all(isinstance(n, Block) and n.kind is BlockKind.ITEM for n in (before, node))
            parts.append("\n" if items else "\n\n")
        parts.append(_block(node) if isinstance(node, Block) else _rows(node) if node is not None else "")
    return ("".join(parts).rstrip("\n") + "\n").encode("utf-8")


def _block(block: Block) -> str:
    number, text = block.number.reveal(), block.text.reveal()
    if block.kind is BlockKind.NOTE and number:
        number = f"[{number}]"
    indent = "  " * block.level if block.kind is BlockKind.ITEM else ""
    return indent + (f"{number} {text}" if number else text)


def _rows(table: Table) -> str:
    def text(cell: Cell) -> str:
        return " ".join(" ".join(_block(block).split("\n")).strip() for block in cell.blocks).replace("|", "\\|")

    rows = [[text(cell) if cell else "" for cell in row] for row in grid(table)]
    rows[1:1] = [["---"] * len(rows[0])] if rows else []
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def grid(table: Table) -> list[list[Cell | None]]:
    """The table as full rows of equal length: a spanning cell where it begins, None for the places it covers."""
    rows: list[list[Cell | None]] = []
    covered: dict[tuple[int, int], bool] = {}
    for at, row in enumerate(table.rows):
        line: list[Cell | None] = []
        for cell in row:
            while (at, len(line)) in covered:
                line.append(None)
            for below in range(1, cell.rowspan):
                covered |= {(at + below, len(line) + over): True for over in range(cell.colspan)}
            line += [cell, *[None] * (cell.colspan - 1)]
        while (at, len(line)) in covered:
            line.append(None)
        rows.append(line)
    width = max(map(len, rows), default=0)
    return [row + [None] * (width - len(row)) for row in rows]


_ENDINGS = (".txt", ".text")
TEXT = Format("txt", "text/plain", _ENDINGS, lambda data, suffix: may_be_text(data) and suffix in _ENDINGS, read, write)
