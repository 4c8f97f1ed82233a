"""Signed sheets, the comparison, and checking in oneself, in a real browser."""

import re

import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session as SignIn
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from attendees.models import Attendee, Delegation
from conference.models import User
from sessions import attending, freezing, reconciling, self_check_in, sheet_codes, signing_in
from sessions.models import Hall, Report, Session, Source
from tests.conference.test_pages_in_browser import browser_page, look, session_of
from tests.conference.test_views import LONG_TOPIC
from tests.conftest import MakeAttendee, publish
from tests.sessions.choosing import crowd

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
SHEETS = "/da-lat-2024/reception/sheets/"
PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def people(
    opening: Session, hall: Hall, delegation: Delegation, make_attendee: MakeAttendee, settings: LazySettings
) -> list[Attendee]:
    settings.DEMO = True  # no second factor in the way
    opening.title, opening.hall, opening.self_check_in = LONG_TOPIC, hall, True
    opening.save()
    publish(opening.conference)
    return crowd(make_attendee, delegation, 4)


def test_the_pages_have_no_finding_and_run_nowhere_over(
    live_server: LiveServer, people: list[Attendee], opening: Session, delegation: Delegation, olga: User
) -> None:
    attending.record_all(people[:2], opening, by=None, source=Source.SCAN)
    signing_in.enter(delegation, [people[2].code], opening, by=olga, counted=1)
    seen = freezing.seal(opening, reconciling.look(opening))
    freezing.freeze(opening, Source.values, "Đã khớp", seen=seen, by=olga)
    attending.record(people[3], opening, by=None)
    desk = (
        "/admin/presences/",
        "/admin/presences/khai-mac/",
        f"{SHEETS}?session=khai-mac",
        f"{SHEETS}lam-dong/",
    )
    with browser_page(live_server, session_of(olga)) as page:
        assert look(page, live_server, (*desk, "/da-lat-2024/now/hoi-truong-lon/")) == []


def test_a_keyboard_scanner_gets_an_answer_for_each_row_and_loses_nothing(
    live_server: LiveServer, people: list[Attendee], opening: Session, greta: User
) -> None:
    codes = [sheet_codes.of_row(opening, person) for person in people]
    gone = ("net::ERR_INTERNET_DISCONNECTED",)
    with browser_page(live_server, session_of(greta), answers=gone) as page:
        page.goto(live_server.url + SHEETS)
        answers = page.locator("[data-rows-answers] li")
        for code in (*codes[:2], "KY123"):
            page.keyboard.type(code)
            page.keyboard.press("Enter")
        expect(answers).to_have_count(3)
        expect(page.get_by_text("đã ghi chữ ký")).to_have_count(2)
        expect(answers.first).to_contain_text("KY123 Đây không phải mã của tờ ký.")
        expect(page.locator("textarea")).to_have_value("")
        page.context.set_offline(True)
        page.keyboard.type(f"{codes[2]}\n")
        expect(page.get_by_text("Chưa ghi được: mất kết nối")).to_be_visible()
        expect(page.locator("textarea")).to_have_value(f"{codes[2]}\n")
        page.context.set_offline(False)
        page.get_by_role("button", name="Ghi chữ ký").click()
        expect(page.get_by_text("đã ghi chữ ký")).to_have_count(3)
        page.context.clear_cookies(name="session")  # the working day of a sign-in is over
        page.keyboard.type(f"{codes[3]}\n")
        expect(page.get_by_text("phiên đăng nhập đã hết")).to_have_count(2)
        expect(page.locator("textarea")).to_have_value(f"{codes[3]}\n")
    assert Report.objects.filter(source="paper").count() == 3


def test_without_a_script_the_button_sends_all_rows(
    live_server: LiveServer, people: list[Attendee], opening: Session, greta: User
) -> None:
    with browser_page(live_server, session_of(greta), java_script_enabled=False, **PHONE) as page:
        page.goto(live_server.url + SHEETS)
        page.locator("textarea").fill("\n".join(sheet_codes.of_row(opening, one) for one in people))
        page.get_by_role("button", name="Ghi chữ ký").click()
        expect(page.get_by_text("đã ghi chữ ký")).to_have_count(4)


def test_a_sheet_is_ticked_and_closed(live_server: LiveServer, people: list[Attendee], greta: User) -> None:
    with browser_page(live_server, session_of(greta), **PHONE) as page:
        page.goto(f"{live_server.url}{SHEETS}lam-dong/")
        for number in (1, 3):
            page.get_by_text(f"Người thứ {number}").click()
        expect(page.get_by_text("Đã chọn 2 người")).to_be_visible()
        page.get_by_label(re.compile("Số chữ ký đếm trên giấy")).fill("2")
        page.get_by_role("button", name="Ghi và kết thúc tờ").click()
        expect(page.get_by_text("Tờ ký của Đoàn tỉnh Lâm Đồng đã nhập xong.")).to_be_visible()
    assert Report.objects.filter(source="paper").count() == 2


def test_the_screen_turns_by_itself_and_its_code_lets_somebody_check_in(
    live_server: LiveServer, people: list[Attendee], opening: Session, greta: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    step = [100]
    monkeypatch.setattr(self_check_in, "step_now", lambda: step[0])
    monkeypatch.setattr(self_check_in, "seconds_left", lambda: 7)
    with browser_page(live_server, session_of(greta), viewport={"width": 1920, "height": 1080}) as page:
        page.clock.install()
        page.goto(f"{live_server.url}/da-lat-2024/now/hoi-truong-lon/")
        drawn = page.locator(".screen__here path")
        before = drawn.get_attribute("d")
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        step[0] += 1
        page.clock.run_for(8_000)
        expect(drawn).not_to_have_attribute("d", str(before))
    address = f"/da-lat-2024/here/khai-mac/{self_check_in.token(opening, step[0])}/"
    with browser_page(live_server, **PHONE) as page:
        assert look(page, live_server, (address, f"{address[:-3]}00/")) == []
        page.goto(live_server.url + address)
        page.get_by_label("Mã thẻ").fill(people[0].code)
        page.get_by_role("button", name="Tôi có mặt").click()
        expect(page.get_by_text("Đã điểm danh")).to_be_visible()
    assert Report.objects.get().source == "self"


def test_a_screen_says_when_its_sign_in_is_over_and_shows_the_code_after_the_next(
    live_server: LiveServer, people: list[Attendee], greta: User
) -> None:
    cookie = session_of(greta)
    with browser_page(live_server, cookie) as page:
        page.clock.install()
        page.goto(f"{live_server.url}/da-lat-2024/now/hoi-truong-lon/")
        code, over = page.locator(".screen__here"), page.get_by_text("Đăng nhập trên máy này đã hết")
        page.clock.run_for(20_000)
        expect(code).to_be_visible()
        expect(over).to_be_hidden()
        SignIn.objects.filter(pk=cookie).delete()
        page.clock.run_for(20_000)
        expect(over).to_be_visible()
        expect(code).to_be_hidden()
        page.context.add_cookies([{"name": "session", "value": session_of(greta), "url": live_server.url}])
        page.clock.run_for(20_000)
        expect(code).to_be_visible()
        expect(over).to_be_hidden()
