"""The door at the desk in a real browser: no finding, nothing sideways, new without a reload."""

from __future__ import annotations

import datetime
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from attendees.models import Attendee, Delegation
from checkin import taking
from conference.models import Conference, User
from sessions.models import Attendance, Hall, Session
from tests.checkin.conftest import Phone
from tests.checkin.test_taking import heard
from tests.conference.test_pages_in_browser import browser_page, look, session_of
from tests.conftest import VN, MakeAttendee

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
LIVE = "/admin/door/"
EIGHT = datetime.datetime(2024, 6, 6, 8, tzinfo=VN)


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def missing(
    conference: Conference, opening: Session, delegation: Delegation, phone: Phone, other_phone: Phone,
    make_attendee: MakeAttendee,
) -> Attendee:  # fmt: skip
    """A morning with arrivals, a clash, a doubt, an unknown badge; somebody has not come yet."""
    conference.demo_now = EIGHT + timedelta(minutes=30)
    conference.save()
    opening.hall = Hall.objects.create(conference=conference, name="Hội trường lớn", capacity=2)
    opening.save()
    Delegation.objects.filter(pk=delegation.pk).update(contact_name="Bà Hoa", contact_phone="+84912345678")
    for number, out in enumerate(("", "out", "welcome")):
        person = make_attendee(delegation, f"Người thứ {number}")
        at = EIGHT + timedelta(minutes=3 * number)
        taking.take(phone.device, [heard(number, person.badge_token, at, said="welcome")])
        if out:
            way = {"said": out, "direction": "out" if out == "out" else "in"}
            taking.take(other_phone.device, [heard(number, person.badge_token, at, **way)])
    taking.take(phone.device, [heard(9, "LA")])
    return make_attendee(delegation, "Nguyễn Văn Chưa Đến")


def test_the_pages_have_no_finding_and_run_nowhere_over(
    live_server: LiveServer, olga: User, missing: Attendee, phone: Phone
) -> None:
    device = f"/admin/devices/{phone.device.pk}/"
    with browser_page(live_server, session_of(olga)) as page:
        paths = (LIVE, "/admin/door-questions/", "/admin/devices/", device, "/admin/morning/")
        assert look(page, live_server, paths) == []


def test_the_day_renews_itself_and_leaves_what_was_unfolded(
    live_server: LiveServer, olga: User, missing: Attendee, opening: Session
) -> None:
    with browser_page(live_server, session_of(olga)) as page:
        page.clock.install()
        page.goto(live_server.url + LIVE)
        expect(page.locator(".live-sum__big")).to_have_text("3/4")
        page.locator(".live-short summary").click()
        page.evaluate("document.activeElement.blur()")
        Attendance.objects.create(session=opening, attendee=missing, at=EIGHT)
        page.clock.run_for(20_500)
        expect(page.locator(".live-sum__big")).to_have_text("4/4")
        expect(page.get_by_text("Mọi đoàn đã đủ người")).to_be_visible()


def test_an_unfolded_list_stays_open_and_a_number_is_shown_after_a_renewal(
    live_server: LiveServer, olga: User, missing: Attendee, opening: Session, make_attendee: MakeAttendee
) -> None:
    make_attendee(missing.delegation, "Trần Cũng Chưa Đến")
    with browser_page(live_server, session_of(olga)) as page:
        page.clock.install()
        page.goto(live_server.url + LIVE)
        page.locator(".live-short summary").click()
        page.evaluate("document.activeElement.blur()")
        Attendance.objects.create(session=opening, attendee=missing, at=EIGHT)
        page.clock.run_for(20_500)
        expect(page.locator(".live-sum__big")).to_have_text("4/5")
        expect(page.get_by_text("Trần Cũng Chưa Đến")).to_be_visible()
        expect(page.get_by_text("Nguyễn Văn Chưa Đến")).to_have_count(0)
        page.get_by_role("button", name="Hiện số").click()
        expect(page.get_by_role("link", name="0912 345 678")).to_be_visible()


def test_it_works_without_script(live_server: LiveServer, olga: User, missing: Attendee) -> None:
    with browser_page(live_server, session_of(olga), java_script_enabled=False) as page:
        page.goto(live_server.url + LIVE)
        expect(page.get_by_text("Tự làm mới")).to_be_hidden()
        page.get_by_role("button", name="Hiện số").click()
        expect(page.get_by_role("link", name="0912 345 678")).to_be_visible()
        page.goto(f"{live_server.url}/admin/door-questions/")
        page.get_by_label("Một người, quét ở hai cửa").check()
        page.get_by_role("button", name="Ghi quyết định").last.click()
        expect(page.get_by_text("Đã ghi quyết định về")).to_be_visible()
