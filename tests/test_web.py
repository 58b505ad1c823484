"""The reviewers' desk as a client meets it: what it shows, does and refuses. Every person is invented."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from redactor.actions import Desk, change, changes, list_questions
from redactor.actions.kept import in_force
from redactor.actions.locks import making
from redactor.actions.overriding import Change
from redactor.actions.place import earlier_run
from redactor.cleartext import ClearText
from redactor.errors import UsageError
from redactor.web import Guard, make_app
from redactor.web.guard import COOKIE, MAX_BODY
from tests.desks import NAMES, PLACE, copies, person

BASE = "http://127.0.0.1:8801"
SCREENS = ("/", "/questions", "/people", "/documents/d01", "/findings", "/changes", "/log", "/sign")


@pytest.fixture
def out(desk_out: Path) -> Path:
    return desk_out


def client(out: Path, by: str = "R. Hale") -> tuple[TestClient, Guard]:
    guard = Guard(8801)
    return TestClient(make_app(Desk(out, by), guard), base_url=BASE, follow_redirects=False, raise_server_exceptions=False), guard


@pytest.fixture
def at(out: Path) -> Iterator[tuple[TestClient, Guard, Path]]:
    """A client that has opened the link."""
    browser, guard = client(out)
    with browser:
        assert browser.get(f"/enter/{guard.token}").status_code == 303
        yield browser, guard, out


def fields(guard: Guard, seen: int = 10**6, **more: str) -> dict[str, str]:
    return {"form": guard.form, "seen": str(seen), **more}


def settled(browser: TestClient) -> None:
    """Wait until the copies are made."""
    until = time.monotonic() + 120
    while browser.get("/working").status_code == 200:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_every_screen_opens_and_says_who_is_who(at: tuple[TestClient, Guard, Path]) -> None:
    browser, _, out = at
    for screen in (*SCREENS, f"/people/{person(out, 'Rufus Penhallow')}"):
        shown = browser.get(screen)
        assert shown.status_code == 200, screen
        assert "<main" in shown.text and 'lang="en-GB"' in shown.text
    assert "Rufus Penhallow" in browser.get("/people").text
    both = browser.get("/documents/d01").text
    assert "Blythe Tranter" in both and "[Survivor" in both and "R-" in both


def test_no_name_is_in_an_address_a_header_or_a_title(at: tuple[TestClient, Guard, Path]) -> None:
    browser, _, out = at
    for screen in (*SCREENS, f"/people/{person(out, 'Rufus Penhallow')}"):
        shown = browser.get(screen)
        title = re.search(r"<title>(.*?)</title>", shown.text)
        assert title and not any(name.decode() in title[1] for name in NAMES)
        assert not any(name in str(shown.headers).encode() for name in NAMES)
        links = re.findall(r'(?:href|action|src)="([^"]*)"', shown.text)
        assert links and not any(name.decode() in link for name in NAMES for link in links)
        assert shown.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in shown.headers["content-security-policy"]
        assert not re.search(r"(?:href|src)=\"(?:https?:)?//", shown.text)


def test_a_question_is_answered_and_the_answer_taken_back(at: tuple[TestClient, Guard, Path]) -> None:
    browser, guard, out = at
    asked = next(q for q in list_questions(out) if "Penhallow" in q.text)
    done = browser.post(f"/questions/{asked.id}", data=fields(guard, answer="officer"))
    assert (done.status_code, done.headers["location"]) == (303, "/questions?said=answered")
    assert next(q for q in list_questions(out) if q.id == asked.id).answer == "officer"
    assert "1 answer or change" in browser.get("/").text
    browser.post("/republish", data=fields(guard))
    settled(browser)
    assert b"[Officer" in copies(out)["a.txt"]
    browser.post(f"/questions/{asked.id}", data=fields(guard, undo="1"))
    with earlier_run(out / PLACE) as (_, store):
        assert in_force(store) == ()


def test_a_missed_name_is_masked_everywhere_and_undone(at: tuple[TestClient, Guard, Path]) -> None:
    browser, guard, out = at
    assert any(b"silver kite" in data for data in copies(out).values())
    said = fields(guard, act="mask", words="silver kite", person=person(out, "Blythe Tranter"), doc="d01")
    done = browser.post("/changes", data=said | {"from": "document"})
    assert done.headers["location"] == "/documents/d01?said=changed"
    browser.post("/republish", data=fields(guard))
    settled(browser)
    assert not any(b"silver kite" in data for data in copies(out).values())
    (made,) = changes(out)
    assert "silver kite" in browser.get("/changes").text
    assert browser.post(f"/changes/{made.id}/undo", data=fields(guard)).headers["location"] == "/changes?said=undone"
    assert changes(out)[0].undone


def test_what_an_act_refuses_is_said_and_nothing_is_changed(at: tuple[TestClient, Guard, Path]) -> None:
    browser, guard, out = at
    refused = browser.post("/changes", data=fields(guard, act="keep", words="Blythe Tranter", reason="she asked"))
    assert refused.status_code == 400 and "no answer lifts that" in refused.text
    assert browser.post("/changes", data=fields(guard, act="burn", words="x")).status_code == 400
    assert changes(out) == []


def test_two_reviewers_at_once_do_not_overwrite_each_other(at: tuple[TestClient, Guard, Path]) -> None:
    browser, guard, out = at
    rufus = person(out, "Rufus Penhallow")
    seen = int(re.findall(r'name="seen" value="(\d+)"', browser.get(f"/people/{rufus}").text)[0])
    change(out, [Change("role", person=rufus, role="officer")], "A. Ono")
    late = browser.post("/changes", data=fields(guard, seen, act="role", person=rufus, role="witness"))
    assert late.status_code == 409 and "Somebody else has changed this" in late.text
    assert [c.by.reveal() for c in changes(out)] == ["A. Ono"]
    asked = next(q for q in list_questions(out) if "Penhallow" in q.text)
    assert browser.post(f"/questions/{asked.id}", data=fields(guard, seen, answer="witness")).status_code == 409


def test_two_people_sign_and_one_is_not_two(at: tuple[TestClient, Guard, Path]) -> None:
    browser, guard, out = at
    assert browser.post("/sign", data=fields(guard)).headers["location"] == "/sign?said=signed"
    again = browser.post("/sign", data=fields(guard))
    assert again.status_code == 400 and "must be another person" in again.text
    second, other = client(out, "B. Lowe")
    with second:
        second.get(f"/enter/{other.token}")
        assert second.post("/sign", data=fields(other)).status_code == 303
        assert "B. Lowe" in second.get("/sign").text and "R. Hale" in second.get("/sign").text


# ---- who is not let in


def test_the_link_works_once(out: Path) -> None:
    browser, guard = client(out)
    with browser:
        assert browser.get("/").status_code == 403
        assert browser.get("/enter/wrong").status_code == 403
        entered = browser.get(f"/enter/{guard.token}")
        cookie = entered.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie
        assert browser.get("/").status_code == 200
        browser.cookies.clear()
        assert browser.get(f"/enter/{guard.token}").status_code == 403
        assert browser.get("/", headers={"cookie": f"{COOKIE}=guessed"}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "desk.example.org:8801"},
        {"host": "127.0.0.1:9999"},
        {"origin": "https://example.org"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_requests_from_elsewhere_are_refused(at: tuple[TestClient, Guard, Path], headers: dict[str, str]) -> None:
    browser, guard, out = at
    for answer in (
        browser.get("/people", headers=headers),
        browser.post("/changes", data=fields(guard, act="mask", words="lantern shed"), headers=headers),
    ):
        assert answer.status_code == 403 and not any(name in answer.content for name in NAMES)
    assert changes(out) == []


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"act": "mask", "words": "lantern shed", "seen": "9"}, 403),
        ({"form": "guessed", "act": "mask", "words": "lantern shed", "seen": "9"}, 403),
        ({"act": "mask", "words": "lantern shed"}, 400),
        ({"act": "mask", "words": "lantern shed", "seen": "many"}, 400),
        ({"words": "x" * MAX_BODY}, 413),
        ({str(n): "x" for n in range(99)}, 400),
    ],
)
def test_forms_that_are_not_the_desks_change_nothing(
    at: tuple[TestClient, Guard, Path], data: dict[str, str], status: int
) -> None:
    browser, guard, out = at
    if status != 403:
        data = {"form": guard.form, **data}
    assert browser.post("/changes", data=data).status_code == status
    assert browser.post("/changes", content=b"\xff\xfe&&==").status_code == 400
    assert changes(out) == []


@pytest.mark.parametrize(
    "path",
    [
        "/documents/..%2f..%2fcase.db",
        "/documents/d99",
        "/people/p999",
        "/assets/..%2fguard.py",
        "/assets/app.py",
        "/nothing",
    ],
)
def test_addresses_that_lead_nowhere(at: tuple[TestClient, Guard, Path], path: str) -> None:
    shown = at[0].get(path)
    assert shown.status_code in (400, 403, 404) and b"import" not in shown.content and b"SQLite" not in shown.content


def test_a_locked_and_a_damaged_store_are_said_and_nothing_is_lost(at: tuple[TestClient, Guard, Path]) -> None:
    browser, guard, out = at
    store = out / PLACE / "restricted" / "case.db"
    other = sqlite3.connect(store, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        locked = browser.post("/changes", data=fields(guard, act="mask", words="lantern shed", kind="place"))
        assert locked.status_code == 503 and "in use by another process" in locked.text
    finally:
        other.close()
    assert changes(out) == []
    whole = store.read_bytes()
    browser.post("/changes", data=fields(guard, act="mask", words="lantern shed", kind="place"))
    assert "1 answer or change" in browser.get("/").text
    store.write_bytes(b"not a database" * 300)
    assert browser.get("/").status_code == 503
    store.write_bytes(whole)  # from a copy that knows nothing of the last change, and the desk does not remember it either
    shown = browser.get("/")
    assert shown.status_code == 200 and "1 answer or change" not in shown.text


def test_sources_that_changed_are_not_shown_beside_old_copies(at: tuple[TestClient, Guard, Path]) -> None:
    browser, _, out = at
    (out.parent / PLACE / "a.txt").write_text("Somebody else altogether rang.\n", encoding="utf-8")
    shown = browser.get("/documents/d01")
    assert shown.status_code == 400 and "not those that were published" in shown.text


def test_a_run_that_fails_is_said(at: tuple[TestClient, Guard, Path]) -> None:
    browser, guard, out = at

    def why() -> str:
        browser.post("/republish", data=fields(guard))
        until = time.monotonic() + 20
        while "Not made" not in (shown := browser.get("/working").text):
            assert time.monotonic() < until
            time.sleep(0.05)
        return shown

    with making(out / PLACE):  # by another desk
        assert "being made, or released, by another process" in why()
    (out.parent / PLACE).rename(out.parent / "elsewhere")
    assert "not where they were published from" in why()


def test_nothing_of_the_desk_is_left_under_out(at: tuple[TestClient, Guard, Path]) -> None:
    browser, guard, out = at
    browser.get("/documents/d01")
    browser.post("/changes", data=fields(guard, act="mask", words="lantern shed", kind="place", reason="a landmark"))
    for path in out.rglob("*"):
        if path.is_file() and "documents" not in path.parts:
            assert not any(word in path.read_bytes() for word in (*NAMES[:3], b"lantern", b"R. Hale"))
    assert not list((out / PLACE / "restricted").glob("reading-*"))


def test_several_bundles_are_told_apart(out: Path) -> None:
    other = out / "other" / "publishable"
    other.mkdir(parents=True)
    with pytest.raises(UsageError, match="several bundles"):
        Desk(out, "R. Hale")


def test_words_in_a_reason_are_checked_for_names(at: tuple[TestClient, Guard, Path]) -> None:
    browser, guard, _ = at
    said = ClearText("Rufus Penhallow")
    refused = browser.post("/changes", data=fields(guard, act="keep", words=said.reveal(), reason="Blythe said so"))
    assert refused.status_code == 400 and "Say it without names" in refused.text and b"Blythe" not in refused.content
