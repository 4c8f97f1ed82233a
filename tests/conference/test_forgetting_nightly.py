"""At night, by the clock: a task for each conference, and one for files that no row names."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from celery import current_app
from celery.schedules import crontab
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection

from attendees.models import Attendee, Delegation
from conference import celery_config, retention, tasks
from tests.conftest import MakeAttendee

PHONE = "+84977318246"


def forget(forgetting: retention.Forgetting) -> None:
    """A room that cannot forget in one conference; named in `ERASERS`."""
    if forgetting.conference.slug == "da-lat-2024":
        raise OSError("the store is away")


@pytest.fixture
def at_once() -> Iterator[None]:
    """Tasks run where they are sent; their faults stay with them, as in a worker."""
    before = current_app.conf.task_always_eager
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = before


@pytest.mark.django_db
def test_a_conference_that_fails_keeps_no_other_from_forgetting(
    delegation: Delegation, foreign_delegation: Delegation, make_attendee: MakeAttendee,
    settings: LazySettings, at_once: None,
) -> None:  # fmt: skip
    settings.ERASERS = [*settings.ERASERS, __name__]
    people = [make_attendee(one, phone=PHONE) for one in (delegation, foreign_delegation)]
    for one in people:
        conference = one.conference
        conference.demo_now = conference.now() + datetime.timedelta(days=500)
        conference.save()
    assert delegation.conference_id < foreign_delegation.conference_id
    tasks.forget_in_time()
    assert [Attendee.objects.get(pk=one.pk).phone for one in people] == [PHONE, ""]


@pytest.mark.parametrize("task", [tasks.forget_in_time, tasks.forget_unnamed])
def test_it_is_night_where_the_conferences_are(task: object) -> None:
    """Whenever beat was started: from noon on the first time is in the night after."""
    name = getattr(task, "name", "")
    [schedule] = [one["schedule"] for one in celery_config.beat_schedule.values() if one["task"] == name]
    assert isinstance(schedule, crontab)
    zone = ZoneInfo(celery_config.timezone)
    noon = datetime.datetime(2024, 6, 6, 12, tzinfo=zone)
    clock = crontab(hour=schedule.hour, minute=schedule.minute, app=current_app, nowfun=lambda: noon)
    due = noon + clock.remaining_estimate(noon)
    assert (due.date(), due.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).hour in range(1, 5)) == (
        datetime.date(2024, 6, 7),
        True,
    )


@pytest.mark.django_db
def test_what_was_counted_for_a_limit_that_is_over_goes_and_nothing_else() -> None:
    cache.clear()
    cache.set("over", 1, -1)
    cache.set("counting", 1, 60)
    tasks.forget_old_sessions()
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        assert [key for (key,) in cursor.fetchall()] == [":1:counting"]
