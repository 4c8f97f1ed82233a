"""Badges at the doors: scans that one server process takes, and a phone that comes back with its scans.

A real gunicorn with one process on PostgreSQL, started as `serve` starts it. Four doors, each with a
connection of its own, let in the same people in other orders, one scan in each request, as phones with a
network do. With PRETIX_PYTHON, the Python of an environment with pretix and gunicorn, its check-in API is
asked the same beside it. The doors take their share of the same cores: the figures compare rows, no more.
"""

from __future__ import annotations

import datetime
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bench import agenda, measure
from bench.agenda import Way

BADGES, DOORS, ROUNDS = 1500, 4, 3
QUICK_BADGES = 120
SLUG = "hoi-nghi-cua"
BATCH = 500  # as the phone sends them
DOOR, LATER = "cua", "dong-bo"  # the sessions of the phones with a network, and without one
AT = "2024-06-06T07:00:00+07:00"
Request = tuple[str, dict[str, Any]]  # path, JSON


class House(NamedTuple):
    """Who is asked: how a door shows who it is, what it sends for a badge, which answers let in."""

    name: str
    way: Way
    tokens: list[str]
    badges: list[str]
    scan: Callable[[str, int], Request]
    welcomes: Callable[[dict[str, Any]], bool]


def report(*, quick: bool) -> None:
    """Scans per second and latencies at the doors; then what came from a phone without a network."""
    badges = QUICK_BADGES if quick else BADGES
    houses = [_ours(badges), *_pretix(badges)]
    rows = []
    for house in houses:
        with agenda.served(house.way, workers=1) as address:
            figures = _doors(house, urlsplit(address).netloc, badges)
            rows.append([house.name, *figures])
            if house is houses[0]:
                synced = _synced(house, urlsplit(address).netloc, badges)
    head = ["API", "scans/s", "p50 ms", "p95 ms", "welcomes"]
    title = f"{DOORS} doors × {badges} badges, one process, medians of {ROUNDS} rounds"
    measure.table(title, head, rows)
    print(
        f"\n{badges} scans kept without a network, in batches of {BATCH}: median {synced:.2f} s of {ROUNDS}."
    )


def _doors(house: House, host: str, badges: int) -> list[object]:
    """Every door lets in the same badges in an order of its own; of each badge one is welcome."""
    rates, halves, tails, welcomes = [], [], [], 0
    for number in range(ROUNDS):
        part = house.badges[number * badges // ROUNDS : (number + 1) * badges // ROUNDS]
        found: list[tuple[float, bool]] = []
        doors = [
            threading.Thread(target=_door, args=(house, host, token, list(part), found))
            for token in house.tokens[:DOORS]
        ]
        begun = time.perf_counter()
        for door in doors:
            door.start()
        for door in doors:
            door.join()
        rates.append(len(found) / (time.perf_counter() - begun))
        assert len(found) == DOORS * len(part), "a door gave up"
        taken = sorted(seconds for seconds, _welcome in found)
        halves.append(taken[len(taken) // 2] * 1000)
        tails.append(taken[len(taken) * 95 // 100] * 1000)
        welcomes += sum(welcome for _seconds, welcome in found)
    middle = [f"{statistics.median(values):.0f}" for values in (rates, halves, tails)]
    return [*middle, f"{welcomes} of {DOORS * badges}"]


def _door(house: House, host: str, token: str, badges: list[str], found: list[tuple[float, bool]]) -> None:
    random.Random(token).shuffle(badges)
    connection = http.client.HTTPConnection(host, timeout=60)
    for badge in badges:
        path, told = house.scan(badge, next(_numbers))
        begun = time.perf_counter()
        answer = _ask(connection, token, path, told)
        found.append((time.perf_counter() - begun, house.welcomes(answer)))


def _synced(house: House, host: str, badges: int) -> float:
    """Seconds until a phone has sent what it kept, three phones one after another."""
    taken = []
    for token in house.tokens[DOORS:]:
        rows = [_scan(badge, number, LATER) for number, badge in enumerate(house.badges[:badges], 1)]
        connection = http.client.HTTPConnection(host, timeout=60)
        begun = time.perf_counter()
        for start in range(0, len(rows), BATCH):
            path = f"/{SLUG}/door/api/scans/"
            _ask(connection, token, path, {"scans": rows[start : start + BATCH]})
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def _ask(connection: http.client.HTTPConnection, token: str, path: str, told: dict[str, Any]) -> Any:
    head = {"Authorization": f"Device {token}", "Content-Type": "application/json"}
    connection.request("POST", path, json.dumps(told), head)
    response = connection.getresponse()
    body = response.read()
    if response.status >= 500 or response.status in (401, 403, 404):
        raise RuntimeError(f"{path}: {response.status} {body[:300]!r}")
    return json.loads(body)


class _Numbers:
    """1, 2, 3 … for several threads."""

    def __init__(self) -> None:
        self.lock, self.last = threading.Lock(), 0

    def __next__(self) -> int:
        with self.lock:
            self.last += 1
            return self.last


_numbers = _Numbers()


def _scan(badge: str, number: int, session: str) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()), "sequence": number, "session": session, "direction": "in", "heard": badge,
        "device_at": AT, "offset_ms": 0, "error_ms": 100, "said": "",
    }  # fmt: skip


def _ours(badges: int) -> House:
    environment = os.environ | {"DEBUG": "0", "DEMO": "0", "ALLOWED_HOSTS": "127.0.0.1"}
    measure.run(["manage.py", "prepare", "--files-only"], environment)
    told = measure.run(["-m", "bench.doors", str(badges)], environment).result
    environment["DATABASE_URL"] = told["database"]
    return House(
        "Hội Nghị",
        Way("doors", "/healthz", environment),
        told["tokens"],
        told["badges"],
        lambda badge, number: (
            f"/{SLUG}/door/api/scans/",
            {"scans": [_scan(badge, number, DOOR)]},
        ),
        lambda answer: answer["answers"][0]["answer"] == "welcome",
    )


def _pretix(badges: int) -> list[House]:
    python = os.environ.get("PRETIX_PYTHON")
    if not python:
        return []
    here = urlsplit(os.environ["DATABASE_URL"])
    folder, owner = here.query.removeprefix("host="), here.username or ""
    subprocess.run(["createdb", "-h", folder, "-U", owner, "pretix"], check=True)
    environment = os.environ | {
        "PRETIX_DATABASE_BACKEND": "postgresql", "PRETIX_DATABASE_NAME": "pretix",
        "PRETIX_DATABASE_USER": owner, "PRETIX_DATABASE_HOST": folder, "PRETIX_PRETIX_URL": "http://127.0.0.1",
        "PRETIX_PRETIX_DATADIR": folder, "DJANGO_SETTINGS_MODULE": "pretix.settings",
    }  # fmt: skip
    subprocess.run(
        [python, "-m", "pretix", "migrate"],
        check=True,
        env=environment,
        cwd=folder,
        stdout=subprocess.DEVNULL,
    )
    script = [python, str(measure.ROOT / "bench" / "pretix_doors.py"), str(badges)]
    done = subprocess.run(script, check=True, env=environment, cwd=folder, capture_output=True, text=True)
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return [
        House(
            "pretix",
            Way("pretix", "/", environment, "pretix.wsgi:application", python),
            told["tokens"],
            told["badges"],
            lambda badge, number: (
                "/api/v1/organizers/bench/checkinrpc/redeem/",
                {"secret": badge, "lists": [told["list"]], "nonce": str(number), "source_type": "barcode"},
            ),
            lambda answer: answer["status"] == "ok",
        )
    ]


def main() -> None:
    """In a process of its own: makes the conference, its badges and its phones, and tells them."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
    django.setup()
    from django.conf import settings
    from django.test.utils import setup_databases

    setup_databases(verbosity=0, interactive=False)
    badges, tokens = furnish(int(sys.argv[1]))
    here = urlsplit(os.environ["DATABASE_URL"])
    database = here._replace(path=f"/{settings.DATABASES['default']['NAME']}").geturl()
    print(json.dumps({"database": database, "badges": badges, "tokens": tokens}))


def furnish(badges: int) -> tuple[list[str], list[str]]:
    """A conference of so many people, two sessions, a phone at each door and three that come back later."""
    from attendees import badge_code
    from checkin import pairing
    from checkin.models import Device
    from conference.models import User
    from documents.demo.load import load

    conference = load(SLUG, badges + badges // 4, seed=1)
    for code in (DOOR, LATER):
        conference.sessions.create(
            code=code, title=code, day=conference.starts_on, starts=datetime.time(7), ends=datetime.time(11)
        )
    organiser = User.objects.create_superuser(email="bench@hoinghi.example")
    tokens = []
    for number in range(DOORS + ROUNDS):
        device = Device.objects.create(conference=conference, name=f"Cửa {number}")
        tokens.append(pairing.pair(SLUG, pairing.offer(device, by=organiser))[1])
    people = conference.attendees.active().order_by("pk")[:badges]
    return [badge_code.of(person) for person in people], tokens


if __name__ == "__main__":
    main()
