"""E-mail copies with one planted fault each must be refused; a clean one must pass."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content, flatten
from redactor.errors import LeakError
from redactor.formats.mail import EML
from redactor.model import Kind
from redactor.verify import Probe, Proof, prove

HESTIA = tuple(Probe("p1", Kind.NAME, ClearText(form)) for form in ("Hestia Marsh", "Hestia", "Marsh"))
LINES = [
    "From: [Survivor 2] <[email]>",
    "To: Ørla",
    "Date: 4 March 2010 10:11",
    "Subject: The visit — again",
    "Dear Ørla,",
    "x" * 200,
]
CONTENT = Content(tuple(Block(BlockKind.PARAGRAPH, ClearText(line)) for line in LINES))
COPY = EML.write(CONTENT)


def look(tmp_path: Path, data: bytes) -> Proof:
    (tmp_path / "copy").write_bytes(data)
    return prove(tmp_path / "copy", EML.media, HESTIA, flatten(CONTENT).text, "d01", ClearText("d01.eml"), EML.write(Content(())))


def test_a_clean_copy_passes(tmp_path: Path) -> None:
    assert look(tmp_path, COPY).words > 8


B64 = base64.b64encode("Hestia Ørla".encode()).decode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Dear", b"Dear Hestia"),
        (b"Dear", b"Dear Hes=\r\ntia"),
        (b"Dear", b"Dear H=65stia"),
        (b"Dear", b"Dear " + base64.b64encode(b"It was Hestia Marsh")),
        (b"To: =?utf-8?", f"To: =?utf-8?b?{B64}?= =?utf-8?".encode()),
        (b'From: "', b'From: "Hestia '),
        (b"Subject: ", b"Subject: Hestia "),
        (b"Subject: ", b"Subject: =?utf-8?q?Mar?= =?utf-8?q?sh_?= "),
    ],
)
def test_a_leaky_copy_is_refused(tmp_path: Path, old: bytes, new: bytes) -> None:
    assert old in COPY
    with pytest.raises(LeakError) as held:
        look(tmp_path, COPY.replace(old, new, 1))
    assert held.value.leaks


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"From:", b"X-Who: somebody\r\nFrom:"),
        (b"From:", b"Message-ID: <a@b>\r\nFrom:"),
        (b"From:", b"Subject: twice\r\nFrom:"),
        (b"<withheld@example.invalid>", b"<o@example.org>"),
        (b"text/plain", b"text/html"),
        (b"quoted-printable", b"base64"),
        (b"+0000", b"+0100"),
        (b"Dear", b"Dear \xff"),
    ],
)
def test_another_shape_than_ours_is_refused(tmp_path: Path, old: bytes, new: bytes) -> None:
    assert old in COPY
    with pytest.raises(LeakError):
        look(tmp_path, COPY.replace(old, new, 1))


def test_a_copy_that_lost_its_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LeakError, match="does not hold the text"):
        look(tmp_path, COPY[: COPY.index(b"Dear")])
