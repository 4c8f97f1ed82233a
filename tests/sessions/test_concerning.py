"""Whom a change of the programme concerns: the rule, case by case."""

import datetime
from typing import Any

import pytest

from attendees.models import Attendee, Delegation
from conference.models import Conference
from sessions import release
from sessions.concerning import Whom
from sessions.models import Participation, Session
from tests.conftest import MakeAttendee, make_delegation, publish
from tests.sessions.plans import move, session, speaks

pytestmark = pytest.mark.django_db
CLOCK = datetime.time


@pytest.fixture
def speaker(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    """Of Lâm Đồng, with an address of her own; nobody there is confirmed."""
    return make_attendee(delegation, "Hà Thị Báo", email="bao@hoinghi.example", honorific="ba")


@pytest.fixture
def topic(conference: Conference, speaker: Attendee) -> Session:
    made = session(conference, "cd-1", 8, 9, number=1)
    speaks(speaker, made)
    return made


@pytest.fixture
def coming(other_delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    """Of Quảng Nam, confirmed, without a part."""
    return make_attendee(other_delegation, "Lê Văn Dự", status=Attendee.Status.CONFIRMED)


def whom(conference: Conference) -> Whom:
    return release.draft_diff(conference).whom()


def names(found: Whom) -> tuple[list[str], list[str]]:
    return [one.name for one in found.people], [one.name for one in found.delegations]


def test_a_new_topic_concerns_its_speaker_and_her_delegation(
    conference: Conference, topic: Session, coming: Attendee
) -> None:
    assert names(whom(conference)) == (["Bà Hà Thị Báo"], ["Tỉnh Lâm Đồng"])


@pytest.mark.parametrize("fields", [{"title": "Khác"}, {"note": "Có phiên dịch"}])
def test_other_words_concern_those_who_have_a_part(
    conference: Conference, topic: Session, coming: Attendee, fields: dict[str, str]
) -> None:
    publish(conference)
    move(topic, **fields)
    assert names(whom(conference)) == (["Bà Hà Thị Báo"], ["Tỉnh Lâm Đồng"])


@pytest.mark.parametrize("fields", [{"starts": CLOCK(7)}, {"day": datetime.date(2024, 6, 7)}])
def test_a_moved_topic_for_everybody_concerns_every_delegation_that_comes(
    conference: Conference, topic: Session, coming: Attendee, fields: dict[str, Any]
) -> None:
    make_delegation(conference, "ha-giang")  # has confirmed nobody
    publish(conference)
    move(topic, **fields)
    found = whom(conference)
    assert names(found) == (["Bà Hà Thị Báo"], ["Tỉnh Quảng Nam", "Tỉnh Lâm Đồng"])
    assert [len(one.changes) for one in found.everybody] == [1, 1, 1]


def test_a_cancelled_ceremony_concerns_every_delegation_that_comes(
    conference: Conference, topic: Session, coming: Attendee
) -> None:
    ceremony = session(conference, "chao-co", 7, 8, kind="ceremony")
    publish(conference)
    ceremony.delete()
    assert names(whom(conference)) == ([], ["Tỉnh Quảng Nam"])


def test_a_break_alone_concerns_nobody(conference: Conference, topic: Session, coming: Attendee) -> None:
    tea = session(conference, "tra", 9, 10, kind="break")
    publish(conference)
    move(tea, ends=CLOCK(9, 30))
    assert names(whom(conference)) == ([], [])


def test_a_session_beside_another_concerns_only_those_with_a_part(
    conference: Conference, topic: Session, coming: Attendee
) -> None:
    beside = session(conference, "cd-2", 8, 9, number=2)
    publish(conference)
    move(beside, ends=CLOCK(8, 45))
    assert names(whom(conference)) == ([], [])
    move(topic, ends=CLOCK(8, 45))
    assert names(whom(conference)) == (["Bà Hà Thị Báo"], ["Tỉnh Lâm Đồng"])


def test_what_was_for_everybody_and_is_put_beside_another_concerns_all(
    conference: Conference, topic: Session, coming: Attendee
) -> None:
    session(conference, "cd-2", 14, 15, number=2)
    publish(conference)
    move(topic, starts=CLOCK(14), ends=CLOCK(15))
    assert names(whom(conference))[1] == ["Tỉnh Quảng Nam", "Tỉnh Lâm Đồng"]


def test_who_gave_a_topic_up_is_told_as_well_as_who_took_it(
    conference: Conference, topic: Session, speaker: Attendee, coming: Attendee
) -> None:
    publish(conference)
    Participation.objects.update(attendee=coming, full_name=coming.full_name)
    assert names(whom(conference)) == (["Lê Văn Dự", "Bà Hà Thị Báo"], ["Tỉnh Quảng Nam", "Tỉnh Lâm Đồng"])


def test_who_does_not_come_any_more_is_not_told(
    conference: Conference, topic: Session, speaker: Attendee
) -> None:
    publish(conference)
    Attendee.objects.filter(pk=speaker.pk).update(status=Attendee.Status.REPLACED)
    move(topic, title="Khác")
    assert names(whom(conference)) == ([], [])


def test_each_is_told_once_of_all_that_concerns_them(
    conference: Conference, topic: Session, speaker: Attendee, coming: Attendee
) -> None:
    second = session(conference, "cd-2", 10, 11, number=2)
    speaks(speaker, second, "chair")
    publish(conference)
    move(topic, title="Khác")
    move(second, starts=CLOCK(9), ends=CLOCK(10))
    found = whom(conference)
    told = {one.name: [change.entry.code for change in one.changes] for one in found.everybody}
    assert told == {
        "Bà Hà Thị Báo": ["cd-1", "cd-2"],
        "Tỉnh Quảng Nam": ["cd-2"],
        "Tỉnh Lâm Đồng": ["cd-1", "cd-2"],
    }


def test_who_cannot_be_written_to_is_to_be_called(
    conference: Conference,
    topic: Session,
    other_delegation: Delegation,
    coming: Attendee,
) -> None:
    other_delegation.officers.clear()
    fields = {"contact_email": "khong phai thu", "contact_phone": "+84912345678"}
    Delegation.objects.filter(pk=other_delegation.pk).update(**fields)
    publish(conference)
    move(topic, starts=CLOCK(7))
    found = whom(conference)
    assert [(one.name, one.phone) for one in found.called] == [("Tỉnh Quảng Nam", "+84912345678")]
    assert [one.name for one in found.written] == ["Bà Hà Thị Báo", "Tỉnh Lâm Đồng"]


def test_many_are_found_with_the_same_questions(
    conference: Conference,
    topic: Session,
    coming: Attendee,
    make_attendee: MakeAttendee,
    django_assert_num_queries: Any,
) -> None:
    publish(conference)
    move(topic, starts=CLOCK(7))
    draft = release.draft_diff(conference)
    with django_assert_num_queries(4):
        assert len(draft.whom().everybody) == 3
    for slug in ("ha-giang", "cao-bang", "bac-kan"):
        person = make_attendee(make_delegation(conference, slug), status=Attendee.Status.CONFIRMED)
        speaks(person, topic)
    draft = release.draft_diff(conference)
    with django_assert_num_queries(4):
        assert len(draft.whom().everybody) == 9
