"""One document on its way, and the two stages that look at each document by itself: reading and detection."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..case import Bundle
from ..cleartext import ClearText
from ..content import flatten
from ..errors import HeldError
from ..model import Decision, Detection, Document, Kind

if TYPE_CHECKING:
    from .detector import Detector

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Job:
    """One document on its way."""

    id: str
    relative: ClearText
    document: Document | None = None
    text: str = field(default="", repr=False)
    detection: Detection | None = None
    decisions: list[Decision] = field(default_factory=list)
    probes: list[tuple[str, Kind, ClearText, int]] = field(default_factory=list)  # what verification looks for, decide_everywhere
    held: HeldError | None = None
    published: dict[str, str] = field(default_factory=dict)  # relative path of a copy → media type
    put: str = field(default="", repr=False)  # the words that were put in, to account for "summer" or "park" among them
    noted: bool = False  # whether the copy ends with the note that names were changed
    proof: tuple[tuple[str, ...], int] = ((), 0)
    file: Path | None = field(default=None, repr=False)  # the source, for pictures that are copied as pixels
    painted: dict[str, ClearText] = field(default_factory=dict)  # relative path of a painted picture → the words that stay in it


def read_documents(bundle: Bundle, jobs: list[Job], progress: Progress) -> None:
    """What a reader of each file sees; a file that cannot be read, or not relied on, is held."""
    from .. import formats
    from ..recognizers import is_english

    for done, (job, source) in enumerate(zip(jobs, bundle.documents, strict=True)):
        progress("reading", done, len(jobs))
        try:
            job.document = formats.read(source.path, job.id, job.relative.reveal())
            job.text = flatten(job.document.content).text.reveal()
            if not is_english(job.text):
                raise HeldError(
                    "the document is mostly not English, and the name models read English", "Have it redacted by hand"
                )
        except HeldError as fault:
            job.held = fault
        except (MemoryError, RecursionError):
            job.held = HeldError("the file is too large or too deeply nested to read", "Split it, or save a plain copy")


def detect_documents(jobs: list[Job], detector: Detector, progress: Progress) -> None:
    """What the recognizers say of every document that could be read."""
    for done, job in enumerate(jobs):
        progress("detecting", done, len(jobs))
        if job.held is None:
            job.detection = detector.detect(job.id, job.text)


def spaced(relative: str) -> str:
    """A path as words, character for character, so that spans count in both."""
    return re.sub(r"[_\-.]", " ", relative)
