"""PDF files: copies are typeset anew; nothing of a source file is carried over but the words a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..content import Content
from ._format import Format, Reading, no_reader
from ._pdf_write import write

if TYPE_CHECKING:
    from .letterhead import Letterhead


def read(_data: bytes) -> Reading:
    """Not built yet."""
    raise no_reader()


def _on(content: Content, letterhead: Letterhead) -> bytes:
    """The words of a letterhead before and after the content: the fonts and pictures of a Word template are not taken over."""
    return write(letterhead.around(content))


PDF = Format("pdf", "application/pdf", (".pdf",), lambda data, _suffix: data.startswith(b"%PDF"), read, write, write_on=_on)
