"""Bundles of any size for measuring time: generated files of invented people, the same for the same size and seed.

Nothing of it measures how well anything is found: sentences are few and names stand in plain places.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content
from redactor.lexicon import given_names, surnames

PEOPLE_A_DOCUMENT = 2  # new ones; a bundle of 100 documents has some 200 people, one of 10,000 has 20,000
CAST = 8  # people a document speaks of
SENTENCES = 28  # some 2,500 characters a document, a page
MIXED = 12  # sentences of a document in a bundle of mixed formats, some 900 characters
_FORMATS = ("txt", "txt", "txt", "docx", "html", "txt", "eml", "md", "txt", "xlsx")  # of every ten documents
_PDF = 500  # one document in so many: a page of one takes longer to read and to look at than a hundred of text
_FRAMES = (
    "{} asked for help at the front desk and was told to come back on {day}.",
    "A note of the call with {} was not made, although the log for {day} shows that it lasted 14 minutes.",
    "DC {last} took a statement and filed it under reference HK/{n}/19.",
    "Her mother, {}, rang the council on {phone} and left a message.",
    "{}, 14, was not seen that week, and nobody went to the house.",
    "The meeting was told that {} had moved to {n} Quayside Terrace, Harnsea.",
    "Social worker {} wrote to the school on {day} and had no answer.",
    "Nobody had spoken to {} since the spring.",
    "{first} said that she had given the same account to two officers before.",
    "The chair asked {} whether the plan had been shared with the family.",
    "PC {last} recorded the visit as routine and closed the entry.",
    "An e-mail from {first}.{last}@example.org was forwarded to the panel.",
    "{} (born {day}) was placed with a family in the north of the county.",
    "In interview, {} accepted that the file had not been read.",
    "The panel found no record that {} had been offered an advocate.",
    "Councillor {} asked why the report had been delayed.",
    "It was agreed that {first} would ring back by the end of the week.",
    "A second referral about {} was made by the nurse at the surgery.",
)
_PLAIN = (
    "The threshold for a strategy meeting was met, and none was held.",
    "Training on recording had been cut in the previous year, and the review had warned of it.",
    "Decisions were written down late, and in some weeks not at all.",
    "The policy in force at the time required a supervisor to sign every closure.",
    "Managers relied on a spreadsheet that nobody owned.",
    "The force has since changed how such calls are graded and by whom.",
    "We make no finding about the conduct of any other agency.",
    "Minutes were circulated, corrected once and then agreed.",
)
_MONTHS = ("January", "March", "May", "July", "October", "November")


def text_bundle(folder: Path, documents: int, seed: int = 1) -> Path:
    """Write a bundle of this many text files into `folder` (made if it is not there) and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts(documents, seed), 1):
        (folder / f"note-{number:05}.txt").write_text(text, encoding="utf-8")
    (folder / "case.yaml").write_text("title: Operation Measure\n", encoding="utf-8")
    return folder


def mixed_bundle(folder: Path, documents: int, seed: int = 1) -> Path:
    """The same in ten documents of seven formats by turns, each half as long."""
    from redactor import formats

    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts(documents, seed, MIXED), 1):
        name = "pdf" if number % _PDF == 0 else _FORMATS[number % len(_FORMATS)]
        path = folder / f"note-{number:05}.{name}"
        if name == "txt":
            path.write_text(text, encoding="utf-8")
        else:
            blocks = tuple(Block(BlockKind.PARAGRAPH, ClearText(part)) for part in text.strip().split("\n\n"))
            formats.write(Content(blocks), formats.format_named(name).media, path)
    (folder / "case.yaml").write_text("title: Operation Measure\n", encoding="utf-8")
    return folder


def texts(documents: int, seed: int = 1, sentences: int = SENTENCES) -> Iterator[str]:
    """The text of each document."""
    draw = random.Random(seed)
    first, last = sorted(given_names()), sorted(surnames())
    count = max(CAST, documents * PEOPLE_A_DOCUMENT)
    people = [(draw.choice(first).title(), draw.choice(last).title()) for _ in range(count)]
    for number in range(1, documents + 1):
        cast = draw.sample(people, CAST)
        lines = [f"Note {number} of the review"]
        for at in range(0, sentences, 4):
            lines.append(" ".join(_sentence(draw, cast, at + n) for n in range(4)))
        yield "\n\n".join(lines) + "\n"


def _sentence(draw: random.Random, cast: list[tuple[str, str]], at: int) -> str:
    if at % 3 == 2:
        return draw.choice(_PLAIN)
    given, family = draw.choice(cast)
    frame = draw.choice(_FRAMES).replace("{}", f"{given} {family}").replace("{first}", given).replace("{last}", family)
    day = f"{draw.randint(1, 28)} {draw.choice(_MONTHS)} {draw.randint(2009, 2019)}"
    phone = f"07700 900{draw.randint(0, 999):03}"
    return frame.replace("{day}", day).replace("{phone}", phone).replace("{n}", str(draw.randint(2, 98)))
