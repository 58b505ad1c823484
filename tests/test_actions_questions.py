"""Questions, answers and the second run, end to end with the real models. Every person in the bundle is invented."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from redactor import recognizers
from redactor.actions import (
    Open,
    Reply,
    Summary,
    answer,
    as_case,
    audit_show,
    audit_verify,
    detector,
    list_questions,
    publish,
    read_replies,
    write_template,
)
from redactor.actions.kept import in_force
from redactor.actions.place import earlier_run
from redactor.case import EMPTY_CASE, load_case
from redactor.case_answers import case_with_answers
from redactor.cleartext import ClearText
from redactor.cli import cli
from redactor.errors import KeyFault, StoreFault, UsageError
from redactor.recognizers import Engine

FILES = {
    "a.txt": """Note of the visit

Helen Tarrant rang the office about the boat. Helen Tarrant had seen Blythe Tranter at the quay on 4 March 2011.

Councillor Edna Arkle answered the letter. Sophie Arkle, a youth worker, was there too. Arkle signed the list.

Then Ilse Vonnegard wrote down what had been said. I. Vonnegard signed it.
""",
    "b.txt": """Minutes

Present: Helen Tarrant, Rufus Penhallow and Edna Arkle. Mrs Tarrant took the chair. Edna Arkell sent a letter.

Rufus Penhallow said that the boat Rosa Penney was gone. Then Arkle left the room. Miss Tranton was not heard.
""",
    "call Helen Tarrant.txt": "The clerk wrote down what Helen Tarrant had said about the matter and Rufus Penhallow heard it.\n",
}
CASE = """
public_figures: [{name: Councillor Edna Arkle, aliases: [Edna Arkle], office: leader of the council}]
people: [{name: Blythe Tranter, aliases: [Bly], role: survivor}]
"""
PRIVATE = ("Tarrant", "Helen", "Tranter", "Blythe", "Penhallow", "Rufus", "Vonnegard", "Ilse", "Sophie", "Tranton")
WHY = ClearText("told by the chair of the board")


@pytest.fixture(scope="module")
def made(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the bundle and its first publication; tests work on a copy of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(tmp_path_factory.mktemp("keys")))
        patch.setattr(recognizers, "Engine", lambda _by: engine)
        folder = tmp_path_factory.mktemp("made")
        (folder / "bundle").mkdir()
        for name, words in {**FILES, "case.yaml": CASE}.items():
            (folder / "bundle" / name).write_text(words)
        publish([folder / "bundle"], folder / "out")
        yield folder


class Work:
    """One publication, and what is done with it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out, self.bundle = folder, folder / "out", folder / "bundle"

    def again(self) -> Summary:
        return publish([self.bundle], self.out)[0]

    def texts(self) -> dict[str, str]:
        documents = self.out / "bundle" / "publishable" / "documents"
        return {p.name: p.read_text() for p in sorted(documents.rglob("*.txt"))}

    def text(self, start: str) -> str:
        return next(text for name, text in self.texts().items() if name.startswith(start))

    def question(self, words: str) -> Open:
        return next(q for q in list_questions(self.out) if words in q.text)

    def asked(self) -> set[str]:
        return {q.text for q in list_questions(self.out) if not q.answer}

    def answer(self, words: str, said: str = "", by: str = "", **more: Any) -> str:
        number = self.question(words).id
        given: dict[str, Any] = {n: ClearText(value) if n in ("office", "name_of") else value for n, value in more.items()}
        answer(self.out, [Reply(number, said, **given)], by)
        return number

    def changed(self, before: dict[str, str]) -> set[tuple[str, str]]:
        """Words that left and words that came, over all copies, in pairs of lines that differ."""
        after = self.texts()
        found = set()
        for one, other in zip(before.values(), after.values(), strict=True):
            rows = zip(one.splitlines(), other.splitlines(), strict=True)
            found |= {(a, b) for a, b in rows if a != b}
        return found


@pytest.fixture
def work(made: Path, tmp_path: Path) -> Work:
    shutil.copytree(made, tmp_path / "work")
    return Work(tmp_path / "work")


@pytest.fixture
def apart(work: Work) -> Work:
    """The same, after somebody said that the Miss Tranton of the minutes is not Blythe Tranter."""
    work.answer("Are Tranton and Blythe Tranter the same person?", "different")
    work.again()
    return work


# ---- what is asked -----------------------------------------------------------------------------------------------------


def test_each_thing_is_asked_once_and_what_settles_most_comes_first(work: Work) -> None:
    asked = list_questions(work.out)
    assert asked[0].text == "Who is Helen Tarrant?"
    assert (asked[0].mentions, asked[0].documents) == (6, 3)
    assert asked[0].where == (("d01", (2,)), ("d02", (2,)), ("d03", (0, 1)))  # 0: the name of the file
    assert len({q.text for q in asked}) == len(asked)
    assert "Who is meant by “Arkle” alone? Councillor Edna Arkle may be named, Sophie Arkle not." in work.asked()
    assert "Are Edna Arkell and Councillor Edna Arkle the same person?" in work.asked()
    assert not any("Blythe" in q.text and "Tranton" not in q.text for q in asked)  # the case says who she is


def test_the_words_around_each_mention_are_kept_for_the_reviewer(work: Work) -> None:
    lines = work.question("Rufus Penhallow").context
    assert [doc for doc, _, _ in lines] == ["d02", "d02", "d03"]
    assert all("»Rufus Penhallow«" in line for _, _, line in lines)


def test_ids_stay_when_documents_are_added_and_say_nothing(work: Work) -> None:
    before = {q.text: q.id for q in list_questions(work.out)}
    assert all(re.fullmatch(r"q\d{4,}", number) for number in before.values())
    (work.bundle / "0.txt").write_text("Before all that Nils Berglund had rung. Rufus Penhallow was not in. Rufus was out.\n")
    work.again()
    after = {q.text: q.id for q in list_questions(work.out)}
    assert before.items() <= after.items() and len(after) == len(before) + 1


def test_summary_log_and_copies_tell_no_name(work: Work) -> None:
    said = json.dumps(work.again().as_dict())
    published = b"".join(p.read_bytes() for p in (work.out / "bundle" / "publishable").rglob("*") if p.is_file()).decode()
    everything = b"".join(p.read_bytes() for p in work.out.rglob("*") if p.is_file())
    for name in PRIVATE:
        assert name not in said and name not in published and name.encode() not in everything
    rows = audit_show(work.out, kind="question")
    assert len(rows) == len(list_questions(work.out))


def test_the_store_without_its_key_tells_nothing(work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "none"))
    with pytest.raises(KeyFault):
        list_questions(work.out)
    with pytest.raises(KeyFault):
        answer(work.out, [Reply("q0001", "officer")])


def test_a_tampered_store_is_noticed(work: Work) -> None:
    work.answer("Rufus Penhallow", "officer")
    with sqlite3.connect(work.out / "bundle" / "restricted" / "case.db") as base:
        base.execute("DROP TRIGGER events_UPDATE")
        base.execute("""UPDATE events SET public = replace(public, 'officer', 'witness') WHERE kind = 'answer'""")
    base.close()
    with pytest.raises(StoreFault, match="changed outside"):
        work.again()


# ---- an answer and the second run --------------------------------------------------------------------------------------


def test_an_answer_changes_what_it_should_and_nothing_else(work: Work) -> None:
    before = work.texts()
    work.answer("Rufus Penhallow", "witness")
    asked = work.asked()
    work.again()
    assert work.asked() == asked  # the question had gone when it was answered
    label = re.search(r"\[Witness \d+\]", work.text("b"))
    assert label is not None
    for one, other in work.changed(before):
        old = re.search(r"\[Person \d+\]", one.partition("Present: ")[2].partition(", ")[2] or one.partition("matter")[2] or one)
        assert old is not None and one.replace(old[0], label[0]) == other
    assert len(work.changed(before)) == 3
    assert audit_verify(work.out)[0][2] == 3


def test_the_log_says_whose_decision_it_was(work: Work) -> None:
    work.answer("Rufus Penhallow", "witness", by="R. Hale")
    work.again()
    (used,) = audit_show(work.out, kind="answer-used")
    assert used["answer"] == "witness" and re.fullmatch(r"reviewer-\d{6}", str(used["decider"]))
    decided = [r for r in audit_show(work.out, kind="decision") if r["decider"] != "tool"]
    assert {(r["role"], r["decider"], r["action"]) for r in decided} == {("witness", used["decider"], "mask")}
    assert len(decided) == 3
    assert b"Hale" not in b"".join(p.read_bytes() for p in work.out.rglob("*") if p.is_file())


def test_a_named_person_stands_everywhere(work: Work) -> None:
    before = work.texts()
    work.answer("Helen Tarrant", "public_figure", "R. Hale", office="chair of the board", reason=WHY)
    summary = work.again()
    assert work.text("a").count("Helen Tarrant") == 2 and "Mrs Tarrant took the chair" in work.text("b")
    assert "call-Helen-Tarrant.txt" in work.texts()
    assert "Blythe" not in str(work.texts()) and summary.held == 0
    masked = {line for _, line in work.changed(before)}
    assert all("Tarrant" in line for line in masked)
    audit_verify(work.out)


def test_taking_an_answer_back_gives_the_first_copies_byte_for_byte(work: Work) -> None:
    before, asked = work.texts(), work.asked()
    number = work.answer("Helen Tarrant", "public_figure", "R. Hale", reason=WHY)
    work.again()
    assert work.texts() != before
    answer(work.out, [Reply(number, undo=True)])
    work.again()
    assert (work.texts(), work.asked()) == (before, asked)
    with pytest.raises(UsageError, match="no answer to take back"):
        answer(work.out, [Reply(number, undo=True)])
    audit_verify(work.out)


def test_a_later_answer_counts(work: Work) -> None:
    number = work.answer("Rufus Penhallow", "witness")
    answer(work.out, [Reply(number, "suspect")])
    assert work.again().by_role["suspect"] == {"mask": 3}
    assert "witness" not in work.again().by_role


def test_words_that_are_nobodys_name_stay(work: Work) -> None:
    work.answer("Rosa Penney", "not-a-person", "R. Hale", reason=WHY)
    work.again()
    assert not any("Rosa" in text for text in work.asked())
    assert "the boat Rosa Penney was gone" in work.text("b")


def test_a_name_several_bear_can_be_told_to_be_always_the_public_one(work: Work) -> None:
    before = work.texts()
    work.answer("“Arkle”", "public_figure", "R. Hale", reason=WHY)
    work.again()
    assert "Arkle signed the list" in work.text("a") and "Then Arkle left the room" in work.text("b")
    assert "Sophie" not in str(work.texts()) and len(work.changed(before)) == 2


def test_a_name_several_bear_can_be_left_masked_for_good(work: Work) -> None:
    before = work.texts()
    work.answer("“Arkle”", "unknown")
    work.again()
    assert work.texts() == before and not any("“Arkle”" in text for text in work.asked())


def test_the_same_person_is_named_or_labelled_as_one(work: Work) -> None:
    work.answer("Edna Arkell", "same", "R. Hale", reason=WHY)
    work.answer("Ilse Vonnegard", name_of="Helen Tarrant")
    work.again()
    assert "Edna Arkell sent a letter" in work.text("b")
    label = re.search(r"\[Person \d+\] rang", work.text("a"))
    assert label is not None and f"Then {label[0].removesuffix(' rang')} wrote down" in work.text("a")
    assert not any("Arkell" in text or "Vonnegard" in text for text in work.asked())


def test_different_persons_are_asked_about_by_themselves(work: Work) -> None:
    before = work.texts()
    work.answer("Edna Arkell", "different")
    work.again()
    assert "Who is Edna Arkell?" in work.asked() and not any(text.startswith("Are Edna") for text in work.asked())
    assert work.texts() == before


def test_a_person_is_named_by_label_too(work: Work) -> None:
    label = re.search(r"\[(Survivor \d+)\]", work.text("a"))
    assert label is not None
    work.answer("Ilse Vonnegard", name_of=label[1])
    work.again()
    assert f"Then {label[0]} wrote down" in work.text("a")


# ---- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["public_figure", "convicted", "waived", "pseudonym", "not-a-person"])
@pytest.mark.parametrize(("by", "reason"), [("", WHY), ("R. Hale", ClearText(""))])
def test_what_lets_a_name_stand_needs_a_reason_and_somebody(work: Work, said: str, by: str, reason: ClearText) -> None:
    with pytest.raises(UsageError, match="--reason, --as"):
        work.answer("Helen Tarrant", said, by, reason=reason)


@pytest.mark.parametrize("said", ["public_figure", "convicted", "waived", "pseudonym", "not-a-person"])
def test_a_listed_survivor_is_not_answered_away_though_spelt_wrong(apart: Work, said: str) -> None:
    with pytest.raises(UsageError, match="no answer lifts that"):
        apart.answer("Who is Tranton", said, "R. Hale", reason=WHY)


def test_a_survivor_is_not_made_one_with_somebody_named(apart: Work) -> None:
    for name in ("Edna Arkle", "Councillor Edna Arkle"):
        with pytest.raises(UsageError, match="no answer lifts that"):
            apart.answer("Who is Tranton", "same", "R. Hale", reason=WHY, name_of=name)
    with pytest.raises(UsageError, match="--reason, --as"):
        apart.answer("Edna Arkell", "same")


def test_a_name_a_listed_child_bears_too_stays_masked(work: Work) -> None:
    (work.bundle / "case.yaml").write_text(CASE.rstrip()[:-1] + ", {name: Sophie Arkle, role: child}]\n")
    work.again()
    with pytest.raises(UsageError, match="no answer lifts that"):
        work.answer("“Arkle”", "public_figure", "R. Hale", reason=WHY)


@pytest.mark.parametrize(
    "words", ["seen with Blythe Tranter", "she is called Bly", "as blythe tranter said", "told by R. PENHALLOW"]
)
@pytest.mark.parametrize("field", ["reason", "office"])
def test_a_masked_name_enters_no_reason_and_no_office(work: Work, words: str, field: str) -> None:
    more: dict[str, Any] = {"reason": WHY, field: ClearText(words) if field == "reason" else words}
    with pytest.raises(UsageError, match="name that is masked") as fault:
        work.answer("Helen Tarrant", "public_figure", "R. Hale", **more)
    assert not any(name in str(fault.value) for name in PRIVATE)


@pytest.mark.parametrize(
    ("words", "reply", "said"),
    [
        ("Helen Tarrant", {"said": "boss"}, "no answer of this name"),
        ("Helen Tarrant", {"said": ""}, "no answer of this name"),
        ("Helen Tarrant", {"said": "different"}, "asks who this is"),
        ("Helen Tarrant", {"said": "officer", "office": "mayor"}, "--office is for"),
        ("Helen Tarrant", {"said": "officer", "name_of": "Ilse Vonnegard"}, "say that two are one"),
        ("Helen Tarrant", {"name_of": "Nobody Atall"}, "nobody of the latest run"),
        ("Helen Tarrant", {"same_as": "q99999"}, "names no other question about"),
        ("Edna Arkell", {"name_of": "Helen Tarrant"}, "names the two itself"),
        ("Edna Arkell", {"said": "officer"}, "this question is answered with same, different, unknown"),
        ("“Arkle”", {"said": "not-a-person"}, "a name that several bear"),
        ("“Arkle”", {"said": "convicted", "by": "R. Hale", "reason": WHY}, "does not say who is meant"),
    ],
)
def test_an_answer_that_does_not_fit_is_told_why(work: Work, words: str, reply: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said) as fault:
        work.answer(words, **reply)
    assert not any(name in str(fault.value) for name in (*PRIVATE, "Atall", "boss"))


def test_a_question_nobody_asked(work: Work) -> None:
    for replies in ([Reply("q99999", "officer")], []):
        with pytest.raises(UsageError):
            answer(work.out, replies)
    shutil.copytree(work.bundle, work.folder / "second")
    publish([work.folder / "second"], work.out)
    answer(work.out, [Reply(work.question("Rufus").id, "witness")])  # ids of two bundles differ, for their keys do


def test_of_several_answers_all_are_kept_or_none(work: Work) -> None:
    good, bad = work.question("Rufus").id, work.question("Helen Tarrant").id
    with pytest.raises(UsageError):
        answer(work.out, [Reply(good, "witness"), Reply(bad, "public_figure")])
    assert not any(q.answer for q in list_questions(work.out))


# ---- the case beats an answer ------------------------------------------------------------------------------------------


def test_an_entry_in_the_case_beats_an_answer(work: Work) -> None:
    work.answer("Helen Tarrant", "public_figure", "R. Hale", reason=WHY)
    (work.bundle / "case.yaml").write_text(CASE.rstrip()[:-1] + ", {name: Helen Tarrant, role: survivor}]\n")
    assert work.again().by_role["survivor"]["mask"] >= 6
    assert "Tarrant" not in str(work.texts())
    assert audit_show(work.out, kind="answer-used") == []
    with pytest.raises(UsageError, match="case lists this person"):
        work.answer("Helen Tarrant", "witness")


def test_an_answer_falls_when_the_case_comes_to_protect_who_it_may_be(work: Work) -> None:
    work.answer("Helen Tarrant", "public_figure", "R. Hale", reason=WHY)
    work.again()
    assert "Helen Tarrant" in work.text("a")
    (work.bundle / "case.yaml").write_text(CASE.rstrip()[:-1] + ", {name: Helena Tarrant, role: survivor}]\n")
    work.again()
    assert "Tarrant" not in str(work.texts())


def test_the_case_file_is_never_edited(work: Work) -> None:
    work.answer("Helen Tarrant", "officer")
    work.again()
    assert (work.bundle / "case.yaml").read_text() == CASE


def test_a_doubt_about_an_entry_is_asked_once_and_noted(work: Work) -> None:
    waiver = "waivers: [{name: Helen Tarrant, basis: form of 1 May 2011, scope: her own name until 1 June 2012}]\n"
    (work.bundle / "case.yaml").write_text(CASE + waiver)
    work.again()
    before = work.texts()
    doubt = work.question("The waiver of Helen Tarrant is past its day")
    assert doubt.answers == ("noted",) and "Tarrant" not in str(before)
    with pytest.raises(UsageError, match="answered with noted"):
        work.answer("The waiver of", "waived", "R. Hale", reason=WHY)
    work.answer("The waiver of", "noted")
    summary = work.again()
    assert work.texts() == before and not any("waiver" in text for text in work.asked())
    assert not any(q.about == "doubt" for q in summary.questions)


# ---- many answers, and answers as a case -------------------------------------------------------------------------------


def fill_csv(path: Path, answers: dict[str, dict[str, str]]) -> None:
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    for row in rows:
        row.update(next((more for words, more in answers.items() if words in row["question"]), {}))
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows(rows)


def fill_yaml(path: Path, answers: dict[str, dict[str, str]]) -> None:
    text = path.read_text()
    for words, more in answers.items():
        head, found, tail = text.partition(f"{words}?")
        assert found
        for name, value in more.items():
            tail = tail.replace(f"  {name}:\n", f"  {name}: {value}\n", 1)
        text = head + found + tail
    path.write_text(text)


@pytest.mark.parametrize(("name", "fill"), [("answers.csv", fill_csv), ("answers.yaml", fill_yaml)])
def test_a_template_is_filled_in_and_read_back(
    work: Work, tmp_path: Path, name: str, fill: Callable[[Path, dict[str, dict[str, str]]], None]
) -> None:
    path = tmp_path / name
    assert write_template(work.out, path) == len(list_questions(work.out))
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_replies(path) == []
    given = {
        "Helen Tarrant": {"answer": "public_figure", "reason": "told by the board"},
        "Rufus Penhallow": {"answer": "witness"},
    }
    fill(path, given)
    replies = read_replies(path)
    assert {r.answer for r in replies} == {"public_figure", "witness"}
    answer(work.out, replies, "R. Hale")
    work.again()
    assert "Helen Tarrant" in work.text("a") and "[Witness" in work.text("b")


def test_a_template_is_never_written_over_or_into_the_publication(work: Work, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("mine")
    for path in (tmp_path / "mine.csv", tmp_path / "a.txt", work.out / "bundle" / "publishable" / "documents" / "a.csv"):
        with pytest.raises(UsageError):
            write_template(work.out, path)
    assert (tmp_path / "mine.csv").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "question,answer\nWho is Helen Tarrant?,officer\n"),
        ("a.csv", "id,answer,shoe\nq1,officer,4\n"),
        ("a.csv", ""),
        ("a.yaml", "- id: q1\n"),
        ("a.yaml", "answers: [{id: q1, shoe: Helen Tarrant}]\n"),
        ("a.yaml", "answers: [{answer: officer}]\n"),
        ("a.docx", ""),
    ],
)
def test_a_file_that_holds_no_answers_is_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError) as fault:
        read_replies(tmp_path / name)
    assert "Helen" not in str(fault.value)


def test_answers_are_printed_as_a_case_that_can_be_pasted(work: Work, tmp_path: Path) -> None:
    assert as_case(work.out) == ""
    work.answer("Helen Tarrant", "public_figure", "R. Hale", office="chair of the board", reason=WHY)
    work.answer("Rufus Penhallow", "witness")
    work.answer("Rosa Penney", "not-a-person", "R. Hale", reason=WHY)
    (tmp_path / "case.yaml").write_text(as_case(work.out))
    with earlier_run(work.out / "bundle") as (_, store):
        assert load_case(tmp_path / "case.yaml") == case_with_answers(EMPTY_CASE, in_force(store))
    pasted = {**yaml.safe_load(CASE), **(said := yaml.safe_load(as_case(work.out)))}
    for name in ("public_figures", "people"):
        pasted[name] = yaml.safe_load(CASE)[name] + said[name]
    (work.bundle / "case.yaml").write_text(yaml.safe_dump(pasted))
    anew = Work(work.folder)
    anew.out = work.folder / "anew"
    anew.again()
    assert "Helen Tarrant" in anew.text("a") and "[Witness" in anew.text("b") and "Rufus" not in str(anew.texts())
    assert len(list_questions(anew.out)) == len([q for q in list_questions(work.out) if not q.answer])


def test_a_second_run_with_answers_asks_no_model(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_by: object) -> Engine:
        raise AssertionError("the models were loaded")

    monkeypatch.setattr(detector, "loaded", refused)
    work.answer("Rufus Penhallow", "witness")
    assert work.again().held == 0


# ---- the commands ------------------------------------------------------------------------------------------------------


def invoke(*args: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, [*map(str, args)])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_lists_answers_and_takes_back(work: Work, tmp_path: Path) -> None:
    code, out, _ = invoke("questions", work.out, "--limit", "1")
    assert code == 0 and "Who is Helen Tarrant? 6 mentions in 3 documents; nothing beside the name" in out
    assert "d01 paragraph 2; d02 paragraph 2; d03 paragraph 1 and its name" in out and "Rufus" not in out and "»" not in out
    assert "»Helen Tarrant«" in invoke("questions", work.out, "--context")[1]
    number = work.question("Helen Tarrant").id
    code, out, err = invoke("answer", work.out, number, "public_figure")
    assert (code, out) == (2, "") and "--reason, --as" in err and "Tarrant" not in err
    code, out, err = invoke("answer", work.out, number, "officer")
    assert (code, err) == (0, "") and f"{number}: officer" in out and "Tarrant" not in out
    assert "Answered: officer" in invoke("questions", work.out)[1]
    assert invoke("answer", work.out, number, "--undo")[0] == 0
    assert "Answered" not in invoke("questions", work.out)[1]
    assert invoke("answer", work.out)[0] == invoke("answer", work.out, number, "officer", "--from", "x.csv")[0] == 2
    assert invoke("questions", work.out, "--template", tmp_path / "t.csv")[0] == 0 and (tmp_path / "t.csv").is_file()
    assert invoke("answer", work.out, "--from", tmp_path / "t.csv")[0] == 2  # nothing is filled in


def test_the_command_speaks_json(work: Work) -> None:
    said = json.loads(invoke("questions", work.out, "--json")[1])
    assert said["questions"][0]["text"] == "Who is Helen Tarrant?" and "context" not in said["questions"][0]
    assert said["answered"] == []


def test_publish_says_no_name_and_the_questions_by_label(work: Work) -> None:
    code, out, err = invoke("publish", work.bundle, "-o", work.out, "-v")
    assert code == 0 and not any(name in out + err for name in PRIVATE if name != "Helen")
    assert re.search(r"q\d{4}  Who is \[Person \d+\]\? 6 mentions in 3 documents; until answered taken for: unknown", out)
    assert re.search(r"q\d{4}  Who is meant by a name that several bear\? 2 mentions in 2 documents$", out, re.M)
    assert re.search(
        r"q\d{4}  Are \[Person \d+\] and somebody who is named the same person\? 1 mention in 1 document$", out, re.M
    )
