"""`redactor questions` and `redactor answer`: what a person must decide, and what was decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .echo import printable, tell, tell_json
from .faults import verbose_option
from .summary import count

if TYPE_CHECKING:
    from ..actions import Open

_OUT = click.argument("out", metavar="OUT", type=click.Path(path_type=Path))


@click.command(short_help="List what a person must decide.")
@_OUT
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="Only the N that settle most.")
@click.option("--context", is_flag=True, help="Each with the words around its mentions.")
@click.option("--template", metavar="FILE", type=click.Path(path_type=Path), help="Write them to a new .csv or .yaml to fill in.")
@click.option("--as-case", is_flag=True, help="The answers given so far, as text for case.yaml.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
@verbose_option
def questions(out: Path, limit: int | None, context: bool, template: Path | None, as_case: bool, as_json: bool) -> None:
    """List what a person must decide, those first whose answer settles most. It shows names and needs the case key.

    \b
    Examples:
      redactor questions out
      redactor questions out --limit 20 --context
      redactor questions out --template answers.csv
      redactor questions out --as-case
    """
    from .. import actions

    if template is not None:
        written = actions.write_template(out, template)
        tell(f"{count(written, 'question')} written to {printable(str(template))}, which holds names: keep it like the source")
        return
    if as_case:
        tell("\n".join(map(printable, actions.as_case(out).splitlines())))
        return
    found = actions.list_questions(out)
    asked = [q for q in found if not q.answer][:limit]
    if as_json:
        tell_json({"questions": [_plain(q, context) for q in asked], "answered": [_plain(q, context) for q in found if q.answer]})
    else:
        tell("\n".join(map(printable, _lines(asked, [q for q in found if q.answer], context))))


def _plain(q: Open, context: bool) -> dict[str, object]:
    return {name: value for name, value in q.as_dict().items() if context or name != "context"}


def _lines(asked: Sequence[Open], answered: Sequence[Open], context: bool) -> Iterator[str]:
    for bundle in dict.fromkeys(q.bundle for q in (*asked, *answered)):
        yield bundle
        for q in (q for q in asked if q.bundle == bundle):
            looks = f"; {q.looks}" if q.looks else ""
            yield f"  {q.id}  {q.text} {count(q.mentions, 'mention')} in {count(q.documents, 'document')}{looks}"
            answers = "" if q.about == "person" else f"; answer: {', '.join(q.answers)}"
            yield f"         {'; '.join(_where(doc, rows) for doc, rows in q.where)}{answers}"
            if context:
                yield from (f"         {doc} {row or 'name'}: {line}" for doc, row, line in q.context)
        yield from (f"  {q.id}  {q.text} Answered: {q.answer}" for q in answered if q.bundle == bundle)
    if not asked:
        yield "No open question"
    else:
        yield "Answer with: redactor answer OUT ID ROLE (a role, or not-a-person); then publish again"


def _where(doc: str, rows: Sequence[int]) -> str:
    named = "its name" if 0 in rows else ""
    numbers = [str(row) for row in rows if row]
    paragraphs = f"{'paragraph' if len(numbers) == 1 else 'paragraphs'} {', '.join(numbers)}" if numbers else ""
    return f"{doc} " + " and ".join(part for part in (paragraphs, named) if part)


@click.command(short_help="Answer a question, or take an answer back.")
@_OUT
@click.argument("question", metavar="[ID]", required=False)
@click.argument("role", metavar="[ROLE]", required=False)
@click.option("--reason", metavar="TEXT", default="", help="Why, without names; needed where a name is to stand.")
@click.option("--as", "by", metavar="NAME", default="", help="Who answers; the log has a number for the name.")
@click.option("--office", metavar="TEXT", default="", help="The office of a public figure.")
@click.option("--same-as", metavar="ID", default="", help="It is the person of this question.")
@click.option("--name-of", metavar="PERSON", default="", help="It is a name of this person, by name or label.")
@click.option("--undo", is_flag=True, help="Take the answer back.")
@click.option("--from", "file", metavar="FILE", type=click.Path(path_type=Path), help="Many answers, from a filled-in template.")
@verbose_option
def answer(
    out: Path,
    question: str | None,
    role: str | None,
    reason: str,
    by: str,
    office: str,
    same_as: str,
    name_of: str,
    undo: bool,
    file: Path | None,
) -> None:
    """Answer the question ID. The next `publish` into the same OUT goes by it; case.yaml is not changed, and beats it.

    ROLE is survivor, child, family, source, witness, complainant, suspect, officer, professional, public_figure, convicted,
    waived or pseudonym; not-a-person where the words are nobody's name and stay; same or different where two may be one;
    unknown to leave it masked and not be asked again; noted where an entry of the case is in doubt and stays as it is. An answer
    that lets a masked name stand needs --reason and --as.

    \b
    Examples:
      redactor answer out q0417 officer
      redactor answer out q0417 public_figure --office "leader of the council" --reason "named in its minutes" --as "R. Hale"
      redactor answer out q2290 --name-of "Survivor 4"
      redactor answer out q0417 --undo
      redactor answer out --from answers.csv --as "R. Hale"
    """
    from .. import actions
    from ..cleartext import ClearText

    if (file is None) == (question is None):
        raise click.UsageError("Give either a question's ID or --from FILE.")
    if file is not None:
        replies = actions.read_replies(file)
    else:
        texts = {"reason": ClearText(reason), "office": ClearText(office), "name_of": ClearText(name_of)}
        replies = [actions.Reply(question or "", role or "", same_as=same_as, undo=undo, **texts)]
    kept = actions.answer(out, replies, by)
    tell("\n".join([*(f"{number}: {said}" for number, said in kept), "Publish again into the same OUT to go by it"]))
