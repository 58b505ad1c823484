"""Marks written from a real run, made by a reviewer's programs, read back and published by."""

from __future__ import annotations

import io
import re
import shutil
import stat
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner, Result
from docx.enum.text import WD_COLOR_INDEX
from reportlab.pdfgen.canvas import Canvas

from redactor import actions, formats
from redactor.actions.marking_read import PARTLY, PROTECTED
from redactor.cli import cli
from redactor.content import flatten
from redactor.errors import UsageError
from redactor.formats.marks import NO_REASON, NO_WORDS
from tests.test_marks_formats import SHEET, annotated, boxes, parted

pytestmark = pytest.mark.usefixtures("loaded")  # the session's models, keys of its own

LETTER = [
    "Interview of 3 May 2011 at the station",
    "Grace Ellerby, a survivor, told the force that Hollis Denby had met her at the",
    "launderette behind the red van. Hollis Denby was never charged.",
    "Helen Arkwright, leader of the council, was told by Grace Ellerby in March.",
]
CASE = """
people:
  - {name: Grace Ellerby, role: survivor}
  - {name: Hollis Denby, role: suspect}
public_figures:
  - {name: Helen Arkwright, office: leader of the council, basis: council website}
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PDF file (d01), a Word file (d02) and a text (d03) about the same matter."""
    folder = tmp_path_factory.mktemp("in") / "larch"
    folder.mkdir()
    canvas = Canvas(str(folder / "a-interview.pdf"), pagesize=SHEET, invariant=1)
    for number, line in enumerate(LETTER):
        canvas.drawString(72, 195 - 16 * number, line)
    canvas.showPage()
    canvas.save()
    made = docx.Document()
    for line in ("Grace Ellerby wrote to Helen Arkwright about the red van.", "Hollis Denby drove the red van to Mansfield."):
        made.add_paragraph(line)
    made.save(str(folder / "b-letter.docx"))
    (folder / "c-note.txt").write_text("Hollis Denby sold the red van in spring.\n")
    (folder / "case.yaml").write_text(CASE)
    return folder


@pytest.fixture(scope="module")
def published(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    summary = actions.publish([bundle], out)[0]
    assert summary.held == 0
    return out


@pytest.fixture(scope="module")
def written(published: Path, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `marks write` makes of the run."""
    folder = tmp_path_factory.mktemp("marks") / "to" / "review"
    result = run("write", published, bundle, "--to", folder)
    assert result.exit_code == 0 and "RESTRICTED" in result.output
    assert "d01: d01.xfdf and d01.pdf" in result.output and "d02: d02.docx" in result.output
    assert "d03: nothing written: marks are written for PDF and Word sources" in result.output
    assert not re.search("Ellerby|Denby|interview", result.output)
    return folder


@pytest.fixture
def out(published: Path, tmp_path: Path) -> Path:
    """A copy of the run, to be changed."""
    return Path(shutil.copytree(published, tmp_path / "out"))


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, ["marks", *map(str, args)])


def copy_of(out: Path, ending: str) -> str:
    """The words of the copy of this kind."""
    (file,) = (out / "larch" / "publishable" / "documents").glob(f"*{ending}")
    return flatten(formats.reopen(file)).text.reveal()


def marked(source: Path, target: Path, subtype: str, words: str, **more: Any) -> Path:
    data = source.read_bytes()
    target.write_bytes(annotated(data, subtype, boxes(data, words), T="R. Hale", **more))
    return target


def commented(source: Path, target: Path, *notes: tuple[str, str]) -> Path:
    """The Word file with comments on words."""
    made = parted(source.read_bytes(), *(words for words, _ in notes))
    for words, note in notes:
        runs = [run for paragraph in made.paragraphs for run in paragraph.runs if run.text == words]
        made.add_comment(runs[0], note, author="R. Hale", initials="RH")
    made.save(str(target))
    return target


def test_what_is_written_is_restricted(written: Path) -> None:
    assert sorted(p.name for p in written.iterdir()) == ["d01.pdf", "d01.xfdf", "d02.docx"]
    assert {stat.S_IMODE(p.stat().st_mode) for p in written.iterdir()} == {0o600}
    assert stat.S_IMODE(written.stat().st_mode) == 0o700


def test_it_is_refused_where_it_would_be_handed_on(published: Path, bundle: Path, tmp_path: Path) -> None:
    for folder in (published / "larch" / "publishable" / "x", published / "larch", bundle / "marks"):
        with pytest.raises(UsageError, match="Name a folder outside"):
            actions.write_marks(published, bundle, folder)
        assert not (folder / "d01.pdf").exists()
    link = tmp_path / "link"
    link.symlink_to(published / "larch" / "publishable")
    with pytest.raises(UsageError, match="publication"):
        actions.write_marks(published, bundle, link)


def test_sources_that_changed_are_refused(published: Path, bundle: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(bundle, tmp_path / "larch"))
    (other / "c-note.txt").write_text("Something else stands here now.\n")
    with pytest.raises(UsageError, match="not those that were published"):
        actions.write_marks(published, other, tmp_path / "marks")
    assert not (tmp_path / "marks").exists()


def test_the_form_can_be_chosen(published: Path, bundle: Path, tmp_path: Path) -> None:
    made = actions.write_marks(published, bundle, tmp_path / "marks", "docx")
    assert [one.files for one in made] == [(), ("d02.docx",), ()]


def test_proposals_that_nobody_changed_change_nothing(written: Path, out: Path) -> None:
    result = run("read", out, written / "d01.pdf", written / "d01.xfdf", written / "d02.docx", "--as", "R. Hale")
    assert result.exit_code == 0, result.output
    assert len(re.findall(r"0 to mask, 0 to keep, \d+ proposals? untouched", result.output)) == 3
    assert actions.changes(out) == []


def test_what_the_run_decided_and_what_is_read_back_are_the_same(written: Path, published: Path) -> None:
    """Out and in again: every mark stands on the place of its decision and asks for it."""
    from redactor.actions.place import earlier_run
    from redactor.actions.reading import decisions_of
    from redactor.formats import marks_files

    with earlier_run(published / "larch") as (_, store):
        last = store.latest_run()
        assert last is not None
        events = list(store.events(since=last.seq))
    found = {
        "d01": marks_files.read_pdf((written / "d01.pdf").read_bytes(), "marks")[1],
        "d02": marks_files.read_docx((written / "d02.docx").read_bytes(), "none")[1],
    }
    for doc, marks in found.items():
        decided = {
            (e.personal["span"][0], e.personal["span"][1], "keep" if e.public["action"] == "keep" else "redact")
            for e in decisions_of(events, doc)
            if e.personal
        }
        assert {(m.spans[0].start, m.spans[-1].end, m.act) for m in marks} == decided and len(decided) > 3


def test_a_redaction_masks_here_and_everywhere(written: Path, out: Path, tmp_path: Path) -> None:
    here = marked(written / "d01.pdf", tmp_path / "d01.pdf", "Redact", "red van")
    result = run("read", out, here, "--as", "R. Hale")
    assert result.exit_code == 0 and "d01: 1 to mask, 0 to keep" in result.output and "red van" not in result.output
    actions.republish(out)
    assert "red van" not in copy_of(out, ".pdf") and "red van" in copy_of(out, ".docx") and "red van" in copy_of(out, ".txt")
    assert run("read", out, here, "--as", "R. Hale").output.startswith("d01: 0 to mask, 0 to keep, 1 so already")

    everywhere = commented(written / "d02.docx", tmp_path / "d02.docx", ("red van", "redact: everywhere, vehicle, it was known"))
    assert run("read", out, everywhere, "--as", "R. Hale").exit_code == 0
    actions.republish(out)
    assert "red van" not in copy_of(out, ".docx") + copy_of(out, ".txt") + copy_of(out, ".pdf")


def test_a_keep_needs_a_reason_that_names_nobody_and_never_frees_a_survivor(written: Path, out: Path, tmp_path: Path) -> None:
    def keep(number: int, words: str, note: str) -> Result:
        file = marked(written / "d01.pdf", tmp_path / f"{number}.pdf", "Highlight", words, Contents=note)
        return run("read", out, file, "--as", "R. Hale")

    for number, (words, note, why) in enumerate(
        [
            ("Hollis Denby was", "keep:", NO_REASON),
            ("Hollis Denby was", "keep: Denby told us so", "d"),
            ("Grace Ellerby, a", "keep: she agreed in writing", PROTECTED),
            ("Denby was", "keep: he is known", PARTLY),
        ]
    ):
        result = keep(number, words, note)
        assert result.exit_code == 1 and "0 to mask, 0 to keep" in result.output and "not taken: mark" in result.output
        assert why in result.output and "highlight on page 1" in result.output
        assert not re.search("Denby|Ellerby", result.output)
    assert actions.changes(out) == []
    figure = keep(9, "Helen Arkwright", "keep: she leads the council")
    assert figure.exit_code == 0 and "1 so already" in figure.output


def test_what_was_masked_by_mistake_is_kept_with_a_reason(bundle: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(bundle, tmp_path / "larch"))
    (folder / "case.yaml").write_text("people:\n  - {name: Grace Ellerby, role: survivor}\n")
    out = tmp_path / "out"
    actions.publish([folder], out)
    assert "Hollis Denby" not in copy_of(out, ".docx")
    actions.write_marks(out, folder, tmp_path / "marks")
    note = ("Hollis Denby", "keep: convicted in open court")
    file = commented(tmp_path / "marks" / "d02.docx", tmp_path / "d02.docx", note)
    result = run("read", out, file, "--as", "R. Hale")
    assert result.exit_code == 0 and "0 to mask, 1 to keep" in result.output
    actions.republish(out)
    assert "Hollis Denby" in copy_of(out, ".docx") and "Hollis Denby" not in copy_of(out, ".txt")


def test_a_highlight_alone_masks_and_is_told_and_green_alone_keeps_nothing(bundle: Path, out: Path, tmp_path: Path) -> None:
    made = parted((bundle / "b-letter.docx").read_bytes(), "red van", "Hollis Denby")
    for paragraph in made.paragraphs:
        for one in paragraph.runs:
            if one.text == "red van":
                one.font.highlight_color = WD_COLOR_INDEX.YELLOW
            if one.text == "Hollis Denby":
                one.font.highlight_color = WD_COLOR_INDEX.GREEN
    made.save(str(tmp_path / "letter.docx"))
    result = run("read", out, tmp_path / "letter.docx", "--as", "R. Hale")
    assert result.exit_code == 1 and "d02: 2 to mask, 0 to keep, 2 highlights by colour alone" in result.output
    assert NO_REASON in result.output


def test_a_reason_with_a_name_in_it_is_not_kept_but_the_words_are_masked(bundle: Path, out: Path, tmp_path: Path) -> None:
    file = commented(bundle / "b-letter.docx", tmp_path / "x.docx", ("red van", "redact: Denby drove it"))
    assert "1 to mask" in run("read", out, file, "--as", "R. Hale").output


def test_one_bad_mark_does_not_take_the_others_with_it(bundle: Path, out: Path, tmp_path: Path) -> None:
    source = bundle / "a-interview.pdf"
    data = annotated(source.read_bytes(), "Redact", [(300, 90, 380, 110)])
    data = annotated(data, "Redact", boxes(data, "launderette"))
    (tmp_path / "m.pdf").write_bytes(data)
    result = run("read", out, tmp_path / "m.pdf", "--as", "R. Hale")
    assert result.exit_code == 1 and "d01: 1 to mask" in result.output
    assert f"not taken: mark 1 (redaction on page 1) {NO_WORDS}" in result.output


def test_files_that_are_no_document_of_the_run_are_refused(bundle: Path, out: Path, tmp_path: Path) -> None:
    other = docx.Document()
    other.add_paragraph("Ursuline Vask lives in the red house.")
    other.save(str(tmp_path / "other.docx"))
    space = '<xfdf xmlns="http://ns.adobe.com/xfdf/">'
    (tmp_path / "bomb.xfdf").write_text(f'<!DOCTYPE x [<!ENTITY a "b">]>{space}<annots>&a;</annots></xfdf>')
    (tmp_path / "lonely.xfdf").write_text(f'{space}<f href="../../larch/a-interview.pdf"/></xfdf>')
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    for name, why in {
        "other.docx": "its text is not that of a document",
        "bomb.xfdf": "XML entities",
        "lonely.xfdf": "does not lie beside it",
        "broken.pdf": "damaged",
    }.items():
        result = run("read", out, tmp_path / name, "--as", "R. Hale")
        assert result.exit_code == 2 and "File 1: " in result.output and why in result.output
        assert "Vask" not in result.output and name not in result.output
    assert run("read", out, bundle / "a-interview.pdf").exit_code == 2  # nobody says whose marks they are


def test_an_xfdf_file_finds_its_pdf_file_by_the_name_it_gives(written: Path, bundle: Path, out: Path, tmp_path: Path) -> None:
    shutil.copy(bundle / "a-interview.pdf", tmp_path / "interview.pdf")
    left, bottom, right, top = boxes((tmp_path / "interview.pdf").read_bytes(), "red van")[0]
    (tmp_path / "comments of R.xfdf").write_text(
        '<xfdf xmlns="http://ns.adobe.com/xfdf/"><f href="/home/r/interview.pdf"/><annots>'
        f'<redact page="0" coords="{left},{top},{right},{top},{left},{bottom},{right},{bottom}"/></annots></xfdf>'
    )
    result = run("read", out, tmp_path / "comments of R.xfdf", "--as", "R. Hale")
    assert result.exit_code == 0 and "d01: 1 to mask" in result.output


def test_intake_says_that_a_source_carries_marks(bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "with-marks"
    folder.mkdir()
    marked(bundle / "a-interview.pdf", folder / "a.pdf", "Redact", "Hollis Denby was")
    commented(bundle / "b-letter.docx", folder / "b.docx", ("red van", "redact: everywhere"))
    shutil.copy(bundle / "c-note.txt", folder / "c.txt")
    actions.publish([folder], tmp_path / "out")
    said = CliRunner().invoke(cli, ["intake", str(tmp_path / "out")]).output
    assert said.count("reviewers-marks") == 2 and said.count("redactor marks read OUT FILE --as NAME") == 2
    result = run("read", tmp_path / "out", folder / "a.pdf", folder / "b.docx", "--as", "R. Hale")
    assert "words that no copy shows" in result.output and "d02: 1 to mask" in result.output


def test_marks_of_written_files_are_drawn_and_words_stay(written: Path, bundle: Path) -> None:
    with pikepdf.open(written / "d01.pdf") as document:
        kinds = {str(note.Subtype) for note in document.pages[0].Annots}
    assert kinds == {"/Redact", "/Highlight"}
    pages = [pypdfium2.PdfDocument(io.BytesIO(p.read_bytes())) for p in (bundle / "a-interview.pdf", written / "d01.pdf")]
    assert pages[0][0].get_textpage().get_text_range() == pages[1][0].get_textpage().get_text_range()
    for each in pages:
        each.close()
