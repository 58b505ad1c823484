"""Every place of a PDF copy where words can stand: pages in two orders, strings, names, streams, and the bytes between them.

A copy holds nothing its writer never uses: a key, a filter or an object of another kind leaves it unchecked, and unchecked is
held (annotations, forms, attachments, scripts, layers, pictures are such keys). Does not see a font that draws another letter
than it names. Words in a font's own program are looked for where six letters and more stand together.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import regex  # type: ignore[import-untyped]
from pdfminer.pdfdocument import PDFDocument, PDFXRef
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfminer.psexceptions import PSException
from pdfminer.psparser import PSLiteral

from .pdf_pages import drawn, in_drawing_order, in_tag_order
from .places import Extract, Place, UnreadableError, Vocabulary
from .plain import decodings

MAX_STREAM = 64 * 1024 * 1024
_FAULTS = (
    PSException, PDFException, zlib.error, struct.error, RecursionError,
    AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError,
)  # fmt: skip
# ISO 32000-1: what a tagged page of text, lists and tables needs, and no more.
_KEYS = frozenset(
    """Type Pages Count Kids Parent Outlines First Last Next Prev Title Dest StructTreeRoot RoleMap K ParentTree Nums IDTree Names
    Limits ParentTreeNextKey S P Pg MCID A O ID Headers Scope ColSpan RowSpan ListNumbering Placement BBox Width Height Summary
    BorderStyle BorderColor BorderThickness Padding TextAlign Color TextDecorationType BaselineShift LineHeight SpaceBefore
    SpaceAfter StartIndent EndIndent TextIndent
    Resources ProcSet ColorSpace Font Subtype BaseFont Encoding ToUnicode DescendantFonts CIDSystemInfo Registry Ordering
    Supplement FontDescriptor DW W FontName Flags FontBBox ItalicAngle Ascent Descent CapHeight StemV CIDSet FontFile2 FontFile3
    CIDToGIDMap MediaBox Tabs StructParents Contents Length Length1 Filter WMode CMapName N Range Creator Metadata Lang MarkInfo
    Marked Suspects ViewerPreferences DisplayDocTitle Direction Size Root Info Datetime Terms Part Strong Em T""".split()
)
_NAMES = _KEYS | frozenset(
    """Catalog Page StructElem Document H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table TR TD TH THead TBody Span Layout List Column Row
    Both Solid Decimal LowerRoman UpperRoman LowerAlpha UpperAlpha Disc Circle Square None Block Start Center End XYZ PDF Text
    ImageC ImageB ImageI ICCBased DeviceGray Type0 CIDFontType0 CIDFontType2 CIDFontType0C Identity-H Identity CMap FlateDecode
    XML L2R MCR Artifact Pagination Footer Attached Bottom""".split()
)
_FONT = re.compile(r"(?:[A-Z]{6}\+)?(?:LibertinusSerif|NewCM(?:Math)?(?:10)?|NewComputerModern\w*|DejaVuSansMono)[-\w]*")
_RESOURCE = re.compile(r"[cf]\d+")
_DIGEST = re.compile(r"\b[A-Za-z0-9+/]{22}==")  # of the copy itself, as the writer names it in its trailer and metadata
_CELL = re.compile(r"U\d+x\d+y\d+")  # how a table's header cells are known
_STREAM = re.compile(rb"\bstream\n(.*?)\nendstream\b", re.DOTALL)
_WORD = re.compile(r"[A-Za-z][\w-]*")
_STRING = rb"(?<s>\((?:[^()\\]++|\\.|(?&s))*+\)|<[0-9A-Fa-f]*>)"  # parentheses within may stand bare where they are paired
_SHOWN = regex.compile(rb"\[(?:" + _STRING + rb"|[-\d.\s])*+\]\s*TJ|(?&s)\s*Tj", regex.DOTALL)
_SPOKEN = regex.compile(rb"/ActualText\s*" + _STRING, regex.DOTALL)
_GLYPH_SET = re.compile(rb"\xff*[\x80\xc0\xe0\xf0\xf8\xfc\xfe]?\x00*")
_OPERATORS = frozenset(
    "q Q cm w J j M d ri i gs m l c v y h re S s f F f* B B* b b* n W W* BT ET Tc Tw Tz TL Tf Tr Ts Td TD Tm T* Tj TJ "
    "CS cs SC SCN sc scn G g RG rg K k BDC BMC EMC << >> (en-GB)".split()
)


def pdf_vocabulary(data: bytes) -> Vocabulary:
    """The words an empty copy is made of: format, metadata, and what comes with every font."""
    places = pdf_places(data, Vocabulary()).places
    return Vocabulary(words=frozenset(word for place in places for word in _WORD.findall(place.text)))


def pdf_places(data: bytes, known: Vocabulary) -> Extract:
    """A PDF copy taken apart. Raises UnreadableError if it is no sound PDF file, or is locked or written on."""
    if not data.startswith(b"%PDF-1.7\n") or not data.rstrip().endswith(b"%%EOF"):
        raise UnreadableError("the copy is not a sound PDF file")
    try:
        document = PDFDocument(PDFParser(io.BytesIO(data)), fallback=False)
        if document.encryption is not None or len(document.xrefs) != 1 or not isinstance(document.xrefs[0], PDFXRef):
            raise UnreadableError("the copy is not one plain PDF file, written once")
        walk = _Objects()
        for number in sorted(document.xrefs[0].get_objids()):
            walk.object(document.getobj(number))
        walk.value(document.xrefs[0].get_trailer())
        found = drawn(document)
        tagged, loose = in_tag_order(document, found)
    except _FAULTS:
        raise UnreadableError("the copy is not a sound PDF file") from None
    unchecked = walk.unchecked + found.odd + ["text outside the tag tree"] * bool(loose)
    if sorted(map(len, _STREAM.findall(data))) != sorted(walk.streams):
        unchecked.append("bytes in a stream that belongs to no object")
    outside, odd = _outside(data, walk.objects)
    numbers = "\n".join(text for at, text in enumerate(found.artifacts, 1) if text.strip() != str(at))
    places = [
        *walk.places(),
        Place("artifacts", "beside the text of a page", numbers),
        Place("file", "bytes outside streams and strings", outside, raw=True),
    ]
    words = known.words | _NAMES
    places = [replace(p, structural="\n".join(w for w in _WORD.findall(p.text) if w in words)) for p in places]
    return Extract((tagged, in_drawing_order(found.pages)), tuple(places), tuple(unchecked + odd))


class _Objects:
    """Collects the words of a document's objects, sorted by what they are."""

    def __init__(self) -> None:
        self.unchecked: list[str] = []
        self.objects = 0
        self.streams: list[int] = []  # their lengths in the file
        self._outline: list[str] = []
        self._titles: list[str] = []
        self._strings: list[str] = []
        self._names: list[str] = []
        self._contents: list[str] = []
        self._fonts: list[str] = []
        self._other: list[str] = []

    def places(self) -> Iterator[Place]:
        """Where words were met. Outline and tag tree repeat headings, so what is seen accounts for each of them."""
        yield Place("outline", "outline", "\n\n".join(self._outline), shares=True)
        yield Place("titles", "title in the tag tree", "\n\n".join(self._titles), shares=True)
        yield Place("strings", "string of an object", "\n\n".join(self._strings))
        yield Place("names", "name of an object", "\n\n".join(self._names))
        yield Place("contents", "page instructions", "\n\n".join(self._contents))
        yield Place("fonts", "font program", "\n\n".join(self._fonts))
        yield Place("streams", "metadata or other stream", "\n\n".join(self._other), raw=True)

    def object(self, thing: Any) -> None:
        """One object of the file."""
        self.objects += 1
        if isinstance(thing, PDFStream):
            self.value(thing.attrs)
            self._stream(thing)
        else:
            self.value(thing)

    def value(self, thing: Any, depth: int = 0) -> None:
        """A value and those in it; what it refers to is an object of its own."""
        if depth > 50:
            raise RecursionError
        if isinstance(thing, dict):
            for key, value in thing.items():
                self._key(str(key))
                if isinstance(value, bytes) and key == "Title" and "Parent" in thing:
                    self._outline += decodings(value)
                elif isinstance(value, bytes) and key == "T" and "S" in thing:
                    self._titles += decodings(value)
                else:
                    self.value(value, depth + 1)
        elif isinstance(thing, list):
            for value in thing:
                self.value(value, depth + 1)
        elif isinstance(thing, PSLiteral):
            name = thing.name if isinstance(thing.name, str) else thing.name.decode("latin-1")
            if name not in _NAMES and not _FONT.fullmatch(name) and not _RESOURCE.fullmatch(name):
                self._names.append(name)
                self.unchecked.append("a name its writer never uses")
        elif isinstance(thing, bytes):
            texts = decodings(thing)
            if not _DIGEST.fullmatch(texts[0]) and not _CELL.fullmatch(texts[0]):
                self._strings += texts
        elif thing is not None and not isinstance(thing, int | float | PDFObjRef | str):
            self.unchecked.append("an object of a kind its writer never uses")

    def _key(self, key: str) -> None:
        if key not in _KEYS and not _RESOURCE.fullmatch(key):
            self._names.append(key)
            self.unchecked.append("an entry its writer never uses")

    def _stream(self, stream: PDFStream) -> None:
        raw = stream.get_rawdata() or b""
        self.streams.append(len(raw))
        data = _decoded(raw, stream.attrs)
        subtype = getattr(stream.attrs.get("Subtype"), "name", "")
        if subtype == "CIDFontType0C" or "Length1" in stream.attrs:
            words = re.findall(rb"[A-Za-z][A-Za-z '-]{5,}", data)
            self._fonts += [word.decode() for word in words if not _FONT.fullmatch(word.decode())]
        elif b"BDC" in data and b"EMC" in data and "Type" not in stream.attrs:
            self._page(data)
        elif "N" in stream.attrs and data[36:40] == b"acsp":  # a colour profile: its descriptions are UTF-16
            self._other += [text for text in decodings(data) if text.isprintable()]
            self._strings += [part.decode("utf-16-be") for part in re.findall(rb"(?:\x00[\x20-\x7e]){3,}", data)]
        elif _is_text(data):
            self._other += [_DIGEST.sub(" ", text) for text in decodings(data)]
        elif not _GLYPH_SET.fullmatch(data):  # a bit for each glyph of a font
            self.unchecked.append("a stream of a kind its writer never uses")

    def _page(self, data: bytes) -> None:
        """A page's instructions but for the words it shows or has read aloud, which `drawn` reads."""
        rest = _SPOKEN.sub(b" ", _SHOWN.sub(b" ", data))
        for token in re.findall(rb"\([^)]*\)?|<<|>>|<[^>]*>?|/[^\s/<>\[\]()]*|[^\s/<>\[\]()]+", rest):
            text = token.decode("latin-1")
            name = text[1:] if text.startswith("/") else ""
            if name in _NAMES or _RESOURCE.fullmatch(name) or text in _OPERATORS or re.fullmatch(r"[-+.\d]+", text):
                continue
            self._contents.append(text)
            self.unchecked.append("an instruction its writer never uses")


def _decoded(data: bytes, attributes: dict[str, Any]) -> bytes:
    filters = attributes.get("Filter")
    if filters is None:
        return data
    if getattr(filters, "name", "") != "FlateDecode" or "DecodeParms" in attributes:
        raise UnreadableError("a stream of the copy is packed in a way its writer never uses")
    inflate = zlib.decompressobj()
    out = inflate.decompress(data, MAX_STREAM)
    if not inflate.eof or inflate.unused_data.strip():
        raise UnreadableError("a stream of the copy is too large or holds more than it says")
    return out


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char.isspace() or char == "\ufeff" for char in set(text))


def _outside(data: bytes, objects: int) -> tuple[str, list[str]]:
    """The file without its streams and strings (which are looked at one by one), and what it should not hold."""
    head, _, body = _STREAM.sub(b"", data).partition(b"\n1 0 obj")
    rest = regex.sub(_STRING, b"()", b"1 0 obj" + body, flags=regex.DOTALL)
    odd = []
    if len(head) > 20 or rest.count(b"%") != 2 or not rest.rstrip().endswith(b"%%EOF"):
        odd.append("bytes before, between or after the objects")
    if len(re.findall(rb"\d+ \d+ obj\b", rest)) != objects:
        odd.append("an object that is not listed")
    return re.sub(r"\b\d{10} \d{5} [nf]\b", " ", rest.decode("latin-1")), odd
