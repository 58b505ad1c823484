"""Changed names end to end, with the real models and real files: verified, logged, the same in every run. All are invented."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import docx
import pytest

from redactor.actions import Summary, audit_show, audit_verify, publish
from redactor.policy import load_policy

POLICY = "newsroom-changed-names"
LABELS = load_policy(POLICY).labels
NAME = rf"\b(?:{'|'.join(LABELS.changed_names)})\b"
CASE = """title: The Harnsea homes
people:
  - {name: Leanne Hartley, aliases: [Lee, Changed], role: survivor}
  - {name: Dennis Hartley, role: family}
public_figures:
  - {name: Councillor Martin Selwood, office: council leader, basis: elected office}
publications:
  - {text: "The woman we called Orla told us of the home.", date: 2019}
"""
ARTICLE = """Leader quits over homes report

Leanne Hartley was 14 when she asked the council for help. She wrote to Councillor Martin Selwood, and Leanne's letter was
never answered. Her brother, Dennis Hartley, wrote too. He had no answer either.

The Hartleys left the town that winter. Mr Selwood said that he was sorry. Callum Ferris, a neighbour, and Bryony Ashdown,
who owns the shop, had seen nothing.
"""
LEADER = "The council met on Thursday. Councillor Martin Selwood said that the report would be read in full before the summer.\n"


@pytest.fixture(scope="module", autouse=True)
def keys(tmp_path_factory: pytest.TempPathFactory) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(tmp_path_factory.mktemp("keys")))
        yield


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles") / "harnsea"
    folder.mkdir()
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    (folder / "01-article.md").write_text(ARTICLE, encoding="utf-8")
    (folder / "02-leader.txt").write_text(LEADER, encoding="utf-8")
    letter = docx.Document()
    letter.add_paragraph("Dear Editor, Ms Hartley says that she will talk to you on Monday. Yours, Dennis Hartley")
    letter.save(str(folder / "03-letter.docx"))
    return folder


@pytest.fixture(scope="module")
def first(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return publish([bundle], tmp_path_factory.mktemp("out"), policy=POLICY)[0]


def texts(summary: Summary) -> dict[str, str]:
    found = {}
    for path in sorted((Path(summary.folder) / "publishable" / "documents").iterdir()):
        if path.suffix == ".docx":
            found[path.name[:2]] = "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
        else:
            found[path.name[:2]] = path.read_text(encoding="utf-8")
    return found


def named(summary: Summary) -> list[str]:
    """The changed names of the article, in order of appearance."""
    return re.findall(NAME, texts(summary)["01"])


def test_people_are_renamed_and_everybody_else_is_as_before(first: Summary) -> None:
    assert (first.publishable, first.held) == (3, 0)
    article = texts(first)["01"]
    she, he = dict.fromkeys(named(first))
    assert she in LABELS.female and he in LABELS.male
    assert f"{she} was a teenager when she asked" in article
    assert f"Martin Selwood, and {she}'s letter was" in article
    assert f", {he}, wrote too. He had no answer" in article
    assert f"{she}'s family left the town" in article or f"{he}'s family left the town" in article
    assert "Mr Selwood said that he was sorry" in article
    assert not re.search(r"Hartley|Leanne|Dennis|Ferris|Ashdown|\bLee\b", "".join(texts(first).values()))


def test_a_name_is_the_same_in_every_document(first: Summary) -> None:
    assert re.findall(NAME, texts(first)["03"]) == [*dict.fromkeys(named(first))]


def test_the_note_ends_every_document_that_holds_a_changed_name_and_no_other(first: Summary) -> None:
    noted = {number for number, text in texts(first).items() if text.strip().endswith(LABELS.note)}
    assert noted == {"01", "03"}
    assert "names are changed in 2 of the copies, which end with the editor's note" in first.notes


def test_no_changed_name_stands_in_the_bundle_or_in_what_was_published_before(first: Summary) -> None:
    assert not {*named(first)} & {"Callum", "Bryony", "Orla"}


def test_the_log_says_which_labels_are_changed_names_and_which_copies_have_the_note(first: Summary) -> None:
    lines = (Path(first.folder) / "publishable" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    sorts = {r["label"]: r["sort"] for r in records if r.get("event") == "label-assigned"}
    assert {label for label, sort in sorts.items() if sort == "changed-name"} == {*named(first)}
    assert all(label.startswith("[") for label, sort in sorts.items() if sort == "label")
    published = {r["doc"]: r.get("note", "") for r in records if r.get("event") == "document-published"}
    assert published == {"d01": "changed-names", "d02": "", "d03": "changed-names"}
    rows = audit_show(Path(first.folder), kind="label-assigned")
    assert {row["sort"] for row in rows} == {"changed-name", "label"}
    assert audit_verify(Path(first.folder))[0][2] == 3


def test_a_second_run_gives_the_same_names(bundle: Path, first: Summary) -> None:
    before = texts(first)
    again = publish([bundle], Path(first.folder).parent, policy=POLICY)[0]
    assert texts(again) == before


def test_the_same_key_gives_the_same_names_in_another_folder(bundle: Path, first: Summary, tmp_path: Path) -> None:
    place = tmp_path / "harnsea" / "restricted"
    place.mkdir(parents=True)
    shutil.copy(Path(first.folder) / "restricted" / "key-id", place / "key-id")
    again = publish([bundle], tmp_path, policy=POLICY)[0]
    assert texts(again) == texts(first)


def test_another_policy_has_labels_and_the_names_come_back_with_theirs(bundle: Path, first: Summary, tmp_path: Path) -> None:
    out = tmp_path / "out"
    changed = texts(publish([bundle], out, policy=POLICY)[0])
    plain = publish([bundle], out, policy="newsroom")[0]
    assert named(plain) == [] and LABELS.note not in "".join(texts(plain).values())
    assert texts(publish([bundle], out, policy=POLICY)[0]) == changed


def test_somebody_who_turns_up_with_a_changed_name_takes_it_from_its_bearer(bundle: Path, first: Summary, tmp_path: Path) -> None:
    larger = tmp_path / "harnsea"
    shutil.copytree(bundle, larger)
    she = named(first)[0]
    (larger / "04-note.txt").write_text(
        f"A neighbour, {she} Wragg, rang the Gazette about the homes on Monday.\n", encoding="utf-8"
    )
    place = tmp_path / "out" / "harnsea"
    shutil.copytree(first.folder, place)
    again = publish([larger], tmp_path / "out", policy=POLICY)[0]
    assert again.held == 0
    assert she not in "".join(texts(again).values())
    assert len({*named(again)}) == 2
