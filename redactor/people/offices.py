"""Which public office the text states of a person at one place where it names them ("X, Marlow's MP", "the then Home Secretary, X").

Reads one sentence, line or table row, and for a signature the line below. Does not hear an office told elsewhere
(registers.py does, for listed holders), and does not know whether what the text states is true.
Errs on the side of not hearing: whoever is not heard is masked and asked about, whoever is wrongly heard is published. So an
office that could be somebody else's in the sentence ("assistant to the chief executive, X"; "after meeting the MP, X said";
"X, the MP and the mayor met") is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .grammar import COURTESY, grammar
from .lexicon import Title
from .names import title_before
from .scope import Unit

REACH = 220  # characters looked at on either side of a name


def stated(text: str, unit: Unit, start: int, end: int) -> frozenset[str]:
    """Codes of the offices (data/offices.yaml) that the text states of the person named at `text[start:end]`.

    `unit` is the sentence, line or table row that holds the name. Titles before the name are read too.
    """
    if inside := re.search(r",?\s+(?:MP|MSP|MLA|MEP)$", text[start:end]):
        end = start + inside.start()  # a recognizer took the letters for a part of the name
    lead, tail = text[max(unit.start, start - REACH) : start], text[end : min(unit.end, end + REACH)]
    found = {*_before(lead, tail), *_after(tail, lead), *_told(tail, lead)}
    if re.match(r"(?:The |the )?(?:Rt\.?|Right) Hon", text[start:end]):
        found.add("mp")  # a privy counsellor: minister, former minister or party leader
    if unit.row:
        return frozenset(found) if not _addressed(text, unit, start) else frozenset()
    return frozenset(found | set(_signature(text, unit, lead, tail)))


_OTHERS = re.compile(r"\b(?:to|by|with|contact\w*|refer\w*|report\w*|complain\w*|allocated|seen|letter|recipient|told|informed)\b", re.I)


def _addressed(text: str, unit: Unit, start: int) -> bool:
    """Whether a column beside the name says that its cells are other people ("Reported to", "Letter to")."""
    top = unit.start
    while top and text[text.rfind("\n", 0, top - 1) + 1 :].startswith("|"):
        top = text.rfind("\n", 0, top - 1) + 1
    cells = text[top : text.find("\n", top)].split("|")
    here = text.count("|", unit.start, start)
    return any(_OTHERS.search(cell) for cell in cells[here - 1 : here] + cells[here + 1 : here + 2])


def _code(match: re.Match[str]) -> str:
    return next(code for code, words in match.groupdict().items() if words is not None and code in grammar().codes)


def _before(lead: str, tail: str) -> Iterator[str]:
    """An office before the name: "Marlow's MP X", "the Home Secretary (X)", "Chief Executive: X"."""
    g = grammar()
    for sure, code in g.titles:
        if sure.search(lead):
            yield code
    for match in g.plural.finditer(lead):
        yield _code(match)
    match = g.before.search(lead)
    if match and _meant(lead[: match.start("np")], match, tail):
        yield _code(match)
    match = g.while_in.search(lead)
    if match:
        yield _code(match)


def _meant(front: str, match: re.Match[str], tail: str) -> bool:
    """Whether an office right before a name is that person's. `front` is the sentence before the office."""
    g = grammar()
    sep, code = match["sep"].strip(), _code(match)
    if g.never_before.search(front) or g.staff_of.search(front):
        return False
    if sep in (",", "(") and g.around_of.search(front):
        return False
    if sep == ":":
        return code not in ("author", "journalist") and not re.search(r"\w", front)
    if sep == "|":
        return bool(re.fullmatch(r"\W*|.*\|\s*", front)) and bool(re.match(r"\s*(?:MP\s*)?(?:\||$)", tail))
    if sep == "(":
        return tail.startswith(")")
    if g.verb_next.match(tail):  # the name is the subject: the office must open the clause
        return bool(g.clause_start.search(front))
    if sep == ",":
        listed = re.match(r"\s+(?:and|&)\s+[A-Z]", tail) or g.bare_name_next.match(tail)
        fronted = g.fronted.search(front) and not g.closed.match(tail)
        return not listed and not fronted
    return True


def _after(tail: str, lead: str) -> Iterator[str]:
    """An office after the name: "X MP", "X, leader of the council", "X (Marlow) (Lab)", "| X | Chief Executive |"."""
    g = grammar()
    if g.suffix.match(tail):
        yield "mp"
    match = g.after.match(tail) or g.after_list.match(tail)
    if match and not _shared(match, tail):
        yield _code(match)
    if g.appointed.search(lead) and (match := g.as_office.match(tail)):
        yield _code(match)


def _shared(match: re.Match[str], tail: str) -> bool:
    """Whether the office may be the next in a list of people ("X, the MP and the mayor met")."""
    bare = not match["comp"] and re.fullmatch(r"(?i)(?:the|a|an|his|her|their|our)\s+", match["mods"] or "")
    rest = tail[match.end() :]
    return bool(bare and re.match(r",?\s+(?:and\s+)?(?:the|a|an|his|her|their|our)\s|\s+and\s+[A-Z]", rest))


def _told(tail: str, lead: str) -> Iterator[str]:
    """An office told with a verb: "X, who was chief constable until 2014", "X, speaking as leader of the council"."""
    g = grammar()
    for pattern in (g.copula, g.acting_as, g.succeeded):
        if match := pattern.match(tail):
            yield _code(match)
    for pattern, code in g.acts:
        if pattern.match(tail):
            yield code


def _signature(text: str, unit: Unit, lead: str, tail: str) -> Iterator[str]:
    """A name alone on its line over an office, and a newspaper's byline."""
    g = grammar()
    below = next((line for line in text[unit.end : unit.end + 160].split("\n")[1:3] if line.strip()), "")
    if re.fullmatch(rf"\W*{COURTESY}", lead) and re.fullmatch(r"\W*(?:(?:MP|MSP|[A-Z]{2,4})\W*)*", tail):
        if match := g.line.match(below):
            yield _code(match)
    if re.fullmatch(rf"\W*(?:By|BY|Words by|Report by)\s+{COURTESY}", lead):
        if g.outlet.match(tail) or (not tail.strip() and g.outlet.match(", " + below.strip())) or g.line_press.match(below):
            yield "journalist"


def own_title(text: str, unit: Unit, start: int, titles: Sequence[Title]) -> bool:
    """Whether the titles right before the name at `start` are that person's: not "PA to Chief Constable X", no "superintendent"
    in small letters, which is as often a children's home's."""
    _, begin = title_before(text, start)
    front, written = text[max(unit.start, begin - REACH) : begin], text[begin:start]
    g = grammar()
    if g.never_before.search(front) or g.staff_of.search(front) or re.search(r"(?i)\bhome['’]s\s*$", front):
        return False
    return written[:1].isupper() or len(titles[-1].label.split()) > 1
