"""Versions of the programme: frozen, numbered, never changed."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from conference import programme
from conference.models import Conference, JournalEntry, User
from sessions import release
from sessions.comparing import Kind
from sessions.models import Hall, Participation, Release, Session
from tests.conftest import make_conference, publish
from tests.sessions.plans import move, session

pytestmark = pytest.mark.django_db
NINE, TEN = datetime.time(9), datetime.time(10)


@pytest.fixture
def opening(conference: Conference) -> Session:
    return session(conference, "khai-mac", 8, 9, kind="speech", title="Khai mạc")


def test_a_version_is_numbered_dated_and_journalled(
    conference: Conference, opening: Session, olga: User
) -> None:
    made = release.release(conference, by=olga, note="  Bản  đầu ")
    assert (made.number, made.note, made.released_by) == (1, "Bản đầu", olga)
    assert made.released_at == conference.now()
    assert JournalEntry.objects.get(act="release_programme").changes == {
        "number": [None, 1],
        "note": ["", "Bản đầu"],
    }


def test_numbers_count_within_a_conference(conference: Conference, opening: Session) -> None:
    other = make_conference("khac")
    session(other, "khai-mac", 8, 9)
    assert [publish(conference).number, publish(other).number] == [1, 1]
    move(opening, title="Lễ khai mạc")
    assert publish(conference).number == 2


def test_nothing_new_is_not_released(conference: Conference, opening: Session, olga: User) -> None:
    publish(conference)
    with pytest.raises(ValidationError, match="chưa có thay đổi nào so với phiên bản 1"):
        release.release(conference, by=olga)
    assert Release.objects.count() == 1


def test_an_empty_plan_is_not_released(conference: Conference) -> None:
    with pytest.raises(ValidationError, match="chưa có phiên nào"):
        publish(conference)


def test_a_plan_emptied_again_is_a_change_like_any_other(conference: Conference, opening: Session) -> None:
    publish(conference)
    opening.delete()
    assert publish(conference).number == 2
    assert programme.released(conference).days == []


def test_only_who_runs_the_conference_releases(
    conference: Conference, opening: Session, victor: User, greta: User, dan: User, sam: User, ada: User
) -> None:
    for somebody in (victor, greta, dan, sam):
        with pytest.raises(PermissionDenied):
            release.release(conference, by=somebody)
    assert not Release.objects.exists()
    release.release(conference, by=ada)


def test_the_same_press_twice_makes_one_version(conference: Conference, opening: Session, olga: User) -> None:
    seen = release.draft_diff(conference).digest
    made = [release.release(conference, by=olga, seen=seen) for _ in range(2)]
    assert made[0] == made[1]
    assert Release.objects.count() == 1


def test_what_was_changed_after_the_page_was_shown_is_not_released_unseen(
    conference: Conference, opening: Session, olga: User
) -> None:
    seen = release.draft_diff(conference).digest
    move(opening, title="Lễ khai mạc")
    with pytest.raises(ValidationError, match="vừa được sửa thêm"):
        release.release(conference, by=olga, seen=seen)
    assert not Release.objects.exists()


def test_a_version_is_never_changed_or_removed(conference: Conference, opening: Session) -> None:
    made = publish(conference)
    made.note = "Khác"
    with pytest.raises(TypeError):
        made.save()
    with pytest.raises(TypeError):
        Release.objects.update(note="Khác")
    with pytest.raises(TypeError):
        Release.objects.all().delete()


def test_versions_go_with_their_conference(opening: Session) -> None:
    publish(opening.conference)
    opening.conference.delete()
    assert not Release.objects.exists()


def test_everybody_reads_the_last_version_and_never_the_plan(
    conference: Conference, opening: Session, django_assert_num_queries: Any
) -> None:
    assert programme.released(conference).days == []
    publish(conference)
    move(opening, title="Bản nháp", starts=NINE, ends=TEN)
    session(conference, "nhap", 10, 11)
    with django_assert_num_queries(1):
        shown = programme.released(conference)
    [(_half, [item])] = shown.days[0].halves
    assert (item.session.title, item.session.hours) == ("Khai mạc", "08:00–09:00")
    planned = programme.planned(conference)
    assert [item.session.title for _half, items in planned.days[0].halves for item in items] == [
        "Bản nháp",
        "nhap",
    ]


def test_a_moved_session_keeps_its_old_time_and_hall_beside_the_new(
    conference: Conference, opening: Session
) -> None:
    hall = Hall.objects.create(conference=conference, name="Hội trường lớn")
    move(opening, hall=hall)
    gone = session(conference, "bo", 14, 15, title="Bị hủy")
    publish(conference)
    move(opening, starts=NINE, ends=TEN, day=conference.ends_on, hall=None)
    gone.delete()
    session(conference, "moi", 16, 17)
    publish(conference)
    shown = programme.released(conference)
    items = {item.session.code: item for day in shown.days for _half, items in day.halves for item in items}
    assert (items["khai-mac"].was_when, items["khai-mac"].was_hall) == ("08:00–09:00, 06/6", "Hội trường lớn")
    assert (items["moi"].is_new, items["moi"].was) == (True, None)
    assert [one.title for one in shown.cancelled] == ["Bị hủy"]
    assert shown.diff is not None
    assert shown.diff.sentence == "3 thay đổi: 1 thêm mới, 1 đổi giờ, địa điểm, 1 hủy."


def test_the_first_version_marks_nothing_as_changed(conference: Conference, opening: Session) -> None:
    publish(conference)
    shown = programme.released(conference)
    [(_half, [item])] = shown.days[0].halves
    assert (item.is_new, item.was, shown.diff) == (False, None, None)


def test_a_person_taken_from_the_list_stays_in_the_version(conference: Conference, opening: Session) -> None:
    one = Participation.objects.create(session=opening, full_name="Lê Văn Cường")
    made = publish(conference)
    one.delete()
    assert [part.full_name for part in release.entries(conference)[0].people] == ["Lê Văn Cường"]
    assert release.version(made).diff is None


def test_the_history_tells_what_each_version_changed(
    conference: Conference, opening: Session, django_assert_num_queries: Any
) -> None:
    publish(conference)
    move(opening, title="Lễ khai mạc")
    second = publish(conference)
    move(opening, starts=NINE, ends=TEN)
    publish(conference)
    with django_assert_num_queries(1):
        told = release.history(conference)
    assert [one.release.number for one in told] == [3, 2, 1]
    kinds = [one.diff and [change.kinds for change in one.diff.changes] for one in told]
    assert kinds == [[(Kind.MOVED,)], [(Kind.RENAMED,)], None]
    assert release.version(second).diff == told[1].diff
    both = release.between(told[2].release, told[0].release)
    assert [change.kinds for change in both.changes] == [(Kind.MOVED, Kind.RENAMED)]
