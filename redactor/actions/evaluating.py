"""`evaluate`: annotated bundles are published as any other would be, and the copies held against what had to be true of them.

Bundles, copies and keys of a run lie in a temporary folder (0700) and are gone at its end. What comes back holds no words of a
document but in `misses`, which are clear text and leave by `as_dict(misses=True)` alone.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .. import gold as golds
from .. import keys
from ..case import load_case, open_bundle
from ..cleartext import ClearText
from ..errors import ExitCode, UsageError
from ..gold import Row
from ..gold_figures import Figures, Protection, Rate, figures, judged
from ..gold_score import Page, Share
from .job import Progress
from .publishing import publish
from .summary import DocumentResult, Summary

Copies = Mapping[tuple[str, str], str]  # a text by (bundle, document); a held document has none


@dataclass(frozen=True, slots=True)
class Trial:
    """One run over gold: the copies, what became of each document by (bundle, document), the summaries, the seconds it took
    with the loading of the models."""

    copies: Copies = field(repr=False)
    results: Mapping[tuple[str, str], DocumentResult] = field(repr=False)
    summaries: tuple[Summary, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Document:
    """One document's figures: `id` is its number in the bundle, for a file name can name a survivor. `cause`: why it is held."""

    bundle: str
    id: str
    leaks: int
    unsoftened: int
    lost: int
    prose: Share
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Miss:
    """A mention of which what was expected is not true: "leak", "name part", "unsoftened", "lost"."""

    bundle: str
    id: str
    what: str
    person: str
    kind: str
    text: ClearText


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a trial came to. `questions` counts by what they are about, `blocking` the jigsaw findings that block."""

    policy: str
    with_case: bool
    bundles: int
    characters: int
    seconds: float
    figures: Figures
    documents: tuple[Document, ...]
    questions: Mapping[str, int]
    blocking: int
    misses: tuple[Miss, ...] = field(repr=False)

    @property
    def held(self) -> int:
        """How many documents have no copy."""
        return sum(bool(d.cause) for d in self.documents)

    @property
    def exit_code(self) -> ExitCode:
        """0 where every person is wholly protected and no document is held, 1 otherwise."""
        return ExitCode.HELD if self.held or self.figures.miss_rate.missed else ExitCode.OK

    def as_dict(self, misses: bool = False) -> dict[str, Any]:
        """The same as plain values, for JSON; the words of the misses only where they are asked for."""
        told = self.figures
        found = {
            "policy": self.policy,
            "with_case": self.with_case,
            "bundles": self.bundles,
            "documents": len(self.documents),
            "characters": self.characters,
            "seconds": round(self.seconds, 1),
            "figures": {label: _share(share) for label, share in told.scores.rows()},
            "miss_rate_per_person": _rate(told.miss_rate),
            "miss_rate_per_person_with_name_parts": _rate(told.trace_rate),
            "persons": _protection(told.protection),
            "persons_by_role": {role: _protection(p) for role, p in told.persons.items()},
            "by_role": {role: {x: _share(share) for x, share in row.items()} for role, row in told.by_role.items()},
            "by_kind": {kind: {x: _share(share) for x, share in row.items()} for kind, row in told.by_kind.items()},
            "by_document": [{**asdict(d), "prose": _share(d.prose)} for d in self.documents],
            "held": self.held,
            "questions": dict(self.questions),
            "blocking": self.blocking,
        }
        if misses:
            found["misses"] = [
                {"bundle": m.bundle, "id": m.id, "what": m.what, "person": m.person, "kind": m.kind, "text": m.text.reveal()}
                for m in self.misses
            ]
        return found


def evaluate(
    gold: Path,
    *,
    cases: Path | None = None,
    with_case: bool = True,
    policy: str = "iopc-report",
    progress: Progress | None = None,
) -> Evaluation:
    """Publish the bundles of `gold` (a folder of `<bundle>/<doc>.gold.txt`, or a .jsonl file) and score the copies.

    `cases`/<bundle>/case.yaml is each bundle's case (default: beside the gold); without `with_case` nobody is told who is who.
    Raises UsageError for gold that cannot be used or a case that is missing, and what `publish` raises.
    """
    rows = golds.load(gold)
    beside = cases or (gold if gold.is_dir() else gold.parent)
    trial = tried(rows, beside if with_case else None, policy, progress)
    return evaluation(rows, trial, policy, with_case)


def tried(rows: Sequence[Row], cases: Path | None, policy: str, progress: Progress | None = None) -> Trial:
    """Publish the texts of `rows`, with each bundle's case.yaml unless `cases` is None."""
    with tempfile.TemporaryDirectory(prefix="redactor-") as name, keys.kept_in(Path(name) / "keys"):
        work = Path(name)
        folders = write_bundles(rows, cases, work / "bundles")
        start = time.perf_counter()
        summaries = publish([*folders.values()], work / "out", policy=policy, progress=progress)
        seconds = time.perf_counter() - start
        copies: dict[tuple[str, str], str] = {}
        results: dict[tuple[str, str], DocumentResult] = {}
        for (bundle, folder), summary in zip(folders.items(), summaries, strict=True):
            docs = {source.id: source.path.stem for source in open_bundle(folder).documents}
            for result in summary.documents:
                results[bundle, docs[result.id]] = result
                if result.state == "publishable":
                    path = Path(summary.folder) / "publishable" / "documents" / result.path
                    copies[bundle, docs[result.id]] = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    return Trial(copies, results, tuple(summaries), seconds)


def write_bundles(rows: Sequence[Row], cases: Path | None, folder: Path) -> dict[str, Path]:
    """Each bundle's documents as text files in a folder of its own below `folder`, with its case.yaml and what that says was
    published earlier. The folders are numbered: two names of bundles may be one to a file system."""
    places: dict[str, Path] = {}
    for row in rows:
        bundle = row["bundle"]
        if bundle not in places:
            places[bundle] = place = folder / f"bundle-{len(places) + 1:03}"
            place.mkdir(parents=True)
            if cases:
                _copy_case(cases / bundle, place, bundle)
        (places[bundle] / f"{row['doc']}.txt").write_text(row["text"], encoding="utf-8", newline="")
    return places


def _copy_case(cases: Path, place: Path, bundle: str) -> None:
    if not (cases / "case.yaml").is_file():
        raise UsageError(
            f"Bundle {bundle} has no case.yaml. --cases FOLDER names the folder of BUNDLE/case.yaml; --without-case does without"
        )
    shutil.copyfile(cases / "case.yaml", place / "case.yaml")
    for earlier in load_case(place / "case.yaml").publications:
        path = earlier.path.reveal()
        source = cases / path
        if path and source.is_file() and source.resolve().is_relative_to(cases.resolve()):
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place / path)


def evaluation(rows: Sequence[Row], trial: Trial, policy: str, with_case: bool) -> Evaluation:
    """The figures of a trial."""
    pages = judged(rows, trial.copies)
    return Evaluation(
        policy,
        with_case,
        len(trial.summaries),
        sum(len(row["text"]) for row in rows),
        trial.seconds,
        figures(pages),
        tuple(_document(page, _result(page, trial)) for page in pages),
        dict(sorted(Counter(q.about for summary in trial.summaries for q in summary.questions).items())),
        sum(summary.blocking for summary in trial.summaries),
        tuple(miss for page in pages for miss in _misses(page, _result(page, trial).id)),
    )


def _result(page: Page, trial: Trial) -> DocumentResult:
    """What became of a document; one that the case lists as an earlier publication was no document of the run."""
    absent = DocumentResult("-", "held", cause="the case lists it as an earlier publication")
    return trial.results.get((page.row["bundle"], page.row["doc"]), absent)


def _document(page: Page, result: DocumentResult) -> Document:
    leaks, unsoftened, lost = (sum(not good for _, good in told) for told in (page.mask, page.soften, page.keep))
    return Document(page.row["bundle"], result.id, leaks, unsoftened, lost, page.prose, result.cause)


def _misses(page: Page, doc: str) -> list[Miss]:
    leaked = {m["start"] for m, good in page.mask if not good}
    parts = [(m, good or m["start"] in leaked) for m, good in page.parts]
    told = (("leak", page.mask), ("name part", parts), ("unsoftened", page.soften), ("lost", page.keep))
    return [
        Miss(page.row["bundle"], doc, what, m["p"], m["k"], ClearText(m["text"]))
        for what, rows in told
        for m, good in sorted(rows, key=lambda row: row[0]["start"])
        if not good
    ]


def _share(share: Share) -> dict[str, Any]:
    return {"share": None if share.value is None else round(share.value, 4), "good": share.good, "of": share.of}


def _rate(rate: Rate) -> dict[str, Any]:
    low, high = rate.interval or (None, None)
    return {
        "share": None if rate.value is None else round(rate.value, 4),
        "missed": rate.missed,
        "of": rate.of,
        "interval_95": None if low is None or high is None else [round(low, 4), round(high, 4)],
    }


def _protection(p: Protection) -> dict[str, int]:
    return {"wholly": p.wholly, "partly": p.partly, "not": p.none}
