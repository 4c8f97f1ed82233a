"""The plan in a real browser: by mouse, by keyboard alone, without script; at 360 and 1440 px."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from conference.models import Conference, User
from sessions.models import Hall, Session
from tests.conference.test_pages_in_browser import browser_page, look, session_of
from tests.conference.test_views import LONG_TOPIC
from tests.sessions.test_planning import add, hours_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PLAN = "/admin/programme/"


@pytest.fixture(autouse=True)
def demo(settings: object) -> None:
    settings.DEMO = True


@pytest.fixture
def session(conference: Conference, hall: Hall, room: Hall, olga: User) -> Session:
    add(conference, olga, "8:00-8:30", hall, title="Khai mạc")
    return add(conference, olga, "9:00-10:00", hall, title=LONG_TOPIC, number=1, kind="topic")


def block(page: Page, session: Session) -> object:
    return page.locator(f".plan-block[data-code={session.code}]")


def by_mouse(page: Page, session: Session, hall: Hall, minutes: int, edge: bool = False) -> None:
    """Drags a session so many minutes down, into that hall; or only its lower edge."""
    box = block(page, session).bounding_box()
    column = page.locator(f".plan-grid__body[data-hall='{hall.pk}']").bounding_box()
    assert box
    assert column
    minute = box["height"] / 60
    x, y = box["x"] + 40, box["y"] + (box["height"] - 3 if edge else 12)
    page.mouse.move(x, y)
    page.mouse.down()
    for part in (1, 2, 3):
        page.mouse.move(x + (column["x"] + 40 - x) * part / 3, y + minutes * minute * part / 3)
    page.mouse.up()


def test_the_plan_has_no_finding_and_runs_nowhere_over(
    live_server: LiveServer, olga: User, session: Session
) -> None:
    with browser_page(live_server, session_of(olga)) as page:
        assert look(page, live_server, (PLAN, f"{PLAN}?day=2024-06-07")) == []


def test_a_session_is_dragged_to_another_hall_and_made_longer(
    live_server: LiveServer, olga: User, session: Session, room: Hall
) -> None:
    with browser_page(live_server, session_of(olga)) as page:
        page.goto(live_server.url + PLAN)
        block(page, session).scroll_into_view_if_needed()
        by_mouse(page, session, room, 30)
        expect(page.locator(f"#p-{session.code}")).to_have_attribute("data-starts", "09:30")
        assert hours_of(session) == "09:30-10:30"
        assert session.hall == room
        by_mouse(page, session, room, 15, edge=True)
        expect(page.locator(f"#p-{session.code}")).to_have_attribute("data-ends", "10:45")
    assert hours_of(session) == "09:30-10:45"


def test_a_session_is_carried_further_than_the_grid_shows(
    live_server: LiveServer, olga: User, session: Session
) -> None:
    with browser_page(live_server, session_of(olga)) as page:
        page.goto(live_server.url + PLAN)
        block(page, session).scroll_into_view_if_needed()
        box, shown = block(page, session).bounding_box(), page.locator(".plan-grid").bounding_box()
        page.mouse.move(box["x"] + 40, box["y"] + 12)
        page.mouse.down()
        page.mouse.move(box["x"] + 40, min(shown["y"] + shown["height"], page.viewport_size["height"]) - 10)
        expect(page.locator("[data-plan-voice]")).to_contain_text("18:00")  # where the grid of the day ends
        page.mouse.up()
        expect(page.locator("[data-plan-voice]")).to_contain_text("Đã xếp")
    assert hours_of(session) > "16:00"


def test_a_session_is_moved_by_keyboard_alone(
    live_server: LiveServer, olga: User, session: Session, room: Hall
) -> None:
    with browser_page(live_server, session_of(olga)) as page:
        page.goto(live_server.url + PLAN)
        block(page, session).focus()
        for key in ("Enter", "ArrowDown", "ArrowDown", "Shift+ArrowDown", "ArrowRight", "Enter"):
            page.keyboard.press(key)
        expect(page.locator("[data-plan-voice]")).to_have_text("Đã xếp 09:10–10:15")
        assert page.evaluate("document.activeElement.dataset.code") == session.code
        assert (hours_of(session), session.hall) == ("09:10-10:15", room)
        for key in ("Enter", "ArrowUp", "Escape"):
            page.keyboard.press(key)
        expect(page.locator("[data-plan-voice]")).to_have_text("Để chỗ cũ")
    assert hours_of(session) == "09:10-10:15"


def test_a_move_is_undone_by_a_button_or_a_key(
    live_server: LiveServer, olga: User, session: Session, hall: Hall, room: Hall
) -> None:
    with browser_page(live_server, session_of(olga)) as page:
        page.goto(live_server.url + PLAN)
        block(page, session).focus()
        for key in ("Enter", "ArrowDown", "ArrowRight", "Enter"):
            page.keyboard.press(key)
        page.locator(".plan-asks").get_by_text("Đã xếp 09:05–10:05").wait_for()
        assert session_at(session) == ("09:05-10:05", room)
        page.locator(".plan-asks").get_by_role("button", name="Hoàn tác").click()
        page.locator(".plan-asks").get_by_text("Đã xếp 09:00–10:00").wait_for()
        assert session_at(session) == ("09:00-10:00", hall)
        page.keyboard.press("Control+z")
        page.locator(".plan-asks").get_by_text("Đã xếp 09:05–10:05").wait_for()
    assert session_at(session) == ("09:05-10:05", room)


def session_at(session: Session) -> tuple[str, Hall | None]:
    return hours_of(session), session.hall


def test_an_overlap_is_asked_about_where_the_eye_is(
    live_server: LiveServer, olga: User, session: Session, hall: Hall
) -> None:
    with browser_page(live_server, session_of(olga)) as page:
        page.goto(live_server.url + PLAN)
        block(page, session).focus()
        for key in ("Enter", *["ArrowUp"] * 9, "Enter"):
            page.keyboard.press(key)
        expect(page.get_by_role("alert")).to_contain_text("Hội trường lớn đã có phiên lúc đó: “Khai mạc”")
        assert hours_of(session) == "09:00-10:00"
        page.get_by_role("alert").get_by_role("button", name="Vẫn xếp chồng").click()
        expect(page.locator(".plan-warnings")).to_contain_text("có hai phiên cùng lúc")
    assert hours_of(session) == "08:15-09:15"


def test_empty_time_swept_over_becomes_a_new_session(
    live_server: LiveServer, olga: User, session: Session, conference: Conference, room: Hall
) -> None:
    with browser_page(live_server, session_of(olga)) as page:
        page.goto(live_server.url + PLAN)
        block(page, session).scroll_into_view_if_needed()
        box = block(page, session).bounding_box()
        column = page.locator(f".plan-grid__body[data-hall='{room.pk}']").bounding_box()
        page.mouse.move(column["x"] + 60, box["y"] + 2)
        page.mouse.down()
        page.mouse.move(column["x"] + 60, box["y"] + box["height"] * 0.55)
        page.mouse.up()
        page.keyboard.type("Thảo luận nhóm")
        page.keyboard.press("Enter")
        page.get_by_text("Đã thêm phiên.").wait_for()
    made = conference.sessions.get(title="Thảo luận nhóm")
    assert (hours_of(made), made.hall) == ("09:00-09:35", room)


def test_the_table_does_it_without_script(
    live_server: LiveServer, olga: User, session: Session, room: Hall
) -> None:
    with browser_page(live_server, session_of(olga), java_script_enabled=False) as page:
        page.goto(live_server.url + PLAN)
        row = page.locator(f"#p-{session.code}")
        row.get_by_label("Bắt đầu").fill("14:00")
        row.get_by_label("Kết thúc").fill("15:10")
        row.get_by_label("Hội trường").select_option(str(room.pk))
        row.get_by_role("button", name="Xếp").click()
        page.get_by_text("Đã xếp lại").wait_for()
    assert hours_of(session) == "14:00-15:10"
