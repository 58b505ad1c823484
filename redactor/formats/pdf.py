"""PDF files: the words a reader sees on the pages, confirmed by their pictures; copies are typeset anew.

Does not catch: a font that lies about letters on pages outside the sample whose picture is read (docs/design.md, "PDF"); what no
reader of pixels reads (handwriting); text in illustrations, which become "[picture]". Filled form fields are read as they are
seen; other annotations are learnt from and dropped, also what they show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..errors import HeldError
from ..model import Hidden
from ._apart import allow
from ._format import Format, Reading, damaged, empty, protected
from ._ocr import Box
from ._pdf_confirm import LARGE, READ_SCALE, SKIM_SCALE, Confirmed, blacked_out, confirmed
from ._pdf_forms import Drawn, with_fields
from ._pdf_inside import Inside, inside
from ._pdf_layout import Leaf, laid_out
from ._pdf_order import reading_order
from ._pdf_rows import Part, Row
from ._pdf_text import UNDER, Rect, Sheet, picture_of, sheet
from ._pdf_write import write
from ._runs import PLAIN

if TYPE_CHECKING:
    import pypdfium2

    from ..content import Content
    from .letterhead import Letterhead


MAX_READ = 400  # pages read from pixels: about three seconds each
EVERY = 20  # of honest pages one in so many is read from its picture, the first among them
FALSE_FONT = 0.8  # share of a font's words that pictures must show, or all its pages are read
SMALL = 0.004  # of a page: smaller pictures are ornaments
_CURVES = 60  # filled outlines on a page from which letters may be drawn so
_WARNINGS = {
    UNDER: "text-under-box",
    "text in its ground's colour": "highlight-over-text",
    "white text": "white-text",
    "invisible text": "invisible-text",
}


@dataclass(slots=True)
class _Page:
    """One page after the first look: its content, and what speaks for looking again."""

    leaf: Leaf
    fonts: dict[str, int]
    hidden: list[Hidden]
    warnings: set[str]
    doubtful: bool


@dataclass(slots=True)
class _File:
    """An open file and what was found so far."""

    document: pypdfium2.PdfDocument
    inside: Inside
    fields: list[list[tuple[Rect, str]]]  # of forms, per page; empty where the file has none
    pages: list[_Page] = field(default_factory=list)
    read: set[int] = field(default_factory=set)
    poor: int | None = None  # the first page that could not be read well enough

    def sheet(self, at: int) -> Sheet:
        """A page taken apart, annotations that cover words counted."""
        page = self.document[at]
        try:
            return sheet(page, at in self.inside.marked, self.inside.redact.get(at, ()), self.fields[at] if self.fields else ())
        finally:
            page.close()


def is_pdf(data: bytes, suffix: str = "") -> bool:
    """Whether a file is a PDF: readers look for its mark in the first 1,024 bytes (ISO 32000-1, annex H.3.4.1)."""
    return data.startswith(b"%PDF-") or (suffix == ".pdf" and b"%PDF-" in data[:1024])


def read(data: bytes) -> Reading:
    """The words of every page, with what the file hides. Raises HeldError for a file or page that cannot be read well enough."""
    with _opened(data) as file:
        _look(file)
        _confirm(file, _sample(file))
        _confirm(file, _pages_of_false_fonts(file))
        if file.poor is not None:
            raise HeldError(
                f"page {file.poor + 1} cannot be read well enough",
                "Scan it again at 300 dots an inch, straight and dark enough, or type it out.",
            )
        return _reading(file)


def reopen(data: bytes) -> Reading:
    """The words of a copy of our own, which verification has looked at: its letters are what they say."""
    with _opened(data) as file:
        _look(file)
        return _reading(file)


class _opened:  # noqa: N801  used as a function is
    """The file open in both libraries, closed at the end. Raises HeldError."""

    def __init__(self, data: bytes) -> None:
        import pypdfium2

        found = inside(data)
        if found.pages == 0:
            raise empty()
        drawn = with_fields(data) if found.form else Drawn(data)
        if drawn.fields:  # what is hidden is told of the file as it came, fonts and layers of what is read
            kept, found = found, inside(drawn.data)
            found.hidden, found.warnings = kept.hidden, kept.warnings
        try:
            document = pypdfium2.PdfDocument(drawn.data)
        except pypdfium2.PdfiumError as fault:
            raise (protected() if "assword" in str(fault) else damaged()) from None
        if len(document) != found.pages:
            document.close()
            raise damaged()
        self.file = _File(document, found, drawn.fields)

    def __enter__(self) -> _File:
        return self.file

    def __exit__(self, *_: object) -> None:
        self.file.document.close()


def _look(file: _File) -> None:
    """The first look at every page: letters, rules, what nobody sees."""
    import pypdfium2

    for at in range(file.inside.pages):
        allow(2)
        try:
            page = file.sheet(at)
        except pypdfium2.PdfiumError:
            raise damaged() from None
        hidden = [Hidden(reason, ClearText(text)) for reason, text in _unseen(page)]
        reasons = {word.unseen for word in page.words if word.unseen}
        seen = sum(len(word.text) for word in page.words if not word.unseen)
        turned = any(word.letters[0].look.turn for word in page.words)
        doubtful = (
            at in file.inside.doubtful
            or page.unmapped
            or bool(reasons - {UNDER, "text off the page"})
            or turned
            or page.curves >= _CURVES
            or any(_share(page, box) >= LARGE for _, box in page.pictures)
            or (not seen and not page.blank)
        )
        leaf = Leaf(_parts(page, None), page.height)
        warnings = {_WARNINGS[reason] for reason in reasons if reason in _WARNINGS}
        file.pages.append(_Page(leaf, page.fonts, hidden, warnings, doubtful))


def _share(page: Sheet, box: Box) -> float:
    """How much of the page a rectangle covers."""
    across = min(box.right, page.width) - max(box.left, 0.0)
    down = min(box.bottom, page.height) - max(box.top, 0.0)
    return max(across, 0.0) * max(down, 0.0) / max(page.width * page.height, 1.0)


def _unseen(page: Sheet) -> Iterator[tuple[str, str]]:
    """What nobody sees, words that follow each other as one text."""
    reason, words = "", list[str]()
    for word in page.words:
        if word.unseen != reason and words:
            yield reason, " ".join(words)
            words = []
        reason = word.unseen
        if reason:
            words.append(word.text)
    if words:
        yield reason, " ".join(words)


def _sample(file: _File) -> list[int]:
    """The pages whose picture is read: all that are doubtful, one in twenty, and for each font the page that has most of it."""
    chosen = {at for at, page in enumerate(file.pages) if page.doubtful or at % EVERY == 0}
    fonts = {font for page in file.pages for font in page.fonts} - file.inside.plain
    for font in sorted(fonts):
        if not any(font in file.pages[at].fonts for at in chosen):
            chosen.add(max(range(len(file.pages)), key=lambda at: (file.pages[at].fonts.get(font, 0), -at)))
    return sorted(at for at in chosen if file.pages[at].leaf.parts or file.pages[at].doubtful)


def _pages_of_false_fonts(file: _File) -> list[int]:
    """The pages not read yet that use a font whose words the pictures did not show."""
    return [at for at, page in enumerate(file.pages) if at not in file.read and set(page.fonts) & file.inside.false]


def _confirm(file: _File, chosen: list[int]) -> None:
    """Read the pictures of these pages and put what they show in place of the first look."""
    if len(file.read) + len(chosen) > MAX_READ:
        raise HeldError(f"more than {MAX_READ} of its pages must be read from their pictures", "Split it into smaller documents.")
    shown: dict[str, tuple[int, int]] = {}
    for at in chosen:
        allow(60)
        page = file.sheet(at)
        source = file.document[at]
        believed = frozenset(page.fonts) if at not in file.inside.doubtful and not page.unmapped else frozenset(file.inside.plain)
        doubtful = file.pages[at].doubtful or bool(set(page.fonts) & file.inside.false)
        pixels = picture_of(source, READ_SCALE if doubtful else SKIM_SCALE)
        result = confirmed(page, pixels, believed - file.inside.false, doubtful)
        source.close()
        file.read.add(at)
        if result.poor and file.poor is None:
            file.poor = at
        for font, (right, total) in result.fonts.items():
            before = shown.get(font, (0, 0))
            shown[font] = (before[0] + right, before[1] + total)
        file.pages[at].leaf = Leaf(_parts(page, result), page.height)
        file.pages[at].hidden += result.hidden
        file.pages[at].warnings |= result.warnings
    file.inside.false |= {font for font, (right, total) in shown.items() if total and right < FALSE_FONT * total}


def _parts(page: Sheet, result: Confirmed | None) -> list[Part]:
    """Rows and tables in reading order, pictures as "[picture]"."""
    words = page.words
    if result is not None:
        keep = {id(word) for word in result.words}
        words = [word for word in page.words if id(word) in keep or word.unseen == UNDER]
    pictures = [
        Row([("[picture]", PLAIN, False)], Box(*box), box.bottom, 10.0)
        for _, box in page.pictures
        if SMALL <= _share(page, box) < LARGE
    ]
    ticks = [Row([(tick, PLAIN, False)], box, box.bottom, 10.0) for box, tick in page.fields if tick]
    seen = [*(result.rows if result is not None else ()), *pictures, *ticks]
    return reading_order(blacked_out(words), page.rules, seen, [box for box, _ in page.fields])


def _reading(file: _File) -> Reading:
    content = laid_out([page.leaf for page in file.pages])
    if not any(block.text.reveal().replace("[picture]", "") for block in content.blocks()):
        raise HeldError("no text can be read in it", "Scan it again at 300 dots an inch, or describe it in a document.")
    hidden = dict.fromkeys([*file.inside.hidden, *(h for page in file.pages for h in page.hidden if h.text)])
    if file.fields:  # what a field shows is read as a part of its page, and is not hidden
        said = {word for block in content.blocks() for word in block.text.reveal().split()}
        hidden = {h: None for h in hidden if h.place != "form field" or not said.issuperset(h.text.reveal().split())}
    warnings = {*file.inside.warnings, *(w for page in file.pages for w in page.warnings)}
    return Reading(content, tuple(hidden), tuple(sorted(warnings)))


def _on(content: Content, letterhead: Letterhead) -> bytes:
    """The words of a letterhead before and after the content: the fonts and pictures of a Word template are not taken over."""
    return write(letterhead.around(content))


PDF = Format("pdf", "application/pdf", (".pdf",), is_pdf, read, write, write_on=_on, reopen=reopen)
