"""A delegation at the reception over HTTP."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from attendees import answers
from attendees.models import Attendee, Delegation
from conference.models import User
from sessions.models import Arrival, Attendance, Session
from tests.conference.blanking import without_tokens
from tests.conftest import MakeAttendee
from tests.sessions.choosing import crowd
from tests.sessions.test_views import DESK, text_of

pytestmark = pytest.mark.django_db

PAGE = f"{DESK}delegations/lam-dong/"


@pytest.fixture
def people(opening: Session, delegation: Delegation, make_attendee: MakeAttendee) -> list[Attendee]:
    made = crowd(make_attendee, delegation, 3)
    Attendee.objects.filter(pk=made[0].pk).update(phone="+84905123318", email="ha@lamdong.example")
    Delegation.objects.update(head=made[0])
    return made


@pytest.fixture
def as_greta(client: Client, greta: User) -> Client:
    client.force_login(greta)
    return client


def data(*people: Attendee, **more: object) -> dict[str, object]:
    codes = [person.code for person in people]
    return {"session": "khai-mac", "people": codes, "shown": 0, "key": uuid.uuid4(), **more}


def test_the_page_lists_everybody_without_private_data(as_greta: Client, people: list[Attendee]) -> None:
    response = as_greta.get(PAGE)
    page = text_of(response)
    assert "Đoàn tỉnh Lâm Đồng" in page
    assert "0/3 đã vào Chọn cả đoàn (3 người) Người thứ 1" in page
    for private in ("0905", "318", "ha@lamdong", "+84"):
        assert private not in without_tokens(response.content.decode())


def test_a_badge_and_a_name_lead_to_the_delegation(as_greta: Client, people: list[Attendee]) -> None:
    link = f'href="{PAGE}?session=khai-mac'
    by_name = as_greta.get(DESK, {"q": "lam dong"}).content.decode()
    assert f"{link}&quot;" not in by_name
    assert f'{link}"' in by_name
    said = as_greta.get(DESK, {"q": people[0].code}).content.decode()
    assert f'{link}&amp;by={people[0].code}"' in said


def test_who_led_here_is_ticked_and_one_press_ticks_everybody(
    as_greta: Client, people: list[Attendee]
) -> None:
    ticked = lambda **query: as_greta.get(PAGE, query).context["form"].ticked  # noqa: E731 - asked thrice
    assert ticked() == set()
    assert ticked(by=people[1].code) == {people[1].code}
    assert ticked(all="1") == {person.code for person in people}


@pytest.mark.parametrize("page", [PAGE, f"{DESK}sheets/lam-dong/"])
def test_for_a_session_that_is_gone_nothing_is_written_into_another(
    as_greta: Client, people: list[Attendee], opening: Session, page: str
) -> None:
    assert as_greta.get(page, {"session": "da-xoa"}).context["session"] == opening
    assert as_greta.post(page, data(*people, session="da-xoa")).status_code == 404
    assert not Attendance.objects.exists()


def test_partial_arrivals_and_the_sentence(as_greta: Client, people: list[Attendee]) -> None:
    response = as_greta.post(PAGE, data(*people[:2]), follow=True)
    said = "Đã ghi nhận 2 người của Đoàn tỉnh Lâm Đồng lúc 07:42, 2 bộ tài liệu. Chưa đến: 1."
    assert said in text_of(response)
    assert said in text_of(as_greta.get(response.redirect_chain[0][0]))  # it stays
    assert "2/3 đã vào" in text_of(response)
    assert "Đoàn đã nhận 2 bộ." in text_of(response)
    rest = as_greta.post(PAGE, data(people[2], shown=2, taken_by=people[0].code), follow=True)
    assert "Đã ghi nhận 1 người của Đoàn tỉnh Lâm Đồng lúc 07:42, 1 bộ tài liệu. Cả đoàn đã vào." in text_of(
        rest
    )
    assert "Người nhận: Người thứ 1." in text_of(rest)
    assert Attendance.objects.count() == 3


def test_a_double_press_says_the_same_once_more(as_greta: Client, people: list[Attendee]) -> None:
    sent = data(*people)
    first, second = (text_of(as_greta.post(PAGE, sent, follow=True)) for _ in range(2))
    assert first == second
    assert Arrival.objects.count() == 1


def test_who_was_just_replaced_is_told_and_stands_there_anew(
    as_greta: Client, people: list[Attendee]
) -> None:
    answers.replace(people[0], by=None, full_name="Trần Quốc Hưng")
    page = text_of(as_greta.post(PAGE, data(*people), follow=True))
    assert "Chưa ghi nhận Người thứ 1: đã thay bằng Trần Quốc Hưng. Thu thẻ cũ." in page
    assert "Đã ghi nhận 2 người" in page
    assert "Dự thay Người thứ 1. Thu thẻ cũ." in page


def test_people_who_are_gone_or_in_already_are_told(
    as_greta: Client, people: list[Attendee], olga: User
) -> None:
    people[0].delete()
    as_greta.post(PAGE, data(*people[1:]))
    page = text_of(as_greta.post(PAGE, data(*people[1:]), follow=True))
    assert "Mọi người đã chọn đều đã được ghi nhận từ trước." in page
    page = text_of(as_greta.post(PAGE, data(people[0]), follow=True))
    assert f"Người có mã {people[0].code} không còn trong danh sách của đoàn." in page


def test_kits_of_two_desks_are_told(as_greta: Client, people: list[Attendee]) -> None:
    as_greta.post(PAGE, data(people[0], kits="3"))
    page = text_of(as_greta.post(PAGE, data(people[1], kits="2"), follow=True))
    assert "Chưa ghi số bộ tài liệu: bàn khác vừa giao cho đoàn này." in page
    assert "Đã ghi nhận 1 người của Đoàn tỉnh Lâm Đồng lúc 07:42. Chưa đến: 1." in page


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"people": []}, "Chưa chọn ai. Chọn người đã đến, hoặc ghi số bộ tài liệu."),
        ({"kits": "năm"}, "Nhập một số, ví dụ 5."),
        ({"kits": "-1"}, "0"),
        ({"kits": "9" * 30}, "500"),
        ({"note": "x" * 301}, "Dài tối đa 300 ký tự"),
        ({"people": ["<script>"]}, "không"),
        ({"key": "x"}, "Biểu mẫu này không còn dùng được."),
        ({"shown": ""}, "Biểu mẫu này không còn dùng được."),
        ({"taken_by": "ZZZZZZZZ"}, "Người này vừa rời danh sách đoàn."),
    ],
)
def test_a_mistyped_form_keeps_the_ticks(
    as_greta: Client, people: list[Attendee], more: dict[str, object], sentence: str
) -> None:
    response = as_greta.post(PAGE, data(*people[:2], **more))
    assert response.status_code == 200
    assert sentence in text_of(response)
    if "people" not in more:
        assert response.context["form"].ticked == {person.code for person in people[:2]}
    assert (Attendance.objects.count(), Arrival.objects.count()) == (0, 0)


@pytest.mark.parametrize("outsider", ["dan", "victor", "sam", "mai"])
def test_the_page_is_absent_for_others(
    client: Client, request: pytest.FixtureRequest, people: list[Attendee], outsider: str
) -> None:
    client.force_login(request.getfixturevalue(outsider))
    assert client.get(PAGE).status_code == client.post(PAGE, data(*people)).status_code == 404
    assert Attendance.objects.count() == 0


def test_no_session_no_page(as_greta: Client, delegation: Delegation) -> None:
    assert as_greta.get(PAGE).status_code == 404


def test_the_list_costs_the_same_with_one_person_and_with_eight(
    as_greta: Client, people: list[Attendee], delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_greta.get(PAGE).status_code == 200
        return len(queries)

    as_greta.post(PAGE, data(people[0]))
    before = cost()
    for number in range(7):
        old = make_attendee(delegation, f"Nguyễn Văn {number}")
        new = answers.replace(old, by=None, full_name=f"Nguyễn Văn {number}a")
        as_greta.post(PAGE, data(new, shown=number + 1))
    assert cost() == before
