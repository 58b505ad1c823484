"""Attachments and files of archives through a real `publish`: each a document of its own, or held with a sentence."""

from __future__ import annotations

import email
import email.policy
import io
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest

from redactor import recognizers
from redactor.actions import Summary, publish, where
from redactor.actions.job import MAX_DEPTH, Job, read_documents
from redactor.case import Known
from redactor.cleartext import ClearText
from redactor.model import Role
from redactor.recognizers import Engine


def letter(text: str) -> bytes:
    made = docx.Document()
    made.add_paragraph(text)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return out.getvalue()


def mail() -> bytes:
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"], made["Subject"] = "Wilmot Tranter <wilmot@example.org>", "About Blythe"
    made.set_content("Please find the letter about Blythe Tranter.\n")
    made.add_attachment(
        letter("Blythe Tranter came on Monday."), maintype="application", subtype="msword", filename="Blythe Tranter.docx"
    )
    made.add_attachment(b"\0\1", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Blythe Tranter <blythe@example.org>", "earlier"
    inner.set_content("I came on Monday.\n")
    inner.add_attachment(
        packed(list_csv=b"First name,Surname\nBlythe,Tranter\n"), maintype="application", subtype="zip", filename="list.zip"
    )
    made.add_attachment(inner)
    return made.as_bytes()


@pytest.fixture(scope="module")
def run(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Summary, dict[str, bytes]]]:
    bundle = tmp_path_factory.mktemp("bundles") / "mail"
    bundle.mkdir()
    (bundle / "a.eml").write_bytes(mail())
    (bundle / "case.yaml").write_text("people:\n  - {name: Blythe Tranter, role: survivor, documents: [a.eml]}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEYS", str(tmp_path_factory.mktemp("keys")))
        patch.setattr(recognizers, "Engine", lambda _by: engine)
        summary = publish([bundle], tmp_path_factory.mktemp("out"))[0]
        folder = Path(summary.folder) / "publishable" / "documents"
        yield summary, {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_each_is_published_beside_or_held_with_a_sentence(run: tuple[Summary, dict[str, bytes]]) -> None:
    summary, files = run
    assert {d.id: d.state for d in summary.documents} == {
        "d01": "publishable", "d01.1": "publishable", "d01.2": "held", "d01.3": "publishable", "d01.3.1": "publishable",
        "d01.3.1.1": "publishable",
    }  # fmt: skip
    assert {Path(name).suffix for name in files} == {".eml", ".docx", ".txt", ".csv"}
    assert all(word not in data for data in files.values() for word in (b"Blythe", b"Tranter", b"blythe"))
    assert not any("blythe" in name.lower() or "tranter" in name.lower() for name in files)
    assert where(Path(summary.folder), "d01.1")[0][1].endswith("a.eml-files/Blythe-Tranter.docx")


def test_the_copy_of_the_message_names_what_was_within(run: tuple[Summary, dict[str, bytes]]) -> None:
    _, files = run
    text = email.message_from_bytes(files["a.eml"], policy=email.policy.default).get_content()
    assert "d01.2: winmail.dat" in text and "d01.3: earlier.eml" in text and "d01.1: [Survivor" in text
    assert files["a.eml-files/earlier.eml-files/list.zip-files/list.csv"].count(b"[Survivor") == 2


def test_an_entry_for_a_document_holds_for_what_lies_in_it() -> None:
    entry = Known(name=ClearText("Blythe Tranter"), role=Role.SURVIVOR, documents=(ClearText("a.eml"),))
    assert entry.covers("d01.3.1", ClearText("x/a.eml-files/earlier.eml-files/list.zip"))
    assert not entry.covers("d02.1", ClearText("x/b.eml-files/a.txt"))
    assert Known(name=ClearText("B"), role=Role.SURVIVOR, documents=(ClearText("d01"),)).covers("d01.3.1", ClearText("c"))


def nested(depth: int) -> bytes:
    data = b"Blythe Tranter came."
    for n in range(depth):
        data = packed(**{("a_txt" if n == 0 else "a_zip"): data})
    return data


def read(tmp_path: Path, data: bytes) -> list[Job]:
    (tmp_path / "a.zip").write_bytes(data)
    jobs = [Job("d01", ClearText("a.zip"), file=tmp_path / "a.zip")]
    read_documents(jobs, tmp_path, lambda *_: None)
    return jobs


def test_what_lies_too_deep_is_held(tmp_path: Path) -> None:
    jobs = read(tmp_path, nested(MAX_DEPTH + 3))
    assert [job.id for job in jobs] == ["d01", "d01.1", "d01.1.1", "d01.1.1.1", "d01.1.1.1.1"]
    assert [job.held.cause if job.held else "" for job in jobs][-2:] == ["", "it lies too deep within other files"]


def test_files_within_files_have_one_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redactor.actions.job.MAX_MEMBER_BYTES", 5000)
    inner = packed(a_txt=b"a" * 3000)
    jobs = read(tmp_path, packed(one_zip=inner, two_zip=packed()))
    assert len(jobs) == 3 and jobs[1].held is not None and "256 MiB together" in jobs[1].held.cause


def test_a_table_of_names_is_in_no_language_and_is_not_held_for_one(tmp_path: Path) -> None:
    rows = "".join(
        f"{given},{surname},{n}\n" for n, (given, surname) in enumerate([("Rook", "Kowalska"), ("Ola", "Wójcik")] * 40)
    )
    (tmp_path / "a.csv").write_text("First name,Surname,Visits\n" + rows, encoding="utf-8")
    job = Job("d01", ClearText("a.csv"), file=tmp_path / "a.csv")
    read_documents([job], tmp_path, lambda *_: None)
    assert job.held is None and job.document is not None
    note = "Elle est venue lundi avec sa mère et son frère pour parler de la visite. "
    (tmp_path / "b.csv").write_text(f"Note,Visits\n{note * 3},3\n{note * 3},4\n", encoding="utf-8")
    job = Job("d02", ClearText("b.csv"), file=tmp_path / "b.csv")
    read_documents([job], tmp_path, lambda *_: None)
    assert job.held is not None and "not English" in job.held.cause
