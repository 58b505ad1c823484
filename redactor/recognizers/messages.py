"""Names in chats, texts and message logs, where small letters and one letter do for a name, and in the lines over them.

Not found: a first name in small letters that nothing stands before; people/ looks for those once it knows who is who.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex  # type: ignore[import-untyped]

from ..model import Kind
from .base import Found
from .shapes import NAME, STOP, name_in, reach
from .tidy import title_code
from .wordlists import words

_TITLED_LETTER = regex.compile(
    r"(?<![\p{L}\d])(?i:uncle|aunt|auntie|aunty|mr|mrs|ms|miss|dr)\.?\s(?P<name>[B-HJ-Zb-hj-z])(?![\w'’.-])"
)
_HEADED = regex.compile(  # the line over a message: "FROM Zee [believed …]", "TO Hopey xx"
    r"^(?P<head>[^\n\p{L}]{0,40}\b(?:FROM|TO|From|To)[ \t]+)"
    r"(?P<name>\p{L}[\p{L}'’-]*(?:[ ](?!x+\b)\p{L}[\p{L}'’-]*){0,2})[ \t]*x*[ \t]*"
    r"(?=[\[(\n]|$)",
    regex.MULTILINE,
)
_SENT = regex.compile(  # "13:21  Aps to Blaw"
    rf"^[^\n\p{{L}}]*(?:\d\d?(?:st|nd|rd|th)? \p{{Lu}}\p{{Ll}}{{2,8}}(?: \d{{4}})?[ ,]*)?\d\d?[:.]\d\d[ \t]+"
    rf"(?P<name>{NAME})[ ](?:to|TO|->|→|>)[ ](?P<other>{NAME})[ \t:]*$",
    regex.MULTILINE,
)
_CHAT_TITLED = regex.compile(r"(?<![\p{L}\d])(?:mr|mrs)\.?\s(?P<name>\p{Ll}{3,})\b")
_SMALL = regex.compile(r"^[^\p{Lu}\n]+$", regex.MULTILINE)  # a line without any capital
_SMALL_TITLED = regex.compile(
    r"(?<!\p{L})(?P<title>pc|dc|ds|di|ps|sgt|insp|inspector|dci|pcso|wpc|sergeant|miss|ms|dr)\.?[ ]"
    r"(?P<name>\p{Ll}{3,}(?:[ ](?!and\b|or\b)\p{Ll}{3,})?)\b"
)


def in_messages(text: str) -> Iterator[Found]:
    """Findings of kinds name and alias."""
    for match in _TITLED_LETTER.finditer(text):
        yield Found(*reach(match, "name"), Kind.ALIAS, 0.7, "titled_letter", ("letter",))
    for match in _SENT.finditer(text):
        for side in ("name", "other"):
            yield from name_in(text, *reach(match, side), 0.85, "message_head", "alias:contact", kind=Kind.ALIAS)
    headed = list(_HEADED.finditer(text))
    for match in headed if len(headed) > 2 else ():
        yield from name_in(text, *reach(match, "name"), 0.85, "message_head", "alias:contact", kind=Kind.ALIAS)
    for match in _CHAT_TITLED.finditer(text):
        if match["name"].title() not in STOP:
            yield from name_in(text, *reach(match, "name"), 0.8, "title_lower", "title:mr")
    for match in (m for line in _SMALL.finditer(text) for m in _SMALL_TITLED.finditer(text, *line.span())):
        first = match["name"].split()[0]
        if first.title() not in STOP and first not in words("function_words"):
            yield from name_in(text, *reach(match, "name"), 0.8, "title_small", f"title:{title_code(match['title'].upper())}")
