"""Invented persons to plant in hiding places, and a search for them that owes nothing to the product: brute force over bytes,
zip members, encodings and writings. Tests of every format may use it.
"""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

_GIVEN = ("Athel", "Brunt", "Corvi", "Dorth", "Elswi", "Fenwi", "Garth", "Hesti", "Idwal", "Jorvi", "Keldr", "Lowdr")
_ENDING = ("wena", "bertha", "lind", "mira", "gund", "rada", "thild", "wyne", "ora", "elda")
_SURNAME = ("Dunv", "Grims", "Holmb", "Karsw", "Lindq", "Mossg", "Northb", "Penhal", "Quarr", "Rushw", "Stanw", "Thornq")
_TAIL = ("feather", "idale", "ackle", "urnside", "ettick", "oughby", "illock", "adnock", "erbank", "ongate")


@dataclass(frozen=True, slots=True)
class Planted:
    """Somebody invented, whose given name and surname nobody else bears."""

    given: str
    surname: str

    @property
    def name(self) -> str:
        return f"{self.given} {self.surname}"


def planted(places: Iterable[str]) -> dict[str, Planted]:
    """A person of its own for each place, the same in every run. No name is a part of another."""
    givens = [head + tail for tail in _ENDING for head in _GIVEN]
    surnames = [head + tail for tail in _TAIL for head in _SURNAME]
    places = list(places)
    assert len(places) == len(set(places)) <= len(givens)
    return {place: Planted(given, surname) for place, given, surname in zip(places, givens, reversed(surnames), strict=False)}


def case_of(persons: Mapping[str, Planted]) -> str:
    """A case.yaml that lists every planted person as a survivor: what is tried is scrubbing, not detection."""
    return "people:\n" + "".join(f"  - {{name: {person.name}, role: survivor}}\n" for person in persons.values())


def found_in(data: bytes, persons: Mapping[str, Planted]) -> dict[str, str]:
    """place → the name of its person that can be dug out of these bytes: given name or surname, forwards or backwards."""
    hay = "\n".join(_texts(data, 0))
    out = {}
    for place, person in persons.items():
        for token in (person.given, person.surname):
            plain = token.casefold()
            if plain in hay or plain[::-1] in hay:
                out[place] = token
    return out


def _texts(data: bytes, depth: int) -> Iterator[str]:
    """Everything these bytes may say, as compared."""
    for text in dict.fromkeys(_decoded(data)):
        for reading in dict.fromkeys(_readings(text)):
            yield _folded(reading)
    if depth < 4:
        for inner in _inside(data):
            yield from _texts(inner, depth + 1)


def _decoded(data: bytes) -> Iterator[str]:
    yield data.decode("utf-8", "ignore")
    yield data.decode("cp1252", "ignore")
    if b"\0" in data:
        for shift in (0, 1):
            yield data[shift:].decode("utf-16-le", "ignore")
            yield data[shift:].decode("utf-16-be", "ignore")


def _readings(text: str) -> Iterator[str]:
    """As it lies, without tags, without what a renderer would not show; each with entities and percent signs undone."""
    yield text
    once = unquote(html.unescape(text))
    yield once
    yield re.sub(r"<[^<>]*>", "", once)
    yield re.sub(r"<[^<>]*>", " ", once)
    yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
    yield re.sub(r"\\'([0-9a-fA-F]{2})", lambda m: chr(int(m[1], 16)), text)  # RTF
    yield re.sub(r"=\r?\n", "", text)  # quoted-printable
    for word in set(re.findall(r"[A-Za-z0-9+/_-]{12,}={0,2}", text)):
        whole = word.rstrip("=").replace("-", "+").replace("_", "/")
        for skip in range(4):
            part = whole[skip:]
            part = part[: len(part) - (len(part) % 4 == 1)]
            yield from _decoded(base64.b64decode(part + "=" * (-len(part) % 4)))
    for word in set(re.findall(r"(?:[0-9a-fA-F]{2}){6,}", text)):
        yield from _decoded(binascii.unhexlify(word))


_CYRILLIC = dict(zip("авекмнорстухіјѕ", "abekmhopctyxijs", strict=True))


def _folded(text: str) -> str:
    """Small letters without accents, look-alikes, hyphens, blanks and all that is not seen: a name cannot hide in its writing."""
    small = unicodedata.normalize("NFKD", text).casefold()
    return "".join(_CYRILLIC.get(char, char) for char in small if char.isalnum())


def _inside(data: bytes) -> Iterator[bytes]:
    """Members of zip files, wherever in the bytes one begins; deflated streams; a file's tail after its end."""
    if (start := data.find(b"PK\x03\x04")) >= 0:
        try:
            with zipfile.ZipFile(io.BytesIO(data[start:])) as package:
                for info in package.infolist():
                    yield info.filename.encode() + b"\n" + info.comment + b"\n" + info.extra
                    yield package.read(info)
                yield package.comment
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OSError, ValueError):
            pass
    for match in re.finditer(rb"\x78[\x01\x9c\xda]", data):
        try:
            yield zlib.decompressobj().decompress(data[match.start() :], 1 << 20)
        except zlib.error:
            continue
