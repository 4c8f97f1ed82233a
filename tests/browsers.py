"""One Chromium for the tests of a file: starting playwright and it costs two seconds of processor time.

Every test has a context of its own: its cookies, its storage and what is kept for offline are new. Both end
with the file (`tests/conftest.py`): playwright keeps a loop running in the thread, and signing runs another.
"""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright, sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
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


def close() -> None:
    while _open:
        play, browser = _open.pop()
        browser.close()
        play.stop()


def _launch(play: Playwright, *switches: str) -> Browser:
    return play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *switches])
