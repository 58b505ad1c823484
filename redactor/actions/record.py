"""What happened, as events of the store: codes and counts in the public part, personal text sealed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ..ask import known_by, names_of
from ..case import Bundle
from ..case_answers import DIFFERENT, SAME, Answer, case_with_answers, lists
from ..model import Action, Person
from ..policy import Policy
from .by_hand import times
from .detector import chosen
from .intake import found_in, remember_intake
from .job import Each, Job
from .kept import Phrase, deciders, protected
from .questions import Posed
from .summary import Combined

if TYPE_CHECKING:
    from ..keys import CaseKey
    from ..model import Resolution
    from ..store import Store


_SHOWN = 12  # reasons to believe in a role that are kept, the weightiest first


def record(
    store: Store,
    bundle: Bundle,
    jobs: Sequence[Job],
    resolution: Resolution,
    labels: Mapping[str, str],
    posed: Sequence[Posed],
    answers: Sequence[Answer],
    found: Sequence[Combined],
    policy: Policy,
    key: CaseKey,
    work: Path,
    by_hand: Sequence[Phrase],
    made_with: Mapping[str, object],
    went_by: int,
) -> None:
    """Append every event of a run, in the order in which things happened. `bundle` has the case as it was given, `answers` are
    those that the run went by, `by_hand` the words that reviewers mask or keep, `made_with` what the run was called with,
    `went_by` the number of the last event that it looked at."""
    import hashlib

    from .. import __version__
    from ..recognizers import versions
    from ..store_events import coarse
    from ..wording import is_changed

    store.append(
        "run-started",
        "",
        {
            "policy": policy.name,
            "policy_digest": policy.digest,
            "case": key.fingerprint(case_with_answers(bundle.case, answers).digest(), "case"),
            "tool": __version__,
            "sign_offs": list(policy.sign_offs),
            "models": [_model(name, version) for name, version in sorted(versions(chosen(policy)).items())],
        }
        | ({"plugins": [plugin.said for plugin in plugged]} if (plugged := policy.plugged()) else {})
        | ({"key_changes": changes} if (changes := sum(1 for _ in store.events("key-changed"))) else {}),
        {"protected": protected(bundle.case), "made_with": dict(made_with), "went_by": went_by},
    )
    for weaker in policy.weakened:
        store.append("policy-weakened", "", asdict(weaker))
    told = deciders(resolution.persons, bundle.case, answers)
    for person in resolution.persons:
        if not person.mentions:
            continue
        public = {
            "person": person.id,
            "role": str(person.role),
            "mentions": len(person.mentions),
            "documents": len(person.documents),
        }
        personal = {
            "forms": sorted(f.reveal() for f in person.forms),
            "names": list(names_of(person)),
            "label": labels.get(person.id, ""),
            "listed": bool(person.listed) and person.id not in told,
            "evidence": _evidence(person),
        }
        store.append("person-resolved", "", public, personal)
        if person.id in labels:
            sort = "changed-name" if is_changed(labels[person.id]) else "label"
            named = {"person": person.id, "label": labels[person.id], "role": str(person.role), "sort": sort}
            store.append("label-assigned", "", named, {"forms": sorted(known_by(person, resolution))})
    for answer in answers:
        if answer.answer in (SAME, DIFFERENT) or not lists(bundle.case, answer.names):
            store.append("answer-used", "", {"question": answer.question, "answer": answer.answer, "decider": answer.decider})
    for change, found_there in times(
        Each({job.id: job for job in jobs if job.held is None}, lambda job: job.text), by_hand
    ).items():
        store.append("override-used", "", {"override": change, "times": found_there})
    for p in posed:
        public = {"question": p.asked.id, "about": p.asked.about, "person": p.person, "guess": p.asked.guess}
        store.append("question", "", public | {"mentions": p.asked.mentions, "documents": p.asked.documents}, p.personal)
    for f in found:
        public = {"rule": f.rule, "level": f.level, "places": f.places} | ({"detail": f.detail} if f.detail else {})
        store.append("jigsaw", f.doc, public, {"label": f.label})
    totals: Counter[Action] = Counter()
    for job in jobs:
        said = {"path": job.relative.reveal(), "text": key.fingerprint(job.text, "source"), "length": len(job.text)}
        store.append("document-seen", job.id, {}, said)
        if job.document is not None:
            remember_intake(store, found_in(job.document))
        if job.held is not None:
            reason = "leak" if type(job.held).__name__ == "LeakError" else "unreadable"
            store.append("document-held", job.id, {"reason": reason, "cause": job.held.cause, "remedy": job.held.remedy})
            continue
        for number, d in enumerate((d for d in job.decisions if d.doc == job.id), 1):
            totals[d.action] += 1
            public = {
                "decision": f"{job.id}-{number:04}",
                "kind": str(d.kind),
                "action": str(d.action),
                "reason": d.reason,
                "rule": d.rule,
                "decider": d.decider,
                "score": coarse(d.score),
                "asks": int(d.asks),
            }
            public |= {"person": d.person} if d.person else {}
            public |= {"role": str(d.role)} if d.role else {}
            public |= {"recognizer": d.recognizer} if d.recognizer else {}
            store.append("decision", job.id, public, {"span": [d.span.start, d.span.end]})  # a place in the source is sealed
        store.append("verification", job.id, {"checks": list(job.proof[0]), "probes": job.proof[1]})
        for path, media in job.published.items():
            digest = hashlib.sha256((work / "publishable" / "documents" / path).read_bytes()).hexdigest()
            note = {"note": "changed-names"} if job.noted else {}
            store.append("document-published", job.id, {"digest": digest, "media": media, "path": path} | note)
    store.append(
        "run-finished",
        "",
        {
            "documents": len(jobs),
            "published": sum(j.held is None for j in jobs),
            "held": sum(j.held is not None for j in jobs),
            "questions": len(posed),
            "blocking": sum(f.level == "block" for f in found),
            "masked": totals[Action.MASK],
            "softened": totals[Action.SOFTEN],
            "kept": totals[Action.KEEP],
        },
    )


def _evidence(person: Person) -> list[tuple[str, str, str]]:
    """Why a person has a role: role, rule and document of each sign, the weightiest first."""
    signs = sorted(set(person.evidence), key=lambda e: (-e.weight, e.rule, e.doc))
    return [(str(e.role), e.rule, e.doc) for e in signs[:_SHOWN]]


def _model(name: str, version: str) -> str:
    """A model as the log names it: with its version, or the first half of its file's digest."""
    plain = re.sub(r"[^A-Za-z0-9_.:-]", "-", name)
    return (
        f"{plain}=={version}"
        if re.fullmatch(r"\d[0-9A-Za-z.+-]*", version)
        else f"{plain}:{re.sub(r'[^0-9A-Za-z.-]', '-', version)[:32]}"
    )
