"""What was typed and not taken stands in the form again: no sign-in, an old page, no network."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from attendees import links
from attendees.models import Attendee, Delegation, Link
from conference.models import Conference, User
from tests.attendees.test_in_browser import HERE
from tests.attendees.test_links_in_browser import come_in
from tests.conference.desk import url
from tests.conference.test_pages_in_browser import browser_page, session_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
FORM = f"{HERE}seats/press/nominate/"
ANSWER = f"{HERE}answer/"
PASSWORD = "mat-khau-du-dai-2024"
NOT_SENT = "Đã điền lại những gì vừa nhập. Chưa gửi."


def typed(page: Page, server: LiveServer) -> None:
    page.goto(server.url + FORM)
    page.get_by_label("Họ và tên").fill("Đỗ Thị Yên")
    page.get_by_label("Bà", exact=True).check()


def press(page: Page) -> None:
    page.get_by_role("button", name="Lưu", exact=True).click()


def signs_in(page: Page, dan: User) -> None:
    page.wait_for_url("**/accounts/login/**")
    page.get_by_label("Thư điện tử công vụ").fill(dan.email)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def stands_again(page: Page) -> None:
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    expect(page.get_by_label("Họ và tên")).to_have_value("Đỗ Thị Yên")
    expect(page.get_by_label("Bà", exact=True)).to_be_checked()


def has_password(user: User) -> None:
    user.set_password(PASSWORD)
    user.save()


@pytest.fixture(autouse=True)
def password(dan: User, delegation: Delegation) -> None:
    has_password(dan)


def test_after_the_sign_in_what_was_typed_stands_in_the_form(live_server: LiveServer, dan: User) -> None:
    with browser_page(live_server, session_of(dan)) as page:
        typed(page, live_server)
        page.context.clear_cookies(name="session")
        press(page)
        signs_in(page, dan)
        stands_again(page)
        press(page)
        page.get_by_text("Đã cử Bà Đỗ Thị Yên.").wait_for()
        assert page.evaluate("sessionStorage.length") == 0
    assert Attendee.objects.filter(full_name="Đỗ Thị Yên").count() == 1


def test_an_old_page_leads_back_to_the_form_as_it_was(live_server: LiveServer, dan: User) -> None:
    with browser_page(live_server, session_of(dan), answers=("403 (Forbidden)",)) as page:
        typed(page, live_server)
        page.context.clear_cookies(name="csrf")
        press(page)
        page.get_by_role("link", name="Mở lại trang vừa điền").click()
        stands_again(page)


def test_without_a_network_what_was_typed_waits_for_it(live_server: LiveServer, dan: User) -> None:
    with browser_page(live_server, session_of(dan), answers=("net::ERR",)) as page:
        typed(page, live_server)
        page.context.set_offline(True)
        press(page)
        page.wait_for_url("chrome-error://**")
        page.context.set_offline(False)
        page.goto(live_server.url + FORM)
        stands_again(page)


def test_what_was_refused_with_reasons_or_left_does_not_come_back(live_server: LiveServer, dan: User) -> None:
    with browser_page(live_server, session_of(dan)) as page:
        typed(page, live_server)
        page.get_by_label("Số điện thoại di động").fill("09")
        press(page)
        page.locator("[data-error-summary]").wait_for()
        assert not page.get_by_text(NOT_SENT).is_visible()
        page.goto(live_server.url + HERE)
        page.goto(live_server.url + FORM)
        expect(page.get_by_label("Họ và tên")).to_have_value("")
        assert not page.get_by_text(NOT_SENT).is_visible()


def test_who_opens_the_letter_again_finds_what_was_typed(
    live_server: LiveServer, delegation: Delegation, olga: User
) -> None:
    letter = f"/l/{links.token_of(links.make(delegation, Link.Purpose.ANSWER, by=olga))}/"
    with browser_page(live_server) as page:
        come_in(page, live_server, letter)
        seat = page.locator("#dong-s-press-1")
        seat.get_by_label("Cử người").check()
        seat.get_by_label("Họ và tên").fill("Đỗ Thị Yên")
        page.context.clear_cookies(name="session")
        page.get_by_role("button", name="Gửi danh sách").click()
        page.wait_for_url("**/accounts/login/**")
        come_in(page, live_server, letter)
        expect(page.get_by_text(NOT_SENT)).to_be_visible()
        expect(seat.get_by_label("Họ và tên")).to_have_value("Đỗ Thị Yên")


def test_the_whole_answer_comes_back_beyond_its_draft(live_server: LiveServer, dan: User) -> None:
    with browser_page(live_server, session_of(dan)) as page:
        page.goto(live_server.url + ANSWER)
        seat = page.locator("#dong-s-press-1")
        seat.get_by_label("Cử người").check()
        seat.get_by_label("Họ và tên").fill("Đỗ Thị Yên")
        page.context.clear_cookies(name="session")
        page.get_by_role("button", name="Gửi danh sách").click()
        signs_in(page, dan)
        expect(page.get_by_text(NOT_SENT)).to_be_visible()
        expect(seat.get_by_label("Họ và tên")).to_have_value("Đỗ Thị Yên")
        page.get_by_text("Đã lưu nháp lúc 16:00. Ban Tổ chức chưa nhận.").wait_for()


def test_a_form_of_the_desk_comes_back_with_the_rows_that_were_added(
    live_server: LiveServer, conference: Conference, olga: User, settings: LazySettings
) -> None:
    settings.DEMO = True  # no second factor in the way
    has_password(olga)
    with browser_page(live_server, session_of(olga)) as page:
        page.goto(live_server.url + url(Conference, "change", conference.pk))
        title, bases = page.locator("#id_short_title"), page.locator("#legal_bases-group")
        before = bases.locator(".inline-row:visible").count()
        title.fill("Tập huấn Đà Lạt")
        bases.get_by_role("button", name="Thêm").click()
        number = bases.locator(f"#id_legal_bases-{before}-number")
        number.fill("1191/QĐ-TTg")
        bases.locator(f"#id_legal_bases-{before}-issuer").fill("Thủ tướng Chính phủ")
        page.context.clear_cookies(name="session")
        press(page)
        signs_in(page, olga)
        expect(page.get_by_text(NOT_SENT)).to_be_visible()
        expect(title).to_have_value("Tập huấn Đà Lạt")
        expect(number).to_have_value("1191/QĐ-TTg")
        press(page)
        page.locator(".notice--ok").wait_for()
        assert page.evaluate("sessionStorage.length") == 0
    assert conference.legal_bases.get().number == "1191/QĐ-TTg"


def test_what_one_account_typed_does_not_come_back_to_another(
    live_server: LiveServer, conference: Conference, olga: User, ada: User, settings: LazySettings
) -> None:
    settings.DEMO = True  # no second factor in the way
    has_password(ada)
    with browser_page(live_server, session_of(olga)) as page:
        page.goto(live_server.url + url(Conference, "change", conference.pk))
        title = page.locator("#id_short_title")
        before = title.input_value()
        title.fill("Tập huấn Đà Lạt")
        page.context.clear_cookies(name="session")
        press(page)
        signs_in(page, ada)
        expect(title).to_have_value(before)
        assert not page.get_by_text(NOT_SENT).is_visible()
        assert page.evaluate("sessionStorage.length") == 0
