"""The portal over HTTP: who sees what, what the page says and costs. No script runs here."""

import copy
import datetime
import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendees import answers
from attendees.models import Attendee, Delegation
from conference.models import Conference, JournalEntry, User
from sessions.models import Session
from tests.attendees.portal import PERSON_PAGES, SEAT_PAGES, close, every_address, filled, text_of, url
from tests.conftest import VN, MakeAttendee, make_categories, make_conference, make_delegation, publish

pytestmark = pytest.mark.django_db

Status = Attendee.Status


# ── Who sees what ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("outsider", ["mai", "greta", "sam"])
def test_a_delegation_is_absent_for_others(
    client: Client, request: pytest.FixtureRequest, delegation: Delegation, person: Attendee, outsider: str
) -> None:
    client.force_login(request.getfixturevalue(outsider))
    absent = client.get(url("delegation", delegation).replace("lam-dong", "khong-co"))
    for method, address in every_address(delegation, person):
        response = getattr(client, method)(address)
        assert (response.status_code, text_of(response)) == (404, text_of(absent)), address
    person.refresh_from_db()
    assert (person.status, JournalEntry.objects.count()) == (Status.NOMINATED, 0)


def test_people_who_are_not_signed_in_are_sent_to_sign_in(
    client: Client, delegation: Delegation, person: Attendee
) -> None:
    for method, address in every_address(delegation, person):
        response = getattr(client, method)(address)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


def test_an_onlooker_reads_and_changes_nothing(
    client: Client, delegation: Delegation, person: Attendee, victor: User
) -> None:
    client.force_login(victor)
    page = client.get(url("delegation", delegation))
    assert page.status_code == 200
    assert b'method="post"' not in page.content.split(b"<main")[1].split(b"</main")[0]
    for method, address in every_address(delegation, person)[1:]:
        data = filled(version=person.version, reason="Ốm", shown=0) if method == "post" else {}
        assert getattr(client, method)(address, data).status_code == 403, address
    person.refresh_from_db()
    assert (person.status, JournalEntry.objects.count()) == (Status.NOMINATED, 0)


def test_organisers_and_administrators_use_the_same_pages(
    client: Client, delegation: Delegation, person: Attendee, olga: User, ada: User, settings: Any
) -> None:
    settings.DEMO = True  # no second factor here
    close(delegation)
    for user in (olga, ada):
        client.force_login(user)
        for method, address in every_address(delegation, person):
            if method == "get":
                assert client.get(address).status_code == 200, address
    client.post(url("person_confirm", delegation, person.code), {"version": 1})
    person.refresh_from_db()
    assert person.status == Status.CONFIRMED


def test_a_person_of_another_delegation_is_not_reached_through_the_own_one(
    as_dan: Client, delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    foreign = make_attendee(other_delegation)
    for name in PERSON_PAGES:
        assert as_dan.get(url(name, delegation, foreign.code)).status_code == 404
    assert as_dan.post(url("person_confirm", delegation, foreign.code), {"version": 1}).status_code == 404
    assert as_dan.post(url("person_edit", delegation, foreign.code), filled()).status_code == 404


def test_a_component_without_seats_here_is_absent(as_dan: Client, delegation: Delegation) -> None:
    for name in SEAT_PAGES:
        assert as_dan.get(url(name, delegation, "khong-co")).status_code == 404


def test_the_list_shows_the_own_delegations_only(
    client: Client, delegation: Delegation, other_delegation: Delegation, dan: User, victor: User, greta: User
) -> None:
    address = reverse("attendees:delegations", args=("da-lat-2024",))
    client.force_login(dan)
    page = text_of(client.get(address))
    assert "Tỉnh Lâm Đồng" in page
    assert "Tỉnh Quảng Nam" not in page
    client.force_login(victor)
    assert "Tỉnh Quảng Nam" in text_of(client.get(address))
    client.force_login(greta)
    assert client.get(address).status_code == 404


def test_looking_changes_nothing(as_dan: Client, delegation: Delegation, person: Attendee) -> None:
    before = list(Attendee.objects.values()), list(Delegation.objects.values())
    addresses = every_address(delegation, person)
    forms = {address for method, address in addresses if method == "get"}
    for _, address in addresses:
        assert as_dan.get(address).status_code == (200 if address in forms else 405), address
    assert (list(Attendee.objects.values()), list(Delegation.objects.values())) == before
    assert JournalEntry.objects.count() == 0


# ── What the page says ────────────────────────────────────────────────────────────────────────────


def test_the_page_says_until_when_who_and_how_many(
    as_dan: Client, delegation: Delegation, person: Attendee, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, "Trần Thị Bình", status=Status.CONFIRMED)
    page = text_of(as_dan.get(url("delegation", delegation)))
    for sentence in (
        "Xác nhận trước 17:00, thứ Sáu, 31/5/2024 Còn 1 ngày 1 giờ. Sau thời điểm này, gọi Ban",
        "1 /4 đại biểu đã xác nhận 1 chờ xác nhận, 2 chưa cử",
        "Sở Thông tin và Truyền thông, suất 1/3 Chờ xác nhận Ông Nguyễn Văn An Chuyên viên 0905 123 318",
        "Sở Thông tin và Truyền thông, suất 3/3 Chưa cử người Chưa có người",
        "Báo, Đài tỉnh Chưa cử người Chưa có người",
        "Còn 2 suất chưa cử người. Vẫn gửi được. Cử thêm đến hết hạn. Gửi xác nhận (2/4)",
    ):
        assert sentence in page, page
    assert page.index("Xác nhận trước 17:00") < page.index("1 /4") < page.index("suất 1/3")


def test_contacts_are_whole_for_the_own_delegation_and_masked_for_organisers(
    as_dan: Client, client: Client, delegation: Delegation, person: Attendee, olga: User, settings: Any
) -> None:
    settings.DEMO = True  # no second factor to pass first
    page = text_of(as_dan.get(url("delegation", delegation)))
    assert "0905 123 318 an@lamdong.example" in page
    assert b'value="0905 123 318"' in as_dan.get(url("person_edit", delegation, person.code)).content
    client.force_login(olga)
    for address in (url("delegation", delegation), url("person_edit", delegation, person.code)):
        page = client.get(address).content.decode()
        assert "0905 ••• 318" in page
        assert "123 318" not in page
        assert "an@lamdong.example" not in page


def test_an_organiser_who_does_not_see_contacts_does_not_overwrite_them(
    client: Client, delegation: Delegation, person: Attendee, olga: User, settings: Any
) -> None:
    settings.DEMO = True
    client.force_login(olga)
    data = filled(
        full_name="Nguyễn Văn An", position="Giám đốc", category=person.category_id, phone="", email=""
    )
    assert client.post(url("person_edit", delegation, person.code), data).status_code == 302
    person.refresh_from_db()
    assert (person.position, person.phone, person.email) == ("Giám đốc", "+84905123318", "an@lamdong.example")


def test_an_extension_is_told(as_dan: Client, delegation: Delegation, olga: User) -> None:
    answers.extend(delegation, datetime.datetime(2024, 6, 3, 12, tzinfo=VN), by=olga)
    page = text_of(as_dan.get(url("delegation", delegation)))
    assert "Đã gia hạn. Xác nhận trước 12:00, thứ Hai, 03/6/2024 Còn 3 ngày 20 giờ." in page


def test_a_substitute_stands_beside_the_struck_name_and_the_time(
    as_dan: Client, delegation: Delegation, person: Attendee, dan: User
) -> None:
    answers.replace(person, by=dan, full_name="Trần Quốc Hưng", honorific="ong")
    response = as_dan.get(url("delegation", delegation))
    assert "Ông Trần Quốc Hưng Thay Ông Nguyễn Văn An , 16:00 ngày 30/5" in text_of(response)
    assert "<s>Ông Nguyễn Văn An</s>" in response.content.decode()


def test_a_confirmed_delegation_says_so_with_number_and_time(
    as_dan: Client, delegation: Delegation, person: Attendee
) -> None:
    Conference.objects.update(demo_now=datetime.datetime(2024, 5, 30, 15, 42, tzinfo=VN))
    response = as_dan.post(url("delegation_confirm", delegation), {"version": 1}, follow=True)
    page = text_of(response)
    assert response.redirect_chain == [(url("delegation", delegation), 302)]
    assert "Đã xác nhận đoàn. 1 đại biểu, lúc 15:42, thứ Năm, 30/5/2024." in page
    assert "Gửi xác nhận" not in page
    assert "Sửa danh sách Đến 17:00, 31/5/2024" in page
    assert "Thay người" in text_of(as_dan.get(url("delegation", delegation) + "?edit"))


def test_a_declined_delegation_says_so_with_time_and_reason(
    as_dan: Client, delegation: Delegation, person: Attendee
) -> None:
    data = {"version": 1, "reason": "Trùng lịch họp của tỉnh."}
    page = text_of(as_dan.post(url("delegation_decline", delegation), data, follow=True))
    assert "Không cử đoàn. Lúc 16:00, thứ Năm, 30/5/2024. Lý do: Trùng lịch họp của tỉnh." in page
    assert "Không tham dự Ông Nguyễn Văn An" in page


def test_people_beyond_the_seats_are_still_shown(
    as_dan: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    for number in range(3):
        make_attendee(delegation, f"Người {number}")
    delegation.quotas.filter(category__slug="department").delete()
    page = text_of(as_dan.get(url("delegation", delegation)))
    assert all(f"Người {number}" in page for number in range(3))


# ── Cost ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_costs_the_same_with_one_person_and_with_eight(
    as_dan: Client,
    delegation: Delegation,
    dan: User,
    make_attendee: MakeAttendee,
) -> None:
    delegation.quotas.update(seats=10)
    answers.replace(make_attendee(delegation), by=dan, full_name="Trần Quốc Hưng")
    addresses = [url("delegation", delegation), reverse("attendees:delegations", args=("da-lat-2024",))]
    costs = [cost(as_dan, address) for address in addresses]
    for number in range(7):
        old = make_attendee(delegation, f"Người {number}")
        answers.replace(old, by=dan, full_name=f"Người thay {number}")
    assert [cost(as_dan, address) for address in addresses] == costs
    assert costs == [12, 5]


def test_a_page_costs_the_same_among_one_conference_and_among_ten(
    as_dan: Client, delegation: Delegation, person: Attendee, dan: User
) -> None:
    address = url("delegation", delegation)
    before = cost(as_dan, address)
    for number in range(9):
        conference = make_conference(f"hoi-nghi-{number}")
        make_categories(conference)
        make_delegation(conference, "lam-dong").officers.add(dan)
    assert cost(as_dan, address) == before


def cost(client: Client, address: str) -> int:
    """Queries of one page."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_no_page_names_a_variable_that_is_not_there(
    client: Client, delegation: Delegation, person: Attendee, dan: User, greta: User, settings: Any
) -> None:
    strict = copy.deepcopy(settings.TEMPLATES)
    strict[0]["OPTIONS"]["string_if_invalid"] = "⟦undefined %s⟧"
    settings.TEMPLATES = strict
    client.force_login(dan)
    addresses = [address for method, address in every_address(delegation, person) if method == "get"]
    addresses.append(reverse("attendees:delegations", args=("da-lat-2024",)))
    responses = [client.get(address) for address in addresses]
    responses += [client.post(address, {"version": 9, "reason": "Ốm"}) for address in addresses[1:-1]]
    answers.decline_person(answers.replace(person, by=dan, full_name="Lê Văn Cường"), "Ốm", by=dan)
    responses += [client.get(addresses[0]), client.post(addresses[-3], filled(version=1))]
    Conference.objects.update(contact_name="Tổ Thư ký", contact_phone="+84912345678")
    close(delegation)
    responses.append(client.get(addresses[0]))
    client.force_login(greta)
    desk = reverse("thematic:reception", args=("da-lat-2024",))
    for day in (6, 7):
        responses += [client.get(desk, {"q": "lam dong"}), client.get(desk, {"seen": person.code})]
        Session.objects.create(
            conference=delegation.conference,
            code=f"ngay-{day}",
            title="Khai mạc",
            day=datetime.date(2024, 6, day),
            starts=datetime.time(8),
            ends=datetime.time(9),
        )
        publish(delegation.conference)
        responses.append(client.get("/da-lat-2024/"))
    found = [
        re.findall("⟦undefined[^⟧]*⟧", html.unescape(response.content.decode())) for response in responses
    ]
    assert found == [[] for _ in responses]
