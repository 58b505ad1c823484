"""What the model finds in passages it was not trained on: by kind, and names by naming tradition.

A fact counts as found if at least half of its pieces have its kind's probability of one half or more; a piece outside any fact
that reaches it counts as wrongly taken.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import torch
from examples import IGNORED, Example, examples, rows, tensors
from fill import TRADITIONS, Filler
from model import ENTITIES, FACTS, Tagger
from passages import Passage

from redactor.recognizers.pieces import Cutter


def figures(model: Tagger, passages: Sequence[Passage], cutter: Cutter, fillings: int = 3) -> dict[str, Any]:
    """Counts by kind at one half, and recall of names by tradition."""
    given: Counter[str] = Counter()
    found: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    pieces = 0
    for filling in range(fillings):
        for row, facts, _ in _read(model, list(examples(passages, cutter, 1000 + filling, noise=False))):
            pieces += len(row.ids)
            for kind, run in _runs(row.facts):
                given[FACTS[kind]] += 1
                found[FACTS[kind]] += float((facts[run, kind] >= 0.5).float().mean()) >= 0.5
            for at, kind in enumerate(row.facts):
                best = int(facts[at].argmax())
                if kind == 0 and best and facts[at, best] >= 0.5:
                    taken[FACTS[best]] += 1
    said: dict[str, Any] = {"pieces": pieces, "kinds": {}, "names": {}}
    for kind in FACTS[1:]:
        said["kinds"][kind] = {"facts": given[kind], "found": round(found[kind] / max(1, given[kind]), 3), "taken": taken[kind]}
        print(kind, said["kinds"][kind])
    for tradition in TRADITIONS:
        said["names"][tradition] = _names(model, passages, cutter, tradition)
        print(tradition, said["names"][tradition], flush=True)
    return said


def _names(model: Tagger, passages: Sequence[Passage], cutter: Cutter, tradition: str) -> dict[str, float]:
    wanted = hit = 0
    made = []
    for passage in passages:
        rng = random.Random(f"fair:{passage.file}:{passage.number}")
        made += list(rows(Filler(rng, unseen=True, tradition=tradition).fill(passage), cutter))
    for row, _, entities in _read(model, made):
        for kind, run in _runs(row.entities):
            if ENTITIES[kind] == "name":
                wanted += 1
                hit += bool((entities[run, kind] >= 0.2).all())
    return {"names": wanted, "wholly found": round(hit / max(1, wanted), 4)}


def _read(model: Tagger, made: Sequence[Example]) -> list[tuple[Example, torch.Tensor, torch.Tensor]]:
    out = []
    ordered = sorted(made, key=lambda r: len(r.ids))
    for at in range(0, len(ordered), 32):
        batch = ordered[at : at + 32]
        ids, shapes, mask, _, _ = tensors(batch)
        with torch.no_grad():
            facts, entities = model(ids, shapes, mask)
        facts, entities = torch.softmax(facts, -1), torch.softmax(entities, -1)
        out += [(row, facts[n, : len(row.ids)], entities[n, : len(row.ids)]) for n, row in enumerate(batch)]
    return out


def _runs(labels: Sequence[int]) -> list[tuple[int, list[int]]]:
    return [
        (kind, [at for at, _ in run]) for kind, run in groupby(enumerate(labels), key=lambda p: p[1]) if kind not in (0, IGNORED)
    ]
