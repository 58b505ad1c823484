"""Changes to a file of any kind, drawn by chance, and what is left of a file when all that does not matter is taken out."""

from __future__ import annotations

import contextlib
import io
import random
import re
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator

LARGEST = 200_000  # bytes
SMALLER = 15  # seconds spent on making one file smaller
TOKENS = (
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xc2\xad", b"\xf0\x9f\x91\xa4"),
    *b"&#xD800; &#0; &#xFFFF; <![CDATA[ -- %s \" ' : { [ *a < /> >> obj".split(),
    *b"=?utf-8?q?=ff?= =?x?b?a?= charset=rot13 charset=utf-7".split(),
    *(b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"\r", b"\n\n", b"\t", b"- ", b"&a ", b"!!python/none ", b'"\\ud800"', b'"\\UFFFFFFFF"'),
)
NUMBERS = (*b"0 -1 1 255 65536 2147483648 -2147483649 99999999999999999999 1e400 nan x 0.5 \xd9\xa3".split(), b"")
_NUMBER = re.compile(rb"\d+")
_TAG = re.compile(rb"<[^<>]{1,300}>")
_PDF_VALUE = re.compile(  # a reference, dictionary, array, string, name, number or operator of a page
    rb"\d+ 0 R\b|<<[^<>]{0,200}>>|\[[^\[\]]{0,200}\]|<[0-9a-fA-F]*>|\([^()]{0,200}\)|/[\w.#+-]+|-?\d+\.?\d*"
    rb"|\b[A-Za-z]{1,2}\*?(?=\s)"
)
_PDF_VALUES = (
    *b"null true [] <<>> () <> <FEFFD800> <0> (\\777) (\xfe\xff\xd8\x00) / /#00 /Type3 /JBIG2Decode /Crypt -1 1e9 0.0".split(),
    *(b"1 0 R", b"3 0 R", b"99 0 R", b"[0 0 0 0]", b"[1 0 R 1 0 R]", b"[9 9 -9 1e30]", b"<</Kids [1 0 R]>>"),
    *b"q Q BT ET Tj TJ Tf Tm Td Tr cm re f W n Do gs Tz Ts BMC EMC BI ID EI sh".split(),
)


def changed(data: bytes, draw: random.Random) -> bytes:
    """The file with one to four changes; of an archive most often within one part."""
    if data[:2] == b"PK" and draw.random() < 0.85:
        with contextlib.suppress(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError):
            if len(made := _archive(data, draw)) <= LARGEST:
                return made
    once = _pdf if data[:5] == b"%PDF-" and draw.random() < 0.7 else _once
    for _ in range(draw.choice((1, 1, 2, 4))):
        data = once(data, draw)
    return data[:LARGEST]


def _pdf(data: bytes, draw: random.Random) -> bytes:
    """One value of a PDF file, or one operator of a page, in place of another or before it."""
    if not (found := list(_PDF_VALUE.finditer(data))):
        return _once(data, draw)
    one = draw.choice(found)
    put = draw.choice(_PDF_VALUES) if draw.random() < 0.5 else draw.choice(found)[0]
    return data[: one.start()] + put + (b" " + one[0] if draw.random() < 0.3 else b"") + data[one.end() :]


def _archive(data: bytes, draw: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if not parts:
        raise EOFError
    telling = [name for name in parts if b"Quillf" in parts[name]]  # those with the text are met as often as all others
    name = draw.choice(telling if telling and draw.random() < 0.5 else list(parts))
    way = draw.random()
    if way < 0.05:
        del parts[name]
    elif way < 0.1:
        parts[name] = parts[draw.choice(list(parts))]
    else:
        parts[name] = changed(parts[name], draw)
    return packed(parts)


def packed(parts: dict[str, bytes]) -> bytes:
    """An archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 1)
    return out.getvalue()


def _once(data: bytes, draw: random.Random) -> bytes:
    """One change."""
    at, size = draw.randrange(len(data) + 1), draw.choice((1, 1, 4, 20, 200))
    head, cut, tail = data[:at], data[at : at + size], data[at + size :]
    way = draw.randrange(9)
    if way == 0:
        return head + tail
    if way == 1:
        return head + draw.randbytes(len(cut)) + tail
    if way == 2:
        return head + draw.choice(TOKENS) + cut + tail
    if way == 3:
        return head + cut * draw.choice((2, 3, 100)) + tail
    if way == 4:
        return head
    found = list((_NUMBER if way < 7 else _TAG).finditer(data))
    if not found:
        return head + bytes([draw.randrange(256)]) + tail
    one, other = draw.choice(found), draw.choice(found)
    put = draw.choice(NUMBERS) if way < 7 else draw.choice((b"", other[0], one[0] + other[0], one[0] * draw.choice((2, 300))))
    return data[: one.start()] + put + data[one.end() :]


def smaller(data: bytes, same: Callable[[bytes], bool], seconds: float = SMALLER) -> bytes:
    """A shorter file of which the same is true: parts of an archive and pieces taken out as long as there is time."""
    end = time.monotonic() + seconds
    for shorter in _shorter(data):
        if time.monotonic() > end:
            break
        if same(shorter):
            return smaller(shorter, same, end - time.monotonic())
    return data


def _shorter(data: bytes) -> Iterator[bytes]:
    with contextlib.suppress(Exception), zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
        tried = [packed({n: p for n, p in parts.items() if n != name}) for name in parts]
        tried += [packed({**parts, name: piece}) for name in parts for piece in _pieces(parts[name])]
        yield from (one for one in tried if len(one) < len(data))
        return
    yield from _pieces(data)


def _pieces(data: bytes) -> Iterator[bytes]:
    size = len(data) // 2
    while size >= 8:
        yield from (data[:at] + data[at + size :] for at in range(0, len(data), size))
        size //= 2
