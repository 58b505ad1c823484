"""Lines of text in pixels, by the models that lie in rapidocr's package (PP-OCRv6 small): found, cut out, read.

Only the package's model files are read, each by its digest; its code is never imported, nor what it asks for (Shapely and OpenCV
carry parts under the LGPL). Nothing is downloaded. Does not read handwriting, letters under about eight pixels, or
scripts other than Latin well enough to rely on.
"""

from __future__ import annotations

import importlib.util
import math
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import ModelFault
from .ocr_boxes import boxes
from .sources import check_digests

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

PACKAGE = "rapidocr==3.10.0"
MODELS = {  # what finds lines, what reads them, what tells which way up one is (PP-OCR mobile v2); digests as measured
    "PP-OCRv6_det_small.onnx": "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    "PP-OCRv6_rec_small.onnx": "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    "ch_ppocr_mobile_v2.0_cls_mobile.onnx": "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c",
}
_GRID = 32  # pixels: the detection model takes sides that are multiples of this
_LOW, _FLAT = 30, 8  # a picture lower than this, or so many times wider than high, gets bands above and below
_TALL = 48  # pixels: the height at which a line is read
_BATCH = 6  # lines read at once, of like width
_WIDE = 320 / 48  # the least width over height at which lines are read
_TURNED = 0.9  # from which a line surely stands upside down


class Found(NamedTuple):
    """One line: its text, how sure the model is (0 to 1), its corners (4 x 2, pixels, from the top left, clockwise)."""

    text: str
    score: float
    corners: NDArray[np.float32]


def lines(pixels: Pixels, largest: int, either_way_up: bool = False) -> list[Found]:
    """The lines of a picture (height x width x 3, RGB). Lines are looked for at `largest` pixels a side at most and read from the
    pixels as they are; `either_way_up`: lines that stand on their heads are turned. Raises ModelFault."""
    padded, down = _padded(pixels)
    height, width = padded.shape[:2]
    found = boxes(_map(padded, largest), width, height)
    cut = [_cut(padded, corners) for corners in found]
    if either_way_up:
        cut = [_turned(line) for line in cut]
    out = []
    for corners, (text, score) in zip(found, _read(cut), strict=True):
        if text.strip():
            corners[:, 1] = (corners[:, 1] - down).clip(0, pixels.shape[0])
            out.append(Found(text.strip(), score, corners))
    return out


@cache
def _models() -> tuple[Any, Any, Any]:
    import onnxruntime  # type: ignore[import-untyped]

    spec = importlib.util.find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        raise ModelFault(f"The models that read pictures are not installed. Install them: pip install {PACKAGE}")
    folder = Path(next(iter(spec.submodule_search_locations))) / "models"
    check_digests(folder, MODELS, "The models that read pictures", PACKAGE)
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False  # pages are of all sizes: the arena would keep the largest
    find, read, turn = (
        onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"]) for name in MODELS
    )
    return find, read, turn


@cache
def _letters() -> list[str]:
    return ["", *_models()[1].get_modelmeta().custom_metadata_map["character"].splitlines(), " "]


def _padded(pixels: Pixels) -> tuple[Pixels, int]:
    """The picture, a strip with bands above and below, and how high the upper one is."""
    import numpy as np

    height, width = pixels.shape[:2]
    if height > _LOW and width <= _FLAT * height:
        return pixels, 0
    band = max(0, int((max(width // _FLAT, _LOW) * 2 - height) / 2))
    return np.pad(pixels, ((band, band), (0, 0), (0, 0))), band


def _map(pixels: Pixels, largest: int) -> Any:
    """What the detection model says of each pixel: 0 to 1."""
    height, width = pixels.shape[:2]
    ratio = min(1.0, largest / max(height, width))
    sides = [max(_GRID, round(int(side * ratio) / _GRID) * _GRID) for side in (width, height)]
    return _run(_models()[0], _scaled(pixels, sides[0], sides[1])[None])[0, 0]


def _cut(pixels: Pixels, corners: NDArray[np.float32]) -> Pixels:
    """The line within these corners, laid level; one that runs up or down the page is turned."""
    import numpy as np
    from PIL import Image

    width = max(1, int(max(math.dist(corners[0], corners[1]), math.dist(corners[2], corners[3]))))
    height = max(1, int(max(math.dist(corners[0], corners[3]), math.dist(corners[1], corners[2]))))
    left, top = np.floor(corners.min(axis=0)).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 1
    part = Image.fromarray(pixels[max(0, top) : bottom, max(0, left) : right])
    upper_left, upper_right, lower_right, lower_left = ((float(x - max(0, left)), float(y - max(0, top))) for x, y in corners)
    quad = (*upper_left, *lower_left, *lower_right, *upper_right)
    level = part.transform((width, height), Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)
    line = np.asarray(level, dtype=np.uint8)
    return np.ascontiguousarray(np.rot90(line)) if height >= 1.5 * width else line


def _turned(line: Pixels) -> Pixels:
    """The line on its feet."""
    import numpy as np

    width = min(192, math.ceil(_TALL * line.shape[1] / line.shape[0]))
    shown = np.zeros((1, 3, _TALL, 192), dtype=np.float32)
    shown[0, :, :, :width] = _scaled(line, width, _TALL)
    says = _run(_models()[2], shown)[0]
    return np.ascontiguousarray(line[::-1, ::-1]) if says[1] > _TURNED else line


def _read(cut: list[Pixels]) -> list[tuple[str, float]]:
    """The text of each line and how sure the model is: the mean over its letters."""
    import numpy as np

    said = [("", 0.0)] * len(cut)
    order = sorted(range(len(cut)), key=lambda n: cut[n].shape[1] / cut[n].shape[0])
    for at in range(0, len(order), _BATCH):
        batch = order[at : at + _BATCH]
        widest = max(_WIDE, *(cut[n].shape[1] / cut[n].shape[0] for n in batch))
        wide = int(_TALL * widest)
        shown = np.zeros((len(batch), 3, _TALL, wide), dtype=np.float32)
        for row, n in enumerate(batch):
            width = min(wide, math.ceil(_TALL * cut[n].shape[1] / cut[n].shape[0]))
            shown[row, :, :, :width] = _scaled(cut[n], width, _TALL)
        for n, chances in zip(batch, _run(_models()[1], shown), strict=True):
            said[n] = _decoded(chances)
    return said


def _decoded(chances: Any) -> tuple[str, float]:
    """The likeliest letters: repeats once, blanks left out (connectionist temporal classification, Graves et al. 2006)."""
    import numpy as np

    best = chances.argmax(axis=1)
    kept = np.append(True, best[1:] != best[:-1]) & (best != 0)
    if not kept.any():
        return "", 0.0
    return "".join(_letters()[n] for n in best[kept]), float(chances.max(axis=1)[kept].mean())


def _scaled(pixels: Pixels, width: int, height: int) -> Any:
    """The picture at another size as the models take it: 3 x height x width, blue first, -1 to 1."""
    import numpy as np
    from PIL import Image

    scaled = Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(scaled, dtype=np.float32)[:, :, ::-1].transpose(2, 0, 1) / 127.5 - 1


def _run(model: Any, shown: Any) -> Any:
    import numpy as np

    return model.run(None, {model.get_inputs()[0].name: np.ascontiguousarray(shown, dtype=np.float32)})[0]
