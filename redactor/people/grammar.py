"""The patterns that offices.py reads with, built once from data/offices.yaml.

A noun phrase of an office is: words that may stand before it (article, "then", "Marlow Council's"), one of its phrases, and
what may follow ("of Marlow Council", "at the time", "2012-2016").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

COURTESY = (
    r"(?:(?:the\s+|The\s+)?(?:Rt\.?|Right)\s+Hon(?:ourable|\.)?\s+)?"
    r"(?:(?:Sir|Dame|Lord|Lady|Baroness|Mr|Mrs|Ms|Miss|Mx|Dr|Prof(?:essor)?|Rev(?:erend|d)?|Cllr|Councillor)\.?\s+)*"
)
_CAP = r"[A-Z][\w'’&-]*"
_NAMES = rf"{_CAP}(?:\s+(?:{_CAP}|de|van|von|al|el|bin)){{0,3}}"
_OUTLET = (
    r"(?:BBC|ITV|ITN|Sky|PA|Press Association|Reuters|Channel (?:4|Four|5)|LBC|(?:[A-Z][\w'’-]*\s+){0,4}"
    r"(?:Times|Guardian|Telegraph|Mail|Mirror|Sun|Express|Independent|Observer|Gazette|Echo|Herald|News|Post|Star|Chronicle|"
    r"Argus|Courier|Journal|Examiner|Press|Advertiser|Mercury|Citizen|Standard|Tribune|Bulletin|Messenger|Radio|Television))"
    r"(?:\s+(?:News|Online|Live|TV|Radio|\d))*"
)
_WHEN = r"(?:(?:in|from|since|until|till|between|during|by)\s+)?(?:[A-Z]\w+\s+)?\d{4}(?:\s*(?:to|and|[-–])\s*(?:[A-Z]\w+\s+)?\d{2,4})?"
_END = (
    r"(?!['’]s?\b)(?=\s*(?:[,.;:!?)\]|–—\n\"”]|$)|\s+-\s|\s+(?:of|for|at|in|on|from|since|until|till|between|when|who|whose|and|"
    r"with|during|but|as|under|by|now|then|whom|because|after|before|while)\b)"
)
_POSTNOMINALS = r"(?:,?\s+(?:OBE|CBE|MBE|DBE|KBE|KC|QC|QPM|JP|DL|PhD)\b)*"


@dataclass(frozen=True, slots=True)
class Grammar:
    """Compiled patterns. Those with an office have one group a code, `mods` and `comp` before and after it; `before` also has
    `np`, the whole phrase, and `sep`, what stands between it and the name."""

    codes: frozenset[str]
    before: re.Pattern[str]
    plural: re.Pattern[str]
    while_in: re.Pattern[str]
    after: re.Pattern[str]
    after_list: re.Pattern[str]
    copula: re.Pattern[str]
    acting_as: re.Pattern[str]
    as_office: re.Pattern[str]
    succeeded: re.Pattern[str]
    line: re.Pattern[str]
    line_press: re.Pattern[str]
    outlet: re.Pattern[str]
    suffix: re.Pattern[str]
    appointed: re.Pattern[str]
    titles: tuple[tuple[re.Pattern[str], str], ...]
    acts: tuple[tuple[re.Pattern[str], str], ...]
    never_before: re.Pattern[str]
    staff_of: re.Pattern[str]
    around_of: re.Pattern[str]
    verb_next: re.Pattern[str]
    clause_start: re.Pattern[str]
    fronted: re.Pattern[str]
    closed: re.Pattern[str]
    bare_name_next: re.Pattern[str]


@cache
def grammar() -> Grammar:
    """The patterns, compiled on first use."""
    data = yaml.safe_load((files(__package__) / "data" / "offices.yaml").read_text(encoding="utf-8"))
    roles = yaml.safe_load((files(__package__) / "data" / "roles.yaml").read_text(encoding="utf-8"))
    words = {key: _choice(str(said)) for key, said in data.items() if key != "offices"}
    words["kin"] = re.sub(r"\s+", " ", roles["kin"]).replace("| ", "|")
    office = "|".join(f"(?P<{code}>{'|'.join(_phrase(p, words) for p in phrases)})" for code, phrases in data["offices"].items())
    np = _noun_phrase(office, words)
    verb = rf"(?:(?:also|later|then|now|still|never|once|himself|herself|\w+ly)\s+)?(?:(?:{words['verbs']})\b|(?!aged\b)[a-z]+ed\b)"
    pieces = {**words, "np": np, "verb": verb, "end": _END, "court": COURTESY, "names": _NAMES, "when": _WHEN, "cap": _CAP}
    return Grammar(codes=frozenset(data["offices"]), **_patterns(pieces, office))


def _choice(listed: str) -> str:
    return "|".join(re.escape(w).replace("'", "['’]") for w in sorted(listed.split(), key=len, reverse=True))


def _phrase(written: str, words: Mapping[str, str]) -> str:
    """One phrase of the word list as a pattern."""
    holes = {
        "name": rf"(?-i:{_CAP}(?:\s+{_CAP}){{0,4}})",
        "place": rf"(?-i:{_CAP}(?:(?:\s+(?:and|of|upon|on|the|in|under|le))*\s+{_CAP}){{0,5}})",
        "outlet": rf"(?-i:{_OUTLET})",
        "qualifier": rf"(?:{words['qualifiers']})",
        "alone": r"(?!\s+of\b)",
        "work": rf"(?:(?!(?:{words['verbs']}|that|who|which)\b)[\w'’&-]+,?\s+){{0,4}}?(?!(?:{words['verbs']}|that|who|which)\b)[\w'’&-]+",
    }
    pattern = re.sub(r"(\w[\w'-]*|\([^()]*\))\? ", r"(?:\1 )?", written)
    pattern = re.sub(r" (\w[\w'-]*|\([^()]*\))\?$", r"(?: \1)?", pattern)
    pattern = re.sub(r"\((?!\?)", "(?:", pattern).replace(".", r"\.")
    pattern = pattern.replace("'", "['’]").replace(" ", r"\s+")
    pattern = re.sub(r"\{([a-z]+)\}", lambda m: holes[m[1]], pattern)
    return rf"\b{pattern}\b" if written.isupper() else rf"\b(?i:{pattern})(?<=\w)"


def _noun_phrase(office: str, words: Mapping[str, str]) -> str:
    cap = rf"(?!(?i:{words['never_before']})\b){_CAP}"
    mod = (
        rf"(?:(?i:the|an?|our|my|your|his|her|their|its|this|that|{words['qualifiers']}|{words['nouns']})(?:['’]s)?|[a-z]+['’]s|{cap})\s+"
        r"|(?:[Ee]x|[Tt]hen|[Ff]ormer)-"
    )
    thing = rf"(?:{_CAP}|(?i:{words['complement']})(?:['’]s?)?)"
    things = rf"{thing}(?:,?(?:\s+(?:and|of|for|the|in|upon|&))*\s+{thing}){{0,8}}"
    follow = (
        rf"\s+(?:of|for|at|with|in|to|with responsibility for)\s+(?:(?:the|an?|its|our|his|her|this|that)\s+)?{things}"
        rf"|,?\s+at\s+(?:the|that)\s+time|\s*\(?\b{_WHEN}\)?|\s*\({_CAP}\)"
    )
    return rf"(?P<mods>(?:{mod}){{0,8}})(?:{office})(?P<comp>(?:{follow}){{0,2}})"


def _patterns(p: Mapping[str, str], office: str) -> dict[str, Any]:
    """Every pattern of the grammar by name."""
    np, end, court, verb = p["np"], p["end"], p["court"], p["verb"]
    being = (
        r"(?:(?:has|had)\s+(?:been|become)|was|is|became|becomes|served|serves|(?:was|is|were|been)\s+(?:re-?)?(?:elected|appointed|"
        r"named|made|sworn in|confirmed|installed)|(?:stepped|stood)\s+down\s+as|(?:resigned|retired|quit|left|took\s+over|took\s+"
        r"office|joined|returned|continued|remained|stayed\s+on)\s+as)"
    )
    adverbs = r"(?:(?:at\s+the\s+time|then|also|formerly|previously|already|still|now|briefly|himself|herself|twice|first)\s+)*"
    inquiry = r"(?:[\w'’-]+\s+){0,8}?(?:inquiry|Inquiry|independent\s+(?:review|panel|audit|inspection)|IICSA)"
    fronting = (
        r"in|after|before|when|while|following|during|at|on|with|despite|according|asked|told|like|unlike|since|as|by|for|from|to|"
        r"under|without|given|although|though|until|once|upon|[a-z]+ing"
    )
    plurals = (
        r"(?P<mp>MPs|MSPs|MLAs|MEPs)|(?P<councillor>[Cc]ouncillors|Cllrs)|(?P<journalist>(?:reporters|journalists))|"
        r"(?P<peer>Lords|peers|Baronesses)|(?P<minister>(?:[Hh]ome|[Jj]ustice|[Ee]ducation|[Hh]ealth) [Ss]ecretaries|"
        r"[Pp]rime [Mm]inisters)|(?P<chief_officer>[Cc]hief [Cc]onstables)|(?P<mayor>[Mm]ayors)"
    )
    sources: dict[str, tuple[str, int]] = {
        "before": (rf"(?:^|(?<=[\s\"“‘(\[—–/|:*_-]))(?P<np>{np})(?P<sep>\s*[,:]\s*|\s+[-–—]\s+|\s*\(|\s*\|\s*|\s+){court}[\"“‘*_]*$", 0),
        "plural": (rf"\b(?:{plurals})\s+(?:{court}{p['names']}(?:,\s+(?:and\s+)?|\s+(?:and|&)\s+)){{0,6}}{court}$", 0),
        "while_in": (
            rf"(?:(?:^|[.;:—–\"“,]\s*)(?:[Aa]s|[Ww]hen|[Ww]hile|[Ww]hilst)|(?:^|[.;:—–\"“,]\s*)(?:[Ii]n|[Dd]uring|[Tt]hroughout|[Aa]t)\s+"
            rf"(?:[\w]+\s+(?:of\s+)?){{0,4}}(?:time|role|capacity|tenure|years?|period|post|term|stint|spell|days)\s+as)\s+{np},\s*{court}$",
            0,
        ),
        "after": (
            rf"{_POSTNOMINALS}(?:,\s+(?:aged\s+)?[2-9]\d|\s+\([2-9]\d\))?(?:\s*,\s+|\s*\(|\s+[-–—]\s+|\s*\|\s*)"
            rf"(?:(?:at\s+(?:the|that)\s+time|in\s+\d{{4}}|until\s+\d{{4}}|by\s+then),?\s+)?"
            rf"(?:(?:an?\s+|the\s+)?(?:[\w'’-]+\s+){{1,4}}and\s+(?!the\b|an?\b|his\b|her\b))?{np}{end}",
            0,
        ),
        "after_list": (rf"(?:\s+(?:and|&)\s+{court}{p['names']})?,\s+(?P<mods>(?:the|both|two)\s+)(?:[\w'’-]+\s+){{0,3}}?(?:{plurals})(?P<comp>){end}", 0),
        "copula": (rf"(?:,?\s+(?:who|and))?,?\s+{being}(?:\s+as)?,?\s+{adverbs}{np}{end}", 0),
        "acting_as": (
            rf"[^.;A-Z]{{0,40}}\b(?:speaking|writing|acting|serving|in\s+(?:his|her|their)\s+(?:role|capacity|time|post|position)|"
            rf"during\s+(?:his|her|their)\s+(?:time|tenure|period))\s+as\s+{np}{end}",
            0,
        ),
        "as_office": (rf"(?:\s+as)?\s+{np}{end}", 0),
        "succeeded": (rf"(?:,?\s+who)?\s+(?:has\s+)?(?:succeeded|replaced|followed)\s+{court}{p['names']}\s+as\s+{np}{end}", 0),
        "line": (rf"\W*{np}\s*(?:[,(|–—-][^\n]*)?$", 0),
        "line_press": (rf"\W*(?:{_CAP}\s+){{0,3}}(?i:reporter|correspondent|journalist|news\s+editor|{_OUTLET})\s*(?:,[^\n]*)?$", 0),
        "outlet": (rf"(?:,\s*|\s+(?:of|for|at|in)\s+)(?:the\s+|The\s+)?{_OUTLET}\s*$", 0),
        "suffix": (
            rf"{_POSTNOMINALS}(?:\s+(?:MP|MSP|MLA|MEP)\b(?!\s+(?:liaison|office|surgery))|\s*\((?:{_CAP}[\w'’ ,-]*\)\s*\()?"
            r"(?:Lab|Con|LD|SNP|DUP|SDLP|UUP|Ind|Green|Labour|Conservative|Liberal Democrat|Lab/Co-op|Plaid Cymru|Reform UK)"
            r"(?:,\s*[A-Z][\w'’ -]+)?\))",
            0,
        ),
        "appointed": (rf"\b(?:re-?)?(?:appointed|elected|named|made|succeeded|replaced)\s+{court}$", 0),
        "never_before": (rf"(?:^|[^\w])(?:{p['never_before']})[\s-]*$", re.I),
        "staff_of": (rf"\b(?:{p['staff']})s?(?:\s+[\w'’-]+){{0,2}}\s+(?:to|of|for|with|at|in)\s*$", re.I),
        "around_of": (rf"\b(?:{p['around']}|{p['kin']})s?\s+(?:to|of|for|with)\s*$", re.I),
        "verb_next": (rf"\s+{verb}", 0),
        "clause_start": (
            r"(?:^|[,;:—–\"“‘(]|\b(?:that|and|but|when|while|because|where|if|whether|so|before|after|since|until|as|than|said|says|"
            r"claimed|thought|believed|added|announced|hoped))\W*$",
            re.I,
        ),
        "fronted": (
            rf"(?:^|[,;:—–])\W*(?:{fronting})\b[^,;:—–]*\b(?:to|with|by|from|of|about|for|against|on|near|like|unlike|than|as|[a-z]+ing|"
            rf"told|asked|met|saw|{fronting})\s+$",
            re.I,
        ),
        "closed": (
            rf"\s*(?:[.;:!?)\]\"”—–|]|$)|,\s+(?:he|she|they|it|we|I|you|this|that|there|his|her|its|their|who\s+(?:said|told|wrote|"
            rf"replied|promised|agreed|declined)|the\s+(?!{p['kin']}|survivor|victim|girl|boy|child|woman|man|complainant)|{verb}|"
            rf"(?:in|on|at|to|for|from|about|by|after|before|during|with)\b|{_CAP})|\s+(?:in|on|at|to|for|from|about|by|after|"
            rf"before|during|with|that|who|when|and)\b",
            0,
        ),
        "bare_name_next": (
            r",\s+(?!Mr|Mrs|Ms|Dr|Sir|Dame|Cllr)[A-Z][a-z]+\s+(?!Council|Borough|County|City|Police|Constabulary|Hospital|Trust|"
            r"Ministry|Office|Inquiry|Commission|Committee|Board|Service|Services|Department|Party|University|MP\b)[A-Z][a-z]+(?:,|\s+and\b)",
            0,
        ),
    }
    compiled: dict[str, Any] = {name: re.compile(source, flags) for name, (source, flags) in sources.items()}
    titles = (
        (rf"(?<![\w'’-])(?:Baroness|Viscount(?:ess)?|Lord(?!\s+Justice))\s+(?:{_CAP}\s+)?$", "peer"),
        (r"\b(?:Rt\.?|Right)\s+Hon(?:ourable|\.)?\s+(?:(?:Sir|Dame|Mr|Mrs|Ms|Dr)\.?\s+)?$", "mp"),
        (rf"\b(?:Labour['’]s|SNP['’]s|Plaid Cymru['’]s|Reform UK['’]s|UKIP['’]s|(?:Conservatives|Tories|Lib Dems|Liberal Democrats|Greens)['’])\s+{court}$", "mp"),
        (rf"\b[Ii]nquiry(?:\s+[\w'’-]+){{0,6}}?\s+chaired\s+by\s+{court}$", "inquiry_chair"),
        (
            rf"\b[Ii]ndependent\s+(?:review|panel|audit|inspection|inquiry)(?:\s+[\w'’-]+){{0,6}}?\s+"
            rf"(?:chaired|led|carried\s+out|conducted|written)\s+by\s+{court}$",
            "inquiry_chair",
        ),
    )
    acts = (
        (rf",?\s+who\s+(?:chaired|has\s+chaired|chairs)\s+(?:the|an?|that)\s+{inquiry}", "inquiry_chair"),
        (rf",?\s+who\s+(?:represents|represented|has\s+represented)\s+{_CAP}(?:\s+{_CAP})*\s+(?:in|at)\s+(?:Parliament|the\s+Commons|Westminster|Holyrood|the\s+Senedd|Stormont)", "mp"),
        (rf"\s+(?:of|from)\s+(?:the\s+|The\s+){_OUTLET}(?=\s*[,.;:)]|\s+(?:said|told|wrote|reported|asked|first|who)\b|$)", "journalist"),
    )
    compiled["titles"] = tuple((re.compile(s), code) for s, code in titles)
    compiled["acts"] = tuple((re.compile(s), code) for s, code in acts)
    return compiled
