"""Puts the figures of results.json into the pages that state them: `python -m benchmarks.figures [--write]`.

What stands between `<!-- figures -->` and `<!-- /figures -->` is written from the results, block by block; without --write the
exit code says whether the pages agree with them (1 if not), as tests/test_benchmarks.py does.
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

from benchmarks.results import Told, interval, rate, read, table

ROOT = Path(__file__).resolve().parent.parent
HANDOUT = ROOT / "redactor" / "handout"  # what the public report says of the tool
BLOCK = re.compile(r"<!-- figures -->\n.*?<!-- /figures -->", re.S)
WIDTH = 140  # of a line of README.md
FEW = ("redactor", "plain Presidio")


def blocks(results: Told) -> dict[Path, list[str]]:
    """The blocks of each page, in the order they stand there."""
    runs = {(run["set"], run["with_case"]): run for run in results["runs"]}
    ours, theirs = runs["gold", True], runs["unseen", True]
    limits = missed(theirs, ours)
    shown = (
        "`benchmarks/unseen`, invented documents whose author had seen neither the tool nor its rules, "
        "and which nobody who works on the rules has read:"
        f"\n\n{table(theirs, FEW)}"
        f"\n\n`benchmarks/gold`, whose author knew what the tool is for:\n\n{table(ours, FEW)}"
    )
    whole = "\n\n".join(
        f"`{name}/`, {'with' if told else 'without'} case.yaml:\n\n{table(run)}" for (name, told), run in runs.items()
    )
    versions = ", ".join(f"{name} {number}" for name, number in results["versions"].items())
    return {
        ROOT / "README.md": [limits, shown],
        ROOT / "docs" / "limits.md": [limits.replace(" See [Figures](#figures).", "").rstrip(), whole],
        HANDOUT / "measured.html": [leaked(theirs, results["date"])],
        HANDOUT / "kept.html": [stayed(theirs, results["date"])],
        ROOT / "benchmarks" / "README.md": [f"{results['date']}, {results['machine']}; {versions}.\n\n{whole}"],
    }


def missed(theirs: Told, ours: Told) -> str:
    """The limit that comes first: of how many people something is left."""
    their, our = (run["tools"]["redactor"]["miss_rate"] for run in (theirs, ours))
    said = (
        f"- **It misses people.** Of {their['of']} protected people in invented documents by an author who knew nothing of the "
        f"tool, which nobody read while its rules were made, something of {their['missed']} was left in a copy: a miss rate per "
        f"protected person of **{rate(their)}** (95% interval {interval(their)}); on our own set {rate(our)} ({interval(our)}). "
        "See [Figures](#figures)."
    )
    return textwrap.fill(said, WIDTH, subsequent_indent="  ")


def leaked(run: Told, day: str) -> str:
    """What the public report says of how much the tool misses."""
    miss = run["tools"]["redactor"]["miss_rate"]
    return (
        f"<p>Measured on {day} on invented documents by an author who knew nothing of the program: something of\n"
        f"{miss['missed']} of {miss['of']} protected people was left in a copy (miss rate {rate(miss)}, "
        f"95% interval {interval(miss)}), before any person had read it.</p>"
    )


def stayed(run: Told, day: str) -> str:
    """What the public report says of how much the tool masks that need not go."""
    figures = run["tools"]["redactor"]["figures"]
    (kept, of), (prose, words) = figures["keep"], figures["prose"]
    return (
        f"<p>Measured on {day} on the same documents: {kept} of {of} names, places and dates that had to stay did stay,\n"
        f"and {prose:,} of {words:,} words of plain prose.</p>"
    )


def filled(page: str, fresh: list[str]) -> str:
    """`page` with its blocks replaced in order. Raises ValueError where it has more or fewer."""
    if len(BLOCK.findall(page)) != len(fresh):
        raise ValueError(f"the page has {len(BLOCK.findall(page))} figure blocks, not {len(fresh)}")
    rest = iter(fresh)
    return BLOCK.sub(lambda _: f"<!-- figures -->\n{next(rest)}\n<!-- /figures -->", page)


def main() -> int:
    """The command."""
    stale = []
    for path, fresh in blocks(read()).items():
        page = path.read_text(encoding="utf-8")
        new = filled(page, fresh)
        if new != page:
            stale.append(path.relative_to(ROOT).as_posix())
            if "--write" in sys.argv[1:]:
                path.write_text(new, encoding="utf-8")
    print("\n".join(f"{'written' if '--write' in sys.argv[1:] else 'differs'}: {name}" for name in stale) or "the pages agree")
    return int(bool(stale) and "--write" not in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
