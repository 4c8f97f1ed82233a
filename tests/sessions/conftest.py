"""Two halls of the conference, and the morning of its opening."""

import datetime

import pytest

from conference.models import Conference
from sessions.models import Hall, Session
from tests.conftest import VN
from tests.sessions.plans import session


@pytest.fixture
def hall(conference: Conference) -> Hall:
    return conference.halls.create(name="Hội trường lớn", capacity=400)


@pytest.fixture
def room(conference: Conference) -> Hall:
    return conference.halls.create(name="Phòng họp số 1", capacity=120, minutes_away=5)


@pytest.fixture
def opening(conference: Conference) -> Session:
    """It is 07:42; the opening begins at eight."""
    conference.demo_now = datetime.datetime(2024, 6, 6, 7, 42, tzinfo=VN)
    conference.save()
    return session(conference, "khai-mac", 8, 9, title="Khai mạc")
