"""Every place of a Word copy where words can stand: members, markup, properties, names, and the zip file around them.

Does not see: pictures (a member that is neither text, XML nor a zip, and not that of an empty copy, is unchecked: the copy is
held), words that Word makes when it opens the file (fields, numbering). A hidden run counts as hidden if it says so itself, not
through its style; a word that is both a protected name and a style's or font's own name is taken for the latter in markup.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from xml.etree import ElementTree

from .places import Extract, Place, UnreadableError, Vocabulary, address_words
from .plain import decodings

MAX_DEPTH = 3
MAX_TOTAL = 512 * 1024 * 1024
_EOCD = b"PK\x05\x06"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STORY = re.compile(r"word/(?:document|footnotes|endnotes|header\d*|footer\d*)\.xml")
_PLACE_NAME = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:core|app|custom)\.xml|customXml/item\d*\.xml"
    r"|word/(?:_rels/)?(?:document|footnotes|endnotes|header\d*|footer\d*|styles|settings|numbering|comments|fontTable)\.xml(?:\.rels)?"
)
_TOKEN = re.compile(
    r"(?P<comment><!--.*?-->|<\?.*?\?>|<![^>]*>)|<(?P<end>/?)(?P<tag>[^\s<>/!?]+)(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s=<>/\"']+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_DECLARATION = re.compile(r"<\?xml( (version|encoding|standalone)=[\"'][\w.-]+[\"'])+\s*\?>", re.IGNORECASE)
_ENCODING = re.compile(r"<\?xml[^>]*encoding=[\"']([\w-]+)")
_BREAKS = {"w:p": "\n\n", "w:tc": "\n\n", "w:br": "\n", "w:cr": "\n", "w:tab": "\t"}
# What content adds to the markup of an empty copy (ECMA-376 part 1, section 17).
_CONTENT_NAMES = (
    "p pPr pStyle r rPr rStyle t br cr tab tabs b bCs i iCs u tbl tblPr tblStyle tblW tblGrid tblLook tblHeader tblBorders "
    "gridCol gridSpan vMerge tr trPr tc tcPr tcW val w type jc ind left right hanging spacing before after numPr ilvl numId "
    "sectPr headerReference footerReference footnoteReference endnoteReference hdr ftr id footnote endnote lang noBreakHyphen"
)
_LINK_NAMES = "xml:space r:id Id Type Target PartName ContentType Extension"
_NAMES = frozenset("w:" + name for name in _CONTENT_NAMES.split()) | frozenset(_LINK_NAMES.split())
_VALUES = frozenset({"restart", "continue", "dxa", "auto", "default", "first", "even", "center", "both", "clear", "nil"})
_WORDS = frozenset({"word", "header", "footer", "footnotes", "endnotes", "xml"})


@dataclass(slots=True)
class _Markup:
    """The pieces of one XML member: names and values that are known, those that are not, comments."""

    structural: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Budget:
    """How much may still be unpacked."""

    left: int = MAX_TOTAL


def package_vocabulary(data: bytes) -> Vocabulary:
    """The markup, members and values of an empty copy of any kind of package."""
    names, values, members = set[str](), set[str](), {}
    for info, content in _members(data, _Budget()):
        members[info.filename] = content
        if (text := _xml_source(content)) is not None:
            markup = _markup(text, Vocabulary())
            names |= set(markup.names)
            values |= {html.unescape(value) for value in markup.values}
    words = {word for value in values if "/" in value for word in address_words(value)}
    return Vocabulary(frozenset(names), frozenset(values), frozenset(words), members)


def docx_places(data: bytes, known: Vocabulary) -> Extract:
    """A Word copy taken apart. Raises UnreadableError if it is no plain zip file, locked, damaged or too large."""
    known = Vocabulary(known.names | _NAMES, known.values | _VALUES, known.words | _WORDS, known.members)
    walk = Walk(known)
    walk.package(data, "", 0)
    return Extract(("\n".join(walk.visible),), tuple(walk.places), tuple(walk.unchecked))


class Walk:
    """Collects the places of a package and of packages in it; as it stands those of a Word file."""

    story, place_name, breaks = _STORY, _PLACE_NAME, _BREAKS

    def __init__(self, known: Vocabulary) -> None:
        self.known, self.budget = known, _Budget()
        self.visible: list[str] = []
        self.places: list[Place] = []
        self.unchecked: list[str] = []

    def package(self, data: bytes, inside: str, depth: int) -> None:
        """`inside`: the member this package is, "" for the copy itself."""
        if depth > MAX_DEPTH:
            raise UnreadableError("the copy holds packages within packages, too deep to look into")
        infos = []
        for number, (info, content) in enumerate(_members(data, self.budget), 1):
            infos.append(info)
            label = info.filename if self.place_name.fullmatch(info.filename) and not inside else f"part {number}"
            self._member(info.filename, content, inside, label if not inside else f"{label} of a package inside", depth)
        self._around(data, infos, inside)

    def _member(self, name: str, content: bytes, inside: str, label: str, depth: int) -> None:
        key = f"{inside}{name}"
        if content[:4] == b"PK\x03\x04":
            self.package(content, key + "!", depth + 1)
        elif (text := _xml_source(content)) is not None:
            story = not inside and self.story.fullmatch(name) is not None
            self._xml(key, label, text, story, fixed=self.known.members.get(key) == content)
        else:
            readable = _is_text(content)
            for index, text in enumerate(decodings(content)):
                self.places.append(Place(f"{key} {index}", label, text, raw=not readable, deep=readable))
            if not readable and self.known.members.get(key) != content:
                self.unchecked.append(label)

    def read_story(self, _name: str, root: ElementTree.Element) -> None:
        """Take in the text that a part shows."""
        try:
            self.visible.append("".join(_shown(root)))
        except RecursionError:
            raise UnreadableError("a part of the copy is nested too deep to read") from None

    def _xml(self, key: str, label: str, text: str, story: bool, fixed: bool) -> None:
        """`fixed`: the member is that of an empty copy, which every copy has: it is taken apart once."""
        if story:
            self.read_story(key, _xml_root(text))
        known, breaks = self.known, tuple(self.breaks.items())
        parts = (_same_parts if fixed else _parts)(text, known.names, known.values, known.words, breaks)
        self.places += [
            Place(f"{key} joined", f"{label}: text", parts.joined, shares=story, raw=not story),
            Place(f"{key} spaced", f"{label}: text with tags taken out", parts.spaced, shares=story, deep=False),
            Place(f"{key} attributes", f"{label}: attribute or name", parts.attributes),
            Place(f"{key} comments", f"{label}: comment", parts.comments),
            Place(f"{key} source", f"{label}: source", parts.source, shares=story, structural=parts.structural, deep=False),
        ]

    def _around(self, data: bytes, infos: list[zipfile.ZipInfo], inside: str) -> None:
        """Member names, and every byte of the zip file that is not a member's content."""
        names = [info.filename for info in infos]
        fresh = [name for name in names if name not in self.known.members and not self.place_name.fullmatch(name)]
        self.places.append(Place(f"{inside} names", "member name", "\n".join(fresh)))
        known = "\n".join(
            name for name in names if name not in fresh for _ in range(2)
        )  # beside the content and in the directory
        rest, loose = _without_contents(data, infos)
        for index, text in enumerate(decodings(rest)):
            around = Place(
                f"{inside} zip {index}",
                "zip file: comment, extra field or bytes outside members",
                text,
                structural=known,
                raw=True,
            )
            self.places.append(around)
        if loose:
            self.unchecked.append("bytes outside the members of the zip file")


def _members(data: bytes, budget: _Budget) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for info in package.infolist():
                if info.flag_bits & 0x1:
                    raise UnreadableError("the copy is protected by a password")
                with package.open(info) as member:
                    content = member.read(budget.left + 1)
                budget.left -= len(content)
                if budget.left < 0:
                    raise UnreadableError("the copy unpacks to far more than a document holds")
                yield info, content
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError, OSError, RuntimeError):
        raise UnreadableError("the copy is not a sound zip file") from None


def _without_contents(data: bytes, infos: list[zipfile.ZipInfo]) -> tuple[bytes, bool]:
    """The file with every member's content cut out, and whether any byte belongs to no member, directory or end record."""
    kept, at, loose = [], 0, False
    for info in sorted(infos, key=lambda info: info.header_offset):
        start = info.header_offset
        content = (
            start
            + 30
            + int.from_bytes(data[start + 26 : start + 28], "little")
            + int.from_bytes(data[start + 28 : start + 30], "little")
        )
        loose |= start - at not in (0, 12, 16, 20, 24) or (start > at and data[at : at + 4] != b"PK\x07\x08")  # data descriptors
        kept.append(data[at:content])
        at = content + info.compress_size
    kept.append(data[at:])
    end = data.rfind(_EOCD)
    size, offset, comment = (int.from_bytes(data[end + a : end + b], "little") for a, b in ((12, 16), (16, 20), (20, 22)))
    gap = offset - at
    descriptor = gap in (12, 16, 20, 24) and data[at : at + 4] == b"PK\x07\x08"
    loose |= (gap != 0 and not descriptor) or offset + size != end or end + 22 + comment != len(data)
    return b"\n".join(kept), loose


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char.isspace() for char in set(text))


def _xml_source(content: bytes) -> str | None:
    """An XML member's characters, None if it is none. Raises UnreadableError for an encoding or entities not to be trusted."""
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        if content.lstrip()[:5] == b"<?xml":
            raise UnreadableError("a part of the copy is in an encoding its writer never uses") from None
        return None
    if not text.lstrip().startswith("<"):
        return None
    declared = _ENCODING.match(text)
    if declared and declared[1].lower() not in (("utf-16",) if wide else ("utf-8", "us-ascii", "ascii")):
        raise UnreadableError("a part of the copy is in an encoding its writer never uses")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnreadableError("a part of the copy defines entities")
    return text


def _xml_root(text: str) -> ElementTree.Element:
    """The parsed member. `_xml_source` has refused document types, so there is no entity to expand."""
    try:
        return ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))  # noqa: S314 - see above
    except ElementTree.ParseError:
        raise UnreadableError("a part of the copy is not well-formed XML") from None


def _shown(element: ElementTree.Element) -> Iterator[str]:
    """The text Word shows of a story, paragraphs and cells on lines of their own."""
    tag = element.tag
    if tag in (f"{_W}del", f"{_W}moveFrom") or (tag == f"{_W}r" and element.find(f"{_W}rPr/{_W}vanish") is not None):
        return
    if tag == f"{_W}t":
        yield element.text or ""
    elif tag == f"{_W}noBreakHyphen":
        yield "-"
    elif tag in (f"{_W}br", f"{_W}cr") or (tag == f"{_W}tab" and not element.attrib):
        yield "\n" if tag != f"{_W}tab" else "\t"
    for child in element:
        yield from _shown(child)
    if tag == f"{_W}p":
        yield "\n\n"


def _markup(text: str, known: Vocabulary) -> _Markup:
    """Tags, attributes and comments as they lie, each known one apart from the rest."""
    out = _Markup()
    for token in _TOKEN.finditer(text):
        if token["comment"]:
            (out.structural if _DECLARATION.fullmatch(token["comment"]) else out.comments).append(token["comment"])
            continue
        _name(out, token["tag"], known)
        for name, double, single in _ATTRIBUTE.findall(token["rest"]):
            value = double or single
            _name(out, name, known)
            out.values.append(value)
            (out.structural if known.has_value(name, html.unescape(value)) else out.attributes).append(value)
    return out


class _Parts(NamedTuple):
    """The texts in an XML member."""

    joined: str
    spaced: str
    attributes: str
    comments: str
    structural: str
    source: str


def _parts(
    text: str, names: frozenset[str], values: frozenset[str], words: frozenset[str], breaks: tuple[tuple[str, str], ...]
) -> _Parts:
    """A member's texts, by what is known of an empty copy. Raises UnreadableError where it is not well-formed."""
    _xml_root(text)
    markup, parting = _markup(text, Vocabulary(names, values, words)), dict(breaks)
    texts = (
        _TOKEN.sub(lambda token: parting.get(token["tag"], ""), text),
        _TOKEN.sub(lambda token: parting.get(token["tag"], " "), text),
        *("\n".join(rows) for rows in (markup.attributes, markup.comments, markup.structural)),
        text,
    )
    return _Parts(*map(html.unescape, texts))


_same_parts = lru_cache(maxsize=128)(_parts)


def _name(out: _Markup, name: str, known: Vocabulary) -> None:
    out.names.append(name)
    (out.structural if name in known.names else out.attributes).append(name)
