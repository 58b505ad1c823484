"""`pack`: the passages that concern one person, for consultation. From the copies, and the store for who is who.

The pack is looked at like a copy: no form of any other protected person may stand in it more often than in the passages of the
verified copies, no full name of one at all.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..cleartext import ClearText
from ..content import Content, flatten
from ..errors import LeakError, UsageError
from ..folding import occurrences
from ..model import Kind, Leak
from .audit import verified_publication
from .handing import written
from .jigsaw import manifest_of
from .latest import Known, persons_of
from .place import earlier_run, the_bundle_in

if TYPE_CHECKING:
    from ..handout import Subject

ENDINGS = (".docx", ".html", ".pdf")


@dataclass(frozen=True, slots=True)
class Packed:
    """What a pack holds: passages, from so many documents; `label` is the person's in the copies, "" for one who is named."""

    passages: int
    documents: int
    label: str


def pack(out: Path, person: str, target: Path, named: bool = False) -> Packed:
    """Write the passages that concern `person` (a label, "Survivor 4", or a name) to a .docx, .html or .pdf file.

    Nobody who is protected is named in it; `named` puts the person's own name on the cover. Needs the case key. Raises UsageError
    for a person who is not in the bundle or not one, AuditError if a copy was changed, LeakError if the pack would name somebody.
    """
    from .. import formats, handout

    if target.suffix.lower() not in ENDINGS:
        raise UsageError("A pack is a .docx, .html or .pdf file. Name one of these with --to")
    place = the_bundle_in(out)
    verified_publication(place, None)
    manifest = manifest_of(place)
    persons = known_persons(place)
    subject_of = _found(persons, person)
    if subject_of.role.protected and sum(p.label == subject_of.label for p in persons) > 1:
        raise UsageError(
            "Under this policy several people have one label: their passages cannot be told apart. Publish under another"
        )
    subject = handout.Subject(
        label=subject_of.label if subject_of.role.protected else "",
        forms=subject_of.forms,
        named=subject_of.names[0] if subject_of.names and (named or not subject_of.role.protected) else ClearText(""),
    )
    titles: dict[str, str] = {}
    found = []
    for entry in manifest["documents"]:
        if "path" in entry and entry["id"] not in titles:
            titles[entry["id"]] = entry["path"].partition("/")[2]
            found += handout.passages(entry["id"], formats.reopen(place / "publishable" / entry["path"]), subject)
    content = handout.pack(found, titles, subject, manifest["policy"]["name"], _day(place))
    _no_other_named(content, persons, subject_of.id if subject.named else "", subject)
    media = formats.format_named(target.suffix.lower().lstrip(".")).media
    with written(target, out, 0o600) as file:
        formats.write(content, media, file)
        _proven(file, media, content, persons, subject_of.id if subject.named else "", target)
    return Packed(len(found), len({p.doc for p in found}), subject.label)


def known_persons(place: Path) -> list[Known]:
    """Everybody of the latest run, as sealed in the store. Needs the case key."""
    with earlier_run(place) as (_, store):
        run = store.latest_run()
        return persons_of(store.events("person-resolved", since=run.seq if run else 0))


def _found(persons: Sequence[Known], wanted: str) -> Known:
    """The person meant by a label or name. The message never says the name again."""
    key = " ".join(wanted.strip("[] ").casefold().split())
    by_label = [p for p in persons if p.label and p.label.strip("[]").casefold() == key]
    by_name = [p for p in persons if key in {" ".join(n.reveal().casefold().split()) for n in (*p.names, *p.forms)}]
    found = by_label or by_name
    if not found:
        raise UsageError("Nobody of this label or name is in the bundle. The labels stand in the copies: [Survivor 4]")
    if len(found) > 1:
        raise UsageError("Several people of the bundle bear this name. Give the full name or the label")
    return found[0]


def others(persons: Iterable[Known], spared: str = "") -> list[tuple[Known, ClearText]]:
    """Every form of everybody protected, and each word of a full name by itself; `spared` is the id of one who is left out."""
    return [
        (p, form)
        for p in persons
        if p.role.protected and p.id != spared
        for form in dict.fromkeys((*p.forms, *(ClearText(w) for n in p.names for w in n.reveal().split() if len(w) > 2)))
    ]


def _no_other_named(content: Content, persons: Sequence[Known], spared: str, subject: Subject) -> None:
    """LeakError if a full name of somebody protected stands in the pack, whatever the copies were allowed."""
    text = flatten(content).text.reveal()
    own = {f.reveal() for f in subject.forms} if subject.named else set()
    leaks = tuple(
        Leak("pack", p.id, Kind.NAME, "text", len(spans))
        for p, form in others(persons, spared)
        if " " in form.reveal().strip() and form.reveal() not in own and (spans := occurrences(form, text))
    )
    if leaks:
        raise LeakError(
            leaks,
            "The pack would name somebody else who is protected, for the copies have that name where it is another person's",
            "Make this pack by hand.",
        )


def _proven(file: Path, media: str, content: Content, persons: Sequence[Known], spared: str, target: Path) -> None:
    """The finished file looked at by other means than wrote it."""
    from .. import formats, verify

    expected = flatten(content).text
    text = expected.reveal()
    probes = [verify.Probe(p.id, Kind.NAME, form, len(occurrences(form, text))) for p, form in others(persons, spared) if form]
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty"
        formats.write(Content(()), media, empty)
        verify.prove(file, media, probes, expected, "pack", ClearText("pack" + target.suffix), empty.read_bytes())


def _day(place: Path) -> str:
    from .. import audit
    from ..audit_chain import LOG

    return str(audit.read(place / "publishable" / LOG)[0]["at"])[:10]
