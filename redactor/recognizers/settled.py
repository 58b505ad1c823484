"""Which findings stand beside the others of a text: no name in an address of the web, no street that is an institution.

Does not choose between two kinds that may both be right: one span may have several.
"""

from __future__ import annotations

from ..model import Finding, Kind, Span
from .tidy import title_code

_SURE = 0.6  # a town of the table of places, not one that only a model saw
_PUBLIC_BODIES = frozenset((code,) for code in ("force", "court", "law", "report", "party", "national", "prison"))

_MODELS = ("rampart", "tagger_names")


def _owner(place: Span, name: Span, text: str) -> bool:
    """Whether what was taken for a place begins with somebody's titled name ("Ms Penrose's school bag") or is just that and the
    rank before it ("insp church")."""
    if name.start == place.start and name.end < place.end:
        return text[name.end : name.end + 2] in ("'s", "’s")
    before = text[place.start : name.start].strip()
    return place.start < name.start and name.end == place.end and title_code(before) not in ("", "lord", "lady", "sir", "cleric")


def settled(found: set[Finding], text: str) -> list[Finding]:
    """Without numbers inside public numbers ("[2013] EWHC 1234", a helpline), names inside e-mail addresses and links, and a
    model's streets that are institutions."""
    public = [f.span for f in found if "keep" in f.attributes and f.recognizer == "identifiers"]
    contacts = [f.span for f in found if f.kind is Kind.EMAIL]
    links = [f.span for f in found if f.kind is Kind.URL]
    bodies = [f for f in found if f.kind is Kind.ORGANISATION and f.recognizer == "institutions"]
    titled = [f.span for f in found if f.recognizer == "title" and f.why == "title"]
    stays = [f.span for f in found if f.recognizer == "places" and f.kind is Kind.TOWN and f.score >= _SURE]
    patterns = [f for f in found if f.recognizer.startswith("facts_") and f.score >= 0.5 and f.kind is not Kind.KIN]

    def stands(finding: Finding) -> bool:
        span = finding.span
        if finding.recognizer == "tagger":  # institutions and towns stay; what a pattern knows it bounds better
            known = (f.span for f in patterns if f.kind is finding.kind)
            return not any(other.overlaps(span) for other in (*(b.span for b in bodies), *stays, *known))
        if finding.kind is Kind.DEMOGRAPHIC and any(f.span.holds(span) for f in bodies):
            return False  # the "Scottish" of an inquiry
        if finding.recognizer in _MODELS and finding.kind in (Kind.PLACE, Kind.ADDRESS) and any(span.holds(t) for t in titled):
            return False  # its "W. Cutler. PCSO Marsh" is a street
        if finding.kind in (Kind.PLACE, Kind.ADDRESS, Kind.SCHOOL, Kind.WORK):
            bare = Span(span.start + 4 * text.startswith(("the ", "The "), span.start), span.end)
            if any(_owner(span, t, text) for t in titled):
                return False
            model = finding.recognizer in _MODELS  # its "Dundee Sheriff Court" is a street
            if any(f.attributes[:1] == ("national",) and f.span.start == bare.start for f in bodies):
                return False  # "ChildLine's school"
            return not any((model or f.attributes[:1] in _PUBLIC_BODIES) and f.span.holds(bare) for f in bodies)
        if finding.kind in (Kind.ID, Kind.PHONE):
            return not any(other.holds(span) for other in public)
        if finding.kind in (Kind.NAME, Kind.ALIAS, Kind.INITIALS):
            return not any(other.overlaps(span) and span.start >= other.start for other in (*contacts, *links))
        return finding.kind is not Kind.URL or not any(other.overlaps(span) for other in contacts)

    return [finding for finding in found if stands(finding)]
