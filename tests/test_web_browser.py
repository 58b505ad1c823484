"""The desk in a real browser, by keyboard alone, and looked over for barriers. Every person is invented."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from redactor.actions import changes, list_questions
from tests.browser import driven
from tests.desks import NAMES, NOTE, copies, person

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def out(desk_out: Path) -> Path:
    return desk_out


@contextmanager
def desk(out: Path, by: str, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The command itself, in a process of its own: its link."""
    command = [sys.executable, "-m", "redactor", "review", str(out), "--as", by, "--no-browser", *options]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
    try:
        assert running.stdout
        yield running.stdout.readline().strip(), running
    finally:
        running.kill()
        said = "".join(running.communicate())
        assert not any(name.decode() in said for name in NAMES)  # the server says nothing of what was looked at


def barriers(page: Page) -> list[tuple[str, str]]:
    """What axe finds that is serious or worse."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    found = Axe().run(page).response["violations"]
    return [(row["id"], row["nodes"][0]["html"]) for row in found if row["impact"] in ("serious", "critical")]


def test_the_whole_way_by_keyboard(out: Path) -> None:
    """A question answered with one key, a missed name masked, two people made one, new copies, a signature; no mouse."""
    asked = [q.id for q in list_questions(out)]
    helen = person(out, "Helen Tarrant")
    with desk(out, "R. Hale") as (link, _), driven() as page:
        page.goto(link)
        base = link.partition("/enter")[0]
        page.goto(f"{base}/questions")
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("5")  # witness
        page.wait_for_url("**/questions?said=answered")
        assert sum(bool(q.answer) for q in list_questions(out) if q.id in asked) == 1
        page.keyboard.press("a")  # convicted: frees a name, so a reason is asked for and nothing is sent
        assert page.evaluate("document.activeElement.name") == "reason"

        page.goto(f"{base}/documents/d01")
        page.locator(".sides mark").first.focus()
        assert "R-" in page.evaluate("getComputedStyle(document.activeElement, '::after').content")  # why, without a pointer
        page.keyboard.press("m")
        page.keyboard.type("silver kite")
        page.keyboard.press("Enter")
        page.wait_for_url("**/documents/d01?said=changed")

        page.goto(f"{base}/people/{helen}")
        page.locator("select[name=other]").focus()
        page.keyboard.type("[Pers")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/people/{helen}?said=changed")
        assert [c.act for c in changes(out)] == ["merge", "mask"]
        page.goto(f"{base}/changes")
        page.locator("[action$=undo] button").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/changes?said=undone")
        assert [c.undone for c in changes(out)] == [True, False]
        page.goto(f"{base}/log")
        page.locator("[name=event]").focus()
        page.keyboard.type("override")
        page.keyboard.press("Enter")
        page.wait_for_url("**/log?**event=override**")

        page.locator(".waiting button").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/?said=made", timeout=180_000)
        assert not any(b"silver kite" in data for data in copies(out).values())

        page.goto(f"{base}/sign")
        page.locator("[name=passphrase]").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/sign?said=signed")
        page.locator("[name=passphrase]").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=alert]")
        assert "must be another person" in page.inner_text("main")
    with desk(out, "B. Lowe") as (link, _), driven() as page:  # the second reviewer is another person, at a desk of their own
        page.goto(link)
        page.goto(f"{link.partition('/enter')[0]}/sign")
        page.locator("[name=passphrase]").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/sign?said=signed")
        said = page.inner_text("main table")
        assert "R. Hale" in said and "B. Lowe" in said


def test_no_screen_has_a_barrier(out: Path) -> None:
    with desk(out, "R. Hale") as (link, _), driven(axe=True) as page:
        page.goto(link)
        base = link.partition("/enter")[0]
        for screen in ("/", "/questions", "/people", "/documents/d01", "/findings", "/changes", "/log", "/sign", "/nothing"):
            page.goto(base + screen)
            assert barriers(page) == [], screen
        page.goto(f"{base}/people/{person(out, 'Helen Tarrant')}")
        assert barriers(page) == []


def test_killed_between_and_amid_changes_nothing_is_lost(out: Path) -> None:
    with desk(out, "R. Hale") as (link, running), driven() as page:
        page.goto(link)
        page.goto(link.partition("/enter")[0] + "/documents/d01")
        page.locator(".sides td").first.dblclick(position={"x": 30, "y": 18})
        taken = page.input_value("#hand [name=words]")  # what is selected is what is meant
        assert taken and taken in NOTE
        page.fill("#hand [name=words]", "lantern shed")
        page.press("#hand [name=words]", "Enter")
        page.wait_for_url("**/documents/d01?said=changed")
        page.fill("#hand [name=words]", "took the chair")
        page.evaluate("document.querySelector('#hand button').click()")  # sent, and the server is gone before it answers
        running.send_signal(signal.SIGKILL)
        running.wait()
    made = changes(out)
    assert made[-1].words.reveal() == "lantern shed" and len(made) in (1, 2)  # the second is there whole, or not at all


def test_ctrl_c_closes_the_desk(out: Path) -> None:
    with desk(out, "R. Hale") as (_, running):
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 130


def test_a_port_in_use_is_said(out: Path) -> None:
    with desk(out, "R. Hale") as (link, _):
        port = link.split(":")[2].partition("/")[0]
        command = [sys.executable, "-m", "redactor", "review", str(out), "--as", "A. Ono", "--no-browser", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=dict(os.environ), check=False)
        assert done.returncode == 2 and "port is in use" in done.stderr
