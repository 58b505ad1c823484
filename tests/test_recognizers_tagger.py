"""The tagger: facts in free words that no pattern knows, traps left alone, the tested model and no other."""

from __future__ import annotations

import shutil
from functools import partial
from importlib.resources import files
from pathlib import Path

import pytest

from redactor.decide_everywhere import echo
from redactor.errors import ModelFault
from redactor.model import Action, Decision, Finding, Kind, Span
from redactor.recognizers.apart import beside_names
from redactor.recognizers.dependencies import TAGGER_FILES
from redactor.recognizers.facts_dates import dates
from redactor.recognizers.facts_life import life
from redactor.recognizers.facts_places import places
from redactor.recognizers.pieces import Cutter, shape
from redactor.recognizers.tagger import LONGEST, PARAGRAPH, Tagger

FOLDER = Path(str(files("redactor.recognizers")))


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(FOLDER)


def copied(to: Path) -> Path:
    for name in TAGGER_FILES:
        shutil.copyfile(FOLDER / name, to / name)
    return to


def test_an_altered_model_is_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    Tagger(folder)
    file = folder / "tagger.onnx"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(ModelFault, match=r"tagger\.onnx"):
        Tagger(folder)


@pytest.mark.parametrize("name", list(TAGGER_FILES))
def test_a_missing_file_is_refused(tmp_path: Path, name: str) -> None:
    (copied(tmp_path) / name).unlink()
    with pytest.raises(ModelFault, match="missing"):
        Tagger(tmp_path)


@pytest.mark.parametrize("length", [0, 1, LONGEST, LONGEST + 1, 3 * LONGEST + 7])
def test_every_piece_has_one_row(tagger: Tagger, length: int) -> None:
    text = "word " * length
    assert [(a, b) for a, b, _ in tagger.odds(text)] == [(5 * n, 5 * n + 4) for n in range(length)]


def test_a_long_paragraph_is_read_to_its_end(tagger: Tagger) -> None:
    text = "The panel met and agreed the minutes. " * (2 * PARAGRAPH // 38)
    rows = list(tagger.odds(text))
    assert rows[-1][1] == len(text.rstrip())
    assert all(abs(float(row.sum()) - 1) < 0.01 for _, _, row in rows)


@pytest.mark.parametrize(
    ("word", "code"), [("hope", 1), ("Hope", 2), ("HOPE", 3), ("H", 4), ("McHope", 5), ("14", 6), ("14a", 7), ("-", 0)]
)
def test_shape_tells_how_a_word_is_written(word: str, code: int) -> None:
    assert shape(word, 0, len(word)) == code + 8
    assert shape(f"a {word}", 2, 2 + len(word)) == code
    assert shape(f"a\n| {word}", 4, 4 + len(word)) == code + 8


def test_pieces_stand_where_their_letters_stand() -> None:
    text = "Zoë O'Hara,\nthe Ánna-Marie"
    cut = Cutter(FOLDER / "tagger_words.txt").cut(text)
    assert "".join(text[a:b] for a, b in cut.spans) == "".join(text.split())


UNFORESEEN = {
    "Ines Marlow has narcolepsy and her carers were told of it.": ("health", "narcolepsy"),
    "Ines Marlow is Tongan and an interpreter was used.": ("demographic", "Tongan"),
    "Her family are Mennonites and Ines Marlow was afraid.": ("demographic", "Mennonites"),
}
TRAPS = (
    "The committee met on Tuesday and agreed that the budget would be reviewed in May.",
    "Girls aged 13 to 16 were not believed, and many professionals did not act.",
    "The Home Secretary told MPs that mental health services in the area were stretched.",
    "Officers attended the hotel, searched the car park and left. The log was closed.",
    "Bold by another.\n\n| Bruntlind Stanwadnock | A cell stays. |\n\nThe author wrote it.",
    "The survivor told us that her mother had asked for help nine times.",
    "Hope was expressed that the new chair would restore trust. Grace was said before lunch.",
    "| Team manager | Children's Services | apologies |",
)


@pytest.mark.parametrize("text", list(UNFORESEEN))
def test_a_fact_that_no_pattern_knows_is_found(tagger: Tagger, text: str) -> None:
    kind, words = UNFORESEEN[text]
    at = text.index(words)
    patterns = [f for find in (dates, life, partial(places, is_town=lambda _: False)) for f in find(text)]
    assert not any(f.start < at + len(words) and at < f.end for f in patterns), "a pattern knows it by now: think of another"
    found = [f for f in tagger.find(text) if f.start < at + len(words) and at < f.end]
    assert Kind(kind) in {f.kind for f in found}


@pytest.mark.parametrize("text", TRAPS)
def test_what_gives_nobody_away_is_left(tagger: Tagger, text: str) -> None:
    assert tagger.find(text) == []


def test_finds_are_whole_words_of_their_line(tagger: Tagger) -> None:
    for text in UNFORESEEN:
        for found in tagger.find(text):
            assert text[found.start : found.end] == text[found.start : found.end].strip()
            assert not text[found.start - 1 : found.start].isalnum()
            assert not text[found.end : found.end + 1].isalnum()


def test_free_words_are_looked_for_nowhere_else() -> None:
    """A workplace told in small letters is masked where it is hers; elsewhere the same words are anybody's."""
    text = "She has a job at the corner bakery. The bakery at the corner was inspected: the corner bakery is clean."
    start = text.index("the corner bakery")
    decision = Decision("d01", Span(start, start + 17), Kind.WORK, Action.MASK, "R", "rule", recognizer="tagger")
    assert dict(echo({"d01": (text, [decision])}))["d01"] == [decision]
    named = text.replace("the corner bakery", "the Corner Bakery")
    told = dict(echo({"d01": (named, [decision])}))["d01"]
    assert len(told) == 2, "a name is masked wherever it stands"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("She is <the niece of Ola Rusk>.", "the niece of"),
        ("<Ola Rusk's lodger> rang.", "lodger"),
        ("<her cousin> rang.", "her cousin"),
        ("<Ola Rusk> rang.", None),
    ],
)
def test_a_fact_takes_no_name_along(text: str, left: str | None) -> None:
    start, end = text.index("<"), text.index(">") - 1
    text = text.replace("<", "").replace(">", "")
    fact = Finding("d01", Span(start, end), Kind.KIN, 0.9, "tagger", "tagger_kin", ("relation", "model"))
    at = text.find("Ola Rusk")
    names = {Finding("d01", Span(at, at + 8), Kind.NAME, 0.9, "rampart", "rampart_name")} if at >= 0 else set()
    kept = [text[f.span.start : f.span.end] for f in beside_names({fact, *names}, text) if f.recognizer == "tagger"]
    assert kept == ([left] if left else [])
