from __future__ import annotations

import os
from pathlib import Path

import pytest

from redactor.case import CASE_NAMES, EMPTY_CASE, Case, clean_name, load_case, open_bundle
from redactor.cleartext import ClearText
from redactor.errors import CaseError, UsageError
from redactor.model import Role
from redactor.yamlfile import MAX_BYTES

FULL = """
title: Operation Larkspur
public_figures:
  - {name: Councillor Ada Thorne, aliases: [Cllr Thorne, Ada Thorne], office: council leader 2009-2014, basis: elected office}
  - {name: Basil Quist, office: convicted at Sheffield Crown Court 2016, basis: named in open court}
people:
  - {name: Orla Marsh, role: survivor, documents: [03-summary.txt]}
  - {name: No, aliases: ON, role: witness}
waivers:
  - {name: Jo Lane, aliases: [Jo], basis: written waiver of anonymity, scope: her own name}
  - name: Kay Lane
pseudonyms: [{name: Ella, basis: chosen for publication}]
orders: [{id: RO-7, made_by: the chair, date: 2019-03-04, persons: [Orla Marsh], terms: no name}]
publications: [{text: An earlier article, date: 2016}]
either_or: state_relationship
notes: not read
"""


def written(folder: Path, text: str, name: str = "case.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_full_case_is_read(tmp_path: Path) -> None:
    case = load_case(written(tmp_path, FULL))
    thorne, quist = case.public_figures
    assert [f.reveal() for f in thorne.forms] == ["Councillor Ada Thorne", "Cllr Thorne", "Ada Thorne"]
    assert (thorne.role, quist.role) == (Role.PUBLIC_FIGURE, Role.CONVICTED)
    assert [(p.name.reveal(), p.role) for p in case.people] == [("Orla Marsh", Role.SURVIVOR), ("No", Role.WITNESS)]
    assert case.people[1].aliases == (ClearText("ON"),)  # YAML would read both as truth values
    assert case.waivers[0].scope.reveal() == "her own name" and not case.waivers[1].scope
    assert case.order_code(case.orders[0]) == "RO-7"
    assert case.either_or == "state_relationship"
    assert not {"Orla", "Lane", "not read"} & set(repr(case).split()) and "Orla" not in f"{case.people} {case.orders}"


@pytest.mark.parametrize("text", ["", "---\n", "# nothing yet\n", "people:\nwaivers:\n"])
def test_an_empty_case_says_nothing(tmp_path: Path, text: str) -> None:
    assert load_case(written(tmp_path, text)) == EMPTY_CASE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: x\npeoples: []\n", "line 2: unknown key `peoples`; did you mean people"),
        ("people:\n  - name: Orla\n    role: survivor\n    alias: [O]\n", "line 4: unknown key `alias`; did you mean aliases"),
        ("Orla Marsh: survivor\n", "line 1: unknown key (a key that is not one lower-case word)"),
        ("people:\n  - {name: Orla, role: elected mayor}\n", "line 2: `people`.1.`role`: people are protected persons"),
        ("people:\n  - {name: Orla, role: convicted}\n", "list who may be named under public_figures"),
        ("people:\n  - {role: survivor}\n", "line 2: `people`.1.`name`: Field required"),
        ("people:\n  - {name: '  ', role: survivor}\n", "must not be empty"),
        ("waivers:\n  - {name: [Orla]}\n", "must be text"),
        ("either_or: both\n", "line 1: `either_or`: Input should be"),
        ("publications: [{date: 2016}]\n", "give either path or text"),
        ("title: a\ntitle: b\n", "line 2: `title` is given twice"),
        ("title: [Orla\nMarsh: {\n", "not valid YAML"),
        ("title: Orla\n  people: Marsh\n", "line 2, column 9: not valid YAML"),
        ("a: &orla [x]\nb: *orla\n", "aliases"),
        ("- Orla\n", "must be `key: value` lines"),
        ("title: " + "[" * 40 + "Orla" + "]" * 40, "nested too deeply"),
        ("title: !!python/object/apply:os.system [Orla]\n", "must be text"),
    ],
)
def test_a_wrong_case_is_refused_by_line_and_key_without_its_words(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CaseError) as caught:
        load_case(written(tmp_path, text))
    assert said in str(caught.value)
    assert "Orla" not in str(caught.value) and "Marsh" not in str(caught.value)


def test_a_case_too_large_or_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="larger"):
        load_case(written(tmp_path, "#" * (MAX_BYTES + 1)))
    path = tmp_path / "latin.yaml"
    path.write_bytes("title: Mêrsh".encode("latin-1"))
    with pytest.raises(CaseError, match="UTF-8"):
        load_case(path)
    with pytest.raises(CaseError, match="does not exist"):
        load_case(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("documents", "covers"),
    [
        ([], True),
        (["03-Summary.txt"], True),
        (["03-summary"], True),
        (["d03"], True),
        (["in/03-summary.txt"], True),
        (["d04"], False),
    ],
)
def test_documents_narrow_an_entry_by_name_stem_or_id(documents: list[str], covers: bool) -> None:
    case = Case.model_validate({"people": [{"name": "Orla", "role": "survivor", "documents": documents}]})
    assert case.people[0].covers("d03", ClearText("in/03-summary.txt")) is covers


@pytest.mark.parametrize(
    ("id", "code"), [("RO-7", "RO-7"), ("2019/44", "2019/44"), ("RO 7", "RO-7"), ("Marsh order", "order-1"), ("", "order-1")]
)
def test_an_order_id_that_could_hold_a_name_is_not_shown(id: str, code: str) -> None:
    case = Case.model_validate({"orders": [{"id": id}]})
    assert case.order_code(case.orders[0]) == code


def test_the_digest_follows_what_is_said_and_not_the_notes(tmp_path: Path) -> None:
    case = load_case(written(tmp_path, FULL))
    assert case.digest() == load_case(written(tmp_path, FULL.replace("not read", "other"), "b.yaml")).digest()
    assert case.digest() != load_case(written(tmp_path, FULL.replace("Orla", "Orlo"), "c.yaml")).digest()


def test_a_folder_is_a_bundle(tmp_path: Path) -> None:
    root = tmp_path / "Op. Larkspur: draft"
    (root / "in").mkdir(parents=True)
    for name in ("b.txt", "a.docx", "in/c.txt", ".DS_Store", "~$a.docx", "Thumbs.db", "in/case.yml", "old.txt"):
        (root / name).write_text("x")
    written(root, "publications: [{path: old.txt}]\n")
    bundle = open_bundle(root)
    assert [(s.id, s.relative.reveal()) for s in bundle.documents] == [("d01", "a.docx"), ("d02", "b.txt"), ("d03", "in/c.txt")]
    assert all(s.path.is_absolute() for s in bundle.documents)
    assert (bundle.name, bundle.case_known, bundle.skipped) == ("Op.-Larkspur-draft", True, 3)
    assert [p.name for p in bundle.published] == ["old.txt"]
    assert "docx" not in repr(bundle.documents) and "Larkspur" not in repr(bundle)


def test_ids_are_wide_enough_to_sort(tmp_path: Path) -> None:
    for n in range(101):
        (tmp_path / f"{n}.txt").write_text("x")
    ids = [s.id for s in open_bundle(tmp_path).documents]
    assert ids == sorted(ids) and ids[0] == "d001"


def test_one_file_is_a_bundle_of_one(tmp_path: Path) -> None:
    (tmp_path / "Fern note.txt").write_text("x")
    (tmp_path / "other.txt").write_text("x")
    apart = tmp_path / "apart"
    apart.mkdir()
    bundle = open_bundle(tmp_path / "Fern note.txt", written(apart, "title: x\n", "my.yaml"))
    assert [s.relative.reveal() for s in bundle.documents] == ["Fern note.txt"]
    assert (bundle.name, bundle.case_known, bundle.case.title.reveal()) == ("Fern-note", True, "x")


def test_without_a_case_nothing_is_known(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    bundle = open_bundle(tmp_path)
    assert (bundle.case, bundle.case_known) == (EMPTY_CASE, False)


def test_a_path_without_documents_is_refused_without_its_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist") as caught:
        open_bundle(tmp_path / "Orla")
    assert "Orla" not in str(caught.value)
    written(tmp_path, "title: x\n")
    with pytest.raises(UsageError, match="no documents"):
        open_bundle(tmp_path)


@pytest.mark.parametrize("target", ["../outside.txt", "../folder", "nowhere"])
def test_a_link_that_leaves_the_bundle_is_refused(tmp_path: Path, target: str) -> None:
    root = tmp_path / "bundle"
    root.mkdir()
    (tmp_path / "folder").mkdir()
    (tmp_path / "outside.txt").write_text("x")
    (root / "a.txt").write_text("x")
    (root / "link").symlink_to(target)
    with pytest.raises(UsageError, match="link"):
        open_bundle(root)


def test_what_is_no_file_is_counted_and_not_opened(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    bundle = open_bundle(tmp_path)
    assert (len(bundle.documents), bundle.skipped) == (1, 1)


def test_two_case_files_and_a_published_path_outside_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    written(tmp_path, "publications: [{path: ../x.txt}]\n")
    with pytest.raises(CaseError, match="no file of the bundle"):
        open_bundle(tmp_path)
    written(tmp_path, "", CASE_NAMES[1])
    with pytest.raises(CaseError, match="Keep one"):
        open_bundle(tmp_path)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("a/b: c?", "a-b-c"),
        ("..", "bundle"),
        ("", "bundle"),
        ("CON", "x-CON"),
        ("nul.txt", "x-nul.txt"),
        ("Café 7", "Café-7"),
        ("x" * 200, "x" * 80),
        ("--[Survivor 2]--", "Survivor-2"),
    ],
)
def test_a_name_is_cleaned_for_every_system(words: str, name: str) -> None:
    assert clean_name(words) == name
