"""Two halls of the conference."""

import pytest

from conference.models import Conference
from sessions.models import Hall


@pytest.fixture
def hall(conference: Conference) -> Hall:
    return conference.halls.create(name="Hội trường lớn", capacity=400)


@pytest.fixture
def room(conference: Conference) -> Hall:
    return conference.halls.create(name="Phòng họp số 1", capacity=120, minutes_away=5)
