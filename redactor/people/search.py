"""Every form of every draft, looked for in every text; each appearance is a person, or an ordinary word, and says which.

Does not see names that no recognizer found anywhere in the bundle and no case lists. Near linear: one pass over the words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..lexicon import Title, gender, given_names, ordinary_words, plain, titles
from ..model import Detection, Kind
from .collect import NEVER
from .drafts import SCORED, Draft, Raw
from .link import tokens
from .names import TOKEN, dotted, initials, parts, title_before, unpossessive
from .scope import Scopes

DECLARED, FULL, GLUED, ALIAS, GIVEN, SHORT, SURNAME, LONE, INITIALS, PLURAL, EXACT, OWNER = (
    "declared",
    "full",
    "glued",
    "alias",
    "given",
    "short",
    "surname",
    "lone",
    "initials",
    "plural",
    "exact",
    "owner",
)
_GAP = re.compile(r"(?:['’]s)?[ \t]*(?:[,\-–_/]|\r?\n)?[ \t]*")
# Names that open sentences as words do: verbs and conjunction-like words. "Rose", "Dean", "Church" do not.
_OPENERS = frozenset(
    """will may hope mark grant sue rob pat drew skip chase bill don chance guy love price young major wait say read pay
    hall joy faith grace summer spring autumn winter christian frank ray""".split()
)
_NOUNS = frozenset("joy faith grace summer autumn christian ray".split())  # given names that seldom open a sentence as words
_HUMP = re.compile(r"[^\W\d_A-Z][A-Z]|^[A-Z](?=[A-Z][a-z])")  # where a capital begins the second of two words written as one
_DOTTED = re.compile(r"\.?[ \t]*-?")
_MONTHS = frozenset("january february march april may june july august september october november december".split())
ACRONYMS = frozenset(
    """pm uk eu us usa gb ok nhs gp pc dc ds di dci ps mp mps tv it hr pr qc kc cc pa id no ie eg re st ha hq ip cp cs cse
    csa cps iopc ipcc hmic pcc acc dcc dcs mash marac mappa la lac tac pru sen ehcp camhs icu ae aa ba bsc ma msc phd mba
    ltd plc llp dob doh dfe ons icb ccg abe pace ni ninos upn vrm cctv sms im ft bbc itv pdf rtf doc docx xls jpg png fc
    afc utc cv ae asb ada dp hcp oic""".split()
)


@dataclass(frozen=True, slots=True)
class Match:
    """One appearance of a form: offsets, the words as compared, which drafts it may be and how, and titles before it."""

    doc: str
    start: int
    end: int
    seq: tuple[str, ...]
    types: dict[int, str]
    titles: tuple[Title, ...] = ()
    exact: frozenset[int] = frozenset()


@dataclass(slots=True)
class Index:
    """First word → the sequences that begin with it, each with the drafts it may mean. `bearers`: the same by whole sequence;
    `sizes`: first word → how many words the sequences have that begin with it, the most first."""

    by_first: dict[str, list[tuple[tuple[str, ...], int, str]]] = field(default_factory=lambda: defaultdict(list))
    bearers: dict[tuple[str, ...], dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    sizes: dict[str, list[int]] = field(default_factory=dict)
    stems: dict[str, int] = field(default_factory=dict)
    givens: dict[int, frozenset[str]] = field(default_factory=dict)

    def add(self, seq: tuple[str, ...], draft: int, how: str) -> None:
        """Enter one form; the first way of knowing it counts."""
        if seq and draft not in self.bearers[seq]:
            self.bearers[seq][draft] = how
            self.by_first[seq[0]].append((seq, draft, how))


def index(drafts: Sequence[Draft]) -> Index:
    """All the forms to look for."""
    found = Index()
    for d in drafts:
        for exact in sorted(d.exact):
            found.add(exact, d.id, EXACT)
        if d.listed == "pseudonyms":
            continue
        for letters in set().union(*d.declared.values()):
            found.add(tokens(letters), d.id, DECLARED)
        for name in d.names:
            given, surname = name.given, name.surname
            first, last = tokens(given[0]), tokens(surname)
            if not first or not last:
                continue
            every = tuple(t for g in given for t in tokens(g))
            for seq in (
                every + last,
                first + last,
                last + every,
                last + first,
                (first[0][:1], *last),
                (*first, last[0][:1]),
                (*last, first[0][:1]),
            ):
                if len("".join(seq)) > 2:
                    found.add(seq, d.id, FULL)
            for a, b in ((first, last), (last, first), (every, last), (last, every)):  # "GraceMarsh", "al-MarshGrace"
                for glued in {("".join(a + b),), (*a[:-1], a[-1] + b[0], *b[1:])}:
                    if len("".join(glued)) > 3:
                        found.add(glued, d.id, GLUED)
                        found.add(tuple(word.replace("'", "") for word in glued), d.id, GLUED)
            if len(surname) > 3:
                found.add((first[0][:1] + last[0], *last[1:]), d.id, GLUED)  # "GMarsh_notes"
                found.add((*last, first[0][:1]) if len(first[0]) == 1 else (*last[:-1], last[-1] + first[0][:1]), d.id, GLUED)
            for half in parts(surname):
                found.add((*first, half), d.id, FULL)
            if len(first[0]) > 1:
                found.add(first, d.id, GIVEN)
                for half in parts(given[0])[:1]:
                    found.add((half,), d.id, GIVEN)
            if len(first) == 1 and len(first[0]) > 3 and not d.nameable:
                for pet in _pets(first[0]):
                    found.add((pet,), d.id, GIVEN)
            if len(surname) > 1:
                found.add(last, d.id, SURNAME)
                for half in parts(surname):
                    if half not in ordinary_words() and len(half) > 3:
                        found.add((half,), d.id, SURNAME)
                if len(last) == 1:
                    found.add((last[0] + ("es" if last[0].endswith(("s", "x", "z", "ch", "sh")) else "s"),), d.id, PLURAL)
            if d.role is None or d.role.protected:
                for short in initials(name):
                    found.add((short,), d.id, INITIALS)
                    found.add(tuple(short.replace("'", "")), d.id, INITIALS)
                    found.add((short.replace("'", ""),), d.id, INITIALS)
                    if "'" in short:  # "F O'H"
                        found.add((short[0], short[1:]), d.id, INITIALS)
                found.add(dotted(name), d.id, INITIALS)
        if d.role is None or d.role.protected:
            found.givens[d.id] = frozenset(n.given[0] for n in d.names)
        for word in d.lone:
            found.add(tokens(word), d.id, LONE)
            if len(word) > 3 and not d.nameable and word.isalpha():
                for pet in _pets(word):
                    found.add((pet,), d.id, GIVEN)
        for raw in d.raws:
            how = {"given": GIVEN, "surname": SURNAME}.get(raw.half, FULL if raw.name.full else LONE)
            found.add(tokens(raw.written), d.id, how)
    for d in drafts:  # last, for whatever is known otherwise counts first
        if d.nameable or d.listed == "pseudonyms":
            continue
        whole = {w for n in d.names for w in tokens(n.given[0])[:1]} | {plain(w) for w in d.lone}
        for owner in {(word + "s",) for word in whole & ordinary_words()} - found.bearers.keys():
            found.add(owner, d.id, OWNER)  # "joys aunt"
        for cut in {cut for word in whole for cut in _shorts(word)} - NEVER:
            begins = any(word.startswith(cut) for word in whole)
            if begins or all(how == SHORT for how in found.bearers.get((cut,), {}).values()):  # "Marie" is no Marek
                found.add((cut,), d.id, SHORT)
    for head, rows in found.by_first.items():
        rows.sort(key=lambda row: -len(row[0]))
        found.sizes[head] = sorted({len(row[0]) for row in rows}, reverse=True)
        if len(head) >= 5 and head not in ordinary_words():
            for alone, draft, _how in rows:
                if len(alone) == 1:
                    found.stems.setdefault(head, draft)
    return found


def _pets(given: str) -> Iterator[str]:
    """Pet forms that British speech makes of any given name: "Faithy", "Joysie"; never an ordinary word."""
    for ending in ("y", "ie", "sie", "sy", *([] if given[-1] in "aeiou" and given in ordinary_words() else ["s"])):
        pet = given + ending
        if not given.endswith(("y", "ie", "s")) and pet not in ordinary_words():
            yield pet


def _shorts(given: str) -> Iterator[str]:
    """A given name cut short as friends do, three letters or more, some with an ending: "Ffi", "Ails", "Shaz", "Dezzy"."""
    if given.isalpha() and len(given) > 4:
        yield from (given[:size] for size in range(3, len(given)))
        yield from (given[:size] + ending for size in (3, 4) for ending in ("s", "z", "zza", "zzy", "y", "ie", "i", "o", "a"))


def search(doc: str, text: str, forms: Index) -> Iterator[Match]:
    """Appearances of any form, longest first, in order and not overlapping; what they are is judged by `is_name`."""
    words = [(m.start(), m.end(), plain(unpossessive(m.group())), m.group()) for m in TOKEN.finditer(text)]
    plainly = tuple(word[2] for word in words)
    at = 0
    while at < len(words):
        size, types = 0, dict[int, str]()
        for size in forms.sizes.get(plainly[at], ()):  # the longest that fits; one sequence, however many bear it
            seq = plainly[at : at + size]
            bearers = forms.bearers.get(seq, {})
            fitting = {how for how in set(bearers.values()) if _fits(text, words, at, seq, how)} if len(seq) == size else set()
            if types := {draft: how for draft, how in bearers.items() if how in fitting}:
                break
        if not types:
            at += 1
            continue
        start, end = words[at][0], words[at + size - 1][1]
        raw_end = words[at + size - 1]
        end -= len(raw_end[3]) - len(unpossessive(raw_end[3]))
        if text[end : end + 1] == "." and re.search(r"(?:^|\W)\w$", text[start:end]):
            end += 1
        before, _ = title_before(text, start)
        seq = tuple(w[2] for w in words[at : at + size])
        yield Match(doc, start, end, seq, types, before, frozenset(d for d, how in types.items() if how == EXACT))
        at += size


def _fits(text: str, words: Sequence[tuple[int, int, str, str]], at: int, seq: tuple[str, ...], how: str) -> bool:
    if at + len(seq) > len(words):
        return False
    for offset, word in enumerate(seq):
        if words[at + offset][2] != word:
            return False
        if offset:
            gap = text[words[at + offset - 1][1] : words[at + offset][0]]
            # A dot follows an initial ("F.Ll.P."); after a word it ends a sentence
            short = len(words[at + offset - 1][2]) <= 1 + (how == INITIALS)
            if not _GAP.fullmatch(gap) and not (short and _DOTTED.fullmatch(gap)):
                return False
    written = [words[at + i][3] for i in range(len(seq))]
    if how == DECLARED:
        ahead = text[words[at][1] : words[at][1] + 24]
        rank = seq[0] in ("pc", "dc", "ps", "ds", "di", "cc") and re.match(r" (?:[A-Z][a-z'’]|\d{2})", ahead)
        return sum(c.isupper() for c in written[0]) > 1 and not rank
    if how == INITIALS:
        if len(seq) == 1:
            clock = seq[0] == "am" and re.search(r"\d[\d.:]*\s*$", text[max(0, words[at][0] - 8) : words[at][0]])
            letters = unpossessive(written[0])
            # Where a document writes "D.L." of somebody, "DL" is no deputy lieutenant.
            plainly = seq[0] not in ACRONYMS or "".join(f"{letter}." for letter in letters) in text
            plainly = plainly or _signs(text, words[at][0], words[at][1])
            # "DP" is the detained person of a custody record, and Dean Price in the minutes of a meeting
            plainly = plainly or (seq[0] == "dp" and not re.search(r"(?i)\bdetain|\bcustody", text))
            odd = re.match(r"[A-Z]*Ma?c[A-Z]$", letters)  # "EMacC"
            return (letters.isupper() or bool(odd)) and plainly and not clock
        dots = text[words[at][0] : words[at + len(seq) - 1][1] + 1]
        capitals = all((w.isupper() and (len(w) == 1 or re.search("['’]", w))) or w in ("Ll", "Rh", "Dd") for w in written)
        return capitals and bool(re.fullmatch(r"(?:[\w'’]{1,3}[. ]{1,2})+[\w'’]{0,3}\.?.?", dots))
    if how == EXACT and len(seq) == 1 and len(seq[0]) <= 3:  # listed initials ("MR") are not the title "Mr"
        likely = written[0][0].isupper() or (seq[0] in given_names() and seq[0] not in ordinary_words())
        return written[0].isupper() or (likely and seq[0] not in titles())
    if any(len(w) == 1 for w in seq) and len(seq) > 1:  # "J Price", "Joy P": the lone letter is a capital
        return all(w.isupper() for w in written if len(w) == 1)
    if how == PLURAL:
        return written[0][0].isupper()
    return True


def _signs(text: str, start: int, end: int) -> bool:
    """Whether letters close an entry, as whoever wrote it signs: "... rang at six. GB"."""
    return bool(re.search(r"[.!?)\"”’'][ \t]+$", text[max(0, start - 4) : start])) and not text[end:].split("\n", 1)[0].strip(
        " .\t"
    )


def is_name(match: Match, text: str, detection: Detection, scopes: Scopes, raws: Sequence[Raw]) -> bool:
    """Whether this appearance is a person here, and not the ordinary word or the institution that looks the same."""
    if len(match.seq) > 1 and INITIALS not in match.types.values():
        return True
    written = text[match.start : match.end]
    word = match.seq[0]
    hows = set(match.types.values())
    if DECLARED in hows:
        return True
    if word == "may" and re.match(r"\s(?:I|we)\b", text[match.end : match.end + 4]):
        return False  # "May I call you ...?"
    if word == "mark" and text[match.end : match.end + 9] == " my words":
        return False
    kin_only = all(t.family == "kin" for t in match.titles) and written.islower()  # "little hope" is no Little Hope
    if (match.titles and not kin_only) or any(r.start < match.end and match.start < r.end and _strong(r) for r in raws):
        return True
    if hows <= {INITIALS}:
        return True
    if hows <= {SHORT} and (not written.istitle() or word in ordinary_words() or word in detection.english):
        return False  # any word may be the beginning of a name
    if hows <= {OWNER}:
        return bool(_OWNED.match(text, match.end))
    if hows <= {GLUED}:  # "MayField", "#mayfield", and no Mayfield
        return bool(_HUMP.search(written)) or text[max(0, match.start - 1) : match.start] in ("#", "@")
    common = word in ordinary_words()
    if word in ("will", "may") and re.match(r"\s+(?:say|state|be|not|have|also|never)\b", text[match.end : match.end + 8], re.I):
        return False
    if word == "will" and _WILL_DID.match(text, match.end):
        return True
    for f in detection.findings:
        if f.span.start >= match.end:
            break
        if f.span.end <= match.start or f.recognizer == "spacy" or f.kind not in (Kind.ORGANISATION, Kind.TOWN):
            continue
        if f.span.start <= match.start and match.end <= f.span.end and f.score >= 0.6 and "ambiguous" not in f.attributes:
            if f.kind is Kind.TOWN and len(f.span) == len(written) and SURNAME in hows and not _as_place(text, match):
                continue  # "Crewe was 14" in a bundle with a Crewe in it
            return bool(match.exact) and len(f.span) > len(written)
    if word in _MONTHS and _is_month(text, match):
        return False
    if "_" in text[max(0, match.start - 1) : match.start] + text[match.end : match.end + 1]:
        return True  # part of a user name or file name
    if written.islower():
        unit = scopes.units[scopes.index(match.start)]
        chatty = (
            bool(re.search(r"(?:^(?:[\d:.]{4,5}\s)?|[:.!?]\s+)[a-z]", text[unit.start : unit.end]))
            or match.start in detection.proper
        )
        if common:
            return chatty and _spoken_of(text, match)
        return chatty or (len(word) > 4 and written not in detection.english)
    if written.isupper() and len(written) > 2:
        unit = scopes.units[scopes.index(match.start)]
        mixed = bool(re.search(r"[a-z]{3}", text[unit.start : unit.end]))
        if not common or mixed or any(r.start < match.end and match.start < r.end for r in raws):
            return True
        return _shouted_of(text, match)
    if not common:
        return True
    if hows <= {SURNAME, LONE} and re.search(r"\b(?:the|an?)\s$", text[max(0, match.start - 6) : match.start], re.I):
        return False  # "the Church"
    if scopes.sentence_initial(match.start):
        after = text[match.end : match.end + 24]
        if re.search(r"[\"“‘(]$", text[: match.start]) and re.match(r"[\"”’)]", after):
            return True  # "Rose" in quotation marks by itself
        tagged = match.start in detection.proper or any(r.start < match.end and match.start < r.end for r in raws)
        if tagged and word not in _OPENERS and not re.match(r"\s+(?:\d|terms?\b|holidays?\b|months?\b)", after):
            return True  # "Rose fell asleep": no verb or season that opens a sentence as a word
        if any(r.start < match.end and match.start < r.end and SCORED & r.sources and r.score >= 0.4 for r in raws):
            return True
        if word in _NOUNS and GIVEN in hows and not _NOUN_USE.match(after):
            return True
        if re.match(r"['’]s\b|\s*\((?!\w+ )|\s*[:|;]|,\s(?:who|her|his|aged|then|\d)", after):
            return True
        if not re.search(r"[.!?]", written) and re.match(_SAYS, after):
            return True  # "Page is", "Park says": a noun would have its article
        if re.match(r"\s+(?:will|would|could|might|must|should)\b", after):
            return True  # "Will will be seen"
        entry = re.search(r"\d{4}:\s*$|\|\s*$", text[max(0, match.start - 8) : match.start])  # "2010: Faith leaves", a table cell
        if entry and re.match(r"\s+(?:is|was|has|had|[a-z]+(?:ed|es|s))\b", after):
            return True
        verb = re.match(
            r"\s+(?:and [A-Z]|(?!that\b|to\b|the\b|it\b|i\b|you\b|we\b|they\b|he\b|she\b|there\b|this\b|be\b|"
            r"not\b|of\b|in\b|for\b|a\b|an\b)[a-z]+)",
            after,
            re.I,
        )
        return bool(verb) and tagged
    return True


# No verb after the auxiliary: "Will joined", "will is out".
_WILL_DID = re.compile(
    r"\s+(?:(?!\w*(?:eed|bed|shed|wed)\b)[a-z]{3,}ed|is|was|has|had|did|does|said|told|came|went|left|rang|gave)\b"
)
_SAYS = re.compile(
    r"\s+(?:(?:is|was)(?!\s+not\s+an?\b)|has|had|said|says|told|tells|asked|asks|replied|went|came|denied|denies|admitted|admits|stated|states|did|does|"
    r"refused|accepted|accepts|apologised|attended|gave|gives|left|rang|who)\b"
)
_NOUN_USE = re.compile(
    r"\s+(?:\d|of|in|and|or|is|was|at|that|for|terms?|holidays?|months?|schools?|breaks?|camps?|solstice|evenings?|nights?|days?)\b"
)
_PLACED = re.compile(
    r"\b(?:in|at|to|from|near|around|of|outside|across|through|into|for|via|within|towards|leave|left|visit(?:ed)?|the)\s+"
    r"(?:central |greater |north |south |east |west |inner |outer )?$",
    re.I,
)
_PLACE_WORD = re.compile(
    r"(?:[’']s)?[ -](?:based|born|area|road|station|town|city|centre|council|borough|police|crown|magistrates|county|hospital|"
    r"college|university|school|mp|labour|conservative|gazette|and\s+[A-Z]\w+\s+(?:council|police))\b"
    r"|[ ]?[,(]\s*[A-Z][a-z]+shire",
    re.I,
)


_BEFORE = re.compile(
    r"\b(?:is|was|its|it['’]s|thats|that['’]s|im|see|seen|saw|with|tell|told|ask|asked|ring|rang|text|hi|hey|and|about|from|know|"
    r"(?:spoke|speak|speaking|spoken|talk|talked|talking) to|"
    r"as|called|wiv|luv|love|poor)\s+$"
)
_KIN_BEFORE = re.compile(
    r"\b(?:daughter|son|granddaughter|grandson|sister|brother|friend|mate|cousin|niece|nephew|girl|boy|lad|lass|one is|named)\s+$"
)
_AFTER = re.compile(
    r"\s+(?:is|isnt|was|wasnt|said|says|told|has|had|went|goes|rang|got|gets|came|comes|wants|knows|and|with|wiv)\b"
    r"|['’]s\b|\s*(?:[.,!?)]|$|\n)"
)
_OPENS = re.compile(r"(?:^|[\n:.!?]\s*)$")
_STATE = re.compile(  # "mark still in bed", "joy fell out": what a log says of a person in it
    r"\s+(?:still|not (?:back|home|up|in)|back|asleep|awake|upset|home|up|out|away|in (?:bed|bath|room|town)|on (?:xbox|bus)|"
    r"ate|slept|refused|settled|left|returned|fell|went|stayed|woke|rang|got)\b"
)
_OWNED = re.compile(
    r"\s+(?:mum|mam|mother|dad|father|nan|gran|grandad|aunt|auntie|uncle|sister|brother|cousin|mate|friend|boyfriend|girlfriend|partner|"
    r"phone|room|house|school|teacher|social worker|carer|key ?worker|birthday|bag|coat|door|meds|medication|bloods|inhaler)\b",
    re.I,
)
_TIMED = re.compile(r"(?:^|\n)\d{1,2}[:.]?\d\d(?:hrs)?[ \t]*[:-]?[ \t]+$")
# What follows "hope", "may", "mark" or "will" where they are no name.
_NO_NAME = re.compile(
    r"\s+(?:u|ur|you|your|to|that|it|its|she|he|they|we|i|im|the|this|a|an|so|not(?!\s+\w)|be|have|all|every\w+|of|for|in|as|by|or)\b"
)


def _spoken_of(text: str, match: Match) -> bool:
    """Whether a word without a capital stands, in a message, where only a name would: "its mark.", "may is in town"."""
    before, after = text[max(0, match.start - 14) : match.start], text[match.end : match.end + 14]
    if _TIMED.search(before):  # "2352 hope states that", and not "2200 will attend"
        return bool(
            re.match(_SAYS, after) if match.seq[0] in ("will", "may") else re.match(r"\s+\w", after) and not _NO_NAME.match(after)
        )
    if re.search(r"(?:[,;]|\band)\s+$", before) and _STATE.match(after):
        return True
    if _OPENS.search(before):
        return bool(re.match(r"\s+\w|\s*[,?!]", after)) and not _NO_NAME.match(after)
    if _KIN_BEFORE.search(text[max(0, match.start - 16) : match.start]):
        return not _NO_NAME.match(after)
    return bool(_BEFORE.search(before) and _AFTER.match(after))


_SHOUTED_SENTENCE = re.compile(r"[A-Z]{2}\.(?:\s|$)")
_NO_NAME_BEFORE = re.compile(
    r"\b(?:i|we|you|they|to|the|an?|in|of|this|that|last|next|since|no|any|with|good|great|my|his|her|their|our|its|more|some)\s+$",
    re.I,
)


def _shouted_of(text: str, match: Match) -> bool:
    """Whether a word in a log in capitals stands where a name does: "DP STATES HOPE TOLD HIM", "DO NOT CONTACT HOPE, GRACE"."""
    line = text[text.rfind("\n", 0, match.start) + 1 :].partition("\n")[0]
    if not _SHOUTED_SENTENCE.search(line):
        return False  # a heading
    after = text[match.end : match.end + 14].lower()
    if re.match(_SAYS, after):
        return True
    opens = _TIMED.search(text, max(0, match.start - 14), match.start)
    if opens and match.seq[0] not in ("will", "may") and re.match(r"\s+[a-z]+(?:s|ed)\b", after):
        return True  # "1420 MARK ATTENDS"
    before = text[max(0, match.start - 10) : match.start]
    return not _NO_NAME_BEFORE.search(before) and bool(re.match(r"\s*[,.]|\s+(?:and|or)\b", after))


def _as_place(text: str, match: Match) -> bool:
    """Whether the words around a name that is also a town speak of the town."""
    before, after = text[max(0, match.start - 32) : match.start], text[match.end : match.end + 32]
    return bool(_PLACED.search(before) or _PLACE_WORD.match(after)) and not match.titles


def _strong(raw: Raw) -> bool:
    return bool({*SCORED, "structure", "spacy", "alias"} & raw.sources or any(s.startswith("alias:") for s in raw.sources)) and (
        raw.score >= 0.6 or len(raw.sources) > 2
    )


def _is_month(text: str, match: Match) -> bool:
    after, before = text[match.end : match.end + 8], text[max(0, match.start - 16) : match.start]
    return bool(re.match(r"\s+(?:\d{4}|\d{1,2}\b)", after)) or bool(
        re.search(
            r"(?:\d(?:st|nd|rd|th)?(?: of)?|\b(?:in|since|until|by|during|last|next|early|late|mid|this|of|from|to))[\s-]+$",
            before,
            re.I,
        )
    )


def title_agrees(title: Title, draft: Draft) -> int:
    """How a title before a lone name speaks for (+) or against (-) a draft."""
    if title in draft.titles:
        return 3
    same = [t for t in draft.titles if t.family == title.family]
    if title.family in ("rank", "office"):
        if any(t.code == title.code for t in same):
            return 3
        return 1 if same else -3
    if gender(title.code) and draft.genders and gender(title.code) not in draft.genders:
        return -3
    if title.code in ("dr", "prof") and not any(t.code in ("dr", "prof") for t in draft.titles):
        return -2
    return 1 if same else 0
