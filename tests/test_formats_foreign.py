"""RTF, OpenDocument and binary Word: real files made by LibreOffice, through a real `publish`; and how LibreOffice is run."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import docx
import openpyxl
import pytest
from openpyxl.comments import Comment

from redactor import formats, recognizers
from redactor.actions import publish
from redactor.content import flatten
from redactor.errors import HeldError
from redactor.formats import _libreoffice
from redactor.formats._libreoffice import converted, program
from redactor.formats.foreign import binary_ending
from redactor.recognizers import Engine
from tests.planted import Planted, case_of, found_in
from tests.planted_docx import PLAIN, gentle, planted_docx

needs_office = pytest.mark.skipif(
    program() is None, reason="LibreOffice is not installed (Debian: libreoffice-writer-nogui): foreign formats are untried"
)
NOT_MADE = {"rtf": {"stood in a chunk", "chose", "stood in a box"}, "odt": {"stood in a chunk"}, "doc": {"stood in a chunk"}}
"""What LibreOffice itself leaves out when it makes a file of this type of our Word file."""


def made(data: bytes, ending: str, of: str = ".docx") -> bytes:
    """The file as LibreOffice saves it in another format, for tests."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / f"a{of}").write_bytes(data)
        soffice = program()
        assert soffice is not None
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [
            soffice,
            "--headless",
            profile,
            "--convert-to",
            ending,
            "--outdir",
            str(folder / "out"),
            str(folder / f"a{of}"),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return (folder / "out" / f"a.{ending}").read_bytes()


@pytest.fixture(scope="module")
def planted_bundle(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Planted]]]:
    data, persons = planted_docx()
    bundle = tmp_path_factory.mktemp("bundles") / "planted"
    bundle.mkdir()
    for number, ending in enumerate(NOT_MADE):
        (bundle / f"letter-{number}.{ending}").write_bytes(made(gentle(data), ending))
    (bundle / "case.yaml").write_text(case_of(persons), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(tmp_path_factory.mktemp("keys")))
        patch.setattr(recognizers, "Engine", lambda _by: engine)
        yield bundle, persons


@needs_office
def test_files_of_libreoffice_lose_nobody_and_nothing(
    planted_bundle: tuple[Path, dict[str, Planted]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle, persons = planted_bundle
    assert all(len(found_in(path.read_bytes(), persons)) > 40 for path in bundle.glob("letter-*"))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    formats.stop_readers()  # the next ones are begun with this folder
    monkeypatch.setenv("TMPDIR", str(scratch))
    summary = publish([bundle], tmp_path / "out")[0]
    assert [d.state for d in summary.documents] == ["publishable"] * 3
    folder = Path(summary.folder) / "publishable"
    assert {path.suffix for path in (folder / "documents").iterdir()} == {".docx"}
    for path in folder.rglob("*"):
        assert path.is_dir() or found_in(path.read_bytes(), persons) == {}, path.name
    for number, lost in enumerate(NOT_MADE.values()):
        text = _words(folder / "documents" / f"letter-{number}.docx")
        assert {words for words in PLAIN if words not in text} == lost
    assert list(scratch.glob("redactor-*")) == []


def _words(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [p for table in document.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    margins = [p for part in (document.sections[0].header, document.sections[0].footer) for p in part.paragraphs]
    return "\n".join(p.text for p in [*document.paragraphs, *cells, *margins])


RTF = rb"""{\rtf1\ansi{\info{\author Blythe Tranter}{\company Vask}}\pard\b The council met.\b0  It was {\v Corvi }noon.
{\deleted\revauthdel0 Dorthwena }{\*\atnauthor Holmb}\chatn{\*\annotation Idwal.}\par\pard Second{\footnote A note.} line.\par}"""


@needs_office
def test_rich_text_hides_nothing_from_us(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(RTF)
    document = formats.read(path, "d01", "a.rtf")
    assert flatten(document.content).text.reveal() == "The council met. It was noon.\n\nSecond[1] line.\n\n1 A note."
    learnt = {(entry.place, entry.text.reveal().strip()) for entry in document.hidden}
    assert {
        ("hidden text", "Corvi"),
        ("tracked deletion", "Dorthwena"),
        ("comment", "Idwal."),
        ("comment author", "Holmb"),
    } <= learnt
    assert {("comment author", "Holmb"), ("property", "Blythe Tranter"), ("property", "Vask")} <= learnt


NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"))
)
FLAT = f"""<?xml version="1.0" encoding="UTF-8"?><office:document {NAMESPACES} xmlns:xlink="http://www.w3.org/1999/xlink"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>
<text:h text:outline-level="1">A heading</text:h>
<text:section text:name="A" text:display="none"><text:p>Blythe hid.</text:p></text:section>
<text:section text:name="B" text:display="condition" text:condition="ooow:1==1" text:is-hidden="true"><text:p>Tranter.</text:p>
</text:section><text:section text:name="C"><text:section-source xlink:href="file://SECRET"/><text:p>Here.</text:p></text:section>
<text:p>Wilmot<text:hidden-paragraph text:condition="ooow:1==1" text:is-hidden="true"/></text:p>
<text:list><text:list-item><text:p>one</text:p></text:list-item><text:list-item><text:p>two</text:p></text:list-item></text:list>
<table:table><table:table-column table:number-columns-repeated="2"/><table:table-row>
<table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row>
</table:table><text:p>End.</text:p></office:text></office:body></office:document>"""


@needs_office
@pytest.mark.parametrize("ending", ["fodt", "odt"])
def test_hidden_sections_are_learnt_and_no_other_file_is_read(ending: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Fenwick from another file")
    flat = FLAT.replace("SECRET", str(tmp_path / "secret.txt")).encode()
    path = tmp_path / f"a.{ending}"
    path.write_bytes(flat if ending == "fodt" else made(flat, "odt", ".fodt"))
    document = formats.read(path, "d01", path.name)
    text = flatten(document.content).text.reveal()
    assert "A heading" in text and "Here." in text and "• one\n• two" in text and "| a | b |" in text and "End." in text
    assert "Blythe" not in text and "Tranter" not in text and "Fenwick" not in text
    learnt = [entry.text.reveal() for entry in document.hidden if entry.place == "hidden section"]
    assert learnt == ["Blythe hid.", "Tranter."]
    if ending == "fodt":  # LibreOffice itself drops the mark of a hidden paragraph when it saves the text
        assert "Wilmot" not in text and document.content.body[0].level == 1  # type: ignore[union-attr]


@needs_office
@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_a_foreign_workbook_shows_its_visible_cells(ending: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet, secret = book.create_sheet("People", 0), book.create_sheet("Secret", 1)
    for row in (["First", "Last"], ["Ann", "Vask"], ["Blythe", "Tranter"]):
        sheet.append(row)
    secret.append(["Corvi"])
    sheet.row_dimensions[3].hidden = True
    secret.sheet_state = "hidden"
    sheet["A1"].comment = Comment("Idwal", "Holmb")
    buffer = io.BytesIO()
    book.save(buffer)
    path = tmp_path / f"a.{ending}"
    path.write_bytes(made(buffer.getvalue(), ending, ".xlsx"))
    document = formats.read(path, "d01", path.name)
    text = flatten(document.content).text.reveal()
    assert "| Ann | Vask |" in text and not any(word in text for word in ("Blythe", "Corvi", "Idwal", "Holmb", "Secret"))
    assert {"hidden row", "hidden sheet", "comment"} <= {entry.place for entry in document.hidden}
    assert formats.written_as(formats.format_named(document.media)).name == "xlsx"


# --- what cannot be read ------------------------------------------------------------------------------------------------


def held(data: bytes, name: str, tmp_path: Path) -> HeldError:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(HeldError) as caught:
        formats.read(path, "d01", name)
    return caught.value


def held_here(data: bytes, name: str, tmp_path: Path) -> HeldError:
    """The same in this process, where the program can be changed."""
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(HeldError) as caught:
        formats.media_of(path).read(data)
    return caught.value


def odt(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in {"mimetype": "application/vnd.oasis.opendocument.text", **parts}.items():
            package.writestr(name, part)
    return buffer.getvalue()


def test_without_libreoffice_the_file_is_held_with_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_libreoffice, "program", lambda: None)
    fault = held_here(RTF, "a.rtf", tmp_path)
    assert "LibreOffice, which is not installed" in fault.cause and "save the document as .docx" in fault.remedy


BOMB = '<!DOCTYPE a [<!ENTITY b "ha">' + "".join(f'<!ENTITY c{n} "{"&b;" * 10}">' for n in range(9)) + "]>"
DEEP = f"<office:a {NAMESPACES}>" + "<b>" * 250 + "</b>" * 250 + "</office:a>"


@pytest.mark.parametrize(
    ("data", "name", "cause"),
    [
        (odt({"content.xml": BOMB + "<a>&c8;</a>"}), "a.odt", "declares XML entities"),
        (odt({"content.xml": DEEP}), "a.odt", "damaged"),
        (odt({"content.xml": "<a", "META-INF/manifest.xml": ""}), "a.odt", "damaged"),
        (odt({"content.xml": "<a/>", "META-INF/manifest.xml": "<m><encryption-data/></m>"}), "a.odt", "password"),
        (odt({"content.xml": "<a/>", "../../evil.xml": "<a/>"}), "a.odt", "points outside"),
        (odt({"content.xml": "<a/>", "big.bin": "0" * (80 << 20)}), "a.odt", "unpacks to far more"),
        (FLAT.replace("<office:document", BOMB + "<office:document", 1).encode(), "a.fodt", "declares XML entities"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "damaged"),
    ],
    ids="bomb deep cut locked traversal zip-bomb flat-bomb junk head".split(),
)
def test_a_harmful_file_is_held_before_libreoffice_sees_it(
    data: bytes, name: str, cause: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_libreoffice, "program", lambda: pytest.fail("it was run"))
    begun = time.process_time()
    assert cause in held_here(data, name, tmp_path).cause
    assert time.process_time() - begun < 10


@needs_office
def test_a_locked_word_file_is_held_as_locked(tmp_path: Path) -> None:
    word = docx.Document()
    word.add_paragraph("The council met at noon.")
    buffer = io.BytesIO()
    word.save(buffer)
    data = made(buffer.getvalue(), "doc")
    assert binary_ending(data) == ".doc"
    start = next(at for at in range(0, len(data), 512) if data[at : at + 2] == b"\xec\xa5")  # the FIB, [MS-DOC] 2.5.2
    flags = struct.unpack_from("<H", data, start + 10)[0] | 0x0100
    locked = data[: start + 10] + struct.pack("<H", flags) + data[start + 12 :]
    assert "password" in held(locked, "a.doc", tmp_path).cause


# --- how it is run ------------------------------------------------------------------------------------------------------


def stand_in(tmp_path: Path, code: str) -> str:
    """A program that is run in LibreOffice's place."""
    script = tmp_path / "soffice"
    script.write_text(f"#!{sys.executable}\n{code}\n", encoding="utf-8")
    script.chmod(0o755)
    return str(script)


WAITS = "#!/bin/sh\nsleep 60 &\necho $! > {note}\nwait\n"


def running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.parametrize("interrupted", [False, True])
def test_past_the_limit_or_interrupted_it_ends_with_its_children_and_its_folder(
    interrupted: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    note = tmp_path / "pid"
    soffice = tmp_path / "soffice"
    soffice.write_text(WAITS.format(note=note), encoding="utf-8")
    soffice.chmod(0o755)
    monkeypatch.setattr(_libreoffice, "program", lambda: str(soffice))
    monkeypatch.setattr(_libreoffice, "SECONDS", 60 if interrupted else 3)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, 3 if interrupted else 0)
        with pytest.raises(KeyboardInterrupt if interrupted else HeldError):
            converted(RTF, ".rtf", "docx")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert list(tmp_path.glob("redactor-*")) == []
    end = time.monotonic() + 5  # a busy machine takes a moment to end it
    while running(int(note.read_text())) and time.monotonic() < end:
        time.sleep(0.05)
    assert not running(int(note.read_text()))


def test_it_runs_in_a_folder_of_its_own_without_network_or_our_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REDACTOR_KEYS", "/a/secret/place")
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = (
            "import json, os, pathlib, socket, stat\n"
            f"try:\n    socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 2)\n    net = True\n"
            "except OSError:\n    net = False\n"
            "mode = stat.S_IMODE(os.stat('.').st_mode)\n"
            "said = {'net': net, 'mode': mode, 'env': sorted(os.environ), 'files': os.listdir('.')}\n"
            f"pathlib.Path({str(tmp_path / 'said')!r}).write_text(json.dumps(said))"
        )
        soffice = stand_in(tmp_path, code)
        monkeypatch.setattr(_libreoffice, "program", lambda: soffice)
        with pytest.raises(HeldError, match="cannot open"):
            converted(RTF, ".rtf", "docx")
    said = json.loads((tmp_path / "said").read_text())
    assert said["mode"] == 0o700 and sorted(said["files"]) == ["profile", "source.rtf"]
    assert "REDACTOR_KEYS" not in said["env"]
    if any("unshare" in word for word in _libreoffice._fenced()):
        assert said["net"] is False


def test_what_a_killed_conversion_left_is_swept_and_that_of_a_living_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    code = "import tempfile, os; print(tempfile.mkdtemp(prefix=f'redactor-{os.getpid()}-', dir='" + str(tmp_path) + "'))"
    dead = Path(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip())
    (dead / "source.doc").write_text("Blythe Tranter")
    living = Path(tempfile.mkdtemp(prefix=f"redactor-{os.getpid()}-"))
    other = tmp_path / "redactor-notes"
    other.mkdir()
    _libreoffice._sweep()
    assert not dead.exists() and living.is_dir() and other.is_dir()
