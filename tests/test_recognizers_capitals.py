"""Lines written in one case alone: where a capital is wanting, and that names in them are found and stay where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from redactor.actions import publish
from redactor.model import Detection, Kind
from redactor.recognizers import Engine
from redactor.recognizers.capitals import as_prose, wanting

WORDS = frozenset(
    "caller female elderly says went out with her friend mother is tarred hope ring bell rose dean asks them late and".split()
)


def written(text: str) -> str:
    return Detection("", (), wanting=frozenset(wanting(text, WORDS.__contains__))).written(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("caller says shazia went out with rafferty", "caller says Shazia went out with Rafferty"),
        ("hope shazia is late. ring mrs bell", "hope Shazia is late. ring mrs Bell"),
        ("18.10 roxy: asks dc dean", "18.10 Roxy: asks dc Dean"),
        ("her friend rose kitto is late", "her friend Rose Kitto is late"),
        ("her friend went out with\nmother rafferty", "her friend went out with\nmother Rafferty"),
        # A line with capitals is left as its author wrote it, and so is one that goes on with its sentence.
        ("Says shazia went out", "Says shazia went out"),
        ("Says her friend went out with\nrafferty", "Says her friend went out with\nrafferty"),
        # Abbreviations, addresses and user names are no names.
        ("ring her cvp and dr", "ring her cvp and dr"),
        ("ring shazia@example.org or tarred_rafferty", "ring shazia@example.org or tarred_rafferty"),
    ],
)
def test_where_a_capital_is_wanting(text: str, shown: str) -> None:
    assert written(text) == shown


def test_a_letter_whose_capital_is_longer_moves_no_other() -> None:
    """A PDF's ligature: "ﬁ" has the capital "FI"; what is masked after it must stand where it stood."""
    text = "caller says ﬁnnian went out with rafferty"
    shown = written(text)
    assert len(shown) == len(text) and shown.endswith("with Rafferty") and "ﬁnnian" in shown


def test_names_are_found_in_a_log_without_capitals(engine: Engine) -> None:
    text = "caller female, elderly. gives name as mrs ionie rafferty, says her granddaughter shanelle is not home\n"
    found = engine.detect("d01", text)
    names = {text[f.span.start : f.span.end] for f in found.findings if f.kind is Kind.NAME}
    assert any("ionie rafferty" in name for name in names) and any("shanelle" in name for name in names)
    assert not any("granddaughter" in name or "caller" in name for name in names)


def test_a_log_without_capitals_is_published_without_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    bundle = tmp_path / "log"
    bundle.mkdir()
    said = (
        "caller gives name as mrs ionie rafferty. says shanelle not home since school, west yorkshire police told.\n\n"
        "2004 shanelle found at the bus station\n"
    )
    (bundle / "log.txt").write_text(said, encoding="utf-8")
    publish([bundle], tmp_path / "out")
    (copy,) = (tmp_path / "out").rglob("publishable/documents/*.txt")
    shown = copy.read_text(encoding="utf-8")
    assert not any(name in shown.lower() for name in ("ionie", "rafferty", "shanelle"))
    assert "west yorkshire police told" in shown and "found at the bus station" in shown


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("INSPECTOR CHURCH REVIEWS DETENTION. NO REPRESENTATIONS. MEAL GIVEN.", {"CHURCH"}),
        ("NURSE RAFFERTY ATTENDS AT THE REQUEST OF THE SERGEANT.", {"RAFFERTY"}),
        ("'THEY CALLED US LIARS': INSIDE THE HOME", set()),
    ],
)
def test_a_verb_in_a_line_of_capitals_is_no_name(engine: Engine, text: str, names: set[str]) -> None:
    found = engine.detect("d01", text).findings
    assert {text[f.span.start : f.span.end] for f in found if f.kind in (Kind.NAME, Kind.ALIAS)} == names


@pytest.mark.parametrize(
    "text", ["06:30 Ms Penrose's school bag is ready.", "misper closed. insp church aware", "In March a girl ran."]
)
def test_neither_a_titled_name_nor_a_month_is_a_place(engine: Engine, text: str) -> None:
    assert not [f for f in engine.detect("d01", text).findings if f.kind in (Kind.SCHOOL, Kind.PLACE)]


def test_a_word_without_a_vowel_stays_an_abbreviation() -> None:
    written = as_prose({"missing"}.__contains__)
    assert [written(word) for word in ("MFH", "MISSING", "RUSK", "STS")] == ["MFH", "missing", "Rusk", "STS"]
