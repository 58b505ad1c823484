"""What stands in place of what must go: labels for people, coarser words for facts, in the grammar of the sentence.

Labels and generalised nouns are bracketed, so that a reader sees what was left out (Gradwick v IC, EA/2010/0030); ages and
dates are plain words and counted in the log. Pure functions over text; nothing here decides what must go (decide.py) or
checks that it went (verify/). The sentence is guessed from a few words on each side: it may read stiffly, never name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from .case import clean_name
from .content import Content
from .model import Action, Decision, Kind, Span
from .policy import Policy
from .wording_ages import soften_age
from .wording_dates import soften_date
from .wording_facts import name_of_fact
from .wording_grammar import ARTICLE, Replacement, cased, swallow, with_article
from .wording_labels import assign_labels, root
from .wording_names import Naming, gets_changed_name, is_changed, uses_changed_name, with_note

__all__ = [
    "Naming",
    "Replacement",
    "apply",
    "assign_labels",
    "gets_changed_name",
    "is_changed",
    "published_name",
    "replacements",
    "uses_changed_name",
    "with_note",
    "words_for",
]

_PEOPLE = frozenset({Kind.NAME, Kind.INITIALS, Kind.ALIAS})
_STRENGTH = {Action.KEEP: 0, Action.SOFTEN: 1, Action.MASK: 2}
# After "the Marshes" comes a verb; after "the Marsh's house" or "the James report" it is no family but one name.
_NOT_FAMILY = (
    r"\s+(?:family|household|case|home|house|child(?:ren)?|brothers?|sisters?|report|file|interview|address|boys?|girls?)\b"
)
_CONTEXT = 80
_SAME_RANK = {  # other ways to write the rank of a label, in front of the name it stands for
    "PC": r"PC|WPC|(?:police )?constable",
    "DC": r"DC|WDC|detective constable|det con",
    "PS": r"PS|(?:police )?sergeant|sgt\.?",
    "DS": r"DS|detective sergeant|det sgt|d/sgt",
    "Inspector": r"(?:police )?inspector|insp\.?",
    "DI": r"DI|detective inspector|det insp|d/insp",
    "Chief Inspector": r"chief inspector|ch insp|c/insp",
    "DCI": r"DCI|detective chief inspector|det ch insp",
}
_SAME_KIN = (  # words for one relation, as a label and the words beside the name may have it
    "mother|mum|mam|mom|mummy|mammy",
    "father|dad|daddy",
    "grandmother|gran|nan|nana|grandma|nain",
    "grandfather|grandad|grandpa|taid",
    "aunt|auntie|aunty",
    "stepmother|step-mother|stepmum",
    "stepfather|step-father|stepdad",
    *("uncle", "sister", "brother", "cousin", "niece", "nephew", "son", "daughter", "husband", "wife", "partner", "guardian"),
)


def words_for(decision: Decision, text: str, before: str, after: str, labels: Mapping[str, str], policy: Policy) -> Replacement:
    """What stands in place of `text`, which has `before` and `after` on its sides; `labels` by person id.

    The replacement may take along characters before and after ("On 17 October 2010", "a 13-year-old").
    """
    if decision.action is Action.KEEP:
        return Replacement(text)
    return cased(_words(decision, text, before, after, labels, policy), text, before)


def _words(decision: Decision, text: str, before: str, after: str, labels: Mapping[str, str], policy: Policy) -> Replacement:
    if decision.kind in _PEOPLE:
        return _person(labels.get(decision.person, "[name withheld]"), text, before, after)
    if decision.kind is Kind.AGE:
        return soften_age(text, before, after, policy.ages)
    if decision.kind is Kind.DATE:
        return soften_date(text, before, policy.dates)
    return name_of_fact(decision.kind, decision.detail, text, before, after)


def replacements(
    decisions: Iterable[Decision],
    text: str,
    labels: Mapping[str, str],
    policy: Policy,
    names: frozenset[str] = frozenset(),
) -> dict[Span, str]:
    """Spans of one document's flat `text` and their words, none overlapping, as `apply` takes them.

    Where decisions overlap, the stronger action (then a person's name, then the longer span) has the words for them all.
    `names`: protected names that are one ordinary word, in small letters; a fact is not worded with them, so that where
    somebody is called Park no "[a park]" stands.
    """
    merged = _merged([d for d in decisions if d.action is not Action.KEEP and len(d.span)])
    result: dict[Span, str] = {}
    done = 0
    for at, (span, decision) in enumerate(merged):
        following = merged[at + 1][0].start if at + 1 < len(merged) else len(text)
        # What a neighbour replaces is no context: it will end or begin with a bracket.
        before = ("]" if done else "") + text[max(done, span.start - _CONTEXT) : span.start]
        before = before if done or span.start <= _CONTEXT else "…" + before
        after = text[span.end : min(following, span.end + _CONTEXT)]
        words = words_for(decision, text[span.start : span.end], before, after, labels, policy)
        if decision.kind not in _PEOPLE and not names.isdisjoint(re.findall(r"[^\W\d_]+", words.text.lower())):
            words = _plainer(decision.kind, names)
        wide = Span(max(done, span.start - words.left), min(following, span.end + words.right))
        if result and (joined := _told_twice(*next(reversed(result.items())), wide, words.text, text, span.start)):
            result.popitem()
            wide, words = joined
        result[wide] = words.text
        done = wide.end
    return result


def _plainer(kind: Kind, names: frozenset[str]) -> Replacement:
    """Words for a fact that hold none of `names`."""
    wanted = {Kind.DATE: "date withheld", Kind.AGE: "age withheld", Kind.PLACE: "a place"}.get(kind, "detail withheld")
    return Replacement(f"[{'withheld' if names & set(wanted.split()) else wanted}]")


def apply(content: Content, replaced: Mapping[Span, str]) -> Content:
    """The content with spans of its flat text replaced, through presidio's engine (see wording_apply.apply)."""
    from .wording_apply import apply as engine_apply  # presidio takes half a second to import

    return engine_apply(content, replaced)


def published_name(relative: str, replaced: Mapping[Span, str]) -> str:
    """A document's path in the publication: `replaced` gives spans of `relative` and their words; the ending stays.

    Every folder and name comes out as a name every system takes: "a/Marsh-1.docx" becomes "a/Survivor-2-1.docx".
    """
    parts = []
    begun: set[Span] = set()
    at = 0
    for part in PurePosixPath(relative).parts:
        at = relative.index(part, at)
        name = part
        for span in sorted(replaced, reverse=True):
            start, end = max(span.start - at, 0), min(span.end - at, len(part))
            if start < end:
                words = "" if span in begun else f" {replaced[span].strip('[]')} "
                name = name[:start] + words.replace("’", "").replace("'", "") + name[end:]
        begun |= {s for s in replaced if s.start < at + len(part) and s.end > at}
        at += len(part)
        parts.append(name)
    ending = PurePosixPath(relative).suffix
    stem = parts[-1].removesuffix(ending) if ending else parts[-1]
    cleaned = [clean_name(re.sub(r"\s+(?=[-_.])|(?<=[-_.])\s+", "", p)) for p in (*parts[:-1], stem)]
    return "/".join(cleaned) + ending


def _merged(decisions: list[Decision]) -> list[tuple[Span, Decision]]:
    """Decisions joined where their spans overlap, in the order of the text."""
    out: list[tuple[Span, Decision]] = []
    for d in sorted(decisions, key=lambda d: (d.span, d.kind)):
        if out and out[-1][0].overlaps(d.span):
            span, held = out[-1]
            joined = Span(span.start, max(span.end, d.span.end))
            out[-1] = (joined, max(held, d, key=lambda x: (_STRENGTH[x.action], x.kind in _PEOPLE, len(x.span))))
        else:
            out.append((d.span, d))
    return out


def _person(label: str, text: str, before: str, after: str) -> Replacement:
    """A label in place of a name: possessives kept, an honorific or a rank the label says again swallowed, families named so."""
    family = f"{label}'s family" if is_changed(label) else f"[{root(label)}'s family]"
    if plural := re.search(r"s[’']$", text):
        after = text[plural.start() + 1 :] + after
        text = text[: plural.start() + 1]
    article = swallow(r"the\s+", before)
    if article and re.search(r"[a-z]s$|[A-Z]S$", text) and " " not in text and not re.match(_NOT_FAMILY, after, re.IGNORECASE):
        possessive = re.match(r"[’'](?!s)", after)
        words = family + ("'s" if possessive else "")
        return Replacement(words, left=len(article[0]), right=_right(possessive, plural))
    tail = re.search(r"[’']s$", text, re.IGNORECASE)
    bare = (
        re.match(r"[’'](?=\s)", after) if re.search(r"[sxz]$", text, re.IGNORECASE) and not re.search(r"[‘'’]$", before) else None
    )
    if is_changed(label):
        return _renamed(label + ("'s" if tail or bare else ""), before, after, _right(bare, plural))
    # "Mr [Person 3]" keeps the author's words; "Mrs [Survivor 2's mother]" would read as her title.
    title = swallow(r"(?:mr|mrs|ms|miss|mx|master)\.?\s+", before) if "'s " in label else _same_word(label, before)
    words = label + ("'s" if tail or bare else "")
    left = len(title[0]) if title else 0
    right = _right(bare, plural)
    kin, behind = _said_again(label, before[: len(before) - left], "" if tail or bare else after)
    return Replacement(words, left + kin, right + behind)


def _said_again(label: str, before: str, after: str) -> tuple[int, int]:
    """How much beside a name says what its label says again: "her mother, Ann Lee, rang" is "[Survivor 2's mother] rang"."""
    word = _kin_of(label)
    if not word:
        return 0, 0
    how = "(?:own |late |older |elder |younger |little |big )?"
    whose = rf"(?:her|his|their|my|our|your|(?:the |your |our )?(?:girl|boy|child|client|survivor)['’]s)\s+{how}(?:{word})"
    bare = rf"(?<!['’]s )(?<!\ban )(?<!\ba )(?:the\s+)?{how}(?:{word})"
    if lead := swallow(rf"(?:{whose}|{bare})(?P<comma>,)?\s+(?:called\s+|named\s+)?", before):
        closing = re.match(r",(?=\s(?!who|and|or|but|which))", after) if lead["comma"] else None
        return len(lead[0]), 1 if closing else 0
    tail = re.match(rf"(?i)(?:,\s+{whose}(?:,|(?=[.;)]))|\s+\((?:{whose}|{word})\))", after)
    return 0, len(tail[0]) if tail else 0


def _told_twice(first: Span, said: str, second: Span, words: str, text: str, start: int) -> tuple[Span, Replacement] | None:
    """One label for two neighbours that say one thing: "[Survivor 2]'s aunt, [Survivor 2's aunt]" is "[Survivor 2's aunt]", and
    so is "[Survivor 2's aunt], aunt of [Survivor 2]". `start`: where in the text what `second` replaces begins."""
    between = text[first.end : start]
    if len(between) > _CONTEXT or "\n" in between:
        return None
    relative, of, kin = said, re.match(r"\[([^\[\]]+)\]", words), _kin_of(said)
    if kin and of and said.startswith(f"[{of[1]}'s "):
        if told := re.fullmatch(rf"(?i)(?:,\s+|\s+(?P<open>\())(?:the\s+)?(?:\w+\s+)?(?:{kin})\s+(?:of|to)\s+", between):
            closing = re.match(r"\)" if told["open"] else r",(?=\s)", text[second.end :])
            if not told["open"] or closing:
                return Span(first.start, second.end + (len(closing[0]) if closing else 0)), Replacement(relative)
    owner, kin = re.fullmatch(r"\[([^\[\]]+)\](['’]s)?", said), _kin_of(words)
    if kin and owner and words.startswith(f"[{owner[1]}'s "):
        mark = "" if owner[2] else "['’]s"
        if re.fullmatch(rf"(?i){mark}\s+(?:\w+\s+)?(?:{kin})(?:,\s+|\s+)", between):
            return Span(first.start, second.end), Replacement(words)
    return None


def _kin_of(label: str) -> str:
    """The words that say the relation which a label ends with, as a pattern; "" for a label of no relation."""
    if "'s " not in label and "’s " not in label:
        return ""
    return next((w for w in _SAME_KIN if re.match(rf"\[[^\[\]]+['’]s (?:{w})(?: \d+)?\]", label)), "")


def _renamed(words: str, before: str, after: str, right: int) -> Replacement:
    """A changed name (a given name, its possessive mark with it): nobody's honorific fits it, and it has no "the" before it."""
    if couple := swallow(r"mr\.?\s+(?:and|&)\s+mrs\.?\s+", before):
        name = words.removesuffix("'s")
        return Replacement(f"{name}'s family{words[len(name) :]}", left=len(couple[0]), right=right)
    title = swallow(r"(?:mr|mrs|ms|miss|mx|master|dr)\.?\s+", before)
    left = len(title[0]) if title else 0
    rest = before[: len(before) - left]
    whose = words.endswith("'s") or re.match(r"[’']s\b", after)
    if (whose or re.match(_NOT_FAMILY, after, re.IGNORECASE)) and (article := swallow(r"the\s+", rest)):
        return Replacement(words if whose else f"{words}'s", left + len(article[0]), right)
    if article := ARTICLE.search(rest):
        return Replacement(with_article(words), left + len(article[0]), right)
    return Replacement(words, left, right)


def _right(possessive: re.Match[str] | None, inside: re.Match[str] | None) -> int:
    """How far a possessive mark reaches behind the span; none if it stood inside the span."""
    return len(possessive[0]) if possessive and not inside else 0


def _same_word(label: str, before: str) -> re.Match[str] | None:
    """The rank or job in front of a name that its label says too: "PC Marsh" is "[PC 3]", not "PC [PC 3]"."""
    word = re.sub(r"\s*\d+$", "", label.strip("[]"))
    return swallow(rf"(?:{_SAME_RANK.get(word, re.escape(word))})\s+", before)
