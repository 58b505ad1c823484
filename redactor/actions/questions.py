"""Questions of a run: posed with ids that stay, kept sealed, and told to whoever holds the key.

A question's id is drawn from the case key, so that it tells nothing, and stays with what it is about from run to run.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..ask import About, Question, ask, best_name, document, looks_like, names_of
from ..case_answers import DIFFERENT, NOT_A_PERSON, NOTED, SAME, Answer, case_with_answers
from ..case_merge import bears
from ..content import flatten
from ..model import Decision, Person, Role, Span
from ..policy import Policy
from .job import Each, Job, spaced
from .place import bundles_in, earlier_run
from .summary import Asked

if TYPE_CHECKING:
    from ..keys import CaseKey
    from ..model import Resolution
    from ..store import Store

_CONTEXT = 64  # characters on each side of a mention
_SHOWN = 8  # mentions shown in context, a question
_PARAGRAPHS = 12  # places told, a document


@dataclass(frozen=True, slots=True)
class Posed:
    """A question of a run: what may be said of it in public, the person's id ("" where naming one would join two), and what
    is sealed."""

    asked: Asked
    person: str
    personal: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Open:
    """A question as the person at the keyboard sees it: `text` and `context` hold names. `answer` is the one in force, ""
    if there is none; `where` gives document id and paragraph numbers, 0 for the file's name."""

    bundle: str
    id: str
    about: str
    text: str = field(repr=False)
    looks: str
    mentions: int
    documents: int
    where: tuple[tuple[str, tuple[int, ...]], ...]
    context: tuple[tuple[str, int, str], ...] = field(repr=False)
    answers: tuple[str, ...] = ()
    answer: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        return asdict(self)


# ---- in a run ----------------------------------------------------------------------------------------------------------


def pose(
    jobs: Sequence[Job],
    resolution: Resolution,
    labels: Mapping[str, str],
    answers: Sequence[Answer],
    policy: Policy,
    store: Store,
    key: CaseKey,
) -> tuple[Posed, ...]:
    """What this run asks, most settling first, without what has been answered."""
    from ..people import near

    said: dict[str, Callable[[], str]] = {job.id: partial(getattr, job, "text") for job in jobs}
    said |= {f"{job.id}/name": partial(spaced, job.relative.reveal()) for job in jobs}
    texts = Each(said, lambda told: told())
    found = ask(
        resolution, _decisions(jobs), texts, _undecided(near(resolution.persons), resolution, answers), policy.engine.ask_below
    )
    numbers = _numbers(found, store, key)
    answered = {a.question for a in answers}
    where = _Places(jobs, texts)
    open_ = [(q, number) for q, number in zip(found, numbers, strict=True) if number not in answered]
    open_.sort(key=lambda row: (-row[0].settles, -len(row[0].places), row[1]))  # never by name: the order is public
    return tuple(_posed(q, number, labels, where) for q, number in open_)


def _decisions(jobs: Iterable[Job]) -> Iterator[Decision]:
    """Those about what documents say, then those about what they are called."""
    of_names: list[Decision] = []
    for job in jobs:
        of_names += [d for d in job.decisions if d.doc != job.id]
        yield from (d for d in job.decisions if d.doc == job.id)
    yield from of_names


def _undecided(
    near: Mapping[str, Sequence[str]], resolution: Resolution, answers: Sequence[Answer]
) -> dict[str, tuple[str, ...]]:
    """`near` without the pairs that somebody has called two people, or does not know about."""
    apart = [a for a in answers if a.others and a.answer in (DIFFERENT, Role.UNKNOWN)]

    def settled(one: str, other: str) -> bool:
        a, b = resolution.by_id[one].forms, resolution.by_id[other].forms
        return any((bears(a, x.names) and bears(b, x.others)) or (bears(b, x.names) and bears(a, x.others)) for x in apart)

    left = {one: tuple(o for o in others if not (apart and settled(one, o))) for one, others in near.items()}
    return {one: others for one, others in left.items() if others}


def _numbers(found: Sequence[Question], store: Store, key: CaseKey) -> list[str]:
    """An id for each question: the one an earlier run gave it, else a new one that no other has."""
    earlier: dict[tuple[str, str], str] = {}
    for event in store.events("question"):
        for form in (event.personal or {}).get("key", ()):
            earlier.setdefault((str(event.public["about"]), form), str(event.public["question"]))
    taken = set(earlier.values())
    numbers: list[str] = []
    for q in found:
        known = sorted({earlier[q.about, form] for form in q.key if (q.about, form) in earlier} - set(numbers))
        attempt = 0
        number = known[0] if known else ""
        while not number or (not known and number in taken):
            drawn = key.fingerprint(f"{q.about}\n{attempt}\n{min(q.key)}", "question")
            number, attempt = f"q{int(drawn, 16) % 10_000:04}", attempt + 1
        taken.add(number)
        numbers.append(number)
    return numbers


def _posed(q: Question, number: str, labels: Mapping[str, str], where: _Places) -> Posed:
    first = q.persons[0] if q.persons else None
    one = q.about is About.PERSON
    about = first if q.about in (About.PERSON, About.SAME, About.DOUBT) else None
    guess = about.role if about else Role.UNKNOWN
    label = labels.get(about.id, "") if about else ""
    other = labels.get(q.persons[1].id, "") if q.about is About.SAME else ""
    rules = (about.doubt,) if about and q.about is About.DOUBT else ()
    asked = Asked(number, label, str(guess), len(q.places), q.documents, rules, about=str(q.about), other=other)
    personal = {
        "key": sorted(q.key),
        "words": q.words,
        "persons": [_described(p) for p in q.persons],
        "may_be": [best_name(p) for p in q.may_be],
        "doubt": rules[0] if rules else "",
        "looks": looks_like(about) if about and not rules else "",
        "where": where.told(q.places),
        "context": where.context(q.places),
    }
    return Posed(asked, first.id if one and first else "", personal)


def _described(person: Person) -> dict[str, object]:
    return {"id": person.id, "name": best_name(person), "names": list(names_of(person)), "role": str(person.role)}


class _Places:
    """Where mentions stand: in which paragraph, between which words."""

    def __init__(self, jobs: Sequence[Job], texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._starts: dict[str, tuple[array[int], array[int]]] = {}
        for job in jobs:
            pieces = flatten(job.document.content).pieces if job.document else ()
            self._starts[job.id] = array("I", (p.start for p in pieces)), array("I", (p.block + 1 for p in pieces))

    def _paragraph(self, doc: str, span: Span) -> int:
        starts, blocks = self._starts.get(doc, ((), ()))
        return blocks[max(0, bisect_right(starts, span.start) - 1)] if starts else 0

    def told(self, places: Iterable[tuple[str, Span]]) -> list[tuple[str, list[int]]]:
        """Document ids and the first few paragraphs in each."""
        found: dict[str, dict[int, None]] = {}
        for doc, span in places:
            found.setdefault(document(doc), {})[self._paragraph(doc, span)] = None
        return [(doc, sorted(rows)[:_PARAGRAPHS]) for doc, rows in sorted(found.items())]

    def context(self, places: Iterable[tuple[str, Span]]) -> list[tuple[str, int, str]]:
        """The first few mentions with the words around them; personal text."""
        found = []
        for doc, span in list(places)[:_SHOWN]:
            text = self._texts[doc]
            before = text[max(0, span.start - _CONTEXT) : span.start]
            after = text[span.end : span.end + _CONTEXT]
            if span.start > _CONTEXT:
                before = "…" + before.partition(" ")[2]
            if span.end + _CONTEXT < len(text):
                after = after.rpartition(" ")[0] + "…"
            line = f"{before}»{text[span.start : span.end]}«{after}"
            found.append((document(doc), self._paragraph(doc, span), " ".join(line.split())))
        return found


# ---- for the person at the keyboard ------------------------------------------------------------------------------------


def list_questions(out: Path) -> list[Open]:
    """The questions of the latest run of every bundle in OUT, most settling first, then those answered already."""
    from .kept import in_force

    found: list[Open] = []
    for place in bundles_in(out):
        with earlier_run(place) as (_, store):
            given = {a.question: a.answer for a in in_force(store)}
            latest = store.latest_run()
            asked = {}
            for event in store.events("question"):
                number = str(event.public["question"])
                if event.personal and (number in given or (latest and event.seq > latest.seq)):
                    asked[number] = open_question(place.name, event.public, event.personal, given.get(number, ""))
            found += sorted(asked.values(), key=lambda q: bool(q.answer))
    return found


def open_question(bundle: str, public: Mapping[str, Any], personal: Mapping[str, Any], answer: str = "") -> Open:
    """A question as it was kept, in words."""
    where = tuple((str(doc), tuple(rows)) for doc, rows in personal["where"])
    context = tuple((str(doc), int(row), str(line)) for doc, row, line in personal["context"])
    about = About(public["about"])
    return Open(
        bundle,
        str(public["question"]),
        str(about),
        _sentence(about, personal),
        str(personal["looks"]),
        int(public["mentions"]),
        int(public["documents"]),
        where,
        context,
        _answers(about, personal),
        answer,
    )


def _answers(about: About, personal: Mapping[str, Any]) -> tuple[str, ...]:
    """What may be answered. Of a name that several bear: the role of the one who may be named, if that one is always meant."""
    if about is About.PERSON:
        return (*map(str, Role), NOT_A_PERSON, SAME)
    if about is About.SAME:
        return SAME, DIFFERENT, str(Role.UNKNOWN)
    if about in (About.DOUBT, About.FACT):
        return (NOTED,)
    named = sorted({p["role"] for p in personal["persons"] if not Role(p["role"]).protected})
    return (*named, str(Role.UNKNOWN))


def _sentence(about: About, personal: Mapping[str, Any]) -> str:
    words = personal["words"]
    persons = personal["persons"]
    if about is About.PERSON:
        others = personal["may_be"]
        return f"Who is {words}?" + (f" It may be {_or(others)}." if others else "")
    if about is About.SAME:
        return f"Are {words} and {persons[1]['name']} the same person?"
    if about is About.SHARED:
        named = [p["name"] for p in persons if not Role(p["role"]).protected]
        hidden = [p["name"] for p in persons if Role(p["role"]).protected]
        who = (f" {_or(named)} may be named" if named else "") + (f", {_or(hidden)} not" if named and hidden else "")
        return f"Who is meant by “{words}” alone?{who}{'.' if who else ''}"
    if about is About.DOUBT:
        return _DOUBTS.get(personal["doubt"], "Does what the case says of {} still hold?").format(words)
    return f"Is “{words}” to go?"


# What casts doubt on an entry of the case, by `Person.doubt`; to change what follows from it, the entry is changed.
_DOUBTS = {
    "waiver-expired": "The waiver of {} is past its day, and the name is masked. Is there a new one?",
    "waiver-withdrawn": "The waiver of {} was withdrawn, and the name is masked. Is that so?",
    "waiver-under-16": "The waiver of {} was given under 16, and the name is masked. Is there a later one?",
    "waiver-condition": "The waiver of {} hangs on a condition, and the name is masked. Is it met?",
    "waiver-elsewhere": "The waiver of {} is for somebody else's publication, and the name is masked. Does it hold for this one?",
    "waiver-scope": "How far does the waiver of {} go? Its scope is not understood, and the name stands.",
    "convicted-kin": "May {} be named? The text calls the offender a relative (Editors' Code cl.7).",
    "dual-role": "May {} be named everywhere? The text speaks of this public figure as a survivor too.",
}


def _or(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def as_case(out: Path) -> str:
    """The answers in force of every bundle in OUT as text to paste into case.yaml. It holds names.

    Somebody who is listed there already, and was answered to bear a further name, has an entry of his own here: join the two.
    """
    import yaml

    from ..case import EMPTY_CASE
    from .kept import in_force

    parts = []
    for place in bundles_in(out):
        with earlier_run(place) as (_, store):
            case = case_with_answers(EMPTY_CASE, in_force(store))
        said = case.model_dump(mode="json", exclude_defaults=True)
        if said:
            parts.append(f"# {place.name}: join an entry with the one its case.yaml has for the same person\n")
            parts.append(yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=120))
    return "".join(parts).rstrip()
