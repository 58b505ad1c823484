"""Many answers at once: a file with the questions in it to fill in, and the same file read back. It is as secret as the source.

.csv opens in a spreadsheet; .yaml is for an editor. What is left empty is not answered.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from ..case import NOTHING, Words
from ..case_sheets import sheets
from ..errors import EnvironmentFault, UsageError
from ..yamlfile import Strict, build, parse, read
from .answers import Reply
from .place import bundles_in
from .questions import Open, list_questions

COLUMNS = ("id", "question", "answer", "reason", "office", "same_as", "name_of")
_HOW = """\
Answer with a role (survivor, child, family, source, witness, complainant, suspect, officer, professional, public_figure,
convicted, waived, pseudonym), with not-a-person (the words stay), with same or different where two may be one, with unknown
(leave it masked and do not ask again), or with noted where an entry of the case is in doubt and stays as it is. What lets a
name stand needs a reason. same_as: another question's id; name_of: the person whose name this is, by name or label.
Then: redactor answer OUT --from FILE --as "your name"
"""


class _Line(Strict):
    id: str
    question: Words = NOTHING
    answer: str = ""
    reason: Words = NOTHING
    office: Words = NOTHING
    same_as: str = ""
    name_of: Words = NOTHING


class _Answers(Strict):
    answers: tuple[_Line, ...] = ()


def write_template(out: Path, path: Path) -> int:
    """Write every open question of OUT to a new file (.csv or .yaml, 0600) to be filled in; return how many there are."""
    places = [place.resolve() for place in bundles_in(out)]
    if any(path.resolve().is_relative_to(place / "publishable") for place in places):
        raise UsageError("The questions hold names and must not lie in publishable. Choose another folder")
    asked = [q for q in list_questions(out) if not q.answer]
    text = _as_csv(asked) if _is_csv(path) else _as_yaml(asked)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8-sig" if _is_csv(path) else "utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError("The file exists already, and may hold answers. Choose another name") from None
    except OSError as fault:
        raise EnvironmentFault(f"The file cannot be written: {fault.strerror}. Check its folder") from None
    return len(asked)


def read_replies(path: Path) -> list[Reply]:
    """The answers in a filled-in file. Raises UsageError naming the row or line, never what stands there."""
    if _is_csv(path):
        rows = _table(path)
    else:
        data, lines = parse(read(path, UsageError, "answers"), UsageError, "answers")
        rows = list(build(_Answers, data, lines, UsageError, "answers").answers)
    return [
        Reply(row.id.strip(), row.answer.strip(), row.reason, row.office, row.same_as.strip(), row.name_of)
        for row in rows
        if row.answer.strip() or row.same_as.strip() or row.name_of
    ]


def _is_csv(path: Path) -> bool:
    if path.suffix.lower() not in (".csv", ".yaml", ".yml"):
        raise UsageError("Answers are kept as .csv or .yaml. Give the file one of these endings")
    return path.suffix.lower() == ".csv"


def _table(path: Path) -> list[_Line]:
    try:
        ((_, lines),) = sheets(path, "answers")
    except RecursionError:
        raise UsageError("answers: the file cannot be read. Save it again as CSV") from None
    head = [cell.casefold() for cell in lines[0][1]] if lines else []
    if not {"id", "answer"} <= set(head) or not set(head) <= set(COLUMNS):
        raise UsageError(f"answers: the first row must name the columns {', '.join(COLUMNS)}. Start from a fresh template")
    return [_Line(**dict(zip(head, cells, strict=False))) for _, cells in lines[1:] if any(cells)]  # type: ignore[arg-type]


def _as_csv(asked: Sequence[Open]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for q in asked:
        table.writerow([q.id, _question(q), *[""] * (len(COLUMNS) - 2)])
    return text.getvalue()


def _as_yaml(asked: Sequence[Open]) -> str:
    import yaml

    parts = [f"# {line}\n" for line in _HOW.splitlines()] + ["answers:\n"]
    for q in asked:
        said = yaml.safe_dump({"question": _question(q)}, allow_unicode=True, width=1000).strip()
        parts.append(f"- id: {q.id}\n  {said}\n  answer:\n  reason:\n")
    return "".join(parts)


def _question(q: Open) -> str:
    return f"{q.text} {q.mentions} in {q.documents}" + (f"; {q.looks}" if q.looks else "")
