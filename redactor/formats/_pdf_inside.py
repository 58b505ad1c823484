"""What a PDF file holds beside the words of its pages, by pikepdf: learnt from and never carried over; and which pages are to
be doubted for their fonts and layers.

Attached files, pictures and scripts in streams are dropped unread. A font that names all its letters and lies about some of
them looks honest from here; `_pdf_confirm` looks at a sample of every font.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from ..cleartext import ClearText
from ..errors import HeldError
from ..model import Hidden
from ._format import damaged, protected, unsafe
from ._runs import clean
from .marks import MARKED, says

MAX_PAGES = 3000
MAX_OBJECTS = 500_000
MAX_HIDDEN = 400_000  # characters: enough to learn every name from
MAX_DEPTH = 40
MAX_STREAM = 4 * 1024 * 1024
_PLACES = {  # of a string, by the key it stands under; any other is a property
    "/Contents": "annotation", "/RC": "annotation", "/Subj": "annotation", "/NM": "annotation",
    "/V": "form field", "/DV": "form field", "/TU": "form field", "/TM": "form field", "/RV": "form field", "/Opt": "form field",
    "/XFA": "form field", "/CA": "form field",
    "/URI": "link target", "/F": "link target", "/UF": "embedded file name", "/Desc": "embedded file name",
    "/JS": "script", "/Alt": "alt text", "/ActualText": "alt text", "/E": "alt text", "/P": "property",
}  # fmt: skip
_SKIPPED = frozenset(
    """/ID /IDTree /CreationDate /ModDate /M /Producer /DA /Lang /Registry /Ordering /CharSet /Panose /O /U /OE /UE /Perms /Cert
    /ByteRange /OutputCondition /OutputConditionIdentifier /RegistryName /Info /CheckSum /Filter""".split()
)
_STANDARD = re.compile(r"/?(?:Helvetica|Times|Courier|Arial|TimesNewRoman|CourierNew)[-,]?\w*")
_GLYPH_NAME = re.compile(r"[A-Za-z]+(?:\.\w+)?|uni[0-9A-F]{4,}|u[0-9A-F]{4,6}")
_ODD_NAME = re.compile(r"(?:[A-Za-z]|cid|glyph|gid|index)\d+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2}")
_MAPPED = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_DYNAMIC = re.compile(rb"<dynamicRender>\s*required\s*<")
_COVERING = frozenset({"/Square", "/Circle", "/Highlight", "/Ink", "/FreeText", "/Stamp", "/Polygon", "/Redact", "/Line"})


@dataclass(slots=True)
class Inside:
    """`doubtful`: pages (from 0) whose fonts or layers may say other than they show; `plain`: fonts that cannot; `false`: those
    that were found to; `marked`: pages with annotations that may cover words; `redact`: per page the rectangles marked for a
    redaction that was never applied; `form`: whether any page has a form field."""

    pages: int = 0
    hidden: list[Hidden] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    doubtful: set[int] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)
    false: set[str] = field(default_factory=set)
    marked: set[int] = field(default_factory=set)
    redact: dict[int, list[tuple[float, float, float, float]]] = field(default_factory=dict)
    form: bool = False


def inside(data: bytes) -> Inside:
    """The inventory of a file. Raises HeldError for one that is locked or cannot be parsed."""
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
            if len(document.objects) > MAX_OBJECTS:
                raise unsafe("it holds more objects than a document needs")
            out = Inside(len(document.pages))
            if out.pages > MAX_PAGES:
                raise HeldError(f"it has more than {MAX_PAGES} pages", "Split it into smaller documents.")
            if _drawn_elsewhere(document):
                raise HeldError(
                    "its pages are made by the program that reads the form (dynamic XFA)",
                    "Print it to a new PDF file from the program it is filled in with",
                )
            _words(document, out)
            for at, page in enumerate(document.pages):
                _page(at, page, out)
            return out
    except pikepdf.PasswordError:
        raise protected() from None
    except (pikepdf.PdfError, pikepdf.DataDecodingError, RuntimeError, ValueError, TypeError, KeyError, AttributeError):
        raise damaged() from None


def _drawn_elsewhere(document: pikepdf.Pdf) -> bool:
    """Whether the pages that a reader of the form sees are not in the file: its own page only asks to wait for them
    (NeedsRendering, ISO 32000-1 table 28; dynamicRender, XFA specification 3.3, config)."""
    form = document.Root.get("/AcroForm")
    xfa = form.get("/XFA") if isinstance(form, pikepdf.Dictionary) else None
    if xfa is None:
        return False
    packets = xfa if isinstance(xfa, pikepdf.Array) else [xfa]
    required = any(isinstance(p, pikepdf.Stream) and _DYNAMIC.search(_unpacked(p)) for p in packets)
    return required or bool(document.Root.get("/NeedsRendering", False))


def _words(document: pikepdf.Pdf, out: Inside) -> None:
    """Every string of every object, once."""
    seen: set[tuple[str, str]] = set()
    room = MAX_HIDDEN
    roots: Iterator[Any] = iter([document.trailer, *document.objects])
    for thing in roots:
        for place, text in _strings(thing):
            text = " ".join(clean(re.sub(r"<[^<>]*>", " ", text)).split())[:5000]
            if (place, text) in seen or not _WORD.search(text) or room <= 0:
                continue
            seen.add((place, text))
            room -= len(text)
            out.hidden.append(Hidden(place, ClearText(text)))


def _strings(thing: Any) -> Iterator[tuple[str, str]]:
    """The strings of one object as (place, text), streams that are text among them; what it refers to is an object of its own."""
    stack: list[tuple[Any, str, int]] = [(thing, "property", 0)]
    while stack:
        value, place, depth = stack.pop()
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, pikepdf.String):
            yield place, str(value)
        elif isinstance(value, pikepdf.Array):
            stack += [(item, place, depth + 1) for item in value if not getattr(item, "is_indirect", False)]
        elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
            stack += _entries(value, place, depth)
            if isinstance(value, pikepdf.Stream):
                yield from _stream(value)


def _entries(value: Any, place: str, depth: int) -> Iterator[tuple[Any, str, int]]:
    kind = value.get("/Type")
    for key, item in value.items():
        if key in _SKIPPED or getattr(item, "is_indirect", False) or kind == "/Font":
            continue
        where = _PLACES.get(key, place)
        if key == "/T":
            where = "form field" if "/FT" in value or "/Kids" in value else "alt text" if "/S" in value else "annotation author"
        elif key == "/Title" and "/Parent" in value:
            where = "bookmark"
        elif key == "/Name" and kind == "/OCG":
            where = "layer name"
        elif key == "/F" and kind == "/Filespec":
            where = "embedded file name"
        yield item, where, depth + 1


def _stream(stream: pikepdf.Stream) -> Iterator[tuple[str, str]]:
    """The words of metadata, and of texts and scripts kept as streams."""
    kind, subtype = stream.get("/Type"), stream.get("/Subtype")
    known = kind in ("/XObject", "/XRef", "/ObjStm", "/EmbeddedFile", "/CMap", "/Pattern") or subtype in ("/Image", "/Form")
    if known or any(key in stream for key in ("/Length1", "/FunctionType", "/PatternType", "/N")):
        return
    data = _unpacked(stream)
    if kind == "/Metadata":
        yield "property", data.decode("utf-8", "replace")
    elif b"BT" not in data and b"begincmap" not in data and (kind is not None or not re.search(rb"\b(?:re|cm|Do|BMC)\b", data)):
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return
        if sum(char.isalpha() or char.isspace() for char in text) > 0.5 * len(text):
            yield "script" if "this." in text or "app." in text else "property", text


def _unpacked(stream: pikepdf.Stream) -> bytes:
    """The first bytes of a stream, never more than MAX_STREAM: a small one may unpack to more than there is memory."""
    packed = stream.get("/Filter")
    raw = stream.read_raw_bytes()
    if packed is None:
        return raw[:MAX_STREAM]
    if packed != "/FlateDecode" and not (isinstance(packed, pikepdf.Array) and [str(p) for p in packed] == ["/FlateDecode"]):
        return b""
    try:
        return zlib.decompressobj().decompress(raw, MAX_STREAM)
    except zlib.error:
        return b""


def _page(at: int, page: pikepdf.Page, out: Inside) -> None:
    """One page's fonts, layers and annotations."""
    resources: dict[tuple[int, int] | int, Any] = {}
    _resources(page.obj, resources, 0)
    _resources_of(_inherited(page.obj), resources, 0)
    for found in resources.values():
        for font in _values(found.get("/Font")):
            name = str(font.get("/BaseFont", "/?"))[1:]
            trust = _trust(font)
            if trust == "none":
                out.doubtful.add(at)
            elif trust == "plain":
                out.plain.add(name)
        if any("/OCGs" in item or item.get("/Type") == "/OCG" for item in _values(found.get("/Properties"))):
            out.doubtful.add(at)
        if any("/OC" in item for item in _values(found.get("/XObject"))):
            out.doubtful.add(at)
    for note in page.obj.get("/Annots") or []:
        if not isinstance(note, pikepdf.Dictionary):
            continue
        out.form |= note.get("/Subtype") == "/Widget"
        if note.get("/Subtype") in ("/Redact", "/Highlight") or says(str(note.get("/Contents", ""))[:100_000]):
            out.warnings.append(MARKED)
        if note.get("/Subtype") not in _COVERING:
            continue
        out.marked.add(at)
        if note.get("/Subtype") == "/Redact" and "/Rect" in note:
            left, bottom, right, top = (float(n) for n in note.Rect)
            out.redact.setdefault(at, []).append((left, bottom, right, top))
            out.warnings.append("redact-annotation-unapplied")


def _inherited(node: Any) -> Any:
    for _ in range(MAX_DEPTH):
        if not isinstance(node, pikepdf.Dictionary):
            return None
        if "/Resources" in node:
            return node.Resources
        node = node.get("/Parent")
    return None


def _resources(holder: Any, found: dict[Any, Any], depth: int) -> None:
    if isinstance(holder, pikepdf.Dictionary | pikepdf.Stream):
        _resources_of(holder.get("/Resources"), found, depth)


def _resources_of(resources: Any, found: dict[Any, Any], depth: int) -> None:
    """A resource dictionary and those of the drawings and patterns in it."""
    if not isinstance(resources, pikepdf.Dictionary) or depth > 12 or len(found) > 2000:
        return
    key = resources.objgen if resources.is_indirect else id(resources)
    if key in found:
        return
    found[key] = resources
    for name in ("/XObject", "/Pattern"):
        for item in _values(resources.get(name)):
            _resources(item, found, depth + 1)


def _values(mapping: Any) -> Iterator[Any]:
    if isinstance(mapping, pikepdf.Dictionary):
        yield from (item for _, item in mapping.items() if isinstance(item, pikepdf.Dictionary | pikepdf.Stream))


def _trust(font: Any) -> str:
    """How far a font's names for its letters can be believed: "plain" (it is no file of its own and its encoding is a standard
    one), "named" (it names its letters, and may lie), "none"."""
    subtype = font.get("/Subtype")
    mapped = font.get("/ToUnicode")
    if subtype == "/Type3":
        return "none"
    if isinstance(mapped, pikepdf.Stream):
        return "named" if _sane(mapped) else "none"
    encoding = font.get("/Encoding")
    if subtype == "/Type0":
        return "named" if isinstance(encoding, pikepdf.Name) and not str(encoding).startswith("/Identity") else "none"
    descriptor = font.get("/FontDescriptor")
    embedded = isinstance(descriptor, pikepdf.Dictionary) and any(f"/FontFile{n}" in descriptor for n in ("", "2", "3"))
    differences: Any = encoding.get("/Differences") or [] if isinstance(encoding, pikepdf.Dictionary) else []
    names = [str(name)[1:] for name in differences if isinstance(name, pikepdf.Name)]
    if any(_ODD_NAME.fullmatch(n) or not _GLYPH_NAME.fullmatch(n) for n in names if n != ".notdef"):
        return "none"
    if encoding is None:
        return "plain" if not embedded and _STANDARD.fullmatch(str(font.get("/BaseFont", ""))) else "none"
    return "named" if embedded or names else "plain"


def _sane(mapped: pikepdf.Stream) -> bool:
    """Whether a font gives its letters names of their own: one that calls many "x" hides what they are."""
    pairs = dict(_MAPPED.findall(_unpacked(mapped)))
    return len(pairs) < 4 or len(set(pairs.values())) > 0.6 * len(pairs)
