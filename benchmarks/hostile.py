"""A hostile reader's eyes: every text that a published file holds anywhere, and what of a person stands in it.

Made apart from `redactor.verify`, by other means: bytes as they are, archives part by part, streams of a PDF file inflated,
messages by `email`, packed and escaped runs unpacked; words compared without case, accents, invisible characters, hyphens at a
line's end, forwards, backwards and with everything between letters taken out. Not seen: pixels.
"""

from __future__ import annotations

import base64
import binascii
import html
import io
import quopri
import re
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from email import message_from_bytes, policy
from functools import cache
from urllib.parse import unquote

from redactor.model import Action, Kind, Role

from .invented import Person

LONG = 7  # letters: a shorter form may stand in a row of other words' letters by chance
CODES = frozenset({*Kind, *Role, *Action, "low", "medium", "high"})  # words of the log that may be names
SHOWN = ("pages", "body", "text", "file name")
CODED = "names in an object"  # of a PDF file: what the format calls its own parts ("/Page") is nobody, however often
_DIGEST = re.compile(r"\b[0-9a-f]{16,}\b")  # three letters of it between figures may be a name
_GRAM = 5  # words that a form has at most
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_LETTERS = {ord("ł"): "l", ord("ø"): "o", ord("đ"): "d", ord("ı"): "i"}


def plain(text: str) -> str:
    """Small letters without accents, nothing invisible, words mended that a line's end parts."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKD", text))
    text = "".join(c for c in text if not unicodedata.combining(c)).lower().translate(_LETTERS)
    return re.sub(r"(?<=[^\W\d_])[-‐]\r?\n\s*(?=[^\W\d_])", "", text)


@cache
def words(form: str) -> tuple[str, ...]:
    """A form as the words that are looked for."""
    return tuple(_WORD.findall(plain(form)))


def forms(person: Person) -> dict[str, tuple[str, str]]:
    """What tells who somebody is: form to (its kind, how it is looked for: "words", "closed up" or "as written")."""
    told, halves = person.told(), re.split(r"[ -]", person.surname)
    names = [person.given, person.surname, person.nick, *(half for half in halves if len(half) > 3)]
    found = dict.fromkeys(names, ("name", "words"))
    found |= {
        f"{one} {two}": ("name", "closed up")
        for one, two in ((person.given, person.surname), (person.surname, person.given), (person.nick, person.surname))
    }
    first, last = person.given[0], person.surname[0]
    found |= dict.fromkeys((f"{first}{last}", f"{first}.{last}.", f"{first}. {last}."), ("initials", "as written"))
    found |= {told[kind]: (kind, "closed up") for kind in ("phone", "address", "postcode")}
    return found | {told["email"]: ("email", "closed up"), told["email"].partition("@")[0]: ("email", "closed up")}


class Read:
    """A text in which forms are counted."""

    def __init__(self, text: str) -> None:
        self.text, row = text, _WORD.findall(plain(text))
        self.grams = Counter(tuple(row[at : at + n]) for n in range(1, _GRAM + 1) for at in range(len(row) - n + 1))
        self.closed = "".join(row)
        self.backwards = self.closed[::-1]

    def times(self, form: str, how: str) -> int:
        """How often a form stands here, however it is written."""
        if how == "as written":
            return len(re.findall(rf"(?<![\w.]){re.escape(form)}(?!\w)", self.text))
        row = words(form)
        shut = "".join(row)
        found = self.grams[row]
        if how == "closed up" or len(shut) >= LONG:
            found = max(found, self.closed.count(shut), self.backwards.count(shut) if len(shut) >= LONG else 0)
        return found


def texts(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """Every text in a file: (where it stands, the text). Its name is one."""
    yield "file name", name
    for where, text in _texts(name, data):
        yield where, text
        yield from ((f"{where}, {how}", more) for how, more in _unpacked(text))


def _texts(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    if data.startswith(b"PK\x03\x04"):
        yield from _parts(data)
    elif data.startswith(b"%PDF"):
        yield from _pdf(data)
    elif name.endswith(".eml"):
        yield from _mail(data)
    packed = data.startswith((b"PK\x03\x04", b"%PDF", b"\x89PNG"))
    said = data.decode("utf-8", "replace")
    yield ("packed bytes" if packed else "text"), re.sub(r"=\r?\n", "", said) if name.endswith(".eml") else said
    if b"\0" in data:
        yield from (("packed bytes", data.decode(code, "ignore")) for code in ("utf-16-le", "utf-16-be"))


def _parts(data: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        yield "archive comment", package.comment.decode("latin-1")
        for entry in package.infolist():
            yield "name of a part", entry.filename
            yield "comment or extra field", (entry.comment + b" " + entry.extra).decode("latin-1")
            said = package.read(entry).decode("utf-8", "replace")
            yield f"part {entry.filename}", said
            if "<" in said:
                yield (
                    f"text of {entry.filename}",
                    html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"</\w*:?(?:p|si|c|t[cr])>", "\n", said))),
                )
                yield f"comments of {entry.filename}", " ".join(re.findall(r"(?s)<!--(.*?)-->", said))


def _pdf(data: bytes) -> Iterator[tuple[str, str]]:
    import pikepdf
    from pdfminer.high_level import extract_text

    yield "pages", extract_text(io.BytesIO(data))
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.S):
        try:
            packed = zlib.decompressobj().decompress(found[1])
        except zlib.error:
            packed = found[1]
        if packed[:4] not in (b"\0\1\0\0", b"OTTO", b"\1\0\4\4") and len(packed) < 10**6:  # not the outlines of letters
            yield "stream", packed.decode("latin-1")
            yield "strings of a stream", " ".join(_strings(packed))
    with pikepdf.open(io.BytesIO(data)) as document:
        for at in document.objects:
            said = [*_said(at)]
            yield "object", " ".join(text for named, text in said if not named)
            yield CODED, " ".join(text for named, text in said if named)


def _said(value: object, depth: int = 0) -> Iterator[tuple[bool, str]]:
    """The strings within an object of a PDF file, and its names (True)."""
    import pikepdf

    if isinstance(value, pikepdf.String | pikepdf.Name):
        yield isinstance(value, pikepdf.Name), str(value)
    elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream) and depth < 3:
        for key in value.keys():  # noqa: SIM118 - a stream iterates over nothing
            yield True, key
            yield from _said(value.get(key), depth + 1)
    elif isinstance(value, pikepdf.Array) and depth < 3:
        for inner in value:
            yield from _said(inner, depth + 1)


def _strings(stream: bytes) -> Iterator[str]:
    """What stands in brackets, and hexadecimal strings, as letters."""
    yield "".join(said.decode("latin-1") for said in re.findall(rb"\(((?:\\.|[^\\()])*)\)", stream))
    for said in re.findall(rb"<([0-9A-Fa-f\s]{4,})>", stream):
        packed = (
            bytes.fromhex(re.sub(r"\s", "", said.decode())[: len(said) // 2 * 2].ljust(2, "0")) if len(said) % 2 == 0 else b""
        )
        yield packed.decode("utf-16-be" if packed.startswith(b"\xfe\xff") else "latin-1", "ignore")


def _mail(data: bytes) -> Iterator[tuple[str, str]]:
    mail = message_from_bytes(data, policy=policy.default)
    for part in mail.walk():
        yield "headers", "\n".join(f"{name}: {value}" for name, value in part.items())
        body = part.get_payload(decode=True)
        if isinstance(body, bytes):
            yield "body", body.decode(part.get_content_charset() or "utf-8", "replace")


def _unpacked(text: str) -> Iterator[tuple[str, str]]:
    """What a text says once escapes are undone, and runs that may be packed are unpacked."""
    if "&" in text:
        yield "entities", html.unescape(text)
    if "%" in text:
        yield "percent", unquote(text)
    if re.search(r"=[0-9A-F]{2}|=\r?\n", text):
        yield "quoted-printable", quopri.decodestring(text.encode("utf-8", "replace")).decode("utf-8", "replace")
    runs = re.findall(r"(?:[0-9A-Fa-f]{2}){6,}", text)
    yield "hexadecimal", "\n".join(bytes.fromhex(run).decode("latin-1").replace("\0", "") for run in runs)
    yield "base64", "\n".join(said for run in re.findall(r"[A-Za-z0-9+/_-]{8,}", text) for said in _from_base64(run))


def _from_base64(run: str) -> Iterator[str]:
    """What a run of letters says, wherever its first group begins; nothing where that is no text."""
    for at in range(4):
        piece = run[at:]
        try:
            packed = base64.b64decode(piece[: len(piece) // 4 * 4], b"-_" if set("-_") & set(piece) else None)
        except binascii.Error:
            continue
        if sum(32 <= byte < 127 or byte > 0xC2 for byte in packed) > 0.8 * len(packed):
            yield packed.decode("utf-8", "replace")
        elif packed[1::2].count(0) > 0.4 * len(packed):
            yield packed.decode("utf-16-le", "replace")


Usual = Mapping[str, "Read"]
"""What every file of a format holds, whoever is in it, by where it stands: "Yi" is a font, "Strong" a style, "GB" a country."""


def usual(data: bytes) -> Usual:
    """What a copy in which nobody is holds, by where."""
    found: dict[str, list[str]] = {}
    for where, text in texts("", data):
        found.setdefault(where, []).append(text)
    return {where: Read("\n".join(said)) for where, said in found.items()}


def left(name: str, data: bytes, rest: str, cast: Iterable[Person], known: Usual | None = None) -> list[tuple[Person, str, str]]:
    """What of each person stands in a file more often than in `rest`, the text without them, and in a file of this format with
    nobody in it: (person, kind of form, where).

    Initials are looked for in what a reader sees alone: letters of markup and codes of the log are no initials. In bytes that
    are packed, or that were taken for packed, short words come up by chance.
    """
    own, found = Read(rest), []
    wanted = [(person, form, *how) for person in cast for form, how in forms(person).items()]
    allowed = [own.times(form, how) for _, form, _, how in wanted]
    for where, text in dict.fromkeys(texts(name, data)):
        log, same = name.endswith((".json", ".jsonl")), (known or {}).get(where)
        read = Read(_DIGEST.sub(" ", text) if log else text)
        codes = CODES | {word for key in re.findall(r'"(\w+)":', text) for word in key.split("_")} if log else CODES
        shown = not log and (where in SHOWN or where.startswith("text of "))
        chance = "packed" in where or "base64" in where or "hexadecimal" in where or "strings of" in where
        for (person, form, kind, how), most in zip(wanted, allowed, strict=True):
            if (
                (how == "as written" and not shown)
                or (chance and len("".join(words(form))) < LONG)
                or (log and form.lower() in codes)
            ):
                continue
            usual = same.times(form, how) if same else 0
            if read.times(form, how) > most + usual and not (usual and where == CODED):
                found.append((person, kind, where))
    return found


def stamps(data: bytes) -> set[str]:
    """The dates that a file's container or properties give: the same in every copy, or they tell one copy from another."""
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            found = {"part {}-{:02}-{:02} {:02}:{:02}:{:02}".format(*entry.date_time) for entry in package.infolist()}
            core = package.read("docProps/core.xml").decode() if "docProps/core.xml" in package.namelist() else ""
            return found | {f"property {said}" for said in re.findall(r">(\d{4}-\d\d-\d\d[^<]*)<", core)}
    if data.startswith(b"%PDF"):
        texts_ = [data.decode("latin-1"), *(text for where, text in _pdf(data) if where in ("stream", "object"))]
        return {f"PDF {said}" for text in texts_ for said in re.findall(r"D:\d{8,14}|\d{4}-\d\d-\d\dT[\d:]+", text)}
    return set()
