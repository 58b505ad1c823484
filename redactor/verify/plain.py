"""Text as a searcher wants it: look-alikes made alike, what cannot be seen removed, and the other ways to read it.

Not undone: compression, encryption, ciphers (ROT13), hyphens that a font draws, CSS escapes, leetspeak, text that is a picture.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

_BREAKS = "\n\r\v\f\x85\u2028\u2029"
_QUOTES = dict.fromkeys("'‘’‚‛′ʼʹ`´＇", "'") | dict.fromkeys('"“”„‟″«»', '"')
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"  # Hangul fillers: letters by category, nothing to the eye
# Cyrillic and Greek capitals that look Latin, mapped with their small letters so that case folds; then letters NFKD leaves.
_ALIKE = dict(zip("АВЕКМНОРСТУХІЈЅ" + "авекмнорстухіјѕ", "ABEKMHOPCTYXIJS" + "abekmhopctyxijs", strict=True))
_ALIKE |= dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "αβεζηικμνορτυχ", "ABEZHIKMNOPTYX" + "abezhikmnoptyx", strict=True))
_ALIKE |= dict(zip("łŁøØđĐðÐħĦŧŦı", "lLoOdDdDhHtTi", strict=True))
_ALIKE |= {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH", "\u2800": " "}

_LINE_HYPHEN = re.compile(r"-[^\S\n]*\n[^\S\n]*(?!\n)")
_BETWEEN_BLOCKS = re.compile(r"\n\s*\n")
_SPACED_OUT = re.compile(r"(?<![^\W_])(?:[^\W\d_][ \n.\-_·*]){2,}[^\W\d_](?![^\W_])")
_SEPARATORS = re.compile(r"(?<=[^\W_])\.(?=[^\W_])|[-_+]")
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]{1,5})\}|(?:\\|%)u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_QUOTED_PRINTABLE = re.compile(r"=([0-9A-F]{2})")
_HEX_BLOB = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{2}){8,}(?![0-9A-Za-z])")
_BASE64_BLOB = re.compile(r"(?:[A-Za-z0-9+/_-]{16,}\r?\n)*[A-Za-z0-9+/_-]{16,}={0,2}")
_TEXT_SHARE = 0.9  # of a decoded blob's characters that must be letters, digits, blanks or ASCII marks for it to count as text


@cache
def _plain_char(char: str) -> str:
    if char in _BREAKS:
        return "\n"
    if quote := _QUOTES.get(char):
        return quote
    return "".join(_plain_part(part) for part in unicodedata.normalize("NFKD", char))


def _plain_part(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf", "Cn") or char in _BLANK_LETTERS:
        return ""
    if category in ("Cc", "Cs") or category.startswith("Z"):
        return " "
    return "-" if category == "Pd" else _ALIKE.get(char, char)


def plain(text: str) -> str:
    """`text` in compatibility form, without accents, marks, soft hyphens, zero-width and bidi controls; plain quotes, dashes
    and blanks; lines still end in "\\n" and case is kept. Linear in its length."""
    return text.translate({ord(char): _plain_char(char) for char in set(text)})


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """One way to read a text. `label` says how ("" as it stands); personal text, so it has no repr.

    `cased` has one blank for any run of blanks, hyphens and underscores, and " | " between blocks: a name does not go on in
    the next paragraph or cell. `folded` is the same, letter for letter, in one case.
    """

    label: str
    cased: str
    folded: str


def read(text: str, label: str = "") -> Reading:
    """A reading of `text`, made plain."""
    cased = " ".join(_SEPARATORS.sub(" ", _BETWEEN_BLOCKS.sub(" | ", plain(text).strip())).split())
    folded = cased.casefold()
    if len(folded) != len(cased):  # a letter that folds to two: keep offsets, fold the others
        folded = "".join(low if len(low := char.casefold()) == 1 else char for char in cased)
    return Reading(label, cased, folded)


REVERSED = "reversed"
SPACED = "letters spaced out"


def readings(text: str) -> Iterator[Reading]:
    """`text` as it stands, then each other way to read it that gives another text: words broken over lines joined, spaced-out
    letters closed up, escapes and blobs decoded, and backwards. Each but the last is the whole text, so counts compare."""
    base = plain(text)
    yield read(base)
    others = {
        "broken over lines": _LINE_HYPHEN.sub("", base),
        SPACED: _SPACED_OUT.sub(lambda run: _close_up(run.group()), base),
        "encoded": decoded(base),
    }
    for label, other in others.items():
        if other != base:
            yield read(other, label)
    yield read(base[::-1], REVERSED)


def _close_up(run: str) -> str:
    joined = re.sub(r"[ \n.\-_·*]", "", run)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", joined)


def decoded(text: str) -> str:
    """`text` with entities, percent, quoted-printable, \\u and \\x escapes, base64 and hexadecimal blobs decoded, three deep."""
    for _ in range(3):
        before = text
        text = html.unescape(text)
        if "=" in text:
            text = _QUOTED_PRINTABLE.sub(r"%\1", text.replace("=\r\n", "").replace("=\n", ""))
        text = _ESCAPED.sub(lambda hit: chr(int(hit[1] or hit[2] or hit[3], 16)), text)
        text = _HEX_BLOB.sub(_hex, _BASE64_BLOB.sub(_base64, unquote(text)))
        if text == before:
            break
    return text


def _base64(blob: re.Match[str]) -> str:
    letters = re.sub(r"[\r\n=]", "", blob.group()).replace("-", "+").replace("_", "/")
    found = []
    for skip in range(4):  # a path or a word in front shifts the groups of four
        part = letters[skip:]
        part = part[: len(part) - 1] if len(part) % 4 == 1 else part
        if text := _as_text(base64.b64decode(part + "=" * (-len(part) % 4))):
            found.append(text)
    return f" {' '.join(found)} " if found else blob.group()


def _hex(blob: re.Match[str]) -> str:
    try:
        text = _as_text(binascii.unhexlify(blob.group()))
    except binascii.Error:
        return blob.group()
    return f" {text} " if text else blob.group()


def _as_text(data: bytes) -> str:
    """The text that `data` is, "" if it is none."""
    for name in ("utf-8", "utf-16-le", "utf-16-be"):
        try:
            text = data.decode(name).replace("\0", "")
        except UnicodeDecodeError:
            continue
        good = sum((char.isascii() and (char.isprintable() or char.isspace())) or char.isalnum() for char in text)
        if text and good >= _TEXT_SHARE * len(text) and (name == "utf-8" or text.isascii()):
            return text
    return ""


def decodings(data: bytes) -> tuple[str, ...]:
    """The texts these bytes may be, the likeliest first: UTF-8, or Windows-1252 where they are not; UTF-16 where zeros stand."""
    texts = []
    try:
        texts.append(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        texts += [data.decode("utf-8", "replace"), data.decode("cp1252", "replace")]
    if b"\0" in data or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        texts += [data.decode(name, "replace") for name in ("utf-16-le", "utf-16-be")]
        texts.append(data.replace(b"\0", b"").decode("utf-8", "replace"))
    return tuple(texts)
