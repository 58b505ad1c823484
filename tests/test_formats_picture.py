"""Pictures read by their text. The engine takes about a second a picture, so few are read and they are small."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from redactor import formats
from redactor.content import BlockKind, flatten
from redactor.errors import HeldError, ModelFault
from redactor.formats import _ocr, _pixels
from redactor.formats._layout import paragraphs, rows
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


def test_doubt_is_measured_by_letters() -> None:
    good, bad = line("a" * 100, 0, 0, 0.99), line("b" * 20, 0, 30, 0.6)
    assert not poor(Page((good,), 0, 9, 9))
    assert poor(Page((good, bad), 0, 9, 9))
    assert poor(Page((line("a", 0, 0, 0.85),), 0, 9, 9))


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


def test_models_that_are_not_the_tested_ones_are_refused(tmp_path: Path) -> None:
    for name in _ocr.MODELS:
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(ModelFault, match="Reinstall"):
        _ocr.check_models(tmp_path)
