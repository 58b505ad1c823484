"""A person in each of 15 places of a picture, through a real `publish` with both kinds of copy; the search is brute force of its
own, in bytes and, with an engine, in pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest

from redactor import recognizers
from redactor.actions import Summary, publish
from redactor.recognizers import Engine
from tests.planted import Planted, case_of, found_in
from tests.planted_png import CHUNKS, PIXELS, PLACES, PLAIN, SEEN, planted_png, seen_in, words_in

KEEP = """
policy: keeps-pictures
extends: iopc-report
description: copies pictures as pixels too
pictures: {value: keep-painted, authority: {who: the editor, when: 1 May 2026, why: readers must see the minutes}}
"""


@dataclass(frozen=True)
class Tried:
    summary: Summary
    source: bytes
    persons: dict[str, Planted]
    files: dict[str, bytes]


@pytest.fixture(scope="module")
def tried(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    data, persons = planted_png()
    bundle = tmp_path_factory.mktemp("bundles") / "planted"
    bundle.mkdir()
    (bundle / "minutes.png").write_bytes(data)
    (bundle / "case.yaml").write_text(case_of(persons), encoding="utf-8")
    policy = tmp_path_factory.mktemp("policy") / "keep.yaml"
    policy.write_text(KEEP, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(tmp_path_factory.mktemp("keys")))
        patch.setattr(recognizers, "Engine", lambda _by: engine)
        summary = publish([bundle], tmp_path_factory.mktemp("out"), policy=str(policy))[0]
    folder = Path(summary.folder) / "publishable"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    yield Tried(summary, data, persons, files)


def test_everybody_is_in_the_source_and_the_search_finds_each(tried: Tried) -> None:
    assert len(PLACES) == len(tried.persons) == 15
    assert seen_in(words_in(tried.source), tried.persons).keys() == set(PIXELS)
    assert found_in(tried.source, tried.persons).keys() >= set(CHUNKS)


def test_nobody_is_in_a_copy(tried: Tried) -> None:
    assert [d.state for d in tried.summary.documents] == ["publishable"]
    pictures = sorted(name for name in tried.files if name.endswith(".png"))
    assert pictures == ["documents/minutes-page-1.png", "documents/minutes-page-2.png"]
    assert not any(found_in(data, tried.persons) for data in tried.files.values())
    shown = [words_in(tried.files[name]) for name in pictures]
    assert not any(seen_in(texts, tried.persons) for texts in shown)
    plain = ["".join(filter(str.isalnum, words.casefold())) for words in PLAIN]
    assert [[words in texts for words in plain] for texts in shown] == [[True, True, True, False], [False, False, False, True]]


def test_the_text_is_whole_but_for_names(tried: Tried, tmp_path: Path) -> None:
    (tmp_path / "copy.docx").write_bytes(tried.files["documents/minutes.docx"])
    text = "\n".join(p.text for p in docx.Document(str(tmp_path / "copy.docx")).paragraphs)
    assert [words for words in PLAIN if words not in text] == []
    assert text.count("[Survivor") == len(SEEN)
