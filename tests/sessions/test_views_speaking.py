"""The page of a speaker over HTTP: what it shows to whom, and what the person may do there."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from attendees import answers
from attendees.models import Attendee, Delegation
from conference.models import Conference, JournalEntry, User
from sessions import release, speaking
from sessions.models import Participation, Session, SpeakerProfile
from tests.attendees.portal import text_of
from tests.attendees.test_uploading import letter, scan
from tests.attendees.test_views_person import form_of, opened
from tests.conference.test_views import make_session
from tests.conftest import MakeAttendee

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True  # no second factor to pass first


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(
        delegation, "Trần Minh Quân", status="confirmed", honorific="ong", position="Phó phòng",
        organisation_name="Sở Mẫu",
    )  # fmt: skip


@pytest.fixture
def topic(conference: Conference, person: Attendee) -> Session:
    topic = make_session(conference, "chuyen-de-1", 8, 9, title="Quảng bá hình ảnh địa phương")
    take_part(topic, person)
    Participation.objects.create(session=topic, full_name="Lê Thị Chủ", title="Cục trưởng", role="chair")
    return topic


def take_part(session: Session, person: Attendee, role: str = "speaker") -> Participation:
    return Participation.objects.create(
        session=session, attendee=person, full_name=person.full_name, role=role
    )


@pytest.fixture
def pia(client: Client, topic: Session, person: Attendee) -> Client:
    return opened(client, person)


def url(name: str, person: Attendee, *more: str) -> str:
    return reverse(f"thematic:{name}", args=(person.conference.slug, person.code, *more))


def photo(form: str = "PNG", size: tuple[int, int] = (400, 500), name: str = "anh.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, scan(form, size), "image/png")


def introduction(pia: Client, person: Attendee, **more: Any) -> dict[str, Any]:
    form = form_of(pia.get(url("speaking_introduce", person)))
    return {name: value for name, value in form.items() if name != "photo"} | more


# What is shown


def test_the_page_tells_sessions_hours_role_and_who_else(
    pia: Client, person: Attendee, topic: Session
) -> None:
    page = text_of(pia.get(url("speaking", person)))
    assert (
        "Quảng bá hình ảnh địa phương Chưa trả lời 08:00–09:00, thứ Năm, 06/6/2024 Báo cáo viên "
        "Chủ trì: Lê Thị Chủ, Cục trưởng Nhận lời Từ chối" in page
    )
    personal = text_of(pia.get(reverse("attendees:attendee_page", args=("da-lat-2024", person.code))))
    assert "Phần tham gia chương trình 1 phần chờ Ông/Bà trả lời" in personal


def test_who_only_listens_has_no_such_page(client: Client, person: Attendee) -> None:
    pia = opened(client, person)
    personal = text_of(pia.get(reverse("attendees:attendee_page", args=("da-lat-2024", person.code))))
    assert "Phần tham gia" not in personal
    assert pia.get(url("speaking", person)).status_code == 404


def test_who_opens_a_session_is_not_asked(client: Client, person: Attendee, conference: Conference) -> None:
    take_part(make_session(conference, "khai-mac", 8, 9), person, role="opening")
    pia = opened(client, person)
    page = text_of(pia.get(url("speaking", person)))
    assert "Khai mạc" in page
    assert "Nhận lời" not in page
    assert pia.post(url("speaking_confirm", person, "khai-mac")).status_code == 404


# Answers


def test_a_speaker_confirms_by_one_press(pia: Client, person: Attendee) -> None:
    response = pia.post(url("speaking_confirm", person, "chuyen-de-1"), follow=True)
    page = text_of(response)
    assert "Đã ghi nhận Ông/Bà nhận lời." in page
    assert "Quảng bá hình ảnh địa phương Nhận lời 08:00" in page
    assert Participation.objects.get(attendee=person).answer == "confirmed"


def test_a_speaker_declines_with_a_reason_and_the_desk_is_told(
    pia: Client, person: Attendee, olga: User
) -> None:
    address = url("speaking_decline", person, "chuyen-de-1")
    assert "Ghi lý do để Ban Tổ chức mời người khác." in text_of(pia.post(address, {"reason": " "}))
    response = pia.post(address, {"reason": "Đi công tác"}, follow=True)
    assert "Từ chối 08:00" in text_of(response)
    assert "Lý do: Đi công tác" in text_of(response)
    desk = Client()
    desk.force_login(olga)
    page = desk.get("/admin/")
    assert "1 phần tham gia bị từ chối Trần Minh Quân. Mời người khác. Xem lý do" in text_of(page)


def test_both_parts_in_one_session_are_answered_together(
    pia: Client, person: Attendee, topic: Session
) -> None:
    take_part(topic, person, role="moderator")
    pia.post(url("speaking_confirm", person, "chuyen-de-1"))
    mine = Participation.objects.filter(attendee=person)
    assert set(mine.values_list("answer", flat=True)) == {"confirmed"}
    assert Participation.objects.get(full_name="Lê Thị Chủ").answer == "pending"


def test_a_session_that_is_over_cannot_be_answered(pia: Client, person: Attendee) -> None:
    Conference.objects.update(demo_now="2024-06-06T09:00:00+07:00")
    assert "Nhận lời" not in text_of(pia.get(url("speaking", person)))
    response = pia.post(url("speaking_confirm", person, "chuyen-de-1"), follow=True)
    assert "Phiên này đã kết thúc, không cần trả lời nữa." in text_of(response)


# Introduction


def test_an_introduction_with_a_photo_waits_is_approved_and_then_public(
    pia: Client, person: Attendee, olga: User
) -> None:
    sent = introduction(pia, person, biography="Hai mươi năm làm báo.\n\nTác giả ba sách.", photo=photo())
    assert sent["title"] == "Phó phòng"
    response = pia.post(url("speaking_introduce", person), sent, follow=True)
    assert "Đã gửi. Ban Tổ chức duyệt rồi mới công bố." in text_of(response)
    assert "Phần giới thiệu Chờ duyệt Phó phòng Sở Mẫu Hai mươi năm làm báo. Tác giả ba sách." in text_of(
        response
    )
    profile = SpeakerProfile.objects.get()
    public = reverse("thematic:speaker", args=("da-lat-2024", profile.code))
    anybody = Client()
    assert [anybody.get(public + more).status_code for more in ("", "photo/")] == [404, 404]
    own = pia.get(url("speaking_photo", person))
    assert (own.status_code, own["Content-Type"]) == (200, "image/jpeg")
    speaking.approve(profile, by=olga)
    release.release(person.conference, by=olga)
    response = anybody.get(public)
    page = text_of(response)
    assert "Trần Minh Quân Phó phòng Sở Mẫu Hai mươi năm làm báo. Tác giả ba sách." in page
    assert "Trong chương trình Quảng bá hình ảnh địa phương 08:00–09:00" in page
    assert person.code not in response.content.decode()
    assert f'<a href="{public}">Trần Minh Quân</a>' in anybody.get("/da-lat-2024/").content.decode()
    shown = anybody.get(f"{public}photo/")
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    with Image.open(io.BytesIO(shown.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (400, 500))
    Attendee.objects.update(status="declined")
    assert anybody.get(public).status_code == 404


def test_a_large_photo_is_made_smaller(pia: Client, person: Attendee) -> None:
    sent = introduction(pia, person, photo=photo("JPEG", (3000, 4000), "anh.jpg"))
    pia.post(url("speaking_introduce", person), sent)
    with Image.open(io.BytesIO(pia.get(url("speaking_photo", person)).content)) as picture:
        assert picture.size == (720, 960)


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (SVG, "anh.svg", "Tệp “anh.svg” không phải ảnh JPEG, PNG, WebP."),
        (SVG, "anh.jpg", "Tệp “anh.jpg” không phải ảnh JPEG, PNG, WebP."),
        (b"%PDF-1.7 but none", "anh.pdf", "Tệp “anh.pdf” không phải ảnh JPEG, PNG, WebP."),
        (letter().read(), "anh.pdf", "Tệp “anh.pdf” không phải ảnh JPEG, PNG, WebP."),
        (scan("PNG", (5001, 5000), "1"), "anh.png", "Ảnh “anh.png” có hơn 25 triệu điểm ảnh."),
        (scan("PNG", (30_000, 10), "1"), "anh.png", "Ảnh “anh.png” quá nhỏ"),
        (scan("JPEG", (400, 400))[:300], "anh.jpg", "Không mở được tệp “anh.jpg”"),
        (b"", "anh.jpg", "Tệp này rỗng. Chọn tệp khác."),
    ],
)
def test_what_is_no_photo_is_told_and_what_was_typed_stays(
    pia: Client, person: Attendee, media: Path, data: bytes, name: str, sentence: str
) -> None:
    sent = introduction(pia, person, biography="Hai mươi năm làm báo.", photo=SimpleUploadedFile(name, data))
    response = pia.post(url("speaking_introduce", person), sent)
    assert sentence in text_of(response)
    assert "Hai mươi năm làm báo." in response.content.decode()
    assert not SpeakerProfile.objects.exists()
    assert not (media / "speakers").exists()


def test_markup_in_an_introduction_is_text(pia: Client, person: Attendee) -> None:
    sent = introduction(pia, person, biography="<script>alert(1)</script>\n\n<b>đậm</b>")
    body = pia.post(url("speaking_introduce", person), sent, follow=True).content.decode()
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>" in body
    assert "<b>đậm" not in body


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "Viết vài dòng giới thiệu, hoặc chọn một ảnh."),
        ({"biography": "x" * 3001}, "Dài tối đa 3000 ký tự, hiện có 3001."),
        ({"title": "x" * 201}, "Dài tối đa 200 ký tự, hiện có 201."),
        ({"biography": "a\0b"}, "Có ký tự không đọc được."),
    ],
)
def test_what_cannot_be_sent_is_said(
    pia: Client, person: Attendee, more: dict[str, str], sentence: str
) -> None:
    response = pia.post(url("speaking_introduce", person), introduction(pia, person) | more)
    assert sentence in text_of(response)
    assert not SpeakerProfile.objects.exists()


# Needs


def test_needs_and_busy_times_are_kept_and_shown_again(pia: Client, person: Attendee) -> None:
    address = url("speaking_needs", person)
    sent = {
        "needs": "Micro cài áo", "busy-0-day": "2024-06-06", "busy-0-starts": "14h00", "busy-0-ends": "16:30",
        "busy-1-day": "", "busy-1-starts": "", "busy-1-ends": "",
    }  # fmt: skip
    page = text_of(pia.post(address, sent, follow=True))
    assert "Micro cài áo. Bận 06/6/2024, 14:00–16:30" in page
    body = pia.get(address).content.decode()
    assert '<option value="2024-06-06" selected>' in body
    assert 'value="14:00"' in body


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("2024-06-06", "16:00", "14:00"), "Giờ kết thúc phải sau giờ bắt đầu."),
        (("2024-06-06", "16:00", ""), "Nhập giờ:phút, ví dụ 07:30."),
        (("", "14:00", "16:00"), "Chọn ngày."),
        (("2030-01-01", "14:00", "16:00"), "Chọn một ngày trong danh sách."),
        (("2024-06-06", "mười giờ", "16:00"), "Chưa đọc được giờ này."),
    ],
)
def test_a_time_that_is_none_is_told_at_its_line(
    pia: Client, person: Attendee, row: tuple[str, str, str], sentence: str
) -> None:
    sent = dict(zip(("busy-0-day", "busy-0-starts", "busy-0-ends"), row, strict=True))
    response = pia.post(url("speaking_needs", person), {"needs": "Micro", **sent})
    assert sentence in text_of(response)
    assert ">\nMicro</textarea>" in response.content.decode()
    assert not SpeakerProfile.objects.exists()


# Who comes in


def test_officers_and_organisers_look_and_do_not_act(
    client: Client, person: Attendee, topic: Session, dan: User, olga: User, victor: User, mai: User
) -> None:
    seen = {}
    for user in (dan, olga, victor, mai):
        client.force_login(user)
        seen[user.full_name] = [
            client.get(url("speaking", person)).status_code,
            client.post(url("speaking_confirm", person, "chuyen-de-1")).status_code,
            client.post(url("speaking_decline", person, "chuyen-de-1"), {"reason": "Bận"}).status_code,
            client.post(url("speaking_introduce", person), {"biography": "Tôi"}).status_code,
            client.post(url("speaking_needs", person), {"needs": "Micro"}).status_code,
        ]
    assert seen == {
        "Dan": [200, *[403] * 4], "Olga": [200, *[403] * 4], "Victor": [403] * 5, "Mai": [404] * 5,
    }  # fmt: skip
    assert not JournalEntry.objects.exists()


def test_the_link_of_another_speaker_opens_nothing_here(
    client: Client, person: Attendee, topic: Session, make_attendee: MakeAttendee
) -> None:
    other = make_attendee(person.delegation, "Lê Thị Khác")
    take_part(topic, other)
    stranger = opened(client, other)
    assert stranger.get(url("speaking", person)).status_code == 404
    assert stranger.post(url("speaking_confirm", person, "chuyen-de-1")).status_code == 404
    assert Participation.objects.get(attendee=person).answer == "pending"


def test_who_was_replaced_has_no_part_any_more(pia: Client, person: Attendee, dan: User) -> None:
    answers.replace(person, by=dan, full_name="Lê Thị Thay")
    assert pia.get(url("speaking", person)).status_code == 403


def test_the_page_costs_the_same_with_one_and_with_three(
    pia: Client, person: Attendee, conference: Conference, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for size in (1, 3):
        for number in range(size):
            session = make_session(conference, f"phien-{size}-{number}", 9 + number, 10 + number)
            take_part(session, person)
            Participation.objects.create(session=session, full_name="Lê Thị Chủ", role="chair")
        with django_assert_max_num_queries(40) as caught:
            pia.get(url("speaking", person))
        counts.append(len(caught))
    assert len(set(counts)) == 1
