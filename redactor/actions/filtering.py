"""`filter`: one text in, its copy out, or nothing: never a text that `publish` would hold or `release` refuse.

Everything happens in memory. Judged as a draft (drafting.py); the copy is looked at by other means, as every copy is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..content import Content, flatten
from ..errors import RefusedError, UsageError
from ..model import Action
from .drafting import Draft, ground_of, judge_drafts, worded
from .jigsaw import together
from .proving import Asking
from .writing import masked_content

if TYPE_CHECKING:
    from ..formats import Format

FORMS = ("txt", "md", "html", "csv", "tsv")
"""Short names of the formats that may go through a pipe."""


@dataclass(frozen=True, slots=True)
class Filtered:
    """A copy that passed verification, and what a person should know of it: how much was masked, softened and is asked about, and
    which jigsaw rules warn."""

    data: bytes = field(repr=False)
    masked: int
    softened: int
    asks: int
    warnings: tuple[str, ...]


def filter_text(draft: Draft, case: Path | None = None, *, policy: str | None = None) -> Filtered:
    """The copy of one text, in its own format; `case` and `policy` as `drafting.ground_of` has them.

    Raises HeldError (LeakError) where the text would be held, RefusedError where a jigsaw rule blocks it, UsageError for a format
    that is no text, and what `ground_of` raises.
    """
    from .. import formats, verify
    from ..jigsaw import Copy

    ground = ground_of(case, policy)
    judged = judge_drafts([draft], ground)
    (job, *more) = judged.jobs
    if job.held is not None:
        raise job.held
    assert job.document is not None
    known = formats.format_named(job.document.media)
    if known.name not in FORMS or more:
        raise UsageError(f"Only text goes through a pipe: {', '.join(FORMS)}. Publish other files")
    replaced = worded(judged, judged.labels, ground.policy)[job.id]
    masked = masked_content(job, job.document.content, replaced, judged.labels, ground.policy)
    data = known.write(masked)
    name = ClearText(f"copy{known.extensions[0]}")
    verify.prove_data(
        data,
        known.media,
        Asking(judged.probes.wanted).of(job.put, judged.probes.allowed[job.id]),
        flatten(masked).text,
        job.id,
        name,
        known.write(Content(())),
    )
    found = together([Copy(job.id, _reread(known, data))], judged.basis, ground.policy)
    if blocking := sorted({f.rule for f in found if f.level == "block"}):
        raise RefusedError(
            f"The text tells who somebody is when facts in it are put together ({', '.join(blocking)}). "
            "`redactor check` says where, and what to write"
        )
    counts = Counter(d.action for d in job.decisions if d.doc == job.id)
    asks = sum(d.asks for d in job.decisions if d.doc == job.id)
    warnings = tuple(sorted({f.rule for f in found if f.level == "warn"}))
    return Filtered(data, counts[Action.MASK], counts[Action.SOFTEN], asks, warnings)


def _reread(known: Format, data: bytes) -> ClearText:
    """The copy as a stranger reads it."""
    return flatten((known.reopen or known.read)(data).content).text
