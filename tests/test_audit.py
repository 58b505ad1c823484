from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from redactor.audit import Entry, digest, project, public_id, publish, read, show, verify, write, write_manifest
from redactor.audit_chain import HEAD, canonical, diagnose, hashed, short
from redactor.cleartext import ClearText
from redactor.errors import AuditError, EnvironmentFault, ExitCode, UsageError
from redactor.keys import CaseKey
from redactor.policy import Policy
from redactor.store import Event, Store

KEY, FORGED = CaseKey(b"k" * 32), CaseKey(b"f" * 32)
NAME = "Marigold Tattersfield"
POLICY = cast(Policy, SimpleNamespace(name="iopc-report", digest="cd" * 32))
COPIES = {"d01": "report.txt", "d02": "[Survivor 4]/letter.txt"}
AT = "2030-01-01T00:00:00Z"


def decision(number: int, **other: object) -> dict[str, object]:
    said = {"decision": f"d01-{number:04}", "kind": "name", "action": "mask", "reason": "R-SOAA", "rule": "base:roles.survivor"}
    return {**said, "decider": "tool", "person": "p001", "role": "survivor", "score": "high", **other}


def run(store: Store, documents: Path) -> None:
    """One run, of two published documents and a held one, as the store is told it."""
    store.append(
        "run-started",
        "",
        {"policy": "iopc-report", "policy_digest": "cd" * 32, "case": "0" * 16, "tool": "0.1.0", "models": ["rampart==1.4.0"]},
    )
    for person, role in (("p001", "survivor"), ("p002", "witness"), ("p003", "public_figure")):
        public = {"person": person, "role": role, "mentions": 3, "documents": 2}
        store.append("person-resolved", "", public, {"forms": [ClearText(NAME)]})
        store.append("label-assigned", "", {"person": person, "label": "[Survivor 4]"}, {"forms": [ClearText(NAME)]})
    for doc, path in COPIES.items():
        (documents / path).parent.mkdir(parents=True, exist_ok=True)
        (documents / path).write_text(f"masked text of {doc}\n")
        store.append("document-seen", doc, {}, {"path": f"{NAME}.txt"})
        for number in range(4):
            store.append("decision", doc, decision(number) | {"decision": f"{doc}-{number:04}"})
        store.append("verification", doc, {"checks": ["visible text"], "probes": 9})
        public = {"digest": digest(documents / path), "media": "text/plain", "path": path}
        store.append("document-published", doc, public)
    store.append("document-held", "d03", {"reason": "unreadable", "cause": "the file is empty", "remedy": "Remove it."})
    store.append("run-finished", "", {"documents": 3, "published": 2, "held": 1})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication: copies, manifest and log."""
    publishable = tmp_path_factory.mktemp("out") / "publishable"
    with_store(
        publishable, lambda store: publish(publishable, [*store.events()], KEY, policy=POLICY, models={"rampart": "1.4.0"})
    )
    return publishable


def with_store(publishable: Path, act: Callable[[Store], object]) -> None:
    store = Store.open(publishable.parent / "restricted" / "case.db", KEY)
    try:
        run(store, publishable / "documents")
        act(store)
    finally:
        store.close()


@pytest.fixture
def publication(made: Path, tmp_path: Path) -> Path:
    """A publication to harm."""
    return Path(shutil.copytree(made, tmp_path / "publishable"))


@pytest.fixture
def events(tmp_path: Path) -> Iterator[list[Event]]:
    found: list[Event] = []
    with_store(tmp_path / "publishable", lambda store: found.extend(store.events()))
    yield found


def event(kind: str, doc: str = "", /, **public: object) -> Event:
    return Event(1, AT, kind, doc, public)


def findings(publishable: Path, key: CaseKey = KEY) -> list[str]:
    with pytest.raises(AuditError) as fault:
        verify(publishable, key.public_key())
    assert fault.value.exit_code is ExitCode.AUDIT
    assert fault.value.findings
    return fault.value.findings


# --- projection


def test_records_are_numbered_and_chained(events: list[Event]) -> None:
    records = project(events, KEY)
    assert [r["index"] for r in records] == list(range(1, len(events) + 1))
    assert records[0]["previous"] == "0" * 64
    assert all(after["previous"] == hashed(canonical(before)) for before, after in pairwise(records))


def test_no_personal_text_private_id_or_sentence_is_in_the_log(made: Path) -> None:
    log = (made / "audit.jsonl").read_text("ascii")
    manifest = (made / "manifest.json").read_text("ascii")
    for word in (*NAME.split(), "p001", "the file is empty", "Remove it"):
        assert word not in log + manifest


def test_a_kept_mention_does_not_say_whose_it_is() -> None:
    kept = decision(1, action="keep", reason="K-OFFICE")
    convicted = decision(2, action="keep", reason="K-CONV", role="convicted", person="p002")
    records = project([event("decision", "d01", **d) for d in (kept, convicted, decision(3))], KEY)
    assert "person" not in records[0] and "role" not in records[0]
    assert "person" not in records[1] and records[1]["role"] == "convicted"
    assert records[2]["person"] == public_id(KEY, "p001") and records[2]["role"] == "survivor"


def test_a_decision_that_was_replaced_does_not_say_whose_it_is() -> None:
    later = decision(9, action="keep", reason="K-OFFICE", replaces="d01-0001", decider="r2")
    records = project([event("decision", "d01", **d) for d in (decision(1), later)], KEY)
    assert all("person" not in r and "role" not in r for r in records)


def test_the_order_of_persons_in_the_store_is_not_told() -> None:
    people = [event("person-resolved", person=f"p{n:03}", role="witness", mentions=1, documents=1) for n in range(1, 31)]
    shown = [r["person"] for r in project(people, KEY)]
    assert shown == sorted(shown)
    assert sorted(shown) == sorted(public_id(KEY, f"p{n:03}") for n in range(1, 31))
    assert shown != [r["person"] for r in project(people, FORGED)]


def test_an_earlier_run_is_left_out() -> None:
    earlier = [event("run-started"), event("label-assigned", person="p001", label="a label that was wrong")]
    records = project([*earlier, event("run-started"), event("run-finished")], KEY)
    assert [r["event"] for r in records] == ["run-started", "run-finished"]


# --- manifest


def test_the_manifest_lists_copies_by_path_and_held_documents_by_id(made: Path) -> None:
    manifest = json.loads((made / "manifest.json").read_bytes())
    assert manifest["policy"] == {"name": "iopc-report", "digest": "cd" * 32}
    assert manifest["versions"] == {"rampart": "1.4.0", "redactor": "0.1.0"}
    assert [d["id"] for d in manifest["documents"]] == ["d01", "d02", "d03"]
    assert manifest["documents"][1]["path"] == "documents/[Survivor 4]/letter.txt"
    assert manifest["documents"][1]["digest"] == digest(made / "documents/[Survivor 4]/letter.txt")
    assert manifest["documents"][2] == {"id": "d03", "status": "held", "reason": "unreadable"}


@pytest.mark.parametrize(
    "entry",
    [
        {"status": "held", "path": "documents/x.txt"},
        {"status": "held", "digest": "ab"},
        {"status": "publishable"},
        {"status": "publishable", "path": "documents/x", "digest": "ab"},
        *(
            {"status": "publishable", "digest": "ab", "media": "text/plain", "path": path}
            for path in ("x.txt", "documents", "documents/", "documents/../x", "/documents/x", "documents//x", "restricted/x")
        ),
    ],
)
def test_an_entry_cannot_lead_out_of_the_documents(entry: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="copy"):
        Entry("d01", **entry)


# --- writing


def test_a_log_needs_events_and_a_manifest(tmp_path: Path) -> None:
    for happened in ([], [event("run-started")]):
        with pytest.raises(AuditError):
            write(tmp_path / "audit.jsonl", happened, KEY)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_writing_leaves_the_old_file_and_nothing_else(publication: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {p: p.read_bytes() for p in publication.rglob("*") if p.is_file()}

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvironmentFault, match=r"manifest.json cannot be written \(No space"):
        write_manifest(publication / "manifest.json", [], ("p", ""), {})
    assert {p: p.read_bytes() for p in publication.rglob("*") if p.is_file()} == before


def test_writing_into_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault):
        write_manifest(tmp_path / "none" / "manifest.json", [], ("p", ""), {})


def test_the_same_events_give_the_same_log(made: Path, publication: Path, events: list[Event]) -> None:
    (publication / "audit.jsonl").unlink()
    first = write(publication / "audit.jsonl", events, KEY)
    one = (publication / "audit.jsonl").read_bytes()
    assert (first, (publication / "audit.jsonl").read_bytes()) == (write(publication / "audit.jsonl", events, KEY), one)


# --- verifying


def test_what_was_signed_verifies(made: Path) -> None:
    verified = verify(made, KEY.public_key().upper() + "\n")
    assert (verified.copies, verified.public_key) == (2, KEY.public_key())
    assert verified.records == len((made / "audit.jsonl").read_bytes().splitlines()) - 1


def test_a_run_that_held_everything_verifies(tmp_path: Path) -> None:
    held = [event("run-started", tool="0.1.0"), event("document-held", "d01", reason="leak")]
    publish(tmp_path, held, KEY, policy=POLICY, models={})
    assert verify(tmp_path, KEY.public_key()).copies == 0


@pytest.mark.parametrize("known", [None, ""])
def test_the_key_inside_is_never_enough(made: Path, known: str | None) -> None:
    with pytest.raises(AuditError, match="no public key is known outside"):
        verify(made, known)


@pytest.mark.parametrize("known", ["zz", "ab" * 31, "g" * 64])
def test_a_key_that_is_none_is_a_wrong_use(made: Path, known: str) -> None:
    with pytest.raises(UsageError):
        verify(made, known)


def test_a_log_signed_over_no_record_is_not_verified(publication: Path) -> None:
    manifest = digest(publication / "manifest.json")
    head: dict[str, Any] = {"audit": 1, "chain": "", "copies": [], "count": 0, "manifest": manifest, "records": []}
    head |= {"public_key": KEY.public_key()}
    head |= {"signature": KEY.sign(HEAD + canonical(head))}
    (publication / "audit.jsonl").write_bytes(canonical(head) + b"\n")
    shutil.rmtree(publication / "documents")
    assert findings(publication) == ["the log is empty"]


def test_a_broken_chain_is_told_though_every_record_is_listed(publication: Path) -> None:
    lines = [canonical({"event": "x", "index": n, "previous": "0" * 64}) for n in (1, 2)]
    head = json.loads((publication / "audit.jsonl").read_bytes().splitlines()[-1])
    del head["signature"]
    head |= {"chain": hashed(lines[-1]), "count": 2, "records": [short(line) for line in lines]}
    head |= {"signature": KEY.sign(HEAD + canonical(head))}
    (publication / "audit.jsonl").write_bytes(b"".join(line + b"\n" for line in (*lines, canonical(head))))
    assert findings(publication) == ["the records are not the chain that was signed"]


def _forge(publication: Path, claim: str) -> None:
    """Re-make the log with another key: every record and hash right, the signature by somebody else."""
    lines = [json.loads(line) for line in (publication / "audit.jsonl").read_bytes().splitlines()[:-1]]
    lines[3]["reason"] = "R-ID"
    previous, out = "0" * 64, []
    for line in lines:
        out.append(canonical({**line, "previous": previous}))
        previous = hashed(out[-1])
    head = json.loads((publication / "audit.jsonl").read_bytes().splitlines()[-1])
    del head["signature"]
    head |= {"chain": previous, "records": [short(line) for line in out], "public_key": claim}
    head |= {"signature": FORGED.sign(HEAD + canonical(head))}
    (publication / "audit.jsonl").write_bytes(b"".join(line + b"\n" for line in (*out, canonical(head))))


def test_a_log_made_again_with_another_key_is_refused(publication: Path) -> None:
    _forge(publication, FORGED.public_key())
    assert findings(publication) == ["the log was re-made with another key"]
    assert verify(publication, FORGED.public_key()).records  # it is whole: the key alone tells
    _forge(publication, KEY.public_key())
    assert findings(publication) == ["the head record changed, or the log was re-made with another key"]


def _write(path: str, text: str) -> Callable[[Path], None]:
    def harm(publishable: Path) -> None:
        (publishable / path).write_text(text)

    return harm


def _remove(path: str) -> Callable[[Path], None]:
    return lambda publishable: (publishable / path).unlink()


def _folder(publishable: Path) -> None:
    (publishable / "documents" / "Tattersfield").mkdir()


def _two_strangers(publishable: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (publishable / "documents" / name).touch()


def _link(publishable: Path) -> None:
    copy = publishable / "documents" / "report.txt"
    copy.rename(publishable.parent / "report.txt")
    copy.symlink_to(publishable.parent / "report.txt")


def _folder_link(publishable: Path) -> None:
    (publishable / "documents" / "more").symlink_to(publishable.parent, target_is_directory=True)


def _swapped(publishable: Path) -> None:
    one, two = (publishable / "documents" / path for path in COPIES.values())
    one.rename(publishable / "x")
    two.rename(one)
    (publishable / "x").rename(two)


def _twice(publishable: Path) -> None:
    one, two = (publishable / "documents" / path for path in COPIES.values())
    shutil.copy(one, two)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (_write("documents/report.txt", "other words"), ["copy d01 differs"]),
        (_write("documents/[Survivor 4]/letter.txt", ""), ["copy d02 differs"]),
        (_remove("documents/report.txt"), ["copy d01 is missing"]),
        (_swapped, ["copies d01 and d02 swapped"]),
        (_twice, ["copy d02 is that of d01"]),
        (_link, ["copy d01 is a link, not a file"]),
        (_write("documents/Tattersfield.txt", ""), ["an unlisted file lies in publishable/documents"]),
        (_write("documents/[Survivor 4]/.hidden", ""), ["an unlisted file lies in publishable/documents"]),
        (_folder, ["an unlisted file lies in publishable/documents"]),
        (_folder_link, ["an unlisted file lies in publishable/documents"]),
        (_two_strangers, ["2 unlisted files lie in publishable/documents"]),
        (_write("note.txt", ""), ["an unlisted file lies in publishable"]),
        (_write("manifest.json", "{}"), ["the manifest differs"]),
        (_remove("manifest.json"), ["the manifest is missing"]),
        (_write("audit.jsonl", ""), ["the log is empty"]),
        (_write("audit.jsonl", "\n\n"), ["the log is empty"]),
        (_remove("audit.jsonl"), ["the log is missing or cannot be read"]),
        (_write("audit.jsonl", "[" * 100_000 + '"signature"'), ["the head record is missing: the log was cut at its end"]),
    ],
)
def test_harm_to_the_folder_is_told_exactly(publication: Path, harm: Callable[[Path], None], told: list[str]) -> None:
    harm(publication)
    assert findings(publication) == told


def test_a_document_with_two_copies_is_told_by_format(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    happened = [event("run-started", tool="0.1.0")]
    for name in ("a.txt", "a.html"):
        (tmp_path / "documents" / name).write_text("text")
        said = digest(tmp_path / "documents" / name)
        happened.append(event("document-published", "d01", path=name, digest=said, media="text/plain"))
    publish(tmp_path, happened, KEY, policy=POLICY, models={})
    assert verify(tmp_path, KEY.public_key()).copies == 2
    (tmp_path / "documents" / "a.html").unlink()
    assert findings(tmp_path) == ["copy d01 (.html) is missing"]


# --- any one act of tampering with the log's lines

TAMPERED = settings(derandomize=True, deadline=None, max_examples=60, database=None)
HEAD_GONE = ["the head record is missing: the log was cut at its end"]
HEAD_CHANGED = {
    "the head record changed, or the log was re-made with another key",
    "the head record is missing: the log was cut at its end",  # it is no record any more
    "the head record changed: its line has no end",
    "the head record repeated",
    "lines were added after the head record",
}


def tamper(made: Path, data: bytes | list[bytes]) -> list[str]:
    log = made / "audit.jsonl"
    good = log.read_bytes()
    try:
        log.write_bytes(data if isinstance(data, bytes) else b"".join(line + b"\n" for line in data))
        return findings(made)
    finally:
        log.write_bytes(good)


def lines_of(made: Path) -> list[bytes]:
    return (made / "audit.jsonl").read_bytes().splitlines()


COUNT = 23  # records of the publication, without its head


def test_the_publication_has_the_records_the_properties_draw_from(made: Path) -> None:
    assert len(lines_of(made)) == COUNT + 1


@TAMPERED
@given(number=st.integers(1, COUNT), where=st.integers(0), byte=st.integers(0, 255))
def test_a_changed_byte_names_its_record(made: Path, number: int, where: int, byte: int) -> None:
    lines = lines_of(made)
    line = bytearray(lines[number - 1])
    at = where % len(line)
    assume(line[at] != byte and byte != ord("\n"))
    line[at] = byte
    lines[number - 1] = bytes(line)
    assert tamper(made, lines) == [f"record {number} changed"]


@TAMPERED
@given(number=st.integers(1, COUNT), key=st.sampled_from(["reason", "at", "index", "previous", "event", "new"]), text=st.text())
def test_a_rewritten_record_is_named(made: Path, number: int, key: str, text: str) -> None:
    lines = lines_of(made)
    lines[number - 1] = canonical({**json.loads(lines[number - 1]), key: text})
    assert tamper(made, lines) == [f"record {number} changed"]


@TAMPERED
@given(number=st.integers(1, COUNT), other=st.integers(1, COUNT))
def test_a_record_renumbered_is_named(made: Path, number: int, other: int) -> None:
    assume(number != other)
    lines = lines_of(made)
    lines[number - 1] = canonical({**json.loads(lines[number - 1]), "index": other})
    assert tamper(made, lines) == [f"record {number} changed"]


@TAMPERED
@given(cut=st.integers(1, COUNT))
def test_a_cut_end_is_counted(made: Path, cut: int) -> None:
    lines = lines_of(made)
    assert tamper(made, [*lines[: COUNT - cut], lines[-1]]) == [f"{cut} record{'s' * (cut > 1)} cut from the end"]


@TAMPERED
@given(left=st.integers(1, COUNT))
def test_a_cut_end_with_the_head_is_told(made: Path, left: int) -> None:
    assert tamper(made, lines_of(made)[:left]) == HEAD_GONE


@TAMPERED
@given(size=st.integers(0))
def test_a_torn_file_is_refused(made: Path, size: int) -> None:
    data = (made / "audit.jsonl").read_bytes()
    told = tamper(made, data[: size % len(data)])
    assert told in (["the log is empty"], HEAD_GONE, ["the head record changed: its line has no end"])


@TAMPERED
@given(number=st.integers(1, COUNT - 1))
def test_a_dropped_record_is_named(made: Path, number: int) -> None:
    lines = lines_of(made)
    del lines[number - 1]
    assert tamper(made, lines) == [f"record {number} dropped"]


@TAMPERED
@given(first=st.integers(1, COUNT), second=st.integers(1, COUNT))
def test_swapped_records_are_named(made: Path, first: int, second: int) -> None:
    assume(first < second)
    lines = lines_of(made)
    lines[first - 1], lines[second - 1] = lines[second - 1], lines[first - 1]
    assert tamper(made, lines) == [f"records {first} and {second} swapped"]


@TAMPERED
@given(number=st.integers(1, COUNT), place=st.integers(0, COUNT))
def test_a_repeated_record_is_named(made: Path, number: int, place: int) -> None:
    lines = lines_of(made)
    lines.insert(place, lines[number - 1])
    assert tamper(made, lines) == [f"record {number} repeated"]


@TAMPERED
@given(place=st.integers(0, COUNT), line=st.sampled_from([b"", b"{}", b'{"event":"decision","index":4}', b"\xff", b"[1]"]))
def test_an_added_line_is_told(made: Path, place: int, line: bytes) -> None:
    lines = lines_of(made)
    lines.insert(place, line)
    assert tamper(made, lines) == ["1 line in the log never signed"]


@TAMPERED
@given(where=st.integers(0), byte=st.integers(0, 255))
def test_a_changed_byte_of_the_head_is_refused(made: Path, where: int, byte: int) -> None:
    *lines, head = lines_of(made)
    at = where % len(head)
    assume(head[at] != byte)
    told = tamper(made, [*lines, head[:at] + bytes([byte]) + head[at + 1 :]])
    assert len(told) == 1 and told[0] in HEAD_CHANGED


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda lines: [*lines, lines[-1]], "the head record repeated"),
        (lambda lines: [*lines[:-2], lines[-1], lines[-2]], f"record {COUNT} and the head record swapped"),
        (lambda lines: [*lines, b"{}"], "lines were added after the head record"),
        (lambda lines: [*lines, lines[2]], "lines were added after the head record"),
        (lambda lines: [*lines[:2], *lines[5:]], "records 3 to 5 dropped"),
        (lambda lines: [line + b"\r" for line in lines[:-1]] + lines[-1:], f"records 1 to {COUNT} changed"),
        (lambda lines: [*lines[:4], *reversed(lines[4:9]), *lines[9:]], "records 5 to 9 stand in another order"),
        (lambda lines: lines[:-1], HEAD_GONE[0]),
        (lambda lines: lines[-1:], f"{COUNT} records cut from the end"),
        (
            lambda lines: [*lines[:-1], lines[-1].replace(b",", b", ", 1)],
            "the head record changed, or the log was re-made with another key",
        ),
    ],
)
def test_other_tampering_is_told(made: Path, change: Callable[[list[bytes]], list[bytes]], told: str) -> None:
    assert tamper(made, change(lines_of(made))) == [told]


def test_nothing_found_only_where_nothing_was_done(made: Path) -> None:
    lines = lines_of(made)[:-1]
    signed = [short(line) for line in lines]
    assert diagnose(lines, signed) == []
    assert diagnose([], []) == []


# --- showing


def test_the_log_is_shown_as_rows(made: Path) -> None:
    rows = show(made)
    assert len(rows) == COUNT == len(read(made / "audit.jsonl"))
    kept = show(made, doc="d01", kind="name", action="mask", person=None)
    assert len(kept) == 4 and all(row["rule"] == "base:roles.survivor" and row["reason"] == "R-SOAA" for row in kept)
    assert [row["count"] for row in show(made, kind="verification")] == [9, 9]
    assert len(show(made, person=public_id(KEY, "p001"), kind="decision")) == 8
    assert list(kept[0]) == ["index", "time", "event", "doc", "kind", "action", "reason", "rule", "person", "role", "decider"]
    assert (
        len(show(made, reason="R-SOAA")) == 8 and show(made, reason="R-SOAA:x") == [] and len(show(made, event="decision")) == 8
    )
    with pytest.raises(UsageError, match="no column colour"):
        show(made, colour="red")
    with pytest.raises(AuditError):
        show(made / "nowhere")
