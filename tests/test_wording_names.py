"""Changed names: who gets one, what it is never, how it reads, and the note that a reader is owed."""

from __future__ import annotations

import random
import re
from importlib.resources import files
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content, flatten
from redactor.errors import PolicyError
from redactor.lexicon import ordinary_words, plain
from redactor.model import Action, Decision, Kind, Person, Role, Span
from redactor.people.names import same_given
from redactor.policy import load_policy
from redactor.wording import Naming, assign_labels, is_changed, replacements, uses_changed_name, with_note

IOPC = load_policy("iopc-report")


def person(number: str, role: Role, form: str = "Dee Hart", kin_of: str = "") -> Person:
    return Person(number, role, frozenset({ClearText(form)}), (), kin_of=kin_of, kin_word="mother" if kin_of else "")


SIX = [person(f"s{n}", Role.SURVIVOR) for n in range(6)]
PEOPLE = [
    *SIX,
    person("f1", Role.FAMILY, kin_of="s0"),
    person("f2", Role.FAMILY),
    person("c1", Role.CHILD),
    person("w1", Role.WITNESS),
    person("o1", Role.OFFICER),
    person("u1", Role.UNKNOWN),
    person("x1", Role.SUSPECT),
]


CHANGED = load_policy("newsroom-changed-names")
POOL = CHANGED.labels.changed_names


def renamed(
    people: list[Person], naming: Naming | None = None, taken: dict[str, str] | None = None, seed: int = 5
) -> dict[str, str]:
    return assign_labels(people, CHANGED, taken or {}, frozenset(), random.Random(seed), naming)


def test_survivors_children_and_relatives_get_changed_names_and_nobody_else_does() -> None:
    labels = renamed(PEOPLE)
    bare = {i for i, label in labels.items() if is_changed(label)}
    assert bare == {p.id for p in PEOPLE if p.role in (Role.SURVIVOR, Role.FAMILY, Role.CHILD)}
    assert len({*labels.values()}) == len(labels)
    assert {labels[i] for i in bare} <= {*CHANGED.labels.names}  # nothing is known of anybody: names that leave it open
    assert labels["o1"].startswith("[Officer ") and labels["u1"].startswith("[person")


@pytest.mark.parametrize(("said", "pool"), [("f", "female"), ("m", "male"), ("", "names")])
def test_a_changed_name_is_as_the_text_speaks_of_the_person(said: str, pool: str) -> None:
    labels = renamed(SIX, Naming({p.id: said for p in SIX}))
    assert {*labels.values()} <= {*getattr(CHANGED.labels, pool)}


@given(seed=st.integers())
def test_a_changed_name_is_not_one_of_the_bundle_and_shares_no_initial(seed: int) -> None:
    people = [person(f"s{n}", Role.SURVIVOR, form=name) for n, name in enumerate(("Ada Quill", "Bo Marsh", "Zoe Orme"))]
    unfit = frozenset(POOL[::2])
    labels = renamed(people, Naming({"s0": "f"}, unfit), seed=seed)
    assert not {*labels.values()} & unfit
    for p in people:
        initials = {word[0] for form in p.forms for word in form.reveal().split()}
        assert labels[p.id][0] not in initials


def test_when_names_run_out_people_get_labels_and_keep_them() -> None:
    people = [person(f"s{n}", Role.SURVIVOR) for n in range(len(CHANGED.labels.names) + 3)]
    labels = renamed(people)
    left = {i: label for i, label in labels.items() if not is_changed(label)}
    assert len(left) >= 3 and len({*labels.values()}) == len(people)
    assert renamed(people, taken=labels, seed=6) == labels


def test_a_changed_name_of_an_earlier_run_stays_until_somebody_bears_it() -> None:
    first = renamed(SIX)
    assert renamed(SIX, taken=first, seed=9) == first
    second = renamed(SIX, Naming(unfit=frozenset({first["s0"]})), first, 9)
    assert {i for i in first if first[i] != second[i]} == {"s0"}
    assert is_changed(second["s0"])


def test_a_changed_name_never_stands_under_a_policy_without_the_note() -> None:
    again = assign_labels(SIX, IOPC, renamed(SIX), frozenset(), random.Random(1))
    assert not any(map(is_changed, again.values()))


def test_a_label_becomes_a_changed_name_where_the_policy_changes_names() -> None:
    labels = assign_labels(SIX, IOPC, {}, frozenset(), random.Random(1))
    assert all(map(is_changed, renamed(SIX, taken=labels).values()))


def test_names_of_the_pool_are_no_words_no_places_and_not_like_each_other() -> None:
    towns = {line.split("\t")[0] for line in (files("redactor.recognizers") / "places.tsv").read_text("utf-8").splitlines()}
    assert not {*POOL} & towns
    assert not {n.casefold() for n in POOL} & ordinary_words()
    assert [(a, b) for a, b in combinations(POOL, 2) if same_given(plain(a), plain(b)) >= 0.7] == []


RENAMED_LABELS = {"p1": "Orla", "p2": "[PC 3]"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Then «Leanne Hartley» spoke.", "Then Orla spoke."),
        ("Then «Hartley» spoke.", "Then Orla spoke."),
        ("Ms «Hartley» spoke.", "Orla spoke."),
        ("told Mrs. «Hartley» so", "told Orla so"),
        ("Mr and Mrs «Hartley» rang", "Orla's family rang"),
        ("Mr and Mrs «Hartley»'s house", "Orla's family's house"),
        ("Mr and Mrs «Hartley's» house", "Orla's family's house"),
        ("The «Hartley»'s house", "Orla's house"),
        ("«Hartley»'s mother", "Orla's mother"),
        ("«Leanne Hartley's» file", "Orla's file"),
        ("at «James»' house", "at Orla's house"),
        ("the «Hartley» family", "Orla's family"),
        ("The «Hartleys» moved", "Orla's family moved"),
        ("the «Hartley's» house", "Orla's house"),
        ("a «Hartley» girl, a Ms «Hartley»", "an Orla girl, an Orla"),
        ("A «Hartley» rang.", "An Orla rang."),
        ("INTERVIEW WITH «LEANNE HARTLEY»", "INTERVIEW WITH Orla"),
        ("«L.H.» said no", "Orla said no"),
        ("«HARTLEY, Leanne» | seen", "Orla | seen"),
        ("Auntie «Leanne» rang", "Auntie Orla rang"),
    ],
)
def test_a_changed_name_reads_as_a_name(before: str, after: str) -> None:
    text, spans = "", []
    for number, part in enumerate(re.split("[«»]", before)):
        if number % 2:
            spans.append(Span(len(text), len(text) + len(part)))
        text += part
    decisions = [Decision("d01", span, Kind.NAME, Action.MASK, "R-SOAA", "test:rule", person="p1") for span in spans]
    for span, words in sorted(replacements(decisions, text, RENAMED_LABELS, CHANGED).items(), reverse=True):
        text = text[: span.start] + words + text[span.end :]
    assert text == after


def test_the_note_is_for_a_text_that_holds_a_changed_name() -> None:
    assert uses_changed_name(["[PC 3]", "Orla's mother"], RENAMED_LABELS)
    assert uses_changed_name(["[Orla's mother]"], RENAMED_LABELS)
    assert not uses_changed_name(["[PC 3]", "Orlando"], RENAMED_LABELS)
    assert not uses_changed_name(["Orla"], {"p1": "[Survivor 2]"})
    noted = flatten(with_note(Content((Block(BlockKind.PARAGRAPH, ClearText("Orla came.")),)), CHANGED.labels.note)).text.reveal()
    assert noted == f"Orla came.\n\n{CHANGED.labels.note}"


def test_a_policy_cannot_change_names_without_names_or_note(tmp_path: Path) -> None:
    for line in ("names: [Orla]", "note: Some names are changed."):
        file = tmp_path / "ours.yaml"
        file.write_text(f"policy: ours\nextends: newsroom\nlabels:\n  style: changed_name\n  {line}\n", encoding="utf-8")
        with pytest.raises(PolicyError, match="labels"):
            load_policy(str(file))
