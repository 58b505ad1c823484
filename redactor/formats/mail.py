"""E-mail (eml, mbox): what a reader of the message sees; and the writer of a new message.

Does not catch: what was signed or encrypted (held), an attachment within the text (yEnc). Pictures shown within a message are
dropped, like pictures within documents. The headers a reader sees are From, To, Cc, Date and Subject, in that order; every other
is learnt from and in no copy.
"""

from __future__ import annotations

import contextlib
import email.policy
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from itertools import groupby
from mimetypes import guess_extension
from typing import Any

from ..cleartext import ClearText
from ..content import Block, BlockKind, Content, Table
from ..errors import HeldError
from ..model import Hidden, Member
from ._format import Format, Reading, may_be_text
from ._mail_write import NOWHERE, SEEN_HEADERS, write
from ._runs import Runs, clean
from .html import read_page
from .text import decode, parse

_SIGNATURES = re.compile(r"(?i)dkim-signature|arc-|authentication-results|x-google|domainkey|content-|mime-version$")
_ENVELOPE = re.compile(rb"(?m)^From [^\r\n]*\d{4}[^\r\n]*\r?\n(?=[\w-]+:)")
_HEADER = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){3}")
_TRANSPORT = re.compile(rb"(?im)^(?:received|return-path|message-id|mime-version|delivered-to|dkim-signature|x-mailer):")
_SEALED = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNED = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_UUENCODED = re.compile(r"(?m)^begin [0-7]{3} [^\n]+\n(?:[!-`]{1,61}\n)+`?\n?end$")
_PGP = re.compile(r"-----BEGIN PGP MESSAGE-----.*?(?:-----END PGP MESSAGE-----|\Z)", re.DOTALL)
_POLICY: Any = email.policy.default.clone(raise_on_defect=False)
_WRAPPED = re.compile(r"(?<=[^\n]{45})\n(?![-*•>|]|[\w ]{1,20}:)")
_HEAD = 65536  # bytes within which a message's headers must begin and say what they are


def read(data: bytes) -> Reading:
    """One message; its attachments are members."""
    return _Reader().message(_parsed(data))


def read_box(data: bytes) -> Reading:
    """Every message of a mailbox in one document, each under a heading of its own."""
    envelopes = list(_ENVELOPE.finditer(data))
    starts = [match.end() for match in envelopes]
    ends = [*(match.start() for match in envelopes[1:]), len(data)]
    body: list[Block | Table] = []
    reader = _Reader()
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
        raw = re.sub(rb"(?m)^>(>*From )", rb"\1", data[start:end])
        body.append(Block(BlockKind.HEADING, ClearText(f"Message {number}"), level=1))
        body += reader.message(_parsed(raw)).content.body
    return reader.reading(body)


def _parsed(data: bytes) -> EmailMessage:
    found: Any = BytesParser(policy=_POLICY).parsebytes(data)
    return found  # type: ignore[no-any-return]


class _Reader:
    """Collects what is hidden and attached while messages are read."""

    def __init__(self) -> None:
        self.hidden: list[Hidden] = []
        self.members: list[Member] = []

    def reading(self, body: list[Block | Table]) -> Reading:
        """What was read so far, under `body`."""
        return Reading(Content(tuple(body)), tuple(self.hidden), (), tuple(self.members))

    def hide(self, place: str, text: str) -> None:
        """Learn from a text that is not carried over."""
        if any(char.isalnum() for char in text):
            self.hidden.append(Hidden(place, ClearText(" ".join(_eight_bit(text).split()))))

    def message(self, message: EmailMessage) -> Reading:
        """The headers a reader sees, the text, and the rest."""
        body: list[Block | Table] = []
        for name in SEEN_HEADERS:
            if shown := _header(message, name):
                runs = Runs()
                runs.add(f"{name}: {shown}")
                body.append(runs.block(BlockKind.PARAGRAPH))
        for name in dict.fromkeys(message.keys()):
            if name.title() not in SEEN_HEADERS and not _SIGNATURES.match(name):
                self.hide("mail header", _header(message, name))
        chosen = self._chosen(message)
        for part in chosen:
            body += self._text(part)
        self._rest(message, chosen)
        return self.reading(body)

    def _chosen(self, part: Any) -> list[Any]:
        """The parts a reader sees as the message itself: of several versions the plain one, unless it says much less."""
        kind = part.get_content_type()
        if kind in _SEALED:
            raise HeldError("the message is encrypted", "Save a copy of it that is not.")
        if not _parted(part):
            return [part] if _is_body(part) else []
        inner = part.get_payload()
        if kind == "multipart/related":
            return self._chosen(inner[0]) if inner else []
        if kind != "multipart/alternative":
            return [one for p in inner for one in self._chosen(p)]
        versions = [chosen for p in inner if (chosen := self._chosen(p))]
        plain = next((v for v in versions if v[0].get_content_type() == "text/plain"), None)
        rich = next((v for v in reversed(versions) if v is not plain), None)
        if plain and rich and 2 * len(_words(plain)) < len(_words(rich)):
            plain = None
        return plain or rich or []

    def _text(self, part: Any) -> Iterator[Block | Table]:
        text = _decoded(part)
        if part.get_content_type() == "text/html":
            reading = read_page(text)
            self.hidden += reading.hidden
            yield from reading.content.body
            return
        for pattern, words in ((_UUENCODED, "[encoded attachment withheld]"), (_PGP, "[encrypted text withheld]")):
            text = pattern.sub(words, text)
        flowed = str(part.get_param("format") or "").lower() == "flowed"
        yield from plain(text, flowed, flowed and str(part.get_param("delsp") or "").lower() == "yes")

    def _rest(self, message: Any, chosen: list[Any]) -> None:
        """Every part that is not shown: another version of the text, a picture within it, an attachment."""
        for parent, part in _leaves(message, None):
            for text in (part.preamble, part.epilogue):
                self.hide("mail structure", text or "")
            self.hide("mail structure", " ".join(str(part.get(name, "")) for name in ("Content-ID", "Content-Description")))
            if _parted(part) or any(part is one for one in chosen):
                continue
            name = part.get_filename() or ""
            related = parent is not None and parent.get_content_type() == "multipart/related"
            if _is_body(part):
                self.hide("other version", " ".join(_words([part])))
            elif related and part.get_content_maintype() == "image":
                self.hide("picture file name", name or "picture")
            elif part.get_content_type() not in _SIGNED:
                self.members.append(_attached(part, name))


def _parted(part: Any) -> bool:
    return bool(part.get_content_maintype() == "multipart" and part.is_multipart())


def _is_body(part: Any) -> bool:
    """Whether a part is a version of the message's own text and no attachment."""
    shown = part.get_content_disposition() != "attachment" and not part.get_filename()
    return shown and part.get_content_type() in ("text/plain", "text/html")


def _leaves(part: Any, parent: Any) -> Iterator[tuple[Any, Any]]:
    """Every part with what it lies in; an attached message is one part."""
    yield parent, part
    if _parted(part):
        for inner in part.get_payload():
            yield from _leaves(inner, part)


def _attached(part: Any, name: str) -> Member:
    kind = part.get_content_type()
    if kind == "message/rfc822" and part.is_multipart():
        inner = part.get_payload()[0]
        name = name or clean(_header(inner, "Subject")) or "message"
        data = inner.as_bytes(policy=email.policy.compat32)
        return Member(ClearText(name if name.lower().endswith(".eml") else f"{name}.eml"), data)
    if part.is_multipart():  # a report of delivery: headers for the most part
        data = b"\n".join(inner.as_bytes(policy=email.policy.compat32) for inner in part.get_payload())
    else:
        data = part.get_payload(decode=True) or b""
    charset = part.get_content_charset()
    if part.get_content_maintype() == "text" and charset:
        with contextlib.suppress(LookupError, UnicodeError):  # its own reader tells what it is, or holds it
            data = data.decode(charset).encode()
    name = clean(name) or "attachment"
    known = {"text/plain": ".txt", "message/delivery-status": ".txt", "text/calendar": ".ics", "text/vcard": ".vcf"}
    ending = "" if "." in name else known.get(kind) or guess_extension(kind) or ""
    return Member(ClearText(name + ending), data)


def _header(message: Any, name: str) -> str:
    """A header as it is shown; every value where it stands more than once."""
    values = [_shown(value) for key, value in message.raw_items() if key.lower() == name.lower()]
    if name == "Date" and values:
        with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
            when = parsedate_to_datetime(values[0])
            return f"{when.day} {when:%B %Y %H:%M}"
    return "; ".join(values)


def _shown(raw: str) -> str:
    """A header's value with its encoded words decoded (RFC 2047)."""
    raw = _eight_bit(str(raw))
    try:
        words = str(make_header(decode_header(" ".join(raw.split())))) if "=?" in raw else raw
    except (MessageError, LookupError, ValueError):
        words = raw
    words = " ".join(words.split())
    if words.endswith(NOWHERE):
        words = words.removesuffix(NOWHERE).strip()
        words = re.sub(r"\\(.)", r"\1", words[1:-1]) if words[:1] == '"' == words[-1:] else words
    return words


def _eight_bit(text: str) -> str:
    """What stands where only ASCII may, and often is more, in the characters that it is meant to be."""
    with contextlib.suppress(UnicodeError):
        return decode(text.encode("ascii", "surrogateescape"))
    return text


def _decoded(part: Any) -> str:
    """A part's characters by the charset it names, else as any text file's. Raises HeldError."""
    data = part.get_payload(decode=True) or b""
    try:
        return str(data.decode(part.get_content_charset("")))
    except (LookupError, UnicodeError):
        return decode(data) if data else ""


def _words(parts: list[Any]) -> list[str]:
    text = " ".join(_decoded(p) for p in parts)
    return re.sub(r"<[^>]*>", " ", text).split()


def plain(text: str, flowed: bool = False, delsp: bool = False) -> Iterator[Block]:
    """Paragraphs of a message's plain text; a quoted one has its marks before each of its lines. `flowed`: RFC 3676."""
    lines = clean(text.replace("\r\n", "\n")).split("\n")
    for depth, group in groupby(lines, key=lambda line: len(re.match(r"(?:> ?)*", line).group().replace(" ", ""))):  # type: ignore[union-attr]
        bare = [re.sub(rf"^(?:> ?){{{depth}}}", "", line) for line in group]
        if flowed:
            bare = _unflowed(bare, delsp)
        for block in parse("\n".join(bare)).blocks():
            mark = ">" * depth + " " if depth else ""
            words = block.text.reveal()
            if depth:  # a name broken over two lines has the marks between its words
                words = _WRAPPED.sub(" ", words)
            words = mark + words.replace("\n", f"\n{mark}")
            if words.strip():
                yield Block(BlockKind.PARAGRAPH, ClearText(words))


def _unflowed(lines: list[str], delsp: bool) -> list[str]:
    out: list[str] = []
    goes_on = False
    for line in lines:
        line = line.removeprefix(" ") if not goes_on else line
        out[-1:] = [out[-1] + line] if goes_on and out else [*out[-1:], line]
        goes_on = line.endswith(" ") and line != "-- "
        if goes_on and delsp:
            out[-1] = out[-1][:-1]
    return out


def _is_mail(data: bytes, suffix: str) -> bool:
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \r\n")
    if not may_be_text(data) or not re.match(rb"[!-9;-~]+:", head):
        return False
    if suffix == ".eml":
        return True
    start = _HEADER.match(head)
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    return start is not None and len(_TRANSPORT.findall(block)) >= 2 and re.search(rb"(?im)^from:", block) is not None


def _is_box(data: bytes, suffix: str) -> bool:
    return may_be_text(data) and _ENVELOPE.match(data) is not None and suffix not in (".txt", ".md")


EML = Format("eml", "message/rfc822", (".eml",), _is_mail, read, write)
MBOX = Format("mbox", "application/mbox", (".mbox", ".mbx"), _is_box, read_box, copy_as="txt")
