"""Candidate mentions and the case register become drafts: one a human, over the whole bundle.

Two people who share a surname stay two; a guess in both given name and surname links nobody. A public person of the case
takes only mentions that fit exactly: a wrong link there would publish somebody.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from ..case import Case
from ..case_scope import terms
from ..lexicon import given_names, ordinary_words, plain, surnames
from ..model import Document, Role
from .collect import believed
from .drafts import Draft, Raw
from .known import Known
from .names import TOKEN, Name, alike, compatible, initials, parse, same_given, unpossessive

_ARTICLE = re.compile(r"(?i)^(?:the|an?) ")
_OF_MODELS = frozenset({"spacy", "tagger_names", "rampart", "model", "words", "misread"})
LINK = 0.45  # below this two ways of writing are two people; set by hand on invented names, not fitted


def tokens(written: str) -> tuple[str, ...]:
    """A written form as the search compares it: words and numbers in plain form, possessives off."""
    return tuple(t for w in TOKEN.findall(written) if (t := plain(unpossessive(w))))


def seeds(case: Case, documents: Sequence[Document]) -> list[Draft]:
    """One draft for each entry of the case, protected people first, so that they win ties."""
    drafts: list[Draft] = []

    def add(
        forms: Iterable[str],
        role: Role,
        listed: str,
        office: str = "",
        only: frozenset[str] = frozenset(),
        own: Draft | None = None,
    ) -> None:
        draft = own or Draft(len(drafts), role=role, listed=listed, office=office, only=only)
        for position, written in enumerate(forms):
            written = _ARTICLE.sub("", written)  # "the Vice-Chancellor" makes nobody of "the"
            name = parse(written)
            draft.titles |= set(name.titles)
            draft.exact.add(tokens(written))
            bare = tuple(t for t in (*name.given, *name.surname.split(), name.lone) if t)
            if position == 0 or name.full:
                draft.exact.add(tuple(p for t in bare for p in TOKEN.findall(t)))
            if name.full:
                draft.names.append(name)
            elif position == 0 or not name.titles:
                draft.lone.add(name.lone)
        draft.exact.discard(())
        if own is None:
            drafts.append(draft)

    for order in case.orders:
        for name in order.persons:
            add([name.reveal()], Role.SURVIVOR, "orders")
    for known in case.people:
        only = frozenset(d.id for d in documents if known.documents and known.covers(d.id, d.path))
        only = only or frozenset({"-"} if known.documents else ())
        ordered = next((d for d in drafts if d.listed == "orders" and _same_entry(d, known.name.reveal())), None)
        if ordered is not None and not known.documents:  # an order names somebody whom the team lists: one person, one label
            ordered.role = known.role
            add([f.reveal() for f in known.forms], known.role, "orders", own=ordered)
            continue
        add([f.reveal() for f in known.forms], known.role, "people", only=only)
    for waiver in case.waivers:
        allowed = terms(waiver, case.title, date.today())
        role, listed = (Role.SURVIVOR, "people") if allowed.ended else (Role.WAIVED, "waivers")
        entry = next((d for d in drafts if d.listed == "people" and not d.only and _same_entry(d, waiver.name.reveal())), None)
        if entry is not None:  # a survivor whom the team lists waives: one person, and what was said last of them holds
            entry.role, entry.listed = role, listed
        add([f.reveal() for f in waiver.forms], role, listed, own=entry)
        waived = entry or drafts[-1]
        waived.waiver, waived.doubt = allowed, allowed.doubt
    for figure in case.public_figures:
        add([f.reveal() for f in figure.forms], figure.role, "public_figures", office=figure.office)
    for pseudonym in case.pseudonyms:
        add([f.reveal() for f in pseudonym.forms], Role.PSEUDONYM, "pseudonyms")
    return drafts


def _same_entry(draft: Draft, written: str) -> bool:
    """Whether an entry of the case writes the very name of a draft."""
    name = parse(_ARTICLE.sub("", written))
    return name.full and any((n.given, n.surname) == (name.given, name.surname) for n in draft.names)


def link(
    raws: Sequence[Raw],
    case: Case,
    documents: Sequence[Document],
    doubted: Callable[[Raw], bool],
    small: frozenset[str],
    towns: frozenset[str],
    large: frozenset[str],
    too: Mapping[Name, set[Name]],
) -> list[Draft]:
    """Every draft of the bundle. `doubted` tells whether counter-evidence (a model's institution or town) covers a candidate;
    `small` are the words that the bundle writes in small letters somewhere, `towns` those it surely speaks of (plain form), homes
    and schools among them, `large` the towns alone, `too` the names that a text gives one person beside another."""
    drafts = seeds(case, documents)
    known = Known(drafts)
    by_name: dict[Name, list[Raw]] = defaultdict(list)
    for raw in raws:
        by_name[Name(raw.name.given, raw.name.surname, raw.name.lone)].append(raw)
    taken = {seq for d in drafts if d.listed == "pseudonyms" for seq in d.exact}
    listed = Known(d for d in drafts if d.listed)
    names = [
        n
        for n, group in by_name.items()
        if tokens(group[0].written) not in taken
        and not (n.lone and (n.lone,) in taken)
        and (
            _listed(n, listed)
            or (believed(group, all(doubted(r) for r in group), small) and not _of_town(n, group, towns) and not _brand(n, group))
        )
    ]
    names = [n for n in names if _listed(n, listed) or not _alone_a_town(n, by_name[n], names, large)]
    names = _no_lists(names, drafts)
    # Words the team said are nobody's name make no person of their own; somebody who bears them all the same is masked.
    nobody = {tokens(f.reveal()) for f in case.not_people}

    full = sorted((n for n in names if n.full), key=lambda n: (_thin(n), -len(n.given), -len(by_name[n]), n.given, n.surname))
    for name in full:
        draft = _best(name, by_name[name], known) or _turned(name, known) or _called_too(name, too, drafts)
        if draft is None and all(tokens(r.written) in nobody for r in by_name[name]):
            continue
        if draft is None:
            draft = Draft(len(drafts))
            drafts.append(draft)
        if draft.listed not in ("public_figures", "waivers") or name not in draft.names:
            draft.names.append(name)
        _take(draft, by_name[name])
        known.add(draft)

    for name in sorted((n for n in names if n.lone), key=lambda n: (-len(n.lone), n.lone)):
        group = by_name[name]
        close = _lone_candidates(name.lone, group, known)
        if own := _called_too(name, too, drafts):
            close = [*(d for d in close if name.lone in d.lone | d.givens | d.surnames and d is not own), own]
        if not close and all(tokens(r.written) in nobody for r in group):
            continue
        called = [d for d in close if (name.lone,) in d.exact]
        if called and any(d.nameable for d in called):  # the team says who "Mudge" is: not the Mudge-Allen beside him
            close = [d for d in close if d in called or name.lone in d.surnames | d.givens]
        if not close and len(name.lone) < 4 and all(r.written.isupper() for r in group):
            bearers = [d for d in drafts if any(name.lone in initials(n) for n in d.names)]
            if len(bearers) == 1 and not bearers[0].nameable:  # "MW" in a column of names
                for raw in group:
                    bearers[0].declared.setdefault(raw.doc, set()).add(raw.written)
                continue
        if not close:
            draft = Draft(len(drafts), lone={name.lone})
            drafts.append(draft)
            _take(draft, group)
            known.add(draft)
        else:  # a short form of several people is searched for as each of them
            several = len(close) > 1  # a name several bear already is searched for as it is, and nobody is called just that
            for short in (d for d in close if not d.nameable):
                if several and name.lone in short.lone | short.givens | short.surnames:
                    continue
                short.lone.add(name.lone)
                _take(short, group, titles=False)
                known.add(short)
    return drafts


def _called_too(name: Name, too: Mapping[Name, set[Name]], drafts: Sequence[Draft]) -> Draft | None:
    """The one draft that bears a name which a text gives beside this one; nobody who may be named gets another name that way."""
    others = too.get(name)
    if not others:
        return None
    ways = {(n.given, n.surname) for n in others if n.full}
    near = [d for d in drafts if any((n.given, n.surname) in ways for n in d.names) or any(n.lone in d.lone for n in others)]
    return near[0] if len(near) == 1 and not near[0].nameable else None


def _of_town(name: Name, group: Sequence[Raw], towns: frozenset[str]) -> bool:
    """Whether one model alone took a body of a town ("Healthwatch Luton") for a person, or models a home ("Tamar Lodge")."""
    if name.lone in towns and all(r.sources <= {"tagger_names", "model", "words"} for r in group):
        return True  # "Harnsea's Labour MP"
    if name.full and f"{' '.join(name.given)} {name.surname}" in towns:
        return all(r.sources <= _OF_MODELS for r in group)
    alone = all(r.sources <= {"spacy", "words", "misread"} for r in group)
    return alone and name.full and name.surname in towns and name.given[0] not in given_names()


_HUMPS = re.compile(r"(?!Ma?c[A-Z]|D[eiu][A-Z]|L[ae][A-Z]|Fitz|Van[A-Z]|St[A-Z])[A-Z][a-z]{2,}[A-Z][a-z]{2,}")


def _brand(name: Name, group: Sequence[Raw]) -> bool:
    """Whether models took a firm or a system ("KestrelActive") for a person: two words as one, neither anybody's name."""
    written = group[0].written
    if not name.lone or not _HUMPS.fullmatch(written) or not all(r.sources <= _OF_MODELS for r in group):
        return False
    return not any(plain(part) in given_names() | surnames() for part in re.findall(r"[A-Z][a-z]+", written))


def _alone_a_town(name: Name, group: Sequence[Raw], names: Sequence[Name], large: frozenset[str]) -> bool:
    """Whether models took a large town that the bundle speaks of ("HMP Preston") for a person, and nobody is called so."""
    if name.lone not in large or name.lone in given_names() or not all(r.sources <= _OF_MODELS for r in group):
        return False
    return not any(name.lone in (*n.given, *n.surname.split()) for n in names if n.full)


def _no_lists(names: list[Name], drafts: Sequence[Draft]) -> list[Name]:
    """Without "HALLAM, CROFT" read as Croft Hallam: two surnames that other people bear are a list of two people.

    Their mentions are found again by the search for each of the two.
    """
    borne: dict[str, set[str]] = defaultdict(set)
    for known in (*names, *(n for d in drafts for n in d.names)):
        if known.full:
            borne[known.surname].add(known.given[0])

    def listed(name: Name) -> bool:
        if not name.full or len(name.given) > 1 or name.given[0] in given_names():
            return False
        return name.given[0] in borne and bool(borne[name.surname] - {name.given[0]})

    return [name for name in names if not listed(name)]


def _turned(name: Name, known: Known) -> Draft | None:
    """A draft whose given name and surname these are the other way round."""
    if len(name.given) != 1:
        return None
    near = known.called([name.surname])
    return next((d for d in near for n in d.names if n.full and n.surname == name.given[0] and n.given[0] == name.surname), None)


def _thin(name: Name) -> bool:
    return len(name.given[0]) == 1 or len(name.surname) == 1


def _listed(name: Name, listed: Known) -> bool:
    if name.lone:
        return any(name.lone in d.lone | d.givens | d.surnames for d in listed.called([name.lone]))
    return any(compatible(name, own) >= 0.9 for d in listed.fitting(name) for own in d.names)


def _take(draft: Draft, group: Sequence[Raw], titles: bool = True) -> None:
    draft.raws += group
    if titles and draft.listed not in ("public_figures",):
        draft.titles |= {t for raw in group for t in raw.name.titles}


def _best(name: Name, group: Sequence[Raw], known: Known) -> Draft | None:
    near: Counter[int] = Counter()
    by_id: dict[int, Draft] = {}
    here = {raw.doc for raw in group}
    ranked = {t.code for raw in group for t in raw.name.titles if t.family == "rank"}
    for draft in known.fitting(name):
        score = max((compatible(name, own) for own in draft.names), default=0.0)
        if draft.nameable and score < 0.6:
            continue
        if draft.nameable and score < 1.0 and not _thin(name):
            continue
        if draft.only and not here & draft.only:
            continue
        if score < LINK:
            continue
        if score < 1.0 and ranked and not any(t.family == "rank" for t in draft.titles) and not draft.nameable:
            continue
        bonus = 0.05 if here & {r.doc for r in draft.raws} else 0.0
        same = ranked & {t.code for t in draft.titles}
        near[draft.id] = round(1000 * (score + bonus + (0.2 if same else 0.0)))
        by_id[draft.id] = draft
    ordered = near.most_common(2)
    if not ordered:
        return None
    if len(ordered) == 2 and ordered[0][1] == ordered[1][1] and _thin(name):
        return None  # "J. Marsh" fits two people equally: it is a question, not a link
    best = by_id[ordered[0][0]]
    if best.nameable and _thin(name) and len(ordered) == 2:
        return None
    return best


def _lone_candidates(word: str, group: Sequence[Raw], known: Known) -> list[Draft]:
    """Drafts one of whose names the lone word is, may be short for, or may misspell; the most exact kind only."""
    exact = known.called([word])
    if exact or len(word) < 3:
        return exact
    near = [d for d in known.beginning(word) if not d.nameable]
    short = [d for d in near if any(same_given(word, g) >= 0.75 for g in d.givens | d.lone)]
    if short:
        return short if len(short) == 1 else _in_docs(short, group) or short
    stem = word.rstrip("sy") if len(word) > 4 else word
    if len(stem) >= 3 and word not in ordinary_words():
        begun = stem[: max(3, len(stem) - 1)]
        pet = [d for d in near if any(n.startswith(begun) for n in d.givens | d.surnames)]
        if len(pet) == 1:
            return pet
    fuzzy = [d for d in known.alike(word, 0.92) if not d.nameable and any(alike(word, n) >= 0.92 for n in _long(d))]
    return fuzzy if len(fuzzy) == 1 else []


def _long(draft: Draft) -> list[str]:
    return [n for n in draft.givens | draft.surnames if len(n) > 4]


def _in_docs(drafts: Sequence[Draft], group: Sequence[Raw]) -> list[Draft]:
    here = {raw.doc for raw in group}
    near = [d for d in drafts if here & {r.doc for r in d.raws}]
    return near if len(near) == 1 else []
