"""The portal over HTTP: two people at once. Both values are shown, nothing is lost."""

import html
import re

import pytest
from django.http import HttpResponse
from django.test import Client

from attendees import answers
from attendees.models import Attendee, Category, Delegation
from conference.models import User
from tests.attendees.portal import filled, text_of, url
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db

Status = Attendee.Status


def hidden_fields(response: HttpResponse) -> tuple[str, dict[str, str]]:
    """Address and fields of the form on a conflict page."""
    main = response.content.decode().split("<main")[1].split("</main")[0]
    form = re.search(r'(?s)<form method="post" action="([^"]*)" class="btns">(.*?)</form>', main)
    assert form is not None
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[2])
    return html.unescape(form[1]), {key: html.unescape(held) for key, held in fields}


def test_the_second_editor_sees_both_values_and_chooses(
    as_dan: Client, delegation: Delegation, person: Attendee, olga: User
) -> None:
    answers.edit(person, by=olga, position="Giám đốc", phone="0912345678")
    data = filled(
        full_name="Nguyễn Văn An", position="Phó Giám đốc", note="Ăn chay", category=person.category_id
    )
    response = as_dan.post(url("person_edit", delegation, person.code), data)
    page = text_of(response)
    assert response.status_code == 409
    assert "Có người vừa sửa mục này Chưa ghi gì. Olga sửa lúc" in page
    assert "Chức vụ Khác nhau Phó Giám đốc Giám đốc" in page
    assert "Ghi chú Khác nhau Ăn chay –" in page
    assert "Họ và tên Nguyễn Văn An Nguyễn Văn An" in page
    person.refresh_from_db()
    assert person.position == "Giám đốc"

    address, fields = hidden_fields(response)
    assert as_dan.post(address, fields).status_code == 302
    person.refresh_from_db()
    assert (person.position, person.note, person.version) == ("Phó Giám đốc", "Ăn chay", 3)


def test_the_list_that_changed_is_shown_before_it_is_sent(
    as_dan: Client, delegation: Delegation, person: Attendee, olga: User, department: Category
) -> None:
    seen = f"{person.code}.1"
    answers.nominate(delegation, department, by=olga, full_name="Lê Văn Cường")
    answers.decline_person(person, "Ốm", by=olga)
    response = as_dan.post(url("delegation_confirm", delegation), {"version": 1, "shown": seen})
    page = text_of(response)
    assert response.status_code == 409
    assert "Danh sách đã đổi từ khi mở trang" in page
    assert "Khác nhau Chưa có trong danh sách Lê Văn Cường, Chờ xác nhận" in page
    assert "Khác nhau Ông Nguyễn Văn An Không tham dự" in page
    assert Attendee.objects.confirmed().count() == 0
    address, fields = hidden_fields(response)
    assert as_dan.post(address, fields).status_code == 302
    assert list(Attendee.objects.confirmed().values_list("full_name", flat=True)) == ["Lê Văn Cường"]


def test_the_list_with_an_edited_and_a_removed_person_is_shown_too(
    as_dan: Client, delegation: Delegation, person: Attendee, make_attendee: MakeAttendee, olga: User
) -> None:
    removed = make_attendee(delegation, "Lê Văn Cường")
    answers.edit(person, by=olga, position="Giám đốc")
    answers.remove(removed, by=olga)
    data = {"version": 1, "shown": f"{person.code}.1 {removed.code}.1 rác"}
    page = text_of(as_dan.post(url("delegation_confirm", delegation), data))
    assert "Nguyễn Văn An, trước khi sửa Ông Nguyễn Văn An, Giám đốc, Chờ xác nhận" in page
    assert "Đã xóa Khác nhau Một người đã xem Không còn trong danh sách" in page


def test_two_substitutes_for_one_person_are_shown_side_by_side(
    as_dan: Client, delegation: Delegation, person: Attendee, olga: User
) -> None:
    answers.replace(person, by=olga, full_name="Lê Văn Cường")
    response = as_dan.post(url("person_replace", delegation, person.code), filled())
    assert response.status_code == 409
    assert "Họ và tên Khác nhau Trần Quốc Hưng Lê Văn Cường" in text_of(response)
    address, fields = hidden_fields(response)
    assert as_dan.post(address, fields).status_code == 302
    assert delegation.attendees.active().get().full_name == "Trần Quốc Hưng"


def test_a_form_used_again_with_other_words_offers_to_edit(as_dan: Client, delegation: Delegation) -> None:
    data = filled()
    as_dan.post(url("person_nominate", delegation, "department"), data)
    response = as_dan.post(
        url("person_nominate", delegation, "department"), {**data, "full_name": "Trần Quốc Huy"}
    )
    assert response.status_code == 409
    address, fields = hidden_fields(response)
    assert as_dan.post(address, fields).status_code == 302
    assert Attendee.objects.get().full_name == "Trần Quốc Huy"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("person_confirm", {}),
        ("person_decline", {"reason": "Ốm", "and_seat": "on"}),
        ("person_remove", {}),
        ("delegation_decline", {"reason": "Trùng lịch"}),
        ("person_head", {}),
    ],
)
def test_every_act_on_what_changed_asks_again(
    as_dan: Client, delegation: Delegation, person: Attendee, olga: User, name: str, data: dict[str, str]
) -> None:
    answers.edit(person, by=olga, position="Giám đốc")
    address = url(name, delegation, *([] if name.startswith("delegation") else [person.code]))
    response = as_dan.post(address, {"version": 1, **data})
    assert response.status_code == 409
    person.refresh_from_db()
    assert (person.status, person.version) == (Status.NOMINATED, 2)
    assert as_dan.post(*hidden_fields(response)).status_code == 302
    delegation.refresh_from_db()
    assert delegation.version == 3


def test_seats_given_back_while_their_number_changes_ask_again(
    as_dan: Client, delegation: Delegation, department: Category
) -> None:
    delegation.quotas.filter(category=department).update(seats=5)
    form = {"shown": 3, "seats": 1, "reason": "Thiếu người"}
    response = as_dan.post(url("seat_return", delegation, "department"), form)
    assert response.status_code == 409
    assert "Số suất của đoàn Khác nhau 4 5" in text_of(response)
    assert as_dan.post(*hidden_fields(response)).status_code == 302
    quota = delegation.quotas.get(category=department)
    assert (quota.seats, Category.objects.get(pk=department.pk).pool) == (4, 1)


def test_an_empty_seat_with_two_reasons_asks_again(
    as_dan: Client, delegation: Delegation, department: Category, olga: User
) -> None:
    answers.decline_seats(delegation, department, 1, "Thiếu người", by=olga)
    response = as_dan.post(url("seat_decline", delegation, "department"), {"shown": 0, "reason": "Ốm"})
    assert response.status_code == 409
    assert "Lý do Khác nhau Ốm Thiếu người" in text_of(response)
    assert as_dan.post(url("seat_reopen", delegation, "department"), {"shown": 3}).status_code == 302
    assert delegation.quotas.get(category=department).declined == 1
