"""A small `python -m benchmarks.intruder`, and for each of its checks a publication that does not pass. Everybody is invented."""

from __future__ import annotations

import base64
import io
import json
import random
import zipfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import docx
import pytest
import yaml

from benchmarks.hostile import left, stamps, usual
from benchmarks.intruder import CHANCE, Tally, in_words, leaks, sweep
from benchmarks.invented import Invented, Person, invented
from benchmarks.tells import (
    ORDERS,
    Ranks,
    Shown,
    apart,
    logs_apart,
    rank,
    read_otherwise,
    same_order,
    shared,
    telling,
)

ZOE = Person("Zoë", "O'Marsham", "Zobo", "survivor", True, "07700 900123", "14 Quayside Terrace", "ZE1 2BQ", "copper kettle")
REGISTER = "documents/00-register.txt"
REST = "The office hopes to hear of it."


@pytest.fixture(scope="module")
def swept(loaded: None, tmp_path_factory: pytest.TempPathFactory) -> Tally:
    return list(sweep(tmp_path_factory.mktemp("swept"), 1, 12, 4, ("docx", "csv")))[-1]


def test_an_intruder_finds_nothing_in_publications_of_a_generated_bundle(swept: Tally) -> None:
    assert swept.wrong() == []
    assert "in any copy, name, property, manifest or log: 0." in in_words(swept.told())
    assert swept.counted["copies"] >= 3 and swept.counted["pairs of keys"] == swept.counted["pairs of twins"] == 1
    assert swept.counted["copies of twins"] >= 3 and swept.counted["held"] == 0


# What is left: each way in which a name may lie in a file is seen


def word(**properties: str) -> bytes:
    out, document = io.BytesIO(), docx.Document()
    document.add_paragraph(REST)
    for name, said in properties.items():
        setattr(document.core_properties, name, said)
    document.save(out)
    return out.getvalue()


def in_part(name: str, said: bytes) -> bytes:
    out = io.BytesIO(word())
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(name, said)
    return out.getvalue()


def pdf(title: str = "", body: str = "") -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    page = Canvas(out, invariant=1)
    page.setTitle(title)
    page.drawString(72, 700, body or REST)
    page.save()
    return out.getvalue()


def text(said: str) -> Callable[[], tuple[str, bytes]]:
    return lambda: ("a.txt", f"{REST}\n{said}\n".encode())


LEAKY: dict[str, Callable[[], tuple[str, bytes]]] = {
    "given name, no accent": text("zoe rang"),
    "surname in capitals": text("O’MARSHAM rang"),
    "nickname": text("Zobo rang"),
    "over a line's end": text("O'Mar-\nsham rang"),
    "invisible letters": text("O'Mar\u200bsh\u00adam rang"),
    "glued": text("#OMarshamZoe"),
    "spaced out": text("O ' M a r s h a m  Z o e"),
    "backwards": text("mahsraM'O eoZ"),
    "initials": text("Z.O. rang"),
    "telephone": text("+07700-900-123"),
    "postcode": text("ze12bq"),
    "address": text("14, Quayside  Terrace"),
    "e-mail": text("zoe.omarsham at example"),
    "base64": text(base64.b64encode("of Zoë O'Marsham of".encode()).decode()),
    "hexadecimal": text(b"OMarsham".hex()),
    "percent": text("%4f%27Mar%73ham"),
    "entities": text("O&#39;M&#x61;rsham"),
    "quoted-printable": text("O=27Marsham"),
    "file name": lambda: ("OMarsham.txt", REST.encode()),
    "property of a Word file": lambda: ("a.docx", word(author="Zoë O'Marsham")),
    "part of a Word file": lambda: ("a.docx", in_part("custom/x.bin", "O'Marsham".encode("utf-16-le"))),
    "name of a part": lambda: ("a.docx", in_part("custom/omarsham.xml", b"<a/>")),
    "property of a PDF": lambda: ("a.pdf", pdf(title="Zoë O'Marsham")),
    "page of a PDF": lambda: ("a.pdf", pdf(body="Ms O'Marsham")),
    "header of a message": lambda: ("a.eml", b"From: =?utf-8?q?Zo=C3=AB?= <a@example.org>\n\n" + REST.encode()),
}


@pytest.mark.parametrize("make", LEAKY.values(), ids=LEAKY)
def test_what_is_left_of_a_person_is_found(make: Callable[[], tuple[str, bytes]]) -> None:
    assert left(*make(), REST, [ZOE])


@pytest.mark.parametrize("make", [text("[Survivor 3] rang"), lambda: ("a.docx", word()), lambda: ("a.pdf", pdf())])
def test_where_nothing_is_left_nothing_is_found(make: Callable[[], tuple[str, bytes]]) -> None:
    assert left(*make(), REST, [ZOE]) == []


def test_a_word_may_stand_as_often_as_without_the_person() -> None:
    hope = replace(ZOE, given="Hope", surname="Penhallow")
    assert left("a.txt", b"We hope so.", "We hope so.", [hope]) == []
    assert left("a.txt", b"We hope so. Hope rang.", "We hope so.", [hope])


# Order, width, keys: publications made by hand that tell something

Order = Callable[[Person, int, Sequence[str]], Any]


def publication(order: Order, seed: int = 1, log: Sequence[object] = (), copy: str = "", back: bool = False) -> Shown:
    """Twelve survivors whose labels are numbered in some order of theirs."""
    made = invented(seed, 12, 0, formats=())
    made = Invented([replace(person, role="survivor") for person in made.people], made.papers, made.case)
    case = [entry["name"] for entry in yaml.safe_load(made.case)["people"]]
    ranked = sorted(made.people, key=lambda person: order(person, made.people.index(person), case), reverse=back)
    labels = {person: f"[Survivor {ranked.index(person) + 1}]" for person in made.people}
    register = "\n".join(f"The {person.anchor} file concerns {label}." for person, label in labels.items())
    logged = random.Random(seed).sample([*labels.values()], len(labels))
    records = [
        {"event": "run-started", "models": []},
        *({"event": "label-assigned", "label": label} for label in logged),
        *log,
        {},
    ]
    manifest = {"documents": [{"id": "d01", "path": REGISTER, "digest": "b" * 64}], "policy": {}, "versions": {}}
    files = {
        REGISTER: f"{register}\n{copy}",
        "audit.jsonl": "\n".join(map(json.dumps, records)),
        "manifest.json": json.dumps(manifest),
    }
    return Shown(made, {path: said.encode() for path, said in files.items()})


def drawn(person: Person, _: int, __: Sequence[str]) -> str:
    return person.phone


@pytest.mark.parametrize("name", ORDERS)
def test_numbers_in_an_order_that_somebody_knows_are_seen(name: str) -> None:
    told, chance = defaultdict[str, Ranks](Ranks), defaultdict[str, Ranks](Ranks)
    for seed in range(1, 5):
        rank(publication(ORDERS[name], seed), told)
        rank(publication(drawn, seed), chance)
    assert told[name].p < CHANCE < min(chance[name].p, told[f"log: {name}"].p)


def test_a_label_with_a_letter_of_its_own_tells() -> None:
    assert telling("[Survivor A]") and telling("[Survivor Z.O. 2]") and telling("[Survivor … 2]")
    assert not telling("[Survivor 2]") and not telling("[Survivor 2's mother]") and not telling("[PC 3]")


def test_a_width_that_follows_the_name_is_seen() -> None:
    one = publication(drawn, copy="[Survivor 3] rang")
    assert apart(one, publication(drawn, back=True, copy="[Survivor 8] rang")) == []
    wide = publication(drawn, back=True, copy="[Survivor 8]    rang")
    assert apart(one, wide) and apart(one, wide, {0}) == []


def test_a_log_that_follows_the_name_is_seen() -> None:
    one, same, other = (publication(drawn, log=[{"event": "verification", "probes": probes}]) for probes in (4, 4, 5))
    assert logs_apart(one, same) == []
    assert logs_apart(one, other) == ["verification", "verification"]


def test_a_paper_in_which_something_else_was_seen_is_left_aside_and_no_other() -> None:
    name = {"event": "decision", "doc": "d01", "decision": "d01-0001", "kind": "name", "action": "mask", "role": "survivor"}
    one, more = publication(drawn, log=[name]), publication(drawn, log=[name, name | {"kind": "place"}])
    assert read_otherwise(one, more) == {0} and read_otherwise(one, one) == set()
    assert logs_apart(one, more) == ["decision"] and logs_apart(one, more, {0}) == []


def test_what_a_pdf_calls_its_parts_is_nobody_and_a_name_beside_them_is() -> None:
    page, known = replace(ZOE, given="Lily", surname="Page"), usual(pdf())
    assert left("a.pdf", pdf(), REST, [page], known) == []
    assert left("a.pdf", pdf(title="Of Lily Page"), REST, [page], known)


def test_letters_of_a_digest_are_no_name_and_those_beside_it_are() -> None:
    cade = replace(ZOE, given="Cade", surname="Penhallow")
    digest = "1cade2" + "0" * 58
    assert left("log.jsonl", digest.encode(), "", [cade]) == []
    assert left("log.jsonl", f"{digest} Cade".encode(), "", [cade])


def test_two_publications_with_a_fingerprint_or_an_order_in_common_are_linked() -> None:
    one, two, other = (publication(drawn, log=[{"event": "person-resolved", "person": 16 * letter}]) for letter in "ccd")
    assert (shared(one, two), shared(one, other)) == ({16 * "c"}, set())
    ranks = Ranks()
    same_order(one, two, ranks)
    assert ranks.p < CHANCE


def test_dates_of_a_copy_are_read() -> None:
    assert any(stamp.startswith("property 2013") for stamp in stamps(word()))  # what the library gives a file
    assert sum(stamp.startswith("part ") for stamp in stamps(word())) == 1


def test_a_leak_in_a_publication_is_told_with_its_place() -> None:
    shown = publication(drawn)
    leaky = replace(shown, files={**shown.files, REGISTER: f"Mx {shown.made.people[0].surname}".encode()})
    assert {where for _, _, where in leaks(leaky)} == {"txt: text"} and leaks(shown) == []
