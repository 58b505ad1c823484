"""A paragraph that a model has read is not read again, and what is found is the same as without."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from unittest.mock import Mock

import pytest

from redactor.recognizers import rampart
from redactor.recognizers.again import remembered
from redactor.recognizers.tagger import Tagger

BEFORE = (
    "Ola Rusk, 14, came to the quay with her uncle.\n\n"
    "She had been deaf since a fall, said Piet Marlow of 12 Larch Road.\n\nThe council met in May."
)
AFTER = BEFORE.replace("her uncle", "Anton Verrill, an older cousin").replace("The council", "On Monday the council")


def test_what_was_read_last_is_kept_and_what_was_read_first_goes() -> None:
    asked: list[str] = []

    def shout(texts: list[str]) -> list[str]:
        asked.extend(texts)
        return [text.upper() for text in texts]

    read = remembered(shout, most=2)
    assert [read(text) for text in ("a", "b", "a", "c", "a", "b")] == [["A"], ["B"], ["A"], ["C"], ["A"], ["B"]]
    assert asked == ["a", "b", "c", "b"]
    assert read("bdedcb") == list("BDEDCB")
    assert asked == ["a", "b", "c", "b", "d", "e", "c"]


def test_a_fault_is_not_kept() -> None:
    faults = [ValueError(), None]

    def read(texts: list[str]) -> list[str]:
        if fault := faults.pop(0):
            raise fault
        return texts

    again = remembered(read)
    with pytest.raises(ValueError):
        again("a")
    assert again("a") == ["a"]


@pytest.mark.parametrize("name", ["rampart", "tagger"])
def test_only_changed_paragraphs_are_read_again_and_the_finds_are_those_of_a_fresh_model(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made() -> rampart.Rampart | Tagger:
        return (rampart.Rampart if name == "rampart" else Tagger)(Path(str(files("redactor.recognizers"))))

    used, inner = made(), "_run" if name == "rampart" else "_read"
    first = used.find(BEFORE)
    run = Mock(side_effect=getattr(used, inner))
    monkeypatch.setattr(used, inner, run)
    assert first and used.find(BEFORE) == first and not run.called
    assert used.find(AFTER) == made().find(AFTER) != first
    assert run.call_count == 2, "the middle paragraph stands as it was"
