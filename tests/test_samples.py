"""The sample bundles: built from their gold texts, and rich enough to show every kind of decision."""

from __future__ import annotations

import sys
import zipfile
from collections import Counter
from pathlib import Path

import docx
import lxml.html
import pytest
import yaml
from docx.table import Table
from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # benchmarks/ is not an installed package

from benchmarks.make_samples import GOLD, SAMPLES, SUFFIXES, TRAPS, build
from redactor.gold import EXPECTATIONS, KINDS, ROLES, Row, in_folder

ROWS = in_folder(GOLD)
each_document = pytest.mark.parametrize("row", ROWS, ids=[f"{row['bundle']}/{row['doc'][:2]}" for row in ROWS])


def sample(row: Row) -> Path:
    key = f"{row['bundle']}/{row['doc']}"
    return SAMPLES / (key + SUFFIXES.get(key, ".txt"))


def row_text(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def docx_text(path: Path) -> str:
    """What a reader of the page sees, as gold text: automatic numbers are counted as Word counts them."""
    document = docx.Document(str(path))
    section = document.sections[0]
    parts, number = [section.header.paragraphs[0].text], 0
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            parts.append("\n".join(row_text([cell.text for cell in row.cells]) for row in block.rows))
            continue
        style = block.style.name if block.style else ""
        number += style == "List Number"
        lead = {"Heading 1": "# ", "List Number": f"{number}. "}.get(style or "", "")
        parts.append(lead + block.text)
    return "\n\n".join([*parts, section.footer.paragraphs[0].text]) + "\n"


def words(node: etree._Element) -> str:
    return "".join(str(part) for part in node.itertext())


def html_text(path: Path) -> str:
    """What a reader of the page sees, as gold text."""
    body = lxml.html.fromstring(path.read_bytes()).find("body")
    assert body is not None
    parts = []
    for node in body.iterchildren("h1", "p", "ul", "table"):
        if node.tag == "ul":
            parts.append("\n".join(f"- {words(item)}" for item in node))
        elif node.tag == "table":
            parts.append("\n".join(row_text([words(cell) for cell in row]) for row in node))
        elif node.get("hidden") is None:
            parts.append(("# " if node.tag == "h1" else "") + words(node))
    return "\n\n".join(parts) + "\n"


def visible(path: Path) -> str:
    match path.suffix:
        case ".docx":
            return docx_text(path)
        case ".html":
            return html_text(path)
        case _:
            return path.read_text(encoding="utf-8")


@each_document
def test_a_sample_reads_as_its_gold_text(row: Row) -> None:
    assert visible(sample(row)) == row["text"]


def test_samples_are_what_the_script_builds(tmp_path: Path) -> None:
    written = build(tmp_path)
    assert sorted(written) == sorted(p.relative_to(SAMPLES) for p in SAMPLES.glob("*/*"))
    for name in written:
        assert visible(tmp_path / name) == visible(SAMPLES / name)


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in build(tmp_path / "a"):
        build(tmp_path / "b")
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.parametrize("key", TRAPS)
def test_traps_are_in_the_file_and_not_on_the_page(key: str) -> None:
    path = SAMPLES / (key + SUFFIXES[key])
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as parts:
            inside = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    else:
        inside = path.read_text(encoding="utf-8")
    trap = TRAPS[key]
    assert all(hidden in inside for hidden in (trap.author, trap.comment, trap.alt, trap.hidden))
    assert not any(hidden in visible(path) for hidden in (trap.comment, trap.alt, trap.hidden) if hidden)


@each_document
def test_a_document_is_short_and_has_things_to_keep(row: Row) -> None:
    assert 180 <= len(row["text"].split()) <= 350
    assert Counter(mention["x"] for mention in row["mentions"])["keep"] >= 10
    for mention in row["mentions"]:
        assert row["text"][mention["start"] : mention["end"]] == mention["text"]


def test_every_kind_role_and_expectation_occurs() -> None:
    mentions = [mention for row in ROWS for mention in row["mentions"]]
    assert {mention["k"] for mention in mentions} == set(KINDS)
    assert {mention["p"][0] for mention in mentions} == set(ROLES)
    assert {mention["x"] for mention in mentions} == set(EXPECTATIONS)


@pytest.mark.parametrize("bundle", sorted({row["bundle"] for row in ROWS}))
def test_a_bundle_has_its_case(bundle: str) -> None:
    case = yaml.safe_load((SAMPLES / bundle / "case.yaml").read_text(encoding="utf-8"))
    assert {"title", "public_figures", "people", "waivers", "pseudonyms", "publications"} <= case.keys()
    stems = {row["doc"] for row in ROWS if row["bundle"] == bundle}
    assert {name for person in case["people"] for name in person.get("documents", [])} <= stems
