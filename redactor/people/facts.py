"""Whose fact is it: ages, dates, schools, homes, kin, health and the like tied to a protected person, or to nobody.

Reads sentence, table row and block around the fact. Does not understand the text: a fact whose owner stands three
paragraphs away is missed for dates, and caught for schools and homes (those are tied by name over the whole bundle).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..model import Fact, Finding, Kind
from .scope import Scopes, Unit
from .voice import Voice

SOFT = frozenset({Kind.AGE, Kind.DATE, Kind.KIN, Kind.HEALTH, Kind.DEMOGRAPHIC, Kind.DISTINCTIVE, Kind.WORK})
PLACED = frozenset({Kind.SCHOOL, Kind.PLACE, Kind.WORK, Kind.ADDRESS})
_PRONOUN = re.compile(r"\b(?:she|he|her|his|him|hers|they|their|them|i|my|me|we|our|us|u)\b", re.I)
_THIRD = re.compile(r"\b(?:she|he|her|his|him|hers)\b", re.I)
_ATTENDS = re.compile(
    r"\b(?:attend\w*|(?:is|was|are|were) (?:now |currently |then )?at|stud(?:y|ies|ied|ying|ent)|read(?:s|ing)? \w+ at|"
    r"enrol\w*|graduat\w*|degree|went to|goes to)\b",
    re.I,
)
_FIRST = re.compile(r"\b(?:I|my|me|My|we|our|Our|We)\b")
_FIRST_ALONE = re.compile(r"\b(?:I|my|me|My)\b")  # "we" is an institution's word too
_YOU = re.compile(r"\b[Yy]ou\b")
_FORM_DATE = re.compile(
    r"(?i)\W*(?:Held|Date of (?:meeting|visit|interview|incident|arrest|admission|referral)|Interview(?:ed)?|Date/?time|"
    r"Arrest\w*|Seen)\b"
)
_FIELD_DATE = re.compile(r"(?i)\b(?:Held|Dated?|Date of \w+|on)\s*:\s*$")
_APPOSED = re.compile(r"(?:,|:| \(| called| named)?\s*(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?")
_HE_IS = re.compile(r"\s*(?:He|She|Who) (?:is|was)\b")
_HEAD = 600  # characters in which a document says what it is
_SITTING = re.compile(
    r"(?i)\b(?:interview|session|visit|custody|consultation|appointment|assessment|statement|debrief|examination)\b"
)
_MESSAGE = re.compile(r"(?m)^\W*(?:From|Sent|To|Subject):")
_SIGNED = re.compile(r"(?i)\bsigned\b")
# A note that leaves out whom it is about: "First told police 23 Jan 2006."
_NOTED = re.compile(
    r"\W*(?:First |Last |Then |Later |Again |Also )?(?:told|saw|met|moved|placed|seen|born|left|started|stopped|reported|missing|"
    r"returned|arrested|released|bailed|charged|interviewed|visited|phoned|rang|came|went|lived|stayed|discharged|admitted|referred|"
    r"attended|married|disclosed|excluded|expelled|collected|taken)\b",
    re.I,
)
_SOMEONE = re.compile(
    r"\b(?:(?:the|this|that|a|another|second|third|one) (?:girl|boy|child|young (?:person|woman|man)|woman|man|"
    r"teenager|survivor|complainant|victim|witness|pupil|"
    r"student|patient|resident|subject|client|claimant|participant|applicant|family|suspect)|girls|boys|"
    r"children|survivors|complainants|our client|daughter|son|"
    r"mother|father|mum|dad|sister|brother|baby|niece|nephew|grandson|granddaughter)\b",
    re.I,
)
_PUBLIC_EVENT = re.compile(
    r"\b(?:publish(?:ed|es)|publication of|was elected|elections?|appointed|took office|retired|came into force|"
    r"Act|inspection|budget|conference|press (?:release|statement)|"
    r"report (?:by|of|into)|inquiry (?:opened|was|into)|public meeting|council(?: meeting)?|committee|cabinet|"
    r"documentary|policy|guidance|strategy|annual|launched|"
    r"announced|reviewed|restructur\w+|recommendations?|Royal Assent|statement to (?:the )?(?:House|Parliament)|"
    r"webcast|complaint (?:was )?(?:received|recorded)|"
    r"referred to the (?:IOPC|IPCC)|our investigation|terms of reference|training|inspected|Ofsted|HMIC\w*)\b"
)
# "was convicted at Harnsea Crown Court in March 2019": the day of an offender who may be named, in open court
_COURT_DAY = re.compile(r"\b(?:convicted|sentenced|jailed|pleaded guilty|found guilty)\b[^.;\n]{0,70}$")
_PRIVATE_EVENT = re.compile(
    r"\b(?:born|birth|missing|arrest\w*|disclos\w+|placed|placement|moved|reported|attended|seen|saw|visit\w*|"
    r"interview\w*|called|rang|telephoned|told|met|referr\w+|"
    r"assess\w+|admitted|discharged|charged|acquitted|bailed|released|statement|first|last|contact\w*|"
    r"appointment|strategy (?:meeting|discussion)|core group|review|"
    r"started|left|lived|living|stayed|returned|found|spoke|wrote|gave|died|pregnan\w+|married|wedding|funeral|"
    r"collected|searched|log|crime ref|custody|school|home|accommodated|looked after|diagnos\w+|exclu\w+|enrolled|walked|ran|"
    r"went|came|got|slept|treated|picked up|taken)\b",
    re.I,
)


# What follows a date that heads an entry of somebody's chronology: more than a field's value.
_DATED = re.compile(
    r"(?m)^[ \t\[(]*(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,? )?"
    r"\d{1,2}(?:st|nd|rd|th)?(?:[./-]\w{1,4}[./-]\d{2,4}| [A-Z][a-z]{2,8}\b)"
)
_TIMED = re.compile(r"(?m)^[ \t\[(]*(?:[01]\d|2[0-3])[:.]?[0-5]\d\b")
# "DNA.", or entries by the hour
_LINE_END, _NEXT_ENTRY = re.compile(r"\n"), re.compile(r"\n[ \t]*\n|\n(?=[ \t\[(]*\d\d?\D)")
_BY_THE_HOUR = re.compile(r"[ \t]*\n[ \t]*(?:[01]\d|2[0-3])[:.]?[0-5]\d\b")
_SHORT_ENTRY = re.compile(rf"\s*[-–:|.]?[ \t]+[A-Z]|{_BY_THE_HOUR.pattern}")
_ENTRY = re.compile(r"(?:,? \d\d?[:.]\d\d)?\s*[-–:|.]?[ \t]+(?:[^\s|]+[ ,]+){3}")


@dataclass(frozen=True, slots=True)
class Here:
    """Which persons are mentioned where in one document: offsets, person id, whether facts about that person are protected,
    and whether the name stays. Both hold of a waived survivor: a waiver of the name frees no age, date or school. `accused`:
    relatives whom a text calls accused or convicted, where it is their names that other publications give."""

    mentions: tuple[tuple[int, int, str, bool, bool], ...]
    accused: frozenset[str] = frozenset()

    def within(self, start: int, end: int) -> list[tuple[int, int, str, bool, bool]]:
        """Mentions that lie in the characters `start` to `end`."""
        return [m for m in self.mentions if start <= m[0] < end]


def attach(findings: Sequence[Finding], text: str, scopes: Scopes, here: Here, voice: Voice) -> list[Fact]:
    """For each fact finding of one document, whose it is. `voice`: who speaks in the document, to whom and about whom."""
    facts = []
    for finding in findings:
        if finding.kind not in SOFT and finding.kind not in PLACED and finding.kind is not Kind.DOB:
            continue
        facts.append(_one(finding, text, scopes, here, voice))
    return facts


def _nearest(rows: Sequence[tuple[int, int, str, bool, bool]], at: int) -> str:
    """The protected person mentioned last before the fact, else first after it."""
    before = [r for r in rows if r[3] and r[0] <= at]
    after = [r for r in rows if r[3] and r[0] > at]
    return before[-1][2] if before else after[0][2] if after else ""


def _one(finding: Finding, text: str, scopes: Scopes, here: Here, voice: Voice) -> Fact:
    author, subject = voice.author, voice.subject
    span = finding.span
    number = scopes.index(span.start)
    unit = scopes.units[number]
    sentence = text[unit.start : unit.end]
    rows = here.within(unit.start, unit.end)
    protected = [r for r in rows if r[3]]
    public = [r for r in rows if not r[3]]
    owner = _nearest(rows, span.start)
    carried = _carried(scopes, number, here)
    if finding.kind is Kind.DOB:
        return Fact(finding, True, owner or carried or subject, "dob")
    entry = "ctx:header" in finding.attributes and finding.kind is Kind.DATE  # "9 March 2004: Idris is seen"
    if finding.kind is Kind.DATE and not protected and (person := _entry_of(finding, text, here, subject)):
        return Fact(finding, True, person, "entry")
    if finding.kind is Kind.DATE and "ctx:header" in finding.attributes and (person := _of_a_sitting(span.start, text, voice)):
        return Fact(finding, True, person, "form-date")
    entry = entry and bool(protected)
    if (
        ("ctx:header" in finding.attributes and not entry)
        or "ctx:law" in finding.attributes
        or "ctx:publication" in finding.attributes
    ):
        return Fact(finding, False, why="header")
    if finding.kind is Kind.KIN:
        return _kin(finding, text, unit, scopes, number, here, owner, carried, author)
    if finding.attributes[:1] == ("university",) and not _ATTENDS.search(sentence):
        return Fact(finding, False, why="university")  # it is in the story, nobody's place of study
    written = text[span.start : span.end]
    if finding.kind in PLACED and finding.score < 0.5 and not any(c.isupper() or c.isdigit() for c in written):
        return Fact(finding, False, why="weak")
    if protected:
        if finding.kind is Kind.DATE:
            return _date(finding, sentence, bool(public), owner, unit)
        return Fact(finding, True, owner, "sentence")
    speaker_first = bool(_FIRST.search(sentence)) and bool(author)
    pronoun = bool(_PRONOUN.search(sentence))
    someone = bool(_SOMEONE.search(sentence))
    if finding.kind is Kind.DATE:
        return _untold_date(finding, sentence, text, unit, bool(public), someone, carried, voice)
    if speaker_first:
        return Fact(finding, True, author, "author")
    if finding.kind in PLACED:
        strong = finding.score >= 0.8
        if finding.score < 0.5:
            return Fact(finding, False, why="weak")
        if pronoun and carried:
            return Fact(finding, True, carried, "carried")
        if public and not someone:
            return Fact(finding, False, why="public-figure")
        return Fact(finding, bool(someone or carried or (subject and strong)), carried or subject, "someone")
    if public and not pronoun and not someone:
        return Fact(finding, False, why="public-figure")
    if public and carried and public[-1][0] > _last_protected(here, unit.start) and not someone and finding.kind is not Kind.AGE:
        return Fact(finding, False, why="public-figure")
    if carried and (pronoun or someone or finding.score >= 0.6):
        return Fact(finding, True, carried, "carried")
    if someone or (finding.kind in (Kind.AGE, Kind.HEALTH, Kind.DISTINCTIVE, Kind.DEMOGRAPHIC) and finding.score >= 0.6):
        return Fact(finding, not public, carried or subject, "someone")
    return Fact(finding, False, why="untied")


def _untold_date(
    finding: Finding, sentence: str, text: str, unit: Unit, public: bool, someone: bool, carried: str, voice: Voice
) -> Fact:
    """A date in a sentence that names no protected person: hers who says "I", who is "you", who was spoken of, or whom the
    document is about, unless the sentence tells a public event."""
    span, private = finding.span, bool(_PRIVATE_EVENT.search(sentence))
    if unit.row:
        return Fact(finding, False, why="row")
    if carried in ("", voice.author) and _COURT_DAY.search(text, max(unit.start, span.start - 100), span.start):
        return Fact(finding, False, why="public-event")
    if voice.author and _FIRST_ALONE.search(sentence) and (private or not _PUBLIC_EVENT.search(sentence)):
        return Fact(finding, True, voice.author, "author")
    if _PUBLIC_EVENT.search(sentence):
        return Fact(finding, False, why="public-event")
    if voice.addressee and _YOU.search(sentence) and not public:
        return Fact(finding, True, voice.addressee, "addressee")
    if public:
        return Fact(finding, False, why="public-figure")
    pronoun = bool(_THIRD.search(sentence))  # "we" and "our" are institutions' words too
    if ((pronoun and carried) or someone) and (private or (pronoun and carried)):
        return Fact(finding, True, carried, "carried")
    if voice.subject and (
        _FORM_DATE.match(sentence.lstrip("| ")) or _FIELD_DATE.search(text[max(0, span.start - 14) : span.start])
    ):
        return Fact(finding, True, voice.subject, "form-date")
    if voice.subject and _NOTED.match(sentence):
        return Fact(finding, True, voice.subject, "noted")
    return Fact(finding, False, why="untied")


def _entry_of(finding: Finding, text: str, here: Here, subject: str) -> str:
    """Whose entry a date opens, in a text that is a row of dated entries ("6/9/11  Back from the summer ..."); "" if nobody's."""
    span = finding.span
    opens = text.rfind("\n", 0, span.start) + 1
    if text[opens : span.start].strip(" \t[("):
        return ""
    if not any(way.match(text, span.end) for way in (_ENTRY, _BY_THE_HOUR, *([_SHORT_ENTRY] if subject else []))):
        return ""
    if len(_DATED.findall(text)) + len(_TIMED.findall(text)) < 3:
        return ""
    line_end = text.find("\n", span.end)
    row = text.find("|", span.end, line_end if line_end >= 0 else len(text)) >= 0
    until = (_LINE_END if row else _NEXT_ENTRY).search(text, span.end)
    end = until.start() if until else len(text)
    rows = here.within(span.end, end)
    protected = [r for r in rows if r[3]]
    if rows and not rows[0][3] and (row or _PUBLIC_EVENT.search(text, span.end, rows[0][0])):
        return ""  # "June 2014 | Crown Court | Coyle convicted" is no day of hers
    return protected[0][2] if protected else subject


def _of_a_sitting(start: int, text: str, voice: Voice) -> str:
    """Whose day a date field gives: of the interview or visit that the document records, or of a statement its author signs."""
    field = _FIELD_DATE.search(text[max(0, start - 14) : start])
    if field and voice.subject and _SITTING.search(text[:_HEAD]) and not _MESSAGE.search(text[max(0, start - 200) : start]):
        return voice.subject
    return voice.author if field and _SIGNED.search(text[max(0, start - 120) : start]) else ""


def _date(finding: Finding, sentence: str, public: bool, owner: str, unit: Unit) -> Fact:
    """A date in a sentence with a protected person: hers, unless the sentence tells a public event."""
    if public and _COURT_DAY.search(sentence[: finding.span.start - unit.start]):
        return Fact(finding, False, why="public-event")
    if unit.row or not public:
        if _PUBLIC_EVENT.search(sentence) and not _PRIVATE_EVENT.search(sentence):
            return Fact(finding, False, why="public-event")
        return Fact(finding, True, owner, "sentence")
    if _PUBLIC_EVENT.search(sentence) or (
        finding.attributes[:1] in (("year",), ("month",)) and not _PRIVATE_EVENT.search(sentence)
    ):
        return Fact(finding, False, why="public-event")
    return Fact(finding, True, owner, "sentence")


def _kin(
    finding: Finding, text: str, unit: Unit, scopes: Scopes, number: int, here: Here, owner: str, carried: str, author: str
) -> Fact:
    """A relationship gives somebody away only where one end of it stays named (Editors' Code cl.7; DOMAIN J05, J20)."""
    rows = here.within(unit.start, unit.end)
    public = [r for r in rows if r[4]]
    whose = owner or carried
    if "negated" in finding.attributes and (public or _public_near(scopes, number, here)):
        return Fact(finding, True, whose, "kin-negated")
    if public and (whose or _SOMEONE.search(text[unit.start : unit.end])):
        return Fact(finding, True, whose, "kin-named")
    if here.accused and _of_accused(finding, text, unit, scopes, number, here):
        return Fact(finding, True, whose, "kin-accused")
    phrase = text[finding.span.start : finding.span.end]
    near = _public_near(scopes, number, here)
    spoken_by_protected = bool(rows) and not rows[0][4] and text[rows[0][1] : rows[0][1] + 1] == ":"
    if re.search(r"\b(?:my|our|I)\b", phrase) and near and not author and not spoken_by_protected:
        return Fact(finding, True, whose, "kin-speaker")  # somebody who stays named says "my niece"
    if re.search(r"\b(?:his|her|their|he|she)\b", phrase, re.I) and near:
        return Fact(finding, True, whose, "kin-named")
    return Fact(finding, False, why="kin-unnamed")


def _of_accused(finding: Finding, text: str, unit: Unit, scopes: Scopes, number: int, here: Here) -> bool:
    """Whether the words state the relation of an accused relative, masked here and named elsewhere (cl.7: never both): he is in
    the sentence, or the "he" of it, and no other relative stands beside the words."""
    beside = [m for m in here.mentions if m[0] >= finding.span.end and _APPOSED.fullmatch(text[finding.span.end : m[0]])]
    if beside and not re.search(r"\b(?:of|to)$", text[finding.span.start : finding.span.end]):
        return beside[0][2] in here.accused
    rows = here.within(unit.start, unit.end)
    if not any(r[2] in here.accused for r in rows) and number and _HE_IS.match(text, unit.start):
        rows = here.within(scopes.units[number - 1].start, unit.start)
    return any(r[2] in here.accused for r in rows)


def _public_near(scopes: Scopes, number: int, here: Here) -> bool:
    """Whether a person who stays named is mentioned in this unit's block or the sentence before it."""
    block = scopes.units[number].block
    units = [u for u in scopes.units[max(0, number - 6) : number + 4] if u.block == block]
    return any(r[4] for u in units for r in here.within(u.start, u.end))


def _last_protected(here: Here, before: int) -> int:
    starts = [m[0] for m in here.mentions if m[3] and m[0] < before]
    return starts[-1] if starts else -1


def _carried(scopes: Scopes, number: int, here: Here) -> str:
    """The protected person last spoken of before this unit: in its block, or at the end of the block before."""
    block = scopes.units[number].block
    for index in range(number - 1, max(-1, number - 9), -1):
        unit = scopes.units[index]
        if unit.row or unit.block < block - 1:
            break
        rows = [m for m in here.within(unit.start, unit.end) if m[3]]
        if rows:
            return rows[-1][2]
    return ""


_MONTH = {m: n for n, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_DAY = (
    re.compile(r"(?P<d>\d{1,2})\s*[./-]\s*(?P<m>\d{1,2})\s*[./-]\s*(?P<y>\d{2,4})"),
    re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:\s+day)?(?:\s+of)?\s+(?P<w>[A-Za-z]{3,9})\.?,?\s+(?P<y>\d{2,4})"),
)


def day_of(written: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date given to the day, however it is written; None for anything coarser."""
    for pattern in _DAY:
        match = pattern.search(written)
        if match:
            groups = match.groupdict()
            month = int(groups["m"]) if groups.get("m") else _MONTH.get(groups["w"][:3].lower(), 0)
            year = int(groups["y"])
            year += 0 if year > 99 else 1900 if year > 40 else 2000
            return (year, month, int(groups["d"])) if 1 <= month <= 12 else None
    return None


def same_days(facts: Mapping[str, Sequence[Fact]], texts: Mapping[str, str]) -> dict[str, list[Fact]]:
    """A day that is a protected person's in one place is hers wherever the bundle gives it: a date softened in the report
    and exact in the chronology is not softened (DOMAIN §5, bad outcomes)."""
    tied: dict[tuple[int, int, int], str] = {}
    for doc, rows in facts.items():
        for fact in rows:
            f = fact.finding
            if f.kind is Kind.DATE and fact.tied and (day := day_of(texts[doc][f.span.start : f.span.end])):
                tied.setdefault(day, fact.person)
    out: dict[str, list[Fact]] = {}
    for doc, rows in facts.items():
        out[doc] = []
        for fact in rows:
            f = fact.finding
            day = (
                day_of(texts[doc][f.span.start : f.span.end])
                if f.kind is Kind.DATE and not fact.tied and fact.why != "header"
                else None
            )
            out[doc].append(Fact(f, True, tied[day], "same-day") if day in tied and day is not None else fact)
    return out


def subjects(findings: Sequence[Fact], texts: Mapping[str, str], documents: int, said: str, title: str) -> set[str]:
    """Hospitals, universities, churches and clubs that the publication is about: named in most of the bundle's `documents`, or in
    `said` (the case's title and the offices of its public figures), or a place in the `title`. They stay (DOMAIN E1, the
    institution that is the subject). A school never counts: SOAA 1992 s1(3A) protects it by name."""
    where: dict[str, set[str]] = {}
    public, titled = called(said), set()
    for fact in findings:
        f = fact.finding
        name = called(texts[f.doc][f.span.start : f.span.end])
        if f.attributes[:1] and f.attributes[0] in ("hospital", "university", "worship", "club", "project"):
            where.setdefault(name, set()).add(f.doc)
        elif f.kind is Kind.PLACE and " " in name and name in called(title):
            titled.add(name)  # "the Wrekin Road inquiry" is known by that road
    return titled | {n for n, docs in where.items() if len(docs) >= max(3, documents // 2) or (" " in n and n in public)}


def called(written: str) -> str:
    """The name of an institution as it is compared: small letters, no article."""
    return " ".join(written.lower().removeprefix("the ").split())


def heads(findings: Sequence[Fact], texts: Mapping[str, str]) -> dict[tuple[str, ...], tuple[Kind, str, str, str]]:
    """The names of tied places, schools and workplaces, to be masked wherever they stand in the bundle.

    Returns words in plain form → kind, person, detail code, rule. Generic words ("School", "House") are taken off the
    end where at least one word of four letters that is no common place word is left.
    """
    from ..lexicon import ordinary_words
    from .link import tokens

    found: dict[tuple[str, ...], tuple[Kind, str, str, str]] = {}
    for fact in findings:
        f = fact.finding
        if (
            not fact.tied
            or f.kind not in PLACED
            or f.attributes[:1] in (("hospital",), ("university",))
            or (f.kind is Kind.ADDRESS and f.attributes[:1] == ("number",))
        ):
            continue
        written = texts[f.doc][f.span.start : f.span.end]
        capitals = re.findall(r"[A-Z][\w'’-]*", written)
        if not capitals:
            continue
        words = tokens(written)
        while words and (
            words[0] in ("the", "a", "an") or (f.kind is Kind.ADDRESS and re.fullmatch(r"\d+[a-z]?|flat|unit|room|no", words[0]))
        ):
            words = words[1:]
        detail = f.attributes[0] if f.attributes else ""
        value = (f.kind, fact.person, detail, f.why)
        if owned := re.search(r"['’]s\b", written):  # "St Chad's" is "st chads" in a message
            spoken = tokens(written[: owned.start()] + "s" + written[owned.end() :])
            found.setdefault(tuple(w for w in spoken if w not in GENERIC or w == "st"), value)
        if venue := re.fullmatch(r"(?:[Tt]he )?([A-Z]\w+ [A-Z]\w+) (?:on|in|at|off) .+", written):
            found.setdefault(tokens(venue[1]), value)
        if (len(words) > 1 and sum(map(len, words)) > 5) or (
            len(words) == 1 and len(words[0]) > 4 and words[0] not in ordinary_words()
        ):
            found.setdefault(words, value)
        core = list(words)
        while core and core[-1] in GENERIC:
            core.pop()
        if (
            core
            and len(core) < len(words)
            and any(len(w) > 3 for w in core)
            and not all(w in ordinary_words() | GENERIC for w in core)
        ):
            found.setdefault(tuple(core), value)
    return found


GENERIC = frozenset(
    """school high primary infant infants junior juniors academy college comprehensive comp grammar secondary community sixth
    form centre center nursery house lodge court home homes hall villa place close road street lane drive avenue way row
    yard gardens grove crescent terrace parade park estate surgery practice clinic health medical hospital infirmary care
    residential unit project club fc cafe café grill takeaway shop stores bar pub inn hotel kitchen mosque church temple
    gurdwara services service ltd limited the of and saint st upper lower north south east west green hill mill wharf
    basin""".split()
)
