"""PDF files: copies are typeset anew; nothing of a source file is carried over but the words a reader sees."""

from __future__ import annotations

from ._format import Format, Reading, no_reader
from ._pdf_write import write


def read(_data: bytes) -> Reading:
    """Not built yet."""
    raise no_reader()


PDF = Format("pdf", "application/pdf", (".pdf",), lambda data, _suffix: data.startswith(b"%PDF"), read, write)
