"""What a format is, and the sentences with which a file is held. Sentences never hold words of a document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from ..content import Content
from ..errors import HeldError
from ..model import Hidden


class Reading(NamedTuple):
    """What a reader of a file sees, and what was met that nobody sees and that is never carried over."""

    content: Content
    hidden: tuple[Hidden, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """One file format: its short name, media type, name endings (the first is the one to give a copy), reader and writer.

    `read` takes a file's bytes and raises HeldError; `write` gives the bytes of a new file, the same for the same content.
    """

    name: str
    media: str
    extensions: tuple[str, ...]
    read: Callable[[bytes], Reading]
    write: Callable[[Content], bytes]


def empty() -> HeldError:
    """The file has no bytes, or no text once read."""
    return HeldError("the file is empty", "Remove it from the bundle, or replace it with one that has text.")


def no_reader() -> HeldError:
    """No format of ours reads this."""
    return HeldError("no reader for this type", "Save the document as .docx, .txt, .md or .html.")


def protected() -> HeldError:
    """The file asks for a password."""
    return HeldError("the file is protected by a password", "Save a copy without one.")


def damaged() -> HeldError:
    """The file is of a known format but cannot be parsed."""
    return HeldError("the file is damaged", "Open it in the program that made it and save a new copy.")


def unsafe(what: str) -> HeldError:
    """The file is built to harm or fool a reader; `what` is our own word for how."""
    return HeldError(f"the file is not safe to open: {what}", "Open it in the program that made it and save a new copy.")
