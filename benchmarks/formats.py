"""How much of the words of an untouched document is still there once it is read and written anew, and how fast, by format.

    .venv/bin/python -m benchmarks.formats              every format
    .venv/bin/python -m benchmarks.formats scan html    these

Invented texts only (benchmarks/gold, benchmarks/other_hand). One function a format gives its lines; the table is
Markdown on stdout.
"""

from __future__ import annotations

import io
import re
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from redactor import gold
from redactor.content import flatten
from redactor.errors import HeldError
from redactor.formats._libreoffice import program

if TYPE_CHECKING:
    from PIL.Image import Image

    from redactor.content import Content

HERE = Path(__file__).parent
_PIECE = 4000  # words


@dataclass(frozen=True)
class Line:
    """One line of the table: what was tried, pages, words, the share of words kept in their order, seconds, what else."""

    what: str
    pages: int
    words: int
    kept: float
    seconds: float
    note: str = ""


def words(text: str) -> list[str]:
    """Words without the punctuation around them."""
    return re.findall(r"\w+(?:[-'’.@/]\w+)*", text)


def kept(before: Sequence[str], after: Sequence[str]) -> int:
    """How many words of one text stand in the other in the same order; long texts piece by piece: time grows as the square."""
    total = behind = 0
    for at in range(0, len(before), _PIECE):
        window = after[behind : behind + _PIECE + 400]
        blocks = SequenceMatcher(None, before[at : at + _PIECE], window, autojunk=False).get_matching_blocks()
        total += sum(block.size for block in blocks)
        behind += max((block.b + block.size for block in blocks if block.size), default=0)
    return total


def rows() -> list[gold.Row]:
    """Every text of the two shipped sets, with where names stand."""
    return [row for folder in ("gold", "other_hand") for row in gold.in_folder(HERE / folder)]


# Scans: pages drawn, spoilt, read


def drawn(text: str, points: float = 11, dots: int = 150) -> Image:
    """An A4 page of a text in a serif face, black on white."""
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("L", (int(8.27 * dots), int(11.69 * dots)), 255)
    pen, size = ImageDraw.Draw(page), points * dots / 72
    font = ImageFont.truetype("LiberationSerif-Regular.ttf", size)
    per_line = int(6.3 * dots / font.getlength("the quick brown fox jumps over it") * 33)
    at = 0.9 * dots
    for paragraph in text.split("\n"):
        for line in textwrap.wrap(paragraph, per_line) or [""]:
            pen.text((dots, at), line, font=font, fill=0)
            at += size * 1.35
        at += size * 0.5
    return page


def spoilt(page: Image, how: str) -> Image:
    """The page as a scanner, a fax machine or a telephone gives it."""
    import numpy as np
    from PIL import Image, ImageFilter

    chance = np.random.default_rng(7)

    def grained(image: Image.Image, deviation: float) -> Image.Image:
        grey = np.asarray(image, dtype=np.float64) + chance.normal(0, deviation, (image.height, image.width))
        return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))

    if how == "noisy":
        return grained(page.filter(ImageFilter.GaussianBlur(0.8)), 45)
    if how == "skewed 2 degrees":
        return grained(page.rotate(2, Image.Resampling.BICUBIC, fillcolor=255), 15)
    if how == "fax, 100 dots, black or white":
        return page.resize((page.width * 2 // 3, page.height * 2 // 3), Image.Resampling.BILINEAR).point(
            lambda v: 255 * (v > 150), "1"
        )
    if how == "photographed":
        wide, high = page.size
        leaning = (wide * 0.03, 0, 0, high * 0.98, wide, high, wide * 0.97, high * 0.02)
        photo = page.transform(page.size, Image.Transform.QUAD, leaning, Image.Resampling.BICUBIC, fillcolor=200)
        shade = np.linspace(1.0, 0.55, wide)[None, :]
        out = io.BytesIO()
        Image.fromarray((np.asarray(photo) * shade).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7)).save(
            out, "JPEG", quality=40
        )
        return Image.open(out).convert("L")
    return page


def scans() -> Iterator[Line]:
    """Word accuracy of pages as pictures; names are the words of every name mention."""
    from redactor.formats.picture import PICTURE

    texts = [row for row in rows() if len(row["text"]) > 1500][:3]
    small = {"8 points": 8.0, "6 points": 6.0}
    for how in ("clean", "8 points", "6 points", "noisy", "skewed 2 degrees", "photographed", "fax, 100 dots, black or white"):
        total = good = names = names_good = held = 0
        began = time.monotonic()
        for row in texts:
            text = row["text"][:1500].rsplit(" ", 1)[0]
            out = io.BytesIO()
            spoilt(drawn(text, small.get(how, 11)), how).save(out, "PNG")
            try:
                read = words(flatten(PICTURE.read(out.getvalue()).content).text.reveal())
            except HeldError:
                held += 1
                continue
            wanted = words(text)
            total, good = total + len(wanted), good + kept(wanted, read)
            spoken = [
                w
                for m in row["mentions"]
                if m["k"] == "name" and m["end"] <= len(text)
                for w in words(text[m["start"] : m["end"]])
            ]
            names, names_good = names + len(spoken), names_good + sum(word in read for word in spoken)
        note = f"words of names {names_good / names:.3f} of {names}" if names else ""
        note += f"; {held} of {len(texts)} held" if held else ""
        yield Line(f"scan, {how}", len(texts), total, good / total if total else 0.0, time.monotonic() - began, note.lstrip("; "))


# HTML


class _Shown(HTMLParser):
    """The words a page shows, read by another parser than the product's."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []

    def handle_data(self, data: str) -> None:
        if self.lasttag != "title":
            self.text.append(data + " ")


def as_page(text: str) -> str:
    """A text as a page an office might have: headings, paragraphs with emphasis, lists, tables, quotations in turn."""
    out = []
    for number, paragraph in enumerate(filter(None, text.split("\n"))):
        said = escape(paragraph.lstrip("# "))
        first, _, rest = said.partition(" ")
        shapes = (
            f"<p>{said}</p>",
            f"<div><p><b>{first}</b> <em>{rest}</em></p></div>",
            f"<ul><li>{said}</li></ul>",
            f"<table><tr><td>{first}</td><td>{rest}</td></tr></table>",
            f"<blockquote>{said}<br></blockquote>",
            f"<ol><li><p>{first}</p><p>{rest}</p></li></ol>",
        )
        out.append(f"<h2>{said}</h2>" if paragraph.startswith("#") else shapes[number % len(shapes)])
    return "<!DOCTYPE html><html><head><title>x</title></head><body>" + "\n".join(out) + "</body></html>"


def pages() -> Iterator[Line]:
    """Word-level preservation of untouched HTML pages."""
    from redactor.formats.html import HTML

    total = good = 0
    began = time.monotonic()
    for row in rows():
        source = as_page(row["text"])
        before, after = _Shown(), _Shown()
        before.feed(source)
        after.feed(HTML.write(HTML.read(source.encode()).content).decode())
        wanted = words("".join(before.text))
        total, good = total + len(wanted), good + kept(wanted, words("".join(after.text)))
    yield Line("html", len(rows()), total, good / total, time.monotonic() - began)


# Workbooks, tables and messages: a line of a text is a row, a text is a message


def _sheet_rows(text: str) -> list[list[str]]:
    return [[str(n), line, "seen"] for n, line in enumerate(filter(str.strip, text.split("\n")), 1)]


def workbooks() -> Iterator[Line]:
    """Word-level preservation of untouched workbooks, a sheet a text; rows a second in the note."""
    from openpyxl import Workbook, load_workbook

    from redactor.formats.xlsx import XLSX

    book, wanted, count = Workbook(write_only=True), [], 0
    for number, row in enumerate(rows(), 1):
        sheet = book.create_sheet(f"Text {number}")
        wanted += ["Text", str(number)]
        for cells in _sheet_rows(row["text"]):
            sheet.append(cells)
            wanted += words(" ".join(cells))
            count += 1
    out = io.BytesIO()
    book.save(out)
    began = time.monotonic()
    copy = XLSX.write(XLSX.read(out.getvalue()).content)
    seconds = time.monotonic() - began
    after: list[str] = []
    for made in load_workbook(io.BytesIO(copy)):
        after += words(made.title)
        for line in made.iter_rows(values_only=True):
            after += words(" ".join(str(cell) for cell in line))
    yield Line(
        "xlsx (a page is a sheet)", len(rows()), len(wanted), kept(wanted, after) / len(wanted), seconds, _speed(count, seconds)
    )


def tables() -> Iterator[Line]:
    """Word-level preservation of untouched CSV files; rows a second in the note."""
    import csv

    from redactor.formats.csv import CSV

    total = good = count = 0
    seconds = 0.0
    for row in rows():
        cells = _sheet_rows(row["text"])
        source = io.StringIO()
        csv.writer(source, delimiter=";").writerows(cells)
        began = time.monotonic()
        copy = CSV.write(CSV.read(source.getvalue().encode()).content).decode()
        seconds += time.monotonic() - began
        wanted = words(" ".join(cell for line in cells for cell in line))
        after = words(" ".join(cell for line in csv.reader(io.StringIO(copy)) for cell in line))
        total, good, count = total + len(wanted), good + kept(wanted, after), count + len(cells)
    yield Line("csv (a page is a file)", len(rows()), total, good / total, seconds, _speed(count, seconds))


def _speed(count: int, seconds: float) -> str:
    return f"{count / seconds:,.0f} rows a second"


def messages() -> Iterator[Line]:
    """Word-level preservation of untouched messages, plain and as HTML in turn."""
    from email import message_from_bytes, policy
    from email.message import EmailMessage

    from redactor.formats.mail import EML

    total = good = 0
    seconds = 0.0
    for number, row in enumerate(rows()):
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"], mail["To"], mail["Subject"] = "The office <office@example.org>", "b@example.org", "About the visit"
        mail.set_content(row["text"])
        shown = row["text"]
        if number % 2:
            mail.set_content(as_page(row["text"]), subtype="html")
            page = _Shown()
            page.feed(as_page(row["text"]))
            shown = "".join(page.text)
        began = time.monotonic()
        copy = message_from_bytes(EML.write(EML.read(mail.as_bytes()).content), policy=policy.default)
        seconds += time.monotonic() - began
        wanted = words(f"{mail['Subject']} {shown}")
        after = words(f"{copy['Subject']} {copy.get_content()}")
        total, good = total + len(wanted), good + kept(wanted, after)
    yield Line("eml (a page is a message)", len(rows()), total, good / total, seconds)


# Word, slides, and what goes through LibreOffice


def as_word(text: str) -> bytes:
    """A text as an office would set it: headings, paragraphs with emphasis, bullets, numbers, tables in turn."""
    import docx

    document = docx.Document()
    for number, paragraph in enumerate(filter(str.strip, text.split("\n"))):
        said = paragraph.lstrip("# ").strip()
        first, _, rest = said.partition(" ")
        if paragraph.startswith("#"):
            document.add_heading(said, 2)
        elif number % 5 == 1:
            shown = document.add_paragraph()
            shown.add_run(f"{first} ").bold = True
            shown.add_run(rest).italic = True
        elif number % 5 == 2:
            document.add_paragraph(said, style="List Bullet")
        elif number % 5 == 3:
            cells = document.add_table(1, 2).rows[0].cells
            cells[0].text, cells[1].text = first, rest
        else:
            document.add_paragraph(said)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def in_word(data: bytes) -> list[str]:
    """The words of a Word file's body, by the standard library alone."""
    import zipfile
    from xml.etree import ElementTree

    name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    said = ("\n" if e.tag == name + "p" else " " if e.tag in (name + "tab", name + "br") else e.text or "" for e in root.iter()
            if e.tag in (name + "p", name + "t", name + "tab", name + "br"))  # fmt: skip
    return words("".join(said))


def as_slides(text: str) -> bytes:
    """A text as slides: a title and up to five bullets each."""
    import pptx

    deck = pptx.Presentation()
    lines = [line.lstrip("# ").strip() for line in text.split("\n") if line.strip()]
    for at in range(0, len(lines), 6):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = lines[at]
        slide.placeholders[1].text_frame.text = "\n".join(lines[at + 1 : at + 6])
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def office() -> Iterator[Line]:
    """Word-level preservation of untouched Word files and slides, and of the same saved by LibreOffice in other formats."""
    from redactor.formats.docx import DOCX
    from redactor.formats.foreign import FOREIGN
    from redactor.formats.pptx import PPTX

    texts = [row["text"] for row in rows()]
    foreign = {known.name: known.read for known in FOREIGN}
    readers = {"docx": (DOCX.read, texts), "pptx": (PPTX.read, texts)}
    readers |= {name: (foreign[name], texts[:6]) for name in ("rtf", "odt", "doc", "odp", "ppt") if program()}
    for name, (read, tried) in readers.items():
        total = good = pages_ = 0
        seconds = 0.0
        for text in tried:
            made = as_slides(text) if name in ("pptx", "odp", "ppt") else as_word(text)
            source = made if name in ("docx", "pptx") else saved(made, name, ".pptx" if name in ("odp", "ppt") else ".docx")
            wanted = words(re.sub(r"(?m)^#+ ", "", text)) if name in ("pptx", "odp", "ppt") else in_word(made)
            began = time.monotonic()
            copy = DOCX.write(read(source).content)
            seconds += time.monotonic() - began
            total, good, pages_ = total + len(wanted), good + kept(wanted, in_word(copy)), pages_ + 1 + len(text) // 3000
        yield Line(name, pages_, total, good / total, seconds, "" if len(tried) == len(texts) else f"{len(tried)} documents")


def saved(data: bytes, ending: str, of: str) -> bytes:
    """The file as LibreOffice saves it in another format."""
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / f"a{of}"
        source.write_bytes(data)
        profile = f"-env:UserInstallation={(Path(name) / 'profile').as_uri()}"
        command = [str(program()), "--headless", profile, "--convert-to", ending, "--outdir", f"{name}/out", str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return (Path(name) / "out" / f"a.{ending}").read_bytes()


def printed() -> Iterator[Line]:
    """Born-digital PDF files by several programs, and one of 500 pages: words kept, pages a second, memory of the reader."""
    import resource

    from redactor.content import Block, Content
    from redactor.formats.pdf import PDF
    from tests import pdfs

    for maker, make in pdfs.MAKERS.items():
        expected = pdfs.report(10)
        if maker == "typst, two columns":  # it sets no tables
            expected = Content(tuple(node for node in expected.body if isinstance(node, Block)))
        yield _printed(f"pdf by {maker}", make(expected), expected)
    large = pdfs.report(760)
    line = _printed("pdf of 500 pages by reportlab", pdfs.in_reportlab(large), large)
    yield replace(line, note=f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")
    began = time.monotonic()
    copy = PDF.write(large)
    yield Line(
        "pdf written", line.pages, line.words, 1.0, time.monotonic() - began, f"{len(copy) / 1e6:.1f} MB from the same content"
    )


def _printed(what: str, data: bytes, expected: Content) -> Line:
    import pypdfium2

    from redactor.formats.pdf import PDF

    began = time.monotonic()
    content = PDF.read(data).content
    seconds = time.monotonic() - began
    before, after = (words(flatten(c).text.reveal()) for c in (expected, content))
    return Line(what, len(pypdfium2.PdfDocument(data)), len(before), kept(before, after) / len(before), seconds)


BENCHES: dict[str, Callable[[], Iterator[Line]]] = {
    "html": pages,
    "pdf": printed,
    "xlsx": workbooks,
    "csv": tables,
    "eml": messages,
    "office": office,
    "scan": scans,
}


def main(chosen: Sequence[str]) -> None:
    print("| what | pages | words | kept in order | pages a second | |\n|---|---|---|---|---|---|")
    for name in chosen or BENCHES:
        for line in BENCHES[name]():
            speed = line.pages / line.seconds
            print(f"| {line.what} | {line.pages} | {line.words:,} | {line.kept:.4f} | {speed:.2f} | {line.note} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
