"""At night, by the clock: a task for each conference, and one for files that no row names."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from celery import current_app
from celery.schedules import crontab
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection

from attendees.models import Attendee, Delegation
from conference import celery_config, journal, proving, retention, sealing, tasks
from conference.models import Conference, JournalEntry
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


@pytest.mark.django_db
def test_a_long_journal_is_read_in_several_tasks(
    delegation: Delegation, make_attendee: MakeAttendee, at_once: None, monkeypatch: pytest.MonkeyPatch,
    settings: LazySettings, tmp_path: Path,
) -> None:  # fmt: skip
    """None may take longer than a minute."""
    settings.HEADS_FILE = tmp_path / "heads.jsonl"
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    conference = delegation.conference
    person = make_attendee(delegation)
    for number in range(5):
        told = {"phone": ["", f"+8497731824{number}"]}
        journal.record("edit", person, by=None, conference=conference, changes=told)
    sealing.seal(everything=True)
    conference.demo_now = conference.now() + datetime.timedelta(days=500)
    conference.save()
    tasks.forget_of(conference.pk)
    edits = JournalEntry.objects.filter(act="edit").values_list("changes", flat=True)
    assert list(edits) == [{"phone": ["", retention.GONE]}] * 5
    assert JournalEntry.objects.filter(act="forget", changes__has_key="withheld").count() == 3
    assert not retention.has_more(conference.pk)
    assert proving.prove().faults == []


@pytest.mark.django_db
@pytest.mark.parametrize("changed", [{"legal_hold": True}, {"ends_on": datetime.date(2031, 6, 7)}])
def test_a_night_that_may_take_nothing_out_any_more_rings_no_other(
    conference: Conference, changed: dict[str, Any], at_once: None
) -> None:
    """Held, or put off, between two tasks; without an end this would not come back."""
    Conference.objects.filter(pk=conference.pk).update(forgotten={"more": True, "to": 0}, **changed)
    tasks.forget_of(conference.pk)
    assert retention.has_more(conference.pk)


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
