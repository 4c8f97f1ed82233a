"""Phones through histories: offline, cut, sent again, out of order, with wrong clocks. Nothing is lost.

The real verb on the real database. `HISTORIES=2000` runs the long form.
"""

from __future__ import annotations

import datetime
import os
import uuid
from dataclasses import dataclass, field

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from attendees.models import Attendee
from checkin import presence, taking
from checkin.models import Device, Scan
from checkin.taking import Heard
from conference.models import Conference
from sessions.models import Attendance, Session
from tests.conftest import make_categories, make_conference, make_delegation

DAY = 24 * 60 * 60
PEOPLE = ("Nguyễn Văn An", "Lê Thị Bình", "Trần Văn Cường")


@dataclass
class Phone:
    """A phone as it is: its own clock, what it knows of people, what it has not sent or not sent for sure."""

    device: Device
    wrong: datetime.timedelta
    sequence: int = 0
    known: set[str] = field(default_factory=set)
    log: list[Heard] = field(default_factory=list)
    sure: set[uuid.UUID] = field(default_factory=set)  # answered by the server


class Histories(RuleBasedStateMachine):
    """Each history is one transaction that is rolled back."""

    phones: list[Phone]

    def __init__(self) -> None:
        super().__init__()
        self.phones, self.people, self.truth = [], [], {}
        self.outer = transaction.atomic()
        self.outer.__enter__()

    def teardown(self) -> None:
        try:
            for phone in self.phones:
                self.send(phone, phone.log)
            self.compare()
        finally:
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)

    @initialize(wrong=st.lists(st.integers(-DAY, DAY), min_size=2, max_size=4))
    def open(self, wrong: list[int]) -> None:
        self.conference: Conference = make_conference(f"h-{uuid.uuid4()}")
        make_categories(self.conference)
        delegation = make_delegation(self.conference, "lam-dong")
        category = self.conference.categories.get(slug="department")
        self.people = [
            Attendee.objects.create(
                conference=self.conference, delegation=delegation, category=category, full_name=name
            )
            for name in PEOPLE
        ]
        self.session: Session = self.conference.sessions.create(
            code="khai-mac", title="Khai mạc", day=self.conference.starts_on,
            starts=datetime.time(8), ends=datetime.time(9),
        )  # fmt: skip
        self.now = self.conference.now() - datetime.timedelta(hours=8)
        for number, seconds in enumerate(wrong):
            device = Device.objects.create(
                conference=self.conference, name=f"Cửa {number}", token_hash=str(uuid.uuid4())
            )
            self.phones.append(Phone(device, datetime.timedelta(seconds=seconds)))

    @rule(which=st.integers(0, 3), person=st.integers(0, 2), is_in=st.booleans(), after=st.integers(0, 120))
    def scan(self, which: int, person: int, is_in: bool, after: int) -> None:
        """Without a network: the phone knows only what it saw or was told."""
        phone = self.phones[which % len(self.phones)]
        badge = self.people[person].badge_token
        self.now += datetime.timedelta(seconds=after)
        phone.sequence += 1
        said = ("again" if badge in phone.known else "welcome") if is_in else "out"
        phone.known |= {badge} if is_in else set()
        offset = -int(phone.wrong.total_seconds() * 1000)
        one = Heard(
            uuid.uuid4(), phone.sequence, "khai-mac", "in" if is_in else "out", badge,
            self.now + phone.wrong, offset, 500, said,
        )  # fmt: skip
        self.truth[one.id] = (phone.device.pk, self.now)
        phone.log.append(one)

    @rule(which=st.integers(0, 3), data=st.data())
    def sync(self, which: int, data: st.DataObject) -> None:
        """Some scans, in any order, also such as were sent before; the answer may be lost on the way."""
        phone = self.phones[which % len(self.phones)]
        if not phone.log:
            return
        batch = data.draw(st.lists(st.sampled_from(phone.log), max_size=12))
        self.send(phone, batch, is_heard=data.draw(st.booleans()))

    def send(self, phone: Phone, batch: list[Heard], *, is_heard: bool = True) -> None:
        answers = taking.take(phone.device, batch)
        assert "refused" not in {answer.verdict for answer in answers}
        if is_heard:
            phone.sure |= {answer.id for answer in answers}
            phone.known |= {a.attendee.badge_token for a in answers if a.attendee and a.since is not None}

    @invariant()
    def what_was_answered_is_kept(self) -> None:
        sure = set().union(*(phone.sure for phone in self.phones)) if self.phones else set()
        assert Scan.objects.filter(pk__in=sure).count() == len(sure)

    def compare(self) -> None:
        """When everybody has sent everything."""
        if not self.phones:
            return
        rows = list(Scan.objects.filter(session=self.session))
        assert {one.pk: (one.device_id, one.at) for one in rows} == self.truth
        let_in: dict[int | None, list[Scan]] = {}
        for one in rows:
            if one.direction == Scan.Direction.IN:
                let_in.setdefault(one.attendee_id, []).append(one)
        facts = list(Attendance.objects.filter(session=self.session).values_list("attendee", "at"))
        assert sorted(facts) == sorted((who, min(one.at for one in seen)) for who, seen in let_in.items())
        derived = presence.derive(map(taking.seen, rows))
        assert {who: one.since for who, one in derived.items() if one.since} == dict(facts)
        for who, seen in let_in.items():
            outs = [one for one in rows if one.attendee_id == who and one.direction == Scan.Direction.OUT]
            clashes = derived[who].clashes if who else ()
            assert bool(clashes) == _is_let_in_twice(seen, outs)


def _is_let_in_twice(seen: list[Scan], outs: list[Scan]) -> bool:
    """Welcomed by two doors, and nobody who can read the clocks saw the person leave in between."""
    welcomes = [one for one in seen if one.told == "welcome"]
    doubles = [
        (one, other)
        for one in welcomes
        for other in welcomes
        if one.device_id != other.device_id and one.at <= other.at
    ]
    return any(not any(_surely(one, out) and _surely(out, other) for out in outs) for one, other in doubles)


def _surely(one: Scan, other: Scan) -> bool:
    if one.device_id == other.device_id:
        return one.sequence < other.sequence
    return other.at - one.at > one.bound + other.bound


Histories.TestCase.settings = settings(
    max_examples=int(os.environ.get("HISTORIES", "25")),
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class TestHistories(Histories.TestCase, TestCase):
    """In the database of the tests."""
