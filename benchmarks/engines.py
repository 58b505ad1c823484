"""The same bundles published with each choice of name models, one after the other in one process; prints a Markdown table.

    python -m benchmarks.engines                              the shipped sets, with their cases
    python -m benchmarks.engines GOLD --cases FOLDER          any other gold
    python -m benchmarks.engines --small --without-case       all in small letters; nobody is told who is who

Each choice is written into a policy of its own that stands beside the one named; it says so with an authority, as any weaker
policy must. Seconds are of the processor. Does not say which choice is better.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

from benchmarks.results import NOTHING, SETS
from redactor import gold as golds
from redactor.actions.evaluating import tried
from redactor.errors import RedactorError
from redactor.gold import Row
from redactor.gold_figures import figures, judged
from redactor.gold_score import Share

HERE = Path(__file__).resolve().parent
CHOICES = ("spacy:en_core_web_sm, rampart", "spacy:en_core_web_sm, tagger", "spacy:en_core_web_sm, tagger, rampart")
POLICY = """policy: {name}
extends: {base}
description: {base} with other name models, to be measured
engine:
  names:
    value: [{models}]
    authority: {{who: benchmarks, when: "today", why: "to be measured against the others"}}
"""


def small(rows: Iterable[Row]) -> list[Row]:
    """The texts without a capital; a letter whose small form is longer stays."""
    return [cast("Row", {**row, "text": "".join(c.lower() if len(c.lower()) == 1 else c for c in row["text"])}) for row in rows]


def spent() -> float:
    """Processor seconds of this process and of those it has waited for."""
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def measured(rows: Sequence[Row], cases: Path | None, base: str, models: str, folder: Path) -> dict[str, str]:
    """The figures of one choice by label, and the seconds it took."""
    file = folder / f"choice-{len(list(folder.iterdir()))}.yaml"
    file.write_text(POLICY.format(name=file.stem, base=base, models=models), encoding="utf-8")
    tried([NOTHING], None, str(file))  # loads the models
    start = spent()
    trial = tried(rows, cases, str(file))
    seconds = spent() - start
    found = figures(judged(rows, trial.copies))
    shares = {label: str(Share(share.good, share.of)) for label, share in found.scores.rows()}
    return {**shares, "persons missed": f"{found.miss_rate.missed} of {found.miss_rate.of}", "seconds": f"{seconds:.0f}"}


def table(columns: dict[str, dict[str, str]]) -> str:
    """A row for each figure, a column for each choice."""
    lines = ["| | " + " | ".join(columns) + " |", "|---|" + "---|" * len(columns)]
    first: dict[str, Any] = next(iter(columns.values()))
    lines += [f"| {label} | " + " | ".join(told[label] for told in columns.values()) + " |" for label in first]
    return "\n".join(lines)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("gold", nargs="*", type=Path, help="GOLD.jsonl, or folders of gold texts (default: the shipped sets)")
    parser.add_argument("--cases", type=Path, help="FOLDER/<bundle>/case.yaml (default: beside the gold)")
    parser.add_argument("--without-case", action="store_true")
    parser.add_argument("--small", action="store_true", help="every letter small")
    parser.add_argument("--policy", default="iopc-report")
    parser.add_argument("--choices", nargs="+", default=CHOICES, help="name models as a policy writes them, with commas")
    asked = parser.parse_args()
    try:
        for gold in asked.gold or [HERE / name for name in SETS]:
            rows = small(golds.load(gold)) if asked.small else golds.load(gold)
            beside = asked.cases or (gold if gold.is_dir() else gold.parent)
            with tempfile.TemporaryDirectory() as folder:
                said = {
                    models.replace(":en_core_web_sm", ""): measured(
                        rows, None if asked.without_case else beside, asked.policy, models, Path(folder)
                    )
                    for models in asked.choices
                }
            how = ", ".join(w for w, on in (("small letters", asked.small), ("without case.yaml", asked.without_case)) if on)
            print(f"\n## {gold.name}, {len(rows)} documents{', ' + how if how else ''}\n\n{table(said)}", flush=True)
    except RedactorError as fault:
        parser.error(str(fault))
    return 0


if __name__ == "__main__":
    sys.exit(main())
