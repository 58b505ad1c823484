"""Whether a text clearly calls a person he or she."""

from __future__ import annotations

import pytest

from redactor.case import EMPTY_CASE
from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content
from redactor.model import Detection, Document, Finding, Kind, Span
from redactor.people import genders, resolve, taken_for
from redactor.policy import load_policy

POLICY = load_policy("newsroom-changed-names")


def said(text: str, *names: str) -> dict[str, str]:
    """What is said of each named person."""
    findings = []
    for name in names:
        at = -1
        while (at := text.find(name, at + 1)) >= 0:
            findings.append(Finding("d01", Span(at, at + len(name)), Kind.NAME, 0.9, "spacy", "spacy_person", ("spacy",)))
    findings.sort(key=lambda f: f.span)
    document = Document("d01", ClearText("a.txt"), "text/plain", Content((Block(BlockKind.PARAGRAPH, ClearText(text)),)))
    detection = Detection("d01", tuple(findings), frozenset(f.span.start for f in findings))
    found = resolve([document], {"d01": text}, {"d01": detection}, EMPTY_CASE, POLICY)
    told = genders(found, {"d01": text})
    return {m.form.reveal(): told.get(p.id, "") for p in found.persons for m in p.mentions if m.form.reveal() in names}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ms Robyn Carver rang on Monday.", "f"),
        ("Mr Robyn Carver rang on Monday.", "m"),
        ("Robyn Carver rang. She was angry.", "f"),
        ("Robyn Carver rang. He was angry.", "m"),
        ("Robyn Carver said she rang. Robyn Carver lost her file.", "f"),
        ("Her mother, Robyn Carver, rang the school.", "f"),
        ("Robyn Carver, his uncle, rang the school.", "m"),
        ("Robyn Carver rang the school.", ""),
        ("Robyn Carver rang. They were angry.", ""),
        ("Robyn Carver said that he was late.", ""),  # one pronoun in the sentence may be anybody's
        ("Robyn Carver rang. She was angry. Robyn Carver wrote. He was calm.", ""),
        ("Robyn Carver rang.\n\nShe was angry, the headteacher said.", ""),
    ],
)
def test_what_the_text_clearly_says(text: str, expected: str) -> None:
    assert said(text, "Robyn Carver") == {"Robyn Carver": expected}


def test_a_pronoun_behind_somebody_else_is_theirs() -> None:
    found = said("Robyn Carver met Alan Ferris. He was calm. Robyn Carver left.", "Robyn Carver", "Alan Ferris")
    assert found == {"Robyn Carver": "", "Alan Ferris": "m"}


def test_names_that_could_be_somebodys() -> None:
    text = "Katherine Orme met Calum Bryon."
    findings = tuple(
        Finding("d01", Span(text.index(n), text.index(n) + len(n)), Kind.NAME, 0.9, "spacy", "spacy_person", ("spacy",))
        for n in ("Katherine Orme", "Calum Bryon")
    )
    document = Document("d01", ClearText("a.txt"), "text/plain", Content((Block(BlockKind.PARAGRAPH, ClearText(text)),)))
    found = resolve([document], {"d01": text}, {"d01": Detection("d01", findings, frozenset())}, EMPTY_CASE, POLICY)
    assert taken_for(["Kate", "Callum", "Orme", "Zara", "Wilf"], found.persons) == {"Kate", "Callum", "Orme"}
