"""Now and next, for phones and for the screen of a hall."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conference.models import Conference
from sessions.models import Hall
from tests.conference.desk import strict, text  # noqa: F401  (a fixture)
from tests.conftest import VN, publish
from tests.sessions.plans import session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
NOW = "/da-lat-2024/now/"
SCREEN = f"{NOW}hoi-truong-lon/"


@pytest.fixture
def running(conference: Conference, hall: Hall, room: Hall) -> Conference:
    """08:30 on the first day: the opening runs; a topic and a discussion begin at nine."""
    session(conference, "khai-mac", 8, 9, title="Khai mạc", hall=hall, kind="speech")
    topic = session(conference, "cd1", 9, 10, title="Nghị quyết 47", number=1, hall=hall)
    topic.participations.create(full_name="Trần Thử Quân", title="Phó Cục trưởng")
    session(conference, "thao-luan", 9, 11, title="Thảo luận nhóm", hall=room, kind="discussion")
    publish(conference)
    conference.demo_now = datetime.datetime(2024, 6, 6, 8, 30, tzinfo=VN)
    conference.save()
    return conference


def test_phones_read_what_runs_and_what_comes(client: Client, running: Conference) -> None:
    said = text(client.get(NOW))
    assert "08:30 thứ Năm, 06/6/2024 Đang diễn ra 08:00–09:00 · Hội trường lớn Khai mạc" in said
    assert "Tiếp theo sau 30 phút 09:00–10:00 · Hội trường lớn Chuyên đề 1 Nghị quyết 47" in said
    assert "Báo cáo viên: Trần Thử Quân, Phó Cục trưởng" in said
    assert "09:00–11:00 · Phòng họp số 1 Thảo luận nhóm" in said


def test_the_screen_of_a_hall_shows_that_hall_alone(client: Client, running: Conference) -> None:
    said = text(client.get(SCREEN))
    assert "Khai mạc" in said
    assert "Thảo luận nhóm" not in said
    assert client.get(f"{NOW}phong-khac/").status_code == 404


@pytest.mark.parametrize("address", [NOW, SCREEN])
def test_a_script_gets_the_moving_part_and_nobody_keeps_it(
    client: Client, running: Conference, address: str
) -> None:
    response = client.get(address, headers={"X-Fragment": "now"})
    body = response.content.decode()
    assert "<html" not in body
    assert "data-now-live" in body
    assert "no-cache" in response["Cache-Control"]
    assert "X-Fragment" in response["Vary"]


def test_only_what_was_released_is_shown(client: Client, running: Conference) -> None:
    running.sessions.filter(code="khai-mac").update(title="Bản nháp")
    assert "Bản nháp" not in text(client.get(NOW))


@pytest.mark.parametrize(
    ("day", "words"),
    [(5, "Tiếp theo thứ Năm, 06/6/2024 08:00–09:00"), (7, "Chương trình đã kết thúc")],
)
def test_before_and_after_the_conference(client: Client, running: Conference, day: int, words: str) -> None:
    running.demo_now = datetime.datetime(2024, 6, day, 20, tzinfo=VN)
    running.save()
    assert words in text(client.get(NOW))


def test_without_a_release_the_programme_is_being_prepared(client: Client, conference: Conference) -> None:
    assert "Chương trình đang được chuẩn bị" in text(client.get(NOW))
    assert client.get(SCREEN).status_code == 404


def test_the_questions_do_not_grow_with_the_programme(client: Client, running: Conference) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(NOW)
        return len(caught)

    before = asked()
    for n in range(12, 20):
        session(running, f"phien-{n}", n, n + 1).participations.create(full_name="Lê Thử Linh")
    publish(running)
    assert asked() == before


def test_only_the_running_conference_of_the_address_is_read(
    client: Client, running: Conference, foreign_delegation: Any
) -> None:
    assert "Khai mạc" not in text(client.get(f"/{foreign_delegation.conference.slug}/now/"))
