"""The desk's list of requests to correct, and its two answers."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from attendees import corrections
from attendees.admin_acts import each
from attendees.models import Attendee, Correction, Delegation
from conference.guests import Guest
from conference.models import User
from tests.attendees.test_admin import act, notices
from tests.conference.desk import rows, same_count, signed_in, strict, text, url  # noqa: F401  (a fixture)
from tests.conftest import MakeAttendee

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
LIST = "/admin/attendees/correction/"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, position="Chuyên viên", phone="+84905123318")


def ask(person: Attendee, text: str = "", **wanted: Any) -> Correction:
    return corrections.ask(person, wanted, text, by=Guest("Liên kết", link_id=1, attendee_id=person.pk))


def test_requests_are_listed_with_what_is_wanted_and_masked_contacts(desk: Client, person: Attendee) -> None:
    ask(person, position="Trưởng phòng", phone="+84912345678")
    ask(person, "Đề nghị xóa năm sinh")
    response = desk.get(LIST)
    page = text(response)
    assert rows(response) == ["Nguyễn Văn An", "Nguyễn Văn An"]
    assert "Chức vụ: Trưởng phòng; Điện thoại: 0912 ••• 678 Chờ xử lý" in page
    assert "Đề nghị xóa năm sinh Chờ xử lý" in page
    assert "345 678" not in page


def test_the_desk_is_told_that_somebody_waits(desk: Client, person: Attendee) -> None:
    assert "đề nghị của đại biểu chờ trả lời" not in text(desk.get("/admin/"))
    ask(person, position="Trưởng phòng")
    page = desk.get("/admin/")
    waits = "1 đề nghị của đại biểu chờ trả lời Nguyễn Văn An. Trả lời trước 16:00, thứ Hai, 03/6/2024."
    assert waits in text(page)
    assert f'href="{LIST}?state__exact=waiting"' in page.content.decode()


def test_the_page_of_a_request_shows_before_and_after(desk: Client, person: Attendee) -> None:
    asked = ask(person, "Theo quyết định mới", position="Trưởng phòng")
    page = text(desk.get(url(Correction, "change", asked.pk)))
    assert "Chức vụ Chuyên viên → Trưởng phòng" in page
    assert "Theo quyết định mới" in page
    assert "Sửa theo đề nghị Không thực hiện" in page


def test_an_organiser_accepts_with_a_word(desk: Client, person: Attendee) -> None:
    asked = ask(person, position="Trưởng phòng")
    page = text(act(desk, LIST, "accept", asked))
    assert "Nguyễn Văn An: Chức vụ: Chuyên viên → Trưởng phòng" in page
    response = act(desk, LIST, "accept", asked, apply="1", remark="Đã sửa.")
    assert notices(response) == ["Đã sửa theo 1 đề nghị."]
    person.refresh_from_db()
    asked.refresh_from_db()
    assert (person.position, asked.state, asked.remark) == ("Trưởng phòng", "done", "Đã sửa.")
    assert "Sửa theo đề nghị" not in text(desk.get(url(Correction, "change", asked.pk)))


def test_an_organiser_refuses_only_with_an_answer(desk: Client, person: Attendee) -> None:
    asked = ask(person, position="Trưởng phòng")
    page = text(act(desk, LIST, "refuse", asked, apply="1", remark=""))
    assert "Trả lời đại biểu" in page
    asked.refresh_from_db()
    assert asked.state == "waiting"
    response = act(desk, LIST, "refuse", asked, apply="1", remark="Chưa có quyết định.")
    assert notices(response) == ["Đã trả lời không thực hiện 1 đề nghị."]
    person.refresh_from_db()
    assert person.position == "Chuyên viên"


def test_what_somebody_did_before_is_not_counted(desk: Client, person: Attendee, olga: User) -> None:
    asked, request = ask(person, position="Trưởng phòng"), desk.get(LIST).wsgi_request
    each(request, [asked, asked], lambda one: corrections.refuse(one, "Không", by=olga), "Đã trả lời %(n)s.")
    told = [str(one) for one in get_messages(request)]
    assert told == ["Đã trả lời 1.", "1 mục đã được làm từ trước, lần này không đổi gì."]


def test_what_cannot_be_written_is_said_and_the_request_waits(desk: Client, person: Attendee) -> None:
    asked = ask(person, birth_year=1850)
    response = act(desk, LIST, "accept", asked, apply="1", remark="")
    assert "Năm sinh từ 1900 đến" in notices(response)[0]
    asked.refresh_from_db()
    assert asked.state == "waiting"


def test_viewers_read_and_answer_nothing(victor: User, person: Attendee) -> None:
    asked, client = ask(person, position="Trưởng phòng"), signed_in(victor)
    assert rows(client.get(LIST)) == ["Nguyễn Văn An"]
    act(client, LIST, "accept", asked, apply="1", remark="")
    asked.refresh_from_db()
    assert asked.state == "waiting"


def test_requests_of_another_conference_are_not_there(
    desk: Client, foreign_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    asked = ask(make_attendee(foreign_delegation, "Trần Thị Khách"), position="Trưởng phòng")
    assert rows(desk.get(LIST)) == []
    assert desk.get(url(Correction, "change", asked.pk)).status_code == 404


def test_the_list_costs_the_same_for_any_number(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    def grow() -> None:
        ask(make_attendee(delegation), position="Trưởng phòng", phone="+84912345678")

    assert len(set(same_count(desk, LIST, grow, (1, 3, 10)))) == 1
    assert reverse("admin:attendees_correction_changelist") == LIST
