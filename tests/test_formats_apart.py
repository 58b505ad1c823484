"""Files that are damaged or built to harm: each is held with one sentence, in bounded time and memory, and the next is read."""

from __future__ import annotations

import email
import errno
import io
import json
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NoReturn

import pikepdf
import pypdfium2
import pytest
from lxml import etree
from pikepdf import Array, Dictionary, Name
from reportlab.pdfgen.canvas import Canvas

from benchmarks.fuzz_readers import XFDF, all_readers
from redactor import case_sheets, formats, syscalls
from redactor.case import EMPTY_CASE
from redactor.case_people import case_with_people
from redactor.content import flatten
from redactor.errors import HeldError
from redactor.formats import _apart, _fence, _zip, marks_files, marks_xfdf
from redactor.formats._libreoffice import program
from redactor.formats.marks import Proposed
from redactor.model import Action, Span
from redactor.processes import Child


def page(text: str = "The harbour office was closed on the day of the visit.") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawString(60, 700, text)
    canvas.save()
    return out.getvalue()


def changed(change: Callable[[pikepdf.Pdf], None], locked: bool = False) -> bytes:
    """The page after a change to its file, streams as they are."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(page())) as document:
        change(document)
        if locked:
            document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
        else:
            document.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def _many_pages(document: pikepdf.Pdf) -> None:
    first = document.pages[0].obj
    for _ in range(9_999):
        document.pages.append(pikepdf.Page(document.make_indirect(Dictionary(dict(first.items())))))


def _content(data: bytes, **more: object) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        document.pages[0].obj.Contents = pikepdf.Stream(document, data, **more)

    return change


def _recursion(document: pikepdf.Pdf) -> None:
    form = document.make_stream(b"q /F Do Q", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    form.Resources = Dictionary(XObject=Dictionary(F=form))
    document.pages[0].obj.Resources.XObject = Dictionary(F=form)
    document.pages[0].obj.Contents = document.make_stream(b"/F Do")


def _page_loop(document: pikepdf.Pdf) -> None:
    document.Root.Pages.Kids = Array([document.Root.Pages, document.pages[0].obj])


def _huge_picture(document: pikepdf.Pdf) -> None:
    packed = zlib.compress(bytes(40_000 * 5_000))
    image = pikepdf.Stream(document, packed)
    for key, value in {
        "/Type": Name.XObject,
        "/Subtype": Name.Image,
        "/Width": 40_000,
        "/Height": 40_000,
        "/BitsPerComponent": 1,
        "/ColorSpace": Name.DeviceGray,
        "/Filter": Name.FlateDecode,
    }.items():
        image[key] = value
    document.pages[0].obj.Resources.XObject = Dictionary(I=image)
    document.pages[0].obj.Contents = document.make_stream(
        b"BT /F1 11 Tf 60 700 Td (The harbour office) Tj ET q 30 0 0 30 9 9 cm /I Do Q"
    )


def _bomb(document: pikepdf.Pdf) -> None:
    """Instructions of the page that unpack, twice, to 8 GiB."""
    packer = zlib.compressobj(9)
    chunk = packer.compress(bytes(1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    more = packer.compress(bytes(1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    twice = zlib.compress(chunk + more * 511 + packer.flush(), 9)
    filters = Array([Name.FlateDecode, Name.FlateDecode])
    document.pages[0].obj.Contents = document.make_indirect(pikepdf.Stream(document, twice, Filter=filters))


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "password": (lambda: changed(lambda _: None, locked=True), "password"),
    "truncated to its head": (lambda: page()[:200], "damaged"),
    "no pages": (lambda: changed(lambda d: d.pages.__delitem__(0)), "empty"),
    "10,000 pages": (lambda: changed(_many_pages), "more than 3000 pages"),
    "a page of nothing": (lambda: changed(_content(b"")), "no text can be read"),
    "no PDF at all": (lambda: b"%PDF-1.7\n" + os.urandom(5000), "damaged"),
}
ODD: dict[str, Callable[[], bytes]] = {  # read or held, as the libraries have it; never for long and never by a crash of ours
    "cut in two": lambda: page()[: len(page()) // 2],
    "drawings within themselves": lambda: changed(_recursion),
    "pages within themselves": lambda: changed(_page_loop),
    "a picture of 40,000 pixels": lambda: changed(_huge_picture),
    "a page of a million points": lambda: changed(
        lambda d: d.pages[0].obj.__setitem__("/MediaBox", Array([0, 0, 1_000_000, 1_000_000]))
    ),
    "a million letters": lambda: changed(_content(b"BT /F1 1 Tf 0 0 Td " + b"(aaaaaaaaaa) Tj " * 100_000 + b"ET")),
    "a bomb": lambda: changed(_bomb),
}


def read(tmp_path: Path, data: bytes) -> str:
    (tmp_path / "a.pdf").write_bytes(data)
    return flatten(formats.read(tmp_path / "a.pdf", "d01", "a.pdf").content).text.reveal()


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_file_is_held_with_its_cause(tmp_path: Path, fault: str) -> None:
    make, cause = BAD[fault]
    with pytest.raises(HeldError, match=cause) as caught:
        read(tmp_path, make())
    assert "harbour" not in str(caught.value)


@pytest.mark.parametrize("fault", ODD)
def test_an_odd_file_ends_in_bounded_time(tmp_path: Path, fault: str) -> None:
    data = ODD[fault]()
    begun = time.monotonic()
    try:
        read(tmp_path, data)
    except HeldError as held:
        assert "harbour" not in str(held)
    assert time.monotonic() - begun < 60


def test_a_reader_that_dies_holds_one_file_only(tmp_path: Path) -> None:
    assert "harbour office" in read(tmp_path, page())
    worker = _apart._WAITING[-1]  # the last that was at work
    threading.Timer(0.3, os.kill, (worker.process.pid, signal.SIGSEGV)).start()
    with pytest.raises(HeldError, match="reader fails"):
        for _ in range(200):
            read(tmp_path, page())
    assert "harbour office" in read(tmp_path, page())


def test_nothing_from_outside_is_parsed_in_the_process_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither what a file is nor what is in it: everything that parses fails here, and works in the process of the readers."""
    files = {
        name: reader.seeds()[0] for name, reader in all_readers().items() if name in ("docx", "xlsx", "eml", "odt", "marks-pdf")
    }
    files |= {"people.xlsx": all_readers()["people-xlsx"].seeds()[0], "house.docx": all_readers()["letterhead"].seeds()[0]}
    proposal = Proposed("d1", Span(3, 15), Action.MASK, "R-NAME")

    def fails(*_: object, **__: object) -> NoReturn:
        raise AssertionError("parsed here")

    for place in (_zip.Package, pikepdf.Pdf):
        monkeypatch.setattr(place, "__init__" if place is _zip.Package else "open", fails)
    for module, name in ((zipfile, "ZipFile"), (formats, "_format"), (email, "message_from_bytes"),
                         (pypdfium2, "PdfDocument"), (case_sheets, "_grids"), (marks_xfdf, "root_of")):  # fmt: skip
        monkeypatch.setattr(module, name, fails)
    for name in ("people.xlsx", "house.docx"):
        (tmp_path / name).write_bytes(files[name])
    assert formats.open_letterhead(tmp_path / "house.docx").lines("header")  # what of it goes into copies is XML, and looked at
    monkeypatch.setattr(etree, "fromstring", fails)
    for name in ("docx", "xlsx", "eml", *(["odt"] if program() else [])):
        assert "Quillfeather" in flatten(formats.read_data(files[name], "d01", f"a.{name}", f".{name}").content).text.reveal()
    content, marks = marks_files.read_docx(files["docx"], "marks")
    assert marks and marks_files.commented(files["docx"], [proposal])[1] == []
    (tmp_path / "a.pdf").write_bytes(files["marks-pdf"])
    content, marks = marks_files.read_pdf(files["marks-pdf"], "marks", XFDF.encode())
    assert marks and marks_files.pdf_named(XFDF.encode()) == "Quillfeather.pdf"
    placed, _ = marks_files.find_places(files["marks-pdf"], flatten(content).text.reveal(), [proposal])
    assert len(placed) == 1 and marks_files.annotated(files["marks-pdf"], placed).startswith(b"%PDF")
    assert len(case_with_people(EMPTY_CASE, [tmp_path / "people.xlsx"], formats.people_in).people) == 1
    with pytest.raises(AssertionError):
        case_with_people(EMPTY_CASE, [tmp_path / "people.xlsx"])


def test_what_the_house_gives_is_read_where_no_document_has_been(tmp_path: Path) -> None:
    _apart.stop()
    read(tmp_path, page())
    (document,) = _apart._WAITING
    (tmp_path / "people.xlsx").write_bytes(all_readers()["people-xlsx"].seeds()[0])
    case_with_people(EMPTY_CASE, [tmp_path / "people.xlsx"], formats.people_in)
    (house,) = (child for child in _apart._WAITING if child is not document)
    read(tmp_path, page())
    assert _apart._WAITING[-1] is document and house.process.poll() is None


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"held": 1},
        {"held": ["a"]},
        {"fault": ["SystemExit", "Quill"]},
        {"media": "no/such"},
        {"media": "text/plain", "body": 1},
        {"office": True},
    ],
)
def test_an_answer_that_is_none_holds_the_file(
    answer: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Child, "ask", lambda *_, **__: json.dumps(answer).encode())
    with pytest.raises(HeldError) as held:
        read(tmp_path, page())
    assert "Quill" not in str(held.value)
    _apart.stop()


def test_a_reader_takes_no_module_of_the_folder_a_run_is_called_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "redactor").mkdir()
    (tmp_path / "redactor" / "__init__.py").write_text("raise SystemExit(1)\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    _apart.stop()
    assert "harbour office" in read(tmp_path, page())


def test_a_reader_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_apart, "CLOCK", 0.2)
    with pytest.raises(HeldError, match="takes too long"):
        for _ in range(50):
            read(tmp_path, page())
    monkeypatch.undo()
    assert "harbour office" in read(tmp_path, page())


PEEK = """
import ctypes, os, socket, tempfile
from pathlib import Path
from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content
from redactor.formats import _apart, _fence, _zip, marks_files, marks_xfdf
from redactor.formats._libreoffice import program
from redactor.formats.marks import Proposed
from redactor.model import Action, Span
from redactor.processes import Child
from redactor.formats._format import Reading

def call(number, *arguments):
    system = ctypes.CDLL(None, use_errno=True)
    if system.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments)) == -1:
        raise OSError(ctypes.get_errno(), "")

def tried(data):
    said = []
    for line in data.decode().splitlines():
        try:
            exec(line)
            said.append("done")
        except OSError as fault:
            said.append(type(fault).__name__ if isinstance(fault, PermissionError) else str(fault.errno))
    return Reading(Content((Block(BlockKind.PARAGRAPH, ClearText(" ".join(said))),)))

_apart.serve(lambda name: tried)
"""


def told(child: Child, asked: Iterable[str]) -> dict[str, str]:
    """What came of each line in a reader: "done", "PermissionError", or the number of another fault."""
    answer = json.loads(child.ask(b"", "\n".join(asked).encode(), seconds=60))
    return dict(zip(asked, answer["body"][0][1][1].split(), strict=True))


@pytest.mark.skipif(_fence._call(_fence._CREATE, None, 0, _fence._VERSION) < 6, reason="no Landlock, or an old one")
def test_a_reader_reaches_no_file_of_the_user_no_process_and_writes_in_its_own_folder_alone(tmp_path: Path) -> None:
    """Whatever takes a reader over does what is asked of it here."""
    other, work = tmp_path / "other.txt", tmp_path / "work"
    other.write_text("Penhallow", encoding="utf-8")
    work.mkdir()
    asked = {
        f"open({str(other)!r}).read()": "PermissionError",
        f"open({str(other)!r}, 'a')": "PermissionError",
        f"os.listdir({str(tmp_path)!r})": "PermissionError",
        f"os.remove({str(other)!r})": "PermissionError",
        f"os.rename({str(other)!r}, {str(other)!r} + 'x')": "PermissionError",
        f"open({str(tmp_path / 'new')!r}, 'w')": "PermissionError",
        f"os.mkdir({str(work / 'beside')!r})": "PermissionError",
        f"os.kill({os.getpid()}, 0)": "PermissionError",
        f"open('/proc/{os.getpid()}/environ').read()": "PermissionError",
        "socket.create_connection(('127.0.0.1', 9), 1)": "PermissionError",
        "open(os.__file__).read()": "done",
        "Path(tempfile.mkdtemp(), 'a').write_text('x')": "done",
    }
    child = Child(PEEK, work)
    try:
        assert told(child, asked) == asked
        assert [p.name.startswith(f"redactor-{child.process.pid}-") for p in work.iterdir()] == [True]
    finally:
        child.stop()
    assert other.read_text(encoding="utf-8") == "Penhallow" and list(work.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not tell how large a process is")
def test_a_reader_that_has_grown_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reader() -> int:
        assert "harbour office" in read(tmp_path, page())
        return next((child.process.pid for child in _apart._WAITING if child.code == _apart._CODE), 0)

    first = reader()
    assert first and reader() == first
    monkeypatch.setattr(_apart, "KEPT", 1024**2)
    assert reader() == 0
    monkeypatch.undo()
    assert reader() not in (0, first)


AT = {"x86_64": 0, "aarch64": 1}.get(platform.machine(), -1)
ANY = [
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "socket.socket(socket.AF_INET6, socket.SOCK_STREAM)",
    "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)",
    "socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)",
    "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)",
    *(f"call({numbers[AT]}, -1, -1, -1, -1, -1, -1)" for numbers in syscalls.REFUSED.values()),
    f"call({(16, 29)[AT]}, 0, {0x5412}, 0)",  # TIOCSTI
    f"call({(302, 261)[AT]}, {os.getpid()}, 7, 0, 0)",  # prlimit64 of this process
]
SPACES = [
    f"call({(272, 97)[AT]}, {0x10000000})",  # unshare(CLONE_NEWUSER)
    f"call({(56, 220)[AT]}, {0x10000000 | signal.SIGCHLD}, 0, 0, 0, 0)",  # clone(CLONE_NEWUSER)
]
filtered = pytest.mark.skipif(AT < 0 or not Path("/proc/sys/kernel/seccomp").exists(), reason="no seccomp")


@pytest.fixture
def called(tmp_path: Path) -> Iterator[str]:
    """A line that calls another program of the user at its socket, as D-Bus or ssh-agent have one."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "agent"))
        listening.listen()
        yield f"socket.socket(socket.AF_UNIX).connect({str(tmp_path / 'agent')!r})"


@filtered
@pytest.mark.parametrize("office", [False, True])
def test_a_reader_makes_no_socket_and_no_call_that_reading_does_not_need(office: bool, called: str) -> None:
    """The arguments of most are wrong: whom the filter does not stop is told so by the kernel, which says something else."""
    own = ["socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)", "socket.socketpair()"]
    wanted = dict.fromkeys((*ANY, *SPACES), "PermissionError") | dict.fromkeys(own, "done" if office else "PermissionError")
    wanted[f"call(435, {0x1000}, 88)"] = wanted["call(0x40000000 + 39)"] = str(errno.ENOSYS)  # clone3; a call of x32
    wanted["import subprocess, threading; subprocess.run(['true'], check=True); threading.Thread(target=int).start()"] = "done"
    wanted[called] = "PermissionError"
    child = Child(PEEK.replace("serve(lambda name: tried)", f"serve(lambda name: tried, office={office})"))
    try:
        assert told(child, wanted) == wanted
    finally:
        child.stop()


@filtered
def test_without_the_filter_a_reader_would_make_them(called: str) -> None:
    child = Child(PEEK.replace("_apart.serve(", "_apart.refuse = lambda office: None; _apart.serve("))
    try:
        found = told(child, [called, *ANY, SPACES[0]])
    finally:
        child.stop()
    refused = [line for line, came in found.items() if came == "PermissionError"]
    assert len(refused) < len(found) / 2
    for name in ("ptrace", "process_vm_readv", "connect", "io_uring_setup", "userfaultfd", "keyctl", "setns"):
        assert found[f"call({syscalls.REFUSED[name][AT]}, -1, -1, -1, -1, -1, -1)"] != "PermissionError", name
    assert found[ANY[0]] == found[ANY[3]] == found[called] == "done"  # UDP, netlink, the user's other program


@filtered
def test_no_call_of_another_machine_is_answered() -> None:
    """The numbers of 32-bit x86 mean other calls: 20 is getpid there."""
    code = "import mmap, ctypes; from redactor.syscalls import refuse; refuse(); page = mmap.mmap(-1, 4096, prot=7); "
    code += "page.write(bytes.fromhex('b814000000cd80c3')); at = ctypes.addressof(ctypes.c_char.from_buffer(page)); "
    code += "print(ctypes.CFUNCTYPE(ctypes.c_int)(at)())"
    if AT:
        pytest.skip("written for x86-64")
    said = [
        subprocess.run([sys.executable, "-c", each], capture_output=True, text=True, check=True).stdout
        for each in (code, code.replace("refuse();", ""))
    ]
    assert int(said[0]) == -errno.EPERM
    assert int(said[1]) > 0 or int(said[1]) == -errno.ENOSYS  # a kernel without 32-bit calls


def test_the_calls_have_the_numbers_of_the_kernels_headers() -> None:
    own = {
        name: getattr(syscalls, f"_{name.upper()}") for name in ("unshare", "clone", "clone3", "socket", "socketpair", "ioctl")
    }
    own |= {"prlimit64": syscalls._LIMITS, "seccomp": syscalls._SECCOMP, **syscalls.REFUSED}
    tables = [Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path("/usr/include/asm-generic/unistd.h")]
    if not all(table.exists() for table in tables):
        pytest.skip("no headers of the kernel")
    for at, table in enumerate(tables):
        said = dict(re.findall(r"#define __NR_(\w+)\s+(\d+)", table.read_text(encoding="utf-8")))
        assert len(said) > 250
        assert {n: str(numbers[at]) for n, numbers in own.items() if said.get(n) != str(numbers[at])} == {}
    assert AT < 0 or len(syscalls._filter(AT, 0, False, False)) < 256


def test_where_there_is_no_filter_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syscalls, "_MACHINES", {})
    assert not syscalls.refuse()


def test_a_reader_of_the_run_is_fenced_and_serves_one_work_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The harbour office was closed.", encoding="utf-8")
    begun = []
    for name in ("one", "two"):
        (work := tmp_path / name).mkdir()
        with formats.making_files_in(work):
            formats.read(tmp_path / "a.txt", "d01", "a.txt")
            formats.read(tmp_path / "a.txt", "d01", "a.txt")
        begun.append(next(child for child in _apart._WAITING if child.folder == work))
        (made,) = work.iterdir()
        assert made.stat().st_mode & 0o777 == 0o700 and str(begun[-1].process.pid) in made.name
        status = Path(f"/proc/{begun[-1].process.pid}/status").read_text(encoding="ascii")
        if _fence._call(_fence._CREATE, None, 0, _fence._VERSION) > 0:
            assert "NoNewPrivs:\t1" in status
        if AT >= 0:
            assert "Seccomp:\t2" in status
        shutil.rmtree(work)
    assert begun[0] not in _apart._WAITING and begun[0].process.poll() is not None  # its run is over


def test_readers_of_every_format_have_no_network_and_limits(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The harbour office was closed.", encoding="utf-8")
    formats.read(tmp_path / "a.txt", "d01", "a.txt")
    (pid, *_) = (child.process.pid for child in _apart._WAITING)
    limits = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
    for row in (
        f"Max address space         {_apart.MEMORY} ",
        f"Max file size             {_apart.FILES} ",
        "Max core file size        0 ",
    ):
        assert row in limits
    assert f"Max cpu time              {_apart.SECONDS}" not in limits  # it counts from what was used
    assert "Max cpu time              unlimited" not in limits
    allowed = subprocess.run(["unshare", "-r", "-n", "true"], capture_output=True, check=False).returncode == 0
    if allowed:  # as strict as the system lets a process be
        assert Path(f"/proc/{pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
