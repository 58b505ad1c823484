"""A Word file with a person of its own in each of 118 places where a name can stand, made by hand: no library writes most.

`SHOWN` are the places a reader sees (a label must stand there in the copy); nothing of the others may be in a copy at all.
"""

# ruff: noqa: E501 - markup is easier to read in one line

from __future__ import annotations

import base64
import io
import re
import struct
import zipfile

import docx
import openpyxl
from PIL import Image, ImageDraw, PngImagePlugin

from tests.planted import Planted, planted

BODY = (
    "plain split_runs split_formatting table_cell nested_table sdt_content sdt_placeholder_tag ruby math smarttag soft_hyphen "
    "nobreak_zwsp tab_break homoglyph_case caps_style reversed_order possessive hidden_vanish white_text deleted_del "
    "deleted_paramark inserted_ins_author move_from move_to rpr_change_author cell_del field_instr field_result fldsimple "
    "mergefield hyperlink_url hyperlink_tooltip hyperlink_anchor bookmark_name altchunk alternate_choice alternate_fallback "
    "vml_textbox vml_alt drawing_descr drawing_title drawing_name wordart form_default form_helptext proof_lang_custom perm_range "
    "xml_comment processing_instruction unknown_ns_attr"
).split()
PART = (
    "header footer first_header_unused footnote endnote footnote_separator comment_text comment_author comment_initials "
    "comments_extended people settings_docvars settings_mailmerge settings_writeprotect_user settings_rsid_schema styles_name "
    "numbering_lvltext fonttable websettings_div glossary theme_name customxml_item customxml_props bibliography chart_cache "
    "chart_title chart_embedded_xlsx diagram_data ole_embedded ole_progid_path ole_package_docx activex vba_stub printer_settings "
    "orphan_part thumbnail_pixels docprops_core_creator docprops_core_title docprops_core_lastmod docprops_core_keywords "
    "docprops_app_manager docprops_app_company docprops_app_titles docprops_custom label_info signature"
).split()
MEDIA = (
    "image_pixels image_exif image_xmp image_com image_iptc image_tail cropped_away svg_text svg_metadata emf_text unused_image "
    "filename"
).split()
REL = "external_image hyperlink_target template_target unused_rel".split()
ZIP = "zip_comment member_comment member_name extra_field unlisted_member trailing".split()
PLACES = (*BODY, *PART, *MEDIA, *REL, *ZIP)

SHOWN = (
    "plain split_runs split_formatting table_cell nested_table sdt_content ruby math smarttag soft_hyphen nobreak_zwsp tab_break "
    "homoglyph_case caps_style reversed_order possessive deleted_paramark move_to field_result fldsimple mergefield altchunk "
    "alternate_choice vml_textbox wordart header footer footnote endnote numbering_lvltext diagram_data"
).split()

NS = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "x": "urn:example-org:unknown",
}
XMLNS = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NS.items())
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def root(name: str, inner: str, attributes: str = "") -> str:
    return f"{HEAD}<{name} {XMLNS} {attributes}>{inner}</{name}>"


def t(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def tc(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def field(code: str, result: str) -> str:
    begin, apart, end = (f'<w:r><w:fldChar w:fldCharType="{step}"/></w:r>' for step in ("begin", "separate", "end"))
    return f"{begin}<w:r><w:instrText>{code}</w:instrText></w:r>{apart}{t(result)}{end}"


def box(inner: str) -> str:
    return f"<w:txbxContent>{p(inner)}</w:txbxContent>"


def drawing(inner: str, names: str = 'name="Shape"') -> str:
    graphic = f'<a:graphic><a:graphicData uri="{NS["wps"]}">{inner}</a:graphicData></a:graphic>'
    return f'<w:drawing><wp:inline><wp:extent cx="1" cy="1"/><wp:docPr id="1" {names}/>{graphic}</wp:inline></w:drawing>'


def picture(link: str, more: str = "") -> str:
    fill = f'<pic:blipFill><a:blip r:embed="{link}"/>{more}</pic:blipFill>'
    return f"<w:r>{drawing(f'<pic:pic>{fill}</pic:pic>')}</w:r>"


def _body(who: dict[str, Planted]) -> list[str]:
    """Each place of the body as a block."""
    n = {place: person.name for place, person in who.items()}
    given, surname = {k: v.given for k, v in who.items()}, {k: v.surname for k, v in who.items()}

    def cut(place: str) -> tuple[str, str, str]:
        return n[place][:3], n[place][3:8], n[place][8:]

    alike = n["homoglyph_case"].upper().replace("A", "А").replace("O", "О")  # the two Cyrillic
    bold, italic = "<w:b/>", "<w:i/>"
    choice = f"<wps:wsp><wps:txbx>{box(t(n['alternate_choice'] + ' chose.'))}</wps:txbx></wps:wsp>"
    fallback = f"<w:pict><v:shape><v:textbox>{box(t(n['alternate_fallback']))}</v:textbox></v:shape></w:pict>"
    names = f'name="{n["drawing_name"]}" title="{n["drawing_title"]}" descr="{n["drawing_descr"]}"'
    gone = "<w:del w:id='3' w:author='A'/>"
    ffdata = (
        f'<w:ffData><w:name w:val="f"/><w:statusText w:val="{n["form_helptext"]}"/>'
        f'<w:textInput><w:default w:val="{n["form_default"]}"/></w:textInput></w:ffData>'
    )
    return [
        p(t(f"{n['plain']} rang the office twice.")),
        p("".join(map(t, cut("split_runs"))) + t(" wrote a letter.")),
        p("".join(t(part, f) for part, f in zip(cut("split_formatting"), (bold, "", italic), strict=True)) + t(" came along.")),
        table(tc(p(t("Who"))) + tc(p(t("What"))), tc(p(t(n["table_cell"]))) + tc(p(t("asked for help")))),
        table(tc(table(tc(p(t(n["nested_table"])))) + p(t("inner")))),
        f'<w:sdt><w:sdtPr><w:alias w:val="Name"/><w:tag w:val="{n["sdt_placeholder_tag"]}"/></w:sdtPr>'
        f"<w:sdtContent>{p(t(n['sdt_content'] + ' filled in the form.'))}</w:sdtContent></w:sdt>",
        p(f"<w:r><w:ruby><w:rt>{t('said aloud')}</w:rt><w:rubyBase>{t(n['ruby'])}</w:rubyBase></w:ruby></w:r>"),
        p(f"<m:oMath><m:r><m:t>{n['math']}</m:t></m:r></m:oMath>" + t(" stood in a formula.")),
        p(f'<w:smartTag w:uri="u" w:element="PersonName">{t(n["smarttag"])}</w:smartTag>' + t(" was tagged.")),
        p(t(f"{n['soft_hyphen'][:4]}\u00ad{n['soft_hyphen'][4:]} was broken.")),
        p(t(f"{given['nobreak_zwsp']}\u00a0{surname['nobreak_zwsp'][:4]}\u200b{surname['nobreak_zwsp'][4:]} was kept together.")),
        p(f"<w:r><w:t>{given['tab_break']}</w:t><w:tab/><w:t>{surname['tab_break']}</w:t></w:r>" + t(" stood in columns.")),
        p(t(f"{alike} was written in capitals.")),
        p(t(n["caps_style"].lower(), "<w:caps/>") + t(" was set in capitals.")),
        p(t(f"{surname['reversed_order'].upper()}, {given['reversed_order']} came first.")),
        p(t(f"The day was {n['possessive']}’s own.")),
        p(t(n["hidden_vanish"], "<w:vanish/>") + t("Something stood here.")),
        p(t(f"{n['white_text']} stood in white.", '<w:color w:val="FFFFFF"/>')),
        p(
            t("Before")
            + f"<w:del w:id='1' w:author='A'><w:r><w:delText>{n['deleted_del']}</w:delText></w:r></w:del>"
            + t(" after.")
        ),
        f"<w:p><w:pPr><w:rPr>{gone}</w:rPr></w:pPr>{t(given['deleted_paramark'] + ' ')}</w:p>",
        p(t(surname["deleted_paramark"] + " was joined to the line before.")),
        p(f"<w:ins w:id='2' w:author='{n['inserted_ins_author']}'>{t('An insertion was accepted here.')}</w:ins>"),
        p(f"<w:moveFrom w:id='4' w:author='A'>{t(n['move_from'])}</w:moveFrom>" + t("It moved.")),
        p(f"<w:moveTo w:id='5' w:author='A'>{t(n['move_to'] + ' moved here.')}</w:moveTo>"),
        p(
            t("Bold", f"<w:b/><w:rPrChange w:id='6' w:author='{n['rpr_change_author']}'><w:rPr/></w:rPrChange>")
            + t(" by another.")
        ),
        table(tc(p(t(n["cell_del"])), '<w:cellDel w:id="7" w:author="A"/>') + tc(p(t("A cell stays.")))),
        p(field(f' AUTHOR "{n["field_instr"]}" ', "the author") + t(" wrote it.")),
        p(field(" DOCPROPERTY x ", n["field_result"]) + t(" came from a field.")),
        p(f'<w:fldSimple w:instr=" TITLE ">{t(n["fldsimple"])}</w:fldSimple>' + t(" came from a simple field.")),
        p(field(" MERGEFIELD Name ", f"«{n['mergefield']}»") + t(" came from a mailing.")),
        p(
            f'<w:hyperlink r:id="rLink" w:tooltip="{n["hyperlink_tooltip"]}" w:anchor="{n["hyperlink_anchor"]}">{t("a link")}'
            "</w:hyperlink>" + t(" led away.")
        ),
        p(field(f' HYPERLINK "https://example.org/{n["hyperlink_url"].replace(" ", "%20")}" ', "another link")),
        p(
            f'<w:bookmarkStart w:id="1" w:name="{n["bookmark_name"].replace(" ", "_")}"/>{t("A bookmark.")}<w:bookmarkEnd w:id="1"/>'
        ),
        '<w:altChunk r:id="rChunk"/>',
        p(
            f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawing(choice)}</mc:Choice>'
            f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent></w:r>"
        ),
        p(
            f'<w:r><w:pict><v:shape alt="{n["vml_alt"]}"><v:textbox>{box(t(n["vml_textbox"] + " stood in a box."))}</v:textbox>'
            "</v:shape></w:pict></w:r>"
        ),
        p(f"<w:r>{drawing('', names)}</w:r>"),
        p(f'<w:r><w:pict><v:shape><v:textpath string="{n["wordart"]}"/></v:shape></w:pict></w:r>'),
        p(
            f'<w:r><w:fldChar w:fldCharType="begin">{ffdata}</w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
            + t("F.")
        ),
        p(t("A language.", f'<w:lang w:val="x-{n["proof_lang_custom"].replace(" ", "")}"/>')),
        p(f'<w:permStart w:id="9" w:ed="{n["perm_range"]}"/>{t("A permission.")}<w:permEnd w:id="9"/>'),
        p(f"<!-- {n['xml_comment']} --><?note {n['processing_instruction']}?>{t('Markup.')}"),
        f'<w:p x:who="{n["unknown_ns_attr"]}">{t("An attribute.")}</w:p>',
        p(t("was listed."), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
        p('<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:endnoteReference w:id="2"/></w:r>' + t("Notes hang here.")),
        p("".join(f"<w:r>{drawing(inner)}</w:r>" for inner in ('<c:chart r:id="rChart"/>', '<dgm:relIds r:dm="rDiagram"/>'))),
        p(
            f'<w:r><w:object><o:OLEObject Type="Embed" ProgID="{n["ole_progid_path"]}" r:id="rOle"/></w:object></w:r>'
            '<w:r><w:object><o:OLEObject Type="Embed" ProgID="Word.Document.12" r:id="rPackage"/></w:object></w:r>'
        ),
        p("".join(picture(f"rImage{at}") for at in range(len(_IMAGES)))),
        p(picture("rCropped", '<a:srcRect r="90000"/>') + picture("rSvg") + picture("rEmf") + picture("rOutside")),
        p(t("The last line of the text stands here.")),
    ]


_IMAGES = ("image_pixels", "image_exif", "image_xmp", "image_com", "image_iptc", "image_tail")
PLAIN = (
    "rang the office twice", "wrote a letter", "came along", "asked for help", "filled in the form", "stood in a formula", "was tagged",
    "was kept together", "stood in columns", "was written in capitals", "was set in capitals", "came first", "The day was",
    "Something stood here", "was joined to the line before", "An insertion was accepted here", "moved here",
    "A cell stays", "came from a field", "came from a simple field", "came from a mailing", "a link led away", "another link",
    "A bookmark", "stood in a chunk", "chose", "stood in a box", "A permission", "was listed", "Notes hang here", "The last line of the text stands here",
    "A note at the foot", "A note at the end", "top of each page", "foot of each page",
)  # fmt: skip


def _image(name: str, kind: str, **more: object) -> bytes:
    picture_ = Image.new("RGB", (420, 60), "white")
    ImageDraw.Draw(picture_).text((10, 20), name, fill="black")
    buffer = io.BytesIO()
    picture_.save(buffer, kind, **more)
    return buffer.getvalue()


def _media(n: dict[str, str]) -> dict[str, bytes]:
    exif = Image.Exif()
    exif[0x013B], exif[0x010E] = n["image_exif"], n["image_exif"]
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><p>{n['image_xmp']}</p></x:xmpmeta>")
    iptc = n["image_iptc"].encode()
    block = (
        b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(iptc) + 5) + b"\x1c\x02\x50" + struct.pack(">H", len(iptc))
    )
    jpeg = _image("", "JPEG")
    segment = b"\xff\xed" + struct.pack(">H", len(block + iptc) + 2) + block + iptc
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'><metadata>{n['svg_metadata']}</metadata><text>{n['svg_text']}</text></svg>"
    return {
        "image1.png": _image(n["image_pixels"], "PNG"),
        "image2.jpg": _image("", "JPEG", exif=exif),
        "image3.png": _image("", "PNG", pnginfo=info),
        "image4.jpg": _image("", "JPEG", comment=n["image_com"].encode()),
        "image5.jpg": jpeg[:2] + segment + jpeg[2:],
        "image6.png": _image("", "PNG") + n["image_tail"].encode(),
        "image7.png": _image(n["cropped_away"], "PNG"),
        "image8.svg": svg.encode(),
        "image9.emf": b"\x01\0\0\0" + bytes(36) + b" EMF" + n["emf_text"].encode("utf-16-le"),
        f"{n['filename'].replace(' ', '_')}.png": _image("", "PNG"),
        "image10.png": _image(n["unused_image"], "PNG", pnginfo=None),
    }


def _word(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _workbook(text: str) -> bytes:
    book = openpyxl.Workbook()
    book.create_sheet("one", 0).append([text])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _parts(n: dict[str, str]) -> dict[str, str | bytes]:
    """Every part beside the document, by name."""
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)

    def note(id_: int, text: str, type_: str = "", kind: str = "footnote") -> str:
        return f'<w:{kind} w:id="{id_}" {type_}>{p(t(text))}</w:{kind}>'

    core = (
        f"<dc:creator>{n['docprops_core_creator']}</dc:creator><dc:title>{n['docprops_core_title']}</dc:title>"
        f"<cp:lastModifiedBy>{n['docprops_core_lastmod']}</cp:lastModifiedBy><cp:keywords>{n['docprops_core_keywords']}</cp:keywords>"
    )
    package = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    app = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    vt = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
    separator = note(0, n["footnote_separator"], 'w:type="separator"')
    style = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    own = f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="Own"><w:name w:val="{n["styles_name"]}"/></w:style>'
    level = f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{n["numbering_lvltext"]} %1."/></w:lvl>'
    comment = f'<w:comment w:id="1" w:author="{n["comment_author"]}" w:initials="{n["comment_initials"]}">{p(t(n["comment_text"]))}</w:comment>'
    chart = (
        f"<c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>{n['chart_title']}</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea>"
        f"<c:strCache><c:pt idx='0'><c:v>{n['chart_cache']}</c:v></c:pt></c:strCache></c:plotArea></c:chart>"
    )
    settings = (
        f'<w:docVars><w:docVar w:name="who" w:val="{n["settings_docvars"]}"/></w:docVars>'
        f'<w:mailMerge><w:query w:val="SELECT * FROM {n["settings_mailmerge"]}"/></w:mailMerge>'
        f'<w:writeProtection w:userName="{n["settings_writeprotect_user"]}"/><w:attachedTemplate r:id="rTemplate"/>'
        f'<w:attachedSchema w:val="{n["settings_rsid_schema"]}"/>'
    )
    return {
        "word/header1.xml": root("w:hdr", p(t(f"{n['header']} at the top of each page"))),
        "word/header2.xml": root("w:hdr", p(t(n["first_header_unused"]))),
        "word/footer1.xml": root("w:ftr", p(t(f"{n['footer']} at the foot of each page"))),
        "word/footnotes.xml": root("w:footnotes", separator + note(2, f"A note at the foot: {n['footnote']}.")),
        "word/endnotes.xml": root("w:endnotes", note(2, f"A note at the end: {n['endnote']}.", kind="endnote")),
        "word/comments.xml": root("w:comments", comment),
        "word/commentsExtended.xml": root("w15:commentsEx", f'<w15:commentEx w15:paraId="{n["comments_extended"]}"/>'),
        "word/people.xml": root("w15:people", f'<w15:person w15:author="{n["people"]}"/>'),
        "word/settings.xml": root("w:settings", settings),
        "word/styles.xml": root("w:styles", style + own),
        "word/numbering.xml": root(
            "w:numbering",
            f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
        ),
        "word/fontTable.xml": root("w:fonts", f'<w:font w:name="{n["fonttable"]}"/>'),
        "word/webSettings.xml": root("w:webSettings", f'<w:divs><w:div w:id="{n["websettings_div"]}"/></w:divs>'),
        "word/glossary/document.xml": root("w:glossaryDocument", p(t(n["glossary"]))),
        "word/theme/theme1.xml": root("a:theme", "", f'name="{n["theme_name"]}"'),
        "customXml/item1.xml": f"<case><who>{n['customxml_item']}</who></case>",
        "customXml/itemProps1.xml": f'<d:datastoreItem xmlns:d="u" d:itemID="{n["customxml_props"]}"/>',
        "customXml/item2.xml": f"<b:Sources xmlns:b='u'><b:Author>{n['bibliography']}</b:Author></b:Sources>",
        "word/charts/chart1.xml": root("c:chartSpace", chart),
        "word/embeddings/book1.xlsx": _workbook(n["chart_embedded_xlsx"]),
        "word/diagrams/data1.xml": root(
            "dgm:dataModel", f"<dgm:pt><a:p><a:r><a:t>{n['diagram_data']}</a:t></a:r></a:p></dgm:pt>"
        ),
        "word/embeddings/oleObject1.bin": compound + n["ole_embedded"].encode("utf-16-le"),
        "word/embeddings/package1.docx": _word(n["ole_package_docx"]),
        "word/activeX/activeX1.bin": compound + n["activex"].encode(),
        "word/vbaProject.bin": compound + n["vba_stub"].encode(),
        "word/printerSettings/printerSettings1.bin": n["printer_settings"].encode("utf-16-le"),
        "word/orphan.xml": root("w:orphan", n["orphan_part"]),
        "docProps/thumbnail.jpeg": _image(n["thumbnail_pixels"], "JPEG"),
        "docProps/core.xml": f'{HEAD}<cp:coreProperties xmlns:cp="{package}" xmlns:dc="http://purl.org/dc/elements/1.1/">{core}'
        "</cp:coreProperties>",
        "docProps/app.xml": f'{HEAD}<Properties xmlns="{app}" xmlns:vt="{vt}"><Manager>{n["docprops_app_manager"]}</Manager><Company>'
        f"{n['docprops_app_company']}</Company><TitlesOfParts><vt:vector size='1' baseType='lpstr'><vt:lpstr>{n['docprops_app_titles']}"
        "</vt:lpstr></vt:vector></TitlesOfParts></Properties>",
        "docProps/custom.xml": f'{HEAD}<Properties xmlns="u" xmlns:vt="{vt}"><property name="who"><vt:lpwstr>{n["docprops_custom"]}'
        "</vt:lpwstr></property></Properties>",
        "docMetadata/LabelInfo.xml": f'<l:labelList xmlns:l="u"><l:label id="{n["label_info"]}"/></l:labelList>',
        "_xmlsignatures/sig1.xml": f"<Signature xmlns='u'><SignatureComments>{n['signature']}</SignatureComments></Signature>",
        "word/chunk1.html": f"<html><body><p>{n['altchunk']} stood in a chunk.</p></body></html>",
        **{f"word/media/{name}": data for name, data in _media(n).items()},
    }


def _links(n: dict[str, str]) -> str:
    def link(id_: str, type_: str, target: str, outside: bool = False) -> str:
        mode = ' TargetMode="External"' if outside else ""
        return f'<Relationship Id="{id_}" Type="{TYPES}/{type_}" Target="{target.replace(" ", "%20")}"{mode}/>'

    inside = {
        "rStyles": ("styles", "styles.xml"), "rNumbering": ("numbering", "numbering.xml"), "rSettings": ("settings", "settings.xml"),
        "rHeader": ("header", "header1.xml"), "rFirst": ("header", "header2.xml"), "rFooter": ("footer", "footer1.xml"),
        "rFoot": ("footnotes", "footnotes.xml"), "rEnd": ("endnotes", "endnotes.xml"), "rComments": ("comments", "comments.xml"),
        "rChunk": ("aFChunk", "chunk1.html"), "rChart": ("chart", "charts/chart1.xml"), "rOle": ("oleObject", "embeddings/oleObject1.bin"),
        "rPackage": ("package", "embeddings/package1.docx"), "rDiagram": ("diagramData", "diagrams/data1.xml"),
        "rCropped": ("image", "media/image7.png"), "rSvg": ("image", "media/image8.svg"), "rEmf": ("image", "media/image9.emf"),
    }  # fmt: skip
    endings = ("png", "jpg", "png", "jpg", "jpg", "png")
    inside |= {f"rImage{at}": ("image", f"media/image{at + 1}.{end}") for at, end in enumerate(endings)}
    outside = [
        link("rLink", "hyperlink", f"https://example.org/{n['hyperlink_target']}", True),
        link("rOutside", "image", f"file:///home/{n['external_image']}/a.png", True),
        link("rTemplate", "attachedTemplate", f"file:///home/{n['template_target']}.dotx", True),
        link("rNobody", "hyperlink", f"https://example.org/{n['unused_rel']}", True),
    ]
    rows = [link(id_, type_, target) for id_, (type_, target) in inside.items()] + outside
    return f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(rows)}</Relationships>'


def planted_docx() -> tuple[bytes, dict[str, Planted]]:
    """The file, and who stands where."""
    who = planted(PLACES)
    n = {place: person.name for place, person in who.items()}
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rHeader"/><w:headerReference w:type="first" r:id="rFirst"/>'
        '<w:footerReference w:type="default" r:id="rFooter"/></w:sectPr>'
    )
    document = root("w:document", f"<w:body>{''.join(_body(who))}{section}</w:body>")
    ends = {"xml": "application/xml", "rels": "application/vnd.openxmlformats-package.relationships+xml", "png": "image/png"}
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = "".join(f'<Default Extension="{end}" ContentType="{type_}"/>' for end, type_ in ends.items())
    content_types = (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{types}'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )
    top = (
        f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{TYPES}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types,
        "_rels/.rels": top,
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _links(n),
        **_parts(n),
        f"word/{n['member_name']}.txt": b"nothing",
        "unlisted.bin": base64.b64encode(n["unlisted_member"].encode()),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            if name == "word/document.xml":
                info.comment = n["member_comment"].encode()
                said = n["extra_field"].encode()
                info.extra = struct.pack("<HH", 0x6375, len(said)) + said
            package.writestr(info, part, zipfile.ZIP_DEFLATED)
        package.comment = n["zip_comment"].encode()
    return buffer.getvalue() + n["trailing"].encode(), who


def gentle(data: bytes) -> bytes:
    """The same file as LibreOffice can open it: without embedded objects and the bytes around the package."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(
                name, re.sub(rb"<w:r><w:object>.*?</w:object></w:r>", b"", part) if name == "word/document.xml" else part
            )
    return out.getvalue()
