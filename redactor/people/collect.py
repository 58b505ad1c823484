"""From the recognizers' findings to candidate mentions: overlapping finds joined, titles off, doubtful ones weighed.

Errs on the side of believing: a wrongly believed name is masked and asked about, a wrongly dropped one is published.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ..lexicon import abbreviations, given_names, ordinary_words, plain, surnames, titles
from ..model import Detection, Finding, Kind, Span
from .drafts import SCORED, Raw
from .names import AFTER, PARTICLES, WORD, Name, parse, title_before

# Forces and bodies that texts call by their letters.
ABBREVIATED = frozenset("gmp syp wyp wmp npcc acpo dpp".split()) | abbreviations()
NAME_KINDS = frozenset({Kind.NAME, Kind.ALIAS})
# Words that models drag into a name and that never are one.
NEVER = ABBREVIATED | frozenset(
    """public private majesty highness dp hcp
    the a an and or of in on at to for from by with as is was were be been are he she it they we i you his her their our
    my your its this that these those who whom which what when where why how not no yes but if so then than there here all
    any each every both few more most other some such only own same too very can will just should now said says told asked
    dear sir madam re fw fwd cc bcc subject sent date regards thanks thank sincerely faithfully yours kind best hi hello
    ref tel mob email e-mail dob age aged monday tuesday wednesday thursday friday saturday sunday january february april
    june july august september october november december today yesterday tomorrow mr mrs ms miss dr para paragraph section
    page appendix annex table figure note notes item minutes actions action agenda apologies present attendance date time
    venue chair clerk name role agency police officer officers social worker court report statement witness school council
    meeting case review inquiry hospital team service services manager head year also during after before because however
    although while since until further following please anybody everybody rex regina somebody nobody anyone everyone someone none
    nothing something everything sirs participant adult episode cipher upn nhs solicitors solicitor reference references
    record records box boxes exhibit exhibits form forms file files log logs custody address name names surname forename
    forenames telephone phone mobile child children girl girls boy boys woman women man men mother father sister brother
    son daughter station room flat house unit ward building street road day days night morning summary transcript letter
    chronology schedule draft copy version final working interview message messages text texts week month year years term
    inspector sergeant constable superintendent detective survivor survivors complainant victim witness suspect patient
    pupil student parent carer department directorate committee board panel trust group society association foundation
    fellowship charity university college academy church finding findings recommendation recommendations conclusion
    introduction background analysis purpose discussion education health care total source event status owner priority
    outcome comment comments remarks response received sent attended closed open pending yes do does did has have had am being
    get got go goes going come came see saw seen know knows think thinks ask asks asked tell tells told call
    calls called
    pcc acc dcc signed daily weekly emerg
    marks known up off out over back camhs fwin mfh xref sts inft inf
    reps retd supvr drvr rqsts rqst att prev loc atts vrm pnc disc discl offs asap lancs
    vauxhall vivaro astra corsa zafira insignia meriva transit mondeo fiesta peugeot renault clio citroen skoda octavia toyota
    vectra punto saxo micra laguna scenic berlingo kangoo sprinter ducato sharan mokka avensis corolla kuga tiguan touran
    prius yaris nissan qashqai hyundai volkswagen passat bmw audi hackney minicab voicemail
    docx docm xlsx xlsm csv tsv eml msg mbox zip pdf txt html odt rtf pptx jpg jpeg png tif tiff
    inter alia prima facie bona fide mutatis mutandis ipso facto ad hoc in camera ex parte pro rata vice versa
    british english scottish welsh irish french german austrian dutch polish turkish italian spanish""".split()
)
_CALLED_SO = frozenset(
    {"alias:contact", "alias:known_as", "alias:aka", "alias:nickname", "alias:calls_self", "alias:quoted", "alias:spelt"}
)
STRONG = frozenset({"structure", "title", "title:", "cell", "header", "speaker"})


def raws(detection: Detection, text: str) -> list[Raw]:
    """Candidate mentions of one document, in order, not overlapping."""
    halves = _halves(detection, text)
    names = [f for f in detection.findings if f.kind in NAME_KINDS and f.span.start not in {h.start for h in halves}]
    stays = [f for f in detection.findings if f.kind in (Kind.ORGANISATION, Kind.TOWN)]
    # A school or home found by its own words ("Fenwick Lane High School") is no person, though a model may say so.
    stays += [
        f
        for f in detection.findings
        if f.kind in (Kind.SCHOOL, Kind.PLACE) and f.recognizer.startswith("facts") and f.score >= 0.6
    ]
    names += _misread(detection, text)
    found: list[Raw] = []
    for group in _groups(names):
        found += _trimmed(detection.doc, text, group, stays)
    return found + halves + _listed_by_letter(detection.doc, text, found)


def _halves(detection: Detection, text: str) -> list[Raw]:
    """Names that a table has over several columns: each cell is a mention of the whole name."""
    rows: dict[str, list[tuple[Finding, str]]] = defaultdict(list)
    for f in detection.findings:
        codes = [a for a in f.attributes if a.startswith("of:")]
        rows.update({code: [*rows[code], (f, "given" if "given" in f.attributes else "surname")] for code in codes})
    found = []
    for cells in rows.values():
        words = {half: [text[f.span.start : f.span.end] for f, h in cells if h == half] for half in ("given", "surname")}
        given = tuple(plain(w) for cell in words["given"] for w in WORD.findall(cell))
        surname = " ".join(plain(w) for cell in words["surname"] for w in WORD.findall(cell))
        if given and surname:
            name = Name(given, surname)
            found += [
                Raw(
                    f.doc,
                    f.span.start,
                    f.span.end,
                    name,
                    text[f.span.start : f.span.end],
                    frozenset({"structure"}),
                    f.score,
                    half,
                )
                for f, half in cells
            ]
    return found


_BY_LETTER = re.compile(
    r"(?m)^[ \t]*(?:[-•*]|\d+[.)])?[ \t]*([A-Z][a-z]{2,}(?:-[A-Z][a-z]+)?) ([A-Z])\b\.?(?=[ \t]*(?:$|[,;(–-]))"
)
_LETTERED = frozenset(
    """annex appendix child girl boy adult room plan class group part schedule unit block wing exhibit category grade level
    type form year option site ward zone gate platform officer witness person family mother father student pupil patient
    survivor victim employee case team teacher hepatitis vitamin table figure section set bay house hall school company
    man woman male female subject""".split()
)


def _listed_by_letter(doc: str, text: str, known: Sequence[Raw]) -> list[Raw]:
    """List lines of a first name and a letter ("Hollie R"): one alone must be a known name, two vouch for each other."""
    rows = [
        m for m in _BY_LETTER.finditer(text) if plain(m.group(1)) not in _LETTERED | (NEVER - {"april", "june", "july", "august"})
    ]
    taken = {i for r in known for i in range(r.start, r.end)}
    found = []
    for m in rows:
        if (m.start(1) in taken and m.start(2) in taken) or (len(rows) < 2 and plain(m.group(1)) not in given_names()):
            continue
        written = text[m.start(1) : m.end(2)]
        found.append(Raw(doc, m.start(1), m.end(2), parse(written), written, frozenset({"structure", "list"}), 0.8))
    return found


def _misread(detection: Detection, text: str) -> list[Finding]:
    """Two or more capitalised words that spaCy takes for a place or a body, though the first is a given name."""
    found = []
    for f in detection.findings:
        if f.recognizer == "spacy" and f.kind in (Kind.ORGANISATION, Kind.TOWN):
            words = WORD.findall(text[f.span.start : f.span.end])
            if not (2 <= len(words) <= 3 and all(w[0].isupper() for w in words)):
                continue
            first, last = plain(words[0]), plain(words[-1])
            if first in given_names() or last in given_names() or (first in ordinary_words() and last in surnames()):
                found.append(Finding(f.doc, f.span, Kind.NAME, 0.5, "spacy", "misread", ("misread",)))
    for m in _NICKNAME.finditer(text):
        found.append(Finding(detection.doc, Span(m.start(1), m.end(1)), Kind.ALIAS, 0.8, "structure", "nickname", ("alias",)))
    for m in _CALLED.finditer(text):
        found.append(Finding(detection.doc, Span(m.start(1), m.end(1)), Kind.NAME, 0.8, "structure", "called", ("structure",)))
    for m in _KEYED.finditer(text):  # "Bex Attwood (BA)" in a list of those present
        names = [plain(w) for w in re.split(r"[ -]", m["name"])]
        called = names[0] in given_names() or set(names).isdisjoint(ordinary_words())
        if called and "".join(w[0] for w in names) == m["letters"].lower() and not any(w in NEVER for w in names):
            found.append(Finding(detection.doc, Span(*m.span("name")), Kind.NAME, 0.8, "structure", "keyed", ("structure",)))
    for m in _SURNAME_FIRST.finditer(text):
        first, last = plain(m.group(1)), plain(m.group(2))
        if first not in NEVER and (first in surnames() or len(first) > 4) and (last in given_names() or last in ordinary_words()):
            span = Span(m.start(), m.end())
            found.append(Finding(detection.doc, span, Kind.NAME, 0.6, "structure", "surname-first", ("structure",)))
    return found


_KEYED = re.compile(r"\b(?P<name>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){1,2}) \((?P<letters>[A-Z]{2,4})\)")
_NICKNAME = re.compile(
    r"\b(?:known|calls?|called|nicknamed|dubbed|answers? to|goes by|signs? (?:her|him)self|saved as)\b"
    r"[^.\n\"“”]{0,40}[\"“]([A-Z][\w'’-]{2,}(?: [A-Z][\w'’-]+)?)[\"”]"
)
_CALLED = re.compile(
    r"\b(?:man|woman|girl|boy|lad|male|female|individual|nominal|youth|cousin|associate|officer|someone|somebody|lady|bloke|guy|driver|person|friend|mate|colleague|nurse|teacher)"
    r"\s+(?:was\s+)?(?:called|named|known as)\s+([A-Z][a-z]{2,})\b"
)
_SURNAME_FIRST = re.compile(r"(?<![A-Z] )\b([A-Z][A-Z'’-]{2,}) ([A-Z][a-z]{2,})\b(?! [A-Z]{2})")


def _groups(findings: Sequence[Finding]) -> Iterable[list[Finding]]:
    """Findings that overlap, together."""
    group: list[Finding] = []
    end = -1
    for finding in sorted(findings, key=lambda f: f.span):
        if group and finding.span.start >= end:
            yield group
            group, end = [], -1
        group.append(finding)
        end = max(end, finding.span.end)
    if group:
        yield group


def _trimmed(doc: str, text: str, group: list[Finding], stays: Sequence[Finding]) -> list[Raw]:
    start, end = min(f.span.start for f in group), max(f.span.end for f in group)
    sources = frozenset(s for f in group for s in (f.recognizer, *f.attributes))
    if not all("words" in f.attributes for f in group):
        sources -= {"words"}
    score = max(f.score for f in group)
    handle = [f for f in group if "handle" in f.attributes]
    if handle:
        span = handle[0].span
        written = text[span.start : span.end]
        return [Raw(doc, span.start, span.end, Name(lone=plain(written)), written, sources, score)]
    if exact := [f for f in group if "as_written" in f.attributes]:
        span = exact[0].span
        written = text[span.start : span.end]
        return [Raw(doc, span.start, span.end, parse(written), written, sources, score)]
    titled = any(s.startswith("title:") and s != "title:kin" for s in sources)
    if titled or (score >= 0.9 and plain((WORD.findall(text[start:end]) or [""])[0]) in given_names()):
        # A sure "Poppy Chambers" is no set of chambers, nor "DS Kelvin Church" a place of worship.
        stays = [f for f in stays if not (start <= f.span.start and f.span.end <= end and f.kind is not Kind.TOWN)]
    runs: list[Raw] = []
    for piece_start, piece_end in _pieces(text, start, end):
        words = _words(text, piece_start, piece_end, stays, score)
        cut = "words" in sources or (piece_start, piece_end) != (start, end)  # "Joy Hammond - safe"
        if not words or (len(words) == 1 and cut and not titled and _small_word(words[0].group())):
            continue
        first, last = words[0].start(), words[-1].end()
        if last < end and text[last : last + 1] == "." and len(words[-1].group()) == 1:
            last += 1
        if _SEAT.search(text, max(0, first - 40), first):
            continue  # "the member for Harnsea North", "the Bishop of Harnsea"
        written = text[first:last]
        before, _ = title_before(text, first)
        name = parse(written)
        if before:
            name = Name(name.given, name.surname, name.lone, (*before, *name.titles))
        versus = re.match(r"\s+v\.?\s+[A-Z]", text[last : last + 6]) or re.search(r"\sv\.?\s$", text[max(0, first - 4) : first])
        if (name.full or name.lone) and not (name.lone and versus):  # the parties of a cited case, unless known otherwise
            own = sources | {f"title:{t.family}" for t in name.titles}
            runs.append(Raw(doc, first, last, name, written, own, score))
    return runs


def _small_word(written: str) -> bool:
    """Whether an English word in small letters names nobody ("put it in the safe")."""
    return written.islower() and written not in given_names()


_ADDRESSED = re.compile(r"\b(?:M(?:r|rs|s|iss|R|RS|S|ISS)|D[rR]|[PD]C|DI|Sgt|SGT|Insp|INSP|Inspector|INSPECTOR)\.?\s$")
_OFFICES = frozenset("chair chairman clerk speaker justice social".split())  # "Madam Chair" is no Ms Chair
_SEAT = re.compile(
    r"\b(?:represents|represented|"
    r"(?:MP|MSP|MLA|MEP|[Mm]ember|[Mm]inister) for|(?:[Aa]rchb|[Bb])ishop of|[Cc]onstituency of|[Dd]iocese of)\s+$"
)


def _pieces(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    """The span cut where no name goes on: cell borders, blank lines, semicolons, brackets, lists."""
    at = start
    for match in re.finditer(
        r"\n\s*\n|\||\t| {3,}|\s-?v-?\.?\s|[;:()\[\]<>\"“”/&+•]|\s[-–—]\s|\n|"
        r"\b(?:and|of|from|at|for|with|who|on|in|by|to|is|was|has|said)\b|"
        r"(?<=[^\W_A-Z][^\W_A-Z])(?<!\bMr)(?<!\bDr)(?<!\bSt)(?<!Mrs)(?<!\bMs)(?<!Rev)(?<!Sgt)[.!?]\s",
        text[start:end],
    ):
        yield at, start + match.start()
        at = start + match.end()
    yield at, end


def _words(text: str, start: int, end: int, stays: Sequence[Finding], score: float) -> list[re.Match[str]]:
    words = list(WORD.finditer(text, start, end))

    def drop(match: re.Match[str]) -> bool:
        word = plain(match.group())
        if len(words) == 1 and match.group()[0].isupper() and _ADDRESSED.search(text, max(0, match.start() - 11), match.start()):
            return word in _OFFICES or _stays(match, stays)  # "Mrs Day", "Mr Case"
        if word in NEVER or (word in titles() and match is words[0]):
            surname = match is words[-1] and word in surnames() and plain(words[0].group()) in given_names()
            return not (len(words) > 1 and (word in given_names() or (surname and score >= 0.8)))
        return _stays(match, stays)

    inner = [n for n, m in enumerate(words) if plain(m.group()) in NEVER and plain(m.group()) not in given_names()]
    if len(words) > 2 and inner and 0 < inner[-1] < len(words) - 1:
        words = words[inner[-1] + 1 :]  # "Q. Did Dean Tremayne": what stands before a verb is no part of the name
    while words and (drop(words[0]) or (words[0].group() in PARTICLES and len(words) == 1)):
        words.pop(0)
    while words and (
        drop(words[-1])
        or (len(words) > 1 and words[-1].group() in AFTER)
        or (len(words) > 1 and words[0].group()[0].isupper() and words[-1].group()[0].islower())  # "Idris Vane MP cooked"
    ):
        words.pop()
    while (
        len(words) > 1 and words[-1].group()[0].isupper() and words[0].group()[0].islower() and words[0].group() not in PARTICLES
    ):
        words.pop(0)  # "lodger Idris Vane": or the noun before
    if words and all(m.group()[0].islower() for m in words) and (score < 0.5 or (len(words) == 1 and score < 0.8)):
        return []
    return words


def _stays(match: re.Match[str], stays: Sequence[Finding]) -> bool:
    """Whether the word lies in an institution or town that a rule (not a model alone) recognised."""
    for finding in stays:
        if finding.span.start <= match.start() and match.end() <= finding.span.end:
            if finding.recognizer != "spacy" and "ambiguous" not in finding.attributes and finding.score >= 0.6:
                return True
    return False


def _listed_word(name: Name) -> bool:
    """Whether a word of the name stands in the lists of names."""
    words = (*name.given, *name.surname.split(), *([name.lone] if name.lone else []))
    halves = {half for w in words for half in (w, *w.split("-"))}  # "Tyler-James"
    return any(w in given_names() or w in surnames() for w in halves)


def believed(group: Sequence[Raw], spacy_says_otherwise: bool, small: frozenset[str] = frozenset()) -> bool:
    """Whether candidates that write one name the same way are a person's name.

    `small`: words the bundle also writes in small letters. Weighs what the models say against the lists; anything with a
    title, a table of names or two models behind it is believed.
    """
    sources = frozenset(s for r in group for s in r.sources)
    long = len(group[0].name.given) > 1 and group[0].name.given[0] not in given_names()  # "Cloud Video Platform"
    if all("words" in r.sources for r in group) and (long or not _listed_word(group[0].name)):
        titled = any(s.startswith("title:") or s in _CALLED_SO for s in sources)
        sure = max((r.score for r in group if SCORED & r.sources), default=0.0) >= 0.8
        return titled or (sure and "spacy" in sources)  # "Portfolio Holder", "SUBMITTED": a form's words, whatever its shape says
    if sources & STRONG or any(s.startswith("title") for s in sources) or "alias" in sources:
        return True
    name = group[0].name
    weight = 0.0
    if any(SCORED & r.sources and r.score >= 0.8 and not r.written.islower() for r in group):
        return True
    if sources & SCORED:
        weight += max((r.score for r in group if SCORED & r.sources), default=0.0)
    if "spacy" in sources:
        weight += 0.5 if name.full or not any(w in ordinary_words() for w in (name.lone,)) else 0.35
    words = [*name.given, *name.surname.split(), *([name.lone] if name.lone else [])]
    if any(w in given_names() for w in words[:1]):
        weight += 0.3
    elif any(w in surnames() for w in words):
        weight += 0.1
    if all(w in ordinary_words() for w in words):
        weight -= 0.15 if name.full else 0.35
    if any(w in NEVER for w in words):
        weight -= 0.3
    if not sources & SCORED and all(r.written.islower() for r in group) and not _listed_word(name):
        weight -= 0.3  # "lorry driver", "nah nan"
    if name.lone in small and not sources & SCORED:
        weight -= 0.3  # "Public" in a table of a bundle that speaks of the public
    if spacy_says_otherwise:
        weight -= 0.2
    return weight >= 0.5
