"""RTF, OpenDocument and the binary Word, Excel and PowerPoint files: through LibreOffice, then through our own readers.

Does not catch: what LibreOffice does not understand of a file; it is then in no copy. Copies are Word files or workbooks.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

from ..model import Hidden
from ._format import Format, Reading, damaged, protected
from ._libreoffice import converted
from ._odf import bared, odf_ending
from .docx import read as read_docx
from .pptx import read as read_slides
from .xlsx import read as read_workbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = {"WordDocument": ".doc", "Workbook": ".xls", "Book": ".xls", "PowerPoint Document": ".ppt"}
_FILEPASS = 0x2F  # [MS-XLS] 2.4.117: what follows is encrypted
_ENCRYPTED = 0x01  # [MS-DOC] 2.5.2, bit 8 of the flags at offset 10

Read = Callable[[bytes], Reading]


def binary_ending(data: bytes) -> str:
    """ ".doc", ".xls" or ".ppt" by the streams of a compound file, "" for any other. Raises HeldError for one that is locked."""
    import olefile

    if not data.startswith(_OLE):
        return ""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as compound:
            stream = next((name for name in _STREAMS if compound.exists(name)), None)
            if compound.exists("EncryptedPackage") or compound.exists("EncryptedSummary"):
                raise protected()
            if stream is None:
                return ""
            head = compound.openstream(stream).read(65536)
    except (OSError, ValueError, IndexError, KeyError, TypeError, struct.error, RecursionError):
        raise (protected() if "EncryptedPackage".encode("utf-16-le") in data else damaged()) from None
    ending = _STREAMS[stream]
    if (ending == ".doc" and len(head) > 12 and head[11] & _ENCRYPTED) or (ending == ".xls" and _locked(head)):
        raise protected()
    return ending


def _locked(head: bytes) -> bool:
    """Whether one of the first records of a workbook says that the rest is encrypted."""
    at = 0
    for _ in range(20):
        if at + 4 > len(head):
            return False
        kind, size = struct.unpack_from("<HH", head, at)
        if kind == _FILEPASS:
            return True
        at += 4 + size
    return False


def is_rtf(data: bytes, _suffix: str = "") -> bool:
    """Whether a file begins as rich text does."""
    return data.lstrip()[:5] == b"{\\rtf"


def _through(ending: str, target: str, read: Read) -> Read:
    """A reader of files of this ending by way of `target`."""

    def by_way_of(data: bytes) -> Reading:
        hidden: list[Hidden] = []
        own = ending
        if found := odf_ending(data):
            own = found
            data, hidden = bared(data)
        content, more, warnings, _ = read(converted(data, own, target))
        return Reading(content, tuple(dict.fromkeys((*hidden, *more))), warnings)

    return by_way_of


def _odf(ending: str) -> Callable[[bytes, str], bool]:
    return lambda data, _suffix: odf_ending(data) in (ending, f".f{ending[1:]}")


def _binary(ending: str) -> Callable[[bytes, str], bool]:
    return lambda data, _suffix: binary_ending(data) == ending


_ODF = "application/vnd.oasis.opendocument."
RTF = Format("rtf", "application/rtf", (".rtf",), is_rtf, _through(".rtf", "docx", read_docx), copy_as="docx")
ODT = Format("odt", _ODF + "text", (".odt", ".fodt"), _odf(".odt"), _through(".odt", "docx", read_docx), copy_as="docx")
DOC = Format("doc", "application/msword", (".doc",), _binary(".doc"), _through(".doc", "docx", read_docx), copy_as="docx")
ODS = Format(
    "ods", _ODF + "spreadsheet", (".ods", ".fods"), _odf(".ods"), _through(".ods", "xlsx", read_workbook), copy_as="xlsx"
)
XLS = Format(
    "xls", "application/vnd.ms-excel", (".xls",), _binary(".xls"), _through(".xls", "xlsx", read_workbook), copy_as="xlsx"
)
ODP = Format("odp", _ODF + "presentation", (".odp", ".fodp"), _odf(".odp"), _through(".odp", "pptx", read_slides), copy_as="docx")
PPT = Format(
    "ppt", "application/vnd.ms-powerpoint", (".ppt",), _binary(".ppt"), _through(".ppt", "pptx", read_slides), copy_as="docx"
)
FOREIGN: tuple[Format, ...] = (RTF, ODT, DOC, ODS, XLS, ODP, PPT)
