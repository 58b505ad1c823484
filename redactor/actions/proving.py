"""Each finished copy is looked at by other means, on many processes where there is enough to do."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import ahocorasick  # type: ignore[import-not-found,import-untyped,unused-ignore]  # a C module without stubs

from ..cleartext import ClearText
from ..content import Content
from ..errors import HeldError
from ..model import Kind
from ..policy import Policy
from .job import Job, Progress
from .workers import Workers, much

if TYPE_CHECKING:
    from ..decide_everywhere import Probes
    from ..formats import Letterhead
    from ..verify import Forms

Wanted = tuple[tuple[str, Kind, ClearText], ...]
Copy = tuple[ClearText, str, bytes, ClearText]
"""A finished copy: its relative path, media type, bytes, and the text that it was made from."""


def verify_copies(
    jobs: list[Job],
    probes: Probes,
    policy: Policy,
    letterhead: Letterhead | None,
    work: Path,
    workers: Workers,
    progress: Progress,
) -> None:
    """Each copy is looked at by other means; whatever is not accounted for holds its document and takes the copy away."""
    live = [job for job in jobs if job.held is None]
    look = Look(Asking(probes.wanted), policy, letterhead)
    asked = ((job.id, tuple(_copies(job, work)), job.put, probes.allowed[job.id]) for job in live)
    progress("verifying", 0, len(live))
    for done, (number, proof) in enumerate(
        workers.each(proven, asked, much((job.text, job.published.values()) for job in live), look), 1
    ):
        job = live[number]
        if isinstance(proof, HeldError):
            job.held = proof
            for path in job.published:
                (work / "publishable" / "documents" / path).unlink(missing_ok=True)
            job.published = {}
        else:
            job.proof = proof
        job.expected = None
        progress("verifying", done, len(live))


def _copies(job: Job, work: Path) -> Iterator[Copy]:
    """The copies of a document as they lie on the disk."""
    assert job.expected is not None
    for path, media in job.published.items():
        data = (work / "publishable" / "documents" / path).read_bytes()
        yield ClearText(path), media, data, job.painted.get(path, job.expected)


@dataclass(frozen=True, repr=False)
class Look:
    """What the copies of all documents are looked at with. Personal text; `empty`: by media type a copy of nothing."""

    asking: Asking
    policy: Policy
    letterhead: Letterhead | None
    empty: dict[str, bytes] = field(default_factory=dict)


def proven(look: Look, doc: str, copies: Sequence[Copy], put: str, allowed: Mapping[int, int]) -> tuple[tuple[str, ...], int]:
    """What was looked at in the copies of one document: names of checks, and how many forms. Raises LeakError."""
    from .. import formats, verify

    asked = look.asking.of(put, allowed)
    proofs = []
    with formats.using(look.policy.plugged("formats")):
        for name, media, data, shown in copies:
            painted = media == "image/png"
            if media not in look.empty and not painted:
                look.empty[media] = formats.made(Content(()), media, look.letterhead)
            empty = None if painted else look.empty[media]
            proofs.append(verify.prove_data(data, formats.checked_as(media), asked, shown, doc, name, empty))
    return tuple(dict.fromkeys(check for p in proofs for check in p.checks)), max((p.sought for p in proofs), default=0)


class Asking:
    """What verification looks for in the copies of a bundle, made ready once, and how often each may stand in those of one
    document: our own words may hold it too."""

    def __init__(self, wanted: Wanted) -> None:
        from ..verify import Forms, Probe

        self._wanted = wanted
        self._forms = Forms([Probe(person, kind, form) for person, kind, form in wanted])
        self._ours = _Ours(form for _, _, form in wanted)

    def __reduce__(self) -> tuple[type[Asking], tuple[Wanted]]:
        """Made ready anew in another process."""
        return Asking, (self._wanted,)

    def of(self, put: str, allowed: Mapping[int, int]) -> Forms:
        """The forms, with what the copies of one document may hold of them: what was `allowed`, and the words put in."""
        return self._forms.allowing(Counter(allowed) + self._ours.count(put))


class _Ours:
    """How often our own words hold a form: a season or a park, a "[Headteacher 3]" where a model took "headteacher" for a name.

    Several words of a name in a row are never ours.
    """

    def __init__(self, forms: Iterable[ClearText]) -> None:
        self._forms = [form.reveal() for form in forms]
        self._places: dict[str, list[int]] = defaultdict(list)
        for number, form in enumerate(self._forms):
            self._places[form.casefold()].append(number)
        self._small = ahocorasick.Automaton()  # one look for all of them at the words in small letters, where few are
        for small in self._places:
            if small:
                self._small.add_word(small, small)
        if len(self._small):
            self._small.make_automaton()

    def count(self, put: str) -> Counter[int]:
        """By the form's place: how often it stands in the words that were put in."""
        met = {small for _, small in self._small.iter(put.casefold())} if len(self._small) else set()
        found: Counter[int] = Counter()
        for number in (number for small in met for number in self._places[small]):
            words = self._forms[number]
            flags = re.IGNORECASE if " " not in words else 0
            found[number] = len(re.findall(rf"(?<![^\W_]){re.escape(words)}(?![^\W_])", put, flags))
        return found
