"""The copies: written anew, looked at by other means, read together as a stranger would, and put in place in one step."""

from __future__ import annotations

import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import ahocorasick  # type: ignore[import-not-found,import-untyped,unused-ignore]  # a C module without stubs

from ..cleartext import ClearText
from ..content import Content, flatten
from ..errors import EnvironmentFault, HeldError
from ..folding import Finder, folded
from ..model import Kind, Span
from ..policy import Policy
from .detector import chosen
from .exchange import SUPERSEDED, in_place, lasting
from .file_names import FileNames
from .jigsaw import Basis, opened, together
from .job import Job, Progress, spaced
from .summary import Combined

if TYPE_CHECKING:
    from ..decide_everywhere import Probes
    from ..formats import Letterhead
    from ..keys import CaseKey
    from ..store import Store
    from ..verify import Forms


def write_copies(
    jobs: list[Job],
    probes: Probes,
    labels: Mapping[str, str],
    policy: Policy,
    also: tuple[str, ...],
    letterhead: Letterhead | None,
    work: Path,
    progress: Progress,
) -> None:
    """Every copy of every document, masked, in the work folder; the text each was made from lies beside for verification."""
    from .. import formats
    from ..wording import published_name, replacements

    taken: set[str] = set()
    forms = Finder(form for _, _, form in probes.wanted)
    file_names = FileNames((kind, form) for _, kind, form in probes.wanted)
    names = single_names(probes)
    for done, job in enumerate(jobs):
        progress("writing", done, len(jobs))
        if job.held is not None or job.document is None:
            continue
        own = [d for d in job.decisions if d.doc == job.id]
        title = [d for d in job.decisions if d.doc != job.id]
        try:
            replaced = replacements(own, job.text, labels, policy, names)
            masked = masked_content(job, job.document.content, replaced, labels, policy)
            relative = published_name(job.relative.reveal(), replacements(title, spaced(job.relative.reveal()), labels, policy))
            relative = file_names.swept(relative)
            known = formats.written_as(formats.format_named(job.document.media))
            wanted = [known, *(formats.written_as(formats.format_named(a)) for a in (*known.further, *also))]
            for media_format in dict.fromkeys(wanted):
                path = (
                    relative
                    if media_format is known and Path(relative).suffix.lower() in known.extensions
                    else (str(Path(relative).with_suffix(media_format.extensions[0])))
                )
                path = _free_name(path, taken, job.id)
                formats.write(masked, media_format.media, work / "publishable" / "documents" / path, letterhead)
                job.published[path] = media_format.media
            if policy.pictures == "keep-painted" and job.file is not None:
                _paint(job, job.file, replaced, relative, taken, forms, work)
            (work / "expected").mkdir(exist_ok=True)
            (work / "expected" / job.id).write_text(flatten(masked).text.reveal(), encoding="utf-8")
        except HeldError as fault:
            job.held, job.published = fault, {}


def single_names(probes: Probes) -> frozenset[str]:
    """The protected names of one word, with which no fact is worded. Personal text."""
    return frozenset(form.reveal() for _, kind, form in probes.wanted if kind is Kind.NAME and " " not in form.reveal())


def masked_content(
    job: Job, content: Content, replaced: Mapping[Span, str], labels: Mapping[str, str], policy: Policy
) -> Content:
    """What a document's copies are written from, with the editor's note where names are changed; the words that were put in are
    noted in the job. Raises HeldError."""
    from ..wording import apply, uses_changed_name, with_note

    job.put = "\n".join(replaced.values())
    masked = apply(content, replaced)
    if uses_changed_name(replaced.values(), labels):
        masked, job.noted, job.put = with_note(masked, policy.labels.note), True, f"{job.put}\n{policy.labels.note}"
    return masked


def _paint(
    job: Job, source: Path, replaced: Mapping[Span, str], relative: str, taken: set[str], forms: Finder, work: Path
) -> None:
    """The pages of a picture with masked lines painted over, each a PNG file beside the copy of its text."""
    from .. import formats

    if job.document is None:
        return
    pages = formats.painted(source, job.document, replaced, lambda text: any(True for _ in forms.find(folded(text))))
    for number, (data, kept) in enumerate(pages, 1):
        base = Path(relative)
        path = _free_name(str(base.with_name(f"{base.stem}-page-{number}.png")), taken, job.id)
        (work / "publishable" / "documents" / path).write_bytes(data)
        job.published[path] = "image/png"
        job.painted[path] = kept


def _free_name(path: str, taken: set[str], doc: str) -> str:
    """The path, with the document's id put in where another copy has it already (names differ by case alone on some disks)."""
    if path.casefold() in taken:
        base = Path(path)
        path = str(base.with_name(f"{base.stem}-{doc}{base.suffix}"))
    taken.add(path.casefold())
    return path


def verify_copies(jobs: list[Job], probes: Probes, letterhead: Letterhead | None, work: Path, progress: Progress) -> None:
    """Each copy is looked at by other means; whatever is not accounted for holds its document and takes the copy away."""
    from .. import formats, verify

    live = [job for job in jobs if job.held is None]
    empty: dict[str, bytes] = {}
    asking = Asking(probes)
    for done, job in enumerate(live):
        progress("verifying", done, len(live))
        expected = ClearText((work / "expected" / job.id).read_text(encoding="utf-8"))
        asked = asking.of(job)
        try:
            for path, media in job.published.items():
                if media not in empty and path not in job.painted:
                    formats.write(Content(()), media, work / "empty", letterhead)
                    empty[media] = (work / "empty").read_bytes()
                copy, shown = work / "publishable" / "documents" / path, job.painted.get(path, expected)
                proof = verify.prove(copy, formats.checked_as(media), asked, shown, job.id, ClearText(path), empty.get(media))
                job.proof = (tuple(dict.fromkeys((*job.proof[0], *proof.checks))), max(job.proof[1], proof.sought))
        except HeldError as fault:
            job.held = fault
            for path in job.published:
                (work / "publishable" / "documents" / path).unlink(missing_ok=True)
            job.published = {}
    shutil.rmtree(work / "expected", ignore_errors=True)


class Asking:
    """What verification looks for in the copies of a bundle, made ready once, and how often each may stand in those of one
    document: our own words may hold it too."""

    def __init__(self, probes: Probes) -> None:
        from ..verify import Forms, Probe

        self._allowed = probes.allowed
        self._forms = Forms([Probe(person, kind, form) for person, kind, form in probes.wanted])
        self._ours = _Ours(form for _, _, form in probes.wanted)

    def of(self, job: Job) -> Forms:
        """The forms, with what the copies of this document may hold of them."""
        return self._forms.allowing(Counter(self._allowed[job.id]) + self._ours.count(job.put))


def combined(jobs: Sequence[Job], basis: Basis, policy: Policy, work: Path) -> tuple[Combined, ...]:
    """The copies read again as a stranger would, all together and beside earlier publications named in the case."""
    folder = work / "publishable" / "documents"
    return together([opened(folder / next(iter(job.published)), job.id) for job in jobs if job.published], basis, policy)


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


def deliver(place: Path, work: Path, policy: Policy, store: Store, key: CaseKey) -> None:
    """Manifest and log beside the copies, then one rename puts the finished folder in place of the old one."""
    from .. import audit
    from ..recognizers import versions

    fresh = work / "publishable"
    (fresh / "documents").mkdir(parents=True, exist_ok=True)
    for folder in sorted((p for p in (fresh / "documents").rglob("*") if p.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    run = store.latest_run()
    models = versions(chosen(policy)) | {f"plug-in {plugin.id}": plugin.said.partition(" ")[2] for plugin in policy.plugged()}
    audit.publish(fresh, store.events(since=run.seq if run else 0), key, policy=policy, models=models)
    try:
        lasting(fresh)
        in_place(fresh, place / "publishable", work / SUPERSEDED)
    except OSError as fault:
        raise EnvironmentFault(f"The copies could not be put in place: {fault.strerror}. Check OUT and run again") from None
