"""What can be read in pixels, by ways other than the writer read them: tesseract, and the models on altered pictures.

Does not catch: handwriting, letters under about eight pixels, other scripts than Latin, and whatever no engine sees. The models
are those the reader uses too; what they cannot see at any size, turn or contrast is missed here as it was missed there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Pixels = NDArray[np.uint8]

LARGEST = 3000  # pixels a side at which lines are looked for; the reader's limit is another


def readings(pixels: Pixels) -> Iterator[str]:
    """The texts an engine reads in a picture (height x width x 3, RGB): as it lies, enlarged, inverted with its contrast drawn
    out, and turned by a quarter; lines that stand on their heads among them. Raises ModelFault."""
    import numpy as np
    from PIL import Image as Pillow
    from PIL import ImageOps

    yield _tesseract(pixels)
    picture = Pillow.fromarray(pixels)
    large = 2 if max(picture.size) <= 2000 else 1
    yield _read(picture.resize((picture.width * large, picture.height * large), Pillow.Resampling.LANCZOS))
    yield _read(ImageOps.autocontrast(ImageOps.invert(picture.convert("L")), cutoff=2).convert("RGB"))
    yield _read(Pillow.fromarray(np.ascontiguousarray(np.rot90(pixels))))


def _read(picture: Image) -> str:
    import numpy as np

    from ..ocr import lines

    found = lines(np.asarray(picture, dtype=np.uint8), LARGEST, either_way_up=True)
    placed = sorted(found, key=lambda line: (round(min(line.corners[:, 1]) / 12), min(line.corners[:, 0])))
    return "\n".join(line.text for line in placed)


def _tesseract(pixels: Pixels) -> str:
    program = shutil.which("tesseract")
    if not program:
        return ""
    height, width = pixels.shape[:2]
    try:
        done = subprocess.run(  # noqa: S603  a fixed program, fixed arguments, pixels on its standard input
            [program, "stdin", "stdout", "-l", "eng", "--psm", "3"],
            input=b"P6 %d %d 255\n" % (width, height) + pixels.tobytes(),
            capture_output=True,
            timeout=120,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (subprocess.TimeoutExpired, OSError):
        return ""
    return done.stdout.decode("utf-8", "replace")
