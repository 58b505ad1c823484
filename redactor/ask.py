"""What a person must decide about a bundle, each thing once, the answers that settle most first.

A question is about a person, two persons who may be one, a name that several bear, an entry of the case that the text or the
calendar casts doubt on, or a fact; never about one mention. Does not ask about what the case already says, and cannot ask about
somebody whom no recognizer found.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from .cleartext import ClearText
from .model import Action, Decision, Kind, Person, Resolution, Role, Span

_NAMES = frozenset({Kind.NAME, Kind.INITIALS, Kind.ALIAS})


class About(StrEnum):
    """What a question is about."""

    PERSON = "person"
    SAME = "same"
    SHARED = "shared"
    DOUBT = "doubt"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to decide. `key` is what it is known again by in a later run (personal text); `persons` whom it is about: one,
    the two who may be one (the lesser known first), or everybody who bears the name, who may be named first; `may_be` whom the
    person may be, where there are several; `places` every mention it is about, as document id and span of the flat text;
    `settles` how many decisions hang on it, times the documents they are in."""

    about: About
    key: frozenset[str] = field(repr=False)
    words: ClearText
    persons: tuple[Person, ...]
    may_be: tuple[Person, ...]
    places: tuple[tuple[str, Span], ...]
    settles: int

    @property
    def documents(self) -> int:
        """How many documents it is about."""
        return len({document(doc) for doc, _ in self.places})


def document(doc: str) -> str:
    """The document that a text belongs to: a file name's text is "d01/name"."""
    return doc.partition("/")[0]


def ask(
    resolution: Resolution,
    decisions: Iterable[Decision],
    texts: Mapping[str, str],
    near: Mapping[str, Sequence[str]],
    ask_below: float,
) -> list[Question]:
    """Every question of a bundle, most settling first.

    `texts` are by text id, `near` says who may be whom, and evidence of a role that weighs less than
    `ask_below` is asked about.
    """
    persons = resolution.by_id
    asking: list[Decision] = []
    hang: dict[str, list[Action]] = defaultdict(list)
    for d in decisions:
        asking += [d] if d.asks else []
        if d.person:
            hang[d.person].append(d.action)
    named = [d for d in asking if d.kind in _NAMES]
    hidden = [d for d in named if d.person and persons[d.person].role.protected]
    shared = [d for d in named if not d.person or (not persons[d.person].role.protected and d.action is not Action.KEEP)]
    # What the search passed over (`sweep`) asks too; of somebody known it is masked, and nothing is left to decide.
    who = {d.person for d in hidden if persons[d.person].mentions and persons[d.person].role is Role.UNKNOWN}
    who |= {p.id for p in resolution.persons if p.mentions and 0 < _weight(p) < ask_below and not p.listed}
    same, several = _merge(persons, near)
    for one, other in same:  # whoever turns out to be somebody known need not be asked about twice
        if one in who and (other in who or persons[other].role is not Role.UNKNOWN):
            who.discard(one)
    found = [_who(persons[p], [persons[o] for o in several.get(p, ())], hang[p], resolution) for p in who]
    found += [_same(persons[one], persons[other], hang[one], resolution) for one, other in same]
    found += [_doubt(p, hang[p.id], resolution) for p in resolution.persons if p.doubt and p.mentions]
    found += _shared(shared, texts, persons)
    found += _facts([d for d in asking if d.kind not in _NAMES], texts, persons)
    return sorted(found, key=lambda q: (-q.settles, -len(q.places), q.about, sorted(q.key)))


def _weight(person: Person) -> float:
    return sum(e.weight for e in person.evidence if e.role is person.role)


def _merge(
    persons: Mapping[str, Person], near: Mapping[str, Sequence[str]]
) -> tuple[list[tuple[str, str]], dict[str, Sequence[str]]]:
    """Pairs to ask about, the lesser known first; and those who can be only one of several, which is asked with who they are."""
    several = {p: others for p, others in near.items() if len(others) > 1 and not persons[p].listed and _thin(persons[p])}
    pairs: dict[tuple[str, str], None] = {}
    for one, other in ((one, other) for one, others in near.items() for other in others):
        lesser, greater = sorted(
            (persons[one], persons[other]), key=lambda p: (bool(p.listed), not _thin(p), len(p.mentions), p.id)
        )
        if one not in several and other not in several:
            pairs[lesser.id, greater.id] = None
    return list(pairs), several


def _standing(person: Person) -> tuple[bool, bool, int, str]:
    return bool(person.listed), not _thin(person), len(person.mentions), person.id


def _thin(person: Person) -> bool:
    """Whether a lone name or an initial is all there is: "Ellaby", "J. Marsh"."""
    words = _words(best_name(person).reveal())
    return len(words) < 2 or any(len(w) == 1 for w in words)


def _who(person: Person, may_be: Sequence[Person], hang: Sequence[Action], resolution: Resolution) -> Question:
    places = tuple((m.doc, m.span) for m in person.mentions)
    key = frozenset(known_by(person, resolution))
    return Question(About.PERSON, key, best_name(person), (person,), tuple(may_be), places, _settles(hang, places))


def _same(one: Person, other: Person, hang: Sequence[Action], resolution: Resolution) -> Question:
    places = tuple((m.doc, m.span) for m in one.mentions)
    key = frozenset("\n".join(sorted((a, b))) for a in known_by(one, resolution) for b in known_by(other, resolution))
    return Question(About.SAME, key, best_name(one), (one, other), (), places, _settles(hang, places))


def _doubt(person: Person, hang: Sequence[Action], resolution: Resolution) -> Question:
    places = tuple((m.doc, m.span) for m in person.mentions)
    key = frozenset(f"{person.doubt}\n{form}" for form in known_by(person, resolution))
    settles = max(len(hang), 1) * len({document(doc) for doc, _ in places})
    return Question(About.DOUBT, key, best_name(person), (person,), (), places, settles)


def _shared(asking: Sequence[Decision], texts: Mapping[str, str], persons: Mapping[str, Person]) -> list[Question]:
    """One question a form that somebody who may be named and somebody else could both be meant by."""
    found = []
    known: dict[str, list[tuple[Person, set[str]]]] = defaultdict(list)  # by each word of a name, whose it is
    for person in persons.values() if asking else ():
        for words in (_words(f.reveal()) for f in person.forms if person.mentions):
            for word in words:
                known[word].append((person, words))
    for form, rows in _by_words(asking, texts).items():
        wanted = _words(form)
        rarest = min((known.get(w, []) for w in wanted), key=len, default=[])
        bearers = list({p.id: p for p, words in rarest if wanted <= words}.values())
        bearers.sort(key=lambda p: (p.role.protected, p.id))
        places = tuple((d.doc, d.span) for d in rows)
        written = Counter(_written(d, texts) for d in rows).most_common(1)[0][0]
        found.append(
            Question(
                About.SHARED,
                frozenset({form}),
                ClearText(written),
                tuple(bearers),
                (),
                places,
                _settles([d.action for d in rows], places),
            )
        )
    return found


def _facts(asking: Sequence[Decision], texts: Mapping[str, str], persons: Mapping[str, Person]) -> list[Question]:
    found = []
    for form, rows in _by_words(asking, texts).items():
        places = tuple((d.doc, d.span) for d in rows)
        about = tuple(persons[p] for p in sorted({d.person for d in rows if d.person}))
        key = frozenset({f"{rows[0].kind}\n{form}"})
        found.append(
            Question(
                About.FACT,
                key,
                ClearText(_written(rows[0], texts)),
                about,
                (),
                places,
                _settles([d.action for d in rows], places),
            )
        )
    return found


def _by_words(asking: Sequence[Decision], texts: Mapping[str, str]) -> dict[str, list[Decision]]:
    rows: dict[str, list[Decision]] = defaultdict(list)
    for d in asking:
        rows[_written(d, texts).casefold()].append(d)
    return rows


def _written(d: Decision, texts: Mapping[str, str]) -> str:
    return " ".join(texts[d.doc][d.span.start : d.span.end].split())


def _settles(hang: Sequence[Action], places: Sequence[tuple[str, Span]]) -> int:
    changed = sum(action is not Action.KEEP for action in hang)
    return max(changed, 1) * len({document(doc) for doc, _ in places})


# ---- what a person is called -------------------------------------------------------------------------------------------


def known_by(person: Person, resolution: Resolution) -> set[str]:
    """The forms a person is known again by in a later run: full names, else whatever there is (personal text)."""
    forms = {f.reveal() for f in resolution.forms.get(person.id, frozenset())}
    return {f for f in forms if " " in f} or forms or {f.reveal().casefold() for f in person.forms}


def names_of(person: Person) -> tuple[ClearText, ...]:
    """The full names a person is written with, else every way there is; the one to speak of the person by first."""
    forms = {_in_line(f) for f in person.forms}
    full = {f for f in forms if _full(f.reveal())}
    return tuple(dict.fromkeys((best_name(person), *sorted(full or forms)))) if forms else ()


def best_name(person: Person) -> ClearText:
    """The name to speak of a person by: a full one if there is one, as it is mostly written."""
    used = Counter(_in_line(m.form) for m in person.mentions)

    def rank(form: ClearText) -> tuple[bool, bool, bool, int, int, str]:
        words = form.reveal()
        turned = "," in words or any(w.isupper() and len(w) > 1 for w in words.split())  # "MARLOWE, Tessa", as registers write
        return _full(words), not re.search(r"[\d_@]", words), not turned, used[form], len(words), words

    return max({_in_line(f) for f in person.forms}, key=rank)


def _in_line(form: ClearText) -> ClearText:
    return ClearText(" ".join(form.reveal().split()))


# Words that stand before a name and are no part of it, as far as that must be known here; people/ has the whole list.
TITLES = frozenset("mr mrs ms miss mx dr prof professor sir dame lord lady rev cllr councillor".split())


def _full(form: str) -> bool:
    return len(_words(form) - TITLES) > 1 and not re.search(r"[\d_@]", form)


def _words(form: str) -> set[str]:
    return set(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", form.casefold()))


# ---- what a person looks like ------------------------------------------------------------------------------------------

_LOOKS = {
    Role.SURVIVOR: "a survivor",
    Role.CHILD: "a child",
    Role.FAMILY: "family of somebody",
    Role.SOURCE: "a source",
    Role.WITNESS: "a witness",
    Role.COMPLAINANT: "a complainant",
    Role.SUSPECT: "a suspect",
    Role.OFFICER: "an officer",
    Role.PROFESSIONAL: "a professional",
    Role.CONVICTED: "a convicted offender",
    Role.PUBLIC_FIGURE: "a public figure",
    Role.WAIVED: "somebody who waived anonymity",
    Role.PSEUDONYM: "a pseudonym",
}
_BECAUSE = {
    "before": "the words before the name",
    "after": "the words after the name",
    "rank": "a rank before the name",
    "office": "an office stated beside the name",
    "title": "the title before the name",
    "register": "a register of office-holders",
}


def looks_like(person: Person) -> str:
    """What the texts say of a person, in plain English without a word of them: "looks like an officer, PC (a rank ...)"."""
    weights: dict[Role, float] = defaultdict(float)
    for e in person.evidence:
        weights[e.role] += e.weight
    if not weights:
        return "nothing beside the name says who this is"
    role = person.role if person.role in weights else max(weights, key=lambda r: (weights[r], -list(Role).index(r)))
    rules = dict.fromkeys(e.rule.partition(":")[0] for e in person.evidence if e.role is role)
    because = " and ".join(_BECAUSE.get(rule, "other words beside the name") for rule in rules)
    called = next((word for word in (person.rank, person.kin_word, person.office) if word), "").replace("_", " ")
    verb = "looks like" if person.role is role else "may be"
    return f"{verb} {_LOOKS.get(role, 'somebody unknown')}{f', {called}' if called else ''} ({because})"
