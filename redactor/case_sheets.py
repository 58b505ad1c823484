"""Rows of a spreadsheet as plain text: .xlsx (values of visible sheets), .csv and .tsv.

Rows that a filter hides are read like any other. Errors name file, sheet and row by number, never what stands there.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .errors import CaseError
from .yamlfile import read_bytes

MAX_BYTES = 20_000_000
MAX_UNPACKED = 200_000_000
MAX_ROWS = 20_000

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, EOFError),
    *(OSError, RuntimeError, SyntaxError),  # no workbook in it; locked, packed in a way unknown or nested too deeply; bad XML
)
_FAILED = ("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!")  # what Excel shows for a formula that fails

Lines = list[tuple[int, list[str]]]
Books = Callable[[bytes, str], Iterator[tuple[str, Lines]]]


def unreadable(what: str) -> CaseError:
    """The file is damaged, or built to harm."""
    return CaseError(f"{what}: the file is damaged. Open it in Excel and save it again")


def workbook(data: bytes, what: str) -> Iterator[tuple[str, Lines]]:
    """The visible sheets of an Excel file, values only; a formula nobody has calculated is refused, for it may be a name."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise CaseError(f"{what}: protected by a password, or of the old kind .xls. Save it as .xlsx without one")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(member.file_size for member in packed.infolist()) > MAX_UNPACKED:
                raise CaseError(f"{what}: too large once unpacked. List people alone in it")
        values, formulas = _grids(data, True), _grids(data, False)
    except _BROKEN:
        raise unreadable(what) from None
    for sheet, grid in values.items():
        where = f"{what}, sheet {sheet}"
        lines = [(number, [_words(cell) for cell in cells]) for number, cells in enumerate(grid, 1)]
        for number, cells in enumerate(formulas[sheet], 1):
            shown = lines[number - 1][1]
            if any(c.startswith(_FAILED) for c in shown) or any(_calculated(c) and not shown[at] for at, c in enumerate(cells)):
                raise CaseError(f"{where}, row {number}: a formula has no value. Open the file in Excel and save it again")
        yield where, _bounded(lines, what)


def sheets(path: Path, what: str, books: Books = workbook) -> Iterator[tuple[str, Lines]]:
    """Each sheet: where it is, and its lines with their numbers. `books` reads a workbook, in another process where it can."""
    data = read_bytes(path, CaseError, what, MAX_BYTES)
    ending = path.suffix.lower()
    if ending in (".csv", ".tsv"):
        yield what, _table(data, ending, what)
    elif ending in (".xlsx", ".xlsm"):
        yield from books(data, what)
    else:
        raise CaseError(f"{what}: no spreadsheet that is read here. Save it as .xlsx or .csv")


def _table(data: bytes, ending: str, what: str) -> Lines:
    """Lines of a text table in UTF-8, UTF-16 or, as Excel saves it, Windows-1252."""
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise CaseError(f"{what}: its encoding is not known. Save it as CSV UTF-8")
    first = text.partition("\n")[0]
    delimiter = "\t" if ending == ".tsv" else max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise CaseError(f"{what}: the quotes in it do not match. Save it again from the spreadsheet") from None
    return _bounded([(number, [_words(cell) for cell in line]) for number, line in enumerate(lines, 1)], what)


def _grids(data: bytes, values: bool) -> dict[int, list[tuple[Any, ...]]]:
    """Cells of each visible sheet by its number."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl does not carry over (drop-down lists, colours) is not needed
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=values)
        try:
            shown = {n: sheet for n, sheet in enumerate(book.worksheets, 1) if sheet.sheet_state == "visible"}
            for sheet in shown.values():
                sheet.reset_dimensions()  # some programs write a wrong size, and rows would be lost
            return {n: list(sheet.iter_rows(values_only=True, max_row=MAX_ROWS + 2)) for n, sheet in shown.items()}
        finally:
            book.close()


def _calculated(value: object) -> bool:
    return value is not None and (not isinstance(value, str | int | float) or str(value).startswith("="))


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "\n".join(" ".join(line.split()) for line in str(value).split("\n")).strip()


def _bounded(lines: Lines, what: str) -> Lines:
    if len(lines) > MAX_ROWS:
        raise CaseError(f"{what}: more than {MAX_ROWS:,} rows. List people alone in it")
    return lines
