"""Publications of generated bundles, read by an intruder who wants names: what is left, and what order, width and keys tell.

    python -m benchmarks.intruder [BUNDLES] [--seed N] [--minutes M] [--write]     30 bundles of 170 people unless told

Each bundle is published by the program; its copies, names, manifest and log are then read by `benchmarks.hostile`, which shares
nothing with verification. Every tenth is published once more with another key, and as twins whose people have short names and
long ones. `--write` keeps the figures in intruder.json; docs/threat-model.md quotes them. Exit code 1 where anything is left of a
listed person, or a test of chance fails (p below 0.001).
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .hostile import Usual, left, stamps, usual
from .invented import FORMATS, Person, invented
from .tells import Ranks, Shown, apart, logs_apart, published, rank, read_otherwise, same_order, shared, telling

KEPT = Path(__file__).with_name("intruder.json")
EVERY = 10  # one bundle in so many is published with another key and with longer names too
CHANCE = 0.001
_DATED = re.compile(rb"1997[-:/]?05[-:/]?17|(?i:17(?:th)? may,? (?:19)?97)")  # as all sources are


# What is left


def without_people(folder: Path) -> dict[str, Usual]:
    """What copies hold whoever is in them, by a file's ending: from the publication of a bundle in which nobody is."""
    return {path.rpartition(".")[2]: usual(data) for path, data in published(invented(0, 0), folder).copies().items()}


def leaks(shown: Shown, known: Mapping[str, Usual] | None = None) -> list[tuple[Person, str, str]]:
    """What is left of anybody: (person, kind of form, where)."""
    rest, found = shown.sources(), []
    for path, data in shown.files.items():
        ending = path.rpartition(".")[2]
        own = left(path.removeprefix("documents/"), data, rest.get(path, ""), shown.made.people, (known or {}).get(ending))
        found += [(person, kind, f"{ending}: {where}") for person, kind, where in own]
    return found


# The sweep


class Tally:
    """The figures of a sweep, as it goes."""

    def __init__(self, known: Mapping[str, Usual]) -> None:
        self.known, self.counted, self.ranks = known, Counter[str](), defaultdict[str, Ranks](Ranks)
        self.left: dict[str, Counter[str]] = {"listed": Counter(), "unlisted": Counter()}
        self.stamps: set[str] = set()

    def publication(self, shown: Shown) -> None:
        """Read one."""
        people = shown.made.people
        self.counted.update(
            bundles=1, documents=len(shown.made.papers), copies=len(shown.copies()), held=shown.held, files=len(shown.files),
            listed=sum(p.listed for p in people), unlisted=sum(not p.listed for p in people),
        )  # fmt: skip
        found = leaks(shown, self.known)
        for person, kind, where in found:
            self.left["listed" if person.listed else "unlisted"][f"{kind} in {where}"] += 1
        self.counted["unlisted people of whom something is left"] += len({p.anchor for p, _, _ in found if not p.listed})
        named = shown.labels()
        given = [named[p.anchor] for p in people if p.listed and p.anchor in named]
        self.counted.update({"labels that tell": sum(map(telling, given)), "labels shared": len(given) - len({*given})})
        self.stamps |= {stamp for data in shown.copies().values() for stamp in stamps(data)}
        self.counted["dates of sources"] += sum(bool(_DATED.search(data)) for data in shown.files.values())
        rank(shown, self.ranks)

    def keys(self, one: Shown, two: Shown) -> None:
        """The same bundle under two keys."""
        self.counted.update({"pairs of keys": 1, "shared by two keys": len(shared(one, two))})
        same_order(one, two, self.ranks["another key"])

    def twins(self, short: Shown, long: Shown) -> None:
        """The same bundle, and one whose names alone are longer."""
        otherwise = read_otherwise(short, long)
        differ, logged = apart(short, long, otherwise), logs_apart(short, long, otherwise)
        alike = sum(short.paper(entry["id"]) not in otherwise for entry in short.entries() if "path" in entry)
        self.counted.update({"pairs of twins": 1, "copies of twins": alike, "twins read otherwise": len(otherwise)})
        self.counted.update({"copies that differ": len(differ), "records that differ": len(logged)})

    def told(self) -> dict[str, Any]:
        """All of it, for a JSON file."""
        return {
            "counted": dict(self.counted),
            "left of listed people": dict(self.left["listed"]),
            "left of unlisted people": dict(self.left["unlisted"]),
            "dates in copies": sorted(self.stamps),
            "ranks": {name: found.told() for name, found in sorted(self.ranks.items())},
        }

    def wrong(self) -> list[str]:
        """What an intruder could use."""
        none = (
            "labels that tell",
            "labels shared",
            "dates of sources",
            "shared by two keys",
            "copies that differ",
            "records that differ",
        )
        found = [f"{self.counted[name]} {name}" for name in none if self.counted[name]]
        found += [f"{n} left: {what}" for what, n in self.left["listed"].items()]
        found += [f"{len(self.stamps)} dates in copies"] if len(self.stamps) > 1 else []
        return found + [f"order of {name}: p {r.p:.5f}" for name, r in self.ranks.items() if r.p < CHANCE]


def in_words(told: Mapping[str, Any]) -> str:
    """The figures as docs/threat-model.md has them."""
    n, ranks = Counter(told["counted"]), dict(told["ranks"])
    keys, least = ranks.pop("another key")["p"], min(found["p"] for found in ranks.values())
    missed, left_of = n["unlisted people of whom something is left"], sum(told["left of listed people"].values())
    return " ".join(
        (
            f"{n['bundles']} generated bundles, {n['documents']} documents of nine formats, {n['copies']} copies,",
            f"{n['held']} documents held; {n['listed']:,} people whom their cases list, {n['unlisted']} whom they do not.",
            f"Left of a listed person in any copy, name, property, manifest or log: {left_of}.",
            f"Of {missed} unlisted people something was left, which is what detection misses ([limits](limits.md)).",
            f"Labels that tell: {n['labels that tell']}; that two people share: {n['labels shared']}.",
            "Numbers of labels, and the order of the log's records of them, against order of appearance, both alphabets,",
            f"case.yaml and length of the name: the smallest of {len(ranks)} p values is {least:.2f}.",
            f"One bundle under two keys ({n['pairs of keys']} times): digests and fingerprints in common",
            f"{n['shared by two keys']}, p of the order of labels {keys:.2f}.",
            f"The same bundle with longer names ({n['pairs of twins']} times, {n['copies of twins']} copies of sources in which",
            f"the models saw the same; of {n['twins read otherwise']} not): copies that differ in words or pages",
            f"{n['copies that differ']}, records of the log {n['records that differ']}.",
            f"Dates in copies: {len(told['dates in copies'])}, the same in all; of sources: {n['dates of sources']}.",
        )
    )


def sweep(folder: Path, bundles: int, seed: int, count: int = 170, formats: Sequence[str] = FORMATS) -> Iterator[Tally]:
    """Publish and read so many bundles of so many people; the figures after each."""
    tally = Tally(without_people(_empty(folder)))
    for number in range(bundles):
        made = invented(seed + number, count, formats=formats)
        shown = published(made, _empty(folder))
        tally.publication(shown)
        if number % EVERY == 0:
            tally.keys(shown, published(made, _empty(folder)))
            twins = (invented(seed + number, count, 0, formats, names) for names in ("short", "long"))
            tally.twins(*(published(twin, _empty(folder)) for twin in twins))
        yield tally


def _empty(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=folder))


def main() -> int:
    """The command."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    ask.add_argument("bundles", nargs="?", type=int, default=30)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--minutes", type=float, default=math.inf)
    ask.add_argument("--write", action="store_true")
    asked = ask.parse_args()
    if asked.bundles < 1 or asked.minutes <= 0:
        ask.error("at least one bundle, and more than no minutes")
    from redactor import recognizers

    engine = recognizers.Engine()
    recognizers.Engine = lambda *_: engine  # type: ignore[misc,assignment] # loaded once, for all bundles
    began, wrong = time.monotonic(), ["nothing was published"]
    with tempfile.TemporaryDirectory(prefix="redactor-") as name:
        for tally in sweep(Path(name), asked.bundles, asked.seed):
            wrong, minutes = tally.wrong(), (time.monotonic() - began) / 60
            said = "; ".join(wrong) or "nothing that an intruder could use"
            print(f"{tally.counted['bundles']} bundles, {minutes:.0f} minutes: {said}")
            if asked.write:
                KEPT.write_text(json.dumps({"seed": asked.seed} | tally.told(), indent=1) + "\n", encoding="utf-8")
            if minutes > asked.minutes:
                break
    print(in_words(tally.told()))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
