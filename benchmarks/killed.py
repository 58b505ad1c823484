"""A run that is killed at any moment, again and again: the next one ends with the same copies and a log that verifies.

    python -m benchmarks.killed                20 kills on 40 generated documents
    python -m benchmarks.killed 5 12           5 kills on 12 documents

The moments are drawn evenly over the time of the run that is not killed. Nothing but the copies and the log is compared: what a
killed run had found already is kept, so each next run is shorter.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.bundles import text_bundle

ROOT = Path(__file__).resolve().parent.parent


def published(bundle: Path, out: Path, keys: Path, processes: int, after: float | None = None) -> tuple[int, float]:
    """Run the command, kill it after so many seconds; its exit code (negative: the signal) and how long it ran."""
    command = [sys.executable, "-m", "redactor", "publish", str(bundle), "-o", str(out), "--processes", str(processes)]
    began = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "REDACTOR_KEYS": str(keys)}, stdout=subprocess.DEVNULL) as run:
        try:
            code = run.wait(after)
        except subprocess.TimeoutExpired:
            run.kill()
            code = run.wait()
    return code, time.monotonic() - began


def copies(out: Path) -> dict[str, bytes]:
    """Every copy by its name, as bytes."""
    return {p.name: p.read_bytes() for p in out.glob("*/publishable/documents/**/*") if p.is_file()}


def verified(out: Path, keys: Path) -> bool:
    """Whether the log verifies and names exactly the copies that lie there."""
    command = [sys.executable, "-m", "redactor", "audit", "verify", str(out)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "REDACTOR_KEYS": str(keys)}, stdout=subprocess.DEVNULL, check=False
    )
    return done.returncode == 0


def trial(kills: int, documents: int, folder: Path, processes: int = 2, seed: int = 1) -> tuple[int, int, float]:
    """Kill `kills` runs of one bundle: how many were killed before their end, after how many the next run ended otherwise than
    the one that was not killed, and that one's seconds. Trials begin with its key and labels, every fourth without findings."""
    bundle, out, keys = text_bundle(folder / "bundle", documents, seed), folder / "out", folder / "keys"
    draw = random.Random(seed)
    code, whole = published(bundle, out, keys, processes)
    if code not in (0, 1):
        raise SystemExit(f"the run ended with {code}")
    expected = copies(out)
    first = folder / "first"
    shutil.copytree(out, first)
    for cache in first.glob("*/restricted/cache"):
        shutil.rmtree(cache)
    met = wrong = 0
    for number in range(kills):
        if number % 4 == 0:  # the others go on from what the killed run before them had found
            shutil.rmtree(out)
            shutil.copytree(first, out)
        ended, _ = published(bundle, out, keys, processes, draw.uniform(0.2, whole))
        met += ended < 0
        if not verified(out, keys):  # what lies there is the publication before, whole
            wrong += 1
            continue
        again, _ = published(bundle, out, keys, processes)
        wrong += again != code or copies(out) != expected or not verified(out, keys)
    return met, wrong, whole


def main() -> int:
    """The command."""
    kills, documents = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (20, 40)
    with tempfile.TemporaryDirectory(prefix="redactor-") as name:
        met, wrong, whole = trial(kills, documents, Path(name))
    print(f"{kills} runs of {documents} documents ({whole:.0f} s), {met} killed before their end; {wrong} ended otherwise.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
