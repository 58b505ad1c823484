from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redactor import formats
from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Cell, Content, Table, flatten
from redactor.errors import EnvironmentFault, HeldError, UsageError
from redactor.formats.text import TEXT, decode, parse

SENTENCE = "Mrs Órla Fenwick-Tarn said: “the café owed £40” – and left."


def flat(text: str) -> str:
    return flatten(parse(text)).text.reveal()


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_decodes_what_windows_and_word_processors_save(codec: str) -> None:
    data = SENTENCE.encode(codec)
    if codec in ("utf-16-le", "utf-16-be"):
        data = (SENTENCE * 3).encode(codec)
        assert decode(data) == SENTENCE * 3
    else:
        assert decode(data) == SENTENCE


@pytest.mark.parametrize(
    "data",
    [
        "don’t".encode("mac_roman") * 3,  # reads "donÕt" as Windows-1252
        "Ответ получен вчера, спасибо".encode("cp1251"),
        "café ".encode() + "café".encode("cp1252"),  # two encodings in one file
        b"\xff\xfe\x00",  # half a character
    ],
    ids=["mac", "cyrillic", "mixed", "odd"],
)
def test_an_uncertain_encoding_is_held(data: bytes) -> None:
    with pytest.raises(HeldError, match="encoding of the text is not certain"):
        decode(data)


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02\x03" * 20, b"text \x00 text and more text", bytes(range(1, 32)) * 9], ids=["zeros", "one", "control"]
)
def test_binary_is_held(data: bytes) -> None:
    with pytest.raises(HeldError, match="no reader for this type"):
        decode(data)


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("Fen\u200bwick", "Fenwick"),
        ("Fen\u00adwick", "Fenwick"),
        ("Órla\u00a0Fenwick", "Órla Fenwick"),
        ("O\u0301rla", "Órla"),
        ("\u202ekciwneF\u202c said", "Fenwick said"),
        ("Gri\ufb03n", "Griffin"),
        ("Fenwick\u2011Tarn", "Fenwick-Tarn"),
        ("a  b\tc", "a  b\tc"),
        ("one\r\ntwo\r\n\r\nthree\x0cfour", "one\ntwo\n\nthree\n\nfour"),
    ],
    ids=range(9),
)
def test_invisible_characters_do_not_cut_a_name(source: str, seen: str) -> None:
    assert flat(source) == seen


KEPT = [
    "Flat 2\n14 Larch Road\nLuddbeck\nLB4 9ZZ",
    "From: Tarn, Órla <orla.tarn@force.example>\nTo: Fenwick, Jo <jo.fenwick@force.example>\n"
    "Sent: Monday 5 March 2012 09:14\nSubject: FW: visit",
    "  indented once\n    indented twice  and  spaced",
    "- first thing that was said at the meeting by the chair of it\n"
    "- second thing that was said at the meeting by the chair of it",
    "1. first thing that was said at the meeting by the chair here\n"
    "2. second thing that was said at the meeting by the chair here",
    "The tide came in\nthe tide went out\nand nobody had seen the boat",
]


@pytest.mark.parametrize("text", KEPT, ids=range(len(KEPT)))
def test_real_lines_stay_and_come_back_as_they_were(text: str) -> None:
    assert flat(text) == text
    assert TEXT.write(parse(text)).decode() == text + "\n"


WRAPPED = """The social worker wrote four times in the autumn of that year and had no
answer to any of her letters. She then telephoned the station and asked for
the sergeant, who was said to be away on a course until the end of the week.

The second paragraph has only two lines, the first of which is as long as
those above it."""


def test_wrapped_prose_is_unwrapped_because_a_line_end_tells_a_name_s_width() -> None:
    assert flat(WRAPPED) == "\n\n".join(" ".join(p.split("\n")) for p in WRAPPED.split("\n\n"))


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("it was Fen-\nwick who", "it was Fenwick who"),
        ("it was Fenwick-\nTarn who", "it was Fenwick-Tarn who"),
        ("a well-\nknown man", "a well-known man"),
        ("more infor-\nmation\n\nNo information.", "more information\n\nNo information."),
        ("FEN-\nWICK\n\nMr Fenwick", "FENWICK\n\nMr Fenwick"),
    ],
    ids=range(5),
)
def test_a_word_cut_by_a_line_end_is_whole_again(source: str, seen: str) -> None:
    assert flat(source) == seen


def test_pipe_tables_are_tables_and_are_written_back() -> None:
    text = "Attendance\n\n| Name | Note |\n| --- | --- |\n| J. Tarn | a \\| b |\n| K. Moss |  |\n\nEnd\n"
    content = parse(text)
    table = content.body[1]
    assert isinstance(table, Table)
    assert [len(row) for row in table.rows] == [2, 2, 2]
    assert table.rows[0][0].header and table.rows[1][1].blocks[0].text == ClearText("a | b")
    assert TEXT.write(content).decode() == text


def test_a_spanning_cell_keeps_the_grid() -> None:
    def cell(text: str, colspan: int = 1, rowspan: int = 1) -> Cell:
        return Cell((Block(BlockKind.PARAGRAPH, ClearText(text)),), False, colspan, rowspan)

    table = Table(((cell("a", 2), cell("b", 1, 2)), (cell("c"), cell("d"))))
    assert TEXT.write(Content((table,))).decode() == "| a |  | b |\n| --- | --- | --- |\n| c | d |  |\n"


words = st.text('abcdeéXYZ ’-.,()*_#|[]<>&\\"1', min_size=1, max_size=20).map(str.strip).filter(bool)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(st.lists(words, min_size=1, max_size=6))
def test_paragraphs_come_back(texts: list[str]) -> None:
    content = Content(tuple(Block(BlockKind.PARAGRAPH, ClearText(text)) for text in texts))
    assert flatten(TEXT.read(TEXT.write(content)).content) == flatten(content)


def docx_bytes() -> bytes:
    return formats.format_named("docx").write(parse("A letter."))


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("a.txt", docx_bytes(), "docx"),
        ("a.docx", b"Only text.", "txt"),
        ("a.docx", b"<!DOCTYPE html><html><body><p>Only a page.</p></body></html>", "html"),
        ("a.txt", b"<html><body>A page.</body></html>", "html"),
        ("a.TXT", b"Text.", "txt"),
        ("a.md", b"# Text", "md"),
    ],
    ids=range(6),
)
def test_content_decides_where_the_name_lies(tmp_path: Path, name: str, data: bytes, found: str) -> None:
    (tmp_path / name).write_bytes(data)
    document = formats.read(tmp_path / name, "d01", name)
    assert formats.format_named(document.media).name == found == formats.media_of(tmp_path / name).name


@pytest.mark.parametrize(
    ("name", "data", "cause"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.txt", b" \n\n ", "the file is empty"),
        ("a.txt", b"%PDF-1.7 text", "the file is damaged"),
        ("a.xyz", b"a,b", "no reader for this type"),
        ("a", b"text", "no reader for this type"),
        ("a.docx", b"PK\x03\x04broken", "the file is damaged"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "the file is protected by a password",
        ),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "the file is damaged"),
    ],
    ids=range(8),
)
def test_what_cannot_be_read_is_held_with_a_remedy(tmp_path: Path, name: str, data: bytes, cause: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(HeldError) as caught:
        formats.read(tmp_path / name, "d01", name)
    assert caught.value.cause == cause and caught.value.remedy.endswith(".")


def test_a_zip_that_is_no_document_is_an_archive_whatever_its_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("x.txt", "x")
    assert formats.media_of(tmp_path / "a.docx").name == "zip"


def test_a_file_that_cannot_be_opened_is_held_and_its_path_not_told(tmp_path: Path) -> None:
    (tmp_path / "fenwick.txt").mkdir()
    for name in ("fenwick.txt", "missing-fenwick.txt"):
        with pytest.raises(HeldError, match="cannot be opened") as caught:
            formats.read(tmp_path / name, "d01", name)
        assert "fenwick" not in str(caught.value)


def test_a_copy_that_cannot_be_written_is_a_fault_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "fenwick").write_text("a file where a folder should be")
    with pytest.raises(EnvironmentFault) as caught:
        formats.write(parse("x"), "text/plain", tmp_path / "fenwick" / "a.txt")
    assert "fenwick" not in str(caught.value)


def test_an_unknown_format_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match=r"Known: .*docx, .*html, md, .*txt\."):
        formats.format_named("papyrus")
