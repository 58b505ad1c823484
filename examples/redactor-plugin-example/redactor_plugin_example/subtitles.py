"""Subtitles (.srt): each cue is a paragraph, numbered by its number and times; the copy is made from nothing else.

Not kept: italics and colours within a cue. A file that breaks the form is held, not guessed at.
"""

from __future__ import annotations

import re

from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content
from redactor.errors import HeldError
from redactor.formats import Format, Reading

_TIME = r"\d{2,}:\d\d:\d\d,\d{3}"
_CUE = re.compile(rf"(\d+)\n({_TIME} --> {_TIME})\n(.+)", re.DOTALL)
_TAG = re.compile(r"</?[a-z][^>\n]*>|\{\\[^}\n]*\}", re.IGNORECASE)


def read(data: bytes) -> Reading:
    """What a viewer reads. Raises HeldError for a file that is not UTF-8, or not made of cues."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").strip()
    except UnicodeDecodeError:
        raise HeldError("the subtitles are not UTF-8 text", "Save the file as UTF-8.") from None
    blocks = []
    for part in re.split(r"\n{2,}", text):
        cue = _CUE.fullmatch(part.strip("\n"))
        if cue is None:
            raise HeldError("the file is not made of numbered cues with times", "Open and save it in a subtitle editor.")
        words = _TAG.sub("", cue[3])
        blocks.append(Block(BlockKind.PARAGRAPH, ClearText(words), number=ClearText(f"{cue[1]} {cue[2]}")))
    return Reading(Content(tuple(blocks)))


def write(content: Content) -> bytes:
    """Cues from the masked content alone. A block without times (a note at the end) becomes a cue of its own."""
    cues = []
    for place, block in enumerate(content.blocks(), 1):
        number, _, times = block.number.reveal().partition(" ")
        words = re.sub(r"\n{2,}", "\n", block.text.reveal()).strip() or "-"
        cues.append(f"{number or place}\n{times or '99:59:59,000 --> 99:59:59,999'}\n{words}\n")
    return "\n".join(cues).encode("utf-8")


SRT = Format("srt", "application/x-subrip", (".srt",), lambda _data, suffix: suffix == ".srt", read, write)
