"""Changed names: in news copy a made-up given name stands for a survivor, a child or a relative instead of a label.

A name is drawn like a label's number, from the policy's pools, once for each person. It is never one that stands in the bundle,
could be taken for somebody in it, or shares an initial with the person. What it cannot know is who bears the name outside the
bundle: a reader may take a changed name for a real one, hence the editor's note that `with_note` puts at the end.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .cleartext import ClearText
from .content import Block, BlockKind, Content
from .model import Person, Role
from .policy import Policy

RENAMED = frozenset({Role.SURVIVOR, Role.CHILD, Role.FAMILY})


@dataclass(frozen=True, slots=True)
class Naming:
    """What is known beside the persons: "f" or "m" by person id where the text clearly says so; names that must not be drawn."""

    genders: Mapping[str, str] = field(default_factory=dict)
    unfit: frozenset[str] = field(default=frozenset(), repr=False)


def is_changed(label: str) -> bool:
    """Whether a label is a changed name: all others are bracketed."""
    return not label.startswith("[")


def gets_changed_name(person: Person, policy: Policy) -> bool:
    """Whether the policy gives this person a changed name, as long as there are any."""
    return policy.labels.style == "changed_name" and person.role in RENAMED


def changed_names(
    people: Sequence[Person], used: Collection[str], policy: Policy, naming: Naming, draw: random.Random
) -> dict[str, str]:
    """A changed name by person id; somebody for whom none is left has none. Where the text leaves it open the name does too."""
    labels = policy.labels
    pools = {"f": [*labels.female], "m": [*labels.male], "": [*labels.names]}
    for pool in pools.values():
        draw.shuffle(pool)
    shut = {*used, *naming.unfit}
    found: dict[str, str] = {}
    for person in people:
        gender = naming.genders.get(person.id, "")
        initials = {word[0].casefold() for form in person.forms for word in re.findall(r"[^\W\d_]+", form.reveal())}
        free = (n for n in (*pools[gender], *pools[""]) if n not in shut and n[0].casefold() not in initials)
        if name := next(free, ""):
            found[person.id] = name
            shut.add(name)
    return found


def uses_changed_name(words: Iterable[str], labels: Mapping[str, str]) -> bool:
    """Whether any of the words put into a document holds a changed name."""
    names = [re.escape(label) for label in labels.values() if is_changed(label)]
    return bool(names) and any(re.search(rf"\b(?:{'|'.join(names)})\b", text) for text in words)


def with_note(content: Content, note: str) -> Content:
    """The content with the editor's note as its last paragraph."""
    return Content((*content.body, Block(BlockKind.PARAGRAPH, ClearText(note))))
