"""`evaluate` with the real models: what it measures is what was published, and it says so without a word of a document."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from redactor.actions import Evaluation, evaluate
from redactor.actions.evaluating import write_bundles
from redactor.case import open_bundle
from redactor.cli import cli
from redactor.errors import UsageError
from redactor.gold import Row, load

GOLD = Path(__file__).resolve().parent.parent / "benchmarks" / "gold"
CASE = """title: Operation Sandpiper
people:
  - {name: Tamsin Wroughton, role: survivor}
publications:
  - {path: earlier.txt, date: 2019}
"""
REPORT = (
    "The report names nobody whom it should not.\n\n"
    '<m p="S1" k="name" x="mask">Tamsin Wroughton</m> wrote to the council in March. The council leader, '
    '<m p="G1" k="name" x="keep">Councillor Edwin Harcastle</m>, answered. '
    'The word <m p="S1" k="alias" x="mask">window</m> is annotated as hers, so that something is missed.\n'
)
FRENCH = (
    "Le rapport ne parle de personne. Il a été écrit en français, et la commission le lira demain matin avec attention. "
    "Les membres du conseil ont demandé que les archives soient gardées, et que la réponse du directeur soit publiée "
    "avant la fin de l'année. Personne ne s'y est opposé, et la séance a été levée après une heure de discussion.\n"
)


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gold")
    place = folder / "operation sandpiper"
    place.mkdir()
    (place / "case.yaml").write_text(CASE, encoding="utf-8")
    (place / "earlier.txt").write_text("A survivor spoke to us.\n", encoding="utf-8")
    (place / "01-report of Tamsin.gold.txt").write_text(REPORT, encoding="utf-8")
    (place / "02-rapport.gold.txt").write_text(FRENCH, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def found(gold: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evaluation]:
    """One run for all tests here. It leaves nothing behind: no folder, and no key among the user's own."""
    own = tmp_path_factory.mktemp("keys")
    before = {*Path(tempfile.gettempdir()).glob("redactor-*")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(own))
        result = evaluate(gold)
    assert [*own.iterdir()] == []
    assert {*Path(tempfile.gettempdir()).glob("redactor-*")} == before
    yield result


def test_the_figures_are_those_of_the_copies(found: Evaluation) -> None:
    told = found.as_dict()
    assert told["figures"]["mask recall"] == {"share": 0.5, "good": 1, "of": 2}
    assert told["figures"]["keep"]["share"] == 1.0
    assert told["persons_by_role"] == {"survivor": {"wholly": 0, "partly": 1, "not": 0}}
    assert told["miss_rate_per_person"]["missed"] == 1
    assert (told["held"], [d["id"] for d in told["by_document"]]) == (1, ["d01", "d02"])
    assert found.exit_code == 1


def test_no_word_of_a_document_leaves_unasked(found: Evaluation) -> None:
    words = ("Tamsin", "Wroughton", "Harcastle", "window", "rapport")
    said = json.dumps(found.as_dict()) + repr(found)
    assert [w for w in words if w in said] == []
    asked = found.as_dict(misses=True)["misses"]
    assert [(m["what"], m["id"], m["person"], m["text"]) for m in asked] == [("leak", "d01", "S1", "window")]


def test_the_command_tells_the_same(gold: Path, found: Evaluation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redactor.actions.evaluate", lambda *_, **__: found)
    table = CliRunner().invoke(cli, ["evaluate", str(gold)])
    assert table.exit_code == 1
    assert "Miss rate per protected person   1.000 (95% interval 0.207 to 1.000): 1 of 1 person" in table.stdout
    assert "window" not in table.stdout
    listed = CliRunner().invoke(cli, ["evaluate", str(gold), "--misses"])
    assert "  operation sandpiper d01  S1 alias  window" in listed.stdout
    as_json = CliRunner().invoke(cli, ["evaluate", str(gold), "--json"])
    assert json.loads(as_json.stdout) == found.as_dict()


def test_a_bundle_without_its_case_is_refused(gold: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--cases"):
        evaluate(gold, cases=tmp_path)


def test_bundles_are_written_with_their_case_or_without(tmp_path: Path) -> None:
    rows: list[Row] = load(GOLD)
    told = write_bundles(rows, GOLD, tmp_path / "told")
    untold = write_bundles(rows, None, tmp_path / "untold")
    known = [open_bundle(path).case_known for path in (*told.values(), *untold.values())]
    assert known == [True] * len(told) + [False] * len(untold)
    opened = {name: open_bundle(place) for name, place in told.items()}
    written = {(name, s.path.stem): s.path.read_bytes().decode() for name, b in opened.items() for s in b.documents}
    assert written == {(r["bundle"], r["doc"]): r["text"] for r in rows}


def test_what_a_case_says_was_published_is_no_document(gold: Path, tmp_path: Path) -> None:
    places = write_bundles(load(gold), gold, tmp_path)
    bundle = open_bundle(places["operation sandpiper"])
    assert [p.name for p in bundle.published] == ["earlier.txt"]
    assert len(bundle.documents) == 2
