"""What of a stretch a model called a name is the name: no title, possessive, line end, table bar or stray punctuation.

Does not judge whether it is a name; a word that is only a title is nobody's name and is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import regex  # type: ignore[import-untyped]

# Rank and office words in front of a name, with the code a finding carries; longest first where one begins another.
TITLES: dict[str, str] = {
    r"Mr": "mr",
    r"Mrs": "mrs",
    r"Ms": "ms",
    r"Miss": "miss",
    r"Mx": "mx",
    r"Master": "master",
    r"Dr|Doctor": "dr",
    r"Prof|Professor": "prof",
    r"Sir": "sir",
    r"Dame": "dame",
    r"Lord": "lord",
    r"Lady": "lady",
    r"Baroness|Baron": "lord",
    r"(?:The\ )?Rev(?:erend|d)?|Fr|Canon|Bishop|Archdeacon|Imam|Rabbi|Maulana": "cleric",
    r"(?:Cabinet\ Member\ )?(?:Cllr|Councillor|Coun)": "councillor",
    r"Alderman": "councillor",
    r"(?:[AT]/)?PCSO|Police\ Community\ Support\ Officer": "pcso",
    r"(?:W|T/?|A/?|Temp(?:orary)?\ )?PC|(?:Police\ )?Constable|(?:W\.)?P\.C": "pc",
    r"(?:W|T/?|A/?|Temp(?:orary)?\ )?DC|Det(?:ective)?\.?\ Con(?:stable)?|(?:W\.)?D\.C": "dc",
    r"(?:[AT]/?)?PS|(?:Police\ )?(?:Sergeant|Sgt)|Custody\ Sergeant": "ps",
    r"(?:[AT]/?)?DS|Det(?:ective)?\.?\ (?:Sergeant|Sgt)": "ds",
    r"(?:[AT]/?)?DI|Det(?:ective)?\.?\ Insp(?:ector)?": "di",
    r"(?:[AT]/?)?DCI|Det(?:ective)?\.?\ (?:Ch(?:ief)?\.?|C)\ Insp(?:ector)?": "dci",
    r"(?:[AT]/?)?(?:Ch(?:ief)?\.?\ )?Insp(?:ector)?|CI": "insp",
    r"(?:T/?|A/?)?(?:Det(?:ective)?\.?\ )?Ch(?:ief)?\.?\ Supt|(?:Detective\ )?Chief\ Superintendent|DCS": "chief_superintendent",
    r"(?:T/?|A/?)?(?:Det(?:ective)?\.?\ )?(?:Supt|Superintendent)|DSU": "superintendent",
    r"ACC|DCC|CC|(?:(?:Assistant|Deputy|Temporary|Acting)\ )*(?:Chief\ Constable|Commissioner|Commander)": "chief_officer",
    r"(?:Mrs?\ |Ms\ )?(?:Justice|Lord\ Justice|Lady\ Justice)|(?:His|Her)\ Honour(?:\ Judge)?|HHJ|Judge|Recorder": "judge",
    r"(?:Home|Foreign|Justice|Health|Education)\ Secretary|Minister": "minister",
    r"Nurse|Sister|Midwife|Matron": "nurse",
    r"L/?Cpl|Cpl|[SC]/?Sgt|WO[12]|Pte|Gnr|Rfn|Tpr|Spr|Gdsm|Capt|Maj|Lt(?:\ Col)?|Col|Brig|Cdr|Flt\ Lt|Wg\ Cdr": "soldier",
    r"Uncle|Auntie|Aunty|Aunt|Nan|Nana|Nanna|Nanny|Gran|Granny|Grandma|Grandad|Grandpa|Granda|Mum|Mam|Dad|Cousin|Sis|Bro": "kin",
}
# Full forms of a rank, and short forms only as they are written: "Sister" and "Ms" yes, "di" and "ms" in running text no.
_ANY = "|".join(f"(?:{words})" for words in sorted(TITLES, key=len, reverse=True))
TITLE = regex.compile(rf"(?:(?:{_ANY}|{_ANY.upper()})\b\.?)", regex.V1)
_LEADING = regex.compile(rf"(?:{TITLE.pattern}(?:\s+|$)(?:\d{{1,5}}\s+)?)+", regex.V1)
# A name ends where a sentence does ("Una Lamb. Scrutiny lead"), but for an initial or a shortened word ("St. Clair").
_PIECE = regex.compile(r"(?:(?!(?<=\p{Ll}{3})\.[ ]\p{Lu})[^\n|<>()\[\]\"“”:;,\t])+")
WORD = regex.compile(r"[\w@+][\w@.'’+/-]*(?<![.'’/-])")  # as name models cut a text
_LABELLED = regex.compile(r"[\p{L}][\p{L} ./()&-]{0,30}[ \t]*:")  # "Rank / No:", of the next line
_BETWEEN = frozenset((" ", ". ", "-", "\u00a0", "\n"))
_OWNS = regex.compile(r"(?<=\p{L})['’]s[ ]+(?=\p{Lu})")
_EDGE = " .,;:!?'’‘\"“”-–—/\\*_#&\u00a0"


def title_code(words: str) -> str:
    """The code of a title as it stands in a text, "" if it is none."""
    bare = words.strip(" .").replace("\n", " ")
    for pattern, code in TITLES.items():
        if regex.fullmatch(rf"(?:{pattern})\.?", bare, regex.IGNORECASE):
            return code
    return ""


def joined(text: str, words: Iterable[tuple[int, int, float]]) -> Iterator[tuple[int, int, float]]:
    """Start, end and score of words, in order; those that only a space or a hyphen parts as one, with the best score."""
    start, end, best = -1, -1, 0.0
    for a, b, score in words:
        if start >= 0 and text[end:a] in _BETWEEN and not (text[end] == "\n" and _LABELLED.match(text, a)):
            end, best = b, max(best, score)
            continue
        if start >= 0:
            yield start, end, best
        start, end, best = a, b, score
    if start >= 0:
        yield start, end, best


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches that line ends, bars, commas and possessives part ("Labour's Ann Bell")."""
    for piece in _PIECE.finditer(text, start, end):
        begin = piece.start()
        for owner in _OWNS.finditer(text, begin, piece.end()):
            yield begin, owner.start()
            begin = owner.end()
        yield begin, piece.end()


def name_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The names within `text[start:end]`: cut at line ends, bars and commas, bare of titles, possessives and edges."""
    for a, b in _pieces(text, start, end):
        while True:
            before = (a, b)
            lead = _LEADING.match(text, a, b)
            a = lead.end() if lead else a
            while a < b and text[a] in _EDGE:
                a += 1
            while a < b and text[b - 1] in _EDGE:
                b -= 1
            if text[a:b].lower().endswith(("'s", "’s")):
                b -= 2
            if (a, b) == before:
                break
        if any(c.isalpha() for c in text[a:b]):
            yield a, b
