"""The desk's list of what speakers sent, and its two answers."""

from typing import Any

import pytest
from django.test import Client

from attendees.models import Attendee, Delegation
from conference.models import Conference, User
from sessions import desk_speakers, speaking
from sessions.models import Participation, SpeakerProfile
from tests.attendees.test_admin import act, notices
from tests.conference.desk import rows, same_count, signed_in, strict, text, url  # noqa: F401  (a fixture)
from tests.conference.test_views import make_session
from tests.conftest import MakeAttendee
from tests.sessions.test_speaking import bearer, propose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict", "media")]
LIST = "/admin/thematic/speakerprofile/"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, "Trần Minh Quân", position="Phó phòng", organisation_name="Sở Mẫu")


def test_the_desk_is_told_who_waits_and_sees_before_and_after(
    desk: Client, person: Attendee, olga: User
) -> None:
    speaking.approve(propose(person), by=olga)
    assert "chờ duyệt" not in text(desk.get("/admin/"))
    profile = propose(person, biography="Ba mươi năm làm báo.")
    page = desk.get("/admin/")
    assert "1 phần giới thiệu báo cáo viên chờ duyệt Trần Minh Quân. Xem và duyệt" in text(page)
    assert f'href="{LIST}?state__exact=waiting"' in page.content.decode()
    assert rows(desk.get(f"{LIST}?state__exact=waiting")) == ["Trần Minh Quân"]
    page = text(desk.get(url(SpeakerProfile, "change", profile.pk)))
    assert "Giới thiệu Hai mươi năm làm báo. → Ba mươi năm làm báo." in page
    assert "Duyệt Trả lại kèm nhận xét" in page


def test_who_only_looks_on_is_asked_to_look(person: Attendee, conference: Conference, victor: User) -> None:
    propose(person)
    (line,) = desk_speakers.attention(conference, victor)["todo"]
    assert (line["text"], line["verb"]) == ("Trần Minh Quân.", "Xem")


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["Bài A", "Bài B", "Bài B", ""], "Bài A, Bài B"),
        (["Bài A", "Bài B", "Bài C", "Bài D", "Bài E"], "Bài A, Bài B, Bài C, 2 bài khác"),
    ],
)
def test_of_many_the_first_are_named_and_the_rest_counted(names: list[str], told: str) -> None:
    assert desk_speakers.joined(names, "%(n)s bài khác") == told


def test_an_organiser_approves_what_was_seen(desk: Client, person: Attendee) -> None:
    profile = propose(person)
    page = act(desk, LIST, "approve", profile)
    assert "Trần Minh Quân. Chức vụ: Trưởng phòng" in text(page)
    seen = f"{profile.pk}:{profile.version}"
    assert f'value="{seen}"' in page.content.decode()
    response = act(desk, LIST, "approve", profile, apply="1", seen=seen)
    assert notices(response) == ["Đã duyệt 1 phần giới thiệu."]
    profile.refresh_from_db()
    assert (profile.state, profile.is_public) == ("approved", True)


def test_what_was_sent_meanwhile_is_not_approved_unseen(desk: Client, person: Attendee) -> None:
    profile = propose(person)
    seen = f"{profile.pk}:{profile.version}"
    propose(person, biography="Khác hẳn")
    for sent in (seen, "", "rác:rác", f"{profile.pk}:99999999999"):
        response = act(desk, LIST, "approve", profile, apply="1", seen=sent)
        assert notices(response) == ["Trần Minh Quân: người khác vừa sửa."]
    profile.refresh_from_db()
    assert profile.state == "waiting"


def test_an_organiser_gives_back_only_with_a_remark(desk: Client, person: Attendee) -> None:
    profile = propose(person)
    seen = f"{profile.pk}:{profile.version}"
    assert "Ghi nhận xét." in text(act(desk, LIST, "give_back", profile, apply="1", seen=seen, remark=""))
    response = act(desk, LIST, "give_back", profile, apply="1", seen=seen, remark="Viết gọn")
    assert notices(response) == ["Đã trả lại 1 phần giới thiệu."]
    profile.refresh_from_db()
    assert (profile.state, profile.remark) == ("returned", "Viết gọn")


def test_viewers_read_and_answer_nothing(victor: User, person: Attendee) -> None:
    profile, client = propose(person), signed_in(victor)
    assert rows(client.get(LIST)) == ["Trần Minh Quân"]
    act(client, LIST, "approve", profile, apply="1", seen=f"{profile.pk}:{profile.version}")
    profile.refresh_from_db()
    assert profile.state == "waiting"


def test_speakers_of_another_conference_are_not_there(
    desk: Client, foreign_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    profile = propose(make_attendee(foreign_delegation, "Trần Thị Khách"))
    assert rows(desk.get(LIST)) == []
    assert desk.get(url(SpeakerProfile, "change", profile.pk)).status_code == 404
    assert desk.get(url(SpeakerProfile, "photo", profile.pk)).status_code == 404


def test_the_list_of_parts_says_who_answered_what(
    desk: Client, person: Attendee, conference: Conference
) -> None:
    session = make_session(conference, "chuyen-de-1", 8, 9)
    part = Participation.objects.create(session=session, attendee=person, full_name=person.full_name)
    Participation.objects.create(session=session, full_name="Lê Thị Khai", role="opening")
    speaking.answer(part, "declined", "Đi công tác", by=bearer(person))
    address = url(Participation)
    assert rows(desk.get(f"{address}?answer__exact=declined")) == ["Trần Minh Quân"]
    page = text(desk.get(url(Participation, "change", part.pk)))
    assert "Đi công tác" in page
    assert "Lập, chép liên kết" in page


def test_the_list_costs_the_same_for_any_number(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    def grow() -> None:
        propose(make_attendee(delegation))

    assert len(set(same_count(desk, LIST, grow, (1, 3, 10)))) == 1
