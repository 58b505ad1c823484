"""Outlook messages (.msg): the properties a reader sees, made a message that the e-mail reader reads.

Follows MS-OXMSG. Does not read a text that is there as rich text alone (held), nor calendar entries, tasks and contacts beyond
their subject and text.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from email.encoders import encode_base64
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from typing import Any

from ..errors import HeldError
from ._format import Format, Reading, damaged
from ._runs import clean
from .mail import read as read_mail

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARK = "__properties_version1.0".encode("utf-16-le")
_SUBJECT, _BODY, _HTML, _RTF, _HEADERS = "0037", "1000", "1013", "1009", "007D"
_SENDER, _SENDER_ADDRESS, _SENDER_SMTP, _TO, _CC = "0C1A", "0C1F", "5D01", "0E04", "0E03"
_FILE, _LONG_FILE, _DATA = "3704", "3707", "3701"
_SENT, _RECEIVED, _CODEPAGE = 0x0039, 0x0E06, 0x3FFD
MAX_DEPTH = 8
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def read(data: bytes) -> Reading:
    """The message as `mail.read` gives it. Raises HeldError."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            made = _Storage(file, (), 0).message()
    except (OSError, ValueError, IndexError, TypeError, AttributeError, KeyError, UnicodeError, OverflowError):
        raise damaged() from None
    return read_mail(made.as_bytes())


class _Storage:
    """One message of the file: the outermost, or one attached to it."""

    def __init__(self, file: Any, at: tuple[str, ...], depth: int) -> None:
        if depth > MAX_DEPTH:
            raise HeldError("messages are attached to messages too deep to read", "Save the attached messages one by one.")
        self._file, self._at, self._depth = file, at, depth
        self._streams = {
            path[len(at)]: tuple(path) for path in file.listdir() if tuple(path[: len(at)]) == at and len(path) == len(at) + 1
        }
        self._fixed = self._properties(32 if not at else 24)
        self._codec = f"cp{int.from_bytes(self._fixed.get(_CODEPAGE, b'')[:4], 'little') or 1252}"

    def _properties(self, header: int) -> dict[int, bytes]:
        """Properties of a fixed size: number → value. `header`: bytes before the first."""
        if "__properties_version1.0" not in self._streams:
            return {}
        data = self._file.openstream(list(self._streams["__properties_version1.0"])).read()
        rows = (data[at : at + 16] for at in range(header, len(data) - 15, 16))
        return {int.from_bytes(row[2:4], "little"): row[8:] for row in rows}

    def data(self, number: str) -> bytes:
        """A property of binary type, b"" if it is none."""
        return self._stream(f"__substg1.0_{number}0102")

    def text(self, number: str) -> str:
        """A property of text type, "" if it is none."""
        wide, narrow = self._stream(f"__substg1.0_{number}001F"), self._stream(f"__substg1.0_{number}001E")
        try:
            return (wide.decode("utf-16-le") if wide else narrow.decode(self._codec)).rstrip("\0")
        except (LookupError, UnicodeDecodeError):
            raise HeldError("the encoding of the message is not certain", "Save it as .eml or .docx.") from None

    def _stream(self, name: str) -> bytes:
        return self._file.openstream(list(self._streams[name])).read() if name in self._streams else b""

    def message(self) -> Message:
        """What the properties say, as an e-mail message; what no reader sees goes into headers of no name."""
        made = MIMEMultipart("mixed", boundary=f"whole-{len(self._at)}")
        address = self.text(_SENDER_SMTP) or self.text(_SENDER_ADDRESS)
        sender = self.text(_SENDER) + (f" <{address}>" if "@" in address and address not in self.text(_SENDER) else "")
        seen = [("From", sender), ("To", self.text(_TO)), ("Cc", self.text(_CC)), ("Subject", self.text(_SUBJECT))]
        numbers = sorted(self._texts() - {_SUBJECT, _BODY, _HTML, _SENDER, _TO, _CC, _FILE, _LONG_FILE})
        for name, words in (*seen, *(("X-Property", self.text(number)) for number in numbers)):
            if words.strip():
                made[name] = Header(" ".join(words.split()), "utf-8", header_name=name).encode()
        if when := self._when():
            made["Date"] = format_datetime(when)
        made.attach(self._body())
        for folder in sorted({path[len(self._at)] for path in map(tuple, self._file.listdir()) if self._holds(path)}):
            made.attach(self._attached(folder))
        return made

    def _texts(self) -> set[str]:
        return {m[1] for name in self._streams if (m := re.fullmatch(r"__substg1\.0_([0-9A-F]{4})001[EF]", name))}

    def _holds(self, path: tuple[str, ...]) -> bool:
        return path[: len(self._at)] == self._at and len(path) > len(self._at) + 1 and path[len(self._at)].startswith("__attach")

    def _when(self) -> datetime | None:
        for number in (_SENT, _RECEIVED):
            if value := int.from_bytes(self._fixed.get(number, b""), "little"):
                return _EPOCH + timedelta(microseconds=value // 10)
        return None

    def _body(self) -> Message:
        body, page = self.text(_BODY), self.data(_HTML) or self.text(_HTML).encode()
        if not body.strip() and not page and self.data(_RTF):
            raise HeldError("the text of the message is there as rich text alone", "Save it as .eml, .docx or .txt.")
        both = MIMEMultipart("alternative", boundary=f"text-{len(self._at)}")
        if body.strip() or not page:
            both.attach(MIMEText(body, "plain", "utf-8"))
        if page:
            rich = MIMENonMultipart("text", "html")
            rich.set_payload(page)
            encode_base64(rich)
            both.attach(rich)
        return both

    def _attached(self, folder: str) -> Message:
        at = (*self._at, folder)
        inner = (*at, "__substg1.0_3701000D")
        if any(tuple(path[: len(inner)]) == inner for path in self._file.listdir()):
            return MIMEMessage(_Storage(self._file, inner, self._depth + 1).message())
        part = _Storage(self._file, at, self._depth)
        made = MIMEApplication(part.data(_DATA))
        name = clean(part.text(_LONG_FILE) or part.text(_FILE)) or "attachment"
        made.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
        return made


def _matches(data: bytes, suffix: str) -> bool:
    return data.startswith(_OLE) and (_MARK in data or suffix == ".msg")


MSG = Format("msg", "application/vnd.ms-outlook", (".msg",), _matches, read, copy_as="eml")
