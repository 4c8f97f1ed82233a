"""A door of the conference, its session, and a phone that is paired with it."""

import datetime
from dataclasses import dataclass

import pytest

from attendees.models import Attendee, Delegation
from checkin import pairing
from checkin.models import Device
from conference.models import Conference, User
from sessions.models import Session
from tests.conftest import MakeAttendee


@dataclass
class Phone:
    """A paired device and the token that it holds."""

    device: Device
    token: str


def make_phone(conference: Conference, by: User, name: str) -> Phone:
    device = Device.objects.create(conference=conference, name=name)
    return Phone(*pairing.pair(conference.slug, pairing.offer(device, by=by)))


@pytest.fixture
def opening(conference: Conference) -> Session:
    return conference.sessions.create(
        code="khai-mac",
        title="Khai mạc",
        day=conference.starts_on,
        starts=datetime.time(8),
        ends=datetime.time(9),
    )


@pytest.fixture
def person(delegation: Delegation, opening: Session, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation)


@pytest.fixture
def phone(conference: Conference, olga: User) -> Phone:
    return make_phone(conference, olga, "Cửa A")


@pytest.fixture
def other_phone(conference: Conference, olga: User) -> Phone:
    return make_phone(conference, olga, "Cửa B")
