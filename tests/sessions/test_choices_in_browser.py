"""Signing up in a real browser, on a phone and at a desk, with script and without."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from attendees import links
from attendees.models import Attendee, Delegation, Link
from conference.models import Conference, User
from sessions import signing_up
from sessions.models import Hall
from tests.attendees.test_in_browser import LONG_NAME, LONG_TITLE
from tests.conference.test_pages_in_browser import browser_page, look, session_of
from tests.conference.test_views import LONG_TOPIC
from tests.conftest import MakeAttendee, publish
from tests.sessions.choosing import bearer, stands
from tests.sessions.plans import session

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
TABLE = "/da-lat-2024/delegations/lam-dong/choices/"
PHONE = {"width": 360, "height": 740}


@pytest.fixture(autouse=True)
def demo(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]  # no second factor in the way


@pytest.fixture
def people(
    conference: Conference, hall: Hall, room: Hall, delegation: Delegation, make_attendee: MakeAttendee
) -> list[Attendee]:
    """Two time slots with long titles; in one session the last place is gone and one person waits."""
    for code, starts, title, where in (
        ("a", 9, LONG_TOPIC, hall), ("b", 9, "Quảng bá địa phương", room),
        ("c", 14, "Xử lý khủng hoảng", hall), ("d", 14, LONG_TOPIC, room),
    ):  # fmt: skip
        session(conference, code, starts, starts + 1, title=title, hall=where, sign_up=True, places=2)
    publish(conference)
    people = [make_attendee(delegation, LONG_NAME, position=LONG_TITLE, honorific="ba")]
    people += [make_attendee(delegation, f"Người thứ {n}", honorific="ong") for n in range(2, 6)]
    for person in people[1:4]:
        signing_up.sign_up(person, "b", by=bearer(person))
    return people


def choices(person: Attendee) -> str:
    return reverse("thematic:choices", args=(person.conference.slug, person.code))


def enter(page: Page, server: LiveServer, person: Attendee) -> None:
    """By the own link, to the page where sessions are chosen."""
    link = links.make(person, Link.Purpose.PERSON, by=None)
    page.goto(server.url + reverse("attendees:link", args=(links.token_of(link),)))
    page.get_by_role("button", name="Mở trang đại biểu").click()
    page.get_by_role("link", name="Đăng ký phiên").click()
    page.wait_for_url(f"**{choices(person)}")


@pytest.mark.parametrize("script", [True, False])
def test_a_person_takes_a_place_waits_for_another_and_gets_it_on_the_phone(
    live_server: LiveServer, people: list[Attendee], script: bool
) -> None:
    with browser_page(live_server, viewport=PHONE, java_script_enabled=script) as page:
        enter(page, live_server, people[0])
        page.locator("#a").get_by_role("button", name="Đăng ký phiên này").click()
        expect(page.get_by_text("Đã đăng ký. Ông/Bà có chỗ ở phiên này.")).to_be_visible()
        expect(page.locator("#b")).to_contain_text("Hết chỗ, đang chờ: 1")
        page.locator("#b").get_by_role("button", name="Vào danh sách chờ").click()
        expect(page.locator("#b")).to_contain_text("Đang chờ, thứ 2")
        expect(page.locator("#a")).to_contain_text("Đã có chỗ")
        for person in people[1:3]:
            signing_up.give_up(person, "b", by=bearer(person))
        page.reload()
        expect(page.locator("#b")).to_contain_text("Đã có chỗ")
        page.locator("#b").get_by_role("button", name="Thôi dự phiên này").click()
        expect(page.locator("#b")).to_contain_text("Còn 1 chỗ")
    assert stands(people[0]) == {}


@pytest.mark.parametrize("script", [True, False])
def test_an_officer_signs_people_up_in_one_save(
    live_server: LiveServer, people: list[Attendee], dan: User, script: bool
) -> None:
    with browser_page(live_server, session_of(dan), viewport=PHONE, java_script_enabled=script) as page:
        page.goto(live_server.url + TABLE)
        page.get_by_label(f"Bà {LONG_NAME}, 09:00").select_option("a")
        page.get_by_label("Ông Người thứ 5, 14:00").select_option("c")
        page.get_by_role("button", name="Lưu lựa chọn").click()
        expect(page.get_by_text("Đã lưu 2 lựa chọn.")).to_be_visible()
    assert (stands(people[0]), stands(people[4])) == ({"a": "taken"}, {"c": "taken"})


def test_the_pages_have_no_finding_and_run_nowhere_over(
    live_server: LiveServer, people: list[Attendee], dan: User, olga: User
) -> None:
    signing_up.sign_up(people[0], "a", by=dan)
    signing_up.sign_up(people[0], "b", by=dan, move=True)
    with browser_page(live_server) as page:
        enter(page, live_server, people[0])
        assert look(page, live_server, (choices(people[0]),)) == []
    with browser_page(live_server, session_of(dan)) as page:
        assert look(page, live_server, (TABLE,)) == []
    with browser_page(live_server, session_of(olga)) as page:
        assert look(page, live_server, ("/admin/sign-ups/", "/admin/sign-ups/b/")) == []
