"""The schedule of redactions: one row for each kind of thing masked or made coarser in a document, for each reason.

From the public log alone. The exemptions of the Freedom of Information Act 2000 are those of reasons.yaml (DOMAIN §5), to be
confirmed by the publishing body's information lawyer.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ..cleartext import ClearText
from ..content import Block, BlockKind, Cell, Content, Table
from ..policy import reasons
from .public import in_brief, in_force, plain

SCHEDULE = ("document", "copy", "what", "action", "times", "reason", "meaning", "FOIA 2000")
_DONE = {"mask": "masked", "soften": "made coarser", "keep": "kept"}
_NOTE = (
    "Made from the public log of the publication, which holds no personal data. Sections are those of the Freedom of Information "
    "Act 2000 that a public body would cite; they are a proposal, to be confirmed by the body's information lawyer."
)


def schedule(records: Sequence[Mapping[str, Any]], kept: bool = False) -> list[tuple[str, ...]]:
    """The rows of one bundle's schedule, in the order of its documents; with `kept`, also why names stayed."""
    paths = {r["doc"]: str(r["path"]) for r in reversed(records) if r["event"] == "document-published"}
    counts = Counter(
        (str(d["doc"]), str(d["kind"]), str(d["action"]), str(d["reason"]))
        for d in in_force(records)
        if kept or d["action"] != "keep"
    )
    order = {r["doc"]: n for n, r in enumerate(records) if r["event"] == "document-seen"}
    rows: list[tuple[str, ...]] = []
    for (doc, kind, action, code), times in sorted(counts.items(), key=lambda row: (order.get(row[0][0], 0), row[0])):
        known = reasons().get(code.partition(":")[0])
        means, foia = (in_brief(known.means), known.foia) if known else ("", "")
        rows.append((doc, paths.get(doc, ""), plain("kinds", kind), _DONE[action], str(times), code, means, foia or "none"))
    return rows


def as_csv(rows: Sequence[tuple[str, ...]]) -> bytes:
    """The schedule as CSV: UTF-8 with a mark that Excel knows it by; no cell begins as a formula would."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in (SCHEDULE, *rows):
        writer.writerow([f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def as_content(rows: Sequence[tuple[str, ...]], title: str) -> Content:
    """The schedule as a document: heading, note, one table for each document."""
    blocks: list[Block | Table] = [_block(BlockKind.HEADING, title, 1), _block(BlockKind.PARAGRAPH, _NOTE)]
    if not rows:
        blocks.append(_block(BlockKind.PARAGRAPH, "Nothing was masked or made coarser."))
    for doc in dict.fromkeys(row[:2] for row in rows):
        blocks.append(_block(BlockKind.HEADING, f"{doc[0]}  {doc[1]}".strip(), 2))
        body = [tuple(Cell((_block(BlockKind.PARAGRAPH, cell),)) for cell in row[2:]) for row in rows if row[:2] == doc]
        head = tuple(Cell((_block(BlockKind.PARAGRAPH, name),), header=True) for name in SCHEDULE[2:])
        blocks.append(Table((head, *body)))
    return Content(tuple(blocks))


def _block(kind: BlockKind, text: str, level: int = 0) -> Block:
    return Block(kind, ClearText(text), level=level)
