"""Every place of an e-mail copy where words can stand, taken apart by hand: the standard library's e-mail package wrote it.

Knows the one shape our copies have: seven headers at most, one part, quoted-printable UTF-8. Anything else is refused. Does not
see what a mail program adds when it shows a message.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re

from .places import Extract, Place, UnreadableError, Vocabulary

_SHOWN = ("from", "to", "cc", "date", "subject")
_FIXED = {
    "content-type": 'text/plain; charset="utf-8"',
    "content-transfer-encoding": "quoted-printable",
    "mime-version": "1.0",
}
_NOWHERE = "<withheld@example.invalid>"
_WORD = re.compile(r"=\?utf-8\?([bq])\?([^?]*)\?=", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"(?<=\?=)\s+(?==\?)")
_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d ([A-Z][a-z]{2}) \d{4} \d\d:\d\d:00 \+0000")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_LONG = "January February March April May June July August September October November December".split()


def mail_places(data: bytes, _known: Vocabulary) -> Extract:
    """A message as a mail program shows it, and as it lies. Raises UnreadableError for any other shape than our copies have."""
    head, parted, body = data.replace(b"\r\n", b"\n").partition(b"\n\n")
    try:
        headers = re.sub(r"\n[ \t]+", " ", head.decode("ascii")).split("\n")
        text = quopri.decodestring(body).decode("utf-8")
        shown = [_shown(line) for line in headers if parted]
    except (UnicodeError, binascii.Error, ValueError):
        raise UnreadableError("the copy is no message of the one shape that is checked") from None
    names = [line.partition(":")[0].lower() for line in headers]
    if len(set(names)) < len(names):
        raise UnreadableError("the copy has a header twice")
    visible = "\n\n".join([*(words for words in shown if words), text])
    ours = "\n".join([_NOWHERE] * sum(line.endswith(_NOWHERE) for line in headers))
    return Extract((visible,), (Place("source", "source text", data.decode("latin-1"), shares=True, structural=ours),))


def _shown(line: str) -> str:
    """What is shown of one header, "" for a fixed one."""
    name, colon, value = line.partition(":")
    name, value = name.lower(), value.strip()
    if not colon or name not in (*_SHOWN, *_FIXED):
        raise UnreadableError("the copy has a header that no copy of ours has")
    if name in _FIXED:
        if value.lower() != _FIXED[name]:
            raise UnreadableError("the copy is no message of the one shape that is checked")
        return ""
    if name == "date":
        when = _DATE.fullmatch(value)
        if when is None:
            raise UnreadableError("the copy has a date in another shape than ours")
        day, _, year, time = value.partition(", ")[2].split()[:4]
        return f"Date: {int(day)} {_LONG[_MONTHS.index(when[1])]} {year} {time[:5]}"
    if name != "subject":
        if not value.endswith(_NOWHERE):
            raise UnreadableError("the copy has an address in a header")
        value = value.removesuffix(_NOWHERE).strip()
        value = re.sub(r"\\(.)", r"\1", value[1:-1]) if value[:1] == '"' == value[-1:] else value
    return f"{name.title()}: {_WORD.sub(_decoded, _BETWEEN_WORDS.sub('', value))}"


def _decoded(word: re.Match[str]) -> str:
    if word[1].lower() == "b":
        return base64.b64decode(word[2]).decode("utf-8", "replace")
    return quopri.decodestring(word[2].replace("_", " ").encode()).decode("utf-8", "replace")
