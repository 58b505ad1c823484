"""Where on a page of a PDF a name can stand: seen, unseen, or called otherwise."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from pikepdf import Array, Dictionary, Name

from tests.pdf_builder import Builder


def _plain(b: Builder, name: str) -> None:
    b.line(f"The first witness is {name} from the harbour office.")
    b.seen("from the harbour office")


def _kerned(b: Builder, name: str) -> None:
    letters = " ".join(f"({c}) {-20 if n % 2 else 15}" for n, c in enumerate(name))
    b.put(f"BT /F1 11 Tf 60 {b.next()} Td [(Then ) {letters} ( waited by the kerned gate.)] TJ ET")
    b.seen("waited by the kerned gate")


def _split_td(b: Builder, name: str) -> None:
    given, last = name.split()
    b.put(
        f"BT /F1 11 Tf 60 {b.next()} Td (Here ) Tj 30 0 Td ({given} ) Tj 70 0 Td ({last}) Tj 90 0 Td (left the split room.) Tj ET"
    )
    b.seen("left the split room")


def _char_by_char(b: Builder, name: str) -> None:
    y, x = b.next(), 60.0
    for char in f"{name} came letter by letter":
        b.put(f"BT /F1 11 Tf {x} {y} Td ({char}) Tj ET")
        x += {" ": 3.06, "i": 2.44, "l": 2.44, "t": 3.06, "r": 3.66, "m": 9.16, "f": 3.06, "j": 2.44, "I": 3.06}.get(char, 6.1)
        x += 1.8 if char.isupper() or char == "w" else 0
    b.seen("came letter by letter")


def vera() -> tuple[bytes, dict[int, int], Any]:
    from pathlib import Path

    import reportlab
    from reportlab.pdfbase.ttfonts import TTFontFace

    path = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    face = TTFontFace(str(path))
    return path.read_bytes(), face.charToGlyph, face


def _cid_font(b: Builder, text: str, mapped: Callable[[str], str] | None) -> tuple[str, str]:
    """A composite font of Vera whose ToUnicode says `mapped(letter)` (none at all for None), and `text` in its codes."""
    data, glyphs, face = vera()
    widths = Array()
    for char in sorted(set(text)):
        widths.append(glyphs[ord(char)])
        widths.append(Array([int(face.charWidths.get(ord(char), 600))]))
    file = b.pdf.make_stream(data, Length1=len(data))
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name.Vera, Flags=4, FontBBox=[-183, -236, 1287, 928], ItalicAngle=0, Ascent=928,
        Descent=-236, CapHeight=730, StemV=87, FontFile2=file,
    )  # fmt: skip
    inner = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.Vera, DW=600, W=widths, CIDToGIDMap=Name.Identity,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=b.pdf.make_indirect(descriptor),
    )  # fmt: skip
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name.Vera,
        Encoding=Name("/Identity-H"),
        DescendantFonts=[b.pdf.make_indirect(inner)],
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
        data,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
        **more,
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


def form(b: Builder, text: str, **more: Any) -> Any:
    return b.pdf.make_stream(
        f"BT /F1 11 Tf 0 2 Td ({text}) Tj ET".encode(), Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 500, 14],
        Resources=Dictionary(Font=b.fonts), **more,
    )  # fmt: skip


def _form_xobject(b: Builder, name: str) -> None:
    key = f"X{len(b.resources.XObject)}"
    b.resources.XObject[Name("/" + key)] = form(b, f"Within a drawing {name} is named")
    b.put(f"q 1 0 0 1 60 {b.next()} cm /{key} Do Q")
    b.seen("Within a drawing")


def _nested(b: Builder, name: str) -> None:
    inner = form(b, f"Deeper still {name} is named")
    outer = b.pdf.make_stream(
        b"q /I Do Q",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=[0, 0, 500, 14],
        Resources=Dictionary(XObject=Dictionary(I=inner)),
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
        CharProcs=Dictionary(a=proc), Encoding=Dictionary(Type=Name.Encoding, Differences=[97, Name.a]),
        FirstChar=97, LastChar=97,
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


def layers(b: Builder) -> Any:
    if "/OCProperties" not in b.pdf.Root:
        b.pdf.Root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary(OFF=Array(), Order=Array()))
    return b.pdf.Root.OCProperties


def _ocg_off(b: Builder, name: str) -> None:
    layer = b.pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Hidden layer"))
    layers(b).OCGs.append(layer)
    layers(b).D.OFF.append(layer)
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
    key = _image(b, picture.width, picture.height, picture.tobytes())
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
    b.resources.XObject[Name.Unused] = form(b, name)


def _thumb(b: Builder, name: str) -> None:
    picture = drawn(name)
    b.now.Thumb = b.pdf.make_stream(
        picture.tobytes(), Width=picture.width, Height=picture.height, ColorSpace=Name.DeviceGray, BitsPerComponent=8
    )


def _resource_name(b: Builder, name: str) -> None:
    b.resources.XObject[Name("/" + name.replace(" ", ""))] = form(b, "a drawing with a telling name")


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

    font = TTFont(io.BytesIO(vera()[0]))
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

    code: Any = np.kron(np.asarray(cv2.QRCodeEncoder.create().encode(name)), np.ones((4, 4), dtype=np.uint8))
    key = _image(b, code.shape[1], code.shape[0], code.tobytes())
    b.put(f"q 90 0 0 90 60 {b.next(100)} cm /{key} Do Q")


PAGE_PLACES: dict[str, Callable[[Builder, str], None]] = {
    "plain_tj": _plain,
    "tj_kerned": _kerned,
    "tj_split_td": _split_td,
    "char_by_char": _char_by_char,
    "cid_hex": _cid("Set in codes {name} stays", lambda c: c, "Set in codes"),
    "cid_no_tounicode": _cid("Without names {name} stays", None, "Without names"),
    "cid_caesar": _cid("Shifted letters {name} stay", _caesar, "Shifted letters"),
    "tounicode_lies_hidden": _lies_hidden,
    "tounicode_lies_visible": _cid("All the same {name} stays", lambda c: "x", "All the same"),
    "hyphen_linebreak": _hyphen,
    "rotated": _rotated,
    "invisible_tr3": _mode3,
    "white_on_white": _white,
    "under_image": _under_image,
    "under_black_box": _under_box,
    "off_mediabox": _off_media,
    "outside_cropbox": _crop,
    "clipped": _clipped,
    "tiny": _tiny,
    "zero_scale": _zero,
    "form_xobject": _form_xobject,
    "nested_form": _nested,
    "tiling_pattern": _tiling,
    "type3_charproc": _type3,
    "actualtext_span": _props("ActualText"),
    "alt_marked": _props("Alt"),
    "bdc_props_dict": _named_props,
    "ocg_off": _ocg_off,
    "image_pixels": _pixels,
    "image_inline": _inline,
    "image_jpeg_exif": _jpeg("exif"),
    "image_jpeg_xmp": _jpeg("xmp"),
    "image_jpeg_com": _jpeg("com"),
    "image_jpeg_tail": _jpeg("tail"),
    "image_smask": _image_extra("SMask"),
    "image_alternate": _image_extra("Alternates"),
    "xobject_unused": _unused,
    "thumb": _thumb,
    "pieceinfo": lambda b, n: b.now.__setitem__("/PieceInfo", Dictionary(App=Dictionary(Private=Dictionary(By=n)))),
    "metadata": lambda b, n: b.now.__setitem__("/Metadata", b.pdf.make_stream(f"<a>{n}</a>".encode(), Type=Name.Metadata)),
    "resource_name": _resource_name,
    "content_comment": lambda b, n: b.put(f"% {n}"),
    "aa_javascript": lambda b, n: b.now.__setitem__("/AA", Dictionary(O=Dictionary(S=Name.JavaScript, JS=f"app.alert('{n}')"))),
    "vector_outline": _outline_letters,
    "qr_barcode": _qr,
    "across_pages": _across,
}
