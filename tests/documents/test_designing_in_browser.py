"""The page of a design in a real browser: drawn again as colours change; the same without a script."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from conference.models import User
from documents.models import Design
from tests.conference.test_pages_in_browser import browser_page, look, session_of
from tests.documents.designs import landscape, logo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("people"),
]
BADGES = "/admin/designs/badge/"
SHEET = ".design__sheet img"


@pytest.fixture(autouse=True)
def demo(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]  # the settings of the test


@pytest.fixture
def pictures(tmp_path: Path) -> dict[str, Path]:
    """Files as somebody would choose them, by the name of their field."""
    found = {"logo": tmp_path / "logo.png", "background": tmp_path / "nen.jpg"}
    found["logo"].write_bytes(logo())
    found["background"].write_bytes(landscape())
    return found


def shown(page: Page) -> str | None:
    return page.locator(SHEET).first.get_attribute("src")


def choose(page: Page, name: str, colour: str) -> None:
    """A colour, as the picker of the browser gives it."""
    page.locator(f"input[name={name}]").evaluate(
        "(field, to) => { field.value = to; field.dispatchEvent(new Event('input', {bubbles: true})); }",
        colour,
    )


def redrawn(page: Page, before: str | None) -> str | None:
    page.wait_for_function(
        f"before => document.querySelector('{SHEET}') && document.querySelector('{SHEET}').src !== before",
        arg=before,
    )
    return shown(page)


def test_the_preview_follows_what_is_typed(
    live_server: LiveServer, olga: User, pictures: dict[str, Path]
) -> None:
    with browser_page(live_server, session_of(olga), locale="vi-VN") as page:
        page.goto(live_server.url + BADGES)
        page.locator(SHEET).first.wait_for()
        first = shown(page)
        choose(page, "accent", "#14594a")
        second = redrawn(page, first)
        for name, path in pictures.items():
            page.set_input_files(f"input[name={name}]", path)
        redrawn(page, second)
        page.fill("input[name=note]", "{{7*7}}")
        page.get_by_role("alert").filter(has_text="Không có chỗ điền {{7*7}}").wait_for()
        page.fill("input[name=note]", "Thẻ vào cửa")
        page.locator(SHEET).first.wait_for()
        page.get_by_role("button", name="Lưu thành phiên bản mới").click()
        page.get_by_role("status").filter(has_text="Đã lưu thẻ đại biểu, phiên bản 1").wait_for()
    design = Design.objects.get()
    assert (design.accent, design.texts["note"]) == ("#14594a", "Thẻ vào cửa")
    assert design.logo
    assert design.background


def test_without_a_script_a_button_shows_it(
    live_server: LiveServer, olga: User, pictures: dict[str, Path]
) -> None:
    with browser_page(live_server, session_of(olga), locale="vi-VN", java_script_enabled=False) as page:
        page.goto(live_server.url + BADGES)
        assert page.locator(SHEET).count() == 0
        page.get_by_label("Đầu thẻ có màu").check()
        page.set_input_files("input[name=logo]", pictures["logo"])
        page.get_by_role("button", name="Xem thử").click()
        expect(page.locator(SHEET)).to_have_count(3)
        page.get_by_role("button", name="Lưu thành phiên bản mới").click()
        expect(page.get_by_text("Đã lưu thẻ đại biểu, phiên bản 1")).to_have_count(1)
    design = Design.objects.get()
    assert (design.layout, bool(design.logo)) == ("banner", True)


def test_the_pages_please_axe_and_every_width(live_server: LiveServer, olga: User) -> None:
    with browser_page(live_server, session_of(olga), locale="vi-VN") as page:
        paths = ("/admin/designs/", BADGES, "/admin/designs/certificate/", f"{BADGES}missing/")
        assert look(page, live_server, paths) == []
        page.goto(live_server.url + BADGES)
        page.locator(SHEET).first.wait_for()  # what was asked for on the way is through
