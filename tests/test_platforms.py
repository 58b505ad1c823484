"""What other systems lack is asked for only where it is, as far as this can be seen here: Windows and macOS were not at hand."""

from __future__ import annotations

import subprocess
import sys

LACKING = """
import builtins, pkgutil, sys
import redactor

system, ours = builtins.__import__, []

def without(name, globals=None, *rest, **more):
    whose = (globals or {}).get("__name__", "")
    if name in {"fcntl", "grp", "pwd", "resource", "termios", %s} and whose.partition(".")[0] == "redactor":
        ours.append(whose)
        raise ImportError(name)
    return system(name, globals, *rest, **more)

builtins.__import__ = without
for module in pkgutil.walk_packages(redactor.__path__, "redactor."):
    if not module.name.endswith("__main__"):
        __import__(module.name)
print(len(sys.modules), *ours)
"""


def imported(*more: str) -> subprocess.CompletedProcess[str]:
    code = LACKING % ", ".join(map(repr, more))
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_every_module_is_imported_where_the_modules_of_unix_are_missing() -> None:
    done = imported()
    assert done.returncode == 0 and len(done.stdout.split()) == 1, done.stderr[-500:]


def test_a_module_that_asks_for_one_would_be_seen() -> None:
    assert imported("struct").returncode != 0
