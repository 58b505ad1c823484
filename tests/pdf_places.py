"""One PDF with a person of its own in every place where a name can hide or be seen in a way that a search misses."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

_FIRST = "Bal Cor Dun Esk Far Gil Hol Ing Jar Kel Lun Mar Nor Osk Pel Quar Ros Sel Tarn Ul Var Wex Yar Zel".split()
_LAST = "brick dale fen garth holm ing kirk lode mere nab oxen pool rigg scale thorp upton vane wick yeld croft".split()
_GIVEN = "Ael Bry Cas Dor Eud Fen Gwy Hes Iso Jes Kat Lys Mer Nes Oph Per Que Ros Syb Thi Urs Ver Win Xan Yse Zen".split()
_GIVEN_END = "aria bela cinda dora ella fina gard hilda ina jette".split()


def people(count: int) -> list[str]:
    """Invented full names; no two share a given name or a surname."""
    given = [a + b for b in _GIVEN_END for a in _GIVEN]
    last = [a + b for b in _LAST for a in _FIRST]
    return [f"{given[at]} {last[at * 7 % len(last)]}" for at in range(count)]


class Builder:
    """The file under construction: pages of lines, and whatever else a place needs."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()
        self.fonts = Dictionary(F1=self.font("Helvetica"), F2=self.font("Times-Roman"))
        self.expected: list[str] = []
        self.page()

    def font(self, base: str) -> Any:
        return self.pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/" + base), Encoding=Name.WinAnsiEncoding)
        )

    def page(self) -> None:
        """Begin another page."""
        self.resources = Dictionary(Font=self.fonts, XObject=Dictionary(), Properties=Dictionary(), Pattern=Dictionary())
        self.content = b""
        self.y = 790.0
        page = Dictionary(Type=Name.Page, MediaBox=[0, 0, 595, 842], Resources=self.resources, Contents=self.pdf.make_stream(b""))
        self.pdf.pages.append(pikepdf.Page(self.pdf.make_indirect(page)))
        self.now = self.pdf.pages[-1].obj

    def put(self, code: str | bytes) -> None:
        """Instructions of the page."""
        self.content += (code.encode("latin-1") if isinstance(code, str) else code) + b"\n"
        self.now.Contents = self.pdf.make_stream(self.content)

    def next(self, step: float = 15) -> float:
        """Where the next line stands; a new page where this one is full."""
        self.y -= step
        if self.y < 80:
            self.page()
            self.y -= step
        return self.y

    def line(self, text: str, font: str = "F1", size: float = 11, x: float = 60) -> None:
        """A plain line of text."""
        self.put(f"BT /{font} {size} Tf {x} {self.next()} Td ({text}) Tj ET")

    def seen(self, text: str) -> None:
        """Words that a reader sees beside the name and must find in the copy."""
        self.expected.append(text)


def _plain(b: Builder, name: str) -> None:
    b.line(f"The first witness is {name} from the harbour office.")
    b.seen("from the harbour office")


def _kerned(b: Builder, name: str) -> None:
    letters = " ".join(f"({c}) {-20 if n % 2 else 15}" for n, c in enumerate(name))
    b.put(f"BT /F1 11 Tf 60 {b.next()} Td [(Then ) {letters} ( waited by the kerned gate.)] TJ ET")
    b.seen("waited by the kerned gate")


def _split_td(b: Builder, name: str) -> None:
    given, last = name.split()
    b.put(f"BT /F1 11 Tf 60 {b.next()} Td (Here ) Tj 30 0 Td ({given} ) Tj 70 0 Td ({last}) Tj 90 0 Td (left the split room.) Tj ET")
    b.seen("left the split room")


def _char_by_char(b: Builder, name: str) -> None:
    y, x = b.next(), 60.0
    for char in f"{name} came letter by letter":
        b.put(f"BT /F1 11 Tf {x} {y} Td ({char}) Tj ET")
        x += {" ": 3.06, "i": 2.44, "l": 2.44, "t": 3.06, "r": 3.66, "m": 9.16, "f": 3.06, "j": 2.44, "I": 3.06}.get(char, 6.1)
        x += 1.8 if char.isupper() or char == "w" else 0
    b.seen("came letter by letter")


def _vera() -> tuple[bytes, dict[int, int], Any]:
    from pathlib import Path

    import reportlab
    from reportlab.pdfbase.ttfonts import TTFontFace

    path = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    face = TTFontFace(str(path))
    return path.read_bytes(), face.charToGlyph, face


def _cid_font(b: Builder, text: str, mapped: Callable[[str], str] | None) -> tuple[str, str]:
    """A composite font of Vera whose ToUnicode says `mapped(letter)` (none at all for None), and `text` in its codes."""
    data, glyphs, face = _vera()
    widths = Array()
    for char in sorted(set(text)):
        widths.extend([glyphs[ord(char)], Array([int(face.charWidths.get(ord(char), 600))])])
    file = b.pdf.make_stream(data, Length1=len(data))
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name.Vera, Flags=4, FontBBox=[-183, -236, 1287, 928], ItalicAngle=0, Ascent=928,
        Descent=-236, CapHeight=730, StemV=87, FontFile2=file,
    )  # fmt: skip
    inner = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.Vera, DW=600, W=widths, CIDToGIDMap=Name.Identity,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0), FontDescriptor=b.pdf.make_indirect(descriptor),
    )  # fmt: skip
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.Vera, Encoding=Name("/Identity-H"), DescendantFonts=[b.pdf.make_indirect(inner)]
    )
    if mapped is not None:
        pairs = "\n".join(f"<{glyphs[ord(c)]:04X}> <{ord(mapped(c)):04X}>" for c in sorted(set(text)))
        cmap = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def\n"
            f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{len(set(text))} beginbfchar\n{pairs}\nendbfchar\n"
            "endcmap CMapName currentdict /CMap defineresource pop end end"
        )
        font.ToUnicode = b.pdf.make_stream(cmap.encode())
    key = f"C{len(b.fonts)}"
    b.fonts[Name("/" + key)] = b.pdf.make_indirect(font)
    return key, "".join(f"{glyphs[ord(c)]:04X}" for c in text)


def _cid(text: str, mapped: Callable[[str], str] | None, seen: str) -> Callable[[Builder, str], None]:
    def plant(b: Builder, name: str) -> None:
        key, codes = _cid_font(b, text.format(name=name), mapped)
        b.put(f"BT /{key} 11 Tf 60 {b.next(18)} Td <{codes}> Tj ET")
        b.seen(seen)

    return plant


def _caesar(char: str) -> str:
    return chr(ord(char) - 29) if ord(char) > 61 else char


def _lies_hidden(b: Builder, name: str) -> None:
    """The picture shows other words; copying gives the name."""
    shown = "the clerk of works "[: len(name)].ljust(len(name), "s")
    said = dict(zip(shown, name, strict=True))
    key, codes = _cid_font(b, shown, lambda c: said[c])
    b.put(f"BT /{key} 11 Tf 60 {b.next(18)} Td <{codes}> Tj ET")


def _hyphen(b: Builder, name: str) -> None:
    given, last = name.split()
    b.line(f"All of the afternoon had been spent in the long committee room by {given} {last[:4]}-")
    b.line(f"{last[4:]} and the hyphenated clerk, who wrote down what was said and sent it on to the council.")
    b.seen("and the hyphenated clerk")


def _across(b: Builder, name: str) -> None:
    given, last = name.split()
    b.y = 100
    b.line(f"The last line of this page goes on about the many people in the hall and with {given}")
    b.page()
    b.line(f"{last} on the page that follows, as anybody who turns over can read there at leisure.")
    b.seen("on the page that follows")


def _rotated(b: Builder, name: str) -> None:
    b.put(f"BT /F1 11 Tf 0 1 -1 0 40 300 Tm (Turned {name} in the margin) Tj ET")
    b.seen("in the margin")


def _mode3(b: Builder, name: str) -> None:
    b.put(f"BT /F1 11 Tf 3 Tr 60 {b.next()} Td ({name}) Tj 0 Tr ET")


def _white(b: Builder, name: str) -> None:
    b.put(f"BT 1 g /F1 11 Tf 60 {b.next()} Td ({name}) Tj 0 g ET")


def _image(b: Builder, width: int, height: int, data: bytes, **more: Any) -> str:
    key = f"X{len(b.resources.XObject)}"
    image = b.pdf.make_stream(
        data, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, ColorSpace=Name.DeviceGray, BitsPerComponent=8, **more
    )
    b.resources.XObject[Name("/" + key)] = image
    return key


def _under_image(b: Builder, name: str) -> None:
    b.line(name)
    key = _image(b, 8, 8, bytes(range(0, 256, 4)))
    b.put(f"q 200 0 0 14 58 {b.y - 4} cm /{key} Do Q")


def _under_box(b: Builder, name: str) -> None:
    b.line(f"Covered {name} by a bar")
    b.put(f"0 g 105 {b.y - 3} 130 13 re f")


def _off_media(b: Builder, name: str) -> None:
    b.put(f"BT /F1 11 Tf 900 400 Td ({name}) Tj ET")


def _crop(b: Builder, name: str) -> None:
    b.now.CropBox = Array([20, 20, 575, 822])
    b.put(f"BT /F1 8 Tf 60 5 Td ({name}) Tj ET")


def _clipped(b: Builder, name: str) -> None:
    b.put(f"q 1 1 2 2 re W n BT /F1 11 Tf 60 {b.next()} Td ({name}) Tj ET Q")


def _tiny(b: Builder, name: str) -> None:
    b.line(name, size=0.3)


def _zero(b: Builder, name: str) -> None:
    b.put(f"BT /F1 11 Tf 0 Tz 60 {b.next()} Td ({name}) Tj 100 Tz ET")


def _form(b: Builder, text: str, **more: Any) -> Any:
    return b.pdf.make_stream(
        f"BT /F1 11 Tf 0 2 Td ({text}) Tj ET".encode(), Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 500, 14],
        Resources=Dictionary(Font=b.fonts), **more,
    )  # fmt: skip


def _form_xobject(b: Builder, name: str) -> None:
    key = f"X{len(b.resources.XObject)}"
    b.resources.XObject[Name("/" + key)] = _form(b, f"Within a drawing {name} is named")
    b.put(f"q 1 0 0 1 60 {b.next()} cm /{key} Do Q")
    b.seen("Within a drawing")


def _nested(b: Builder, name: str) -> None:
    inner = _form(b, f"Deeper still {name} is named")
    outer = b.pdf.make_stream(
        b"q /I Do Q", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 500, 14], Resources=Dictionary(XObject=Dictionary(I=inner))
    )
    key = f"X{len(b.resources.XObject)}"
    b.resources.XObject[Name("/" + key)] = outer
    b.put(f"q 1 0 0 1 60 {b.next()} cm /{key} Do Q")
    b.seen("Deeper still")


def _tiling(b: Builder, name: str) -> None:
    pattern = b.pdf.make_stream(
        f"BT /F1 11 Tf 2 4 Td ({name} in a pattern) Tj ET".encode(), Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1,
        BBox=[0, 0, 300, 16], XStep=300, YStep=16, Resources=Dictionary(Font=b.fonts), Matrix=[1, 0, 0, 1, 60, b.next(20)],
    )  # fmt: skip
    b.resources.Pattern[Name.P1] = pattern
    b.put(f"/Pattern cs /P1 scn 60 {b.y} 300 16 re f 0 g")


def _type3(b: Builder, name: str) -> None:
    proc = b.pdf.make_stream(f"1000 0 d0 q 0.1 0 0 0.1 0 0 cm BT /F1 1000 Tf 0 0 Td ({name}) Tj ET Q".encode())
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 1000, 1000], FontMatrix=[0.01, 0, 0, 0.01, 0, 0],
        CharProcs=Dictionary(a=proc), Encoding=Dictionary(Type=Name.Encoding, Differences=[97, Name.a]), FirstChar=97, LastChar=97,
        Widths=[1000], Resources=Dictionary(Font=b.fonts),
    )  # fmt: skip
    b.fonts[Name.T3] = b.pdf.make_indirect(font)
    b.put(f"BT /T3 11 Tf 60 {b.next(24)} Td (a) Tj ET")


def _props(key: str) -> Callable[[Builder, str], None]:
    def plant(b: Builder, name: str) -> None:
        b.put(f"/Span <</{key} ({name})>> BDC")
        b.line(f"Marked as {key.lower()} here")
        b.put("EMC")
        b.seen(f"Marked as {key.lower()} here")

    return plant


def _named_props(b: Builder, name: str) -> None:
    b.resources.Properties[Name.MC9] = b.pdf.make_indirect(Dictionary(Note=name))
    b.put("/Span /MC9 BDC")
    b.line("Marked by a property list")
    b.put("EMC")


def _layers(b: Builder) -> Any:
    if "/OCProperties" not in b.pdf.Root:
        b.pdf.Root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary(OFF=Array(), Order=Array()))
    return b.pdf.Root.OCProperties


def _ocg_off(b: Builder, name: str) -> None:
    layer = b.pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Hidden layer"))
    _layers(b).OCGs.append(layer)
    _layers(b).D.OFF.append(layer)
    b.resources.Properties[Name.L1] = layer
    b.put("/OC /L1 BDC")
    b.line(name)
    b.put("EMC")


def drawn(text: str, size: int = 24) -> Any:
    """A picture of a line of text, grey."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (int(len(text) * size * 0.62) + 20, size * 2), 255)
    ImageDraw.Draw(picture).text((10, size // 3), text, fill=0, font=ImageFont.load_default(size))
    return picture


def _pixels(b: Builder, name: str) -> None:
    picture = drawn(name)
    key = _image(b, *picture.size, picture.tobytes())
    b.put(f"q {picture.width / 2} 0 0 {picture.height / 2} 60 {b.next(30)} cm /{key} Do Q")


def _inline(b: Builder, name: str) -> None:
    data = name.encode().ljust(64, b"\x40")
    b.put(f"q 60 0 0 6 60 {b.next()} cm BI /W 8 /H 8 /CS /G /BPC 8 ID ".encode() + data + b" EI Q")


def _jpeg(kind: str) -> Callable[[Builder, str], None]:
    def plant(b: Builder, name: str) -> None:
        from PIL import Image

        out, more = io.BytesIO(), {}
        if kind == "exif":
            exif = Image.Exif()
            exif[0x010E], exif[0x013B] = name, name
            more = {"exif": exif.tobytes()}
        elif kind == "xmp":
            more = {"xmp": f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{name}</x:xmpmeta>".encode()}
        elif kind == "com":
            more = {"comment": name.encode()}
        Image.new("L", (8, 8), 120).save(out, "JPEG", **more)
        data = out.getvalue() + (name.encode() if kind == "tail" else b"")
        key = _image(b, 8, 8, data, Filter=Name.DCTDecode)
        b.put(f"q 20 0 0 6 60 {b.next()} cm /{key} Do Q")

    return plant


def _image_extra(entry: str) -> Callable[[Builder, str], None]:
    def plant(b: Builder, name: str) -> None:
        picture = drawn(name)
        other = b.pdf.make_stream(
            picture.tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=picture.width, Height=picture.height,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8,
        )  # fmt: skip
        extra = other if entry == "SMask" else Array([Dictionary(Image=other, DefaultForPrinting=False)])
        key = _image(b, 2, 2, b"\xf0\xf0\xf0\xf0", **{entry: extra})
        b.put(f"q 20 0 0 6 60 {b.next()} cm /{key} Do Q")

    return plant


def _unused(b: Builder, name: str) -> None:
    b.resources.XObject[Name.Unused] = _form(b, name)


def _thumb(b: Builder, name: str) -> None:
    picture = drawn(name)
    b.now.Thumb = b.pdf.make_stream(
        picture.tobytes(), Width=picture.width, Height=picture.height, ColorSpace=Name.DeviceGray, BitsPerComponent=8
    )


def _resource_name(b: Builder, name: str) -> None:
    b.resources.XObject[Name("/" + name.replace(" ", ""))] = _form(b, "a drawing with a telling name")


def _outline_letters(b: Builder, name: str) -> None:
    """The name as filled curves."""
    from fontTools.pens.basePen import BasePen
    from fontTools.ttLib import TTFont

    code: list[str] = []

    class Pen(BasePen):  # type: ignore[misc]
        def _moveTo(self, p: Any) -> None:  # noqa: N802
            code.append(f"{p[0]} {p[1]} m")

        def _lineTo(self, p: Any) -> None:  # noqa: N802
            code.append(f"{p[0]} {p[1]} l")

        def _curveToOne(self, p: Any, q: Any, r: Any) -> None:  # noqa: N802
            code.append(f"{p[0]:.1f} {p[1]:.1f} {q[0]:.1f} {q[1]:.1f} {r[0]} {r[1]} c")

        def _closePath(self) -> None:  # noqa: N802
            code.append("h")

    font = TTFont(io.BytesIO(_vera()[0]))
    glyphs, cmap, x = font.getGlyphSet(), font.getBestCmap(), 0
    b.put(f"q 0.007 0 0 0.007 60 {b.next(20)} cm")
    for char in f"Outlined {name}":
        code.clear()
        glyphs[cmap[ord(char)]].draw(Pen(glyphs))
        b.put(f"q 1 0 0 1 {x} 0 cm " + "\n".join(code) + (" f Q" if code else " Q"))
        x += glyphs[cmap[ord(char)]].width
    b.put("Q")
    b.seen("Outlined")


def _qr(b: Builder, name: str) -> None:
    import cv2
    import numpy as np

    code = cv2.QRCodeEncoder.create().encode(name)
    code = np.kron(np.asarray(code), np.ones((4, 4), dtype=np.uint8))
    key = _image(b, code.shape[1], code.shape[0], code.tobytes())
    b.put(f"q 90 0 0 90 60 {b.next(100)} cm /{key} Do Q")


def _annotation(**entries: Any) -> Callable[[Builder, str], None]:
    """An annotation in which every "NAME" is the name."""

    def plant(b: Builder, name: str) -> None:
        def filled(value: Any) -> Any:
            if isinstance(value, str):
                return Name(value) if value.startswith("/") else String(value.replace("NAME", name))
            if isinstance(value, dict):
                return Dictionary({f"/{k}": filled(v) for k, v in value.items()})
            return Array([filled(v) for v in value]) if isinstance(value, list) else value

        note = Dictionary(Type=Name.Annot, Rect=[300, 20, 310, 30])
        for key, value in entries.items():
            note[Name("/" + key)] = filled(value)
        if "/Annots" not in b.now:
            b.now.Annots = Array()
        b.now.Annots.append(b.pdf.make_indirect(note))

    return plant


def _ap(subtype: str) -> Callable[[Builder, str], None]:
    def plant(b: Builder, name: str) -> None:
        _annotation(Subtype=f"/{subtype}")(b, name)
        b.now.Annots[-1].AP = Dictionary(N=_form(b, name))

    return plant


def _redact(b: Builder, name: str) -> None:
    b.line(f"Marked for redaction {name} but never applied")
    _annotation(Subtype="/Redact")(b, name)
    b.now.Annots[-1].Rect = Array([168, b.y - 3, 268, b.y + 10])


def _embedded(b: Builder, data: bytes, file: str = "notes.txt", **more: Any) -> Any:
    stream = b.pdf.make_stream(data, Type=Name.EmbeddedFile)
    return b.pdf.make_indirect(Dictionary(Type=Name.Filespec, F=file, UF=file, EF=Dictionary(F=stream), **more))


def _attach(b: Builder, name: str) -> None:
    _annotation(Subtype="/FileAttachment")(b, name)
    b.now.Annots[-1].FS = _embedded(b, f"by {name}".encode())


def _attach_name(b: Builder, name: str) -> None:
    _annotation(Subtype="/FileAttachment")(b, name)
    b.now.Annots[-1].FS = _embedded(b, b"x", f"{name}.txt")


def _field(**entries: Any) -> Callable[[Builder, str], None]:
    def plant(b: Builder, name: str) -> None:
        _annotation(Subtype="/Widget", **{"FT": "/Tx", "T": f"f{len(b.now.get('/Annots', []))}", **entries})(b, name)
        if "/AcroForm" not in b.pdf.Root:
            b.pdf.Root.AcroForm = Dictionary(Fields=Array(), DA="/Helv 0 Tf")
        b.pdf.Root.AcroForm.Fields.append(b.now.Annots[-1])

    return plant


def _xfa(b: Builder, name: str) -> None:
    _field()(b, name)
    b.pdf.Root.AcroForm.XFA = b.pdf.make_stream(f"<xdp:xdp xmlns:xdp='x'><v>{name}</v></xdp:xdp>".encode())


def _signature(key: str) -> Callable[[Builder, str], None]:
    def plant(b: Builder, name: str) -> None:
        _field(FT="/Sig", V={"Type": "/Sig", "Filter": "/Adobe.PPKLite", "Contents": "x", key: "NAME"})(b, name)

    return plant


def _info(key: str) -> Callable[[Builder, str], None]:
    def plant(b: Builder, name: str) -> None:
        b.pdf.docinfo[Name("/" + key)] = String(name)

    return plant


def _xmp(tag: str) -> Callable[[Builder, str], None]:
    def plant(b: Builder, name: str) -> None:
        old = b.pdf.Root.Metadata.read_bytes() if "/Metadata" in b.pdf.Root else b"<x:xmpmeta xmlns:x='adobe:ns:meta/'></x:xmpmeta>"
        new = old.replace(b"</x:xmpmeta>", f"<{tag}>{name}</{tag}></x:xmpmeta>".encode())
        b.pdf.Root.Metadata = b.pdf.make_stream(new, Type=Name.Metadata, Subtype=Name.XML)

    return plant


def _outline(b: Builder, name: str) -> None:
    root = b.pdf.make_indirect(Dictionary(Type=Name.Outlines, Count=1))
    item = b.pdf.make_indirect(Dictionary(Title=name, Parent=root, Dest=[b.pdf.pages[0].obj, Name.Fit]))
    root.First = root.Last = item
    b.pdf.Root.Outlines = root


def _names(b: Builder) -> Any:
    if "/Names" not in b.pdf.Root:
        b.pdf.Root.Names = Dictionary()
    return b.pdf.Root.Names


def _names_tree(key: str, value: Callable[[Builder, str], Any], label: bool = False) -> Callable[[Builder, str], None]:
    """An entry of a name tree; `label`: the name is the entry's name, else it is in its value."""

    def plant(b: Builder, name: str) -> None:
        tree = _names(b).get(Name("/" + key)) or Dictionary(Names=Array())
        tree.Names.extend([String(name if label else f"n{len(tree.Names)}"), value(b, name)])
        _names(b)[Name("/" + key)] = tree

    return plant


def _zip_with(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("a.txt", f"by {name} " * 20)
    return out.getvalue()


def _root(key: str, value: Callable[[Builder, str], Any]) -> Callable[[Builder, str], None]:
    def plant(b: Builder, name: str) -> None:
        b.pdf.Root[Name("/" + key)] = value(b, name)

    return plant


def _structure(**entries: Any) -> Callable[[Builder, str], None]:
    def plant(b: Builder, name: str) -> None:
        if "/StructTreeRoot" not in b.pdf.Root:
            b.pdf.Root.StructTreeRoot = b.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array()))
        root = b.pdf.Root.StructTreeRoot
        element = Dictionary(Type=Name.StructElem, S=Name.P, P=root)
        for key, value in entries.items():
            element[Name("/" + key)] = value(name) if callable(value) else String(name)
        root.K.append(b.pdf.make_indirect(element))

    return plant


def _role_map(b: Builder, name: str) -> None:
    _structure(Lang=lambda n: String(n))(b, name)
    b.pdf.Root.StructTreeRoot.RoleMap = Dictionary({"/" + name.replace(" ", ""): Name.P})


def _layer(**entries: Any) -> Callable[[Builder, str], None]:
    def plant(b: Builder, name: str) -> None:
        layer = Dictionary(Type=Name.OCG, Name="Layer")
        for key, value in entries.items():
            layer[Name("/" + key)] = value(name)
        _layers(b).OCGs.append(b.pdf.make_indirect(layer))

    return plant


def _font_name(b: Builder, name: str) -> None:
    b.fonts[Name.FN] = b.font(name.replace(" ", "-"))
    b.line("Set in a font with a telling name", "FN")


def _font_file(b: Builder, name: str) -> None:
    data, _, _ = _vera()
    b.fonts[Name.FF] = Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Arial, Encoding=Name.WinAnsiEncoding,
        FontDescriptor=b.pdf.make_indirect(Dictionary(Type=Name.FontDescriptor, FontName=Name.Arial, Flags=32,
                                                      FontFile2=b.pdf.make_stream(data + name.encode()))),
    )  # fmt: skip


def _cmap_comment(b: Builder, name: str) -> None:
    cmap = f"% {name}\n/CIDInit /ProcSet findresource begin begincmap 1 beginbfchar <41> <0041> endbfchar endcmap end"
    b.fonts[Name.CM] = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, ToUnicode=b.pdf.make_stream(cmap.encode())
    )


def _separation(b: Builder, name: str) -> None:
    space = Array([Name.Separation, Name("/" + name.replace(" ", "_")), Name.DeviceGray])
    space.append(b.pdf.make_indirect(Dictionary(FunctionType=2, Domain=[0, 1], C0=[0], C1=[1], N=1)))
    b.resources.ColorSpace = Dictionary(Sep=space)


PLACES: dict[str, Callable[[Builder, str], None]] = {
    "plain_tj": _plain, "tj_kerned": _kerned, "tj_split_td": _split_td, "char_by_char": _char_by_char,
    "cid_hex": _cid("Set in codes {name} stays", lambda c: c, "Set in codes"),
    "cid_no_tounicode": _cid("Without names {name} stays", None, "Without names"),
    "cid_caesar": _cid("Shifted letters {name} stay", _caesar, "Shifted letters"),
    "tounicode_lies_hidden": _lies_hidden, "tounicode_lies_visible": _cid("All the same {name} stays", lambda c: "x", "All the same"),
    "hyphen_linebreak": _hyphen, "rotated": _rotated, "invisible_tr3": _mode3, "white_on_white": _white, "under_image": _under_image,
    "under_black_box": _under_box, "off_mediabox": _off_media, "outside_cropbox": _crop, "clipped": _clipped, "tiny": _tiny,
    "zero_scale": _zero, "form_xobject": _form_xobject, "nested_form": _nested, "tiling_pattern": _tiling, "type3_charproc": _type3,
    "actualtext_span": _props("ActualText"), "alt_marked": _props("Alt"), "bdc_props_dict": _named_props, "ocg_off": _ocg_off,
    "image_pixels": _pixels, "image_inline": _inline, "image_jpeg_exif": _jpeg("exif"), "image_jpeg_xmp": _jpeg("xmp"),
    "image_jpeg_com": _jpeg("com"), "image_jpeg_tail": _jpeg("tail"), "image_smask": _image_extra("SMask"),
    "image_alternate": _image_extra("Alternates"), "xobject_unused": _unused, "thumb": _thumb,
    "pieceinfo": lambda b, n: b.now.__setitem__("/PieceInfo", Dictionary(App=Dictionary(Private=Dictionary(By=n)))),
    "metadata": lambda b, n: b.now.__setitem__("/Metadata", b.pdf.make_stream(f"<a>{n}</a>".encode(), Type=Name.Metadata)),
    "resource_name": _resource_name, "content_comment": lambda b, n: b.put(f"% {n}"),
    "aa_javascript": lambda b, n: b.now.__setitem__("/AA", Dictionary(O=Dictionary(S=Name.JavaScript, JS=f"app.alert('{n}')"))),
    "vector_outline": _outline_letters, "qr_barcode": _qr, "across_pages": _across,
    "annot_contents": _annotation(Subtype="/Text", Contents="see NAME"),
    "annot_rich_rc": _annotation(Subtype="/FreeText", RC="<body><p>NAME</p></body>"),
    "annot_author_t": _annotation(Subtype="/Text", T="NAME"),
    "annot_popup": _annotation(Subtype="/Popup", Contents="NAME"),
    "annot_link_uri": _annotation(Subtype="/Link", A={"S": "/URI", "URI": "https://example.org/NAME"}),
    "annot_ap_only": _ap("Stamp"), "annot_file_attach": _attach, "annot_file_attach_name": _attach_name,
    "annot_nm_subj": _annotation(Subtype="/Text", NM="NAME", Subj="NAME"), "annot_redact_pending": _redact,
    "annot_launch_path": _annotation(Subtype="/Link", A={"S": "/Launch", "F": "C:/NAME.exe"}),
    "annot_gotor": _annotation(Subtype="/Link", A={"S": "/GoToR", "F": "NAME.pdf", "D": "NAME"}),
    "annot_stamp_ap": _ap("Stamp"),
    "annot_screen_rendition": _annotation(Subtype="/Screen", A={"S": "/Rendition", "R": {"S": "/MR", "N": "NAME"}}),
    "form_value": _field(V="NAME"), "form_default": _field(DV="NAME"), "form_tooltip": _field(TU="NAME"),
    "form_field_name": _field(T="NAME"), "form_opt": _field(FT="/Ch", Opt=["NAME", "other"]), "form_ap": _ap("Widget"),
    "form_rv": _field(RV="<p>NAME</p>"), "form_js": _field(AA={"K": {"S": "/JavaScript", "JS": "event.value='NAME'"}}), "form_xfa": _xfa,
    "sig_name": _signature("Name"), "sig_reason": _signature("Reason"),
    "info_author": _info("Author"), "info_title": _info("Title"), "info_keywords": _info("Keywords"), "info_custom": _info("CaseWorker"),
    "xmp_creator": _xmp("creator"), "xmp_history": _xmp("history"), "outline": _outline,
    "named_dest": _names_tree("Dests", lambda b, _: Array([b.pdf.pages[0].obj, Name.Fit]), label=True),
    "dests_dict": _root("Dests", lambda b, n: Dictionary({"/" + n.replace(" ", ""): Array([b.pdf.pages[0].obj, Name.Fit])})),
    "names_js": _names_tree("JavaScript", lambda b, n: Dictionary(S=Name.JavaScript, JS=f"var who='{n}'")),
    "openaction": _root("OpenAction", lambda b, n: Dictionary(S=Name.JavaScript, JS=b.pdf.make_stream(f"app.alert('{n}')".encode()))),
    "embedded_content": _names_tree("EmbeddedFiles", lambda b, n: _embedded(b, f"by {n}".encode())),
    "embedded_zip": _names_tree("EmbeddedFiles", lambda b, n: _embedded(b, _zip_with(n), "a.zip")),
    "embedded_name": _names_tree("EmbeddedFiles", lambda b, n: _embedded(b, b"x", f"{n}.doc")),
    "embedded_desc": _names_tree("EmbeddedFiles", lambda b, n: _embedded(b, b"x", Desc=n)),
    "portfolio_schema": _root("Collection", lambda b, n: Dictionary(Schema=Dictionary(A=Dictionary(Subtype=Name.S, N=n)))),
    "page_label": _root("PageLabels", lambda b, n: Dictionary(Nums=[0, Dictionary(P=n)])),
    "thread_info": _root("Threads", lambda b, n: Array([b.pdf.make_indirect(Dictionary(Type=Name.Thread, I=Dictionary(Title=n)))])),
    "struct_alt": _structure(Alt=None), "struct_actualtext": _structure(ActualText=None), "struct_e": _structure(E=None),
    "struct_t": _structure(T=None), "struct_id": _structure(ID=None),
    "struct_userprop": _structure(A=lambda n: Dictionary(O=Name.UserProperties, P=[Dictionary(N="who", V=n)])),
    "struct_lang_rolemap": _role_map,
    "ocg_name": _layer(Name=String), "ocg_creatorinfo": _layer(Usage=lambda n: Dictionary(CreatorInfo=Dictionary(Creator=n))),
    "outputintent": _root("OutputIntents", lambda b, n: Array([Dictionary(S=Name.GTS_PDFA1, OutputConditionIdentifier=n, Info=n)])),
    "spiderinfo": _root("SpiderInfo", lambda b, n: Dictionary(V=1.0, C=[Dictionary(URL=n)])),
    "font_name": _font_name, "font_file_nametable": _font_file, "tounicode_comment": _cmap_comment, "separation_name": _separation,
    "associated_file": _root("AF", lambda b, n: Array([_embedded(b, f"by {n}".encode())])),
}  # fmt: skip
FILE_PLACES = ("incremental_old", "orphan_object", "objstm_unref", "before_header", "after_eof", "body_comment", "xref_trailer_key")


def build() -> tuple[bytes, dict[str, str], list[str]]:
    """The file, who is planted where, and the words that a reader sees and must find in a copy."""
    names = people(len(PLACES) + len(FILE_PLACES))
    who = dict(zip([*PLACES, *FILE_PLACES], names, strict=True))
    b = Builder()
    b.line("Report on the handling of records", "F2", 18)
    b.line("This report was written for the council and says what was found in the year under review.")
    b.seen("was written for the council")
    for place, plant in PLACES.items():
        plant(b, who[place])
    b.pdf.trailer[Name.Orphaned] = b.pdf.make_indirect(Dictionary(By=who["xref_trailer_key"]))
    b.line("This is the last line of the report.")
    b.seen("the last line of the report")
    out = io.BytesIO()
    b.pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    return _around(out.getvalue(), who), who, b.expected


def _around(data: bytes, who: dict[str, str]) -> bytes:
    """The file with an older version of an object, an object nothing refers to, packed objects, comments, and bytes around it."""
    packed = zlib.compress(f"9001 0 ({who['objstm_unref']})".encode())
    extra = (
        f"9000 0 obj\n({who['orphan_object']})\nendobj\n8999 0 obj\n<</Old ({who['incremental_old']})>>\nendobj\n".encode()
        + b"9002 0 obj\n<</Type/ObjStm/N 1/First 7/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
        + packed
        + b"\nendstream\nendobj\n"
        + f"% {who['body_comment']}\n".encode()
    )
    at = data.rindex(b"startxref")
    xref = int(data[at:].split()[1])
    end = b"startxref\n%d\n%%%%EOF\n" % xref
    return f"% {who['before_header']}\n".encode() * 0 + data[:at] + extra + end + who["after_eof"].encode() + b"\n"
