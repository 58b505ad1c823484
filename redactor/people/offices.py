"""Which public office the text states of a person where it names them ("X, Marlow's MP", "the then Home Secretary, X").

Reads one sentence, line or table row, and for a signature the line below. Does not hear an office told elsewhere
(registers.py does, for listed holders), and does not know whether what the text states is true.
Errs on the side of not hearing: whoever is not heard is masked and asked about, whoever is wrongly heard is published. So an
office that could be somebody else's in the sentence ("assistant to the chief executive, X"; "after meeting the MP, X said";
"X, the MP and the mayor met") is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .grammar import grammar
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
    letters = "".join(word[0] for word in re.findall(r"[^\W\d_]+", text[start:end]))
    tail = re.sub(rf"^\s*\({letters}\)", "", tail)  # "Mary Pell (MP)" gives her initials
    found = {*_before(lead, tail), *_after(tail, lead), *_told(tail), *_inherited(text, unit, lead)}
    if re.match(r"(?:The |the )?(?:Rt\.?|Right) Hon", text[start:end]):
        found.add("mp")  # a privy counsellor: minister, former minister or party leader
    if unit.row:
        return frozenset(found) if not _addressed(text, unit, start) else frozenset()
    return frozenset(found | set(_signature(text, unit, lead, tail)))


def _before(lead: str, tail: str) -> Iterator[str]:
    """An office before the name: "Marlow's MP X", "the Home Secretary (X)", "Chief Executive: X"."""
    g = grammar()
    for name, pattern in g.plain.items():
        if name.startswith("title_") and pattern.search(lead):
            yield name.removeprefix("title_")
    for name in ("plural", "while_in", "followed"):
        if match := g.search(name, lead):
            yield g.code(match)
    match = g.search("before", lead)
    if match and _meant(lead[: match.start("np")], match["sep"].strip(), g.code(match), tail):
        yield g.code(match)


def _meant(front: str, sep: str, code: str, tail: str) -> bool:
    """Whether an office right before a name is that person's. `front` is the sentence before the office, `sep` what stands
    between office and name."""
    says = grammar().plain
    if says["never"].search(front) or says["staff_of"].search(front):
        return False
    if sep in (",", "(") and says["around_of"].search(front):
        return False
    if sep == ":":
        return code not in ("author", "journalist") and not re.search(r"\w", front)
    if sep == "|":
        return bool(re.fullmatch(r"\W*|.*\|\s*", front)) and bool(re.match(r"\s*(?:MP\s*)?(?:\||$)", tail))
    if sep == "(":
        return tail.startswith(")")
    if says["verb_next"].match(tail):  # the name is the subject: the office must open the clause
        return bool(says["clause_start"].search(front))
    if sep == ",":
        fronted = says["fronted"].search(front) and not says["closed"].match(tail)
        return not fronted and not says["listed_next"].match(tail)
    return True


def _inherited(text: str, unit: Unit, lead: str) -> Iterator[str]:
    """An office that the sentences before give to another: "The home secretary, X, left in May. Her successor, Y"."""
    g = grammar()
    if not g.plain["heir"].fullmatch(lead):
        return
    front = re.split(r"(?<=[.!?”\"])\s+(?=[A-Z“\"])", text[text.rfind("\n", 0, unit.start) + 1 : unit.start].strip())
    for back in (1, 2):
        if len(front) >= back and (match := g.match("holder", front[-back])):
            names = re.compile(rf"\b(?:{'|'.join(map(re.escape, match['who'].split()))})\b")
            if all(names.search(sentence) for sentence in front[-back:]):
                yield g.code(match)
            return


def _after(tail: str, lead: str) -> Iterator[str]:
    """An office after the name: "X MP", "X, leader of the council", "X (Marlow) (Lab)", "| X | Chief Executive |"."""
    g = grammar()
    if g.plain["suffix"].match(tail):
        yield "mp"
    match = g.match("after", tail) or g.match("after_list", tail)
    if match and not _shared(match, tail):
        yield g.code(match)
    if g.plain["appointed"].search(lead) and (match := g.match("as_office", tail)):
        yield g.code(match)


def _shared(match: re.Match[str], tail: str) -> bool:
    """Whether the office may be the next in a list of people ("X, the MP and the mayor met")."""
    bare = not match["comp"] and re.fullmatch(r"(?i)(?:the|a|an|his|her|their|our)\s+", match["mods"] or "")
    rest = tail[match.end() :]
    return bool(bare and re.match(r",?\s+(?:and\s+)?(?:the|a|an|his|her|their|our)\s|\s+and\s+[A-Z]", rest))


def _told(tail: str) -> Iterator[str]:
    """An office told with a verb: "X, who was chief constable until 2014", "X, speaking as leader of the council"."""
    g = grammar()
    for name in ("copula", "acting_as", "succeeded"):
        if match := g.match(name, tail):
            yield g.code(match)
    for name, pattern in g.plain.items():
        if name.startswith("act_") and pattern.match(tail):
            yield name.removeprefix("act_")


def _signature(text: str, unit: Unit, lead: str, tail: str) -> Iterator[str]:
    """A name alone on its line over an office, and a newspaper's byline."""
    g = grammar()
    below = next((line for line in text[unit.end : unit.end + 160].split("\n")[1:3] if line.strip()), "")
    if g.plain["alone"].fullmatch(lead) and re.fullmatch(r"\W*(?:[A-Z]{2,4}\W*)*", tail):
        if match := g.match("line", below):
            yield g.code(match)
    if g.plain["byline"].fullmatch(lead):
        press = g.plain["press_after"].match(tail) or (not tail.strip() and g.plain["press_after"].match(f", {below.strip()}"))
        if press or g.plain["press_line"].match(below):
            yield "journalist"


def _addressed(text: str, unit: Unit, start: int) -> bool:
    """Whether a column beside the name says that its cells are other people ("Reported to", "Letter to")."""
    top = unit.start
    while top and text[text.rfind("\n", 0, top - 1) + 1 :].startswith("|"):
        top = text.rfind("\n", 0, top - 1) + 1
    cells = text[top : text.find("\n", top)].split("|")
    here = text.count("|", unit.start, start)
    others = grammar().plain["others_column"]
    return any(others.search(cell) for cell in cells[here - 1 : here] + cells[here + 1 : here + 2])


def own_title(text: str, unit: Unit, start: int) -> bool:
    """Whether the titles right before the name at `start` are that person's: not "PA to Chief Constable X", no "superintendent"
    in small letters, which is as often a children's home's."""
    _, begin = title_before(text, start)
    front, written = text[max(unit.start, begin - REACH) : begin], text[begin:start]
    says = grammar().plain
    if says["never"].search(front) or says["staff_of"].search(front) or re.search(r"(?i)\bhome['’]s\s*$", front):
        return False
    return written[:1].isupper() or len(written.split()) > 1
