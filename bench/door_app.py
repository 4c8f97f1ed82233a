"""The app of the door on a phone: what it weighs, and how soon the screen answers.

A real gunicorn, the collected files, Chromium without a camera: codes come as from a hand scanner. First
answer: from the last key to the screen. With a network that is the server's word ("asking": it took longer
than a quarter of a second, and the name is shown meanwhile).
"""

from __future__ import annotations

import json
import os
import statistics
import sys
from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, sync_playwright

from bench import agenda, doors, measure
from bench.agenda import Way
from tests.browsers import CHROMIUM

PEOPLE, SCANS = 1500, 100
SLUG = doors.SLUG
KEYS = """(text) => {
  const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  for (const key of text) press(key);
  press("Enter");
}"""
MEASURES = "() => performance.getEntriesByType('measure').map(({ name, duration }) => [name, duration])"


def report(*, quick: bool) -> None:
    """Weight on first load, and the median time to an answer with and without a network."""
    people, scans = (300, 20) if quick else (PEOPLE, SCANS)
    environment = os.environ | {"DEBUG": "0", "DEMO": "0", "ALLOWED_HOSTS": "127.0.0.1"}
    measure.run(["manage.py", "prepare", "--files-only"], environment)
    told = measure.run(["-m", "bench.door_app", str(people)], environment).result
    environment["DATABASE_URL"] = told["database"]
    with (
        agenda.served(Way("door-app", "/healthz", environment), workers=1) as address,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 360, "height": 740})
        page, weights = context.new_page(), defaultdict[str, list[int]](list)
        page.on("requestfinished", lambda request: weights[_part(request)].append(_weight(request)))
        page.goto(f"http://{urlsplit(address).netloc}/{SLUG}/door/#{told['secret']}")
        page.wait_for_selector('[data-panel="setup"]')
        page.wait_for_timeout(2000)
        page.click("[data-setup] .btn--main")
        rows = []
        for kind, offline in (("with a network", False), ("without", True)):
            context.set_offline(offline)
            badges = [told["badges"].pop() for _ in range(scans)]
            rows += [[kind, *row] for row in _answers(page, badges)]
        browser.close()
    head = ["network", "on the screen", "scans", "median ms", "p95 ms"]
    measure.table(f"First answer of the app, {people} people in its list", head, rows)
    for part, sizes in sorted(weights.items()):
        print(f"{part}: {len(sizes)} files, {sum(sizes) / 1024:.0f} KiB over the wire")


def _part(request: Request) -> str:
    path = urlsplit(request.url).path
    return "list of the day" if path.endswith("/day/") else "API" if "/api/" in path else "app, first load"


def _weight(request: Request) -> int:
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def _answers(page: Page, badges: list[str]) -> list[list[object]]:
    page.evaluate("() => performance.clearMeasures()")
    for badge in badges:
        page.evaluate("() => delete document.body.dataset.kind")
        page.evaluate(KEYS, badge)
        page.wait_for_selector('body[data-kind]:not([data-kind="asking"])')
    found = defaultdict[str, list[float]](list)
    for name, milliseconds in page.evaluate(MEASURES):
        found[name.removeprefix("door:")].append(milliseconds)
    return [
        [name, len(taken), f"{statistics.median(taken):.1f}", f"{sorted(taken)[len(taken) * 95 // 100]:.1f}"]
        for name, taken in found.items()
    ]


def main() -> None:
    """In a process of its own: the conference of the doors, and a phone that is offered a code."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
    django.setup()
    from django.conf import settings
    from django.test.utils import setup_databases

    from checkin import pairing
    from checkin.models import Device
    from conference.models import User

    setup_databases(verbosity=0, interactive=False)
    badges, _tokens = doors.furnish(int(sys.argv[1]))
    device: Any = Device.objects.first()
    secret = pairing.offer(device, by=User.objects.get(email="bench@hoinghi.example"))
    here = urlsplit(os.environ["DATABASE_URL"])
    database = here._replace(path=f"/{settings.DATABASES['default']['NAME']}").geturl()
    print(json.dumps({"database": database, "badges": badges, "secret": secret}))


if __name__ == "__main__":
    main()
