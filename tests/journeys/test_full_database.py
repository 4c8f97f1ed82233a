"""The disk of the database is full: what is refused is told as an interruption, and pages are shown still.

With real disks, processes and people: the drill `full_database`.
"""

from __future__ import annotations

import html
import uuid
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from attendees.models import Attendee, Delegation
from conference import desk_forms
from conference.models import Conference, User
from documents.models import CertificateRule
from sessions.models import Hall
from tests.conference.desk import signed_in
from tests.conftest import MakeAttendee
from tests.disks import without_room
from tests.documents.conftest import give

pytestmark = pytest.mark.django_db(transaction=True)
FULL = without_room("INSERT", "UPDATE")
HALL = reverse("admin:thematic_hall_add")


@pytest.fixture(autouse=True)
def _open_desk(settings: LazySettings) -> None:
    settings.DEMO = True  # no second factor to pass first
    cache.clear()


@pytest.fixture
def desk(olga: User) -> Client:
    client = signed_in(olga)
    client.raise_request_exception = False
    return client


def hall(**more: str) -> dict[str, str]:
    """The form of a new hall as the browser sends it, once and again."""
    return {"name": "Hội trường A", "minutes_away": "0", "position": "0", "once": uuid.uuid4().hex, **more}


def is_told(response: Any) -> bool:
    said = html.unescape(response.content.decode())
    told = (response.status_code, response.headers.get("Retry-After"))
    return told == (503, "10") and "Hệ thống tạm gián đoạn" in said


def test_what_is_refused_may_be_sent_again_and_is_done_then(desk: Client) -> None:
    form = hall()
    with connection.execute_wrapper(FULL):
        assert is_told(desk.post(HALL, form))
    assert not Hall.objects.exists()
    assert desk.post(HALL, form).status_code == 302
    assert Hall.objects.count() == 1
    assert desk.post(HALL, form).status_code == 302
    assert Hall.objects.count() == 1


@pytest.mark.parametrize("table", ["cache", "thematic_hall", "conference_journal"])
def test_neither_the_key_of_a_form_nor_its_act_is_there_alone(desk: Client, table: str) -> None:
    form = hall()
    with connection.execute_wrapper(without_room(f'INSERT INTO "{table}')):
        assert is_told(desk.post(HALL, form))
    assert not Hall.objects.exists()
    desk.post(HALL, form)
    assert Hall.objects.count() == 1


def test_a_key_that_is_written_down_before_the_act_makes_a_yes_of_nothing(desk: Client) -> None:
    """The control: what was taken apart from the act looks as if it had been done."""
    form = hall()
    assert not desk_forms.is_repeated(form["once"])
    assert desk.post(HALL, form).status_code == 302
    assert not Hall.objects.exists()


def test_who_cannot_be_kept_signed_in_is_told_so(desk: Client, conference: Conference) -> None:
    with connection.execute_wrapper(without_room('UPDATE "django_session')):
        assert is_told(desk.post(reverse("admin:switch"), {"conference": conference.slug}))
    assert desk.post(reverse("admin:switch"), {"conference": conference.slug}).status_code == 302


def test_by_the_sessions_of_django_it_would_be_the_browser_s_mistake(
    olga: User, conference: Conference, settings: LazySettings
) -> None:
    """The control."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    client = signed_in(olga)
    with connection.execute_wrapper(without_room('UPDATE "django_session')):
        answer = client.post(reverse("admin:switch"), {"conference": conference.slug})
    assert answer.status_code == 400


def test_nobody_guesses_a_password_uncounted(sam: User) -> None:
    visitor = Client(raise_request_exception=False)
    with connection.execute_wrapper(FULL):
        answer = visitor.post(reverse("account_login"), {"login": sam.email, "password": "sai mật khẩu"})
    assert is_told(answer)


def test_a_cache_that_may_forget_says_nothing_of_it() -> None:
    """The control of both: Django's own."""
    with connection.execute_wrapper(FULL):
        assert DatabaseCache("cache", {}).add("x", 1) is False
        with pytest.raises(OperationalError):
            cache.add("x", 1)


def test_a_certificate_is_verified_though_nobody_can_count_it(
    conference: Conference, delegation: Delegation, make_attendee: MakeAttendee, olga: User
) -> None:
    person = make_attendee(delegation, status=Attendee.Status.CONFIRMED)
    CertificateRule.objects.create(conference=conference, must_come=False)
    [given] = give(conference, [person], by=olga)
    with connection.execute_wrapper(FULL):
        answer = Client().get(f"/v/{given.code}")
    assert answer.status_code == 200
    assert "Giấy chứng nhận có giá trị" in answer.content.decode()
    given.refresh_from_db()
    assert given.asked == 0
