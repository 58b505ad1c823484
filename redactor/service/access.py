"""Who may ask, how much and how fast: one token, a number of requests a minute for each address, a limit on bodies in bytes and
seconds. Plain ASGI around the application, so that what is refused never reaches a route.

Does not guard against a client that opens connections and says nothing: uvicorn's limit on connections does.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from ..web.guard import HEADERS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN = ("/health", "/docs", "/openapi.json", "/service.css")  # what says nothing of any job
_ADDRESSES = 10_000  # whose rate is remembered
_FAILED = 10  # requests that a wrong token counts for


class Rate:
    """A bucket of requests for each address, filled at `minute` requests a minute, holding as many."""

    def __init__(self, minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._minute, self._now = minute, now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str, cost: int = 1) -> float:
        """Take `cost` requests out of an address's bucket: 0, or the seconds until it would hold them."""
        now = self._now()
        left, since = self._left.pop(address, (float(self._minute), now))
        left = min(float(self._minute), left + (now - since) * self._minute / 60)
        self._left[address] = (left - cost if left >= cost else left, now)
        while len(self._left) > _ADDRESSES:
            self._left.popitem(last=False)
        return 0.0 if left >= cost else (cost - left) * 60 / self._minute


class Access:
    """The application behind its token and limits. `most` bytes and `seconds` of one body; `minute` requests a minute."""

    def __init__(self, app: ASGIApp, token: str, *, most: int, seconds: float, minute: int) -> None:
        self._app, self._most, self._seconds = app, most, seconds
        self._token = hashlib.sha256(token.encode()).digest()
        self._rate = Rate(minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        sender = _dressed(send)
        refused = self._refused(scope, headers)
        if refused is not None:
            await refused(scope, receive, sender)
            return
        await self._app(scope, self._counted(receive), sender)

    def _refused(self, scope: Scope, headers: dict[str, str]) -> JSONResponse | None:
        address = (scope.get("client") or ("", 0))[0]
        wait = self._rate.wait(address)
        if wait:
            return _problem(429, "Too many requests. Wait, then ask again", {"retry-after": str(int(wait) + 1)})
        if scope["path"] not in OPEN and not self._knows(headers.get("authorization", "")):
            self._rate.wait(address, _FAILED)
            return _problem(401, "The token is missing or wrong", {"www-authenticate": "Bearer"})
        size = headers.get("content-length", "0")
        if not size.isdigit():
            return _problem(400, "The length of the body is no number")
        if int(size) > self._most:
            return _problem(413, self._too_large())
        return None

    def _knows(self, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        given = hashlib.sha256(token.strip().encode("utf-8", "surrogatepass")).digest()
        return hmac.compare_digest(given, self._token) and scheme.lower() == "bearer"

    def _counted(self, receive: Receive) -> Receive:
        """The body, its bytes counted (a length may be wrong or missing) and the clock kept."""
        came, until = 0, time.monotonic() + self._seconds
        whole = False

        async def counted() -> Message:
            nonlocal came, whole
            if whole:
                return await receive()  # that the client has gone
            try:
                message = await asyncio.wait_for(receive(), max(0.01, until - time.monotonic()))
            except TimeoutError:
                raise HTTPException(408, "The body did not come in time. Send it again") from None
            came += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if came > self._most:
                raise HTTPException(413, self._too_large())
            return message

        return counted

    def _too_large(self) -> str:
        return f"The body is larger than {self._most // 1_000_000} megabytes. Send less at once"


def _problem(status: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"detail": detail}, status, headers)


def _dressed(send: Send) -> Send:
    """Every answer with the headers that keep it out of caches, frames and guesses."""

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {name for name, _ in message["headers"]}
            more = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in own]
            message = {**message, "headers": [*message["headers"], *more]}
        await send(message)

    return dressed
