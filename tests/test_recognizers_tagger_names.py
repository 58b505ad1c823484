"""The tagger's other head: names and references, from the pass that reads facts; thresholds from the policy."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from unittest.mock import patch

import pytest

from redactor.actions.detector import chosen
from redactor.model import Kind
from redactor.policy import load_policy
from redactor.recognizers import Engine
from redactor.recognizers.dependencies import Chosen, signature, versions
from redactor.recognizers.tagger import Tagger
from redactor.recognizers.tagger_names import find

LEAST = 0.15
MODELS = ("spacy:en_core_web_sm", "tagger")


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(Path(str(files("redactor.recognizers"))))


def said(tagger: Tagger, text: str, kind: Kind = Kind.NAME, least: float = LEAST) -> set[str]:
    return {text[f.start : f.end] for f in find(tagger, least, text) if f.kind is kind}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("| Child | DOB | Placed with |\n| Kerry Aldous | 03/05/2009 | foster carer |", "Kerry Aldous"),
        ("pc tully spoke to kerry aldous at the address", "kerry aldous"),
        ("KERRY ALDOUS MISSING FROM HOME", "KERRY ALDOUS"),
        ("The mother of Wanjiru Adeyemi-Boateng rang twice.", "Wanjiru Adeyemi-Boateng"),
        ("Nobody rang her back.\n\nYours, Kerry Aldous\n", "Kerry Aldous"),  # the last of the text
    ],
)
def test_names_however_they_are_written(tagger: Tagger, text: str, name: str) -> None:
    assert name in said(tagger, text)


def test_prose_without_a_person_has_no_name(tagger: Tagger) -> None:
    text = "The panel met in May. Girls aged 13 to 16 were moved to a home in the area, and the council will review its policy."
    assert not said(tagger, text)


def test_a_name_ends_at_a_bar_and_stands_without_its_title(tagger: Tagger) -> None:
    assert {"Aldous", "Wilkes"} <= said(tagger, "| Mrs Aldous | Mr Wilkes |\n| mother | landlord |")


def test_both_heads_come_from_one_pass(tagger: Tagger) -> None:
    text = "Kerry Aldous is on medication for her epilepsy, the worker noted in the diary of that week."
    with patch.object(tagger, "_read", wraps=tagger._read) as read:
        tagger.find(text)
        assert find(tagger, LEAST, text)
    assert read.call_count == 1


def test_a_threshold_lets_less_or_more_through(tagger: Tagger) -> None:
    text = "Kerry Aldous is on medication for her epilepsy."
    facts = {f.kind for f in tagger.find(text)}
    assert Kind.HEALTH in facts
    assert Kind.HEALTH not in {f.kind for f in tagger.find(text, {"health": 1.0})}
    assert len(find(tagger, 0.001, text)) >= len(find(tagger, LEAST, text)) > len(find(tagger, 1.01, text))


def test_a_policy_chooses_it_and_its_thresholds(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    models = "names: [spacy:en_core_web_sm, rampart, tagger], tagger: {name: 0.1}"
    file.write_text(f"policy: mine\nextends: base\ndescription: d\nengine: {{{models}}}\n")
    by = chosen(load_policy(str(file)))
    assert "tagger" in by.names and not by.others and by.least["name"] == 0.1
    assert signature(by) != signature(chosen(load_policy("base")))


def test_it_stands_in_for_rampart() -> None:
    found = Engine(Chosen(MODELS)).detect("d01", "Kerry Aldous spoke to Dawn Tully about the placement.")
    assert {"spacy", "tagger_names"} <= {f.recognizer for f in found.findings}
    assert "rampart" not in {f.recognizer for f in found.findings} and "rampart" not in versions(Chosen(MODELS))
