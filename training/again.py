"""Starts from a tagger that is there already: its weights of eight bits, as those that a training can go on with.

What was rounded stays rounded; the training sets it right. The word embeddings are taken from where they came from, for they
were never trained.
"""

from __future__ import annotations

import re
from pathlib import Path

import onnx
import torch
from model import Tagger, pretrained
from onnx import numpy_helper


def shipped(file: Path) -> Tagger:
    """The model of an exported tagger.onnx."""
    graph = onnx.load(str(file)).graph
    given = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    state = {name.removeprefix("model."): torch.tensor(w) for name, w in given.items() if name.endswith((".weight", ".bias"))}
    for node in graph.node:
        if node.op_type == "MatMulInteger" and (where := re.fullmatch(r"/model/(.+)/MatMul_quant", node.name)):
            name = node.input[1].removesuffix("_quantized")
            state[f"{where[1].replace('/', '.')}.weight"] = _plain(given, name).T
    state["shape.weight"] = _plain(given, "model.shape.weight")
    model = pretrained()
    state["word.weight"] = model.word.weight.detach()
    model.load_state_dict(state)
    return model


def _plain(given: dict[str, object], name: str) -> torch.Tensor:
    rounded, zero, scale = (torch.tensor(given[f"{name}_{part}"]) for part in ("quantized", "zero_point", "scale"))
    return (rounded.float() - zero.float()) * scale
