"""Pages opened as a reader opens them: Debian's chromium driven by Playwright, with no network to speak of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = Path("/usr/bin/chromium")
_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
_ARGS += ["--disable-component-update", "--disable-sync"]


@contextmanager
def driven(width: int = 1100, axe: bool = False) -> Iterator[Page]:
    """An empty page in a browser. `axe`: the page may be given a script to look for barriers, which its own rules forbid."""
    pytest.importorskip("playwright", reason="playwright is not installed: pip install '.[dev]'")
    if not CHROMIUM.exists():
        pytest.skip("no chromium at /usr/bin/chromium: apt install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=_ARGS)
        try:
            yield browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=axe)
        finally:
            browser.close()


@contextmanager
def opened(path: Path, width: int = 1100) -> Iterator[Page]:
    """`path` in a browser; on the way out there must have been no request beside the page's own and no word in the console."""
    asked: list[str] = []
    said: list[str] = []
    with driven(width) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda fault: said.append(str(fault)))
        page.goto(path.as_uri())
        yield page
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    assert said == []
