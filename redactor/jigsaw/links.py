"""Rules over who is linked with whom: accused, waived survivor, namesake, professional (DOMAIN J05-J08, J16, J20, J27, J33).

A relation is seen where words state it in one sentence. One told over several sentences, or by a shared surname in the accused's
own family, is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..cleartext import ClearText
from ..model import Span
from .cast import forms, surname
from .cues import name_pattern
from .finding import JigsawFinding, Reading, found, label_of
from .reading import Page, Sentence

Found = Iterator[JigsawFinding]


def relation(reading: Reading) -> Found:
    """J05 and J06: the accused is named and the relationship stated, in one document or in two (Editors' Code cl.7)."""
    stated = [(page, label, span) for page in (*reading.pages, *reading.priors) for label, span in _relations(reading, page)]
    naming = [page for page in (*reading.pages, *reading.priors) if reading.names_accused(page)]
    own = [page for page in reading.pages if reading.names_accused(page)]
    side = reading.case.either_or or reading.policy.either_or
    for page, label, span in stated:
        others = [p for p in naming if p is not page]
        if page not in reading.pages:
            continue
        if own:
            yield found(reading, "J05", page.doc, [span], "same_document" if page in own else "other_document", label)
        if page not in naming and others and (side == "name_accused" or not own):
            yield found(reading, "J06", page.doc, [span], "prior" if not own else "other_document", label)
    telling = {page.doc for page, _, _ in stated}
    before = any(page in reading.priors for page, _, _ in stated)
    elsewhere = [page for page in own if page.doc not in telling]
    if before or (side == "state_relationship" and telling):
        for page in elsewhere:
            match = reading.cues.accused.search(page.text)
            assert match is not None
            yield found(reading, "J06", page.doc, [Span(*match.span())], "prior" if before else "other_document")


def _relations(reading: Reading, page: Page) -> Iterator[tuple[str, Span]]:
    """Where a page states the relation of an accused to a label; without his name only if it can be no other accused."""
    before: Sentence | None = None
    last = ""
    for s in page.sentences:
        if before is None or s.paragraph != before.paragraph:
            before, last = None, ""
        last = s.labels[-1][0] if s.labels else last
        label = label_of(s) or last
        hits = [(m, True) for m in reading.cues.find("relation", page.text, s.span.start, s.span.end)]
        if before and reading.cues.accused.search(page.text, before.span.start, before.span.end):
            he = (p.match(page.text, s.span.start, s.span.end) for p in reading.cues.patterns["relation_he"])
            hits += [(m, True) for m in he if m]
        hits += [(m, False) for m in reading.cues.find("relation_unnamed", page.text, s.span.start, s.span.end)]
        for match, named in hits:
            about = label or next((label_of(n) for n in page.paragraph(s.paragraph) if n.labels), "")
            if not named and page.text[: match.start()].endswith("], "):
                continue  # "[Person 2], her uncle, was convicted" speaks of one who is masked
            protected = about or not named or re.search(r"(?i)\b(?:victim|survivor|girl|boy|child|incest)", match[0])
            if protected and (named or _only_accused(reading, about)):
                yield about, Span(match.start(), match.end())
                break
        before = s


def _only_accused(reading: Reading, label: str) -> bool:
    """Whether "her uncle was convicted" can only mean the accused who is named: he stands with the label, or is the only one."""
    pages = (*reading.pages, *reading.priors)
    told = {m[0].split()[-1].casefold() for p in pages for m in reading.cues.accused.finditer(p.text)}
    beside = any(
        reading.cues.accused.search(p.text, s.span.start, s.span.end)
        for p in pages
        for s in p.sentences
        if label and label in [name for name, _ in s.labels]
    )
    return beside or len(told) == 1


def namesake(reading: Reading) -> Found:
    """J07: a name that stayed shares the surname of a listed protected person, in a sentence with a protected label."""
    surnames = {last.casefold() for entry in reading.case.people for form in forms(entry) if (last := surname(form))}
    if not surnames:
        return
    names = re.compile(rf"{name_pattern()}|(?<![\w\[])(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][\w’'-]+")
    for page, s in _sentences(reading):
        if not s.labels:
            continue
        for match in names.finditer(page.text, s.span.start, s.span.end):
            whole = re.sub(r"['’]s$", "", match[0])
            if whole.split()[-1].casefold() in surnames and whole.casefold() not in reading.cast.kept:
                yield found(reading, "J07", page.doc, [Span(*match.span())], "same_surname", label_of(s))


def street(reading: Reading) -> Found:
    """J08: the accused's street, and that the survivor lived with or near him (the street alone was no breach, IPSO [S12])."""
    for page in reading.pages:
        streets = [m for s in page.sentences for m in reading.cues.find("accused_street", page.text, s.span.start, s.span.end)]
        for label, said in reading.ledger.items():
            near = [f for f in said if f.doc == page.doc and f.kind == "residence"]
            if streets and near:
                spans = [Span(*m.span()) for m in streets] + [f.span for f in near]
                yield found(reading, "J08", page.doc, spans, "street+residence", label)


def paternity(reading: Reading) -> Found:
    """J16: who the father is, and the accused is named anywhere in the bundle."""
    if not reading.accused_anywhere():
        return
    for label, said in reading.ledger.items():
        for doc in dict.fromkeys(f.doc for f in said):
            if hits := [f.span for f in said if f.doc == doc and f.kind == "paternity"]:
                yield found(reading, "J16", doc, hits, "paternity", label)


def waived(reading: Reading) -> Found:
    """J20: a named survivor who waived, and a protected person linked with her by kin, friendship or house."""
    for page, s in _sentences(reading):
        for match in reading.cues.find("waived_link", page.text, s.span.start, s.span.end):
            yield found(reading, "J20", page.doc, [Span(*match.span())], "link", label_of(s))
            break


def professional(reading: Reading) -> Found:
    """J27: a named professional who served the protected person; the accused is J05's."""
    for page, s in _sentences(reading):
        if not (label := label_of(s)):
            continue
        for match in reading.cues.find("professional", page.text, s.span.start, s.span.end):
            if not reading.cues.accused.search(match[0]):
                yield found(reading, "J27", page.doc, [Span(*match.span())], "service", label)
                break


def surviving(reading: Reading) -> Found:
    """J33: a listed protected name stands in a copy. Leaves out single words that open a sentence and people listed twice.

    An entry narrowed to documents counts where it names them by id: a copy does not know its path.
    """
    ordered = {name.reveal() for order in reading.case.orders for name in order.persons}
    for page in reading.pages:
        listed = {f for e in reading.case.people if e.covers(page.doc, ClearText(page.doc)) for f in forms(e)}
        for name in sorted(n for n in listed | ordered if n.casefold() not in reading.cast.kept):
            if spans := _surviving(name, page):
                yield found(reading, "J33", page.doc, spans, "listed_name")


def _surviving(name: str, page: Page) -> list[Span]:
    several = " " in name
    pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE if several else 0)
    opening = {s.span.start for s in page.sentences}
    return [
        Span(*m.span())
        for m in pattern.finditer(page.text)
        if several or (m.start() not in opening and name[:1].isupper() and len(name) > 2)
    ]


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
