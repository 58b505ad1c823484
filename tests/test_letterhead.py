"""A house template: what copies take from it, what they never do, and which templates are refused. The house is invented."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.shared import Cm, Pt, RGBColor
from PIL import Image, PngImagePlugin

from redactor import recognizers
from redactor.actions import Summary, audit_verify, publish
from redactor.content import Content
from redactor.errors import UsageError
from redactor.formats import letterhead
from redactor.formats._letterhead_values import of_values
from redactor.formats.docx import DOCX
from redactor.formats.letterhead import open_letterhead, values_of
from redactor.recognizers import Engine
from tests.planted import found_in, planted

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NOT_TAKEN = "author comment custom_xml logo_text logo_alt style_name bookmark core_title".split()
WHO = planted(NOT_TAKEN)
NOTE = (
    "Note of the visit\n\nBlythe Tranter rang on 4 March 2011. The office of Sandhurst Council answered, and the clerk wrote.\n"
)
CASE = "people: [{name: Blythe Tranter, role: survivor}]\n"


def logo() -> bytes:
    picture = Image.new("RGB", (60, 20), (20, 60, 140))
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Author", WHO["logo_text"].name)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def nothing(_document: Any) -> None:
    """The template as it is."""


def template(path: Path, change: Callable[[Any], None] = nothing) -> Path:
    """A letterhead with somebody in each place that copies must not take from it."""
    document: Any = docx.Document()
    section = document.sections[0]
    section.left_margin = Cm(4)
    line = section.header.paragraphs[0]
    line.add_run().add_picture(io.BytesIO(logo()), width=Cm(3))
    line.add_run(" Grace House Inquiry").bold = True
    line._p.append(parse_xml(f'<w:bookmarkStart xmlns:w="{W}" w:id="1" w:name="{WHO["bookmark"].surname}"/>'))
    drawn = line._p.xpath(".//wp:docPr")[0]
    drawn.set("descr", WHO["logo_alt"].name)
    table = section.header.add_table(1, 2, Cm(12))
    table.cell(0, 0).text, table.cell(0, 1).text = "1 Mill Lane", "Trentmere"
    foot = section.footer.paragraphs[0]
    foot.add_run("Page ")
    for step in ("begin", "PAGE", "separate", "7", "end"):
        inner = f"<w:instrText> {step} </w:instrText>" if step == "PAGE" else f"<w:t>{step}</w:t>" if step == "7" else ""
        foot._p.append(parse_xml(f'<w:r xmlns:w="{W}">{inner or f"""<w:fldChar w:fldCharType="{step}"/>"""}</w:r>'))
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Georgia", Pt(12)
    document.styles["Heading 1"].font.color.rgb = RGBColor(0x80, 0, 0)
    document.styles.add_style(WHO["style_name"].name, 1)
    document.core_properties.author, document.core_properties.title = WHO["author"].name, WHO["core_title"].name
    change(document)
    buffer = io.BytesIO()
    document.save(buffer)
    parts = {
        "word/comments.xml": f'<w:comments xmlns:w="{W}"><w:comment w:id="1" w:author="{WHO["comment"].name}"/></w:comments>',
        "customXml/item9.xml": f"<a>{WHO['custom_xml'].name}</a>",
    }
    with zipfile.ZipFile(path, "w") as target, zipfile.ZipFile(buffer) as source:
        for name in source.namelist():
            target.writestr(name, source.read(name))
        for name, part in parts.items():
            target.writestr(name, part)
    return path


@pytest.fixture(scope="module")
def published(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Summary]:
    folder = tmp_path_factory.mktemp("bundles") / "visit"
    folder.mkdir()
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    document = docx.Document()
    document.add_heading("A heading", 1)
    document.add_paragraph(NOTE.splitlines()[2])
    document.sections[0].header.paragraphs[0].text = "Seen by Blythe Tranter"
    document.save(str(folder / "a.docx"))
    (folder / "b.txt").write_text(NOTE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(tmp_path_factory.mktemp("keys")))
        patch.setattr(recognizers, "Engine", lambda _by: engine)
        house = template(tmp_path_factory.mktemp("house") / "letterhead.docx")
        yield publish([folder], tmp_path_factory.mktemp("out"), also=["docx", "pdf"], template=house)[0]


def documents(summary: Summary) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (Path(summary.folder) / "publishable" / "documents").iterdir()}


def test_copies_are_on_the_letterhead_and_verified(published: Summary) -> None:
    assert [d.state for d in published.documents] == ["publishable", "publishable"]
    copies = documents(published)
    assert {"a.docx", "a.pdf", "b.txt", "b.docx", "b.pdf"} == copies.keys()
    assert audit_verify(Path(published.folder))
    for name in ("a.docx", "b.docx"):
        document = docx.Document(io.BytesIO(copies[name]))
        section = document.sections[0]
        assert abs((section.left_margin or 0) - Cm(4)) < 1000
        header = section.header
        assert header.paragraphs[0].text == " Grace House Inquiry" and header.paragraphs[0].runs[-1].bold
        assert [cell.text for cell in header.tables[0].rows[0].cells] == ["1 Mill Lane", "Trentmere"]
        assert section.footer.paragraphs[0].text.startswith("Page ")
        assert section.footer._element.xpath(".//w:fldSimple/@w:instr") == ["PAGE"]
        normal = document.styles["Normal"].font
        assert (normal.name, normal.size) == ("Georgia", Pt(12))
        assert document.styles["Heading 1"].font.color.rgb == RGBColor(0x80, 0, 0)
        text = "\n".join(p.text for p in document.paragraphs)
        assert "Blythe" not in text and "The office of Sandhurst Council answered" in text
    own = [p.text for p in docx.Document(io.BytesIO(copies["a.docx"])).sections[0].header.paragraphs]
    assert own[-1].startswith("Seen by [Survivor ")
    assert copies["b.txt"].decode().startswith("Note of the visit")


def test_nothing_else_of_the_template_is_in_a_copy(published: Summary, tmp_path: Path) -> None:
    source = template(tmp_path / "house.docx").read_bytes()
    assert found_in(source, WHO).keys() == WHO.keys()
    assert all(found_in(data, WHO) == {} for data in documents(published).values())
    with zipfile.ZipFile(io.BytesIO(documents(published)["b.docx"])) as package:
        [name] = [name for name in package.namelist() if name.startswith("word/media/")]
        with Image.open(io.BytesIO(package.read(name))) as picture:
            assert picture.info == {} and picture.convert("RGB").getpixel((30, 10)) == (20, 60, 140)


def test_a_copy_on_a_letterhead_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    one, two = (DOCX.write_on(Content(()), open_letterhead(template(tmp_path / name))) for name in ("1.docx", "2.docx"))  # type: ignore[misc]
    assert one == two


def first_page(document: Any) -> None:
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "First page of Grace House"


def test_with_a_first_page_of_its_own_headers_of_a_document_stand_in_the_text(tmp_path: Path) -> None:
    source = docx.Document()
    source.add_paragraph("The clerk wrote.")
    source.sections[0].header.paragraphs[0].text = "Seen twice"
    buffer = io.BytesIO()
    source.save(buffer)
    content = DOCX.read(buffer.getvalue()).content
    made = docx.Document(io.BytesIO(DOCX.write(content, open_letterhead(template(tmp_path / "a.docx", first_page)))))  # type: ignore[call-arg]
    assert [p.text for p in made.paragraphs] == ["Seen twice", "The clerk wrote."]
    assert made.sections[0].first_page_header.paragraphs[0].text == "First page of Grace House"


def body_text(document: Any) -> None:
    document.add_paragraph("Dear Blythe Tranter")


def body_picture(document: Any) -> None:
    document.add_picture(io.BytesIO(logo()))


def text_box(document: Any) -> None:
    box = f'<w:r xmlns:w="{W}"><w:pict><w:txbxContent><w:p/></w:txbxContent></w:pict></w:r>'
    document.sections[0].header.paragraphs[0]._p.append(parse_xml(box))


def tracked(document: Any) -> None:
    change = f'<w:ins xmlns:w="{W}" w:id="1" w:author="A"><w:r><w:t>new</w:t></w:r></w:ins>'
    document.sections[0].footer.paragraphs[0]._p.append(parse_xml(change))


def hidden(document: Any) -> None:
    document.sections[0].header.paragraphs[0].add_run("Blythe").font.hidden = True


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (body_text, "text or pictures on its page"),
        (body_picture, "text or pictures on its page"),
        (text_box, "has an old drawing|has a text box"),
        (tracked, "has tracked changes"),
        (hidden, "has hidden text"),
    ],
)
def test_a_template_with_more_than_a_letterhead_is_refused(change: Callable[[Any], None], said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        open_letterhead(template(tmp_path / "a.docx", change))
    assert "Blythe" not in str(caught.value)


def _margin(xml: str, pictures: object = ()) -> dict[str, object]:
    lines: list[str] = []
    return {"margins": [["header", "default", [xml], dict(pictures), lines]]}  # type: ignore[call-overload]


P = f'<w:p xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
FORGED = {  # what a reader that a template took over might answer; none of it may come into a copy
    "field": _margin(f'{P}<w:r><w:instrText>INCLUDEPICTURE "http://example.org/a"</w:instrText></w:r></w:p>'),
    "simple field": _margin(f'{P}<w:fldSimple w:instr="DDEAUTO cmd"/></w:p>'),
    "link": _margin(f'{P}<w:hyperlink r:id="rId1"/></w:p>'),
    "part": _margin(f'{P}<w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" r:embed="rId1"/>'
                    "</w:drawing></w:r></w:p>"),
    "words where none are": _margin(f"{P}<w:r>Blythe Tranter wrote this line of forty-odd letters</w:r></w:p>"),
    "words behind": _margin(f"{P}<w:r/>Tranter</w:p>"),
    "attribute": _margin(f'{P}<w:r w:rsidR="http://example.org/?a=b"/></w:p>'),
    "comment": _margin(f"{P}<!-- Tranter --></w:p>"),
    "entity": _margin(f'<!DOCTYPE a [<!ENTITY b "c">]>{P}<w:r><w:t>&b;</w:t></w:r></w:p>'),
    "no XML": _margin("<w:p>"),
    "place": {"margins": [["body", "default", [], {}, []]]},
    "style": {"styles": {"Normal": [f'{P[:-1]} onload="x(1)"/>']}},
    "page": {"page": [f'<w:altChunk xmlns:w="{W}"/>']},
    "large picture": _margin(f"{P}</w:p>", {"picture1": [100_000, 100_000, "eJwDAAAAAAE="]}),
    "short picture": _margin(f"{P}</w:p>", {"picture1": [9, 9, "eJwDAAAAAAE="]}),
    "no picture": _margin(f"{P}</w:p>", {"picture1": ["9", "9", 9]}),
}  # fmt: skip


@pytest.mark.parametrize("forged", FORGED)
def test_a_template_that_takes_its_reader_over_gets_nothing_else_into_a_copy(
    forged: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = json.loads(json.dumps(values_of(template(tmp_path / "house.docx").read_bytes())))
    assert of_values(whole).margins == open_letterhead(tmp_path / "house.docx").margins
    monkeypatch.setattr(letterhead, "answer_apart", lambda *_, **__: whole | FORGED[forged])
    with pytest.raises(UsageError, match="The template cannot be used"):
        open_letterhead(tmp_path / "house.docx")


def test_what_is_no_template_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text("no")
    for path in (tmp_path / "a.docx", tmp_path / "none.docx"):
        with pytest.raises(UsageError):
            open_letterhead(path)


def visit(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch, case: str, words: str) -> Summary:
    folder = tmp_path / "visit"
    folder.mkdir()
    (folder / "case.yaml").write_text(case, encoding="utf-8")
    (folder / "b.txt").write_text(words, encoding="utf-8")
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    monkeypatch.setattr(recognizers, "Engine", lambda _by: engine)
    return publish([folder], tmp_path / "out", also=["docx"], template=template(tmp_path / "house.docx"))[0]


@pytest.mark.parametrize(("name", "state"), [("Grace Tranter", "publishable"), ("Grace House", "held")])
def test_a_word_of_the_letterhead_is_accounted_for_and_a_full_name_never_is(
    name: str, state: str, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = f"people: [{{name: {name}, role: survivor}}]\n"
    words = f"Note of the visit\n\n{name} rang. Grace said that the office answered and that the clerk wrote it down.\n"
    summary = visit(tmp_path, engine, monkeypatch, case, words)
    assert [d.state for d in summary.documents] == [state]
    if state == "publishable":
        text = "\n".join(p.text for p in docx.Document(io.BytesIO(documents(summary)["b.docx"])).paragraphs)
        assert "Grace" not in text
