"""A reviewer who knows the truth settles annotated bundles at the desk's own acts: how many questions and clicks it takes.

    python -m benchmarks.reviewing GOLD --cases FOLDER [--without-case]

Round by round: first every open question is answered (one key; two where a reason is needed), then every missed name is masked
and every lost one kept by hand (select and press: two), and the copies are made anew. It ends when every protected person is
wholly protected and 0.99 of what must stay stands, or nothing more can be done. Bundles go with their case.yaml unless told.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from redactor import gold as golds
from redactor import keys
from redactor.actions import Change, Reply, answer, change, list_questions, publish, republish
from redactor.actions.evaluating import write_bundles
from redactor.actions.packs import known_persons
from redactor.actions.place import earlier_run
from redactor.case import open_bundle
from redactor.case_merge import bears
from redactor.cleartext import ClearText
from redactor.errors import UsageError
from redactor.gold import Row
from redactor.gold_figures import figures, judged
from redactor.gold_score import Page

ROLES = {"S": "survivor", "F": "family", "C": "child", "W": "witness", "O": "officer", "R": "professional", "U": "suspect",
         "V": "convicted", "G": "public_figure", "X": "not-a-person"}  # fmt: skip
NAMES = ("name", "alias", "initials")
REASON = ClearText("it is so in the papers")
ROUNDS = 4
BY = "the one who knows"


@dataclass
class Round:
    """What stands after a round, and what it took up to then."""

    persons: float
    of: int
    keep: float
    questions: int
    clicks: int
    refused: int


class Trial:
    """One set of bundles under review."""

    def __init__(self, rows: Sequence[Row], cases: Path | None, work: Path) -> None:
        self.rows, self.work = rows, work
        self.folders = write_bundles(rows, cases, work / "bundles")
        self.questions = self.clicks = self.refused = 0
        publish([*self.folders.values()], work / "out")

    def pages(self) -> list[Page]:
        """The copies held against their gold."""
        copies = {}
        for bundle, folder in self.folders.items():
            for source in open_bundle(folder).documents:
                copy = self.work / "out" / folder.name / "publishable" / "documents" / source.path.name
                if copy.is_file():
                    copies[bundle, source.path.stem] = copy.read_text(encoding="utf-8-sig")
        return judged(self.rows, copies)

    def stand(self, pages: Sequence[Page]) -> Round:
        """How well everybody is protected now."""
        told = figures(pages)
        persons, keep = told.scores.persons, told.scores.keep
        return Round(persons.good / persons.of, persons.of, keep.good / keep.of, self.questions, self.clicks, self.refused)

    def answer_all(self) -> None:
        """Every open question, as the gold has it."""
        for bundle, folder in self.folders.items():
            place = self.work / "out" / folder.name
            asked = {q.id: q for q in list_questions(place) if not q.answer}
            with earlier_run(place) as (_, store):
                subjects = {str(e.public["question"]): e.personal or {} for e in store.events("question")}
            for number, question in asked.items():
                self.questions += 1
                role = self._role(bundle, [n for p in subjects[number]["persons"][:1] for n in p["names"]])
                said = role if role in question.answers else "unknown" if "unknown" in question.answers else question.answers[0]
                self._tried(lambda place=place, n=number, s=said: answer(place, [Reply(n, s, reason=REASON)], BY),
                            2 if said in ("convicted", "public_figure", "not-a-person") else 1)  # fmt: skip

    def mend(self, pages: Sequence[Page]) -> None:
        """Every missed name masked, every lost one kept."""
        done: set[tuple[str, str, str]] = set()
        for page in pages:
            folder = self.folders[page.row["bundle"]]
            place = self.work / "out" / folder.name
            ids = {s.path.stem: s.id for s in open_bundle(folder).documents}
            for told, act in ((page.mask, "mask"), (page.keep, "keep")):
                for m, good in told:
                    mark = (page.row["bundle"] if act == "mask" and m["k"] in NAMES else page.row["doc"], act, m["text"])
                    if good or mark in done:
                        continue
                    done.add(mark)
                    kind = m["k"] if act == "mask" else "organisation"
                    made = Change(
                        act,
                        ClearText(m["text"]),
                        "" if kind in NAMES else ids[page.row["doc"]],
                        kind="name" if kind in NAMES else kind,
                        person=self._id(page.row["bundle"], place, m["p"]) if kind in NAMES else "",
                        reason=REASON if act == "keep" else ClearText(""),
                    )
                    self._tried(lambda place=place, made=made: change(place, [made], BY), 2)

    def _tried(self, act: object, clicks: int) -> None:
        try:
            act()  # type: ignore[operator]
            self.clicks += clicks
        except UsageError:
            self.refused += 1

    def _role(self, bundle: str, names: Sequence[str]) -> str:
        """What the gold calls whoever bears one of these names."""
        wanted = [ClearText(n) for n in names]
        for row in self.rows:
            if row["bundle"] == bundle:
                for m in row["mentions"]:
                    if m["k"] in NAMES and bears([ClearText(m["text"])], wanted):
                        return ROLES[m["p"][0]]
        return "unknown"

    def _id(self, bundle: str, place: Path, person: str) -> str:
        """The run's id of a person of the gold, "" where it has none."""
        own = [ClearText(m["text"]) for r in self.rows if r["bundle"] == bundle for m in r["mentions"]
               if m["p"] == person and m["k"] == "name" and " " in m["text"]]  # fmt: skip
        return next((p.id for p in known_persons(place) if bears(p.names, own)), "")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reviewing", description="Questions and clicks until settled.")
    parser.add_argument("gold", type=Path)
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--without-case", action="store_true")
    asked = parser.parse_args()
    rows = golds.load(asked.gold)
    cases = None if asked.without_case else asked.cases or (asked.gold if asked.gold.is_dir() else asked.gold.parent)
    print("| after | persons wholly protected | keep | questions | clicks | refused |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name, keys.kept_in(Path(name) / "keys"):
        trial = Trial(rows, cases, Path(name))
        pages = trial.pages()
        for number in range(ROUNDS + 1):
            r = trial.stand(pages)
            what = "the first run" if not number else f"round {number}"
            print(f"| {what} | {r.persons:.3f} of {r.of} | {r.keep:.3f} | {r.questions} | {r.clicks} | {r.refused} |", flush=True)
            if (r.persons == 1 and r.keep >= 0.99) or number == ROUNDS:
                break
            trial.answer_all()
            trial.mend(pages)
            for folder in trial.folders.values():
                republish(trial.work / "out" / folder.name)
            pages = trial.pages()
    return 0


if __name__ == "__main__":
    sys.exit(main())
