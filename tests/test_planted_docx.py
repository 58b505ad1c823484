"""A person in each of 118 places of a Word file, through a real `publish`; the search for them is brute force of its own.

Pictures are never carried over, so a name in pixels is gone with its picture: the test is that no copy holds one.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest

from redactor import recognizers
from redactor.actions import Summary, publish
from redactor.recognizers import Engine
from tests.planted import Planted, case_of, found_in
from tests.planted_docx import BODY, MEDIA, PART, PLACES, PLAIN, REL, SHOWN, ZIP, planted_docx

PIXELS = {"image_pixels", "cropped_away", "unused_image", "thumbnail_pixels"}


@dataclass(frozen=True)
class Tried:
    summary: Summary
    persons: dict[str, Planted]
    files: dict[str, bytes]


@pytest.fixture(scope="module")
def tried(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    data, persons = planted_docx()
    bundle = tmp_path_factory.mktemp("bundles") / "planted"
    bundle.mkdir()
    (bundle / "letter.docx").write_bytes(data)
    (bundle / "case.yaml").write_text(case_of(persons), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(tmp_path_factory.mktemp("keys")))
        patch.setattr(recognizers, "Engine", lambda _by: engine)
        summary = publish([bundle], tmp_path_factory.mktemp("out"), also=["html", "md", "txt"])[0]
    folder = Path(summary.folder) / "publishable"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    yield Tried(summary, persons, files)


def test_every_place_is_planted_and_the_search_finds_each() -> None:
    assert [len(group) for group in (BODY, PART, MEDIA, REL, ZIP)] == [50, 46, 12, 4, 6]
    data, persons = planted_docx()
    assert len(PLACES) == len(persons) == 118
    assert persons.keys() - found_in(data, persons).keys() == PIXELS


@pytest.mark.parametrize("written", [str.upper, lambda s: s[::-1], lambda s: s.encode("utf-16-le").hex(), lambda s: " ".join(s)])
def test_the_search_finds_a_name_however_it_is_written(written: object) -> None:
    persons = {"one": Planted("Athelwena", "Dunvfeather")}
    assert callable(written)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("a.xml", f"<a b='{written('Athelwena Dunvfeather')}'/>")
    assert found_in(b"junk" + inner.getvalue(), persons)
    assert not found_in(b"Athel wen feather", persons)


def test_nobody_is_in_a_copy_the_log_or_the_summary(tried: Tried) -> None:
    assert [d.state for d in tried.summary.documents] == ["publishable"]
    endings = {Path(name).suffix for name in tried.files}
    assert endings == {".docx", ".html", ".md", ".txt", ".json", ".jsonl"}
    found = {name: found_in(data, tried.persons) for name, data in tried.files.items()}
    assert not any(found.values()), found
    assert not found_in(json.dumps(tried.summary.as_dict()).encode(), tried.persons)


def test_no_copy_holds_a_picture_or_anything_but_text(tried: Tried) -> None:
    with zipfile.ZipFile(io.BytesIO(tried.files["documents/letter.docx"])) as package:
        assert all(name.endswith((".xml", ".rels")) for name in package.namelist())
        assert not any(word in name for name in package.namelist() for word in ("media", "embed", "comment", "custom", "vba"))


def test_everything_a_reader_sees_is_there_and_everybody_has_a_label(tried: Tried) -> None:
    document = docx.Document(io.BytesIO(tried.files["documents/letter.docx"]))
    margins = [p for part in (document.sections[0].header, document.sections[0].footer) for p in part.paragraphs]
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    text = "\n".join([*(p.text for p in [*document.paragraphs, *margins]), *cells])
    assert [words for words in PLAIN if words not in text] == []
    labels = set(re.findall(r"\[Survivor \d+\]", text))
    assert len(labels) == len(SHOWN)
