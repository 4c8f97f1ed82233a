"""The portal over HTTP: bad input is told at its field, in a sentence, and kept."""

import html
import re
import uuid

import pytest
from django.test import Client

from attendees import answers
from attendees.models import Attendee, Category, Delegation
from conference.models import JournalEntry, User
from tests.attendees.portal import filled, text_of, url

pytestmark = pytest.mark.django_db

Status = Attendee.Status


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("full_name", "", "Nhập họ và tên."),
        ("full_name", " \u200b ", "Nhập họ và tên."),
        ("full_name", "x" * 200, "Dài tối đa 120 ký tự, hiện có 200. Viết gọn lại."),
        ("full_name", "Nguyễn\0An", "Có ký tự không đọc được. Xóa rồi gõ lại."),
        ("position", "x" * 201, "Dài tối đa 200 ký tự, hiện có 201. Viết gọn lại."),
        ("phone", "0912 345 60", "Số này thiếu một chữ số. Nhập đủ 10 chữ số, ví dụ 0912 345 678."),
        ("phone", "0912\0", "Có ký tự không đọc được. Xóa rồi gõ lại."),
        ("phone", "không có", "Số điện thoại chỉ gồm chữ số. Nhập 10 chữ số, ví dụ 0912 345 678."),
        ("email", "không phải thư", "Địa chỉ thư này chưa đúng. Nhập như ten@coquan.gov.vn."),
        ("email", "a@b.vn\0", "Có ký tự không đọc được. Xóa rồi gõ lại."),
        ("birth_year", "85", "Năm sinh gồm bốn chữ số, ví dụ 1985."),
        ("birth_year", "١٩٨٥", "Năm sinh gồm bốn chữ số, ví dụ 1985."),
        ("birth_year", "99999999999", "Năm sinh gồm bốn chữ số, ví dụ 1985."),
        ("birth_year", "1899", "Năm sinh từ 1900 đến 2009. Nhập bốn chữ số, ví dụ 1985."),
        ("birth_year", "0000", "Năm sinh từ 1900 đến 2009. Nhập bốn chữ số, ví dụ 1985."),
        ("birth_year", "2010", "Năm sinh từ 1900 đến 2009. Nhập bốn chữ số, ví dụ 1985."),
        ("note", "x" * 501, "Dài tối đa 500 ký tự, hiện có 501. Viết gọn lại."),
    ],
)
def test_a_wrong_field_is_told_at_the_field_and_nothing_is_lost(
    as_dan: Client, delegation: Delegation, person: Attendee, field: str, typed: str, sentence: str
) -> None:
    for address in (
        url("person_nominate", delegation, "department"),
        url("person_replace", delegation, person.code),
        url("person_edit", delegation, person.code),
    ):
        data = filled(**{"rank": "Thượng tá", "category": person.category_id, field: typed})
        response = as_dan.post(address, data)
        body = response.content.decode()
        assert response.status_code == 200
        error = re.search(rf'(?s)id="id_{field}_error">(.*?)</div>', body)
        assert error is not None, body
        assert sentence in html.unescape(re.sub(r"(?s)<svg.*?</svg>", "", error[1]))
        assert 'value="Thượng tá"' in body
        assert field == "full_name" or 'value="Trần Quốc Hưng"' in body
        assert html.escape(typed.replace("\0", "")) in body
        assert "\0" not in body
    assert (Attendee.objects.count(), JournalEntry.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Nguye\u0302\u0303n Va\u0306n An", "Nguyễn Văn An"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("+84 An", "+84 An"),
        ("{{ person.phone }} {% now %}", "{{ person.phone }} {% now %}"),
        ("x" * 120, "x" * 120),
        ("O\u0302\u0301" * 120, "Ố" * 120),
    ],
)
def test_odd_names_are_kept_as_text_and_shown_as_text(
    as_dan: Client, delegation: Delegation, typed: str, kept: str
) -> None:
    page = as_dan.post(url("person_nominate", delegation, "department"), filled(full_name=typed), follow=True)
    assert Attendee.objects.get().full_name == kept
    assert html.escape(kept) in page.content.decode()
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("version", ["", "một", "1.5", "9" * 400])
def test_a_form_without_a_sound_version_is_told_to_open_the_page_again(
    as_dan: Client, delegation: Delegation, person: Attendee, version: str
) -> None:
    for name in ("person_confirm", "person_edit", "person_decline", "person_remove", "person_head"):
        data = filled(version=version, category=person.category_id, reason="Ốm")
        response = as_dan.post(url(name, delegation, person.code), data, follow=True)
        assert response.status_code in (200, 409)
        expected = "Mở lại trang của đoàn rồi nhập lại." if response.status_code == 200 else "Giữ bản kia"
        assert expected in text_of(response), (name, text_of(response))
    person.refresh_from_db()
    assert (person.status, person.version) == (Status.NOMINATED, 1)


def test_a_form_with_a_broken_key_is_told_to_open_the_page_again(
    as_dan: Client, delegation: Delegation
) -> None:
    page = as_dan.post(url("person_nominate", delegation, "department"), filled(request_key="x"))
    assert "Biểu mẫu này không còn dùng được. Mở lại trang của đoàn rồi nhập lại." in text_of(page)


def test_a_key_of_another_delegation_is_told_to_open_the_page_again(
    as_dan: Client, delegation: Delegation, other_delegation: Delegation, department: Category, mai: User
) -> None:
    data = filled()
    key = uuid.UUID(data["request_key"])
    answers.nominate(other_delegation, department, by=mai, request_key=key, full_name="Trần Quốc Hưng")
    page = as_dan.post(url("person_nominate", delegation, "department"), data)
    assert "Biểu mẫu này đã dùng. Mở lại trang của đoàn rồi nhập lại." in text_of(page)


def test_a_seat_taken_meanwhile_is_told_and_what_was_typed_stays(
    as_dan: Client, delegation: Delegation, olga: User
) -> None:
    press = delegation.conference.categories.get(slug="press")
    answers.nominate(delegation, press, by=olga, full_name="Lê Văn Cường")
    response = as_dan.post(url("person_nominate", delegation, "press"), filled())
    assert "Đã đủ số suất của thành phần này." in text_of(response)
    assert 'value="Trần Quốc Hưng"' in response.content.decode()


def test_editing_into_a_full_component_is_told_at_the_field(
    as_dan: Client, delegation: Delegation, person: Attendee, olga: User
) -> None:
    press = delegation.conference.categories.get(slug="press")
    answers.nominate(delegation, press, by=olga, full_name="Lê Văn Cường")
    data = filled(full_name="Nguyễn Văn An", category=press.pk)
    body = as_dan.post(url("person_edit", delegation, person.code), data).content.decode()
    error = re.search(r'(?s)id="id_category_error">(.*?)</div>', body)
    assert error is not None
    assert "Đã đủ số suất của thành phần này." in error[1]


@pytest.mark.parametrize(
    ("reason", "sentence"), [("", "Ghi lý do."), ("x" * 501, "Dài tối đa 500 ký tự, hiện có 501.")]
)
def test_a_missing_or_long_reason_is_told_at_the_field(
    as_dan: Client, delegation: Delegation, person: Attendee, reason: str, sentence: str
) -> None:
    for address in (
        url("delegation_decline", delegation),
        url("seat_decline", delegation, "press"),
        url("person_decline", delegation, person.code),
    ):
        response = as_dan.post(address, {"version": 1, "shown": 0, "reason": reason})
        assert response.status_code == 200
        assert sentence in text_of(response)


def test_confirming_nobody_is_told(as_dan: Client, delegation: Delegation) -> None:
    page = as_dan.post(url("delegation_confirm", delegation), {"version": 1}, follow=True)
    assert "Chưa có ai để xác nhận. Cử người, hoặc chọn Không cử đoàn." in text_of(page)
