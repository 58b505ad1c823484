"""The summary of a run in words. It says what was found and done, never that a text is safe: no program can know that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .echo import printable

if TYPE_CHECKING:
    from ..actions import Asked, Combined, Found, Summary

_ACTIONS = ("mask", "soften", "keep")
_FEW = 5  # documents named beside a warning
_KINDS = 4  # of what stood hidden, named in the summary
_FIRST = 20  # questions shown: those that settle most


def in_words(summaries: Iterable[Summary], more: bool = False) -> str:
    """Every bundle's summary; `more` also names each publishable copy."""
    return "\n\n".join("\n".join(map(printable, _bundle(summary, more))) for summary in summaries)


def _bundle(summary: Summary, more: bool) -> Iterator[str]:
    yield f"{summary.bundle}: {summary.publishable} publishable, {summary.held} held"
    for document in summary.documents:
        if document.state == "held":
            yield f"  {document.id} held: {_sentence(document.cause)} {_sentence(document.remedy)}"
        elif more:
            yield f"  {document.id} publishable: {document.path}"
    if summary.skipped:
        yield f"  {count(summary.skipped, 'file')} left out: hidden, lock and system files are no documents"
    yield from _table("role", summary.by_role)
    yield from _table("kind", summary.by_kind)
    if summary.questions:
        yield ""
        yield "  Questions for a person"
        yield from (f"    {q.id}  {_question(q)}" for q in summary.questions[:_FIRST])
        if len(summary.questions) > _FIRST:
            yield f"    and {len(summary.questions) - _FIRST} that settle less"
        yield "    With names: redactor questions OUT. Answer: redactor answer OUT ID ROLE, then publish again"
    if summary.findings:
        yield ""
        yield "  What the copies say together"
        yield from (f"    {finding_in_words(f)}" for f in summary.findings)
    yield from _intake(summary.intake)
    yield ""
    yield f"  Copies and log  {Path(summary.folder) / 'publishable'}"
    yield f"  Case key        {summary.key_path} (keep it apart from the output)"
    yield f"  Public key      {summary.public_key}"
    if not summary.case_known:
        yield "  No case.yaml: nobody is a registered public figure"
    yield from (f"  {_sentence(note)}" for note in summary.notes)
    yield f"  {_verdict(summary)}"


def _question(q: Asked) -> str:
    """The question without a name in it."""
    where = f"{count(q.mentions, 'mention')} in {count(q.documents, 'document')}"
    one = q.label or "this person"
    if q.about == "same":
        return f"Are {one} and {q.other or 'somebody who is named'} the same person? {where}"
    if q.about == "shared":
        return f"Who is meant by a name that several bear? {where}"
    if q.about == "doubt":
        return f"Does what the case says of {q.label or 'somebody it names'} still hold? {where}; {', '.join(q.rules)}"
    if q.about == "fact":
        return f"Is a fact about somebody to go? {where}"
    guess = q.guess.replace("_", " ")
    if not guess:
        places = f"{count(q.mentions, 'place')} in {count(q.documents, 'document')}: " if q.mentions else ""
        return f"May {q.doc or 'the copies'} say this{f' of {q.label}' if q.label else ''}? {places}{', '.join(q.rules)}"
    together = f"; and may the copies say all that of this person? {', '.join(q.rules)}" if q.rules else ""
    return f"Who is {one}? {where}; until answered taken for: {guess}{together}"


def finding_in_words(f: Combined) -> str:
    """One finding in one line."""
    where = f" in {f.doc}" if f.doc else ""
    about = f" about {f.label}" if f.label else ""
    return f"{f.level}  {f.rule}{where}{about}: {_sentence(f.fix)}"


def _intake(found: Sequence[Found]) -> Iterator[str]:
    """A line for each warning, then what stood hidden in one line."""
    if not found:
        return
    yield ""
    warned: dict[str, list[str]] = {}
    for row in found:
        if row.sort == "warning":
            warned.setdefault(row.means or row.code, []).append(row.doc)
    for means, docs in warned.items():
        others = f" and {len(docs) - _FEW} more" if len(docs) > _FEW else ""
        yield f"  Source of {', '.join(docs[:_FEW])}{others}: {_sentence(means)}"
    if hidden := [row for row in found if row.sort == "hidden"]:
        kinds: Counter[str] = Counter()
        for row in hidden:
            kinds[row.code] += row.number
        usual = [f"{code} {number}" for code, number in list(kinds.items())[:_KINDS]]
        more = [f"{len(kinds) - _KINDS} more kinds"] if len(kinds) > _KINDS else []
        places = count(len({row.doc for row in hidden}), "document")
        pieces = count(kinds.total(), "piece")
        yield f"  Hidden in the sources and left out: {pieces} in {places} ({', '.join(usual + more)})"
    yield "    More: redactor intake OUT"


def _verdict(summary: Summary) -> str:
    items = len(summary.questions) + summary.held
    if summary.blocking:
        return f"{count(summary.blocking, 'blocking finding')} under policy {summary.policy}; {count(items, 'item')} to settle"
    found = "No blocking finding" if summary.publishable else "Nothing was published"
    return f"{found} under policy {summary.policy}; {count(items, 'item')} {'needs' if items == 1 else 'need'} a person"


def _table(what: str, rows: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """One row a role or kind, one column an action. Plain text: it is read in logs and e-mails too."""
    if not rows:
        return
    names = {row: (row or "nobody").replace("_", " ") for row in rows}
    width = max(len(f"Decisions by {what}"), *map(len, names.values()))
    yield ""
    yield f"  {f'Decisions by {what}':<{width}}" + "".join(f"{action:>8}" for action in _ACTIONS)
    for row, counts in rows.items():
        yield f"  {names[row]:<{width}}" + "".join(f"{counts.get(action, 0):>8}" for action in _ACTIONS)


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: 1 document, 2 documents."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def _sentence(words: str) -> str:
    words = words.strip()
    return words if not words or words[-1] in ".!?" else f"{words}."
