"""Readers given files that are broken in every way: each reads or says one of our own sentences, and quotes nobody

    python -m benchmarks.fuzz                              every reader, a minute each
    python -m benchmarks.fuzz docx policy --minutes 20     these, ten minutes each
    python -m benchmarks.fuzz --corpus FOLDER --write      what broke into FOLDER (tests/corpus), the figures into fuzz.json

Small real files (`fuzz_readers.py`) are changed (`fuzz_changes.py`). Wrong is any exception that is not ours (of a reader in a
process of its own, want of memory is not), an error that says a word of the file, more than `SLOW` seconds or `_apart.MEMORY`,
text that no file can hold, the end of the process. Where atheris is installed (extra `[fuzz]`, or a folder of its own on
PYTHONPATH), libFuzzer guides by the branches of our own code; else changes are drawn by a fixed seed.
What broke is made smaller as long as it breaks in the same place; `tests/test_fuzz.py` reads it again. Not met: faults of
LibreOffice; the branches of libraries guide nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import faulthandler
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.fuzz_changes import LARGEST, changed, smaller

if TYPE_CHECKING:
    from benchmarks.fuzz_readers import Reader

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent / "tests" / "corpus"
RESULTS = HERE / "fuzz.json"
SLOW = 30  # seconds for a file of some kilobytes


def fault(reader: Reader, data: bytes) -> str:
    """What is wrong with the way a reader takes a file, as a short name without any of its words; "" if nothing is."""
    from benchmarks.fuzz_readers import WORD
    from redactor.errors import RedactorError

    try:
        reader.read(data)
    except RedactorError as said:
        return "an error tells a word of the file" if WORD[:8] in f"{said!r} {said}" else ""
    except (MemoryError, RecursionError) as end:
        return "" if reader.apart else type(end).__name__
    except Exception as end:
        names = [(Path(f.f_code.co_filename), n) for f, n in traceback.walk_tb(end.__traceback__)]
        ours = [f"{path.stem}-{n}" for path, n in names if "redactor" in path.parts[-3:-1]]
        return f"{type(end).__name__}-{ours[-1] if ours else names[-1][0].stem}"
    return ""


# --- one reader, in a process of its own ---------------------------------------------------------------------------------


def worker(name: str, seconds: float, seed: int, folder: Path) -> None:
    """Feed one reader until the time is over. Into `folder`: the file it is at, how many there were, and what broke it."""
    guide = _atheris()
    with guide.instrument_imports(include=["redactor"]) if guide else contextlib.nullcontext():
        from benchmarks.fuzz_readers import all_readers
        from redactor.formats import _apart
    reader, end = all_readers()[name], time.monotonic() + seconds
    seeds = folder / "seeds"
    seeds.mkdir(exist_ok=True)
    for number, data in enumerate(reader.seeds()):
        (seeds / str(number)).write_bytes(data)
    _apart._limit_space()
    last, tally, count = (folder / "last").open("wb", 0), folder / "count", [0]
    told = [time.monotonic()]
    before = int(tally.read_text() or 0) if tally.exists() else 0

    def one(data: bytes) -> None:
        faulthandler.dump_traceback_later(SLOW, exit=True)
        last.seek(0)
        last.write(data)
        last.truncate()
        count[0] += 1
        what = fault(reader, data)
        faulthandler.cancel_dump_traceback_later()
        if count[0] % 20 == 1 or time.monotonic() - told[0] > 1:
            tally.write_text(str(before + count[0]))
            told[0] = time.monotonic()
        if what and not (kept := folder / f"wrong-{what}").exists():
            kept.write_bytes(data)
            kept.write_bytes(smaller(data, lambda less: fault(reader, less) == what))

    if guide:
        options = [
            f"-max_total_time={max(1, int(end - time.monotonic()))}",
            f"-seed={seed}",
            f"-max_len={LARGEST}",
            "-timeout=90",
        ]
        quiet = ["-verbosity=0", f"-artifact_prefix={folder}/", "-rss_limit_mb=0", str(seeds)]
        guide.Setup(["fuzz", *options, *quiet], one, custom_mutator=lambda data, _most, by: changed(data, random.Random(by)))
        guide.Fuzz()
        return
    draw, pool = random.Random(seed), [path.read_bytes() for path in sorted(seeds.iterdir())]
    while time.monotonic() < end:
        one(changed(draw.choice(pool), draw))
    tally.write_text(str(before + count[0]))


def _atheris() -> Any:
    try:
        return import_module("atheris")
    except ImportError:
        return None


# --- all of them ---------------------------------------------------------------------------------------------------------


def fuzzed(name: str, seconds: float, corpus: Path) -> dict[str, Any]:
    """One reader for so long; what broke it lies in `corpus`/name then. Its figures."""
    began, died = time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="redactor-") as held:
        folder, seed = Path(held), 1
        while (left := seconds - (time.monotonic() - began)) > 1:
            code, said = _worked(name, left, seed, folder)
            seed += 1
            if code and (folder / "last").exists():
                died += 1
                data = (folder / "last").read_bytes()
                (folder / f"wrong-died-{hashlib.sha256(data).hexdigest()[:8]}").write_bytes(data)
                print(f"{name}: the process ended with {code}\n{said[-1500:]}")
            elif code:
                raise SystemExit(f"{name}: could not begin\n{said[-3000:]}")
        wrong = sorted(path for path in folder.glob("wrong-*"))
        for path in wrong:
            (corpus / name).mkdir(parents=True, exist_ok=True)
            (corpus / name / path.name.removeprefix("wrong-").replace(" ", "-")).write_bytes(path.read_bytes())
        inputs = int((folder / "count").read_text() or 0) if (folder / "count").exists() else 0
    found = [path.name.removeprefix("wrong-") for path in wrong]
    return {"inputs": inputs, "minutes": round((time.monotonic() - began) / 60, 2), "faults": found}


def _worked(name: str, seconds: float, seed: int, folder: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "benchmarks.fuzz", "--worker", name, str(seconds), str(seed), str(folder)]
    with (folder / "said").open("w+b") as said:
        code = subprocess.run(command, cwd=HERE.parent, stdout=said, stderr=said, check=False, timeout=seconds + 900).returncode
        said.seek(0)
        return code, said.read().decode(errors="replace")


def in_words(found: dict[str, Any]) -> str:
    """The sentence of docs/threat-model.md."""
    rows = found["readers"].values()
    inputs, minutes = sum(row["inputs"] for row in rows), sum(row["minutes"] for row in rows)
    said = f"{len(rows)} readers, {inputs:,} files in {minutes / 60:.1f} hours of one core"
    return f"{said}; {len(found['faults'])} faults found, all mended"


def main(arguments: Sequence[str]) -> int:
    """The command."""
    if arguments[:1] == ["--worker"]:
        name, seconds, seed, folder = arguments[1:]
        worker(name, float(seconds), int(seed), Path(folder))
        return 0
    parser = argparse.ArgumentParser(prog="benchmarks.fuzz")
    parser.add_argument("readers", nargs="*")
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(arguments)
    from benchmarks.fuzz_readers import all_readers

    names = asked.readers or list(all_readers())
    if unknown := sorted(set(names) - set(all_readers())):
        parser.error(f"no reader is called {', '.join(unknown)}; there are {', '.join(all_readers())}")
    if asked.minutes < 0:
        parser.error("--minutes is 0 or more")
    minutes, wrong = asked.minutes or len(names), 0
    with tempfile.TemporaryDirectory(prefix="redactor-") as beside:
        for name in names:
            row = fuzzed(name, minutes * 60 / len(names), asked.corpus or Path(beside))
            wrong += len(row["faults"]) or not row["inputs"]  # what read nothing has shown nothing
            said = ", ".join(row["faults"]) or ("no fault" if row["inputs"] else "nothing was tried")
            print(f"{name}: {row['inputs']:,} files in {row['minutes']} minutes; {said}", flush=True)
            if asked.write:
                _add(name, row)
    return 1 if wrong else 0


def _add(name: str, row: dict[str, Any]) -> None:
    """Into fuzz.json: files and minutes add up over runs; faults are those of which a file is kept, one for each place."""
    found: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"readers": {}}
    before = found["readers"].get(name, {"inputs": 0, "minutes": 0})
    found["readers"][name] = {key: round(before[key] + row[key], 2) for key in ("inputs", "minutes")}
    found["faults"] = sorted({path.name for path in CORPUS.glob("*/*")})
    found["date"] = dt.datetime.now(tz=dt.UTC).date().isoformat()
    found["guided"] = _atheris() is not None
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
