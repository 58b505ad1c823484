"""How a model of this room runs: ONNX Runtime, on the processor, in one thread, telling nobody.

Does not look whether a file is the tested one: whoever asks has checked its digest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


def session(file: Path) -> Any:
    """An `onnxruntime.InferenceSession` of the file."""
    import onnxruntime  # type: ignore[import-untyped]

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
