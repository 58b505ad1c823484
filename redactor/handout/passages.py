"""A consultation pack: the passages of the copies that concern one person, and a cover that says what they are for.

A passage is a paragraph, list item or table row that has the person's label (or name, where that stays), and the prose that
follows and begins with a pronoun while it names nobody else. Not found: what is told of the person without label, name or
such a pronoun, for example across a heading; the cover says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..cleartext import ClearText
from ..content import Block, BlockKind, Cell, Content, Table
from ..folding import Finder, folded

_FOLLOWS = re.compile(
    r"[\"“‘'(]?(?:she|he|they|her|his|their|it was (?:she|he)|the (?:girl|boy|child|survivor|complainant|witness))\b", re.I
)
_LABEL = re.compile(r"\[[^\[\]\n]{1,80}\]")
_LINES = re.compile(r"\n(?=\s*(?:\||[•*–-]\s|\(?\w{1,3}[.)]\s))")
_PROSE = (BlockKind.PARAGRAPH, BlockKind.ITEM)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a pack is about: the label in the copies, or the forms of a name that stays; `named` is the name on the cover,
    empty where nobody is named."""

    label: str = ""
    forms: tuple[ClearText, ...] = field(default=(), repr=False)
    named: ClearText = field(default_factory=lambda: ClearText(""), repr=False)

    @property
    def protected(self) -> bool:
        """Whether the copies speak of the person by a label."""
        return bool(self.label)


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage: document, paragraph (counted from 1; a list item or table row is one), heading above it, the words."""

    doc: str
    paragraph: int
    heading: str = field(repr=False)
    node: Block | Table = field(repr=False)


class _Speaks:
    """Whether a text speaks of the subject."""

    def __init__(self, subject: Subject) -> None:
        self._label = None
        if subject.label.startswith("["):
            self._label = re.compile(re.escape(subject.label.rstrip("]")) + r"(?=\]|['’]s )")
        elif subject.label:
            self._label = re.compile(rf"(?<!\w){re.escape(subject.label)}(?!\w)")
        self._forms = Finder(subject.forms)

    def of(self, text: str) -> bool:
        if self._label is not None:
            return bool(self._label.search(text))
        return any(True for _ in self._forms.find(folded(text)))


def passages(doc: str, content: Content, subject: Subject) -> list[Passage]:
    """The passages of one copy that concern the subject, in order."""
    speaks = _Speaks(subject)
    found: list[Passage] = []
    heading, following, number = "", False, 0
    for node in content.body:
        if isinstance(node, Table):
            following = False
            for row in node.rows:
                number += 1
                if speaks.of(_row(row)):
                    head = () if row is node.rows[0] or not all(cell.header for cell in node.rows[0]) else (node.rows[0],)
                    found.append(Passage(doc, number, heading, Table((*head, row))))
            continue
        if node.kind is BlockKind.HEADING:
            heading, following = node.text.reveal(), False
        for piece in _pieces(node):
            number += 1
            text = piece.text.reveal()
            if speaks.of(text):
                found.append(Passage(doc, number, heading, piece))
                following = node.kind in _PROSE
            elif following and node.kind in _PROSE and _FOLLOWS.match(text) and not _LABEL.search(text):
                found.append(Passage(doc, number, heading, piece))
            else:
                following = False
    return found


def _pieces(block: Block) -> Iterator[Block]:
    """A block as passages: a list or table that a plain text writes line by line is one for each line."""
    lines = _LINES.split(block.text.reveal())
    if len(lines) == 1:
        yield block
        return
    for line in lines:
        if line.strip():
            yield Block(block.kind, ClearText(line.strip()), level=block.level)


def _row(row: Sequence[Cell]) -> str:
    return " | ".join(block.text.reveal() for cell in row for block in cell.blocks)


def pack(found: Sequence[Passage], titles: dict[str, str], subject: Subject, policy: str, made: str) -> Content:
    """The pack as a document. `titles`: the masked path of each document's copy."""
    return Content(tuple(_body(found, titles, subject, policy, made)))


_ASK = (
    "Is anything in these passages wrong?",
    "Could somebody who knows this person tell from them who it is?",
    "Is there anything here that this person would rather not see in print?",
)


def _body(found: Sequence[Passage], titles: dict[str, str], subject: Subject, policy: str, made: str) -> Iterator[Block | Table]:
    who = subject.named.reveal() or subject.label
    yield _block(BlockKind.HEADING, f"Passages about {who}", 1)
    yield _block(
        BlockKind.PARAGRAPH,
        f"In confidence. These are the passages of a publication in preparation that concern one person, as they would stand "
        f"in it (copies of {made}, policy {policy}). Other people who are protected stand as labels in square brackets.",
    )
    if subject.protected:
        if subject.named:
            yield _block(BlockKind.PARAGRAPH, f"The copies call this person {subject.label}. The name stands on this page alone.")
        yield _block(BlockKind.PARAGRAPH, "For the person's liaison officer, who goes through it with them. Three things to ask:")
        for number, question in enumerate(_ASK, 1):
            yield Block(BlockKind.ITEM, ClearText(question), number=ClearText(f"{number}."))
    else:
        yield _block(
            BlockKind.PARAGRAPH,
            "They are sent so that the person can answer what is said before it is published. They must not be passed on.",
        )
    yield _block(
        BlockKind.PARAGRAPH,
        "Passages were found by label, name and the pronouns that follow. Something told of the person in other words may be "
        "missing; the whole documents can be asked for.",
    )
    if not found:
        yield _block(BlockKind.PARAGRAPH, "No copy speaks of this person.")
    for doc in dict.fromkeys(p.doc for p in found):
        yield _block(BlockKind.HEADING, f"{doc}  {titles.get(doc, '')}".strip(), 2)
        own = [p for p in found if p.doc == doc]
        for passage in own:
            where = f"paragraph {passage.paragraph}" + (f", under “{passage.heading}”" if passage.heading else "")
            if isinstance(passage.node, Block) and passage.node.kind is BlockKind.HEADING:
                where = f"paragraph {passage.paragraph}, a heading"
            yield _block(BlockKind.HEADING, where, 3)
            yield (
                passage.node
                if isinstance(passage.node, Table)
                else Block(BlockKind.PARAGRAPH, passage.node.text, passage.node.marks)
            )


def _block(kind: BlockKind, text: str, level: int = 0) -> Block:
    return Block(kind, ClearText(text), level=level)
