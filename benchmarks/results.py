"""The results of one run over the sets that ship here: measured, kept as results.json, told as results.md."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers import TOOLS, Peer
from redactor import __version__
from redactor import gold as golds
from redactor.actions.evaluating import Copies, tried
from redactor.case import EMPTY_CASE, Case, load_case
from redactor.gold import Row
from redactor.gold_figures import Figures, Scores, figures, judged
from redactor.gold_score import Share
from redactor.sources import package_version

HERE = Path(__file__).resolve().parent
SETS = ("gold", "other_hand", "later_hands", "fresh_hands", "unseen")
RESULTS = HERE / "results.json"
LABELS = [label for label, _ in Scores().rows()]
NOTHING: Row = {"bundle": "none", "doc": "none", "text": "Nobody is named here.", "mentions": []}
Told = dict[str, Any]


def may_stay(case: Case) -> list[str]:
    """Every form of every name that the case allows to be published."""
    entries = (*case.public_figures, *case.waivers, *case.pseudonyms)
    return [form.reveal() for entry in entries for form in entry.forms]


def by_peer(peer: Peer, rows: Sequence[Row], cases: Path | None) -> Copies:
    """The copies another tool makes; it is told which names may stay."""
    known = {b: load_case(cases / b / "case.yaml") if cases else EMPTY_CASE for b in {row["bundle"] for row in rows}}
    return {(row["bundle"], row["doc"]): peer(row["text"], may_stay(known[row["bundle"]])) for row in rows}


def measured(rows: Sequence[Row], cases: Path | None, policy: str, peers: Mapping[str, Peer]) -> tuple[Told, Copies]:
    """Every tool's figures on the same texts as plain values, and redactor's copies."""
    tried([NOTHING], None, policy)  # loads the models, so that no tool's seconds include that
    trial = tried(rows, cases, policy)
    tools = {"redactor": plain(figures(judged(rows, trial.copies)), trial.seconds)}
    for name, peer in peers.items():
        start = time.perf_counter()
        copies = by_peer(peer, rows, cases)
        tools[name] = plain(figures(judged(rows, copies)), time.perf_counter() - start)
    size = sum(len(row["text"]) for row in rows)
    held = {f"{bundle} {r.id}": r.cause for (bundle, _), r in trial.results.items() if r.state == "held"}
    found = {"documents": len(rows), "characters": size, "with_case": cases is not None, "policy": policy, "held": held}
    return {**found, "tools": tools}, trial.copies


def plain(found: Figures, seconds: float) -> Told:
    """One tool's figures as plain values."""
    low, high = found.miss_rate.interval or (None, None)
    missed = {"missed": found.miss_rate.missed, "of": found.miss_rate.of, "low": low, "high": high}
    shares = {label: [share.good, share.of] for label, share in found.scores.rows()}
    return {"seconds": round(seconds, 1), "figures": shares, "miss_rate": missed}


def shipped(policy: str, peers: Mapping[str, Peer]) -> Told:
    """Every shipped set with and without its cases, on this machine, today."""
    runs = [
        {"set": name, **measured(golds.load(HERE / name), HERE / name if told else None, policy, peers)[0]}
        for name in SETS
        for told in (True, False)
    ]
    packages = dict.fromkeys(p for tool in TOOLS if tool.name in peers for p in tool.packages)
    return {
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "versions": {"redactor": __version__, **{p: package_version(p) for p in packages}},
        "runs": runs,
    }


def write(results: Told) -> None:
    """results.json for programs, results.md for people."""
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (HERE / "results.md").write_text(in_words(results), encoding="utf-8")


def read() -> Told:
    """What the last `--write` found."""
    found: Told = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


def in_words(results: Told) -> str:
    """The whole of results.md."""
    versions = ", ".join(f"{name} {number}" for name, number in results["versions"].items())
    parts = [
        "# Results\n\nWritten by `python -m benchmarks.run --peers --write`; README.md beside this file says what is counted.",
        f"{results['date']}, {results['machine']}. {versions}.",
        *(f"## {run['set']}/, {told(run)}\n\n{table(run)}" for run in results["runs"]),
    ]
    return "\n\n".join(parts) + "\n"


def told(run: Told) -> str:
    """How a set was published."""
    return f"{'with' if run['with_case'] else 'without'} case.yaml"


def table(run: Told, only: Sequence[str] = ()) -> str:
    """A Markdown table of one run: a row for each figure, a column for each tool (or for those named in `only`)."""
    tools = {name: tool for name, tool in run["tools"].items() if not only or name in only}
    lines = ["| | " + " | ".join(tools) + " |", "|---|" + "---|" * len(tools)]
    for label in LABELS:
        lines.append(f"| {label} | " + " | ".join(str(Share(*tool["figures"][label])) for tool in tools.values()) + " |")
    lines.append("| miss rate per protected person | " + " | ".join(rate(t["miss_rate"]) for t in tools.values()) + " |")
    lines.append("| 95% interval | " + " | ".join(interval(t["miss_rate"]) for t in tools.values()) + " |")
    lines.append("| seconds | " + " | ".join(f"{t['seconds']:.0f}" for t in tools.values()) + " |")
    size = f"{run['documents']} documents, {run['characters']:,} characters, {told(run)}, policy {run['policy']}"
    held = f"; {len(run['held'])} held" if run["held"] else ""
    return (
        "\n".join(lines)
        + f"\n\n{size}{held}. Redactor's seconds include writing, verification and log;\nnobody's include loading models."
    )


def rate(missed: Told) -> str:
    """A miss rate in words."""
    return f"{missed['missed'] / missed['of']:.3f}" if missed["of"] else "-"


def interval(missed: Told) -> str:
    """Its interval in words."""
    return f"{missed['low']:.3f} to {missed['high']:.3f}" if missed["of"] else "-"
