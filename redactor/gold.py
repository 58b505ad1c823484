"""Reads gold: plain prose in which each mention stands inside `<m p="S1" k="name" x="mask">…</m>`, or JSON lines of the same.

p is the person or thing (a role letter and a number), k the kind of data, x what must be true of the published copy.
Catches broken, nested and unknown tags and offsets that do not fit. Does not catch a mention that somebody forgot to tag.
Gold is as secret as the documents it was made from: errors name a bundle, the number of a document in it and a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TypedDict

from .errors import UsageError

ROLES = {
    "S": "survivor",
    "F": "family",
    "C": "child",
    "W": "witness or other private person",
    "O": "junior officer",
    "R": "professional",
    "U": "suspect never charged",
    "V": "convicted offender",
    "G": "public figure",
    "X": "organisation, place or thing",
}
KINDS = (
    *("name", "initials", "alias", "dob", "age", "address", "postcode", "place", "school", "work", "phone", "email", "url"),
    *("id", "vehicle", "date", "kin", "health", "demographic", "distinctive"),
)
EXPECTATIONS = ("mask", "soften", "keep")
SUFFIX = ".gold.txt"

_PERSON = re.compile(rf"[{''.join(ROLES)}]\d+")
_MENTION = re.compile(
    rf'<m p="(?P<p>{_PERSON.pattern})" k="(?P<k>{"|".join(KINDS)})" x="(?P<x>{"|".join(EXPECTATIONS)})">(?P<text>[^<]+)</m>'
)
_TAG_LIKE = re.compile(r"</?m\b")
_NAME = re.compile(r"[^/\\\0]+")


class Mention(TypedDict):
    """One tagged stretch: offsets into the plain text (end exclusive), its words, person, kind, expectation."""

    start: int
    end: int
    text: str
    p: str
    k: str
    x: str


class Row(TypedDict):
    """One gold document."""

    bundle: str
    doc: str
    text: str
    mentions: list[Mention]


def load(gold: Path) -> list[Row]:
    """Every document of a folder of `<bundle>/<doc>.gold.txt`, or of a file of JSON lines, in order of bundle and document.

    Raises UsageError where there is none or one cannot be used.
    """
    if not gold.exists():
        raise UsageError("The gold does not exist. Check the path you typed")
    rows = in_folder(gold) if gold.is_dir() else _in_lines(gold)
    if not rows:
        raise UsageError(f"No gold is there. Name a folder of BUNDLE/DOCUMENT{SUFFIX}, or a .jsonl file")
    if len({(row["bundle"], row["doc"]) for row in rows}) < len(rows):
        raise UsageError("Two documents of the gold have the same bundle and name. Rename one")
    return rows


def in_folder(folder: Path) -> list[Row]:
    """Every gold document under `folder/<bundle>/`, in order of path."""
    rows = []
    for bundle in sorted(p for p in folder.iterdir() if p.is_dir()):
        for number, path in enumerate(sorted(bundle.glob(f"*{SUFFIX}")), 1):
            rows.append(read(path, f"{bundle.name}, document {number}"))
    return rows


def read(path: Path, where: str) -> Row:
    """One `<doc>.gold.txt`; the bundle is the name of its folder. Raises UsageError, with `where`."""
    try:
        text, mentions = parse(path.read_text(encoding="utf-8"), where)
    except UnicodeDecodeError:
        raise UsageError(f"{where}: this is not UTF-8 text. Save it as UTF-8") from None
    return {"bundle": path.parent.name, "doc": path.name.removesuffix(SUFFIX), "text": text, "mentions": mentions}


def parse(raw: str, where: str) -> tuple[str, list[Mention]]:
    """Take the tags out of `raw`: the plain text and its mentions in order of place.

    Raises UsageError, with `where` and a line number, on a tag that is nested, unclosed, unknown or in the middle of a word.
    """
    parts: list[str] = []
    mentions: list[Mention] = []
    at = size = 0
    for tag in _MENTION.finditer(raw):
        words, before = tag["text"], raw[at : tag.start()]
        start = size + len(before)
        size = start + len(words)
        parts += [before, words]
        at = tag.end()
        mentions.append({"start": start, "end": size, "text": words, "p": tag["p"], "k": tag["k"], "x": tag["x"]})
        if fault := _edge_fault(words, raw[: tag.start()][-1:], raw[tag.end() :][:1]):
            raise UsageError(f"{where}, line {raw.count(chr(10), 0, tag.start()) + 1}: {fault}")
    text = "".join([*parts, raw[at:]])
    if left := _TAG_LIKE.search(text):
        line = 1 + text.count("\n", 0, left.start())
        raise UsageError(f"{where}, line {line}: a tag is nested, unclosed or has an unknown p, k or x")
    return text, mentions


def _edge_fault(words: str, before: str, after: str) -> str:
    """Why a mention could not be found again as a whole phrase, "" if it can. `before` and `after` are what touches it."""
    if words != words.strip():
        return "white space at the edge of a mention"
    if (before.isalnum() and words[0].isalnum()) or (after.isalnum() and words[-1].isalnum()):
        return "a mention begins or ends within a word"
    return ""


def _in_lines(file: Path) -> list[Row]:
    """One document a line: `{"bundle", "doc", "text", "mentions": [{"start", "end", "text", "p", "k", "x"}]}`."""
    rows: list[Row] = []
    try:
        lines = file.read_text(encoding="utf-8").split("\n")  # not splitlines: a text may hold other line ends
    except UnicodeDecodeError:
        raise UsageError("The gold is not UTF-8 text. Save it as UTF-8") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                rows.append(_row(json.loads(line)))
            except (ValueError, KeyError, TypeError):
                raise UsageError(
                    f"Line {number} of the gold is no document with bundle, doc, text and mentions that fit it. Mend or drop it"
                ) from None
    return sorted(rows, key=lambda row: (row["bundle"], row["doc"]))


def _row(data: Any) -> Row:
    """One line's document. Raises ValueError, KeyError or TypeError where anything does not fit; the caller says where."""
    text: str = data["text"]
    names = [data["bundle"], data["doc"]]
    if not isinstance(text, str) or not all(isinstance(n, str) and _NAME.fullmatch(n) and n not in (".", "..") for n in names):
        raise ValueError
    mentions: list[Mention] = [
        {"start": m["start"], "end": m["end"], "text": m["text"], "p": m["p"], "k": m["k"], "x": m["x"]} for m in data["mentions"]
    ]
    if not all(_fits(m, text) for m in mentions) or _overlap(mentions):
        raise ValueError
    return {"bundle": data["bundle"], "doc": data["doc"], "text": text, "mentions": mentions}


def _fits(m: Mention, text: str) -> bool:
    known = bool(_PERSON.fullmatch(m["p"])) and m["k"] in KINDS and m["x"] in EXPECTATIONS
    inside = 0 <= m["start"] < m["end"] and text[m["start"] : m["end"]] == m["text"]
    return known and inside and not _edge_fault(m["text"], text[: m["start"]][-1:], text[m["end"] :][:1])


def _overlap(mentions: Sequence[Mention]) -> bool:
    spans = sorted((m["start"], m["end"]) for m in mentions)
    return any(first[1] > second[0] for first, second in pairwise(spans))
