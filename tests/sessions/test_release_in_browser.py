"""A programme released from the desk in a real browser, moved, released again; who is told of it."""

import datetime
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from attendees.models import Attendee, Delegation
from conference.models import Conference, User
from mailing.models import Message
from sessions.models import Session
from tests.conference.test_pages_in_browser import browser_page, session_of
from tests.conftest import MakeAttendee, publish
from tests.documents import reading
from tests.sessions.plans import move, session, speaks

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def topic(conference: Conference, delegation: Delegation, make_attendee: MakeAttendee) -> Session:
    """Given by somebody of Lâm Đồng, beside another topic: it concerns those who have a part in it."""
    speaker = make_attendee(delegation, "Hà Thị Báo", email="bao@hoinghi.example")
    session(conference, "khai-mac", 7, 8, kind="ceremony", title="Khai mạc")
    session(conference, "cd-2", 9, 10, number=2, title="Kỹ năng")
    made = session(conference, "cd-1", 9, 10, number=1, title="Thông tin đối ngoại")
    speaks(speaker, made)
    return made


def release(page: Page, server: LiveServer, note: str) -> str:
    """What the desk says after the press."""
    page.goto(f"{server.url}/admin/thematic/release/add/")
    page.fill("textarea[name=note]", note)
    page.get_by_role("button", name="Phát hành phiên bản").click()
    page.wait_for_load_state()
    return str(page.inner_text(".messages"))


@pytest.mark.parametrize("script", [False, True])
def test_an_organiser_releases_moves_a_topic_and_releases_again(
    live_server: LiveServer,
    olga: User,
    topic: Session,
    other_delegation: Delegation,
    make_attendee: MakeAttendee,
    script: bool,
    settings: object,
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]  # no second factor to pass first
    make_attendee(other_delegation, "Lê Văn Dự", status=Attendee.Status.CONFIRMED)
    with browser_page(live_server, session_of(olga), java_script_enabled=script) as page:
        assert "Đã phát hành phiên bản 1" in release(page, live_server, "")
        Message.objects.all().delete()
        move(topic, starts=datetime.time(9, 15))
        said = release(page, live_server, "Báo cáo viên đến muộn.")
        assert "Đã phát hành phiên bản 2. 2 thư cho những người liên quan chờ duyệt gửi." in said
        page.get_by_role("link", name="Thư cho những người liên quan").click()
        expect(page.locator("main")).to_contain_text("Chương trình, phiên bản 2")
        page.goto(f"{live_server.url}/da-lat-2024/")
        slot = page.inner_text("#phien-cd-1")
        assert "09:00–10:00" in slot
        assert "09:15" in slot
        page.get_by_role("link", name="Phiên bản 2, ngày 30/5/2024").click()
        expect(page.locator("main")).to_contain_text("Báo cáo viên đến muộn.")
    waiting = Message.objects.values_list("subject_name", "state")
    assert sorted(waiting) == [("Hà Thị Báo", "draft"), ("Tỉnh Lâm Đồng", "draft")]


def test_the_programme_prints_on_numbered_pages_without_buttons(
    live_server: LiveServer, conference: Conference, topic: Session
) -> None:
    for number in range(20):
        session(
            conference, f"p{number}", 10, 11, number=number + 3, title=f"Thông tin đối ngoại, phần {number}"
        )
    publish(conference)
    with browser_page(live_server) as page:
        page.goto(f"{live_server.url}/{conference.slug}/")
        pdf = page.pdf(prefer_css_page_size=True)
    pages = len(PdfReader(BytesIO(pdf)).pages)
    said = reading.text(pdf)
    assert pages > 1, said
    assert all(f"{number}/{pages}" in said for number in range(1, pages + 1))
    assert all(f"phần {number}" in said for number in range(20))
    assert "Phiên bản 1" in said
    assert "tiếp theo" not in said
