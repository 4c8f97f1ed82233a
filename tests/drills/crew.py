"""What drills share: people who press buttons once each, by a key, and waiting until the work is done."""

from __future__ import annotations

import datetime
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.urls import reverse

from attendees.models import Delegation
from conference.models import Conference
from documents.models import Document, DocumentPart
from sessions.models import Session
from tests import conftest
from tests.attendees.portal import filled, url
from tests.storm.clicks import Organiser, Press
from tests.storm.ground import Ground
from tests.storm.processes import Process

AT_ONCE = 18.0  # seconds; the time limits of the broker are two, the rest is for a busy machine
LONGEST = 300.0  # seconds until something is done, where several processes share a slow machine
PAPER = "attendee-list"


def printing(conference: Conference, count: int) -> list[Press]:
    """Presses that ask for a paper of one delegation after another."""
    codes = list(conference.delegations.order_by("pk").values_list("code", flat=True))
    address = reverse("documents:ask", args=(conference.slug,))
    return [
        Press(address, {"kind": PAPER, "delegation": codes[number % len(codes)], "key": str(uuid.uuid4())})
        for number in range(count)
    ]


def reading(conference: Conference) -> Press:
    """What everybody may read; to be asked for, not pressed."""
    Session.objects.create(
        conference=conference,
        code="khai-mac",
        title="Khai mạc",
        day=conference.starts_on,
        starts=datetime.time(8),
        ends=datetime.time(9),
    )
    conftest.publish(conference)
    return Press(reverse("thematic:programme_schedule", args=(conference.slug,)), {})


def nominating(delegation: Delegation, count: int) -> list[Press]:
    """Presses that each put one more person on a seat of the department."""
    address = url("person_nominate", delegation, "department")
    return [
        Press(address, filled(full_name=f"Trần Thị Thử {delegation.code} {number:04}"))
        for number in range(count)
    ]


def crowd(cookies: dict[str, str], presses: Sequence[Press], size: int, **more: Any) -> list[Organiser]:
    """So many who share the presses."""
    every = more.pop("every", 0.0)
    return [
        Organiser(os.environ["SITE_URL"], cookies, presses[first::size], every, **more)
        for first in range(min(size, len(presses)))
    ]


@contextmanager
def running(*processes: Process) -> Iterator[None]:
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.thaw()
            process.stop()


def press_all(people: Iterable[Organiser], seconds: float = LONGEST) -> None:
    """All at once, until each has pressed everything."""
    end = threading.Event()
    threads = [one.start(end) for one in people]
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(deadline - time.monotonic(), 0))
    end.set()
    for thread in threads:
        thread.join()


def wait(done: Callable[[], bool], processes: Iterable[Process], seconds: float = LONGEST) -> float:
    """Until it is done or too long; whoever died meanwhile is started again. How many seconds it took."""
    begun = time.monotonic()
    while not done() and time.monotonic() - begun < seconds:
        for process in processes:
            process.revive()
        time.sleep(0.1)
    return round(time.monotonic() - begun, 1)


def unfinished(conference: Conference) -> int:
    """Papers that are not there."""
    return conference.documents.exclude(state=Document.State.READY).count()


def all_made(conference: Conference) -> Callable[[], bool]:
    return lambda: not unfinished(conference)


def forget(there: Ground) -> None:
    """Nobody works here any more: what waits is left to no drill that comes after."""
    connection.close()  # it may have broken too
    for rows, state in (
        (DocumentPart.objects.all(), DocumentPart.State.DONE),
        (Document.objects.moving(), Document.State.CANCELLED),
    ):
        rows.update(state=state)
    there.broker.flush()
