"""Phones at the door in a real browser: opened, paired, held before badges."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import TimeoutError as WaitedInVain

from checkin import pairing
from checkin.models import Device
from conference.models import Conference, User
from tests import browsers

CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
VIOLATIONS = (
    "addEventListener('securitypolicyviolation', (event) => console.error('CSP ' + event.violatedDirective))"
)
# What Chromium says of requests without a network, and of statuses that the app answers itself.
EXPECTED = (
    "ERR_INTERNET_DISCONNECTED",
    "ERR_CONNECTION",
    "400 (Bad Request)",
    "401 (Unauthorized)",
    "403 (Forbidden)",
)
# The keys of a scanner, as fast as they come.
KEYS = """(text) => {
  const code = (key) => /^[A-Z]$/.test(key) ? `Key${key}` : /^[0-9]$/.test(key) ? `Digit${key}` : key;
  const press = (key) => (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent("keydown", { key, code: code(key), bubbles: true, cancelable: true }));
  for (const key of text) press(key);
  press("Enter");
}"""
# The app, and what reads codes, are there without a network.
READER = """async () => {
  const { controller } = navigator.serviceWorker;
  return Boolean(controller && await caches.match(document.body.dataset.wasm));
}"""
# Everything that the phone keeps, byte strings as they are.
KEPT = """async (slug) => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const db = await done(indexedDB.open(`hoi-nghi-door:${slug}`));
  const all = (name) => done(db.transaction(name).objectStore(name).getAll());
  const text = (it) => it instanceof ArrayBuffer ? new TextDecoder("latin1").decode(it) : it;
  const facts = JSON.stringify(await all("facts"), (key, it) => text(it)), scans = await all("scans");
  db.close();
  return { scans, facts };
}"""


@dataclass
class Opened:
    """A page of the app in a browser of its own."""

    page: Page
    context: BrowserContext
    complaints: list[str]
    slug: str
    url: str

    def kind(self) -> str:
        return self.page.get_attribute("body", "data-kind") or ""

    def hears(self, text: str, kind: str) -> str:
        """A scanner that writes as a keyboard reads the code; what is on the screen then."""
        self.page.evaluate("delete document.body.dataset.kind")
        self.page.evaluate(KEYS, text)
        return self.answers(kind)

    def answers(self, kind: str) -> str:
        try:
            self.page.wait_for_selector(f'body[data-panel="answer"][data-kind="{kind}"]')
        except WaitedInVain as error:
            seen = self.page.get_attribute("body", "data-kind"), self.page.inner_text("main")
            raise AssertionError(f"{kind} was waited for, {seen} is shown; {self.complaints}") from error
        return self.page.inner_text("[data-answer]")

    def kept(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(KEPT, self.slug)
        return found

    def waiting(self) -> int:
        return sum(1 for row in self.kept()["scans"] if row.get("waiting"))

    def until(self, happened: Callable[[], object], what: str | Callable[[], object]) -> None:
        browsers.until(self.page, happened, what)

    def until_sent(self) -> None:
        self.until(lambda: self.waiting() == 0, lambda: f"{self.waiting()} scans wait still")

    def goes_offline(self) -> None:
        """Until the app knows it: what is scanned from now on is judged by the phone alone."""
        self.context.set_offline(True)
        self.page.wait_for_selector('body[data-net="down"]')

    def shows(self, name: str) -> None:
        self.page.click(f'[data-open="{name}"]:visible')


@contextmanager
def phone_page(server: str, slug: str, *, camera: Path | None = None, **options: Any) -> Iterator[Opened]:
    """The app on a phone of its own; a broken policy or an error of ours fails."""
    seen = [*CAMERA, f"--use-file-for-fake-video-capture={camera}"]
    browser = browsers.own_chromium(*seen) if camera else browsers.chromium()
    context = browsers.new_context(browser, viewport={"width": 360, "height": 740}, **options)
    context.add_init_script(VIOLATIONS)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda note: complaints.append(note.text) if note.type == "error" else None)
    opened = Opened(page, context, complaints, slug, f"{server}/{slug}/door/")
    yield opened
    context.close()
    if camera:
        browser.close()
    assert [line for line in complaints if not any(part in line for part in EXPECTED)] == []


def pair(
    phone: Opened, conference: Conference, by: User, name: str = "Cửa A", *, online: bool = True
) -> Device:
    """By the address of the QR; the session that comes next is chosen. `online`: there is a network still."""
    device, _ = Device.objects.get_or_create(conference=conference, name=name)
    phone.page.goto(f"{phone.url}#{pairing.offer(device, by=by)}")
    phone.page.wait_for_selector('[data-panel="setup"]')
    phone.page.wait_for_selector("[data-ready]")
    phone.until(lambda: '"iv"' in phone.kept()["facts"], "the list of the day comes after the pairing")
    if not online:
        phone.until(lambda: phone.page.evaluate(READER), "the app is kept on the phone")
        phone.goes_offline()
    phone.page.click("[data-setup] .btn--main")
    phone.page.wait_for_selector('body:not([data-panel="setup"])')
    return device


def film(path: Path, texts: list[str], seconds: float = 1.0) -> Path:
    """What a camera sees: QR codes one after the other, with nothing between, as motion JPEG."""
    blank, frames = Image.new("RGB", (640, 480), "#d8d2c8"), []
    for text in texts:
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
        picture = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=5)).convert("RGB")
        shown = blank.copy()
        picture.thumbnail((440, 440))
        shown.paste(picture, ((640 - picture.width) // 2, (480 - picture.height) // 2))
        frames += [shown] * round(30 * seconds)
    frames = frames or [blank]
    with path.open("wb") as file:
        for frame in frames:
            part = io.BytesIO()
            frame.save(part, "JPEG", quality=88)
            file.write(part.getvalue())
    return path
