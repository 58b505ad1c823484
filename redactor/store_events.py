"""What an event is and what of it may be public: one table, EVENTS, that the store holds every event to.

Not caught: a name that a caller passes off as a code, and words in the few fields that hold a sentence, a label or a path
(those come masked, or from this program's own sentences, by contract).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .case_answers import ANSWERS
from .errors import StoreFault
from .model import Action, Kind, Role

Check = Callable[[object], bool]


def _text(pattern: str, longest: int = 96) -> Check:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and len(value) <= longest and compiled.fullmatch(value) is not None


def _one_of(*words: str) -> Check:
    return lambda value: isinstance(value, str) and value in words


def _count(value: object) -> bool:
    return type(value) is int and value >= 0


def _flag(value: object) -> bool:
    return isinstance(value, int) and value in (0, 1)


def _several(check: Check) -> Check:
    return lambda value: isinstance(value, (list, tuple)) and all(map(check, value))


_ID = _text(r"(?=\D*\d)[a-z]{1,3}[0-9a-f]{1,32}([.:-][a-z]{0,3}[0-9a-f]{1,16}){0,4}")  # d01, p12, d01-0042; never a word
_CODE = _text(r"(?!.*\d{7})[A-Za-z0-9]+([._:/+-]+[A-Za-z0-9]+)*")  # seven digits in a row would be a phone number
_REASON = _text(r"[RK]-[A-Z0-9]{1,12}(:[A-Za-z]{0,3}[-/]?\d[\w/-]{0,24})?")  # DOMAIN §5; an order's id holds a digit
_VERSION = _text(r"\d[0-9A-Za-z.+-]*", 40)
_MODEL = _text(r"[A-Za-z0-9_.:-]+(==\d[0-9A-Za-z.+-]*)?")
_PLUGIN = _text(r"[a-z]+\.[a-z][a-z0-9-]* [A-Za-z0-9._-]+==\d[0-9A-Za-z.+-]* sha256:[0-9a-f]{64}", 240)  # Plugin.said
_SHA256 = _text(r"[0-9a-f]{64}")
_FINGERPRINT = _text(r"[0-9a-f]{16}")
_MEDIA = _text(r"[a-z0-9]+(/[a-z0-9.+-]+)?")
_CHECK = _text(r"[a-z_-]+( [a-z_-]+){0,2}", 32)  # names of verification's own steps
_WORDS = _text(r"[a-z][a-z0-9-]*( [a-z0-9-]+){0,3}", 40)  # a reader's own word for a place, or the code of a warning
_LABEL = _text(r"[^\x00-\x1f\x7f@]+", 80)
_SENTENCE = _text(r"(?!.*\d{9})[^\x00-\x1f\x7f@]*", 400)
_PATH = _text(r"(?!/)(?!(.*/)?\.{1,2}(/|$))[^\x00-\x1f\x7f\\]+", 1024)
_DECIDER = _text(r"tool|[a-z]{1,16}-?\d{1,6}", 24)  # a person of the team by number; the name goes in the personal part
_ABOUT, _ANSWER = _one_of("person", "same", "shared", "doubt", "fact"), _one_of(*ANSWERS, "undone")
_ACTION, _KIND, _ROLE, _SCORE = _one_of(*Action), _one_of(*Kind), _one_of(*Role), _one_of("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Shape:
    """The public part of one kind of event: what it must hold and what it may hold beside that."""

    must: Mapping[str, Check] = field(default_factory=dict)
    may: Mapping[str, Check] = field(default_factory=dict)


# A new kind of event is a new row. `doc` is given apart; what is not named here cannot be written, and is never published.
EVENTS: Mapping[str, Shape] = {
    "run-started": Shape(
        {"policy": _CODE, "policy_digest": _SHA256, "case": _FINGERPRINT, "tool": _VERSION, "models": _several(_MODEL)},
        {"sign_offs": _several(_CODE), "plugins": _several(_PLUGIN), "key_changes": _count},  # before this run
    ),
    "policy-weakened": Shape({"key": _CODE}, {"who": _SENTENCE, "when": _SENTENCE, "why": _SENTENCE}),
    "document-seen": Shape({}, {"media": _MEDIA}),  # personal: path
    # What stood hidden in a source (personal text is not kept), and what is wrong with it: kinds and counts
    "intake": Shape({"sort": _one_of("hidden", "warning"), "found": _WORDS, "times": _count}),
    "document-held": Shape({"reason": _CODE}, {"cause": _SENTENCE, "remedy": _SENTENCE}),
    "document-published": Shape(
        {"digest": _SHA256, "media": _MEDIA, "path": _PATH}, {"note": _one_of("changed-names")}
    ),  # the path as masked, within documents/; one a copy
    "person-resolved": Shape({"person": _ID, "role": _ROLE, "mentions": _count, "documents": _count}),  # personal: forms, label
    "label-assigned": Shape(
        {"person": _ID, "label": _LABEL}, {"role": _ROLE, "sort": _one_of("label", "changed-name")}
    ),  # personal: forms known by
    "decision": Shape(
        {"decision": _ID, "kind": _KIND, "action": _ACTION, "reason": _REASON, "rule": _CODE, "decider": _DECIDER},
        # block, start and end are a place in the copy, never in the source
        {"person": _ID, "role": _ROLE, "recognizer": _CODE, "score": _SCORE, "detail": _CODE, "asks": _flag}
        | {"block": _count, "start": _count, "end": _count, "replaces": _ID},
    ),
    "verification": Shape({"checks": _several(_CHECK), "probes": _count}),
    "jigsaw": Shape(
        {"rule": _CODE, "level": _one_of("block", "warn", "info"), "places": _count}, {"detail": _CODE}
    ),  # personal: label
    "jigsaw-read": Shape({"copies": _count, "publications": _count, "labels": _count}),  # personal: what the rules look at beside
    # Without a person where naming one would join two of them. personal: whom it is about, where and in which words
    "question": Shape(
        {"question": _ID, "about": _ABOUT, "guess": _ROLE, "mentions": _count, "documents": _count}, {"person": _ID}
    ),
    "answer": Shape({"question": _ID, "answer": _ANSWER, "decider": _DECIDER}, {"person": _ID}),  # personal: names, reason, by
    # What a reviewer changed by hand, `doc` where only there. personal: words, names, reason, by
    "override": Shape(
        {"override": _ID, "act": _one_of("mask", "keep", "merge", "split", "role", "undone"), "decider": _DECIDER},
        {"kind": _KIND, "person": _ID},
    ),
    "override-used": Shape({"override": _ID, "times": _count}),  # by a run: how often the words stand in the documents
    "answer-used": Shape({"question": _ID, "answer": _ANSWER, "decider": _DECIDER}, {"person": _ID}),  # by a run
    "released": Shape({"release": _ID, "audit": _SHA256, "blocking": _count}),  # personal: place, reason, by
    "recalled": Shape({"release": _ID, "person": _ID}),
    "key-changed": Shape(),  # everything before it was sealed anew
    "run-finished": Shape(
        {"documents": _count, "published": _count, "held": _count},
        {"blocking": _count, "questions": _count, "masked": _count, "softened": _count, "kept": _count},
    ),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `at` is UTC in ISO form, whole seconds; `doc` "" where it is about no single document."""

    seq: int
    at: str
    kind: str
    doc: str
    public: dict[str, Any]
    personal: dict[str, Any] | None = field(default=None, repr=False)


def coarse(score: float) -> str:
    """A recognizer's score in three steps: a fine score is a fingerprint of the words it was given for."""
    return "low" if score < 0.5 else "medium" if score < 0.85 else "high"


def check(kind: str, doc: str, public: Mapping[str, object]) -> None:
    """StoreFault unless an event of this kind may have this public part. The message names the key, never the value."""
    shape = EVENTS.get(kind)
    if shape is None:
        raise StoreFault("An event of a kind that is not in store.EVENTS was refused. Add the kind there first.")
    if doc and not _ID(doc):
        raise StoreFault(f"A {kind} event was refused: its document is not named by an id. Give the id (d01).")
    if missing := sorted(shape.must.keys() - public.keys()):
        raise StoreFault(f"A {kind} event was refused: it lacks {', '.join(missing)}. Give every key store.EVENTS asks for.")
    known = {**shape.must, **shape.may}
    if stray := len(public.keys() - known.keys()):
        raise StoreFault(
            f"A {kind} event was refused: {stray} of its public keys are not in store.EVENTS. Seal them as personal."
        )
    if wrong := sorted(key for key, value in public.items() if not known[key](value)):
        raise StoreFault(
            f"A {kind} event was refused: {', '.join(wrong)} may not be public as it stands. Give an id, code or count."
        )
