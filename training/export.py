"""The trained model as ONNX with weights of eight bits, and the file of word pieces beside it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

import onnx
import torch
from model import Tagger
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn


class Odds(nn.Module):
    """Probabilities, of a text without padding."""

    def __init__(self, model: Tagger) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, shapes: Tensor) -> tuple[Tensor, Tensor]:
        """Rows of probabilities of the fact kinds and the entity kinds."""
        facts, entities = self.model(ids, shapes, None)
        return torch.softmax(facts, -1), torch.softmax(entities, -1)


def export(model: Tagger, vocabulary: Path, out: Path) -> str:
    """Writes tagger.onnx and tagger_words.txt into `out`; the SHA-256 of the first."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        sample = torch.ones(1, 9, dtype=torch.long)
        axes = {name: {0: "batch", 1: "pieces"} for name in ("ids", "shapes", "facts", "entities")}
        torch.onnx.export(
            Odds(model).eval(),
            (sample, sample),
            str(plain),
            input_names=["ids", "shapes"],
            output_names=["facts", "entities"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        onnx.checker.check_model(str(plain))
        quantize_dynamic(
            str(plain),
            str(out / "tagger.onnx"),
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gather"],
        )
    shutil.copyfile(vocabulary, out / "tagger_words.txt")
    return hashlib.sha256((out / "tagger.onnx").read_bytes()).hexdigest()
