"""A role as a team writes it ("uncharged suspect", "stepfather of a survivor", "social worker") and the role it is.

Only protected roles are told this way: who may be named is listed under public_figures, waivers or pseudonyms, or written as the
role's own word. Words that say nothing known make an unknown person: masked, and asked about.
"""

from __future__ import annotations

import re

from .model import NAMEABLE, Role

# In order: the first pattern that matches says the role, most protective first. A relative and a suspect of the same words
# ("stepfather of a survivor, never charged") is a relative: that label protects the survivor.
_WORDS: tuple[tuple[Role, str], ...] = (
    (
        Role.FAMILY,
        r"(?:step|half|grand|god|foster|ex)?-?(?:mother|father|mum|mam|dad|parent|sister|brother|sibling|twin|son|daughter|niece|nephew)"
        r"|uncle|aunt(?:ie)?|cousin|gran|nan|husband|wife|partner|boyfriend|girlfriend|spouse|relative|family(?: member)?|kin",
    ),
    (Role.SURVIVOR, r"survivor|victim|complainant survivor|victim-survivor"),
    (Role.CHILD, r"child(?:ren)?|girl|boy|baby|infant|pupil|young (?:person|woman|man)|teenager|minor"),
    (Role.SOURCE, r"source|whistle-?blower|informant|CHIS|confidential contact"),
    (
        Role.SUSPECT,
        r"suspects?|uncharged|(?:never|not) charged|accused|acquitted|arrested|alleged|(?:person|man) of interest|NFA|nominal",
    ),
    (Role.WITNESS, r"witness|neighbour|passer-by|bystander|member of the public|friend"),
    (Role.COMPLAINANT, r"complainant|complaint maker"),
    (
        Role.OFFICER,
        r"officer|constable|sergeant|inspector|detective|superintendent|PC|DC|PS|DS|DI|DCI|PCSO|WPC|police(?: staff)?|custody",
    ),
    (
        Role.PROFESSIONAL,
        r"professional|\w*worker|teacher|tutor|GP|doctor|nurse|midwife|visitor|therapist|physio\w*|psych\w+|counsellor|solicitor|"
        r"barrister|lawyer|clerk|coach|carer|manager|adviser|advisor|advocate|journalist|reporter|chaplain|vicar|curate|"
        r"head(?:teacher)?|lecturer|receptionist|analyst|handler|interpreter|staff|employee|secretary|administrator|priest|imam",
    ),
)
_KNOWN = tuple((role, re.compile(rf"(?<!\w)(?:{words})(?:['’]s|s)?(?!\w)", re.IGNORECASE)) for role, words in _WORDS)


def role_of(words: str) -> Role | None:
    """The role that words in a case file mean; None for words that mean a person who may be named.

    >>> role_of("stepfather of a survivor"), role_of("licensed driver"), role_of("public figure")
    (<Role.FAMILY: 'family'>, <Role.UNKNOWN: 'unknown'>, None)
    """
    plain = re.sub(r"[\s_]+", " ", words).strip().casefold()
    named = {str(role).replace("_", " "): role for role in Role}
    if plain in named:
        return None if named[plain] in NAMEABLE else named[plain]
    told = next((role for role, pattern in _KNOWN if pattern.search(words)), Role.UNKNOWN)
    if told in (Role.FAMILY, Role.SURVIVOR, Role.CHILD, Role.SOURCE):
        return told  # "convicted, uncle of a survivor": naming him would name her
    if re.search(r"\b(?:not (?:to )?be named|never named|mask(?:ed)?|anonymous)\b", plain):
        return Role.SUSPECT if told is Role.UNKNOWN else told
    if re.search(r"\b(?:public|office-?holder|elected|convicted|offender|waived)\b", plain):
        return None
    return told
