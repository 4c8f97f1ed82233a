"""One Chromium for the tests of a file: starting playwright and it costs two seconds of processor time.

It is the engine without what draws windows around pages, which costs more than the pages: a context with one
page takes 0.3 s, and 0.7 s with it.

Every test has a context of its own: its cookies, its storage and what is kept for offline are new. Both end
with the file (`tests/conftest.py`): playwright keeps a loop running in the thread, and signing runs another.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests import patience

CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium-headless-shell"
PATIENCE = patience.LONGEST * 1000  # ms, as playwright counts
expect.set_options(timeout=PATIENCE)
_open: list[tuple[Playwright, Browser]] = []


def chromium() -> Browser:
    """The browser of this file, for contexts."""
    if not _open:
        play = sync_playwright().start()
        _open.append((play, _launch(play)))
    return _open[0][1]


def own_chromium(*switches: str) -> Browser:
    """Another one, whose start decides something, e.g. what its camera sees. Close it."""
    chromium()
    return _launch(_open[0][0], *switches)


def new_context(browser: Browser | None = None, **options: Any) -> BrowserContext:
    """Cookies and storage without a past, by default in the browser of this file; patient with its pages."""
    context = (browser or chromium()).new_context(**options)
    context.set_default_timeout(PATIENCE)
    return context


def until(page: Page, happened: Callable[[], object], what: str | Callable[[], object]) -> None:
    """Wait for what no selector tells; what the page asks for is heard meanwhile."""
    patience.until(happened, what, pause=lambda seconds: page.wait_for_timeout(seconds * 1000))


def close() -> None:
    while _open:
        play, browser = _open.pop()
        browser.close()
        play.stop()


def _launch(play: Playwright, *switches: str) -> Browser:
    return play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *switches], timeout=PATIENCE)
