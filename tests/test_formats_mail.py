# ruff: noqa: E501 - messages are easier to read in long lines

from __future__ import annotations

import email
import email.policy
import io
import time
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from redactor import formats
from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content, flatten
from redactor.errors import HeldError
from redactor.formats._format import Reading
from redactor.formats.archive import MAX_MEMBERS, ZIP
from redactor.formats.mail import EML, MBOX
from redactor.formats.msg import MSG
from tests.compound import compound, message

HEAD = "From: Ola Rusk <ola@example.org>\nTo: Even Holm <even@example.org>\nDate: Thu, 4 Mar 2010 10:11:12 +0000\nSubject: The visit\n"
SEEN = (
    "From: Ola Rusk <ola@example.org>\n\nTo: Even Holm <even@example.org>\n\nDate: 4 March 2010 10:11\n\nSubject: The visit\n\n"
)


def flat(reading: Reading) -> str:
    return flatten(reading.content).text.reveal()


def body(text: str, headers: str = "") -> str:
    return flat(EML.read((HEAD + headers + "\n" + text).encode())).removeprefix(SEEN)


def learnt(reading: Reading) -> str:
    return "\n".join(h.text.reveal() for h in reading.hidden)


@pytest.mark.parametrize(
    ("headers", "text", "seen"),
    [
        ("", "Dear Even,\n\nHello.\n", "Dear Even,\n\nHello."),
        ("Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8\n", "Dear Ev=\nen, =C3=93rla\n", "Dear Even, Órla"),
        ("Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-16-le\n", "TwBsAGEA\n", "Ola"),
        ("Content-Type: text/plain; format=flowed\n", "We saw Ola \nRusk on Monday \nat noon.\n\n> She went \n> home.\n", "We saw Ola Rusk on Monday at noon.\n\n> She went home."),
        ("Content-Type: text/plain; format=flowed; delsp=yes\n", "We saw O \nla.\n", "We saw Ola."),
        ("Content-Type: text/html\n", "<p>Dear <b>Even</b>,<!-- Dorcas --></p><p hidden>Dorcas</p>", "Dear Even,"),
        ("", "I wrote\n\n> and this is what was written on the day we saw Ola\n> Rusk at the house by the river\n>> before\n", "I wrote\n\n> and this is what was written on the day we saw Ola Rusk at the house by the river\n\n>> before"),
        ("", "see below\n\nbegin 644 dorcas.txt\n%1&]R8V%S\n`\nend\n", "see below\n\n[encoded attachment withheld]"),
        ("", "-----BEGIN PGP MESSAGE-----\nabc\n-----END PGP MESSAGE-----\n", "[encrypted text withheld]"),
    ],
)  # fmt: skip
def test_the_text_is_read_as_it_is_shown(headers: str, text: str, seen: str) -> None:
    assert body(text, headers) == seen


def test_headers_are_shown_decoded_and_the_rest_is_learnt_from() -> None:
    raw = (
        "Received: from dorcas-pc\nX-Who: Dorcas Holm\nMessage-ID: <dorcas@example.org>\nReply-To: Dorcas\nFrom: =?utf-8?b?w5NybGE=?= Rusk <o@example.org>\n"
        "Cc: =?iso-8859-1?q?J=F8rn?= <j@example.org>\nSubject: a folded\n subject\nDate: not a date\n\nHello.\n"
    )
    reading = EML.read(raw.encode())
    assert (
        flat(reading)
        == "From: Órla Rusk <o@example.org>\n\nCc: Jørn <j@example.org>\n\nDate: not a date\n\nSubject: a folded subject\n\nHello."
    )
    assert learnt(reading).count("orcas") == 4
    assert b"orcas" not in EML.write(reading.content)


def made(*fill: Callable[[EmailMessage], object]) -> bytes:
    mail = EmailMessage(policy=email.policy.SMTP)
    for line in HEAD.strip().split("\n"):
        name, _, value = line.partition(": ")
        mail[name] = value
    mail.set_content("Dear Even,\n\nHello from all of us.\n")
    for change in fill:
        change(mail)
    return mail.as_bytes()


def attach(data: bytes, kind: str, name: str | None) -> Callable[[EmailMessage], object]:
    main, _, sub = kind.partition("/")
    return lambda mail: mail.add_attachment(data, maintype=main, subtype=sub, filename=name)


def test_of_two_versions_the_plain_one_is_shown_unless_it_says_little() -> None:
    reading = EML.read(made(lambda mail: mail.add_alternative("<p>Dear Even, hello from Dorcas</p>", subtype="html")))
    assert flat(reading) == SEEN + "Dear Even,\n\nHello from all of us."
    assert "hello from Dorcas" in learnt(reading)
    reading = EML.read(made(lambda mail: mail.add_alternative(f"<p>{'Much more is said. ' * 9}</p>", subtype="html")))
    assert flat(reading).endswith("Much more is said.") and "Hello from all" in learnt(reading)


def test_every_attachment_is_a_member_and_pictures_in_the_text_are_dropped() -> None:
    inner = EmailMessage()
    inner["Subject"], inner["From"] = "earlier", "Ola Rusk <ola@example.org>"
    inner.set_content("Hello.\n")

    def related(mail: EmailMessage) -> None:
        mail.add_alternative("<p>Dear Even, hello from all <img src='cid:x'></p>", subtype="html")
        mail.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="x", filename="dorcas.png")  # type: ignore[index,union-attr]

    data = made(
        related, attach("año".encode("latin-1"), "text/plain", "Ola's note.txt"), attach(b"\0", "application/ms-tnef", "winmail.dat"),
        attach(b"x", "image/jpeg", None), lambda mail: mail.add_attachment(inner),
    )  # fmt: skip
    data = data.replace(
        b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: base64',
        b"Content-Type: text/plain; charset=latin-1\r\nContent-Transfer-Encoding: base64",
    )
    reading = EML.read(data)
    assert [m.name.reveal() for m in reading.members] == ["Ola's note.txt", "winmail.dat", "attachment.jpg", "earlier.eml"]
    assert EML.read(reading.members[3].data).content.blocks()
    assert [h.text.reveal() for h in reading.hidden if h.place == "picture file name"] == ["dorcas.png"]


def test_a_mailbox_is_one_document() -> None:
    one = HEAD + "\nHello.\n\n>From the start\n\n"
    data = f"From ola@example.org Thu Mar  4 10:11:12 2010\n{one}From x Thu Mar  4 10:11:12 2010\n{one}".encode()
    assert MBOX.matches(data, ".mbox") and not EML.matches(data, ".mbox")
    assert flat(MBOX.read(data)) == "\n\n".join(f"Message {n}\n\n{SEEN}Hello.\n\nFrom the start" for n in (1, 2))


def test_a_copy_is_a_new_message_of_fixed_shape() -> None:
    def block(text: str) -> Block:
        return Block(BlockKind.PARAGRAPH, ClearText(text))

    long = "; ".join(f"[Survivor {n}] <[email address]>" for n in range(12))
    content = Content(
        tuple(
            map(
                block,
                [
                    "From: [Survivor 2] <[email]>",
                    f"To: {long}, Ørla",
                    "Date: 4 March 2010 10:11",
                    "Subject: The visit — again",
                    "Dear [Survivor 3],",
                    "Ørla = " + "x " * 600 + "x",
                ],
            )
        )
    )
    data = EML.write(content)
    assert data == EML.write(content) and data.isascii() and max(map(len, data.split(b"\r\n"))) < 998
    mail = email.message_from_bytes(data, policy=email.policy.default)
    assert mail.keys() == ["From", "To", "Date", "Subject", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
    assert mail["Subject"] == "The visit — again" and mail["From"].addresses[0].display_name == "[Survivor 2] <[email]>"
    assert {a.addr_spec for name in ("From", "To") for a in mail[name].addresses} == {"withheld@example.invalid"}
    assert not mail.defects and mail.get_content().startswith("Dear [Survivor 3],")
    assert EML.read(data).content == content


def test_a_date_made_coarser_stays_in_the_text() -> None:
    content = Content(
        (Block(BlockKind.PARAGRAPH, ClearText("Date: March 2010")), Block(BlockKind.PARAGRAPH, ClearText("Hello.")))
    )
    assert EML.write(content).decode().endswith("\r\n\r\nDate: March 2010\r\n\r\nHello.\r\n")


@pytest.mark.parametrize(
    ("data", "suffix", "name"),
    [
        (HEAD + "\nHello.", ".eml", "eml"),
        ("Received: x\nMIME-Version: 1.0\n" + HEAD + "\nHello.", ".txt", "eml"),
        (HEAD + "\nHello.", ".txt", "txt"),
        ("Just a note\n\nMessage-ID: x\n", ".eml", "txt"),
        ("From x Thu Mar  4 10:11:12 2010\n" + HEAD + "\nHello.", ".mbox", "mbox"),
    ],
)  # fmt: skip
def test_what_is_a_message_goes_by_content(tmp_path: Path, data: str, suffix: str, name: str) -> None:
    (tmp_path / f"a{suffix}").write_text(data)
    assert formats.media_of(tmp_path / f"a{suffix}").name == name


def deep() -> bytes:
    head, tail = HEAD, ""
    for n in range(3000):
        head += f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n'
        tail = f"\n--{n}--{tail}"
    return (head + "\nHello" + tail).encode()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (
            lambda: (HEAD + "Content-Type: text/plain; charset=x-unheard-of\n\n").encode() + "Имя Ольга".encode("cp1251"),
            HeldError,
        ),
        (lambda: (HEAD + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nabc").encode(), HeldError),
        (deep, RecursionError),
    ],
)
def test_bad_messages_are_held(data: Callable[[], bytes], fault: type[Exception]) -> None:
    begun = time.process_time()
    with pytest.raises(fault):
        EML.read(data())
    assert time.process_time() - begun < 20


def test_a_huge_header_costs_little() -> None:
    begun = time.process_time()
    EML.read(("To: " + "a <a@example.org>, " * 60_000 + "\n" + HEAD + "\nHello.").encode())
    assert time.process_time() - begun < 10


def outlook(**more: object) -> bytes:
    basic = {
        "p0037": "The visit",
        "p0C1A": "Ola Rusk",
        "p0C1F": "ola@example.org",
        "p0E04": "Even Holm",
        "sent": 129120834721200000,
    }
    return compound(message(**{**basic, "p1000": "Dear Even,\r\n\r\nHello.\r\n", **more}))


def test_an_outlook_message_is_read_as_any_other() -> None:
    inner = message(p0037="earlier", p0C1A="Ola Rusk", p1000="Hello.\r\n" * 900)
    note = message(p3707="Ola's note.txt", b3701=b"Hello")
    data = outlook(p007D="Received: from dorcas", b1013=b"<p>Dear Dorcas</p>", attach=[note, {"__substg1.0_3701000D": inner}])
    assert MSG.matches(data, "") and MSG.copy_as == "eml"
    reading = MSG.read(data)
    assert (
        flat(reading)
        == "From: Ola Rusk <ola@example.org>\n\nTo: Even Holm\n\nDate: 3 March 2010 09:51\n\nSubject: The visit\n\nDear Even,\n\nHello."
    )
    assert learnt(reading).lower().count("dorcas") == 2
    assert [m.name.reveal() for m in reading.members] == ["Ola's note.txt", "earlier.eml"]
    assert flat(EML.read(reading.members[1].data)).startswith("From: Ola Rusk\n\nSubject: earlier\n\nHello.")
    assert MSG.read(data) == reading


def test_bad_outlook_messages_are_held() -> None:
    with pytest.raises(HeldError, match="rich text alone"):
        MSG.read(outlook(p1000="", b1009=b"LZFu"))
    for cut in (600, 2000, len(outlook()) - 600):
        with pytest.raises(HeldError, match=r"damaged"):
            MSG.read(outlook()[:cut])


def packed(*names: str, link: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"made by Dorcas"
        for name in names:
            info = zipfile.ZipInfo(name)
            info.external_attr = 0xA1FF << 16 if link else 0
            archive.writestr(info, b"text of " + name.encode())
    return out.getvalue()


def faults(data: bytes) -> list[str]:
    return [m.fault.cause if m.fault else "" for m in ZIP.read(data).members]


def test_an_archive_is_a_list_of_documents() -> None:
    reading = ZIP.read(packed("a.txt", "sub/b.docx", ".DS_Store", "__MACOSX/._a.txt"))
    assert [(m.name.reveal(), m.data) for m in reading.members] == [
        ("a.txt", b"text of a.txt"),
        ("sub/b.docx", b"text of sub/b.docx"),
    ]
    assert flat(reading) == "An archive of 2 files." and "Dorcas" in learnt(reading)


def test_a_file_of_an_archive_that_cannot_be_opened_is_named_with_a_reason() -> None:
    assert [bool(f) for f in faults(packed("../../etc/x", "/abs", "C:\\x", "a/../b", "ok.txt"))] == [
        True,
        True,
        True,
        True,
        False,
    ]
    assert faults(packed("x.txt", link=True)) == ["it is a link, not a file"]
    locked = bytearray(packed("x.txt"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    assert faults(bytes(locked)) == ["the file is protected by a password"]
    broken = bytearray(packed("x.txt"))
    broken[broken.index(b"x.txt") + 6] ^= 0xFF
    assert faults(bytes(broken)) == ["the file is damaged"]


def zeros() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", b"0" * (64 << 20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (lambda: packed(*(f"{n}.txt" for n in range(MAX_MEMBERS + 1))), "more than 1,000 files"),
        (zeros, "unpacks to far more"),
        (lambda: packed("a.txt")[:-30], "damaged"),
    ],
)
def test_bad_archives_are_held(data: Callable[[], bytes], cause: str) -> None:
    with pytest.raises(HeldError, match=cause):
        ZIP.read(data())
