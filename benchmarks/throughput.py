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
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from benchmarks.bundles import mixed_bundle, text_bundle

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
change(Path(sys.argv[2]), [Change("mask", words=ClearText("Note 1 of the review"), kind="place")], "A. Reviewer")
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
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # our modules lie compiled, as those of a package that is installed do
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


class Grown(NamedTuple):
    """What a bundle of so many documents cost: a first run, a second with nothing changed, a third with one change by hand; and
    what came of it: persons, questions, MiB of the log."""

    documents: int
    first: Cost
    again: Cost
    changed: Cost
    persons: int
    questions: int
    log: float


def growth(sizes: Sequence[int], processes: int = 0) -> str:
    """The table of bundles of mixed formats of these sizes, and how many times each row is the one before it."""
    rows = [_grown(size, processes) for size in sizes]
    lines = [
        "| documents | persons | first run s | processor s | parent's peak MiB | questions | log MiB | again, processor s "
        "| parent's peak MiB | one change, processor s | of the first |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {row.documents:,} | {row.persons:,} | {row.first.seconds:.0f} | {row.first.cpu:.0f} | {row.first.memory:.0f} "
            f"| {row.questions:,} | {row.log:.1f} | {row.again.cpu:.0f} | {row.again.memory:.0f} | {row.changed.cpu:.0f} "
            f"| 1/{row.first.cpu / row.changed.cpu:.0f} |"
        )
    for less, more in pairwise(rows):
        times = {
            "documents": more.documents / less.documents,
            "seconds": more.first.seconds / less.first.seconds,
            "processor seconds": more.first.cpu / less.first.cpu,
            "memory": more.first.memory / less.first.memory,
            "questions": more.questions / max(1, less.questions),
            "log": more.log / less.log,
            "processor seconds of the second run": more.again.cpu / less.again.cpu,
        }
        lines.append(f"\n{more.documents:,} to {less.documents:,}: " + ", ".join(f"{what} {n:.2f}" for what, n in times.items()))
    return "\n".join(lines)


def _grown(size: int, processes: int) -> Grown:
    with tempfile.TemporaryDirectory(prefix="redactor-") as folder:
        place = Path(folder)
        args = str(mixed_bundle(place / "bundle", size)), str(place / "out"), str(processes)
        first, again = (measured(_PUBLISH, *args, keys=place / "keys") for _ in range(2))
        (log,) = (place / "out").glob("*/publishable/audit.jsonl")
        events = Counter(json.loads(line).get("event") for line in log.read_bytes().splitlines())
        mib = log.stat().st_size / 2**20
        measured(_ANSWER, *args, keys=place / "keys")
        changed = measured(_PUBLISH, *args, keys=place / "keys")
    row = Grown(size, first, again, changed, events["person-resolved"], events["question"], mib)
    print(row, file=sys.stderr)
    return row


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))
