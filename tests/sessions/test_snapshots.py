"""A programme kept as plain values."""

import datetime
import json
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from attendees.models import Delegation
from conference.models import Conference
from sessions import snapshots
from sessions.models import Hall, Participation
from sessions.snapshots import Part, Snapshot
from tests.conftest import MakeAttendee
from tests.sessions.plans import DAY, NINE, TEN, entry, part, session, speaks


@pytest.mark.django_db
def test_a_session_is_kept_with_everything_that_is_printed(
    conference: Conference, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    hall = Hall.objects.create(conference=conference, name="Phòng họp số 1")
    topic = session(conference, "cd-1", 8, 9, title="Một", number=1, hall=hall, note="Có phiên dịch")
    person = make_attendee(delegation)
    speaks(person, topic)
    Participation.objects.create(session=topic, role="chair", organisation_name="Cục B", order=2)
    [kept] = snapshots.live(conference)
    assert kept == entry(
        "cd-1", kind="topic", title="Một", number=1, hall="Phòng họp số 1", note="Có phiên dịch",
        people=(
            Part("speaker", "Nguyễn Văn An", "Vụ trưởng", "", attendee=person.code),
            Part("chair", "", "", "Cục B"),
        ),
    )  # fmt: skip
    assert kept.row == topic.pk


@pytest.mark.django_db
def test_a_plan_of_any_length_is_read_with_three_questions(
    conference: Conference,
    delegation: Delegation,
    make_attendee: MakeAttendee,
    django_assert_num_queries: Any,
) -> None:
    person = make_attendee(delegation)
    speaks(person, session(conference, "a", 8, 9))
    with django_assert_num_queries(3):
        snapshots.live(conference)
    for number in range(9, 20):
        speaks(person, session(conference, f"s{number}", number, number + 1))
    with django_assert_num_queries(3):
        assert len(snapshots.live(conference)) == 12


def test_what_is_written_as_json_reads_back_the_same() -> None:
    whole = Snapshot((entry(people=(part(), part("", is_assumed=True))), entry("b", number=2)), (entry("c"),))
    assert snapshots.read(json.loads(json.dumps(snapshots.content(whole)))) == whole


def test_nothing_reads_as_nothing() -> None:
    assert snapshots.read({}) == Snapshot()


def test_words_follow_the_language_of_the_reader() -> None:
    topic = entry(kind="topic", number=3, title="Ba")
    assert (topic.headline, topic.when) == ("Chuyên đề 3: Ba", "08:00–09:00, thứ Năm, 06/6/2024")
    with translation.override("en"):
        assert topic.when == "08:00–09:00, Thursday, 06/6/2024"


def test_the_half_of_the_day_follows_the_beginning() -> None:
    halves = [entry(starts=datetime.time(hour), ends=datetime.time(23)).part for hour in (11, 12, 18)]
    assert halves == ["morning", "afternoon", "evening"]


# ── What is counted from version to version ───────────────────────────────────────────────────────


def test_only_what_changed_counts_on() -> None:
    first = snapshots.following(Snapshot(), [entry("a"), entry("b")], 1)
    second = snapshots.following(first, [entry("a"), entry("b", starts=NINE, ends=TEN)], 2)
    assert [(one.code, one.sequence, one.since) for one in second.entries] == [("a", 0, 1), ("b", 1, 2)]
    third = snapshots.following(second, [entry("a", title="Khác"), entry("b", starts=NINE, ends=TEN)], 3)
    assert [(one.code, one.sequence, one.since) for one in third.entries] == [("a", 1, 3), ("b", 1, 2)]


def test_what_is_dropped_stays_known_as_cancelled() -> None:
    first = snapshots.following(Snapshot(), [entry("a"), entry("b")], 1)
    second = snapshots.following(first, [entry("a")], 2)
    third = snapshots.following(second, [entry("a", title="Khác")], 3)
    for one in (second, third):
        assert [(gone.code, gone.sequence, gone.since) for gone in one.cancelled] == [("b", 1, 2)]


def test_what_is_announced_again_goes_on_counting() -> None:
    first = snapshots.following(Snapshot(), [entry("a")], 1)
    second = snapshots.following(first, [], 2)
    third = snapshots.following(second, [entry("a")], 3)
    assert [(one.sequence, one.since) for one in third.entries] == [(2, 3)]
    assert third.cancelled == ()


def test_a_digest_names_the_programme_and_the_version_before_it() -> None:
    plan = [entry(people=(part(),))]
    assert snapshots.digest(1, plan) == snapshots.digest(1, [replace(plan[0], row=7, sequence=2, since=2)])
    others = [
        snapshots.digest(2, plan),
        snapshots.digest(1, [replace(plan[0], people=(part(attendee="ABCD2345"),))]),
        snapshots.digest(1, [replace(plan[0], day=DAY + datetime.timedelta(days=1))]),
        snapshots.digest(1, []),
    ]
    assert len({snapshots.digest(1, plan), *others}) == 5
