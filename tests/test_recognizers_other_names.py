"""Name models that a policy names beside the packaged ones: from a folder, never from the network."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from redactor.errors import ModelFault, PolicyError
from redactor.model import Kind
from redactor.policy import load_policy
from redactor.recognizers import Chosen, Engine, versions
from redactor.recognizers.dependencies import PIPELINE
from redactor.recognizers.other_names import other_recognizer

TEXT = "On Monday Corinne Hartwell met Rosalind Peake in Mansfield."


def packaged() -> Path:
    """The folder of the packaged pipeline, as somebody would keep another one."""
    spec = importlib.util.find_spec(PIPELINE)
    assert spec is not None and spec.submodule_search_locations
    return next(p.parent for p in Path(next(iter(spec.submodule_search_locations))).rglob("config.cfg"))


def test_a_further_pipeline_from_a_folder_finds_names() -> None:
    recognizer = other_recognizer(f"spacy:{packaged()}")
    names = {TEXT[r.start : r.end] for r in recognizer.analyze(TEXT, []) if r.entity_type == f"spacy:{Kind.NAME}"}
    assert "Rosalind Peake" in names


def test_a_pipeline_from_a_folder_stands_in_for_the_packaged_one() -> None:
    chosen = Chosen((f"spacy:{packaged()}", "rampart"))
    found = Engine(chosen).detect("d01", TEXT).findings
    assert {"spacy", "rampart"} <= {f.recognizer for f in found if f.kind is Kind.NAME}
    told = versions(chosen)
    assert told["spacy pipeline"].startswith("sha256:") and PIPELINE not in told


def test_without_rampart_it_does_not_run() -> None:
    found = Engine(Chosen(("spacy:en_core_web_sm",))).detect("d01", TEXT).findings
    assert {f.recognizer for f in found if f.kind is Kind.NAME} == {"spacy"}
    assert "rampart" not in versions(Chosen(("spacy:en_core_web_sm",)))


@pytest.mark.parametrize("sort", ["spacy", "gliner", "transformers"])
def test_a_missing_package_or_folder_is_a_sentence_and_exit_code_3(sort: str, tmp_path: Path) -> None:
    with pytest.raises(ModelFault, match=r"not installed|not there") as caught:
        Engine(Chosen(("spacy:en_core_web_sm", "rampart", f"{sort}:{tmp_path / 'none'}")))
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("sort", ["spacy", "gliner", "transformers"])
def test_a_folder_without_a_model_is_a_sentence(sort: str, tmp_path: Path) -> None:
    if sort != "spacy" and importlib.util.find_spec(sort) is None:
        pytest.skip(f"{sort} is not installed")
    with pytest.raises(ModelFault):
        other_recognizer(f"{sort}:{tmp_path}")


@pytest.mark.parametrize("sort", ["gliner", "transformers"])
def test_a_model_from_a_folder_finds_names(sort: str) -> None:
    folder = os.environ.get(f"REDACTOR_TEST_{sort.upper()}", "")
    if importlib.util.find_spec(sort) is None or not folder:
        pytest.skip(f"needs the package {sort} and a model's folder in REDACTOR_TEST_{sort.upper()}")
    names = {TEXT[r.start : r.end] for r in other_recognizer(f"{sort}:{folder}").analyze(TEXT, [])}
    assert "Rosalind Peake" in names


def test_a_policy_may_add_a_model_and_needs_authority_to_leave_one_out(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    start = "policy: ours\nextends: newsroom\ndescription: Ours\nengine:\n  names: "
    file.write_text(f'{start}[spacy:en_core_web_sm, tagger, rampart, "gliner:/srv/gliner"]\n')
    assert load_policy(str(file)).engine.names[-1] == "gliner:/srv/gliner"
    file.write_text(f'{start}["gliner:/srv/gliner"]\n')
    with pytest.raises(PolicyError, match=r"engine\.names is weaker"):
        load_policy(str(file))
    for wrong in ("gliner", "spacy:", "http://x", "other:/srv"):
        file.write_text(f'{start}[spacy:en_core_web_sm, tagger, rampart, "{wrong}"]\n')
        with pytest.raises(PolicyError, match="a name model is"):
            load_policy(str(file))
