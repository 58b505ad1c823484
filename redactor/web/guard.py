"""Who may speak to the desk: a one-time link, one session, its own pages only, from this machine only.

Plain functions over what a request says, so that each guard can be tried by itself. Does not guard against another program of the
same user, which may read that user's memory and files anyway.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

COOKIE = "redactor-desk"
MAX_BODY = 64 * 1024  # bytes of a form
HEADERS = {
    # Nothing from outside, no frame around it, forms to itself alone
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "cache-control": "no-store",
    "referrer-policy": "same-origin",  # with no-referrer a browser hides the origin of our own forms too
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """The secrets of one desk: the link's token, which works once, the session it is changed for, and the token of its forms."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.token = secrets.token_urlsafe(24)
        self.form = secrets.token_urlsafe(24)
        self._session = secrets.token_urlsafe(24)
        self._used = False

    @property
    def hosts(self) -> frozenset[str]:
        """How a browser on this machine calls the desk; any other came by a name that somebody led here (DNS rebinding)."""
        return frozenset(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost"))

    def link(self) -> str:
        """The address to open, once."""
        return f"http://127.0.0.1:{self.port}/enter/{self.token}"

    def enter(self, token: str) -> str | None:
        """The session for the link's token; None for a wrong one, or when it was used before."""
        if self._used or not hmac.compare_digest(token.encode(), self.token.encode()):
            return None
        self._used = True
        return self._session

    def knows(self, session: str) -> bool:
        """Whether a cookie is this desk's."""
        return self._used and hmac.compare_digest(session.encode(), self._session.encode())

    def is_own(self, headers: Mapping[str, str]) -> bool:
        """Whether a request was sent to this desk by name and, where the browser says from where, by its own page."""
        if headers.get("host", "") not in self.hosts:
            return False
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc not in self.hosts:
            return False
        return headers.get("sec-fetch-site", "none") in ("none", "same-origin")

    def is_form(self, token: str) -> bool:
        """Whether a form is one of this desk's."""
        return hmac.compare_digest(token.encode(), self.form.encode())
