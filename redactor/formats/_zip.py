"""Guards around zip packages: sizes, names, passwords; and XML without entities.

Does not look into members it was not asked for (pictures, embedded files): they are never carried over.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from ._format import damaged, protected, unsafe

if TYPE_CHECKING:
    from lxml import etree


MAX_MEMBERS = 10_000
MAX_PART = 64 * 1024 * 1024  # one XML part; a Word file of a thousand pages has about 10 MiB
MAX_XML = 128 * 1024 * 1024  # all of them
MAX_TOTAL = 512 * 1024 * 1024
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(wordprocessingml/main|officeDocument/relationships|drawingml/\w+)")
_TRANSITIONAL = {
    b"wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"officeDocument/relationships": b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}


class Package:
    """The members of a zip file, checked before any is unpacked. Raises HeldError."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            raise damaged() from None
        self.names = tuple(member.filename for member in members)
        if any(member.flag_bits & 0x1 for member in members):
            raise protected()
        markup = sum(member.file_size for member in members if member.filename.endswith((".xml", ".rels", ".vml")))
        if len(members) > MAX_MEMBERS or markup > MAX_XML or sum(member.file_size for member in members) > MAX_TOTAL:
            raise unsafe("it unpacks to far more than a document holds")
        if len({name.casefold() for name in self.names}) < len(self.names):
            raise unsafe("two of its parts have one name")
        if any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name for name in self.names):
            raise unsafe("a part's name points outside it")

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str) -> bytes:
        """One member's bytes; the size is counted while unpacking, for a header may lie."""
        try:
            with self._zip.open(name) as member:
                data = member.read(MAX_PART + 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, KeyError, RuntimeError, ValueError):
            raise damaged() from None
        if len(data) > MAX_PART:
            raise unsafe("it unpacks to far more than a document holds")
        return data

    def xml(self, name: str) -> etree._Element:
        """One member as XML. A document type is refused: entities grow without end or fetch files; Word writes none."""
        from lxml import etree

        data = _STRICT.sub(lambda m: _TRANSITIONAL.get(m[1], b"http://schemas.openxmlformats.org/" + m[1]), self.read(name))
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        if b"<!DOCTYPE" in data[:4096]:
            raise unsafe("it declares XML entities")
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise damaged() from None
        if root.getroottree().docinfo.internalDTD is not None:
            raise unsafe("it declares XML entities")
        return root

    def links(self, part: str) -> dict[str, str]:
        """The parts that one part is related to, by the relation's id and by its kind ("styles")."""
        folder, base = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", base + ".rels")
        found: dict[str, str] = {}
        for link in self.xml(rels) if rels in self else ():
            if link.get("TargetMode") != "External":
                name = posixpath.normpath(posixpath.join("/" + folder, str(link.get("Target", "")))).lstrip("/")
                found[str(link.get("Id"))] = found[str(link.get("Type", "")).rsplit("/", 1)[-1]] = name
        return found
