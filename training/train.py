"""Trains the tagger and puts it where the product looks for it: `python training/train.py` in the repository, seeds fixed.

Reads text/, trains on the CPU, chooses nothing by hand: files of `VALIDATION` are never trained on and give the figures. Writes
redactor/recognizers/tagger.onnx (int8) and tagger_words.txt, and training/figures.json. See README.md.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import torch  # noqa: E402
from examples import IGNORED, batches, examples, tensors  # noqa: E402
from export import export  # noqa: E402
from figures import figures  # noqa: E402
from fill import bank  # noqa: E402
from model import Tagger, pretrained, weights_folder  # noqa: E402
from passages import Passage, read, turns  # noqa: E402
from torch import nn  # noqa: E402

from redactor.recognizers.pieces import Cutter  # noqa: E402

VALIDATION = ("d-mixed3", "cedar-diary", "cedar-referral")  # files held back whole
RATE, HEAD_RATE, BATCH, AVERAGE = 1e-4, 1e-3, 2000, 0.995
ENTITY_SHARE = 0.4


def main() -> None:
    """The one command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--minutes", type=float, default=7, help="most wall time of one training; the rate falls to nothing by its end"
    )
    options.add_argument("--fillings", type=int, default=32, help="most times each passage is filled")
    options.add_argument(
        "--seeds", type=int, nargs="+", default=[7, 11, 13], help="one training each; their weights are averaged"
    )
    options.add_argument("--weights", type=Path, help="keep the weights in this file, too")
    options.add_argument("--all", action="store_true", help="train on the validation files too (figures then mean nothing)")
    options.add_argument("--out", type=Path, default=HERE.parent / "redactor/recognizers")
    chosen = options.parse_args()
    every = read(HERE / "text")
    learnt = [p for p in every if chosen.all or p.file not in VALIDATION]
    learnt = [p for p in learnt for _ in range(turns(p))]
    unseen = [p for p in every if p.file in VALIDATION]
    cutter = Cutter(weights_folder() / "vocab.txt")
    print(len(learnt), "passages to learn from,", len(unseen), "held back", flush=True)
    model = mean([train(learnt, cutter, chosen.fillings, chosen.minutes * 60, seed) for seed in chosen.seeds])
    if chosen.weights:
        torch.save(model.state_dict(), chosen.weights)
    said = figures(model, unseen, cutter) if unseen else {}
    chosen.out.mkdir(parents=True, exist_ok=True)
    said["digest"] = export(model, weights_folder() / "vocab.txt", chosen.out)
    (HERE / "figures.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def mean(models: Sequence[Tagger]) -> Tagger:
    """The mean of the weights of several trainings from the same start: it takes far less of what is told of nobody."""
    out = copy.deepcopy(models[0])
    states = [m.state_dict() for m in models]
    out.load_state_dict({name: sum(s[name] for s in states) / len(states) for name in states[0]})
    return out.eval()


def train(passages: list[Passage], cutter: Cutter, fillings: int, seconds: float, seed: int) -> Tagger:
    """The moving average of the weights when time is up or every filling was seen."""
    torch.manual_seed(seed)
    stock = bank(passages)
    model = pretrained()
    averaged = copy.deepcopy(model)
    heads = [p for n, p in model.named_parameters() if n.startswith(("facts", "entities", "shape"))]
    body = [p for n, p in model.named_parameters() if p.requires_grad and not n.startswith(("facts", "entities", "shape"))]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": RATE, "top": RATE}, {"params": heads, "lr": HEAD_RATE, "top": HEAD_RATE}], weight_decay=0.01
    )
    fact_loss = nn.CrossEntropyLoss(ignore_index=IGNORED)
    entity_loss = nn.CrossEntropyLoss(ignore_index=IGNORED)
    start, steps, shown = time.monotonic(), 0, 0.0
    for filling in range(fillings):
        rng = random.Random(filling)
        rows = list(examples(passages, cutter, 1000 * seed + filling, stock=stock))
        for batch in batches(rows, BATCH, rng):
            done = max((time.monotonic() - start) / seconds, filling / fillings)
            for group in optimizer.param_groups:
                group["lr"] = group["top"] * min(1.0, steps / 100) * max(0.0, 1 - done)
            ids, shapes, mask, facts, entities = tensors(batch)
            model.train()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                fact, entity = model(ids, shapes, mask)
            loss = fact_loss(fact.float().flatten(0, 1), facts.flatten())
            loss = loss + ENTITY_SHARE * entity_loss(entity.float().flatten(0, 1), entities.flatten())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            steps += 1
            shown = 0.98 * shown + 0.02 * float(loss.detach())
            keep = min(AVERAGE, steps / (steps + 20))
            with torch.no_grad():
                for mean, now in zip(averaged.parameters(), model.parameters(), strict=True):
                    mean.lerp_(now, 1 - keep)
            if done >= 1:
                break
        print(f"filling {filling + 1}: {steps} steps, {time.monotonic() - start:.0f} s, loss {shown:.4f}", flush=True)
        if time.monotonic() - start >= seconds:
            break
    return averaged.eval()


if __name__ == "__main__":
    main()
