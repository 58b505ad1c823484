"""`publish`: a bundle goes through read → detect → resolve → decide → word → write → verify → publish.

Whatever fails on the way holds one document and never the batch. Copies are made in a work folder and moved into
`publishable/` in one step at the very end.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..case import Bundle, open_bundle
from ..case_answers import case_with_answers
from ..case_people import case_with_people
from ..errors import UsageError
from ..policy import Policy, load_policy, with_plugins
from .cache import Cache
from .called import Called, called_with
from .copies import combined, deliver
from .cycles import sought_often, sought_seldom
from .detector import Detector, chosen
from .jigsaw import basis_of, remember, with_findings
from .job import Job, Progress, detect_documents, read_documents, silent
from .judge import decide_bundle, labels_for, resolve_bundle
from .kept import deciders, in_force, phrases, standing
from .locks import making, work_folder
from .naming import naming_of
from .place import bundles_in, earlier_run, open_place, this_run
from .proving import verify_copies
from .questions import pose
from .record import record
from .shelf import Shelf
from .summary import Summary, summary_of
from .workers import Workers
from .writing import write_copies

if TYPE_CHECKING:
    from ..formats import Letterhead
    from ..recognizers import Chosen


def publish(
    bundles: Sequence[Path],
    out: Path,
    *,
    policy: str = "iopc-report",
    case: Path | None = None,
    people: Sequence[Path] = (),
    also: Sequence[str] = (),
    template: Path | None = None,
    plugins: Sequence[str] = (),
    processes: int = 0,
    cluster: str = "",
    progress: Progress | None = None,
) -> list[Summary]:
    """Publish each bundle (a folder or one file) to `out/<bundle>/`; models load once for all of them.

    `policy` is a name or a YAML file, `case` another case.yaml for all bundles, `people`
    spreadsheets (.xlsx, .csv) that list people of the case beside it, `also` further formats of the copies
    ("html", "md", "txt", "docx"), `template` a Word file on whose letterhead Word copies are made (PDF
    copies have its words), `plugins` those used beside what the policy names ("recognizers.NAME", "formats.NAME"), `processes`
    how many may share the work (0: as many as there are cores; the copies are the same with any number), `cluster` the address
    of a Dask scheduler whose workers share it instead (tls:// unless it is this machine's own). Raises RedactorError for what
    stops a bundle; a document that cannot be published is held and said so in its Summary.
    """
    from ..formats import format_named, open_letterhead, using

    letterhead = open_letterhead(template) if template is not None else None
    rules = with_plugins(load_policy(policy), plugins)
    by = chosen(rules)  # a plug-in that is not installed is told before anything is done
    opened = [_opened(path, case, people) for path in bundles]
    if not opened:
        raise UsageError("No bundle was given. Name a folder of documents, or one file")
    if len({b.name for b in opened}) < len(opened):
        raise UsageError("Two bundles have the same name. Publish them to different OUT folders")
    if any(path.is_dir() and out.resolve().is_relative_to(path.resolve()) for path in bundles):
        raise UsageError("OUT lies in the bundle. Choose a folder outside it")
    called = [Called(path, case, tuple(people), policy, tuple(also), template, tuple(plugins)) for path in bundles]
    with using(rules.plugged("formats")), _workers(processes, cluster) as workers:
        for name in also:
            format_named(name)
        places = [open_place(out, bundle) for bundle in opened]
        return [
            _one(bundle, place, rules, by, letterhead, workers, progress or silent, one)
            for bundle, place, one in zip(opened, places, called, strict=True)
        ]


def republish(out: Path, *, processes: int = 0, progress: Progress | None = None) -> list[Summary]:
    """The latest run of every bundle in OUT once more, from the same sources and as it was called, by what was said since.

    Raises UsageError where the sources are gone or the run is of a version that did not keep where they lay.
    """
    found: list[Summary] = []
    for place in bundles_in(out):
        with earlier_run(place) as (_, store):
            called = called_with(store)
        found += publish(
            [called.bundle],
            place.parent,
            policy=called.policy,
            case=called.case,
            people=called.people,
            also=called.also,
            template=called.template,
            plugins=called.plugins,
            processes=processes,
            progress=progress,
        )
    return found


def _workers(processes: int, cluster: str) -> Workers:
    if not cluster:
        return Workers(processes)
    from .cluster import Cluster

    there = Cluster(cluster)
    return Workers(there.count, there, ahead=1)  # so that it is known which document a worker had when it ended


def _opened(path: Path, case: Path | None, people: Sequence[Path]) -> Bundle:
    from ..formats import people_in

    bundle = open_bundle(path, case, people)
    if not people:
        return bundle
    return replace(bundle, case=case_with_people(bundle.case, people, people_in), case_known=True)


def _one(
    bundle: Bundle,
    place: Path,
    policy: Policy,
    by: Chosen,
    letterhead: Letterhead | None,
    workers: Workers,
    progress: Progress,
    called: Called,
) -> Summary:
    with sought_seldom(), making(place), this_run(place) as (key_id, key, store):
        kept = Cache(place / "restricted" / "cache", key)
        detector = Detector(by, kept)
        went_by = store.last()
        answers, by_hand = standing(in_force(store), bundle.case), phrases(store)
        told = replace(bundle, case=case_with_answers(bundle.case, answers))
        with work_folder(place) as work, closing(Shelf(work)) as shelf:
            jobs = [Job(s.id, s.relative, file=s.path, shelf=shelf) for s in bundle.documents]
            read_documents(jobs, work, progress, workers, kept)
            detect_documents(jobs, detector, workers, progress)
            resolution, names = resolve_bundle(jobs, told, policy, kept)
            naming = naming_of(jobs, told, resolution, policy)
            labels = labels_for(resolution, jobs, policy, naming, [*store.events("label-assigned")], key)
            told_by = deciders(resolution.persons, bundle.case, answers)
            probes = decide_bundle(jobs, names, resolution, told, policy, told_by, by_hand)
            with sought_often():
                write_copies(jobs, probes, labels, policy, called.also, letterhead, work, workers, progress, kept)
                verify_copies(jobs, probes, policy, letterhead, work, workers, progress)
            basis = basis_of(told, resolution, labels, jobs)
            found = combined(jobs, basis, policy, work, kept)
            posed = pose(jobs, resolution, labels, answers, policy, store, key)
            with store.transaction():
                record(
                    store,
                    bundle,
                    jobs,
                    resolution,
                    labels,
                    posed,
                    answers,
                    found,
                    policy,
                    key,
                    work,
                    by_hand,
                    called.kept(),
                    went_by,
                )
                remember(store, basis, sum(bool(job.published) for job in jobs))
            deliver(place, work, policy, store, key)
            asked = with_findings([p.asked for p in posed], found)
            summary = summary_of(bundle, place, policy, jobs, asked, found, key_id, key)
        kept.sweep()
    return summary
