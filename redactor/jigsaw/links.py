"""Rules over who is linked with whom: accused, waived survivor, namesake, professional (DOMAIN J05-J08, J16, J20, J27, J33).

A relation is seen where words state it in one sentence. One told over several sentences, or by a shared surname in the accused's
own family, is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..cleartext import ClearText
from .cast import forms, surname
from .cues import data, name_pattern
from .finding import Changes, JigsawFinding, Proposal, at, found, label_of, propose
from .page import Page, Place, Sentence
from .reading import Reading, accused

Found = Iterator[JigsawFinding]
_HE = re.compile(r"(?:He|She)\b")


def relation(reading: Reading) -> Found:
    """J05 and J06: the accused is named and the relationship stated, in one document or in two (Editors' Code cl.7).

    The smallest change is on the side that the case chose: out with the relation, or out with the name.
    """
    stated = [(page, *row) for page in (*reading.pages, *reading.priors) for row in _relations(reading, page)]
    names_him = (reading.case.either_or or reading.policy.either_or) == "name_accused"
    known: dict[frozenset[str], _Named] = {}
    for page, label, place, who in stated:
        if reading.is_prior(page.doc):
            continue
        if who not in known:
            known[who] = _named(reading, who, unname=not names_him)
        him = known[who]
        out = propose(_stated(reading, place), place)
        if him.own:
            detail = "same_document" if page.doc in him.own else "other_document"
            yield found(reading, "J05", [place], detail, label, [out] if names_him else him.change)
        if page.doc not in him.docs and him.docs and (names_him or not him.own):
            detail = "prior" if not him.own else "other_document"
            yield found(reading, "J06", [place], detail, label, [out])
    telling = {page.doc for page, *_ in stated}
    told = {name for _, _, _, who in stated for name in who}
    told_before = {name for page, _, _, who in stated if reading.is_prior(page.doc) for name in who}
    for page in (p for p in reading.naming if not reading.is_prior(p.doc) and p.doc not in telling):
        before = bool(told_before & reading.accused_in[page.doc])
        if before or (told & reading.accused_in[page.doc] and not names_him):
            change = _unname(reading, page)
            yield found(reading, "J06", [change[0].place], "prior" if before else "other_document", "", change)


@dataclass(frozen=True, slots=True)
class _Named:
    """Where an accused is named: in which copies and publications, in which of the copies, and every change that takes it out."""

    docs: frozenset[str]
    own: frozenset[str]
    change: Changes


def _named(reading: Reading, who: frozenset[str], unname: bool) -> _Named:
    pages = [p for p in reading.naming if who & reading.accused_in[p.doc]]
    own = [p for p in pages if not reading.is_prior(p.doc)]
    change = Changes([c for p in own for c in _unname(reading, p)] if unname else ())
    return _Named(frozenset(p.doc for p in pages), frozenset(p.doc for p in own), change)


def _stated(reading: Reading, place: Place) -> str:
    """Whether words or the title of an offence state the relation."""
    words = reading.page(place.doc).text[place.span.start : place.span.end]
    return "title" if re.fullmatch(f"(?i){data()['words']['TITLE']}|familial abuse", words) else "relation"


def _unname(reading: Reading, page: Page) -> list[Proposal]:
    """Every mention of an accused in a copy, masked."""
    return [propose("name", page.place(*m.span())) for m in reading.cues.accused.finditer(page.text)]


def _relations(reading: Reading, page: Page) -> Iterator[tuple[str, Place, frozenset[str]]]:
    """Where a page states the relation of an accused to a label, and whose it may be; without his name only if it can be no
    other accused."""
    for paragraph in page.paragraphs:
        of_him, last = frozenset[str](), ""  # whom the sentence before is about, and the last label
        for s in paragraph:
            last = s.labels[-1][0] if s.labels else last
            label = label_of(s) or last
            here = frozenset(accused(m) for m in reading.cues.accused.finditer(page.text, s.span.start, s.span.end))
            hits = [(m, here) for m in reading.cues.find("relation", page.text, s.span.start, s.span.end)]
            if of_him:
                he = (p.match(page.text, s.span.start, s.span.end) for p in reading.cues.patterns["relation_he"])
                hits += [(m, of_him) for m in he if m]
            hits += [(m, frozenset()) for m in reading.cues.find("relation_unnamed", page.text, s.span.start, s.span.end)]
            for match, who in hits:
                about = label or next((label_of(n) for n in paragraph if n.labels), "")
                masked = any(span.end == match.start() - 2 for _, span in s.labels)
                if not who and page.text.startswith(", ", match.start() - 2) and (masked or page.text[match.start() - 3] == "]"):
                    continue  # "[Person 2], her uncle, was convicted" speaks of one who is masked
                protected = about or not who or re.search(r"(?i)\b(?:victim|survivor|girl|boy|child|incest)", match[0])
                if protected and (who := who or _only_accused(reading, about)):
                    yield about, at(page, match), who
                    break
            of_him = here or (of_him if _HE.match(page.text, s.span.start) else frozenset())


def _only_accused(reading: Reading, label: str) -> frozenset[str]:
    """Of whom "her uncle was convicted" can only be said: of the one accused there is, or of those who stand with the label."""
    told = frozenset(name for names in reading.accused_in.values() for name in names)
    return told if len(told) == 1 or label in reading.beside_accused else frozenset()


def namesake(reading: Reading) -> Found:
    """J07: a name that stayed shares the surname of the protected person whose label is in its sentence, or of one listed."""
    listed = {last.casefold() for entry in reading.case.people for form in forms(entry) if (last := surname(form))}
    known = {label: {surname(n.reveal()).casefold() for n in names} - {""} for label, names in reading.secrets.names.items()}
    if not listed and not any(known.values()):
        return
    names = re.compile(rf"{name_pattern()}|(?<![\w\[])(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][\w’'-]+")
    for page, s in _sentences(reading):
        theirs = [listed, *(known.get(label, set()) for label, _ in s.labels)] if s.labels else []
        for match in names.finditer(page.text, s.span.start, s.span.end) if any(theirs) else ():
            whole = re.sub(r"['’]s$", "", match[0])
            if any(whole.split()[-1].casefold() in last for last in theirs) and whole.casefold() not in reading.cast.kept:
                place = page.place(*match.span())
                yield found(reading, "J07", [place], "same_surname", label_of(s), [propose("name", place)])


def street(reading: Reading) -> Found:
    """J08: the accused's street, and that the survivor lived with or near him (the street alone was no breach, IPSO [S12])."""
    streets = {page.doc: [at(page, m) for m in reading.cues.find("accused_street", page.text)] for page in reading.pages}
    for (label, doc), said in reading.told.items():
        near = [f.place for f in said if f.kind == "residence"]
        if streets[doc] and near:
            change = [propose("street", place) for place in streets[doc]]
            yield found(reading, "J08", [*streets[doc], *near], "street+residence", label, change)


def paternity(reading: Reading) -> Found:
    """J16: who the father is, and the accused is named anywhere in the bundle."""
    if all(reading.is_prior(page.doc) for page in reading.naming):
        return
    for (label, _), said in reading.told.items():
        if hits := [f.place for f in said if f.kind == "paternity"]:
            yield found(reading, "J16", hits, "paternity", label, [propose("paternity", place) for place in hits])


def waived(reading: Reading) -> Found:
    """J20: a named survivor who waived, and a protected person linked with her by kin, friendship or house."""
    of_her = False
    for page, s in _sentences(reading):
        matches = list(reading.cues.find("waived_link", page.text, s.span.start, s.span.end))
        if of_her and s.labels:
            matches += (m for p in reading.cues.patterns["waived_she"] if (m := p.match(page.text, s.span.start, s.span.end)))
        for match in matches[:1]:
            place = page.place(*match.span())
            yield found(reading, "J20", [place], "link", label_of(s), [propose("link", at(page, match))])
        of_her = reading.cues.waived.search(page.text, s.span.start, s.span.end) is not None


def professional(reading: Reading) -> Found:
    """J27: a named professional who served the protected person; the accused is J05's. A foster carer blocks under every policy:
    who she is tells who lived with her."""
    for page, s in _sentences(reading):
        if not (label := label_of(s)):
            continue
        for match in reading.cues.find("professional", page.text, s.span.start, s.span.end):
            if not reading.cues.accused.search(match[0]):
                fosters = re.search(r"(?i)\bfoster|\bplaced with\b", match[0]) is not None
                name = at(page, match)
                detail = "foster_carer" if fosters else "service"
                change = [propose("name", name)]
                here = [page.place(*match.span())]
                yield found(reading, "J27", here, detail, label, change, level="block" if fosters else None)
                break


def surviving(reading: Reading) -> Found:
    """J33: a listed protected name stands in a copy. Leaves out single words that open a sentence and people listed twice.

    An entry narrowed to documents counts where it names them by id: a copy does not know its path.
    """
    for page in reading.pages:
        listed = {f for e in reading.case.people if not e.overruled and e.covers(page.doc, ClearText(page.doc)) for f in forms(e)}
        for name in sorted(n for n in listed if n.casefold() not in reading.cast.kept):
            if places := standing(name, page):
                yield found(reading, "J33", places, "listed_name", "", [propose("name", place) for place in places])


def standing(name: str, page: Page) -> list[Place]:
    """Where a name stands in a copy: in any letters if it has several words, else with a capital and not opening a sentence."""
    several = " " in name
    pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE if several else 0)
    matches = [m for m in pattern.finditer(page.text) if several or (name[:1].isupper() and len(name) > 2)]
    if matches and not several:
        opening = {s.span.start for s in page.sentences}
        matches = [m for m in matches if m.start() not in opening]
    return [page.place(*m.span()) for m in matches]


def _sentences(reading: Reading) -> Iterator[tuple[Page, Sentence]]:
    return ((page, s) for page in reading.pages for s in page.sentences)


RULES: dict[str, Callable[[Reading], Found]] = {
    "J05": relation,
    "J07": namesake,
    "J08": street,
    "J16": paternity,
    "J20": waived,
    "J27": professional,
    "J33": surviving,
}
