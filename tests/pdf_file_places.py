"""Where beside its pages a PDF can hold a name: annotations, forms, metadata, attachments, structure, fonts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

from pikepdf import Array, Dictionary, Name, String

from tests.pdf_builder import Builder
from tests.pdf_page_places import form, layers, vera


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
        (_field() if subtype == "Widget" else _annotation(Subtype=f"/{subtype}"))(b, name)
        b.now.Annots[-1].AP = Dictionary(N=form(b, name))

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


def _on_form(plant: Callable[[Builder, str], None]) -> Callable[[Builder, str], None]:
    """A field with a place of its own on the page, behind words that say so."""

    def placed(b: Builder, name: str) -> None:
        b.line("A form entry was filled in:")
        b.seen("A form entry was filled in")
        plant(b, name)
        b.now.Annots[-1].Rect = Array([200, b.y - 3, 700, b.y + 11])

    return placed


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
        old = (
            b.pdf.Root.Metadata.read_bytes() if "/Metadata" in b.pdf.Root else b"<x:xmpmeta xmlns:x='adobe:ns:meta/'></x:xmpmeta>"
        )
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
        layers(b).OCGs.append(b.pdf.make_indirect(layer))

    return plant


def _font_name(b: Builder, name: str) -> None:
    b.fonts[Name.FN] = b.font(name.replace(" ", "-"))
    b.line("Set in a font with a telling name", "FN")


def _font_file(b: Builder, name: str) -> None:
    data, _, _ = vera()
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


FILE_PLACES: dict[str, Callable[[Builder, str], None]] = {
    "annot_contents": _annotation(Subtype="/Text", Contents="see NAME"),
    "annot_rich_rc": _annotation(Subtype="/FreeText", RC="<body><p>NAME</p></body>"),
    "annot_author_t": _annotation(Subtype="/Text", T="NAME"),
    "annot_popup": _annotation(Subtype="/Popup", Contents="NAME"),
    "annot_link_uri": _annotation(Subtype="/Link", A={"S": "/URI", "URI": "https://example.org/NAME"}),
    "annot_ap_only": _ap("Stamp"),
    "annot_file_attach": _attach,
    "annot_file_attach_name": _attach_name,
    "annot_nm_subj": _annotation(Subtype="/Text", NM="NAME", Subj="NAME"),
    "annot_redact_pending": _redact,
    "annot_launch_path": _annotation(Subtype="/Link", A={"S": "/Launch", "F": "C:/NAME.exe"}),
    "annot_gotor": _annotation(Subtype="/Link", A={"S": "/GoToR", "F": "NAME.pdf", "D": "NAME"}),
    "annot_stamp_ap": _ap("Stamp"),
    "annot_screen_rendition": _annotation(Subtype="/Screen", A={"S": "/Rendition", "R": {"S": "/MR", "N": "NAME"}}),
    "form_value": _on_form(_field(V="NAME")),
    "form_value_hidden": _on_form(_field(V="NAME", F=2)),
    "form_choice": _on_form(_field(FT="/Ch", V="a", Opt=[["a", "NAME"], ["b", "other"]])),
    "form_default": _field(DV="NAME"),
    "form_tooltip": _field(TU="NAME"),
    "form_field_name": _field(T="NAME"),
    "form_opt": _field(FT="/Ch", Opt=["NAME", "other"]),
    "form_ap": _on_form(_ap("Widget")),
    "form_rv": _field(RV="<p>NAME</p>"),
    "form_js": _field(AA={"K": {"S": "/JavaScript", "JS": "event.value='NAME'"}}),
    "form_xfa": _xfa,
    "sig_name": _signature("Name"),
    "sig_reason": _signature("Reason"),
    "info_author": _info("Author"),
    "info_title": _info("Title"),
    "info_keywords": _info("Keywords"),
    "info_custom": _info("CaseWorker"),
    "xmp_creator": _xmp("creator"),
    "xmp_history": _xmp("history"),
    "outline": _outline,
    "named_dest": _names_tree("Dests", lambda b, _: Array([b.pdf.pages[0].obj, Name.Fit]), label=True),
    "dests_dict": _root("Dests", lambda b, n: Dictionary({"/" + n.replace(" ", ""): Array([b.pdf.pages[0].obj, Name.Fit])})),
    "names_js": _names_tree("JavaScript", lambda b, n: Dictionary(S=Name.JavaScript, JS=f"var who='{n}'")),
    "openaction": _root(
        "OpenAction", lambda b, n: Dictionary(S=Name.JavaScript, JS=b.pdf.make_stream(f"app.alert('{n}')".encode()))
    ),
    "embedded_content": _names_tree("EmbeddedFiles", lambda b, n: _embedded(b, f"by {n}".encode())),
    "embedded_zip": _names_tree("EmbeddedFiles", lambda b, n: _embedded(b, _zip_with(n), "a.zip")),
    "embedded_name": _names_tree("EmbeddedFiles", lambda b, n: _embedded(b, b"x", f"{n}.doc")),
    "embedded_desc": _names_tree("EmbeddedFiles", lambda b, n: _embedded(b, b"x", Desc=n)),
    "portfolio_schema": _root("Collection", lambda b, n: Dictionary(Schema=Dictionary(A=Dictionary(Subtype=Name.S, N=n)))),
    "page_label": _root("PageLabels", lambda b, n: Dictionary(Nums=[0, Dictionary(P=n)])),
    "thread_info": _root(
        "Threads", lambda b, n: Array([b.pdf.make_indirect(Dictionary(Type=Name.Thread, I=Dictionary(Title=n)))])
    ),
    "struct_alt": _structure(Alt=None),
    "struct_actualtext": _structure(ActualText=None),
    "struct_e": _structure(E=None),
    "struct_t": _structure(T=None),
    "struct_id": _structure(ID=None),
    "struct_userprop": _structure(A=lambda n: Dictionary(O=Name.UserProperties, P=[Dictionary(N="who", V=n)])),
    "struct_lang_rolemap": _role_map,
    "ocg_name": _layer(Name=String),
    "ocg_creatorinfo": _layer(Usage=lambda n: Dictionary(CreatorInfo=Dictionary(Creator=n))),
    "outputintent": _root(
        "OutputIntents", lambda b, n: Array([Dictionary(S=Name.GTS_PDFA1, OutputConditionIdentifier=n, Info=n)])
    ),
    "spiderinfo": _root("SpiderInfo", lambda b, n: Dictionary(V=1.0, C=[Dictionary(URL=n)])),
    "font_name": _font_name,
    "font_file_nametable": _font_file,
    "tounicode_comment": _cmap_comment,
    "separation_name": _separation,
    "associated_file": _root("AF", lambda b, n: Array([_embedded(b, f"by {n}".encode())])),
}
