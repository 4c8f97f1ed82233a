"""Certificates: gapless numbers, one valid for each person, and never one that was not earned."""

import datetime
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from attendees import answers
from attendees.models import Attendee
from attendees.seats import seat_chain
from conference.models import Conference, JournalEntry, User
from documents import certificates
from documents.eligibility import judge, judge_one
from documents.models import Certificate, CertificateRule
from sessions.models import Attendance, Session
from tests.documents.conftest import give


def earners(conference: Conference) -> list[Attendee]:
    """Who earns a certificate."""
    return [one.person for one in judge(conference, Attendee.objects.all()) if one.outcome.is_earned]


@pytest.mark.django_db
def test_each_person_who_earned_one_gets_one_in_order(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    given = give(conference, by=olga)
    assert [(one.number, one.full_name) for one in given] == [
        (1, "Đặng Văn Sơn"),
        (2, "Nguyễn Thị Thu Hương"),
        (3, "H' Linh Niê Kđăm"),
        (4, "Hà Trung Thọ"),
    ]
    assert {(one.issued_on, one.title, one.honorific) for one in given} == {
        (datetime.date(2024, 6, 7), "Phó Giám đốc", "ba")
    }
    assert len({one.code for one in given}) == 4


@pytest.mark.django_db
def test_a_second_press_issues_nothing(conference: Conference, people: list[Attendee], olga: User) -> None:
    give(conference, by=olga)
    with pytest.raises(ValidationError, match="4 người đã có giấy"):
        give(conference, by=olga)
    assert JournalEntry.objects.filter(act="issue-certificates").count() == 1


@pytest.mark.django_db
def test_who_was_not_there_earns_none_and_is_told_why(conference: Conference, people: list[Attendee]) -> None:
    Attendance.objects.filter(attendee=people[0]).delete()
    nominated = Attendee.objects.get(full_name="Trần Chưa Chắc")
    assert set(earners(conference)) == set(people[1:])
    assert judge_one(people[0]).outcome.against == (
        "Chưa có lượt có mặt nào. Cần có mặt ít nhất một lần. "
        "Nếu có dự mà chưa ghi, bổ sung theo danh sách ký."
    )
    assert judge_one(nominated).outcome.unmet[0].sentence == (
        "Tình trạng hiện nay: Chờ xác nhận. Cần: đã xác nhận tham dự."
    )
    assert judge_one(people[1]).outcome.against == ""


@pytest.mark.django_db
def test_the_certificate_follows_whoever_came(
    conference: Conference, people: list[Attendee], opening: Session, olga: User
) -> None:
    """Three hands on one seat: the first two earn nothing, whatever was noted before they left."""
    first = people[0]
    second = answers.replace(first, by=olga, reason="Đi học", full_name="Trần Quốc Hưng")
    third = answers.replace(second, by=olga, reason="Ốm", full_name="Võ Văn Em")
    give(conference, by=olga)
    assert not Certificate.objects.filter(attendee__in=seat_chain(first)).exists()
    Attendance.objects.create(session=opening, attendee=third)
    answers.confirm_person(third, by=olga)
    given = give(conference, by=olga)
    assert [(one.full_name, one.attendee) for one in given] == [("Võ Văn Em", third)]
    [against] = judge_one(Attendee.objects.get(pk=first.pk)).outcome.unmet
    assert against.is_there == "Tình trạng hiện nay: Đã thay người."


@pytest.mark.django_db
def test_presence_counts_only_where_the_conference_asks_for_it(
    conference: Conference, people: list[Attendee]
) -> None:
    Attendance.objects.all().delete()
    CertificateRule.objects.create(conference=conference, must_come=False)
    assert set(earners(conference)) == set(people)


@pytest.mark.django_db
def test_a_corrected_name_gets_a_new_number_and_the_old_one_says_replaced(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    old = give(conference, by=olga)[0]
    printed = old.full_name
    old.attendee.full_name = "Đặng Văn Sơn Đúng"
    old.attendee.save()
    fresh = certificates.replace(old, "Sửa họ tên", by=olga)
    old.refresh_from_db()
    assert (old.state, old.full_name, old.replaced_by) == (
        Certificate.State.REPLACED,
        printed,
        fresh,
    )
    assert (fresh.number, fresh.full_name, fresh.state) == (5, "Đặng Văn Sơn Đúng", Certificate.State.VALID)
    with pytest.raises(ValidationError, match="không còn giá trị"):
        certificates.replace(old, "Sửa họ tên", by=olga)


@pytest.mark.django_db
def test_a_revoked_certificate_is_not_given_back_by_itself_without_a_reason(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    one = give(conference, by=olga)[0]
    with pytest.raises(ValidationError, match="Ghi lý do"):
        certificates.revoke(one, "  ", by=olga)
    certificates.revoke(one, "Cấp nhầm người", by=olga)
    assert (one.state, one.reason) == (Certificate.State.REVOKED, "Cấp nhầm người")
    assert one.ended_at is not None


@pytest.mark.django_db
def test_a_conference_that_is_put_off_into_another_year_gives_no_number_again(
    conference: Conference, issued: list[Certificate], olga: User
) -> None:
    conference.ends_on = conference.ends_on.replace(year=conference.ends_on.year + 1)
    conference.save()
    fresh = certificates.replace(Certificate.objects.get(pk=issued[0].pk), "Sửa họ tên", by=olga)
    assert fresh.full_number == "0005/GCN-BTTTT"
    assert certificates.series_of(conference).last == 5


@pytest.mark.django_db
def test_a_transaction_that_fails_leaves_no_gap(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        give(conference, by=olga)
        1 / 0  # noqa: B018 - something fails after the numbers were taken
    given = give(conference, by=olga)
    assert [one.number for one in given] == [1, 2, 3, 4]
