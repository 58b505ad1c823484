"""Trains the tagger and puts it where the product looks for it: `python training/train.py` in the repository, seeds fixed.

Reads text/, trains on the accelerator where there is one, else on the CPU, and chooses nothing by hand: files of `VALIDATION` are
never trained on and give the figures. Passages are filled by processes of their own meanwhile. Writes
redactor/recognizers/tagger.onnx (int8) and tagger_words.txt, and training/figures.json. See README.md.
"""

from __future__ import annotations

import argparse
import copy
import json
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import torch  # noqa: E402
from again import shipped  # noqa: E402
from examples import IGNORED, Example, batches, examples, tensors  # noqa: E402
from export import export  # noqa: E402
from figures import figures  # noqa: E402
from fill import bank  # noqa: E402
from model import Tagger, pretrained, weights_folder  # noqa: E402
from passages import Passage, read, turns  # noqa: E402
from torch import nn  # noqa: E402

from redactor.recognizers.pieces import Cutter  # noqa: E402

VALIDATION = ("d-mixed3", "cedar-diary", "cedar-referral", "birch-care", "birch-email")  # files held back whole
RATE, HEAD_RATE, BATCH, AVERAGE = 1e-4, 1e-3, 2000, 0.995
GOING_ON = 0.5  # of the rates, where a training goes on from a model that knows the work; its lower half then stays
ENTITY_SHARE = 1.0


def main() -> None:
    """The one command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--minutes", type=float, default=30, help="most wall time of one training; the rate falls to nothing by its end"
    )
    options.add_argument("--fillings", type=int, default=16, help="times each passage is filled; more is learnt by heart")
    options.add_argument(
        "--seeds", type=int, nargs="+", default=[7, 11, 13], help="one training each; their weights are averaged"
    )
    options.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cuda or cpu")
    options.add_argument("--start", type=Path, help="go on from this tagger.onnx, at half the rate")
    options.add_argument("--weights", type=Path, help="keep the weights in this file, too")
    options.add_argument("--all", action="store_true", help="train on the validation files too (figures then mean nothing)")
    options.add_argument("--out", type=Path, default=HERE.parent / "redactor/recognizers")
    chosen = options.parse_args()
    every = read(HERE / "text")
    learnt = [p for p in every if chosen.all or p.file not in VALIDATION]
    learnt = [p for p in learnt for _ in range(turns(p))]
    unseen = [p for p in every if p.file in VALIDATION]
    vocabulary = weights_folder() / "vocab.txt"
    print(len(learnt), "passages to learn from,", len(unseen), "held back", flush=True)
    limits = (chosen.fillings, chosen.minutes * 60)
    model = mean([train(learnt, vocabulary, *limits, seed, chosen.device, chosen.start) for seed in chosen.seeds])
    if chosen.weights:
        torch.save(model.state_dict(), chosen.weights)
    said = figures(model, unseen, Cutter(vocabulary)) if unseen else {}
    chosen.out.mkdir(parents=True, exist_ok=True)
    said["digest"] = export(model, vocabulary, chosen.out)
    (HERE / "figures.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def mean(models: Sequence[Tagger]) -> Tagger:
    """The mean of the weights of several trainings from the same start: it takes far less of what is told of nobody."""
    out = copy.deepcopy(models[0])
    states = [m.state_dict() for m in models]
    out.load_state_dict({name: sum(s[name] for s in states) / len(states) for name in states[0]})
    return out.eval()


def train(
    passages: list[Passage], vocabulary: Path, fillings: int, seconds: float, seed: int, device: str, start_from: Path | None
) -> Tagger:
    """The moving average of the weights when time is up or every filling was seen."""
    torch.manual_seed(seed)
    model = (shipped(start_from) if start_from else pretrained()).to(device)
    slower = GOING_ON if start_from else 1.0
    for below in (model.position, model.shape, model.norm, *model.layers[: len(model.layers) // 2]) if start_from else ():
        below.requires_grad_(False)
    averaged = copy.deepcopy(model)
    heads = [p for n, p in model.named_parameters() if p.requires_grad and n.startswith(("facts", "entities", "shape"))]
    body = [p for n, p in model.named_parameters() if p.requires_grad and not n.startswith(("facts", "entities", "shape"))]
    optimizer = torch.optim.AdamW(
        [{"params": part, "lr": rate, "top": slower * rate} for part, rate in ((body, RATE), (heads, HEAD_RATE))],
        weight_decay=0.01,
    )
    loss_of = nn.CrossEntropyLoss(ignore_index=IGNORED)
    start, steps, shown = time.monotonic(), 0, torch.zeros((), device=device)
    for filling, made in enumerate(filled(passages, vocabulary, fillings, seed)):
        for batch in made:
            done = max((time.monotonic() - start) / seconds, filling / fillings)
            for group in optimizer.param_groups:
                group["lr"] = group["top"] * min(1.0, steps / 100) * max(0.0, 1 - done)
            ids, shapes, mask, facts, entities = (t.to(device, non_blocking=True) for t in tensors(batch))
            model.train()
            with torch.autocast(device, dtype=torch.bfloat16, enabled=device != "cpu"):  # most processors are slower with it
                fact, entity = model(ids, shapes, mask)
            loss = loss_of(fact.float().flatten(0, 1), facts.flatten())
            loss = loss + ENTITY_SHARE * loss_of(entity.float().flatten(0, 1), entities.flatten())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            steps += 1
            shown = 0.98 * shown + 0.02 * loss.detach()
            keep = min(AVERAGE, steps / (steps + 20))
            with torch.no_grad():
                torch._foreach_lerp_(list(averaged.parameters()), list(model.parameters()), 1 - keep)
            if done >= 1:
                break
        print(f"filling {filling + 1}: {steps} steps, {time.monotonic() - start:.0f} s, loss {float(shown):.4f}", flush=True)
        if time.monotonic() - start >= seconds:
            break
    return averaged.eval().cpu()


def filled(passages: list[Passage], vocabulary: Path, fillings: int, seed: int) -> Iterator[list[list[Example]]]:
    """The batches of each filling, made ahead by processes of their own; the same seed gives the same."""
    makers = max(1, min(8, (os.cpu_count() or 2) - 1))
    share = partial(_filling, list(passages), vocabulary, seed)
    with ProcessPoolExecutor(makers, multiprocessing.get_context("spawn")) as pool:
        ahead = [pool.submit(share, number) for number in range(min(fillings, 2 * makers))]
        for number in range(fillings):
            made = ahead.pop(0).result()
            if number + 2 * makers < fillings:
                ahead.append(pool.submit(share, number + 2 * makers))
            yield made


def _filling(passages: list[Passage], vocabulary: Path, seed: int, number: int) -> list[list[Example]]:
    rows = list(examples(passages, Cutter(vocabulary), 1000 * seed + number, stock=bank(passages)))
    return batches(rows, BATCH, random.Random(number))


if __name__ == "__main__":
    main()
