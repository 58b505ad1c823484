"""Zip archives: each file in one is a document of its own; the archive itself becomes a list of them.

Does not open: members with a password, links, names that point outside, methods of packing Python does not know. Each is named
with a reason, none is left out in silence; folders and system files (.DS_Store) are.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Sequence

from ..cleartext import ClearText
from ..content import Block, BlockKind, Content
from ..errors import HeldError
from ..model import Hidden, Member
from ._format import Format, Reading, damaged, is_zip, protected, unsafe

MAX_MEMBERS = 1_000
MAX_TOTAL = 256 * 1024 * 1024
_SMALL = 10_000_000  # bytes: no bomb
MAX_RATIO = 200  # unpacked to packed; text packs to a fifth, a table of zeros to a hundredth
NOISE = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)", re.IGNORECASE)
OUTSIDE = re.compile(r"^[/\\]|^\w:|(?:^|[/\\])\.\.(?:[/\\]|$)")


def read(data: bytes) -> Reading:
    """Its files as members. Raises HeldError for an archive that unpacks to more than can be looked through."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = [i for i in archive.infolist() if not i.is_dir() and not NOISE.search(i.filename)]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise damaged() from None
    if len(infos) > MAX_MEMBERS:
        raise HeldError(f"the archive holds more than {MAX_MEMBERS:,} files", "Split it into smaller ones.")
    if is_bomb(infos, MAX_TOTAL):
        raise unsafe("it unpacks to far more than a document holds")
    members, left = [], MAX_TOTAL
    for info in infos:
        member = _member(archive, info, left)
        left -= len(member.data)
        members.append(member)
    notes = [archive.comment, *(i.comment for i in infos)]
    hidden = tuple(Hidden("archive comment", ClearText(note.decode("utf-8", "replace"))) for note in notes if note.strip())
    words = f"An archive of {len(members)} {'file' if len(members) == 1 else 'files'}."
    return Reading(Content((Block(BlockKind.PARAGRAPH, ClearText(words)),)), hidden, (), tuple(members))


def is_bomb(infos: Sequence[zipfile.ZipInfo], most: int) -> bool:
    """Whether the directory tells of more than `most` bytes, or of far more than such files pack to."""
    size, packed = sum(i.file_size for i in infos), sum(i.compress_size for i in infos)
    return size > most or (size > _SMALL and size > MAX_RATIO * max(packed, 1))


def is_link(info: zipfile.ZipInfo) -> bool:
    """Whether a member is a symbolic link (S_IFLNK of its Unix mode)."""
    return info.external_attr >> 28 == 0xA


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> Member:
    name = ClearText(posixpath.basename(info.filename.replace("\\", "/")) or "file")
    if OUTSIDE.search(info.filename):
        return Member(name, fault=unsafe("its name in the archive points outside it"))
    if is_link(info):
        return Member(name, fault=HeldError("it is a link, not a file", "Put the file itself into the archive."))
    if info.flag_bits & 0x1:
        return Member(name, fault=protected())
    try:
        with archive.open(info) as stream:
            data = stream.read(left + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError):
        return Member(name, fault=damaged())
    if len(data) > left:  # its header lied
        raise unsafe("it unpacks to far more than a document holds")
    return Member(ClearText(info.filename), data)


def _matches(data: bytes, suffix: str) -> bool:
    """An archive that is no document of Office or OpenDocument, which are zip files as well."""
    if not is_zip(data):
        return False
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return suffix == ".zip"
    return "[Content_Types].xml" not in names and "mimetype" not in names


ZIP = Format("zip", "application/zip", (".zip",), _matches, read, copy_as="txt")
