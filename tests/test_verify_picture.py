"""The second look at a painted picture: each fault of a leaky writer trips it."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from redactor.cleartext import ClearText
from redactor.errors import LeakError
from redactor.model import Kind
from redactor.verify import Probe, prove
from tests.pictures import drawn, saved

KEPT = ("The council found that its letters were lost.", "Nobody in the office was told of it.")
TARN = (Probe("p1", Kind.NAME, ClearText("Wilmot Tarnbeck")), Probe("p1", Kind.NAME, ClearText("Tarnbeck")))


def tried(data: bytes, folder: Path, kept: tuple[str, ...] = KEPT) -> None:
    copy = folder / "minutes-page-1.png"
    copy.write_bytes(data)
    prove(copy, "image/png", TARN, ClearText("\n".join(kept)), "d01")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def before_end(data: bytes, kind: bytes, body: bytes) -> bytes:
    return data[:-12] + chunk(kind, body) + data[-12:]


def with_text(data: bytes) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Tarnbeck")
    with Image.open(io.BytesIO(data)) as picture:
        return saved(picture, pnginfo=info)


def as_mode(mode: str) -> Callable[[bytes], bytes]:
    def changed(data: bytes) -> bytes:
        with Image.open(io.BytesIO(data)) as picture:
            return saved(picture.convert(mode))

    return changed


def moving(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as picture:
        return saved(picture, save_all=True, append_images=[Image.new("RGB", picture.size)])


def longer_stream(data: bytes) -> bytes:
    """Pixels of one row more than the header says: a viewer never shows it."""
    with Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
        rows = b"".join(b"\x00" + picture.crop((0, y, width, y + 1)).tobytes() for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(rows + b"\x00" + b"Tarnbeck".ljust(3 * width))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "text chunk": with_text,
    "private chunk": lambda data: before_end(data, b"prVt", b"Tarnbeck"),
    "bytes after the end": lambda data: data + b"Tarnbeck",
    "few bytes after the end": lambda data: data + b"T",
    "transparency": as_mode("RGBA"),
    "palette": as_mode("P"),
    "grey": as_mode("L"),
    "two frames": moving,
    "pixels beyond the last row": longer_stream,
    "another stream after the pixels": lambda data: before_end(data, b"IDAT", b"Tarnbeck"),
    "cut short": lambda data: data[:-20],
    "wrong sum": lambda data: data[:60] + b"?" + data[61:],
    "a jpeg": lambda data: saved(Image.new("RGB", (9, 9)), "JPEG"),
    "only a signature": lambda data: data[:8],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_is_more_than_pixels_is_held(fault: str, tmp_path: Path) -> None:
    with pytest.raises(LeakError) as held:
        tried(FAULTS[fault](saved(drawn(KEPT))), tmp_path)
    assert "Tarnbeck" not in str(held.value)


def test_a_clean_picture_passes(tmp_path: Path) -> None:
    tried(saved(drawn(KEPT)), tmp_path)


def test_a_name_left_in_pixels_is_a_leak(tmp_path: Path) -> None:
    picture = drawn((*KEPT, ""))
    pen = ImageDraw.Draw(picture)
    pen.text((60, 96), "Tarnbeck", font=ImageFont.load_default(24), fill=(225, 225, 225))
    with pytest.raises(LeakError) as held:
        tried(saved(picture), tmp_path)
    assert held.value.leaks


def test_a_name_up_the_margin_is_a_leak(tmp_path: Path) -> None:
    note = drawn(("Tarnbeck",), size=20)
    picture = Image.new("RGB", (640, 220), "white")
    picture.paste(drawn(KEPT, size=20), (0, 0))
    picture.paste(note.rotate(90, expand=True), (570, 10))
    with pytest.raises(LeakError) as held:
        tried(saved(picture), tmp_path)
    assert held.value.leaks


def test_a_code_left_in_the_picture_is_held(tmp_path: Path) -> None:
    import cv2

    picture = Image.new("RGB", (640, 420), "white")
    picture.paste(drawn(KEPT, size=20), (0, 0))
    square = Image.fromarray(cv2.QRCodeEncoder.create().encode("anything")).convert("RGB")
    picture.paste(square.resize((200, 200), Image.Resampling.NEAREST), (100, 180))
    with pytest.raises(LeakError, match="QR code"):
        tried(saved(picture), tmp_path)


def test_a_picture_without_its_text_is_held(tmp_path: Path) -> None:
    with pytest.raises(LeakError, match="does not hold the text"):
        tried(saved(drawn(KEPT)), tmp_path, (*KEPT, "And there was more to say of the council than that."))
