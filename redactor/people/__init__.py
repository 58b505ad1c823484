"""Who is who over the whole bundle: findings in, persons with their mentions, and whose each fact is, out.

Does not decide what happens to anybody (`decide.py`), and cannot know a person whom no recognizer found and no case lists.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..case import Case, Pseudonym
from ..cleartext import ClearText
from ..lexicon import given_names, ordinary_words, plain
from ..model import Detection, Document, Fact, Finding, Kind, Linked, Mention, Person, Resolution, Role, Span
from ..policy import Policy
from ..sources import Kept
from .aliases import called_too
from .choose import Memory, choose, twins
from .collect import raws as collect
from .declared import ciphers, declare
from .drafts import Draft, Raw
from .facts import Here, attach, called, heads, same_days, subjects
from .gender import genders
from .kin import ties
from .link import link, tokens
from .names import TOKEN, unpossessive
from .near import near, taken_for
from .offices import own_title
from .person_or_word import is_name
from .registers import holders, speak, widened
from .remembered import Remembered
from .roles import from_titles, hear, hold, judge, settle
from .scope import Scopes, ScopesOf
from .search import FULL, GIVEN, INITIALS, LONE, PLURAL, SURNAME, Index, Match, index, search
from .slips import Slips
from .voice import Voice, voice

__all__ = ["genders", "near", "resolve", "taken_for"]


def resolve(
    documents: Sequence[Document],
    texts: Mapping[str, str],
    detections: Mapping[str, Detection],
    case: Case,
    policy: Policy,
    kept: Kept | None = None,
) -> Resolution:
    """Resolve the persons of a bundle.

    `texts` holds each document's flat text by id; entries beyond the documents (what readers saw but never carry over) are
    learnt from and get no mentions. `detections` as `texts`. What a text says around its names is taken from `kept`.
    """
    scopes = ScopesOf(texts)
    table = holders(policy.register_rows)
    found = {key: widened(collect(detections[key], texts[key]), key, texts[key], table) for key in sorted(texts)}
    # A file name is short and full of codes: only a sure find in one makes a person.
    candidates = [r for key, own in found.items() for r in own if not key.endswith("/name") or r.score >= 0.8]
    small = frozenset(w for d in documents for w in re.findall(r"(?<![^\W_])[a-z]{3,}(?![^\W_])", texts[d.id]))
    drafts = link(
        candidates,
        _with_ciphers(case, texts),
        documents,
        _doubter(detections),
        small,
        _towns(detections, texts, (Kind.TOWN, Kind.PLACE, Kind.SCHOOL)),
        _towns(detections, texts, (Kind.TOWN,)),
        called_too(candidates, texts),
    )
    declare(drafts, texts)
    forms = index(drafts)
    slips = Slips(drafts, forms)
    halves = {(r.doc, r.start): d.id for d in drafts for r in d.raws if r.half}
    matches: dict[str, list[Match]] = {}
    ordinary: dict[str, list[Span]] = {}
    for d in documents:
        text, detection = texts[d.id], detections[d.id]  # taken up once: each may lie on a shelf
        names, ordinary[d.id] = _appearances(d.id, text, forms, detection, scopes[d.id], found[d.id])
        taken = {i for m in names for i in range(m.start, m.end)}
        names += slips.find(d.id, text, detection, taken)
        matches[d.id] = [_told(match, halves) for match in sorted(names, key=lambda m: m.start)]
    remembered = Remembered(kept)
    _roles(drafts, matches, texts, scopes, policy, remembered)
    remembered.keep()
    for draft in drafts:
        settle(draft, (case.either_or or policy.either_or) == "state_relationship")
    accused = {_id(d) for d in drafts if any(e.role in (Role.SUSPECT, Role.CONVICTED) for e in d.evidence)}
    linked, here = _assign(documents, texts, drafts, matches)
    if (case.either_or or policy.either_or) == "name_accused":
        relatives = {_id(d) for d in drafts if d.role is Role.FAMILY or any(e.role is Role.FAMILY for e in d.evidence)}
        here = {doc: replace(rows, accused=frozenset(accused & relatives)) for doc, rows in here.items()}
    voices = {d.id: voice(texts[d.id], scopes[d.id], here[d.id].mentions) for d in documents}
    facts = _facts(documents, texts, detections, scopes, here, voices, case)
    related = ties(texts, scopes, linked, {_id(d): d.role for d in drafts}, voices, accused)
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for row in (row for rows in linked.values() for row in rows):
        mentions[row.person].append(row.mention)
    return Resolution(
        persons=tuple(_person(d, mentions[_id(d)], related.get(_id(d))) for d in drafts if d.listed or d.raws),
        linked={doc: tuple(rows) for doc, rows in linked.items()},
        facts=facts,
        ordinary={doc: tuple(rows) for doc, rows in ordinary.items()},
        forms=_forms(forms, drafts, linked),
    )


def _with_ciphers(case: Case, texts: Mapping[str, str]) -> Case:
    """The case with the ciphers of its texts among the pseudonyms it lists."""
    told = tuple(Pseudonym(name=ClearText(c), basis="the text says so") for c in sorted(ciphers(texts.values())))
    return case.model_copy(update={"pseudonyms": (*case.pseudonyms, *told)}) if told else case


def _id(draft: Draft) -> str:
    return f"p{draft.id + 1:03}"


def _towns(detections: Mapping[str, Detection], texts: Mapping[str, str], kinds: tuple[Kind, ...]) -> frozenset[str]:
    """The towns that the bundle speaks of where nothing else can be meant, those that have a council, and of other kinds the
    homes and schools it says are such."""
    found: set[str] = set()
    for key, detection in detections.items():
        text = texts[key]
        for f in detection.findings:
            if f.kind in kinds and f.score >= 0.9:
                found.add(plain(text[f.span.start : f.span.end]))
            elif f.why == "institution_council" and (match := _COUNCIL.fullmatch(text, f.span.start, f.span.end)):
                found.add(plain(match[1]))
    return frozenset(found)


_COUNCIL = re.compile(r"(?:the )?([A-Z][\w’'-]+) (?:Metropolitan |London )?(?:Borough |City |County |District |Town )?Council")


def _doubter(detections: Mapping[str, Detection]) -> Callable[[Raw], bool]:
    weak = {key: [f.span for f in d.findings if f.kind in (Kind.ORGANISATION, Kind.TOWN)] for key, d in detections.items()}
    return lambda raw: any(span.start < raw.end and raw.start < span.end for span in weak[raw.doc])


def _appearances(
    doc: str, text: str, forms: Index, detection: Detection, scopes: Scopes, raws: Sequence[Raw]
) -> tuple[list[Match], list[Span]]:
    names: list[Match] = []
    words: list[Span] = []
    initialled = [f.span for f in detection.findings if f.kind is Kind.INITIALS]
    present: set[int] = set()
    waiting: list[Match] = []
    for match in search(doc, text, forms):
        if set(match.types.values()) == {INITIALS}:
            waiting.append(match)
        elif is_name(match, text, detection, scopes, raws):
            names.append(match)
            present |= set(match.types)
        else:
            words.append(Span(match.start, match.end))
    for match in waiting:
        own = bool(_OWN_LETTERS.search(text[match.start : match.end]))
        if own or present & set(match.types) or any(s.start < match.end and match.start < s.end for s in initialled):
            names.append(match)
        else:
            words.append(Span(match.start, match.end))
    names += _letters(doc, text, forms, names)
    words += _small(text, forms, names, words)
    names += _handles(doc, text, forms, names)
    return sorted(names, key=lambda m: m.start), words


# Letters that are nobody's abbreviation: "D O'H", "EMacC", "F.Ll.P."
_OWN_LETTERS = re.compile(r"['’][A-Z]|Ma?c[A-Z]|\b(?:Ll|Rh|Dd)\.")


def _told(match: Match, halves: Mapping[tuple[str, int], int]) -> Match:
    """The appearance as what its row of a table says it is, where a name stands over several columns."""
    draft = halves.get((match.doc, match.start), -1)
    return replace(match, types={draft: match.types[draft]}) if draft in match.types else match


def _small(text: str, forms: Index, names: Sequence[Match], words: Sequence[Span]) -> Iterator[Span]:
    """Lower-case words that equal a form which counts only with a capital ("parks", of the Park family)."""
    taken = {m.start for m in names} | {w.start for w in words}
    for match in TOKEN.finditer(text):
        word = match.group()
        if word.islower() and match.start() not in taken:
            alone = plain(word)
            rows = forms.bearing((alone,)).values()
            if rows and (alone in ordinary_words() or all(how in (PLURAL, GIVEN) for how in rows)):
                yield Span(match.start(), match.end())


_LETTER = re.compile(
    r"(?:^|[.!?;:,]\s+|\n\s*(?:\d[\d/.:]*\s+)?|\b(?:that|and|when|if|because|while|but|as|since|until|till|told|saw|met|visited|rang)\s+)"
    r"(?P<letter>[B-HJ-Z])\.?(?=(?<=\.)\s+not\b|\s+(?:is|was|has|had|does|did|said|says|told|tells|asked|asks|went|came|reports?|reported|states?|stated|"
    r"disclosed|attended|refused|seemed|seems|appeared|appears|denied|denies|agreed|felt|feels|lives|lived|left|returned|ran|became|"
    r"stayed|presented|declined|continues|remains|remained|wants|wanted|needs)\b|['’]s\b)"
    r"|\b(?:told|saw|seen|met|visited|rang|treated|interviewed|asked|referred|collected|found|supported|with|for|about|by|to|of|from)\s+"
    r"(?P<dotted>[B-HJ-Z])\.(?=\s+[a-z])"
)


def _letters(doc: str, text: str, forms: Index, names: Sequence[Match]) -> Iterator[Match]:
    """A lone capital that acts as a person does ("H. does not have a cousin"), where somebody of the document begins with it."""
    by_letter: dict[str, dict[int, str]] = defaultdict(dict)
    for match in names:
        for number, how in match.types.items():
            for given in forms.givens.get(number, ()):
                by_letter[given[:1].upper()][number] = INITIALS
            if how in (GIVEN, LONE) and len(match.seq) == 1:
                by_letter[match.seq[0][:1].upper()][number] = INITIALS
    taken = {i for m in names for i in range(m.start, m.end)}
    for found in _LETTER.finditer(text):
        group = "letter" if found["letter"] else "dotted"
        start = found.start(group)
        if start not in taken and (types := by_letter.get(found[group])):
            yield Match(doc, start, start + 1, (found[group].lower(),), dict(types))


_JOINING = frozenset("_@#/")


_FILED = re.compile(
    r"(?<![\w.-])[\w.]*(?:-[\w.]+)+\.(?:pdf|docx?|xlsx?|csv|txt|rtf|pptx?|jpe?g|png|eml|msg|zip|mp[34]|wav|html?)\b", re.I
)


def _of_a_name(forms: Index, word: str) -> dict[int, str]:
    """Whose given name or surname the word is."""
    return {draft: FULL for draft, how in forms.bearing((word,)).items() if how in (GIVEN, SURNAME, LONE)}


def _handles(doc: str, text: str, forms: Index, names: Sequence[Match]) -> list[Match]:
    """User names and file names that hold a protected form inside one word ("larkspursisters_2")."""
    taken = {i for m in names for i in range(m.start, m.end)}
    found = []
    files = [m.span() for m in _FILED.finditer(text)]
    for match in re.finditer(r"(?<![\w.@])[\w.]*\w(?![\w@])", text):
        word = match.group()
        filed = any(a <= match.start() < b for a, b in files)
        if not filed and word.isalpha() and not word.isupper() and text[match.end() : match.end() + 1] not in _JOINING:
            continue  # nearly every word
        joined = len(word) > 5 and word.isupper() and forms.stem(plain(word)[1:]) is not None  # "DVARGA"
        if (
            not joined
            and not filed
            and not re.search(r"[_\d]|\.\w", word)
            and text[match.end() : match.end() + 1] not in _JOINING
        ):
            continue
        if match.start() in taken:
            continue
        for token in TOKEN.finditer(word):
            key = plain(unpossessive(token.group()))
            stems = (key[1:],) if joined else (key[:n] for n in range(len(key) - 2, 4, -1))
            draft = next((number for stem in stems if (number := forms.stem(stem)) is not None), None)
            bearers = {draft: FULL} if draft is not None else _of_a_name(forms, key) if filed else {}
            if bearers:
                at = match.start() + token.start()
                found.append(Match(doc, at, at + len(token.group()), (key,), bearers))
    return found


def _roles(
    drafts: list[Draft],
    matches: Mapping[str, list[Match]],
    texts: Mapping[str, str],
    scopes: Mapping[str, Scopes],
    policy: Policy,
    remembered: Remembered,
) -> None:
    for doc, rows in matches.items():
        text = texts[doc]
        for match in rows:
            before = text[max(0, match.start - 120) : match.start]
            for title in match.titles:
                before = re.sub(rf"{re.escape(title.label)}\.?\s*$", "", before.rstrip(), flags=re.I)
            before = re.split(r"(?<=[a-z0-9)\]])[.!?][\"'”’]?\s+(?=[A-Z]|$)|\n", before)[-1]
            after = re.split(r"(?<=[a-z)])[.!?](?:\s|$)|\n", text[match.end : match.end + 120])[0]
            alone = len(match.types) == 1
            cues = remembered.cues(text, before, after)
            for number in match.types:
                if set(match.types.values()) != {INITIALS} or alone:
                    if hear(drafts[number], doc, cues, alone) and drafts[number].listed == "public_figures":
                        drafts[number].private_at.add((doc, match.start))
                if alone and match.titles and not drafts[number].nameable:
                    drafts[number].titles |= set(match.titles)
                if alone and not drafts[number].listed and not drafts[number].holds(policy.offices):
                    unit = scopes[doc].units[scopes[doc].index(match.start)]
                    ranks = [t for t in match.titles if t.family == "rank"]
                    own = ranks if ranks and own_title(text, unit, match.start) else []
                    offices = remembered.offices(text, unit, match.start, match.end) if _a_name(drafts[number], match) else ()
                    hold(drafts[number], doc, offices, own, policy.names_rank)
    _private(drafts, matches, texts, scopes, remembered)
    speak(drafts, matches, texts, scopes, policy.register_rows)
    for draft in drafts:
        from_titles(draft)
        draft.role = judge(draft, policy.offices.__contains__)


def _private(
    drafts: Sequence[Draft],
    matches: Mapping[str, list[Match]],
    texts: Mapping[str, str],
    scopes: Mapping[str, Scopes],
    remembered: Remembered,
) -> None:
    """Where a document tells of a listed public figure as a survivor, and nowhere by their office, all of it is private.

    One such mention is enough to read every other with it.
    """

    def in_office(match: Match) -> bool:
        unit = scopes[match.doc].units[scopes[match.doc].index(match.start)]
        titled = any(t.family in ("office", "rank") for t in match.titles)
        return titled or bool(remembered.offices(texts[match.doc], unit, match.start, match.end))

    for draft in drafts:
        for doc in sorted({doc for doc, _ in draft.private_at}):
            own = [m for m in matches[doc] if draft.id in m.types]
            if not any(map(in_office, own)):
                draft.private_at |= {(doc, m.start) for m in own}


def _a_name(draft: Draft, match: Match) -> bool:
    """Whether a person is told by more than a first name: an office stated of "Sarah" would free every Sarah."""
    return bool(draft.names or match.titles or not draft.lone <= given_names())


def _assign(
    documents: Sequence[Document],
    texts: Mapping[str, str],
    drafts: Sequence[Draft],
    matches: Mapping[str, list[Match]],
) -> tuple[dict[str, list[Linked]], dict[str, Here]]:
    same = twins(drafts)
    linked: dict[str, list[Linked]] = {}
    here: dict[str, Here] = {}
    by_id = {_id(x): x for x in drafts}
    for d in documents:
        memory, rows = Memory(), []
        text = texts[d.id]
        named = {n for m in matches[d.id] for n, how in m.types.items() if how != GIVEN}
        for match in matches[d.id]:
            draft, certain = choose(match, drafts, memory, same)
            if draft.nameable and certain and (_not_freed(draft, match) or _foreign_given(text, match, draft)):
                certain = False  # "Nadia Thorne" is not the Thorne who may be named
            if draft.nameable and match.types.get(draft.id) == GIVEN and draft.id not in named:
                certain = False  # "a boy called Mark" is not Mark Stone, of whom the document does not speak
            memory.last[draft.id] = match.start
            kind = Kind.INITIALS if set(match.types.values()) == {INITIALS} else Kind.NAME
            mention = Mention(d.id, Span(match.start, match.end), kind, ClearText(text[match.start : match.end]))
            mixed = not certain and any(drafts[n].nameable for n in match.types)
            rows.append(Linked(mention, _id(draft), certain, mixed))
        linked[d.id] = rows
        marks = ((r.mention.span, by_id[r.person]) for r in rows)
        here[d.id] = Here(
            tuple(
                (span.start, span.end, _id(x), private or not x.nameable or x.role is Role.WAIVED, x.nameable and not private)
                for span, x in marks
                if x.role is not Role.PSEUDONYM
                for private in ((d.id, span.start) in x.private_at,)
            )
        )
    return linked, here


def _not_freed(draft: Draft, match: Match) -> bool:
    """Whether what lets a person be named does not reach this mention: a register that speaks for another document, a waiver of
    the first name alone, a public figure's mention that tells of a survivor."""
    surname = set(match.seq) & {t for n in draft.names for t in tokens(n.surname)}
    first_only = draft.waiver is not None and draft.waiver.first_only and bool(surname)
    private = draft.role is Role.PUBLIC_FIGURE and (match.doc, match.start) in draft.private_at
    return draft.only_spoken(match.doc) or first_only or private


def _foreign_given(text: str, match: Match, draft: Draft) -> bool:
    """Whether a lone listed surname follows somebody else's given name."""
    if len(match.seq) > 1 or match.titles or draft.role is Role.PSEUDONYM:
        return False
    before = re.search(r"([A-Z][a-zé]+(?:-[A-Z][a-z]+)?) $", text[max(0, match.start - 24) : match.start])
    if before is None:
        return False
    word = plain(before.group(1))
    own = {w for n in draft.names for w in (*n.given, n.surname)}
    return word in given_names() and word not in own and match.seq[0] in draft.surnames


def _facts(
    documents: Sequence[Document],
    texts: Mapping[str, str],
    detections: Mapping[str, Detection],
    scopes: Mapping[str, Scopes],
    here: Mapping[str, Here],
    voices: Mapping[str, Voice],
    case: Case,
) -> dict[str, tuple[Fact, ...]]:
    facts: dict[str, list[Fact]] = {}
    for d in documents:
        text = texts[d.id]
        facts[d.id] = attach(detections[d.id].findings, text, scopes[d.id], here[d.id], voices[d.id])
    facts = same_days(facts, texts)
    real = frozenset(d.id for d in documents if "/" not in d.id)
    said = " ".join([case.title.reveal(), *(figure.office for figure in case.public_figures)])
    about = subjects(
        [f for rows in facts.values() for f in rows if f.finding.doc in real], texts, len(real), said, case.title.reveal()
    )
    for doc, rows in facts.items():
        facts[doc] = [_subject_stays(f, texts[doc], about) for f in rows]
    everywhere = heads([f for rows in facts.values() for f in rows], texts)
    lookup: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for words in everywhere:
        lookup[words[0]].append(words)
    for d in documents:
        facts[d.id] += _again(d.id, texts[d.id], everywhere, lookup, facts[d.id], detections[d.id].findings)
    return {doc: tuple(sorted(rows, key=lambda f: f.finding.span)) for doc, rows in facts.items()}


def _subject_stays(fact: Fact, text: str, about: set[str]) -> Fact:
    name = called(text[fact.finding.span.start : fact.finding.span.end])
    return Fact(fact.finding, False, why="subject") if name in about else fact


def _again(
    doc: str,
    text: str,
    everywhere: Mapping[tuple[str, ...], tuple[Kind, str, str, str]],
    lookup: Mapping[str, Sequence[tuple[str, ...]]],
    known: Sequence[Fact],
    findings: Sequence[Finding],
) -> list[Fact]:
    """Further appearances of a tied place's or school's name, capitals or in a lower-case message."""
    covered = [f.finding.span for f in known if f.tied]
    stays = [f.span for f in findings if f.kind in (Kind.ORGANISATION, Kind.TOWN) and f.recognizer != "spacy" and f.score >= 0.6]
    words = [(m.start(), m.end(), plain(unpossessive(m.group())), m.group()) for m in TOKEN.finditer(text)]
    found: list[Fact] = []
    for at, word in enumerate(words):
        for seq in sorted(lookup.get(word[2], ()), key=len, reverse=True):
            if tuple(w[2] for w in words[at : at + len(seq)]) != seq:
                continue
            span = Span(
                word[0],
                words[at + len(seq) - 1][1] - (len(words[at + len(seq) - 1][3]) - len(unpossessive(words[at + len(seq) - 1][3]))),
            )
            if not any(c.isupper() for c in text[span.start : span.end]) and len(seq) == 1 and len(seq[0]) < 7:
                continue
            if any(s.holds(span) for s in covered) or (len(seq) == 1 and any(s.holds(span) for s in stays)):
                break
            kind, person, detail, why = everywhere[seq]
            found.append(Fact(Finding(doc, span, kind, 0.9, "people", why, (detail,)), True, person, "again"))
            break
    return found


def _person(draft: Draft, mentions: Sequence[Mention], related: tuple[str, str] | None) -> Person:
    kin_of, kin_word = related or ("", draft.kin_word)
    return Person(
        id=_id(draft),
        role=draft.role or Role.UNKNOWN,
        forms=frozenset(m.form for m in mentions) | frozenset(ClearText(r.written) for r in draft.raws),
        mentions=tuple(mentions),
        evidence=tuple(draft.evidence),
        rank=draft.rank,
        office=draft.office,
        kin_word=kin_word,
        kin_of=kin_of,
        documents=frozenset(m.doc for m in mentions),
        listed=draft.listed,
        doubt=draft.doubt,
        frees=draft.waiver.frees if draft.waiver and draft.role is Role.WAIVED else frozenset(),
    )


def _forms(forms: Index, drafts: Sequence[Draft], linked: Mapping[str, Sequence[Linked]]) -> dict[str, frozenset[ClearText]]:
    """What must not be in a copy: full names of every protected person, and every shorter form the bundle uses for one.

    A form with a lone letter ("Hope A") is left to its longer parts: in running text it is "hope a".
    """
    used = {tokens(r.mention.form.reveal()) for rows in linked.values() for r in rows}
    found: dict[str, set[ClearText]] = defaultdict(set)
    for seq, number, how in forms.rows():
        if not drafts[number].nameable and how != INITIALS and all(len(t) > 1 for t in seq) and (len(seq) > 1 or seq in used):
            found[_id(drafts[number])].add(ClearText(" ".join(seq)))
    return {person: frozenset(words) for person, words in found.items()}
