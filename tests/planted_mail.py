"""A CSV file (10 places) and an e-mail message (32 places) with a person of its own in each place where a name can stand.

`CSV_SHOWN` and `MAIL_SHOWN` are the places a reader sees with a name in them; addresses are masked as addresses.
"""

# ruff: noqa: E501 - messages are easier to read in long lines

from __future__ import annotations

import base64
import io
import quopri
from collections.abc import Mapping
from email.message import EmailMessage

import docx
from PIL import Image

from tests.planted import Planted

CSV_PLACES = (
    "csv_plain csv_quoted_newline csv_two_columns csv_formula csv_json csv_base64 csv_column_name csv_comment csv_trailing csv_bom"
).split()
CSV_SHOWN = [place for place in CSV_PLACES if place != "csv_base64"]
HEADERS = "from to cc subject_b64 subject_q message_id references received x_custom thread_topic reply_to folded dkim".split()
BODY = "plain qp_softbreak base64_part html_alt html_comment quoted_reply preamble epilogue format_flowed".split()
ATTACHED = "filename filename_rfc2231 content_txt docx nested_eml ics vcf tnef image_exif boundary".split()
MAIL_PLACES = [f"mail_{place}" for place in (*HEADERS, *BODY, *ATTACHED)]
MAIL_SHOWN = [
    f"mail_{p}"
    for p in "from cc subject_b64 subject_q folded plain qp_softbreak base64_part quoted_reply format_flowed filename filename_rfc2231".split()
]


def planted_csv(persons: Mapping[str, Planted]) -> bytes:
    """The CSV file. `persons` by place."""
    p = {place.removeprefix("csv_"): persons[place] for place in CSV_PLACES}
    escaped = "".join(f"\\u{ord(c):04x}" for c in p["json"].name)
    lines = [
        f"# for {p['bom'].name}",
        f"# exported by {p['comment'].name}",
        f'First name,Surname,Seen by {p["column_name"].name},"Notes"',
        f'{p["two_columns"].given},{p["two_columns"].surname},3,"{p["plain"].name} came, and the officers left."',
        f'x,y,4,"was {p["quoted_newline"].given}\n{p["quoted_newline"].surname} there"',
        f'x,y,5,"=HYPERLINK(""http://x.example"",""{p["formula"].name}"")"',
        f'x,y,6,"{{""who"": ""{escaped}""}}"',
        f"x,y,7,{base64.b64encode(('seen ' + p['base64'].name).encode()).decode()}",
        f"End of file for {p['trailing'].name}",
    ]
    return b"\xef\xbb\xbf" + "\r\n".join(lines).encode() + b"\r\n"


def planted_mail(persons: Mapping[str, Planted]) -> bytes:
    """The message. `persons` by place."""
    p = {place.removeprefix("mail_"): persons[place] for place in MAIL_PLACES}
    n = {place: person.name for place, person in p.items()}
    dot = {place: name.replace(" ", ".") for place, name in n.items()}
    edge = n["boundary"].replace(" ", "_")
    letter = docx.Document()
    letter.add_paragraph(f"The letter of {n['docx']} came on Monday.")
    packed = io.BytesIO()
    letter.save(packed)
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "The office <office@example.org>", "an earlier message"
    inner.set_content(f"We saw {n['nested_eml']} at the office.\n")
    picture, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = n["image_exif"]
    Image.new("RGB", (60, 40), "white").save(picture, "JPEG", exif=exif)
    b64 = base64.b64encode

    def part(headers: str, body: bytes | str) -> bytes:
        return f"--{edge}\n{headers}\n\n".encode() + (body if isinstance(body, bytes) else body.encode()) + b"\n"

    def attached(kind: str, name: str, data: bytes) -> bytes:
        head = f"Content-Type: {kind}\nContent-Disposition: attachment; filename={name}\nContent-Transfer-Encoding: base64"
        return part(head, b64(data))

    soft = p["qp_softbreak"]
    quoted = quopri.encodestring(
        f"Dear all,\n\n{n['plain']} came on Monday. Then {soft.given} {soft.surname} left the house.\n\n> On Sunday we wrote\n> that {n['quoted_reply']} was at home and well.\n".encode()
    ).replace(soft.given.encode(), soft.given[:3].encode() + b"=\n" + soft.given[3:].encode())
    flowed = p["format_flowed"]
    head = "\n".join(
        [
            f"Received: from pc-{dot['received']} by mail.example.org", f"DKIM-Signature: v=1; i={dot['dkim']}@example.org; b=abc", f"Message-ID: <{dot['message_id']}@example.org>",
            f"References: <{dot['references']}@example.org>", f"X-Custom: {n['x_custom']}", f"Thread-Topic: {n['thread_topic']}", f"Reply-To: {n['reply_to']} <r@example.org>",
            f"From: {n['from']} <a1@example.org>", f"To: The office <{dot['to']}@example.org>,\n The {n['folded']}\n <b2@example.org>", f"Cc: {n['cc']} <c3@example.org>", "Date: Thu, 4 Mar 2010 10:11:12 +0000",
            f"Subject: About =?utf-8?b?{b64(n['subject_b64'].encode()).decode()}?= and =?utf-8?q?{n['subject_q'].replace(' ', '_').replace('e', '=65')}?=",
            f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="{edge}"',
        ]
    )  # fmt: skip
    twice = (
        b"--alt\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n" + quoted
        + f"\n--alt\nContent-Type: text/html\n\n<p>Dear all, {n['html_alt']}</p><!-- {n['html_comment']} -->\n--alt--\n".encode()
    )  # fmt: skip
    parts = [
        part("Content-Type: multipart/alternative; boundary=alt", twice),
        part("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", b64(f"The second note names {n['base64_part']} too.".encode())),
        part("Content-Type: text/plain; charset=utf-8; format=flowed", f"The third note was wrapped at {flowed.given} \n{flowed.surname} by the program."),
        attached("text/plain", f'"{n["filename"]}.txt"', f"A note about {n['content_txt']} from the office.".encode()),
        attached("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "letter.docx", packed.getvalue()),
        part(f"Content-Type: application/octet-stream\nContent-Disposition: attachment; filename*=utf-8''{n['filename_rfc2231'].replace(' ', '%20')}.bin", "xyz"),
        part("Content-Type: message/rfc822", inner.as_bytes()),
        attached("text/calendar", "visit.ics", f"BEGIN:VCALENDAR\nATTENDEE;CN={n['ics']}:x\nEND:VCALENDAR".encode()),
        attached("text/vcard", "card.vcf", f"BEGIN:VCARD\nFN:{n['vcf']}\nEND:VCARD".encode()),
        attached("application/ms-tnef", "winmail.dat", b"\x78\x9f\x3e\x22\0" + n["tnef"].encode("utf-16-le")),
        attached("image/jpeg", "scan.jpg", picture.getvalue()),
    ]  # fmt: skip
    return (
        f"{head}\n\nPreamble of {n['preamble']}\n".encode()
        + b"".join(parts)
        + f"--{edge}--\nEpilogue of {n['epilogue']}\n".encode()
    )
