"""How many errors are errors of role: whom a run took people for, against the gold; prints Markdown tables.

    python -m benchmarks.roles [--without-case] [GOLD ... --cases FOLDER]      the shipped sets, with their cases
    python -m benchmarks.roles --json FILE                                     and where they stand, for training/roles.py

A person of the gold counts as kept where a name that had to go was found and left standing as that of somebody who may be named,
and as masked where a name that had to stay was found and masked; the role is that of most of their names. Persons whose names no
model found are no errors of role. Tells nothing of a set but counts.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.results import SETS
from redactor import gold as golds
from redactor import keys
from redactor.actions import publish
from redactor.actions.evaluating import write_bundles
from redactor.actions.place import earlier_run
from redactor.case import open_bundle
from redactor.errors import RedactorError
from redactor.gold import ROLES, Mention, Row

HERE = Path(__file__).resolve().parent
NAMES = ("name", "alias", "initials")
COLUMNS = (
    "survivor",
    "child",
    "family",
    "witness",
    "suspect",
    "officer",
    "professional",
    "unknown",
    "convicted",
    "public_figure",
)
Place = tuple[str, int, int]
Judged = list[tuple[Place, str, str]]
"""Where a name was decided on, what was done with it, and the role it was decided by ("" where it was nobody's alone)."""


@dataclass(frozen=True)
class Told:
    """One person of the gold: letter, the role judged ("" if none of the names was found), how many names had to go and had to
    stay, how many of each were not done so for the role's sake, and where the names stand (document, start)."""

    bundle: str
    letter: str
    role: str
    names: int
    kept: int
    masked: int
    office_only: bool
    places: list[tuple[str, int]]


def decided(place: Path, docs: dict[str, str]) -> Judged:
    """The decisions on names in the latest run of a bundle; `docs`: its documents' names by their ids in the run."""
    with earlier_run(place) as (_, store):
        return [
            ((docs[e.doc], *(e.personal or {})["span"]), str(e.public["action"]), str(e.public.get("role", "")))
            for e in store.events("decision")
            if e.doc in docs and e.public["kind"] in NAMES
        ]


def judged(rows: Sequence[Row], cases: Path | None, policy: str) -> list[Told]:
    """Every person of the gold, and what a run took them for."""
    found: list[Told] = []
    with tempfile.TemporaryDirectory(prefix="redactor-") as name, keys.kept_in(Path(name) / "keys"):
        folders = write_bundles(rows, cases, Path(name) / "bundles")
        publish([*folders.values()], Path(name) / "out", policy=policy)
        for bundle, folder in folders.items():
            docs = {source.id: source.path.stem for source in open_bundle(folder).documents}
            found += persons([r for r in rows if r["bundle"] == bundle], decided(Path(name) / "out" / folder.name, docs))
    return found


def persons(rows: Sequence[Row], judgements: Judged) -> Iterator[Told]:
    """The persons of one bundle, held against what was decided where their names stand."""
    mentions: dict[str, list[tuple[str, Mention]]] = {}
    for row in rows:
        for m in row["mentions"]:
            if m["k"] in NAMES and m["p"][0] != "X":
                mentions.setdefault(m["p"], []).append((row["doc"], m))
    for person, own in sorted(mentions.items()):
        roles: Counter[str] = Counter()
        wrong: Counter[str] = Counter()
        for doc, m in own:
            for (where, start, end), action, role in judgements:
                if where == doc and start < m["end"] and m["start"] < end:
                    roles[role] += 1
                    wrong[m["x"]] += action != m["x"]
                    break
        role = roles.most_common(1)[0][0] if roles else ""
        places = [(doc, m["start"]) for doc, m in own]
        only = all(m["x"] == "keep" for _, m in own)
        yield Told(rows[0]["bundle"], person[0], role, len(own), wrong["mask"], wrong["keep"], only, places)


def tables(sets: dict[str, list[Told]]) -> Iterator[str]:
    """Lines of Markdown: errors of role by set, then roles against the gold."""
    yield "| | persons | no name found | kept though to be masked | masked though to be named |\n|---|---|---|---|---|"
    for name, told in sets.items():
        lost = sum(not t.role and not t.kept + t.masked for t in told)
        yield f"| {name} | {len(told)} | {lost} | {sum(t.kept > 0 for t in told)} | {sum(t.masked > 0 for t in told)} |"
    yield f"\n| gold | {' | '.join(c.replace('_', ' ') for c in COLUMNS)} | not told |\n|{'---|' * (len(COLUMNS) + 2)}"
    every = [t for told in sets.values() for t in told]
    for letter, meaning in ROLES.items():
        if own := [t.role for t in every if t.letter == letter]:
            counts = [own.count(c) for c in COLUMNS]
            yield f"| {meaning} | {' | '.join(map(str, counts))} | {len(own) - sum(counts)} |"


def main() -> int:
    """The command; exit code 2 if it cannot be run as asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.roles", description="How many errors are errors of role.")
    parser.add_argument("gold", nargs="*", type=Path, help="GOLD.jsonl, or folders of gold texts (default: the shipped sets)")
    parser.add_argument("--cases", type=Path, help="FOLDER/<bundle>/case.yaml (default: beside the gold)")
    parser.add_argument("--without-case", action="store_true")
    parser.add_argument("--policy", default="iopc-report")
    parser.add_argument("--json", type=Path, help="keep here whom the run took people for")
    asked = parser.parse_args()
    sets = {}
    try:
        for gold in asked.gold or [HERE / name for name in SETS]:
            beside = asked.cases or (gold if gold.is_dir() else gold.parent)
            sets[gold.stem] = judged(golds.load(gold), None if asked.without_case else beside, asked.policy)
    except RedactorError as fault:
        parser.error(str(fault))
    print("\n".join(tables(sets)))
    if asked.json:
        asked.json.write_text(json.dumps({name: [asdict(t) for t in told] for name, told in sets.items()}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
