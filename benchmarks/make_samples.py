"""Builds samples/ from the annotated texts in benchmarks/gold/: `python -m benchmarks.make_samples [FOLDER]`.

The visible text of each sample is its gold text. The Word and HTML files also hold invented names where no reader looks
(author, comment, alternative text, hidden element), because that is where real files leak.
In a gold text meant for Word the first and last paragraphs are the page header and footer. The same input gives the same bytes.
"""

from __future__ import annotations

import base64
import datetime as dt
import html
import io
import re
import shutil
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml.ns import qn

from redactor.gold import read

ROOT = Path(__file__).resolve().parent
GOLD = ROOT / "gold"
SAMPLES = ROOT.parent / "samples"
SUFFIXES = {
    "operation-larkspur/01-final-report": ".md",
    "operation-larkspur/05-complaint-letter": ".docx",
    "operation-larkspur/06-press-note": ".html",
    "harbour-gazette/01-draft-article": ".md",
    "harbour-gazette/04-lawyers-note": ".docx",
}  # every other document is .txt

WHEN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)  # one fixed moment for every date a file format asks for
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)  # a picture of one grey pixel


@dataclass(frozen=True)
class Trap:
    """Words that hold a name and that no reader of the page sees."""

    author: str
    comment: str
    alt: str
    hidden: str = ""


TRAPS = {
    "operation-larkspur/05-complaint-letter": Trap(
        "Denise Ellerby", "Ask Priya Nandakumar before this goes further.", "Grace Ellerby at Quern Lane"
    ),
    "operation-larkspur/06-press-note": Trap(
        "Helena Birch",
        "Keeley Marchbank rang about this line",
        "Rose Tindall with her brother Daniel Tindall",
        "Earlier draft: Lottie Garside is Girl D.",
    ),
    "harbour-gazette/04-lawyers-note": Trap(
        "Beatrice Quill", "Confirm with Mark Wetherden that the picture goes.", "Amber Wetherden holding the Staithe Cup"
    ),
}


def blocks(text: str) -> list[list[str]]:
    """Split a text at its blank lines: one list of lines for each heading, paragraph, list or table."""
    return [part.split("\n") for part in text.strip().split("\n\n")]


def cells(line: str) -> list[str]:
    """Split one line of a pipe table into its cells."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def to_text(text: str, _trap: Trap | None) -> bytes:
    """Text and Markdown are the gold text itself."""
    return text.encode()


def to_html(text: str, trap: Trap | None) -> bytes:
    """Build a simple page, its traps spread through head and body."""
    assert trap, "an HTML sample has traps"
    say = html.escape
    body = [_html_block(lines) for lines in blocks(text)]
    body.insert(2, f'<img src="front.png" alt="{say(trap.alt)}">')
    body.insert(4, f"<!-- {trap.comment} -->")
    body.append(f'<p hidden style="display:none">{say(trap.hidden)}</p>')
    head = f'<meta charset="utf-8">\n<meta name="author" content="{say(trap.author)}">\n<title>Press note</title>'
    page = ["<!doctype html>", '<html lang="en-GB">', "<head>", head, "</head>", "<body>", *body, "</body>", "</html>", ""]
    return "\n".join(page).encode()


def _html_block(lines: list[str]) -> str:
    say = html.escape
    if lines[0].startswith("# "):
        return f"<h1>{say(lines[0][2:])}</h1>"
    if lines[0].startswith("- "):
        return "\n".join(["<ul>", *(f"<li>{say(line[2:])}</li>" for line in lines), "</ul>"])
    if lines[0].startswith("|"):
        rows = [
            "<tr>" + "".join(f"<{tag}>{say(cell)}</{tag}>" for cell in cells(line)) + "</tr>"
            for tag, line in zip(["th"] + ["td"] * len(lines), lines, strict=False)
        ]
        return "\n".join(["<table>", *rows, "</table>"])
    return "<p>" + "<br>\n".join(say(line) for line in lines) + "</p>"


def to_docx(text: str, trap: Trap | None) -> bytes:
    """Build a Word file with real headings, automatic numbers, a table, page header and footer, and its traps."""
    assert trap, "a Word sample has traps"
    document = docx.Document()
    header, *body, footer = blocks(text)
    document.sections[0].header.paragraphs[0].text = "\n".join(header)
    document.sections[0].footer.paragraphs[0].text = "\n".join(footer)
    for lines in body:
        _docx_block(document, lines)
    _docx_traps(document, trap)
    packed = io.BytesIO()
    document.save(packed)
    return _same_bytes(packed)


def _docx_block(document: Document, lines: list[str]) -> None:
    if lines[0].startswith("# "):
        document.add_heading(lines[0][2:], level=1)
    elif lines[0].startswith("|"):
        table = document.add_table(rows=0, cols=len(cells(lines[0])), style="Table Grid")
        for line in lines:
            for cell, words in zip(table.add_row().cells, cells(line), strict=True):
                cell.text = words
    elif re.match(r"\d+\. ", lines[0]):
        document.add_paragraph("\n".join(lines).split(" ", 1)[1], style="List Number")
    else:
        document.add_paragraph("\n".join(lines))


def _docx_traps(document: Document, trap: Trap) -> None:
    properties = document.core_properties
    properties.author = properties.last_modified_by = trap.author
    properties.comments = ""
    properties.created = properties.modified = WHEN
    last = document.paragraphs[-1]
    initials = "".join(re.findall("[A-Z]", trap.author))
    comment = document.add_comment(last.runs[0], trap.comment, author=trap.author, initials=initials)
    comment._comment_elm.set(qn("w:date"), WHEN.strftime("%Y-%m-%dT%H:%M:%SZ"))
    picture = last.add_run().add_picture(io.BytesIO(DOT))
    picture._inline.docPr.set("descr", trap.alt)


def _same_bytes(packed: io.BytesIO) -> bytes:
    """The same parts with one fixed date: a zip file otherwise tells when it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, WHEN.timetuple()[:6]), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


WRITERS: dict[str, Callable[[str, Trap | None], bytes]] = {".txt": to_text, ".md": to_text, ".docx": to_docx, ".html": to_html}


def build(target: Path) -> list[Path]:
    """Write both bundles under `target` and return the paths written, relative to it."""
    written: list[Path] = []
    for case in sorted(GOLD.glob("*/case.yaml")):
        bundle = case.parent.name
        (target / bundle).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(case, target / bundle / case.name)
        written.append(Path(bundle, case.name))
        for gold in sorted(case.parent.glob("*.gold.txt")):
            row = read(gold, gold.name)
            key = f"{bundle}/{row['doc']}"
            name = Path(bundle, row["doc"] + SUFFIXES.get(key, ".txt"))
            (target / name).write_bytes(WRITERS[name.suffix](row["text"], TRAPS.get(key)))
            written.append(name)
    return written


if __name__ == "__main__":
    for path in build(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES):
        print(path)
