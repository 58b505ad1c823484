"""What a reading depends on beside the file: as long as it is the same, a file is not read twice."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path

from .. import sources
from ._libreoffice import program

_PACKAGES = (
    "charset-normalizer",
    "lxml",
    "markdown-it-py",
    "nh3",
    "numpy",
    "olefile",
    "onnxruntime",
    "openpyxl",
    "pikepdf",
    "Pillow",
    "pypdfium2",
    "python-docx",
    "rapidocr",
    "zxing-cpp",
)
_BESIDE = ("ocr.py", "ocr_boxes.py", "content.py", "model.py")


@cache
def signature() -> str:
    """SHA-256 (hex) of the readers' own files, the packages they use and the programs they find on this machine."""
    said = {package: sources.package_version(package) for package in _PACKAGES} | {"python": sys.version.split()[0]}
    for name, place in (("tesseract", shutil.which("tesseract")), ("libreoffice", program())):
        known = Path(place).resolve().stat() if place else None
        said[name] = f"{known.st_size} {known.st_mtime_ns}" if known else ""
    whole = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    whole.update(sources.digest_of(files(__package__)))
    top = __package__.rpartition(".")[0]
    for name in _BESIDE:
        whole.update((files(top) / name).read_bytes())
    return whole.hexdigest()
