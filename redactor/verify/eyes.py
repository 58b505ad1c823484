"""What can be read in pixels, by ways other than the writer read them: tesseract, and rapidocr on altered pictures.

Does not catch: handwriting, letters under about eight pixels, other scripts than Latin, and whatever no engine sees. The models
are those the reader uses too; what they cannot see at any size, turn or contrast is missed here as it was missed there.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]


def readings(pixels: Pixels) -> Iterator[str]:
    """The texts an engine reads in a picture (height x width x 3, BGR): as it lies, enlarged, inverted with its contrast drawn
    out, and turned by a quarter. Nothing where neither engine is installed."""
    import cv2
    import numpy as np

    height, width = pixels.shape[:2]
    yield _tesseract(pixels)
    large = 2 if max(height, width) <= 2000 else 1
    yield _rapid(np.asarray(cv2.resize(pixels, None, fx=large, fy=large, interpolation=cv2.INTER_LANCZOS4), dtype=np.uint8))
    grey = cv2.createCLAHE(4.0, (8, 8)).apply(255 - cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))
    yield _rapid(np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), dtype=np.uint8))
    yield _rapid(np.ascontiguousarray(np.rot90(pixels)))


@cache
def _engine() -> Any:
    """The engine with its models named by path, so that it downloads nothing; None where it is not installed whole."""
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        return None
    models = Path(next(iter(spec.submodule_search_locations))) / "models"
    found = [next(iter(sorted(models.glob(f"*_{part}_*.onnx"))), None) for part in ("det", "rec", "cls")]
    if None in found:
        return None
    from rapidocr import RapidOCR

    named = {f"{part}.model_path": str(file) for part, file in zip(("Det", "Rec", "Cls"), found, strict=True)}
    whole = {"Det.limit_type": "max", "Det.limit_side_len": 3000, "Global.max_side_len": 100_000}
    return RapidOCR(params={"Global.log_level": "critical", "Global.text_score": 0.0, **whole, **named})


def _rapid(pixels: Pixels) -> str:
    engine = _engine()
    found = engine(pixels) if engine is not None else None
    if found is None or getattr(found, "txts", None) is None:
        return ""
    placed = sorted(
        zip(found.boxes, found.txts, strict=True), key=lambda item: (round(min(item[0][:, 1]) / 12), min(item[0][:, 0]))
    )
    return "\n".join(text for _, text in placed)


def _tesseract(pixels: Pixels) -> str:
    program = shutil.which("tesseract")
    if not program:
        return ""
    height, width = pixels.shape[:2]
    try:
        done = subprocess.run(  # noqa: S603  a fixed program, fixed arguments, pixels on its standard input
            [program, "stdin", "stdout", "-l", "eng", "--psm", "3"],
            input=b"P6 %d %d 255\n" % (width, height) + pixels[:, :, ::-1].tobytes(),
            capture_output=True,
            timeout=120,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (subprocess.TimeoutExpired, OSError):
        return ""
    return done.stdout.decode("utf-8", "replace")
