"""The story of each act, in order; the command, the page, the service and Python call these and nothing else.

A bundle goes through: read → detect → resolve → decide → word → write → verify → publish. Whatever fails on the way holds one
document and never the batch. Copies are made in a work folder and moved into `publishable/` in one step at the very end.
"""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .case import Bundle, open_bundle
from .cleartext import ClearText
from .content import flatten
from .errors import EnvironmentFault, ExitCode, HeldError, KeyFault, UsageError
from .model import Action, Decision, Detection, Document, Kind, Person
from .policy import Policy, load_policy

if TYPE_CHECKING:
    from .keys import CaseKey
    from .model import Resolution
    from .recognizers import Engine
    from .store import Store

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """What became of one document: "publishable" with the copy's path below publishable/documents, or "held" and why."""

    id: str
    state: str
    path: str = ""
    cause: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for the team, without personal text: id, label in the copies, a guess, and how much it settles."""

    id: str
    label: str
    guess: str
    mentions: int
    documents: int


@dataclass(frozen=True, slots=True)
class Combined:
    """What the finished copies of a bundle say together (jigsaw): rule, level, label, document, how many places, the fix."""

    rule: str
    level: str
    label: str
    doc: str
    places: int
    detail: str
    fix: str


@dataclass(frozen=True, slots=True)
class Summary:
    """One bundle's run. Counts are of decisions: role or kind → action → how many."""

    bundle: str
    folder: str
    policy: str
    case_known: bool
    documents: tuple[DocumentResult, ...]
    by_role: Mapping[str, Mapping[str, int]]
    by_kind: Mapping[str, Mapping[str, int]]
    questions: tuple[Asked, ...]
    key_path: str
    public_key: str
    findings: tuple[Combined, ...] = ()
    skipped: int = 0
    notes: tuple[str, ...] = ()

    @property
    def publishable(self) -> int:
        """How many documents passed verification."""
        return sum(d.state == "publishable" for d in self.documents)

    @property
    def held(self) -> int:
        """How many documents are held."""
        return len(self.documents) - self.publishable

    @property
    def blocking(self) -> int:
        """How many jigsaw findings keep the bundle from being released."""
        return sum(f.level == "block" for f in self.findings)

    @property
    def exit_code(self) -> ExitCode:
        """What the command returns for this bundle."""
        return ExitCode.HELD if self.held or self.blocking else ExitCode.OK

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        return {**asdict(self), "publishable": self.publishable, "held": self.held, "blocking": self.blocking}


@dataclass(slots=True)
class _Job:
    """One document on its way."""

    id: str
    relative: ClearText
    document: Document | None = None
    text: str = field(default="", repr=False)
    detection: Detection | None = None
    decisions: list[Decision] = field(default_factory=list)
    held: HeldError | None = None
    published: dict[str, str] = field(default_factory=dict)  # relative path of a copy → media type
    put: str = field(default="", repr=False)  # the words that were put in, to account for "summer" or "park" among them
    proof: tuple[tuple[str, ...], int] = ((), 0)


def publish(
    bundles: Sequence[Path],
    out: Path,
    *,
    policy: str = "iopc-report",
    case: Path | None = None,
    also: Sequence[str] = (),
    progress: Progress | None = None,
) -> list[Summary]:
    """Publish each bundle (a folder or one file) to `out/<bundle>/`; models load once for all of them.

    `policy` is a name or a YAML file, `case` another case.yaml for all bundles, `also` further formats of the copies
    ("html", "md", "txt", "docx"). Raises RedactorError for what stops a bundle; a document that cannot be published is held
    and said so in its Summary.
    """
    from .formats import format_named
    from .recognizers import Engine

    rules = load_policy(policy)
    for name in also:
        format_named(name)
    opened = [open_bundle(path, case) for path in bundles]
    if not opened:
        raise UsageError("No bundle was given. Name a folder of documents, or one file")
    if len({b.name for b in opened}) < len(opened):
        raise UsageError("Two bundles have the same name. Publish them to different OUT folders")
    if any(path.is_dir() and out.resolve().is_relative_to(path.resolve()) for path in bundles):
        raise UsageError("OUT lies in the bundle. Choose a folder outside it")
    places = [_place(out, bundle) for bundle in opened]
    engine = Engine()
    return [_one(b, place, rules, tuple(also), engine, progress or _quiet) for b, place in zip(opened, places, strict=True)]


def _quiet(_stage: str, _done: int, _all: int) -> None:
    """No progress wanted."""


def _place(out: Path, bundle: Bundle) -> Path:
    """OUT/<bundle>, refused where it holds anything that is not an earlier run of ours."""
    place = (out / bundle.name).resolve()
    try:
        if place.is_dir() and not _ours(place):
            raise UsageError("OUT holds a folder of this name that is no earlier run. Choose an empty folder")
        place.mkdir(parents=True, exist_ok=True)
        (place / "restricted").mkdir(mode=0o700, exist_ok=True)
    except OSError as fault:
        raise EnvironmentFault(f"OUT cannot be written: {fault.strerror}. Check the folder's rights or choose another") from None
    return place


def _ours(place: Path) -> bool:
    """Whether a folder is empty, an earlier run's, or what a run left that was interrupted before its store was made."""
    inside = {p.name for p in place.iterdir()}
    left = {p.name for p in (place / "restricted").iterdir()} if (place / "restricted").is_dir() else set()
    return "case.db" in left or (inside <= {"restricted"} and all(n == "key-id" or n.startswith("work-") for n in left))


def _one(bundle: Bundle, place: Path, policy: Policy, also: tuple[str, ...], engine: Engine, progress: Progress) -> Summary:
    from .store import Store

    key_id, key = _key(place)
    with _work_folder(place) as work:
        jobs = [_Job(s.id, s.relative) for s in bundle.documents]
        _read(bundle, jobs, progress)
        _detect(jobs, engine, progress)
        resolution, names = _resolve(jobs, bundle, policy, engine)
        store = Store.open(place / "restricted" / "case.db", key)
        try:
            labels = _labels(resolution, jobs, policy, store, key)
            _decide(jobs, names, resolution, bundle, policy)
            _write(jobs, labels, policy, also, work, progress)
            _verify(jobs, resolution, work, progress)
            found = _combined(jobs, bundle, policy, work)
            asked = _questions(resolution, labels, jobs)
            with store.transaction():
                _record(store, bundle, jobs, resolution, labels, asked, found, policy, engine, key, work)
            _deliver(place, work, policy, engine, store, key)
        finally:
            store.close()
    return _summary(bundle, place, policy, jobs, asked, found, key_id, key)


def _key(place: Path) -> tuple[str, CaseKey]:
    """The case key of this OUT: opened, or made on the first run. Only its id lies in OUT."""
    from .keys import create_key, key_folder, open_key

    if key_folder().resolve().is_relative_to(place.parent):
        raise KeyFault("The key folder lies in OUT: whoever takes the disk has the key. Let REDACTOR_KEYS name another folder")
    note = place / "restricted" / "key-id"
    try:
        if note.is_file():
            key_id = note.read_text(encoding="ascii").strip()
            return key_id, open_key(key_id)
        if (place / "restricted" / "case.db").exists():
            raise KeyFault("The earlier run in OUT does not say which key it was made with. Put back restricted/key-id")
        key_id = "case-" + secrets.token_hex(6)
        key = create_key(key_id)
        note.write_text(key_id + "\n", encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise EnvironmentFault("OUT's restricted folder cannot be read or written. Check its rights") from None
    return key_id, key


@contextmanager
def _work_folder(place: Path) -> Iterator[Path]:
    """A 0700 folder below restricted/, gone on every way out; one left by a killed run is swept here."""
    for old in (place / "restricted").glob("work-*"):
        shutil.rmtree(old, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix="work-", dir=place / "restricted"))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _read(bundle: Bundle, jobs: list[_Job], progress: Progress) -> None:
    from . import formats
    from .recognizers import ENGLISH_FROM, english_share

    for done, (job, source) in enumerate(zip(jobs, bundle.documents, strict=True)):
        progress("reading", done, len(jobs))
        try:
            job.document = formats.read(source.path, job.id, job.relative.reveal())
            job.text = flatten(job.document.content).text.reveal()
            if len(job.text.split()) > 40 and english_share(job.text) < ENGLISH_FROM:
                raise HeldError(
                    "the document is mostly not English, and the name models read English", "Have it redacted by hand"
                )
        except HeldError as fault:
            job.held = fault
        except (MemoryError, RecursionError):
            job.held = HeldError("the file is too large or too deeply nested to read", "Split it, or save a plain copy")


def _detect(jobs: list[_Job], engine: Engine, progress: Progress) -> None:
    for done, job in enumerate(jobs):
        progress("detecting", done, len(jobs))
        if job.held is None:
            job.detection = engine.detect(job.id, job.text)


def _spaced(relative: str) -> str:
    """A path as words, character for character, so that spans count in both."""
    return re.sub(r"[_\-.]", " ", relative)


def _resolve(jobs: list[_Job], bundle: Bundle, policy: Policy, engine: Engine) -> tuple[Resolution, dict[str, Detection]]:
    """Persons over the bundle. File names are read as texts of their own; what stood hidden is learnt from, nothing more."""
    from .content import Block, BlockKind, Content
    from .people import resolve

    texts: dict[str, str] = {}
    detections: dict[str, Detection] = {}
    documents: list[Document] = []
    names: dict[str, Detection] = {}
    for job in jobs:
        title = f"{job.id}/name"
        texts[title] = _spaced(job.relative.reveal())
        detections[title] = names[title] = engine.detect(title, texts[title])
        block = Block(BlockKind.PARAGRAPH, ClearText(texts[title]))
        named = Document(title, job.relative, "text/plain", Content((block,)))
        if job.held is None and job.document is not None and job.detection is not None:
            texts[job.id], detections[job.id] = job.text, job.detection
            documents.append(job.document)
            hidden = "\n\n".join(h.text.reveal() for h in job.document.hidden)
            if hidden.strip():
                texts[f"{job.id}/hidden"] = hidden
                detections[f"{job.id}/hidden"] = engine.detect(f"{job.id}/hidden", hidden)
        documents.append(named)
    return resolve(documents, texts, detections, bundle.case, policy), names


def _labels(resolution: Resolution, jobs: list[_Job], policy: Policy, store: Store, key: CaseKey) -> dict[str, str]:
    """A label for every masked person; those of an earlier run are kept, matched by the forms they were given for."""
    from .wording import assign_labels

    wanted = [p for p in resolution.persons if not _nameable(p)]
    earlier = [(set(e.personal["forms"]), str(e.public["label"])) for e in store.events("label-assigned") if e.personal]
    pairs = [
        (len(forms & old) / len(forms | old), label, person.id)
        for person in wanted
        if (forms := _canonical(person, resolution))
        for old, label in earlier
        if forms & old
    ]
    taken: dict[str, str] = {}
    for _, label, number in sorted(pairs, key=lambda row: (-row[0], row[1], row[2])):  # the closest pairs first
        if number not in taken and label not in taken.values():
            taken[number] = label
    forbidden = frozenset(int(n) for job in jobs for n in re.findall(r"\b\d{1,4}\b", job.text))
    # Shuffled with the key: neither the order of appearance nor of the register reaches the labels.
    draw = key.draw("labels")
    order = sorted(wanted, key=lambda p: key.fingerprint("|".join(sorted(_canonical(p, resolution))), "label-order"))
    return assign_labels(order, policy, taken, forbidden, draw)


def _canonical(person: Person, resolution: Resolution) -> set[str]:
    full = {f.reveal() for f in resolution.forms.get(person.id, frozenset()) if " " in f.reveal()}
    return (
        full
        or {f.reveal() for f in resolution.forms.get(person.id, frozenset())}
        or {f.reveal().casefold() for f in person.forms}
    )


def _nameable(person: Person) -> bool:
    return not person.role.protected


def _decide(jobs: list[_Job], names: dict[str, Detection], resolution: Resolution, bundle: Bundle, policy: Policy) -> None:
    from .decide import decide, echo, sweep

    for job in jobs:
        if job.held is None and job.detection is not None:
            job.decisions = decide(job.id, job.text, job.detection, resolution, bundle.case, policy)
    live = {job.id: job for job in jobs if job.held is None}
    again = echo({i: (job.text, job.decisions) for i, job in live.items()})
    again = sweep({i: (live[i].text, rows) for i, rows in again.items()}, resolution, bundle.case, policy)
    for number, decisions in again.items():
        live[number].decisions = decisions
    for job in jobs:
        title = f"{job.id}/name"
        found = decide(title, _spaced(job.relative.reveal()), names[title], resolution, bundle.case, policy)
        job.decisions += [d for d in found if d.action is Action.MASK and d.kind in (Kind.NAME, Kind.INITIALS, Kind.ALIAS)]


def _write(
    jobs: list[_Job],
    labels: Mapping[str, str],
    policy: Policy,
    also: tuple[str, ...],
    work: Path,
    progress: Progress,
) -> None:
    from . import formats
    from .wording import apply, published_name, replacements

    taken: set[str] = set()
    for done, job in enumerate(jobs):
        progress("writing", done, len(jobs))
        if job.held is not None or job.document is None:
            continue
        own = [d for d in job.decisions if d.doc == job.id]
        title = [d for d in job.decisions if d.doc != job.id]
        try:
            replaced = replacements(own, job.text, labels, policy)
            job.put = "\n".join(replaced.values())
            masked = apply(job.document.content, replaced)
            relative = published_name(job.relative.reveal(), replacements(title, _spaced(job.relative.reveal()), labels, policy))
            known = formats.format_named(job.document.media)
            for media_format in dict.fromkeys([known, *(formats.format_named(a) for a in also)]):
                path = (
                    relative
                    if media_format is known and Path(relative).suffix.lower() in known.extensions
                    else (str(Path(relative).with_suffix(media_format.extensions[0])))
                )
                path = _free_name(path, taken, job.id)
                formats.write(masked, media_format.media, work / "publishable" / "documents" / path)
                job.published[path] = media_format.media
            (work / "expected").mkdir(exist_ok=True)
            (work / "expected" / job.id).write_text(flatten(masked).text.reveal(), encoding="utf-8")
        except HeldError as fault:
            job.held, job.published = fault, {}


def _free_name(path: str, taken: set[str], doc: str) -> str:
    """The path, with the document's id put in where another copy has it already (names differ by case alone on some disks)."""
    if path.casefold() in taken:
        base = Path(path)
        path = str(base.with_name(f"{base.stem}-{doc}{base.suffix}"))
    taken.add(path.casefold())
    return path


def _verify(jobs: list[_Job], resolution: Resolution, work: Path, progress: Progress) -> None:
    """Each copy is looked at by other means; whatever is not accounted for holds its document and takes the copy away."""
    from . import formats, verify
    from .content import Content
    from .decide import probes

    live = [job for job in jobs if job.held is None]
    wanted = probes({job.id: (job.text, job.decisions) for job in live}, resolution)
    empty: dict[str, bytes] = {}
    for done, job in enumerate(live):
        progress("verifying", done, len(live))
        expected = ClearText((work / "expected" / job.id).read_text(encoding="utf-8"))
        asked = [
            verify.Probe(person, kind, form, allowed + _worded(form, job.put)) for person, kind, form, allowed in wanted[job.id]
        ]
        try:
            for path, media in job.published.items():
                if media not in empty:
                    formats.write(Content(()), media, work / "empty")
                    empty[media] = (work / "empty").read_bytes()
                proof = verify.prove(
                    work / "publishable" / "documents" / path, media, asked, expected, job.id, ClearText(path), empty[media]
                )
                job.proof = (tuple(dict.fromkeys((*job.proof[0], *proof.checks))), max(job.proof[1], proof.probes))
        except HeldError as fault:
            job.held = fault
            for path in job.published:
                (work / "publishable" / "documents" / path).unlink(missing_ok=True)
            job.published = {}
    shutil.rmtree(work / "expected", ignore_errors=True)


def _combined(jobs: Sequence[_Job], bundle: Bundle, policy: Policy, work: Path) -> tuple[Combined, ...]:
    """The copies read again as a stranger would, all together and beside earlier publications named in the case."""
    from . import formats, jigsaw

    def reopened(path: Path, number: str) -> jigsaw.Copy:
        return jigsaw.Copy(number, flatten(formats.read(path, number, path.name).content).text)

    folder = work / "publishable" / "documents"
    copies = [reopened(folder / next(iter(job.published)), job.id) for job in jobs if job.published]
    priors = [jigsaw.Copy(f"pub{n}", p.text) for n, p in enumerate(bundle.case.publications, 1) if p.text]
    priors += [reopened(path, f"pub{n}") for n, path in enumerate(bundle.published, len(priors) + 1)]
    found = jigsaw.read(copies, bundle.case, policy, priors)
    return tuple(Combined(f.rule, f.level, f.label, f.doc, len(f.spans), f.detail, f.fix) for f in found)


def _worded(form: ClearText, put: str) -> int:
    """How often our own words hold a form in small letters: a season or a park, where somebody is called so."""
    return len(re.findall(rf"(?<![^\W_]){re.escape(form.reveal())}(?![^\W_])", put))


def _questions(resolution: Resolution, labels: Mapping[str, str], jobs: Sequence[_Job]) -> tuple[Asked, ...]:
    """Persons somebody should look at, the ones that settle most first."""
    wanted = {d.person for job in jobs for d in job.decisions if d.asks and d.person}
    rows = [p for p in resolution.persons if p.id in wanted and p.mentions]
    rows.sort(key=lambda p: (-len(p.mentions), p.id))
    return tuple(
        Asked(f"q{n:03}", labels.get(p.id, p.id), str(p.role), len(p.mentions), len({d.split("/")[0] for d in p.documents}))
        for n, p in enumerate(rows, 1)
    )


def _record(
    store: Store,
    bundle: Bundle,
    jobs: Sequence[_Job],
    resolution: Resolution,
    labels: Mapping[str, str],
    asked: Sequence[Asked],
    found: Sequence[Combined],
    policy: Policy,
    engine: Engine,
    key: CaseKey,
    work: Path,
) -> None:
    import hashlib

    from . import __version__
    from .store_events import coarse

    store.append(
        "run-started",
        "",
        {
            "policy": policy.name,
            "policy_digest": policy.digest,
            "case": key.fingerprint(bundle.case.digest(), "case"),
            "tool": __version__,
            "models": [_model(name, version) for name, version in sorted(engine.models().items())],
        },
    )
    for weaker in policy.weakened:
        store.append("policy-weakened", "", asdict(weaker))
    for person in resolution.persons:
        if not person.mentions:
            continue
        public = {
            "person": person.id,
            "role": str(person.role),
            "mentions": len(person.mentions),
            "documents": len(person.documents),
        }
        forms = sorted(f.reveal() for f in person.forms)
        store.append("person-resolved", "", public, {"forms": forms, "label": labels.get(person.id, "")})
        if person.id in labels:
            canonical = sorted(_canonical(person, resolution))
            store.append("label-assigned", "", {"person": person.id, "label": labels[person.id]}, {"forms": canonical})
    by_label = {label: p for p, label in labels.items()}
    for question in asked:
        person_id = by_label.get(question.label, question.label)
        store.append(
            "question",
            "",
            {
                "question": question.id,
                "person": person_id,
                "guess": question.guess,
                "mentions": question.mentions,
                "documents": question.documents,
            },
            {"forms": sorted(f.reveal() for f in resolution.person(person_id).forms)},
        )
    for f in found:
        public = {"rule": f.rule, "level": f.level, "places": f.places} | ({"detail": f.detail} if f.detail else {})
        store.append("jigsaw", f.doc, public, {"label": f.label})
    totals: Counter[Action] = Counter()
    for job in jobs:
        store.append("document-seen", job.id, {}, {"path": job.relative.reveal()})
        if job.held is not None:
            reason = "leak" if type(job.held).__name__ == "LeakError" else "unreadable"
            store.append("document-held", job.id, {"reason": reason, "cause": job.held.cause, "remedy": job.held.remedy})
            continue
        for number, d in enumerate((d for d in job.decisions if d.doc == job.id), 1):
            totals[d.action] += 1
            public = {
                "decision": f"{job.id}-{number:04}",
                "kind": str(d.kind),
                "action": str(d.action),
                "reason": d.reason,
                "rule": d.rule,
                "decider": d.decider,
                "score": coarse(d.score),
                "asks": int(d.asks),
            }
            public |= {"person": d.person} if d.person else {}
            public |= {"role": str(d.role)} if d.role else {}
            public |= {"recognizer": d.recognizer} if d.recognizer else {}
            store.append("decision", job.id, public)
        store.append("verification", job.id, {"checks": list(job.proof[0]), "probes": job.proof[1]})
        for path, media in job.published.items():
            digest = hashlib.sha256((work / "publishable" / "documents" / path).read_bytes()).hexdigest()
            store.append("document-published", job.id, {"digest": digest, "media": media, "path": path})
    store.append(
        "run-finished",
        "",
        {
            "documents": len(jobs),
            "published": sum(j.held is None for j in jobs),
            "held": sum(j.held is not None for j in jobs),
            "questions": len(asked),
            "blocking": sum(f.level == "block" for f in found),
            "masked": totals[Action.MASK],
            "softened": totals[Action.SOFTEN],
            "kept": totals[Action.KEEP],
        },
    )


def _model(name: str, version: str) -> str:
    """A model as the log names it: with its version, or the first half of its file's digest."""
    plain = re.sub(r"[^A-Za-z0-9_.:-]", "-", name)
    return (
        f"{plain}=={version}"
        if re.fullmatch(r"\d[0-9A-Za-z.+-]*", version)
        else f"{plain}:{re.sub(r'[^0-9A-Za-z.-]', '-', version)[:32]}"
    )


def _deliver(place: Path, work: Path, policy: Policy, engine: Engine, store: Store, key: CaseKey) -> None:
    """Manifest and log beside the copies, then one rename puts the finished folder in place of the old one."""
    from . import audit

    fresh = work / "publishable"
    (fresh / "documents").mkdir(parents=True, exist_ok=True)
    for folder in sorted((p for p in (fresh / "documents").rglob("*") if p.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    audit.publish(fresh, store.events(), key, policy=policy, models=engine.models())
    target, old = place / "publishable", work / "superseded"
    try:
        if target.exists():
            target.replace(old)
        try:
            fresh.replace(target)
        except BaseException:  # interrupted between the two: the old publication goes back
            if old.exists() and not target.exists():
                old.replace(target)
            raise
    except OSError as fault:
        raise EnvironmentFault(f"The copies could not be put in place: {fault.strerror}. Check OUT and run again") from None


def _summary(
    bundle: Bundle,
    place: Path,
    policy: Policy,
    jobs: Sequence[_Job],
    asked: tuple[Asked, ...],
    found: tuple[Combined, ...],
    key_id: str,
    key: CaseKey,
) -> Summary:
    from .keys import key_path

    by_role: dict[str, Counter[str]] = defaultdict(Counter)
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for d in (d for job in jobs for d in job.decisions if job.held is None and d.doc == job.id):
        by_kind[str(d.kind)][str(d.action)] += 1
        if d.role is not None:
            by_role[str(d.role)][str(d.action)] += 1
    results = tuple(
        DocumentResult(job.id, "held", "", job.held.cause, job.held.remedy)
        if job.held
        else DocumentResult(job.id, "publishable", next(iter(job.published), ""))
        for job in jobs
    )
    notes = tuple(f"weakened by authority: {w.key}" for w in policy.weakened)
    return Summary(
        bundle.name,
        str(place),
        policy.name,
        bundle.case_known,
        results,
        _plain(by_role),
        _plain(by_kind),
        asked,
        str(key_path(key_id)),
        key.public_key(),
        found,
        bundle.skipped,
        notes,
    )


def _plain(table: Mapping[str, Counter[str]]) -> dict[str, dict[str, int]]:
    return {name: dict(sorted(row.items())) for name, row in sorted(table.items())}


def _bundles_in(out: Path) -> list[Path]:
    """The bundle folders an OUT holds; OUT may be one of them."""
    if (out / "publishable").is_dir():
        return [out]
    found = sorted(p for p in out.glob("*") if (p / "publishable").is_dir()) if out.is_dir() else []
    if not found:
        raise UsageError("This folder holds no publication. Name the OUT folder, or one bundle's folder in it")
    return found


def audit_verify(out: Path, public_key: str | None = None) -> list[tuple[str, int, int]]:
    """Check the log and copies of every bundle below `out`: (bundle, records, copies). Raises AuditError naming what is wrong."""
    from . import audit
    from .keys import known_public_key

    rows = []
    for place in _bundles_in(out):
        note = place / "restricted" / "key-id"
        known = public_key or (known_public_key(note.read_text(encoding="ascii").strip()) if note.is_file() else None)
        verified = audit.verify(place / "publishable", known)
        rows.append((place.name, verified.records, verified.copies))
    return rows


def audit_show(out: Path, doc: str | None = None, kind: str | None = None, action: str | None = None) -> list[dict[str, object]]:
    """Rows of the public log, filtered by document id, event or fact kind, and action."""
    from . import audit

    return [row for place in _bundles_in(out) for row in audit.show(place / "publishable", doc=doc, kind=kind, action=action)]


def where(out: Path, doc_id: str) -> list[tuple[str, str]]:
    """The path of a document in its bundle, for the person at the keyboard: (bundle, path). Needs the case key."""
    from .store import Store

    found: dict[str, str] = {}
    for place in _bundles_in(out):
        if not (place / "restricted" / "key-id").is_file():
            raise KeyFault("OUT does not say which key it was made with. Put back restricted/key-id")
        _, key = _key(place)
        store = Store.open(place / "restricted" / "case.db", key)
        try:
            for event in store.events("document-seen", doc_id):
                if event.personal:
                    found[place.name] = str(event.personal["path"])
        finally:
            store.close()
    if not found:
        raise UsageError("No document of this id is in OUT. Ids look like d03; the summary lists them")
    return sorted(found.items())
