"""One badge at many doors over real HTTP: exactly one welcome, and without the constraint more than one.

In both, every door has read who is there before any of them writes: the worst moment, made to come always.
"""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.db.models import QuerySet
from pytest_django.live_server_helper import LiveServer

from attendees.models import Delegation
from checkin.models import Scan
from conference.models import Conference, User
from sessions import attending
from sessions.models import Attendance, Session
from tests.checkin.conftest import Phone, make_phone
from tests.checkin.test_views import API, scan
from tests.conftest import MakeAttendee
from tests.patience import LONGEST

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.usefixtures("worst_moment"),
]
DOORS, ROUNDS = 12, 5


@contextmanager
def without_the_constraint() -> Iterator[None]:
    """The control."""
    [once] = Attendance._meta.constraints
    with connection.schema_editor() as editor:
        editor.remove_constraint(Attendance, once)
    try:
        yield
    finally:
        Scan.objects.all()._raw_delete(connection.alias)
        Attendance.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Attendance, once)


@pytest.fixture
def worst_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody writes a presence before all have asked for it; who asks again does not wait."""
    together, asked = threading.Barrier(DOORS), threading.local()
    read = attending._about

    def late(facts: Iterable[tuple[int, int]]) -> QuerySet[Attendance]:
        rows = read(facts)
        if not hasattr(asked, "once"):
            asked.once = len(rows)
            together.wait(LONGEST)
        return rows

    monkeypatch.setattr(attending, "_about", late)


def at_once(server: LiveServer, phones: list[Phone], badge: str, sequence: int) -> list[dict[str, Any]]:
    """The answers to one badge, shown at every door in the same moment."""
    together, answers = threading.Barrier(len(phones)), list[dict[str, Any]]()

    def door(phone: Phone) -> None:
        line = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=LONGEST)
        line.connect()
        body = json.dumps({"scans": [scan(badge, sequence)]})
        together.wait(LONGEST)
        line.request("POST", f"{API}scans/", body, {"Authorization": f"Device {phone.token}"})
        response = line.getresponse()
        told = json.loads(response.read())
        line.close()
        answers.append(told["answers"][0] if response.status == 200 else told)

    threads = [threading.Thread(target=door, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture
def phones(conference: Conference, olga: User) -> list[Phone]:
    return [make_phone(conference, olga, f"Cửa {number}") for number in range(DOORS)]


def test_of_twelve_doors_exactly_one_says_welcome(
    live_server: LiveServer,
    phones: list[Phone],
    delegation: Delegation,
    opening: Session,
    make_attendee: MakeAttendee,
) -> None:
    for sequence in range(ROUNDS):
        person = make_attendee(delegation, f"Nguyễn Văn {sequence}")
        answers = at_once(live_server, phones, person.badge_token, sequence)
        assert Counter(one.get("answer") for one in answers) == {"welcome": 1, "again": DOORS - 1}
        assert all(one["where"].startswith("Cửa ") for one in answers)
        assert Attendance.objects.filter(attendee=person).count() == 1
    assert Scan.objects.count() == DOORS * ROUNDS


def test_without_the_constraint_more_than_one_door_says_welcome(
    live_server: LiveServer,
    phones: list[Phone],
    delegation: Delegation,
    opening: Session,
    make_attendee: MakeAttendee,
) -> None:
    welcomes = 0
    with without_the_constraint():
        for sequence in range(ROUNDS):
            person = make_attendee(delegation, f"Nguyễn Văn {sequence}")
            answers = at_once(live_server, phones, person.badge_token, sequence)
            welcomes += sum(one.get("answer") == "welcome" for one in answers)
    assert welcomes == DOORS * ROUNDS
