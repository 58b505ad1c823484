"""Comma- and tab-separated text: every line a reader sees, as tables and lines; and the writer.

Does not catch: a delimiter that no line agrees on (the lines are then read as text of one column).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from ..content import Block, Content, Table
from ..model import Hidden
from ._cells import MAX_ROWS, block, guarded, nodes, rows, shown, too_many_rows
from ._format import Format, Reading, damaged, may_be_text
from .text import decode

_SAMPLE = 200  # lines that say which delimiter it is
_SEP = re.compile(r"\ufeff?sep=(.)\r?\n")  # how Excel is told the delimiter
MAX_FIELD = 1_000_000


def read(data: bytes, delimiter: str = "") -> Reading:
    """Lines that have one field among lines that have more are text of their own: comments, titles, what an export adds below."""
    text = decode(data)
    told = _SEP.match(text)
    if told:
        text, delimiter = text[told.end() :], told[1]
    lines = _lines(text, delimiter or _delimiter(text))
    width = Counter(len(line) for line in lines if len(line) > 1).most_common(1)
    body: list[Block | Table] = []
    hidden: list[Hidden] = []

    def seen(field: str) -> str:
        words, inside = shown(field)
        hidden.extend(inside)
        return words

    for lone, group in groupby(lines, key=lambda line: bool(width) and len(line) == 1):
        kept = [[seen(field) for field in line] for line in group]
        body += [block(line[0]) for line in kept if line[0].strip()] if lone else nodes(kept)
    return Reading(Content(tuple(body)), tuple(hidden))


def _lines(text: str, delimiter: str) -> list[list[str]]:
    lines: list[list[str]] = []
    try:
        for line in _reader(text, delimiter):
            lines.append(line)
            if len(lines) > MAX_ROWS:
                raise too_many_rows()
    except csv.Error:
        raise damaged() from None
    return lines


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:

    csv.field_size_limit(MAX_FIELD)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)


def _delimiter(text: str) -> str:
    """The one by which the most lines of the sample have the same number of fields, more than one."""
    sample = "\n".join(text.splitlines()[:_SAMPLE])

    def agreeing(delimiter: str) -> tuple[int, int]:
        try:
            counts = Counter(len(line) for line in _reader(sample, delimiter) if len(line) > 1)
        except csv.Error:
            return 0, 0
        best = counts.most_common(1)
        return (best[0][1], best[0][0]) if best else (0, 0)

    return max((",", ";", "\t", "|"), key=agreeing)


def write(content: Content, delimiter: str = ",") -> bytes:
    """UTF-8, lines ended as RFC 4180 has it, cells that would be formulas guarded. Blocks stand in rows of one field.

    Differs from the content: emphasis, levels and cells that span are lost.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    for _, row in rows(content):
        writer.writerow([guarded(cell) for cell in row])
    return (out.getvalue().rstrip("\r\n") + "\r\n").encode("utf-8")


def _read_tsv(data: bytes) -> Reading:
    return read(data, "\t")


def _write_tsv(content: Content) -> bytes:
    return write(content, "\t")


CSV = Format("csv", "text/csv", (".csv",), lambda data, suffix: may_be_text(data) and suffix == ".csv", read, write)
TSV = Format(
    "tsv",
    "text/tab-separated-values",
    (".tsv", ".tab"),
    lambda data, suffix: may_be_text(data) and suffix in (".tsv", ".tab"),
    _read_tsv,
    _write_tsv,
)
