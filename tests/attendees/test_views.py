"""The portal over HTTP: who sees what, what each act answers, what bad input is told. No script runs here."""

import datetime
import html
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendees import answers
from attendees.models import Attendee, Category, Delegation
from conference.models import Conference, JournalEntry, User
from tests.conftest import VN, MakeAttendee, make_categories, make_conference, make_delegation

pytestmark = pytest.mark.django_db

Status = Attendee.Status
PAGES = ("delegation", "delegation_decline")
SEAT_PAGES = ("person_nominate", "seat_decline")
PERSON_PAGES = ("person_edit", "person_replace", "person_decline", "person_remove")


def url(name: str, delegation: Delegation, *more: str) -> str:
    return reverse(f"attendees:{name}", args=(delegation.conference.slug, delegation.code, *more))


def text_of(response: HttpResponse) -> str:
    """The words on the page, without markup, in single spaces."""
    body = re.sub(r"(?s)<head>.*?</head>|<svg.*?</svg>|<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(body).split())


def filled(**fields: Any) -> dict[str, Any]:
    """A person's form as a browser sends it."""
    return {"full_name": "Trần Quốc Hưng", "version": 1, "request_key": str(uuid.uuid4()), **fields}


def close(delegation: Delegation) -> None:
    past = delegation.conference.confirm_by + datetime.timedelta(minutes=1)
    Conference.objects.filter(pk=delegation.conference_id).update(demo_now=past)


@pytest.fixture
def as_dan(client: Client, dan: User) -> Client:
    client.force_login(dan)
    return client


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(
        delegation, honorific="ong", position="Chuyên viên", phone="+84905123318", email="an@lamdong.example"
    )


# ── Who sees what ─────────────────────────────────────────────────────────────────────────────────


def every_address(delegation: Delegation, person: Attendee) -> list[tuple[str, str]]:
    """(method, address) of everything below one delegation."""
    posts = [url("delegation_confirm", delegation), url("seat_reopen", delegation, "department")]
    posts += [url(name, delegation, person.code) for name in ("person_confirm", "person_head")]
    forms = [url(name, delegation) for name in PAGES]
    forms += [url(name, delegation, "department") for name in SEAT_PAGES]
    forms += [url(name, delegation, person.code) for name in PERSON_PAGES]
    return [("get", each) for each in forms] + [("post", each) for each in [*forms[1:], *posts]]


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
        "Sở Thông tin và Truyền thông, suất 1/3 Chờ xác nhận Ông Nguyễn Văn An Chuyên viên 0905 ••• 318",
        "Sở Thông tin và Truyền thông, suất 3/3 Chưa cử người Chưa có người",
        "Báo, Đài tỉnh Chưa cử người Chưa có người",
        "Còn 2 suất chưa cử người. Vẫn gửi được. Cử thêm đến hết hạn. Gửi xác nhận (2/4)",
    ):
        assert sentence in page, page
    assert page.index("Xác nhận trước 17:00") < page.index("1 /4") < page.index("suất 1/3")


def test_phones_are_masked_on_the_list_and_whole_in_the_form(
    as_dan: Client, delegation: Delegation, person: Attendee
) -> None:
    assert b"123 318" not in as_dan.get(url("delegation", delegation)).content
    assert b'value="0905 123 318"' in as_dan.get(url("person_edit", delegation, person.code)).content


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


# ── Acts ──────────────────────────────────────────────────────────────────────────────────────────


def test_an_officer_nominates_edits_confirms_and_chooses_the_head(
    as_dan: Client, delegation: Delegation, dan: User
) -> None:
    data = filled(honorific="ba", position="Phó Giám đốc", phone="0912.345.678", birth_year="1980")
    response = as_dan.post(url("person_nominate", delegation, "department"), data, follow=True)
    person = Attendee.objects.get()
    assert response.redirect_chain == [(f"{url('delegation', delegation)}#suat-{person.code}", 302)]
    assert "Đã cử Bà Trần Quốc Hưng." in text_of(response)
    assert (person.phone, person.birth_year, person.category.slug) == ("+84912345678", 1980, "department")

    data = filled(full_name="Trần Quốc Huy", category=person.category_id, version=1)
    assert "Đã lưu Trần Quốc Huy." in text_of(
        as_dan.post(url("person_edit", delegation, person.code), data, follow=True)
    )
    page = as_dan.post(url("person_confirm", delegation, person.code), {"version": 2}, follow=True)
    assert "Đã xác nhận Trần Quốc Huy." in text_of(page)
    delegation.refresh_from_db()
    data = {"version": delegation.version}
    page = as_dan.post(url("person_head", delegation, person.code), data, follow=True)
    assert "Trần Quốc Huy là trưởng đoàn." in text_of(page)
    delegation.refresh_from_db()
    assert delegation.head == person
    assert set(JournalEntry.objects.values_list("actor_name", flat=True)) == {"Dan"}


def test_an_officer_replaces_a_person(as_dan: Client, delegation: Delegation, person: Attendee) -> None:
    page = as_dan.post(url("person_replace", delegation, person.code), filled(), follow=True)
    assert "Đã thay bằng Trần Quốc Hưng." in text_of(page)
    person.refresh_from_db()
    assert person.substitute.full_name == "Trần Quốc Hưng"


def test_an_officer_declines_a_person_and_the_seat(
    as_dan: Client, delegation: Delegation, person: Attendee
) -> None:
    data = {"version": 1, "reason": "Đi công tác", "and_seat": "on"}
    page = text_of(as_dan.post(url("person_decline", delegation, person.code), data, follow=True))
    assert "Ông Nguyễn Văn An không tham dự." in page
    assert "suất 3/3 Không cử Không có người Lý do: Đi công tác" in page
    as_dan.post(url("seat_reopen", delegation, "department"), {"shown": 1})
    assert delegation.quotas.get(category__slug="department").declined == 0
    as_dan.post(url("person_confirm", delegation, person.code), {"version": 2})
    person.refresh_from_db()
    assert person.status == Status.CONFIRMED


def test_an_officer_leaves_a_seat_empty(as_dan: Client, delegation: Delegation) -> None:
    data = {"shown": 0, "reason": "Không có người phù hợp"}
    page = text_of(as_dan.post(url("seat_decline", delegation, "press"), data, follow=True))
    assert "Không cử người: Báo, Đài tỉnh." in page
    assert "Báo, Đài tỉnh Không cử Không có người Lý do: Không có người phù hợp" in page


def test_an_officer_removes_a_person_once_or_twice(
    as_dan: Client, delegation: Delegation, person: Attendee
) -> None:
    address = url("person_remove", delegation, person.code)
    assert "Xóa Ông Nguyễn Văn An khỏi danh sách?" in text_of(as_dan.get(address))
    for _ in range(2):
        assert as_dan.post(address, {"version": 1}, follow=True).redirect_chain == [
            (url("delegation", delegation), 302)
        ]
    assert Attendee.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("person_confirm", {"version": 1}),
        ("person_decline", {"version": 1, "reason": "Ốm"}),
        ("person_edit", filled(position="Giám đốc")),
        ("person_replace", filled()),
        ("person_head", {"version": 1}),
    ],
)
def test_a_form_sent_twice_is_one_act_and_no_refusal(
    as_dan: Client, delegation: Delegation, person: Attendee, name: str, data: dict[str, Any]
) -> None:
    data = {**data, "category": person.category_id}
    seen = []
    for _ in range(2):
        response = as_dan.post(url(name, delegation, person.code), data)
        assert response.status_code == 302
        delegation.refresh_from_db()
        seen.append((delegation.version, Attendee.objects.count(), JournalEntry.objects.count()))
    assert seen[0] == seen[1]


def test_a_nomination_sent_twice_gives_one_person(as_dan: Client, delegation: Delegation) -> None:
    data = filled()
    for _ in range(2):
        assert as_dan.post(url("person_nominate", delegation, "press"), data).status_code == 302
    assert Attendee.objects.count() == 1


# ── Two people at once ────────────────────────────────────────────────────────────────────────────


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


def test_an_empty_seat_with_two_reasons_asks_again(
    as_dan: Client, delegation: Delegation, department: Category, olga: User
) -> None:
    answers.decline_seats(delegation, department, 1, "Thiếu người", by=olga)
    response = as_dan.post(url("seat_decline", delegation, "department"), {"shown": 0, "reason": "Ốm"})
    assert response.status_code == 409
    assert "Lý do Khác nhau Ốm Thiếu người" in text_of(response)
    assert as_dan.post(url("seat_reopen", delegation, "department"), {"shown": 3}).status_code == 302
    assert delegation.quotas.get(category=department).declined == 1


# ── After the deadline ────────────────────────────────────────────────────────────────────────────


def test_after_the_deadline_the_page_is_only_read(
    as_dan: Client, delegation: Delegation, person: Attendee
) -> None:
    Conference.objects.update(contact_name="bà Đỗ Thu Trang", contact_phone="+842433822118")
    close(delegation)
    response = as_dan.get(url("delegation", delegation))
    page = text_of(response)
    assert "Đã hết hạn lúc 17:00, thứ Sáu, 31/5/2024 Đã quá hạn 1 phút. Danh sách chỉ để xem." in page
    assert "Đầu mối Ban Tổ chức: bà Đỗ Thu Trang 024 3382 2118" in page
    assert "<form" not in response.content.decode().split("<main")[1].split("</main")[0]
    for method, address in every_address(delegation, person)[1:]:
        if method == "get":
            seen = as_dan.get(address, follow=True)
            assert "Đã quá hạn trả lời. Gọi Ban Tổ chức để thay đổi." in text_of(seen), address


def test_after_the_deadline_every_act_is_refused_with_a_sentence(
    as_dan: Client, delegation: Delegation, person: Attendee
) -> None:
    close(delegation)
    for method, address in every_address(delegation, person):
        if method == "post":
            data = filled(full_name="Người đã gõ", category=person.category_id, reason="Lý do đã gõ", shown=1)
            response = as_dan.post(address, data, follow=True)
            assert response.status_code == 200, address
            assert "Đã quá hạn trả lời. Gọi Ban Tổ chức để thay đổi." in text_of(response), address
    person.refresh_from_db()
    assert (person.status, Attendee.objects.count(), JournalEntry.objects.count()) == (Status.NOMINATED, 1, 0)


def test_what_was_typed_before_the_deadline_is_not_lost_after_it(
    as_dan: Client, delegation: Delegation
) -> None:
    close(delegation)
    response = as_dan.post(url("person_nominate", delegation, "department"), filled(full_name="Người đã gõ"))
    assert 'value="Người đã gõ"' in response.content.decode()


# ── Bad input ─────────────────────────────────────────────────────────────────────────────────────


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
    assert costs == [7, 5]


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
