"""The HTTP service as its clients meet it: a real server, a real client, a real receiver of news. Every person is invented."""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from redactor import actions, keys
from redactor.errors import EnvironmentFault, UsageError
from redactor.service import Access, Hooks, Jobs, make_service, signed
from redactor.service import jobs as service_jobs
from redactor.service.access import Rate
from redactor.service.hooks import key_of
from redactor.service.jobs import BUNDLE, Job, State
from redactor.service.unpack import as_bundle

TOKEN = "a-token-for-tests-only-0001"
SECRET = "whsec_c2VjcmV0IG9mIGEgdGVzdCwgMjQgYnl0ZXMhIQ=="
AUTH = {"authorization": f"Bearer {TOKEN}"}
MOST = 2_000_000
NOTE = """Note of the visit

Helen Tarrant rang the office about the boat. Blythe Tranter had been at the quay.

Rufus Penhallow said that the lantern shed was shut. Councillor Edna Arkle, leader of the council, answered the letter.
"""
CASE = "people: [{name: Blythe Tranter, role: survivor}]\n"
NAMES = ("Tranter", "Tarrant", "Penhallow", "Blythe")


def zipped(files: dict[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


BOAT = zipped({"boat/case.yaml": CASE, "boat/Blythe Tranter.txt": NOTE})


class Receiver(http.server.ThreadingHTTPServer):
    """A receiver of news that answers what it is told to, and keeps what came."""

    def __init__(self) -> None:
        self.came: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        received = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                received.came.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(received.answers.pop(0) if received.answers else 204)
                self.send_header("location", "http://127.0.0.1:9/")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/news"


@contextmanager
def served(app: Any, **more: Any) -> Iterator[str]:
    """The application on a port of its own."""
    import uvicorn

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, **more))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{taken.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


class Service:
    """A service that makes jobs, with a receiver of its news."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.receiver = folder, Receiver()
        self.hooks = Hooks(folder, self.receiver.url, SECRET, waits=(0.05, 0.05))
        self.jobs = Jobs(
            folder, 20, lambda what, job: self.hooks.tell(f"{job.id}-{job.run}-{what}", f"job.{what}", {"job": job.id})
        )
        self.app = Access(
            make_service(self.jobs, own="iopc-report", most=MOST, hooks=self.hooks),
            TOKEN,
            most=MOST,
            seconds=1.0,
            minute=100_000,
        )
        self.jobs.start()
        self.hooks.start()


@pytest.fixture(scope="module")
def service(loaded: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, httpx.Client]]:
    made = Service(tmp_path_factory.mktemp("service"))
    with served(made.app) as address, httpx.Client(base_url=address, headers=AUTH, timeout=30) as client:
        yield made, client
    made.jobs.stop()
    made.hooks.stop()


def sent(client: httpx.Client, data: bytes = BOAT, media: str = "application/zip", **params: str) -> httpx.Response:
    return client.post("/v1/jobs", content=data, headers={"content-type": media}, params=params)


def made(client: httpx.Client, job: str) -> dict[str, Any]:
    """The job once it is made."""
    until = time.monotonic() + 120
    while (told := client.get(f"/v1/jobs/{job}").json())["state"] in ("queued", "running"):
        assert time.monotonic() < until
        time.sleep(0.05)
    return dict(told)


@pytest.fixture(scope="module")
def boat(service: tuple[Service, httpx.Client]) -> str:
    """A job that is made."""
    answer = sent(service[1])
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['id']}"
    told = made(service[1], answer.json()["id"])
    assert told["state"] == "publishable", told
    return str(told["id"])


# --- the way of a bundle


def test_a_bundle_goes_in_and_copies_and_log_come_out(service: tuple[Service, httpx.Client], boat: str, tmp_path: Path) -> None:
    client = service[1]
    (copy,) = client.get(f"/v1/jobs/{boat}/copies").json()
    text = client.get(f"/v1/jobs/{boat}/copies/{copy['path']}")
    assert (
        text.status_code == 200
        and hashlib.sha256(text.content).hexdigest() == copy["digest"]
        and len(text.content) == copy["size"]
    )
    assert "[Survivor" in text.text and "Edna Arkle" in text.text
    assert not any(name in text.text + copy["path"] for name in NAMES)
    with zipfile.ZipFile(io.BytesIO(client.get(f"/v1/jobs/{boat}/publishable.zip").content)) as archive:
        assert sorted(archive.namelist()) == sorted(["audit.jsonl", "manifest.json", copy["path"]])
        archive.extractall(tmp_path / BUNDLE / "publishable")
    assert actions.audit_verify(tmp_path, client.get(f"/v1/jobs/{boat}").json()["public_key"])[0][2] == 1
    assert client.get(f"/v1/jobs/{boat}/verification").json()["copies"] == 1


def test_a_question_is_answered_and_the_copies_made_anew(service: tuple[Service, httpx.Client], boat: str) -> None:
    client = service[1]
    asked = next(q for q in client.get(f"/v1/jobs/{boat}/questions").json() if "Penhallow" in q["text"])
    said = {"by": "R. Hale", "answers": [{"question": asked["id"], "answer": "officer"}]}
    assert client.post(f"/v1/jobs/{boat}/answers", json=said).json() == [{"question": asked["id"], "answer": "officer"}]
    assert client.post(f"/v1/jobs/{boat}/publish").status_code == 202
    assert made(client, boat)["run"] == 2
    (copy,) = client.get(f"/v1/jobs/{boat}/copies").json()
    assert "[Officer" in client.get(f"/v1/jobs/{boat}/copies/{copy['path']}").text


def test_one_text_is_a_bundle_and_is_deleted_with_its_key(service: tuple[Service, httpx.Client]) -> None:
    made_by, client = service
    job = made(client, sent(client, NOTE.encode(), "text/plain; charset=utf-8").json()["id"])["id"]
    place = made_by.folder / "jobs" / job
    key = keys.key_path((place / "out" / BUNDLE / "restricted" / "key-id").read_text().strip())
    assert key.is_file() and b"Tranter" in (place / BUNDLE / "document.txt").read_bytes()
    assert client.delete(f"/v1/jobs/{job}").status_code == 204
    assert not place.exists() and client.get(f"/v1/jobs/{job}").status_code == 404
    assert [file.suffix for file in key.parent.glob(f"{key.stem}*")] == [".pub"], "copies that were taken away still verify"


def test_a_bundle_that_cannot_be_used_fails_with_a_sentence(service: tuple[Service, httpx.Client]) -> None:
    client = service[1]
    told = made(client, sent(client, zipped({"case.yaml": "peeple: []\n", "a.txt": NOTE})).json()["id"])
    assert told["state"] == "failed" and "peeple" in told["cause"]
    assert client.get(f"/v1/jobs/{told['id']}/copies").status_code == 409
    held = made(client, sent(client, zipped({"a.docx": b"PK\x03\x04 no Word file"})).json()["id"])
    assert held["state"] == "held" and held["documents"][0]["cause"]


def test_a_draft_is_checked_and_filtered_beside_a_job(service: tuple[Service, httpx.Client], boat: str) -> None:
    client, draft = service[1], "Blythe Tranter told us that nobody had rung back.\n"
    as_text = {"content-type": "text/plain"}
    spots = client.post("/v1/check", params={"job": boat}, content=draft, headers=as_text).json()
    name = next(s for s in spots if s["kind"] == "name")
    assert (name["line"], name["column"], name["length"]) == (1, 1, len("Blythe Tranter")) and "Tranter" not in str(spots)
    copy = client.post("/v1/filter", params={"job": boat}, content=draft, headers=as_text)
    assert copy.status_code == 200 and copy.text.startswith("[Survivor") and "Tranter" not in copy.text
    held = client.post("/v1/filter", content="Der Beamte schrieb auf, was gesagt worden war. " * 20, headers=as_text)
    assert held.status_code == 422 and "English" in held.json()["detail"]


# --- who may ask, and what is refused


def test_nothing_of_a_job_without_the_token(service: tuple[Service, httpx.Client], boat: str) -> None:
    client = service[1]
    ways = [f"/v1/jobs/{boat}{end}" for end in ("", "/copies", "/publishable.zip", "/questions", "/verification", "/nothing")]
    for header in (
        "",
        "Bearer",
        "Bearer wrong",
        f"Basic {TOKEN}",
        f"Bearer {TOKEN}x",
        "Bearer \N{LATIN SMALL LETTER E WITH ACUTE}",
    ):
        for way in ("/v1/jobs", "/v1", "/", *ways):
            refused = client.get(way, headers={b"authorization": header.encode("latin-1")})
            assert refused.status_code == 401 and refused.json() == {"detail": "The token is missing or wrong"}
    assert client.get("/health", headers={"authorization": ""}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "../../state.json",
        "..%2f..%2f..%2fbundle%2fcase.yaml",
        "/etc/passwd",
        "documents/../manifest.json",
        "audit.jsonl",
        "%00",
        "",
    ],
)
def test_only_what_the_list_names_is_given(service: tuple[Service, httpx.Client], boat: str, path: str) -> None:
    answer = service[1].get(f"/v1/jobs/{boat}/copies/{path}")
    assert answer.status_code in (404, 422) and not any(name in answer.text for name in NAMES)


def bomb() -> bytes:
    return zipped({"a.txt": b"0" * (MOST + 1)})


def linked() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        info = zipfile.ZipInfo("a.txt")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"no zip", "no zip archive"),
        (BOAT[:-40], "no zip archive"),
        (zipped({}), "holds no file"),
        (zipped({"../Tranter.txt": "x"}), "points outside"),
        (zipped({"/Tranter.txt": "x"}), "points outside"),
        (zipped({"C:\\Tranter.txt": "x"}), "points outside"),
        (linked(), "is a link"),
        (bomb(), "unpacks to more"),
        (zipped({f"{n}.txt": "x" for n in range(2_001)}), "more than 2,000 files"),
        (zipped({"a.txt": "x", "A.txt": "y"}), "have one name"),
        (zipped({"a": "x", "a/b.txt": "y"}), "have one name"),
    ],
    ids=range(11),
)
def test_an_upload_that_is_not_what_it_says_leaves_nothing(service: tuple[Service, httpx.Client], data: bytes, says: str) -> None:
    made_by, client = service
    before = sorted(p.name for p in (made_by.folder / "jobs").iterdir())
    answer = sent(client, data)
    assert answer.status_code == 400 and says in answer.json()["detail"] and "Tranter" not in answer.text
    assert sorted(p.name for p in (made_by.folder / "jobs").iterdir()) == before


def test_a_header_that_lies_about_a_size_is_found_out(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": os.urandom(5_000)}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")  # the size that the directory tells
    (tmp_path / "body").write_bytes(data)
    with pytest.raises(UsageError, match=r"damaged|more than is taken"):
        as_bundle(tmp_path / "body", "application/zip", tmp_path / "bundle", 1_000)


def test_other_requests_are_refused_in_a_sentence(service: tuple[Service, httpx.Client], boat: str) -> None:
    client = service[1]
    assert sent(client, BOAT, "multipart/form-data").status_code == 415
    assert "no policy of this name" in sent(client, policy="../../etc/passwd").json()["detail"]
    wrong = client.post(f"/v1/jobs/{boat}/answers", json={"by": "R", "answers": [{"question": "q1", "answr": "Blythe Tranter"}]})
    assert wrong.status_code == 422 and "Tranter" not in wrong.text
    assert (
        client.post(f"/v1/jobs/{boat}/answers", json={"by": "R", "answers": [{"question": "q0", "answer": "x"}]}).status_code
        == 400
    )


def test_a_body_that_is_too_large_or_never_ends_is_cut_off(service: tuple[Service, httpx.Client]) -> None:
    made_by, client = service
    before = sorted(p.name for p in (made_by.folder / "jobs").iterdir())
    assert sent(client, b"0" * (MOST + 1)).status_code == 413
    unsaid = client.post("/v1/jobs", content=(b"0" * 100_000 for _ in range(30)), headers={"content-type": "text/plain"})
    assert unsaid.status_code == 413  # no length was told

    def slow() -> Iterator[bytes]:
        for _ in range(6):
            yield b"Blythe Tranter "
            time.sleep(0.4)

    try:
        late = client.post("/v1/jobs", content=slow(), headers={"content-type": "text/plain"})
        assert late.status_code == 408
    except httpx.HTTPError:
        pass  # the server had closed the door before the client had ended
    assert sorted(p.name for p in (made_by.folder / "jobs").iterdir()) == before


def test_the_page_of_the_service_loads_nothing_from_elsewhere(service: tuple[Service, httpx.Client]) -> None:
    page = service[1].get("/docs")
    assert page.status_code == 200 and "/v1/jobs/{id}/answers" in page.text
    assert not re.search(r'(?:src|href)="(?!/)', page.text) and "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"] and page.headers["cache-control"] == "no-store"


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The description of a service on which nobody works: what is sent stays in the queue."""
    jobs = Jobs(tmp_path_factory.mktemp("described"), 100_000)
    app = Access(make_service(jobs, own="iopc-report", most=MOST), TOKEN, most=MOST, seconds=5, minute=10**6)
    with served(app) as address:
        yield schemathesis.openapi.from_url(f"{address}/openapi.json")


def test_it_does_what_its_description_promises(described: Any) -> None:
    """All but that what fits its shape is taken: no description tells bytes that are a zip from others."""
    asked = 0
    for found in described.get_all_operations():

        @settings(max_examples=6, database=None, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=found.ok().as_strategy())
        def promises(case: schemathesis.Case[Any]) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(headers={"Authorization": f"Bearer {TOKEN}"}, excluded_checks=[positive_data_acceptance])

        promises()
    assert asked > 40


# --- the queue


def test_a_full_queue_says_so_and_loses_nobody(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, 5)  # nobody works on it
    app = Access(make_service(jobs, own="iopc-report", most=MOST), TOKEN, most=MOST, seconds=5, minute=100_000)
    with served(app) as address, httpx.Client(base_url=address, headers=AUTH) as client:
        answers = [sent(client, NOTE.encode(), "text/plain") for _ in range(60)]
    taken = [a.json()["id"] for a in answers if a.status_code == 202]
    full = [a for a in answers if a.status_code == 503]
    assert (len(taken), len(full)) == (5, 55) and all(a.headers["retry-after"] for a in full)
    assert sorted(p.name for p in (tmp_path / "jobs").iterdir()) == sorted(taken)


def test_too_many_requests_are_told_to_wait(tmp_path: Path) -> None:
    app = Access(make_service(Jobs(tmp_path), own="iopc-report", most=MOST), TOKEN, most=MOST, seconds=5, minute=30)
    with served(app) as address, httpx.Client(base_url=address) as client:
        said = [client.get("/v1/jobs", headers=AUTH).status_code for _ in range(40)]
        assert said[:30] == [200] * 30 and 429 in said[30:]
        assert int(client.get("/v1/jobs", headers=AUTH).headers["retry-after"]) >= 1


def test_guessing_at_the_token_costs_more_and_the_bucket_fills_again() -> None:
    now = [0.0]
    rate = Rate(60, lambda: now[0])
    assert [rate.wait("a", 10) for _ in range(6)] == [0.0] * 6 and rate.wait("a") == pytest.approx(1.0)
    assert rate.wait("b") == 0.0
    now[0] = 2.0
    assert [rate.wait("a") for _ in range(3)] == [0.0, 0.0, pytest.approx(1.0)]


# --- over an end of the service


def test_what_was_taken_is_made_by_the_next_service(loaded: None, tmp_path: Path) -> None:
    first = Jobs(tmp_path)
    for _ in range(2):
        place = first.new()
        (place / "body").write_text(NOTE)
        as_bundle(place / "body", "text/plain", place / BUNDLE, MOST)
        first.take(place, "iopc-report")
    cut = first.new()  # an upload that never ended
    (cut / "body").write_text("Blythe Tranter")
    half = first._begin(first.all()[0])  # the service is killed while it makes this one
    told: list[tuple[str, str]] = []
    second = Jobs(tmp_path, told=lambda what, job: told.append((what, job.id)))
    assert not cut.exists() and [job.state for job in second.all()] == [State.RUNNING, State.QUEUED]
    second.start()
    until = time.monotonic() + 120
    while any(job.state in (State.QUEUED, State.RUNNING) for job in second.all()):
        assert time.monotonic() < until
        time.sleep(0.05)
    second.stop()
    assert told == [("publishable", half.id), ("publishable", second.all()[1].id)]


def test_a_job_that_ends_the_service_twice_is_not_tried_again(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    place = jobs.new()
    (place / BUNDLE).mkdir()
    job = jobs.take(place, "iopc-report")
    for _ in range(2):
        job = jobs._begin(job)
    jobs._end(jobs._begin(job))
    assert jobs.get(job.id).state is State.FAILED and "twice" in jobs.get(job.id).cause


# --- news


def test_news_is_signed_and_the_example_of_the_guide_checks_it(service: tuple[Service, httpx.Client], boat: str) -> None:
    """The receiver's twenty lines stand in docs/service.md; they are run as they stand there."""
    guide = (Path(__file__).parent.parent / "docs" / "service.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?def is_ours.*?)```", guide, re.DOTALL)
    assert code
    there: dict[str, Any] = {}
    exec(code[1], there)
    until = time.monotonic() + 10
    while not any(json.loads(body)["data"]["job"] == boat for _, body in service[0].receiver.came):
        assert time.monotonic() < until
        time.sleep(0.05)
    headers, body = next(one for one in service[0].receiver.came if json.loads(one[1])["data"]["job"] == boat)
    assert json.loads(body)["type"] == "job.publishable" and not any(name.encode() in body for name in NAMES)
    is_ours, seen = there["is_ours"], set[str]()
    assert is_ours(SECRET, headers, body, seen)
    assert not is_ours(SECRET, headers, body, seen)  # sent a second time
    assert not is_ours(SECRET, headers, body + b" ", set())
    assert not is_ours(SECRET, {**headers, "webhook-timestamp": str(int(time.time()) - 301)}, body, set())
    other = "whsec_YW5vdGhlciBzZWNyZXQgb2YgYSB0ZXN0LCBsb25n"
    assert not is_ours(other, headers, body, set())


def emptied(hooks: Hooks, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while hooks.waiting():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_receiver_that_fails_is_tried_again_and_one_that_is_dead_is_survived(tmp_path: Path) -> None:
    receiver = Receiver()
    receiver.answers = [500, 302]  # redirects are not followed: they are no answer
    hooks = Hooks(tmp_path / "a", receiver.url, SECRET, waits=(0.02, 0.02))
    hooks.tell("m1", "job.held", {"job": "0"})
    hooks.start()
    emptied(hooks)
    assert [headers["webhook-id"] for headers, _ in receiver.came] == ["m1"] * 3 and hooks.given_up() == 0
    hooks.stop()

    dead = Hooks(tmp_path / "b", "http://127.0.0.1:9/", SECRET, waits=(0.02, 0.02))
    dead.tell("m2", "job.held", {"job": "0"})
    dead.start()
    emptied(dead)
    assert dead.given_up() == 1
    dead.stop()


def test_news_waits_over_an_end_of_the_service(tmp_path: Path) -> None:
    receiver = Receiver()
    Hooks(tmp_path, receiver.url, SECRET).tell("m1", "job.held", {"job": "0"})  # ended before it was sent
    (tmp_path / "hooks" / "m0.json").write_text("{")  # and the disk was full
    hooks = Hooks(tmp_path, receiver.url, SECRET)
    hooks.start()
    emptied(hooks)
    assert [headers["webhook-id"] for headers, _ in receiver.came] == ["m1"] and hooks.given_up() == 1
    hooks.stop()


@pytest.mark.parametrize("url", ["http://example.org/news", "ftp://127.0.0.1/", "file:///etc/passwd", "nothing"])
def test_news_goes_out_over_tls_or_stays_on_this_machine(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="https"):
        Hooks(tmp_path, url, SECRET)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "c2VjcmV0IG9mIGEgdGVzdCwgMjQgYnl0ZXMhIQ==", "whsec_é"])
def test_a_weak_secret_is_refused(secret: str) -> None:
    with pytest.raises(UsageError, match="whsec_"):
        key_of(secret)


def test_every_sign_off_is_told_once_and_a_lost_one_is_noticed(
    loaded: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    jobs = Jobs(tmp_path / "s", told=lambda what, _job: told.append(what))
    place = jobs.new()
    (place / BUNDLE).mkdir()
    (place / BUNDLE / "a.txt").write_text(NOTE)
    job = jobs.take(place, "newsroom")
    jobs._end(jobs._begin(job))
    out = jobs.out(job.id)
    jobs._look_for_signatures()
    wanted = actions.sign_offs(out)[0][1]
    for number, _ in enumerate(wanted):
        actions.sign(out, f"Signer {'ABCDE'[number]}")
    for _ in range(2):
        jobs._look_for_signatures()
    assert told == [jobs.get(job.id).state, "signed"] and jobs.get(job.id).signed
    copy = next((out / BUNDLE / "publishable" / "documents").iterdir())
    with monkeypatch.context() as patch:
        asked = Mock(side_effect=signed._latest)
        patch.setattr(signed, "_latest", asked)
        patch.setattr(service_jobs, "is_signed", Mock(side_effect=UsageError("read, though nothing changed")))
        jobs._look_for_signatures()
        assert jobs.get(job.id).signed
        paths = [path for call in asked.call_args_list for path in call.args[0] if path.is_relative_to(tmp_path)]
        assert len(paths) == 4 and not any(path.is_file() for path in paths)
    copy.write_text("something else")  # where it lies: no folder tells
    jobs._look_for_signatures()
    assert jobs.get(job.id).signed
    jobs._look_for_signatures(within=True)
    assert not jobs.get(job.id).signed and told[-1] == "signed"


# --- the command


def command(folder: Path, *more: str, **env: str) -> subprocess.Popen[str]:
    argv = [sys.executable, "-m", "redactor", "serve", str(folder), "--port", "0", *more]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **env})


def test_the_command_serves_says_nothing_and_ends_cleanly(tmp_path: Path) -> None:
    running = command(tmp_path / "s", REDACTOR_KEYS=str(tmp_path / "keys"))
    try:
        assert running.stdout
        lines = [running.stdout.readline(), running.stdout.readline()]
        token = (tmp_path / "s" / "token").read_text().strip()
        assert "token" in lines[0] and token not in "".join(lines)
        address = re.search(r"http://127\.0\.0\.1:\d+", lines[1])
        assert address
        assert (tmp_path / "s" / "token").stat().st_mode & 0o777 == 0o600 and (tmp_path / "s").stat().st_mode & 0o777 == 0o700
        header = {"authorization": f"Bearer {token}", "content-type": "application/zip"}
        assert httpx.post(f"{address[0]}/v1/jobs", content=zipped({"../Tranter.txt": ""}), headers=header).status_code == 400
        running.send_signal(signal.SIGINT)
        assert running.wait(20) in (0, 130)
        assert not any(name in "".join(running.communicate()) for name in NAMES)
    finally:
        running.kill()


@pytest.mark.parametrize(
    ("more", "env", "says"),
    [
        (("--host", "0.0.0.0"), {}, "Without TLS"),
        (("--tls-cert", __file__), {}, "go together"),
        (("--host", "0.0.0.0", "--tls-cert", __file__, "--tls-key", __file__), {}, "do not open"),
        (("--webhook", "http://example.org/"), {"REDACTOR_WEBHOOK_SECRET": SECRET}, "not https"),
        (("--webhook", "https://example.org/"), {}, "whsec_"),
        ((), {"REDACTOR_TOKEN": "short"}, "shorter"),
        (("--policy", "nothing"), {}, "policy"),
    ],
)
def test_what_would_weaken_it_is_refused_at_the_start(
    tmp_path: Path, more: tuple[str, ...], env: dict[str, str], says: str
) -> None:
    from click.testing import CliRunner

    from redactor.cli import cli

    done = CliRunner().invoke(cli, ["serve", str(tmp_path / "s"), "--port", "0", *more], env={"REDACTOR_TOKEN": TOKEN, **env})
    assert done.exit_code == 2 and says in done.output


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text("a file")
    with pytest.raises(EnvironmentFault, match="cannot be used"):
        Jobs(tmp_path)


def test_a_state_that_is_damaged_or_foreign_is_swept(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    place = jobs.new()
    (place / BUNDLE).mkdir()
    kept = jobs.take(place, "iopc-report")
    shutil.copytree(tmp_path / "jobs" / kept.id, tmp_path / "jobs" / "0123456789abcdef")  # its state tells another id
    (tmp_path / "jobs" / "fedcba9876543210").mkdir()
    assert [job.id for job in Jobs(tmp_path).all()] == [kept.id]
    assert [p.name for p in (tmp_path / "jobs").iterdir()] == [kept.id]
    assert isinstance(kept, Job)
