"""The acts about speakers: what they answer and send, and what the organisers say to it."""

import datetime
import os
import time
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from attendees import inspecting
from attendees.holding import Stale
from attendees.models import Attendee, Delegation
from conference import stored_files, storing
from conference.guests import Guest
from conference.models import Conference, JournalEntry, User
from sessions import speaking
from sessions.models import Participation, Session, SpeakerProfile
from sessions.speaking import Span
from tests.conference.test_views import make_session
from tests.conftest import VN, MakeAttendee

pytestmark = pytest.mark.django_db

TEXTS = {"title": "Trưởng phòng", "organisation_name": "Sở Mẫu", "biography": "Hai mươi năm làm báo."}
DAY = datetime.date(2024, 6, 6)


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(
        delegation, "Trần Minh Quân", status="confirmed", position="Phó phòng", organisation_name="Sở Mẫu"
    )


@pytest.fixture
def topic(conference: Conference) -> Session:
    return make_session(conference, "chuyen-de-1", 8, 9, title="Quảng bá hình ảnh địa phương")


@pytest.fixture
def part(person: Attendee, topic: Session) -> Participation:
    return Participation.objects.create(
        session=topic, attendee=person, full_name=person.full_name, title="Phó phòng",
        organisation_name="Sở Mẫu",
    )  # fmt: skip


def bearer(person: Attendee) -> Guest:
    return Guest("Liên kết của báo cáo viên", link_id=1, attendee_id=person.pk)


def propose(person: Attendee, **more: Any) -> SpeakerProfile:
    texts = {**TEXTS, **{name: more.pop(name) for name in TEXTS if name in more}}
    return speaking.propose(person, texts, by=bearer(person), **more)


def acts() -> list[str]:
    return list(JournalEntry.objects.order_by("pk").values_list("act", flat=True))


# Answers


def test_a_speaker_confirms_once_and_may_decline_later_with_a_reason(
    part: Participation, person: Attendee
) -> None:
    assert speaking.answer(part, "confirmed", by=bearer(person))
    assert not speaking.answer(part, "confirmed", by=bearer(person))
    part.refresh_from_db()
    assert (part.answer, part.answered_at) == ("confirmed", part.session.conference.now())
    assert speaking.answer(part, "declined", "Đi công tác", by=bearer(person))
    part.refresh_from_db()
    assert (part.answer, part.decline_reason) == ("declined", "Đi công tác")
    assert speaking.answer(part, "confirmed", by=bearer(person))
    part.refresh_from_db()
    assert (part.answer, part.decline_reason) == ("confirmed", "")
    assert acts() == ["answer"] * 3
    assert JournalEntry.objects.latest("pk").person_ref == person.pk


def test_who_declines_says_why(part: Participation, person: Attendee) -> None:
    with pytest.raises(ValidationError, match="Ghi lý do"):
        speaking.answer(part, "declined", "  ", by=bearer(person))
    part.refresh_from_db()
    assert part.answer == "pending"


def test_nobody_answers_for_another(
    part: Participation, person: Attendee, make_attendee: MakeAttendee, dan: User, victor: User, olga: User
) -> None:
    other = make_attendee(person.delegation, "Lê Thị Khác")
    for by in (bearer(other), Guest("Đoàn", 2, delegation_id=person.delegation_id), dan, victor):
        with pytest.raises(PermissionDenied):
            speaking.answer(part, "confirmed", by=by)
    assert speaking.answer(part, "confirmed", by=olga)


def test_after_the_session_only_an_organiser_writes_it_down(
    part: Participation, person: Attendee, conference: Conference, olga: User
) -> None:
    Conference.objects.update(demo_now=datetime.datetime(2024, 6, 6, 9, 0, tzinfo=VN))
    with pytest.raises(ValidationError, match="đã kết thúc"):
        speaking.answer(part, "confirmed", by=bearer(person))
    assert speaking.answer(part, "confirmed", by=olga)


def test_a_part_that_was_taken_out_is_told(part: Participation, person: Attendee) -> None:
    Participation.objects.all().delete()
    with pytest.raises(ValidationError, match="vừa bị xóa"):
        speaking.answer(part, "confirmed", by=bearer(person))


# What is sent


def test_what_is_sent_waits_and_nobody_else_reads_it(person: Attendee) -> None:
    profile = propose(person)
    assert (profile.state, profile.is_public, profile.biography) == ("waiting", False, "")
    assert profile.proposed == {**TEXTS, "photo": ""}
    assert not SpeakerProfile.objects.public().exists()
    assert propose(person).version == profile.version
    assert acts() == ["propose"]


def test_nothing_to_read_is_no_introduction(person: Attendee) -> None:
    with pytest.raises(ValidationError, match="Viết vài dòng giới thiệu"):
        propose(person, biography="")
    assert not SpeakerProfile.objects.exists()


def test_an_organiser_approves_and_the_programme_says_the_new_position(
    part: Participation, person: Attendee, olga: User
) -> None:
    by_hand = Participation.objects.create(
        session=part.session, attendee=person, full_name="Trần Minh Quân", title="Thay mặt Ban Tổ chức"
    )
    profile = propose(person)
    assert speaking.approve(profile, by=olga, version=profile.version)
    assert not speaking.approve(profile, by=olga)
    profile.refresh_from_db()
    part.refresh_from_db()
    by_hand.refresh_from_db()
    assert (profile.state, profile.biography, profile.approved_by) == ("approved", TEXTS["biography"], olga)
    assert SpeakerProfile.objects.public().get() == profile
    assert (part.title, by_hand.title) == ("Trưởng phòng", "Thay mặt Ban Tổ chức")
    assert acts() == ["propose", "accept"]


def test_what_was_sent_in_between_is_not_approved_unseen(person: Attendee, olga: User) -> None:
    seen = propose(person).version
    propose(person, biography="Văn bản khác")
    profile = SpeakerProfile.objects.get()
    with pytest.raises(Stale):
        speaking.approve(profile, by=olga, version=seen)
    with pytest.raises(Stale):
        speaking.give_back(profile, "Sửa lại", by=olga, version=seen)
    profile.refresh_from_db()
    assert (profile.state, profile.is_public) == ("waiting", False)


def test_what_is_given_back_is_sent_again_while_the_old_stays_public(person: Attendee, olga: User) -> None:
    speaking.approve(propose(person), by=olga)
    profile = propose(person, biography="Dài quá")
    with pytest.raises(ValidationError, match="Ghi nhận xét"):
        speaking.give_back(profile, " ", by=olga)
    assert speaking.give_back(profile, "Viết gọn", by=olga)
    profile.refresh_from_db()
    assert (profile.state, profile.remark, profile.biography) == ("returned", "Viết gọn", TEXTS["biography"])
    assert profile.latest["biography"] == "Dài quá"
    assert SpeakerProfile.objects.public().exists()
    profile = propose(person, biography="Gọn")
    assert (profile.state, profile.remark) == ("waiting", "")


def test_what_was_approved_leaves_the_public_when_it_is_given_back(person: Attendee, olga: User) -> None:
    profile = propose(person)
    speaking.approve(profile, by=olga)
    assert speaking.give_back(profile, "Sai chức vụ", by=olga)
    profile.refresh_from_db()
    assert (profile.state, profile.is_public) == ("returned", False)
    assert profile.latest == {**TEXTS, "photo": ""}
    assert not SpeakerProfile.objects.public().exists()


def test_sending_what_is_public_already_withdraws_what_waited(person: Attendee, olga: User) -> None:
    speaking.approve(propose(person), by=olga)
    propose(person, biography="Khác")
    profile = propose(person)
    assert (profile.state, profile.proposed) == ("approved", {})


def test_photos_that_were_replaced_or_taken_off_go_after_a_day(
    person: Attendee, olga: User, media: Any
) -> None:
    names = []
    for number in range(3):
        inert = inspecting.Inert(bytes([255, 216, 255, number]), "image/jpeg", "jpg", "anh.jpg")
        profile = propose(person, photo=inert)
        names.append(profile.latest["photo"])
        if not number:
            speaking.approve(profile, by=olga)  # everybody sees the first while the last waits
    then = time.time() - 25 * 60 * 60
    for name in names:
        os.utime(storing.path(name), (then, then))
    assert stored_files.forget_unnamed() == 1
    assert [storing.exists(name) for name in names] == [True, False, True]
    propose(person, no_photo=True)
    assert stored_files.forget_unnamed() == 2


def test_a_photo_is_kept_and_taken_off_at_once(person: Attendee, olga: User, media: Any) -> None:
    inert = inspecting.Inert(b"\xff\xd8\xff photo", "image/jpeg", "jpg", "anh.jpg")
    profile = propose(person, photo=inert)
    assert storing.path(profile.latest["photo"]).read_bytes() == inert.data
    speaking.approve(profile, by=olga)
    profile = propose(person, no_photo=True)
    assert (profile.photo, profile.state) == ("", "approved")
    profile.refresh_from_db()
    assert (profile.photo, profile.is_public) == ("", True)


def test_only_organisers_approve_and_only_the_person_sends(
    person: Attendee, make_attendee: MakeAttendee, victor: User, dan: User
) -> None:
    profile = propose(person)
    for user in (victor, dan):
        with pytest.raises(PermissionDenied):
            speaking.approve(profile, by=user)
        with pytest.raises(PermissionDenied):
            speaking.give_back(profile, "Không", by=user)
    other = bearer(make_attendee(person.delegation, "Lê Thị Khác"))
    with pytest.raises(PermissionDenied):
        speaking.propose(person, TEXTS, by=other)
    with pytest.raises(PermissionDenied):
        speaking.tell(person, "Micro", [], by=other)


def test_who_does_not_come_any_more_sends_nothing(person: Attendee) -> None:
    Attendee.objects.update(status="declined")
    with pytest.raises(ValidationError, match="không còn dự"):
        propose(person)


# Needs


def test_needs_and_times_are_kept_at_once_and_twice_is_once(person: Attendee) -> None:
    times = [Span(DAY, datetime.time(14), datetime.time(16)), Span(DAY, datetime.time(7), datetime.time(9))]
    profile = speaking.tell(person, "Micro cài áo", times, by=bearer(person))
    assert (profile.needs, speaking.busy_spans(profile)) == ("Micro cài áo", sorted(times))
    assert speaking.tell(person, "Micro cài áo", times[::-1], by=bearer(person)).version == profile.version
    assert acts() == ["tell_needs"]
    speaking.tell(person, "", [], by=bearer(person))
    assert not profile.busy_times.exists()


def test_a_time_that_ends_before_it_begins_is_refused_and_nothing_is_lost(person: Attendee) -> None:
    good = Span(DAY, datetime.time(7), datetime.time(9))
    speaking.tell(person, "", [good], by=bearer(person))
    with pytest.raises(ValidationError, match="Giờ kết thúc"):
        speaking.tell(person, "", [good._replace(ends=datetime.time(7))], by=bearer(person))
    assert speaking.busy_spans(SpeakerProfile.objects.get()) == [good]


def test_who_was_taken_off_the_list_meanwhile_is_told(person: Attendee) -> None:
    Attendee.objects.filter(pk=person.pk).delete()
    with pytest.raises(ValidationError) as refused:
        propose(person)
    assert refused.value.code == "gone"
