"""Pictures read by their text. The engine takes about a second a picture, so few are read and they are small."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from redactor import formats, ocr
from redactor.content import BlockKind, flatten
from redactor.errors import HeldError, ModelFault
from redactor.formats import _ocr, _pixels, picture
from redactor.formats._layout import apart, paragraphs, rows
from redactor.formats._ocr import Box, Line, Page
from redactor.formats.picture import PICTURE, found_codes, is_picture, poor
from tests.pictures import LINES, drawn, saved

SAID = " ".join(LINES)


def read(data: bytes) -> str:
    return flatten(PICTURE.read(data).content).text.reveal()


@pytest.mark.parametrize(
    ("picture", "kind"),
    [
        (drawn(head="Record of interview"), "PNG"),
        (drawn(ink=255, paper=0, head="Record of interview"), "JPEG"),
        (drawn(head="Record of interview").rotate(90, expand=True), "TIFF"),
    ],
    ids=["plain", "white on black", "turned"],
)
def test_lines_become_paragraphs(picture: Image.Image, kind: str) -> None:
    content = PICTURE.read(saved(picture, kind)).content
    head, body = content.blocks()
    assert (head.kind, head.text.reveal()) == (BlockKind.HEADING, "Record of interview")
    assert (body.kind, body.text.reveal()) == (BlockKind.PARAGRAPH, SAID)


def test_every_page_of_a_tiff_is_read_and_a_paragraph_goes_on_over_the_page_end() -> None:
    first, second = drawn(LINES[:2]), drawn((LINES[2], "", "Nobody wrote again."))
    data = saved(first, "TIFF", save_all=True, append_images=[second])
    assert read(data) == f"{SAID}\n\nNobody wrote again."


def test_a_page_aslant_is_laid_level() -> None:
    aslant = drawn().rotate(3, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    page = _ocr.read_lines(np.asarray(aslant))
    assert abs(page.skew + 3) < 0.5
    assert [line.text for line in page.lines] == list(LINES)
    assert all(line.box.height < 45 for line in page.lines)


def test_upside_down() -> None:
    assert read(saved(drawn(LINES[:2]).rotate(180))) == " ".join(LINES[:2])


def test_a_page_that_cannot_be_read_is_held() -> None:
    blurred = np.random.default_rng(1).normal(0, 90, (210, 800, 3)) + np.asarray(drawn(size=13, width=800).resize((800, 210)))
    data = saved(Image.fromarray(np.clip(blurred, 0, 255).astype(np.uint8)).resize((300, 80)).resize((800, 210)))
    with pytest.raises(HeldError, match="page 1 cannot be read well enough"):
        PICTURE.read(data)


def test_a_picture_without_text_is_held() -> None:
    with pytest.raises(HeldError, match="no text can be read"):
        PICTURE.read(saved(Image.new("RGB", (200, 200), "white")))


def test_the_copy_is_text_in_a_word_file(tmp_path: Path) -> None:
    source = tmp_path / "a.docx"  # misnamed: what a file is goes by its content
    source.write_bytes(saved(drawn(LINES[:1])))
    document = formats.read(source, "d01", "a.docx")
    known = formats.written_as(formats.format_named(document.media))
    assert known.name == "docx"
    formats.write(document.content, known.media, tmp_path / "copy.docx")
    assert formats.read(tmp_path / "copy.docx", "d01", "copy.docx").content == document.content


def test_properties_are_learnt_and_not_carried() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Wilmot Tarn")
    info.add_itxt("XML:com.adobe.xmp", "<x>Una Tarn</x>", zip=True)
    exif = Image.Exif()
    exif[0x010E] = "Edith Tarn"
    reading = PICTURE.read(saved(drawn(LINES[:1]), pnginfo=info, exif=exif))
    learnt = " ".join(h.text.reveal() for h in reading.hidden)
    assert all(name in learnt for name in ("Wilmot Tarn", "Una Tarn", "Edith Tarn"))
    assert "Tarn" not in flatten(reading.content).text.reveal()


def test_the_words_of_a_code_are_learnt() -> None:
    import cv2

    code = cv2.QRCodeEncoder.create().encode("Wilmot Tarn")
    square = Image.fromarray(code).convert("RGB").resize((200, 200), Image.Resampling.NEAREST)
    picture = Image.new("RGB", (400, 300), "white")
    picture.paste(square, (150, 60))
    (text, box), *_ = found_codes(np.asarray(picture))
    assert text == "Wilmot Tarn"
    assert all(abs(side - known) < 30 for side, known in zip(box, (150, 60, 350, 260), strict=True))


@pytest.mark.parametrize(
    ("ink", "mode"),
    [(0, "RGBA"), (255, "RGBA"), (0, "LA"), (0, "P"), (0, "1"), (0, "CMYK"), (0, "I;16")],
)
def test_pixels_are_those_a_viewer_shows(ink: int, mode: str) -> None:
    """A dark square on a light ground in every mode; what is wholly transparent is not there."""
    square = Image.new("L", (8, 8), 255)
    square.paste(0, (2, 2, 6, 6))
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(square).astype(np.uint16) * 200)
    elif mode in ("RGBA", "LA"):
        picture = square.convert(mode)
        if ink:  # the square is there in colour and not in opacity
            picture.putalpha(Image.eval(square, lambda v: 0 if v == 0 else 255))
    else:
        picture = square.convert(mode)
    (pixels,) = _pixels.frames(saved(picture, "TIFF"))
    assert pixels.shape == (8, 8, 3) and pixels.dtype == np.uint8
    assert pixels[0, 0].min() > 240
    assert (pixels[4, 4].max() < 60) == (ink == 0)


def test_the_camera_says_which_side_is_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    (pixels,) = _pixels.frames(saved(Image.new("RGB", (40, 20)), "JPEG", exif=exif))
    assert pixels.shape == (40, 20, 3)


def test_frames_that_move_are_read_once_each() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("white", "white", "black")]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert len(list(_pixels.frames(data))) == 2


@pytest.mark.parametrize("tail", [b"", b"\x00" * 40], ids=["alone", "more"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "GIF", "WEBP", "BMP"])
def test_told_by_content(kind: str, tail: bytes) -> None:
    assert is_picture(saved(Image.new("RGB", (3, 3)), kind) + tail)
    assert not is_picture(b"BMI and RIFF are words of a text file" + tail)


@pytest.mark.parametrize("data", [b"\x00\x00\x00\x20ftypheic\x00\x00", b"8BPS\x00\x01"])
def test_other_kinds_are_held_with_a_remedy(data: bytes) -> None:
    with pytest.raises(HeldError, match=r"Save it as \.png or \.jpg"):
        is_picture(data)


def line(text: str, left: float, top: float, score: float = 0.99, size: float = 20, width: float = 0) -> Line:
    return Line(text, Box(left, top, left + (width or len(text) * size / 2), top + size), score)


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [line(f"left {n} goes on without end", 0, 30 * n) for n in range(4)]
    right = [line(f"right {n} goes on without end", 400, 30 * n) for n in range(4)]
    head = [line("A heading over both columns that is long enough to reach", 0, -60)]
    mixed = sorted(head + left + right, key=lambda at: (at.box.top, at.box.left))
    assert [row.text.split()[0] for row in rows(mixed)] == ["A", *["left"] * 4, *["right"] * 4]


def test_pieces_of_one_row_are_one_line() -> None:
    assert [row.text for row in rows([line("01632 960123", 300, 2), line("Telephone:", 0, 0)])] == ["Telephone: 01632 960123"]


def test_short_lines_stay_apart_and_items_keep_their_number() -> None:
    page = [
        line("To the clerk of the council who has never answered it", 0, 0),
        line("since March.", 0, 30),
        line("Mill Lane", 0, 60),
        line("(a) a letter", 0, 90),
        line("• another", 0, 120),
    ]
    blocks = [block for block, _ in paragraphs([page])]
    assert [(b.kind, b.number.reveal(), b.text.reveal()) for b in blocks[1:]] == [
        (BlockKind.PARAGRAPH, "", "Mill Lane"),
        (BlockKind.ITEM, "(a)", "a letter"),
        (BlockKind.ITEM, "•", "another"),
    ]


@pytest.mark.parametrize(
    ("misread", "meant"),
    [
        ("DorcasTarnbeck left", "Dorcas Tarnbeck left"),
        ("MrsTarnbeck andDorcas", "Mrs Tarnbeck and Dorcas"),
        ("Tarnb0ck, Tam1eck", "Tarnbock, Tamleck"),
        (
            "MacDonald, McAllister, FitzGerald, an iPhone, COVID19, M25, NHS",
            "MacDonald, McAllister, FitzGerald, an iPhone, COVID19, M25, NHS",
        ),
        ("ref. ab1c 2B 10am B0123", "ref. ab1c 2B 10am B0123"),
    ],
)
def test_what_an_engine_joins_or_takes_for_digits_is_put_right(misread: str, meant: str) -> None:
    assert apart(misread) == meant


def test_blanks_that_only_the_second_engine_saw() -> None:
    (seen,) = _ocr._with_second(
        [line("to Dunvidaleher", 0, 0)],
        [("to", Box(0, 0, 20, 20)), ("Dunvidale", Box(30, 0, 110, 20)), ("her", Box(120, 0, 150, 20))],
    )
    assert seen.text == "to Dunvidale her"


def test_doubt_is_measured_by_letters() -> None:
    good, bad = line("a" * 100, 0, 0, 0.99), line("b" * 20, 0, 30, 0.6)
    assert not poor(Page((good,), 0, 9, 9), False)
    assert poor(Page((good, bad), 0, 9, 9), False)
    assert poor(Page((line("a", 0, 0, 0.85),), 0, 9, 9), False)


def test_an_engine_alone_must_be_surer(monkeypatch: pytest.MonkeyPatch) -> None:
    nearly = Page((line("a" * 100, 0, 0, 0.98),), 0, 9, 9)
    assert poor(nearly, True) and not poor(nearly, False)
    monkeypatch.setattr(_ocr, "tesseract", lambda: "")
    monkeypatch.setattr(picture, "tesseract", lambda: "")
    assert PICTURE.read(saved(drawn(LINES[:1]))).warnings == ("read-from-pixels", "read-by-one-engine")


def test_engines_that_disagree_lower_the_score() -> None:
    first = [line("Dorcas Tarn signed", 0, 0, 0.98)]
    (kept,) = _ocr._with_second(
        first, [("Dorcas", Box(0, 0, 60, 20)), ("Tam", Box(70, 0, 110, 20)), ("signed", Box(120, 0, 170, 20))]
    )
    assert kept.second == "Dorcas Tam signed" and kept.score < 0.95
    (same, added) = _ocr._with_second(first, [("Dorcas", Box(0, 0, 60, 20)), ("Hestia", Box(0, 300, 60, 320))])
    assert added.text == "Hestia" and added.score <= 0.5
    assert same.score <= 0.98


@pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")
def test_tesseract_reads_what_lies_in_the_pipe() -> None:
    words = [word for word, _ in _ocr._tesseract(np.asarray(drawn()))]
    assert {"panel", "surgery", "council"} <= set(words)


def test_models_that_are_not_the_tested_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rapidocr" / "models").mkdir(parents=True)
    (tmp_path / "rapidocr" / "__init__.py").touch()
    for name in ocr.MODELS:
        (tmp_path / "rapidocr" / "models" / name).write_bytes(b"x")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "rapidocr", raising=False)
    with pytest.raises(ModelFault, match="Reinstall"):
        ocr._models.__wrapped__()


LICENSED = """
import numpy as np, sys
from redactor import formats, ocr, verify
from redactor.formats import _ocr, picture
from redactor.verify import eyes
page = np.full((200, 600, 3), 255, dtype=np.uint8)
_ocr.read_lines(page), picture.found_codes(page), list(eyes.readings(page))
print(sorted(name for name in ("cv2", "shapely", "rapidocr") if name in sys.modules))
"""


def test_reading_pixels_imports_nothing_under_the_lgpl() -> None:
    """The package that carries the models asks for libraries with parts under the LGPL: they are installed and never imported."""
    done = subprocess.run([sys.executable, "-c", LICENSED], capture_output=True, text=True, timeout=300, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("slope", [0, 4, -7, 45])
def test_rectangles_of_a_map_are_those_that_were_drawn(slope: float) -> None:
    """A bar of 200 by 20 at any slope gets its own rectangle, let out by its area over its girth."""
    from PIL import ImageDraw

    from redactor.ocr_boxes import LET_OUT, boxes

    bar = Image.new("L", (480, 480))
    ImageDraw.Draw(bar).rectangle((140, 230, 339, 249), fill=255)
    turned = np.asarray(bar.rotate(-slope, Image.Resampling.BICUBIC)) / 255
    (found,) = boxes(turned, 960, 960)
    out = 200 * 20 * LET_OUT / 220 / 2 * 2
    assert np.linalg.norm(found[1] - found[0]) / 2 == pytest.approx(200 + out, abs=4)
    assert np.linalg.norm(found[3] - found[0]) / 2 == pytest.approx(20 + out, abs=4)
    fall = np.degrees(np.arctan2(found[1][1] - found[0][1], found[1][0] - found[0][0]))
    assert fall % 90 == pytest.approx(slope % 90, abs=1.5)


def test_two_bars_that_do_not_touch_are_two_rectangles_and_dust_is_none() -> None:
    from redactor.ocr_boxes import boxes

    shown = np.zeros((320, 320))
    shown[40:60, 20:200] = shown[100:120, 20:200] = 0.9
    shown[200:202, 20:22] = 0.9
    assert len(boxes(shown, 320, 320)) == 2
    assert boxes(shown * 0.4, 320, 320) == []  # text, but not surely enough


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, pixels: bytes = b"\x00", colours: int = 2, before: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 1 if colours == 0 else 8, colours, 0, 0, 0)
    end = chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + end


def moving(frames: int) -> bytes:
    squares = [Image.new("L", (8, 8), shade) for shade in range(frames)]
    return saved(squares[0], "GIF", save_all=True, append_images=squares[1:])


def in_a_circle() -> bytes:
    """A TIFF file whose only page says that it is followed by itself."""
    data = bytearray(saved(Image.new("L", (8, 8)), "TIFF"))
    (at,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, at)
    struct.pack_into("<I", data, at + 2 + 12 * entries, at)
    return bytes(data)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "40,000 pixels square": (lambda: png(40_000, 40_000), "far larger than a page"),
    "40,000 pixels long": (lambda: png(40_000, 1), "far larger than a page"),
    "840 million pixels in 100 kB": (lambda: png(29_000, 29_000, b"\x00" * (29_000 * 3626), 0), "far larger than a page"),
    "200 MB in a text chunk": (
        lambda: png(8, 8, before=chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"a" * 200_000_000, 1))),
        "damaged",
    ),
    "png cut short": (lambda: saved(drawn())[:3000], "damaged"),
    "jpeg cut short": (lambda: saved(drawn(), "JPEG")[:9000], "damaged"),
    "tiff cut short": (lambda: saved(drawn(), "TIFF")[:3000], "damaged"),
    "png of eight bytes": (lambda: b"\x89PNG\r\n\x1a\n", "damaged"),
    "jpeg of three bytes": (lambda: b"\xff\xd8\xff", "damaged"),
    "gif of six bytes": (lambda: b"GIF89a", "damaged"),
    "webp of twelve bytes": (lambda: b"RIFF\x00\x00\x00\x00WEBP", "damaged"),
    "301 pages": (
        lambda: saved(Image.new("L", (8, 8)), "TIFF", save_all=True, append_images=[Image.new("L", (8, 8))] * 300),
        "more than 300 pages",
    ),
    "a film": (lambda: moving(30), "is a film"),
    "pages in a circle": (in_a_circle, "no text can be read"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_bad_input_is_held_at_once(what: str) -> None:
    make, sentence = HOSTILE[what]
    data = make()
    assert is_picture(data)
    began = time.monotonic()
    with pytest.raises(HeldError, match=sentence):
        PICTURE.read(data)
    assert time.monotonic() - began < 30, "a second is usual; most of it loads the engine"


def test_a_bomb_is_held_within_half_a_gigabyte() -> None:
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**29, 2**29))\n"
        "import os; os.environ['OPENBLAS_NUM_THREADS'] = '1'\n"
        "from redactor.formats._pixels import beside, frames\n"
        "import sys; data = sys.stdin.buffer.read()\n"
        "from redactor.errors import HeldError\n"
        "for read in (beside, frames):\n"
        "    try: list(read(data)); print('read')\n"
        "    except HeldError: print('held')\n"
    )
    bomb = png(13_000, 13_000, b"\x00" * (13_000 * 1626), 0)  # Pillow itself would still open it
    done = subprocess.run([sys.executable, "-c", code], input=bomb, capture_output=True, timeout=60, check=False)
    assert done.stdout.split() == [b"held", b"held"], done.stderr[-300:]


def test_an_empty_file_is_held(tmp_path: Path) -> None:
    (tmp_path / "scan.png").write_bytes(b"")
    with pytest.raises(HeldError, match="empty"):
        formats.read(tmp_path / "scan.png", "d01", "scan.png")
