"""What a masked person is called: one person, one label, in every document of the bundle.

Numbers are drawn at random and never stand in the bundle, so that a label tells neither order nor count nor age. Does not
keep labels between runs: the store does, and gives them back as `taken`.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import count, islice

from .model import Person, Role
from .policy import Policy
from .wording_names import Naming, changed_names, gets_changed_name, is_changed

_COLLAR = re.compile(r"\s*\d+")  # a collar number is not part of a rank


def assign_labels(
    people: Sequence[Person],
    policy: Policy,
    taken: Mapping[str, str],
    forbidden: frozenset[int],
    draw: random.Random,
    naming: Naming | None = None,
) -> dict[str, str]:
    """Person id to label with its brackets, "[Survivor 2]", "[Survivor 2's mother]", "[PC 3]", or to a changed name without.

    `taken` are the labels of an earlier run and stay, as long as they are of the sort that the policy gives; `forbidden` numbers
    stand in the bundle and are never used. Family is named after the protected person it belongs to where that one is masked
    under a label of his own.
    """
    unlinked = policy.labels.style == "unlinked"
    naming = naming or Naming()
    renamed = [p for p in people if gets_changed_name(p, policy)]
    earlier = {} if unlinked else {p.id: taken[p.id] for p in people if p.id in taken}
    labels = {p.id: earlier[p.id] for p in renamed if is_changed(earlier.get(p.id, "[")) and earlier[p.id] not in naming.unfit}
    nameless = [p for p in renamed if p.id not in labels]
    labels |= changed_names(nameless, {*labels.values(), *taken.values()}, policy, naming, draw)
    labels |= {i: label for i, label in earlier.items() if i not in labels and not is_changed(label)}
    known = {p.id: p for p in people}
    own: list[Person] = []
    family: list[Person] = []
    for person in people:
        if person.id not in labels:
            (family if _hangs_on(person, known, policy) else own).append(person)
    labels |= _drawn({p.id: _template(p, policy) for p in own}, _inner(labels.values()), policy, forbidden, draw)
    wanted = {p.id: _of_kin(p, labels, policy) for p in family}
    repeated = Counter(wanted.values()) + Counter(_word(i) for i in _inner(labels.values()))
    wanted = {i: text if repeated[text] == 1 or unlinked else f"{text} {{n}}" for i, text in wanted.items()}
    return labels | _drawn(wanted, _inner(labels.values()), policy, forbidden, draw)


def root(label: str) -> str:
    """The label of the person a family label hangs on: "[Survivor 2's mother]" gives "Survivor 2", other labels themselves."""
    return re.sub(r"[’']s [^\[\]]*$", "", label.strip("[]"))


def _template(person: Person, policy: Policy) -> str:
    """A label with `{n}` still open."""
    rule = policy.role(person.role)
    if policy.labels.style in {"descriptor", "changed_name"} and person.role not in {Role.OFFICER, Role.PROFESSIONAL}:
        return f"{rule.descriptor} {{n}}"
    rank = _COLLAR.sub("", person.rank).strip()
    text = rule.label
    if ("{rank}" in text and not rank) or "{of}" in text:
        text = rule.otherwise
    text = (text or "Person {n}").replace("{rank}", rank[:1].upper() + rank[1:])
    return text.replace("{inv}", policy.labels.investigation)


def _hangs_on(person: Person, known: Mapping[str, Person], policy: Policy) -> bool:
    """Whether the person is called after another: family of a protected person, and the relationship is known.

    Never family of someone who is named: "Jo Lane's cousin" would identify the cousin (J20).
    """
    if person.role is not Role.FAMILY or not person.kin_word or "{of}" not in policy.role(Role.FAMILY).label:
        return False
    other = known.get(person.kin_of)
    return other is not None and other.role.protected and other.role is not Role.FAMILY


def _of_kin(person: Person, labels: Mapping[str, str], policy: Policy) -> str:
    text = policy.role(Role.FAMILY).label
    return text.replace("{of}", labels[person.kin_of].strip("[]")).replace("{kin}", person.kin_word)


def _drawn(
    wanted: Mapping[str, str], used: Iterable[str], policy: Policy, forbidden: frozenset[int], draw: random.Random
) -> dict[str, str]:
    """Templates with their numbers drawn: unique for each label word, as many as needed, small enough to read."""
    style = policy.labels.style
    ids: dict[str, list[str]] = {}
    for person, template in wanted.items():
        ids.setdefault(template, []).append(person)
    busy: dict[str, set[int]] = {}
    for label in used:
        if number := re.search(r"(\d+)$", label):
            busy.setdefault(_word(label), set()).add(int(number[1]))
    result: dict[str, str] = {}
    for template, persons in sorted(ids.items()):
        word = _word(template)
        if style == "unlinked" or "{n}" not in template:
            result |= {p: f"[{template.replace('{n}', '').strip()}]" for p in persons}
        elif style == "descriptor" and len(persons) == 1 and not busy.get(word) and template[:1].islower():
            result[persons[0]] = f"[the {word}]"
        else:
            shut = forbidden | busy.get(word, set())
            pool = list(islice((n for n in count(1) if n not in shut), 2 * len(persons) + 8))
            numbers = draw.sample(pool, len(persons))
            while len(numbers) > 2 and numbers == sorted(numbers):  # never the order of appearance
                draw.shuffle(numbers)
            result |= {p: f"[{template.replace('{n}', str(n))}]" for p, n in zip(persons, numbers, strict=True)}
    return result


def _inner(labels: Iterable[str]) -> list[str]:
    return [label.strip("[]") for label in labels]


def _word(label: str) -> str:
    """A label or template without its number."""
    return re.sub(r"\s*(\d+|\{n\})$", "", label)
