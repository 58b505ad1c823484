"""The worked example, built and installed without a network: used where it is named, nowhere else, and its copies are proved."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from redactor import audit, formats, plugins, policy_registers
from redactor.actions import audit_verify, publish, republish
from redactor.audit_chain import LOG
from redactor.cleartext import ClearText
from redactor.cli import cli
from redactor.content import Block, BlockKind, Content
from redactor.errors import HeldError, PluginFault, PolicyError
from redactor.formats.plugged import plugged
from redactor.policy import load_policy, with_plugins
from redactor.recognizers import Chosen, signature

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "redactor-plugin-example"
NAMED = ("recognizers.plot-tag", "formats.srt")
CUES = (
    "1\n00:00:01,000 --> 00:00:04,000\n<i>Orla Wexcombe</i> took plot heron~12~blue.\n\n"
    "2\n00:00:05,500 --> 00:00:08,000\nShe rang on 07700 900123.\n"
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The example as pip installs it, in a folder of its own on the path."""
    pytest.importorskip("hatchling", reason="the example is built with hatchling")
    work = tmp_path_factory.mktemp("plugin")
    shutil.copytree(EXAMPLE, work / "source")  # pip may build in the source folder
    call = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index", "--target"]
    subprocess.run([*call, work / "site", work / "source"], check=True, capture_output=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(work / "site"))
        plugins._digest.cache_clear()
        yield work / "site"
    for name in [name for name in sys.modules if name.startswith("redactor_plugin_example")]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle") / "allotment"
    folder.mkdir()
    (folder / "film.srt").write_text(CUES, encoding="utf-8")
    (folder / "note.txt").write_text("Orla Wexcombe has plot heron~12~blue since May.\n", encoding="utf-8")
    (folder / "case.yaml").write_text("people: [{name: Orla Wexcombe, role: survivor}]\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def named(installed: Path, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """OUT of a run that named both plug-ins."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(tmp_path_factory.mktemp("keys")))
        out = tmp_path_factory.mktemp("named")
        (summary,) = publish([bundle], out, plugins=NAMED)
        assert summary.held == 0
        yield out


def documents(out: Path) -> dict[str, str]:
    return {p.name: p.read_text(encoding="utf-8") for p in (out / "allotment" / "publishable" / "documents").iterdir()}


def records(out: Path) -> list[dict[str, Any]]:
    return [dict(record) for record in audit.read(out / "allotment" / "publishable" / LOG)]


def test_where_it_is_named_it_is_used(named: Path) -> None:
    copies = documents(named)
    assert set(copies) == {"film.srt", "note.txt"}
    for text in copies.values():
        assert "heron~12~blue" not in text and "Wexcombe" not in text
    cues = copies["film.srt"].split("\n\n")
    assert cues[0].startswith("1\n00:00:01,000 --> 00:00:04,000\n[Survivor ") and "900123" not in cues[1]
    assert audit_verify(named)[0][2] == 2


def test_the_log_names_package_version_and_digest(named: Path, installed: Path) -> None:
    started = records(named)[0]
    said = [plugins.named(*name.split(".")).said for name in sorted(NAMED)]
    assert started["plugins"] == said
    assert all(" redactor-plugin-example==0.1.0 sha256:" in one and len(one.partition("sha256:")[2]) == 64 for one in said)
    manifest = json.loads((named / "allotment" / "publishable" / "manifest.json").read_text())
    assert manifest["versions"]["plug-in formats.srt"] == said[0].partition(" ")[2]
    assert any(record.get("recognizer") == "plot-tag" for record in records(named))


def test_a_second_run_names_it_by_itself(named: Path) -> None:
    before = documents(named)
    (again,) = republish(named)
    assert again.held == 0 and documents(named) == before


def test_where_it_is_not_named_it_is_not_used(
    installed: Path, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    loaded = []
    monkeypatch.setattr(plugins, "load", lambda plugin: loaded.append(plugin))
    (summary,) = publish([bundle], tmp_path / "out")
    assert loaded == []
    assert [(d.id, d.cause) for d in summary.documents if d.state == "held"] == [("d01", "no reader for this type")]
    assert "plugins" not in records(tmp_path / "out")[0]
    assert "heron~12~blue" in documents(tmp_path / "out")["note.txt"]


def test_a_writer_that_leaks_is_found_out(named: Path, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verification takes a plug-in's copy for plain text and looks at all of it."""
    subtitles = importlib.import_module("redactor_plugin_example.subtitles")
    honest = subtitles.SRT.write
    leaky = replace(subtitles.SRT, write=lambda content: honest(content) + b"\nNOTE Orla Wexcombe\n")
    monkeypatch.setattr(subtitles, "SRT", leaky)
    (summary,) = publish([bundle], tmp_path / "out", plugins=NAMED)
    (held,) = [d for d in summary.documents if d.state == "held"]
    assert held.id == "d01" and "protected form" in held.cause


def test_a_policy_names_plugins_and_registers(installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    start = "policy: ours\nextends: newsroom\ndescription: Ours\n"
    file.write_text(f"{start}plugins: {{recognizers: [plot-tag], formats: [srt]}}\n")
    ours = load_policy(str(file))
    assert [p.id for p in ours.plugged()] == ["formats.srt", "recognizers.plot-tag"]
    assert ours.digest != load_policy("newsroom").digest and ours.weakened == ()

    registers = ", ".join([*policy_registers.names(), "harbour-boards"])
    file.write_text(f"{start}registers: [{registers}]\n")
    with pytest.raises(PolicyError, match="registers is weaker"):
        load_policy(str(file))
    file.write_text(
        f"{start}registers: {{value: [{registers}], authority: {{who: The editor, when: 2026-05-01, why: They chaired it}}}}\n"
    )
    ours = load_policy(str(file))
    assert [p.id for p in ours.plugged()] == ["registers.harbour-boards"]
    assert any(row.holder.name == "Osric Fennimore" for row in ours.register_rows)
    assert "redactor_plugin_example.registers" not in sys.modules

    child = tmp_path / "child.yaml"
    file.write_text(f"{start}plugins: {{recognizers: [plot-tag]}}\n")
    child.write_text("policy: child\nextends: ours.yaml\ndescription: Child\nplugins: {recognizers: []}\n")
    with pytest.raises(PolicyError, match=r"plugins\.recognizers is weaker"):
        load_policy(str(child))


def test_the_cache_knows_another_plugin_by_its_digest(installed: Path) -> None:
    plugin = plugins.named("recognizers", "plot-tag")
    other = replace(plugin, digest="0" * 64)
    assert len({signature(Chosen(plugins=p)) for p in ((), (plugin,), (other,))}) == 3


def test_a_changed_file_changes_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(EXAMPLE / "redactor_plugin_example", tmp_path / "never_imported_plugin")
    monkeypatch.syspath_prepend(str(tmp_path))
    before = plugins._digest.__wrapped__("never_imported_plugin")
    assert plugins._digest.__wrapped__("never_imported_plugin") == before != plugins._digest.__wrapped__("not_there_at_all")
    with (tmp_path / "never_imported_plugin" / "plot_tags.py").open("a") as file:
        file.write("# changed\n")
    assert plugins._digest.__wrapped__("never_imported_plugin") != before
    assert "never_imported_plugin" not in sys.modules


@pytest.mark.parametrize(
    ("name", "fault", "said"),
    [
        ("recognizers.nothing", PluginFault, "not installed"),
        ("formats.nothing", PluginFault, "not installed"),
        ("registers.harbour-boards", PolicyError, "authority"),
        ("srt", PolicyError, "policies plugins"),
        ("formats.../x", PolicyError, "policies plugins"),
    ],
)
def test_what_cannot_be_named_is_told_before_anything_is_done(
    name: str, fault: type[Exception], said: str, bundle: Path, tmp_path: Path
) -> None:
    with pytest.raises(fault, match=said):
        publish([bundle], tmp_path / "out", plugins=[name])
    assert not (tmp_path / "out").exists()
    if fault is PluginFault:
        assert with_plugins(load_policy("base"), [name]).added == (name,)


def test_the_command_lists_them_and_says_what_is_missing(installed: Path, bundle: Path, tmp_path: Path) -> None:
    listed = CliRunner().invoke(cli, ["policies", "plugins"])
    assert listed.exit_code == 0
    assert listed.output.splitlines() == [plugin.said for plugin in plugins.offered()]
    assert [line.partition(" ")[0] for line in listed.output.splitlines()] == [
        "formats.srt",
        "recognizers.plot-tag",
        "registers.harbour-boards",
    ]
    missing = CliRunner().invoke(cli, ["publish", str(bundle), "-o", str(tmp_path / "out"), "--plugin", "formats.nothing"])
    assert missing.exit_code == 3 and "formats.nothing is not installed" in missing.output


# --- what a plug-in may not be ----------------------------------------------------------------------------------------------


def bad(value: object, group: str = "formats") -> Any:
    """A plug-in whose entry point gives `value`."""

    class Entry:
        def load(self) -> object:
            if isinstance(value, Exception):
                raise value
            return value

    return plugins.Plugin(group, "bad", "bad", "1", "0" * 64, Entry())  # type: ignore[arg-type]


def content(text: str) -> Content:
    return Content((Block(BlockKind.PARAGRAPH, ClearText(text)),))


GOOD = formats.Format("xyz", "text/x-xyz", (".xyz",), lambda _d, _s: True, lambda d: formats.Reading(content(d.decode())))


@pytest.mark.parametrize(
    "value",
    [
        "no format",
        ValueError("Orla Wexcombe"),
        replace(GOOD, name="docx"),
        replace(GOOD, media="text/plain"),
        replace(GOOD, extensions=(".docx",)),
        replace(GOOD, extensions=()),
        replace(GOOD, copy_as="nothing"),
        replace(GOOD, media="X y"),
    ],
)
def test_a_format_that_is_none_or_is_ours_is_refused(value: object) -> None:
    with pytest.raises(PluginFault, match=r"formats\.bad") as caught:
        plugged(bad(value), formats.FORMATS)
    assert "Wexcombe" not in str(caught.value) and caught.value.__cause__ is None and caught.value.__suppress_context__


def test_a_format_reads_its_own_endings_alone_and_its_faults_hold_a_file() -> None:
    def fails(data: bytes) -> formats.Reading:
        raise ValueError(data.decode())

    made = plugged(bad(replace(GOOD, read=fails, write=lambda _c: b"\xff\xfe\x00")), formats.FORMATS)
    assert made.matches(b"x", ".xyz") and not made.matches(b"x", ".txt")
    for call in (lambda: made.read(b"Orla Wexcombe"), lambda: made.write(content("x"))):
        with pytest.raises(HeldError, match=r"formats\.bad") as caught:
            call()
        assert "Wexcombe" not in str(caught.value)


def test_a_format_that_is_read_apart_is_found_in_the_other_process(
    installed: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the other process is asked for, and that it knows it; how files go there, test_formats_apart.py tells."""
    subtitles = importlib.import_module("redactor_plugin_example.subtitles")
    monkeypatch.setattr(subtitles, "SRT", replace(subtitles.SRT, apart=True))
    asked = []

    def apart(name: str, data: bytes) -> formats.Reading:
        asked.append(name)
        return formats._reader(name)(data)

    monkeypatch.setattr(formats, "read_apart", apart)
    with formats.using([plugins.named("formats", "srt")]):
        document = formats.read(bundle / "film.srt", "d01", "film.srt")
    assert asked == ["plugin:srt"]
    assert next(document.content.blocks()).text.reveal() == "Orla Wexcombe took plot heron~12~blue."


@pytest.mark.parametrize(
    "value",
    [
        "no recognizer",
        lambda: object(),
        ValueError("Orla Wexcombe"),
        lambda: 1 / 0,
    ],
)
def test_a_recognizer_that_is_none_is_refused(value: object) -> None:
    from redactor.recognizers.plugged import Plugged

    with pytest.raises(PluginFault, match=r"recognizers\.bad"):
        Plugged(bad(value, "recognizers"))


def test_a_recognizer_says_kinds_works_here_and_stays_within_the_text() -> None:
    from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult, RemoteRecognizer

    from redactor.recognizers.plugged import Plugged

    class Plots(PatternRecognizer):
        def __init__(self, **kinds: str) -> None:
            self.kinds = kinds
            super().__init__("PLOT", patterns=[Pattern("p", "AP", 0.5)])

    for kinds in ({}, {"OTHER": "id"}, {"PLOT": "plot"}):
        with pytest.raises(PluginFault, match="kinds"):
            Plugged(bad(Plots(**kinds), "recognizers"))
    (found,) = Plugged(bad(Plots(PLOT="name"), "recognizers")).analyze("an AP", [])
    assert (found.entity_type, found.start, found.end, found.score) == ("bad:name", 3, 5, 0.5)

    class Elsewhere(RemoteRecognizer):
        kinds = {"PLOT": "id"}  # noqa: RUF012

        def load(self) -> None: ...

        def analyze(self, *_: object) -> list[RecognizerResult]:
            return []

        def get_supported_entities(self) -> list[str]:
            return ["PLOT"]

    with pytest.raises(PluginFault, match="on this machine"):
        Plugged(bad(Elsewhere(["PLOT"], "x", "en", "1"), "recognizers"))

    class Beyond(EntityRecognizer):
        kinds = {"PLOT": "id"}  # noqa: RUF012

        def load(self) -> None: ...

        def analyze(self, text: str, *_: object) -> list[RecognizerResult]:
            return [RecognizerResult("PLOT", 0, len(text) + 1, 0.9)]

    with pytest.raises(PluginFault, match="failed at a text"):
        Plugged(bad(Beyond(["PLOT"]), "recognizers")).analyze("Orla Wexcombe", [])


def test_two_packages_of_one_name_are_refused(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "impostor-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: impostor\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[redactor.formats]\nsrt = impostor:SRT\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert len(metadata.entry_points(group="redactor.formats", name="srt")) == 2
    with pytest.raises(PluginFault, match="Several packages"):
        plugins.named("formats", "srt")
