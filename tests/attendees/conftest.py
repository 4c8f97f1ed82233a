"""Dan at his computer, and one person on his list."""

import pytest
from django.test import Client

from attendees.models import Attendee, Delegation
from conference.models import User
from tests.conftest import MakeAttendee


@pytest.fixture
def as_dan(client: Client, dan: User) -> Client:
    client.force_login(dan)
    return client


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(
        delegation, honorific="ong", position="Chuyên viên", phone="+84905123318", email="an@lamdong.example"
    )
