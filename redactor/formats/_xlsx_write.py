"""Writes a new workbook from content alone.

Differs from the content: emphasis, levels and cells that span are lost; square brackets in a sheet's name become round.
"""

from __future__ import annotations

import io
import re
import zipfile

from ..content import BlockKind, Content
from ..errors import HeldError
from ._cells import rows

_TITLE = 31  # characters, Excel's limit for a sheet's name
_LONGEST = 32_767  # characters of a cell, the same
_FIRST = "Document"
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,14})|-?(?:0|[1-9]\d{0,9})\.\d{0,5}[1-9]")


def write(content: Content) -> bytes:
    """A workbook with a sheet for each heading of the first level, named by it; text as text, plain numbers as numbers.

    Raises HeldError for a text longer than a cell can hold.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = None
    at = 0
    for of, row in rows(content):
        title = ""
        if of is not None and of.kind is BlockKind.HEADING and of.level <= 1:
            title = _title(row[0], {name.casefold() for name in book.sheetnames})
            sheet, at = book.create_sheet(title or f"Sheet {len(book.sheetnames) + 1}"), 0
        sheet = sheet or book.create_sheet(_FIRST)
        if title or not (at or row):
            continue  # the name of the sheet says it, and no sheet begins with a blank row
        at += 1
        for column, text in enumerate(row, 1):
            if not text:
                continue
            if len(text) > _LONGEST:
                raise HeldError("a text is longer than a cell of a workbook can hold", "Ask for a copy in another format.")
            cell = sheet.cell(at, column)
            if _WHOLE.fullmatch(text):
                cell.value = float(text) if "." in text else int(text)
                continue
            cell.value, cell.data_type = text, "s"
            cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
            cell.alignment = Alignment(wrap_text="\n" in text, vertical="top")
            if of is not None and of.kind is BlockKind.HEADING:
                cell.font = Font(bold=True)
    if not book.sheetnames:
        book.create_sheet(_FIRST)
    out = io.BytesIO()
    book.save(out)
    return _settled(out.getvalue())


def _title(text: str, taken: set[str]) -> str:
    """The heading as a sheet's name; "" if it cannot be one word for word."""
    name = text.replace("[", "(").replace("]", ")").strip()
    if not name or len(name) > _TITLE or re.search(r"[\\/*?:\n]|^'|'$", name) or name.casefold() in taken | {"history"}:
        return ""
    return name


_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)


def _settled(data: bytes) -> bytes:
    """The same package without author or dates, its parts dated alike: the same content gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            target.writestr(info, _CORE if name == "docProps/core.xml" else source.read(name))
    return out.getvalue()
