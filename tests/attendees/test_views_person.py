"""The page of one attendee over HTTP: what it shows to whom, and what the person may do there."""

import html
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from attendees import answers, corrections, links, privacy, questioning, travel
from attendees.models import Attendee, Correction, Delegation, Link
from conference.models import Conference, JournalEntry, User
from tests.attendees.portal import text_of
from tests.attendees.test_answers import certify
from tests.conference.test_views import make_session
from tests.conftest import MakeAttendee, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True  # no second factor to pass first


ACTS = ("attendee_notice", "attendee_correct", "attendee_answer")


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(
        delegation, "Nguyễn Văn Án", status="confirmed", honorific="ong", position="Chuyên viên",
        organisation_name="Sở Mẫu", birth_year=1980, phone="+84905123318", email="an.nguyen@lamdong.example",
    )  # fmt: skip


@pytest.fixture
def pia(client: Client, person: Attendee) -> Client:
    """The person at her phone, with the link from the sheet."""
    return opened(client, person)


def opened(client: Client, person: Attendee) -> Client:
    link = links.make(person, Link.Purpose.PERSON, by=None)
    client.post(reverse("attendees:link", args=(links.token_of(link),)))
    return client


def url(name: str, person: Attendee) -> str:
    return reverse(f"attendees:{name}", args=(person.conference.slug, person.code))


def page_of(client: Client, person: Attendee) -> str:
    return text_of(client.get(url("attendee_page", person)))


def form_of(response: HttpResponse) -> dict[str, Any]:
    """The fields of the form on a page as a browser would send them."""
    form: Any = response.context["form"]
    found = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in found.items() if value not in (None, "", False, [])}


# What is shown


def test_the_link_leads_to_the_page_with_everything_a_delegate_needs(
    client: Client, person: Attendee, conference: Conference
) -> None:
    make_session(conference, "khai-mac", 8, 9, title="Khai mạc hội nghị")
    publish(conference)
    make_session(conference, "nhap", 9, 10, title="Phiên còn là nháp")
    link = links.make(person, Link.Purpose.PERSON, by=None)
    response = client.post(reverse("attendees:link", args=(links.token_of(link),)), follow=True)
    page, body = text_of(response), response.content.decode()
    assert response.redirect_chain == [(url("attendee_page", person), 302)]
    assert "Ông Nguyễn Văn Án Đã xác nhận" in page
    assert "06–07/6/2024 Địa điểm Thành phố Đà Lạt, tỉnh Lâm Đồng Đoàn Tỉnh Lâm Đồng" in page
    assert "Năm sinh 1980 Chức vụ Chuyên viên" in page
    assert "Điện thoại 0905 123 318 Thư điện tử an.nguyen@lamdong.example" in page
    assert "Khai mạc hội nghị" in page
    assert "Phiên còn là nháp" not in page
    assert f'href="{reverse("thematic:now", kwargs={"conference": conference.slug})}"' in body
    assert "Họ tên, chức vụ, đơn vị in trên thẻ và giấy chứng nhận" in page, "telephone and address are not"
    assert f"{person.code[:4]}-{person.code[4:]}" in page
    assert re.search(r'<svg class="qr"[^>]*role="img" aria-label="Mã QR của thẻ đại biểu"', body)
    assert person.badge_token not in body  # drawn, never written
    assert response.headers["Cache-Control"] == "no-store, private"
    assert '<meta name="robots" content="noindex, nofollow">' in body


def test_nobody_else_is_on_the_page(
    pia: Client, person: Attendee, other_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(person.delegation, "Lê Thị Cùng Đoàn", phone="+84905000111")
    make_attendee(other_delegation, "Trần Văn Đoàn Khác")
    for name in ("attendee_page", *ACTS):
        page = text_of(pia.get(url(name, person)))
        assert "Cùng Đoàn" not in page
        assert "Đoàn Khác" not in page


def test_a_nominated_person_is_told_who_confirms_until_when(pia: Client, person: Attendee) -> None:
    Attendee.objects.update(status="nominated")
    assert "Đoàn chưa xác nhận. Đầu mối của đoàn xác nhận trước 17:00, thứ Sáu, 31/5/2024." in page_of(
        pia, person
    )


def test_who_was_replaced_is_told_that_and_nothing_else(
    pia: Client, person: Attendee, dan: User, conference: Conference
) -> None:
    make_session(conference, "khai-mac", 8, 9, title="Khai mạc hội nghị")
    corrections.ask(person, {"position": "Trưởng phòng"}, "", by=bearer(person))
    answers.replace(person, by=dan, full_name="Lê Thị Thay")
    response = pia.get(url("attendee_page", person))
    page = text_of(response)
    assert "Suất này đã thay người Mã và thẻ của suất này không còn dùng được." in page
    for hidden in ("Nguyễn Văn Án", "Lê Thị Thay", "Chuyên viên", "0905", "Khai mạc", person.code[:4]):
        assert hidden not in page
    assert '<svg class="qr"' not in response.content.decode()
    for name in ACTS:
        assert pia.get(url(name, person)).status_code == 403


def bearer(person: Attendee) -> Any:
    link = person.links.first() or links.make(person, Link.Purpose.PERSON, by=None)
    return links.Guest(str(link), link.pk, attendee_id=person.pk)


def test_who_does_not_come_has_no_code_for_the_door(pia: Client, person: Attendee, dan: User) -> None:
    answers.decline_person(person, "Đi công tác", by=dan)
    response = pia.get(url("attendee_page", person))
    assert "Không tham dự Lý do: Đi công tác" in text_of(response)
    assert '<svg class="qr"' not in response.content.decode()


def test_a_certificate_is_linked_once_it_is_there_and_while_it_is_valid(
    pia: Client, person: Attendee
) -> None:
    assert "Giấy chứng nhận Trang kiểm tra" not in page_of(pia, person)
    certificate = certify(person)
    address = reverse("documents:verify", args=(certificate.code,))
    assert f'href="{address}"' in pia.get(url("attendee_page", person)).content.decode()
    assert pia.get(address).status_code == 200
    certificate.state = "revoked"
    certificate.save()
    assert address not in pia.get(url("attendee_page", person)).content.decode()


# Who comes in


def test_officers_and_organisers_look_and_do_not_act(
    client: Client, person: Attendee, dan: User, olga: User, victor: User, mai: User, greta: User
) -> None:
    seen = {}
    for user in (dan, olga, victor, mai, greta):
        client.force_login(user)
        asked = [client.get(url("attendee_page", person)).status_code]
        asked += [client.post(url(name, person)).status_code for name in ACTS]
        seen[user.full_name] = asked
    assert seen == {
        "Dan": [200, 403, 403, 403], "Olga": [200, 403, 403, 403], "Victor": [403] * 4, "Mai": [404] * 4,
        "Greta": [404] * 4,
    }  # fmt: skip
    assert not JournalEntry.objects.filter(act__in=("read_notice", "ask_correction")).exists()


@pytest.mark.parametrize("name", ["dan", "olga"])
def test_officers_and_organisers_who_are_delegates_act_on_the_own_page_by_its_link(
    client: Client, person: Attendee, name: str, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(name)
    Attendee.objects.update(email=user.email.upper())
    client.force_login(user)
    assert client.post(url("attendee_notice", person)).status_code == 403, "not yet by the link"
    assert opened(client, person).post(url("attendee_notice", person)).status_code == 302
    person.refresh_from_db()
    assert person.notice_seen_at is not None
    assert client.get(url("attendee_page", person)).wsgi_request.user == user, "still signed in"
    Attendee.objects.update(email="an.nguyen@lamdong.example")
    assert client.post(url("attendee_notice", person)).status_code == 403, "the link of somebody else"


def test_an_organiser_sees_masked_contacts_an_officer_of_the_delegation_the_whole(
    client: Client, person: Attendee, dan: User, olga: User
) -> None:
    client.force_login(olga)
    page = page_of(client, person)
    assert "0905 ••• 318" in page
    assert "123 318" not in page
    assert "an.nguyen" not in page
    client.force_login(dan)
    assert "0905 123 318 Thư điện tử an.nguyen@lamdong.example" in page_of(client, person)


def test_the_link_of_another_person_opens_nothing_here(
    client: Client, person: Attendee, make_attendee: MakeAttendee
) -> None:
    other = opened(client, make_attendee(person.delegation, "Lê Thị Khác"))
    for name in ("attendee_page", *ACTS):
        assert other.get(url(name, person)).status_code == 404
        assert other.post(url(name, person)).status_code == (405 if name == "attendee_page" else 404)


def test_without_a_link_one_is_led_to_the_sign_in(client: Client, person: Attendee) -> None:
    response = client.get(url("attendee_page", person))
    assert (response.status_code, "/login/" in response["Location"]) == (302, True)


def test_a_withdrawn_link_closes_the_page_at_once(pia: Client, person: Attendee, olga: User) -> None:
    links.revoke(person.links.get(), by=olga)
    response = pia.get(url("attendee_page", person))
    assert response.status_code == 403
    assert "Liên kết đã thu hồi" in text_of(response)


# The notice


def test_looking_at_the_notice_is_not_reading_it_pressing_is(pia: Client, person: Attendee) -> None:
    assert "Đọc thông báo" in page_of(pia, person)
    page = text_of(pia.get(url("attendee_notice", person)))
    for words in (
        "91/2025/QH15",
        "356/2025/NĐ-CP",
        f"Bản {privacy.NOTICE_VERSION}.",
        "90 ngày",
        "lời giới thiệu và ảnh chỉ khi Ban Tổ chức đã duyệt",
        "Sổ tải tài liệu: ai, tệp nào, lúc nào.",
        "ảnh của báo cáo viên, sổ tải tài liệu: 12 tháng sau hội nghị",
        "2 ngày làm việc",
    ):
        assert words in page
    person.refresh_from_db()
    assert person.notice_seen_at is None
    response = pia.post(url("attendee_notice", person), follow=True)
    assert "Đã ghi nhận Ông/Bà đã đọc thông báo về dữ liệu cá nhân." in text_of(response)
    assert "Đã đọc lúc 16:00, thứ Năm, 30/5/2024" in text_of(response)
    assert "Đọc thông báo" not in text_of(response)
    person.refresh_from_db()
    assert person.notice_version == privacy.NOTICE_VERSION


def test_the_notice_names_what_is_asked(pia: Client, person: Attendee, conference: Conference) -> None:
    travel.ask(conference, by=None)
    page = text_of(pia.get(url("attendee_notice", person)))
    assert "Câu trả lời cho các câu hỏi: Ngày đến; Giờ đến dự kiến;" in page
    assert "chỉ khi Ông/Bà đồng ý riêng cho từng câu: Chế độ ăn." in page


# Corrections


def test_what_is_changed_in_the_form_is_asked_for_and_answered_on_the_page(
    pia: Client, person: Attendee, olga: User
) -> None:
    address = url("attendee_correct", person)
    data = form_of(pia.get(address)) | {
        "position": "Trưởng phòng",
        "phone": "0912 345 678",
        "text": "Bổ nhiệm",
    }
    response = pia.post(address, data, follow=True)
    page = text_of(response)
    assert "Đã gửi đề nghị sửa. Ban Tổ chức trả lời ngay trên trang này." in page
    assert "Chờ xử lý Chức vụ: Trưởng phòng Điện thoại: 0912 345 678 Bổ nhiệm" in page
    asked = Correction.objects.get()
    assert asked.wanted == {"position": "Trưởng phòng", "phone": "+84912345678"}
    pia.post(address, data)
    assert Correction.objects.count() == 1
    corrections.accept(asked, by=olga, remark="Đã sửa.")
    page = page_of(pia, person)
    assert "Đã sửa Chức vụ: Trưởng phòng" in page
    assert "Ban Tổ chức trả lời: Đã sửa." in page
    assert "Chức vụ Trưởng phòng" in page


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "Chưa có gì để sửa."),
        ({"full_name": ""}, "Nhập họ và tên."),
        ({"phone": "0905 123"}, "Số này thiếu nhiều chữ số."),
        ({"email": "khong-phai"}, "Địa chỉ thư này chưa đúng."),
        ({"birth_year": "1850"}, "Năm sinh từ 1900 đến"),
        ({"text": "x" * 1001}, "Dài tối đa 1000 ký tự"),
    ],
)
def test_what_cannot_be_asked_for_is_said_at_the_field(
    pia: Client, person: Attendee, more: dict[str, str], sentence: str
) -> None:
    address = url("attendee_correct", person)
    response = pia.post(address, form_of(pia.get(address)) | more)
    assert sentence in text_of(response)
    assert not Correction.objects.exists()


# Questions


def test_the_person_answers_the_organisers_questions(
    pia: Client, person: Attendee, conference: Conference
) -> None:
    assert "Trả lời câu hỏi" not in page_of(pia, person)
    travel.ask(conference, by=None)
    assert "Còn 2 câu bắt buộc chưa trả lời" in page_of(pia, person)
    address = url("attendee_answer", person)
    data = form_of(pia.get(address)) | {
        "q-arrival-day": "05/6/2024", "q-vehicle": "Máy bay", "q-diet": ["Ăn chay"], "consent-diet": "on",
    }  # fmt: skip
    response = pia.post(address, data, follow=True)
    assert "Đã lưu câu trả lời. Đã trả lời 3/8 câu." in text_of(response)
    response = pia.post(address, form_of(pia.get(address)) | {"q-arrival-day": ""}, follow=True)
    assert "Đã lưu câu trả lời. Còn 1 câu bắt buộc chưa trả lời." in text_of(response)
    pia.post(address, form_of(pia.get(address)) | {"q-arrival-day": "05/6/2024"})
    person.refresh_from_db()
    assert person.extra == {
        "arrival-day": "2024-06-05", "vehicle": "Máy bay", "diet": ["Ăn chay"],
        "consent:diet": "2024-05-30T16:00:00+07:00",
    }  # fmt: skip


def test_a_sensitive_answer_without_the_tick_is_refused_at_the_question(
    pia: Client, person: Attendee, conference: Conference
) -> None:
    travel.ask(conference, by=None)
    address = url("attendee_answer", person)
    page = pia.get(address)
    assert "Tôi đồng ý để Ban Tổ chức dùng câu trả lời này" in text_of(page)
    assert "checked" not in (re.search(r"<input[^>]*consent-diet[^>]*>", page.content.decode()) or [""])[0]
    response = pia.post(address, form_of(page) | {"q-diet": ["Ăn chay"]})
    assert "Đây là dữ liệu nhạy cảm. Đánh dấu đồng ý" in text_of(response)
    person.refresh_from_db()
    assert person.extra == {}


def test_after_the_deadline_answers_are_read_only_with_a_sentence(
    pia: Client, person: Attendee, conference: Conference
) -> None:
    travel.ask(conference, by=None)
    Attendee.objects.update(extra={"arrival-day": "2024-06-05"})
    Conference.objects.update(demo_now="2024-06-03T17:00:01+07:00")
    response = pia.get(url("attendee_answer", person))
    page = text_of(response)
    assert "Ngày đến 05/6/2024 Đã hết hạn trả lời lúc 17:00, thứ Hai, 03/6/2024. Gọi Ban Tổ chức" in page
    assert not [name for name in response.context["form"].fields if name.startswith("q-")]


def test_who_is_slower_sees_both_answers_and_decides(
    pia: Client, person: Attendee, conference: Conference, dan: User
) -> None:
    travel.ask(conference, by=None)
    address = url("attendee_answer", person)
    data = form_of(pia.get(address)) | {"q-vehicle": "Máy bay", "q-trip-number": "VN 1"}
    questioning.answer(person, {"vehicle": "Tàu hỏa"}, by=dan)
    response = pia.post(address, data)
    assert response.status_code == 409
    assert "Người khác vừa trả lời “Tàu hỏa”. Giữ câu trả lời đang nhập hoặc sửa lại" in text_of(response)
    person.refresh_from_db()
    assert person.extra == {"vehicle": "Tàu hỏa"}
    again = re.search(r'name="version" value="(\w+)"', response.content.decode())
    assert again is not None
    assert pia.post(address, data | {"version": html.unescape(again[1])}).status_code == 302
    person.refresh_from_db()
    assert person.extra == {"vehicle": "Máy bay", "trip-number": "VN 1"}


def test_the_page_costs_the_same_with_one_and_with_three(
    pia: Client, person: Attendee, conference: Conference, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for size in (1, 3):
        for number in range(size):
            conference.questions.create(label=f"Câu {size}.{number}")
            corrections.ask(person, {}, f"Sửa {size}.{number}", by=bearer(person))
            make_session(conference, f"phien-{size}-{number}", 8 + number, 9 + number)
        pia.get(url("attendee_page", person))  # the programme is rendered, once for everybody
        with django_assert_max_num_queries(40) as caught:
            pia.get(url("attendee_page", person))
        counts.append(len(caught))
    assert len(set(counts)) == 1
