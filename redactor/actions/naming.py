"""What changed names are drawn by: who is she and who is he, and which names stand in the bundle or could be somebody's in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..case import Bundle
from ..policy import Policy
from .jigsaw import opened
from .job import Each, Job, spaced

if TYPE_CHECKING:
    from ..model import Resolution
    from ..wording import Naming


def naming_of(jobs: Sequence[Job], bundle: Bundle, resolution: Resolution, policy: Policy) -> Naming:
    """For a policy that changes names; for any other there is nothing to know."""
    from ..people import genders, taken_for
    from ..wording import Naming

    pool = policy.labels.changed_names
    if not pool:
        return Naming()
    words = {word.casefold() for text in _texts(jobs, bundle) for word in re.findall(r"[^\W\d_]+", text)}
    unfit = {name for name in pool if name.casefold() in words} | taken_for(pool, resolution.persons)
    return Naming(genders(resolution, Each({job.id: job for job in jobs}, lambda job: job.text)), frozenset(unfit))


def _texts(jobs: Sequence[Job], bundle: Bundle) -> Iterator[str]:
    """Everything that is written in the bundle, seen or hidden, in its case and in what was published on it before."""
    case = bundle.case
    for job in jobs:
        yield job.text
        yield spaced(job.relative.reveal())
        if job.document is not None:
            yield from (hidden.text.reveal() for hidden in job.document.hidden)
    for entry in (*case.public_figures, *case.people, *case.waivers, *case.pseudonyms):
        yield from (form.reveal() for form in entry.forms)
    yield from (form.reveal() for order in case.orders for form in order.persons)
    yield from (publication.text.reveal() for publication in case.publications)
    yield from (opened(path, "pub").text.reveal() for path in bundle.published)
