"""A small bundle, published, and the desk over it. Every person is invented."""

from __future__ import annotations

from pathlib import Path

from redactor.actions import publish
from redactor.actions.place import earlier_run

CASE = """people:
  - {name: Blythe Tranter, role: survivor}
public_figures:
  - {name: Edna Arkle, office: leader of the council, basis: elected}
"""
NOTE = """Note of the visit

Helen Tarrant rang the office about the boat. Blythe Tranter had been at the quay. The silver kite did not answer the door.

Rufus Penhallow said that the lantern shed was shut. Mrs Tarrant took the chair. Councillor Edna Arkle answered the letter.
"""
NAMES = (b"Tranter", b"Tarrant", b"Penhallow", b"silver kite")
PLACE = "boat"


def published(folder: Path) -> Path:
    """The bundle published; its OUT."""
    from docx import Document

    bundle = folder / PLACE
    bundle.mkdir()
    (bundle / "case.yaml").write_text(CASE, encoding="utf-8")
    (bundle / "a.txt").write_text(NOTE, encoding="utf-8")
    paper = Document()
    paper.add_paragraph("The silver kite was seen by Rufus Penhallow near the lantern shed.")
    paper.save(str(bundle / "b silver kite.docx"))
    publish([bundle], folder / "out")
    return folder / "out"


def copies(out: Path) -> dict[str, bytes]:
    """Every copy by its path."""
    folder = out / PLACE / "publishable" / "documents"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def person(out: Path, name: str) -> str:
    """The id of whoever bears this name in the latest run."""
    with earlier_run(out / PLACE) as (_, store):
        run = store.latest_run()
        assert run
        return next(
            str(e.public["person"])
            for e in store.events("person-resolved", since=run.seq)
            if e.personal and name in e.personal["names"]
        )
