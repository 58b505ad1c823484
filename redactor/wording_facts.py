"""General words for particular facts: what "a takeaway" is called once it may not be named.

For facts that are softened the first phrase is taken that brings back no word of the source; a masked place may be called
what it is ("a secondary school") though its name held the word.
"""

from __future__ import annotations

import re

from .model import Kind
from .wording_grammar import DETERMINER, Replacement, noun, repeats

_SCHOOL = {
    "secondary": "a secondary school",
    "primary": "a primary school",
    "infant": "an infant school",
    "nursery": "a nursery",
    "college": "a college",
    "university": "a university",
    "pru": "a pupil referral unit",
    "special": "a special school",
    "": "a school",
}
_PLACE = {
    "home": "a children's home",
    "street": "a street",
    "estate": "an estate",
    "village": "a village",
    "takeaway": "a takeaway",
    "shop": "a shop",
    "cafe": "a café",
    "pub": "a pub",
    "park": "a park",
    "hospital": "a hospital",
    "club": "a club",
    "worship": "a place of worship",
    "project": "a local project",
    "venue": "a venue",
    "": "a place",
}
_ID = {
    "nhs": "NHS number",
    "chi": "NHS number",
    "hc": "NHS number",
    "nino": "National Insurance number",
    "upn": "pupil number",
    "uln": "learner number",
    "pnc": "PNC ID",
    "cro": "CRO number",
    "asn": "arrest summons number",
    "crime_ref": "crime reference",
    "incident": "incident number",
    "collar": "collar number",
    "exhibit": "exhibit reference",
    "custody": "custody record number",
    "social_care": "social care number",
    "staff_no": "staff number",
    "passport": "passport number",
    "driver": "driving licence number",
    "prison": "prison number",
    "probation": "probation number",
    "court": "court case number",
    "family_case": "court case number",
    "holmes": "HOLMES reference",
    "account": "account number",
    "card": "card number",
    "iban": "account number",
    "uprn": "property number",
    "": "reference number",
}
_FIXED = {
    Kind.ADDRESS: "address",
    Kind.POSTCODE: "postcode",
    Kind.PHONE: "phone number",
    Kind.EMAIL: "email address",
    Kind.URL: "web address",
    Kind.VEHICLE: "vehicle registration",
}
_WORK = {"surgery": "a GP surgery", "shop": "a shop", "": "a workplace"}
_HEALTH = {
    "service": ("a health service", "a support service", "a service"),
    "treatment": ("health treatment", "a health matter", "a private matter"),
    "": ("a health matter", "a private matter", "a detail withheld"),
}
_BACKGROUND = {
    "religion": ("faith withheld", "background withheld", "detail withheld"),
    "language": ("language withheld", "background withheld", "detail withheld"),
    "nationality": ("nationality withheld", "background withheld", "detail withheld"),
    "": ("background withheld", "detail withheld", "withheld"),
}
_LAST = "…"  # when every phrase would bring back a word


def name_of_fact(kind: Kind, detail: str, text: str, before: str, after: str) -> Replacement:
    """The bracketed words for a fact of this kind and detail, in the grammar of its sentence."""
    match kind:
        case Kind.DOB:
            born = re.search(r"(?i)\bborn\s+(?:on\s+|in\s+)?(?:the\s+)?$", before)
            return Replacement(f"[{'year' if detail == 'year' else 'date'} withheld]" if born else "[date of birth]")
        case Kind.ID:
            return Replacement(f"[{_ID.get(detail, _ID[''])}]")
        case Kind.SCHOOL:
            return noun(_SCHOOL.get(detail, _SCHOOL[""]), before)
        case Kind.PLACE | Kind.TOWN | Kind.ORGANISATION:
            general = {Kind.TOWN: "a town", Kind.ORGANISATION: "an organisation"}.get(kind, _PLACE[""])
            return noun(_PLACE.get(detail, general), before)
        case Kind.WORK:
            return _work(detail, text, before)
        case Kind.KIN:
            return _kin(text, before, after)
        case Kind.HEALTH:
            return _health(_HEALTH.get(detail, _HEALTH[""]), text, before)
        case Kind.DEMOGRAPHIC:
            return Replacement(f"[{_fresh(_BACKGROUND.get(detail, _BACKGROUND['']), text)}]")
        case Kind.DISTINCTIVE:
            return noun(_fresh(("a detail withheld", "a matter withheld", "something withheld"), text), before)
    return Replacement(f"[{_FIXED.get(kind, 'detail withheld')}]")


def _fresh(phrases: tuple[str, ...], text: str) -> str:
    return next((p for p in phrases if not repeats(p, text)), _LAST)


def _work(detail: str, text: str, before: str) -> Replacement:
    """An occupation is a person ("a trainee farrier") or a job ("his job as a caretaker", "nights at the depot")."""
    if detail != "occupation":
        return noun(_WORK.get(detail, _WORK[""]), before)
    if re.search(r"(?i)\b(?:job|work|works|working|post|role|shifts?|nights)\b", text):
        return noun(_fresh(("a job", "employment", "a position"), text), before)
    return noun(_fresh(("an employee", "a member of staff"), text), before)


def _health(phrases: tuple[str, ...], text: str, before: str) -> Replacement:
    """A condition is a noun, "she is being treated for" a clause, "not well" what somebody is."""
    phrase = _fresh(phrases, text)
    if who := re.match(r"(?i)(?:s?he|they|I|we|you)(?=\s+\w)", text):
        verb = {"they": "are", "we": "are", "you": "are", "i": "am"}.get(who[0].lower(), "is")
        return Replacement(f"{who[0]} [{verb} affected by {phrase}]")
    if re.match(r"(?i)(?:has|had|have|takes?|took|suffer\w*|gave|miscarr\w+)\b", text):
        return Replacement(f"[has {phrase}]")
    if re.search(r"(?i)\b(?:be|is|was|are|were|been|being|felt|became|not)\s+$", before) and not re.match(
        r"(?i)(?:an?|the)\s", text
    ):
        return Replacement(f"[affected by {phrase}]")
    return noun(phrase, before)


def _kin(text: str, before: str, after: str) -> Replacement:
    """The words that state a relationship, so changed that "someone known to them" is all that is left of it.

    Stating a relation beside a name is what Editors' Code cl.7 forbids; the sentence must still have its subject and verb.
    """
    someone = "people known to them" if re.search(r"(?i)\b(?:members|parents|uncles|aunts|siblings|relatives)\b", text) else ""
    someone = _fresh((someone or "someone known to them", "a person"), text)
    remark = _fresh(("remark withheld", "detail withheld"), text)
    if re.match(r"(?i)(?:(?:is|are|was|were)\s+)?(?:no|not|isn[’']t|never|unrelated)\b", text):
        return Replacement(f"[{remark} about]" if re.search(r"(?i)\b(?:to|of)$", text) else f"[{remark}]")
    if re.search(r"(?i)\b(?:of|to|for|with)$", text):
        return Replacement(f"[{someone.removesuffix(' them')}]")
    if verb := re.search(r"(?i)\s(?:is|was|are|were|has|had)$", text):
        return Replacement(f"[{someone}]{verb[0]}")
    if re.search(r"(?i)\b(?:is|was|are|were|have|had|thought|nothing)\b", text) or text.endswith("!"):
        return Replacement(f"[{remark}]")
    if DETERMINER.search(before):
        return Replacement("[acquaintance]")
    if re.match(r"(?i)our\s", text) and re.match(r"\s*[A-Z\[]", after):
        return Replacement(f"[{someone}],")
    return noun(someone, before)
