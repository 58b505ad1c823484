"""PowerPoint: real files by python-pptx; what its slides show is there, what they do not is learnt from and in no copy."""

# ruff: noqa: E501 - markup is easier to read in one line

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pptx
import pytest
from lxml import etree
from PIL import Image
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml import parse_xml
from pptx.util import Inches

from redactor import formats, recognizers
from redactor.actions import publish
from redactor.content import BlockKind, Table, flatten
from redactor.errors import HeldError
from redactor.formats._libreoffice import program
from redactor.formats.pptx import PPTX
from redactor.recognizers import Engine
from tests.planted import Planted, case_of, found_in, planted
from tests.planted_docx import _image
from tests.test_formats_foreign import made, needs_office

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
SHOWN = "title body run_split table group box footer layout master smartart line_break".split()
HIDDEN = (
    "notes hidden_slide off_slide hidden_shape alt_text shape_name comment comment_author author title_property keywords tag "
    "chart_series chart_category link_target tooltip picture_exif bar unused_slide custom_xml vba fallback".split()
)


def bytes_of(deck: Any) -> bytes:
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def planted_pptx() -> tuple[bytes, dict[str, Planted]]:
    """A presentation with somebody in each of the places above."""
    who = planted([*SHOWN, *HIDDEN])
    n = {place: person.name for place, person in who.items()}
    deck = pptx.Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text = f"What {n['title']} said"
    body = first.placeholders[1].text_frame
    body.text = f"{n['body']} asked for help"
    paragraph = body.add_paragraph()
    for part in (n["run_split"][:4], n["run_split"][4:], " wrote twice"):
        paragraph.add_run().text = part
    broken = body.add_paragraph()
    broken.text = f"{who['line_break'].given}\v{who['line_break'].surname} stood over two lines"
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "A table"
    table = second.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
    for (row, column), text in {(0, 0): "Who", (0, 1): "What", (1, 0): n["table"], (1, 1): "rang the office"}.items():
        table.cell(row, column).text = text
    group = second.shapes.add_group_shape()
    group.shapes.add_textbox(Inches(1), Inches(3), Inches(2), Inches(1)).text_frame.text = f"{n['group']} stood in a group"
    box = second.shapes.add_textbox(Inches(1), Inches(4), Inches(2), Inches(1))
    box.text_frame.text = f"{n['box']} stood in a frame"
    box.name = n["shape_name"]
    link = box.text_frame.add_paragraph().add_run()
    link.text = "a link led away"
    link.hyperlink.address = f"https://example.org/{n['link_target'].replace(' ', '-')}"
    link._r.rPr.find(f"{{{A}}}hlinkClick").set("tooltip", n["tooltip"])
    bar = box.text_frame.add_paragraph().add_run()
    bar.text = n["bar"]
    bar._r.get_or_add_rPr().append(parse_xml(f'<a:highlight xmlns:a="{A}"><a:srgbClr val="000000"/></a:highlight>'))
    shape = second.shapes.add_shape(MSO_SHAPE.RECTANGLE, deck.slide_width + 10, 0, Inches(1), Inches(1))
    shape.text_frame.text = n["off_slide"]
    unseen = second.shapes.add_textbox(Inches(1), Inches(5), Inches(2), Inches(1))
    unseen.text_frame.text = n["hidden_shape"]
    unseen._element.nvSpPr.cNvPr.set("hidden", "1")
    second.notes_slide.notes_text_frame.text = n["notes"]
    exif = Image.Exif()
    exif[0x013B] = n["picture_exif"]
    picture = second.shapes.add_picture(io.BytesIO(_image("", "JPEG", exif=exif)), Inches(5), Inches(1))
    picture._element.nvPicPr.cNvPr.set("descr", n["alt_text"])
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = [n["chart_category"], "Other"]
    data.add_series(n["chart_series"], (1, 2))
    second.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, Inches(1), Inches(5), Inches(3), Inches(2), data)
    footer = deck.slides[0].shapes.add_textbox(0, 0, Inches(1), Inches(1))
    footer.text_frame.text = f"{n['footer']} below"
    footer._element.nvSpPr.nvPr.append(parse_xml(f'<p:ph xmlns:p="{P}" type="ftr" idx="11"/>'))
    for design, place in ((deck.slide_layouts[5], "layout"), (deck.slide_master, "master")):
        design.shapes._spTree.append(parse_xml(etree.tostring(_box(f"{n[place]} designed it"))))
    gone = deck.slides.add_slide(deck.slide_layouts[6])
    gone.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = n["hidden_slide"]
    gone._element.set("show", "0")
    unused = deck.slides.add_slide(deck.slide_layouts[6])
    unused.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = n["unused_slide"]
    ids = deck.slides._sldIdLst
    ids.remove(ids[-1])
    properties = deck.core_properties
    properties.author, properties.title, properties.keywords = n["author"], n["title_property"], n["keywords"]
    smart = (
        f"<dgm:dataModel xmlns:dgm='{DGM}' xmlns:a='{A}'><a:p><a:r><a:t>{n['smartart']} drew it</a:t></a:r></a:p></dgm:dataModel>"
    )
    frame = deck.slides[0].shapes._spTree
    frame.append(parse_xml(SMART))
    wide = f"<p:sp><p:txBody><a:bodyPr/><a:p><a:r><a:t>{n['fallback']}</a:t></a:r></a:p></p:txBody></p:sp>"
    chosen = etree.tostring(_box("a newer shape")).decode()
    frame.append(
        parse_xml(
            f'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:p="{P}" '
            f'xmlns:a="{A}"><mc:Choice Requires="x">{chosen}</mc:Choice><mc:Fallback>{wide}</mc:Fallback></mc:AlternateContent>'
        )
    )
    rels = "ppt/slides/_rels/slide1.xml.rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/diagramData"
    with zipfile.ZipFile(io.BytesIO(bytes_of(deck))) as package:
        said = package.read(rels).decode()
    more = {
        rels: said.replace(
            "</Relationships>", f'<Relationship Id="rSmart" Type="{kind}" Target="../diagrams/data1.xml"/></Relationships>'
        ),
        "ppt/diagrams/data1.xml": smart,
        "ppt/comments/comment1.xml": f'<p:cmLst xmlns:p="{P}"><p:cm><p:text>{n["comment"]}</p:text></p:cm></p:cmLst>',
        "ppt/commentAuthors.xml": f'<p:cmAuthorLst xmlns:p="{P}"><p:cmAuthor name="{n["comment_author"]}" initials="X"/></p:cmAuthorLst>',
        "ppt/tags/tag1.xml": f'<p:tagLst xmlns:p="{P}"><p:tag name="A" val="{n["tag"]}"/></p:tagLst>',
        "customXml/item1.xml": f"<a>{n['custom_xml']}</a>",
        "ppt/vbaProject.bin": b"\xd0\xcf\x11\xe0" + n["vba"].encode(),
    }
    return _with(bytes_of(deck), more), who


P = "http://schemas.openxmlformats.org/presentationml/2006/main"
DGM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
SMART = (
    f'<p:graphicFrame xmlns:p="{P}" xmlns:a="{A}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<p:nvGraphicFramePr><p:cNvPr id="90" name="Diagram 1"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm>'
    '<a:off x="0" y="0"/><a:ext cx="10" cy="10"/></p:xfrm><a:graphic>'
    f'<a:graphicData uri="{DGM}"><dgm:relIds xmlns:dgm="{DGM}" r:dm="rSmart"/></a:graphicData></a:graphic></p:graphicFrame>'
)


def _box(text: str) -> Any:
    return etree.fromstring(
        f'<p:sp xmlns:p="{P}" xmlns:a="{A}"><p:nvSpPr><p:cNvPr id="77" name="TextBox 7"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/>'
        f"<p:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def _with(data: bytes, parts: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, part in parts.items():
            target.writestr(name, part)
    return out.getvalue()


def text_of(data: bytes) -> str:
    return flatten(PPTX.read(data).content).text.reveal()


def test_nobody_planted_is_in_a_copy_and_every_word_shown_is(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, persons = planted_pptx()
    assert found_in(data, persons).keys() == persons.keys()
    bundle = tmp_path / "deck"
    bundle.mkdir()
    (bundle / "deck.pptx").write_bytes(data)
    (bundle / "case.yaml").write_text(case_of(persons), encoding="utf-8")
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    monkeypatch.setattr(recognizers, "Engine", lambda _by: engine)
    summary = publish([bundle], tmp_path / "out")[0]
    assert [(d.state, d.path) for d in summary.documents] == [("publishable", "deck.docx")]
    folder = Path(summary.folder) / "publishable"
    for path in folder.rglob("*"):
        assert path.is_dir() or found_in(path.read_bytes(), persons) == {}, path.name
    assert not found_in(json.dumps(summary.as_dict()).encode(), persons)
    text = flatten(formats.read(folder / "documents" / "deck.docx", "d01", "a.docx").content).text.reveal()
    for words in (
        "said", "asked for help", "wrote twice", "stood over two lines", "A table", "rang the office", "stood in a group",
        "stood in a frame", "a link led away", "[blacked out]", "[picture]", "[chart]", "designed it", "drew it", "below",
        "a newer shape",
    ):  # fmt: skip
        assert words in text
    assert {row.code for row in summary.intake} >= {"speaker notes", "hidden slide", "off the slide", "unused slide", "macros"}


def test_everybody_hidden_is_learnt_from() -> None:
    data, persons = planted_pptx()
    learnt = " ".join(entry.text.reveal() for entry in PPTX.read(data).hidden)
    unread = {"picture_exif", "vba"}  # dropped unread
    assert {place for place in HIDDEN if persons[place].surname not in learnt} <= unread
    assert not {place for place in SHOWN if persons[place].surname not in text_of(data)}


def deck_of(fill: Any, layout: int = 6) -> bytes:
    deck = pptx.Presentation()
    fill(deck.slides.add_slide(deck.slide_layouts[layout]))
    return bytes_of(deck)


def test_titles_bullets_numbers_and_levels() -> None:
    def fill(slide: Any) -> None:
        slide.shapes.title.text = "Findings"
        frame = slide.placeholders[1].text_frame
        frame.text = "one"
        inner = frame.add_paragraph()
        inner.text, inner.level = "within", 1
        plain = frame.add_paragraph()
        plain.text = "plain"
        plain._p.get_or_add_pPr().append(parse_xml(f'<a:buNone xmlns:a="{A}"/>'))
        for text in ("first", "second"):
            numbered = frame.add_paragraph()
            numbered.text = text
            numbered._p.get_or_add_pPr().append(parse_xml(f'<a:buAutoNum xmlns:a="{A}" type="alphaLcParenR"/>'))

    blocks = list(PPTX.read(deck_of(fill, 1)).content.blocks())
    assert [(b.kind, b.level, b.number.reveal(), b.text.reveal()) for b in blocks] == [
        (BlockKind.HEADING, 2, "", "Findings"),
        (BlockKind.ITEM, 0, "•", "one"),
        (BlockKind.ITEM, 1, "•", "within"),
        (BlockKind.PARAGRAPH, 0, "", "plain"),
        (BlockKind.ITEM, 0, "a)", "first"),
        (BlockKind.ITEM, 0, "b)", "second"),
    ]


def test_a_slide_without_title_is_numbered_and_an_empty_one_is_not_told() -> None:
    deck = pptx.Presentation()
    deck.slides.add_slide(deck.slide_layouts[6])
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "words"
    assert text_of(bytes_of(deck)) == "Slide 2\n\nwords"


def test_merged_cells_and_header_rows() -> None:
    def fill(slide: Any) -> None:
        table = slide.shapes.add_table(3, 3, 0, 0, Inches(4), Inches(2)).table
        for row in range(3):
            for column in range(3):
                table.cell(row, column).text = f"{row}{column}"
        table.cell(0, 0).merge(table.cell(0, 1))
        table.cell(1, 2).merge(table.cell(2, 2))

    [table] = [node for node in PPTX.read(deck_of(fill)).content.body if isinstance(node, Table)]
    assert [[(c.blocks[0].text.reveal()[:2], c.colspan, c.rowspan, c.header) for c in row] for row in table.rows] == [
        [("00", 2, 1, True), ("02", 1, 1, True)],
        [("10", 1, 1, False), ("11", 1, 1, False), ("12", 1, 2, False)],
        [("20", 1, 1, False), ("21", 1, 1, False)],
    ]


@needs_office
@pytest.mark.parametrize("ending", ["odp", "ppt"])
def test_other_slides_go_through_libreoffice(ending: str, tmp_path: Path) -> None:
    def fill(slide: Any) -> None:
        slide.shapes.title.text = "Findings"
        slide.placeholders[1].text_frame.text = "one thing"
        slide.notes_slide.notes_text_frame.text = "Blythe"

    deck = pptx.Presentation(io.BytesIO(deck_of(fill, 1)))
    gone = deck.slides.add_slide(deck.slide_layouts[1])
    gone.shapes.title.text = "Tranter"
    gone._element.set("show", "0")
    path = tmp_path / f"a.{ending}"
    assert program()
    path.write_bytes(made(bytes_of(deck), ending, ".pptx"))
    document = formats.read(path, "d01", path.name)
    text = flatten(document.content).text.reveal()
    assert "Findings" in text and "• one thing" in text and "Blythe" not in text and "Tranter" not in text
    learnt = " ".join(entry.text.reveal() for entry in document.hidden)
    assert "Blythe" in learnt and "Tranter" in learnt
    assert formats.written_as(formats.format_named(document.media)).name == "docx"


BOMB = '<!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("part", "cause"),
    [
        (BOMB, "declares XML entities"),
        ("<a", "damaged"),
        (f'<p:sld xmlns:p="{P}">' + "<b>" * 300 + "</b>" * 300 + "</p:sld>", "damaged"),
    ],
)
def test_a_harmful_slide_holds_the_document(part: str, cause: str) -> None:
    data = _with(deck_of(lambda slide: None), {"ppt/slides/slide1.xml": part})
    with pytest.raises(HeldError, match=cause):
        PPTX.read(data)


def test_a_paragraph_without_end_holds_the_document() -> None:
    with pytest.raises(HeldError, match="longer than"):
        PPTX.read(deck_of(lambda slide: setattr(slide.shapes.add_textbox(0, 0, 9, 9).text_frame, "text", "a" * 4_000_001)))


def test_a_deck_that_shows_nothing_is_held(tmp_path: Path) -> None:
    path = tmp_path / "a.pptx"
    path.write_bytes(deck_of(lambda slide: None))
    with pytest.raises(HeldError, match="empty"):
        formats.read(path, "d01", "a.pptx")
