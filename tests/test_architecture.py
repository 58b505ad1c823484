"""The lines of the house: who may import whom, who may print, who may log (docs/design.md, "Rooms").

Reads the source, late imports inside functions included. Does not see an import made by name at run time.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "redactor"
FILES = sorted(p for p in ROOT.rglob("*.py"))

# Rooms and floors: a room imports from lower floors only. Rooms on one floor never import each other.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("ground",),
    ("yamlfile", "plugins"),
    ("policy",),
    ("case", "keys", "ocr", "lexicon"),
    ("formats", "recognizers", "people", "decide", "ask", "wording", "jigsaw", "verify", "store", "audit", "gold", "handout"),
    ("actions",),
    ("web",),
    ("service",),
    ("cli",),
    ("top",),
)
FLOOR = {room: n for n, floor in enumerate(FLOORS) for room in floor}
GROUND = ("errors", "model", "content", "cleartext", "disk", "folding", "processes", "sources", "syscalls")
HEAVY = (
    "pdfminer",
    "presidio_analyzer",
    "presidio_anonymizer",
    "spacy",
    "onnxruntime",
    "docx",
    "lxml",
    "sqlalchemy",
    "cryptography",
)
MIDDLE = ("recognizers", "people", "decide", "ask", "wording", "jigsaw")


def room_of(module: str) -> str:
    """`module` is dotted, below the package: "people.link" is in people, "policy_ranks" in policy, "" and __main__ on top."""
    head = module.split(".")[0]
    if head in GROUND:
        return "ground"
    if head in ("", "__init__", "__main__"):
        return "top"
    return head.split("_")[0]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def parsed(path: Path) -> ast.Module:
    """A file of the package; many tests look at each."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.AST, path: Path) -> Iterator[tuple[str, int]]:
    """Every module of this package that a file imports, dotted below the package, and the line."""
    here = list(path.relative_to(ROOT).parent.parts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                if name.name.split(".")[0] == "redactor":
                    yield name.name.partition(".")[2], node.lineno
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = here[: len(here) - node.level + 1]
            elif node.module and node.module.split(".")[0] == "redactor":
                base = []
            else:
                continue
            tail = (node.module or "").split(".") if node.level else (node.module or "").split(".")[1:]
            found = [*base, *(t for t in tail if t)]
            if found:
                yield ".".join(found), node.lineno
            else:  # "from . import audit" at the top level: each name is a module, unless it is a value of the package
                for name in node.names:
                    if (ROOT / f"{name.name}.py").exists() or (ROOT / name.name).is_dir():
                        yield name.name, node.lineno


def wrong(own: str, other: str) -> bool:
    """Whether a file of room `own` may not import from room `other`."""
    return own != other and FLOOR[other] >= FLOOR[own]


def breaches(source: str, path: Path) -> list[str]:
    own = room_of(module_of(path))
    return [f"line {line}: {own} imports {room_of(m)}" for m, line in imports(ast.parse(source), path) if wrong(own, room_of(m))]


def each(files: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", files, ids=[str(p.relative_to(ROOT)) for p in files])


@each(FILES)
def test_every_file_has_a_room(path: Path) -> None:
    assert room_of(module_of(path)) in FLOOR


@each([p for p in FILES if room_of(module_of(p)) != "top"])
def test_imports_run_one_way(path: Path) -> None:
    assert breaches(path.read_text(encoding="utf-8"), path) == []


@pytest.mark.parametrize(
    ("where", "source", "count"),
    [
        ("verify/proof.py", "from ..formats import read\n", 1),
        ("verify/proof.py", "from redactor.formats.docx import DOCX\n", 1),
        ("verify/proof.py", "def late() -> None:\n    import redactor.formats\n", 1),
        ("people/link.py", "from ..recognizers import Engine\n", 1),
        ("people/link.py", "from .names import parse\nfrom ..model import Span\n", 0),
        ("model.py", "from .case import Case\n", 1),
        ("decide.py", "from . import wording\n", 1),
        ("actions/copies.py", "from .. import formats, __version__\n", 0),
        ("actions/copies.py", "from ..cli import main\n", 1),
        ("store.py", "from .store_events import coarse\nfrom .audit import read\n", 1),
    ],
)
def test_a_wrong_import_would_be_seen(where: str, source: str, count: int) -> None:
    assert len(breaches(source, ROOT / where)) == count


def test_verify_reads_with_other_means_than_the_writers() -> None:
    for path in (ROOT / "verify").rglob("*.py"):
        named = {m for m, _ in imports(parsed(path), path)}
        assert not any(m.startswith("formats") for m in named)
        outside = {
            (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else node.names[0].name.split(".")[0]
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level)
        }
        assert not outside & {"docx", "lxml", "nh3", "markdown_it", "pypdfium2", "pikepdf", "typst"}, path.name


def calls(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            target = node.func
            if isinstance(target, ast.Name):
                yield target.id, node.lineno
            elif isinstance(target, ast.Attribute):
                yield target.attr, node.lineno


@each([p for p in FILES if room_of(module_of(p)) != "cli"])
def test_nothing_but_the_command_speaks(path: Path) -> None:
    assert [line for name, line in calls(path) if name in ("print", "secho")] == []
    source = path.read_text(encoding="utf-8")
    assert not any(
        word in source for word in ("sys.stdout", "sys.stderr", "import click", "from click", "from rich", "import rich")
    )


@each(FILES)
def test_no_module_logs(path: Path) -> None:
    """A log line is where a survivor's name ends up by accident; what happened is an event of the store.

    The command may look at a traceback's places, and turn other people's loggers off.
    """
    tree = parsed(path)
    speaks = () if room_of(module_of(path)) == "cli" else ("traceback",)
    names = [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    names += [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and not n.level]
    talkers = [n for n in names if n.split(".")[0] in ("loguru", "structlog", "pdb", *speaks)]
    assert talkers == []
    assert not {name for name, _ in calls(path)} & {"getLogger", "basicConfig", "print_exc", "print_exception", "breakpoint"}
    lines = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and ast.unparse(n.value) in ("logging", "logger")}
    assert lines <= {"disable", "root", "CRITICAL"}


@each([p for p in FILES if room_of(module_of(p)) in MIDDLE])
def test_judgement_touches_no_disk(path: Path) -> None:
    """Only packaged data through importlib.resources, so that judgement is tried on plain strings."""
    tree = parsed(path)
    assert not [line for name, line in calls(path) if name in ("open", "write_text", "write_bytes", "mkdir", "unlink", "rmtree")]
    modules = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    modules |= {(n.module or "").split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and not n.level}
    assert not modules & {"socket", "urllib", "requests", "httpx", "shutil", "tempfile", "sqlite3", "sqlalchemy"}


CATCHES_ALL = pytest.mark.xfail(
    strict=True, reason="policy.check turns every RedactorError into a sentence; PolicyError would do"
)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(p, id=module_of(p), marks=CATCHES_ALL if module_of(p) == "policy" else ())
        for p in FILES
        if room_of(module_of(p)) not in ("cli", "web", "service")
    ],
)
def test_only_the_command_the_page_and_the_service_swallow_every_fault(path: Path) -> None:
    """Elsewhere a handler for everything may tidy up and must raise again."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ExceptHandler):
            wide = node.type is None or ast.unparse(node.type) in ("BaseException", "Exception", "RedactorError")
            again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            assert not wide or again, f"line {node.lineno}"


def test_help_loads_no_heavy_library() -> None:
    code = f"import redactor.cli, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT.parent, env=os.environ
    )
    assert done.stdout.strip() == "[]"
