"""`redactor jigsaw` and `redactor cards`: what finished copies say together, and everything they say of one label.

Both read publishable copies: their words may stand on the screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import ExitCode
from .echo import printable, tell, tell_json
from .faults import verbose_option
from .summary import count, finding_in_words

if TYPE_CHECKING:
    from ..actions import Combined, Together
    from ..jigsaw import Card

_OUT = click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
_POLICY = click.option("--policy", metavar="NAME|FILE", help="Judge by another policy than the one the copies were made under.")
_JSON = click.option("--json", "as_json", is_flag=True, help="The same as one JSON document.")


@click.command(short_help="Tell what the finished copies say together.")
@_OUT
@_POLICY
@_JSON
@verbose_option
def jigsaw(out: Path, policy: str | None, as_json: bool) -> None:
    """Read the copies in OUT again as a stranger would, all together and beside earlier publications named in the case.

    Each finding says the rule, the label, where (document, paragraph, characters of the copy) and the smallest change that
    would settle it. Nothing is changed. Needs the case key, not the source files. The exit code is 1 where a finding blocks.

    \b
    Examples:
      redactor jigsaw out
      redactor jigsaw out/operation-larkspur --policy strict --json
    """
    from .. import actions

    found = actions.jigsaw_findings(out, policy)
    if as_json:
        tell_json({"bundles": [together.as_dict() for together in found]})
    else:
        tell("\n\n".join("\n".join(map(printable, _together(t))) for t in found))
    click.get_current_context().exit(max((t.exit_code for t in found), default=ExitCode.OK))


@click.command(short_help="Print an intruder card for each label in the copies.")
@_OUT
@click.option("--label", metavar="LABEL", help='Only this label ("Survivor 4").')
@_POLICY
@_JSON
@verbose_option
def cards(out: Path, label: str | None, policy: str | None, as_json: bool) -> None:
    """Print everything the copies in OUT say of each label, for whoever tries to find out who it is (the motivated intruder).

    Labels that fewest people could be come first; the number is an estimate to rank by and proves nothing. The strings in
    quotation marks are to be searched for by hand, on another machine: this program never looks anything up.

    \b
    Examples:
      redactor cards out
      redactor cards out/operation-larkspur --label "Survivor 4"
    """
    from .. import actions

    found = actions.intruder_cards(out, label, policy)
    if as_json:
        tell_json({"cards": [{"bundle": bundle, **asdict(card)} for bundle, card in found]})
    else:
        tell("\n\n".join("\n".join(map(printable, _card(bundle, card))) for bundle, card in found))


def _together(t: Together) -> Iterator[str]:
    beside = f" beside {count(t.publications, 'earlier publication')}" if t.publications else ""
    yield f"{t.bundle}: {count(t.copies, 'copy', 'copies')} read{beside} under policy {t.policy}"
    for f in t.findings:
        yield f"  {finding_in_words(f)}"
        yield from (f"    {line}" for line in _where(f))
    yield from (f"  {note}" for note in t.notes)
    blocking = sum(f.level == "block" for f in t.findings)
    yield f"  {count(blocking, 'blocking finding') if blocking else 'No blocking finding'}; a person must read every copy"


def _where(f: Combined) -> Iterator[str]:
    changes = {(p.doc, p.start, p.end): p for p in f.proposals}
    for at in f.at:
        change = changes.pop((at.doc, at.start, at.end), None)
        then = f": {_change(change.action, change.words)}" if change else ""
        yield f"{at.doc} paragraph {at.paragraph}, characters {at.start}-{at.end}{then}"
    for p in changes.values():
        yield f"{p.doc} paragraph {p.paragraph}, characters {p.start}-{p.end}: {_change(p.action, p.words)}"


def _change(action: str, words: str) -> str:
    return "give a new label" if action == "relabel" else f'{action}, as "{words}"' if words else f"{action}, leave out"


def _card(bundle: str, card: Card) -> Iterator[str]:
    people = (
        f"rank {card.rank}, about {card.crowd} people could be meant" if card.crowd is not None else "no place told, no estimate"
    )
    yield f"{card.label}  ({bundle}; {people})"
    for kind, said in card.facts.items():
        yield f"  {kind.replace('_', ' ')}"
        yield from (f"    {s.place.doc} paragraph {s.place.paragraph}: {s.sentence}" for s in said)
    if card.searches:
        yield "  Search for"
        yield from (f"    {string}" for string in card.searches)
