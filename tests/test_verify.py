"""Copies with one planted fault each must be refused, naming the place; clean copies must pass."""

from __future__ import annotations

import base64
import io
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from redactor import formats
from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Cell, Content, Mark, Style, Table, flatten
from redactor.errors import LeakError
from redactor.model import Kind, Leak
from redactor.verify import Probe, Proof, prove, tally

TXT, MD, HTML = "text/plain", "text/markdown", "text/html"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "The officer met [Survivor 2] at the station, and we hope the review will help."
NAME = "Hestia Marsh"
PAGE = (
    '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>Document</title>'
    "<style>p { margin: 0 }</style></head><body><main>\n{body}\n</main></body></html>\n"
)


def page(body: str) -> bytes:
    return PAGE.replace("{body}", body).encode()


CLEAN_PAGE = page(f"<p>{TEXT}</p>")


def probe(form: str, allowed: int = 0, kind: Kind = Kind.NAME, person: str = "p1") -> Probe:
    return Probe(person, kind, ClearText(form), allowed)


HESTIA = (probe(NAME), probe("Hestia"), probe("Marsh"))


def word(*paragraphs: str) -> bytes:
    """A real Word file, each paragraph in one run."""
    import docx

    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def empty_word() -> bytes:
    return word()


@pytest.fixture(scope="module")
def clean_word() -> bytes:
    return word(TEXT)


def look(
    tmp_path: Path,
    data: bytes,
    media: str = TXT,
    probes: tuple[Probe, ...] = HESTIA,
    expected: str = TEXT,
    name: str = "d01.copy",
    baseline: bytes | None = None,
) -> Proof:
    copy = tmp_path / "copy"
    copy.write_bytes(data)
    return prove(copy, media, probes, ClearText(expected), "d01", ClearText(name), baseline)


def leaks_of(tmp_path: Path, data: bytes, media: str = TXT, probes: tuple[Probe, ...] = HESTIA, **more: object) -> set[Leak]:
    with pytest.raises(LeakError) as caught:
        look(tmp_path, data, media, probes, **more)  # type: ignore[arg-type]
    for form in probes:
        assert form.form.reveal() not in str(caught.value)
    return {leak for leak in caught.value.leaks if isinstance(leak, Leak)}


def rezipped(data: bytes, change: Callable[[str, bytes], bytes] = lambda _, content: content, **extra: bytes) -> bytes:
    """The package with its members changed and others added (name with "/" written as "__")."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
        for name, content in extra.items():
            target.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def in_body(data: bytes, xml: str) -> bytes:
    """The Word file with this XML after its last paragraph."""

    def change(name: str, content: bytes) -> bytes:
        return content.replace(b"<w:sectPr", xml.encode() + b"<w:sectPr", 1) if name == "word/document.xml" else content

    return rezipped(data, change)


def in_core(data: bytes, old: str, new: str) -> bytes:
    def change(name: str, content: bytes) -> bytes:
        assert name != "docProps/core.xml" or old.encode() in content
        return content.replace(old.encode(), new.encode()) if name == "docProps/core.xml" else content

    return rezipped(data, change)


PLAIN_FAULTS = {
    "as it stands": NAME,
    "capitals": "HESTIA MARSH",
    "possessive": "Hestia Marsh's",
    "surname first": "Marsh, Hestia",
    "as one word": "#HestiaMarsh",
    "as one word, surname first": "MarshHestia",
    "entities": "&#72;estia &#x4d;arsh",
    "entities twice": "&amp;#72;estia Marsh",
    "soft hyphen": "Hes\u00adtia Ma\u00adrsh",
    "zero width": "He\u200bst\u2060ia",
    "no-break space": "Hestia\u00a0Marsh",
    "broken over lines": "Hes-\ntia",
    "words on two lines": "Hestia\n  Marsh",
    "reversed": "\u202ehsraM aitseH\u202c",
    "reversed word": "aitseH",
    "spaced out": "H e s t i a",
    "spaced out capitals": "H E S T I A M A R S H",
    "spaced out by no-break spaces": "H\u00a0e\u00a0s\u00a0t\u00a0i\u00a0a",
    "percent": quote("Hestia").replace("H", "%48"),
    "query": "?q=Hestia+Marsh",
    "base64": base64.b64encode(b"notes of Hestia Marsh").decode(),
    "base64 behind a path": "/x/" + base64.b64encode(b"notes of Hestia Marsh").decode(),
    "hexadecimal": b"notes of Hestia Marsh".hex(),
    "escapes": "\\u0048estia \\x4darsh",
    "quoted-printable": "=48estia =4Darsh",
    "full width": "Ｈｅｓｔｉａ",
    "accents": "Héstìa",
    "Cyrillic look-alikes": "H\u0435sti\u0430",
    "e-mail address": "hestia.marsh@example.org",
    "file name": "statement_hestia-marsh_v2.pdf",
    "note mark": "Hestia³",
}


@pytest.mark.parametrize("media", [TXT, MD, HTML])
@pytest.mark.parametrize("fault", PLAIN_FAULTS)
def test_a_name_in_visible_text_is_found_however_it_is_written(tmp_path: Path, media: str, fault: str) -> None:
    text = f"{TEXT}\n\n{PLAIN_FAULTS[fault]} spoke.\n"
    data = page(f"<p>{TEXT}</p><pre>{PLAIN_FAULTS[fault]} spoke.</pre>") if media == HTML else text.encode()
    leaks = leaks_of(tmp_path, data, media)
    assert any(leak.place.startswith("visible text") for leak in leaks)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_other_encodings_of_a_text_file_are_read(tmp_path: Path, encoding: str) -> None:
    assert leaks_of(tmp_path, f"{TEXT} Zoë".encode(encoding), probes=(probe("Zoë"),))


def test_a_tail_in_another_encoding_is_read(tmp_path: Path) -> None:
    assert leaks_of(tmp_path, TEXT.encode() + f" {NAME}".encode("utf-16-le"))


@pytest.mark.parametrize(
    "shown", ["He**st**ia", "Hest\\\nia Marsh", "He<strong>st</strong>ia", "hestia\\_marsh", "<!-- Hestia -->", "[a](Hestia)"]
)
def test_markdown_marks_hide_nothing(tmp_path: Path, shown: str) -> None:
    assert leaks_of(tmp_path, f"{TEXT}\n\n{shown}\n".encode(), MD)


HTML_FAULTS = {
    "comment": (page(f"<!-- {NAME} --><p>{TEXT}</p>"), "comment or declaration"),
    "attribute": (page(f'<p title="{NAME}">{TEXT}</p>'), "attribute"),
    "attribute with entities": (page(f'<p title="&#72;estia">{TEXT}</p>'), "attribute"),
    "class name in capitals and small": (page(f'<p class="HestiaMarsh">{TEXT}</p>'), "attribute"),
    "link": (page(f'<a href="https://example.org/?n=%48estia">{TEXT}</a>'), "attribute"),
    "data link": (
        page(f'<a href="data:text/plain;base64,{base64.b64encode(b"notes: Hestia Marsh").decode()}">{TEXT}</a>'),
        "attribute",
    ),
    "page in an attribute": (page(f'<p>{TEXT}</p><iframe srcdoc="&lt;p&gt;Hestia&lt;/p&gt;"></iframe>'), "attribute"),
    "attribute name": (page(f"<p hestia>{TEXT}</p>"), "markup name"),
    "tag name": (page(f"<p>{TEXT}</p><hestia></hestia>"), "markup name"),
    "title tag": (CLEAN_PAGE.replace(b"<title>Document", b"<title>Hestia"), "title"),
    "script": (CLEAN_PAGE.replace(b"<style>", b"<script>var who = 'Hestia'</script><style>"), "script"),
    "script with escapes": (CLEAN_PAGE.replace(b"<style>", b"<script>'\\u0048estia'</script><style>"), "script"),
    "style": (CLEAN_PAGE.replace(b"margin: 0", b'content: "Hestia"'), "style"),
    "template": (page(f"<p>{TEXT}</p><template>Hestia</template>"), "template"),
    "declaration": (CLEAN_PAGE.replace(b"<!DOCTYPE html>", b"<!DOCTYPE html Hestia>"), "comment or declaration"),
    "instruction": (page(f"<?note Hestia?><p>{TEXT}</p>"), "comment or declaration"),
    "hidden attribute": (page(f"<p>{TEXT}</p><p hidden>{NAME}</p>"), "visible text"),
    "split by tags": (page(f"<p>{TEXT}</p><p>He<b>st</b>ia</p>"), "visible text"),
    "run together with a word": (page(f"<p>{TEXT} seen by<b>Hestia</b></p>"), "text with tags taken out"),
    "after the end": (CLEAN_PAGE + b"Hestia", "visible text"),
    "comment without an end": (CLEAN_PAGE + b"<!-- Hestia", None),
    "tag without an end": (CLEAN_PAGE + b"<p title='Hestia", None),
    "marked section": (page(f"<p>{TEXT}</p><![note[Hestia]]>"), None),
    "turned round": (page(f"<p>{TEXT}</p><bdo dir=rtl>AITSEH</bdo>"), None),
}


@pytest.mark.parametrize("fault", HTML_FAULTS)
def test_html_place(tmp_path: Path, fault: str) -> None:
    data, place = HTML_FAULTS[fault]
    leaks = leaks_of(tmp_path, data, HTML, baseline=page(""))
    assert place is None or place in {leak.place for leak in leaks}


WORD_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RUN = "<w:r><w:t>{}</w:t></w:r>"


def _zip_comment(data: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as package:
        package.comment = NAME.encode()
    return buffer.getvalue()


def _member_comment_and_extra(data: bytes, comment: bytes, extra: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as package:
        info = zipfile.ZipInfo("docProps/custom.xml")
        info.comment, info.extra = comment, extra
        package.writestr(info, b"<Properties/>")
    return buffer.getvalue()


def _unlisted(data: bytes) -> bytes:
    """A whole member that the directory does not list, before the first."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("x.txt", (NAME * 20).encode())
    local = buffer.getvalue()[: buffer.getvalue().index(b"PK\x01\x02")]
    return local + data


DOCX_FAULTS: dict[str, tuple[Callable[[bytes], bytes], str | None]] = {
    "paragraph": (lambda d: in_body(d, f"<w:p>{RUN.format(NAME)}</w:p>"), "visible text"),
    "split runs": (lambda d: in_body(d, f"<w:p>{RUN.format('Hes')}{RUN.format('tia')}</w:p>"), "visible text"),
    "runs that touch": (lambda d: in_body(d, f"<w:p>{RUN.format('by')}{RUN.format('Hestia')}</w:p>"), "tags taken out"),
    "soft hyphen": (lambda d: in_body(d, f"<w:p>{RUN.format('Hes&#xad;tia')}</w:p>"), "visible text"),
    "soft hyphen mark": (
        lambda d: in_body(d, "<w:p><w:r><w:t>Hes</w:t><w:softHyphen/><w:t>tia</w:t></w:r></w:p>"),
        "visible text",
    ),
    "no-break space": (lambda d: in_body(d, f"<w:p>{RUN.format('Hestia&#160;Marsh')}</w:p>"), "visible text"),
    "hidden run": (
        lambda d: in_body(d, f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{NAME}</w:t></w:r></w:p>"),
        "word/document.xml: text",
    ),
    "deleted": (
        lambda d: in_body(d, f"<w:p><w:del><w:r><w:delText>{NAME}</w:delText></w:r></w:del></w:p>"),
        "word/document.xml: text",
    ),
    "field": (lambda d: in_body(d, f"<w:p><w:r><w:instrText>AUTHOR {NAME}</w:instrText></w:r></w:p>"), "word/document.xml: text"),
    "author of a change": (lambda d: in_body(d, '<w:p><w:ins w:author="Hestia"/></w:p>'), "word/document.xml: attribute or name"),
    "alt text": (
        lambda d: in_body(d, '<w:p><w:r><w:drawing w:descr="Photo of Hestia"/></w:r></w:p>'),
        "word/document.xml: attribute or name",
    ),
    "element name": (lambda d: in_body(d, "<w:p><w:Hestia/></w:p>"), "word/document.xml: attribute or name"),
    "XML comment": (lambda d: in_body(d, "<!-- Hestia -->"), "word/document.xml: comment"),
    "instruction": (lambda d: in_body(d, "<?note Hestia?>"), "word/document.xml: comment"),
    "title": (lambda d: in_core(d, "<dc:title/>", "<dc:title>Hestia</dc:title>"), "docProps/core.xml: text"),
    "property over two elements": (
        lambda d: in_core(d, "<dc:title/>", "<dc:title>Hes</dc:title><a>tia</a>"),
        "docProps/core.xml: text",
    ),
    "comments part": (
        lambda d: rezipped(
            d, word__comments_dot_xml=f"<w:comments {WORD_NS}><w:p>{RUN.format(NAME)}</w:p></w:comments>".encode()
        ),
        "word/comments.xml: text",
    ),
    "custom XML": (
        lambda d: rezipped(d, customXml__item9_dot_xml=b"<who><a>Hestia</a><b>Marsh</b></who>"),
        "customXml/item9.xml: text with tags taken out",
    ),
    "UTF-16 XML": (
        lambda d: rezipped(d, customXml__item9_dot_xml='<?xml version="1.0" encoding="utf-16"?><a>Hestia</a>'.encode("utf-16")),
        "customXml/item9.xml: text",
    ),
    "text part": (lambda d: rezipped(d, notes_dot_txt=b"of Hestia"), None),
    "binary part": (lambda d: rezipped(d, word__bin_dot_bin=b"\x00\x01\xffHestia\xfe\x00"), None),
    "UTF-16 in a binary part": (
        lambda d: rezipped(d, word__bin_dot_bin=b"\xff\xfe\x01\x02" + "Hestia".encode("utf-16-le")),
        None,
    ),
    "package inside": (lambda d: rezipped(d, word__embedded_dot_docx=word(f"statement of {NAME}")), None),
    "member name": (lambda d: rezipped(d, word__Hestia_dot_xml=b"<a/>"), "member name"),
    "zip comment": (_zip_comment, "zip file: comment, extra field or bytes outside members"),
    "member comment": (
        lambda d: _member_comment_and_extra(d, b"Hestia", b""),
        "zip file: comment, extra field or bytes outside members",
    ),
    "extra field": (
        lambda d: _member_comment_and_extra(d, b"", b"zz\x06\x00Hestia"),
        "zip file: comment, extra field or bytes outside members",
    ),
    "trailing bytes": (lambda d: d + b"Hestia", "zip file: comment, extra field or bytes outside members"),
    "leading bytes": (lambda d: b"Hestia" + d, "zip file: comment, extra field or bytes outside members"),
}


@pytest.mark.parametrize("fault", DOCX_FAULTS)
def test_docx_place(tmp_path: Path, clean_word: bytes, empty_word: bytes, fault: str) -> None:
    spoil, place = DOCX_FAULTS[fault]
    leaks = leaks_of(tmp_path, spoil(clean_word), DOCX, baseline=empty_word)
    assert place is None or any(place in leak.place for leak in leaks)


@pytest.mark.parametrize(
    "spoil",
    [
        _unlisted,
        lambda d: d + b"\x00" * 8,
        lambda d: rezipped(d, word__media__image1_dot_png=b"\x89PNG\r\n\x1a\n\x00\xff"),
        lambda d: rezipped(d, customXml__item9_dot_xml=b'<!DOCTYPE a [<!ENTITY n "Hes">]><a>&n;tia</a>'),
        lambda d: rezipped(d, customXml__item9_dot_xml=b'<?xml version="1.0" encoding="utf-7"?><a>+AEg-estia</a>'),
        lambda d: rezipped(d, customXml__item9_dot_xml=b"<a><b></a>"),
        lambda d: in_body(d, "<w:p>" * 3000 + "</w:p>" * 3000),
        lambda d: d[: len(d) // 2],
        lambda d: TEXT.encode(),
    ],
    ids=[
        "unlisted member",
        "loose bytes",
        "picture",
        "entities",
        "other encoding",
        "broken XML",
        "nested too deep",
        "half a file",
        "no zip",
    ],
)
def test_a_part_no_check_can_read_is_a_failure(
    tmp_path: Path, clean_word: bytes, empty_word: bytes, spoil: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(LeakError):
        look(tmp_path, spoil(clean_word), DOCX, baseline=empty_word)


def test_a_bomb_is_a_failure(tmp_path: Path, clean_word: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redactor.verify.package._Budget.__init__.__defaults__", (1000,))
    with pytest.raises(LeakError, match="far more"):
        look(tmp_path, clean_word, DOCX)


@pytest.mark.parametrize(
    "name", ["Hestia Marsh.docx", "hestia_marsh/d01.docx", "HestiaMarsh.docx", "Marsh%2C%20Hestia.txt", "statement-MARSH2.md"]
)
def test_the_published_name_is_a_place(tmp_path: Path, name: str) -> None:
    assert {leak.place for leak in leaks_of(tmp_path, TEXT.encode(), name=name)} == {"file name"}


@pytest.mark.parametrize("media", [TXT, MD, HTML, DOCX])
def test_clean_copies_pass(tmp_path: Path, media: str, clean_word: bytes, empty_word: bytes) -> None:
    data = {HTML: CLEAN_PAGE, DOCX: clean_word}.get(media, TEXT.encode())
    baseline = {HTML: page(""), DOCX: empty_word}.get(media)
    proof = look(tmp_path, data, media, (*HESTIA, probe("Hope", 1), probe("Will", 1, person="p2")), baseline=baseline)
    assert proof.probes == 5
    assert proof.sought == 2  # people
    assert proof.words == 15
    assert proof.places >= 2


@pytest.mark.parametrize("media", [TXT, MD, HTML, DOCX])
def test_our_own_writers_pass_with_every_word_a_name(tmp_path: Path, media: str) -> None:
    """No word of a copy may be counted once more than a reader of the source counts it, whatever the markup."""

    def block(kind: BlockKind, text: str, number: str = "", level: int = 0, marks: tuple[Mark, ...] = ()) -> Block:
        return Block(kind, ClearText(text), marks, level, ClearText(number))

    def cell(text: str, header: bool = False) -> Cell:
        return Cell((block(BlockKind.PARAGRAPH, text),), header)

    content = Content(
        (
            block(BlockKind.HEADER, "Page Header Mark"),
            block(BlockKind.HEADING, "Title of a Style & Grace Report", level=1),
            block(BlockKind.PARAGRAPH, "Reeve Price, Will and Val are strong_words* <b> [3].", marks=(Mark(5, 10, Style.BOLD),)),
            block(BlockKind.ITEM, "Head first", "•"),
            block(BlockKind.ITEM, "Main point", "(a)"),
            Table(((cell("Reeve", True), cell("Body Price", True)), (cell("Col"), cell("13")))),
            block(BlockKind.NOTE, "Note by Reeve", "3"),
        )
    )
    expected = flatten(content).text
    written = expected.reveal().replace("|", " ").split()
    probes = [probe(form) for form in (*written, "Reeve Price", "Reeve Body", "Val are")]
    allowed = [replace(asked, allowed=count) for asked, count in zip(probes, tally(expected, probes), strict=True)]
    copy, empty = tmp_path / "copy", tmp_path / "empty"
    formats.write(content, media, copy)
    formats.write(Content(()), media, empty)
    proof = prove(copy, media, allowed, expected, "d01", ClearText("d01"), empty.read_bytes())
    assert proof.words > 25
    formats.write(Content((*content.body, block(BlockKind.PARAGRAPH, "Val"))), media, copy)
    with pytest.raises(LeakError):
        prove(copy, media, allowed, expected, "d01", ClearText("d01"), empty.read_bytes())


MARKUP_NAMES = (
    "Style Title Bold Page Mark Val Strong Head Main Body Table Normal List Bullet Heading Grid Theme Office Word Calibri Art Tab"
)


@pytest.mark.parametrize("media", [MD, HTML, DOCX])
def test_names_that_are_also_markup_pass(tmp_path: Path, media: str, empty_word: bytes) -> None:
    import docx

    document = docx.Document()
    document.add_heading("A review", 1)
    document.add_paragraph(style="List Bullet").add_run(TEXT).bold = True
    document.add_table(1, 2, "Table Grid")
    buffer = io.BytesIO()
    document.save(buffer)
    data = {
        HTML: page(f'<h1>A review</h1><p><mark>{TEXT}</mark><strong>.</strong></p><table><tr><th scope="col"></th></tr></table>'),
        MD: f"# A review\n\n<strong>{TEXT}</strong>\n".encode(),
        DOCX: buffer.getvalue(),
    }[media]
    probes = tuple(probe(name) for name in MARKUP_NAMES.split())
    baseline = {HTML: page(""), DOCX: empty_word}.get(media)
    assert look(tmp_path, data, media, probes, f"A review\n\n{TEXT}", baseline=baseline).probes == len(probes)


def test_a_markup_name_in_words_is_still_a_leak(tmp_path: Path, empty_word: bytes) -> None:
    leaks = leaks_of(tmp_path, word(TEXT, "Mark spoke."), DOCX, (probe("Mark"),), baseline=empty_word)
    assert {(leak.place, leak.count) for leak in leaks} >= {("visible text", 1)}
    assert leaks_of(tmp_path, page(f"<p>{TEXT}</p><!-- Title -->"), HTML, (probe("Title"),), baseline=page(""))


def test_one_occurrence_more_than_allowed_is_a_leak(tmp_path: Path) -> None:
    data = f"{TEXT} Hope. I hope.".encode()
    assert look(tmp_path, data, probes=(probe("Hope", 3),)).probes == 1
    assert leaks_of(tmp_path, data, probes=(probe("Hope", 2),)) == {Leak("d01", "p1", Kind.NAME, "visible text", 1)}


def test_forms_that_fold_alike_are_allowed_the_least(tmp_path: Path) -> None:
    leaks = leaks_of(tmp_path, f"{TEXT} Zoe.".encode(), probes=(probe("Zoë", 0), probe("Zoe", 1, person="p2")))
    assert {leak.person for leak in leaks} == {"p1", "p2"}


def test_the_longest_form_is_the_one_reported(tmp_path: Path) -> None:
    probes = (probe("Reeve Price"), probe("Reeve", 1), probe("Price"))
    leaks = leaks_of(tmp_path, f"{TEXT} Reeve Price and the reeve.".encode(), probes=probes)
    assert leaks == {Leak("d01", "p1", Kind.NAME, "visible text", 1)}
    two = leaks_of(tmp_path, f"{TEXT} Reeve Price and Price.".encode(), probes=probes)
    assert {leak.count for leak in two} == {2}, "the whole name once, the lone surname once"


def test_kept_phrases_split_by_markup_pass(tmp_path: Path) -> None:
    data = page(f"<p>{TEXT} Reeve <b>Price</b></p>")
    probes = (probe("Reeve Price", 1), probe("Reeve"), probe("Price"))
    assert look(tmp_path, data, HTML, probes, baseline=page("")).probes == 3


@pytest.mark.parametrize(
    ("form", "kind", "text", "leaks"),
    [
        ("AB", Kind.INITIALS, "AB said", True),
        ("AB", Kind.INITIALS, "ab and ABC", False),
        ("Jo", Kind.NAME, "Jo said", True),
        ("Jo", Kind.NAME, "jo", False),
        ("13", Kind.AGE, "aged 13.", True),
        ("13", Kind.AGE, "the 13th, page 131", False),
        ("07700 900482", Kind.PHONE, "07700-900-482", True),
        ("07700 900482", Kind.PHONE, "+44 7700 900 482", True),
        ("+44 7700 900482", Kind.PHONE, "(07700) 900482", True),
        ("07700 900482", Kind.PHONE, "107700 900482", False),
        ("S1 2AB", Kind.POSTCODE, "S12AB", True),
        ("S1 2AB", Kind.POSTCODE, "class 12 abbots", False),
        ("12/03/1989", Kind.DOB, "12-03-1989 and 12.03.1989", True),
        ("Ann", Kind.NAME, "annual", False),
        ("Liam", Kind.NAME, "by mail", False),
        ("Leon", Kind.NAME, "Noel", False),
        ("Anna", Kind.NAME, "ordinary", False),
        ("Donald", Kind.NAME, "McDonald", False),
        ("Smith-Jones", Kind.NAME, "Smith Jones", True),
        ("Smith-Jones", Kind.NAME, "Smith-\nJones", True),
        ("O'Brien", Kind.NAME, "O’Brien", True),
        ("Łucja", Kind.NAME, "Lucja", True),
        ("王小明", Kind.NAME, "我叫王小明说", True),
        ("Reeve Price", Kind.NAME, "so said Reeve\n\nPrice rises", False),
        ("Reeve Price", Kind.NAME, "so said Reeve\nPrice", True),
        ("Вера", Kind.NAME, "ВЕРА", True),
    ],
)
def test_what_stands_as_a_word(tmp_path: Path, form: str, kind: Kind, text: str, leaks: bool) -> None:
    data, probes = f"{TEXT}\n{text}\n".encode(), (probe(form, 0, kind),)
    if leaks:
        assert leaks_of(tmp_path, data, probes=probes)
    else:
        assert look(tmp_path, data, probes=probes).probes == 1


def test_short_forms_are_not_looked_for_in_markup(tmp_path: Path) -> None:
    probes = (probe("p"), probe("1", kind=Kind.AGE), probe("b"))
    assert look(tmp_path, page(f'<p><b>{TEXT}</b></p><ol><li value="1"></li></ol>'), HTML, probes, baseline=page(""))


def test_tally_counts_as_prove_does() -> None:
    text = ClearText("Hope said we hope. Reeve Price met Reeve; hope-\nful, J.M. and 07700 900 482")
    probes = (probe("Hope"), probe("Reeve Price"), probe("Reeve"), probe("—"), probe("07700900482", kind=Kind.PHONE))
    assert tally(text, probes) == (3, 1, 1, 0, 1)


LONG = "\n\n".join(
    f"{n}. Paragraph {n} tells of the {n * 7 % 31} matters that were looked into by [Officer {n}]." for n in range(40)
)


def test_a_copy_may_number_and_order_its_own_way(tmp_path: Path) -> None:
    body = "".join(f"<li>{line.split('. ', 1)[1]}</li>" for line in reversed(LONG.split("\n\n")))
    assert look(tmp_path, page(f"<ol>{body}</ol>"), HTML, expected=LONG).words > 400


@pytest.mark.parametrize(
    ("media", "data"),
    [
        (TXT, b""),
        (TXT, b" \n"),
        (TXT, b"Other words altogether."),
        (TXT, LONG[: len(LONG) // 2].encode()),
        (TXT, LONG.replace("matters", "").encode()),
        (TXT, " ".join(reversed(LONG.split())).encode()),
        (MD, b"#"),
        (HTML, page("")),
        (HTML, page(f"<!-- {LONG} -->")),
        (HTML, page(f"<template>{LONG}</template>")),
        (DOCX, word()),
        (DOCX, in_body(word("x"), f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{LONG}</w:t></w:r></w:p>")),
        (DOCX, in_core(word(), "<dc:title/>", f"<dc:title>{LONG}</dc:title>")),
    ],
)
def test_a_copy_without_its_text_is_a_failure(tmp_path: Path, media: str, data: bytes) -> None:
    with pytest.raises(LeakError) as caught:
        look(tmp_path, data, media, expected=LONG)
    assert not caught.value.leaks


@pytest.mark.parametrize("media", ["application/x-vellum", "image/jpeg", "", "docx"])
def test_no_check_for_a_type_is_a_failure(tmp_path: Path, media: str) -> None:
    with pytest.raises(LeakError, match="no independent check for this type"):
        look(tmp_path, TEXT.encode(), media)


@pytest.mark.parametrize("probes", [(), (probe(""), probe("—"))])
def test_nothing_to_check_is_a_failure(tmp_path: Path, probes: tuple[Probe, ...]) -> None:
    with pytest.raises(LeakError, match="nothing to check"):
        look(tmp_path, b"", TXT, probes, expected=" ")


def test_a_copy_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(LeakError, match="cannot be opened"):
        prove(tmp_path / "none", TXT, HESTIA, ClearText(TEXT), "d01")


def test_thousands_of_forms_take_seconds(tmp_path: Path) -> None:
    text = "\n\n".join(f"Paragraph {n}: {TEXT}" for n in range(8000))
    probes = tuple(probe(f"Given{n}x Surname{n}x") for n in range(5000))
    began = time.process_time()
    assert look(tmp_path, text.encode(), probes=probes, expected=text).probes == 5000
    assert time.process_time() - began < 20, "about 0.8 MB and 5,000 forms; half a second is usual"
