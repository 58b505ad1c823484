"""A person in each of 113 places of a PDF, through the real command; the search is brute force of its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner

from redactor import formats, keys, recognizers
from redactor.actions.cache import Cache
from redactor.actions.place import key_id_of
from redactor.cli import cli
from redactor.content import flatten
from redactor.model import Document
from redactor.recognizers import Engine
from tests import pdf_places
from tests.planted import Planted, case_of, found_in, planted


@dataclass(frozen=True)
class Tried:
    source: bytes
    persons: dict[str, Planted]
    expected: list[str]
    files: dict[str, bytes]
    summary: dict[str, object]
    reading: Document


@pytest.fixture(scope="module")
def tried(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    data, who, expected = pdf_places.build()
    persons = planted(who)
    assert {place: person.name for place, person in persons.items()} == who
    bundle, out = tmp_path_factory.mktemp("bundles") / "planted", tmp_path_factory.mktemp("out")
    bundle.mkdir()
    (bundle / "report.pdf").write_bytes(data)
    (bundle / "case.yaml").write_text(case_of(persons), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(tmp_path_factory.mktemp("keys")))
        patch.setattr(recognizers, "Engine", lambda _by: engine)
        ran = CliRunner().invoke(cli, ["publish", str(bundle), "-o", str(out), "--also", "txt", "--json"])
        place = out / "planted"
        kept = Cache(place / "restricted" / "cache", keys.open_key(key_id_of(place)))
        reading = formats.read(bundle / "report.pdf", "d01", "report.pdf", kept)  # as the run read it, not once more
    folder = out / "planted" / "publishable"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    yield Tried(data, persons, expected, files, json.loads(ran.stdout), reading)


UNSEEN = {
    "invisible_tr3": "invisible text",
    "white_on_white": "white text",
    "under_image": "text under a picture",
    "under_black_box": "text under a box",
    "off_mediabox": "text off the page",
    "outside_cropbox": "text off the page",
    "tiny": "white text",
    "cid_no_tounicode": "",
    "annot_contents": "annotation",
    "annot_author_t": "annotation author",
    "annot_redact_pending": "text under a box",
    "annot_link_uri": "link target",
    "form_value_hidden": "form field",
    "form_default": "form field",
    "outline": "bookmark",
    "info_author": "property",
    "xmp_creator": "property",
    "embedded_name": "embedded file name",
    "names_js": "script",
    "openaction": "script",
    "ocg_name": "layer name",
    "struct_alt": "alt text",
    "image_pixels": "text in a picture",
    "qr_barcode": "barcode",
}
SEEN = (
    "plain_tj tj_kerned tj_split_td char_by_char cid_hex cid_no_tounicode cid_caesar tounicode_lies_visible hyphen_linebreak "
    "across_pages rotated form_xobject nested_form tiling_pattern type3_charproc vector_outline "
    "form_value form_choice form_ap"
).split()


def shown(data: bytes) -> str:
    """The words of a PDF's pages as pdfium has them, in one line."""
    document = pypdfium2.PdfDocument(data)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def test_the_search_finds_nearly_everybody_in_the_source(tried: Tried) -> None:
    """All but those who stand only in pixels, curves, or letters that call themselves otherwise."""
    found = found_in(tried.source, tried.persons).keys() | found_in(shown(tried.source).encode(), tried.persons).keys()
    assert len(tried.persons) == 113
    assert tried.persons.keys() - found <= {
        "cid_no_tounicode", "cid_caesar", "tounicode_lies_visible", "tounicode_lies_hidden", "vector_outline", "qr_barcode",
        "image_pixels", "image_smask", "image_alternate", "thumb",
    }  # fmt: skip


def test_nobody_is_in_a_copy(tried: Tried) -> None:
    copies = {name: data for name, data in tried.files.items() if name.startswith("documents/")}
    assert sorted(copies) == ["documents/report.pdf", "documents/report.txt"]
    for data in tried.files.values():
        assert found_in(data, tried.persons) == {}
    assert found_in(shown(copies["documents/report.pdf"]).encode(), tried.persons) == {}


def test_what_a_reader_saw_is_all_there(tried: Tried) -> None:
    said = shown(tried.files["documents/report.pdf"])
    assert [words for words in tried.expected if words not in said] == []
    assert said.count("[Survivor ") >= 15
    assert said.count("A form entry was filled in: [Survivor ") == 3  # value, choice and look; the fourth field is hidden


def test_the_report_of_the_intake_counts_what_was_left_out(tried: Tried) -> None:
    told = json.dumps(tried.summary)
    for code in ("text-under-box", "redact-annotation-unapplied", "invisible-text", "annotation", "form field"):
        assert code in told


def test_x_ray_finds_no_bad_redaction(tried: Tried, tmp_path: Path) -> None:
    python = os.environ.get("REDACTOR_XRAY")
    if not python:
        pytest.skip("REDACTOR_XRAY names no python that has x-ray (its own environment: a dependency is AGPL)")
    for name, data in (("source", tried.source), ("copy", tried.files["documents/report.pdf"])):
        (tmp_path / f"{name}.pdf").write_bytes(data)
        code = f"import asyncio, json, xray; print(json.dumps(asyncio.run(xray.inspect({str(tmp_path / name)!r} + '.pdf'))))"
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True, timeout=120)
        assert (json.loads(done.stdout.splitlines()[-1]) == {}) is (name == "copy")


# --- what was read of the source


def test_what_a_reader_sees_is_read_whatever_the_letters_call_themselves(tried: Tried) -> None:
    said = flatten(tried.reading.content).text.reveal().replace("\n", " ")
    assert [words for words in tried.expected if words not in said] == []
    assert [place for place in SEEN if tried.persons[place].name not in said] == []


def test_what_nobody_sees_is_learnt_from_and_not_carried(tried: Tried) -> None:
    said = flatten(tried.reading.content).text.reveal()
    assert [place for place, one in tried.persons.items() if one.name in said and place not in SEEN] == []
    for place, reason in UNSEEN.items():
        if reason:
            assert any(
                h.place == reason and tried.persons[place].name.split()[0] in h.text.reveal() for h in tried.reading.hidden
            ), place


def test_a_badly_redacted_source_is_told_of(tried: Tried) -> None:
    assert {"text-under-box", "redact-annotation-unapplied", "invisible-text", "white-text", "text-layer-differs"} <= set(
        tried.reading.warnings
    )
    assert "Covered [blacked out]" in flatten(tried.reading.content).text.reveal()
