from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Cell, Content, Mark, Style, Table, flatten
from redactor.errors import HeldError
from redactor.formats.docx import DOCX

NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def word(*paragraphs: str, change: Callable[[Any], None] = lambda _: None) -> bytes:
    """A Word file whose body is `paragraphs` (inner XML of w:body), after `change` on python-docx's document."""
    document = docx.Document()
    body = document.element.body
    for xml in paragraphs:
        body.insert(len(body) - 1, parse_xml(xml.replace(">", f" {NS}>", 1)))
    change(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_parts(data: bytes, parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, part in parts.items():
            target.writestr(name, part)
    return out.getvalue()


def related(data: bytes, type_: str, name: str, part: str | bytes) -> bytes:
    rels = zipfile.ZipFile(io.BytesIO(data)).read("word/_rels/document.xml.rels").decode()
    kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{type_}"
    link = f'<Relationship Id="rIdX{type_}" Type="{kind}" Target="{name}"/>'
    return with_parts(
        data, {"word/_rels/document.xml.rels": rels.replace("</Relationships>", link + "</Relationships>"), f"word/{name}": part}
    )


def flat(data: bytes) -> str:
    return flatten(DOCX.read(data).content).text.reveal()


def para(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


BOX = "<w:txbxContent><w:p><w:r><w:t>in a box</w:t></w:r></w:p></w:txbxContent>"
ALTERNATE = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><wp:docPr id='1' name='Shape' descr='Tarn'/>"
    f"<a:graphic><a:graphicData><wps:wsp><wps:txbx>{BOX}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
    f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)
FIELD = (
    "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>MERGEFIELD Tarn</w:instrText></w:r><w:r><w:t>Tarn</w:t></w:r>"
    "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>seen</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
)


@pytest.mark.parametrize(
    ("inner", "seen"),
    [
        (run("Fen") + run("wick", "<w:b/>"), "Fenwick"),
        (
            "<w:r><w:t>Fen</w:t><w:softHyphen/><w:t>wick</w:t><w:noBreakHyphen/><w:t>T\u200barn\u00a0x</w:t></w:r>",
            "Fenwick-Tarn x",
        ),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>", "a\tb\nc"),
        ("<w:ins w:id='1' w:author='Tarn'>" + run("new") + "</w:ins>", "new"),
        ("<w:moveTo w:id='1' w:author='Tarn'>" + run("moved") + "</w:moveTo>", "moved"),
        (run("a") + FIELD, "aseen"),
        ("<w:fldSimple w:instr='AUTHOR Tarn'>" + run("seen") + "</w:fldSimple>", "seen"),
        ("<w:hyperlink w:tooltip='Tarn'>" + run("link") + "</w:hyperlink>", "link"),
        ("<w:sdt><w:sdtPr><w:tag w:val='Tarn'/></w:sdtPr><w:sdtContent>" + run("held") + "</w:sdtContent></w:sdt>", "held"),
        (run("before") + ALTERNATE, "before\n\nin a box"),
        ("<w:r><w:sym w:font='Wingdings' w:char='F0FC'/><w:sym w:font='Arial' w:char='0041'/></w:r>", "✓A"),
        ("<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>", "x+1"),
        ("<w:bdo w:val='rtl'>" + run("kciwneF") + "</w:bdo>", "Fenwick"),
        (run("shown", "<w:vanish w:val='0'/>"), "shown"),
    ],
    ids=range(14),
)
def test_reads_what_word_shows(inner: str, seen: str) -> None:
    assert flat(word(para(inner))) == seen


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    data = word(para("<w:pPr><w:rPr><w:del w:id='1' w:author='x'/></w:rPr></w:pPr>" + run("Fen")), para(run("wick")))
    assert flat(data) == "Fenwick"


def test_a_field_left_open_swallows_no_later_paragraph() -> None:
    opened = "<w:r><w:fldChar w:fldCharType='begin'/></w:r>"
    assert flat(word(para(run("one") + opened), para(run("two")))) == "one\n\ntwo"


def planted() -> tuple[bytes, dict[str, str]]:
    """A Word file with a different invented surname in every hidden place, and those places' names."""
    names = {
        "Aldwick": "comment",
        "Brannoc": "comment author",
        "Cawthra": "tracked deletion",
        "Dunmere": "tracked change author",
        "Eskvale": "hidden text",
        "Farndon": "field code",
        "Gosmoor": "alt text",
        "Harcleugh": "picture name",
        "Inglepen": "tooltip",
        "Jessamy": "property",
        "Kelbrook": "property",
        "Lowther": "custom xml",
        "Marrick": "document variable",
        "Netherby": "link target",
        "Oswin": "bookmark",
        "Pelham": "unreferenced note",
        "Quarndon": "unused header",
        "Rustat": "control title",
        "Selwick": "picture file name",
        "Thirlby": "style name",
        "Ulgham": "tracked deletion",
        "Varley": "comment author",
    }

    def change(document: Any) -> None:
        paragraph = document.add_paragraph("Seen text.")
        document.add_comment(paragraph.runs, text="ask Aldwick", author="Brannoc", initials="Varley")
        document.core_properties.author, document.core_properties.title = "Jessamy", "About Kelbrook"
        document.sections[0].first_page_header.paragraphs[0].text = "Quarndon"
        document.styles.add_style("Thirlby", 1)
        document.part.relate_to("https://netherby.example", "http://x.example/hyperlink", is_external=True)
        settings = document.settings.element
        settings.append(parse_xml(f'<w:docVars {NS}><w:docVar w:name="v" w:val="Marrick"/></w:docVars>'))

    data = word(
        para(
            f"<w:del w:id='2' w:author='Dunmere'><w:r><w:delText>Cawthra</w:delText></w:r></w:del>{run('Eskvale', '<w:vanish/>')}"
            "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>Farndon</w:instrText></w:r>"
            "<w:r><w:fldChar w:fldCharType='end'/></w:r><w:bookmarkStart w:id='3' w:name='Oswin'/>"
            "<w:hyperlink w:tooltip='Inglepen'><w:r><w:t>link</w:t></w:r></w:hyperlink>"
        ),
        "<w:sdt><w:sdtPr><w:alias w:val='Rustat'/></w:sdtPr><w:sdtContent><w:p><w:r><w:drawing><wp:inline>"
        "<wp:docPr id='1' name='Harcleugh' descr='Gosmoor'/><a:graphic><a:graphicData><pic:pic/></a:graphicData></a:graphic>"
        "</wp:inline></w:drawing></w:r></w:p></w:sdtContent></w:sdt>",
        "<w:tbl><w:tr><w:trPr><w:del w:id='5' w:author='x'/></w:trPr>"
        "<w:tc><w:p><w:r><w:t>Ulgham</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        change=change,
    )
    notes = f"<w:footnotes {NS}><w:footnote w:id='9'><w:p><w:r><w:t>Pelham</w:t></w:r></w:p></w:footnote></w:footnotes>"
    data = related(data, "footnotes", "footnotes.xml", notes)
    return with_parts(data, {"customXml/item9.xml": "<root><x>Lowther</x></root>", "word/media/Selwick.png": b"x"}), names


def test_every_hidden_place_is_learnt_from_and_none_is_carried_over() -> None:
    data, names = planted()
    reading = DOCX.read(data)
    copy = DOCX.write(reading.content)
    packed = zipfile.ZipFile(io.BytesIO(copy))
    everything = b"".join(packed.read(name) + name.encode() for name in packed.namelist()).lower()
    assert flatten(reading.content).text.reveal() == "link\n\n[picture]\n\nSeen text."
    for name, place in names.items():
        assert any(h.place == place and name.lower() in h.text.reveal().lower() for h in reading.hidden), place
        assert name.lower().encode() not in everything, place
    assert b"Seen text." in packed.read("word/document.xml")


def test_notes_headers_and_footers_are_blocks_of_their_own() -> None:
    def change(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "Head"
        document.sections[0].footer.paragraphs[0].text = "Foot"
        document.add_section()
        document.sections[1].header.is_linked_to_previous = False
        document.sections[1].header.paragraphs[0].text = "Head"

    data = word(
        para(run("said") + "<w:r><w:footnoteReference w:id='7'/></w:r><w:r><w:endnoteReference w:id='8'/></w:r>"), change=change
    )
    for kind, id_ in (("footnote", 7), ("endnote", 8)):
        note = f"<w:{kind}s {NS}><w:{kind} w:id='{id_}'><w:p><w:r><w:t>a {kind}</w:t></w:r></w:p></w:{kind}></w:{kind}s>"
        data = related(data, f"{kind}s", f"{kind}s.xml", note)
    found = [(b.kind, b.number.reveal(), b.text.reveal()) for b in DOCX.read(data).content.blocks()]
    assert found == [
        (BlockKind.HEADER, "", "Head"),
        (BlockKind.PARAGRAPH, "", "said[1][i]"),
        (BlockKind.NOTE, "1", "a footnote"),
        (BlockKind.NOTE, "i", "a endnote"),
        (BlockKind.FOOTER, "", "Foot"),
    ]


def level(depth: int, form: str, text: str) -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'


def test_numbers_are_those_that_word_shows() -> None:
    numbering = (
        f'<w:numbering {NS}><w:abstractNum w:abstractNumId="1">{level(0, "decimal", "%1.")}{level(1, "decimal", "%1.%2")}'
        f"{level(2, 'lowerLetter', '(%3)')}{level(3, 'lowerRoman', '%4)')}</w:abstractNum>"
        f'<w:abstractNum w:abstractNumId="2">{level(0, "bullet", "&#xF0B7;")}</w:abstractNum>'
        '<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="6"><w:abstractNumId w:val="2"/></w:num>'
        '<w:num w:numId="7"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/>'
        "</w:lvlOverride></w:num></w:numbering>"
    )
    order = [(5, 0), (5, 0), (5, 1), (5, 1), (5, 2), (5, 3), (5, 3), (5, 0), (5, 1), (6, 0), (7, 0), (7, 0), (0, 0)]
    data = word(
        *(para(f"<w:pPr><w:numPr><w:ilvl w:val='{d}'/><w:numId w:val='{n}'/></w:numPr></w:pPr>{run('x')}") for n, d in order)
    )
    data = with_parts(data, {"word/numbering.xml": numbering})
    numbers = [block.number.reveal() for block in DOCX.read(data).content.blocks()]
    assert numbers == ["1.", "2.", "2.1", "2.2", "(a)", "i)", "ii)", "3.", "3.1", "•", "4.", "5.", ""]


def test_headings_by_style_and_outline_level() -> None:
    def change(document: Any) -> None:
        document.add_heading("Whole", 0)
        document.add_heading("Part", 3)

    data = word(para("<w:pPr><w:outlineLvl w:val='1'/></w:pPr>" + run("Direct")), change=change)
    assert [(b.kind, b.level, b.marks) for b in DOCX.read(data).content.blocks()] == [
        (BlockKind.HEADING, n, ()) for n in (2, 1, 3)
    ]


def test_merged_and_nested_tables() -> None:
    def change(document: Any) -> None:
        table = document.add_table(3, 3)
        for at, cell in enumerate(c for row in table.rows for c in row.cells):
            cell.text = str(at)
        table.cell(0, 0).merge(table.cell(0, 1))
        table.cell(1, 2).merge(table.cell(2, 2))
        table.cell(2, 0).add_table(1, 2).cell(0, 1).text = "inner"

    table = next(node for node in DOCX.read(word(change=change)).content.body if isinstance(node, Table))
    assert [[(c.colspan, c.rowspan) for c in row] for row in table.rows] == [
        [(2, 1), (1, 1)],
        [(1, 1), (1, 1), (1, 2)],
        [(1, 1), (1, 1)],
    ]
    assert [b.text.reveal() for b in table.rows[2][0].blocks if b.text] == ["6", "inner"]


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {c} "{f"&{p};" * 10}">' for p, c in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("doctype", [BOMB, OUTSIDE, " " * 5000 + OUTSIDE], ids=["bomb", "outside", "late"])
def test_entities_are_refused_at_once(doctype: str) -> None:
    body = f"<w:document {NS}><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>"
    began = time.process_time()
    with pytest.raises(HeldError, match="XML entities"):
        DOCX.read(with_parts(word(), {"word/document.xml": doctype + body}))
    assert time.process_time() - began < 2


def locked(data: bytes) -> bytes:
    """The same zip with the "encrypted" flag set on every member."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(signature)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(signature, at + 4)
    return bytes(changed)


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (locked(word()), "protected by a password"),
        (word()[:-400], "damaged"),
        (with_parts(word(), {"word/document.xml": "<w:document"}), "damaged"),
        (with_parts(word(), {"../evil.xml": "<x/>"}), "a part's name points outside it"),
        (with_parts(word(), {"WORD/document.xml": "<x/>"}), "two of its parts have one name"),
        (with_parts(word(), {"word/styles.xml": " " * (70 * 1024 * 1024)}), "unpacks to far more"),
        (with_parts(word(), {f"word/a{n}.xml": " " * (45 << 20) for n in range(3)}), "unpacks to far more"),
        (word(para(run("a" * 8_000_001))), "longer than about 3,000 pages"),
        (word("<w:p>" + "<w:smartTag>" * 220 + "</w:smartTag>" * 220 + "</w:p>"), "damaged"),
    ],
    ids=["locked", "cut", "xml", "path", "twice", "big", "all", "long", "deep"],
)
def test_a_harmful_or_broken_package_is_held(data: bytes, cause: str) -> None:
    with pytest.raises(HeldError, match=cause):
        DOCX.read(data)


@pytest.mark.parametrize(
    "inner",
    [
        para(run("a") * 20_000),
        para(run("a")) * 20_000,
        para("".join(f'<w:r><w:footnoteReference w:id="{n}"/></w:r>' for n in range(20_000)) + run("a")),
        "<w:tbl>" + "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr>" * 20_000 + "</w:tbl>" + para(run("a")),
    ],
    ids=["runs", "paragraphs", "notes", "merged"],
)
def test_reading_takes_time_in_step_with_the_length(inner: str) -> None:
    data = with_parts(word(), {"word/document.xml": f"<w:document {NS}><w:body>{inner}</w:body></w:document>"})
    began = time.process_time()
    DOCX.read(data)
    assert time.process_time() - began < 10  # a second or two; squared it would be minutes


def test_a_note_may_refer_to_a_note() -> None:
    def note(id_: int, inner: str) -> str:
        return f'<w:footnote w:id="{id_}">{para(inner)}</w:footnote>'

    refer = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    notes = f"<w:footnotes {NS}>{note(5, run('first') + refer.format(6))}{note(6, run('second'))}</w:footnotes>"
    data = related(word(para(run("Text") + refer.format(5))), "footnotes", "footnotes.xml", notes)
    assert flat(data) == "Text[1]\n\n1 first[2]\n\n2 second"


def test_the_written_package_is_bare_and_always_the_same_bytes() -> None:
    content = DOCX.read(word(para(run("One."))))
    first = DOCX.write(content.content)
    time.sleep(2.1)  # a zip date counts in steps of two seconds
    assert DOCX.write(content.content) == first
    packed = zipfile.ZipFile(io.BytesIO(first))
    assert {member.date_time for member in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not [name for name in packed.namelist() if "thumbnail" in name or "customXml" in name or name.endswith("app.xml")]
    core = packed.read("docProps/core.xml")
    assert b"python-docx" not in core and b"creator" not in core and b"created" not in core
    assert docx.Document(io.BytesIO(first)).paragraphs[0].text == "One."


words = (
    st.text("abcé XYZ<>&\"'\t\n1", min_size=1, max_size=20)
    .map(lambda t: "\n".join(x.strip() for x in t.split("\n")).strip())
    .filter(bool)
)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    text = draw(words)
    kind = draw(st.sampled_from([BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.ITEM]))
    number = draw(st.sampled_from(["•", "1.", "(a)", ""])) if kind is BlockKind.ITEM else ""
    level = {BlockKind.HEADING: 2, BlockKind.ITEM: draw(st.integers(0, 2))}.get(kind, 0)
    marks = (Mark(0, len(text.split()[0]), Style.BOLD),) if kind is BlockKind.PARAGRAPH else ()
    return Block(kind, ClearText(text), marks, level, ClearText(number))


cells = st.builds(lambda text, header: Cell((Block(BlockKind.PARAGRAPH, ClearText(text)),), header), words, st.just(False))
tables = st.lists(st.lists(cells, min_size=2, max_size=2).map(tuple), min_size=1, max_size=3).map(lambda rows: Table(tuple(rows)))


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(blocks() | tables, min_size=1, max_size=5).map(lambda found: Content(tuple(found))))
def test_content_comes_back(content: Content) -> None:
    back = DOCX.read(DOCX.write(content)).content
    assert flatten(back).text == flatten(content).text
    assert [b.marks for b in back.blocks()] == [b.marks for b in content.blocks()]
