"""The audit reviewer's desk: a publication without its sources and keys. Every person is invented."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from redactor.actions import AuditDesk, release, sign, sign_offs
from redactor.actions.audit import verified_publication
from redactor.cli import cli
from redactor.errors import UsageError
from redactor.web import Guard, make_audit_app
from tests.browser import driven
from tests.desks import NAMES, PLACE
from tests.test_web_browser import barriers, desk

SCREENS = ("/", "/figures", "/log", "/sign")


@pytest.fixture
def team(desk_out: Path) -> tuple[Path, str]:
    """A bundle published by the team, and its public key."""
    return desk_out, verified_publication(desk_out / PLACE, None).public_key


@pytest.fixture
def alone(team: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """The publishable part alone, elsewhere, with a key folder that knows nothing."""
    shutil.copytree(team[0] / PLACE / "publishable", tmp_path / "audit" / "publishable")
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    return tmp_path / "audit", team[1]


def client(out: Path, key: str, by: str = "L. Marsh") -> tuple[TestClient, Guard]:
    guard = Guard(8802)
    app = make_audit_app(AuditDesk(out, by, key), guard)
    browser = TestClient(app, base_url="http://127.0.0.1:8802", follow_redirects=False, raise_server_exceptions=False)
    browser.get(f"/enter/{guard.token}")
    return browser, guard


def test_a_publication_is_audited_without_sources_and_keys(alone: tuple[Path, str]) -> None:
    out, key = alone
    browser, _ = client(out, key)
    pages = {screen: browser.get(screen) for screen in SCREENS}
    assert {screen: shown.status_code for screen, shown in pages.items()} == dict.fromkeys(SCREENS, 200)
    assert not any(name in shown.content for name in NAMES[:3] for shown in pages.values())
    assert "It is what was signed" in pages["/"].text and key in pages["/"].text
    for path in (out / "publishable" / "documents").iterdir():
        assert hashlib.sha256(path.read_bytes()).hexdigest() in pages["/"].text
    assert "What may have been missed" in pages["/figures"].text and "What was kept" in pages["/figures"].text
    only = re.findall(r"<tr><td>\d+</td><td>(.*?)</td><td>(.*?)</td>", browser.get("/log?doc=d01&event=decision").text)
    assert only and set(only) == {("decision", "d01")}
    assert "audit reviewer" in pages["/sign"].text and not (out.parent / "keys").exists()


OTHERS = ("/questions", "/people", "/people/p001", "/documents/d01", "/findings", "/changes", "/working")
ACTS = (*OTHERS, "/republish", "/questions/q0417", "/changes/v0421/undo")


@pytest.mark.parametrize(("kind", "path"), [*(("GET", p) for p in OTHERS), *(("POST", p) for p in ACTS)])
def test_nothing_of_the_other_desk_answers(team: tuple[Path, str], kind: str, path: str) -> None:
    """Where sources, store and case key lie beside the copies, too."""
    out, key = team
    browser, guard = client(out, key)
    said = browser.request(kind, path, data={"form": guard.form, "seen": "9"} if kind == "POST" else None)
    assert said.status_code == 404 and not any(name in said.content for name in NAMES)


def _record(out: Path) -> None:
    log = out / "publishable" / "audit.jsonl"
    lines = log.read_bytes().split(b"\n")
    lines[3] = lines[3].replace(b'"index":4', b'"index":5')
    log.write_bytes(b"\n".join(lines))


def _copy(out: Path) -> None:
    (out / "publishable" / "documents" / "a.txt").write_text("Somebody else wrote this.\n", encoding="utf-8")


def _cut(out: Path) -> None:
    log = out / "publishable" / "audit.jsonl"
    *lines, head = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join([*lines[:-3], head]))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_record, "record 4 changed"),
        (_copy, "copy d01 differs"),
        (_cut, "3 records cut from the end"),
        (lambda out: (out / "publishable" / "manifest.json").unlink(), "the manifest is missing"),
        (lambda out: (out / "publishable" / "audit.jsonl").write_bytes(b""), "the log is empty"),
    ],
)
def test_what_does_not_verify_is_told_exactly_and_not_signed(
    alone: tuple[Path, str], harm: Callable[[Path], None], said: str
) -> None:
    out, key = alone
    harm(out)
    browser, guard = client(out, key)
    shown = browser.get("/")
    assert shown.status_code == 200 and said in shown.text and "It is what was signed" not in shown.text
    assert browser.get("/figures").status_code == 400
    assert browser.post("/sign", data={"form": guard.form}).status_code == 400
    assert not (out / "signatures").exists()


def test_a_log_made_anew_with_another_key_is_told(alone: tuple[Path, str]) -> None:
    assert "re-made with another key" in client(alone[0], "ab" * 32)[0].get("/").text


def test_the_store_and_the_case_key_stay_shut(team: tuple[Path, str], tmp_path: Path) -> None:
    """Were they opened, a damaged store and a missing key would be told of."""
    place = tmp_path / PLACE
    shutil.copytree(team[0] / PLACE, place)
    (place / "restricted" / "case.db").write_bytes(b"no database" * 300)
    browser, guard = client(place, team[1], "K. Lamb")
    assert [browser.get(screen).status_code for screen in SCREENS] == [200] * len(SCREENS)
    assert browser.post("/sign", data={"form": guard.form}).headers["location"] == "/sign?said=signed"


def test_the_signature_goes_home_and_out_with_the_release(
    alone: tuple[Path, str], team: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out, key = alone
    browser, guard = client(out, key)
    assert browser.post("/sign", data={"form": guard.form}).headers["location"] == "/sign?said=signed"
    assert "L. Marsh" in browser.get("/sign").text
    assert "signed this already" in browser.post("/sign", data={"form": guard.form}).text
    place = team[0] / PLACE
    (place / "signatures").mkdir()
    shutil.copy(out / "signatures" / "audit_reviewer.json", place / "signatures")
    monkeypatch.setenv("REDACTOR_KEYS", str(team[0].parent / "keys"))
    ((_, wanted, found),) = sign_offs(place)
    assert [(s.role, s.name, s.stands) for s in found] == [("audit_reviewer", "L. Marsh", True)]
    with pytest.raises(UsageError, match="must be another person"):
        sign(place, "L. Marsh", wanted[0])
    for n, role in enumerate(wanted):
        sign(place, f"Signer {n}", role)
    assert "L. Marsh" in CliRunner().invoke(cli, ["sign", str(place)]).output
    release(place, tmp_path / "released")
    assert (tmp_path / "released" / "signatures" / "audit_reviewer.json").is_file()
    assert CliRunner().invoke(cli, ["audit", "verify", str(tmp_path / "released"), "--public-key", key]).exit_code == 0


@pytest.mark.parametrize(
    "options", [["--audit"], ["--public-key", "ab" * 32], ["--audit", "--public-key", "no key"]], ids=["bare", "not-audit", "bad"]
)
def test_the_command_asks_for_the_public_key(alone: tuple[Path, str], options: list[str]) -> None:
    done = CliRunner().invoke(cli, ["review", str(alone[0]), "--as", "L. Marsh", "--no-browser", *options])
    assert done.exit_code == 2 and "public key" in done.output.replace("--public-key", "public key")


def test_in_a_browser_by_keyboard_and_without_barriers(alone: tuple[Path, str]) -> None:
    out, key = alone
    with desk(out, "L. Marsh", "--audit", "--public-key", key) as (link, _), driven(axe=True) as page:
        page.goto(link)
        assert "It is what was signed" in page.inner_text("main")
        for screen in SCREENS:
            page.goto(link.partition("/enter")[0] + screen)
            assert barriers(page) == [], screen
        page.locator("[name=passphrase]").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/sign?said=signed")
        assert "L. Marsh" in page.inner_text("main table")
    assert (out / "signatures" / "audit_reviewer.json").is_file()
