"""Reads annotated gold text: plain prose in which each mention stands inside `<m p="S1" k="name" x="mask">…</m>`.

p is the person or thing (a role letter and a number), k the kind of data, x what must be true of the published copy.
Catches broken, nested and unknown tags. Does not catch a mention that somebody forgot to tag.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypedDict

ROLES = "SFCWORUVGX"  # survivor, family, child, witness, officer, professional, uncharged, convicted, public figure, thing
KINDS = (
    *("name", "initials", "alias", "dob", "age", "address", "postcode", "place", "school", "work", "phone", "email", "url"),
    *("id", "vehicle", "date", "kin", "health", "demographic", "distinctive"),
)
EXPECTATIONS = ("mask", "soften", "keep")

_MENTION = re.compile(
    rf'<m p="(?P<p>[{ROLES}]\d+)" k="(?P<k>{"|".join(KINDS)})" x="(?P<x>{"|".join(EXPECTATIONS)})">(?P<text>[^<]+)</m>'
)
_TAG_LIKE = re.compile(r"</?m\b")


class Mention(TypedDict):
    """One tagged stretch: offsets into the plain text (end exclusive), its words, person, kind, expectation."""

    start: int
    end: int
    text: str
    p: str
    k: str
    x: str


class Row(TypedDict):
    """One gold document, in the shape that score.py reads from a line of JSON."""

    bundle: str
    doc: str
    text: str
    mentions: list[Mention]


def parse(raw: str, where: str) -> tuple[str, list[Mention]]:
    """Take the tags out of `raw`: the plain text and its mentions in order of place.

    Raises ValueError, with `where` and a line number, on a tag that is nested, unclosed, unknown or in the middle of a word.
    """
    parts: list[str] = []
    mentions: list[Mention] = []
    at = size = 0
    for tag in _MENTION.finditer(raw):
        line = raw.count("\n", 0, tag.start()) + 1
        words, before = tag["text"], raw[at : tag.start()]
        if words != words.strip():
            raise ValueError(f"{where}, line {line}: white space at the edge of a mention")
        if _inside_word(raw, tag):
            raise ValueError(f"{where}, line {line}: a mention begins or ends within a word")
        start = size + len(before)
        size = start + len(words)
        parts += [before, words]
        at = tag.end()
        mentions.append({"start": start, "end": size, "text": words, "p": tag["p"], "k": tag["k"], "x": tag["x"]})
    text = "".join([*parts, raw[at:]])
    if _TAG_LIKE.search(text):
        line = 1 + text.count("\n", 0, text.index("<m" if "<m" in text else "</m"))
        raise ValueError(f"{where}, line {line}: a tag is nested, unclosed or has an unknown p, k or x")
    return text, mentions


def _inside_word(raw: str, tag: re.Match[str]) -> bool:
    """Whether a letter or digit touches the mention from outside, so that it could not be found as a whole phrase."""
    words, before, after = tag["text"], raw[: tag.start()][-1:], raw[tag.end() :][:1]
    return (before.isalnum() and words[0].isalnum()) or (after.isalnum() and words[-1].isalnum())


def read(path: Path) -> Row:
    """One `NN-slug.gold.txt` as a row; the bundle is the name of its folder."""
    doc = path.name.removesuffix(".gold.txt")
    text, mentions = parse(path.read_text(encoding="utf-8"), f"{path.parent.name}/{doc}")
    return {"bundle": path.parent.name, "doc": doc, "text": text, "mentions": mentions}


def to_jsonl(folder: Path) -> list[Row]:
    """Every gold document under `folder/<bundle>/`, in order of path; one row is one line of gold.jsonl."""
    return [read(path) for path in sorted(folder.glob("*/*.gold.txt"))]
