"""The programme released from the desk."""

import re
from typing import Any

import pytest
from django.test import Client

from conference.models import Conference, User
from sessions.models import Hall, Release, Session
from tests.conference.desk import rows, same_count, signed_in, strict, text, url  # noqa: F401  (a fixture)
from tests.conftest import make_conference, publish
from tests.sessions.plans import move, session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
PAGE = "/admin/thematic/release/add/"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


@pytest.fixture
def opening(conference: Conference) -> Session:
    return session(conference, "khai-mac", 8, 9, title="Khai mạc")


def seen(response: Any) -> str:
    found = re.search(r'name="seen" value="(\w{64})"', response.content.decode())
    assert found
    return found[1]


def test_the_page_shows_what_the_first_version_holds_and_releases_it(desk: Client, opening: Session) -> None:
    page = desk.get(PAGE)
    assert "Chưa có phiên bản nào" in text(page)
    assert "1 thay đổi: 1 thêm mới." in text(page)
    answer = desk.post(PAGE, {"seen": seen(page), "note": "Bản đầu"}, follow=True)
    assert "Đã phát hành phiên bản 1." in text(answer)
    assert Release.objects.get().note == "Bản đầu"


def test_the_next_version_is_shown_against_the_one_before(desk: Client, opening: Session) -> None:
    publish(opening.conference)
    assert "Không có thay đổi nào để phát hành" in text(desk.get(PAGE))
    move(opening, starts="10:00", ends="11:00")
    page = desk.get(PAGE)
    assert "08:00–09:00, thứ Năm, 06/6/2024 Nay: 10:00–11:00, thứ Năm, 06/6/2024" in text(page)
    assert "Phát hành phiên bản 2" in text(page)
    made = desk.post(PAGE, {"seen": seen(page)}, follow=True)
    assert "1 thay đổi: 1 đổi giờ, địa điểm." in text(made)


def test_a_plan_changed_in_between_comes_back_with_the_new_changes(desk: Client, opening: Session) -> None:
    old = seen(desk.get(PAGE))
    move(opening, title="Lễ khai mạc")
    again = desk.post(PAGE, {"seen": old, "note": "Bản đầu"})
    assert "Chương trình vừa được sửa thêm." in text(again)
    assert "Lễ khai mạc" in text(again)
    assert "Bản đầu" in again.content.decode(), "what was typed stays"
    assert not Release.objects.exists()
    desk.post(PAGE, {"seen": seen(again)})
    assert Release.objects.count() == 1


def test_what_is_wrong_with_the_plan_is_said_before_the_press(desk: Client, opening: Session) -> None:
    hall = Hall.objects.create(conference=opening.conference, name="Hội trường lớn")
    move(opening, hall=hall)
    assert "Nên sửa" not in text(desk.get(PAGE))
    session(opening.conference, "trung", 8, 9, title="Cùng giờ", hall=hall)
    page = desk.get(PAGE)
    assert "Nên sửa Hội trường lớn có hai phiên cùng lúc" in text(page)
    desk.post(PAGE, {"seen": seen(page)})
    assert Release.objects.count() == 1, "organisers decide"


def test_a_second_press_leads_to_the_same_version(desk: Client, opening: Session) -> None:
    data = {"seen": seen(desk.get(PAGE))}
    places = [desk.post(PAGE, data).headers["Location"] for _ in range(2)]
    assert places[0] == places[1] == url(Release, "change", Release.objects.get().pk)


@pytest.mark.parametrize("data", [{}, {"seen": ""}, {"seen": "x" * 65}, {"seen": "x" * 64}])
def test_a_forged_form_releases_nothing(desk: Client, opening: Session, data: dict[str, str]) -> None:
    assert desk.post(PAGE, data).status_code == 200
    assert not Release.objects.exists()


def test_an_empty_plan_says_what_to_do(desk: Client) -> None:
    assert "Thêm phiên, rồi phát hành phiên bản 1." in text(desk.get(PAGE))


def test_who_only_looks_on_releases_nothing(victor: User, opening: Session) -> None:
    client = signed_in(victor)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"seen": "x"}).status_code == 403
    publish(opening.conference)
    assert rows(client.get(url(Release))) == ["Phiên bản 1"]


def test_the_list_holds_only_the_own_versions_and_grows_without_questions(
    desk: Client, opening: Session
) -> None:
    other = make_conference("khac")
    session(other, "khai-mac", 8, 9)
    publish(other)
    titles = iter(range(100))

    def grow() -> None:
        move(opening, title=f"Khai mạc {next(titles)}")
        publish(opening.conference)

    counts = same_count(desk, url(Release), grow, times=(1, 3))
    assert counts[0] == counts[1]
    assert rows(desk.get(url(Release))) == ["Phiên bản 3", "Phiên bản 2", "Phiên bản 1"]


def test_a_version_has_no_form(desk: Client, opening: Session) -> None:
    made = publish(opening.conference)
    page = desk.get(url(Release, "change", made.pk))
    assert "Phiên bản đầu tiên được công bố." in text(page)
    assert desk.post(url(Release, "change", made.pk), {"note": "x"}).status_code == 403
    assert desk.get(url(Release, "delete", made.pk)).status_code == 403
