"""When a row of a register of office-holders speaks for a person of the bundle.

A register alone is never enough: most of its names are other people's too. A row speaks for a person in one document if all hold:

1. The document writes the holder's name in full, given name and surname as listed. Initials, nicknames, misspellings and a lone
   surname are nobody's until a full name has been spoken for; then they follow it within that document.
2. The case says nothing of the person, and no protected person of the case bears a name like it.
3. The text gives the office or its context, in one of these ways:
   a. "as Home Secretary" in the sentence of the name;
   b. the holder's own work in the sentence ("X's report", "the inquiry chaired by X", "X led the inspection");
   c. the body in the sentence ("X told the Home Affairs Committee"), and the office anywhere in the document;
   d. the office as one definite person ("the then Home Secretary") at most two sentences before or one after a sentence in which
      the named person acts or speaks in public.
   An office that needs its body or area known ("the chief inspector") counts only where the document names that too.
4. No sentence speaks of the named person and of the office as two people ("X wrote to the Home Secretary"): a sentence that
   calls somebody by name does not call the same person by office beside it, unless to say that they are the same.
5. The years fit: a document all of whose years lie before the first year in office is about somebody else, and so is a passage
   (of c or d) whose years all lie outside the years in office, or before them where it says "former".

Whoever is spoken for by a register only stays named in that document only, and any other evidence of a role (an age, a kinship, a
job, a witness, a suspect) beats it: roles.judge. An office the text itself states (offices.py) needs no register.

Does not catch two holders of one name, nor a namesake whom a text sets beside the office by chance without saying that they are
two: rule 3d asks that such a namesake also acts in public, in the years in question.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from ..lexicon import plain
from ..model import Evidence, Role
from ..policy_registers import Office, Row
from .drafts import Draft, Raw
from .grammar import courtesy
from .link import tokens
from .names import TOKEN, Name, compatible, parse, unpossessive
from .scope import Scopes, Unit
from .search import Match

_YEAR = re.compile(r"\b(?:19[4-9]\d|20[0-4]\d)\b")
_ACTS = re.compile(
    r"(?:['’]s\s+(?:government|department|decision|statement|speech|letter|announcement|reply|reforms?|successor|predecessor)\b|"
    r",?\s+(?:who\s+)?(?:has\s+|had\s+|also\s+|later\s+|then\s+|now\s+|\w+ly\s+)*(?:said|says|told|announced|ordered|promised|pledged|"
    r"apologised|launched|commissioned|established|set\s+up|appointed|visited|resigned|stood\s+down|stepped\s+down|insisted|admitted|"
    r"defended|called|urged|warned|wrote|published|chaired|led|found|concluded|recommended|criticised|described|welcomed|accepted|"
    r"rejected|refused|agreed|added|argued|claimed|replied|responded|acknowledged|confirmed|denied|asked|demanded|vowed|unveiled|"
    r"proposed|introduced|gave\s+evidence|met|spoke|declined|held|served)\b)"
)
_ACTED = re.compile(rf"\b(?:said|added|by|wrote|asked|replied|under|between|from)\s+{courtesy()}$")
_NOT_ONE = re.compile(
    r"\b(?:an?|any|every|each|no|his|her|my|their|your|our|another|either|next|future|shadow|deputy|assistant)\s+$", re.I
)
_PAST = re.compile(r"\b(?:former|ex|previous|one-time)[\s-]+$", re.I)
_AS = r"\bas\s+(?:(?:the|a|then|former|acting|interim|new)\s+)*"
_OF_OTHERS = re.compile(r"([A-Z][\w'’-]+)\s*,\s+(?:(?:the|then|former|now|who\s+was|at\s+the\s+time)\s+)*$")
_TO_OTHERS = re.compile(rf"\s*[,(]?\s*{courtesy()}((?:[A-Z][\w'’-]+\s+){{0,3}}[A-Z][\w'’-]+)")


@cache
def holders(rows: tuple[Row, ...]) -> dict[str, list[tuple[str, ...]]]:
    """First word of each holder's name → the whole names that begin with it, longest first."""
    table: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for written in {n for row in rows for n in (row.holder.name, *row.holder.aliases)}:
        words = tokens(written)
        table[words[0]].append(words)
    return {first: sorted(names, key=lambda n: (-len(n), n)) for first, names in table.items()}


def widened(raws: Sequence[Raw], doc: str, text: str, table: Mapping[str, list[tuple[str, ...]]]) -> list[Raw]:
    """The candidates of one document, with a holder's full name (`table`: `holders`) found where a model saw half of it or none
    ("Theresa May" read as a girl and a month). Such a name is a person's name, no more: unless a row speaks for it, it is masked.
    """
    found = list(raws)
    words = list(TOKEN.finditer(text)) if table else []
    plainly = [plain(unpossessive(m.group())) for m in words]
    for at, match in enumerate(words):
        size = next((len(n) for n in table.get(plainly[at], ()) if tuple(plainly[at : at + len(n)]) == n), 0)
        if not size or not match.group()[:1].isupper():
            continue
        start, end = match.start(), words[at + size - 1].start() + len(unpossessive(words[at + size - 1].group()))
        over = [r for r in found if r.start < end and start < r.end]
        if any(r.start <= start and end <= r.end for r in over) or not re.fullmatch(
            r"[\w'’-]+(?:[ \n-][\w'’-]+)+", text[start:end]
        ):
            continue
        name = parse(text[start:end])
        titles = tuple(t for r in over if r.start == start for t in r.name.titles)
        sources = frozenset({"structure", "register"}).union(*(r.sources for r in over))
        found = [r for r in found if r not in over]
        found.append(Raw(doc, start, end, Name(name.given, name.surname, titles=titles), text[start:end], sources, 0.9))
    return sorted(found, key=lambda r: r.start)


def speak(
    drafts: Sequence[Draft],
    matches: Mapping[str, Sequence[Match]],
    texts: Mapping[str, str],
    scopes: Mapping[str, Scopes],
    rows: Sequence[Row],
) -> None:
    """Add evidence to the drafts for whom a row speaks, and the documents in which it does (`Draft.spoken`)."""
    table: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        for written in (row.holder.name, *row.holder.aliases):
            name = parse(written)
            table.setdefault((name.given[0], name.surname), []).append(row)
    listed = [n for d in drafts if d.listed and not d.nameable for n in d.names]
    rows_of: dict[int, list[Row]] = {}
    for draft in drafts:
        known = [row for n in draft.names for row in table.get((n.given[0] if n.given else "", n.surname), ())]
        if known and not draft.listed and not any(compatible(a, b) >= 0.9 for a in draft.names for b in listed):
            rows_of[draft.id] = list(dict.fromkeys(known))
    for doc, found in matches.items() if rows_of else ():
        alone: dict[int, list[Match]] = defaultdict(list)
        for match in found:
            if len(match.types) == 1 and (only := next(iter(match.types))) in rows_of:
                alone[only].append(match)
        for number, here in alone.items():
            for row in rows_of[number]:
                if _speaks(row, here, texts[doc], scopes[doc]):
                    draft = drafts[number]
                    draft.evidence.append(Evidence(Role.PUBLIC_FIGURE, f"register:{row.register}", 0.9, doc))
                    draft.office = draft.office or row.office.code
                    draft.spoken.add(doc)


def _speaks(row: Row, mentions: Sequence[Match], text: str, scopes: Scopes) -> bool:
    office, (first, last) = row.office, row.years
    years = [int(y) for y in _YEAR.findall(text)]
    if (years and max(years) < first) or (office.area and office.area.casefold() not in text.casefold()):
        return False
    names = [parse(n) for n in (row.holder.name, *row.holder.aliases)]
    full = [m for m in mentions if len(m.seq) > 1 and _written(parse(text[m.start : m.end]), names)]
    known = _known(office, text)
    spots = list(_offices(office, text, known, names))
    if any(_two_people(m, scopes.units[scopes.index(m.start)], text, spots) for m in mentions):
        return False
    return any(_context(row, m, text, scopes, spots, bool(known), (first, last)) for m in full)


def _written(name: Name, wanted: Sequence[Name]) -> bool:
    """Whether a name is written in full as one of the `wanted`; middle names may be more or fewer."""
    return any(name.given and name.given[0] == w.given[0] and name.surname == w.surname for w in wanted)


def _known(office: Office, text: str) -> frozenset[str]:
    """Of the body and area that make a loose name of the office mean this one, those in the text."""
    small = text.casefold()
    return frozenset(w for w in (*office.body, *([office.area] if office.area else [])) if _holds(small, w.casefold()))


def _holds(text: str, words: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text))


@cache
def _called(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these names of an office; those in capitals only in capitals."""
    parts = [re.escape(w).replace(r"\ ", r"\s+").replace("'", "['’]") for w in sorted(words, key=len, reverse=True)]
    cased = [p if w.isupper() else f"(?i:{p})" for p, w in zip(parts, sorted(words, key=len, reverse=True), strict=True)]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(cased)})(?!\w)")


def _offices(office: Office, text: str, known: frozenset[str], names: Sequence[Name]) -> Iterator[tuple[int, int]]:
    """Where the text speaks of the office as of one definite person who is not somebody else by name."""
    words = office.words + (office.loose if known else ())
    for match in _called(words).finditer(text) if words else ():
        before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 60]
        own = {n.surname for n in names}
        of, to = _OF_OTHERS.search(before), _TO_OTHERS.match(after)
        others = [parse(w).surname or parse(w).lone for w in ((of[1] if of else ""), (to[1] if to else "")) if w]
        if not _NOT_ONE.search(before) and all(o in own for o in others):
            yield match.start(), match.end()


def _two_people(mention: Match, unit: Unit, text: str, spots: Sequence[tuple[int, int]]) -> bool:
    """Whether the sentence of a mention speaks of the office as of another person."""
    for start, end in spots:
        if unit.start <= start < unit.end:
            between = text[mention.end : start] if start > mention.end else text[end : mention.start]
            same = re.fullmatch(
                rf"\W*(?:(?:the|then|former|who|was|is|became|had|been|has|at|time|acting|new|now|as|when|while|being)\W+)*{courtesy()}",
                between,
                re.I,
            )
            if not same and not re.search(rf"{_AS}$", text[max(0, start - 24) : start]):
                return True
    return False


def _context(
    row: Row, mention: Match, text: str, scopes: Scopes, spots: Sequence[tuple[int, int]], known: bool, years: tuple[int, int]
) -> bool:
    at = scopes.index(mention.start)
    unit = scopes.units[at]
    sentence = text[unit.start : unit.end]
    lead, tail = text[unit.start : mention.start], text[mention.end : unit.end]
    if re.search(_AS + _called(row.office.words + row.office.loose).pattern, sentence):
        return True
    if row.office.works and (known or not row.office.body) and _works(row.office.works).search(f"{lead}\0{tail}"):
        return True
    window = scopes.units[max(0, at - 2) : at + 2]
    said = [int(y) for u in window for y in _YEAR.findall(text[u.start : u.end])]
    past = any(_PAST.search(text[max(0, start - 20) : start]) for u in window for start, _ in spots if u.start <= start < u.end)
    if said and not any(years[0] <= y <= (9999 if past else years[1] + 1) for y in said):
        return False
    if any(_holds(sentence.casefold(), body.casefold()) for body in row.office.body) and spots:
        return True
    near = any(u.start <= start < u.end for u in window for start, _ in spots)
    return near and bool(_ACTS.match(tail) or _ACTED.search(lead))


@cache
def _works(words: tuple[str, ...]) -> re.Pattern[str]:
    """The holder's work beside the name, which stands as a NUL."""
    work = f"(?i:{'|'.join(map(re.escape, words))})"
    private = r"(?!(?:police|crime|medical|incident|missing|school|case|social|expert|news|first|own)\b)"
    return re.compile(
        rf"\0['’]s\s+(?:{private}[\w-]+\s+){{0,3}}{work}s?\b|"
        rf"\b(?:{work})s?\s+(?:[\w-]+\s+){{0,4}}?(?:by|of|from)\s+{courtesy()}\0|"
        rf"\0,?\s+(?:who\s+)?(?:had\s+|has\s+)?(?:led|chaired|wrote|published|headed|conducted|carried\s+out)\s+(?:the|an?|her|his|its)\s+"
        rf"(?:{private}[\w'’-]+\s+){{0,6}}{work}s?\b"
    )
