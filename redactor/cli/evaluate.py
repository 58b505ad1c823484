"""`redactor evaluate`: annotated bundles published and scored, in figures without a word of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .echo import printable, tell, tell_json
from .faults import verbose_option
from .progress import progress
from .summary import count

if TYPE_CHECKING:
    from rich.table import Table

    from ..actions import Evaluation
    from ..gold_figures import Protection, Rate
    from ..gold_score import Share

_ABOUT = {
    "person": "who somebody is",
    "same": "whether two are one",
    "shared": "a name that several bear",
    "doubt": "an entry of the case",
    "fact": "a fact",
}
_WHAT = {
    "leak": "Still there, and had to go",
    "name part": "Gone, but a word of the name is still there",
    "unsoftened": "Still there word for word, and had to change",
    "lost": "Gone, and had to stay",
}


@click.command(short_help="Publish annotated bundles and score the copies.")
@click.argument("gold", metavar="GOLD", type=click.Path(path_type=Path))
@click.option(
    "--cases", metavar="FOLDER", type=click.Path(path_type=Path), help="FOLDER/BUNDLE/case.yaml (default: beside GOLD)."
)
@click.option("--without-case", is_flag=True, help="Publish without any case.yaml: nobody is told who is who.")
@click.option("--policy", metavar="NAME|FILE", default="iopc-report", show_default=True, help="Publish under this policy.")
@click.option(
    "--misses",
    is_flag=True,
    help="Also list the words of the gold that were missed or lost. THIS SHOWS PERSONAL TEXT: ask for it where you may read it.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON document.")
@verbose_option
def evaluate(gold: Path, cases: Path | None, without_case: bool, policy: str, misses: bool, as_json: bool) -> None:
    """Publish the bundles of GOLD and say how much of what had to go is gone, and of what had to stay is still there.

    GOLD is a folder of BUNDLE/DOCUMENT.gold.txt, each bundle with its case.yaml, or a .jsonl file of the same
    (benchmarks/README.md says how to annotate). Copies and keys of the run are thrown away at its end. A held document counts
    as an empty copy. Documents are numbered in the order of their names within a bundle; no word of them is shown.

    \b
    Examples:
      redactor evaluate benchmarks/gold
      redactor evaluate our-gold.jsonl --cases our-cases --policy newsroom --json > figures.json
      redactor evaluate benchmarks/gold --without-case --misses

    \b
    Exit codes:
      0  every person is wholly protected, no document is held
      1  something of a person is left in a copy, or a document is held; the figures are told
      2  GOLD, a case.yaml or the policy cannot be used
      3  disk, permission, key or model
    """
    from .. import actions

    with progress() as report:
        found = actions.evaluate(gold, cases=cases, with_case=not without_case, policy=policy, progress=report)
    if as_json:
        tell_json(found.as_dict(misses))
    else:
        tell("\n\n".join([*_told(found), *(_missed(found) if misses else ())]))
    click.get_current_context().exit(found.exit_code)


def _told(e: Evaluation) -> Iterator[str]:
    """The parts of the report."""
    case = "with case.yaml" if e.with_case else "without case.yaml"
    yield printable(
        f"{count(e.bundles, 'bundle')}, {count(len(e.documents), 'document')}, {e.characters:,} characters, {case}, "
        f"policy {e.policy}, {e.seconds:.0f} s"
    )
    figures = e.figures
    yield "\n".join(
        [
            f"Miss rate per protected person   {rate(figures.miss_rate)}",
            f"  a word of a name counted too   {rate(figures.trace_rate)}",
        ]
    )
    table = _table("", "share", "of")
    for label, share in figures.scores.rows():
        table.add_row(label, *_cells(share))
    yield _drawn(table)
    persons = _table("Persons protected", "wholly", "partly", "not")
    for role, p in (*figures.persons.items(), ("all", figures.protection)):
        persons.add_row(role, *_counts(p))
    yield _drawn(persons)
    yield _breakdown("role", figures.by_role)
    yield _breakdown("kind", figures.by_kind)
    documents = _table("Document", "leaks", "not softened", "lost", "prose", "")
    for d in e.documents:
        row = (str(d.leaks), str(d.unsoftened), str(d.lost), _cells(d.prose)[0], f"held: {d.cause}" if d.cause else "")
        documents.add_row(printable(f"{d.bundle} {d.id}"), *row)
    yield _drawn(documents)
    asked = "; ".join(f"{n} on {_ABOUT[about]}" for about, n in e.questions.items())
    yield (
        f"Questions asked {sum(e.questions.values())}{f' ({asked})' if asked else ''}, documents held {e.held}, "
        f"blocking findings {e.blocking}"
    )


def rate(r: Rate) -> str:
    """A miss rate with its interval and what it was counted from."""
    if r.value is None or r.interval is None:
        return "-"
    low, high = r.interval
    return f"{r.value:.3f} (95% interval {low:.3f} to {high:.3f}): {r.missed} of {count(r.of, 'person', 'persons')}"


def _missed(e: Evaluation) -> Iterator[str]:
    for what, heading in _WHAT.items():
        rows = [m for m in e.misses if m.what == what]
        if rows:
            lines = [printable(f"  {m.bundle} {m.id}  {m.person} {m.kind}  {' '.join(m.text.reveal().split())}") for m in rows]
            yield "\n".join([f"{heading} ({len(rows)})", *lines])


def _breakdown(what: str, rows: Mapping[str, Mapping[str, Share]]) -> str:
    table = _table(f"By {what}", "mask", "of", "soften", "of", "keep", "of")
    for name, row in rows.items():
        table.add_row(name, *(cell for share in row.values() for cell in _cells(share)))
    return _drawn(table)


def _cells(share: Share) -> tuple[str, str]:
    return ("-" if share.value is None else f"{share.value:.3f}", f"{share.of:,}" if share.of else "")


def _counts(p: Protection) -> tuple[str, str, str]:
    return str(p.wholly), str(p.partly), str(p.none)


def _table(first: str, *others: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    return table


def _drawn(table: Table) -> str:
    """The table in words; bold at a terminal only, for it is read in logs and e-mails too."""
    import io
    import sys

    from rich.console import Console

    page = io.StringIO()
    Console(file=page, width=140, force_terminal=sys.stdout.isatty(), highlight=False).print(table)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())
