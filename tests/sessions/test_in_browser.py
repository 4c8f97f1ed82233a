"""The reception desk in a real browser."""

import datetime

import pytest
from pytest_django.live_server_helper import LiveServer

from attendees import answers
from attendees.models import Attendee, Delegation
from conference.models import Conference, User
from sessions.models import Attendance, Session
from tests.conference.test_pages_in_browser import browser_page, look, session_of
from tests.conftest import MakeAttendee

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

DESK = "/da-lat-2024/reception/"


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    Session.objects.create(
        conference=delegation.conference,
        code="khai-mac",
        title="Khai mạc",
        day=datetime.date(2024, 6, 6),
        starts=datetime.time(8),
        ends=datetime.time(9),
    )
    return make_attendee(delegation, "Phạm Thị Thanh Hà", honorific="ba", position="Phó Trưởng ban")


def test_the_desk_has_no_finding_and_runs_nowhere_over(
    live_server: LiveServer,
    delegation: Delegation,
    greta: User,
    person: Attendee,
    make_attendee: MakeAttendee,
) -> None:
    replaced, gone = make_attendee(delegation, "Nguyễn Tấn Lực"), make_attendee(delegation, "Lê Văn Cường")
    answers.replace(replaced, by=None, full_name="Trần Quốc Hưng")
    answers.decline_person(gone, "Ốm", by=None)
    session = Session.objects.get()
    here = make_attendee(delegation, "Bùi Thị Tuyết")
    Attendance.objects.create(session=session, attendee=here)
    found = (f"{DESK}?q=lam+dong", f"{DESK}?q=0000-0000", f"{DESK}?q=khong+ai")
    seen = tuple(f"{DESK}?seen={each.code}" for each in (person, here, replaced, gone))
    with browser_page(live_server, session_of(greta)) as page:
        assert look(page, live_server, (DESK, *found, *seen)) == []


@pytest.mark.parametrize("script", [False, True])
def test_a_person_is_found_and_let_in(
    live_server: LiveServer, greta: User, person: Attendee, script: bool
) -> None:
    phone = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": script}
    with browser_page(live_server, session_of(greta), **phone) as page:
        page.goto(live_server.url + DESK)
        page.get_by_label("Tên hoặc mã thẻ").fill("thanh ha")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Ghi nhận có mặt Bà Phạm Thị Thanh Hà").click()
        page.get_by_text("Mời vào").wait_for()
        page.get_by_role("link", name="Người tiếp theo").click()
        page.get_by_label("Tên hoặc mã thẻ").fill(person.code)
        page.keyboard.press("Enter")
        page.locator(".door--again").wait_for()
    assert Attendance.objects.get().attendee == person


def test_a_delegation_is_ticked_and_received_without_script(
    live_server: LiveServer, greta: User, person: Attendee, make_attendee: MakeAttendee
) -> None:
    make_attendee(person.delegation, "Lê Văn Cường")
    phone = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}
    with browser_page(live_server, session_of(greta), **phone) as page:
        page.goto(f"{live_server.url}{DESK}?q={person.code}")
        page.get_by_role("link", name="Cả đoàn").first.click()
        page.get_by_role("link", name="Chọn cả đoàn").click()
        box = page.get_by_role("checkbox", name="Lê Văn Cường").bounding_box()
        assert min(box["width"], box["height"]) >= 44
        page.get_by_role("checkbox", name="Lê Văn Cường").uncheck()
        page.get_by_role("button", name="Ghi nhận người đã chọn").click()
        page.get_by_text("1 bộ tài liệu").first.wait_for()
    assert Attendance.objects.get().attendee == person


def test_the_pages_of_a_delegation_and_of_a_walk_in_have_no_finding(
    live_server: LiveServer, greta: User, person: Attendee
) -> None:
    Attendance.objects.create(session=Session.objects.get(), attendee=person)
    paths = (f"{DESK}delegations/lam-dong/", f"{DESK}register/")
    Conference.objects.update(door_may_register=True)
    with browser_page(live_server, session_of(greta)) as page:
        assert look(page, live_server, paths) == []
