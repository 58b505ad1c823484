"""A person in each of 47 places of a web page, through a real `publish`; the search for them is brute force of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import html

from redactor import recognizers
from redactor.actions import Summary, publish
from redactor.recognizers import Engine
from tests.planted import Planted, case_of, found_in
from tests.planted_html import MORE, PLACES, PLAIN, SHOWN, planted_html


@dataclass(frozen=True)
class Tried:
    summary: Summary
    persons: dict[str, Planted]
    files: dict[str, bytes]


@pytest.fixture(scope="module")
def tried(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    data, persons = planted_html()
    bundle = tmp_path_factory.mktemp("bundles") / "planted"
    bundle.mkdir()
    (bundle / "page.html").write_bytes(data)
    (bundle / "case.yaml").write_text(case_of(persons), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(tmp_path_factory.mktemp("keys")))
        patch.setattr(recognizers, "Engine", lambda _by: engine)
        summary = publish([bundle], tmp_path_factory.mktemp("out"), also=["docx", "md", "txt"])[0]
    folder = Path(summary.folder) / "publishable"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    yield Tried(summary, persons, files)


def test_every_place_is_planted_and_the_search_finds_each() -> None:
    data, persons = planted_html()
    assert len(PLACES) == 47 and len(persons) == 47 + len(MORE)
    assert persons.keys() - found_in(data, persons).keys() == set()


def test_nobody_is_in_a_copy_the_log_or_the_summary(tried: Tried) -> None:
    assert [d.state for d in tried.summary.documents] == ["publishable"]
    assert {Path(name).suffix for name in tried.files} == {".html", ".docx", ".md", ".txt", ".json", ".jsonl"}
    found = {name: found_in(data, tried.persons) for name, data in tried.files.items()}
    assert not any(found.values()), found
    assert not found_in(json.dumps(tried.summary.as_dict()).encode(), tried.persons)


def test_everything_a_reader_sees_is_there_and_everybody_has_a_label(tried: Tried) -> None:
    page = html.fromstring(tried.files["documents/page.html"])
    text = " ".join(" ".join(map(str, page.itertext())).split())
    assert [words for words in PLAIN if words not in text] == []
    assert len(set(re.findall(r"\[Survivor \d+\]", text))) == len(SHOWN)
    assert [(cell.tag, cell.text) for cell in page.iter("th", "td")][:2] == [("th", "To"), ("th", "Day")]


def test_the_page_holds_nothing_but_text_and_its_structure(tried: Tried) -> None:
    page = html.fromstring(tried.files["documents/page.html"])
    assert not {str(e.tag) for e in page.iter()} & {"a", "img", "script", "style", "iframe", "form", "input", "svg", "link"}
    assert {name for e in page.iter() for name in e.attrib} <= {"lang", "charset", "name", "content", "scope", "value", "style"}
