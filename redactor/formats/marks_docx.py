"""Marks in a Word file: comments that begin `redact:` or `keep:`, and highlight colours; read, and proposals written as comments.

Which words a mark covers is told by the reader of Word files itself: each stored text gets two signs around it that nobody
writes, and where these come out is where it stands in the flat text. Not placed: texts that the
reader turns round or joins otherwise.
"""

from __future__ import annotations

import copy
import io
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..content import Content, flatten
from ..errors import HeldError
from ..model import Span
from ._docx_numbers import W
from ._docx_story import local
from ._format import no_reader, unsafe
from ._zip import Package
from .docx import main_part, read_package
from .marks import AUTHOR, COVERED, MAX_MARKS, NO_WORDS, UNPLACED, Marking, Proposed, marking
from .marks_words import joined

if TYPE_CHECKING:
    from docx.document import Document as DocumentObject
    from lxml import etree

    Element = etree._Element

MODES = ("none", "marks")  # whether highlights are taken away before the words are read
_HIGH, _LOW, _END = 0xF0000, 0x100000, 0x4000  # private planes of Unicode: two signs say which text begins or ends
_SIGN = re.compile("[\U000f0000-\U000fffff][\U00100000-\U00107fff]")
_GREENS = frozenset({"green", "brightGreen", "darkGreen"})
_PARTS = re.compile(r"word/(?!comments)[^/]+\.xml$")


def read_marks(data: bytes, mode: str) -> tuple[Content, list[Marking]]:
    """The content of a Word file, without its highlights where `mode` says so, and its marks, placed in the flat text of that
    content. Raises HeldError."""
    plain, main = _opened(data, mode == "marks", sign=False)
    content = read_package(plain, main).content
    signed, _ = _opened(data, mode == "marks", sign=True)
    where = _where(flatten(read_package(signed, main).content).text.reveal(), flatten(content).text.reveal())
    found = [*_comments(signed, main, where), *_highlights(signed, where)]
    if len(found) > MAX_MARKS:
        raise unsafe(f"it has more than {MAX_MARKS} marks")
    return content, [replace(mark, number=number) for number, mark in enumerate(found, 1)]


class _Signed(Package):
    """A package whose stored texts have signs around them (`sign`), and whose highlights are gone (`bare`)."""

    def __init__(self, data: bytes, bare: bool, sign: bool) -> None:
        super().__init__(data)
        self.bare, self.sign = bare, sign
        self.roots: dict[str, Element] = {}
        self.texts: list[Element] = []  # every w:t; its place here is its number
        self.colours: dict[int, str] = {}  # of a text: the highlight that it has in the file

    def xml(self, name: str) -> Element:
        if not _PARTS.fullmatch(name):
            return super().xml(name)
        if name not in self.roots:
            self.roots[name] = root = super().xml(name)
            for text in root.iter(f"{W}t"):
                self._text(text)
            if self.bare:
                for mark in list(root.iter(f"{W}highlight")):
                    parent = mark.getparent()
                    if parent is not None:
                        parent.remove(mark)
        return self.roots[name]

    def _text(self, text: Element) -> None:
        number = len(self.texts)
        self.texts.append(text)
        run = text.getparent()
        mark = run.find(f"{W}rPr/{W}highlight") if run is not None else None
        if mark is not None:
            self.colours[number] = mark.get(f"{W}val", "none")
        raw = text.text or ""
        core = raw.strip()
        if self.sign and core:
            begin = raw.index(core[0])
            text.text = raw[:begin] + _sign(number, 0) + core + _sign(number, _END) + raw[begin + len(core) :]


def _opened(data: bytes, bare: bool, sign: bool) -> tuple[_Signed, str]:
    package = _Signed(data, bare, sign)
    main = main_part(package)
    if main is None:
        raise no_reader()
    return package, main


def _sign(number: int, end: int) -> str:
    return chr(_HIGH + number // _END) + chr(_LOW + number % _END + end)


def _where(signed: str, whole: str) -> dict[int, Span]:
    """Where each stored text, by its number, stands in the flat text. Empty where signs changed what was read."""
    if _SIGN.search(whole) or len(_SIGN.sub("", signed)) != len(whole):
        return {}
    begun: dict[int, int] = {}
    out: dict[int, Span] = {}
    for before, match in enumerate(_SIGN.finditer(signed)):
        at = match.start() - 2 * before
        number, low = (ord(match[0][0]) - _HIGH) * _END, ord(match[0][1]) - _LOW
        if low < _END:
            begun[number + low] = at
        elif (number := number + low - _END) in begun and number not in out:
            out[number] = Span(begun[number], at)
    return out


def _comments(package: _Signed, main: str, where: dict[int, Span]) -> Iterator[Marking]:
    """The comments that are marks, in the order in which they begin."""
    part = package.links(main).get("comments", "")
    said = {c.get(f"{W}id", ""): c for c in package.xml(part).iter(f"{W}comment")} if part in package else {}
    covered: dict[str, list[int]] = {}
    open_: set[str] = set()
    numbers = {id(text): number for number, text in enumerate(package.texts)}
    for element in package.xml(main).iter(f"{W}t", f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}commentReference"):
        kind, id_ = local(element), element.get(f"{W}id", "")
        if kind == "t":
            for each in open_:
                covered[each].append(numbers[id(element)])
        elif kind == "commentRangeStart":
            open_.add(id_)
            covered.setdefault(id_, [])
        elif kind == "commentRangeEnd":
            open_.discard(id_)
        else:
            covered.setdefault(id_, [])
    for id_, texts in covered.items():
        comment = said.get(id_)
        if comment is None:
            continue
        text = "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in comment.iter(f"{W}p"))[:20_000]
        mark = marking(0, 0, "comment", text, comment.get(f"{W}author", ""))
        if mark is not None:
            yield _placed(mark, texts, where)


def _highlights(package: _Signed, where: dict[int, Span]) -> Iterator[Marking]:
    """Highlighted texts that follow each other in one paragraph and one colour, each stretch a mark."""
    stretch: list[int] = []
    before: tuple[str, Element | None] = ("", None)
    for number in [*sorted(package.colours), -1]:
        text = package.texts[number] if number >= 0 else None
        paragraph = next(text.iterancestors(f"{W}p"), None) if text is not None else None
        now = (package.colours.get(number, ""), paragraph)
        if stretch and not (now[0] == before[0] and now[1] is before[1] and number == stretch[-1] + 1):
            mark = marking(0, 0, "highlight", "", "", before[0] in _GREENS)
            if mark is not None and before[0] not in ("none", "white"):
                yield _placed(mark, stretch, where)
            stretch = []
        before = now
        stretch.append(number)


def _placed(mark: Marking, texts: Sequence[int], where: dict[int, Span]) -> Marking:
    spans = joined([where[number] for number in texts if number in where])
    if spans:
        return replace(mark, spans=tuple(spans))
    return replace(mark, trouble=NO_WORDS if not texts else COVERED if where else UNPLACED)


# --- writing -------------------------------------------------------------------------------------------------------------


def annotated(data: bytes, proposals: Sequence[Proposed]) -> tuple[bytes, list[str]]:
    """The file with every proposal as a comment on its words, and the ids of those where no comment can stand (page headers,
    notes, text boxes). Raises HeldError for a file that python-docx does not take."""
    from docx import Document

    signed, main = _opened(data, False, sign=True)
    plain, _ = _opened(data, False, sign=False)
    whole = flatten(read_package(plain, main).content).text.reveal()
    where = _where(flatten(read_package(signed, main).content).text.reveal(), whole)
    own = {id(text) for text in signed.xml(main).iter(f"{W}t")}
    try:
        document = Document(io.BytesIO(data))
        texts = list(document.element.iter(f"{W}t"))
        writer = _Writer(document, dict(zip((n for n, t in enumerate(signed.texts) if id(t) in own), texts, strict=True)), where)
        lost = [p.id for p in sorted(proposals, key=lambda p: p.span, reverse=True) if not writer.comment(p)]
        out = io.BytesIO()
        document.save(out)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise HeldError("comments cannot be written into it", "Save it as an ordinary .docx file in Word.") from None
    return out.getvalue(), sorted(lost)


class _Writer:
    """Puts comments on spans of the flat text, from the last to the first: cutting a run leaves what is before it as it was."""

    def __init__(self, document: DocumentObject, texts: dict[int, Any], where: dict[int, Span]) -> None:
        self.document, self.texts = document, texts
        self.order = sorted((span, number) for number, span in where.items() if number in texts)
        self.starts = [span.start for span, _ in self.order]

    def comment(self, proposed: Proposed) -> bool:
        """Put one comment in its place; whether it has one."""
        from docx.text.run import Run

        span = proposed.span
        at = max(bisect_right(self.starts, span.start) - 1, 0)
        touched = []
        while at < len(self.order) and self.order[at][0].start < span.end:
            if self.order[at][0].overlaps(span):
                touched.append(self.order[at])
            at += 1
        elements = [self.texts[number] for _, number in touched]
        if not touched or any(next(e.iterancestors(f"{W}txbxContent"), None) is not None for e in elements):
            return False
        last = _cut(elements[-1], _offset(elements[-1], touched[-1][0], span.end))[0]
        old, first = _cut(elements[0], _offset(elements[0], touched[0][0], span.start))
        last = first if last is old else last
        self.document.add_comment(
            [Run(first, self.document), Run(last, self.document)], proposed.note, author=AUTHOR, initials="r"
        )
        return True


def _offset(text: Any, span: Span, at: int) -> int:
    """The character of a stored text at which a place of the flat text stands: an end of it where it was not read as stored."""
    raw = text.text or ""
    blank = len(raw) - len(raw.lstrip())
    if at <= span.start:
        return 0
    if at >= span.end or blank + at - span.start > len(raw):
        return len(raw)
    return blank + at - span.start


def _cut(text: Any, at: int) -> tuple[Any, Any]:
    """The run of a stored text cut before character `at` of it: the run before and the run behind, one and the same where there
    is nothing on one side."""
    run, raw = text.getparent(), text.text or ""
    shown = [child for child in run if child.tag != f"{W}rPr"]
    if at >= len(raw) and shown[-1] is text:
        return run, run
    if at <= 0 and shown[0] is text:
        return run, run
    behind = run.makeelement(run.tag, dict(run.attrib))
    if run.find(f"{W}rPr") is not None:
        behind.append(copy.deepcopy(run.find(f"{W}rPr")))
    following = list(text.itersiblings())
    if at <= 0:
        behind.append(text)
    elif at < len(raw):
        rest = copy.deepcopy(text)
        text.text, rest.text = raw[:at], raw[at:]
        for part in (text, rest):
            part.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        behind.append(rest)
    for child in following:
        behind.append(child)
    run.addnext(behind)
    return run, behind
