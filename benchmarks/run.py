"""Publishes annotated bundles and scores the copies; prints a Markdown table.

    python -m benchmarks.run                                        the invented set in benchmarks/gold
    python -m benchmarks.run GOLD.jsonl --cases FOLDER --peers      any other gold, beside other tools

What is published and how it is scored is `redactor evaluate`'s; this adds the peers and leaves copies to be read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks.peers import PEERS, Peer
from redactor import gold as golds
from redactor.actions.evaluating import Copies, Trial, tried
from redactor.case import EMPTY_CASE, Case, load_case
from redactor.errors import RedactorError
from redactor.gold import Row
from redactor.gold_figures import Scores, figures, judged

GOLD = Path(__file__).resolve().parent / "gold"


def by_peer(peer: Peer, rows: Iterable[Row], cases: Mapping[str, Case]) -> Copies:
    """The copies another tool makes; it is told which names may stay."""
    return {(row["bundle"], row["doc"]): peer(row["text"], may_stay(cases[row["bundle"]])) for row in rows}


def may_stay(case: Case) -> list[str]:
    """Every form of every name that the case allows to be published."""
    entries = (*case.public_figures, *case.waivers, *case.pseudonyms)
    return [form.reveal() for entry in entries for form in entry.forms]


def score(rows: Sequence[Row], copies: Copies) -> Scores:
    """The overall figures of some copies."""
    return figures(judged(rows, copies)).scores


def measure(rows: list[Row], cases: Path | None, policy: str, peers: bool) -> tuple[dict[str, Scores], Trial]:
    """The figures of each tool, and redactor's run."""
    trial = tried(rows, cases, policy)
    columns = {"redactor": score(rows, trial.copies)}
    if peers:
        bundles = {row["bundle"] for row in rows}
        known = {b: load_case(cases / b / "case.yaml") if cases else EMPTY_CASE for b in bundles}
        columns |= {name: score(rows, by_peer(make(), rows, known)) for name, make in PEERS.items()}
    return columns, trial


def write_copies(copies: Copies, folder: Path) -> None:
    """Copies as `folder/<bundle>/<doc>.txt`, to be read or scored by other means."""
    for (bundle, doc), text in copies.items():
        (folder / bundle).mkdir(parents=True, exist_ok=True)
        (folder / bundle / f"{doc}.txt").write_text(text, encoding="utf-8", newline="")


def table(columns: Mapping[str, Scores]) -> str:
    """A Markdown table: a row for each figure, a column for each tool."""
    lines = ["| | " + " | ".join(columns) + " |", "|---|" + "---|" * len(columns)]
    for rows in zip(*(scores.rows() for scores in columns.values()), strict=True):
        lines.append(f"| {rows[0][0]} | " + " | ".join(str(share) for _, share in rows) + " |")
    return "\n".join(lines)


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
        rows = golds.load(asked.gold)
        cases = None if asked.without_case else asked.cases or beside
        columns, trial = measure(rows, cases, asked.policy, asked.peers)
    except RedactorError as fault:
        parser.error(str(fault))
    if asked.copies:
        write_copies(trial.copies, asked.copies)
    for result in trial.results.values():
        if result.state == "held":
            print(f"held: {result.id}: {result.cause}", file=sys.stderr)
    size = sum(len(row["text"]) for row in rows)
    print(table(columns))
    said = "without case.yaml" if asked.without_case else "with case.yaml"
    print(f"\n{len(rows)} documents, {size:,} characters, {said}, policy {asked.policy}; redactor took {trial.seconds:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
