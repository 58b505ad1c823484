"""How fast the whole command is beside plain Presidio, and how time and memory grow with the bundle. See `benchmarks.scale`.

Every figure is of a process of its own, models loaded in it. Runs are interleaved: each round does every thing once, so that what
else the machine does falls on all of them; the table has the medians and, for what a shared machine cannot disturb much, seconds
of processor time over all processes of a run.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.bundles import text_bundle

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
_MEASURED = """
import json, resource, sys, time
start = time.perf_counter()
{what}
took = time.perf_counter() - start
own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
print(json.dumps([took, cpu, own.ru_maxrss / 1024]))
"""
_PUBLISH = """
from pathlib import Path
from redactor.actions import publish
publish([Path(sys.argv[1])], Path(sys.argv[2]), processes=int(sys.argv[3]))
import redactor.actions.workers, redactor.formats
redactor.formats.stop_readers()
"""
_PRESIDIO = """
from pathlib import Path
from benchmarks import peers
peer = getattr(peers, sys.argv[3])()
for path in sorted(Path(sys.argv[1]).glob("*.txt")):
    (Path(sys.argv[2]) / path.name).write_text(peer(path.read_text(encoding="utf-8"), ()), encoding="utf-8")
"""
_ANSWER = """
from pathlib import Path
from redactor.actions import Change, change
from redactor.cleartext import ClearText
change(Path(sys.argv[2]), [Change("mask", words=ClearText("Note 1 of the review"))], "A. Reviewer")
"""


class Cost(NamedTuple):
    """Seconds by the clock, seconds of processor time over all processes, and peak memory (MiB) of the first of them."""

    seconds: float
    cpu: float
    memory: float


def measured(code: str, *args: str, keys: Path) -> Cost:
    """What it costs to run `code` in a process of its own."""
    command = [sys.executable, "-c", _MEASURED.format(what=code), *args]
    env = {**os.environ, "REDACTOR_KEYS": str(keys)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return Cost(*json.loads(done.stdout.splitlines()[-1]))


def beside_presidio(documents: int, rounds: int = ROUNDS) -> str:
    """The table of the whole command beside Presidio's analyse-and-anonymise loop, on the same texts in the same minutes."""
    rows = {
        "redactor, 1 process": (_PUBLISH, "1"),
        "redactor, 2 processes": (_PUBLISH, "2"),
        "plain Presidio, 1 process": (_PRESIDIO, "presidio"),
        "Presidio with both name models, 1 process": (_PRESIDIO, "presidio_with_both_models"),
    }
    costs: dict[str, list[Cost]] = {name: [] for name in rows}
    with tempfile.TemporaryDirectory(prefix="redactor-") as folder:
        place = Path(folder)
        bundle = text_bundle(place / "bundle", documents)
        size = sum(len(p.read_text(encoding="utf-8")) for p in bundle.glob("*.txt"))
        for number in range(rounds):
            for name, (code, last) in rows.items():
                out = place / f"{number} {name}"
                out.mkdir()
                costs[name].append(measured(code, str(bundle), str(out), last, keys=place / "keys"))
                print(f"round {number + 1}, {name}: {costs[name][-1]}", file=sys.stderr)
    plain = _median(costs["plain Presidio, 1 process"])
    lines = [
        f"{documents} documents, {size:,} characters, medians of {rounds} interleaved rounds, models loaded in each:\n",
        "| | seconds | characters a second | of plain Presidio's | processor seconds | of plain Presidio's |",
        "|---|---|---|---|---|---|",
    ]
    for name, runs in costs.items():
        cost = _median(runs)
        lines.append(
            f"| {name} | {cost.seconds:.0f} | {size / cost.seconds:,.0f} | {plain.seconds / cost.seconds:.2f} "
            f"| {cost.cpu:.0f} | {plain.cpu / cost.cpu:.2f} |"
        )
    one, two = (_median(costs[f"redactor, {n}"]) for n in ("1 process", "2 processes"))
    lines.append(f"\nTwo processes are {one.seconds / two.seconds:.2f} times as fast as one.")
    return "\n".join(lines)


def growth(sizes: Sequence[int], processes: int = 0) -> str:
    """The table of bundles of these sizes: a first run, a second with nothing changed, a third with one change by hand."""
    lines = [
        "| documents | first run s | processor s | parent's peak MiB | again s | processor s | one change s | processor s "
        "| of the first |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="redactor-") as folder:
            place = Path(folder)
            args = str(text_bundle(place / "bundle", size)), str(place / "out"), str(processes)
            first, again = (measured(_PUBLISH, *args, keys=place / "keys") for _ in range(2))
            measured(_ANSWER, *args, keys=place / "keys")
            changed = measured(_PUBLISH, *args, keys=place / "keys")
        print(f"{size} documents: {first}, again {again}, one change {changed}", file=sys.stderr)
        lines.append(
            f"| {size:,} | {first.seconds:.0f} | {first.cpu:.0f} | {first.memory:.0f} | {again.seconds:.0f} | {again.cpu:.0f} "
            f"| {changed.seconds:.0f} | {changed.cpu:.0f} | 1/{first.cpu / changed.cpu:.0f} |"
        )
    return "\n".join(lines)


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))
