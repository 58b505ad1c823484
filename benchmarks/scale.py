"""How time and memory grow with the bundle, and how fast the whole command is beside plain Presidio.

    python -m benchmarks.scale                              how the resolution of persons grows
    python -m benchmarks.scale speed [DOCUMENTS [ROUNDS]]   the whole command beside Presidio, one process and two (300, 3)
    python -m benchmarks.scale growth [DOCUMENTS ...]       time, memory, questions and log by size, mixed formats (100 1000)

Bundles of invented people are made without files and without the name models (what those find is given), resolved, and timed:
ten times the mentions of ten times the people in ten times the documents. Near linear means a ratio near ten.
"""

from __future__ import annotations

import random
import sys
import time

from benchmarks import throughput
from redactor.case import EMPTY_CASE
from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content
from redactor.lexicon import given_names, surnames
from redactor.model import Detection, Document, Finding, Kind, Span
from redactor.people import resolve
from redactor.policy import load_policy

SIZES = (1_000, 10_000)
MENTIONS_A_PERSON = 10
MENTIONS_A_DOCUMENT = 100
FRAMES = (  # sentences of the genres, with and without evidence of a role
    "{} asked for help at the front desk.",
    "A note of the call with {} was not made.",
    "DC {} took a statement and filed it.",
    "Her mother, {}, rang the council in March.",
    "{}, 14, was not seen that week.",
    "The meeting was told that {} had moved.",
    "Social worker {} wrote to the school.",
    "Nobody had spoken to {} since the spring.",
)
Bundle = tuple[list[Document], dict[str, str], dict[str, Detection]]


def bundle(mentions: int, seed: int = 1) -> Bundle:
    """Documents, texts and detections with this many mentions: full names, first names and surnames of invented people."""
    draw = random.Random(seed)
    first, last = sorted(given_names()), sorted(surnames())
    people = [(draw.choice(first).title(), draw.choice(last).title()) for _ in range(mentions // MENTIONS_A_PERSON)]
    documents: list[Document] = []
    texts: dict[str, str] = {}
    detections: dict[str, Detection] = {}
    for number in range(mentions // MENTIONS_A_DOCUMENT):
        doc = f"d{number + 1:04}"
        cast = draw.sample(people, min(len(people), 20))
        lines, findings, at = [], [], 0
        for frame in draw.choices(FRAMES, k=MENTIONS_A_DOCUMENT):
            given, family = draw.choice(cast)
            name = draw.choice((f"{given} {family}", f"{given} {family}", given, family))
            line, start = frame.format(name), at + frame.index("{")
            findings.append(Finding(doc, Span(start, start + len(name)), Kind.NAME, 0.9, "spacy", "spacy_person", ("spacy",)))
            lines.append(line)
            at += len(line) + 2
        texts[doc] = "\n\n".join(lines)
        documents.append(
            Document(
                doc,
                ClearText(f"{doc}.txt"),
                "text/plain",
                Content(tuple(Block(BlockKind.PARAGRAPH, ClearText(line)) for line in lines)),
            )
        )
        detections[doc] = Detection(doc, tuple(findings), frozenset(f.span.start for f in findings))
    return documents, texts, detections


def seconds(made: Bundle) -> tuple[float, int]:
    """How long its resolution takes, and how many persons come of it."""
    policy = load_policy("iopc-report")
    start = time.perf_counter()
    found = resolve(*made, EMPTY_CASE, policy)
    return time.perf_counter() - start, len(found.persons)


def main() -> int:
    """The command."""
    if sys.argv[1:2] == ["speed"]:
        print(throughput.beside_presidio(*map(int, sys.argv[2:4] or ("300",))))
        return 0
    if sys.argv[1:2] == ["growth"]:
        print(throughput.growth([int(size) for size in sys.argv[2:] or ("100", "1000")]))
        return 0
    seconds(bundle(200))  # lists and lexicons are loaded once
    times = []
    print("| mentions | documents | persons found | seconds | milliseconds a mention |\n|---|---|---|---|---|")
    for size in SIZES:
        made = bundle(size)
        took, persons = seconds(made)
        times.append(took)
        print(f"| {size:,} | {len(made[0])} | {persons:,} | {took:.2f} | {1000 * took / size:.2f} |")
    print(f"\nTen times the mentions take {times[-1] / times[0]:.1f} times as long.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
