"""One file per format, its reader and its writer together; the list of formats is explicit.

    document = read(path, "d01", "notes/interview.docx")
    write(masked, document.media, target)

What a file is goes by its content; its name decides only between kinds of text. The target's ending is the caller's: the
source's own where it is among `format_named(document.media).extensions`, else the first of those.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from ..case_sheets import Lines, unreadable, workbook
from ..cleartext import ClearText
from ..content import Block, BlockKind, Content
from ..errors import EnvironmentFault, HeldError, UsageError
from ..model import Document, Member, Span
from ..plugins import Plugin
from ..plugins import named as plugin_named
from . import letterhead
from ._apart import answer_apart, making_files_in, plain, reading_of, serve
from ._apart import begin as begin_reader
from ._apart import stop as stop_readers
from ._depends import signature
from ._format import Format, Reading, damaged, empty, may_be_text, no_reader, protected
from ._runs import clean
from .archive import ZIP
from .csv import CSV, TSV
from .docx import DOCX
from .foreign import FOREIGN
from .html import HTML
from .letterhead import Letterhead, open_letterhead
from .mail import EML, MBOX
from .markdown import MARKDOWN
from .msg import MSG
from .pdf import PDF
from .picture import PICTURE, paint_pages
from .plugged import plugged
from .pptx import PPTX
from .text import TEXT
from .xlsx import XLSX

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "Format",
    "Kept",
    "Letterhead",
    "Reading",
    "begin_reader",
    "checked_as",
    "format_named",
    "in_use",
    "made",
    "making_files_in",
    "media_of",
    "member_id",
    "open_letterhead",
    "painted",
    "people_in",
    "picture_of",
    "read",
    "read_data",
    "reopen",
    "said",
    "signature",
    "stop_readers",
    "using",
    "write",
    "written_as",
]

FORMATS: tuple[Format, ...] = (
    ZIP,
    DOCX,
    PPTX,
    XLSX,
    *FOREIGN,
    PDF,
    PICTURE,
    MSG,
    MBOX,
    EML,
    HTML,
    MARKDOWN,
    CSV,
    TSV,
    TEXT,
)
"""Asked in this order whether a file is theirs: what is told by content before what is told by its name's ending."""

ANY = "any:"
"""Before the ending of a file's name where the other process is asked to read it, whatever it is."""

PEOPLE = "people:"
"""Before what a spreadsheet of people is called in errors."""
MAX_BYTES = 256 * 1024 * 1024
MAX_KEPT = 4 * 1024 * 1024  # bytes of files within a file that are kept with its reading

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


_PLUGGED: ContextVar[Mapping[str, Format]] = ContextVar("formats of plug-ins in use, by the names of these", default={})  # noqa: B039


@contextmanager
def using(plugins: Sequence[Plugin]) -> Iterator[None]:
    """Within this, files of these plug-ins' formats are read and written too. Raises PluginFault."""
    made = {plugin.name: plugged(plugin, FORMATS) for plugin in plugins}
    before = _PLUGGED.set(made)
    try:
        yield
    finally:
        _PLUGGED.reset(before)


def in_use() -> tuple[Format, ...]:
    """Every format that a file may be of: plug-ins' first, which take nothing but their own endings."""
    return (*_PLUGGED.get().values(), *FORMATS)


def checked_as(media: str) -> str:
    """The media type that verification takes a copy for: a plug-in's own writer makes plain text."""
    return "text/plain" if any(media == known.media for known in _PLUGGED.get().values()) else media


def format_named(name: str) -> Format:
    """A format by its short name ("docx") or media type. Raises UsageError."""
    for known in in_use():
        if name in (known.name, known.media):
            return known
    raise UsageError(f"no format is called {name!r}. Known: {', '.join(known.name for known in in_use())}.")


def written_as(known: Format) -> Format:
    """The format in which copies of a file are written: its own, or the one it names."""
    return format_named(known.copy_as) if known.copy_as else known


class Kept(Protocol):
    """Where readings are kept, by what they were made from."""

    def get(self, kind: str, *made_from: str) -> bytes | None:
        """What was kept, None where there is nothing."""

    def put(self, kind: str, data: bytes, *made_from: str) -> None:
        """Keep it."""


def read(path: Path, doc_id: str, relative: str, kept: Kept | None = None) -> Document:
    """What a reader of the file sees and what it hides. `relative` is its path within the bundle. A file that was read before
    by the same readers is taken from `kept`. Raises HeldError."""
    return read_data(_bytes(path), doc_id, relative, path.suffix, kept)


def read_data(data: bytes, doc_id: str, relative: str, ending: str, kept: Kept | None = None) -> Document:
    """The same for the bytes of a file that may lie nowhere; the `ending` of its name tells texts apart. Raises HeldError."""
    if len(data) > MAX_BYTES:
        raise _too_large()
    if not data:
        raise empty()
    media, (content, hidden, warnings, members) = _reading(data, ending.lower(), kept)
    if not members and not any(block.text.reveal().strip() for block in content.blocks()):
        raise empty()
    if members:
        content = Content((*content.body, *_listed(doc_id, members)))
    return Document(doc_id, ClearText(relative), media, content, hidden, warnings, members)


def _reading(data: bytes, suffix: str, kept: Kept | None) -> tuple[str, Reading]:
    """The media type of a file and what is read of it. Both are found out in the other process: telling a Word file from a
    workbook takes a parser too."""
    plugins = tuple(_PLUGGED.get())
    by = (signature(), suffix, *(plugin_named("formats", name).said for name in plugins)) if kept is not None else ()
    made_from = (*by, hashlib.sha256(data).hexdigest())
    if kept is not None and (before := kept.get("reading", *made_from)) is not None:
        try:
            return _told(json.loads(before))
        except (HeldError, ValueError):
            pass  # an entry of another make: the file is read again
    asked = ANY + json.dumps([suffix, *plugins])
    answer = answer_apart(asked, data)
    if answer.get("office") is True:
        answer = answer_apart(asked, data, office=True)
    found = _told(answer)
    if kept is not None and sum(len(member.data) for member in found[1].members) <= MAX_KEPT:
        kept.put("reading", json.dumps(answer, separators=(",", ":")).encode(), *made_from)
    return found


def _told(answer: dict[str, Any]) -> tuple[str, Reading]:
    """A media type of ours and a reading. Raises HeldError for what is none."""
    if answer.get("media") not in {known.media for known in in_use()}:
        raise damaged()
    return str(answer["media"]), reading_of(answer)


def _listed(doc_id: str, members: Sequence[Member]) -> Iterator[Block]:
    """What a copy says of the files within its source: each by the id of the document it is, and its name."""
    yield Block(BlockKind.PARAGRAPH, ClearText("Files within, each a document of its own:"))
    for number, member in enumerate(members, 1):
        name = clean(member.name.reveal()).replace("\n", " ").strip() or "file"
        yield Block(BlockKind.ITEM, ClearText(f"{member_id(doc_id, number)}: {name}"))


def member_id(doc_id: str, number: int) -> str:
    """The id of the document that a member (counted from 1) is: "d03.1"."""
    return f"{doc_id}.{number}"


def people_in(data: bytes, what: str) -> Iterator[tuple[str, Lines]]:
    """The rows of a workbook that lists people, as `case_sheets.workbook` has them, read in a process that no document has been
    to. Raises CaseError."""
    try:
        answer = answer_apart(PEOPLE + what, data, house=True)
        found = [(str(at), [(int(n), list(map(str, cells))) for n, cells in lines]) for at, lines in answer["sheets"]]
    except (HeldError, ValueError, TypeError, KeyError):
        raise unreadable(what) from None
    yield from found


def serve_apart(office: bool = False) -> None:
    """The other process of `_apart.py`: reads files until it is told no more; `office`: those that LibreOffice opens."""
    serve(lambda name: _reader(name, office), office)


def _reader(name: str, office: bool) -> Callable[[bytes], Reading | dict[str, Any]]:
    """A reader by the name under which it is asked for there: that of marks, or whichever a file wants."""
    from . import marks_files

    if name.startswith(marks_files.APART):
        return marks_files.reader(name)
    if name == letterhead.APART:
        return letterhead.values_of
    if name.startswith(PEOPLE):
        return lambda data: {"sheets": [[at, lines] for at, lines in workbook(data, name.removeprefix(PEOPLE))]}
    suffix, *plugins = json.loads(name.removeprefix(ANY))
    among = (*map(_plugged, plugins), *FORMATS)

    def read(data: bytes) -> dict[str, Any]:
        known = _format(data, suffix, among)
        if known in FOREIGN and not office:
            return {"office": True}  # LibreOffice does not run here
        return {"media": known.media, **plain(known.read(data))}

    return read


@cache
def _plugged(name: str) -> Format:
    return plugged(plugin_named("formats", name), FORMATS)


def reopen(path: Path) -> Content:
    """What a reader of a copy of our own sees; one that a plug-in wrote is plain text, and the plug-in is not asked. Raises
    HeldError."""
    data = _bytes(path)
    suffix = path.suffix.lower()
    plain = may_be_text(data) and not any(suffix in known.extensions for known in FORMATS)
    known = TEXT if plain else _format(data, suffix, FORMATS)
    return (known.reopen or known.read)(data).content


def said(content: Content) -> str:
    """Every word and mark of a content as JSON: two that are written alike are alike here. Personal text."""
    return json.dumps(plain(Reading(content)))


def made(content: Content, media: str, letterhead: Letterhead | None = None) -> bytes:
    """A new file of this type from the content alone, on a letterhead where the format has one (Word and PDF)."""
    known = format_named(media)
    return known.write(content) if letterhead is None or known.write_on is None else known.write_on(content, letterhead)


def write(content: Content, media: str, target: Path) -> None:
    """Make such a file at `target`, folders included. Raises EnvironmentFault on a disk error."""
    put(target, made(content, media))


def put(target: Path, data: bytes) -> None:
    """The bytes of a copy as the file `target`, folders included. Raises EnvironmentFault on a disk error."""
    try:
        try:
            target.write_bytes(data)
        except FileNotFoundError:  # the folder, which most copies find in place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    except OSError as error:  # its own message holds the path, and a path holds names
        raise EnvironmentFault(
            f"a copy could not be written: {error.strerror}. Check the disk and the folder's rights."
        ) from None


def picture_of(path: Path, document: Document) -> bytes | None:
    """The file of a document that is a picture, None for any other. Raises HeldError."""
    return _bytes(path) if document.media == PICTURE.media else None


def painted(
    data: bytes, document: Document, replaced: Mapping[Span, str], unsafe: Callable[[str], bool]
) -> Iterator[tuple[bytes, ClearText]]:
    """Each page of a picture as a new PNG file, masked lines painted over, with the text of the lines that stay. `replaced`:
    spans of its flat text and their words; `unsafe`: whether a text names somebody masked. Raises HeldError."""
    yield from paint_pages(data, document.content, replaced, unsafe)


def media_of(path: Path) -> Format:
    """The format of a file, by content first. Raises HeldError."""
    return _format(_bytes(path), path.suffix.lower(), in_use())


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _too_large()
        return path.read_bytes()
    except OSError:
        raise HeldError("the file cannot be opened", "Check that it is a file and that you may read it.") from None


def _too_large() -> HeldError:
    return HeldError("the file is larger than 256 MiB", "Split it into smaller documents.")


def _format(data: bytes, suffix: str, among: Sequence[Format]) -> Format:
    if not data:
        raise empty()
    for known in among:
        if known.matches(data, suffix):
            return known
    if data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise protected()
    if may_be_text(data) and any(
        suffix in known.extensions for known in FORMATS
    ):  # a plug-in that does not know its own file says so
        return TEXT  # named like another format, but its content is text
    raise no_reader()
