"""A storm from its first fault to its verdict, and the controls that show that it would find a defect."""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

from conference.models import Conference
from documents.models import Document, DocumentPart
from tests.storm import checking, clicks, issuing, people
from tests.storm.faults import FROZEN, Storm
from tests.storm.machines import Broker, Postgres, until
from tests.storm.processes import sweeper, wait_until_healthy, web, worker

BATCHES = 63  # one of each delegation
EVERY = (0.8, 3.2)  # seconds between two faults
LONGEST_DRAIN = 300.0
WOKEN = 20.0  # within which a worker that was thawed has long finished its piece
PATIENCE = 300.0  # what must happen some time: a frozen transaction keeps its rows for a minute


def storm(
    folder: Path, postgres: Postgres, broker: Broker, count: int, faults: int, seed: int
) -> dict[str, Any]:
    """Certificates for `count` people under so many faults; gives what is to be reported."""
    conference = people.make_conference(count, min(BATCHES, count))
    presses = issuing.presses(conference)
    dice = random.Random(seed)
    played = Storm(
        postgres, broker,
        [worker(f"worker-{number}", os.environ, folder) for number in (1, 2)],
        sweeper(os.environ, folder), web(os.environ, folder), dice,
    )  # fmt: skip
    processes = (*played.workers, played.sweeper, played.web)
    for process in processes:
        process.start()
    end = threading.Event()
    try:
        wait_until_healthy(os.environ["SITE_URL"])
        organisers = _organisers(conference, presses, faults, dice)
        threads = [one.start(end) for one in organisers]
        begun = time.monotonic()
        _strike(played, faults)
        struck = time.monotonic()
        _drain(played, conference, threads)
        drained = time.monotonic()
        until(
            lambda: _asked(lambda: checking.left_behind()["pieces"] == 0), "the sweeper tidies up", PATIENCE
        )
    finally:
        end.set()
        for process in processes:
            process.thaw()
            process.stop()
    found = checking.verdict(conference, folder / "finishes") | checking.left_behind() | checking.journal()
    found["refused presses"] = sum(len(one.refused) for one in organisers)
    return {
        "seed": seed,
        "faults": dict(played.seen),
        "presses": [len(one.taken) for one in organisers],
        "refused": [one for organiser in organisers for one in organiser.refused],
        "tries": sum(one.tries for one in organisers),
        "attempts": _attempts(conference),
        "seconds": {"faults": round(struck - begun), "drain": round(drained - struck)},
        "found": found,
        "is_whole": not any(value for name, value in found.items() if name not in checking.HARMLESS),
    }


def controls(folder: Path, postgres: Postgres, broker: Broker) -> dict[str, Any]:
    """What the same checks say without the sweeper, and of a frozen worker with and without the fence."""
    return {
        "stuck without the sweeper": _without_sweeper(folder, broker),
        "finished twice with the fence": _overtaken(folder),
        "finished twice without the fence": _overtaken(folder, "--without-fence"),
    }


def _organisers(
    conference: Conference, presses: list[clicks.Press], faults: int, dice: random.Random
) -> list[clicks.Organiser]:
    """Two share the batches; a third presses every tenth of them as well."""
    address, every = os.environ["SITE_URL"], faults * sum(EVERY) / 2 / len(presses)
    shares = (presses[::2], presses[1::2], dice.sample(presses, len(presses) // 10))
    # A person would give the password again after five minutes; these do not have one.
    cookies = people.organiser(conference, seconds=faults * EVERY[1] + LONGEST_DRAIN)
    return [clicks.Organiser(address, cookies, share, every) for share in shares]


def _strike(played: Storm, faults: int) -> None:
    begun = time.monotonic()
    for struck in range(1, faults + 1):
        played.strike()
        _wait(played, played.dice.uniform(*EVERY))
        if struck % 100 == 0:
            print(
                f"{struck} of {faults} faults, {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True
            )


def _wait(played: Storm, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        played.tick()
        time.sleep(0.1)


def _drain(played: Storm, conference: Conference, threads: list[threading.Thread]) -> None:
    """Until every press was answered and every paper made, or too long."""
    played.calm()
    deadline = time.monotonic() + LONGEST_DRAIN
    moving = Document.objects.filter(conference=conference).moving()
    while time.monotonic() < deadline:
        if not any(thread.is_alive() for thread in threads) and _asked(lambda: not moving.exists()):
            return
        _wait(played, 0.5)


def _asked(question: Callable[[], bool]) -> bool:
    """What the database answers; no where it is just away."""
    try:
        return question()
    except (DatabaseError, InterfaceError):
        connection.close()
        return False


def _attempts(conference: Conference) -> dict[str, int]:
    counts = DocumentPart.objects.filter(document__conference=conference).values_list("attempts", flat=True)
    return {"pieces": len(counts), "attempts": sum(counts), "most": max(counts, default=0)}


def _without_sweeper(folder: Path, broker: Broker) -> dict[str, int]:
    """Workers killed and messages lost with nobody to look after it; then the sweeper comes."""
    connection.close()
    conference = people.make_conference(60, 6)
    one, server = worker("worker-control", os.environ, folder), web(os.environ, folder)
    keeper = sweeper(os.environ, folder)
    moving = Document.objects.filter(conference=conference).moving()
    end = threading.Event()
    for process in (one, server):
        process.start()
    try:
        wait_until_healthy(os.environ["SITE_URL"])
        organiser = clicks.Organiser(
            os.environ["SITE_URL"], people.organiser(conference), issuing.presses(conference), 0.2
        )
        thread = organiser.start(end)
        until(lambda: len(organiser.taken) >= 2, "two presses taken", PATIENCE)
        one.kill()
        broker.lose()
        thread.join(PATIENCE)
        broker.lose()
        one.start()
        time.sleep(FROZEN)
        stuck = moving.count()
        keeper.start()
        until(lambda: not moving.exists(), "the sweeper finds them", PATIENCE)
    finally:
        end.set()
        for process in (one, server, keeper):
            process.stop()
    return {"stuck": stuck, "with it again": moving.count()}


def _overtaken(folder: Path, *options: str) -> int:
    """A worker frozen in the middle of a piece wakes up after another has finished it."""
    conference = people.make_conference(40, 1)
    first, second = (worker(f"worker-{name}", os.environ, folder, *options) for name in ("first", "second"))
    keeper, server, end = sweeper(os.environ, folder), web(os.environ, folder), threading.Event()
    pieces = DocumentPart.objects.filter(document__conference=conference)
    running, done = DocumentPart.State.RUNNING, DocumentPart.State.DONE
    for process in (first, keeper, server):
        process.start()
    try:
        wait_until_healthy(os.environ["SITE_URL"])
        clicks.Organiser(
            os.environ["SITE_URL"], people.organiser(conference), issuing.presses(conference), 0
        ).start(end)
        until(lambda: pieces.filter(state=running).exists(), "a piece is being made", PATIENCE)
        first.freeze()
        second.start()
        until(lambda: pieces.filter(state=done).exists(), "another worker makes it", PATIENCE)
        first.thaw()
        deadline = time.monotonic() + (PATIENCE if options else WOKEN)
        while not (twice := _twice(conference, folder)) and time.monotonic() < deadline:
            time.sleep(0.5)
        return twice + pieces.exclude(state=done).count()
    finally:
        end.set()
        for process in (first, second, keeper, server):
            process.thaw()
            process.stop()


def _twice(conference: Conference, folder: Path) -> int:
    return sum(count - 1 for count in checking.finished(conference, folder / "finishes").values())
