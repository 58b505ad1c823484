from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from redactor import errors
from redactor.actions import Asked, DocumentResult, Summary
from redactor.cli import cli
from redactor.cli.echo import printable
from redactor.cli.faults import Guarded, sentences
from redactor.cli.progress import progress
from redactor.cli.summary import in_words

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
COMMAND = [sys.executable, "-m", "redactor"]
PRIVATE = "the planted phrase"  # stands for what no message may repeat


def run(*args: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    given = {"capture_output": True, "text": True, "cwd": ROOT, "timeout": 300, **more}
    return subprocess.run([*COMMAND, *map(str, args)], check=False, **given)


def invoke(*args: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, [*map(str, args)])
    return result.exit_code, result.stdout, result.stderr


# --- help ---------------------------------------------------------------------------------------------------------------


def commands(command: click.Command = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, (*path, name))


PATHS = [pytest.param(path, id=" ".join(path) or "redactor") for path, _ in commands()]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_has_examples_that_the_command_line_takes(path: tuple[str, ...], flag: str) -> None:
    code, out, err = invoke(*path, flag)
    assert (code, err) == (0, "")
    examples = [line.strip() for line in out.splitlines() if line.startswith("    redactor ")]
    assert examples
    for example in examples:
        parse(shlex.split(re.split(" [<>] ", example)[0])[1:])


def parse(args: list[str]) -> None:
    """Raises click's UsageError for a command line that would be refused."""
    command: click.Command = cli
    context = click.Context(cli, **cli.context_settings)
    while isinstance(command, click.Group) and args:
        _, found, args = command.resolve_command(context, args)
        assert found is not None
        command = found
    command.make_context(command.name, args, parent=context)


def test_an_example_with_a_wrong_option_would_be_seen() -> None:
    with pytest.raises(click.UsageError):
        parse(["publish", "samples/x", "-o", "out", "--polcy", "newsroom"])


def test_help_answers_at_once() -> None:
    def once() -> float:
        began = time.perf_counter()
        assert run("-h").returncode == 0
        return time.perf_counter() - began

    assert min(once() for _ in range(4)) < 0.5


def test_the_command_loads_nothing_heavy() -> None:
    heavy = "presidio_analyzer presidio_anonymizer spacy onnxruntime docx lxml sqlalchemy cryptography numpy rich".split()
    program = f"import sys, redactor.cli; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True).strip() == "[]"


def test_version() -> None:
    assert run("--version").stdout == "redactor 0.1.0\n"


# --- faults -------------------------------------------------------------------------------------------------------------


def failing(fault: BaseException) -> Guarded:
    group = Guarded("redactor")

    @group.command("publish")
    def _() -> None:
        raise fault

    return group


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (errors.UsageError("A. B"), 2, ["A. B"]),
        (errors.CaseError("A. B"), 2, ["A. B"]),
        (errors.PolicyError("A. B"), 2, ["A. B"]),
        (errors.EnvironmentFault("A. B"), 3, ["A. B"]),
        (errors.KeyFault("A. B"), 3, ["A. B"]),
        (errors.ModelFault("A. B"), 3, ["A. B"]),
        (errors.StoreFault("A. B"), 3, ["A. B"]),
        (
            errors.AuditError(["record 3 is gone", "d02: the copy was changed"]),
            4,
            ["record 3 is gone", "d02: the copy was changed"],
        ),
        (errors.AuditError([]), 4, ["the audit log does not verify"]),
        (errors.HeldError("A", "B"), 1, ["A. B"]),
        (errors.LeakError((), "A", "B"), 1, ["A. B"]),
    ],
)
def test_each_fault_has_its_exit_code_and_sentence(fault: Exception, code: int, said: list[str]) -> None:
    result = CliRunner().invoke(failing(fault), ["publish"])
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.splitlines() == [f"redactor: {line}" for line in said]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "The disk is full. Free some space"),
        (errno.EACCES, "No permission to read the input or to write the output. Check the permissions"),
        (errno.EROFS, "No permission to read"),
        (errno.EIO, "The system refused to read or write a file (input/output error). Check both folders"),
        (None, "The system refused to read or write a file (no reason given). Check both folders"),
    ],
)
def test_a_fault_of_the_system_names_no_file(number: int | None, said: str) -> None:
    fault = OSError(number, PRIVATE, f"{PRIVATE}.docx") if number else OSError(PRIVATE)
    result = CliRunner().invoke(failing(fault), ["publish"])
    assert result.exit_code == 3
    assert result.stderr.startswith(f"redactor: {said}")
    assert PRIVATE not in result.stderr


def test_want_of_memory_has_a_remedy() -> None:
    result = CliRunner().invoke(failing(MemoryError()), ["publish"])
    assert (result.exit_code, "fewer documents" in result.stderr) == (3, True)


@pytest.mark.parametrize(
    "fault", [ValueError(PRIVATE), KeyError(PRIVATE), RecursionError(PRIVATE), ExceptionGroup(PRIVATE, [ValueError(PRIVATE)])]
)
def test_an_unexpected_fault_never_tells_its_words(fault: Exception) -> None:
    result = CliRunner().invoke(failing(fault), ["publish"])
    assert (result.exit_code, result.stdout) == (3, "")
    assert PRIVATE not in result.stderr
    assert result.stderr.startswith("redactor: An unexpected fault in redactor.cli") and "-v" in result.stderr


def inside_ours() -> Exception:
    """A fault that arose in a library called by a module of ours, while words of a document were at hand."""
    from redactor.case import clean_name

    try:
        clean_name(len(PRIVATE))  # type: ignore[arg-type]
    except TypeError as fault:
        try:
            raise ValueError(PRIVATE) from fault
        except ValueError:
            return fault
    raise AssertionError


def test_an_unexpected_fault_names_the_module_and_with_v_the_lines() -> None:
    assert sentences(inside_ours(), publishing=True) == [
        "An unexpected fault in redactor.case; nothing was published from this bundle. "
        "Run again with -v and report what it prints: no words of a document are in it"
    ]
    _, *frames, last = sentences(inside_ours(), publishing=True, more=True)
    assert any("redactor/case.py:" in frame for frame in frames)
    assert all(frame.rpartition(":")[2].isdigit() for frame in frames)
    assert last == "TypeError"


def test_a_fault_of_the_command_itself_does_not_deny_the_publication() -> None:
    assert "nothing was published" not in sentences(ValueError(PRIVATE), publishing=True)[0]


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), click.Abort()])
def test_an_interruption_has_one_sentence(fault: BaseException) -> None:
    result = CliRunner().invoke(failing(fault), ["publish"])
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr.splitlines() == [
        "redactor: Interrupted; no copy is left half-written. Run the same command again",
    ]


class Dropping:
    """Python drops what is raised in here, a Ctrl-C too."""

    def __init__(self, fault: BaseException) -> None:
        self.fault = fault

    def __del__(self) -> None:
        raise self.fault


@pytest.mark.parametrize(("fault", "code"), [(KeyboardInterrupt(), 130), (ValueError(PRIVATE), 0)])
def test_what_a_destructor_drops_is_silent_but_an_interruption_counts(fault: BaseException, code: int) -> None:
    group = Guarded("redactor")

    @group.command()
    def drop() -> None:
        Dropping(fault)
        for _ in range(10):
            time.sleep(0.02)

    result = CliRunner().invoke(group, ["drop"])
    assert (result.exit_code, PRIVATE in result.stderr) == (code, False)


def test_libraries_are_not_heard() -> None:
    group = Guarded("redactor")

    @group.command()
    def loud() -> None:
        warnings.warn(PRIVATE, stacklevel=1)
        logging.getLogger("presidio-analyzer").error(PRIVATE)

    before = logging.root.manager.disable
    result = CliRunner().invoke(group, ["loud"])
    assert (result.exit_code, result.output) == (0, "")
    assert logging.root.manager.disable == before


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["publish", "nowhere", "-o", "out"], "redactor: The bundle does not exist"),
        (["publish", "samples/operation-larkspur", "-o", "out", "--policy", "newsrom"], "Did you mean newsroom?"),
        (["publish", "samples/operation-larkspur", "-o", "out", "--case", "nowhere.yaml"], "redactor: case.yaml"),
        (["publish", "samples/operation-larkspur", "-o", "out", "--also", "vellum"], "'vellum' is not one of"),
        (["publish", "samples/operation-larkspur"], "Missing option '-o'"),
        (["publish", "-o", "out"], "Missing argument 'BUNDLE...'"),
        (["polices"], "No such command 'polices'"),
        (["policies", "show", "iopc-repport"], "Did you mean iopc-report?"),
        (["audit", "verify", "nowhere"], "redactor: This folder holds no publication"),
        (["audit", "show", "nowhere"], "redactor: This folder holds no publication"),
        (["where", "nowhere", "d01"], "redactor: This folder holds no publication"),
    ],
)
def test_wrong_use_is_answered_before_anything_is_made(
    args: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "samples").symlink_to(SAMPLES)
    monkeypatch.chdir(tmp_path)
    code, out, err = invoke(*args)
    assert (code, out) == (2, "")
    assert said in err
    assert [p.name for p in tmp_path.iterdir()] == ["samples"]


def test_a_full_disk_behind_stdout_is_a_fault_of_the_machine() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w") as full:
        done = run("policies", "show", "base", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 3
    assert done.stderr == "redactor: The disk is full. Free some space and run the same command again\n"


def test_a_reader_that_stops_reading_is_no_fault() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = run("policies", "show", "base", capture_output=False, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_terminal_that_lacks_a_character_shows_its_code(tmp_path: Path) -> None:
    text = "policy: ours\nextends: newsroom\ntowns_from: {value: 1000, authority: {who: Łucja, when: 2024-01, why: agreed}}\n"
    (tmp_path / "ours.yaml").write_text(text, encoding="utf-8")
    done = run("policies", "check", tmp_path / "ours.yaml", env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 0, done.stderr
    assert "towns_from is weaker than its base by authority of \\u0141ucja, 2024-01" in done.stdout


@pytest.mark.parametrize(
    ("text", "shown"),
    [("d01 plain é – x", "d01 plain é – x"), ("a\x1b[2Jb", r"a\x1b[2Jb"), ("a\nb\x9b", r"a\nb\x9b"), ("a\u202eb", r"a\u202eb")],
)
def test_a_file_name_does_not_steer_the_terminal(text: str, shown: str) -> None:
    assert printable(text) == shown


# --- policies -----------------------------------------------------------------------------------------------------------


def test_policies_alone_lists_them() -> None:
    code, out, err = invoke("policies")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == [
        "base",
        "inquiry",
        "iopc-report",
        "newsroom",
        "newsroom-changed-names",
        "strict",
    ]
    assert invoke("policies", "list")[1] == out


def test_a_policy_is_shown_with_its_base_merged_in() -> None:
    import yaml

    shown = yaml.safe_load(invoke("policies", "show", "newsroom")[1])
    assert shown == json.loads(invoke("policies", "show", "newsroom", "--json")[1])
    assert shown["policy"] == "newsroom" and "survivor" in shown["roles"]


def test_a_weaker_policy_is_refused_with_line_and_key(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text("policy: ours\nextends: newsroom\n", encoding="utf-8")
    assert invoke("policies", "check", file)[:2] == (0, "ours: this policy can be used\n")
    file.write_text("policy: ours\nextends: newsroom\ntowns_from: 1000\n", encoding="utf-8")
    code, out, err = invoke("policies", "check", file)
    assert (code, out) == (2, "")
    assert "line 3" in err and "towns_from" in err


# --- the summary --------------------------------------------------------------------------------------------------------

SUMMARY = Summary(
    bundle="larkspur",
    folder="out/larkspur",
    policy="newsroom",
    case_known=True,
    documents=(
        DocumentResult("d01", "publishable", "documents/01.md"),
        DocumentResult("d02", "held", "", "no reader", "Save as .docx"),
    ),
    by_role={"survivor": {"mask": 12}, "public_figure": {"keep": 3}},
    by_kind={"date": {"soften": 4, "keep": 1}},
    questions=(Asked("q001", "[Person 4]", "unknown", 14, 3), Asked("q002", "[Person 7]", "public_figure", 1, 1)),
    key_path="/keys/case-1.key",
    public_key="ab12",
    skipped=1,
    notes=("weakened by authority: towns_from",),
)


def test_the_summary_says_what_was_done_and_what_is_left_to_do() -> None:
    said = in_words([SUMMARY])
    lines = [" ".join(line.split()) for line in said.splitlines()]
    for line in (
        "larkspur: 1 publishable, 1 held",
        "d02 held: no reader. Save as .docx.",
        "1 file left out: hidden, lock and system files are no documents",
        "Decisions by role mask soften keep",
        "survivor 12 0 0",
        "public figure 0 0 3",
        "date 0 4 1",
        "q001 Who is [Person 4]? 14 mentions in 3 documents; until answered taken for: unknown",
        "q002 Who is [Person 7]? 1 mention in 1 document; until answered taken for: public figure",
        "Copies and log out/larkspur/publishable",
        "Case key /keys/case-1.key (keep it apart from the output)",
        "Public key ab12",
        "weakened by authority: towns_from.",
        "No blocking finding under policy newsroom; 3 items need a person",
    ):
        assert line in lines
    assert "documents/01.md" not in said
    assert "d01 publishable: documents/01.md" in in_words([SUMMARY], more=True)


def test_the_summary_asks_what_settles_most_and_says_how_much_is_left() -> None:
    same = Asked("q0002", "[Person 2]", "unknown", 9, 2, about="same", other="[Officer 4]")
    doubt = Asked("q0003", "", "waived", 2, 1, ("waiver-scope",), about="doubt")
    shared = [Asked(f"q1{n:03}", "", "unknown", 1, 1, about="shared") for n in range(24)]
    said = in_words([replace(SUMMARY, questions=(same, doubt, *shared))])
    assert "q0003  Does what the case says of somebody it names still hold? 2 mentions in 1 document; waiver-scope\n" in said
    assert "q0002  Are [Person 2] and [Officer 4] the same person? 9 mentions in 2 documents\n" in said
    assert "Who is meant by a name that several bear? 1 mention in 1 document\n" in said
    assert "and 6 that settle less" in said and "q1020" not in said
    assert "redactor questions OUT" in said


def test_the_summary_says_when_there_is_no_case() -> None:
    sentence = "No case.yaml: nobody is a registered public figure"
    assert sentence not in in_words([SUMMARY])
    assert sentence in in_words([replace(SUMMARY, case_known=False)])


def test_the_summary_promises_nothing() -> None:
    nothing = replace(SUMMARY, documents=SUMMARY.documents[1:], questions=())
    assert "Nothing was published under policy newsroom; 1 item needs a person" in in_words([nothing])
    for said in (in_words([SUMMARY], more=True), in_words([nothing])):
        assert not {"safe", "compliant"} & set(said.lower().replace(".", " ").split())


# --- progress -----------------------------------------------------------------------------------------------------------


def test_nobody_watches_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    with progress() as report:
        assert report is None


def test_a_terminal_sees_stage_and_documents_done() -> None:
    program = (
        "from redactor.cli.progress import progress\n"
        "import time\n"
        "with progress() as report:\n"
        "    for stage in ('reading', 'detecting'):\n"
        "        for done in range(3):\n"
        "            report(stage, done, 3)\n"
        "            time.sleep(0.15)\n"
    )
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs, env=env
    ) as process:
        os.close(theirs)
        seen = b""
        with contextlib.suppress(OSError):  # Linux ends a pseudo-terminal with EIO
            while part := os.read(ours, 4096):
                seen += part
        assert process.stdout is not None
        assert process.stdout.read() == b""
    os.close(ours)
    assert process.returncode == 0
    assert b"reading" in seen and b"detecting" in seen and b"2/3" in seen and b"documents" in seen


# --- the main job -------------------------------------------------------------------------------------------------------


class Published:
    """One run over both samples and a folder with a file nobody can read: where it wrote, its keys, what the process said."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "out"
        self.keys = folder / "keys"
        self.env = {**os.environ, "REDACTOR_KEYS": str(self.keys)}
        odd = folder / "odd"
        odd.mkdir()
        (odd / "a.txt").write_text("The panel met on Monday. The report was agreed.\n", encoding="utf-8")
        (odd / "b.xyz").write_text(PRIVATE, encoding="utf-8")
        bundles = SAMPLES / "operation-larkspur", SAMPLES / "harbour-gazette", odd
        self.done = run("publish", *bundles, "-o", self.out, "--json", env=self.env)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return Published(tmp_path_factory.mktemp("cli"))


def test_json_is_alone_on_stdout(published: Published) -> None:
    assert published.done.stderr == ""
    bundles = json.loads(published.done.stdout)["bundles"]
    assert [b["bundle"] for b in bundles] == ["operation-larkspur", "harbour-gazette", "odd"]
    assert [b["case_known"] for b in bundles] == [True, True, False]
    for bundle in bundles:
        assert bundle["publishable"]
        assert Path(bundle["key_path"]).is_relative_to(published.keys)
        for document in bundle["documents"]:
            copy = Path(bundle["folder"]) / "publishable" / "documents" / document["path"]
            assert copy.is_file() == (document["state"] == "publishable")


def test_a_held_document_is_told_and_makes_the_exit_code(published: Published) -> None:
    odd = json.loads(published.done.stdout)["bundles"][2]
    assert published.done.returncode == 1
    assert (odd["publishable"], odd["held"]) == (1, 1)
    held = odd["documents"][1]
    assert (held["id"], held["state"], bool(held["cause"] and held["remedy"])) == ("d02", "held", True)
    assert PRIVATE not in published.done.stdout


def test_the_log_verifies_until_a_copy_is_touched(published: Published) -> None:
    done = run("audit", "verify", published.out, env=published.env)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["harbour-gazette", "odd", "operation-larkspur"]
    copy = next(p for p in (published.out / "harbour-gazette" / "publishable" / "documents").rglob("*") if p.is_file())
    before = copy.read_bytes()
    copy.write_bytes(before + b" ")
    try:
        done = run("audit", "verify", published.out, env=published.env)
    finally:
        copy.write_bytes(before)
    assert (done.returncode, done.stdout) == (4, "")
    assert all(line.startswith("redactor: ") for line in done.stderr.splitlines())


def test_the_log_is_shown_in_lines_and_as_json(published: Published) -> None:
    place = published.out / "operation-larkspur"
    code, out, _ = invoke("audit", "show", place, "--doc", "d01", "--action", "mask", "--json")
    records = json.loads(out)
    assert code == 0 and records
    assert all(record["action"] == "mask" for record in records)
    assert len(invoke("audit", "show", place, "--doc", "d01", "--action", "mask")[1].splitlines()) == len(records)


def test_where_tells_the_file_and_needs_the_key(published: Published, tmp_path: Path) -> None:
    place = published.out / "operation-larkspur"
    done = run("where", place, "d01", env=published.env)
    assert (done.returncode, done.stdout) == (0, "operation-larkspur  01-final-report.md\n")
    assert run("where", place, "d99", env=published.env).returncode == 2
    without = run("where", place, "d01", env={**published.env, "REDACTOR_KEYS": str(tmp_path / "none")})
    assert (without.returncode, without.stdout) == (3, "")
    assert "01-final-report" not in without.stderr
    assert not (tmp_path / "none").exists()


@pytest.fixture
def interrupted(tmp_path: Path) -> tuple[list[str], dict[str, str], Path]:
    """A publication into an empty OUT that was interrupted while it worked: its command, environment and OUT."""
    env = {**os.environ, "REDACTOR_KEYS": str(tmp_path / "keys")}
    out = tmp_path / "out"
    command = [*COMMAND, "publish", str(SAMPLES / "harbour-gazette"), "-o", str(out)]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        limit = time.monotonic() + 120
        while not list(out.glob("*/restricted/work-*")) and process.poll() is None and time.monotonic() < limit:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (130, "")
    assert stderr == "redactor: Interrupted; no copy is left half-written. Run the same command again\n"
    return command, env, out


def test_ctrl_c_leaves_nothing_half_written(interrupted: tuple[list[str], dict[str, str], Path]) -> None:
    _, _, out = interrupted
    assert not list(out.glob("*/restricted/work-*")) and not list(out.glob("*/publishable"))


def test_after_ctrl_c_the_same_command_works(interrupted: tuple[list[str], dict[str, str], Path]) -> None:
    command, env, out = interrupted
    again = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert again.returncode in (0, 1), again.stderr
    assert list(out.glob("*/publishable/audit.jsonl"))
