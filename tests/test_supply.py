"""What is installed beside the program: every package locked by digest, every licence one that the project allows, one wheel.

Reads what the packages say of themselves. Not seen: a package whose files are under other terms than it says (the two known ones,
OpenCV and Shapely, are never imported; tests/test_formats_picture.py looks).
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = ("serve", "postgres", "cluster")
RUNTIME = [*PROJECT["dependencies"], *(need for extra in EXTRAS for need in PROJECT["optional-dependencies"][extra])]
ALLOWED = frozenset(
    "MIT MIT-0 MIT-CMU 0BSD BSD-2-Clause BSD-3-Clause Apache-2.0 ISC PSF-2.0 Zlib CC0-1.0 CC-BY-4.0 CNRI-Python MPL-2.0"
    " LLVM-exception Public-Domain".split()
)
SPDX = {  # what packages write in place of an SPDX expression; those who write "BSD" alone were read one by one
    "mit license": "MIT",
    "bsd": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "bsd-3-clause and public-domain": "BSD-3-Clause AND Public-Domain",
    "bsd-3-clause, apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(wanted: Iterable[str]) -> dict[str, importlib.metadata.Distribution]:
    """The packages that `wanted` bring with them on this machine, themselves included; a tool for building is none of them."""
    found: dict[str, importlib.metadata.Distribution] = {}
    waiting = [Requirement(w) for w in wanted]
    while waiting:
        need = waiting.pop()
        if need.marker is not None and not any(need.marker.evaluate({"extra": e}) for e in ("", *need.extras)):
            continue
        if plain(need.name) not in found:
            found[plain(need.name)] = own = importlib.metadata.distribution(need.name)
            waiting += [r for text in own.requires or [] if "extra ==" not in text for r in [Requirement(text)]]
    return found


def licence(said: Message) -> str:
    """The SPDX expression of a package, as far as it can be told from what the package says."""
    short = (said.get("License") or "").strip()
    classed = [c.rpartition("::")[2].strip() for c in said.get_all("Classifier") or [] if c.startswith("License ::")]
    named = [said.get("License-Expression") or "", short if len(short) < 60 else "", *classed]
    one = next((n for n in named if n and n != "OSI Approved"), "")
    return SPDX.get(one.lower(), one)


def allowed(expression: str) -> bool:
    """Whether one side of every OR is made of allowed licences alone."""
    sides = re.split(r"\s+OR\s+", expression.strip("()"))
    return any(all(part.strip("() ") in ALLOWED for part in re.split(r"\s+(?:AND|WITH)\s+", side)) for side in sides)


def locked() -> dict[str, tuple[str, int]]:
    """Of each package in the lock file: its version and how many digests it has."""
    found: dict[str, tuple[str, int]] = {}
    last = ""
    for line in (ROOT / "requirements.lock").read_text(encoding="ascii").splitlines():
        if head := re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;]+)", line):
            last = plain(head[1])
            found[last] = (head[2], found.get(last, ("", 0))[1])
        elif re.search(r"--hash=sha256:[0-9a-f]{64}\b", line):
            found[last] = (found[last][0], found[last][1] + 1)
    return found


def test_every_licence_of_what_is_installed_is_allowed() -> None:
    found = {name: licence(d.metadata) for name, d in closure(RUNTIME).items()}  # type: ignore[arg-type]
    assert len(found) > 60
    assert {name: said for name, said in found.items() if not allowed(said)} == {}


@pytest.mark.parametrize(
    ("said", "fine"),
    [
        ({"License-Expression": "GPL-3.0-only"}, False),
        ({"License": "GNU Lesser General Public License v3"}, False),
        ({"Classifier": "License :: OSI Approved :: GNU Affero General Public License v3"}, False),
        ({"License-Expression": "MIT AND LGPL-2.1-or-later"}, False),
        ({"License-Expression": "GPL-2.0-only OR MIT"}, True),
        ({"License-Expression": "Apache-2.0 WITH LLVM-exception"}, True),
        ({"License": "BSD"}, True),
        ({}, False),
    ],
)
def test_a_licence_that_is_not_allowed_would_be_seen(said: dict[str, str], fine: bool) -> None:
    message = Message()
    for key, value in said.items():
        message[key] = value
    assert allowed(licence(message)) is fine


def test_the_lock_holds_every_dependency_with_digests() -> None:
    """`docs/security.md` says how it is made anew."""
    lock = locked()
    wanted = {plain(r.name): r for r in map(Requirement, RUNTIME)}
    assert {n for n in wanted if n not in lock} == set()
    assert {n for n, r in wanted.items() if not r.specifier.contains(Version(lock[n][0]), prereleases=True)} == set()
    assert {n for n, (_, digests) in lock.items() if not digests} == set()
    assert {n for n in closure(RUNTIME) if n not in lock and n != "setuptools"} == set()


def test_the_same_tree_makes_the_same_wheel(tmp_path: Path) -> None:
    """Built twice, from copies with other times and rights, by the environment's own builder."""
    digests = []
    for number in (1, 2):
        tree = tmp_path / str(number)
        for part in ("redactor", "policies"):
            shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
        for part in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
            shutil.copyfile(ROOT / part, tree / part)
        for path in tree.rglob("*.py"):
            os.utime(path, (10**9 * number, 10**9 * number))
        call = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tree / "made")]
        subprocess.run(call, cwd=tree, check=True, capture_output=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"})
        (wheel,) = (tree / "made").glob("*.whl")
        digests.append(hashlib.sha256(wheel.read_bytes()).hexdigest())
    assert digests[0] == digests[1]
