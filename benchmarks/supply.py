"""What is installed, for a machine without network: packages by digest, the SBOM, and a trial of both.

    python -m benchmarks.supply wheelhouse FOLDER    all wheels of requirements.lock and our own into FOLDER; then installs from
                                                     FOLDER alone into a new environment and runs `redactor -h` there
    python -m benchmarks.supply sbom FILE            CycloneDX (JSON) of this environment; needs .[supply]
    python -m benchmarks.supply lock                 requirements.lock made anew; needs .[supply]

The wheelhouse holds wheels for this machine's system and Python; make it on one like the one without network. Every file has the
digest that the lock says, or nothing is kept. Not done: signatures of packages; the index is believed where the lock is made.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"


def run(*command: str | Path, **env: str) -> None:
    done = subprocess.run([str(c) for c in command], cwd=ROOT, env={**os.environ, **env}, check=False)
    if done.returncode:
        raise SystemExit(f"{Path(command[0]).name} ended with {done.returncode}")


def wheelhouse(folder: Path) -> None:
    """Fill `folder`, then try it."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-q")
    run(*pip, "wheel", "--require-hashes", "--no-deps", "-r", LOCK, "-w", folder)
    run(*pip, "wheel", "--no-deps", ".", "-w", folder, SOURCE_DATE_EPOCH="1700000000")
    (folder / LOCK.name).write_bytes(LOCK.read_bytes())
    with tempfile.TemporaryDirectory(prefix="redactor-") as name:
        run(sys.executable, "-m", "venv", name)
        python = Path(name) / ("Scripts" if os.name == "nt" else "bin") / "python"
        own = next(folder.glob("redactor-*.whl"))
        run(python, "-m", "pip", "-q", "--disable-pip-version-check", "install", "--no-index", "--find-links", folder, own)
        run(python, "-m", "pip", "-q", "check")
        run(python, "-m", "redactor", "--version")
    print(f"{len(list(folder.glob('*.whl')))} wheels in {folder}; installed from them alone and run.")


def sbom(file: Path) -> None:
    """CycloneDX of this environment, reproducible."""
    run(sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--of", "JSON", "-o", file, sys.executable)
    print(f"Written to {file}.")


def lock() -> None:
    """The newest versions that pyproject.toml allows, each with its digests."""
    made = ("--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header", "--upgrade", "-q")
    of = ("--universal", "--python-version", "3.11")
    extras = ("--extra", "serve", "--extra", "postgres", "--extra", "cluster")
    run(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *extras, *made, *of, "-o", LOCK.name)
    print("requirements.lock is new. Run the tests and the benchmarks before it is kept.")


def main() -> None:
    """The command."""
    match sys.argv[1:]:
        case ["wheelhouse", folder]:
            wheelhouse(Path(folder).absolute())
        case ["sbom", file]:
            sbom(Path(file).absolute())
        case ["lock"]:
            lock()
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
