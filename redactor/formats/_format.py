"""What a format is, and the sentences with which a file is held. Sentences never hold words of a document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ..content import Content
from ..errors import HeldError, UsageError
from ..model import Hidden, Member

if TYPE_CHECKING:
    from .letterhead import Letterhead


class Reading(NamedTuple):
    """What a reader of a file sees, what was met that nobody sees and that is never carried over, and what a careful person
    should know of the file, as codes without its text ("text-under-box"); and the files within it."""

    content: Content
    hidden: tuple[Hidden, ...] = ()
    warnings: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()


def _never_written(_content: Content) -> bytes:
    raise UsageError("this format is read and never written. Ask for a copy in another one.")


@dataclass(frozen=True, slots=True)
class Format:
    """One file format: its short name, media type, name endings (the first is the one to give a copy), reader and writer.

    `matches` tells from a file's bytes and its name's ending (lower case) whether the file is of this format; it may raise
    HeldError for one that is and cannot be used. `read` takes a file's bytes and raises HeldError; `write` gives the bytes of
    a new file, the same for the same content. A format that is read and never written names in `copy_as` the one its copies
    are written in. `further`: formats in which every copy is given beside, asked for or not. `write_on` writes on a house's
    letterhead; a format without it has none. `reopen` reads a copy of our own that verification has passed, where doubt about
    a file from outside makes `read` dear; without it `read` does. `read` runs in a process of its own, with limits on memory and
    time (`_apart.py`), because the libraries that read files are not proof against every one.
    """

    name: str
    media: str
    extensions: tuple[str, ...]
    matches: Callable[[bytes, str], bool]
    read: Callable[[bytes], Reading]
    write: Callable[[Content], bytes] = _never_written
    copy_as: str = ""
    further: tuple[str, ...] = ()
    write_on: Callable[[Content, Letterhead], bytes] | None = None
    reopen: Callable[[bytes], Reading] | None = None


# What a file that is no text begins with: compound files, archives, pictures, PDF, RTF.
_MAGIC = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"%PDF",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"RIFF",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
)


def is_zip(data: bytes) -> bool:
    """Whether a file begins as a zip archive does: Word, Excel, OpenDocument and plain archives."""
    return data.startswith(_MAGIC[:3])


def may_be_text(data: bytes) -> bool:
    """Whether a file does not begin as one of the well-known binary formats does."""
    return not data.startswith(_MAGIC)


def empty() -> HeldError:
    """The file has no bytes, or no text once read."""
    return HeldError("the file is empty", "Remove it from the bundle, or replace it with one that has text.")


def no_reader() -> HeldError:
    """No format of ours reads this."""
    return HeldError("no reader for this type", "Save the document as .docx, .xlsx, .csv, .txt, .md or .html.")


def too_long() -> HeldError:
    """More text than one document is read with."""
    return HeldError("the document is longer than about 3,000 pages", "Split it into smaller documents.")


def protected() -> HeldError:
    """The file asks for a password."""
    return HeldError("the file is protected by a password", "Save a copy without one.")


def damaged() -> HeldError:
    """The file is of a known format but cannot be parsed."""
    return HeldError("the file is damaged", "Open it in the program that made it and save a new copy.")


def unsafe(what: str) -> HeldError:
    """The file is built to harm or fool a reader; `what` is our own word for how."""
    return HeldError(f"the file is not safe to open: {what}", "Open it in the program that made it and save a new copy.")
