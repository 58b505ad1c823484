"""Publishes annotated bundles and scores the copies, beside other tools; prints a Markdown table.

    python -m benchmarks.run                                 the invented set in benchmarks/gold
    python -m benchmarks.run GOLD --cases FOLDER --peers     any other gold, beside other tools
    python -m benchmarks.run --peers --write                 every shipped set, kept in results.json and results.md

What is published and how it is scored is `redactor evaluate`'s; this adds the peers and leaves copies to be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import peers, results
from redactor import gold as golds
from redactor.actions.evaluating import Copies
from redactor.errors import RedactorError

GOLD = Path(__file__).resolve().parent / "gold"


def write_copies(copies: Copies, folder: Path) -> None:
    """Copies as `folder/<bundle>/<doc>.txt`, to be read or scored by other means."""
    for (bundle, doc), text in copies.items():
        (folder / bundle).mkdir(parents=True, exist_ok=True)
        (folder / bundle / f"{doc}.txt").write_text(text, encoding="utf-8", newline="")


def main() -> int:
    """The command; exit code 2 if it cannot be run as asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Publish annotated bundles, score the copies.")
    parser.add_argument("gold", nargs="?", type=Path, help="GOLD.jsonl, or a folder of gold texts (default: our own)")
    parser.add_argument("--cases", type=Path, help="FOLDER/<bundle>/case.yaml (default: beside the gold)")
    parser.add_argument("--without-case", action="store_true", help="publish without any case.yaml")
    parser.add_argument("--policy", default="iopc-report", help="a policy's name or file")
    parser.add_argument("--peers", action="store_true", help="other tools on the same texts, for comparison")
    parser.add_argument("--copies", type=Path, metavar="FOLDER", help="leave redactor's copies here")
    parser.add_argument("--write", action="store_true", help="measure every shipped set and keep the results here")
    asked = parser.parse_args()
    if asked.write and (asked.gold or asked.cases or asked.without_case or asked.copies):
        parser.error("--write measures the shipped sets, each with and without its cases; name no other gold")
    try:
        others, missing = peers.made() if asked.peers else ({}, [])
        for name in missing:
            print(f"left out, not installed: {name}", file=sys.stderr)
        if asked.write:
            found = results.shipped(asked.policy, others)
            results.write(found)
            print(results.in_words(found), end="")
            return 0
        gold = asked.gold or GOLD
        rows = golds.load(gold)
        cases = None if asked.without_case else asked.cases or (gold if gold.is_dir() else gold.parent)
        run, copies = results.measured(rows, cases, asked.policy, others)
    except RedactorError as fault:
        parser.error(str(fault))
    if asked.copies:
        write_copies(copies, asked.copies)
    for where, cause in run["held"].items():
        print(f"held: {where}: {cause}", file=sys.stderr)
    print(results.table(run))
    return 0


if __name__ == "__main__":
    sys.exit(main())
