"""Now and next in a real browser: it follows the hour, and keeps its content while the server is away."""

import datetime

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from conference.models import Conference
from sessions.models import Hall
from tests.conference.test_pages_in_browser import browser_page, look
from tests.conference.test_views import LONG_TOPIC
from tests.conftest import VN, publish
from tests.sessions.plans import session

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
NOW, SCREEN = "/da-lat-2024/now/", "/da-lat-2024/now/hoi-truong-lon/"


@pytest.fixture
def running(conference: Conference, hall: Hall) -> Conference:
    session(conference, "khai-mac", 8, 9, title="Phát biểu khai mạc Hội nghị", hall=hall, kind="speech")
    session(conference, "cd1", 9, 10, title=LONG_TOPIC, number=1, hall=hall)
    publish(conference)
    return at(conference, 8, 30)


def at(conference: Conference, hour: int, minute: int) -> Conference:
    conference.demo_now = datetime.datetime(2024, 6, 6, hour, minute, tzinfo=VN)
    conference.save()
    return conference


def test_the_pages_have_no_finding_and_run_nowhere_over(live_server: LiveServer, running: Conference) -> None:
    with browser_page(live_server) as page:
        assert look(page, live_server, (NOW, SCREEN)) == []


def test_a_screen_follows_and_keeps_its_content_without_a_server(
    live_server: LiveServer, running: Conference
) -> None:
    size, gone = {"width": 1920, "height": 1080}, ("net::ERR_INTERNET_DISCONNECTED",)
    with browser_page(live_server, answers=gone, viewport=size) as page:
        page.clock.install()
        page.goto(live_server.url + SCREEN)
        expect(page.locator(".screen__now")).to_contain_text("Phát biểu khai mạc Hội nghị")
        at(running, 9, 5)
        page.clock.run_for(20_000)
        expect(page.locator(".screen__now")).to_contain_text(LONG_TOPIC)
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        page.context.set_offline(True)
        page.clock.run_for(20_000)
        expect(page.get_by_text("Mất kết nối.")).to_be_visible()
        expect(page.locator(".screen__now")).to_contain_text(LONG_TOPIC)
        page.context.set_offline(False)
        page.clock.run_for(20_000)
        expect(page.get_by_text("Mất kết nối.")).to_be_hidden()
