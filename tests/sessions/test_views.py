"""The reception desk over HTTP."""

import datetime
import html
import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendees import answers
from attendees.models import Attendee, Delegation
from conference.models import Conference, User
from sessions.models import Attendance, Session
from tests.conference.blanking import without_tokens
from tests.conftest import VN, MakeAttendee

pytestmark = pytest.mark.django_db

DESK = "/da-lat-2024/reception/"
RECORD = reverse("thematic:reception_record", args=("da-lat-2024",))


def text_of(response: HttpResponse) -> str:
    body = re.sub(r"(?s)<head>.*?</head>|<svg.*?</svg>|<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(body).split())


@pytest.fixture
def opening(conference: Conference) -> Session:
    conference.demo_now = datetime.datetime(2024, 6, 6, 7, 42, tzinfo=VN)
    conference.save()
    made = {}
    for code, starts in (("khai-mac", 8), ("chuyen-de-1", 10)):
        made[code] = Session.objects.create(
            conference=conference,
            code=code,
            title=f"Phiên {code}",
            day=datetime.date(2024, 6, 6),
            starts=datetime.time(starts),
            ends=datetime.time(starts + 1),
        )
    return made["khai-mac"]


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(
        delegation,
        "Phạm Thị Thanh Hà",
        honorific="ba",
        position="Phó Trưởng ban",
        phone="+84905123318",
        email="ha@lamdong.example",
        status=Attendee.Status.CONFIRMED,
    )


@pytest.fixture
def as_greta(client: Client, greta: User) -> Client:
    client.force_login(greta)
    return client


def test_the_desk_is_reached_by_its_name() -> None:
    assert reverse("thematic:reception", args=("da-lat-2024",)) == DESK


@pytest.mark.parametrize("outsider", ["dan", "victor", "sam", "mai"])
def test_the_desk_is_absent_for_others(
    client: Client, request: pytest.FixtureRequest, opening: Session, person: Attendee, outsider: str
) -> None:
    client.force_login(request.getfixturevalue(outsider))
    data = {"session": "khai-mac", "attendee": person.code}
    assert client.get(DESK).status_code == 404
    assert client.post(RECORD, data).status_code == 404
    assert Attendance.objects.count() == 0


def test_the_desk_of_another_conference_is_absent(as_greta: Client, foreign_delegation: Delegation) -> None:
    assert as_greta.get("/ha-long-2022/reception/").status_code == 404


def test_people_who_are_not_signed_in_are_sent_to_sign_in(client: Client, opening: Session) -> None:
    for response in (client.get(DESK), client.post(RECORD)):
        assert response["Location"].startswith(reverse("account_login"))


def test_organisers_keep_the_desk_too(client: Client, opening: Session, olga: User, settings: object) -> None:
    settings.DEMO = True
    client.force_login(olga)
    assert client.get(DESK).status_code == 200


def test_the_desk_offers_the_session_that_is_next(as_greta: Client, opening: Session) -> None:
    page = text_of(as_greta.get(DESK))
    assert "Phiên khai-mac 08:00–09:00, thứ Năm, 06/6/2024 0 đã vào" in page


def test_a_person_is_found_without_marks_and_without_private_data(
    as_greta: Client, opening: Session, person: Attendee
) -> None:
    response = as_greta.get(DESK, {"q": "pham thi thanh ha"})
    page = text_of(response)
    assert "1 người Tỉnh Lâm Đồng Đại biểu Bà Phạm Thị Thanh Hà Phó Trưởng ban Ghi nhận có mặt" in page
    for private in ("0905", "318", "ha@lamdong", "+84"):
        assert private not in without_tokens(response.content.decode())


def test_nobody_found_is_told(as_greta: Client, opening: Session) -> None:
    assert "Không tìm thấy ai Thử bớt chữ" in text_of(as_greta.get(DESK, {"q": "không ai"}))


def test_welcome_once_then_the_time(as_greta: Client, opening: Session, person: Attendee) -> None:
    data = {"session": "khai-mac", "attendee": person.code}
    response = as_greta.post(RECORD, data, follow=True)
    assert response.redirect_chain == [(f"{DESK}?session=khai-mac&seen={person.code}", 302)]
    assert "Mời vào Bà Phạm Thị Thanh Hà Tỉnh Lâm Đồng Phó Trưởng ban Đại biểu" in text_of(response)
    assert "1 đã vào" in text_of(response)
    assert "Đã vào lúc 07:42 Bà Phạm Thị Thanh Hà" in text_of(as_greta.get(response.redirect_chain[0][0]))
    assert "Đã vào lúc 07:42" in text_of(as_greta.post(RECORD, data, follow=True))
    assert Attendance.objects.count() == 1
    assert "Ghi nhận có mặt" not in text_of(as_greta.get(DESK, {"q": "thanh ha"}))


def test_the_desk_says_where_the_person_sits(as_greta: Client, opening: Session, person: Attendee) -> None:
    Attendee.objects.filter(pk=person.pk).update(seat_note="Dãy B, ghế 12")
    assert "Chỗ ngồi: Dãy B, ghế 12" in text_of(as_greta.get(DESK, {"q": "thanh ha"}))
    data = {"session": "khai-mac", "attendee": person.code}
    response = as_greta.post(RECORD, data, follow=True)
    assert "Thanh Hà Tỉnh Lâm Đồng Chỗ ngồi: Dãy B, ghế 12 Phó Trưởng ban" in text_of(response)
    page = as_greta.get(f"{DESK}delegations/{person.delegation.code}/", {"session": "khai-mac"})
    assert "Chỗ ngồi: Dãy B, ghế 12" in text_of(page)


def test_presence_is_written_for_the_chosen_session(
    as_greta: Client, opening: Session, person: Attendee
) -> None:
    page = text_of(as_greta.get(DESK, {"q": "thanh ha", "session": "chuyen-de-1"}))
    assert "Phiên chuyen-de-1 10:00–11:00" in page
    as_greta.post(RECORD, {"session": "chuyen-de-1", "attendee": person.code})
    assert Attendance.objects.get().session.code == "chuyen-de-1"


def test_looking_writes_nothing(as_greta: Client, opening: Session, person: Attendee) -> None:
    as_greta.get(DESK, {"seen": person.code})
    as_greta.get(DESK, {"q": person.code})
    assert as_greta.get(RECORD).status_code == 405
    assert Attendance.objects.count() == 0


def test_a_code_that_nobody_has_is_not_known(as_greta: Client, opening: Session, person: Attendee) -> None:
    for typed in ("0000-0000", "1234 5678", "0" * 16):
        assert "Không nhận ra mã Mã này không thuộc hội nghị" in text_of(as_greta.get(DESK, {"q": typed}))


def test_the_badge_of_one_replaced_names_the_substitute(
    as_greta: Client, opening: Session, person: Attendee, olga: User
) -> None:
    substitute = answers.replace(person, by=olga, full_name="Trần Quốc Hưng", honorific="ong")
    for typed in (person.code, person.badge_token):
        page = text_of(as_greta.get(DESK, {"q": typed}))
        assert "Thẻ đã thay người Bà Phạm Thị Thanh Hà" in page
        assert "Người dự thay: Ông Trần Quốc Hưng" in page
    page = as_greta.post(RECORD, {"session": "khai-mac", "attendee": person.code}, follow=True)
    assert "Thẻ đã thay người" in text_of(page)
    page = as_greta.post(RECORD, {"session": "khai-mac", "attendee": substitute.code}, follow=True)
    assert "Mời vào Ông Trần Quốc Hưng" in text_of(page)
    assert "Đoàn chưa xác nhận người này." in text_of(page)


def test_every_old_badge_of_a_seat_that_changed_hands_names_who_holds_it_now(
    as_greta: Client, opening: Session, person: Attendee, olga: User
) -> None:
    people = [person]
    for name in ("Trần Quốc Hưng", "Võ Văn Em", "Đỗ Văn Giang"):
        people.append(answers.replace(Attendee.objects.get(pk=people[-1].pk), by=olga, full_name=name))
    for old in people[:-1]:
        for typed in (old.code, old.badge_token):
            page = text_of(as_greta.get(DESK, {"q": typed}))
            assert "Thẻ đã thay người" in page
            assert "Người dự thay: Đỗ Văn Giang" in page
    page = as_greta.post(RECORD, {"session": "khai-mac", "attendee": people[-1].code}, follow=True)
    assert "Mời vào Đỗ Văn Giang" in text_of(page)


def test_who_does_not_come_is_not_let_in(
    as_greta: Client, opening: Session, person: Attendee, olga: User
) -> None:
    answers.decline_person(person, "Ốm", by=olga)
    page = as_greta.post(RECORD, {"session": "khai-mac", "attendee": person.code}, follow=True)
    assert "Không tham dự Bà Phạm Thị Thanh Hà" in text_of(page)
    assert "Chưa cho vào. Gọi Ban Tổ chức." in text_of(page)
    assert "Ốm" not in text_of(page)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"session": "khong-co"}, "Không có phiên này. Chọn phiên khác."),
        ({"session": ""}, "Chọn phiên rồi ghi nhận lại."),
        ({"session": "khai-mac", "attendee": "AAAAAAAA"}, "Không nhận ra mã. Nhập mã in dưới hình QR"),
    ],
)
def test_a_broken_press_is_told(
    as_greta: Client, opening: Session, person: Attendee, data: dict[str, str], sentence: str
) -> None:
    page = as_greta.post(RECORD, {"attendee": person.code, **data}, follow=True)
    assert sentence in text_of(page)
    assert Attendance.objects.count() == 0


def test_odd_questions_are_answered(as_greta: Client, opening: Session, person: Attendee) -> None:
    for asked in ("<script>alert(1)</script>", "x" * 300, "%", "'; --", "\u200b"):
        response = as_greta.get(DESK, {"q": asked, "session": "<b>", "seen": asked})
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()
    assert as_greta.get(DESK, {"q": "a\0"}).status_code == 400


def test_a_conference_without_a_programme_says_so(as_greta: Client, conference: Conference) -> None:
    assert "Chưa có phiên nào để ghi nhận" in text_of(as_greta.get(DESK, {"q": "an", "seen": "x"}))


def test_a_search_costs_the_same_with_one_person_and_with_eight(
    as_greta: Client, opening: Session, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_greta.get(DESK, {"q": "nguyen van"}).status_code == 200
        return len(queries)

    make_attendee(delegation)
    before = cost()
    for number in range(7):
        old = make_attendee(delegation, f"Nguyễn Văn {number}")
        answers.replace(old, by=None, full_name=f"Nguyễn Văn {number}a")
    assert cost() == before


@pytest.mark.parametrize("code", ["MYBYYYZW", "7K3M9QFE"])
def test_a_typed_code_is_answered_aloud_also_when_it_has_no_digit(
    as_greta: Client, opening: Session, person: Attendee, code: str
) -> None:
    Attendee.objects.filter(pk=person.pk).update(code=code)
    person.refresh_from_db()
    Attendance.objects.create(session=opening, attendee=person)
    said = as_greta.get(DESK, {"q": code.lower(), "session": opening.code})
    assert said.context["answer"].attendee == person
    by_name = as_greta.get(DESK, {"q": "thanh ha", "session": opening.code})
    assert by_name.context["answer"] is None
