"""Whether an appearance of a form is a person here, or the ordinary word, month, town or body that looks the same.

"Hope" rang; they hope. Rules weigh how the word is written, what stands beside it, and what the recognizers said. Not seen: what
only the sense of a whole passage tells ("news of joy").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..lexicon import ordinary_words
from ..model import Detection, Kind
from .drafts import SCORED, Raw
from .scope import Scopes
from .search import DECLARED, GIVEN, GLUED, INITIALS, LONE, OWNER, PLURAL, SHORT, SURNAME, Match

# Names that open sentences as words do: verbs and conjunction-like words. "Rose", "Dean", "Church" do not.
_OPENERS = frozenset(
    """will may hope mark grant sue rob pat drew skip chase bill don chance guy love price young major wait say read pay
    hall joy faith grace summer spring autumn winter christian frank ray""".split()
)
_NOUNS = frozenset("joy faith grace summer autumn christian ray".split())  # given names that seldom open a sentence as words
_HUMP = re.compile(r"[^\W\d_A-Z][A-Z]|^[A-Z](?=[A-Z][a-z])")  # where a capital begins the second of two words written as one
_MONTHS = frozenset("january february march april may june july august september october november december".split())


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
    if hows <= {PLURAL} and text[match.end : match.end + 1] == ":":
        return False  # "Marks:", of a form, in a bundle with a Mark in it
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
            if f.kind is Kind.TOWN and len(f.span) == len(written) and hows & {SURNAME, GIVEN} and not _as_place(text, match):
                continue  # "Crewe was 14", "Tyrone said" in a bundle with a Crewe, a Tyrone in it
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
        return bool(_PAPERS.match(text, match.end))  # "the Church"; but "the Day papers"
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
        if re.match(r"\s*/\s*[A-Z][a-z]", after) or (
            _TIMED.search(text, max(0, match.start - 14), match.start) and re.match(r"\s+to\s+[A-Z]", after)
        ):
            return True  # "Love / Kerr", "1610 Love to PF depute"
        if word not in _OPENERS and _TIMED.search(text, max(0, match.start - 14), match.start) and re.match(r"\s+\w|\s*/", after):
            return True  # "0115  Destiny in by fire door", "1150 Love / Kerr"
        if hows & {SURNAME, LONE} and word not in _OPENERS and re.match(r"\s+to\s+(?!the\b|an?\b|be\b|which\b)[a-z]+", after):
            return True  # "Field to do the referral"
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
_PAPERS = re.compile(
    r"\s+(?:papers|file|family|household|children|girls|boys|brothers|sisters|twins|lads|case|matter|referral)\b"
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
