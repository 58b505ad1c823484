"""`renditions`: one bundle for several audiences, each under its own policy and with labels of its own, and what the
renditions tell when they are laid side by side.

A rendition that tells its readers the name of somebody protected, or a fact of a survivor or child, that another rendition
masks and they are not entitled to, loses its copies: the case or the policy is to be mended and the run made again.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import yamlfile
from ..case import open_bundle
from ..cleartext import ClearText
from ..errors import ExitCode, UsageError
from ..model import Kind
from ..yamlfile import Strict
from .jigsaw import manifest_of, reopened
from .job import Job, Progress, read_documents, silent
from .latest import Known
from .locks import work_folder
from .packs import known_persons
from .place import earlier_run
from .plugged import formats_of
from .publishing import publish
from .summary import Summary

if TYPE_CHECKING:
    from ..handout import Difference, Side

ALL = "all"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")


class Audience(Strict):
    """Who reads a rendition: the policy and case it is made with, and whose names and facts its readers may know."""

    policy: str = "iopc-report"
    case: str = ""
    entitled: tuple[str, ...] = ()


class _Audiences(Strict):
    audiences: dict[str, Audience]


@dataclass(frozen=True, slots=True)
class Renditions:
    """What was made: a summary for each audience, and what the renditions tell side by side, what blocks first. `blocked` are
    the audiences whose copies were taken away."""

    summaries: Mapping[str, Summary]
    found: tuple[Difference, ...]
    blocked: tuple[str, ...]

    @property
    def exit_code(self) -> ExitCode:
        """What the command returns."""
        return ExitCode.HELD if self.blocked else max((s.exit_code for s in self.summaries.values()), default=ExitCode.OK)

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        rows = [asdict(d) for d in self.found]
        summaries = {audience: summary.as_dict() for audience, summary in self.summaries.items()}
        return {"renditions": summaries, "differences": rows, "blocked": list(self.blocked)}


@dataclass(frozen=True)
class _Made:
    """One finished rendition, opened again. Personal text."""

    audience: str
    entitled: tuple[str, ...] = field(repr=False)
    copies: Mapping[str, ClearText] = field(repr=False)
    people: Mapping[str, Known] = field(repr=False)
    spans: Mapping[str, list[tuple[int, int, str, str]]] = field(repr=False)

    def side(self, doc: str, source: str, other: _Made) -> Side:
        """This rendition of one document; entitled are the readers of the other."""
        from .. import handout

        hidden = []
        for start, end, kind, person in self.spans.get(doc, ()):
            known = self.people.get(person)
            hidden.append(
                handout.Hidden(
                    ClearText(source[start:end]),
                    Kind(kind),
                    known.label if known else "",
                    known.role if known else None,
                    _entitled(known, other.entitled),
                )
            )
        return handout.Side(self.audience, self.copies[doc], tuple(hidden))


def renditions(bundle: Path, out: Path, audiences: Path, progress: Progress | None = None) -> Renditions:
    """Publish `bundle` to OUT/<audience>/ for every audience of the file, and lay the renditions side by side.

    Raises UsageError for a file that cannot be used, and whatever `publish` raises.
    """
    wanted = read_audiences(audiences)
    summaries: dict[str, Summary] = {}
    try:
        for name, who in wanted.items():
            policy = _beside(audiences, who.policy) if who.policy.endswith((".yaml", ".yml")) else who.policy
            case = Path(_beside(audiences, who.case)) if who.case else None
            summaries[name] = publish([bundle], out / name, policy=policy, case=case, progress=progress)[0]
        found = _compared(bundle, wanted, summaries)
    except BaseException:  # what was not compared is not to be handed out
        for summary in summaries.values():
            _take_away(summary)
        raise
    blocked = tuple(dict.fromkeys(d.audience for d in found if d.level == "block"))
    for audience in blocked:
        _take_away(summaries[audience])
    return Renditions(summaries, tuple(found), blocked)


def _compared(bundle: Path, wanted: Mapping[str, Audience], summaries: Mapping[str, Summary]) -> list[Difference]:
    """What the finished renditions tell side by side."""
    from .. import handout

    sources = _sources(bundle, Path(next(iter(summaries.values())).folder))
    made = [_opened(name, who, Path(summaries[name].folder), sources) for name, who in wanted.items()]
    return handout.merged(d for one, other in combinations(made, 2) for d in _between(one, other, sources))


def _take_away(summary: Summary) -> None:
    shutil.rmtree(Path(summary.folder) / "publishable", ignore_errors=True)


def read_audiences(path: Path) -> dict[str, Audience]:
    """The audiences of a file, by name. Raises UsageError by line and key."""
    text = yamlfile.read(path, UsageError, path.name)
    data, lines = yamlfile.parse(text, UsageError, path.name)
    wanted = yamlfile.build(_Audiences, data, lines, UsageError, path.name).audiences
    if len(wanted) < 2:
        raise UsageError("The file names fewer than two audiences. With one, use publish")
    if not all(map(_NAME.fullmatch, wanted)):
        raise UsageError("An audience is called by small letters, digits and dashes: it becomes a folder in OUT")
    return dict(wanted)


def _beside(file: Path, named: str) -> str:
    return str(file.parent / named)


def _sources(bundle: Path, place: Path) -> dict[str, str]:
    """The text of every source by document id."""
    with earlier_run(place) as (_, store):
        run = store.latest_run()
    with work_folder(place) as work, formats_of(run):
        jobs = [Job(s.id, s.relative, file=s.path) for s in open_bundle(bundle, None, ()).documents]
        read_documents(jobs, work, silent)
        return {job.id: job.text for job in jobs}


def _opened(audience: str, who: Audience, place: Path, sources: Mapping[str, str]) -> _Made:
    copies = {copy.doc: copy.text for copy in reopened(place / "publishable", manifest_of(place))}
    spans: dict[str, list[tuple[int, int, str, str]]] = {}
    with earlier_run(place) as (key, store):
        run = store.latest_run()
        seen = {e.doc: (e.personal or {}).get("text") for e in store.events("document-seen", since=run.seq if run else 0)}
        if seen != {doc: key.fingerprint(text, "source") for doc, text in sources.items()}:
            raise UsageError(
                f"The case of {audience} makes other files documents of the bundle than its case.yaml does. "
                "Let all cases list the same publications"
            )
        for event in store.events("decision", since=run.seq if run else 0):
            if event.personal and event.public["action"] != "keep":
                start, end = event.personal["span"]
                spans.setdefault(event.doc, []).append((start, end, event.public["kind"], event.public.get("person", "")))
    return _Made(audience, who.entitled, copies, {p.id: p for p in known_persons(place)}, spans)


def _between(one: _Made, other: _Made, sources: Mapping[str, str]) -> list[Difference]:
    from .. import handout

    found: list[Difference] = []
    for doc, source in sources.items():
        has = [made for made in (one, other) if doc in made.copies]
        if len(has) == 2:
            sides = one.side(doc, source, other), other.side(doc, source, one)
            found += handout.differences(doc, ClearText(source), *sides)
        elif has:
            lacks = other if has[0] is one else one
            found.append(handout.Difference("info", handout.ABSENT, has[0].audience, lacks.audience, doc))
    if alike := handout.clashes(_labels(one), _labels(other)):
        found.append(handout.Difference("warn", handout.CLASH, one.audience, other.audience, "", times=len(alike)))
    return found


def _labels(made: _Made) -> dict[str, frozenset[str]]:
    return {p.label: frozenset(_plain(f.reveal()) for f in p.forms) for p in made.people.values() if p.label}


def _entitled(known: Known | None, entitled: Sequence[str]) -> bool:
    """Whether readers may know what is hidden of a person. What is nobody's is for those who may know all."""
    if ALL in entitled:
        return True
    wanted = {_plain(name) for name in entitled}
    return known is not None and not wanted.isdisjoint(_plain(n.reveal()) for n in (*known.names, *known.forms))


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
