"""A workbook with a person of its own in each of 72 places where a name can stand, made by hand: no library writes most.

`SHOWN` are the places a reader sees; nothing of the others may be in a copy at all.
"""

# ruff: noqa: E501 - markup is easier to read in one line

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from PIL import Image, ImageDraw

from tests.planted import Planted

CELL = (
    "shared rich_runs inline_str formula_text formula_cached hidden_row hidden_col hidden_sheet veryhidden_sheet white_font number_format "
    "phonetic unused_shared merged_covered filtered_out far_away error_formula_ref array_formula"
).split()
SHEET = (
    "name codename header_footer comment_text comment_author threaded_comment persons hyperlink_url hyperlink_display validation_list "
    "validation_prompt condfmt_formula table_name table_column autofilter scenario protected_range drawing_text drawing_alt vml "
    "custom_property printer_settings"
).split()
BOOK = (
    "defined_name defined_name_value defined_name_comment pivot_cache_items pivot_records pivot_field_name external_link_path "
    "external_link_cache connections query_table calc_chain_ext revision_log users filesharing_user file_path custom_view style_name "
    "chart_cache slicer data_model customxml vba"
).split()
PROPS = "creator lastmod title manager company titles custom".split()
OTHER = "pixels exif zip_comment".split()
PLACES = (*CELL, *SHEET, *BOOK, *PROPS, *OTHER)
SHOWN = ("shared rich_runs inline_str formula_cached number_format far_away array_formula name table_column drawing_text").split()

M = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
XDR = 'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPC = "http://schemas.openxmlformats.org/package/2006"


def _rels(*rows: tuple[str, str, str, bool]) -> str:
    links = "".join(
        f'<Relationship Id="{i}" Type="{REL}/{kind}" Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if out else ""}/>'
        for i, kind, target, out in rows
    )
    return f'<Relationships xmlns="{OPC}/relationships">{links}</Relationships>'


def _picture(name: str, exif: str) -> bytes:
    picture = Image.new("RGB", (400, 60), "white")
    ImageDraw.Draw(picture).text((5, 20), name, fill="black")
    out = io.BytesIO()
    data = Image.Exif()
    data[0x010E] = exif
    picture.save(out, "JPEG", exif=data)
    return out.getvalue()


def _sheet(n: Mapping[str, str]) -> str:
    return (
        f'<worksheet {M}><sheetPr codeName="{n["codename"]}"><outlinePr/></sheetPr><sheetFormatPr defaultRowHeight="15"/>'
        '<cols><col min="7" max="7" width="9" hidden="1"/></cols><sheetData>'
        f'<row r="1"><c r="A1" t="s"><v>3</v></c><c r="B1" t="inlineStr"><is><t>Seen</t></is></c><c r="C1" t="inlineStr"><is><t>Note</t></is></c><c r="G1" t="inlineStr"><is><t>{n["hidden_col"]}</t></is></c></row>'
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>12</v></c><c r="C2" t="inlineStr"><is><t>The officers came at noon.</t></is></c></row>'
        '<row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" s="1"><v>5</v></c></row>'
        f'<row r="4"><c r="A4" t="inlineStr"><is><t>{n["inline_str"]}</t></is></c><c r="B4"><f>LEN("{n["formula_text"]}")</f><v>7</v></c></row>'
        f'<row r="5"><c r="A5" t="str"><f>A1</f><v>{n["formula_cached"]}</v></c><c r="B5" t="e"><f>\'{n["error_formula_ref"]}\'!A1</f><v>#REF!</v></c></row>'
        f'<row r="6"><c r="A6" t="str"><f t="array" ref="A6">A1:A2</f><v>{n["array_formula"]}</v></c><c r="B6" s="2" t="inlineStr"><is><t>{n["white_font"]}</t></is></c></row>'
        f'<row r="7" hidden="1"><c r="A7" t="inlineStr"><is><t>{n["hidden_row"]}</t></is></c></row>'
        f'<row r="8"><c r="A8" t="inlineStr"><is><t>The council answered.</t></is></c><c r="B8" t="inlineStr"><is><t>{n["merged_covered"]}</t></is></c></row>'
        f'<row r="9" hidden="1"><c r="A9" t="inlineStr"><is><t>{n["filtered_out"]}</t></is></c></row>'
        f'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>{n["far_away"]}</t></is></c></row></sheetData>'
        f'<protectedRanges><protectedRange sqref="A1" name="{n["protected_range"].replace(" ", "_")}"/></protectedRanges>'
        f'<scenarios><scenario name="{n["scenario"]}" user="x"><inputCells r="A1" val="1"/></scenario></scenarios>'
        f'<autoFilter ref="A1:B9"><filterColumn colId="0"><filters><filter val="{n["autofilter"]}"/></filters></filterColumn></autoFilter>'
        f'<customSheetViews><customSheetView guid="{{0}}"><headerFooter><oddHeader>{n["custom_view"]}</oddHeader></headerFooter></customSheetView></customSheetViews>'
        '<mergeCells count="1"><mergeCell ref="A8:B8"/></mergeCells>'
        f'<dataValidations><dataValidation type="list" sqref="A1" promptTitle="x" prompt="{n["validation_prompt"]}"><formula1>"{n["validation_list"]},x"</formula1></dataValidation></dataValidations>'
        f'<hyperlinks><hyperlink ref="A1" r:id="h" display="{n["hyperlink_display"]}"/></hyperlinks>'
        f'<headerFooter><oddHeader>&amp;L{n["header_footer"]}</oddHeader></headerFooter><drawing r:id="d"/></worksheet>'
    )


def _one(words: str) -> str:
    return (
        f'<worksheet {M}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{words}</t></is></c></row></sheetData></worksheet>'
    )


def planted_xlsx(persons: Mapping[str, Planted]) -> bytes:
    """The workbook. `persons` by place."""
    n = {place: persons[place].name for place in PLACES}
    first, last = n["rich_runs"].split()
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{OPC}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": _rels(("w", "officeDocument", "xl/workbook.xml", False)),
        "xl/workbook.xml": (
            f'<workbook {M}><fileSharing userName="{n["filesharing_user"]}"/><workbookPr/>'
            f'<absPath url="C:\\Users\\{n["file_path"]}\\"/><sheets><sheet name="{n["name"]}" sheetId="1" r:id="s1"/>'
            '<sheet name="Old" sheetId="2" state="hidden" r:id="s2"/><sheet name="Older" sheetId="3" state="veryHidden" r:id="s3"/>'
            '<sheet name="Girls" sheetId="4" r:id="s4"/></sheets><definedNames>'
            f'<definedName name="{n["defined_name"].replace(" ", "_")}">Sheet1!A1</definedName><definedName name="x" comment="{n["defined_name_comment"]}">"{n["defined_name_value"]}"</definedName></definedNames>'
            f'<customWorkbookViews><customWorkbookView name="view" guid="{{0}}"/></customWorkbookViews></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _rels(
            *((f"s{i}", "worksheet", f"worksheets/sheet{i}.xml", False) for i in (1, 2, 3, 4)),
            ("st", "styles", "styles.xml", False), ("ss", "sharedStrings", "sharedStrings.xml", False),
        ),
        "xl/sharedStrings.xml": (
            f'<sst {M}><si><t>{n["shared"]}</t></si><si><r><t>{first[:3]}</t></r><r><rPr><b/></rPr><t>{first[3:]} {last[:4]}</t></r><r><t>{last[4:]}</t></r></si>'
            f'<si><t>{n["unused_shared"]}</t></si><si><t>{n["table_column"]}</t><rPh sb="0" eb="1"><t>{n["phonetic"]}</t></rPh></si></sst>'
        ),
        "xl/styles.xml": (
            f'<styleSheet {M}><numFmts><numFmt numFmtId="164" formatCode="&quot;{n["number_format"]} &quot;0"/></numFmts><fonts><font/><font><color rgb="FFFFFFFF"/></font></fonts>'
            f'<fills><fill><patternFill patternType="none"/></fill></fills><cellXfs><xf numFmtId="0" fontId="0" fillId="0"/><xf numFmtId="164" fontId="0" fillId="0"/><xf numFmtId="0" fontId="1" fillId="0"/></cellXfs>'
            f'<cellStyles><cellStyle name="{n["style_name"]}" xfId="0"/></cellStyles></styleSheet>'
        ),
        "xl/worksheets/sheet1.xml": _sheet(n),
        "xl/worksheets/sheet2.xml": _one(n["hidden_sheet"]),
        "xl/worksheets/sheet3.xml": _one(n["veryhidden_sheet"]),
        "xl/worksheets/sheet4.xml": _one("Notes on the visits").replace(
            "</worksheet>",
            f'<conditionalFormatting sqref="Z1"><cfRule type="expression" priority="1"><formula>A1="{n["condfmt_formula"]}"</formula></cfRule></conditionalFormatting></worksheet>',
        ),
        "xl/worksheets/_rels/sheet1.xml.rels": _rels(
            ("h", "hyperlink", "https://x.example/" + n["hyperlink_url"].replace(" ", "%20"), True), ("d", "drawing", "../drawings/drawing1.xml", False),
            ("c", "comments", "../comments1.xml", False), ("t", "table", "../tables/table1.xml", False),
        ),
        "xl/comments1.xml": f'<comments {M}><authors><author>{n["comment_author"]}</author></authors><commentList><comment ref="A1" authorId="0"><text><t>{n["comment_text"]}</t></text></comment></commentList></comments>',
        "xl/threadedComments/threadedComment1.xml": f"<ThreadedComments><threadedComment><text>{n['threaded_comment']}</text></threadedComment></ThreadedComments>",
        "xl/persons/person.xml": f'<personList><person displayName="{n["persons"]}" userId="x"/></personList>',
        "xl/tables/table1.xml": f'<table {M} id="1" name="{n["table_name"].replace(" ", "_")}" ref="A1:B2"><tableColumns><tableColumn id="1" name="{n["table_column"]}"/></tableColumns></table>',
        "xl/drawings/drawing1.xml": (
            f'<xdr:wsDr {XDR} {A}><xdr:sp><xdr:nvSpPr><xdr:cNvPr id="1" name="Box" descr="{n["drawing_alt"]}"/></xdr:nvSpPr><xdr:txBody><a:p><a:r><a:t>Beside: {n["drawing_text"]}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>'
        ),
        "xl/drawings/vmlDrawing1.vml": f'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox>{n["vml"]}</v:textbox></v:shape></xml>',
        "xl/customProperty1.bin": n["custom_property"].encode("utf-16-le"),
        "xl/printerSettings/printerSettings1.bin": n["printer_settings"].encode("utf-16-le"),
        "xl/pivotCache/pivotCacheDefinition1.xml": f'<pivotCacheDefinition {M}><cacheFields><cacheField name="{n["pivot_field_name"]}"><sharedItems><s v="{n["pivot_cache_items"]}"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>',
        "xl/pivotCache/pivotCacheRecords1.xml": f'<pivotCacheRecords {M}><r><s v="{n["pivot_records"]}"/></r></pivotCacheRecords>',
        "xl/externalLinks/externalLink1.xml": f'<externalLink {M}><externalBook><sheetDataSet><sheetData><row><cell><v>{n["external_link_cache"]}</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>',
        "xl/externalLinks/_rels/externalLink1.xml.rels": _rels(("x", "externalLinkPath", "file:///C:/" + n["external_link_path"].replace(" ", "%20"), True)),
        "xl/connections.xml": f'<connections {M}><connection id="1" name="{n["connections"]}" description="x"/></connections>',
        "xl/queryTables/queryTable1.xml": f'<queryTable {M} name="{n["query_table"]}"/>',
        "xl/calcChain.xml": f'<calcChain {M}><extLst><ext uri="{n["calc_chain_ext"]}"/></extLst></calcChain>',
        "xl/revisions/revisionLog1.xml": f'<revisions {M}><rcc><nc><is><t>{n["revision_log"]}</t></is></nc></rcc></revisions>',
        "xl/revisions/userNames.xml": f'<users {M}><userInfo name="{n["users"]}"/></users>',
        "xl/charts/chart1.xml": f'<c:chartSpace xmlns:c="c"><c:strCache><c:pt><c:v>{n["chart_cache"]}</c:v></c:pt></c:strCache></c:chartSpace>',
        "xl/slicers/slicer1.xml": f'<slicers><slicer name="x" caption="{n["slicer"]}"/></slicers>',
        "xl/model/item.data": n["data_model"].encode("utf-16-le"),
        "customXml/item1.xml": f"<x>{n['customxml']}</x>",
        "xl/vbaProject.bin": b"Attribut\0" + n["vba"].encode(),
        "xl/media/image1.jpeg": _picture(n["pixels"], n["exif"]),
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="cp" xmlns:dc="dc"><dc:creator>{n["creator"]}</dc:creator><cp:lastModifiedBy>{n["lastmod"]}</cp:lastModifiedBy><dc:title>{n["title"]}</dc:title></cp:coreProperties>',
        "docProps/app.xml": f"<Properties><Manager>{n['manager']}</Manager><Company>{n['company']}</Company><TitlesOfParts>{n['titles']}</TitlesOfParts></Properties>",
        "docProps/custom.xml": f'<Properties><property name="x"><lpwstr>{n["custom"]}</lpwstr></property></Properties>',
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
        package.comment = n["zip_comment"].encode()
    return out.getvalue()
