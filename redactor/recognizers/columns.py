"""Names and reference numbers told by the heading of their column, one name over two columns ("First name | Surname") among them.

Reads tables as `content.flatten` writes them: "| a | b |" in one line a row, cells parted by bars. Does not see a table without
headings, nor headings above the first row. It is given the whole text, for a long table has its headings once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import regex  # type: ignore[import-untyped]

from ..model import Kind
from .base import Found
from .shapes import STOP
from .tidy import name_spans

_HEADING = regex.compile(
    r"names?|full name|officers?|attendees?|witness(?:es)?|child(?:ren)?|client|person|people|author|worker|interviewee|staff|"
    r"signatory|parents?|teacher|from|to|pupil|student|patient|suspect|victim|survivor|complainant|member|chair|present|who|"
    r"subject|(?:child|pupil|client|patient|victim|mother|father|parent|carer|officer|worker|staff|contact|guardian|suspect|"
    r"witness|survivor|complainant)(?:['’]?s)? (?:full )?names?|names? of .+|known as|aliases|alias|nicknames?",
    regex.IGNORECASE,
)
_GIVEN = regex.compile(
    r"(?i)\b(?:fore|first |given |christian |middle |second )names?\b(?:\(s\))?|\bfirst\b$|\bmiddle\b$|\bforename\(s\)"
)
_SURNAME = regex.compile(r"(?i)\b(?:sur|last |family )names?\b(?:\(s\))?|\blast\b$")
_REFERENCE = regex.compile(
    r"(?i)(?:(?:our|your|case|file|client|child|pupil|person|record|report|crime|incident|log|concern|complaint|police) )*"
    r"(?:ref(?:erence)?s?|urn|id|identifier|file|case)(?: (?:no|nos|number|id|code))?|"
    r"(?:case|file|record|client|complaint|pupil|staff) (?:no|number)"
)
# "4" is the number of a row, and four digits may be a year.
_NUMBER = regex.compile(r"\p{Lu}{1,6}[-/ ]?(?:\d[\d\p{Lu}]*[-/ ]?)*\d{2,}[\d\p{Lu}/-]*|(?!(?:19|20)\d\d$)\d{4,}(?:[-/]\d+)*")
_NOBODY = frozenset(
    "unknown none nil not no n/a na tbc tbd nk yes total totals redacted withheld removed anonymous blank various all other "
    "known recorded given stated provided applicable see name names".split()
)
_WORDS = 6  # a cell of more words is a sentence, not a name

Cells = list[tuple[int, int]]


def in_columns(text: str) -> Iterator[Found]:
    """Findings of kinds name and id. The two halves of a name carry "given" or "surname" and the same "of:row:pair" code."""
    for head, *rows in _tables(text):
        headings = [_heading(text[a:b]) for a, b in head]
        pairs = _pairs(headings)
        paired = {column for given, surname in pairs for column in (*given, surname)}
        alone = [c for c, words in enumerate(headings) if c not in paired and _promises(words)]
        numbers = [c for c, words in enumerate(headings) if _REFERENCE.fullmatch(words)]
        for row in rows:
            yield from _references(text, [row[c] for c in numbers if c < len(row)])
            for number, (given, surname) in enumerate(pairs):
                yield from _halves(text, row, given, surname, number)
            for column in alone:
                if column < len(row):
                    yield from _whole(text, *row[column])


def _references(text: str, cells: Cells) -> Iterator[Found]:
    """A cell below "Ref" or "Case no" that is a number and nothing else."""
    for start, end in cells:
        value = text[start:end].strip()
        if _NUMBER.fullmatch(value):
            begin = text.index(value, start)
            yield Found(begin, begin + len(value), Kind.ID, 0.8, "reference_column", ("", "table"))


def _tables(text: str) -> Iterator[list[Cells]]:
    """The cells of each table, row by row. A line end within a cell ends no row."""
    for block in regex.finditer(r"(?:^|(?<=\n\n))\|.*?(?=\n\n|\Z)", text, regex.DOTALL):
        rows = []
        at = block.start()
        for line in regex.split(r"(?<=\|[ ]?)\n(?=\|)", block.group()):
            rows.append([(at + m.start(), at + m.end()) for m in regex.finditer(r"(?<=\|)[^|]*(?=\|)", line)])
            at += len(line) + 1
        if len(rows) > 1:
            yield rows


def _heading(written: str) -> str:
    """A heading as words: "childFirst_Name" is "child First Name"."""
    return " ".join(regex.sub(r"(?<=\p{Ll})(?=\p{Lu})|[_\-/.:*\s]+", " ", written).split())


def _promises(words: str) -> bool:
    return bool(_HEADING.fullmatch(words) or _GIVEN.search(words) or _SURNAME.search(words))


def _pairs(headings: list[str]) -> list[tuple[list[int], int]]:
    """Columns of given names with the column of the surname, by whose they are: "Child surname" goes with "Child first name"."""
    given: dict[str, list[int]] = defaultdict(list)
    surname: dict[str, int] = {}
    for column, words in enumerate(headings):
        for pattern, keep in ((_SURNAME, surname.setdefault), (_GIVEN, lambda whose, c: given[whose].append(c))):
            if match := pattern.search(words):
                whose = " ".join((words[: match.start()] + words[match.end() :]).lower().replace("'s", "").split())
                keep(whose.removeprefix("of "), column)
                break
    return [(columns, surname[whose]) for whose, columns in given.items() if whose in surname]


def _halves(text: str, row: Cells, given: list[int], surname: int, number: int) -> Iterator[Found]:
    def halves(columns: list[int]) -> Cells:
        return [span for c in columns if c < len(row) for span in list(name_spans(text, *row[c]))[:1] if _is_name(text, *span)]

    firsts, lasts = halves(given), halves([surname])
    if not firsts or not lasts:
        for span in (*firsts, *lasts):
            yield Found(*span, Kind.NAME, 0.6, "table", ("table",))
        return
    of = f"of:{row[0][0]}:{number}"
    for half, spans in (("given", firsts), ("surname", lasts)):
        for span in spans:
            yield Found(*span, Kind.NAME, 0.85, "table_split", ("structure", "table", half, of))


def _is_name(text: str, start: int, end: int) -> bool:
    words = text[start:end].lower().split()
    return 0 < len(words) <= _WORDS and not any(w in _NOBODY for w in words) and not any(c.isdigit() for c in text[start:end])


def _whole(text: str, start: int, end: int) -> Iterator[Found]:
    """A cell below a heading that promises a name, if its words are written like one, up to the first that is none."""
    words = text[start:end].split()
    capitals = all(w[0].isupper() or not w[0].isalpha() for w in words)
    if not (0 < len(words) <= _WORDS and capitals and any(c.isalpha() for c in text[start:end])):
        return
    for a, b in name_spans(text, start, end):
        last = a
        for word in regex.finditer(r"\S+", text, pos=a, endpos=b):
            if word.group().strip(".,'’").title() in STOP:
                break
            last = word.end()
        if last > a:
            for x, y in name_spans(text, a, last):
                yield Found(x, y, Kind.NAME, 0.6, "table", ("table",))
