"""Writes a new e-mail message from content alone: plain text, five headers, nothing else.

Nobody's address is in a header but one that leads nowhere; who wrote stands in the name beside it. The same content gives the
same bytes: no date but the message's own, no id, no boundary.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.header import Header
from email.quoprimime import body_encode

from ..content import Block, Content
from .text import write as write_text

SEEN_HEADERS = ("From", "To", "Cc", "Date", "Subject")
NOWHERE = "<withheld@example.invalid>"
_FIXED = ('Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: quoted-printable", "MIME-Version: 1.0")
_SHORT = 60  # characters; a longer name is folded, which only encoded words allow anywhere


def write(content: Content) -> bytes:
    """A message: what the content says in lines "From: ..." before anything else becomes headers, the rest its text."""
    body = list(content.body)
    said: dict[str, str] = {}
    for name in SEEN_HEADERS:
        if body and isinstance(body[0], Block) and (line := body[0].text.reveal()).startswith(f"{name}: "):
            said[name] = " ".join(line[len(name) + 2 :].split())
            body.pop(0)
    when = _date(said.get("Date", ""))
    spare = f"Date: {said['Date']}\n\n" if "Date" in said and when is None else ""
    headers = [_person(name, said.get(name, "")) for name in ("From", "To", "Cc") if name in said or name == "From"]
    headers += [f"Date: {when:%a, %d %b %Y %H:%M:00} +0000"] if when else []
    headers.append(f"Subject: {_words(said.get('Subject', 'Document'), 'Subject')}")
    text = spare + write_text(Content(tuple(body))).decode()
    encoded = body_encode(text.encode("utf-8").decode("latin-1"))  # it takes bytes as characters
    return ("\n".join([*headers, *_FIXED, "", encoded]).replace("\r\n", "\n").replace("\n", "\r\n")).encode("ascii")


def _person(name: str, said: str) -> str:
    """A header of an address: what was said of the person, and the address that leads nowhere."""
    if said.isascii() and len(said) <= _SHORT:
        quoted = re.sub(r"([\"\\])", r"\\\1", said)
        return f'{name}: "{quoted}" {NOWHERE}' if said else f"{name}: {NOWHERE}"
    return f"{name}: {Header(said, 'utf-8', header_name=name).encode()}\n {NOWHERE}"


def _words(text: str, name: str) -> str:
    return str(Header(text, "us-ascii" if text.isascii() else "utf-8", header_name=name).encode())


def _date(words: str) -> datetime | None:
    if not re.fullmatch(r"\d{1,2} \w+ \d{4} \d\d:\d\d", words):
        return None
    try:
        return datetime.strptime(words, "%d %B %Y %H:%M")
    except ValueError:
        return None
