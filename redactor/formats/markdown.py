"""Markdown (CommonMark 0.31 with tables and footnotes): reader by markdown-it-py, own writer.

Does not catch: dialects' own marks (they are read as text, and masked like any).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..content import Block, BlockKind, Cell, Content, Style, Table
from ..model import Hidden
from ._format import Format, Reading, may_be_text
from ._runs import PLAIN, SEEN, SOFT, Runs, segments
from .html import DROPPED, flattened, read_page
from .text import decode, grid, unbroken

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


_FRONT = re.compile(r"\A---[ \t]*\n((?:[\w-]+:.*\n|[ \t]+.*\n|-[ \t].*\n|#.*\n|\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*(?:\n(?: {4}|\t).*)*)", re.MULTILINE)
FENCE = re.compile(r"^ {0,3}(```+|~~~+)[^\n]*\n.*?(?:^ {0,3}\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")
_TAG = re.compile(r"</?([a-zA-Z][\w-]*)")


def read(data: bytes) -> Reading:
    """What a rendered page shows. A line end within a paragraph is a blank (CommonMark §6.8)."""
    return _Page(decode(data)).reading()


class _Page:
    """One document: its blocks, its hidden parts, its notes."""

    def __init__(self, text: str) -> None:
        from markdown_it import MarkdownIt

        self.engine: MarkdownIt = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        self.hidden: dict[Hidden, None] = {}
        self.text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        self.words = frozenset(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold()))

    def hide(self, place: str, text: str) -> None:
        if any(char.isalnum() for char in text):
            self.hidden[Hidden(place, ClearText(" ".join(text.split())))] = None

    def reading(self) -> Reading:
        front = _FRONT.match(self.text)
        if front and ":" in front[1]:
            self.hide("front matter", front[1])
            self.text = self.text[front.end() :]
        notes: list[tuple[str, str]] = []
        fences = [match.span() for match in FENCE.finditer(self.text)]

        def lift(match: re.Match[str]) -> str:
            if any(start <= match.start() < end for start, end in fences):
                return match[0]
            notes.append((match[1], match[2]))
            return ""

        body = self.blocks(NOTE.sub(lift, self.text))
        for name, text in notes:
            for block in flattened(self.blocks(re.sub(r"\n(?: {4}|\t)", "\n", text))):
                body.append(Block(BlockKind.NOTE, block.text, block.marks, 0, ClearText(name)))
                name = ""
        return Reading(Content(tuple(body)), tuple(self.hidden))

    def blocks(self, text: str) -> list[Block | Table]:
        env: dict[str, dict[str, dict[str, str]]] = {}
        tokens = self.engine.parse(text, env)
        for label, link in env.get("references", {}).items():
            self.hide("link target", f"{label} {link['href']} {link['title']}")
        return list(self.walk(tokens))

    def walk(self, tokens: Sequence[Token]) -> Iterator[Block | Table]:
        """Lists nest as a stack of (next number or None for bullets, delimiter); `number` is the open item's, once."""
        lists: list[tuple[int | None, str]] = []
        number = ""
        heading = 0
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.type in ("bullet_list_open", "ordered_list_open"):
                lists.append(
                    (int(token.attrGet("start") or (0 if token.attrGet("start") == 0 else 1)), "")
                    if token.tag == "ol"
                    else (None, "")
                )
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                lists.pop()
            elif token.type == "list_item_open":
                count, _ = lists[-1]
                number = "•" if count is None else f"{count}{token.markup}"
                lists[-1] = (None if count is None else count + 1, "")
            elif token.type == "list_item_close":
                number = ""
            elif token.type == "heading_open":
                heading = int(token.tag[1])
            elif token.type == "heading_close":
                heading = 0
            elif token.type == "table_open":
                end = next(n for n in range(at, len(tokens)) if tokens[n].type == "table_close")
                yield self.table(tokens[at:end])
                at = end
            elif token.type in ("fence", "code_block"):
                runs = Runs()
                runs.add(token.content)
                self.hide("code language", token.info)
                yield runs.block(BlockKind.PARAGRAPH)
            elif token.type == "html_block":
                inner = read_page(token.content)
                self.hidden |= dict.fromkeys(inner.hidden)
                yield from inner.content.body
            elif token.type == "inline":
                kind = BlockKind.HEADING if heading else BlockKind.ITEM if lists else BlockKind.PARAGRAPH
                level = heading or max(len(lists) - 1, 0)
                block, pictures = self.inline(token, kind, level, number)
                if block.text:
                    yield block
                    number = ""
                yield from [Block(BlockKind.PARAGRAPH, ClearText("[picture]"))] * pictures
            at += 1

    def inline(self, token: Token, kind: BlockKind, level: int, number: str) -> tuple[Block, int]:
        """One block of inline tokens, and how many pictures stand in it."""
        runs, pictures, dropping = Runs(), 0, ""
        bold = italic = 0
        for child in token.children or ():
            styles = PLAIN | ({Style.BOLD} if bold > 0 else PLAIN) | ({Style.ITALIC} if italic > 0 else PLAIN)
            tag = (m[1].lower() if (m := _TAG.match(child.content)) else "") if child.type == "html_inline" else child.tag
            step = -1 if child.content.startswith("</") else child.nesting or (1 if child.type == "html_inline" else 0)
            if dropping:
                self.hide(dropping, child.content)
                dropping = "" if tag == dropping and step < 0 else dropping
            elif child.type == "text":
                runs.add(_REFERENCE.sub(r"[\1]", child.content), styles)
            elif child.type == "code_inline":
                runs.add(child.content, styles)
            elif child.type == "softbreak":
                runs.add(SOFT)  # settled below, with the hyphen before it if there is one
            elif child.type == "hardbreak" or tag == "br":
                runs.add("\n")
            elif child.type == "image" or tag == "img":
                pictures += 1
                self.hide("alt text", f"{child.content} {' '.join(str(v) for v in child.attrs.values())}")
            elif tag in ("strong", "b"):
                bold += step
            elif tag in ("em", "i"):
                italic += step
            elif child.type == "link_open":
                self.hide("link target", " ".join(str(v) for v in child.attrs.values()))
            elif child.type == "html_inline":
                self.hide(
                    "comment" if child.content.startswith("<!") else "attribute",
                    re.sub(r"^</?[\w-]*|<!-*|-*>$", "", child.content),
                )
                dropping = tag if tag in DROPPED and step > 0 and not child.content.endswith("/>") else ""
        return runs.rejoined(lambda text: unbroken(text, self.words)).block(kind, level, number), pictures

    def table(self, tokens: Sequence[Token]) -> Table:
        rows: list[list[Cell]] = []
        for at, token in enumerate(tokens):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                block, pictures = self.inline(tokens[at + 1], BlockKind.PARAGRAPH, 0, "")
                shown = [block] if block.text or not pictures else []
                shown += [Block(BlockKind.PARAGRAPH, ClearText("[picture]"))] * pictures
                rows[-1].append(Cell(tuple(shown), token.type == "th_open"))
        return Table(tuple(tuple(row) for row in rows))


def write(content: Content) -> bytes:
    """CommonMark that shows the content's words and no more; what Markdown would take for a mark is escaped.

    Differs from the content: leading blanks of a line go; a number that Markdown would count otherwise ("(a)", "2.1", 3
    after 1) is written as text in a paragraph; page headers and footers are paragraphs; the blocks of a table cell become
    lines of one, a spanning cell is followed by empty ones.
    """
    out: list[str] = []
    lists: list[tuple[str, int, int]] = []  # per open level: delimiter ("-", ".", ")"), last number, indent of its text
    last_delimiter: tuple[int, str] | None = None
    for node in content.body:
        if not isinstance(node, Block) or node.kind is not BlockKind.ITEM:
            lists, last_delimiter = [], None
            out += ["", _table(node)] if isinstance(node, Table) else ["", _block(node)]
            continue
        number, depth = node.number.reveal(), min(max(node.level, 0), len(lists))
        match = re.fullmatch(r"(\d{1,9})([.)])", number)
        delimiter, count = (
            ("-", 0) if number == "•" else (match[2], int(match[1])) if match and match[1] == str(int(match[1])) else ("", 0)
        )
        same = len(lists) > depth and lists[depth][0] == delimiter
        follows = same and (delimiter == "-" or count == lists[depth][1] + 1)
        if not number and lists:  # a further paragraph of the item above
            out += ["", _indented(_inline(node), lists[min(node.level, len(lists) - 1)][2])]
            continue
        indent = lists[depth - 1][2] if depth else 0
        if not delimiter or (same and not follows) or last_delimiter == (depth, delimiter):
            last_delimiter = (depth, delimiter) if same and not follows else last_delimiter
            lists = lists[:depth]
            out += ["", _indented((_escape(number) + " " if number else "") + _inline(node), indent)]
            continue
        marker = "- " if delimiter == "-" else f"{count}{delimiter} "
        if not follows and not (depth and len(lists) == depth):
            out.append("")
        lists = [*lists[:depth], (delimiter, count, indent + len(marker))]
        out.append(" " * indent + marker + _indented(_inline(node), indent + len(marker)).lstrip())
    return ("\n".join(out).strip("\n") + "\n").encode("utf-8")


def _indented(text: str, indent: int) -> str:
    return "\n".join(" " * indent + line for line in text.split("\n"))


def _block(block: Block) -> str:
    number = block.number.reveal()
    if block.kind is BlockKind.HEADING:
        text = ((_escape(number) + " ") if number else "") + _inline(block).replace("\\\n", "<br>")
        return "#" * min(max(block.level, 1), 6) + " " + text
    if block.kind is BlockKind.NOTE and re.fullmatch(r"[\w-]+", number):
        return f"[^{number}]: " + _indented(_inline(block), 4).lstrip()
    return (_escape(number) + " " if number else "") + _inline(block)


def _escape(text: str) -> str:
    """Text that shows as itself wherever it stands in a paragraph."""
    text = re.sub(r"([\\`*_\[\]<>&~|])", r"\\\1", text.translate(SEEN).strip())
    lines = [line.strip(" \t") for line in text.split("\n")]
    lines = [re.sub(r"^(\d{1,9})([.)])(?=\s|$)", r"\1\\\2", re.sub(r"^([#+=-])", r"\\\1", line)) for line in lines]
    return "\\\n".join(lines)


_EDGE = re.compile(r"[\s!-/:-@\[-`{-~]")


def _inline(block: Block) -> str:
    """Asterisks where CommonMark's rule for them surely holds, else the HTML element."""
    pieces = [(text, styles) for text, styles in segments(block.text.reveal(), block.marks) if text]
    out = ""
    for at, (text, styles) in enumerate(pieces):
        core = text.strip()
        lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        if not styles or not core:
            out += _joined(out, text)
            continue
        before, after = (out + lead)[-1:], (tail + (pieces[at + 1][0] if at + 1 < len(pieces) else ""))[:1]
        beside_styled = (at and not lead and pieces[at - 1][1]) or (not tail and at + 1 < len(pieces) and pieces[at + 1][1])
        plain = not beside_styled and all(not edge or _EDGE.fullmatch(edge) for edge in (before, after)) and "\n" not in core
        stars = "*" * ((Style.ITALIC in styles) + 2 * (Style.BOLD in styles))
        names = [name for style, name in ((Style.BOLD, "strong"), (Style.ITALIC, "em")) if style in styles]
        opening = stars if plain else "".join(f"<{name}>" for name in names)
        closing = stars if plain else "".join(f"</{name}>" for name in reversed(names))
        out += _joined(out, lead) + opening + _joined("x", core) + closing + _joined("x", tail)
    return out.strip()


def _joined(before: str, text: str) -> str:
    """`text` escaped to follow `before`: blanks at its ends kept, marks that count only at a line's start escaped only there."""
    core = text.strip(" \t")
    if not core:
        return text
    lead, tail = text[: len(text) - len(text.lstrip(" \t"))], text[len(text.rstrip(" \t")) :]
    escaped = re.sub(r"([\\`*_\[\]<>&~|])", r"\\\1", core.translate(SEEN))
    lines = escaped.split("\n")
    start = 0 if not before or before.endswith("\n") else 1
    for at in range(start, len(lines)):
        line = lines[at].strip(" \t")
        lines[at] = re.sub(r"^(\d{1,9})([.)])(?=\s|$)", r"\1\\\2", re.sub(r"^([#+=-])", r"\\\1", line))
    return lead + "\\\n".join(lines) + tail


def _table(table: Table) -> str:
    def text(cell: Cell | None) -> str:
        return "<br>".join(_block(b).replace("\\\n", "<br>") for b in cell.blocks) if cell else ""

    rows = [[text(cell) for cell in row] for row in grid(table)]
    rows[1:1] = [["---"] * len(rows[0])] if rows else []
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


_ENDINGS = (".md", ".markdown")
MARKDOWN = Format("md", "text/markdown", _ENDINGS, lambda data, suffix: may_be_text(data) and suffix in _ENDINGS, read, write)
