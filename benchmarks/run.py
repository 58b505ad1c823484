"""Publishes annotated bundles and scores the copies; prints a Markdown table.

    python -m benchmarks.run                                        the invented set in benchmarks/gold
    python -m benchmarks.run GOLD.jsonl --cases FOLDER --peers      any other gold, beside other tools

A line of GOLD.jsonl is one document: {bundle, doc, text, mentions: [{start, end, text, p, k, x}]} (benchmarks/README.md).
FOLDER/<bundle>/case.yaml is a bundle's case. Nothing of a run stays: bundles, copies and keys lie in a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks.goldfile import Row, to_jsonl
from benchmarks.peers import PEERS, Peer
from benchmarks.score import Scores, score, table
from redactor import keys
from redactor.case import EMPTY_CASE, Case, load_case, open_bundle
from redactor.errors import RedactorError

GOLD = Path(__file__).resolve().parent / "gold"
Copies = dict[tuple[str, str], str]


def rows_of(gold: Path) -> list[Row]:
    """Gold from a .jsonl file, or from a folder of `<bundle>/<doc>.gold.txt`."""
    if gold.is_dir():
        return to_jsonl(gold)
    return [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]


def write_bundles(rows: Iterable[Row], cases: Path | None, folder: Path) -> list[Path]:
    """The texts as `folder/<bundle>/<doc>.txt`, with each bundle's case.yaml unless `cases` is None; the bundles' folders."""
    for row in rows:
        place = folder / row["bundle"]
        if not place.is_dir():
            place.mkdir(parents=True)
            if cases:
                (place / "case.yaml").write_bytes((cases / row["bundle"] / "case.yaml").read_bytes())
        (place / f"{row['doc']}.txt").write_text(row["text"], encoding="utf-8", newline="")
    return sorted(folder.iterdir())


def redacted(bundles: Sequence[Path], out: Path, policy: str) -> Copies:
    """The copies `redactor` makes; a held document has none, and stderr says why."""
    from redactor import publish

    copies: Copies = {}
    for bundle, summary in zip(bundles, publish(bundles, out, policy=policy), strict=True):
        sources = {source.id: source.path.stem for source in open_bundle(bundle).documents}
        for result in summary.documents:
            if result.state == "publishable":
                path = out / bundle.name / "publishable" / "documents" / result.path
                copies[bundle.name, sources[result.id]] = path.read_text(encoding="utf-8-sig")
            else:
                print(f"held: {bundle.name} {result.id}: {result.cause}", file=sys.stderr)
    return copies


def by_peer(peer: Peer, rows: Iterable[Row], cases: Mapping[str, Case]) -> Copies:
    """The copies another tool makes; it is told which names may stay."""
    return {(row["bundle"], row["doc"]): peer(row["text"], may_stay(cases[row["bundle"]])) for row in rows}


def may_stay(case: Case) -> list[str]:
    """Every form of every name that the case allows to be published."""
    entries = (*case.public_figures, *case.waivers, *case.pseudonyms)
    return [form.reveal() for entry in entries for form in entry.forms]


def measure(rows: list[Row], cases: Path | None, policy: str, peers: bool, keep: Path | None) -> tuple[dict[str, Scores], float]:
    """The figures of each tool, and the seconds `redactor` took, loading its models included."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        os.environ[keys.VARIABLE] = str(work / "keys")  # not among the user's own keys
        bundles = write_bundles(rows, cases, work / "bundles")
        start = time.perf_counter()
        copies = redacted(bundles, work / "out", policy)
        seconds = time.perf_counter() - start
        columns = {"redactor": score(rows, copies)}
        if keep:
            write_copies(copies, keep)
        if peers:
            known = {b.name: load_case(b / "case.yaml") if cases else EMPTY_CASE for b in bundles}
            columns |= {name: score(rows, by_peer(make(), rows, known)) for name, make in PEERS.items()}
    return columns, seconds


def write_copies(copies: Copies, folder: Path) -> None:
    """Copies as `folder/<bundle>/<doc>.txt`, to be read or scored by other means."""
    for (bundle, doc), text in copies.items():
        (folder / bundle).mkdir(parents=True, exist_ok=True)
        (folder / bundle / f"{doc}.txt").write_text(text, encoding="utf-8", newline="")


def main() -> int:
    """The command; exit code 2 if it cannot be run as asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Publish annotated bundles, score the copies.")
    parser.add_argument(
        "gold", nargs="?", type=Path, default=GOLD, help="GOLD.jsonl, or a folder of gold texts (default: our own)"
    )
    parser.add_argument("--cases", type=Path, help="FOLDER/<bundle>/case.yaml (default: beside the gold)")
    parser.add_argument("--without-case", action="store_true", help="publish without any case.yaml")
    parser.add_argument("--policy", default="iopc-report", help="a policy's name or file")
    parser.add_argument("--peers", action="store_true", help="other tools on the same texts, for comparison")
    parser.add_argument("--copies", type=Path, metavar="FOLDER", help="leave redactor's copies here")
    asked = parser.parse_args()
    beside = asked.gold if asked.gold.is_dir() else asked.gold.parent
    try:
        rows = rows_of(asked.gold)
        cases = None if asked.without_case else asked.cases or beside
        columns, seconds = measure(rows, cases, asked.policy, asked.peers, asked.copies)
    except (RedactorError, ValueError) as fault:
        parser.error(str(fault))
    except FileNotFoundError as fault:
        parser.error(f"{fault.filename} is missing; --cases names the folder of cases, --without-case does without")
    size = sum(len(row["text"]) for row in rows)
    print(table(columns))
    said = "without case.yaml" if asked.without_case else "with case.yaml"
    print(f"\n{len(rows)} documents, {size:,} characters, {said}, policy {asked.policy}; redactor took {seconds:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
