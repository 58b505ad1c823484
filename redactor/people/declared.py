"""What a document says it calls somebody: initials ("Hannah Lethbridge (HL)", or a cell "HL" in the row that names her), ciphers.

Initials of that kind are that person wherever the document goes on to use them, whatever else the letters stand for. Not seen:
a key of initials on another page whose rows carry no name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..lexicon import plain
from .drafts import Draft, Raw

_BESIDE = re.compile(r"(?:,? [A-Z][\w’' -]{0,40})?\s*[(\[]\s*[\"“'‘]?([A-Z][A-Za-z]{1,4})[\"”'’]?\s*[)\]]")
_EQUALS = re.compile(r"\b([A-Z][A-Za-z]{1,4})\s*(?:=|:|–|-)\s*$")
_CELL = re.compile(r"(?:^|\|)\s*([A-Z][A-Za-z]{1,4})\s*(?=\||$)")

# "known only as Girl B", "whom we call Mr D": a cipher that the text itself says it uses in place of a name.
_WE_CALL = (
    r"(?:we|I)(?: shall| will)?(?: \w+)? (?:call|refer to as)(?: (?:her|him|them))?|referred to (?:\w+ ){0,4}as|anonymised as"
)
_PART = (
    r"Child|Girl|Boy|Baby|Survivor|Witness|Victim|Complainant|Claimant|Patient|Pupil|Person|Resident|Young Person|Adult|Mother|"
    r"Father|Man|Woman"
)
_CIPHER = re.compile(
    rf"\b(?:(?:known (?:\w+ ){{0,3}}as|given the (?:cipher|pseudonym)|{_WE_CALL})\s+[\"“'‘]?(?P<part>(?:{_PART})~)"
    rf"|(?:{_WE_CALL})\s+[\"“'‘]?(?P<title>(?:Mr|Mrs|Ms|Miss)\.?~))".replace(
        "~", r" (?:[A-Z]{1,2}\d?|\d{1,2})\b(?!\.[A-Z]|[ -][A-Z][a-z])"
    )
)


def ciphers(texts: Iterable[str]) -> frozenset[str]:
    """Ciphers that a text says it calls somebody by. One is no name and stays, like a pseudonym that the case lists."""
    return frozenset(m["part"] or m["title"] for text in texts for m in _CIPHER.finditer(text))


def declare(drafts: Sequence[Draft], texts: Mapping[str, str]) -> None:
    """Note in each draft the initials that a document declares to be its person's, by document."""
    by_text: dict[str, list[tuple[Draft, Raw]]] = defaultdict(list)
    for draft in drafts:
        for raw in draft.raws:
            if raw.name.full and raw.doc in texts:
                by_text[raw.doc].append((draft, raw))
    for doc, rows in by_text.items():
        text = texts[doc]
        for draft, raw in rows:
            for letters in _beside(raw, text):
                draft.declared.setdefault(doc, set()).add(letters)


def _beside(raw: Raw, text: str) -> Iterator[str]:
    words = [plain(w) for w in re.split(r"[\s-]+", " ".join((*raw.name.given, raw.name.surname))) if w]
    after = _BESIDE.match(text, raw.end)
    before = _EQUALS.search(text[max(0, raw.start - 12) : raw.start])
    begin = text.rfind("\n", 0, raw.start) + 1
    end = text.find("\n", raw.end)
    row = text[begin : end if end >= 0 else len(text)]
    cells = [m[1] for m in _CELL.finditer(row)] if "|" in row else []
    for letters in (*((after[1],) if after else ()), *((before[1],) if before else ()), *cells):
        if sum(c.isupper() for c in letters) > 1 and _spells(letters.casefold(), words):
            yield letters


def _spells(letters: str, words: Sequence[str]) -> bool:
    """Whether the letters are beginnings of the name's words, in order, the first and the last among them ("dsu": D Suleman)."""
    if not words or not letters:
        return not letters and not words
    first = words[0]
    for size in range(1, min(len(first), 3) + 1):
        if letters[:size] != first[:size]:
            break
        rest = letters[size:]
        for skip in range(1, len(words) + 1):
            if _spells(rest, words[skip:]) and (skip < len(words) or len(words) == 1):
                return True
    return False
