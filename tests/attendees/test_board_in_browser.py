"""The board in a real browser: no finding, nothing sideways, new without a reload, and without script too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from attendees.models import Attendee, Category, Delegation
from conference.models import Conference, User
from tests import browsers
from tests.attendees.test_pooling import late
from tests.conference.test_desk_in_browser import NO_POLICY_BROKEN
from tests.conference.test_pages_in_browser import browser_page, look, session_of
from tests.conftest import MakeAttendee, make_delegation

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
BOARD = "/admin/board/"
# The marks with which the page asks whether anything has changed, noted as it asks; `cut`: nobody hears it.
NOTED = """
  const real = window.fetch;
  window.marks = [];
  window.fetch = (address, how) => {
    if (how?.headers?.["X-Fragment"]) marks.push(how.headers["If-None-Match"] ?? "");
    return window.cut ? Promise.reject() : real(address, how);
  };
"""


@pytest.fixture(autouse=True)
def demo(settings: object) -> None:
    settings.DEMO = True


@pytest.fixture
def people(
    delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> list[Attendee]:
    """Several units with every state of a cell."""
    conference = delegation.conference
    waiting = make_delegation(conference, "ba-ria-vung-tau")
    refusing = make_delegation(conference, "bac-kan")
    Delegation.objects.filter(pk=refusing.pk).update(status="declined", decline_reason="Bão lũ")
    Delegation.objects.filter(pk=waiting.pk).update(review="returned")
    central = Delegation.objects.create(
        conference=conference, code="bo", name="Các bộ, ban, ngành Trung ương"
    )
    Category.objects.filter(slug="department").update(pool=3)
    late(conference)
    press = conference.categories.get(slug="press")
    return [
        make_attendee(delegation, "Nguyễn Văn An", status="confirmed"),
        make_attendee(delegation, "Trần Thị Bình", category=press, status="confirmed"),
        make_attendee(other_delegation, "Lê Văn Cường"),
        make_attendee(central, "Hồ Thị Diễm", status="confirmed"),
    ]


def marks(page: Page) -> list[str]:
    found: list[str] = page.evaluate("marks")
    return found


def soon(page: Page) -> None:
    """The next refresh comes now: the clock of the page runs on until it has asked once more, or oftener."""
    before = len(marks(page))

    def asks() -> bool:
        page.clock.run_for(10_500)
        return len(marks(page)) > before

    browsers.until(page, asks, "the page asks again")


def opened(page: Page, address: str) -> None:
    page.add_init_script(NOTED)
    page.clock.install()
    page.goto(address)
    page.wait_for_selector("[data-board-note]:not([hidden])")


def test_every_page_of_the_board_has_no_finding_and_runs_nowhere_over(
    live_server: LiveServer, olga: User, people: list[Attendee]
) -> None:
    paths = (
        BOARD,
        f"{BOARD}?map=now&figure=nominated",
        f"{BOARD}?state=declined&category=department",
        f"{BOARD}lam-dong/",
        f"{BOARD}lam-dong/department/release/",
        f"{BOARD}hand-out/",
        f"{BOARD}collect/",
        "/admin/",
    )
    with browser_page(live_server, session_of(olga)) as page:
        page.add_init_script(NO_POLICY_BROKEN)
        assert look(page, live_server, paths) == []


def test_the_head_and_the_names_stay_in_view_and_the_table_is_reached_by_keyboard(
    live_server: LiveServer, olga: User, conference: Conference, people: list[Attendee]
) -> None:
    for slug in conference.units().exclude(delegations__conference=conference).values_list("slug", flat=True):
        make_delegation(conference, slug)
    for number in range(12):  # more components than a window is wide
        extra = Category.objects.create(
            conference=conference,
            slug=f"them-{number}",
            name="Báo, Đài của tỉnh, thành phố",
            position=number + 9,
        )
        people[0].delegation.quotas.create(category=extra, seats=1234)
    with browser_page(live_server, session_of(olga), viewport={"width": 1440, "height": 900}) as page:
        page.goto(live_server.url + BOARD)
        page.focus(".board-scroll")
        page.evaluate(
            "Object.assign(document.querySelector('.board-scroll'), {scrollTop: 900, scrollLeft: 300})"
        )
        region = page.locator(".board-scroll").bounding_box()
        head = page.locator(".board thead th").first.bounding_box()
        name = page.locator(".board tbody tr:nth-child(3) > th").first.bounding_box()
        assert region is not None
        assert head is not None
        assert name is not None
        assert abs(head["y"] - region["y"]) < 2
        assert abs(head["x"] - region["x"]) < 2
        assert abs(name["x"] - region["x"]) < 2
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_change_appears_without_a_reload_and_is_said_once(
    live_server: LiveServer, olga: User, delegation: Delegation, people: list[Attendee],
    make_attendee: MakeAttendee,
) -> None:  # fmt: skip
    with browser_page(live_server, session_of(olga)) as page:
        opened(page, live_server.url + BOARD)
        row = page.locator(f'[data-part="doan-{delegation.pk}"]')
        other = page.locator('[data-part^="doan-"]', has_text="Quảng Nam").element_handle()
        row.locator("td a").nth(0).focus()
        before = row.locator("td").first.inner_text()
        soon(page)
        soon(page)
        assert page.inner_text("[data-board-voice]") == ""
        assert len(set(marks(page))) == 1  # nothing has changed, however often it asks
        make_attendee(delegation, "Phạm Văn Em", status="confirmed")
        soon(page)
        browsers.until(page, lambda: row.locator("td").first.inner_text() != before, "the change appears")
        assert row.locator("td").first.inner_text().split() == ["2/3", "chưa", "đủ"]
        assert page.inner_text("[data-board-voice]").startswith("4 trên ")
        assert page.evaluate("document.activeElement.closest('[data-part]').dataset.part") == (
            f"doan-{delegation.pk}"
        )
        assert other is not None
        assert other.evaluate("row => row.isConnected")  # what did not change was left alone
        soon(page)
        soon(page)
        asked = marks(page)
        assert len(set(asked)) == 2  # a new mark for the change, and only for it
        assert asked[0] != asked[-1]


def test_a_filter_that_takes_in_another_delegation_draws_the_board_anew(
    live_server: LiveServer, olga: User, delegation: Delegation, people: list[Attendee]
) -> None:
    with browser_page(live_server, session_of(olga)) as page:
        opened(page, f"{live_server.url}{BOARD}?state=declined")
        assert page.locator('[data-part^="doan-"]').count() == 1
        Delegation.objects.filter(pk=delegation.pk).update(status="declined")
        soon(page)
        page.wait_for_selector(f'[data-part="doan-{delegation.pk}"]')
        assert page.locator('[data-part^="doan-"]').count() == 2


def test_a_hidden_page_asks_nothing_and_asks_at_once_when_it_is_seen(
    live_server: LiveServer, olga: User, people: list[Attendee]
) -> None:
    hide = "Object.defineProperty(document, 'hidden', {configurable: true, value: %s});"
    event = "document.dispatchEvent(new Event('visibilitychange'))"
    with browser_page(live_server, session_of(olga)) as page:
        opened(page, live_server.url + BOARD)
        page.evaluate(hide % "true")
        before = len(marks(page))  # a slow machine may have taken longer than the page waits
        page.clock.run_for(60_000)
        page.wait_for_timeout(300)
        assert len(marks(page)) == before
        page.evaluate(hide % "false" + event)
        browsers.until(page, lambda: len(marks(page)) > before, "the page asks again")


def test_a_lost_connection_and_an_ended_session_are_said(
    live_server: LiveServer, olga: User, people: list[Attendee]
) -> None:
    with browser_page(live_server, session_of(olga)) as page:
        opened(page, live_server.url + BOARD)
        page.evaluate("window.cut = true")
        soon(page)
        page.wait_for_selector(".board-note.is-lost:has-text('mất kết nối')")
        page.evaluate("window.cut = false")
        soon(page)
        page.wait_for_selector(".board-note:not(.is-lost)")
        page.context.clear_cookies()
        soon(page)
        page.wait_for_selector(".board-note.is-lost:has-text('đăng nhập')")
        count = len(marks(page))
        page.clock.run_for(60_000)
        page.wait_for_timeout(200)
        assert len(marks(page)) == count


def test_a_phone_shows_of_each_delegation_what_wants_attention(
    live_server: LiveServer, olga: User, delegation: Delegation, people: list[Attendee]
) -> None:
    refusing = delegation.conference.delegations.get(unit__slug="bac-kan")

    def cells(page: Page, row: str) -> list[str]:
        found = page.locator(f".board {row} > td").filter(visible=True)
        return [" ".join(text.split()).replace(" /", "/") for text in found.all_inner_texts()]

    def of(one: Delegation) -> str:
        return f'[data-part="doan-{one.pk}"]'

    with browser_page(live_server, session_of(olga), viewport={"width": 360, "height": 740}) as page:
        page.goto(live_server.url + BOARD)
        assert cells(page, of(delegation)) == ["1/3 chưa đủ", "2/4"]  # the press is whole
        assert cells(page, of(refusing)) == ["0/4"]  # its state says the rest
        assert cells(page, "tbody:nth-of-type(1) .board__region") == ["0/4"]
        assert page.is_visible("text=Bấm tên đoàn để xem mọi thành phần.")
        page.goto(f"{live_server.url}{BOARD}?figure=declined")
        assert cells(page, of(delegation)) == ["0/4"]  # nothing was declined
        page.set_viewport_size({"width": 1440, "height": 900})
        assert len(cells(page, of(delegation))) == 3
        assert not page.is_visible("text=Bấm tên đoàn để xem mọi thành phần.")


def test_the_board_works_without_script(
    live_server: LiveServer, olga: User, delegation: Delegation, people: list[Attendee]
) -> None:
    with browser_page(live_server, session_of(olga), java_script_enabled=False) as page:
        page.goto(live_server.url + BOARD)
        assert not page.is_visible("[data-board-note]")
        page.select_option("select[name=state]", label="Không cử đoàn")
        page.click("text=Lọc >> nth=-1")
        page.wait_for_url("**/board/?**state=declined**")
        assert page.locator(".board tbody tr:not(.board__region)").count() == 1
        page.click("text=Như hiện nay")
        assert page.inner_text(".board tbody tr:not(.board__region) th a").startswith("Thái Nguyên")
        page.goto(f"{live_server.url}{BOARD}lam-dong/")
        page.click("text=Thu về dự phòng >> nth=0")
        page.fill("textarea[name=reason]", "Tỉnh xin rút")
        page.click("button:has-text('Thu về')")
        page.wait_for_selector("text=Đã thu 2 suất Sở TTTT của Tỉnh Lâm Đồng về dự phòng.")


def test_the_printed_board_is_across_and_whole(
    live_server: LiveServer, olga: User, people: list[Attendee]
) -> None:
    with browser_page(live_server, session_of(olga), viewport={"width": 1440, "height": 900}) as page:
        page.goto(live_server.url + BOARD)
        page.emulate_media(media="print")
        assert not page.is_visible(".board-filter")
        assert page.is_visible(".board-map")
        assert (
            page.evaluate("getComputedStyle(document.querySelector('.board-scroll')).overflowY") == "visible"
        )
        assert b"/MediaBox [0 0 841" in page.pdf(prefer_css_page_size=True)[:200_000]
