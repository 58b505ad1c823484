"""News of jobs to one receiver: signed, tried again while it does not answer, kept over a restart.

Signed as Standard Webhooks has it (https://www.standardwebhooks.com, version 1): the receiver checks HMAC-SHA256 over id, time
and body, refuses what is older than five minutes, and takes an id it has seen for done. The address is the service's own setting,
never a request's; redirects are not followed. A body holds ids, states and counts.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..disk import written
from ..errors import EnvironmentFault, UsageError

WAITS = (5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 50400.0, 72000.0, 86400.0)  # seconds before each further try
MOST = 1_000  # pieces of news that wait, and as many that were given up
_TIMEOUT = 10.0  # seconds
_GONE = 410  # the receiver wants no more of it
_LOCAL = ("127.0.0.1", "::1", "localhost")


def key_of(secret: str) -> bytes:
    """The bytes of a secret written "whsec_" and base64. Raises UsageError for one that is not, or shorter than 24 bytes."""
    try:
        found = base64.b64decode(secret.strip().removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if len(found) < 24 or not secret.strip().startswith("whsec_"):
        raise UsageError("The secret of the webhook is not whsec_ and at least 24 bytes in base64. Make one anew")
    return found


def signature(key: bytes, message: str, sent: int, body: bytes) -> str:
    """The signature of one message: `message` is its id, `sent` the second it was sent in (Unix time)."""
    signed = hmac.new(key, f"{message}.{sent}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


class Hooks:
    """The news that waits for one receiver."""

    def __init__(self, folder: Path, url: str, secret: str, waits: Sequence[float] = WAITS) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
            raise UsageError("The webhook's address is not https. Over plain http only this machine itself is told")
        self._url, self._key, self._waits = url, key_of(secret), waits
        self._waiting, self._dead = folder / "hooks", folder / "hooks" / "given-up"
        self._more, self._stop = threading.Event(), False
        try:
            self._dead.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as fault:
            raise EnvironmentFault(f"The service's folder cannot be used ({fault.strerror}). Check its rights") from None

    def tell(self, message: str, kind: str, data: Mapping[str, Any]) -> None:
        """Keep a piece of news, to be sent. `message` is its id: the same news has the same one."""
        said = {"type": kind, "timestamp": datetime.now(UTC).isoformat(timespec="seconds"), "data": dict(data)}
        self._keep(message, {"body": json.dumps(said), "tries": 0, "due": time.time()})
        for old in self._files(self._waiting)[:-MOST]:
            self._give_up(old)
        self._more.set()

    def start(self) -> None:
        """Begin to send, in a thread of its own."""
        threading.Thread(target=self._work, daemon=True).start()

    def stop(self) -> None:
        """Send nothing further; what waits is sent by the next service."""
        self._stop = True
        self._more.set()

    def waiting(self) -> int:
        """How many pieces of news wait."""
        return len(self._files(self._waiting))

    def given_up(self) -> int:
        """How many were tried as often as they are and never taken."""
        return len(self._files(self._dead))

    def _work(self) -> None:
        from httpx import Client

        # Neither proxies of the environment nor redirects: news goes where it was set to go, or nowhere
        with Client(timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as client:
            while not self._stop:
                due = self._send_what_is_due(client.post)
                self._more.wait(max(0.05, min(due - time.time(), 60.0)))
                self._more.clear()

    def _send_what_is_due(self, post: Callable[..., Any]) -> float:
        """Try each piece of news whose time has come; when the next one is due."""
        soonest = time.time() + 60
        for file in self._files(self._waiting):
            if self._stop:
                break
            try:
                said = json.loads(file.read_bytes())
                body, tries, due = str(said["body"]).encode(), int(said["tries"]), float(said["due"])
            except (OSError, ValueError, KeyError, TypeError):
                self._give_up(file)
                continue
            if due <= time.time():
                status = self._post(post, file.stem, body)
                if 200 <= status < 300:
                    file.unlink(missing_ok=True)
                    continue
                if status == _GONE or tries >= len(self._waits):
                    self._give_up(file)
                    continue
                due = time.time() + self._waits[tries]
                self._keep(file.stem, {"body": body.decode(), "tries": tries + 1, "due": due})
            soonest = min(soonest, due)
        return soonest

    def _post(self, post: Callable[..., Any], message: str, body: bytes) -> int:
        """The answer's status; 0 where there was none."""
        from httpx import HTTPError, InvalidURL

        sent = int(time.time())
        headers = {
            "content-type": "application/json",
            "webhook-id": message,
            "webhook-timestamp": str(sent),
            "webhook-signature": signature(self._key, message, sent, body),
        }
        try:
            return int(post(self._url, content=body, headers=headers).status_code)
        except (HTTPError, InvalidURL, OSError):
            return 0

    def _keep(self, message: str, said: Mapping[str, Any]) -> None:
        written(self._waiting / f"{message}.json", json.dumps(said).encode())

    def _give_up(self, file: Path) -> None:
        file.replace(self._dead / file.name)
        for old in self._files(self._dead)[:-MOST]:
            old.unlink(missing_ok=True)

    def _files(self, folder: Path) -> list[Path]:
        """The oldest first."""
        return sorted(folder.glob("[!.]*.json"), key=lambda file: (file.stat().st_mtime_ns, file.name))
