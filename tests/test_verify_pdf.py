"""PDF copies with one planted fault each must be refused, naming the place; clean copies must pass."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Cell, Content, Table, flatten
from redactor.errors import LeakError
from redactor.formats.pdf import PDF
from redactor.model import Kind, Leak
from redactor.verify import Probe, Proof, prove

EMPTY = PDF.write(Content(()))
CONTENT = Content(
    (
        Block(BlockKind.HEADING, ClearText("The review (first part)"), (), 1),
        Block(
            BlockKind.PARAGRAPH, ClearText("The officer met [Survivor 2] at the station, and we hope the review will help. " * 12)
        ),
        Block(BlockKind.ITEM, ClearText("one reason"), (), 0, ClearText("(a)")),
        Table(
            (
                (Cell((Block(BlockKind.PARAGRAPH, ClearText("Force")),), True),),
                (Cell((Block(BlockKind.PARAGRAPH, ClearText("Northfield")),)),),
            )
        ),
    )
)
CLEAN = PDF.write(CONTENT)
NAME = "Hestia Marsh"
PROBES = tuple(Probe("p1", Kind.NAME, ClearText(form)) for form in (NAME, "Hestia", "Marsh"))


def look(tmp_path: Path, data: bytes, probes: tuple[Probe, ...] = PROBES, content: Content = CONTENT) -> Proof:
    (tmp_path / "copy.pdf").write_bytes(data)
    return prove(tmp_path / "copy.pdf", PDF.media, probes, flatten(content).text, "d01", ClearText("copy.pdf"), EMPTY)


def refusal(tmp_path: Path, data: bytes) -> LeakError:
    with pytest.raises(LeakError) as caught:
        look(tmp_path, data)
    assert "Hestia" not in str(caught.value)
    return caught.value


def places(error: LeakError) -> set[str]:
    return {leak.place for leak in error.leaks if isinstance(leak, Leak)}


def plain(data: bytes = CLEAN) -> bytes:
    """The copy with its streams unpacked, so that bytes can be changed by hand; offsets are put right by `fixed`."""

    def unpacked(match: re.Match[bytes]) -> bytes:
        content = zlib.decompress(match[2])
        head = re.sub(rb"/Length \d+", b"/Length %d" % len(content), match[1]).replace(b"/Filter/FlateDecode", b"")
        return head + b"stream\n" + content + b"\nendstream"

    return fixed(re.sub(rb"(<<[^\n]*/FlateDecode[^\n]*>>)\nstream\n(.*?)\nendstream", unpacked, data, flags=re.DOTALL))


def fixed(data: bytes) -> bytes:
    """A new cross-reference table after changes by hand."""
    body, _, rest = data.partition(b"\nxref\n")
    trailer = rest[rest.index(b"trailer") : rest.rindex(b"startxref")]
    offsets = sorted((int(m[1]), m.start(1)) for m in re.finditer(rb"(?:^|\n)(\d+) 0 obj\b", body))
    table = b"".join(b"%010d 00000 n\r\n" % offset for _, offset in offsets)
    assert [number for number, _ in offsets] == list(range(1, len(offsets) + 1))
    head = b"\nxref\n0 %d\n0000000000 65535 f\r\n" % (len(offsets) + 1)
    trailer = re.sub(rb"/Size \d+", b"/Size %d" % (len(offsets) + 1), trailer)
    return body + head + table + trailer + b"startxref\n%d\n%%%%EOF" % (len(body) + 1)


def swap(old: bytes, new: bytes) -> Callable[[], bytes]:
    def change() -> bytes:
        data = plain()
        assert old in data
        return fixed(data.replace(old, new, 1))

    return change


def added(body: bytes) -> Callable[[], bytes]:
    """One more object at the end, which nothing refers to."""

    def change() -> bytes:
        number = CLEAN.count(b" 0 obj")
        return fixed(CLEAN.replace(b"\nxref\n", b"\n%d 0 obj\n%s\nendobj\nxref\n" % (number + 1, body), 1))

    return change


def saved(change: Callable[[pikepdf.Pdf], None]) -> Callable[[], bytes]:
    def made() -> bytes:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(CLEAN)) as document:
            change(document)
            document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, force_version="1.7")
        return b"%PDF-1.7\n" + out.getvalue().partition(b"\n")[2]

    return made


def test_a_clean_copy_passes(tmp_path: Path) -> None:
    proof = look(tmp_path, CLEAN)
    assert proof.words > 100
    for made in (plain(), saved(lambda _: None)()):  # so that what the faults below change is all that is wrong
        assert look(tmp_path, made).words == proof.words


@pytest.mark.parametrize(
    "form", ["Page", "Lang", "Title", "Adobe", "Kids", "Font", "Rose", "Dee", "Abe", "Ada Bold", "Dean", "Marked"]
)
def test_names_that_are_also_words_of_the_format_pass(tmp_path: Path, form: str) -> None:
    look(tmp_path, CLEAN, (Probe("p1", Kind.NAME, ClearText(form)),))


def test_what_is_seen_may_stand_in_headings_and_outline_as_often(tmp_path: Path) -> None:
    content = Content((Block(BlockKind.HEADING, ClearText("Marsh Farm Hostel (closed)"), (), 1), *CONTENT.body))
    allowed = (Probe("p1", Kind.NAME, ClearText("Marsh"), 1),)
    look(tmp_path, PDF.write(content), allowed, content)
    with pytest.raises(LeakError):
        look(tmp_path, PDF.write(content), PROBES, content)


LEAKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "information": (swap(b"/Title(Document)", b"/Title(Hestia)"), "string of an object"),
    "information in UTF-16": (swap(b"/Title(Document)", b"/Title<FEFF0048006500730074006900610020>"), "string of an object"),
    "metadata": (swap(b"xmp-writer", b"Hestia ..."), "metadata or other stream"),
    "outline": (swap(b"/Title(The review ", b"/Title(Hestia review "), "outline"),
    "tag's title": (swap(b"/T(The review ", b"/T(Hestia review "), "title in the tag tree"),
    "comment between objects": (swap(b"\n2 0 obj", b"\n% Hestia\n2 0 obj"), "bytes outside streams and strings"),
    "after the end": (lambda: CLEAN + b"Hestia\n%%EOF\n", "bytes outside streams and strings"),
    "name": (swap(b"/Tabs/S", b"/Tabs/Hestia"), "name of an object"),
    "key": (swap(b"/Tabs/S", b"/Hestia/S"), "name of an object"),
    "page instructions": (swap(b"EMC", b"EMC % Hestia\n"), "page instructions"),
    "mark's alternative": (swap(b"/Span<</MCID 1>>BDC", b"/Span<</MCID 1/Alt(Hestia)>>BDC"), "page instructions"),
    "letters' reading": (swap(b"begincmap", b"begincmap % Hestia\n"), "metadata or other stream"),
    "font program": (swap(b"AdobeIdentityCopyright", b"Hestia Marsh Copyright"), "font program"),
    "orphan": (added(b"(Hestia)"), "string of an object"),
    "orphan stream": (added(b"<</Length 6>>\nstream\nHestia\nendstream"), "metadata or other stream"),
    "annotation": (
        saved(lambda d: d.pages[0].__setitem__("/Annots", pikepdf.Array([pikepdf.Dictionary(Contents=NAME)]))),
        "string of an object",
    ),
    "attachment": (saved(lambda d: d.attachments.__setitem__("a.txt", b"by Hestia")), "metadata or other stream"),
}  # fmt: skip


@pytest.mark.parametrize("fault", LEAKS)
def test_a_name_in_a_hidden_place_is_found(tmp_path: Path, fault: str) -> None:
    make, place = LEAKS[fault]
    assert place in places(refusal(tmp_path, make()))


UNCHECKED: dict[str, Callable[[], bytes]] = {
    "annotation": saved(lambda d: d.pages[0].__setitem__("/Annots", pikepdf.Array())),
    "script": saved(lambda d: d.Root.__setitem__("/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x"))),
    "form": saved(lambda d: d.Root.__setitem__("/AcroForm", pikepdf.Dictionary(Fields=[]))),
    "layers": saved(lambda d: d.Root.__setitem__("/OCProperties", pikepdf.Dictionary())),
    "picture": added(b"<</Type/XObject/Subtype/Image/Width 1/Height 1/Length 1>>\nstream\n\x80\nendstream"),
    "inline picture": swap(b"\nQ\nEMC", b"\nBI/W 1/H 1/CS/G/BPC 8 ID\n\x80\nEI\nQ\nEMC"),
    "comment": swap(b"\n2 0 obj", b"\n%(Hestia)\n2 0 obj"),
    "object that is not listed": lambda: fixed(CLEAN).replace(b"\nxref\n", b"\n99 0 obj\n(Hestia)\nendobj\nxref\n", 1),
    "text not drawn": swap(b"0 Tr", b"3 Tr"),
    "text without a tag": swap(b"/Span<</MCID 2>>BDC", b"/Span<</MCID 999>>BDC"),
    "another filter": added(b"<</Length 14/Filter/ASCIIHexDecode>>\nstream\n486573746961>\n\nendstream"),
    "bytes behind a stream's end": lambda: fixed(re.sub(rb"\nendstream", b"\n48657374\nendstream", CLEAN, count=1)),
    "stream of no object": lambda: fixed(CLEAN.replace(b"\nxref\n", b"\n<<>>\nstream\nx\nendstream\nxref\n", 1)),
    "written on": lambda: CLEAN + b"1 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer\n<</Size 1/Prev 5>>\nstartxref\n9\n%%EOF\n",
    "before the header": lambda: b"junk\n" + CLEAN,
    "cut off": lambda: CLEAN[: len(CLEAN) // 2],
    "nothing": lambda: b"",
    "object streams": lambda: _resaved(object_stream_mode=pikepdf.ObjectStreamMode.generate),
    "locked": lambda: _resaved(encryption=pikepdf.Encryption(owner="a", user="")),
}  # fmt: skip


def _resaved(**how: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(CLEAN)) as document:
        document.save(out, **how)  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize("fault", UNCHECKED)
def test_what_no_check_can_read_is_refused(tmp_path: Path, fault: str) -> None:
    assert places(refusal(tmp_path, UNCHECKED[fault]())) == set()


def test_words_read_aloud_in_place_of_others_are_found(tmp_path: Path) -> None:
    said = swap(b"/Span<</MCID 1>>BDC", b"/Span<</MCID 1/ActualText(Hestia)>>BDC")()
    assert places(refusal(tmp_path, said)) >= {"visible text"}


def test_a_name_in_the_text_is_found_across_a_line_end(tmp_path: Path) -> None:
    for pad in range(60, 100):
        content = Content((Block(BlockKind.PARAGRAPH, ClearText("a " * (pad // 2) + NAME)),))
        with pytest.raises(LeakError) as caught:
            look(tmp_path, PDF.write(content), PROBES[:1], content)
        assert places(caught.value) == {"visible text"}


def test_a_copy_that_lost_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LeakError, match="does not hold the text"):
        look(tmp_path, PDF.write(Content(CONTENT.body[:1])))
